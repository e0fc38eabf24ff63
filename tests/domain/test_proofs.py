"""Proofs of inclusion and of consistency, against the recursive definitions of RFC 6962."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import audit
from domain.proofs import consistency, grew, inclusion, root_from, subtree
from tests.examples import settings


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:])).digest()


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < half:
        return [*path(index, leaves[:half]), root(leaves[half:])]
    return [*path(index - half, leaves[half:]), root(leaves[:half])]


def proof(old: int, leaves: Sequence[bytes], *, known: bool = True) -> list[bytes]:
    """SUBPROOF of section 2.1.2."""
    if old == len(leaves):
        return [] if known else [root(leaves)]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= half:
        return [*proof(old, leaves[:half], known=known), root(leaves[half:])]
    return [*proof(old - half, leaves[half:], known=False), root(leaves[:half])]


class Kept:
    """A log as it is kept: each leaf with the peak that it completes."""

    def __init__(self, size: int) -> None:
        self.leaves = [audit.leaf_hash(str(index).encode()) for index in range(size)]
        self.peaks: list[bytes] = []
        for index, leaf in enumerate(self.leaves):
            self.peaks.append(audit.completed_peak(index, leaf, self.peaks.__getitem__))

    def leaf(self, index: int) -> bytes:
        return self.leaves[index]

    def peak(self, index: int) -> bytes:
        return self.peaks[index]


KEPT = Kept(600)
SIZES = st.integers(1, 600)


@pytest.mark.parametrize("size", range(1, 40))
def test_every_leaf_of_a_small_tree_is_proved_to_be_in_it(size: int) -> None:
    leaves = KEPT.leaves[:size]
    for index in range(size):
        found = inclusion(KEPT, index, size)

        assert found == path(index, leaves)
        assert root_from(leaves[index], index, size, found) == root(leaves)


@pytest.mark.parametrize("new", range(1, 40))
def test_every_small_tree_is_proved_to_grow_out_of_each_before_it(new: int) -> None:
    for old in range(1, new + 1):
        found = consistency(KEPT, old, new)

        assert found == proof(old, KEPT.leaves[:new])
        assert grew(old, root(KEPT.leaves[:old]), new, root(KEPT.leaves[:new]), found)


def test_the_paths_of_the_example_of_rfc_6962() -> None:
    """Section 2.1.3: seven leaves, the nodes named as in its figure."""
    a, b, c, d, e, f, j = KEPT.leaves[:7]
    g, h, i = (audit.node_hash(*pair) for pair in ((a, b), (c, d), (e, f)))
    k, l = audit.node_hash(g, h), audit.node_hash(i, j)  # noqa: E741  # the names of the figure

    assert root(KEPT.leaves[:7]) == audit.node_hash(k, l)
    assert inclusion(KEPT, 0, 7) == [b, h, l]
    assert inclusion(KEPT, 3, 7) == [c, g, l]
    assert inclusion(KEPT, 4, 7) == [f, j, k]
    assert inclusion(KEPT, 6, 7) == [i, k]
    assert consistency(KEPT, 3, 7) == [c, d, g, l]
    assert consistency(KEPT, 4, 7) == [l]
    assert consistency(KEPT, 6, 7) == [i, j, k]


@given(SIZES, st.data())
@settings(deadline=None)
def test_any_stretch_has_the_root_of_its_leaves(end: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, end - 1))

    assert subtree(KEPT, start, end) == root(KEPT.leaves[start:end])


@given(SIZES, st.data())
@settings(deadline=None)
def test_a_path_proves_one_leaf_at_one_index_of_one_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    found, leaves = inclusion(KEPT, index, size), KEPT.leaves[:size]
    told = root(leaves)

    assert found == path(index, leaves)
    assert root_from(leaves[index], index, size, found) == told
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index)) if size > 1 else size
    assert root_from(leaves[index], other, size, found) != told
    assert root_from(audit.leaf_hash(b"x"), index, size, found) != told
    assert root_from(leaves[index], index, size, [*found, told]) is None
    if found:
        assert root_from(leaves[index], index, size, found[:-1]) != told
        at = data.draw(st.integers(0, len(found) - 1))
        bent = [*found[:at], bytes(32), *found[at + 1 :]]
        assert root_from(leaves[index], index, size, bent) != told


@given(SIZES, st.data())
@settings(deadline=None)
def test_a_path_proves_the_growth_of_one_tree_from_one_other(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    found = consistency(KEPT, old, new)
    before, after = root(KEPT.leaves[:old]), root(KEPT.leaves[:new])

    assert found == proof(old, KEPT.leaves[:new])
    assert grew(old, before, new, after, found)
    assert not grew(old, bytes(32), new, after, found)
    assert not grew(old, before, new, bytes(32), found)
    assert not grew(old, before, new, after, [*found, bytes(32)])
    assert not grew(new + 1, before, new, after, found)
    if found:
        assert not grew(old, before, new, after, found[:-1])
        at = data.draw(st.integers(0, len(found) - 1))
        assert not grew(old, before, new, after, [*found[:at], bytes(32), *found[at + 1 :]])


def test_anything_grows_out_of_nothing_and_out_of_itself() -> None:
    told = root(KEPT.leaves[:7])

    assert consistency(KEPT, 0, 7) == consistency(KEPT, 7, 7) == []
    assert grew(0, audit.EMPTY_ROOT, 7, told, [])
    assert grew(7, told, 7, told, [])
    assert not grew(0, told, 7, told, [])
    assert not grew(7, told, 7, audit.EMPTY_ROOT, [])
    assert not grew(7, told, 3, told, [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_leaf_is_proved_to_be_where_it_is_not(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion(KEPT, index, size)
    assert root_from(bytes(32), index, size, []) is None


def test_no_tree_grows_backwards() -> None:
    with pytest.raises(ValueError, match="did not grow"):
        consistency(KEPT, 8, 7)
