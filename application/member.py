"""Who joins a pole, leaves it and is changed in it, and the list of members."""

from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.identifiers import identifier_in_words
from application.legal_form import evidence_given, evidence_of
from application.listing import Listed, Listing, listing
from application.offices import TELLERS
from application.pole import PoleCommand
from application.wording import MEMBERS, tells
from domain.identifiers import Identifier, Siren
from domain.kernel import Event
from domain.legal_form import ByLaw, EssStatus, LegalFormCode
from domain.membership import MemberId, MemberKind
from domain.pole import Pole
from domain.values import Line, Personal
from domain.words import later


class AddMember(
    PoleCommand,
    Statement,
    name="pole.add_member",
    says="Enregistrer l'arrivée d'une organisation, ou d'une personne, dans un pôle.",
    by=TELLERS,
):
    """Record that an organisation, or a citizen, joined a pole."""

    member_kind: MemberKind = Field(description="Nature du membre.")
    name: Line | None = Field(None, description="Nom de l'organisation.")
    person: Personal | None = Field(None, description="Nom du citoyen (scellé).")
    siren: Siren | None = Field(None, description="SIREN de l'organisation.")
    identifier: Identifier | None = later(
        None,
        description="Identifiant : « SIREN … », « SIRET … », « RNA … », « RIDET … », "
        "« Tahiti … », « étranger numéro, registre, pays », ou « aucun : le motif ».",
    )
    legal_form: LegalFormCode | None = later(
        None, description="Catégorie juridique de l'Insee, quatre chiffres : 9220, 5499…"
    )
    ess_evidence: Line | None = later(
        None,
        description="Ce qui montre que c'est une entreprise de l'ESS : un document versé, "
        "ou quelques mots, avec leur source.",
    )

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        sealed = None
        if self.person:
            sealed = work.seal(
                self.person,
                event=Pole.MemberJoined,
                field="person",
                subject=uuid4(),
            )
        return pole.add_member(
            member_kind=self.member_kind,
            name=self.name,
            person=sealed,
            siren=self.siren,
            identifier=self.identifier,
            legal_form=work.legal_form(self.legal_form),
            ess_evidence=evidence_given(pole, self.ess_evidence),
        )


class EndMembership(
    PoleCommand,
    Statement,
    name="pole.end_membership",
    says="Enregistrer le départ d'un membre.",
    by=TELLERS,
):
    """Record that a member left a pole."""

    member: MemberId = Field(description="Identifiant du membre.")

    @override
    def act(self, work: Work, pole: Pole) -> None:
        pole.end_membership(self.member, occurred_on=work.occurred_on)


class ChangeMember(
    PoleCommand,
    Statement,
    name="pole.change_member",
    says="Dire autrement, à partir d'un jour, ce qu'est un membre ou comment on l'identifie.",
    by=TELLERS,
):
    """Say otherwise what a member is, or how a register names it, from a day on."""

    member: MemberId = Field(description="Identifiant du membre.")
    member_kind: MemberKind | None = Field(None, description="Sa nature, si elle change.")
    identifier: Identifier | None = Field(
        None, description="Son identifiant : « SIREN … », « RNA … », « aucun : le motif »…"
    )
    legal_form: LegalFormCode | None = Field(
        None, description="Sa catégorie juridique (Insee, quatre chiffres), si elle change."
    )
    ess_evidence: Line | None = Field(
        None,
        description="Ce qui montre que c'est une entreprise de l'ESS : un document versé, "
        "ou quelques mots, avec leur source.",
    )

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        pole.change_member(
            self.member,
            member_kind=self.member_kind,
            identifier=self.identifier,
            legal_form=work.legal_form(self.legal_form),
            ess_evidence=evidence_given(pole, self.ess_evidence),
        )
        return self.member


class ConfirmEss(
    PoleCommand,
    Statement,
    name="pole.confirm_ess",
    says="Enregistrer le justificatif qui montre qu'un membre est une entreprise de l'ESS.",
    by=TELLERS,
):
    """Record the evidence that a member is an enterprise of the social economy, from its day on."""

    member: MemberId = Field(description="Identifiant du membre.")
    ess_evidence: Line = Field(
        description="Le justificatif : un document versé, ou quelques mots, avec leur source."
    )

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        pole.confirm_ess(self.member, ess_evidence=evidence_of(pole, self.ess_evidence))
        return self.member


class MemberListed(Listed):
    """A member as lists show it; a person is never named."""

    name: str = Field(title="Membre")
    member_kind: MemberKind = Field(title="Nature")
    identifier: str | None = Field(None, title="Identifiant")
    legal_form: str | None = Field(None, title="Forme juridique")
    legal_form_code: str | None = Field(None, title="Catégorie juridique")
    by_law: ByLaw | None = None
    """What the law says of its form."""
    ess_evidence: str | None = Field(None, title="Justificatif")
    ess: EssStatus = Field(title="Économie sociale et solidaire")


MEMBERS_LIST = listing(
    Listing(
        name="member",
        line=MemberListed,
        title="Membres",
        says="Qui est membre de quel pôle, depuis quand, et sur quoi repose sa qualité "
        "d'entreprise de l'économie sociale et solidaire. Les personnes ne sont pas nommées.",
        path="/membres",
        columns=(
            *("pole_name", "name", "member_kind", "identifier", "legal_form"),
            *("ess", "ess_evidence", "occurred_on", "until", "source"),
        ),
        filters=("member_kind", "ess"),
        empty="Aucun membre n'est enregistré.",
        begun_by="pole.add_member",
        ends_with_pole=True,
    )
)


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Pole.MemberChanged(
            member_kind=kind, identifier=identifier, legal_form=form, ess_evidence=evidence
        ):
            said = (
                f"nature : {MEMBERS[kind]}" if kind else "",
                f"forme juridique : {form.label}" if form else "",
                f"identifiant : {identifier_in_words(identifier)}" if identifier else "",
                f"justificatif : {evidence.said}" if evidence else "",
            )
            return "Changement d'un membre", " ; ".join(part for part in said if part)
        case Pole.EssConfirmed(ess_evidence=evidence):
            return "Qualité d'entreprise de l'ESS confirmée", evidence.said
        case _:
            return None
