"""Undertakings, where each stands, and from which day each is late."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from typing_extensions import override

from application.undertaking import UndertakingListed
from domain.kernel import Event, Recorded
from domain.undertaking import UNMET, Undertaking, UndertakingStanding, first_late_day
from infrastructure.read_models.table import ListModel

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
        self._cut_where_late(tx, recorded.stream, recorded.position)

    def _cut_where_late(self, tx: sa.Connection, id_: UUID, at: int) -> None:
        """Cut the present rows where the last day is over, and say in each whether it is."""
        table = self.table
        present = sa.select(table).where(table.c.id == str(id_), table.c.known_until.is_(None))
        for found in list(tx.execute(present).mappings()):
            row = {name: value for name, value in found.items() if name != "row"}
            cut = [part for part in _parts(row) if _holds(part)]
            if cut != [row]:
                tx.execute(
                    sa.update(table).where(table.c.row == found["row"]).values(known_until=at)
                )
                tx.execute(sa.insert(table), [{**part, "known_from": at} for part in cut])


def _parts(row: dict[str, Any]) -> list[dict[str, Any]]:
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


def _holds(row: dict[str, Any]) -> bool:
    return row["valid_until"] is None or row["valid_from"] < row["valid_until"]
