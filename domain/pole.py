"""The pole: its members, carrier, territory and evidence, and its journey from emergence on."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import override

from domain import case, overdue, proposal
from domain.carrier import Carried
from domain.case import Read, journey_id, those_recorded
from domain.charter import CharterSignature
from domain.commitment import Commitment
from domain.contest import Contested
from domain.dates import PartialDate
from domain.errors import Refused
from domain.finality import Finality
from domain.journey import Journey
from domain.kernel import Event, event
from domain.members import Members
from domain.membership import MemberFacts
from domain.profile import Described
from domain.recognised import Recognised
from domain.recognition import ARTICLE_9, Recognition, RecognitionKind
from domain.recording import recording
from domain.span import Dated, in_force
from domain.succession import Succession
from domain.territory import Territory as Territory
from domain.values import Frozen, Line, Prose
from domain.words import Id, Name, Stored, later
from domain.workflow import Step

PoleId = NewType("PoleId", UUID)
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]

ENDED = "ended"
"""The stage of a pole that has ceased to be, in every journey of poles."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence: its kind, what it is called, and its document where that is on file."""

    evidence: str
    title: str
    document: UUID | None
    occurred_on: PartialDate


class EndReason(StrEnum):
    """Why a pole is no longer followed (product rule)."""

    DISSOLVED = "dissolved"
    MERGED_INTO = "merged_into"
    SPLIT_INTO = "split_into"
    WITHDREW_CLAIM = "withdrew_claim"
    NEVER_EXISTED = "never_existed"


# --- facts, as the clauses of journeys name them -----------------------------------------------


class TerritoryFacts(Frozen):
    delimited: bool | None


class EvidenceFacts(Frozen):
    kinds: tuple[str, ...] | None


class RecognitionFacts(Frozen):
    article9_in_force: int


class CharterFacts(Frozen):
    signed: bool | None
    """Unknown where no signature was ever recorded: most were given before this register."""


class StageFacts(Frozen):
    before_dormancy: str | None


class SilenceFacts(Frozen):
    months: int
    contact_attempts: int
    days_since_attempt: int | None
    """Since the first attempt made after the last news; unknown where there was none."""


class PoleCommitmentFacts(Frozen):
    open: int
    """Financial commitments to it, or through it, that are neither closed nor abandoned."""


class PoleFacts(Frozen):
    """Everything a clause of the pole's journey may ask about."""

    members: MemberFacts
    territory: TerritoryFacts
    evidence: EvidenceFacts
    recognitions: RecognitionFacts
    charter: CharterFacts
    stage: StageFacts
    silence: SilenceFacts
    commitments: PoleCommitmentFacts


# --- refusals ----------------------------------------------------------------------------------


class PoleEnded(Refused):
    """From the day of its end a pole no longer changes; what was before may be learnt later."""

    code = "pole.ended"
    fr = (
        "Ce pôle a cessé le {day} : rien ne s'y enregistre plus à partir de ce jour (un successeur "
        "s'y réfère). Un fait d'avant sa fin s'enregistre à sa date."
    )
    en = (
        "This pole ended on {day}: nothing more is recorded of it from that day (a successor "
        "refers to it). A fact from before its end is recorded under its date."
    )


class ContactToCome(Refused):
    """An attempt to contact has taken place (product rule)."""

    code = "pole.contact_to_come"
    fr = "Une prise de contact a eu lieu : elle ne se note pas à l'avance, pour le {day}."
    en = "An attempt to contact has taken place: it is not noted in advance, for {day}."


# --- the aggregate -----------------------------------------------------------------------------


