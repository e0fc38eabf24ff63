"""Who holds a commitment from when to when, and whose a payment is where it passed to another.

Product rule, to be confirmed by a lawyer (docs/adr/0030): a transfer holds from its day on.
What is paid on that very day is therefore the new beneficiary's, in whatever order the two were
recorded; what was paid before stays the former one's. Open data and the de minimis count both ask
here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.commitment import Commitment
from domain.organisation import Organisation
from domain.span import covers
from domain.spelling import same

EVE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holding:
    """A beneficiary, from its first day on, until the day of the transfer to another."""

    beneficiary: Organisation
    since: date
    until: date | None

    def receives(self, day: date) -> bool:
        """Whether what is paid on a day is its own."""
        return covers(self.since, self.until, day)


def holdings(commitment: Commitment, day: date) -> tuple[Holding, ...]:
    """Who held it, one after the other, as of a day: the last one does.

    Each under its last number: a SIRET that was corrected makes no other beneficiary.
    """
    found: list[tuple[date, Organisation]] = []
    for since, beneficiary in commitment.handovers_on(day):
        if found and same(found[-1][1].name) == same(beneficiary.name):
            since, _ = found.pop()
        found.append((since, beneficiary))
    ends = [*(since for since, _ in found[1:]), None]
    return tuple(
        Holding(beneficiary, since, until)
        for (since, beneficiary), until in zip(found, ends, strict=True)
    )


def paid_to(commitment: Commitment, holding: Holding, day: date) -> int:
    """What was paid to a beneficiary by a day, in cents."""
    last = day if holding.until is None else min(day, holding.until - EVE)
    return max(commitment.paid_on(last) - commitment.paid_on(holding.since - EVE), 0)


def former(commitment: Commitment, day: date) -> Iterator[tuple[Organisation, int]]:
    """Everybody who held it before whoever does on a day, with what each was paid."""
    for holding in holdings(commitment, day)[:-1]:
        yield holding.beneficiary, paid_to(commitment, holding, day)


def paid_to_others(commitment: Commitment, beneficiary: Organisation, day: date) -> int:
    """What was paid, by a day, to other enterprises before they passed it on."""
    return sum(cents for was, cents in former(commitment, day) if was.siren != beneficiary.siren)
