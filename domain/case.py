"""Cases: aggregates that follow journeys, step by step, on the record."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from types import new_class
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from domain.dates import PartialDate
from domain.deadline import DueDeadline, deadlines_due
from domain.errors import NotFound, Refused
from domain.finality import Finality
from domain.journey import Journey, JourneyRef
from domain.kernel import Aggregate, Event, event
from domain.kinds import this
from domain.overdue import FellDue, Overdue, Reminded
from domain.proposal import BallotCast, RecusalDeclared, VoteClosed, VoteOpened, VoteWithdrawn
from domain.rules import Value, instant
from domain.track import NotBegun, Stay, Stays, Track
from domain.values import Frozen
from domain.voting import Voting
from domain.words import Id, Stored, Text, later
from domain.workflow import Finding, Step

A = TypeVar("A", bound=Aggregate)

# --- what is recorded -------------------------------------------------------------------------


class Entered(Event):
    """A case begins: it follows its main journey from here on. Each kind adds what it is about."""

    journey: JourneyRef
    stage: Id
    variables: Mapping[Id, Stored] = later({})


class Begun(Event):
    """A further journey begins on the case, beside those it follows."""

    UNDONE_BY = Finality.STEP

    journey: JourneyRef
    state: Id
    variables: Mapping[Id, Stored] = later({})


class Moved(Event):
    """A step was taken, with what the engine saw."""

    UNDONE_BY = Finality.STEP

    transition: Id
    from_: Id = Field(alias="from")
    to: Id
    input: Mapping[str, Stored]
    verdicts: tuple[Finding, ...]
    journey: JourneyRef
    variables: Mapping[Id, Stored] = later({})


class Migrated(Event):
    """The rules changed: the case follows another version from here on."""

    UNDONE_BY = ("journey.revert_cases",)

    from_: JourneyRef = Field(alias="from")
    to: JourneyRef
    state: Id
    came_from: Id | None = later(None)
    """The state in which it stood, where the other version calls for another one."""
    reverts: bool = later(False)
    """Whether it goes back on a migration."""


# --- refusals ---------------------------------------------------------------------------------


class Stranded(Refused):
    """The other version does not have the state in which the case stands."""

    code = "journey.stranded"
    fr = "Le parcours {to} n'a pas d'étape « {state} » : il n'est pas possible d'y passer."
    en = "The journey {to} has no stage “{state}”: nothing can move to it."


class BreaksPath(Refused):
    """A step would not lead to where the next recorded one begins."""

    code = "journey.breaks_path"
    fr = (
        "Un passage déjà enregistré le {day} part de l'étape « {state} » : "
        "celui-ci, antérieur, doit y mener."
    )
    en = (
        "A step already recorded on {day} leaves from the stage “{state}”: "
        "this earlier one must lead there."
    )


class NotMigrated(Refused):
    """There is no migration to go back on."""

    code = "journey.not_migrated"
    fr = "Aucune migration n'a amené {case} au parcours {journey}."
    en = "No migration brought {case} to the journey {journey}."


class MovedSince(Refused):
    """A case that went on under its new rules does not go back."""

    code = "journey.moved_since"
    fr = (
        "Depuis sa migration vers {journey}, {case} a avancé, le {day} : "
        "revenir en arrière n'est plus possible."
    )
    en = "Since its migration to {journey}, {case} has moved, on {day}: it can no longer go back."


class NotFollowed(NotFound):
    """The case does not follow this journey."""

    code = "journey.not_followed"
    fr = "Le parcours « {journey} » n'est pas de ceux que suit {case} : {followed}."
    en = "The journey “{journey}” is not among those that {case} follows: {followed}."


class JourneyAlreadyFollowed(Refused):
    """A case follows a journey once."""

    code = "journey.followed"
    fr = "Le parcours « {journey} » est déjà de ceux que suit {case}."
    en = "The journey “{journey}” is already among those that {case} follows."


# --- cases ------------------------------------------------------------------------------------

OF_EVERY_KIND: Mapping[str, type[Event]] = {
    "moved": Moved,
    "journey_begun": Begun,
    "migrated": Migrated,
    "deadline_passed": FellDue,
    "deadline_reminded": Reminded,
    "vote_opened": VoteOpened,
    "ballot_cast": BallotCast,
    "recusal_declared": RecusalDeclared,
    "vote_closed": VoteClosed,
    "vote_withdrawn": VoteWithdrawn,
}
"""What happens to every kind of case, by what its topic says of it."""


def _narrowed(kind: type, event: type[Event], topic: str) -> type[Event]:
    """The event of one kind of case that narrows one of every kind."""
    told = {
        "TOPIC": topic,
        "__doc__": event.__doc__,
        "__module__": kind.__module__,
        "__qualname__": f"{kind.__qualname__}.{event.__name__}",
    }
    made: type[Event] = new_class(
        event.__name__, (event,), exec_body=lambda names: names.update(told)
    )
    return made


NOTHING_YET: Mapping[str, Value] = {"approvals.carried": (), "deadlines.passed": ()}
"""What the engine lets clauses name, where nobody has voted and no deadline has passed."""

Read = Callable[[type[Aggregate], UUID], Any]
"""How a case reads the others its facts depend on: by class and identity."""


def those_recorded(read: Read, cls: type[A], identities: Iterable[UUID]) -> Iterator[A]:
    """Of what a case is linked to, what is recorded: a link may come before what it names.

    Within one command only, whose first events are a size of the journal that can be asked for.
    """
    for id_ in identities:
        with suppress(NotFound):
            yield read(cls, id_)


class Case(Voting, Overdue):
    """An aggregate that follows journeys; the one it begins with is its main one.

    A kind names its `concept`, and thereby has its own events of steps, migrations, votes and
    deadlines, with a topic each: `dossier.moved.v1`. One that it nests itself stands.
    """

    PASSING: ClassVar[frozenset[str]] = frozenset()
    """Among its facts, those that change as days pass, though nothing happens."""

    ENTERS: ClassVar[type[Event]]
    """The event by which a case of this kind begins; it says the `journey` and the `stage`."""

    code: str
    """A short name by which people call it."""

    def __init_subclass__(cls, *, concept: str = "", **kwargs: Any) -> None:
        for name, narrowed in OF_EVERY_KIND.items() if concept else ():
            if narrowed.__name__ not in vars(cls):
                setattr(cls, narrowed.__name__, _narrowed(cls, narrowed, f"{concept}.{name}.v1"))
        super().__init_subclass__(**kwargs)

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.tracks: dict[str, Track] = {}

    @classmethod
    def own(cls, event: type[Event]) -> type[Event]:
        """The event of this kind of case, with its topic, that narrows one of every case."""
        found: type[Event] = getattr(cls, event.__name__, event)
        return found

    def begin(
        self,
        *,
        journey: str,
        state: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> None:
        """Remember where the case begins; called by the event that creates it."""
        self._follow(journey, state, occurred_on, variables or {})

    def _follow(
        self,
        journey: str,
        state: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        id_ = journey_id(journey)
        self.tracks[id_] = Track(
            id_,
            Stays(Stay(self.since, self.version, state, occurred_on, variables=variables)),
            Stays(Stay(self.since, self.version, journey, occurred_on)),
            partial(self.holding, id_),
            self.this,
        )

    def holding(self, journey: str, stay: Stay, day: date) -> Stay:
        """What holds on a day of the state that a step of a journey led to: all of it, unless said.

        A state may last only as long as a fact does, and end with it, whether anybody recorded
        the step or not.
        """
        return stay

    def leads_to(self, state: str, left: str) -> bool:
        """Whether a step to a state leads where a later one, already recorded, begins."""
        return state == left

    def relations_on(self, day: date) -> frozenset[str]:
        """What it is, and stands in relation to on a day: a mandate is for one of these."""
        return frozenset()

    @abstractmethod
    def facts_on(self, day: date, read: Read) -> Frozen:
        """The facts that clauses may name, as they were on a day."""

    def falls_by(self, day: date) -> Iterator[date]:
        """The days, up to one, on which an instant falls that an automatic step waits for."""
        yield from ()

    def instant_on(self, day: date) -> datetime:
        """The instant at which clauses are asked of a day that is past: its first, unless said."""
        return instant(day)

    def deadlines_on(
        self, day: date, journey: Journey, facts: Mapping[str, Value]
    ) -> list[DueDeadline]:
        """The deadlines of the state in which the case stands on a day, under a version.

        They hold from the day the state was entered, or the version followed, if that is later.

        Args:
            facts: what is known of the case on the day; its variables are added to that.
        """
        track = self.track(journey.id)
        stay = track.stay_on(day)
        state = journey.state.get(stay.value) if stay else None
        if stay is None or state is None or not state.deadlines:
            return []
        followed = track.journeys.in_force(day)
        is_followed = followed is not None and followed.value == journey.ref
        return deadlines_due(
            state.deadlines,
            entered=stay.occurred_on if stay.occurred_on.is_known else PartialDate.on(stay.since),
            begins=max(stay.since, followed.since) if followed and is_followed else stay.since,
            facts={**facts, **variable_values(journey, stay.variables)},
            day=day,
            settled=lambda name, since: self.settled_from(name, since, stay),
        )

    def disputed_on(
        self, day: date, journey: Journey, facts: Mapping[str, Value]
    ) -> frozenset[str]:
        """What clauses may name that rests on a contested fact on a day, in a state of a journey.

        `members` is every `members.…`; `entered` is the state itself.
        """
        return frozenset()

    def settled_from(self, name: str, day: date, stay: Stay) -> date | None:
        """The first day, from one on, on which nobody contests what a name rests on in a state.

        `None` as long as somebody does.
        """
        return day

    @override
    def stay_entered(self, journey: str, day: date) -> int:
        stay = self.track(journey_id(journey)).stay_on(day)
        return stay.order if stay else 0

    def engine_facts_on(
        self, day: date, journey: Journey, facts: Mapping[str, Value]
    ) -> dict[str, Value]:
        """What the engine itself lets clauses name: votes, deadlines, variables.

        The deadlines that have passed are those whose last day is over, whether that was recorded
        or not: the answer for a day is the same however late, or often, it is recorded.

        Args:
            facts: what is known of the case on the day, from which deadlines may be counted.
        """
        stay = self.track(journey.id).stay_on(day)
        if stay is None:
            return dict(NOTHING_YET)
        carried: tuple[str, ...] = ()
        if self.proposals:
            followed = self.track(journey.id).journey_on(day)
            carried = tuple(self.carried_on(day, journey, stay.place, followed))
        due = self.deadlines_on(day, journey, facts)
        passed = tuple(deadline.id for deadline in due if deadline.passed)
        known = {**NOTHING_YET, **variable_values(journey, stay.variables)}
        return known | {"approvals.carried": carried, "deadlines.passed": passed}

    @property
    def this(self) -> Text:
        """What a sentence calls it, by its kind: « ce pôle »."""
        return this(self.ENTERS.TOPIC)

    @property
    def main(self) -> Track:
        """The journey the case began with."""
        return next(iter(self.tracks.values()))

    def track(self, journey: str | None = None) -> Track:
        """One of the journeys it follows, by its id; the main one, unless said."""
        if journey is None:
            return self.main
        try:
            return self.tracks[journey]
        except KeyError:
            followed = ", ".join(self.tracks)
            raise NotFollowed(journey=journey, followed=followed, case=self.this) from None

    def state_on(self, day: date) -> str | None:
        """The state in force on a day, in the main journey."""
        return self.main.state_on(day)

    def journey_on(self, day: date) -> str | None:
        """The version of the main journey followed on a day."""
        return self.main.journey_on(day)

    @property
    def journey(self) -> str:
        """The version of the main journey to which the case is pinned."""
        return self.main.journey

    def follow(
        self, journey: Journey, variables: Mapping[str, Stored], *, occurred_on: PartialDate
    ) -> None:
        """Begin a further journey, at its first state; not before the case itself began."""
        if journey.id in self.tracks:
            raise JourneyAlreadyFollowed(journey=journey.id, case=self.this)
        if occurred_on.first_day:
            self.main.standing_on(occurred_on.first_day)
        self._begun(
            journey=journey.ref,
            state=journey.initial,
            variables=dict(variables),
            occurred_on=occurred_on,
        )

    @event(Begun)
    def _begun(
        self, *, journey: str, state: str, variables: Mapping[str, Stored], occurred_on: PartialDate
    ) -> None:
        self._follow(journey, state, occurred_on, variables)

    def move(self, step: Step, *, journey: str, occurred_on: PartialDate) -> None:
        """Record a step that the engine allowed under a version.

        A step dated before another one must lead where that one begins: the path stays unbroken.
        """
        track = self.track(journey_id(journey))
        day = occurred_on.first_day
        if day:
            track.standing_on(day)
        later = [stay for stay in track.states if day and stay.since > day and stay.came_from]
        if later:
            following = min(later, key=lambda stay: (stay.since, stay.order))
            if following.came_from and not self.leads_to(step.to, following.came_from):
                raise BreaksPath(day=following.since, state=following.came_from)
        self._moved(
            transition=step.transition,
            from_=step.from_,
            to=step.to,
            input=dict(step.input),
            verdicts=step.findings,
            journey=journey,
            variables=dict(step.variables),
            occurred_on=occurred_on,
        )

    @override
    def incoherences(self) -> Iterator[Refused]:
        """Steps that come before its beginning, or leave from where those before do not lead."""
        for track in self.tracks.values():
            stays = sorted(track.states, key=lambda stay: stay.place)
            begins = track.states[0]
            if stays[0] is not begins:
                yield NotBegun(since=begins.since, day=stays[0].since, case=self.this)
            for before, stay in pairwise(stays):
                if stay.came_from and not self.leads_to(before.value, stay.came_from):
                    yield BreaksPath(day=stay.since, state=stay.came_from)

    @event(Moved)
    def _moved(
        self,
        *,
        transition: str,
        from_: str,
        to: str,
        input: Mapping[str, Stored],  # noqa: A002  # the journey's own word
        verdicts: tuple[Finding, ...],
        journey: str,
        variables: Mapping[str, Stored],
        occurred_on: PartialDate,
    ) -> None:
        entered = Stay(self.since, self.version, to, occurred_on, from_, variables)
        self.track(journey_id(journey)).states.append(entered)

    def state_under(self, to: Journey, day: date | None) -> tuple[str, str]:
        """The state in which it stands on a day, and the one that takes its place elsewhere.

        Refused when the other version lacks a state in which the case stands from then on.
        """
        track = self.track(to.id)
        stands = track.standing_on(day) if day else max(track.states, key=lambda s: s.order)
        until = min((j.since for j in track.journeys if day and j.since > day), default=date.max)
        after = [s.value for s in track.states if day and day < s.since < until]
        state = to.replaces.get(stands.value, stands.value)
        for needed in (state, *after):
            if needed not in to.state:
                raise Stranded(to=to.ref, state=needed)
        return stands.value, state

    def migrate(self, to: Journey, *, occurred_on: PartialDate) -> None:
        """Follow another version, in the state that takes the place of the present one.

        Refused when it lacks a state in which the case stands from then on.
        """
        track = self.track(to.id)
        day = occurred_on.first_day
        stands, state = self.state_under(to, day)
        self._migrated(
            from_=(day and track.journey_on(day)) or track.journey,
            to=to.ref,
            state=state,
            came_from=stands if state != stands else None,
            reverts=False,
            occurred_on=occurred_on,
        )

    def go_back(self, journey: str, *, occurred_on: PartialDate) -> None:
        """Follow again the version, in the state, from which it was migrated to a journey.

        Refused when it does not follow it, was not migrated to it, or has moved since.
        """
        track = self.track(journey_id(journey))
        migration = track.journeys.last
        if migration.value != journey or migration.came_from is None:
            raise NotMigrated(journey=journey, case=self.this)
        moved = [
            stay
            for stay in track.states
            if stay.order != migration.order
            and (stay.order > migration.order or stay.since > migration.since)
        ]
        if moved:
            last = moved[-1]
            raise MovedSince(journey=journey, state=last.value, day=last.since, case=self.this)
        day = occurred_on.first_day
        if day and day < migration.since:
            raise NotBegun(since=migration.since, day=day, case=self.this)
        stands = track.states.last
        replaced = stands.came_from if stands.order == migration.order else None
        self._migrated(
            from_=journey,
            to=migration.came_from,
            state=replaced or stands.value,
            came_from=stands.value if replaced else None,
            reverts=True,
            occurred_on=occurred_on,
        )

    @event(Migrated)
    def _migrated(
        self,
        *,
        from_: str,
        to: str,
        state: str,
        came_from: str | None,
        reverts: bool,
        occurred_on: PartialDate,
    ) -> None:
        track = self.track(journey_id(to))
        # What was gone back on is not gone back on again: it came from nowhere.
        left = None if reverts else from_
        track.journeys.append(Stay(self.since, self.version, to, occurred_on, left))
        if came_from is not None:
            before = track.stay_on(self.since)
            kept = before.variables if before else {}
            entered = Stay(self.since, self.version, state, occurred_on, came_from, kept)
            track.states.append(entered)


def journey_id(ref: str) -> str:
    """The journey of a version: `pole` of `pole@2021-05-12`."""
    return ref.partition("@")[0]


def variable_values(journey: Journey, kept: Mapping[str, Stored]) -> dict[str, Value]:
    """What clauses see of a journey's variables; one that has no value is absent."""
    values: dict[str, Value] = {}
    for variable in journey.variables:
        # One that a later version has, and no step has set yet, is what it is by default.
        value = kept.get(variable.id, variable.default)
        if value is None:
            continue
        if variable.type == "date":
            values[f"var.{variable.id}"] = instant(date.fromisoformat(str(value)[:10]))
        else:
            values[f"var.{variable.id}"] = tuple(value) if isinstance(value, list) else value
    return values
