"""Recompute the whole log from what is stored, and say where it differs."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from eventsourcing.persistence import OperationalError

from domain import audit
from domain.errors import Damaged
from infrastructure.event_store.journal import Journal, ProofRow


class LogDamaged(Damaged):
    """What is stored is not what was recorded."""

    code = "audit.damaged"
    fr = "L'événement n° {number} n'est plus celui qui a été enregistré : {reason}."
    en = "Event no. {number} is no longer the one that was recorded: {reason}."

    def __init__(self, *, index: int, reason: str) -> None:
        super().__init__(index=index, number=index + 1, reason=reason)


KINDS = (int, int, str, int, str, bytes, str, bytes, bytes)
"""What each value of a `ProofRow` is; SQLite lets anything stand in any column."""


is_identity = re.compile("-".join(f"[0-9a-f]{{{length}}}" for length in (8, 4, 4, 4, 12))).fullmatch
"""Whether a text is an identity, in its one spelling."""


class _IdentityInside(msgspec.Struct):
    event_id: str


class _StateRead(msgspec.Struct):
    """What is taken out of a state; the rest is only seen to be JSON, at a third of the cost."""

    meta: _IdentityInside


_read = msgspec.json.Decoder(_StateRead).decode


@dataclass(frozen=True)
class Verified:
    """What a verification found: how many events, and the root they give."""

    size: int
    root: bytes


def verify(
    journal: Journal,
    batch: int = 2000,
    *,
    after: int = 0,
    until: int | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> Verified:
    """Recompute every leaf, every peak and the root.

    Positions must be dense, the instants must grow, the versions of each stream must follow on
    one another, and each state must still hold the event whose identity lies beside it. The
    first difference is refused as `LogDamaged`, with its index.

    Args:
        after: a size of which the root is known to be that of the kept peaks: what it has is not
            read again.
        until: the size to end with; that of the journal, unless given.
        tell: is told after each batch how many were read.
    """
    peaks = journal.peaks(after)
    versions: dict[str, int] = {}
    index, recorded_at = after, journal.instant(after) if after else 0
    for row in _all(journal, batch, after, until):
        if row.position != index + 1:
            raise LogDamaged(index=index, reason="il manque")
        if tuple(map(type, row)) != KINDS:
            raise LogDamaged(index=index, reason="une de ses valeurs a changé de nature")
        if row.recorded_at <= recorded_at:
            raise LogDamaged(index=index, reason="son heure ne suit pas celle du précédent")
        stream, version = row.stream, row.version
        if stream not in versions:
            if not is_identity(stream):
                raise LogDamaged(index=index, reason="une de ses identités est illisible")
            versions[stream] = journal.version(stream, after) if after else 0
        if version != versions[stream] + 1:
            raise LogDamaged(
                index=index, reason="sa version ne suit pas la précédente de la même histoire"
            )
        _check(row, index, peaks)
        versions[stream] = version
        index, recorded_at = index + 1, row.recorded_at
        if index % batch == 0:
            tell(index)
    if until is not None and index != until:
        raise LogDamaged(index=index, reason="il manque")
    return Verified(index, audit.root_of(peaks))


def _check(row: ProofRow, index: int, peaks: list[bytes]) -> None:
    """Compare a row with what its event gives, and put its peak in place of those it covers."""
    _, recorded_at, stream, version, topic, state, event_id, kept_leaf, kept_peak = row
    if not is_identity(event_id):
        raise LogDamaged(index=index, reason="une de ses identités est illisible")
    entry = audit.entry(
        index=index,
        event_id=event_id,
        topic=topic,
        stream=stream,
        version=version,
        recorded_at=recorded_at,
        state=state,
    )
    leaf = sha256(b"\x00" + entry).digest()
    if leaf != kept_leaf:
        raise LogDamaged(index=index, reason="son contenu ne donne pas sa feuille")
    # Every other leaf is a peak of its own: the commonest case is not worth a call.
    peak = audit.completed_peak(index, leaf, lambda _: peaks.pop()) if index & 1 else leaf
    if peak != kept_peak:
        raise LogDamaged(index=index, reason="son sommet ne correspond pas à l'arbre")
    peaks.append(peak)
    try:
        inside = _read(state).meta.event_id
        state.decode()  # what is passed over may be no UTF-8
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise LogDamaged(index=index, reason="son état est illisible") from None
    if inside != event_id:
        raise LogDamaged(index=index, reason="son identité n'est pas celle de son état")


def _all(journal: Journal, batch: int, after: int, until: int | None) -> Iterator[ProofRow]:
    while rows := _some(journal, after, batch):
        yield from rows if until is None else [row for row in rows if row.position <= until]
        after = rows[-1].position
        if until is not None and after >= until:
            return


def _some(journal: Journal, after: int, batch: int) -> list[ProofRow]:
    try:
        return journal.proofs(after, batch)
    except OperationalError as error:
        if "decode" not in str(error):
            raise
    if batch == 1:  # SQLite gives no text that is not UTF-8
        raise LogDamaged(index=after, reason="un de ses textes est illisible")
    return _some(journal, after, batch // 2)
