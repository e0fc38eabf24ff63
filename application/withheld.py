"""What histories do not tell yet: before results are announced, how a dossier fared in its review.

Its conditions, rank, analysis and opinions are told once its decision is announced; where it ended
without one, once the results of its wave are. A line that is withheld is absent, whatever it says.

The steps of a dossier are told at once, and of its appeals; why each was taken waits with the rest.
Where what a dossier came to is told, why it is reopened, or an appeal answered, is told at once.

Of a round of evaluation, what is to be taken up again is told once the round may be read.

That a dossier is not eligible is told at once, with the stage that says so, and so is how many of
the conditions were assessed, met and not met, which its steps rest on (`application.ways`): it is a
finding of admissibility, notified by itself, and no result of the committee (product rule). Which
conditions, on what evidence and why waits with the rest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from uuid import UUID

from application.world import World
from domain.appeal import Appeal
from domain.call import Call
from domain.case import Moved
from domain.dossier import Dossier
from domain.evaluation import SHOWN, Evaluation
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

POSITIONS = (Evaluation.Positioned, Evaluation.LeftUnobserved)
"""What is read of a round once it is published, and by its authors alone before."""

ENDS = frozenset({"abandoned", *SHOWN})
"""Where a step of a round may lead whose reasons are told at once; what is asked to be taken up
again may tell a level, and waits until the round is published."""


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
        told.append(recorded if why_is_told(world, recorded, known) else _without_why(recorded))
    return told


def told_whole(world: World, history: Sequence[Recorded], known: int) -> list[Recorded]:
    """The beginning of a history of which every event may be told, with all that it says.

    What follows an event that may not waits with it, so that no path has a gap.
    """
    whole = {id(one) for one in history}
    told = {one.position for one in told_yet(world, history, known) if id(one) in whole}
    unread = {
        one.position
        for one in history
        if isinstance(one.event, POSITIONS) and not _is_shown(world, one.stream, known)
    }
    return [*takewhile(lambda one: one.position in told - unread, history)]


def why_is_told(world: World, recorded: Recorded, known: int) -> bool:
    """Whether it may be said why a step was taken, with what was known at a position."""
    event, at = recorded.event, recorded.position
    says_why = isinstance(event, Moved) and (event.input or event.meta.reason or event.meta.ground)
    if not says_why:
        return True
    begun = at
    match event:
        case Evaluation.Moved(to=to, input=given):
            return not given or to in ENDS or _is_shown(world, recorded.stream, known)
        case _ if isinstance(event, Dossier.own(Moved)):
            dossier = recorded.stream
        case _ if isinstance(event, Appeal.own(Moved)):
            lodged = world.history(recorded.stream, known)[0]
            appeal = world.load(Appeal, recorded.stream, known)
            if appeal is None:
                return False
            dossier, begun = appeal.dossier, lodged.position
        case _:
            return True
    return at <= announced_at(world, dossier, known) or any(
        _was_told(world, dossier, before) for before in {begun - 1, at - 1}
    )


def _is_shown(world: World, round_: UUID, known: int) -> bool:
    """Whether everybody may read the positions of a round, or once could."""
    found = world.load(Evaluation, round_, known)
    return found is not None and any(stay.value in SHOWN for stay in found.main.states)


def _was_told(world: World, dossier: UUID, known: int) -> bool:
    """Whether what a dossier came to was told already, with what was known at a position."""
    found = world.load(Dossier, dossier, known)
    return found is not None and all_told(world, found, known)


def _without_why(recorded: Recorded) -> Recorded:
    """A step as it is told before its reasons may be."""
    event = recorded.event
    meta = event.meta.model_copy(update={"reason": None, "ground": None})
    return replace(recorded, event=event.model_copy(update={"input": {}, "meta": meta}))


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
