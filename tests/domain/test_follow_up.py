"""Follow-up committees: two meetings a civil year, who sits, evaluations and recommendations."""

from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import PartialDate
from domain.errors import JalonError
from domain.follow_up import FollowUp
from domain.follow_up_facts import (
    FollowUpFacts,
    FunderSeat,
    RecommendationOutcome,
    RecommendationStanding,
)
from domain.follow_up_refusals import (
    DoesNotSit,
    EvaluationAlreadyReceived,
    EvaluationNotPlanned,
    MeetingDayWanted,
    MetThatDay,
    NoSuchRecommendation,
    NotReceivedYet,
    NotStanding,
    SitsAlready,
)
from domain.journey import Journey
from domain.organisation import Organisation
from domain.pole import Pole
from domain.recording import NotYetHappened
from domain.rules import compile_journey, fact_types, fact_values
from domain.workflow import Step
from infrastructure.guards import Cel
from infrastructure.reference import shipped_journeys
from tests import make
from tests.examples import settings

POLE = make.pole("2011-01-01")
CDC = Organisation(name="Caisse des dépôts", siret="73282932000074")


@cache
def journey() -> Journey:
    return next(journey for journey in shipped_journeys() if journey.id == "follow_up")


def read(cls: type[Any], _: UUID) -> Any:
    """The pole of the committee, to which nothing is promised."""
    assert cls is Pole
    return POLE


def constituted(on: str = "2022-03-01") -> FollowUp:
    with make.on(on):
        return FollowUp.constitute(
            pole=POLE.id,
            code="tetris-suivi",
            local=False,
            journey=journey().ref,
            stage="standing",
            occurred_on=PartialDate(on),
        )


def meet(committee: FollowUp, on: str) -> UUID:
    with make.on(on):
        return committee.meet(
            present=("État",), minutes=None, conclusions=None, occurred_on=PartialDate(on)
        )


def dissolve(committee: FollowUp, on: str) -> None:
    step = Step(
        transition="dissolve", from_="standing", to="dissolved", input={"motive": "?"}, findings=()
    )
    with make.on(on):
        committee.move(step, journey=journey().ref, occurred_on=PartialDate(on))


def passed(committee: FollowUp, on: str, deadline: str = "two_meetings") -> list[date]:
    """The last days that have passed of a deadline, as the engine asks on a day."""
    day = make.day(on)
    facts = fact_values(committee.facts_on(day, read))
    due = committee.deadlines_on(day, journey(), facts)
    return [one.due for one in due if one.id == deadline and one.passed and one.due]


def test_the_journey_that_ships_can_be_used() -> None:
    assert compile_journey(journey(), fact_types(FollowUpFacts), Cel)


def test_it_is_overdue_from_the_first_day_after_a_year_without_two_meetings() -> None:
    committee = constituted()
    meet(committee, "2022-06-01")

    assert passed(committee, "2022-12-31") == []
    assert passed(committee, "2023-01-01") == [make.day("2022-12-31")]
    assert committee.missed_years(make.day("2023-01-01")) == [2022]
    meet(committee, "2022-11-30")  # it had met: that was entered late
    assert passed(committee, "2023-01-01") == []


def test_each_year_that_is_missed_falls_due_on_its_own() -> None:
    committee = constituted()
    for day in ("2023-02-01", "2023-09-01"):
        meet(committee, day)

    assert passed(committee, "2024-06-03") == [make.day("2022-12-31")]
    with make.on("2024-06-03"):
        assert committee.missed_years(make.day("2026-01-01")) == [2022, 2024, 2025]


def test_a_meeting_that_was_not_held_no_longer_counts() -> None:
    committee = constituted()
    for day in ("2022-06-01", "2022-09-01"):
        meet(committee, day)
    with make.on("2023-02-01"):
        committee.withdraw_meeting(make.day("2022-09-01"), motive="reportée")

    assert passed(committee, "2023-01-01") == [make.day("2022-12-31")]


def test_once_dissolved_it_owes_no_meeting_and_holds_none() -> None:
    committee = constituted()
    dissolve(committee, "2023-06-01")

    assert passed(committee, "2024-01-01") == []
    with pytest.raises(NotStanding):
        meet(committee, "2023-06-01")
    meet(committee, "2023-05-31")


def test_a_meeting_took_place_on_one_day_that_has_come() -> None:
    committee = constituted()
    meet(committee, "2022-06-01")

    for on, refused in (
        ("2022-06-01", MetThatDay),
        ("2022-07", MeetingDayWanted),
        ("2022-02-28", NotStanding),
        ("2024-06-04", NotYetHappened),
    ):
        with pytest.raises(refused):
            meet(committee, on)


