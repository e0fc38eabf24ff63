"""Contests: a fact that somebody holds otherwise. Both versions stand until a reasoned answer."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID, uuid4

from pydantic import StringConstraints
from typing_extensions import override

from domain.case import Case
from domain.dates import UNKNOWN, PartialDate
from domain.deadline import ENTERED
from domain.distinct import AnotherPerson, Persons, share, those
from domain.errors import Forbidden, NotFound, Refused
from domain.journey import Journey
from domain.kernel import Event, event
from domain.mandate import Party
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.rules import Value, rests_on
from domain.span import covers
from domain.spelling import same
from domain.track import Stay
from domain.values import Line, Prose, Sealed
from domain.words import Text, Whole, later

ContestId = NewType("ContestId", UUID)
Topic = Annotated[str, StringConstraints(max_length=200, pattern=r"^[a-z_]+\.[a-z_]+\.v\d+$")]


class ContestedBy(StrEnum):
    """Who holds a fact otherwise."""

    MEMBER = "member"
    POLE = "pole"
    PERSON = "person"


class ContestOutcome(StrEnum):
    """What the answer comes to."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


FEEDS: Mapping[str, tuple[str, ...]] = {
    "pole.registered.v1": ("stage", "silence", "var"),
    "pole.renamed.v1": ("silence",),
    "pole.located.v1": ("territory",),
    "pole.activity_described.v1": (),
    "pole.member_joined.v1": ("members", "silence"),
    "pole.member_left.v1": ("members", "silence"),
    "pole.member_changed.v1": ("members", "silence"),
    "pole.ess_confirmed.v1": ("members", "silence"),
    "pole.carrier_designated.v1": ("silence",),
    "pole.entry_described.v1": ("silence",),
    "pole.entry_ended.v1": ("silence",),
    "pole.indicator_measured.v1": ("silence",),
    "pole.succeeded.v1": ("silence",),
    "pole.evidence_filed.v1": ("evidence", "silence"),
    "pole.contact_attempted.v1": ("silence",),
    "pole.recognition_attached.v1": ("recognitions", "stage", "silence"),
    "pole.recognition_ended.v1": ("recognitions", "stage"),
    "pole.charter_signature_attached.v1": ("charter", "silence"),
    "pole.attached.v1": ("silence",),
    "pole.moved.v1": ("stage", "var"),
    "pole.journey_begun.v1": ("stage", "var"),
    "pole.migrated.v1": ("stage", "var"),
    "pole.deadline_passed.v1": ("deadlines",),
    "pole.deadline_reminded.v1": (),
    "pole.vote_opened.v1": ("approvals",),
    "pole.ballot_cast.v1": ("approvals",),
    "pole.recusal_declared.v1": ("approvals",),
    "pole.vote_closed.v1": ("approvals",),
    "pole.vote_withdrawn.v1": ("approvals",),
    "pole.fact_contested.v1": (),
    "pole.contest_answered.v1": (),
    "fact.retracted.v1": (),
    "recognition.issued.v1": ("recognitions", "stage"),
    "recognition.ended.v1": ("recognitions", "stage"),
    "recognition.proposed.v1": (),
    "recognition.replied.v1": (),
    "recognition.abandoned.v1": (),
    "charter_signature.signed.v1": ("charter",),
    "charter_signature.network_signed.v1": (),
    "charter_signature.member_signed.v1": (),
    "charter_signature.followed_up.v1": (),
    "charter_signature.superseded.v1": ("charter",),
    "charter_signature.withdrawn.v1": ("charter",),
}
"""What clauses may name that an event has a part in: `members` is every `members.…`.

Every event of a pole is here, and so is that of anything else from which its facts are counted.
"""

CONTESTS = frozenset({"pole.fact_contested.v1", "pole.contest_answered.v1"})


# --- refusals ---------------------------------------------------------------------------------


class NotAFact(Refused):
    """A contest is about a fact, not about what was made of it."""

    code = "contest.not_a_fact"
    fr = "Ceci ne se conteste pas : {reason}."
    en = "This cannot be contested: {reason}."


class AlreadyContested(Refused):
    """A pole or a member contests a fact once, until it is answered."""

    code = "contest.already"
    fr = "Ce fait est déjà contesté par la même partie, et cette contestation attend sa réponse."
    en = "This fact is already contested for the same party, and awaits an answer."


class NeverAMember(Refused):
    """A member contests under the name that the register knows."""

    code = "contest.not_a_member"
    fr = (
        "« {name} » n'a jamais été enregistré comme membre de ce pôle : "
        "contestez en tant que personne."
    )
    en = "“{name}” was never recorded as a member of this pole: contest as a person."


class WhoContests(Refused):
    """A member gives its name, a person theirs, which is sealed; a pole is known."""

    code = "contest.by"
    fr = "{reason}"
    en = "{reason}"


class ContestDated(Refused):
    """A contest and its answer are of the past or of today, in their order."""

    code = "contest.dated"
    fr = "{reason}"
    en = "{reason}"


