"""Sign charters, withdraw, follow what was undertaken; list who stands by which text."""

from abc import abstractmethod
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.charter import all_charters, counted
from application.command import Command, Work
from application.correction import Statement
from application.listing import Listed, Listing, listing
from application.offices import RECORDERS, TELLERS
from application.undertaking import NETWORKS, release_all, take_on
from application.wording import WORDS, of_date, tells
from domain.charter import (
    Capacity,
    CharterSignature,
    CharterSignatureId,
    Signatory,
    SignatureSuccession,
    Signer,
    Signing,
    Variant,
    succession,
)
from domain.charter_text import (
    Charter,
    CharterKind,
    FoundingNetwork,
)
from domain.dates import PartialDate
from domain.errors import NotFound, Refused
from domain.kernel import Event
from domain.membership import MemberId, NotAMember
from domain.pole import Pole, PoleEnded, PoleId
from domain.roles import Role
from domain.values import Frozen, Line, Personal, Prose
from domain.words import later

WORDS[Variant] = {
    Variant.EXISTING_POLE: "PTCE existant",
    Variant.IN_CREATION: "PTCE en création",
}
WORDS[Capacity] = {
    Capacity.PRESIDENT: "présidence",
    Capacity.DIRECTOR: "direction",
    Capacity.MANDATE: "mandat",
    Capacity.IN_PERSON: "en son nom propre",
}
WORDS[Signer] = {
    Signer.POLE: "pôle",
    Signer.NETWORK: "réseau fondateur",
    Signer.MEMBER: "membre du pôle",
}


class CharterTextNotPublished(NotFound):
    """The text that is to be signed, or followed, is not published."""

    code = "charter.not_published"
    fr = (
        "La version {version} de cette charte n'est pas publiée : chargez d'abord son texte "
        "(jalon charter publish)."
    )
    en = "Version {version} of this charter is not published: load its text first."


class NoUndertaking(Refused):
    """The text that was signed has no undertakings to follow."""

    code = "charter.no_undertaking"
    fr = "Ce texte ne contient pas d'engagements à suivre un à un."
    en = "This text has no undertakings to follow one by one."


SIGNED = (CharterSignature.Signed, CharterSignature.NetworkSigned, CharterSignature.MemberSigned)
"""By what a signature begins."""

# --- sign ---------------------------------------------------------------------------------------


class AlsoSigned(Frozen):
    """Another person who signed the same act."""

    capacity: Capacity
    name: Personal


class SigningCommand(Command):
    """The signature of a charter: its version, who signed and as what, and where."""

    charter: PartialDate = Field(description="Version de la charte : 2014-09-19, 2021-06…")
    capacity: Capacity = Field(description="Qualité du signataire.")
    place: Line = Field(description="Lieu de signature.")
    signatory: Personal = Field(description="Nom du signataire (scellé).")
    others: tuple[AlsoSigned, ...] = later(
        (),
        description="Les autres signataires du même acte, chacun avec sa qualité et son nom "
        '(scellé) : [{"capacity": "director", "name": "…"}].',
    )

    def sealed(self, work: Work, event: type[Event], charter: Charter | None) -> Signing:
        """What is said of the act, with its names sealed."""

        def seal(name: Personal) -> Any:
            return work.seal(name, event=event, field="signatory", subject=uuid4())

        told = work.redoes(event)
        act = (
            told.act if isinstance(told, SIGNED) and "others" not in self.model_fields_set else None
        )
        others = tuple(Signatory(capacity=o.capacity, name=seal(o.name)) for o in self.others)
        return Signing(
            charter=self.charter,
            capacity=self.capacity,
            place=self.place,
            signatory=seal(self.signatory),
            others=act.others if act else others,
            text=charter and charter.id,
            text_hash=charter and charter.sha256,
        )

    def published(self, work: Work, kind: CharterKind, pole: UUID | None) -> Charter | None:
        """The text of the version that is signed, where it is published."""
        known = all_charters(work).find(kind, pole, self.charter)
        return work.get(Charter, known) if known else None

    def needed(self, work: Work, kind: CharterKind, pole: UUID | None) -> Charter:
        """The same, of a version that must be published."""
        charter = self.published(work, kind, pole)
        if charter is None:
            raise CharterTextNotPublished(version=self.charter)
        return charter

    def follow(self, work: Work, given: list[CharterSignature]) -> SignatureSuccession:
        """What follows from signing now, with the other signatures of the same signer."""
        return succession(self.charter, work.day, self.valid_to, given)


