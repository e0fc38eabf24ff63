"""The suspensions of a commitment: since when, until when, and what was said of each."""

from collections.abc import Iterator
from datetime import date

from application.given_in_words import StepGiven, given_in_words, step_to
from application.world import Moment, World
from domain.case import Moved
from domain.commitment import Commitment
from domain.kernel import Recorded
from domain.tranche import SUSPENDED
from domain.values import Frozen


class SuspensionLine(Frozen):
    """A suspension: why, that the pole was heard, and what was said as it ended."""

    since: date
    until: date | None
    given: tuple[StepGiven, ...]
    ended: str | None
    """The step that ended it, by its title."""
    given_then: tuple[StepGiven, ...]


def suspensions(world: World, found: Commitment, moment: Moment) -> Iterator[SuspensionLine]:
    """The suspensions of a commitment by a day, the first one first."""
    begun: Recorded | None = None
    for recorded in _steps(world, found, moment):
        match recorded.event:
            case Moved(to=to) if to == SUSPENDED:
                begun = recorded
            case Moved(from_=left) if left == SUSPENDED and begun:
                yield _line(world, begun, recorded)
                begun = None
    if begun:
        yield _line(world, begun, None)


def why_it_stands(world: World, found: Commitment, moment: Moment) -> tuple[StepGiven, ...]:
    """What was said of the step to its stage; a suspension and its end are told with it."""
    step = step_to(world, found, moment)
    if step is None or not isinstance(step.event, Moved):
        return ()
    return () if SUSPENDED in (step.event.from_, step.event.to) else given_in_words(world, step)


def _steps(world: World, found: Commitment, moment: Moment) -> list[Recorded]:
    """The steps of its main journey by a day, in the order in which they hold."""
    taken = {stay.order for stay in found.main.states if stay.since <= moment.in_force}
    steps = [
        recorded
        for recorded in world.history(found.id, moment.known)
        if isinstance(recorded.event, Moved) and recorded.version in taken
    ]
    return sorted(steps, key=lambda one: (one.in_force_from, one.position))


def _line(world: World, begun: Recorded, ended: Recorded | None) -> SuspensionLine:
    return SuspensionLine(
        since=begun.in_force_from,
        until=ended.in_force_from if ended else None,
        given=given_in_words(world, begun),
        ended=_title(world, ended) if ended else None,
        given_then=given_in_words(world, ended) if ended else (),
    )


def _title(world: World, recorded: Recorded) -> str | None:
    event = recorded.event
    if not isinstance(event, Moved):
        return None
    way = world.compiled(event.journey).journey.transition.get(event.transition)
    return way.title.say("fr") if way else event.transition
