"""Calls, each with its stage and the dates of its wave, from the day it was planned."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.call_list import STATES, CallListed
from application.call_words import amount_in_words, closing_in_words, opening_in_words
from domain.call import Call
from domain.call_terms import Wave
from domain.case import Migrated, Moved
from domain.dates import UNKNOWN
from domain.kernel import Event, Recorded
from domain.minute import Minute
from infrastructure.read_models.case import CaseModel

LAST = "9"
"""What comes after every instant, as text."""


class CallModel(CaseModel, name="call", line=CallListed, stages=STATES):
    """Follows the calls through their journey, and their waves."""

    events: tuple[type[Event], ...] = (
        Call.Planned,
        Call.EnvelopeSet,
        Call.WaveSet,
        Call.ClosingPostponed,
        Call.ResultsAnnounced,
        Call.own(Moved),
        Call.own(Migrated),
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Call.Planned() as planned:
                self.begin(
                    tx,
                    recorded,
                    title=planned.title,
                    code=planned.code,
                    call_kind=planned.call_kind,
                    authority=planned.authority,
                    waves="{}",
                    **self.followed(recorded, planned.journey),
                    **self.entered(recorded, planned.stage),
                )
            case Call.EnvelopeSet(amount_cents=amount, note=note):
                said = amount_in_words(amount, note)
                self.change(tx, recorded, envelope=said, envelope_cents=amount)
            case Call.WaveSet() as told:
                wave = Wave(
                    told.wave,
                    told.title,
                    told.phase,
                    told.opens_at,
                    told.closes_at,
                    told.opens_on,
                    told.closes_on,
                )
                self.say(tx, recorded, None, **_dates({wave.id: _as_kept(wave)}))
            case Call.ClosingPostponed(wave=name, closes_at=minute):
                put_off = Wave(name, "", None, None, minute, UNKNOWN, UNKNOWN)
                kept = _as_kept(put_off)
                later = {part: kept[part] for part in ("closes", "closed_from")}
                self.say(tx, recorded, None, **_dates({name: later}))
            case Call.ResultsAnnounced(occurred_on=day):
                self.change(tx, recorded, announced_on=day)
            case Moved(variables=variables):
                wave_id = variables.get("wave")
                under_way = _dates({}, str(wave_id)) if wave_id else {}
                self.follow(tx, recorded, **under_way)
            case _:
                self.follow(tx, recorded)


def _as_kept(wave: Wave) -> dict[str, str | None]:
    """What a row keeps of a wave."""
    closing = wave.closing
    return {
        "title": wave.title,
        "opens": opening_in_words(wave),
        "closes": closing_in_words(wave),
        "opened_from": wave.begins.isoformat() if wave.begins else None,
        "closed_from": Minute.of(closing.over).root if closing else None,
    }


def _dates(
    told: Mapping[str, Mapping[str, str | None]], wave: str | None = None
) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
    """The dates of the wave that a row shows, after something was said of some waves.

    Args:
        wave: the one for which the call opened, where it did.
    """

    def known(row: Mapping[str, Any]) -> dict[str, dict[str, str | None]]:
        kept: dict[str, dict[str, str | None]] = json.loads(row["waves"] or "{}")
        for name, parts in told.items():
            kept[name] = {**kept.get(name, {}), **parts}
        return kept

    def shown(row: Mapping[str, Any]) -> str | None:
        return wave or row["opened_wave"]

    def part(name: str) -> Callable[[Mapping[str, Any]], Any]:
        def of_row(row: Mapping[str, Any]) -> str | None:
            waves = known(row)
            opened = shown(row)
            first = sorted(waves, key=lambda one: waves[one].get("opened_from") or LAST)
            named = opened if opened in waves else next(iter(first), None)
            return waves[named].get(name) if named else None

        return of_row

    return {
        "waves": lambda row: json.dumps(known(row), ensure_ascii=False, sort_keys=True),
        "opened_wave": shown,
        "wave": part("title"),
        "opens": part("opens"),
        "closes": part("closes"),
        "closed_from": part("closed_from"),
    }


def next_closing(engine: sa.Engine, after: datetime) -> datetime | None:
    """The first instant after one at which a call that is open closes."""
    table = CallModel.table
    query = sa.select(table.c.closed_from).where(
        table.c.known_until.is_(None),
        table.c.closed_from.is_not(None),
        table.c.stage == "open",
        table.c.valid_until.is_(None),
    )
    with engine.connect() as tx:
        told = [datetime.fromisoformat(closed) for closed in tx.scalars(query)]
    return min((instant for instant in told if instant > after), default=None)
