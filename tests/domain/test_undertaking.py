"""Undertakings: reported with evidence, assessed by somebody else; the day says which are late."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import PartialDate
from domain.errors import Refused
from domain.undertaking import (
    UNMET,
    Bound,
    NoLongerBound,
    NothingReported,
    NotLonger,
    OutOfOrder,
    OwnReport,
    Towards,
    Undertaking,
    UndertakingFinding,
    UndertakingId,
    UndertakingStanding,
)
from tests import make

ONE, OTHER = "organisation:Coopérative fictive", "organisation:CRESS fictive"


def taken(on: str = "2023-01-01", due: str | None = None, until: str | None = None) -> Undertaking:
    with make.on(on, valid_to=make.day(until) if until else None):
        return Undertaking.give(
            UndertakingId(uuid4()),
            bound=Bound.MEMBER,
            pole=UUID(int=1),
            member=UUID(int=2),
            organisation="Coopérative fictive",
            towards=Towards.LOCAL_CHARTER,
            text=UUID(int=3),
            item="engagement_01",
            signature=UUID(int=4),
            words="se réunir une fois par an",
            due=make.day(due) if due else None,
        )


def report(undertaking: Undertaking, on: str, by: str = ONE) -> None:
    with make.on(on):
        undertaking.report(words="fait", documents=(), persons=(by,), day=make.day(on))


def assess(undertaking: Undertaking, on: str, found: UndertakingFinding, by: str = OTHER) -> None:
    with make.on(on):
        undertaking.assess(found, reasons="vu", persons=(by,), day=make.day(on))


def extend(undertaking: Undertaking, on: str, due: str) -> None:
    with make.on(on):
        undertaking.extend(make.day(due), reasons="demande", day=make.day(on))


def release(undertaking: Undertaking, on: str) -> None:
    with make.on(on):
        undertaking.release(motive="fin", occurred_on=PartialDate(on))


def late(undertaking: Undertaking, *days: str) -> list[bool]:
    return [undertaking.is_late_on(make.day(day)) for day in days]


def test_the_last_day_still_counts() -> None:
    undertaking = taken(due="2023-06-30")

    assert late(undertaking, "2023-06-30", "2023-07-01") == [False, True]


def test_what_has_no_last_day_is_never_late() -> None:
    assert late(taken(), "2023-01-01", "2999-01-01") == [False, False]


def test_what_was_reported_is_late_no_more_and_is_again_when_found_not_kept() -> None:
    undertaking = taken(due="2023-06-30")
    report(undertaking, "2023-08-01")
    assert late(undertaking, "2023-07-31", "2023-08-01") == [True, False]

    assess(undertaking, "2023-09-01", UndertakingFinding.NOT_KEPT)

    assert late(undertaking, "2023-08-31", "2023-09-01") == [False, True]


def test_an_extension_gives_more_time_from_its_day_on() -> None:
    undertaking = taken(due="2023-06-30")

    extend(undertaking, "2023-08-01", "2023-12-31")

    assert late(undertaking, "2023-07-15", "2023-08-01", "2024-01-01") == [True, False, True]
    with pytest.raises(NotLonger, match="31 décembre 2023"):
        extend(undertaking, "2023-09-01", "2023-12-31")


def test_an_undertaking_without_a_last_day_may_be_given_one() -> None:
    undertaking = taken()

    extend(undertaking, "2023-02-01", "2023-06-30")

    assert late(undertaking, "2023-07-01") == [True]
    with pytest.raises(NotLonger):
        extend(taken(), "2023-02-01", "2022-12-31")


def test_nobody_assesses_what_they_reported() -> None:
    undertaking = taken()
    report(undertaking, "2023-03-01")

    with pytest.raises(OwnReport):
        assess(
            undertaking,
            "2023-04-01",
            UndertakingFinding.KEPT,
            by="organisation:COOPERATIVE  fictive",
        )
    assess(undertaking, "2023-04-01", UndertakingFinding.PARTLY)

    assert undertaking.standing_on(make.day("2023-04-01")) is UndertakingStanding.PARTLY


def test_only_what_was_reported_is_found_kept() -> None:
    undertaking = taken()

    for found in (UndertakingFinding.KEPT, UndertakingFinding.PARTLY):
        with pytest.raises(NothingReported):
            assess(undertaking, "2023-04-01", found)
    assess(undertaking, "2023-04-01", UndertakingFinding.NOT_KEPT)

    assert undertaking.standing_on(make.day("2023-04-01")) is UndertakingStanding.NOT_KEPT


def test_a_report_does_not_come_before_what_was_found() -> None:
    undertaking = taken()
    report(undertaking, "2023-03-01")
    assess(undertaking, "2023-05-01", UndertakingFinding.KEPT)

    with pytest.raises(OutOfOrder, match="1er mai 2023"):
        report(undertaking, "2023-04-01")


def test_nothing_is_asked_of_who_was_released() -> None:
    undertaking = taken(due="2023-06-30")
    release(undertaking, "2023-03-01")

    assert late(undertaking, "2023-07-01") == [False]
    assert undertaking.standing_on(make.day("2023-03-01")) is None
    attempts: list[Callable[[], None]] = [
        lambda: report(undertaking, "2023-03-01"),
        lambda: assess(undertaking, "2023-03-01", UndertakingFinding.NOT_KEPT),
        lambda: extend(undertaking, "2023-03-01", "2024-01-01"),
        lambda: release(undertaking, "2023-03-01"),
    ]
    for attempt in attempts:
        with pytest.raises(NoLongerBound):
            attempt()


def test_an_undertaking_for_a_time_ends_with_it() -> None:
    undertaking = taken(until="2024-01-01")

    with pytest.raises(NoLongerBound):
        report(undertaking, "2024-01-01")


days = st.dates(date(2023, 1, 1), date(2024, 12, 31))


@given(
    st.dates(date(2023, 1, 1), date(2024, 6, 30)) | st.none(),
    st.lists(st.tuples(st.sampled_from("raxn"), days, days), max_size=8),
    days,
)
def test_late_means_over_and_unmet(
    due: date | None, tried: list[tuple[str, date, date]], day: date
) -> None:
    undertaking = taken("2022-01-01", due=due.isoformat() if due else None)
    for what, on, more in tried:
        with suppress(Refused):
            match what:
                case "r":
                    report(undertaking, on.isoformat())
                case "a":
                    assess(undertaking, on.isoformat(), UndertakingFinding.KEPT)
                case "n":
                    assess(undertaking, on.isoformat(), UndertakingFinding.NOT_KEPT)
                case _:
                    extend(undertaking, on.isoformat(), more.isoformat())

    last = undertaking.due_on(day)
    over = last is not None and day >= last + timedelta(days=1)
    assert undertaking.is_late_on(day) == (over and undertaking.standing_on(day) in UNMET)
