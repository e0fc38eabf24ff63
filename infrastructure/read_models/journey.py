"""The main journey of each case: its stage and the version it follows, as interval rows."""

import sqlalchemy as sa

from application.case import KINDS
from application.world import Moment
from domain.case import Entered, Migrated, Moved, journey_id
from domain.dates import PartialDate
from domain.kernel import Event, Recorded
from domain.pole import Pole
from infrastructure.read_models.intervals import METADATA, interval_columns, seen, supersede

JOURNEY = sa.Table(
    "journey",
    METADATA,
    *interval_columns(),
    sa.Column("subject", sa.Text(), nullable=False),
    sa.Column("stage", sa.Text()),
    sa.Column("stage_since", sa.Date()),
    sa.Column("stage_on", sa.Text()),
    sa.Column("came_from", sa.Text()),
    sa.Column("version", sa.Text()),
    sa.Column("version_since", sa.Date()),
    sa.Index("journey_subject", "subject"),
)


class JourneyModel:
    """Follows the steps and the migrations of every case in the journey it began with."""

    name = "journey"
    table = JOURNEY
    events: tuple[type[Event], ...] = tuple(
        event for kind in KINDS for event in (kind.ENTERS, kind.own(Moved), kind.own(Migrated))
    )

    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        since, at = recorded.in_force_from, recorded.position
        key = JOURNEY.c.subject == str(recorded.stream)
        match recorded.event:
            case (
                Pole.Registered(stage=stage, journey=version, occurred_on=day)
                | Entered(stage=stage, journey=version, occurred_on=day)
            ):
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
                    came_from=None,
                    version=version,
                    version_since=since,
                )
            case Moved(journey=ref, from_=left, to=stage, occurred_on=day) if _is_main(
                tx, key, ref
            ):
                _stand(tx, key, recorded, stage=stage, day=day, left=left)
            case Migrated() as migrated if _is_main(tx, key, migrated.to):
                _follow(tx, key, recorded, migrated)


def _follow(
    tx: sa.Connection, key: sa.ColumnElement[bool], recorded: Recorded, migrated: Migrated
) -> None:
    """The version followed from a day on, and the stage where it calls for another one."""
    since, at = recorded.in_force_from, recorded.position
    supersede(
        tx,
        JOURNEY,
        key,
        at=at,
        valid_from=since,
        until_next="version_since",
        version=migrated.to,
        version_since=since,
    )
    if migrated.came_from is not None:
        _stand(
            tx,
            key,
            recorded,
            stage=migrated.state,
            day=migrated.occurred_on,
            left=migrated.came_from,
        )


def _stand(
    tx: sa.Connection,
    key: sa.ColumnElement[bool],
    recorded: Recorded,
    *,
    stage: str,
    day: PartialDate,
    left: str | None,
) -> None:
    """The stage entered, until the next one that is known, and the stage that was left for it."""
    supersede(
        tx,
        JOURNEY,
        key,
        at=recorded.position,
        valid_from=recorded.in_force_from,
        until_next="stage_since",
        stage=stage,
        stage_since=recorded.in_force_from,
        stage_on=str(day),
        came_from=left,
    )


def _is_main(tx: sa.Connection, key: sa.ColumnElement[bool], ref: str) -> bool:
    """Whether a version is one of the journey the case began with; others are beside it."""
    first = sa.select(JOURNEY.c.version).where(key).order_by(JOURNEY.c.row).limit(1)
    return journey_id(str(tx.scalar(first))) == journey_id(ref)


def following(engine: sa.Engine, moment: Moment) -> dict[str, int]:
    """How many cases, of every kind, follow each version in their main journey."""
    query = (
        sa.select(JOURNEY.c.version, sa.func.count(sa.distinct(JOURNEY.c.subject)))
        .where(seen(JOURNEY, known=moment.known, in_force=moment.in_force))
        .group_by(JOURNEY.c.version)
    )
    with engine.connect() as tx:
        return {str(version): number for version, number in tx.execute(query)}
