"""The Merkle tree over everything recorded, judged by independent programs."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from domain import audit
from tests.examples import settings

# The inputs of the reference tests of certificate-transparency (merkle_tree_test), and the roots
# of the trees of the first 1, 2, … 8 of them, by RFC 6962 section 2.1.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def peaks_of(entries: list[bytes]) -> list[bytes]:
    """The peak kept with each entry, as the store keeps it."""
    peaks: list[bytes] = []
    for index, entry in enumerate(entries):
        peaks.append(audit.completed_peak(index, audit.leaf_hash(entry), peaks.__getitem__))
    return peaks


def root_of(entries: list[bytes]) -> str:
    peaks = peaks_of(entries)
    return audit.root_of([peaks[i] for i in audit.frontier(len(entries))]).hex()


def judged(entries: list[bytes]) -> str:
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    root: bytes = tree.get_root()
    return root.hex()


# The entry.

entries = st.fixed_dictionaries(
    {
        "index": st.integers(0, 2**40),
        "event_id": st.uuids(),
        "topic": st.from_regex(r"[a-z_]{1,30}\.[a-z_]{1,30}\.v[1-9][0-9]{0,2}", fullmatch=True),
        "stream": st.uuids(),
        "version": st.integers(1, 2**31),
        "recorded_at": st.integers(1, 2**53 - 1),
        "state": st.binary(max_size=200),
    }
)


@settings(deadline=None)
@given(given=entries)
def test_an_entry_is_the_canonical_json_of_its_members(given: dict[str, Any]) -> None:
    entry = audit.entry(**given)

    digest = urlsafe_b64encode(sha256(given["state"]).digest()).decode().rstrip("=")
    assert entry == rfc8785.dumps(
        {
            "v": 1,
            "i": given["index"],
            "id": str(given["event_id"]),
            "k": given["topic"],
            "n": given["version"],
            "r": given["recorded_at"],
            "s": str(given["stream"]),
            "h": digest,
        }
    )
    assert len(entry) < 2000


def test_an_entry_written_out() -> None:
    """A case to compare with by hand: SHA-256 of `{}` is 44136fa3…"""
    entry = audit.entry(
        index=0,
        event_id=UUID(int=1),
        topic="pole.registered.v1",
        stream=UUID(int=2),
        version=1,
        recorded_at=1_700_000_000_000_000,
        state=b"{}",
    )

    assert entry == (
        b'{"h":"RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o","i":0,'
        b'"id":"00000000-0000-0000-0000-000000000001","k":"pole.registered.v1","n":1,'
        b'"r":1700000000000000,"s":"00000000-0000-0000-0000-000000000002","v":1}'
    )


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = audit.leaf_hash(b"a"), audit.leaf_hash(b"b")

    assert audit.node_hash(left, right) == sha256(b"\x01" + left + right).digest()
    assert audit.leaf_hash(left + right) != audit.node_hash(left, right)


# The tree.


def test_the_empty_log_has_the_hash_of_nothing() -> None:
    assert audit.root_of([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@pytest.mark.parametrize("size", range(1, 9))
def test_the_worked_examples_of_certificate_transparency(size: int) -> None:
    assert root_of(INPUTS[:size]) == ROOTS[size - 1]


def test_an_independent_program_finds_the_same_root_at_every_size() -> None:
    entries = [f"entry {n}".encode() for n in range(70)]

    for size in range(71):
        assert root_of(entries[:size]) == judged(entries[:size]), size


@settings(deadline=None, max_examples=60)
@given(entries=st.lists(st.binary(max_size=40), max_size=300))
def test_an_independent_program_finds_the_same_root(entries: list[bytes]) -> None:
    assert root_of(entries) == judged(entries)


@settings(deadline=None)
@given(size=st.integers(0, 2**40))
def test_a_frontier_is_made_of_perfect_trees_from_the_largest_on(size: int) -> None:
    ends = [0, *(index + 1 for index in audit.frontier(size))]
    widths = [after - before for before, after in pairwise(ends)]

    assert sum(widths) == size
    assert all(width.bit_count() == 1 for width in widths)
    assert widths == sorted(set(widths), reverse=True)


@settings(deadline=None, max_examples=60)
@given(entries=st.lists(st.binary(max_size=8), min_size=1, max_size=70), data=st.data())
def test_a_peak_is_the_root_of_what_it_covers(entries: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    width = (index + 1) & -(index + 1)

    peak = peaks_of(entries)[index]

    assert peak.hex() == judged(entries[index + 1 - width : index + 1])


@settings(deadline=None, max_examples=60)
@given(entries=st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=70), data=st.data())
def test_any_change_of_any_entry_changes_the_root(
    entries: list[bytes], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries]
    first, rest = entries[index][0], entries[index][1:]
    changed[index] = bytes([first ^ data.draw(st.integers(1, 255))]) + rest

    assert root_of(changed) != root_of(entries)
    assert root_of(entries[:-1]) != root_of(entries)
