"""Recoveries: what is asked back of what was paid, why, by which instalments, and what came of it.

Source:
    loi n° 2000-321 du 12 avril 2000, art. 10 (titre exécutoire) and 10-1 (contrat d'engagement
    républicain); other causes are a product rule.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.beneficiary import Benefiting
from domain.distinct import Persons
from domain.errors import NotFound, Refused
from domain.kernel import Event, event
from domain.money import Cents, euros
from domain.recording import must_have_happened
from domain.running import Running, least, total
from domain.values import Frozen, Line, Prose
from domain.words import Whole


class RecoveryCause(StrEnum):
    """Why money is asked back."""

    NOT_SPENT = "not_spent"
    MISUSED = "misused"
    CER_BREACH = "cer_breach"
    DIVIDENDS = "dividends"
    UNLAWFUL = "unlawful"


class Instalment(Frozen):
    """A part of what is asked back, and the day by which it is."""

    due_on: date
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class RecoveryState:
    """A recovery as it stands on a day."""

    number: int
    cause: RecoveryCause
    ordered_on: date
    ordered_cents: int
    received_cents: int
    waived_cents: int
    instalments: tuple[Instalment, ...]
    reasons: str

    @property
    def left_cents(self) -> int:
        """What is still asked."""
        return self.ordered_cents - self.received_cents - self.waived_cents

    def overdue_on(self, day: date) -> int:
        """What should have come by the day before, and neither came nor was given up."""
        due = sum(part.amount_cents for part in self.instalments if part.due_on < day)
        return max(0, min(due, self.ordered_cents) - self.received_cents - self.waived_cents)


@dataclass(slots=True)
class _Ordered:
    since: date
    cause: RecoveryCause
    cents: int
    instalments: tuple[Instalment, ...]
    reasons: str
    received: list[Running[int]] = field(default_factory=list)
    waived: list[Running[int]] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.cents - sum(entry.value for entry in (*self.received, *self.waived))


# --- refusals -----------------------------------------------------------------------------------


class ExceedsPaid(Refused):
    """No more is asked back than was paid."""

    code = "commitment.exceeds_paid"
    fr = "{asked} dépassent ce qui a été payé et n'est pas déjà réclamé : {left}."
    en = "{asked} is more than was paid and is not asked back yet: {left}."


class InstalmentsDoNotAddUp(Refused):
    """Instalments are what is asked back: no more, no less."""

    code = "commitment.instalments"
    fr = "Les échéances font {planned}, et le reversement demandé est de {asked}."
    en = "The instalments add up to {planned}; what is asked back is {asked}."


class UnknownRecovery(NotFound):
    """No such recovery was ordered."""

    code = "commitment.unknown_recovery"
    fr = "Aucun reversement n° {name} n'est ordonné le {day} ; sont connus : {known}."
    en = "No recovery number {name} is ordered on {day}; known are: {known}."


class ExceedsRecovery(Refused):
    """No more comes back, or is given up, than was asked."""

    code = "commitment.exceeds_recovery"
    fr = "{asked} dépassent ce qui reste à reverser : {left}."
    en = "{asked} is more than is left to recover: {left}."


class ReturnedTwice(Refused):
    """A payment back is recorded once."""

    code = "commitment.returned_twice"
    fr = "Le versement « {reference} » est déjà enregistré sur cet engagement financier."
    en = "The payment “{reference}” is already recorded on this commitment."


# --- what remembers them ------------------------------------------------------------------------


class Recovered(Benefiting):
    """A commitment as what was asked back of it: recovered + waived ≤ ordered ≤ paid, any day."""

    class RecoveryOrdered(Event):
        """The funder asks back all or part of what it paid."""

        TOPIC = "commitment.recovery_ordered.v1"
        UNDONE_BY = ("commitment.waive_recovery",)
        number: Whole
        cause: RecoveryCause
        amount_cents: Cents
        instalments: tuple[Instalment, ...] = ()
        reasons: Prose
        persons: Persons

    class InstalmentReceived(Event):
        """Part of it came back."""

        TOPIC = "commitment.instalment_received.v1"
        STATED_BY = ("commitment.receive_instalment",)
        number: Whole
        amount_cents: Cents
        reference: Line
        persons: Persons

    class RecoveryWaived(Event):
        """The funder gives up part of what it asked."""

        TOPIC = "commitment.recovery_waived.v1"
        UNDONE_BY = ("commitment.order_recovery",)
        number: Whole
        amount_cents: Cents
        reasons: Prose
        persons: Persons

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._orders: dict[int, _Ordered] = {}
        self._returns: set[str] = set()

    def order_recovery(
        self,
        *,
        cause: RecoveryCause,
        amount: int,
        instalments: tuple[Instalment, ...],
        reasons: str,
        persons: Persons,
        day: date,
    ) -> int:
        """Ask back part of what was paid; the answer is the number of the recovery."""
        must_have_happened()
        planned = sum(part.amount_cents for part in instalments)
        if instalments and planned != amount:
            raise InstalmentsDoNotAddUp(planned=euros(planned), asked=euros(amount))
        days = [*self._money_days(), *(order.since for order in self._orders.values())]
        left = least(day, days, lambda one: self.paid_on(one) - self.ordered_on(one))
        if amount > left:
            raise ExceedsPaid(asked=euros(amount), left=euros(left))
        number = len(self._orders) + 1
        self._recovery_ordered(
            number=number,
            cause=cause,
            amount_cents=amount,
            instalments=instalments,
            reasons=reasons,
            persons=persons,
        )
        return number

    def receive_instalment(
        self, number: int, *, amount: int, reference: str, persons: Persons, day: date
    ) -> None:
        """Record what came back."""
        self._must_be_left(number, amount, day)
        if reference in self._returns:
            raise ReturnedTwice(reference=reference)
        self._instalment_received(
            number=number, amount_cents=amount, reference=reference, persons=persons
        )

    def waive_recovery(
        self, number: int, *, amount: int, reasons: str, persons: Persons, day: date
    ) -> None:
        """Give up part of what was asked back."""
        self._must_be_left(number, amount, day)
        self._recovery_waived(number=number, amount_cents=amount, reasons=reasons, persons=persons)

    def _must_be_left(self, number: int, amount: int, day: date) -> None:
        must_have_happened()
        order = self._orders.get(number)
        if order is None or day < order.since:
            known = [str(n) for n, o in self._orders.items() if o.since <= day]
            raise UnknownRecovery(name=number, day=day, known=", ".join(known) or "aucun")
        if amount > order.left:
            raise ExceedsRecovery(asked=euros(amount), left=euros(order.left))

    # What is known on a day.

    def recoveries_on(self, day: date) -> dict[int, RecoveryState]:
        """Every recovery ordered by a day, as it stands then."""
        return {
            number: RecoveryState(
                number=number,
                cause=order.cause,
                ordered_on=order.since,
                ordered_cents=order.cents,
                received_cents=total(order.received, day),
                waived_cents=total(order.waived, day),
                instalments=order.instalments,
                reasons=order.reasons,
            )
            for number, order in self._orders.items()
            if order.since <= day
        }

    def ordered_on(self, day: date) -> int:
        """What was asked back by a day."""
        return sum(state.ordered_cents for state in self.recoveries_on(day).values())

    def recovered_on(self, day: date) -> int:
        """What came back by a day."""
        return sum(state.received_cents for state in self.recoveries_on(day).values())

    def waived_on(self, day: date) -> int:
        """What was given up by a day of what had been asked back."""
        return sum(state.waived_cents for state in self.recoveries_on(day).values())

    # What is remembered.

    @event(RecoveryOrdered)
    def _recovery_ordered(
        self,
        *,
        number: int,
        cause: RecoveryCause,
        amount_cents: int,
        instalments: tuple[Instalment, ...],
        reasons: str,
        persons: Persons,
    ) -> None:
        order = _Ordered(self.since, cause, amount_cents, instalments, reasons)
        self._orders[number] = order

    @event(InstalmentReceived)
    def _instalment_received(
        self, *, number: int, amount_cents: int, reference: str, persons: Persons
    ) -> None:
        entry = Running(self.since, self.version, amount_cents)
        self._orders[number].received.append(entry)
        self._returns.add(reference)

    @event(RecoveryWaived)
    def _recovery_waived(
        self, *, number: int, amount_cents: int, reasons: str, persons: Persons
    ) -> None:
        self._orders[number].waived.append(Running(self.since, self.version, amount_cents))
