"""The pole: its members, carrier, territory and evidence, and its journey from emergence on."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID, uuid4

from pydantic import StringConstraints
from typing_extensions import override

from domain import case, overdue, proposal
from domain.case import Case, Read, journey_id
from domain.dates import PartialDate
from domain.errors import Refused
from domain.identifiers import Siren, Siret
from domain.journey import Journey
from domain.kernel import (
    Dated,
    Event,
    Frozen,
    Line,
    Prose,
    Sealed,
    event,
    in_force,
)
from domain.recognition import ARTICLE_9, Recognition
from domain.words import Id, Name, Stored, later
from domain.workflow import Step

PoleId = NewType("PoleId", UUID)
MemberId = NewType("MemberId", UUID)
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


class MemberKind(StrEnum):
    """What article 9 I and the decree of 2015 (article 3, 2°) tell apart."""

    ESS_ENTERPRISE = "ess_enterprise"
    OTHER_ENTERPRISE = "other_enterprise"
    ENTERPRISE_GROUP = "enterprise_group"
    LOCAL_AUTHORITY = "local_authority"
    RESEARCH = "research"
    HIGHER_EDUCATION = "higher_education"
    TRAINING = "training"
    CITIZEN = "citizen"
    OTHER = "other"


class Territory(Frozen):
    """Where a pole acts, as its sources say it."""

    words: Line | None = None
    department: Line | None = None
    region: Line | None = None


class EndReason(StrEnum):
    """Why a pole is no longer followed (product rule)."""

    DISSOLVED = "dissolved"
    MERGED_INTO = "merged_into"
    SPLIT_INTO = "split_into"
    WITHDREW_CLAIM = "withdrew_claim"
    NEVER_EXISTED = "never_existed"


# --- facts, as the clauses of journeys name them -----------------------------------------------


class MemberFacts(Frozen):
    """Members on a day; unknown as long as no member was ever recorded."""

    total: int | None
    ess_enterprises: int | None
    other_enterprises: int | None
    public_bodies: int | None
    art9_partners: int | None


class TerritoryFacts(Frozen):
    delimited: bool | None


class EvidenceFacts(Frozen):
    kinds: tuple[str, ...] | None


class RecognitionFacts(Frozen):
    article9_in_force: int


class StageFacts(Frozen):
    before_dormancy: str | None


class SilenceFacts(Frozen):
    months: int
    contact_attempts: int


class PoleFacts(Frozen):
    """Everything a clause of the pole's journey may ask about."""

    members: MemberFacts
    territory: TerritoryFacts
    evidence: EvidenceFacts
    recognitions: RecognitionFacts
    stage: StageFacts
    silence: SilenceFacts


# --- refusals ----------------------------------------------------------------------------------


class AlreadyMember(Refused):
    """An organisation joins once."""

    code = "pole.already_member"
    fr = "« {name} » est déjà membre du pôle."
    en = "“{name}” is already a member of the pole."


class NotAMember(Refused):
    """Only a member leaves."""

    code = "pole.not_a_member"
    fr = "Ce membre ne fait pas partie du pôle à cette date."
    en = "This member does not belong to the pole on that day."


class PersonUnnamed(Refused):
    """A citizen's name is personal, an organisation's is not."""

    code = "pole.member_name"
    fr = "{reason}"
    en = "{reason}"


class PoleEnded(Refused):
    """A pole that has ended is no longer changed; a successor refers to it."""

    code = "pole.ended"
    fr = "Ce pôle a cessé le {day} : son dossier ne change plus (un successeur s'y réfère)."
    en = "This pole ended on {day}: its record no longer changes (a successor refers to it)."


# --- the aggregate -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Membership:
    kind: MemberKind
    name: str
    since: date
    until: date | None
    occurred_on: PartialDate

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


PUBLIC = frozenset({MemberKind.LOCAL_AUTHORITY})
ART9_PARTNERS = frozenset(
    {
        MemberKind.LOCAL_AUTHORITY,
        MemberKind.RESEARCH,
        MemberKind.HIGHER_EDUCATION,
        MemberKind.TRAINING,
        MemberKind.CITIZEN,
        MemberKind.OTHER,
    }
)


