"""The waves of a call: when each opens and closes, to the minute, and which one is under way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from typing_extensions import override

from domain.call_refusals import (
    ClosedAlready,
    ClosesBeforeItOpens,
    DecidedTooEarly,
    DecidedTooLate,
    MinuteAndDate,
    NoSuchWave,
    NotALaterClosing,
    WaveHasNoClosing,
    WaveHasOpened,
)
from domain.call_terms import Phase, Wave, WaveId
from domain.case import Case
from domain.dates import UNKNOWN, PartialDate, paris_day
from domain.kernel import Event, event
from domain.minute import Minute
from domain.recording import must_have_happened, recording
from domain.rules import instant
from domain.span import Dated, in_force
from domain.values import Line, Prose

LAST = datetime.max.replace(tzinfo=UTC)


class InWaves(Case):
    """A call as its waves."""

    planned_on: date

    class WaveSet(Event):
        """When a wave opens and closes; `…_on` where the minute is not known."""

        TOPIC = "call.wave_set.v1"
        UNDONE_BY = ("call.set_wave",)
        wave: WaveId
        phase: Phase | None = None
        title: Line
        opens_at: Minute | None = None
        closes_at: Minute | None = None
        opens_on: PartialDate = UNKNOWN
        closes_on: PartialDate = UNKNOWN

    class ClosingPostponed(Event):
        """A closing was put off, by a decision taken before it fell."""

        TOPIC = "call.closing_postponed.v1"
        UNDONE_BY = ("call.postpone",)
        wave: WaveId
        closes_at: Minute
        decided_on: date
        reasons: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.waves: dict[str, Wave] = {}
        """Each as it is known, the latest closing included; in the order of recording."""
        self._waves: dict[str, list[Dated[Wave]]] = {}

    # Decisions.

    def set_wave(
        self,
        wave: str,
        *,
        title: str,
        phase: Phase | None = None,
        opens_at: Minute | None = None,
        closes_at: Minute | None = None,
        opens_on: PartialDate = UNKNOWN,
        closes_on: PartialDate = UNKNOWN,
    ) -> None:
        """Say when a wave opens and closes, as long as it has not opened."""
        if wave in self.opened:
            raise WaveHasOpened(wave=wave)
        for name, minute, day in (("opens", opens_at, opens_on), ("closes", closes_at, closes_on)):
            if minute and day.is_known:
                raise MinuteAndDate(name=name)
        made = Wave(wave, title, phase, opens_at, closes_at, opens_on, closes_on)
        if made.begins and made.closing and made.closing.over <= made.begins:
            raise ClosesBeforeItOpens(closes=made.closing, opens=Minute.of(made.begins))
        self._wave_set(
            wave=wave,
            phase=phase,
            title=title,
            opens_at=opens_at,
            closes_at=closes_at,
            opens_on=opens_on,
            closes_on=closes_on,
        )

    def postpone(self, wave: str, closes_at: Minute, *, decided_on: date, reasons: str) -> None:
        """Put off the closing of a wave, by a decision taken before it fell."""
        closing = self.wave(wave).closing
        must_have_happened(decided_on)
        if closing is None:
            raise WaveHasNoClosing(wave=wave)
        if decided_on < self.planned_on:
            raise DecidedTooEarly(day=decided_on, since=self.planned_on)
        if recording().now >= closing.over:
            raise ClosedAlready(wave=wave, closing=closing)
        if decided_on > closing.day:
            raise DecidedTooLate(day=decided_on, closing=closing)
        if closes_at <= closing:
            raise NotALaterClosing(closing=closing)
        self._closing_postponed(
            wave=wave, closes_at=closes_at, decided_on=decided_on, reasons=reasons
        )

    # Questions.

    def wave(self, name: str) -> Wave:
        """A wave of this call, as it is known; another name is refused."""
        if name not in self.waves:
            known = ", ".join(self.waves) or "aucune"
            raise NoSuchWave(call=self.code, wave=name[:60], known=known)
        return self.waves[name]

    @property
    def opened(self) -> frozenset[str]:
        """The waves that it was opened for, on whatever day."""
        stays = self.main.states if self.tracks else ()  # none before it is planned
        named = (stay.variables.get("wave") for stay in stays)
        return frozenset(str(name) for name in named if name)

    def wave_on(self, day: date) -> Wave | None:
        """The wave for which it was last opened, as of a day; none before it opened."""
        stay = self.main.stay_on(day) if self.tracks else None
        name = stay.variables.get("wave") if stay else None
        return self.waves.get(str(name)) if name else None

    def waves_on(self, day: date) -> list[Wave]:
        """Its waves as they stood on a day, in the order of recording."""
        stood = (in_force(told, day) for told in self._waves.values())
        return [wave for wave in stood if wave]

    def next_wave(self) -> Wave | None:
        """The first to open of the waves for which it was not opened yet."""
        waiting = [wave for wave in self.waves.values() if wave.id not in self.opened]
        return min(waiting, key=lambda wave: wave.begins or LAST, default=None)

    def closes_at(self, wave: str, day: date | None = None) -> Minute | None:
        """The last minute of a wave, as it is known, or as it stood on a day."""
        known = self.wave(wave)
        stood = in_force(self._waves[wave], day) if day else known
        return stood.closing if stood else None

    @override
    def falls_by(self, day: date) -> Iterator[date]:
        """The days on which a wave of it closes."""
        for wave in self.waves.values():
            closing = wave.closing
            if closing and (falls := paris_day(closing.over)) <= day:
                yield falls

    @override
    def instant_on(self, day: date) -> datetime:
        """The last instant of a past day at which something opens or closes; else its first."""
        told = [
            falls
            for wave in self.waves.values()
            for falls in (wave.begins, wave.closing and wave.closing.over)
            if falls and paris_day(falls) == day
        ]
        return max([instant(day), *told])

    # What is remembered.

    @event(WaveSet)
    def _wave_set(
        self,
        *,
        wave: str,
        phase: Phase | None,
        title: str,
        opens_at: Minute | None,
        closes_at: Minute | None,
        opens_on: PartialDate,
        closes_on: PartialDate,
    ) -> None:
        self._told_of(Wave(wave, title, phase, opens_at, closes_at, opens_on, closes_on))

    @event(ClosingPostponed)
    def _closing_postponed(
        self, *, wave: str, closes_at: Minute, decided_on: date, reasons: str
    ) -> None:
        put_off = replace(self.waves[wave], closes_at=closes_at, closes_on=UNKNOWN)
        self._told_of(put_off)

    def _told_of(self, wave: Wave) -> None:
        self.waves[wave.id] = wave
        self._waves.setdefault(wave.id, []).append(self.dated(wave))
