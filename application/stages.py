"""The stages of a kind of case, as lists call them and let choose among them."""

from collections.abc import Callable, Collection, Mapping

from application.world import Moment, World
from domain.rulebook import RULEBOOK, Rulebook


def stages_of(
    journeys: Collection[str], called: Mapping[str, str]
) -> Callable[[World, Moment], Mapping[str, str]]:
    """What answers for the stages of some journeys, of every version published then.

    Args:
        called: what lists call those of the versions that ship; others go by their titles.
    """

    def in_words(world: World, moment: Moment) -> Mapping[str, str]:
        rulebook = world.load(Rulebook, RULEBOOK, moment.known)
        published = [journey for journey, _ in rulebook.journeys.values()] if rulebook else []
        return {
            state.id: called.get(state.id) or state.title.fr
            for journey in published
            if journey.id in journeys
            for state in journey.states
        }

    return in_words
