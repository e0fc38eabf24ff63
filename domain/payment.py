"""Payments as those who make them tell: files of what was paid, each payment counted once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NewType, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from domain.distinct import Persons
from domain.errors import Invalid, Refused
from domain.finality import Finality
from domain.identifiers import Siret
from domain.kernel import Aggregate, Event, event
from domain.money import Cents, euros
from domain.organisation import Organisation
from domain.spelling import same
from domain.values import Frozen, Line

PaymentId = NewType("PaymentId", UUID)

PAYMENTS = UUID("5b0c61f4-8d27-4e5a-9c3e-1f7a2d94b606")
"""The one stream that knows every payment by its reference."""

MOST_ROWS = 10_000
"""Of one file."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The SHA-256 of a file, in hexadecimal."""


# --- values -----------------------------------------------------------------------------------


class Paid(Frozen):
    """A payment: under which reference, on which day, how much, to which organisation."""

    id: PaymentId
    reference: Line
    paid_on: date
    amount_cents: Cents
    payee: Line | None = None
    """An organisation that a commitment names as its beneficiary; never somebody else's name."""
    siret: Siret | None = None

    @model_validator(mode="after")
    def _is_to_somebody(self) -> Self:
        if not (self.payee or self.siret):
            msg = f"Le paiement « {self.reference} » ne dit pas à qui : il faut un nom ou un SIRET."
            raise ValueError(msg)
        return self

    @property
    def key(self) -> str:
        """Its reference, however it is spelt."""
        return same(self.reference)

    @property
    def content(self) -> tuple[date, int, str]:
        """What another row with the same reference must say as well to be the same payment.

        Where there is a SIRET it tells to whom, whether a name goes with it or not.
        """
        return self.paid_on, self.amount_cents, self.siret or same(self.payee or "")

    @property
    def to_whom(self) -> str:
        """Whom it names."""
        return self.payee or f"SIRET {self.siret}"

    def is_to(self, organisation: Organisation) -> bool:
        """Whether it was made to an organisation: by its legal unit, else by its name."""
        if self.siret and organisation.siren:
            return self.siret[:9] == organisation.siren
        return bool(self.payee) and same(self.payee or "") == same(organisation.name)


@dataclass(frozen=True, slots=True)
class Known:
    """A payment on record, and whose account it left where that was said."""

    paid: Paid
    payer: str | None
    persons: Persons
    """Who brought the file."""


# --- refusals ---------------------------------------------------------------------------------


class SaidOtherwise(Refused):
    """A reference names one payment, once and for ever."""

    code = "payment.otherwise"
    fr = (
        "La référence « {reference} » est déjà celle d'un autre paiement : "
        "{amount} le {day}, à {payee}."
    )
    en = "The reference “{reference}” is that of another payment: {amount} on {day}, to {payee}."

    @classmethod
    def than(cls, known: Paid) -> Self:
        """The refusal that tells what is on record."""
        return cls(
            reference=known.reference,
            amount=euros(known.amount_cents),
            day=known.paid_on,
            payee=known.to_whom,
        )


class PaidInTheFuture(Refused):
    """What is imported was paid."""

    code = "payment.to_come"
    fr = "Le paiement « {reference} » est daté du {day}, qui n'est pas venu."
    en = "The payment “{reference}” is dated {day}, which has not come."


class NothingPaid(Invalid):
    """A file of payments holds at least one."""

    code = "payment.none"
    fr = "Ce fichier ne contient aucun paiement."
    en = "This file holds no payment."


# --- the aggregate ----------------------------------------------------------------------------


class Payments(Aggregate):
    """Every payment that was imported. A reference of a payer counts once, whatever file has it."""

    class Imported(Event):
        """A file was read: what of it was not on record yet."""

        TOPIC = "payment_file.imported.v1"
        UNDONE_BY = Finality.KEEPING
        digest: Digest
        payer: Line | None
        """Whose account was debited, where that was said."""
        rows: Annotated[tuple[Paid, ...], Field(max_length=MOST_ROWS)]
        persons: Persons

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.known: list[Known] = []
        self._by_reference: dict[str, list[Known]] = defaultdict(list)

    def find(self, reference: str, payer: str | None) -> list[Paid]:
        """The payments of a reference, of a payer; where one of the two is not said, of any."""
        return [
            known.paid
            for known in self._by_reference.get(same(reference), ())
            if not (known.payer and payer) or same(known.payer) == same(payer)
        ]

    def is_new(self, paid: Paid, payer: str | None) -> bool:
        """Whether a payment is not on record yet; refused where its reference says otherwise."""
        known = self.find(paid.reference, payer)
        if known and all(one.content != paid.content for one in known):
            raise SaidOtherwise.than(known[0])
        return not known

    def import_file(
        self,
        rows: Sequence[Paid],
        *,
        digest: str,
        payer: str | None,
        persons: Persons,
        today: date,
    ) -> list[Paid]:
        """Record what of a file is not on record yet, all of it or nothing; gives it."""
        if not rows:
            raise NothingPaid
        fresh: dict[str, Paid] = {}
        for row in rows:
            if row.paid_on > today:
                raise PaidInTheFuture(reference=row.reference, day=row.paid_on)
            told = fresh.setdefault(row.key, row)
            if told.content != row.content:
                raise SaidOtherwise.than(told)
            if not self.is_new(row, payer):
                del fresh[row.key]
        if fresh:
            kept = tuple(fresh.values())
            self._imported(digest=digest, payer=payer, rows=kept, persons=persons)
        return [*fresh.values()]

    @event(Imported)
    def _imported(
        self, *, digest: str, payer: str | None, rows: tuple[Paid, ...], persons: Persons
    ) -> None:
        for row in rows:
            known = Known(row, payer, persons)
            self.known.append(known)
            self._by_reference[row.key].append(known)

    def paid_by(self, day: date) -> list[Known]:
        """The payments made on a day or before, the oldest first."""
        made = (known for known in self.known if known.paid.paid_on <= day)
        return sorted(made, key=lambda known: (known.paid.paid_on, known.paid.reference))
