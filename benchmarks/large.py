"""A large registry to measure in: the demonstration over and over, each time of other things.

Either of other poles each time, or of as many as are asked for, to which years go on happening.
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
_CODE = re.compile(rb'(?<="code":")[^"]+')
CODED = ("pole.registered.", "register.pole_entered.")
"""The topics that give a pole its code, which no other has."""


LASTING = ("pole.", "recognition.", "account", "mandate.")
"""How the topics begin of what happens to a pole once, and not again each year."""
YEARLY = ("pole.attached.", "pole.contact_attempted.")
"""How those begin of what happens in the stream of a pole whenever something does about it."""


def settings(events: int = EVENTS, poles: int | None = None) -> Settings:
    """Where the registry lies; made where it is not there yet.

    Args:
        poles: about how many there are, however long their history; as many as it takes to tell so
            many events of others each time, unless said.
    """
    shape = sha256(repr([*revisions(), *sorted(digests().items())]).encode()).hexdigest()[:12]
    home = CACHE / f"{events}-{poles or 'all'}-{shape}"
    found = Settings(home=home, database="")
    if not (home / "whole").exists():
        rmtree(home, ignore_errors=True)
        create(found)
        with closing(Product(found)) as product:
            _fill(product, events, poles)
        (home / "whole").touch()
    return found


def _fill(product: Product, events: int, poles: int | None) -> None:
    """Tell the stories, then again and again of other things until there are so many events."""
    for story in STORIES:
        product.demonstrate(story)
    told = [row for row in product.journal.rows(0, events) if row.stream not in ALONE]
    firsts = {row.stream: row.topic for row in told if row.version == 1}
    versions = {row.stream: row.version for row in told}
    of_poles = [stream.encode() for stream, topic in firsts.items() if topic.startswith("pole.")]
    yearly = [row for row in told if _comes_back(row, firsts[row.stream])]
    copies: list[dict[bytes, bytes]] = [{pole: pole for pole in of_poles}]
    while product.journal.size() < events:
        if poles is None or len(copies) * len(of_poles) < poles:
            others: dict[bytes, bytes] = {}
            copies.append(others)
            again = [_again(row, others, versions, len(copies)) for row in told]
            copies[-1] = {pole: others[pole] for pole in of_poles}
        else:  # another year of the poles of one of the copies, each in its turn
            copies.append(copy := copies.pop(0))
            year = {**copy}
            again = [_again(row, year, versions, 0) for row in yearly]
        product.registry.recorder.insert_events(again[: events - product.journal.size()])
    product.follower.catch_up()


def _comes_back(row: Row, first: str) -> bool:
    """Whether an event may happen again to the same poles, a year later."""
    return row.topic.startswith(YEARLY) or not first.startswith(LASTING)


def _again(
    row: Row, others: dict[bytes, bytes], versions: dict[str, int], number: int
) -> StoredState:
    """An event as it would be of other things: every identity in it is another one."""

    def other(found: "re.Match[bytes]") -> bytes:
        known = found.group()
        if known.decode() in SHARED | ALONE:
            return known
        return others.setdefault(known, str(uuid4()).encode())

    state = _IDENTITY.sub(other, row.state)
    stream = _IDENTITY.sub(other, row.stream.encode()).decode()
    version = versions[stream] = versions.get(stream, 0) + 1
    if row.topic.startswith(CODED):
        state = _CODE.sub(lambda code: code.group() + b"-%d" % number, state)
    event_id = _IDENTITY.search(state[state.index(b'"event_id"') :])
    if event_id is None:
        raise ValueError(row)
    return StoredState(UUID(stream), version, row.topic, state, UUID(event_id.group().decode()))
