"""Why a dossier stands where it does, in sentences, once that may be told."""

from collections.abc import Iterator

from application.given_in_words import given_in_words, step_to
from application.withheld import all_told, why_is_told
from application.wording import capital
from application.world import Moment, World, reading
from domain.dossier import Dossier
from domain.dossier_states import INELIGIBLE
from domain.eligibility import CONDITIONS, ConditionId


def why_it_stands(
    world: World, found: Dossier, moment: Moment, *, reviewing: bool = False
) -> tuple[str, ...]:
    """What was said when the step to its stage was taken, and what makes it not eligible.

    Args:
        reviewing: whether whoever asks may read what is not announced.
    """
    if reviewing or all_told(world, found, moment.known):
        return (*_said(world, found, moment), *_not_eligible(world, found, moment))
    return tuple(_said(world, found, moment)) if _is_told(world, found, moment) else ()


def _is_told(world: World, found: Dossier, moment: Moment) -> bool:
    step = step_to(world, found, moment)
    return step is not None and why_is_told(world, step, moment.known)


def _said(world: World, found: Dossier, moment: Moment) -> Iterator[str]:
    step = step_to(world, found, moment)
    if step is None or step.version == 1:  # how it began is no reason
        return
    decision = found.decision_on(moment.in_force)
    if decision and decision.withdrawn:
        yield "le soutien accordé a été retiré"
    yield from (given.said for given in given_in_words(world, step))
    if step.event.meta.reason:
        yield step.event.meta.reason


def _not_eligible(world: World, found: Dossier, moment: Moment) -> Iterator[str]:
    """What alone makes a dossier not eligible, as the journeys that ship ask it."""
    day = moment.in_force
    stay = found.main.standing_on(day)
    if stay.value != INELIGIBLE:
        return
    facts = found.facts_on(stay.since, reading(world, moment))  # what came later made nothing so
    if facts.arrival.late:
        yield "il est arrivé en retard"
    if facts.parts.missing and facts.parts.overdue:
        yield "il n'a pas été complété à temps"
    if facts.project.supported:
        yield "le projet était déjà soutenu"
    for condition in ConditionId:
        known = found.condition_on(condition, day)
        if known and not known.met:
            title = CONDITIONS[condition].fr
            yield f"{title} : condition non remplie. {capital(known.reasons)}"
