"""Payments, each from the day on which it was made."""

from dataclasses import replace

import sqlalchemy as sa
from typing_extensions import override

from application.payment import PaymentListed
from domain.dates import PartialDate
from domain.kernel import Event, Recorded
from domain.payment import Payments
from infrastructure.read_models.table import ListModel


class PaymentModel(ListModel, name="payment", line=PaymentListed):
    """Follows the files of payments, row by row."""

    events: tuple[type[Event], ...] = (Payments.Imported,)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Payments.Imported(rows=rows, payer=payer) as imported:
                for row in rows:
                    dates = {
                        "occurred_on": PartialDate.on(row.paid_on),
                        "valid_from": row.paid_on,
                        "valid_to": None,
                    }
                    self.begin(
                        tx,
                        replace(recorded, event=imported.model_copy(update=dates)),
                        id=row.id,
                        reference=row.reference,
                        amount_cents=row.amount_cents,
                        payee=row.payee,
                        siret=row.siret,
                        payer=payer,
                    )
