"""The calendar of calls: what opens, closes, is held, is announced or is due, day by day."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from application.call_list import CallListed
from application.call_words import when
from application.deadline import deadlines_in_words
from application.session import SessionListed
from application.wave_results import wave_results
from application.wording import capital
from application.world import Moment, World, reading
from domain.call import Call
from domain.call_terms import Wave
from domain.dates import PartialDate, paris_day
from domain.values import Frozen


class CalendarEntry(Frozen):
    """Something of a call that has a day, or a part of a date."""

    on: str
    """The date, as far as it is known: a year, a month or a day."""
    when: str
    """The same in words, with the hour where that is known."""
    title: str
    of: str
    """The wave it is of, or what more is known; often nothing."""
    call: UUID
    call_title: str
    address: str
    is_past: bool

    @property
    def year(self) -> str:
        return self.on[:4]

    @property
    def month(self) -> str:
        """`2024-05`; the year alone, where no month is known."""
        return self.on[:7]


class CallMoney(Frozen):
    """The envelope of a call, and what its announced decisions leave of it."""

    call: UUID
    title: str
    code: str
    stage_title: str
    envelope_cents: int | None
    engaged_cents: int | None
    """Nothing where no decision is announced."""
    left_cents: int | None


def calendar(
    world: World, calls: Iterable[CallListed], sessions: Iterable[SessionListed], moment: Moment
) -> list[CalendarEntry]:
    """Everything dated of some calls, the earliest first."""
    titles = {line.id: line.title for line in calls}
    found = [entry for id_ in titles for entry in _of_call(world, id_, moment)]
    for line in sessions:
        if line.call in titles:
            day = paris_day(datetime.fromisoformat(line.held_on))
            found.append(
                CalendarEntry(
                    on=day.isoformat(),
                    when=line.held_at,
                    title="Séance du comité",
                    of=line.place or "",
                    call=line.call,
                    call_title=titles[line.call],
                    address=f"/seances/{line.id}",
                    is_past=day < moment.in_force,
                )
            )
    return sorted(found, key=lambda entry: (entry.on, entry.call_title, entry.title))


def _of_call(world: World, id_: UUID, moment: Moment) -> Iterator[CalendarEntry]:
    call = world.load(Call, id_, moment.known)
    day = moment.in_force
    if call is None or call.state_on(day) is None:
        return

    def entry(on: PartialDate, said: str, title: str, of: str = "") -> CalendarEntry:
        last = on.last_day
        return CalendarEntry(
            on=str(on),
            when=said,
            title=title,
            of=of,
            call=id_,
            call_title=call.title,
            address=f"/appels/{call.code}",
            is_past=last is not None and last < day,
        )

    waves = call.waves_on(day)
    for wave in waves:
        of = capital(wave.title) if len(waves) > 1 else ""
        for title, on, said in _bounds(wave):
            yield entry(on, said, title, of)
        told = call.announcement_on(wave.id, day)
        if told and told.occurred_on.is_known:
            yield entry(told.occurred_on, told.occurred_on.in_words(), "Résultats annoncés", of)
    for line in deadlines_in_words(call, day, world.compiled, reading(world, moment)):
        if line.due:
            due = PartialDate.on(line.due)
            yield entry(due, due.in_words(), f"Échéance : {line.title}")


def _bounds(wave: Wave) -> Iterator[tuple[str, PartialDate, str]]:
    """When a wave opens and closes, as far as it is known, with the same in words."""
    for title, minute, on in (
        ("Ouverture", wave.opens_at, wave.opens_on),
        ("Clôture", wave.closes_at, wave.closes_on),
    ):
        said = when(minute, on)
        if said:
            yield title, PartialDate.on(minute.day) if minute else on, said


def money_of(world: World, line: CallListed, moment: Moment) -> CallMoney:
    """The envelope of a call, and what of it its announced decisions engage."""
    call = world.load(Call, line.id, moment.known)
    waves = call.waves_on(moment.in_force) if call else ()
    announced = [
        found
        for wave in waves
        if (found := wave_results(world, line.id, wave.id, moment, is_public=True)).decisions
    ]
    return CallMoney(
        call=line.id,
        title=line.title,
        code=line.code,
        stage_title=line.stage_told,
        envelope_cents=line.envelope_cents,
        engaged_cents=sum(found.granted_cents for found in announced) if announced else None,
        left_cents=announced[0].left_cents if announced else None,
    )
