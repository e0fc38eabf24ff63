"""What a command would record, told before it is."""

from collections.abc import Iterable
from typing import Any

from application.wording import inside, tell, thousands, uncapital
from application.world import World
from domain.case import Moved
from domain.dossier import Dossier
from domain.errors import NotFound
from domain.kernel import Event
from domain.project import Project
from domain.provenance import Kind
from domain.rules import CompiledJourney
from domain.values import Frozen


class Foreseen(Frozen):
    """An event in words, and as it would be recorded."""

    topic: str
    title: str
    detail: str
    event: dict[str, Any]


def told_before(events: Iterable[Event]) -> tuple[Event, ...]:
    """What may be told of events that are not recorded: of an announcement, no result.

    Who may read results before they are announced asks for them, which is noted.
    """
    found = tuple(events)
    if not any(isinstance(event, Dossier.Decided) for event in found):
        return found
    results = (Dossier.Decided, Dossier.own(Moved), Project.Supported)
    return tuple(event for event in found if not isinstance(event, results))


def foreseen(world: World, events: Iterable[Event]) -> list[Foreseen]:
    """Events that were not recorded, in the order in which they would be."""
    return [_foreseen(world, event) for event in events]


def in_words(world: World, event: Event) -> tuple[str, str]:
    """An event as a title and a detail, in the words of the journey that it names."""
    ref = getattr(event, "journey", None)
    compiled = _compiled(world, ref) if isinstance(ref, str) else None
    return tell(event, compiled.journey if compiled else None)


def _compiled(world: World, ref: str) -> CompiledJourney | None:
    try:
        return world.compiled(ref)
    except NotFound:  # published by this very command, or not at all
        return None


def _gone_back_on(world: World, event: Event) -> tuple[str, str] | None:
    """A correction or a retraction, by what it goes back on and their numbers in the journal."""
    of = world.fact(event.corrects) if event.corrects else None
    if of is None or event.kind is Kind.ASSERT:
        return None
    number = f"n° {thousands(of.position)}"
    if event.kind is Kind.RETRACT:
        title, detail = in_words(world, of.event)
        return (
            "Fait retiré",
            f"{title} : {inside(detail)} ({number})" if detail else f"{title} ({number})",
        )
    title, detail = in_words(world, event)
    recorded = world.fact(event.meta.event_id)  # nothing in a rehearsal
    now = f" → n° {thousands(recorded.position)}" if recorded else ""
    return f"Rectifié : {uncapital(title)} ({number}{now})", detail


def _foreseen(world: World, event: Event) -> Foreseen:
    title, detail = _gone_back_on(world, event) or in_words(world, event)
    return Foreseen(
        topic=event.TOPIC, title=title, detail=detail, event=event.model_dump(mode="json")
    )
