"""Every event about payments."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.payment import PAYMENTS, Paid, PaymentId, Payments


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Aggregates that recorded every event of these concepts, with every field given."""
    payments = Payments(PAYMENTS)
    row = Paid(
        id=PaymentId(UUID("9d3c1a52-7b1e-4f0a-8a55-2e6f1c0b7d41")),
        reference="Mandat 2024-1207",
        paid_on=date(2023, 5, 12),
        amount_cents=1_250_050,
        payee="Association fictive",
        siret="38047555800058",
    )
    payments.import_file(
        [row],
        digest="0123456789abcdef" * 4,
        payer="Région fictive",
        persons=("account:6f1b6a3e-0c57-4c1c-9b54-6a8f2b1d7e90",),
        today=date(2024, 6, 3),
    )
    yield payments
