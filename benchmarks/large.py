"""A large registry to measure in: the demonstration over and over, each time of other things.

It is made once for each shape of the tables and kept in `.bench/`, which git leaves alone.
"""

import re
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from uuid import UUID, uuid4

from domain.charter_text import CHARTERS
from domain.establishment import ESTABLISHMENTS
from domain.grid import GRIDS
from domain.payment import PAYMENTS
from domain.place_year import PLACES
from domain.register import REGISTER
from domain.rulebook import RULEBOOK
from domain.shelf import SHELF
from infrastructure.database import revisions
from infrastructure.event_store.journal import Row
from infrastructure.event_store.mapper import StoredState
from infrastructure.read_models.schema import digests
from infrastructure.reference import STORIES
from interfaces.store import create
from interfaces.wiring import Product, Settings

EVENTS = 200_000
CACHE = Path(__file__).resolve().parents[1] / ".bench"

ALONE = frozenset(map(str, (RULEBOOK, GRIDS, PLACES, CHARTERS)))
"""Streams that there is one of, and whose events are not told twice."""
SHARED = frozenset(map(str, (REGISTER, SHELF, ESTABLISHMENTS, PAYMENTS)))
"""Streams that there is one of, and that go on."""

_IDENTITY = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def settings(events: int = EVENTS) -> Settings:
    """Where the registry lies; made where it is not there yet."""
    shape = sha256(repr([*revisions(), *sorted(digests().items())]).encode()).hexdigest()[:12]
    home = CACHE / f"{events}-{shape}"
    found = Settings(home=home, database="")
    if not (home / "whole").exists():
        rmtree(home, ignore_errors=True)
        create(found)
        with closing(Product(found)) as product:
            _fill(product, events)
        (home / "whole").touch()
    return found


def _fill(product: Product, events: int) -> None:
    """Tell the stories, then again and again of other things until there are so many events."""
    for story in STORIES:
        product.demonstrate(story)
    told = [row for row in product.journal.rows(0, events) if row.stream not in ALONE]
    versions = {row.stream: row.version for row in told if row.stream in SHARED}
    while product.journal.size() < events:
        others: dict[bytes, bytes] = {}
        again = [_again(row, others, versions) for row in told]
        product.registry.recorder.insert_events(again[: events - product.journal.size()])
    product.follower.catch_up()


def _again(row: Row, others: dict[bytes, bytes], versions: dict[str, int]) -> StoredState:
    """An event as it would be of other things: every identity in it is another one."""

    def other(found: "re.Match[bytes]") -> bytes:
        known = found.group()
        if known.decode() in SHARED | ALONE:
            return known
        return others.setdefault(known, str(uuid4()).encode())

    state = _IDENTITY.sub(other, row.state)
    stream, version = _IDENTITY.sub(other, row.stream.encode()).decode(), row.version
    if row.stream in SHARED:
        version = versions[row.stream] = versions[row.stream] + 1
    event_id = _IDENTITY.search(state[state.index(b'"event_id"') :])
    if event_id is None:
        raise ValueError(row)
    return StoredState(UUID(stream), version, row.topic, state, UUID(event_id.group().decode()))
