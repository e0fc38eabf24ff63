"""What was paid beside what was approved: what matches, what is missing, what nothing explains.

A mirror held to two accounts that are kept apart: it records nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.dates import day_in_words
from domain.money import euros
from domain.organisation import Organisation
from domain.payment import Known, PaymentId
from domain.spelling import plain, same
from domain.values import Frozen

AFTER_DAYS = 30
"""After so many days an approved tranche that nobody paid is missing (product rule)."""


class Awaiting(Frozen):
    """What was approved of a tranche and is not recorded as paid."""

    commitment: UUID
    code: str
    tranche: str
    title: str
    funder: Organisation
    beneficiaries: tuple[Organisation, ...]
    """The present one first, then those it took the place of."""
    amount_cents: int
    approved_on: date
    payable: bool = True
    """Whether it may be paid: not while its commitment is suspended."""


class OnRecord(Frozen):
    """A payment that a commitment has on record."""

    commitment: UUID
    code: str
    tranche: str
    title: str
    funder: str
    beneficiary: str
    reference: str
    amount_cents: int
    paid_on: date


class Payment(Frozen):
    """A payment as files tell it."""

    id: PaymentId
    reference: str
    paid_on: date
    amount_cents: int
    payee: str
    payer: str | None

    @property
    def amount(self) -> str:
        return euros(self.amount_cents)


class Matched(Frozen):
    """A payment and the tranche that it pays, or a part of the one for the other."""

    payment: Payment
    commitment: UUID
    code: str
    tranche: str
    title: str
    beneficiary: str
    amount_cents: int
    is_recorded: bool
    """Whether the commitment has it on record already."""


class Missing(Frozen):
    """What was approved and, as far as is known, not paid."""

    commitment: UUID
    code: str
    tranche: str
    title: str
    funder: str
    beneficiary: str
    amount_cents: int
    approved_on: date
    days: int
    """Since it was approved."""


class Unexplained(Frozen):
    """A payment that no tranche explains, and why not."""

    payment: Payment
    reason: str


class Reconciliation(Frozen):
    """Every payment once, and every approved tranche that waits."""

    after_days: int
    matched: tuple[Matched, ...] = ()
    missing: tuple[Missing, ...] = ()
    """Approved that long ago, and to be paid."""
    waiting: tuple[Missing, ...] = ()
    """Approved since, or suspended."""
    unexplained: tuple[Unexplained, ...] = ()
    unseen: tuple[OnRecord, ...] = ()
    """On record of a commitment, and in no file."""

    @property
    def to_record(self) -> tuple[Matched, ...]:
        """The matches that their commitments do not have on record."""
        return tuple(found for found in self.matched if not found.is_recorded)


@dataclass(slots=True)
class _Open:
    """A tranche that waits, and how much of it is not matched yet."""

    of: Awaiting
    left: int


def reconcile(
    known: Iterable[Known],
    awaiting: Iterable[Awaiting],
    entered: Iterable[OnRecord],
    *,
    day: date,
    after_days: int = AFTER_DAYS,
    codes: Iterable[str] = (),
) -> Reconciliation:
    """Match payments with tranches, those on record first.

    A payment that could be of several commitments is of none until its reference names one; and
    one whose reference names a commitment is of no other. A wrong match would be recorded as a
    payment.

    Args:
        codes: those of commitments that may be named beside those that wait for a payment.
        known: the payments made by the day, the oldest first.
        awaiting: what stands approved on the day.
        entered: what commitments have on record as paid by the day.
    """
    on_record: dict[str, list[OnRecord]] = defaultdict(list)
    for entry in entered:
        on_record[same(entry.reference)].append(entry)
    tranches = sorted(awaiting, key=lambda one: (one.approved_on, one.code, one.tranche))
    waits = [_Open(one, one.amount_cents) for one in tranches]
    known_codes = sorted({*codes, *(one.code for one in tranches)}, key=len, reverse=True)
    matched: list[Matched] = []
    unexplained: list[Unexplained] = []
    for one in known:
        entries = _taken(on_record[one.paid.key], one.payer)
        found = _recorded(one, entries) if entries else _paying(one, waits, known_codes)
        if isinstance(found, str):
            unexplained.append(Unexplained(payment=_told(one), reason=found))
        else:
            matched += found
    left = [(_missing(wait, day), wait.of.payable) for wait in waits if wait.left]
    missing = [one for one, payable in left if payable and one.days > after_days]
    return Reconciliation(
        after_days=after_days,
        matched=tuple(matched),
        missing=tuple(missing),
        waiting=tuple(one for one, _ in left if one not in missing),
        unexplained=tuple(unexplained),
        unseen=tuple(entry for entries in on_record.values() for entry in entries),
    )


def _taken(entries: list[OnRecord], payer: str | None) -> list[OnRecord]:
    """Take out what a payer may have paid under a reference; that of others is left."""
    taken = [entry for entry in entries if not payer or same(payer) == same(entry.funder)]
    entries[:] = [entry for entry in entries if entry not in taken]
    return taken


def _recorded(known: Known, entries: Sequence[OnRecord]) -> list[Matched] | str:
    """What a reference on record is for; one payment may pay for several commitments."""
    total = sum(entry.amount_cents for entry in entries)
    if total != known.paid.amount_cents:
        return f"le registre dit {euros(total)} sous cette référence"
    return [
        Matched(
            payment=_told(known),
            commitment=entry.commitment,
            code=entry.code,
            tranche=entry.tranche,
            title=entry.title,
            beneficiary=entry.beneficiary,
            amount_cents=entry.amount_cents,
            is_recorded=True,
        )
        for entry in entries
    ]


def _paying(known: Known, waits: Sequence[_Open], codes: Sequence[str]) -> list[Matched] | str:
    """The tranche that a payment pays; or why none does."""
    paid = known.paid
    theirs = [w for w in waits if w.left and any(map(paid.is_to, w.of.beneficiaries))]
    if not theirs:
        return "aucune tranche approuvée n'attend ce bénéficiaire"
    ours = [w for w in theirs if not known.payer or same(known.payer) == same(w.of.funder.name)]
    if not ours:
        return f"ce que ce bénéficiaire attend n'est pas dû par « {known.payer} »"
    named = _named(paid.reference, codes)
    meant = [w for w in ours if named in (None, w.of.code)]
    if not meant:
        return f"aucune tranche approuvée de {named}, que la référence nomme, n'attend de paiement"
    due = [w for w in meant if w.of.approved_on <= paid.paid_on]
    if not due:
        first = min(w.of.approved_on for w in meant)
        return f"payé avant l'approbation, le {day_in_words(first)}"
    fits = [w for w in due if paid.amount_cents == w.left or (named and paid.amount_cents < w.left)]
    if not fits:
        amounts = ", ".join(dict.fromkeys(euros(w.left) for w in due))
        return f"le montant n'est celui d'aucune tranche approuvée de ce bénéficiaire ({amounts})"
    several = sorted({w.of.code for w in fits})
    if len(several) > 1:
        return f"plusieurs engagements financiers conviennent : {', '.join(several)}"
    # Of one commitment: the tranche of that very amount, else the one approved first.
    chosen = next((w for w in fits if w.left == paid.amount_cents), fits[0])
    chosen.left -= paid.amount_cents
    return [
        Matched(
            payment=_told(known),
            commitment=chosen.of.commitment,
            code=chosen.of.code,
            tranche=chosen.of.tranche,
            title=chosen.of.title,
            beneficiary=chosen.of.beneficiaries[0].name,
            amount_cents=paid.amount_cents,
            is_recorded=False,
        )
    ]


def _named(reference: str, codes: Sequence[str]) -> str | None:
    """The commitment that a reference names, as words of their own; the longest code first.

    For the code of one may end with that of another.
    """
    words = f"-{plain(reference)}-"
    return next((code for code in codes if f"-{plain(code)}-" in words), None)


def _told(known: Known) -> Payment:
    paid = known.paid
    return Payment(
        id=paid.id,
        reference=paid.reference,
        paid_on=paid.paid_on,
        amount_cents=paid.amount_cents,
        payee=paid.to_whom,
        payer=known.payer,
    )


def _missing(wait: _Open, day: date) -> Missing:
    of = wait.of
    return Missing(
        commitment=of.commitment,
        code=of.code,
        tranche=of.tranche,
        title=of.title,
        funder=of.funder.name,
        beneficiary=of.beneficiaries[0].name,
        amount_cents=wait.left,
        approved_on=of.approved_on,
        days=(day - of.approved_on).days,
    )
