"""The open data of the conventions on record: rows, refusals with their reasons, and warnings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from application.ledger import EVERYTHING, LinesChosen, lines_at
from application.scdl import GrantNature, as_csv
from application.scdl_grant import Grant, GrantPart, GrantTold, told
from application.world import Moment, World
from domain.commitment import Commitment, Regime, SupportKind
from domain.convention import Convention
from domain.holding import holdings, paid_to
from domain.organisation import Organisation
from domain.spelling import same
from domain.tranche import TrancheState
from domain.values import Frozen


class Export(Frozen):
    """What is published, what is not and why, and what should be looked at."""

    in_force: date
    rows: tuple[dict[str, str], ...]
    codes: tuple[str, ...]
    """Of each row, the code of its commitment."""
    published: tuple[str, ...]
    """The codes of the commitments that have rows."""
    refused: tuple[GrantTold, ...]
    warned: tuple[GrantTold, ...]
    unsigned: tuple[str, ...]
    """Those without a signed convention: there is nothing of them to publish."""

    @property
    def csv(self) -> bytes:
        """The file."""
        return as_csv(self.rows)


Flows = Mapping[UUID, Sequence[tuple[date, int]]]
"""What was paid of each commitment: the days, and the cents."""


def export(world: World, moment: Moment, chosen: LinesChosen = EVERYTHING) -> Export:
    """The conventions signed by the day, as they were known then and stood on that day."""
    day = moment.in_force
    kept = [found for found, line in lines_at(world, moment) if chosen.keeps(line)]
    flows: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    for recorded in world.told(Commitment.TranchePaid, until=moment.known):
        event = recorded.event
        if isinstance(event, Commitment.TranchePaid) and recorded.in_force_from <= day:
            flows[recorded.stream].append((recorded.in_force_from, event.amount_cents))
    return export_of(kept, flows, day)


def export_of(commitments: Iterable[Commitment], flows: Flows, day: date) -> Export:
    """The conventions of some commitments, in the order in which they were signed."""
    signed, unsigned = [], []
    for commitment in commitments:
        convention = commitment.convention_on(day)
        if convention and convention.signing:
            signed.append((convention.signing.on, commitment, convention))
        else:
            unsigned.append(commitment.code)
    signed.sort(key=lambda found: (found[0], found[1].code))
    references = Counter(_key(commitment, text) for _, commitment, text in signed)
    found = [
        told(
            Grant(
                **_terms(commitment, text, day, is_shared=references[_key(commitment, text)] > 1),
                signed_on=on,
                parts=tuple(_parts(commitment, text, flows.get(commitment.id, ()), day)),
            )
        )
        for on, commitment, text in signed
    ]
    return Export(
        in_force=day,
        rows=tuple(row for one in found for row in one.rows),
        codes=tuple(one.code for one in found for _ in one.rows),
        published=tuple(one.code for one in found if one.rows),
        refused=tuple(one for one in found if one.reasons),
        warned=tuple(one for one in found if one.warnings),
        unsigned=tuple(sorted(unsigned)),
    )


def _key(commitment: Commitment, text: Convention) -> tuple[str, str]:
    funder = commitment.funder
    return funder.siren or same(funder.name), same(text.reference)


def _terms(
    commitment: Commitment, text: Convention, day: date, *, is_shared: bool
) -> dict[str, Any]:
    """What every row of a convention repeats.

    Args:
        is_shared: whether the funder gave the same reference to several: their rows would be read
            as parts of one decision, so the code of the commitment is said with it.
    """
    in_kind = commitment.support_kind is SupportKind.IN_KIND
    return {
        "code": commitment.code,
        "funder": commitment.funder,
        "reference": f"{text.reference} ({commitment.code})" if is_shared else text.reference,
        "purpose": commitment.object,
        "amount_cents": _whole(commitment, day),
        "nature": GrantNature.IN_KIND if in_kind else GrantNature.MONEY,
        "conditions": _conditions(commitment, text, day),
        "de_minimis": commitment.regime is Regime.DE_MINIMIS,
    }


def _whole(commitment: Commitment, day: date) -> int:
    in_kind = commitment.support_kind is SupportKind.IN_KIND
    return commitment.value_cents if in_kind else commitment.agreed_on(day)


def _conditions(commitment: Commitment, text: Convention, day: date) -> str:
    tranches = _present(commitment, day)
    if tranches:
        return "échelonné" if len(tranches) > 1 else "unique"
    return " ; ".join(condition.title for condition in text.conditions) or "unique"


def _present(commitment: Commitment, day: date) -> list[TrancheState]:
    """The tranches of which something was paid, or may still be."""
    states = commitment.tranches_on(day).values()
    return [state for state in states if state.paid_cents or state.is_open]


def _parts(
    commitment: Commitment, text: Convention, flows: Sequence[tuple[date, int]], day: date
) -> Iterator[GrantPart]:
    """What each beneficiary has of it: the former ones what they were paid, the present the rest.

    Product rule: the format knows several beneficiaries of one decision, and no transfer. Whose a
    payment is, `domain.holding` says.
    """
    left = _whole(commitment, day)
    *former, present = holdings(commitment, day)
    for holding in former:
        amount = paid_to(commitment, holding, day)
        left -= amount
        days = [on for on, _ in flows if holding.receives(on)]
        yield GrantPart(
            beneficiary=holding.beneficiary,
            amount_cents=amount,
            first_day=min(days, default=None),
            last_day=max(days, default=None),
        )
    days = [on for on, _ in flows if present.receives(on)]
    yield _last_part(commitment, text, present.beneficiary, left, days, day)


def _last_part(
    commitment: Commitment,
    text: Convention,
    beneficiary: Organisation,
    amount: int,
    paid: Sequence[date],
    day: date,
) -> GrantPart:
    """The part of the present beneficiary: what was paid, and when the rest is planned.

    Where no day is planned for something, the days of the convention are those of its payments.
    """
    planned = [state.plan.due_on for state in _present(commitment, day) if state.is_open]
    days = [*paid, *(on for on in planned if on)]
    if None in planned or not days:
        days += [text.ends_on, *([] if paid else [text.starts_on])]
    return GrantPart(
        beneficiary=beneficiary, amount_cents=amount, first_day=min(days), last_day=max(days)
    )
