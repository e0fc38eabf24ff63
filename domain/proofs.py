"""What proves that an entry is in the tree, and that a tree grew out of an earlier one. Pure.

RFC 6962 sections 2.1.1 (inclusion) and 2.1.2 (consistency), over any stretch of leaves: the larger
half, a power of two, comes first. A verifier follows RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Sequence
from typing import Protocol

from domain.audit import EMPTY_ROOT, node_hash

Path = Sequence[bytes]
"""The hashes of a proof, each 32 bytes, from the leaf's neighbour up to the root's child."""


class Tree(Protocol):
    """What a log keeps of its tree: at each index a leaf, and the peak that it completes."""

    def leaf(self, index: int) -> bytes:
        """The leaf at an index, from 0."""

    def peak(self, index: int) -> bytes:
        """The root of the largest perfect subtree that ends with the leaf at an index."""


def subtree(tree: Tree, start: int, end: int) -> bytes:
    """The root over the leaves from `start` up to `end`, without it.

    A perfect subtree that is the first of two is a peak that the log keeps; what is the second one
    is folded from its last leaf and the peaks before it. Others are made of those.
    """
    width = end - start
    if width == 1:
        return tree.leaf(start)
    if width & (width - 1) == 0 and start % width == 0:
        return tree.peak(end - 1) if start // width % 2 == 0 else _folded(tree, width, end)
    half = _half(width)
    return node_hash(subtree(tree, start, start + half), subtree(tree, start + half, end))


def _folded(tree: Tree, width: int, end: int) -> bytes:
    """The perfect subtree of a width that ends before an index, and is the second of its pair."""
    root, done = tree.leaf(end - 1), 1
    while done < width:
        root = node_hash(tree.peak(end - 1 - done), root)
        done <<= 1
    return root


def _half(width: int) -> int:
    """The largest power of two below a width."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion(tree: Tree, index: int, size: int) -> list[bytes]:
    """The path that proves the leaf at an index to be in the tree of a size."""
    if not 0 <= index < size:
        msg = f"no leaf {index} in a tree of {size}"
        raise ValueError(msg)
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            path.append(subtree(tree, middle, end))
            end = middle
        else:
            path.append(subtree(tree, start, middle))
            start = middle
    return path[::-1]


def root_from(leaf: bytes, index: int, size: int, path: Path) -> bytes | None:
    """The root that a path of inclusion leads to; `None` where it has not the length it must."""
    if not 0 <= index < size:
        return None
    place, last, root = index, size - 1, leaf
    for neighbour in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(neighbour, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, neighbour)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def consistency(tree: Tree, old: int, new: int) -> list[bytes]:
    """The path that proves the tree of a size to be the beginning of that of a larger one.

    Empty where one is empty, or both are the same.
    """
    if not 0 <= old <= new:
        msg = f"a tree of {new} did not grow out of one of {old}"
        raise ValueError(msg)
    if old in (0, new):
        return []
    path, start, end, is_whole = [], 0, new, True
    while end != old:
        middle = start + _half(end - start)
        if old <= middle:
            path.append(subtree(tree, middle, end))
            end = middle
        else:
            path.append(subtree(tree, start, middle))
            start, is_whole = middle, False
    if not is_whole:  # who verifies knows the root of the old tree, and no other part of it
        path.append(subtree(tree, start, end))
    return path[::-1]


def grew(old: int, old_root: bytes, new: int, new_root: bytes, path: Path) -> bool:
    """Whether a path proves that the tree of a root and size grew out of that of another.

    From an empty tree anything grows: there is nothing to prove, and the path must be empty.
    """
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        same = old_root == (EMPTY_ROOT if old == 0 else new_root)
        return same and not path
    hashes = list(path) if old & (old - 1) else [old_root, *path]
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for neighbour in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(neighbour, before), node_hash(neighbour, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, neighbour)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root
