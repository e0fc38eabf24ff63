"""Cases: aggregates that follow a journey, step by step, on the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from domain.dates import PartialDate
from domain.errors import Refused
from domain.journey import Journey, JourneyRef, Name
from domain.kernel import Aggregate, Event, Frozen, event
from domain.rules import Stored
from domain.workflow import Finding, Step


class Moved(Event):
    """A step was taken, with what the engine saw."""

    transition: Name
    from_: Name = Field(alias="from")
    to: Name
    input: Mapping[str, Stored]
    verdicts: tuple[Finding, ...]
    journey: JourneyRef


class Migrated(Event):
    """The rules changed: the case follows another version from here on."""

    from_: JourneyRef = Field(alias="from")
    to: JourneyRef
    state: Name


@dataclass(frozen=True, slots=True)
class Stay:
    """A state entered, or a journey followed, from a day on; `order` is its event's version."""

    since: date
    order: int
    value: str
    occurred_on: PartialDate
    came_from: str | None = None


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


Read = Callable[[type[Aggregate], UUID], Any]
"""How a case reads the others its facts depend on: by class and identity."""


class Case(Aggregate):
    """An aggregate with a journey. Each kind nests its own `Moved` and `Migrated`, with a topic."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.states: list[Stay] = []
        self.journeys: list[Stay] = []

    def begin(self, *, journey: str, state: str, occurred_on: PartialDate) -> None:
        """Remember where the case begins; called by the event that creates it."""
        self.states.append(Stay(self.since, self.version, state, occurred_on))
        self.journeys.append(Stay(self.since, self.version, journey, occurred_on))

    def facts_on(self, day: date, read: Read) -> Frozen:
        """The facts that clauses may name, as they were on a day."""
        raise NotImplementedError

    def state_on(self, day: date) -> str | None:
        """The stage in force: the last step by (day, order of recording) on or before a day."""
        return _last(self.states, day)

    def standing_on(self, day: date) -> str:
        """The stage from which a step of that day leaves; refused before the case begins."""
        state = self.state_on(day)
        if state is None:
            raise NotBegun(since=min(stay.since for stay in self.states), day=day)
        return state

    def journey_on(self, day: date) -> str | None:
        """The version the case followed on a day."""
        return _last(self.journeys, day)

    @property
    def journey(self) -> str:
        """The version to which the case is pinned: the last by (day, order of recording)."""
        return max(self.journeys, key=lambda stay: (stay.since, stay.order)).value

    def move(self, step: Step, *, journey: str, occurred_on: PartialDate) -> None:
        """Record a step that the engine allowed under a version.

        A step dated before another one must lead where that one begins: the path stays unbroken.
        """
        day = occurred_on.first_day
        if day:
            self.standing_on(day)
        later = [stay for stay in self.states if day and stay.since > day and stay.came_from]
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
        occurred_on: PartialDate,
    ) -> None:
        self.states.append(Stay(self.since, self.version, to, occurred_on, from_))

    def migrate(self, to: Journey, *, occurred_on: PartialDate) -> None:
        """Follow another version; refused when it lacks a state in which the case stands then."""
        day = occurred_on.first_day
        state = self.standing_on(day) if day else max(self.states, key=lambda s: s.order).value
        until = min((j.since for j in self.journeys if day and j.since > day), default=date.max)
        after = [s.value for s in self.states if day and day < s.since < until]
        for stands in (state, *after):
            if stands not in to.state:
                raise Stranded(to=to.ref, state=stands)
        self._migrated(
            from_=(day and self.journey_on(day)) or self.journey,
            to=to.ref,
            state=state,
            occurred_on=occurred_on,
        )

    @event(Migrated)
    def _migrated(self, *, from_: str, to: str, state: str, occurred_on: PartialDate) -> None:
        self.journeys.append(Stay(self.since, self.version, to, occurred_on))


def _last(stays: Sequence[Stay], day: date) -> str | None:
    past = [stay for stay in stays if stay.since <= day]
    return max(past, key=lambda stay: (stay.since, stay.order)).value if past else None
