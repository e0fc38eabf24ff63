"""What is said of a thing that is not there: that it was taken back, or what is said otherwise."""

from uuid import UUID

from application.case import called
from application.rehearsal import in_words
from application.world import World
from domain.case import Case
from domain.correction import TakenBack, kind_of
from domain.dates import paris_day
from domain.errors import NotFound
from domain.provenance import Kind


def absent(world: World, id_: UUID, otherwise: NotFound, known: int | None = None) -> NotFound:
    """What is said of a thing of any kind of which nothing is in effect, as known at a position.

    One that was recorded, and taken back since, says when and why, and up to which size of the
    journal it is read; of anything else is said what its kind says of what it does not know.
    """
    if world.history(id_, known):
        return otherwise  # it is there, and is something else than what was asked for
    told = world.everything(id_, known)
    gone = next((one for one in reversed(told) if one.event.kind is Kind.RETRACT), None)
    if gone is None:
        return otherwise
    before = min(one.position for one in (gone, *world.together(gone.position))) - 1
    day, reason = paris_day(gone.recorded_at), gone.event.meta.reason
    return TakenBack(name=_called(world, id_, before), day=day, reason=reason, known=before)


def _called(world: World, id_: UUID, known: int) -> str:
    """How people know a thing; one that has no name, by what recorded it."""
    first = world.history(id_, known)[0].event
    found = world.load(kind_of(type(first)), id_, known)
    return called(found)[1] if isinstance(found, Case) else in_words(world, first)[0]
