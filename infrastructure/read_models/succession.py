"""Who succeeds whom: as the successor says it, and as the step of an end names it."""

from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from typing_extensions import override

from application.succession import SuccessionListed
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.succession import HOW, Succeeding
from infrastructure.read_models.register import REGISTER
from infrastructure.read_models.table import ListModel


class SuccessionModel(ListModel, name="succession", line=SuccessionListed):
    """Follows ends that name a successor, and those who say that they succeed."""

    events: tuple[type[Event], ...] = (Pole.Succeeded, Pole.Moved)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Pole.Succeeded(predecessor=predecessor, how=how):
                self._succeeds(tx, recorded, recorded.stream, predecessor, how)
            case Pole.Moved(to="ended", input={"reason": str(reason), "successor": str(named)}):
                successor = _identity(named)
                if reason in HOW and successor and not self._known(tx, successor, recorded.stream):
                    self._succeeds(tx, recorded, successor, recorded.stream, HOW[reason])

    def _known(self, tx: sa.Connection, successor: UUID, predecessor: UUID) -> bool:
        """Whether the successor has said so itself."""
        present = (self.table.c.id == str(_pair(predecessor, successor)),)
        query = sa.select(self.table.c.row).where(*present, self.table.c.known_until.is_(None))
        return tx.execute(query).first() is not None

    def _succeeds(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        successor: UUID,
        predecessor: UUID,
        how: Succeeding,
    ) -> None:
        told = _named(tx, predecessor)
        self.begin(
            tx,
            recorded,
            id=_pair(predecessor, successor),
            pole=successor,
            how=how,
            predecessor=predecessor,
            predecessor_code=told["code"],
            predecessor_name=told["name"],
        )


def _pair(predecessor: UUID, successor: UUID) -> UUID:
    """One identity for one succession, whoever says it."""
    return uuid5(predecessor, str(successor))


def _identity(named: str) -> UUID | None:
    """The pole that a step names; definitions from elsewhere may name something else."""
    try:
        return UUID(named)
    except ValueError:
        return None


def _named(tx: sa.Connection, pole: UUID) -> dict[str, Any]:
    """The code and the name of a pole that ends: they do not change after that."""
    query = (
        sa.select(REGISTER.c.code, REGISTER.c.name)
        .where(REGISTER.c.pole == str(pole), REGISTER.c.known_until.is_(None))
        .order_by(REGISTER.c.valid_from.desc())
        .limit(1)
    )
    row = tx.execute(query).mappings().first()
    return dict(row) if row else {"code": None, "name": None}
