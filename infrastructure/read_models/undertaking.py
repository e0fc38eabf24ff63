"""Undertakings, where each stands, and from which day each is late."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.undertaking import UndertakingListed
from domain.kernel import Event, Recorded
from domain.undertaking import UNMET, Undertaking, UndertakingStanding, first_late_day
from infrastructure.read_models.table import ListModel, Row

TOLD = (
    *("pole", "bound", "organisation", "member", "towards", "text"),
    *("item", "signature", "words", "due"),
)
"""What a line says as the event does."""


class UndertakingModel(ListModel, name="undertaking", line=UndertakingListed):
    """Follows what was undertaken, reported and found.

    Nobody records that an undertaking is late: the days on which it is follow from its last day,
    so that its rows are cut there, and the list of any day tells it whether that day has come.
    """

    events: tuple[type[Event], ...] = (
        Undertaking.Given,
        Undertaking.Reported,
        Undertaking.Assessed,
        Undertaking.Extended,
        Undertaking.Released,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Undertaking.Given() as given:
                fields: dict[str, Any] = {name: getattr(given, name) for name in TOLD}
                self.begin(
                    tx,
                    recorded,
                    **fields,
                    standing=UndertakingStanding.GIVEN,
                    late=False,
                    documents=0,
                )
            case Undertaking.Reported(documents=documents):
                self.change(
                    tx, recorded, standing=UndertakingStanding.REPORTED, documents=len(documents)
                )
            case Undertaking.Assessed(assessment=found):
                self.change(tx, recorded, standing=UndertakingStanding(found.value))
            case Undertaking.Extended(due=due):
                self.change(tx, recorded, due=due)
            case Undertaking.Released():
                self.cease(tx, recorded)
        self.cut(tx, recorded, _parts)


def _parts(row: Row) -> list[Row]:
    """A row before and from the day on which it is late."""
    if row["due"] is None or row["standing"] not in UNMET:
        return [{**row, "late": False}]
    first = first_late_day(row["due"])
    ends = min(row["valid_until"] or first, first)
    begins = max(row["valid_from"], first)
    return [
        {**row, "late": False, "valid_until": ends},
        {**row, "late": True, "valid_from": begins},
    ]
