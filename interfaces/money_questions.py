"""What is asked of money: the ledger, the open data, payments beside what was approved."""

from application.ledger import Ledger, LinesChosen, ledger
from application.payment_match import reconciliation
from application.reconciliation import AFTER_DAYS, Reconciliation
from application.scdl_export import Export, export
from application.world import Moment
from interfaces.looking import Looking


class MoneyQuestions(Looking):
    """What is asked of all commitments, or of those of a funder, a pole, a call."""

    def ledger(
        self,
        moment: Moment,
        *,
        funder: str | None = None,
        pole: str | None = None,
        call: str | None = None,
    ) -> Ledger:
        """What was promised, holds, was paid, justified, is due, is late; of all, or of some."""
        return ledger(self.registry, moment, self._lines(funder, pole, call))

    def open_data(
        self,
        moment: Moment,
        *,
        funder: str | None = None,
        pole: str | None = None,
        call: str | None = None,
    ) -> Export:
        """The signed conventions as SCDL « subventions », with what is refused and why."""
        return export(self.registry, moment, self._lines(funder, pole, call))

    def reconciliation(self, moment: Moment, after_days: int = AFTER_DAYS) -> Reconciliation:
        """Payments beside approved tranches: matched, missing, unexplained."""
        return reconciliation(self.registry, moment, after_days)

    def _lines(self, funder: str | None, pole: str | None, call: str | None) -> LinesChosen:
        return LinesChosen(
            funder=funder,
            pole=self.find(pole) if pole else None,
            call=self.find_thing("call", call) if call else None,
        )
