"""What histories do not tell yet: before results are announced, how a dossier fared in its review.

Its conditions, rank, analysis and opinions are told once its decision is announced; where it ended
without one, once the results of its wave are. A line that is withheld is absent, whatever it says.

That a dossier is not eligible is told at once, with the stage that says so, and so is how many of
the conditions were assessed, met and not met, which its steps rest on (`application.ways`): it is a
finding of admissibility, notified by itself, and no result of the committee (product rule). Which
conditions, on what evidence and why waits with the rest.
"""

from collections.abc import Iterable
from uuid import UUID

from application.world import World
from domain.call import Call
from domain.dossier import Dossier
from domain.kernel import Event, Recorded

WITHHELD: tuple[type[Event], ...] = (
    Dossier.ConditionAssessed,
    Dossier.Ranked,
    Dossier.Analysed,
    Dossier.OpinionAsked,
    Dossier.OpinionGiven,
    Dossier.OpinionWithheld,
)
"""What is told with the results, and not before."""


def told_yet(world: World, events: Iterable[Recorded], known: int) -> list[Recorded]:
    """Some events, without those that may not be told with what was known at a position."""
    announced: dict[UUID, int] = {}
    told = []
    for recorded in events:
        if isinstance(recorded.event, WITHHELD):
            stream = recorded.stream
            if stream not in announced:
                announced[stream] = announced_at(world, stream, known)
            if recorded.position > announced[stream]:
                continue
        told.append(recorded)
    return told


def announced_at(world: World, dossier: UUID, known: int) -> int:
    """The position at which what was done of a dossier was last announced; 0 before."""
    history = world.history(dossier, known)
    decided = [r.position for r in history if isinstance(r.event, Dossier.Decided)]
    found = world.load(Dossier, dossier, known)
    if decided or found is None or not found.is_over:
        return max(decided, default=0)
    return max(
        (
            recorded.position
            for recorded in world.history(found.call, known)
            if isinstance(recorded.event, Call.ResultsAnnounced)
            and recorded.event.wave == found.wave
        ),
        default=0,
    )


def all_told(world: World, found: Dossier, known: int) -> bool:
    """Whether nothing of a dossier's review is withheld: it is over, and all of it is announced."""
    announced = announced_at(world, found.id, known) if found.is_over else 0
    return announced > 0 and not any(
        recorded.position > announced and isinstance(recorded.event, WITHHELD)
        for recorded in world.history(found.id, known)
    )
