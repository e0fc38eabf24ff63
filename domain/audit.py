"""The Merkle tree over everything recorded: leaves, peaks and the root. Pure.

RFC 6962 section 2.1 (SHA-256): a leaf hashes `0x00 ‖ entry`, a node `0x01 ‖ left ‖ right`; the
prefixes keep a leaf from passing for a node.
"""

from binascii import b2a_base64
from collections.abc import Callable, Sequence
from hashlib import sha256
from uuid import UUID

EMPTY_ROOT = sha256().digest()

_FOR_URLS = bytes.maketrans(b"+/", b"-_")


def entry(
    *,
    index: int,
    event_id: UUID | str,
    topic: str,
    stream: UUID | str,
    version: int,
    recorded_at: int,
    state: bytes,
) -> bytes:
    """The log's entry of one event: RFC 8785 JSON under 2 kB, never the payload.

    Args:
        index: place in the log, from 0.
        event_id: an identity, or the one spelling of it; so for `stream`.
        recorded_at: microseconds since 1970, UTC.
        state: the stored canonical JSON, of which only the SHA-256 is kept.
    """
    digest = b2a_base64(sha256(state).digest(), newline=False).translate(_FOR_URLS, b"=").decode()
    # Members in RFC 8785 order; every value is ASCII that needs no escape.
    return (
        f'{{"h":"{digest}","i":{index},"id":"{event_id}","k":"{topic}","n":{version},'
        f'"r":{recorded_at},"s":"{stream}","v":1}}'
    ).encode()


def leaf_hash(entry: bytes) -> bytes:
    """The leaf of an entry, 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The parent of two nodes, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def completed_peak(index: int, leaf: bytes, peak_at: Callable[[int], bytes]) -> bytes:
    """The root of the largest perfect subtree that the leaf at `index` completes.

    Args:
        peak_at: the peak kept with an earlier index.
    """
    peak, width = leaf, 1
    while index & width:
        peak = sha256(b"\x01" + peak_at(index - width) + peak).digest()
        width <<= 1
    return peak


def frontier(size: int) -> list[int]:
    """The indexes whose peaks make up a tree of `size` leaves, largest subtree first."""
    indexes, end = [], 0
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            end += 1 << bit
            indexes.append(end - 1)
    return indexes


def root_of(peaks: Sequence[bytes]) -> bytes:
    """The root of the tree whose frontier has these peaks, largest subtree first.

    Two logs have the same root only if they hold the same entries in the same order, so
    publishing the root is enough to notice any later change.
    """
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root