class NoSuchContest(NotFound):
    """The registry has no such contest."""

    code = "contest.unknown"
    fr = "Le registre n'a pas de contestation « {contest} »."
    en = "The registry has no contest “{contest}”."


class ContestAlreadyAnswered(Refused):
    """A contest is answered once."""

    code = "contest.answered"
    fr = "Cette contestation a déjà reçu sa réponse, le {day} : un autre désaccord se conteste."
    en = "This contest was answered on {day}: another disagreement is another contest."


class AnsweredByTheSame(AnotherPerson, Forbidden):
    """Whoever contests does not answer; they may withdraw."""

    code = "contest.same_party"
    fr = "Qui a contesté ne répond pas : une autre personne répond, ou la contestation est retirée."
    en = "Whoever contests does not answer: somebody else does, or the contest is withdrawn."


class WithdrawnByAnother(Refused):
    """Only a document shows that somebody else gave up."""

    code = "contest.withdrawn_by_another"
    fr = "Dire qu'un autre a retiré sa contestation demande le document qui l'atteste (« source »)."
    en = "To say that another withdrew their contest takes the document that attests it (“source”)."


def _contests_too(known: "Contest", by_kind: ContestedBy, by: str | Sealed) -> bool:
    """Whether a contest is that of the same pole or member, whoever recorded either.

    Who a person is, is sealed: two of them cannot be told apart, and each is heard (product rule).
    """
    if known.by_kind is not by_kind or not (isinstance(known.by, str) and isinstance(by, str)):
        return False
    return by_kind is ContestedBy.POLE or same(known.by) == same(by)


# --- what remembers it ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contest:
    """A fact that somebody holds otherwise, from a day on, until the day of the answer."""

    id: ContestId
    fact: UUID
    topic: str
    stream: UUID
    place: int
    by_kind: ContestedBy
    by: str | Sealed
    version: str | Sealed
    party: str
    persons: Persons
    since: date
    answered: date | None = None
    outcome: ContestOutcome | None = None
    reasons: str | None = None
    contested_on: PartialDate = UNKNOWN
    """The same day as `since`, no more precise than it is known."""

    def covers(self, day: date) -> bool:
        """Whether it stands on a day: not any more on that of the answer."""
        return covers(self.since, self.answered, day)


CONTESTER = Marking(
    purpose="contest",
    holds=Text(
        fr="le nom de la personne qui conteste un fait",
        en="the name of who contests a fact",
    ),
    persons=Text(fr="personnes qui contestent un fait", en="persons who contest a fact"),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.FIVE_YEARS,
    is_name=True,
)

CONTESTED_WORDS = Marking(
    purpose="contest",
    holds=Text(
        fr="ce que soutient la personne qui conteste",
        en="what the person who contests holds",
    ),
    persons=Text(
        fr="personnes qui contestent un fait, et celles qu'elles citent",
        en="persons who contest a fact, and whom they name",
    ),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.FIVE_YEARS,
)