class Pole(Case):
    """A grouping on a territory (law of 31 July 2014, article 9 I) and what is known of it."""

    class Registered(Event):
        """The pole entered the register, pinned to the version of the journey in force then."""

        TOPIC = "pole.registered.v1"
        code: Code
        name: Line
        journey: str
        stage: Id
        remark: Prose | None = None
        variables: Mapping[Id, Stored] = later({})

    class Renamed(Event):
        """Its name changed."""

        TOPIC = "pole.renamed.v1"
        name: Line

    class Located(Event):
        """Its territory was described."""

        TOPIC = "pole.located.v1"
        territory: Territory

    class ActivityDescribed(Event):
        """What it does, in words."""

        TOPIC = "pole.activity_described.v1"
        words: Prose

    class MemberJoined(Event):
        """An organisation joined, or a citizen, whose name is sealed."""

        TOPIC = "pole.member_joined.v1"
        member: MemberId
        member_kind: MemberKind
        name: Line | None = None
        person: Sealed | None = None
        siren: Siren | None = None

    class MemberLeft(Event):
        """A member left."""

        TOPIC = "pole.member_left.v1"
        member: MemberId

    class CarrierDesignated(Event):
        """A legal person signs for the pole from now on."""

        TOPIC = "pole.carrier_designated.v1"
        name: Line
        siret: Siret | None = None

    class EvidenceFiled(Event):
        """A piece of evidence was put on file."""

        TOPIC = "pole.evidence_filed.v1"
        evidence: Name
        title: Line

    class ContactAttempted(Event):
        """Somebody tried to reach the pole."""

        TOPIC = "pole.contact_attempted.v1"
        channel: Line
        outcome: Line

    class RecognitionAttached(Event):
        """A recognition concerns this pole."""

        TOPIC = "pole.recognition_attached.v1"
        recognition: UUID
        code: Name

    class CharterSignatureAttached(Event):
        """A signature of the charter concerns this pole."""

        TOPIC = "pole.charter_signature_attached.v1"
        signature: UUID

    class Attached(Event):
        """Something with a history of its own concerns this pole: a document, an evaluation…"""

        TOPIC = "pole.attached.v1"
        concept: Name
        subject: UUID
        is_news: bool

    class Moved(case.Moved):
        """A step of its journey was taken."""

        TOPIC = "pole.moved.v1"

    class Begun(case.Begun):
        """It follows a further journey."""

        TOPIC = "pole.journey_begun.v1"

    class Migrated(case.Migrated):
        """It follows another version of the journey."""

        TOPIC = "pole.migrated.v1"

    class FellDue(overdue.FellDue):
        """A deadline of its state passed."""

        TOPIC = "pole.deadline_passed.v1"

    class Reminded(overdue.Reminded):
        """The end of a deadline of its state comes near."""

        TOPIC = "pole.deadline_reminded.v1"

    class VoteOpened(proposal.VoteOpened):
        """A step was put to the vote, with what it is to be given."""

        TOPIC = "pole.vote_opened.v1"

    class BallotCast(proposal.BallotCast):
        """Somebody voted, or was voted for under a mandate."""

        TOPIC = "pole.ballot_cast.v1"

    class RecusalDeclared(proposal.RecusalDeclared):
        """Somebody takes no part in a vote; why is sealed."""

        TOPIC = "pole.recusal_declared.v1"

    class VoteClosed(proposal.VoteClosed):
        """No further ballot is taken: those that were cast decide."""

        TOPIC = "pole.vote_closed.v1"

    class VoteWithdrawn(proposal.VoteWithdrawn):
        """A vote was called off before it had decided."""

        TOPIC = "pole.vote_withdrawn.v1"

    PASSING = frozenset({"silence.months"})

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.names: list[Dated[str]] = []
        self.remark: str | None = None
        self.territories: list[Dated[Territory]] = []
        self.activities: list[Dated[str]] = []
        self.members: dict[MemberId, Membership] = {}
        self.carriers: list[Dated[tuple[str, str | None]]] = []
        self.evidence: list[Dated[str]] = []
        self._filed: dict[str, list[Dated[str]]] = {}
        """The same, by kind. Clauses are asked often, and histories may be long."""
        self._came: dict[MemberKind, list[date]] = {}
        """The days on which members of a kind came, in order; and left, in `_left`."""
        self._left: dict[MemberKind, list[date]] = {}
        self.contacts: list[date] = []
        self.recognitions: dict[UUID, str] = {}
        self.signatures: list[UUID] = []
        self.attached: dict[UUID, str] = {}
        """What else concerns it, by identity: the concept of each."""
        self.heard: list[date] = []
        """The days of what was heard of it, in order; those of `contacts` too."""

    # Decisions.

    @classmethod
    def register(
        cls,
        *,
        code: str,
        name: str,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        remark: str | None = None,
        variables: Mapping[str, Stored] | None = None,
    ) -> "Pole":
        """Enter a pole in the register. Nothing is thereby granted to it."""
        pole = cls.new()
        pole._registered(
            code=code,
            name=name,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            remark=remark,
            variables=dict(variables or {}),
        )
        return pole

    def _living(self) -> None:
        for stay in self.main.states:
            if stay.value == "ended":
                raise PoleEnded(day=stay.since)

    @override
    def follow(
        self, journey: Journey, variables: Mapping[str, Stored], *, occurred_on: PartialDate
    ) -> None:
        self._living()
        super().follow(journey, variables, occurred_on=occurred_on)

    @override
    def move(self, step: Step, *, journey: str, occurred_on: PartialDate) -> None:
        if journey_id(journey) != self.main.id:  # the main one says itself what follows its end
            self._living()
        super().move(step, journey=journey, occurred_on=occurred_on)

    def rename(self, name: str) -> None:
        self._living()
        self._renamed(name=name)

    def locate(self, territory: Territory) -> None:
        self._living()
        self._located(territory=territory)

    def describe_activity(self, words: str) -> None:
        self._living()
        self._activity_described(words=words)

    def add_member(
        self,
        *,
        member_kind: MemberKind,
        name: str | None,
        person: Sealed | None,
        siren: str | None = None,
    ) -> MemberId:
        """Take in an organisation under its name, or a citizen under a sealed one."""
        self._living()
        if member_kind is MemberKind.CITIZEN and (name or not person):
            raise PersonUnnamed(
                reason="Le nom d'un citoyen se donne dans « person » : il est scellé."
            )
        if member_kind is not MemberKind.CITIZEN and (person or not name):
            raise PersonUnnamed(reason="Une organisation se donne par son nom, dans « name ».")
        if any(m.name == name and name and m.until is None for m in self.members.values()):
            raise AlreadyMember(name=name)
        member = MemberId(uuid4())
        self._member_joined(
            member=member,
            member_kind=member_kind,
            name=name,
            person=person,
            siren=siren,
        )
        return member

    def end_membership(self, member: MemberId, *, occurred_on: PartialDate) -> None:
        self._living()
        membership = self.members.get(member)
        day = occurred_on.first_day
        if membership is None or not (membership.covers(day) if day else membership.until is None):
            raise NotAMember
        self._member_left(member=member, occurred_on=occurred_on)

    def designate_carrier(self, *, name: str, siret: str | None) -> None:
        self._living()
        self._carrier_designated(name=name, siret=siret)

    def file_evidence(self, *, evidence: str, title: str) -> None:
        self._living()
        self._evidence_filed(evidence=evidence, title=title)

    def attempt_contact(self, *, channel: str, outcome: str) -> None:
        self._living()
        self._contact_attempted(channel=channel, outcome=outcome)

    def attach_recognition(self, recognition: UUID, *, code: str) -> None:
        self._living()
        self._recognition_attached(recognition=recognition, code=code)

    def attach_signature(self, signature: UUID) -> None:
        self._living()
        self._charter_signature_attached(signature=signature)

    def attach(self, concept: str, subject: UUID, *, is_news: bool) -> None:
        """Say that something recorded elsewhere concerns it, in the same save.

        Args:
            is_news: whether it shows that the pole is alive: it gave or did something itself.
        """
        self._attached(concept=concept, subject=subject, is_news=is_news)

    # What is known on a day.

    @property
    def related(self) -> list[UUID]:
        """Everything that has a history of its own and is part of the history of the pole."""
        return [*self.recognitions, *self.signatures, *self.attached]

    def name_on(self, day: date) -> str:
        return in_force(self.names, day) or self.names[0].value

    def territory_on(self, day: date) -> Territory:
        return in_force(self.territories, day) or Territory()

    def activity_on(self, day: date) -> str | None:
        return in_force(self.activities, day)

    def carrier_on(self, day: date) -> tuple[str, str | None] | None:
        return in_force(self.carriers, day)

    def members_on(self, day: date) -> list[tuple[MemberId, Membership]]:
        return [(id_, m) for id_, m in self.members.items() if m.covers(day)]

    def _members_of(self, kinds: Iterable[MemberKind], day: date) -> int:
        """How many members of some kinds it has on a day: those who came, less those who left."""
        return sum(
            bisect_right(self._came.get(kind, []), day)
            - bisect_right(self._left.get(kind, []), day)
            for kind in kinds
        )

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """Itself and its region."""
        region = self.territory_on(day).region
        return frozenset({f"pole:{self.id}", *([f"region:{region}"] if region else [])})

    def facts_on(self, day: date, read: Read) -> PoleFacts:
        """What the clauses may ask, as it was on a day; what was never recorded is unknown."""
        recognitions: list[Recognition] = [read(Recognition, id_) for id_ in self.recognitions]

        def count(among: Iterable[MemberKind]) -> int | None:
            return self._members_of(among, day) if self.members else None

        filed = tuple(
            kind for kind, pieces in self._filed.items() if in_force(pieces, day) is not None
        )
        entered = self.main.states.until(day) if self.tracks else ()  # none before it is registered
        awake = (stay.value for stay in entered if stay.value != "dormant")
        heard = bisect_right(self.heard, day)
        quiet_since = self.heard[heard - 1] if heard else day
        return PoleFacts(
            members=MemberFacts(
                total=count(MemberKind),
                ess_enterprises=count({MemberKind.ESS_ENTERPRISE}),
                other_enterprises=count({MemberKind.OTHER_ENTERPRISE, MemberKind.ENTERPRISE_GROUP}),
                public_bodies=count(PUBLIC),
                art9_partners=count(ART9_PARTNERS),
            ),
            territory=TerritoryFacts(
                delimited=True if self.territory_on(day) != Territory() else None
            ),
            evidence=EvidenceFacts(kinds=filed or None),
            recognitions=RecognitionFacts(
                article9_in_force=sum(
                    r.recognition_kind in ARTICLE_9 and r.in_force_on(day) for r in recognitions
                )
            ),
            stage=StageFacts(before_dormancy=next(awake, None)),
            silence=SilenceFacts(
                months=(day.year - quiet_since.year) * 12
                + day.month
                - quiet_since.month
                - (day.day < quiet_since.day),
                contact_attempts=bisect_right(self.contacts, day)
                - bisect_left(self.contacts, quiet_since),
            ),
        )

    # What is remembered.

    def _heard(self) -> None:
        insort(self.heard, self.since)

    @event(Registered)
    def _registered(
        self,
        *,
        code: str,
        name: str,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        remark: str | None,
        variables: Mapping[str, Stored],
    ) -> None:
        self.code = code
        self.remark = remark
        self.names.append(self.dated(name))
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)
        self._heard()

    @event(Renamed)
    def _renamed(self, *, name: str) -> None:
        self.names.append(self.dated(name))
        self._heard()

    @event(Located)
    def _located(self, *, territory: Territory) -> None:
        self.territories.append(self.dated(territory))

    @event(ActivityDescribed)
    def _activity_described(self, *, words: str) -> None:
        self.activities.append(self.dated(words))

    @event(MemberJoined)
    def _member_joined(
        self,
        *,
        member: MemberId,
        member_kind: MemberKind,
        name: str | None,
        person: Sealed | None,
        siren: str | None,
    ) -> None:
        self.members[member] = Membership(
            member_kind, name or "", self.since, self.until, self.occurred_on
        )
        insort(self._came.setdefault(member_kind, []), self.since)
        if self.until:
            insort(self._left.setdefault(member_kind, []), self.until)
        self._heard()

    @event(MemberLeft)
    def _member_left(self, *, member: MemberId, occurred_on: PartialDate) -> None:
        was = self.members[member]
        self.members[member] = replace(was, until=self.since)
        left = self._left.setdefault(was.kind, [])
        if was.until:
            left.remove(was.until)
        insort(left, max(was.since, self.since))
        self._heard()

    @event(CarrierDesignated)
    def _carrier_designated(self, *, name: str, siret: str | None) -> None:
        self.carriers.append(self.dated((name, siret)))
        self._heard()

    @event(EvidenceFiled)
    def _evidence_filed(self, *, evidence: str, title: str) -> None:
        self.evidence.append(self.dated(evidence))
        self._filed.setdefault(evidence, []).append(self.dated(evidence))
        self._heard()

    @event(ContactAttempted)
    def _contact_attempted(self, *, channel: str, outcome: str) -> None:
        insort(self.contacts, self.since)

    @event(RecognitionAttached)
    def _recognition_attached(self, *, recognition: UUID, code: str) -> None:
        self.recognitions[recognition] = code
        self._heard()

    @event(CharterSignatureAttached)
    def _charter_signature_attached(self, *, signature: UUID) -> None:
        self.signatures.append(signature)
        self._heard()

    @event(Attached)
    def _attached(self, *, concept: str, subject: UUID, is_news: bool) -> None:
        self.attached[subject] = concept
        if is_news:
            self._heard()
