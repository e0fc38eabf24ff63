"""Events of the log, looked for by kind, by who recorded them, by period, by command."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from application.kind_of_event import kind_in_words
from application.mandate import account_in_words
from application.wording import ROLES
from domain.kernel import instant_of
from domain.roles import Role
from domain.values import Frozen


class StoredEvent(Protocol):
    """A row of the journal."""

    @property
    def position(self) -> int: ...
    @property
    def recorded_at(self) -> int: ...
    @property
    def stream(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def state(self) -> bytes: ...
    @property
    def event_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class EventsAsked:
    """Which events are looked for; what is empty chooses nothing.

    Args:
        kind, not_kind: a topic without its version, or the concept before its point.
        account: the identity of who recorded them, or its beginning.
        command: the identity that all events of one command have.
        streams: what they are about.
    """

    kind: str = ""
    not_kind: str = ""
    account: str = ""
    command: str = ""
    role: str = ""
    streams: frozenset[str] = frozenset()

    def admits(self, topic: str, stream: str) -> bool:
        """Whether events of a topic, about something, are among them."""
        return (
            (not self.streams or stream in self.streams)
            and (not self.kind or _is_of(topic, self.kind))
            and (not self.not_kind or not _is_of(topic, self.not_kind))
        )


class EventFound(Frozen):
    """An event as its list tells it: of what kind, when, by whom; not what it says."""

    position: int
    event_id: UUID
    recorded_at: datetime
    occurred_on: str
    topic: str
    kind: str
    stream: UUID
    role: Role
    role_in_words: str
    account: UUID
    account_in_words: str
    command: UUID
    cause: UUID | None
    corrects: UUID | None


def _is_of(topic: str, kind: str) -> bool:
    return topic.startswith((f"{kind}.v", f"{kind}."))


def event_found(row: StoredEvent) -> EventFound:
    """What is told of an event in a list."""
    state: dict[str, Any] = json.loads(row.state)
    meta = state["meta"]
    return EventFound(
        position=row.position,
        event_id=UUID(row.event_id),
        recorded_at=instant_of(row.recorded_at),
        occurred_on=state["occurred_on"],
        topic=row.topic,
        kind=kind_in_words(row.topic),
        stream=UUID(row.stream),
        role=Role(meta["role"]),
        role_in_words=ROLES[Role(meta["role"])],
        account=UUID(meta["actor"]),
        account_in_words=account_in_words(UUID(meta["actor"])),
        command=UUID(meta["correlation_id"]),
        cause=meta["causation_id"],
        corrects=state["corrects"],
    )


def events_found(rows: Iterable[StoredEvent], asked: EventsAsked) -> Iterator[EventFound]:
    """Those of some events that are looked for, in their order."""
    words = [
        f'"{name}":"{text}'.encode()
        for name, text in (
            ("actor", asked.account.lower()),
            ("correlation_id", asked.command.lower()),
            ("role", asked.role and f'{asked.role}"'),
        )
        if text
    ]
    for row in rows:
        state = bytes(row.state)
        if asked.admits(row.topic, row.stream) and all(word in state for word in words):
            yield event_found(row)
