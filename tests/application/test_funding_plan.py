"""The funding plan of a project in a registry: who writes it, what a withdrawal touches, lists."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.establishment import CloseEstablishment
from application.funding_plan import (
    AskFunder,
    ConfirmFunder,
    DrawUpPlan,
    NotAPlanner,
    NotTheFunder,
    SetCost,
    SetInKind,
    SetOwnResources,
    WithdrawFunder,
)
from application.funding_plan_list import FUNDING_PLANS, PlanItem
from application.funding_plan_sheet import funding_plan_sheet
from application.project import TransferProject
from domain.errors import JalonError
from domain.establishment import EstablishmentClosed
from domain.funding_plan import FundingPlan, plan_of
from domain.funding_plan_refusals import FunderNotAsked, NoPlan, PlanKnown
from domain.plan_balance import FunderStanding, TouchedKind
from domain.pole import PoleId
from domain.project import ProjectId
from domain.roles import Role
from tests.application import support
from tests.application.desk import Desk, person
from tests.application.support import DAY, FUNDER, POLE
from tests.examples import settings

CO_FUNDING = {
    "id": "region",
    "title": "La Région confirme son aide",
    "kind": "co_funding",
    "funder": "REGION FICTIVE",
    "tranches": ["whole"],
}
STATUTES = {
    "id": "statutes",
    "title": "Les statuts sont déposés",
    "kind": "evidence",
    "evidence": "statutes",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with support.opened(tmp_path) as made:
        yield made


@pytest.fixture
def pole(desk: Desk) -> PoleId:
    return desk.pole()


@pytest.fixture
def project(desk: Desk, pole: PoleId) -> ProjectId:
    made = support.project(desk, pole)
    desk.do(DrawUpPlan(project=made), "2024-01-01", POLE)
    return made


def ask(at: Desk, project: ProjectId, amount: str = "40000", on: str = "2024-01-05") -> None:
    command = AskFunder(
        project=project, funder="Région fictive", siret="23350001600040", amount=amount
    )
    at.do(command, on, POLE)


def withdraw(at: Desk, project: ProjectId, on: str = "2024-05-01", **more: Any) -> None:
    command = WithdrawFunder(project=project, funder="région fictive", reasons="budget réduit")
    at.do(command, on, more.get("by", FUNDER))


def test_a_withdrawal_names_every_commitment_and_condition_it_touches(
    desk: Desk, pole: PoleId, project: ProjectId
) -> None:
    ask(desk, project)
    at_stake = support.decide(desk, pole, project=project)
    support.sign(desk, at_stake, CO_FUNDING, STATUTES)
    own: dict[str, Any] = {"funder": "Région fictive", "funder_siret": "23350001600040"}
    mine = support.decide(desk, pole, project=project, **own)
    support.decide(desk, pole, **own)  # of another project
    before = desk.size
    withdraw(desk, project)

    sheet = funding_plan_sheet(desk.registry, project, desk.moment())
    (funder,) = sheet.funders
    touched = {(one.kind, one.commitment, one.condition, one.tranches) for one in funder.touches}
    assert touched == {
        (TouchedKind.CONDITION, at_stake, "region", ("whole",)),
        (TouchedKind.COMMITMENT, mine, None, ()),
    }
    assert "« La Région confirme son aide »" in funder.touched_words
    assert funder.standing is FunderStanding.WITHDRAWN
    earlier = funding_plan_sheet(desk.registry, project, desk.moment(known=before)).funders
    assert [(one.standing, one.touches) for one in earlier] == [(FunderStanding.ASKED, ())]


def test_a_plan_is_written_by_whom_it_concerns_and_a_funder_answers_for_itself(
    desk: Desk, project: ProjectId
) -> None:
    ask(desk, project)

    cost = SetCost(project=project, title="Salaires", amount="10")
    confirm = ConfirmFunder(project=project, funder="Région fictive", amount="10")
    with pytest.raises(NotAPlanner):
        desk.do(cost, DAY, person(9, Role.PAYER))
    with pytest.raises(NotTheFunder):
        desk.do(confirm, DAY, POLE)
    with pytest.raises(NotTheFunder):
        withdraw(desk, project, by=POLE)
    with pytest.raises(FunderNotAsked, match="Région fictive"):
        desk.do(confirm.model_copy(update={"funder": "Département"}), DAY, FUNDER)


def test_a_project_has_one_plan_and_none_before_it_is_drawn_up(desk: Desk, pole: PoleId) -> None:
    project = support.project(desk, pole)

    with pytest.raises(NoPlan):
        ask(desk, project)
    desk.do(DrawUpPlan(project=project), DAY, POLE)
    with pytest.raises(PlanKnown):
        desk.do(DrawUpPlan(project=project), DAY, POLE)
    with pytest.raises(NoPlan):
        funding_plan_sheet(desk.registry, project, desk.moment("2024-01-14"))


def test_a_funder_that_ceased_is_not_asked(desk: Desk, project: ProjectId) -> None:
    desk.do(CloseEstablishment(siret="23350001600040"), "2023-12-31")
    before = desk.size

    with pytest.raises(EstablishmentClosed, match="31 décembre 2023"):
        ask(desk, project)
    assert desk.size == before


def test_the_plan_follows_the_project_to_the_pole_that_takes_it_over(
    desk: Desk, project: ProjectId
) -> None:
    ask(desk, project)
    other = desk.pole("Autre pôle")
    desk.do(TransferProject(project=project, to=other, motive="fusion"), "2024-03-01")
    withdraw(desk, project)

    assert [line.pole for line in desk.lines(FUNDING_PLANS, "2024-03-01")] == [other]
    assert [line.pole != other for line in desk.lines(FUNDING_PLANS, "2024-02-28")] == [True]
    assert desk.rebuilt()


def test_the_sheet_says_what_is_missing(desk: Desk, project: ProjectId) -> None:
    desk.do(SetCost(project=project, title="Salaires", amount="100 000,50"), "2024-01-02", POLE)
    desk.do(SetOwnResources(project=project, amount="20000"), "2024-01-02", POLE)
    ask(desk, project)

    sheet = funding_plan_sheet(desk.registry, project, desk.moment())
    assert sheet.balance.missing == 80_000_50
    assert "40\u202f000,50\u00a0€" in sheet.balance.sentence


# --- the list -----------------------------------------------------------------------------------

DAYS = st.dates(date(2023, 1, 1), date(2024, 6, 3))
NAMES = st.sampled_from(["Loyers", "loyers", "Études"])
FUNDERS = st.sampled_from(["Région", "Fondation"])
EUROS = st.integers(0, 5000)
COMMANDS = st.one_of(
    st.tuples(st.just(SetCost), st.fixed_dictionaries({"title": NAMES, "amount": EUROS})),
    st.tuples(st.just(SetOwnResources), st.fixed_dictionaries({"amount": EUROS})),
    st.tuples(
        st.just(SetInKind),
        st.fixed_dictionaries(
            {"title": NAMES, "giver": st.just("?"), "value": EUROS, "words": st.just("?")}
        ),
    ),
    st.tuples(st.just(AskFunder), st.fixed_dictionaries({"funder": FUNDERS, "amount": EUROS})),
    st.tuples(st.just(ConfirmFunder), st.fixed_dictionaries({"funder": FUNDERS, "amount": EUROS})),
    st.tuples(
        st.just(WithdrawFunder),
        st.fixed_dictionaries({"funder": FUNDERS, "reasons": st.just("?")}),
    ),
)


@settings(max_examples=10, deadline=None)
@given(
    acts=st.lists(st.tuples(COMMANDS, DAYS), min_size=4, max_size=10),
    asked=st.lists(DAYS, min_size=1, max_size=3),
)
def test_the_list_is_the_fold_at_any_known_and_in_force(
    acts: list[tuple[tuple[Any, dict[str, Any]], date]], asked: list[date]
) -> None:
    with TemporaryDirectory() as folder, support.opened(Path(folder)) as at:
        project = support.project(at, at.pole())
        at.do(DrawUpPlan(project=project), "2023-01-01")
        sizes = [at.size]
        for (command, given), day in acts:
            with suppress(JalonError, ValueError):
                at.do(command(project=project, **given), day.isoformat())
            sizes.append(at.size)
        for known in {sizes[0], sizes[len(sizes) // 2], sizes[-1]}:
            for day in [*asked, *(on for _, on in acts)]:
                _compare(at, project, day, known)
        assert at.rebuilt()


def _compare(at: Desk, project: ProjectId, day: date, known: int) -> None:
    plan = at.registry.load(FundingPlan, plan_of(project), known)
    assert plan
    told = [
        *((PlanItem.COST, cost.cents) for cost in plan.costs_on(day)),
        *((PlanItem.IN_KIND, given.cents) for given in plan.in_kind_on(day)),
        *((PlanItem.FUNDER, line.cents) for line in plan.funders_on(day)),
        *([(PlanItem.OWN, plan.own_on(day))] if plan.own_on(day) else []),
    ]
    lines = at.lines(FUNDING_PLANS, day.isoformat(), known)
    assert sorted((line.item, line.amount_cents) for line in lines) == sorted(told)
    standing = sorted(line.standing for line in lines if line.standing)
    assert standing == sorted(line.standing for line in plan.funders_on(day))
