"""Committees, one a call: their seats by office, since when they are public, by which rules."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.call_words import seat_in_words
from application.committee import CommitteeListed
from domain.committee import Committee, CommitteeSeat
from domain.kernel import Event, Recorded
from domain.procedure import BY_DEFAULT
from infrastructure.read_models.table import ListModel


class CommitteeModel(ListModel, name="committee", line=CommitteeListed):
    """Follows the committees. It keeps nobody who sits."""

    events: tuple[type[Event], ...] = (
        Committee.Constituted,
        Committee.Changed,
        Committee.MadePublic,
        Committee.ProcedureAdopted,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Committee.Constituted(call=call, code=code, seats=seats):
                procedure = BY_DEFAULT.source
                self.begin(
                    tx, recorded, call=call, code=code, procedure=procedure, **_composed(seats)
                )
            case Committee.Changed(seats=seats):
                self.change(tx, recorded, public_on=None, reference=None, **_composed(seats))
            case Committee.MadePublic(reference=reference, occurred_on=day):
                self.change(tx, recorded, public_on=day, reference=reference)
            case Committee.ProcedureAdopted(procedure=adopted):
                self.change(tx, recorded, procedure=adopted.source)


def _composed(seats: Sequence[CommitteeSeat]) -> dict[str, Any]:
    return {
        "seats": tuple(seat_in_words(seat) for seat in seats),
        "voting": sum(seat.votes for seat in seats),
    }
