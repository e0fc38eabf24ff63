"""The poles that entered the register's journeys together, and the stages that they entered."""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from application.cohort import UNKNOWN_YEAR, StageStay, year_of
from application.register import PoleLine
from application.world import Moment
from infrastructure.read_models.journey import JOURNEY
from infrastructure.read_models.register import REGISTER, RegisterLists

Poles = sa.Select[tuple[str]]
"""A question whose answers are the identities of poles."""


class CohortLists:
    """Questions about the poles of one year, or of one call; only theirs are read."""

    def __init__(self, engine: sa.Engine, register: RegisterLists) -> None:
        self._engine = engine
        self._register = register

    def years(self, moment: Moment) -> dict[str, int]:
        """How many poles entered in each year, the last one first; of no known date, at the end."""
        first = _entries(moment)
        query = sa.select(first.c.stage_on, sa.func.count()).group_by(first.c.stage_on)
        found: Counter[str] = Counter()
        with self._engine.connect() as tx:
            for occurred_on, poles in tx.execute(query):
                found[year_of(occurred_on)] += poles
        known = sorted((year for year in found if year != UNKNOWN_YEAR), reverse=True)
        return {year: found[year] for year in [*known, UNKNOWN_YEAR] if found[year]}

    def of_year(self, year: str, moment: Moment) -> tuple[list[PoleLine], list[StageStay]]:
        """The poles that entered in a year, and every stage that they entered by the day."""
        written = "unknown" if year == UNKNOWN_YEAR else f"{year}%"
        first = _entries(moment)
        poles = sa.select(first.c.subject).where(first.c.stage_on.like(written))
        return self._register.within(poles, moment), self._stays(poles, moment)

    def of_poles(
        self, poles: Collection[UUID], moment: Moment
    ) -> tuple[list[PoleLine], list[StageStay]]:
        """The same of some poles."""
        named = sa.select(REGISTER.c.pole).where(REGISTER.c.pole.in_([str(id_) for id_ in poles]))
        return self._register.within(named, moment), self._stays(named, moment)

    def _stays(self, poles: Poles, moment: Moment) -> list[StageStay]:
        columns = (JOURNEY.c[name] for name in ("subject", "stage", "stage_on", "stage_since"))
        query = (
            sa.select(*columns)
            .where(*_by_then(moment), JOURNEY.c.subject.in_(poles))
            .distinct()
            .order_by(JOURNEY.c.stage_since, JOURNEY.c.subject)
        )
        with self._engine.connect() as tx:
            return [
                StageStay(pole=UUID(pole), stage=stage, occurred_on=on, since=since)
                for pole, stage, on, since in tx.execute(query)
            ]


def _by_then(moment: Moment) -> list[sa.ColumnElement[bool]]:
    """What was known then of the days until the one asked about."""
    until = JOURNEY.c.known_until
    return [
        JOURNEY.c.known_from <= moment.known,
        sa.or_(until.is_(None), until > moment.known),
        JOURNEY.c.valid_from <= moment.in_force,
    ]


def _entries(moment: Moment) -> sa.Subquery:
    """The first stage of each pole, with the date on which it was entered."""
    is_pole = sa.exists().where(REGISTER.c.pole == JOURNEY.c.subject).correlate(JOURNEY)
    first = (
        sa.select(JOURNEY.c.subject, sa.func.min(JOURNEY.c.valid_from).label("since"))
        .where(*_by_then(moment), is_pole)
        .group_by(JOURNEY.c.subject)
        .subquery()
    )
    is_first = sa.and_(JOURNEY.c.subject == first.c.subject, JOURNEY.c.valid_from == first.c.since)
    entered = sa.select(JOURNEY.c.subject, JOURNEY.c.stage_on).join(first, is_first)
    return entered.where(*_by_then(moment)).distinct().subquery()
