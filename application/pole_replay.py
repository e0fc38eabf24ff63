"""The replay of a pole: its facts one after the other, with the pole as it stood at each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from application.blame import Sheets
from application.changed import Compared, ValueChange, changes_of
from application.history_in_words import ATTACHMENTS, HistoryLine, ToldOfPole
from application.rereading import Rereading
from application.shown import Shown
from application.world import Moment, World
from domain.kernel import Recorded
from domain.pole import Pole


@dataclass(frozen=True, slots=True)
class StoodThen:
    """A value of the sheet on a day: what it is called, and what it was."""

    title: str
    said: str


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """A fact in its place among all of them, what it changed, and the pole on its day."""

    number: int
    """Its place, from 1, by the date of the facts."""
    total: int
    day: date
    line: HistoryLine
    same_day: tuple[int, ...]
    """The places of the other facts of that day."""
    stood: tuple[StoodThen, ...]
    """How the pole stood that day, with all that is known by the moment asked about."""
    changes: tuple[ValueChange, ...]
    """What the register shows otherwise of that day since it knows the fact, and did not before."""


def replay_step(world: World, told: ToldOfPole, number: int, moment: Moment) -> ReplayStep:
    """A step of the replay of a pole; beyond the ends, the first or the last.

    A pole is never told of before it is registered: there is always a fact.
    """
    facts = told.facts
    number = min(max(number, 1), len(facts))
    fact = facts[number - 1]
    day = fact.in_force_from
    same = (at for at, one in enumerate(facts, 1) if one.in_force_from == day and at != number)
    again = Rereading(world, moment.known)
    then = moment.model_copy(update={"in_force": day, "is_today": False})
    there = Sheets(again, "pole", told.pole.id, then).at(moment.known)
    return ReplayStep(
        number=number,
        total=len(facts),
        day=day,
        line=told.lines([fact])[0],
        same_day=tuple(same),
        stood=(*_stood(there), *_members(told.pole, day)) if there else (),
        changes=_changed_by(world, told, fact, then),
    )


def _stood(there: Mapping[str, Shown]) -> Iterator[StoodThen]:
    """The values of the pole itself; those of what it consists of are on its page."""
    for one in there.values():
        if not one.is_thing and "[" not in one.path:
            yield StoodThen(one.title, one.said)


def _members(pole: Pole, day: date) -> Iterator[StoodThen]:
    if number := len(pole.members_on(day)):
        yield StoodThen("Membres", str(number))


def number_on(facts: Sequence[Recorded], day: date) -> int:
    """The place of the last fact by a day; of the first one, where the day is before it."""
    return max(sum(fact.in_force_from <= day for fact in facts), 1)


def _changed_by(
    world: World, told: ToldOfPole, fact: Recorded, then: Moment
) -> tuple[ValueChange, ...]:
    """What the sheet of the day says otherwise since a fact was recorded, each with its event.

    What was recorded elsewhere is shown of the pole once the same command has said that it
    concerns it.
    """
    linked = (
        one.position
        for one in world.together(fact.position)
        if isinstance(one.event, ATTACHMENTS) and fact.stream in vars(one.event).values()
    )
    until = min(max([fact.position, *linked]), then.known)
    before = then.model_copy(update={"known": fact.position - 1})
    after = then.model_copy(update={"known": until})
    if not Sheets(Rereading(world, until), "pole", told.pole.id, after).at(until):
        return ()
    found = changes_of(world, "pole", told.pole.id, before, after, Compared.KNOWLEDGE)
    return found.changes
