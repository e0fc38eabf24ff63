"""Signatures of charters: a pole or a network signs the national one, a member that of its pole.

Signing is no label and binds no partner to any support: these are facts beside a pole's journey,
and nothing the State decides depends on them. The texts that are signed are in `charter_text`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from domain.charter_text import CharterId, Digest, FoundingNetwork, UndatedVersion
from domain.dates import UNKNOWN, PartialDate, paris_day
from domain.errors import Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.personal import Basis, Marking
from domain.recording import EndsBeforeItBegins, must_have_happened, recording
from domain.retention import Retention
from domain.span import covers
from domain.values import Frozen, Line, Prose, Sealed
from domain.words import Text, later

CharterSignatureId = NewType("CharterSignatureId", UUID)

FIRST_CHARTER = date(2014, 9, 19)
"""The day on which the national charter was made public, by the networks that wrote it."""


class Variant(StrEnum):
    """The two undertakings of the form of 2014."""

    EXISTING_POLE = "existing_pole"
    IN_CREATION = "in_creation"


class Capacity(StrEnum):
    """As what the signatory binds whoever signs; only a person who is a member signs in person."""

    PRESIDENT = "president"
    DIRECTOR = "director"
    MANDATE = "mandate"
    IN_PERSON = "in_person"


class Signer(StrEnum):
    """Who signs."""

    POLE = "pole"
    NETWORK = "network"
    MEMBER = "member"


# --- refusals -----------------------------------------------------------------------------------


class SignatureWithdrawn(Refused):
    """A signature is withdrawn once."""

    code = "charter.withdrawn"
    fr = "Cette signature a déjà été retirée."
    en = "This signature has already been withdrawn."


class SignatureEnded(Refused):
    """What no longer holds is not withdrawn."""

    code = "charter.ended"
    fr = "Cette signature ne valait déjà plus le {end} : il n'y a rien à retirer."
    en = "This signature already held no longer on {end}: there is nothing to withdraw."


class AlreadySigned(Refused):
    """A version is signed once at a time."""

    code = "charter.already_signed"
    fr = "Cette version de la charte est déjà signée (depuis le {since})."
    en = "This version of the charter is already signed (since {since})."


class NewerSigned(Refused):
    """Whoever stands by a version does not sign an older one after it."""

    code = "charter.newer_signed"
    is_of_order = True
    fr = (
        "La version {newer} porte une signature du {newer_on}, la version {older}, plus ancienne, "
        "en porterait une du {older_on} : une version ne se signe pas après une plus récente."
    )
    en = (
        "Version {newer} was signed on {newer_on}; version {older}, which is older, would be "
        "signed on {older_on}: a version is not signed after a newer one."
    )


class WrongCapacity(Refused):
    """Organisations act through somebody, persons for themselves."""

    code = "charter.capacity"
    fr = (
        "Une personne membre d'un pôle signe en son nom (in_person) ; un pôle, un réseau ou une "
        "organisation signe par quelqu'un (president, director ou mandate)."
    )
    en = (
        "A person who is a member signs in person (in_person); a pole, a network or an "
        "organisation signs through somebody (president, director or mandate)."
    )


class NoSuchVersion(Refused):
    """The national charter has no version from before it was made public."""

    code = "charter.no_such_version"
    fr = (
        "La charte nationale date du {first} : elle n'a pas de version « {version} », et aucun "
        "texte n'en est publié ici."
    )
    en = (
        "The national charter dates from {first}: it has no version “{version}”, and no text of "
        "one is published here."
    )


class SignedBeforeItsVersion(Refused):
    """Nobody signs a text that is not there."""

    code = "charter.signed_before"
    fr = "La version {version} ne se signe pas avant d'exister (date donnée : {day})."
    en = "Version {version} is not signed before it exists (given: {day})."


class UndertakingsAlreadyFollowed(Refused):
    """The undertakings of a signature are followed once."""

    code = "charter.already_followed"
    fr = "Les engagements de cette signature sont déjà suivis un à un."
    en = "The undertakings of this signature are already followed one by one."


# --- the signatures -----------------------------------------------------------------------------


SIGNATORY = Marking(
    purpose="charter_signature",
    field="signatory",
    holds=Text(fr="le nom de la personne qui signe", en="the name of who signs"),
    persons=Text(fr="signataires de charte", en="signatories of a charter"),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.TEN_YEARS,
    is_name=True,
)


class Signatory(Frozen):
    """Another person who signed the same act: a capacity, and a sealed name."""

    capacity: Capacity
    name: Annotated[Sealed, SIGNATORY]


class Signing(Frozen):
    """What every act of signing says. Names are sealed; capacities are not personal."""

    charter: PartialDate
    capacity: Capacity
    place: Line
    signatory: Annotated[Sealed, SIGNATORY]
    others: tuple[Signatory, ...] = later(())
    text: CharterId | None = later(None)
    """The published text, where that version is published."""
    text_hash: Digest | None = later(None)

    def check_day(self, *, national: bool) -> None:
        """Refuse a version that cannot be, and a day on which it cannot have been signed.

        It is signed between its first day and today. The text need not be published here, so that
        what was signed on paper can be told before anybody finds it; but then a national version
        must not be older than the charter itself (product rule).
        """
        if not self.charter.is_known:
            raise UndatedVersion
        if national and not self.text and (self.charter.last_day or FIRST_CHARTER) < FIRST_CHARTER:
            raise NoSuchVersion(first=FIRST_CHARTER, version=self.charter)
        must_have_happened()
        signed, begins = recording().occurred_on, self.charter.first_day
        today = paris_day(recording().now)
        if begins and (signed.last_day or today) < begins:
            day = signed if signed.precision in ("month", "year") else signed.first_day or today
            raise SignedBeforeItsVersion(version=self.charter, day=day)

    def check_capacities(self, *, in_person: bool) -> None:
        """Refuse capacities that are not those of who signs."""
        capacities = {self.capacity, *(other.capacity for other in self.others)}
        if in_person != (Capacity.IN_PERSON in capacities) or (in_person and len(capacities) > 1):
            raise WrongCapacity


class CharterSignature(Aggregate):
    """That somebody signed a version of a charter; no guard of a State decision, no commitment.

    It holds until it is withdrawn, or superseded by that of a newer version.
    """

    class Signed(Event):
        """The form was signed by a pole."""

        TOPIC = "charter_signature.signed.v1"
        STATED_BY = ("charter_signature.sign",)
        pole: UUID
        charter: PartialDate
        variant: Variant
        capacity: Capacity
        place: Line
        signatory: Annotated[Sealed, SIGNATORY]
        others: tuple[Signatory, ...] = later(())
        text: CharterId | None = later(None)
        text_hash: Digest | None = later(None)

        @property
        def act(self) -> Signing:
            """The same, as the acts of others say it."""
            return Signing(**{name: getattr(self, name) for name in Signing.model_fields})

    class NetworkSigned(Event):
        """The national charter was signed by one of the networks that launched it."""

        TOPIC = "charter_signature.network_signed.v1"
        STATED_BY = ("charter.sign_as_network",)
        network: FoundingNetwork
        act: Signing

    class MemberSigned(Event):
        """The local charter of a pole was signed by one of its members; a person is not named."""

        TOPIC = "charter_signature.member_signed.v1"
        STATED_BY = ("charter.sign_as_member",)
        pole: UUID
        member: UUID
        organisation: Line | None = None
        act: Signing

    class FollowedUp(Event):
        """Each undertaking of the text has from now on a history of its own."""

        TOPIC = "charter_signature.followed_up.v1"
        UNDONE_BY = ("undertaking.release",)
        GIVES = "undertakings"
        undertakings: tuple[UUID, ...]

    class Superseded(Event):
        """The same signer signed a newer version."""

        TOPIC = "charter_signature.superseded.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        by: CharterSignatureId

    class Withdrawn(Event):
        """The signer no longer stands by it."""

        TOPIC = "charter_signature.withdrawn.v1"
        STATED_BY = ("charter_signature.withdraw",)
        BRINGS = ("undertaking.released.v1",)
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.signer = Signer.POLE
        self.pole: UUID | None = None
        self.member: UUID | None = None
        self.network: FoundingNetwork | None = None
        self.organisation: str | None = None
        self.charter = UNKNOWN
        self.text: CharterId | None = None
        self.signed_on = UNKNOWN
        self.start = date.min
        self.end: date | None = None
        self.withdrawn = False
        self.superseded_by: UUID | None = None
        self.undertakings: tuple[UUID, ...] = ()

    @classmethod
    def sign(
        cls,
        *,
        pole: UUID,
        charter: PartialDate,
        variant: Variant,
        capacity: Capacity,
        place: str,
        signatory: Sealed,
        others: tuple[Signatory, ...] = (),
        text: CharterId | None = None,
        text_hash: str | None = None,
    ) -> "CharterSignature":
        """Record that a pole signed the national charter."""
        if Capacity.IN_PERSON in {capacity, *(other.capacity for other in others)}:
            raise WrongCapacity
        act = Signing(
            charter=charter,
            capacity=capacity,
            place=place,
            signatory=signatory,
            others=others,
            text=text,
            text_hash=text_hash,
        )
        act.check_day(national=True)
        told = {name: getattr(act, name) for name in Signing.model_fields}
        signature = cls.new()
        signature._signed(pole=pole, variant=variant, **told)
        return signature

    @classmethod
    def sign_as_network(cls, network: FoundingNetwork, act: Signing) -> "CharterSignature":
        """Record that a founding network signed the national charter."""
        act.check_capacities(in_person=False)
        act.check_day(national=True)
        signature = cls.new()
        signature._network_signed(network=network, act=act)
        return signature

    @classmethod
    def sign_as_member(
        cls, act: Signing, *, pole: UUID, member: UUID, organisation: str | None
    ) -> "CharterSignature":
        """Record that a member, an organisation or a person, signed the charter of its pole."""
        act.check_capacities(in_person=organisation is None)
        act.check_day(national=False)
        signature = cls.new()
        signature._member_signed(pole=pole, member=member, organisation=organisation, act=act)
        return signature

    def follow_up(self, undertakings: tuple[UUID, ...]) -> None:
        """Follow the undertakings of its text one by one, once."""
        if self.undertakings:
            raise UndertakingsAlreadyFollowed
        self._followed_up(undertakings=undertakings)

    def supersede(self, by: UUID) -> None:
        """Let it hold no longer from the day of what is being recorded: a newer one does."""
        self._superseded(by=CharterSignatureId(by))

    def withdraw(self, *, motive: str, occurred_on: PartialDate) -> None:
        if self.withdrawn:
            raise SignatureWithdrawn
        day = occurred_on.first_day
        if day and day < self.start:
            raise EndsBeforeItBegins(start=self.start, end=day)
        if self.end and day and day >= self.end:
            raise SignatureEnded(end=self.end)
        self._withdrawn(motive=motive)

    def in_force_on(self, day: date) -> bool:
        return covers(self.start, self.end, day)

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """The pole it is about, if one signs it, or a member of one."""
        return frozenset({f"pole:{self.pole}"} if self.pole else ())

    # What is remembered.

    def _begun(self, signer: Signer, charter: PartialDate, text: CharterId | None) -> None:
        self.signer = signer
        self.charter = charter
        self.text = text
        self.signed_on = self.occurred_on
        self.start = self.since
        self.end = self.until

    @event(Signed)
    def _signed(
        self,
        *,
        pole: UUID,
        charter: PartialDate,
        variant: Variant,
        capacity: Capacity,
        place: str,
        signatory: Sealed,
        others: tuple[Signatory, ...],
        text: CharterId | None,
        text_hash: str | None,
    ) -> None:
        self._begun(Signer.POLE, charter, text)
        self.pole = pole

    @event(NetworkSigned)
    def _network_signed(self, *, network: FoundingNetwork, act: Signing) -> None:
        self._begun(Signer.NETWORK, act.charter, act.text)
        self.network = network

    @event(MemberSigned)
    def _member_signed(
        self, *, pole: UUID, member: UUID, organisation: str | None, act: Signing
    ) -> None:
        self._begun(Signer.MEMBER, act.charter, act.text)
        self.pole = pole
        self.member = member
        self.organisation = organisation

    @event(FollowedUp)
    def _followed_up(self, *, undertakings: tuple[UUID, ...]) -> None:
        self.undertakings = undertakings

    @event(Superseded)
    def _superseded(self, *, by: CharterSignatureId) -> None:
        self.end = min(self.end or self.since, self.since)
        self.superseded_by = by

    @event(Withdrawn)
    def _withdrawn(self, *, motive: str) -> None:
        self.end = min(self.end or self.since, self.since)
        self.withdrawn = True


@dataclass(frozen=True, slots=True)
class SignatureSuccession:
    """What a new signature does to the others of the same signer, or one of them to it."""

    superseded: tuple[CharterSignature, ...] = ()
    by: CharterSignature | None = None
    """The signature of a newer version, given later, from which the new one holds no longer."""


def succession(
    charter: PartialDate, since: date, until: date | None, given: Iterable[CharterSignature]
) -> SignatureSuccession:
    """What follows from signing a version on a day, given the other signatures of the signer.

    A version is signed once at a time; a newer one supersedes an older one, whatever the order in
    which they are recorded, and none is signed after a newer one (product rule).
    """
    superseded, later_ones = list[CharterSignature](), list[CharterSignature]()
    for other in given:
        ends = other.end or date.max
        if other.start >= (until or date.max) or ends <= max(since, other.start):
            continue  # they do not hold together on any day
        if other.charter == charter:
            raise AlreadySigned(since=other.start)
        if _is_older(other.charter, charter):
            if other.start > since:
                raise _not_after(older=(other.charter, other.start), newer=(charter, since))
            superseded.append(other)
        elif _is_older(charter, other.charter):
            if other.start <= since:
                raise _not_after(older=(charter, since), newer=(other.charter, other.start))
            later_ones.append(other)
    return SignatureSuccession(
        tuple(superseded), min(later_ones, key=lambda o: o.start, default=None)
    )


def _is_older(one: PartialDate, other: PartialDate) -> bool:
    days = one.first_day, other.first_day
    return days[0] is not None and days[1] is not None and days[0] < days[1]


def _not_after(older: tuple[PartialDate, date], newer: tuple[PartialDate, date]) -> NewerSigned:
    return NewerSigned(older=older[0], older_on=older[1], newer=newer[0], newer_on=newer[1])
