"""Bytes ↔ model: the stored state is the event's canonical JSON, read back through its topic."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

from domain.kept import reader
from domain.kernel import Envelope, Event, event_class
from infrastructure.event_store.canonical import canonical


@dataclass(frozen=True)
class StoredState(StoredEvent):
    """A stored event that carries its identity beside its bytes, not inside their parsing."""

    event_id: UUID


def read_state(topic: str, state: bytes) -> Event:
    """Read a stored state as it was recorded, whatever rule was tightened since.

    Older topics are first upcast into the members of today's.
    """
    return _reader(topic)(state)


_readers: dict[str, Callable[[bytes], Event]] = {}


def _reader(topic: str) -> Callable[[bytes], Event]:
    read = _readers.get(topic)
    if read is None:
        cls = event_class(topic)
        kept, upcast = reader(cls), cls.UPCASTS.get(topic)
        if upcast is None:
            read = kept.validate_json
        else:

            def read(state: bytes) -> Event:
                older: Event = kept.validate_python(upcast(orjson.loads(state)))
                return older

        _readers[topic] = read
    return read


def write_state(event: Event) -> bytes:
    """The canonical JSON that is stored, hashed and, one day, shown to an auditor."""
    members: dict[str, Any] = event.model_dump(mode="json")
    return canonical(members)


class StateMapper(Mapper[UUID]):
    """The library's port between events and their stored form, with envelope and payload apart."""

    def to_stored_event(self, domain_event: Any) -> StoredState:
        envelope: Envelope = domain_event
        return StoredState(
            originator_id=envelope.originator_id,
            originator_version=envelope.originator_version,
            topic=envelope.event.TOPIC,
            state=write_state(envelope.event),
            event_id=envelope.event.meta.event_id,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        try:
            event = read_state(stored_event.topic, stored_event.state)
        except ValueError as error:
            place = f"{stored_event.originator_id} version {stored_event.originator_version}"
            msg = f"{stored_event.topic} of {place} cannot be read: {error}"
            raise MapperDeserialisationError(msg) from error
        return Envelope(
            UUID(str(stored_event.originator_id)), stored_event.originator_version, event
        )
