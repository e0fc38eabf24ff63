"""Claims, side by side, as interval rows."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa
from typing_extensions import override

from application.claim import CLAIMS, FIGURE, ClaimLine
from application.world import Moment
from domain.claim import Claim
from domain.kernel import Event, Recorded
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.table import ListModel


class ClaimModel(ListModel, name="claim", line=ClaimLine):
    """Follows what was claimed, corrected and taken back."""

    events: tuple[type[Event], ...] = (Claim.Recorded, Claim.Corrected, Claim.Retracted)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Claim.Recorded() as told:
                self.begin(
                    tx,
                    recorded,
                    pole=told.about,
                    about=told.about,
                    statement=told.statement,
                    author=told.author,
                    figures=told.figures,
                    note=told.note,
                    corrects=told.corrects,
                    motive=told.meta.reason if told.corrects else None,
                    **{name: getattr(told, name) for name in FIGURE},
                )
            case Claim.Corrected() | Claim.Retracted():
                self.retract(tx, recorded)


CLAIM = ClaimModel.table

_EVERY = replace(CLAIMS, whole=True)


class ClaimLists:
    """Questions to the claims at a moment."""

    def __init__(self, engine: sa.Engine, tables: Mapping[str, sa.Table] | None = None) -> None:
        self._lists = Lists(engine, tables or {CLAIMS.name: CLAIM})

    def lines(
        self,
        moment: Moment,
        *,
        about: UUID | None = None,
        measure: str | None = None,
        everywhere: bool = False,
    ) -> list[ClaimLine]:
        """The claims known then about facts that had happened, by date; of one pole or of none.

        Args:
            everywhere: of every pole, and of none.
        """
        asked = _EVERY if everywhere and not about else CLAIMS
        return self._lists.lines(asked, moment, pole=about, measure=measure)
