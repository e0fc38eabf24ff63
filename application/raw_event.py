"""The events of a pole as they are stored: what a bundle of the pole shows, read on a page.

A personal value is sealed: the event holds the hash of its ciphertext, and so says nothing of it.
"""

import json
from datetime import datetime
from itertools import groupby
from uuid import UUID

from application.history_in_words import everything_of
from application.kind_of_event import kind_in_words
from application.mandate import account_in_words
from application.register import pole_at
from application.withheld import told_whole
from application.world import Moment, World
from domain.kernel import Recorded
from domain.personal import sealed_in
from domain.roles import Role
from domain.values import Frozen


class RawEvent(Frozen):
    """An event with its place in the journal, what is stored of it, and its leaf in the tree."""

    position: int
    recorded_at: datetime
    topic: str
    kind: str
    """The same in words."""
    version: int
    """Its place in the history of its own thing."""
    stream: UUID
    role: Role
    account: str
    state: str
    """What is stored, in JSON, laid out to be read."""
    sealed: int
    """How many of its values are sealed."""
    leaf: str
    """Its hash in the tree, in hexadecimal."""

    @property
    def index(self) -> int:
        """The index of its leaf: leaves count from 0."""
        return self.position - 1


def raw_events(world: World, pole_id: UUID, moment: Moment) -> list[Recorded]:
    """Every event of a pole that may be shown whole, in the order of the journal.

    Of each thing, what follows an event that may not be told yet waits with it.
    """
    pole, _, _ = pole_at(world, pole_id, moment)
    events = everything_of(world, pole, moment.known)
    found = [
        recorded
        for _, history in groupby(events, key=lambda one: one.stream)
        for recorded in told_whole(world, list(history), moment.known)
        if recorded.in_force_from <= moment.in_force
    ]
    return sorted(found, key=lambda one: one.position)


def raw_event(recorded: Recorded, state: bytes, leaf: bytes) -> RawEvent:
    """An event with what is stored of it."""
    event = recorded.event
    return RawEvent(
        position=recorded.position,
        recorded_at=recorded.recorded_at,
        topic=event.TOPIC,
        kind=kind_in_words(event.TOPIC),
        version=recorded.version,
        stream=recorded.stream,
        role=event.meta.role,
        account=account_in_words(event.meta.actor),
        state=json.dumps(json.loads(state), ensure_ascii=False, indent=2),
        sealed=sum(1 for _ in sealed_in(event)),
        leaf=leaf.hex(),
    )
