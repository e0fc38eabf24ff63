"""Requests to exercise rights: by when they are answered, and on which grounds one is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import PartialDate
from domain.exchange import Channel
from domain.period import is_working
from domain.privacy_ground import ARTICLES, GROUNDS, PrivacyRight, RefusalGround
from domain.privacy_request import (
    GroundOfAnotherRight,
    NothingRefused,
    PrivacyOutcome,
    PrivacyRequest,
    RefusalGroundWanted,
    answer_due,
)
from tests import make
from tests.domain.samples.of_every_kind import OTHER, SEALED

RECEIVED = "2024-01-31"


def request(right: PrivacyRight = PrivacyRight.ERASURE) -> PrivacyRequest:
    with make.on(RECEIVED):
        return PrivacyRequest.receive(
            OTHER,
            right=right,
            channel=Channel.MAIL,
            requester=SEALED,
            contact=None,
            words=None,
            received_on=make.day(RECEIVED),
            journey="privacy_request@2018-05-25",
            stage="received",
            occurred_on=PartialDate(RECEIVED),
        )


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2024-03-04", "2024-04-04"),  # the day of reception does not count
        ("2024-01-31", "2024-02-29"),  # a month without a 31st: its last day
        ("2023-01-31", "2023-02-28"),
        ("2024-05-31", "2024-07-01"),  # 30 June is a Sunday
        ("2024-05-15", "2024-06-17"),  # a Saturday
        ("2024-04-08", "2024-05-10"),  # 8 May, and Ascension Day on the 9th
        ("2024-03-01", "2024-04-02"),  # Easter Monday
        ("2023-11-24", "2023-12-26"),  # a Sunday, then Christmas Day
        ("2024-12-01", "2025-01-02"),  # New Year's Day
    ],
)
def test_the_answer_is_due_a_month_after_reception_as_regulation_1182_71_counts(
    received: str, due: str
) -> None:
    assert answer_due(make.day(received), extended=False) == make.day(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2024-01-31", "2024-04-30"),
        ("2023-11-30", "2024-02-29"),
        ("2024-12-31", "2025-03-31"),  # not a month after the 28th of February
        ("2024-02-01", "2024-05-02"),  # Labour Day
    ],
)
def test_once_extended_it_is_due_three_months_after_reception(received: str, due: str) -> None:
    assert answer_due(make.day(received), extended=True) == make.day(due)


@given(st.dates(date(2018, 5, 25), date(2090, 1, 1)))
def test_it_is_due_on_a_working_day_no_earlier_than_the_same_number_of_the_next_month(
    received: date,
) -> None:
    due = answer_due(received, extended=False)

    first = received.replace(day=1)
    next_month = (first + timedelta(days=32)).replace(day=1)
    last = (next_month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    plain = min(next_month + timedelta(days=received.day - 1), last)
    assert is_working(due)
    assert plain <= due
    assert all(
        not is_working(plain + timedelta(days=passed)) for passed in range((due - plain).days)
    )


def test_an_extension_holds_from_the_day_on_which_it_was_told() -> None:
    found = request()
    with make.on("2024-02-20"):
        found.extend()

    assert found.due_on(make.day("2024-02-19")) == make.day("2024-02-29")
    assert found.due_on(make.day("2024-02-20")) == make.day("2024-04-30")


@pytest.mark.parametrize("outcome", [PrivacyOutcome.REFUSED, PrivacyOutcome.PARTLY])
def test_a_refusal_even_of_a_part_names_its_ground(outcome: PrivacyOutcome) -> None:
    with make.on(), pytest.raises(RefusalGroundWanted):
        request().decide(outcome, ground=None, motive=None)


def test_what_is_granted_in_full_is_refused_on_no_ground() -> None:
    with make.on(), pytest.raises(NothingRefused):
        request().decide(PrivacyOutcome.GRANTED, ground=RefusalGround.LEGAL_CLAIMS, motive=None)


@pytest.mark.parametrize("right", PrivacyRight)
@pytest.mark.parametrize("ground", RefusalGround)
def test_a_ground_is_held_only_against_the_rights_its_article_speaks_of(
    right: PrivacyRight, ground: RefusalGround
) -> None:
    found = request(right)

    if right in GROUNDS[ground].against:
        with make.on():
            found.decide(PrivacyOutcome.REFUSED, ground=ground, motive=None)
        assert found.decision_on(make.TODAY)
    else:
        with make.on(), pytest.raises(GroundOfAnotherRight) as refused:
            found.decide(PrivacyOutcome.REFUSED, ground=ground, motive=None)
        assert GROUNDS[ground].article in str(refused.value)


def test_every_right_has_its_article_and_may_be_refused_on_a_ground_of_its_own_article() -> None:
    """What article 17(3) says is against erasure alone, but (e), which is in article 21 too."""
    assert set(ARTICLES) == set(PrivacyRight)
    assert set(GROUNDS) == set(RefusalGround)
    of_17_3 = {of.against for of in GROUNDS.values() if "17(3)" in of.article}
    assert of_17_3 == {
        frozenset({PrivacyRight.ERASURE}),
        frozenset({PrivacyRight.ERASURE, PrivacyRight.OBJECTION}),
    }
