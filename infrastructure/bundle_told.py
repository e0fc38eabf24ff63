"""What the events of a bundle are, in words: of those in which something does not hold."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from application.wording import tell
from domain import bundle
from domain.bundle import LoggedEvent
from domain.case import Moved
from domain.kernel import EVENTS, instant_of
from infrastructure.bundle_entries import BundleEntries
from infrastructure.bundle_files import LARGEST_FILE, BundleFiles
from infrastructure.event_store.mapper import read_state


@dataclass(frozen=True, slots=True)
class EventTold:
    """The kind of an event, in words where its state can be read, and when it was recorded."""

    kind: str
    recorded_at: datetime


def told_of(
    files: BundleFiles, entries: BundleEntries, indexes: Collection[int]
) -> dict[int, EventTold]:
    """What some events are, as far as their entries can be read, by their indexes."""
    found = {index: entry for index in indexes if (entry := entries.told(index))}
    titles = {}
    for line in files.zip.lines(bundle.STATES, LARGEST_FILE) if found else ():
        told = bundle.read_state_line(line)
        if told and told[0] in found:
            titles[told[0]] = _title(found[told[0]], told[1])
    return {
        index: EventTold(titles.get(index, entry.topic), instant_of(entry.recorded_at))
        for index, entry in found.items()
    }


def _title(entry: LoggedEvent, state: bytes) -> str:
    """What a person calls such an event; its topic, where the state is none of that kind."""
    if entry.topic not in EVENTS:
        return entry.topic
    try:
        event = read_state(entry.topic, state)
        return "Passage d'étape" if isinstance(event, Moved) else tell(event)[0]
    except (ValidationError, ValueError):
        return entry.topic