def _succeed(work: Work, signature: CharterSignature, what: SignatureSuccession) -> None:
    """Let a signature take the place of older ones, or hold until that of a newer version."""
    for older in what.superseded:
        older.supersede(signature.id)
        work.save(older)
        release_all(work, older.undertakings, motive="Une version plus récente a été signée.")
    work.save(signature)
    if what.by:
        since = what.by.signed_on if what.by.signed_on.is_known else PartialDate.on(what.by.start)
        with work.dated(since):
            signature.supersede(what.by.id)
            release_all(
                work, signature.undertakings, motive="Une version plus récente a été signée."
            )


class SignCharter(
    SigningCommand,
    Statement,
    name="charter_signature.sign",
    says="Enregistrer la signature de la charte par un pôle.",
    by=TELLERS,
):
    """Record the signature of the charter by a pole. The signatories' names are sealed."""

    pole: PoleId = Field(description="Le pôle signataire.")
    variant: Variant = Field(description="PTCE existant, ou en création.")
    follow_up: bool = later(default=False, description="Suivre un à un les engagements du texte.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        what = self.follow(work, [work.get(CharterSignature, id_) for id_ in pole.signatures])
        read = self.needed if self.follow_up else self.published
        charter = read(work, CharterKind.NATIONAL, None)
        act = self.sealed(work, CharterSignature.Signed, charter)
        fields = {name: getattr(act, name) for name in Signing.model_fields}
        signature = CharterSignature.sign(pole=self.pole, variant=self.variant, **fields)
        pole.attach_signature(signature.id)
        if self.follow_up and charter:
            take_on(work, signature, charter)
        _succeed(work, signature, what)
        work.save(pole)
        return signature.id


class SignAsNetwork(
    SigningCommand,
    Statement,
    name="charter.sign_as_network",
    says="Enregistrer la signature de la charte nationale par un réseau fondateur.",
    by=(Role.NETWORK, Role.COORDINATOR, Role.REGISTRAR),
):
    """Record the signature of the national charter by one of the networks that launched it."""

    network: FoundingNetwork = Field(description="Le réseau fondateur.")
    follow_up: bool = later(default=False, description="Suivre un à un les engagements du texte.")

    @override
    def execute(self, work: Work) -> UUID:
        charters = all_charters(work)
        given = charters.networks.get(self.network, [])
        what = self.follow(work, [work.get(CharterSignature, id_) for id_ in given])
        read = self.needed if self.follow_up else self.published
        charter = read(work, CharterKind.NATIONAL, None)
        act = self.sealed(work, CharterSignature.NetworkSigned, charter)
        signature = CharterSignature.sign_as_network(self.network, act)
        charters.enter_network(self.network, signature.id)
        if self.follow_up and charter:
            take_on(work, signature, charter)
        _succeed(work, signature, what)
        work.save(charters)
        return signature.id


class SignAsMember(
    SigningCommand,
    Statement,
    name="charter.sign_as_member",
    says="Enregistrer la signature de la charte locale d'un pôle par un de ses membres.",
    by=(Role.MEMBER_ORGANISATION, *TELLERS),
):
    """Record the signature of a pole's own charter by one of its members.

    Each undertaking of the text becomes an undertaking of that member.
    """

    pole: PoleId = Field(description="Le pôle dont c'est la charte.")
    member: MemberId = Field(description="Le membre qui signe : il l'est ce jour-là.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        stay = pole.main.stay_on(work.day)
        if stay and stay.value == "ended":
            raise PoleEnded(day=stay.since)
        membership = dict(pole.members_on(work.day)).get(self.member)
        if membership is None:
            raise NotAMember
        charter = self.needed(work, CharterKind.LOCAL, self.pole)
        what = self.follow(work, self._given(work, pole))
        act = self.sealed(work, CharterSignature.MemberSigned, charter)
        signature = CharterSignature.sign_as_member(
            act, pole=self.pole, member=self.member, organisation=membership.name or None
        )
        take_on(work, signature, charter)
        pole.attach("charter_signature", signature.id, is_news=True)
        _succeed(work, signature, what)
        work.save(pole)
        return signature.id

    def _given(self, work: Work, pole: Pole) -> list[CharterSignature]:
        """What this member signed before."""
        local = [id_ for id_, concept in pole.attached.items() if concept == "charter_signature"]
        signatures = [work.get(CharterSignature, id_) for id_ in local]
        return [signature for signature in signatures if signature.member == self.member]


# --- afterwards ---------------------------------------------------------------------------------


class SignatureCommand(Command):
    """Something done about a signature, whoever gave it; of a pole, on its behalf."""

    signature: CharterSignatureId = Field(description="Identifiant de la signature.")

    @override
    def execute(self, work: Work) -> UUID:
        signature = work.get(CharterSignature, self.signature)
        pole = work.get(Pole, signature.pole) if signature.pole else None
        if pole:
            work.allow(pole, self.NAME)
        self.act(work, signature)
        work.save(signature)
        if pole:  # its reach says whether a mandate covers this
            pole.attach("charter_signature", signature.id, is_news=True)
            work.save(pole)
        return signature.id

    @abstractmethod
    def act(self, work: Work, signature: CharterSignature) -> None:
        """Do it with the signature."""


class WithdrawSignature(
    SignatureCommand,
    Statement,
    name="charter_signature.withdraw",
    says="Enregistrer le retrait d'une signature ; ses engagements cessent de lier.",
    by=TELLERS,
):
    """Record that a signer no longer stands by a charter, nor is bound by its undertakings."""

    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, signature: CharterSignature) -> None:
        signature.withdraw(motive=self.motive, occurred_on=work.occurred_on)
        release_all(work, signature.undertakings, motive=self.motive)


class FollowUpSignature(
    SignatureCommand,
    name="charter_signature.follow_up",
    says="Suivre un à un les engagements du texte signé.",
    by=RECORDERS,
):
    """Follow the undertakings of the text that was signed, one by one, from its day."""

    @override
    def act(self, work: Work, signature: CharterSignature) -> None:
        if signature.text is None:
            raise CharterTextNotPublished(version=signature.charter)
        charter = work.get(Charter, signature.text)
        if not charter.text.undertakings:
            raise NoUndertaking
        take_on(work, signature, charter)


# --- in words -----------------------------------------------------------------------------------


def signing_in_words(act: Signing) -> str:
    """Which version was signed, where, and as what by each signatory."""
    signatories = [act.capacity, *(other.capacity for other in act.others)]
    as_what = ", ".join(WORDS[Capacity][capacity] for capacity in signatories)
    unread = "" if act.text else " (texte non publié dans ce registre)"
    version = f"version {of_date(str(act.charter))}{unread}"
    return f"{version}, à {act.place}, en qualité de : {as_what}"


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case CharterSignature.Signed(variant=variant) as signed:
            said = f"comme {WORDS[Variant][variant]}, {signing_in_words(signed.act)}"
            return "Signature de la charte", said
        case CharterSignature.NetworkSigned(network=network, act=act):
            said = f"{NETWORKS[network]}, {signing_in_words(act)}"
            return "Signature de la charte par un réseau fondateur", said
        case CharterSignature.MemberSigned(organisation=who, act=act):
            said = f"{who or 'une personne'}, {signing_in_words(act)}"
            return "Signature de la charte locale par un membre", said
        case CharterSignature.Withdrawn(motive=motive):
            return "Retrait de la signature de la charte", motive
        case CharterSignature.FollowedUp(undertakings=undertakings):
            return "Engagements suivis un à un", f"{counted(undertakings)} du texte signé"
        case CharterSignature.Superseded():
            return "Signature remplacée", "une version plus récente a été signée"
    return None


# --- the list -----------------------------------------------------------------------------------


class SignatureListed(Listed):
    """A signature as lists show it; who signed is told by a capacity and an organisation."""

    signer: Signer = Field(title="Signataire")
    organisation: str | None = Field(None, title="Organisation")
    network: FoundingNetwork | None = None
    member: UUID | None = None
    charter_kind: CharterKind = Field(title="Charte")
    charter: PartialDate = Field(title="Version")
    variant: Variant | None = Field(None, title="Forme")
    capacities: tuple[Capacity, ...] = Field((), title="En qualité de")
    place: str = Field(title="À")
    text: UUID | None = None
    text_hash: str | None = None
    mandate: UUID | None = None


SIGNATURE_LIST = listing(
    Listing(
        name="charter_signature",
        line=SignatureListed,
        title="Signataires",
        says="Qui a signé quelle charte, et s'y tient. Signer n'est recevoir ni un agrément ni un "
        "label, et n'engage aucun partenaire, public ou privé, à soutenir le signataire.",
        path="/signataires",
        columns=(
            *("pole_name", "organisation", "signer", "charter_kind", "charter", "variant"),
            *("capacities", "place", "occurred_on", "until", "source"),
        ),
        filters=("signer", "charter_kind", "charter"),
        detail=("charter", "/signatures/"),
        beside={"/chartes": "Les textes des chartes"},
        empty="Aucune signature n'est enregistrée comme en vigueur.",
        begun_by="charter_signature.sign",
        ends_with_pole=True,
    )
)
