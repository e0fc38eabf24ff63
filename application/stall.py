"""What stays where it is: the cases that have not moved for long, why, and who holds them."""

from collections.abc import Iterable, Mapping
from functools import partial

from application.inbox import (
    CaseLine,
    Standing,
    StandingLine,
    conditions_in_words,
    longest_first,
    standings,
)
from application.kept import KeptAnswers
from application.register import PoleLine
from application.ways import Lifting, nobody_lifts
from application.world import Moment, World
from domain.errors import Invalid
from domain.recognised import BACK
from domain.rules import CompiledJourney
from domain.silence import DORMANT
from domain.values import Frozen
from domain.workflow import Status, Way, why
from domain.worklist import wanting

LONG = 365
"""Days in a stage after which a case is said to wait, unless another number is asked."""

LONGEST = 36_500
"""Days. Nothing in the register is a hundred years old."""


class NotADuration(Invalid):
    """A number of days that nobody can mean."""

    code = "stalls.days"
    fr = f"Le nombre de jours se donne entre 0 et {LONGEST}."
    en = f"The number of days is between 0 and {LONGEST}."


class Exit(Frozen):
    """A way out of a stage, and what keeps it shut."""

    transition: str
    title: str
    to: str
    to_title: str
    status: Status
    by: tuple[str, ...]
    missing_input: tuple[str, ...]
    conditions: tuple[Lifting, ...]


class StallLine(StandingLine):
    """A case that has not moved for long, why, and who holds it."""

    exits: tuple[Exit, ...]
    holders: tuple[str, ...]
    """Who can take a step that is open, or lift a condition of one that is not."""

    @property
    def nearest(self) -> Exit | None:
        """The way on that lacks least."""
        return nearest(self.stage, self.exits)


def stalls(
    world: World,
    cases: Iterable[PoleLine | CaseLine],
    moment: Moment,
    *,
    days: int = LONG,
    kept: KeptAnswers | None = None,
) -> list[StallLine]:
    """The cases that have stood for more than some days in a stage that is not final.

    Args:
        kept: what was answered before of that day, and holds still.
    """
    if not 0 <= days <= LONGEST:
        raise NotADuration
    kept = kept or KeptAnswers.of(moment, world.clock())
    found: list[StallLine] = []
    for line in cases:
        key = ("stall", line.concept if isinstance(line, CaseLine) else "pole", line.id)
        standing = kept.ask(world, key, line, partial(_stalls, line, moment))
        found += (told for told in standing if told.days > days)
    return sorted(found, key=longest_first)


def _stalls(line: PoleLine | CaseLine, moment: Moment, world: World) -> tuple[StallLine, ...]:
    """A case in each of its journeys, where it is in a stage that is not final."""
    found = []
    for standing in standings(world, [line], moment):
        if not standing.compiled.journey.state[standing.stay.value].final:
            exits = onward(standing)
            found.append(StallLine(**standing.told(), exits=exits, holders=_holders(exits)))
    return tuple(found)


def onward(standing: Standing) -> tuple[Exit, ...]:
    """The ways on from where a case stands.

    Those into a final stage, and those that nobody can open as things stand, are told only where
    there are no others.
    """
    journey, state = standing.compiled.journey, standing.stay.value
    ways = why(standing.compiled, state, standing.facts(), who=None, now=standing.now)
    on = [way for way in ways if not journey.state[way.to].final] or ways
    told = [_exit(standing.compiled, way) for way in on]
    return tuple(exit_ for exit_ in told if not nobody_lifts(exit_.conditions)) or (*told,)


def nearest(stage: str, exits: Iterable[Exit]) -> Exit | None:
    """The way on that lacks least: one that is open first, then by its conditions.

    One that nobody can open is none. To say that there is no news of a pole, or that what it was
    recognised by has ended, leads nowhere: it is told only where it can be said now.
    """
    ways = (way for way in exits if not nobody_lifts(way.conditions))
    on = (way for way in ways if way.status == "open" or not _leads_back(stage, way))
    return min(on, key=lambda way: _distance(stage, way), default=None)


def _leads_back(stage: str, way: Exit) -> bool:
    return way.to == DORMANT or (stage, way.to) == BACK


def _distance(stage: str, way: Exit) -> tuple[bool, int, int]:
    return _leads_back(stage, way), _OPENNESS[way.status], len(way.conditions)


_OPENNESS: Mapping[Status, int] = {"open": 0, "needs_input": 1, "closed": 2}


def _exit(compiled: CompiledJourney, way: Way) -> Exit:
    journey = compiled.journey
    transition = journey.transition[way.transition]
    shut = [finding for _, finding in wanting(compiled, way)]
    return Exit(
        transition=way.transition,
        title=transition.title.fr or way.transition,
        to=way.to,
        to_title=journey.state[way.to].title.fr or way.to,
        status=way.status,
        by=transition.by or (),
        missing_input=tuple(i.title.fr for i in transition.input if i.id in way.missing_input),
        conditions=conditions_in_words(compiled, way.transition, shut),
    )


def _holders(exits: Iterable[Exit]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            role
            for way in exits
            for roles in (
                [way.by]
                if way.status != "closed"
                else [condition.unblocked_by for condition in way.conditions]
            )
            for role in roles
        )
    )
