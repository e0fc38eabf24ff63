"""The journey of each case: its stage and the version it follows, as interval rows."""

import sqlalchemy as sa

from domain.kernel import Event, Recorded
from domain.pole import Pole
from infrastructure.read_models.intervals import METADATA, interval_columns, supersede

JOURNEY = sa.Table(
    "journey",
    METADATA,
    *interval_columns(),
    sa.Column("subject", sa.Text(), nullable=False),
    sa.Column("stage", sa.Text()),
    sa.Column("stage_since", sa.Date()),
    sa.Column("stage_on", sa.Text()),
    sa.Column("version", sa.Text()),
    sa.Column("version_since", sa.Date()),
)


class JourneyModel:
    """Follows the steps and the migrations of every case."""

    name = "journey"
    table = JOURNEY
    events: tuple[type[Event], ...] = (Pole.Registered, Pole.Moved, Pole.Migrated)

    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        since, at = recorded.in_force_from, recorded.position
        key = JOURNEY.c.subject == str(recorded.stream)
        match recorded.event:
            case Pole.Registered(stage=stage, journey=version, occurred_on=day):
                supersede(
                    tx,
                    JOURNEY,
                    key,
                    at=at,
                    valid_from=since,
                    new={"subject": str(recorded.stream)},
                    stage=stage,
                    stage_since=since,
                    stage_on=str(day),
                    version=version,
                    version_since=since,
                )
            case Pole.Moved(to=stage, occurred_on=day):
                supersede(
                    tx,
                    JOURNEY,
                    key,
                    at=at,
                    valid_from=since,
                    until_next="stage_since",
                    stage=stage,
                    stage_since=since,
                    stage_on=str(day),
                )
            case Pole.Migrated(to=version):
                supersede(
                    tx,
                    JOURNEY,
                    key,
                    at=at,
                    valid_from=since,
                    until_next="version_since",
                    version=version,
                    version_since=since,
                )
