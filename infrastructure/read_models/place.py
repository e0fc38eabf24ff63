"""The places in which poles act, each from the day on which a description of the pole names it."""

from datetime import date
from typing import Any
from uuid import uuid5

import sqlalchemy as sa
from typing_extensions import override

from application.place import PlaceListed, checking
from domain.kernel import Event, Recorded
from domain.place_year import PLACES
from domain.pole import Pole
from infrastructure.read_models.table import ListModel, resting_on


class PlaceModel(ListModel, name="place", line=PlaceListed):
    """Follows the descriptions of territories: each says all the places, and ends those before."""

    events: tuple[type[Event], ...] = (Pole.Located,)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Pole.Located(territory=territory, valid_to=until):
                if until is not None and until <= recorded.in_force_from:
                    return  # it holds on no day
                self._clear(tx, recorded, until)
                for place in territory.places:
                    self.begin(
                        tx,
                        recorded,
                        id=uuid5(PLACES, f"{recorded.stream}/{place.identity}"),
                        pole=recorded.stream,
                        place_kind=place.kind,
                        code=place.code,
                        year=place.year,
                        name=place.name,
                        checked=checking(place),
                    )

    def _clear(self, tx: sa.Connection, recorded: Recorded, until: date | None) -> None:
        """Let no place of the pole hold on the days of a new description; other days stay."""
        table, since = self.table, recorded.in_force_from
        covered = [
            table.c.pole == str(recorded.stream),
            table.c.known_until.is_(None),
            sa.or_(table.c.valid_until.is_(None), table.c.valid_until > since),
        ]
        if until is not None:
            covered.append(table.c.valid_from < until)
        rows = [dict(row) for row in tx.execute(sa.select(table).where(*covered)).mappings()]
        tx.execute(sa.update(table).where(*covered).values(known_until=recorded.position))
        kept: list[dict[str, Any]] = []
        for row in rows:
            same = {name: value for name, value in row.items() if name != "row"}
            same["known_from"] = recorded.position
            if row["valid_from"] < since:
                ends = resting_on(recorded, ["until"])(row)
                kept.append({**same, "valid_until": since, "until": since, "later_facts": ends})
            if until is not None and (row["valid_until"] is None or row["valid_until"] > until):
                kept.append({**same, "valid_from": until})
        if kept:
            tx.execute(sa.insert(table), kept)