def test_a_funder_sits_once_and_may_leave() -> None:
    committee, day = constituted(), make.day("2022-04-01")
    with make.on("2022-04-01"):
        committee.seat(CDC, seat=FunderSeat.CAISSE_DES_DEPOTS, office="direction", day=day)
        again = Organisation(name="CDC", siret=CDC.siret)
        with pytest.raises(SitsAlready):
            committee.seat(again, seat=FunderSeat.OTHER_FUNDER, office="?", day=day)
        with pytest.raises(DoesNotSit, match="Caisse des dépôts"):
            committee.let_leave("Région", motive="?", day=day)
    with make.on("2023-01-01"):
        committee.let_leave("caisse des depots", motive="?", day=make.day("2023-01-01"))

    assert [len(committee.members_on(make.day(on))) for on in ("2022-12-31", "2023-01-01")] == [
        1,
        0,
    ]


def test_an_evaluation_is_planned_received_and_followed_one_recommendation_at_a_time() -> None:
    committee, day = constituted(), make.day("2022-04-01")

    def plan() -> None:
        committee.plan_evaluation(
            "periode", period_ends=make.day("2022-12-31"), paid_by="État", evaluation=None, day=day
        )

    with make.on("2022-04-01"):
        with pytest.raises(EvaluationNotPlanned):
            committee.receive_evaluation("periode", evaluation=None, document=None, day=day)
        plan()
        with pytest.raises(NotReceivedYet):
            committee.note_recommendation("periode", words="?", day=day)
    assert passed(committee, "2023-06-30", "third_party_evaluation") == []
    assert passed(committee, "2023-07-01", "third_party_evaluation") == [make.day("2023-06-30")]
    later = make.day("2023-08-01")
    with make.on("2023-08-01"):
        committee.receive_evaluation("periode", evaluation=None, document=None, day=later)
        with pytest.raises(EvaluationAlreadyReceived):
            committee.receive_evaluation("periode", evaluation=None, document=None, day=later)
        number = committee.note_recommendation("periode", words="élargir", day=later)
        with pytest.raises(NoSuchRecommendation):
            committee.settle_recommendation(
                7, outcome=RecommendationOutcome.FOLLOWED, answer="?", day=later
            )
    assert passed(committee, "2023-08-01", "third_party_evaluation") == []
    with make.on("2023-09-01"):
        committee.settle_recommendation(
            number,
            outcome=RecommendationOutcome.PARTLY,
            answer="deux membres de plus",
            day=make.day("2023-09-01"),
        )
    standing = [
        committee.recommendations_on(make.day(on))[0].standing
        for on in ("2023-08-31", "2023-09-01")
    ]
    assert standing == [RecommendationStanding.OPEN, RecommendationStanding.PARTLY]


DAYS = st.dates(date(2018, 1, 1), date(2024, 6, 3))


@settings(deadline=None)
@given(
    since=DAYS,
    met=st.lists(DAYS, max_size=16),
    taken_back=st.sets(st.integers(0, 15), max_size=4),
    over=st.none() | DAYS,
    asked=st.dates(date(2018, 1, 1), date(2030, 12, 31)),
)
def test_it_is_overdue_exactly_when_a_finished_year_had_fewer_than_two_meetings(
    since: date, met: list[date], taken_back: set[int], over: date | None, asked: date
) -> None:
    committee, held = constituted(since.isoformat()), list[date]()
    for day in met:
        with suppress(JalonError):
            meet(committee, day.isoformat())
            held.append(day)
    for number in sorted(taken_back & set(range(len(held))), reverse=True):
        with make.on("2024-06-03"):
            committee.withdraw_meeting(held.pop(number), motive="?")
    if over and over >= since and all(day < over for day in held):
        dissolve(committee, over.isoformat())
    else:
        over = None

    stands = since <= asked and (over is None or asked < over)
    finished = [year for year in range(since.year, asked.year) if stands]
    missed = [year for year in finished if sum(day.year == year for day in held) < 2]
    assert committee.missed_years(asked) == missed
    assert [day.year for day in passed(committee, asked.isoformat())] == missed
    assert _fold(committee).missed_years(asked) == missed


def _fold(committee: FollowUp) -> FollowUp:
    again = FollowUp.replay(committee.id, make.history(committee))
    assert again
    return again
