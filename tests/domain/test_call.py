"""Calls: late or on time by the date that counts, postponed before the closing only."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.call import Call, call_id
from domain.call_refusals import (
    AdvisersFull,
    AlreadyAnnounced,
    AlreadyAttached,
    BoundsReversed,
    ClosedAlready,
    ClosesBeforeItOpens,
    DecidedTooLate,
    EnvelopeBelowAwards,
    EnvelopeHeld,
    MinuteAndDate,
    NoSuchWave,
    NotALaterClosing,
    NothingSpecified,
    TwiceTheSame,
    WaveHasNoClosing,
    WaveHasOpened,
)
from domain.call_terms import AdviserCollege, AdviserSeat, CallKind, Part, Route, Specification
from domain.dates import PartialDate
from domain.minute import Minute
from domain.recording import NotYetHappened
from domain.workflow import Step
from tests import make

CLOSING = Minute("2024-06-30T12:00")


def call(kind: CallKind = CallKind.DECREE, on: str = "2024-05-01", **waves: Any) -> Call:
    """A call that is planned, with the waves given, or one that closes on 30 June at noon."""
    with make.on(on):
        made = Call.plan(
            code="essai-2024",
            title="Appel d'essai",
            call_kind=kind,
            authority="Ministère d'essai",
            journey=f"{kind.value}@2013-07",
            stage="planned",
            occurred_on=PartialDate(on),
        )
        for name, dates in (waves or {"v1": {"closes_at": CLOSING}}).items():
            made.set_wave(name, title=name, **dates)
    return made


def asking(*routes: Route, kind: CallKind = CallKind.DECREE, **dates: Any) -> Call:
    made = call(kind, v1=dates or {"closes_at": CLOSING})
    with make.on("2024-05-01"):
        made.specify(Specification(title="Cahier", address="https://exemple.test", routes=routes))
    return made


def opened(made: Call, wave: str = "v1") -> Call:
    step = Step(
        transition="open",
        from_="planned",
        to="open",
        input={},
        findings=(),
        variables={"wave": wave},
    )
    with make.on():
        made.move(step, journey=made.journey, occurred_on=PartialDate("2024-06-01"))
    return made


# --- lateness ------------------------------------------------------------------------------------


def test_the_closing_minute_counts_whole() -> None:
    made = asking(Route.SERVER)

    assert made.is_late("v1", {Route.SERVER: CLOSING}) is False
    assert made.is_late("v1", {Route.SERVER: Minute("2024-06-30T12:01")}) is True


def test_a_postmark_of_the_closing_day_is_on_time() -> None:
    made = asking(Route.POSTMARK)

    assert made.is_late("v1", {Route.POSTMARK: date(2024, 6, 30)}) is False
    assert made.is_late("v1", {Route.POSTMARK: date(2024, 7, 1)}) is True


def test_one_that_counts_late_by_one_of_two_routes_is_late() -> None:
    made = asking(Route.POSTMARK, Route.SERVER)
    in_time, late = date(2024, 6, 29), Minute("2024-06-30T12:01")

    assert made.is_late("v1", {Route.POSTMARK: in_time, Route.SERVER: CLOSING}) is False
    assert made.is_late("v1", {Route.POSTMARK: in_time, Route.SERVER: late}) is True
    assert made.is_late("v1", {Route.SERVER: late}) is True


def test_nothing_is_said_where_a_route_that_is_asked_has_no_date() -> None:
    made = asking(Route.POSTMARK, Route.SERVER)

    assert made.is_late("v1", {Route.SERVER: CLOSING}) is None
    assert made.is_late("v1", {}) is None


def test_nothing_is_said_of_a_decree_call_whose_closing_is_not_known() -> None:
    made = asking(Route.SERVER, opens_at=Minute("2024-06-01T09:00"))

    assert made.is_late("v1", {Route.SERVER: CLOSING}) is None


def test_nothing_is_late_in_a_wave_that_never_closes() -> None:
    made = asking(Route.SERVER, kind=CallKind.PERMANENT, opens_at=Minute("2024-06-01T09:00"))

    assert made.is_late("v1", {Route.SERVER: Minute("2030-01-01T00:00")}) is False


def test_a_closing_of_which_the_day_is_known_ends_with_that_day() -> None:
    made = asking(Route.SERVER, closes_on=PartialDate("2024-06-30"))

    assert made.is_late("v1", {Route.SERVER: Minute("2024-06-30T23:59")}) is False
    assert made.is_late("v1", {Route.SERVER: Minute("2024-07-01T00:00")}) is True


@given(
    minute=st.integers(0, 1_500_000),
    minutes=st.lists(st.integers(-600, 600), min_size=1, max_size=3),
)
def test_an_application_is_late_as_soon_as_one_date_is_after_the_closing(
    minute: int, minutes: list[int]
) -> None:
    instant = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    routes = [*Route][: len(minutes)]
    made = asking(*routes, closes_at=Minute.of(instant))
    arrivals = {
        route: Minute.of(instant + timedelta(minutes=number))
        for route, number in zip(routes, minutes, strict=True)
    }

    assert made.is_late("v1", arrivals) is any(number > 0 for number in minutes)


# --- postponing ----------------------------------------------------------------------------------


def test_a_closing_is_put_off_by_a_decision_taken_before_it_falls() -> None:
    made = opened(call())

    with make.on("2024-06-02"):
        made.postpone("v1", Minute("2024-07-15T12:00"), decided_on=date(2024, 6, 2), reasons="pont")

    assert made.closes_at("v1") == Minute("2024-07-15T12:00")
    assert made.closes_at("v1", date(2024, 6, 1)) == CLOSING
    assert made.closes_at("v1", date(2024, 6, 2)) == Minute("2024-07-15T12:00")


def test_what_was_late_is_on_time_once_the_closing_is_put_off() -> None:
    made, arrival = asking(Route.SERVER), {Route.SERVER: Minute("2024-07-01T08:00")}
    before = made.is_late("v1", arrival)

    with make.on("2024-06-02"):
        made.postpone("v1", Minute("2024-07-15T12:00"), decided_on=date(2024, 6, 2), reasons="pont")

    assert (before, made.is_late("v1", arrival)) == (True, False)


@pytest.mark.parametrize(
    ("closing", "to", "decided", "refusal"),
    [
        ("2024-06-03T11:59", "2024-07-01T12:00", "2024-06-03", ClosedAlready),
        ("2024-06-03T12:00", "2024-07-01T12:00", "2024-06-03", None),
        ("2024-06-30T12:00", "2024-06-30T12:00", "2024-06-03", NotALaterClosing),
        ("2024-06-30T12:00", "2024-06-29T12:00", "2024-06-03", NotALaterClosing),
        ("2024-06-30T12:00", "2024-07-01T12:00", "2024-06-04", NotYetHappened),
    ],
)
def test_a_closing_is_put_off_later_and_before_it_falls_only(
    closing: str, to: str, decided: str, refusal: type[Exception] | None
) -> None:
    made = call(v1={"closes_at": Minute(closing)})

    with make.on(decided):  # the clock shows noon in Paris, on 3 June 2024
        if refusal is None:
            made.postpone("v1", Minute(to), decided_on=make.day(decided), reasons="pont")
            return
        with pytest.raises(refusal):
            made.postpone("v1", Minute(to), decided_on=make.day(decided), reasons="pont")

    assert made.closes_at("v1") == Minute(closing)


def test_a_decision_after_the_closing_comes_too_late_even_where_it_is_still_to_fall() -> None:
    made, late = call(), date(2024, 7, 1)

    with (
        make.on("2024-07-01", now=datetime(2024, 6, 30, 9, 0, tzinfo=UTC)),
        pytest.raises((DecidedTooLate, NotYetHappened)),
    ):
        made.postpone("v1", Minute("2024-07-15T12:00"), decided_on=late, reasons="pont")


def test_only_a_closing_that_is_known_is_put_off() -> None:
    made = call(v1={"opens_on": PartialDate("2024")})

    with make.on(), pytest.raises(WaveHasNoClosing):
        made.postpone("v1", CLOSING, decided_on=date(2024, 6, 3), reasons="pont")
    with make.on(), pytest.raises(NoSuchWave, match="v1"):
        made.postpone("v9", CLOSING, decided_on=date(2024, 6, 3), reasons="pont")


# --- the rest ------------------------------------------------------------------------------------


def test_the_dates_of_a_wave_are_not_told_anew_once_it_has_opened() -> None:
    made = opened(call())

    with make.on(), pytest.raises(WaveHasOpened, match="report"):
        made.set_wave("v1", title="v1", closes_at=CLOSING)
    with make.on():
        made.set_wave("v2", title="v2", closes_at=CLOSING)

    assert (made.next_wave() or made.waves["v1"]).id == "v2"


def test_a_wave_closes_after_it_opens() -> None:
    with pytest.raises(ClosesBeforeItOpens):
        call(v1={"opens_at": CLOSING, "closes_at": Minute("2024-06-30T11:59")})
    with pytest.raises(MinuteAndDate):
        call(v1={"closes_at": CLOSING, "closes_on": PartialDate("2024-06-30")})


def test_a_wave_of_one_minute_is_one() -> None:
    made = call(v1={"opens_at": CLOSING, "closes_at": CLOSING})

    assert made.waves["v1"].closing == CLOSING


@pytest.mark.parametrize(
    ("given_", "reason"),
    [("2026-03-29T02:30", "n'existe pas"), ("2026-10-25T02:30", "arrive deux fois")],
)
def test_a_closing_in_an_hour_that_is_none_or_two_is_refused(given_: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Minute(given_)


def test_a_call_closes_at_the_right_one_of_two_hours() -> None:
    first, second = Minute("2026-10-25T02:30+02:00"), Minute("2026-10-25T02:30+01:00")
    made = asking(Route.SERVER, closes_at=first)

    assert made.is_late("v1", {Route.SERVER: second}) is True
    assert (second.begins - first.begins) == timedelta(hours=1)


def test_an_envelope_does_not_go_below_what_was_announced() -> None:
    made = call()

    with make.on(), pytest.raises(EnvelopeBelowAwards, match=r"99,99.*100"):
        made.set_envelope(99_99, note=None, awarded=100_00)
    with make.on():
        made.set_envelope(100_00, note=None, awarded=100_00)

    assert (made.envelope_on(make.TODAY), made.envelope_on(date(2024, 5, 1))) == (100_00, None)


def test_an_envelope_goes_no_lower_while_a_committee_deliberates() -> None:
    made = call()
    with make.on("2024-06-01"):
        made.set_envelope(100_00, note=None, awarded=0, is_deliberating=True)  # not known before
    with make.on("2024-06-01"), pytest.raises(EnvelopeHeld):
        made.set_envelope(99_99, note=None, awarded=0, is_deliberating=True)
    with make.on("2024-05-01"), pytest.raises(EnvelopeHeld):  # it would be lower from June on
        made.set_envelope(50_00, note=None, awarded=0, is_deliberating=True)
    with make.on("2024-06-01"):
        made.set_envelope(100_01, note=None, awarded=0, is_deliberating=True)
        made.set_envelope(1, note=None, awarded=1)

    assert made.envelope_on(make.TODAY) == 1


def test_the_least_envelope_from_a_day_on_is_what_may_be_granted_then() -> None:
    made = call()
    for day, amount in (("2024-01-01", 100_00), ("2024-06-01", 60_00), ("2024-09-01", 80_00)):
        with make.on(day):
            made.set_envelope(amount, note=None, awarded=0)

    least = {day: made.least_envelope_from(make.day(day)) for day in ("2024-02-01", "2024-10-01")}
    assert least == {"2024-02-01": 60_00, "2024-10-01": 80_00}
    assert made.least_envelope_from(date(2023, 1, 1)) is None


def test_bounds_are_the_least_then_the_most() -> None:
    made = call()

    with make.on(), pytest.raises(BoundsReversed):
        made.set_bounds(2, 1)
    with make.on():
        made.set_bounds(None, 30_00)

    assert made.bounds_on(make.TODAY) == (None, 30_00)
    assert made.bounds_on(date(2024, 5, 1)) == (None, None)


def test_a_specification_is_to_be_read_and_names_each_piece_once() -> None:
    made, twice = call(), (Part(id="budget", title="Budget"), Part(id="budget", title="Autre"))

    with make.on(), pytest.raises(NothingSpecified):
        made.specify(Specification(title="Cahier"))
    with make.on(), pytest.raises(TwiceTheSame, match="budget"):
        made.specify(Specification(title="Cahier", address="a", parts=twice))
    with make.on(), pytest.raises(TwiceTheSame, match="server"):
        made.specify(
            Specification(title="Cahier", address="a", routes=(Route.SERVER, Route.SERVER))
        )


def test_results_are_announced_once_and_known_from_that_day() -> None:
    made = opened(call())

    with make.on("2024-06-03"):
        made.announce("v1", announcement="communiqué")
    with make.on("2024-06-03"), pytest.raises(AlreadyAnnounced):
        made.announce("v1")

    assert made.announced_on("v1", date(2024, 6, 2)) is None
    assert made.announced_on("v1", date(2024, 6, 3)) == date(2024, 6, 3)


def test_results_of_a_year_were_not_announced_before_the_call_began() -> None:
    made = call(on="2024-05-01")

    with make.on("2024"):
        made.announce("v1")

    assert made.announced_on("v1", date(2024, 1, 1)) is None
    assert made.announced_on("v1", date(2024, 5, 1)) == date(2024, 5, 1)


def test_a_decree_call_asks_six_of_each_college() -> None:
    six = [_adviser(college, n) for college, n in product(AdviserCollege, range(6))]
    made = call()

    with make.on():
        made.name_advisers(six)
    with make.on(), pytest.raises(AdvisersFull):
        made.name_advisers([*six, _adviser(AdviserCollege.QUALIFIED, 6)])
    with make.on(), pytest.raises(TwiceTheSame):
        made.name_advisers([six[0], six[0]])

    assert len(made.advisers_on(make.TODAY)) == 12


def _adviser(college: AdviserCollege, number: int) -> AdviserSeat:
    return AdviserSeat(id=f"{college.value}_{number}", college=college, designated_by="essai")


def test_a_call_has_one_committee() -> None:
    made = call()

    with make.on():
        made.attach_committee(call_id("a"))
    with make.on(), pytest.raises(AlreadyAttached):
        made.attach_committee(call_id("b"))


def test_a_code_is_an_identity() -> None:
    assert call().id == call_id("essai-2024")
    assert call_id("essai-2024") != call_id("essai-2025")
