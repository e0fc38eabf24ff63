"""What the events of a bundle are, in words: of those in which something does not hold."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from application.kind_of_event import kind_in_words
from domain.kernel import instant_of
from infrastructure.bundle_entries import BundleEntries


@dataclass(frozen=True, slots=True)
class EventTold:
    """The kind of an event, in words where this version knows it, and when it was recorded."""

    kind: str
    recorded_at: datetime


def told_of(entries: BundleEntries, indexes: Collection[int]) -> dict[int, EventTold]:
    """What some events are, as far as their entries can be read, by their indexes."""
    found = {index: entry for index in indexes if (entry := entries.told(index))}
    return {
        index: EventTold(kind_in_words(entry.topic), instant_of(entry.recorded_at))
        for index, entry in found.items()
    }