class Contested(Case):
    """A case whose facts may be contested: nothing follows by itself from one that is.

    What rests on a contested fact is told by `FEEDS`, and by the step through which the present
    state was entered (product rule): in a state that may never have been entered, nothing runs.
    """

    class FactContested(Event):
        """Somebody holds a recorded fact otherwise. Of a person, all they say is sealed."""

        TOPIC = "pole.fact_contested.v1"
        UNDONE_BY = ("fact.answer_contest",)
        contest: ContestId
        fact: UUID
        topic: Topic
        stream: UUID
        place: Whole
        """Which event of that stream the fact is, from 1."""
        by_kind: ContestedBy
        by: Annotated[Line | Sealed, CONTESTER]
        version: Annotated[Prose | Sealed, CONTESTED_WORDS]
        party: Party
        """For whom it was recorded."""
        evidence: Annotated[Line | Sealed | None, CONTESTED_WORDS] = later(None)
        persons: Persons = later(())
        """For whom, and by whom: none of them answers it."""

    class ContestAnswered(Event):
        """Somebody else said what comes of a contest, and why."""

        TOPIC = "pole.contest_answered.v1"
        UNDONE_BY = ("fact.contest",)
        contest: ContestId
        outcome: ContestOutcome
        reasons: Prose
        party: Party
        corrected_by: tuple[UUID, ...] = ()
        """The events by which the fact was corrected."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.contests: dict[ContestId, Contest] = {}

    def contest(
        self,
        *,
        fact: UUID,
        topic: str,
        stream: UUID,
        place: int,
        by_kind: ContestedBy,
        by: str | Sealed,
        version: str | Sealed,
        persons: Persons,
        evidence: str | Sealed | None,
        occurred_on: PartialDate,
        today: date,
    ) -> ContestId:
        """Hold a recorded fact otherwise. It stays, marked, beside what is held instead."""
        if topic in CONTESTS:
            reason = "on y répond, ou l'on conteste de nouveau le fait lui-même"
            raise NotAFact(reason=reason)
        if (day := occurred_on.first_day) and day > today:
            raise ContestDated(reason="Une contestation ne peut pas être datée de l'avenir.")
        waiting = (one for one in self.contests.values() if one.fact == fact and not one.answered)
        if any(_contests_too(one, by_kind, by) for one in waiting):
            raise AlreadyContested
        contest = ContestId(uuid4())
        self._fact_contested(
            contest=contest,
            fact=fact,
            topic=topic,
            stream=stream,
            place=place,
            by_kind=by_kind,
            by=by,
            version=version,
            party=persons[0],
            persons=persons,
            evidence=evidence,
            occurred_on=occurred_on,
        )
        return contest

    def answer_contest(
        self,
        contest: UUID,
        outcome: ContestOutcome,
        *,
        reasons: str,
        persons: Persons,
        corrected_by: Iterable[UUID],
        is_sourced: bool,
        occurred_on: PartialDate,
        today: date,
    ) -> None:
        """Say what comes of a contest; refused to whoever contested, who may only withdraw.

        Without a document, a contest is withdrawn for the very party for whom it was recorded.
        """
        known = self.contests.get(ContestId(contest))
        if known is None:
            raise NoSuchContest(contest=contest)
        if known.answered:
            raise ContestAlreadyAnswered(day=known.answered)
        is_withdrawn = outcome is ContestOutcome.WITHDRAWN
        if not is_withdrawn and share(persons, known.persons):
            raise AnsweredByTheSame(roles="")
        if is_withdrawn and not is_sourced and same(persons[0]) != same(known.party):
            raise WithdrawnByAnother
        day = occurred_on.first_day or today
        if not known.since <= day <= today:
            reason = "La réponse se date entre le jour de la contestation et aujourd'hui."
            raise ContestDated(reason=reason)
        self._contest_answered(
            contest=known.id,
            outcome=outcome,
            reasons=reasons,
            party=persons[0],
            corrected_by=tuple(corrected_by),
            occurred_on=occurred_on,
        )

    # What rests on what.

    def contests_on(self, day: date) -> list[Contest]:
        """Those that stand on a day."""
        return [contest for contest in self.contests.values() if contest.covers(day)]

    def is_disputed(self, name: str, day: date) -> bool:
        """Whether a fact that has a part in what a name means is contested on a day."""
        return any(rests_on(name, FEEDS.get(one.topic, ())) for one in self.contests_on(day))

    def is_entry_disputed(self, day: date, today: date) -> bool:
        """Whether the step that led to the state recorded for a day is contested today."""
        stay = self.main.states.in_force(day)
        return stay is not None and any(
            ENTERED in self._touched(one, stay) for one in self.contests_on(today)
        )

    @override
    def disputed_on(
        self, day: date, journey: Journey, facts: Mapping[str, Value]
    ) -> frozenset[str]:
        stay = self.track(journey.id).stay_on(day) if self.contests else None
        if stay is None:
            return frozenset()
        names = {name for one in self.contests_on(day) for name in self._touched(one, stay)}
        if any(deadline.contested for deadline in self.deadlines_on(day, journey, facts)):
            names.add("deadlines")
        return frozenset(names)

    @override
    def settled_from(self, name: str, day: date, stay: Stay) -> date | None:
        while standing := [
            one for one in self.contests_on(day) if rests_on(name, self._touched(one, stay))
        ]:
            answers = [one.answered for one in standing if one.answered]
            if len(answers) < len(standing):
                return None
            day = max(answers)
        return day

    def _touched(self, contest: Contest, stay: Stay) -> Collection[str]:
        """The names that rest on a contested fact, in the state that a stay is in."""
        fed = FEEDS.get(contest.topic, ())
        entered = contest.stream == self.id and contest.place == stay.order
        return (*fed, ENTERED) if entered else fed

    # What is remembered.

    @event(FactContested)
    def _fact_contested(
        self,
        *,
        contest: ContestId,
        fact: UUID,
        topic: str,
        stream: UUID,
        place: int,
        by_kind: ContestedBy,
        by: str | Sealed,
        version: str | Sealed,
        party: str,
        persons: Persons,
        evidence: str | Sealed | None,
        occurred_on: PartialDate,
    ) -> None:
        self.contests[contest] = Contest(
            contest,
            fact,
            topic,
            stream,
            place,
            by_kind,
            by,
            version,
            party,
            those(persons, party),
            self.since,
            contested_on=occurred_on,
        )

    @event(ContestAnswered)
    def _contest_answered(
        self,
        *,
        contest: ContestId,
        outcome: ContestOutcome,
        reasons: str,
        party: str,
        corrected_by: tuple[UUID, ...],
        occurred_on: PartialDate,
    ) -> None:
        self.contests[contest] = replace(
            self.contests[contest], answered=self.since, outcome=outcome, reasons=reasons
        )
