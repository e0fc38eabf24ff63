"""Cases: aggregates that follow journeys, step by step, on the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from domain.dates import PartialDate
from domain.errors import NotFound, Refused
from domain.journey import Journey, JourneyRef
from domain.kernel import Aggregate, Event, Frozen, event
from domain.rules import Value, instant
from domain.words import Id, Stored, later
from domain.workflow import Finding, Step

# --- what is recorded -------------------------------------------------------------------------


class Begun(Event):
    """A further journey begins on the case, beside those it follows."""

    journey: JourneyRef
    state: Id
    variables: Mapping[Id, Stored] = later({})


class Moved(Event):
    """A step was taken, with what the engine saw."""

    transition: Id
    from_: Id = Field(alias="from")
    to: Id
    input: Mapping[str, Stored]
    verdicts: tuple[Finding, ...]
    journey: JourneyRef
    variables: Mapping[Id, Stored] = later({})


class Migrated(Event):
    """The rules changed: the case follows another version from here on."""

    from_: JourneyRef = Field(alias="from")
    to: JourneyRef
    state: Id
    came_from: Id | None = later(None)
    """The state in which it stood, where the other version calls for another one."""


# --- refusals ---------------------------------------------------------------------------------


class Stranded(Refused):
    """The other version does not have the state in which the case stands."""

    code = "journey.stranded"
    fr = "Le parcours {to} n'a pas d'étape « {state} » : le dossier ne peut pas y passer."
    en = "The journey {to} has no stage “{state}”: the case cannot move to it."


class NotBegun(Refused):
    """Nothing is known of the case on that day yet."""

    code = "journey.not_begun"
    fr = "Ce dossier n'est connu qu'à partir du {since} : rien ne peut y être daté du {day}."
    en = "This case is known from {since} on only: nothing in it can be dated {day}."


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


class NotFollowed(NotFound):
    """The case does not follow this journey."""

    code = "journey.not_followed"
    fr = "Ce dossier ne suit pas le parcours « {journey} » ; il suit : {followed}."
    en = "This case does not follow the journey “{journey}”; it follows: {followed}."


class AlreadyFollowed(Refused):
    """A case follows a journey once."""

    code = "journey.followed"
    fr = "Ce dossier suit déjà le parcours « {journey} »."
    en = "This case already follows the journey “{journey}”."


# --- cases ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stay:
    """A state entered, or a journey followed, from a day on; `order` is its event's version."""

    since: date
    order: int
    value: str
    occurred_on: PartialDate
    came_from: str | None = None
    variables: Mapping[str, Stored] = field(default_factory=dict)


@dataclass(slots=True)
class Track:
    """One journey on a case: the states it went through, the versions it followed."""

    id: str
    states: list[Stay]
    journeys: list[Stay]

    def stay_on(self, day: date) -> Stay | None:
        """The state in force: the last step by (day, order of recording) on or before a day."""
        return _last(self.states, day)

    def state_on(self, day: date) -> str | None:
        stay = self.stay_on(day)
        return stay.value if stay else None

    def standing_on(self, day: date) -> Stay:
        """The state from which a step of that day leaves; refused before the case begins."""
        stay = self.stay_on(day)
        if stay is None:
            raise NotBegun(since=min(stay.since for stay in self.states), day=day)
        return stay

    def journey_on(self, day: date) -> str | None:
        """The version followed on a day."""
        stay = _last(self.journeys, day)
        return stay.value if stay else None

    def followed_from(self, day: date) -> list[str]:
        """The versions followed from a day on, as long as the state entered that day lasts."""
        until = min((stay.since for stay in self.states if stay.since > day), default=date.max)
        present = self.journey_on(day)
        later = [stay.value for stay in self.journeys if day < stay.since < until]
        return [*([present] if present else []), *later]

    @property
    def journey(self) -> str:
        """The version to which it is pinned: the last by (day, order of recording)."""
        return max(self.journeys, key=lambda stay: (stay.since, stay.order)).value


Read = Callable[[type[Aggregate], UUID], Any]
"""How a case reads the others its facts depend on: by class and identity."""


class Case(Aggregate):
    """An aggregate that follows journeys; the one it begins with is its main one.

    Each kind nests its own `Moved`, `Migrated` and `Begun`, with a topic.
    """

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.tracks: dict[str, Track] = {}

    def begin(self, *, journey: str, state: str, occurred_on: PartialDate) -> None:
        """Remember where the case begins; called by the event that creates it."""
        self._follow(journey, state, occurred_on, {})

    def _follow(
        self,
        journey: str,
        state: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.tracks[journey_id(journey)] = Track(
            journey_id(journey),
            [Stay(self.since, self.version, state, occurred_on, variables=variables)],
            [Stay(self.since, self.version, journey, occurred_on)],
        )

    def facts_on(self, day: date, read: Read) -> Frozen:
        """The facts that clauses may name, as they were on a day."""
        raise NotImplementedError

    def engine_facts_on(self, day: date, journey: Journey) -> dict[str, Value]:
        """What the engine itself lets clauses name: votes, deadlines, variables."""
        stay = self.track(journey.id).stay_on(day)
        carried: dict[str, Value] = {"approvals.carried": (), "deadlines.passed": ()}
        if stay is None:
            return carried
        return carried | variable_values(journey, stay.variables)

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
            raise NotFollowed(journey=journey, followed=followed) from None

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
        """Begin a further journey, at its first state."""
        if journey.id in self.tracks:
            raise AlreadyFollowed(journey=journey.id)
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
            if following.came_from != step.to:
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

    def migrate(self, to: Journey, *, occurred_on: PartialDate) -> None:
        """Follow another version, in the state that takes the place of the present one.

        Refused when it lacks a state in which the case stands from then on.
        """
        track = self.track(to.id)
        day = occurred_on.first_day
        stands = track.standing_on(day) if day else max(track.states, key=lambda s: s.order)
        until = min((j.since for j in track.journeys if day and j.since > day), default=date.max)
        after = [s.value for s in track.states if day and day < s.since < until]
        state = to.replaces.get(stands.value, stands.value)
        for needed in (state, *after):
            if needed not in to.state:
                raise Stranded(to=to.ref, state=needed)
        self._migrated(
            from_=(day and track.journey_on(day)) or track.journey,
            to=to.ref,
            state=state,
            came_from=stands.value if state != stands.value else None,
            occurred_on=occurred_on,
        )

    @event(Migrated)
    def _migrated(
        self, *, from_: str, to: str, state: str, came_from: str | None, occurred_on: PartialDate
    ) -> None:
        track = self.track(journey_id(to))
        track.journeys.append(Stay(self.since, self.version, to, occurred_on))
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
        value = kept.get(variable.id)
        if value is None:
            continue
        if variable.type == "date":
            values[f"var.{variable.id}"] = instant(date.fromisoformat(str(value)[:10]))
        else:
            values[f"var.{variable.id}"] = tuple(value) if isinstance(value, list) else value
    return values


def _last(stays: Sequence[Stay], day: date) -> Stay | None:
    past = [stay for stay in stays if stay.since <= day]
    return max(past, key=lambda stay: (stay.since, stay.order)) if past else None
