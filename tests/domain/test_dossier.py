"""A dossier is decided once or reopened on the record; arrivals and appeals have their dates."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.appeal import is_late, last_day
from domain.arrival import Arrival
from domain.award import (
    AlreadyDecided,
    DossierOutcome,
    Notification,
    NotificationChannel,
    WithdrawalGround,
)
from domain.call_terms import Route
from domain.dates import PartialDate
from domain.dossier import Content, Dossier
from domain.dossier_states import DELIBERATION, REFUSED
from domain.errors import Refused
from domain.minute import Minute
from domain.organisation import Organisation
from domain.workflow import Step
from tests import make

JOURNEY = "permanent_dossier@2021-05-12"
BEGINS = make.day("2024-01-02")
WAYS = {
    "reopen": ("not_selected", "national_review"),
    "bring": ("national_review", DELIBERATION),
    "select": (DELIBERATION, "selected"),
    "decline": (DELIBERATION, "not_selected"),
    "take_back": ("selected", "not_selected"),
}


def dossier() -> Dossier:
    """A dossier before the committee."""
    with make.on(BEGINS.isoformat()):
        return Dossier.draft(
            code="essai-2024-001",
            call=UUID(int=1),
            wave="v1",
            pole=UUID(int=2),
            project=UUID(int=3),
            content=Content("Projet", Organisation(name="P", reason_without="essai"), 1, 2, 0),
            region=None,
            journey=JOURNEY,
            stage=DELIBERATION,
            occurred_on=PartialDate.on(BEGINS),
        )


def move(made: Dossier, way: str, day: date) -> None:
    left, to = WAYS[way]
    if made.state_on(day) == left:
        step = Step(transition=way, from_=left, to=to, input={}, findings=(), variables={})
        made.move(step, journey=JOURNEY, occurred_on=PartialDate.on(day))


def decide(made: Dossier, outcome: DossierOutcome, day: date) -> None:
    made.decide(
        outcome=outcome,
        amount=100 if outcome is DossierOutcome.SELECTED else None,
        support=None,
        motive="Motif.",
        session=UUID(int=9),
        deliberated_on=day,
        reserve_rank=None,
        day=day,
    )
    move(made, "select" if outcome is DossierOutcome.SELECTED else "decline", day)


OUTCOMES = {"select": DossierOutcome.SELECTED, "decline": DossierOutcome.NOT_SELECTED}
ACTS = st.sampled_from(["select", "decline", "reopen", "bring", "take_back"])


@given(st.lists(st.tuples(ACTS, st.integers(-3, 3)), max_size=25))
def test_a_dossier_is_decided_once_or_reopened_on_the_record(acts: list[tuple[str, int]]) -> None:
    made, day = dossier(), BEGINS
    for act, days in acts:
        day = max(BEGINS, day + timedelta(days=days))
        before = len(made.pending)
        with make.on(day.isoformat()):
            try:
                if act in ("select", "decline"):
                    decide(
                        made, DossierOutcome("selected" if act == "select" else "not_selected"), day
                    )
                elif act == "take_back":
                    made.take_back(
                        ground=WithdrawalGround.CONDITIONS_NOT_MET,
                        reasons="Motif.",
                        heard_on=day,
                        day=day,
                    )
                    move(made, "take_back", day)
                else:
                    move(made, act, day)
            except Refused:
                assert len(made.pending) >= before
    free = True
    for event in made.pending:
        if isinstance(event, Dossier.Decided):
            assert free, "decided twice"
            free = False
        elif getattr(event, "from_", None) in REFUSED:
            free = True
    again = Dossier.replay(made.id, make.history(made))
    assert again
    for probed in (BEGINS, day, date.max):
        assert again.decision_on(probed) == made.decision_on(probed)
    assert made.decision_on(BEGINS - timedelta(days=1)) is None


def test_it_is_not_decided_again_on_an_earlier_day() -> None:
    made = dossier()
    with make.on("2024-03-01"):
        decide(made, DossierOutcome.NOT_SELECTED, make.day("2024-03-01"))
    with make.on("2024-02-01"), pytest.raises(AlreadyDecided):
        decide(made, DossierOutcome.SELECTED, make.day("2024-02-01"))


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"route": Route.SERVER, "day": "2024-01-01"}, "minute du serveur"),
        ({"route": Route.POSTMARK, "minute": "2024-01-01T10:00"}, "jour"),
        ({"route": Route.RECEIPT}, "donnez l'un des deux"),
        ({"route": Route.RECEIPT, "day": "2024-01-01", "minute": "2024-01-01T10:00"}, "l'un des"),
    ],
)
def test_an_arrival_is_dated_as_its_route_is(given_: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Arrival.model_validate(given_)
    assert Arrival(route=Route.SERVER, minute=Minute("2024-01-01T10:00")).on == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("received", "until"),
    [
        ("2023-03-15", "2023-05-16"),
        ("2023-12-30", "2024-03-01"),  # there is no 30 February; the day after the last counts
        ("2024-07-31", "2024-10-01"),
        ("2024-07-27", "2024-09-30"),  # 28 September is a Saturday
        ("2024-02-29", "2024-04-30"),
        ("2024-02-28", "2024-04-29"),
        ("2024-03-07", "2024-05-10"),  # the 8th is a holiday, and the 9th is too
    ],
)
def test_two_months_are_counted_in_free_days(received: str, until: str) -> None:
    assert last_day(make.day(received)) == make.day(until)


def test_lateness_is_not_told_where_the_day_of_receipt_decides_and_is_not_known() -> None:
    sent = make.day("2024-07-01")
    told = Notification(NotificationChannel.LETTER, None, sent, None, "Voies de recours.", 5)

    assert is_late(None, make.day("2030-01-01")) is False
    assert is_late(told, make.day("2024-09-02")) is False
    assert is_late(told, make.day("2024-12-01")) is None