class Pole(Recognised, Contested, Succession, Described, Members, Carried):
    """A grouping on a territory (law of 31 July 2014, article 9 I) and what is known of it."""

    class Registered(Event):
        """The pole entered the register, pinned to the version of the journey in force then."""

        TOPIC = "pole.registered.v1"
        STATED_BY = ("pole.register",)
        code: Code
        name: Line
        journey: str
        stage: Id
        remark: Prose | None = None
        variables: Mapping[Id, Stored] = later({})

    class Renamed(Event):
        """Its name changed."""

        TOPIC = "pole.renamed.v1"
        STATED_BY = ("pole.rename",)
        name: Line

    class Located(Event):
        """Its territory was described."""

        TOPIC = "pole.located.v1"
        STATED_BY = ("pole.locate",)
        territory: Territory

    class ActivityDescribed(Event):
        """What it does, in words."""

        TOPIC = "pole.activity_described.v1"
        STATED_BY = ("pole.describe_activity",)
        words: Prose

    class EvidenceFiled(Event):
        """A piece of evidence was put on file."""

        TOPIC = "pole.evidence_filed.v1"
        STATED_BY = ("pole.file_evidence",)
        evidence: Name
        title: Line
        document: UUID | None = later(None)

    class ContactAttempted(Event):
        """Somebody tried to reach the pole."""

        TOPIC = "pole.contact_attempted.v1"
        STATED_BY = ("pole.note_contact",)
        channel: Line
        outcome: Line
        reached: bool = later(False)
        """Whether the pole answered: then it is news of it, and no attempt without an answer."""

    class CharterSignatureAttached(Event):
        """A signature of the charter concerns this pole."""

        TOPIC = "pole.charter_signature_attached.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        signature: UUID

    class Attached(Event):
        """Something with a history of its own concerns this pole: a document, an evaluation…"""

        TOPIC = "pole.attached.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        concept: Name
        subject: UUID
        is_news: bool

    # What happens to every kind of case is written out here, not made by `concept=`: it is named in
    # patterns (`case Pole.Moved(to="ended")`), which are checked only where the class is written.

    class Moved(case.Moved):
        """A step of its journey was taken."""

        TOPIC = "pole.moved.v1"
        STATED_BY = ("pole.record_past_step",)
        BRINGS = ("pole.succeeded.v1",)

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

    PASSING = frozenset({"silence.months", "silence.days_since_attempt"})
    ENTERS = Registered

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.names: list[Dated[str]] = []
        self.remark: str | None = None
        self.territories: list[Dated[Territory]] = []
        self.activities: list[Dated[str]] = []
        self.evidence: list[Dated[str]] = []
        self.pieces: list[Dated[Piece]] = []
        """The same, with their titles and their documents."""
        self._filed: dict[str, list[Dated[str]]] = {}
        """The same, by kind. Clauses are asked often, and histories may be long."""
        self.contacts: list[date] = []
        """The days of the attempts to contact it that it did not answer, in order."""
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

    @override
    def _living(self) -> None:
        stay = self.main.states.in_force(recording().since)
        if stay and stay.value == ENDED:
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

    def file_evidence(self, *, evidence: str, title: str, document: UUID | None = None) -> None:
        self._living()
        self._evidence_filed(evidence=evidence, title=title, document=document)

    def attempt_contact(self, *, channel: str, outcome: str, reached: bool = False) -> None:
        """Say that somebody tried to reach it.

        Args:
            reached: whether it answered: then this is news of it (product rule).
        """
        self._living()
        self._contact_attempted(channel=channel, outcome=outcome, reached=reached)

    def attach_recognition(
        self, recognition: UUID, *, code: str, recognition_kind: RecognitionKind
    ) -> None:
        self._living()
        self._recognition_attached(
            recognition=recognition, code=code, recognition_kind=recognition_kind
        )

    def attach_signature(self, signature: UUID) -> None:
        self._living()
        self._charter_signature_attached(signature=signature)

    def must_live(self) -> None:
        """Refuse what is only done with a pole that had not ended on its day."""
        self._living()

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
        return [*dict.fromkeys([*self.recognitions, *self.signatures, *self.attached])]

    def name_on(self, day: date) -> str:
        return in_force(self.names, day) or self.names[0].value

    def territory_on(self, day: date) -> Territory:
        return in_force(self.territories, day) or Territory()

    def activity_on(self, day: date) -> str | None:
        return in_force(self.activities, day)

    def charter_signed_on(self, day: date, read: Read) -> bool | None:
        """Whether a signature of the charter was in force on a day; unknown where none is kept."""
        if not self.signatures:
            return None
        signatures = those_recorded(read, CharterSignature, self.signatures)
        return any(signature.in_force_on(day) for signature in signatures)

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """Itself and its regions."""
        regions = self.territory_on(day).regions
        return frozenset({f"pole:{self.id}", *(f"region:{region}" for region in regions)})

    def facts_on(self, day: date, read: Read) -> PoleFacts:
        """What the clauses may ask, as it was on a day; what was never recorded is unknown."""
        recognitions = list(those_recorded(read, Recognition, self.recognitions))
        filed = tuple(
            kind for kind, pieces in self._filed.items() if in_force(pieces, day) is not None
        )
        entered = self.main.states.until(day) if self.tracks else ()  # none before it is registered
        awake = (stay.value for stay in entered if stay.value != "dormant")
        return PoleFacts(
            members=self.member_facts_on(day),
            territory=TerritoryFacts(
                delimited=True if self.territory_on(day) != Territory() else None
            ),
            evidence=EvidenceFacts(kinds=filed or None),
            recognitions=RecognitionFacts(
                article9_in_force=sum(
                    r.recognition_kind in ARTICLE_9 and r.in_force_on(day) for r in recognitions
                )
            ),
            charter=CharterFacts(signed=self.charter_signed_on(day, read)),
            stage=StageFacts(before_dormancy=next(awake, None)),
            silence=self.silence_on(day),
            commitments=PoleCommitmentFacts(open=self._open_commitments(day, read)),
        )

    def _open_commitments(self, day: date, read: Read) -> int:
        known = [id_ for id_, concept in self.attached.items() if concept == "commitment"]
        return sum(one.is_open_on(day) for one in those_recorded(read, Commitment, known))

    def silence_on(self, day: date) -> SilenceFacts:
        """How long since it was heard of, and since somebody looked for it."""
        heard = bisect_right(self.heard, day)
        quiet_since = self.heard[heard - 1] if heard else day
        return SilenceFacts(
            months=(day.year - quiet_since.year) * 12
            + day.month
            - quiet_since.month
            - (day.day < quiet_since.day),
            contact_attempts=bisect_right(self.contacts, day)
            - bisect_left(self.contacts, quiet_since),
            days_since_attempt=(day - sought).days if (sought := self.sought_on(day)) else None,
        )

    def sought_on(self, day: date) -> date | None:
        """Since when, as of a day, somebody looks for it and it has not answered."""
        heard = bisect_right(self.heard, day)
        after = bisect_right(self.contacts, self.heard[heard - 1] if heard else day)
        is_made = after < len(self.contacts) and self.contacts[after] <= day
        return self.contacts[after] if is_made else None

    def was_sought(self, since: date, until: date) -> bool:
        """Whether somebody looked for it in vain on one of some days, the last one included."""
        return bisect_left(self.contacts, since) < bisect_right(self.contacts, until)

    def was_heard(self, since: date, until: date) -> bool:
        """Whether it was heard of on one of some days, the last one included."""
        return bisect_left(self.heard, since) < bisect_right(self.heard, until)

    # What is remembered.

    @override
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

    @event(EvidenceFiled)
    def _evidence_filed(self, *, evidence: str, title: str, document: UUID | None) -> None:
        self.evidence.append(self.dated(evidence))
        self.pieces.append(self.dated(Piece(evidence, title, document, self.occurred_on)))
        self._filed.setdefault(evidence, []).append(self.dated(evidence))
        self._heard()

    @event(ContactAttempted)
    def _contact_attempted(self, *, channel: str, outcome: str, reached: bool) -> None:
        if reached:
            self._heard()
        else:
            insort(self.contacts, self.since)

    @event(CharterSignatureAttached)
    def _charter_signature_attached(self, *, signature: UUID) -> None:
        self.signatures.append(signature)
        self._heard()

    @event(Attached)
    def _attached(self, *, concept: str, subject: UUID, is_news: bool) -> None:
        self.attached[subject] = concept
        if is_news:
            self._heard()
