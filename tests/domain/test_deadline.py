"""Days counted as the law counts them, and the deadlines of a state on a day."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.dates import PARIS, PartialDate, paris_day
from domain.deadline import Deadline, DueDeadline, deadlines_due
from domain.journey import Journey
from domain.overdue import Coming, FellDue, Reminded, comings
from domain.period import DAY, before, end_of, is_working
from domain.pole import Pole
from domain.rules import instant
from domain.words import Text
from tests import make
from tests.make import day

days = st.dates(date(2008, 1, 1), date(2100, 12, 31))
units = st.sampled_from(["days", "working_days", "weeks", "months", "years"])
periods = st.builds(lambda n, unit: f"{n} {unit}", st.integers(1, 60), units)
NATIONAL = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]


def fetes(year: int) -> set[date]:
    """The eleven fêtes légales of article L3133-1, from Easter as dateutil computes it."""
    moving = {easter(year) + timedelta(days=after) for after in (1, 39, 50)}
    return moving | {date(year, month, number) for month, number in NATIONAL}


@pytest.fixture(scope="module", autouse=True)
def _holidays_are_read() -> None:
    """Once, outside of what is timed."""
    is_working(make.TODAY)


# Working days.


@given(days)
def test_people_work_from_monday_to_friday_but_on_the_fetes_legales(one: date) -> None:
    assert is_working(one) == (one.isoweekday() <= 5 and one not in fetes(one.year))


@pytest.mark.parametrize("free", ["2025-04-18", "2025-12-26", "2025-05-22", "2025-05-27"])
def test_what_only_some_territories_celebrate_is_a_working_day(free: str) -> None:
    """Good Friday and the 26th of December (Moselle, Alsace); the abolitions (overseas)."""
    assert is_working(day(free))


@given(days, periods)
def test_an_extended_period_ends_on_a_working_day(since: date, period: str) -> None:
    assert is_working(end_of(period, since))


@given(days, periods)
def test_extension_adds_only_days_on_which_nobody_works(since: date, period: str) -> None:
    plain, extended = end_of(period, since, extended=False), end_of(period, since)

    between = [plain + n * DAY for n in range((extended - plain).days)]
    assert extended >= plain
    assert not any(map(is_working, between))


# Months, years, weeks, days.


@given(days, st.integers(1, 1200))
def test_months_end_as_an_independent_library_says(since: date, number: int) -> None:
    assume(since.year + number / 12 < 9000)

    found = end_of(f"{number} months", since, extended=False)

    assert found == since + relativedelta(months=number)


@given(days, st.integers(1, 500))
def test_years_end_as_an_independent_library_says(since: date, number: int) -> None:
    found = end_of(f"{number} years", since, extended=False)

    assert found == since + relativedelta(years=number)


@given(days, st.integers(1, 60))
def test_months_end_on_the_same_number_or_on_the_last_day_of_the_month(
    since: date, number: int
) -> None:
    end = end_of(f"{number} months", since, extended=False)

    assert end.day == since.day or (end.day < since.day and (end + DAY).day == 1)


@given(days, st.integers(1, 500))
def test_weeks_end_on_the_same_day_of_the_week(since: date, number: int) -> None:
    end = end_of(f"{number} weeks", since, extended=False)

    assert end.weekday() == since.weekday()
    assert end == end_of(f"{7 * number} days", since, extended=False)


@given(days, st.integers(1, 300))
def test_the_day_of_the_act_does_not_count(since: date, number: int) -> None:
    counted = [since + n * DAY for n in range(1, number + 1)]

    assert end_of(f"{number} days", since, extended=False) == counted[-1]
    last = end_of(f"{number} working_days", since, extended=False)
    between = [since + n * DAY for n in range(1, (last - since).days + 1)]
    assert sum(is_working(one) for one in between) == number


@given(days, days, periods, st.booleans())
def test_who_begins_later_does_not_end_sooner(
    one: date, other: date, period: str, extended: bool
) -> None:
    first, second = sorted([one, other])

    assert end_of(period, first, extended=extended) <= end_of(period, second, extended=extended)


@given(days, st.integers(1, 100), units)
def test_a_longer_period_ends_no_sooner(since: date, number: int, unit: str) -> None:
    assert end_of(f"{number} {unit}", since) <= end_of(f"{number + 1} {unit}", since)
    assert end_of(f"{number} {unit}", since) > since


@given(days, periods)
def test_counting_back_lands_before(end: date, period: str) -> None:
    back = before(period, end)

    assert back < end
    # Back and forth one may lose days of a longer month, and never gains any.
    assert end_of(period, back, extended=False) <= end or period.endswith("working_days")


@pytest.mark.parametrize(
    ("period", "since", "end", "extended"),
    [
        ("1 months", "2024-01-31", "2024-02-29", "2024-02-29"),
        ("1 months", "2023-01-31", "2023-02-28", "2023-02-28"),
        ("1 years", "2024-02-29", "2025-02-28", "2025-02-28"),
        ("4 years", "2024-02-29", "2028-02-29", "2028-02-29"),
        ("2 months", "2024-12-31", "2025-02-28", "2025-02-28"),
        ("1 months", "2024-10-11", "2024-11-11", "2024-11-12"),  # a holiday, a Monday
        ("2 months", "2024-02-29", "2024-04-29", "2024-04-29"),
        ("1 weeks", "2024-05-01", "2024-05-08", "2024-05-10"),  # then Ascension, then Friday
        ("10 days", "2024-03-20", "2024-03-30", "2024-04-02"),  # Saturday; Easter Monday
        ("3 working_days", "2024-05-07", "2024-05-14", "2024-05-14"),
        ("1 days", "2024-12-31", "2025-01-01", "2025-01-02"),
        ("9999 years", "2024-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_examples_of_the_rules(period: str, since: str, end: str, extended: str) -> None:
    assert end_of(period, day(since), extended=False) == day(end)
    assert end_of(period, day(since)) == day(extended)


@pytest.mark.parametrize("last", ["9999-12-31", "9999-12-25", "0001-01-01"])
@pytest.mark.parametrize("unit", ["days", "working_days", "weeks", "months", "years"])
def test_the_ends_of_the_calendar_are_the_ends_of_every_period(last: str, unit: str) -> None:
    assert end_of(f"9999 {unit}", day(last)) <= date.max
    assert before(f"9999 {unit}", day(last)) >= date.min


def test_whoever_counts_nothing_does_not_wait_for_the_holidays() -> None:
    code = (
        "import sys, application.catalogue, interfaces.cli.main; print('holidays' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


# Deadlines on a day.


def deadline(**fields: object) -> Deadline:
    given: dict[str, object] = {
        "id": "answer",
        "title": Text(fr="Réponse"),
        "source": "product rule",
        "period": "2 months",
        **fields,
    }
    return Deadline.model_validate(given)


def due(
    one: Deadline, on: str, since: str = "2024-01-31", facts: Mapping[str, object] | None = None
) -> DueDeadline:
    (found,) = deadlines_due(
        [one],
        entered=PartialDate(since),
        begins=PartialDate(since).first_day or date.min,
        facts=facts or {},
        day=day(on),
    )
    return found


@pytest.mark.parametrize(
    ("passes", "utc"),
    [("2024-04-03", "2024-04-02T22:00"), ("2024-11-13", "2024-11-12T23:00")],
)
def test_a_deadline_passes_at_midnight_in_paris(passes: str, utc: str) -> None:
    """The day lasts as long as it does there: 22:00 UTC in summer, 23:00 in winter."""
    one = deadline(period="1 days")
    last = day(passes) - DAY
    since = (last - DAY).isoformat()
    midnight = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    def passed(at: datetime) -> bool:
        return due(one, paris_day(at).isoformat(), since).passed

    assert due(one, since, since).due == last
    assert not passed(midnight - timedelta(microseconds=1))
    assert passed(midnight)


@given(days, periods, st.booleans())
def test_a_deadline_passes_at_the_instant_its_last_day_ends_in_paris(
    since: date, period: str, extended: bool
) -> None:
    one = deadline(period=period, extended=extended)
    last = end_of(period, since, extended=extended)
    midnight = datetime.combine(last + DAY, time(), PARIS).astimezone(UTC)

    told = [
        due(one, paris_day(at).isoformat(), since.isoformat()).passed
        for at in (midnight - timedelta(microseconds=1), midnight)
    ]

    assert midnight.hour in (22, 23)
    assert told == [False, True]


def test_a_deadline_is_counted_from_the_entry_unless_it_says_otherwise() -> None:
    found = due(deadline(), "2024-03-01")

    assert (str(found.since), found.due, found.passed) == ("2024-01-31", day("2024-04-02"), False)


def test_a_partial_date_counts_from_its_first_day_and_is_shown_as_it_is() -> None:
    found = due(deadline(), "2024-03-01", since="2024")

    assert (str(found.since), found.due) == ("2024", day("2024-03-01"))


@pytest.mark.parametrize("value", [day("2024-02-15"), instant(day("2024-02-15"))])
def test_a_deadline_may_be_counted_from_a_fact(value: object) -> None:
    found = due(
        deadline(counted_from="convention.signed_on"),
        "2024-03-01",
        facts={"convention.signed_on": value},
    )

    assert (str(found.since), found.due) == ("2024-02-15", day("2024-04-15"))


@pytest.mark.parametrize(
    "facts", [{}, {"notified": None}, {"notified": "2024-01-01"}, {"notified": 3}]
)
def test_a_deadline_counted_from_what_is_not_known_has_no_last_day(
    facts: dict[str, object],
) -> None:
    found = due(deadline(counted_from="notified", remind=("1 weeks",)), "2999-01-01", facts=facts)

    assert (found.since, found.due, found.passed, found.reminders) == (None, None, False, ())
    assert list(comings([found], day("2999-01-01"))) == []


def test_a_deadline_that_was_over_on_entry_has_passed_from_the_first_day_on() -> None:
    one = deadline(counted_from="signed", remind=("1 weeks",))

    found = due(one, "2024-06-01", "2024-06-01", {"signed": day("2024-01-02")})

    assert (found.due, found.passes_on, found.passed) == (
        day("2024-03-04"),
        day("2024-06-01"),
        True,
    )
    assert found.reminders == ()


def test_reminders_come_before_the_end_and_not_before_the_stay() -> None:
    found = due(deadline(remind=("1 weeks", "1 years", "3 working_days")), "2024-02-01")

    told = {reminder.before: reminder.day for reminder in found.reminders}
    assert told == {
        "1 weeks": day("2024-03-26"),
        "1 years": day("2024-01-31"),
        "3 working_days": day("2024-03-27"),
    }


# On a case.


WAITING = {
    "id": "pole",
    "version": "2024-01",
    "source": ["test"],
    "facts": "PoleFacts",
    "initial": "waiting",
    "states": {
        "waiting": {
            "deadlines": {
                "answer": {
                    "title": {"fr": "Réponse"},
                    "source": "product rule",
                    "period": "2 months",
                    "remind": ["1 weeks"],
                }
            }
        },
        "over": {},
    },
    "transitions": {"end": {"from": ["waiting"], "to": "over"}},
}


def waiting() -> tuple[Pole, Journey]:
    journey = Journey.model_validate(WAITING)
    return make.pole("2024-01-31", journey.ref, "waiting"), journey


def test_clauses_see_what_has_passed_whether_it_was_recorded_or_not() -> None:
    pole, journey = waiting()

    def passed(on: str) -> object:
        return pole.engine_facts_on(day(on), journey, {})["deadlines.passed"]

    before_recording = [passed(on) for on in ("2024-01-30", "2024-04-02", "2024-04-03")]
    with make.on("2024-04-20"):
        coming = Coming(day("2024-04-03"), "answer", day("2024-04-02"))
        pole.recall(coming, journey=journey.ref, state="waiting")

    assert before_recording == [(), (), ("answer",)]
    assert [passed(on) for on in ("2024-01-30", "2024-04-02", "2024-04-03")] == before_recording


def test_what_came_of_a_deadline_is_recorded_once_a_stay() -> None:
    pole, journey = waiting()
    came = list(comings(pole.deadlines_on(day("2024-05-01"), journey, {}), day("2024-05-01")))

    with make.on("2024-05-01"):
        told = [pole.recall(c, journey=journey.ref, state="waiting") for c in came * 2]

    reminded, fell = pole.pending[-2:]
    assert told == [True, True, False, False]
    assert isinstance(reminded, Reminded)
    assert isinstance(fell, FellDue)
    assert (reminded.TOPIC, fell.TOPIC) == (
        "pole.deadline_reminded.v1",
        "pole.deadline_passed.v1",
    )
    assert (str(reminded.occurred_on), reminded.before) == ("2024-03-26", "1 weeks")
    assert (str(fell.occurred_on), fell.due) == ("2024-04-03", day("2024-04-02"))


def test_a_case_that_is_replayed_knows_what_was_recorded() -> None:
    pole, journey = waiting()
    coming = Coming(day("2024-04-03"), "answer", day("2024-04-02"))
    with make.on("2024-04-03"):
        pole.recall(coming, journey=journey.ref, state="waiting")

    again = Pole.replay(pole.id, make.history(pole))

    assert again
    assert again.recalled == pole.recalled
    with make.on("2024-04-03"):
        assert not again.recall(coming, journey=journey.ref, state="waiting")


def test_what_came_of_another_last_day_is_recorded_too() -> None:
    """The date it was counted from was corrected: that is another day to keep."""
    pole, journey = waiting()

    with make.on("2024-06-03"):
        came = [Coming(day(on), "answer", day(on) - DAY) for on in ("2024-04-03", "2024-05-14")]
        told = [pole.recall(c, journey=journey.ref, state="waiting") for c in [*came, came[0]]]

    assert told == [True, True, False]
