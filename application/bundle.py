"""What of the log a bundle of one pole shows: its own history, and nothing of the others."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from application.withheld import told_whole
from application.world import World
from domain.case import Migrated
from domain.grid import Grids
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Attaching:
    """Since when something recorded elsewhere is part of the history of a pole."""

    position: int
    pole: UUID
    command: UUID


def shown_of(world: World, pole: UUID, until: int) -> list[int]:
    """The positions of the events that a bundle of one pole shows, in their order.

    These are the history of the pole, that of everything attached to it, and the publication of
    the definitions that these follow. What was attached to one pole after the other, as a project
    that is transferred, is shown from its attachment to this one until its attachment to another;
    the event by which it passes belongs to both. What may not be told yet, such as a review before
    the results are announced, is not shown, nor what follows it.
    """
    own = told_whole(world, world.everything(pole, until), until)
    found = {recorded.position: recorded.event for recorded in own}
    attached = _attachments(world, until)
    for stream, owners in attached.items():
        if any(owner.pole == pole for owner in owners):
            history = world.everything(stream, until)
            told = told_whole(world, history, until)
            found |= {r.position: r.event for r in _share(told, owners, pole)}
    found |= _definitions(world, found.values(), until)
    return sorted(found)


def _attachments(world: World, until: int) -> dict[UUID, list[Attaching]]:
    """By stream, the poles that it was attached to, in the order in which it was."""
    found: dict[UUID, list[Attaching]] = {}
    kinds = (Pole.Attached, Pole.RecognitionAttached, Pole.CharterSignatureAttached)
    for recorded in world.told_ever(*kinds, until=until):
        event = recorded.event
        match event:
            case Pole.Attached():
                stream = event.subject
            case Pole.RecognitionAttached():
                stream = event.recognition
            case Pole.CharterSignatureAttached():
                stream = event.signature
            case _:
                continue
        command = event.meta.correlation_id
        owner = Attaching(recorded.position, recorded.stream, command)
        found.setdefault(stream, []).append(owner)
    return found


def _share(history: list[Recorded], owners: list[Attaching], pole: UUID) -> Iterable[Recorded]:
    """The part of a history that is recorded of a pole."""
    if all(owner.pole == pole for owner in owners):
        return history
    shown, holder = [], owners[0].pole
    for recorded in history:
        command = recorded.event.meta.correlation_id
        passing = next((o.pole for o in owners if o.command == command), None)
        before = [o.pole for o in owners if o.position <= recorded.position]
        following = passing or (before[-1] if before else holder)
        if pole in (holder, following):
            shown.append(recorded)
        holder = following
    return shown


def _definitions(world: World, events: Iterable[Event], until: int) -> dict[int, Event]:
    """The publications of the journeys and grids that some events name."""
    refs: set[str] = set()
    for event in events:
        names = ("from_", "to") if isinstance(event, Migrated) else ("journey", "grid")
        told = (getattr(event, name, None) for name in names)
        refs |= {ref for ref in told if isinstance(ref, str)}
    found: dict[int, Event] = {}
    for recorded in world.told_ever(Rulebook.JourneyPublished, Grids.Published, until=until):
        event = recorded.event
        match event:
            case Rulebook.JourneyPublished():
                ref = event.journey.ref
            case Grids.Published():
                ref = event.grid.ref
            case _:
                continue
        if ref in refs:
            found[recorded.position] = event
    return found
