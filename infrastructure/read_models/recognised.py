"""The recognitions on which the stage of a pole rests, as its own history tells of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from application.world import Moment
from domain.dates import PartialDate
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.recognised import ASIDE, RecognitionSpan, StageHeld, is_void, standing
from domain.recognition import ARTICLE_9
from infrastructure.read_models.intervals import METADATA, end, interval_columns, supersede
from infrastructure.read_models.journey import JOURNEY

RECOGNITION = sa.Table(
    "recognised",
    METADATA,
    *interval_columns(),
    sa.Column("recognition", sa.Text(), nullable=False),
    sa.Column("pole", sa.Text(), nullable=False),
    sa.Column("began_on", sa.Text(), nullable=False),
    sa.Column("ended_on", sa.Text()),
    sa.Index("recognised_recognition", "recognition"),
    sa.Index("recognised_pole", "pole"),
)


class RecognisedModel:
    """Follows the recognitions under article 9 of each pole."""

    name = "recognised"
    table = RECOGNITION
    events: tuple[type[Event], ...] = (Pole.RecognitionAttached, Pole.RecognitionEnded)

    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        event, day, at = recorded.event, recorded.in_force_from, recorded.position
        match event:
            case Pole.RecognitionAttached(recognition=id_, recognition_kind=kind) if (
                kind in ARTICLE_9
            ):
                new = {"recognition": str(id_), "pole": str(recorded.stream)}
                supersede(
                    tx,
                    RECOGNITION,
                    RECOGNITION.c.recognition == str(id_),
                    at=at,
                    valid_from=day,
                    valid_until=event.valid_to,
                    new={**new, "began_on": str(event.occurred_on)},
                )
            case Pole.RecognitionEnded(recognition=id_):
                key = RECOGNITION.c.recognition == str(id_)
                end(
                    tx,
                    RECOGNITION,
                    key,
                    at=at,
                    day=day,
                    emptied=True,
                    ended_on=str(event.occurred_on),
                )


def let_stages_hold(
    tx: sa.Connection, rows: Iterable[dict[str, Any]], moment: Moment
) -> frozenset[str]:
    """Say of each pole the stage in which it stands on the day, of that to which a step led.

    Gives the poles, a few, of which the last step alone does not tell it: those that had ever been
    silent, and those that went back since.
    """
    found: dict[str, list[RecognitionSpan]] = defaultdict(list)
    for told in tx.execute(sa.select(RECOGNITION).where(_known(RECOGNITION, moment))).mappings():
        ended = PartialDate(told["ended_on"]) if told["ended_on"] else None
        began = PartialDate(told["began_on"])
        found[told["pole"]].append(
            RecognitionSpan(told["valid_from"], told["valid_until"], began, ended)
        )
    if not found:
        return frozenset()
    silent = sa.select(JOURNEY.c.subject).where(
        _known(JOURNEY, moment), JOURNEY.c.stage.in_(ASIDE), JOURNEY.c.valid_from <= moment.in_force
    )
    untold = set(tx.scalars(silent.distinct())) & found.keys()
    for row in rows:
        if row["pole"] not in found:
            continue
        spans = found[row["pole"]]
        if is_void(row["stage"], row["came_from"], row["stage_since"], spans):
            untold.add(row["pole"])
        step = StageHeld(row["stage"], row["stage_since"], PartialDate(row["stage_on"]))
        holds = standing(step, spans, moment.in_force)
        row["stage"], row["stage_on"] = holds.stage, str(holds.occurred_on)
    return frozenset(untold)


def _known(table: sa.Table, moment: Moment) -> sa.ColumnElement[bool]:
    """The rows that were known then, whatever their days."""
    until = table.c.known_until
    return sa.and_(
        table.c.known_from <= moment.known, sa.or_(until.is_(None), until > moment.known)
    )
