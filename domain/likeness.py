"""Codes that resemble one another: what somebody who slipped may have meant."""

from bisect import bisect_left
from collections.abc import Sequence


def closest(code: str, codes: Sequence[str], limit: int) -> list[str]:
    """The codes that the fewest slips part from one: a sign more, less, other, or two exchanged.

    Among equals, those that begin alike, then those that follow it in order.
    """
    place = bisect_left(codes, code)

    def by_likeness(rank: int) -> tuple[int, bool, int, str]:
        other = codes[rank]
        return slips(code, other), other[:2] != code[:2], abs(rank - place), other

    # A code of the same length, or one sign away, is measured; the others are neighbours at most.
    measured = (rank for rank, other in enumerate(codes) if _may_be_close(code, other))
    ranks = sorted(measured, key=by_likeness)[:limit]
    if len(ranks) < limit:
        near = range(max(0, place - limit), min(len(codes), place + limit))
        ranks += sorted((rank for rank in near if rank not in ranks), key=by_likeness)
    return [codes[rank] for rank in ranks[:limit]]


def _may_be_close(one: str, other: str) -> bool:
    """Whether two slips could part them: at most two signs of either are not in the other."""
    return (
        abs(len(one) - len(other)) <= 2
        and sum(sign not in other for sign in one) <= 2
        and slips(one, other) <= 2
    )


def slips(one: str, other: str) -> int:
    """How many slips of the pen part two texts (Damerau and Levenshtein, one edit a place)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, match in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != match))
            if i > 1 and j > 1 and sign == other[j - 2] and match == one[i - 2]:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
