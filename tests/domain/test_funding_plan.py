"""The funding plan of a project: its balance, and its funders in the order of their answers."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import JalonError
from domain.funding_plan import FundingPlan
from domain.funding_plan_refusals import (
    BeforeThePlan,
    FunderAlreadyAsked,
    FunderKnownLater,
    FunderNotAsked,
    FunderWithdrawn,
)
from domain.organisation import Organisation
from domain.plan_balance import FunderStanding
from tests import make

POLE, PROJECT = UUID(int=1), UUID(int=2)
REGION = Organisation(name="Région fictive", siret="73282932000074")


def drawn_up(on: str = "2024-01-01") -> FundingPlan:
    with make.on(on):
        return FundingPlan.draw_up(project=PROJECT, pole=POLE)


def ask(plan: FundingPlan, day: str, cents: int, funder: Organisation = REGION) -> None:
    with make.on(day):
        plan.ask_funder(funder, cents=cents, pole=POLE, day=make.day(day))


def confirm(plan: FundingPlan, day: str, cents: int, name: str = "Région fictive") -> None:
    with make.on(day):
        plan.confirm_funder(name, cents=cents, pole=POLE, day=make.day(day))


def withdraw(plan: FundingPlan, day: str, name: str = "Région fictive") -> None:
    with make.on(day):
        plan.withdraw_funder(name, reasons="?", touches=(), pole=POLE, day=make.day(day))


def test_what_is_missing_is_what_costs_exceed_what_is_secured_by() -> None:
    plan = drawn_up()
    with make.on("2024-01-02"):
        plan.set_cost("Salaires", cents=100, pole=POLE, day=make.day("2024-01-02"))
        plan.set_own_resources(20, pole=POLE, day=make.day("2024-01-02"))
        plan.set_in_kind(
            "Local", giver="Commune", cents=30, words="?", pole=POLE, day=make.day("2024-01-02")
        )
    ask(plan, "2024-01-03", 90)
    confirm(plan, "2024-02-01", 70)

    before, after = (plan.balance_on(make.day(on)) for on in ("2024-01-31", "2024-02-01"))
    assert (before.missing, before.missing_if_all_confirm, before.in_kind) == (80, -10, 30)
    assert (after.missing, after.asked, after.confirmed) == (10, 0, 70)
    withdraw(plan, "2024-03-01")
    end = plan.balance_on(make.day("2024-03-01"))
    assert (end.missing, end.withdrawn, end.confirmed) == (80, 70, 0)


def test_a_funder_answers_in_order_and_may_be_asked_again_once_it_withdrew() -> None:
    plan = drawn_up()
    with pytest.raises(FunderNotAsked):
        confirm(plan, "2024-01-02", 1)
    ask(plan, "2024-01-10", 100)
    with pytest.raises(FunderAlreadyAsked):
        ask(plan, "2024-01-11", 100, Organisation(name="Conseil régional", siret=REGION.siret))
    with pytest.raises(FunderKnownLater):
        confirm(plan, "2024-01-09", 100)
    withdraw(plan, "2024-02-01", "732 829 320 00074")
    with pytest.raises(FunderWithdrawn):
        confirm(plan, "2024-02-02", 100)
    ask(plan, "2024-03-01", 50)

    (line,) = plan.funders_on(make.day("2024-03-01"))
    assert (line.standing, line.cents) == (FunderStanding.ASKED, 50)


def test_nothing_is_entered_in_a_plan_before_it_is_drawn_up() -> None:
    with pytest.raises(BeforeThePlan):
        ask(drawn_up(), "2023-12-31", 100)


def test_one_item_is_one_whatever_its_capitals_and_accents() -> None:
    plan = drawn_up()
    for title, cents in (("Études", 10), ("ETUDES", 25)):
        with make.on("2024-01-02"):
            plan.set_cost(title, cents=cents, pole=POLE, day=make.day("2024-01-02"))

    (cost,) = plan.costs_on(make.day("2024-01-02"))
    assert (cost.title, cost.cents) == ("Études", 25)


# --- the balance, against a naive model ---------------------------------------------------------

NAMES = st.sampled_from(["Région", "État", "Fondation"])
DAYS = st.dates(date(2024, 1, 1), date(2024, 5, 30))
CENTS = st.integers(0, 10**9)
ACTS = st.tuples(
    st.sampled_from(["cost", "own", "ask", "confirm", "withdraw", "in_kind"]), NAMES, DAYS, CENTS
)


@given(acts=st.lists(ACTS, max_size=20), day=DAYS)
def test_the_balance_is_that_of_the_last_word_on_each_item(
    acts: list[tuple[str, str, date, int]], day: date
) -> None:
    plan, told = drawn_up(), list[tuple[str, str, date, int]]()
    for act in acts:
        with suppress(JalonError):
            _do(plan, act)
            told.append(act)
    again = FundingPlan.replay(plan.id, make.history(plan))
    found = plan.balance_on(day)

    assert again
    assert again.balance_on(day) == found
    assert found.costs == sum(_last(told, "cost", day))
    assert found.in_kind == sum(_last(told, "in_kind", day))
    assert found.own == next((c for k, _, d, c in reversed(told) if k == "own" and d <= day), 0)
    standing = list(_answers(told, day))
    assert found.asked == sum(cents for kind, cents in standing if kind == "ask")
    assert found.confirmed == sum(cents for kind, cents in standing if kind == "confirm")
    assert found.withdrawn == sum(cents for kind, cents in standing if kind == "withdraw")
    assert found.costs == found.own + found.confirmed + found.missing
    assert found.missing == found.missing_if_all_confirm + found.asked


def _do(plan: FundingPlan, act: tuple[str, str, date, int]) -> None:
    kind, name, day, cents = act
    on = day.isoformat()
    match kind:
        case "ask":
            ask(plan, on, cents, Organisation(name=name, reason_without="fictif"))
        case "confirm":
            confirm(plan, on, cents, name)
        case "withdraw":
            withdraw(plan, on, name)
        case _:
            with make.on(on):
                _set(plan, kind, name, day, cents)


def _set(plan: FundingPlan, kind: str, name: str, day: date, cents: int) -> None:
    if kind == "cost":
        plan.set_cost(name, cents=cents, pole=POLE, day=day)
    elif kind == "own":
        plan.set_own_resources(cents, pole=POLE, day=day)
    else:
        plan.set_in_kind(name, giver="?", cents=cents, words="?", pole=POLE, day=day)


def _last(told: list[tuple[str, str, date, int]], kind: str, day: date) -> Iterator[int]:
    """For each title, the last that was recorded and holds on the day."""
    for name in ("Région", "État", "Fondation"):
        mine = [c for k, n, d, c in told if (k, n) == (kind, name) and d <= day]
        yield mine[-1] if mine else 0


def _answers(told: list[tuple[str, str, date, int]], day: date) -> Iterator[tuple[str, int]]:
    """For each funder, where it stands: what was withdrawn is what was said before."""
    for name in ("Région", "État", "Fondation"):
        said = ("", 0)
        for kind, other, since, cents in told:
            if other == name and since <= day and kind in ("ask", "confirm", "withdraw"):
                said = (kind, said[1] if kind == "withdraw" else cents)
        if said[0]:
            yield said
