"""The lists of rounds, of assessments and of grids: at a date, rebuilt, and as the fold says."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.assessment import ASSESSMENTS, RecordAssessment, WithdrawAssessment
from application.command import Command
from application.evaluation import EVALUATIONS, MoveRound, PlanRound
from application.grid import GRIDS_LISTED
from application.pole import RegisterPole
from application.positioning import FillRound
from domain.assessment import AssessmentId, Found
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.evaluation import Evaluation, EvaluationId, RoundKind
from domain.pole import PoleId
from infrastructure.read_models.evaluation import find_round
from interfaces.wiring import Product
from tests import make
from tests.application import rounds


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path) as made:
        yield made


def do(product: Product, command: Command, on: str) -> Any:
    dated = command.model_copy(update={"occurred_on": PartialDate(on)})
    return product.do(dated, product.operator()).answer


def pole(product: Product) -> PoleId:
    return PoleId(do(product, RegisterPole(name="Pôle d'essai"), "2022-01-01"))


def plan(product: Product, of: PoleId, on: str = "2024-01-01") -> EvaluationId:
    command = PlanRound(pole=of, round_kind=RoundKind.SELF_POSITIONING)
    return EvaluationId(do(product, command, on))


def move(product: Product, round_: EvaluationId, way: str, on: str, **given: Any) -> None:
    do(product, MoveRound(evaluation=round_, transition=way, input=given), on)


def stages(product: Product, in_force: str, known: int | None = None) -> list[str]:
    moment = product.moment(in_force=in_force)
    if known:
        moment = moment.model_copy(update={"known": known})
    return [line.stage for line in product.listed(EVALUATIONS, moment)]


def test_a_round_stands_in_the_list_at_the_stage_of_the_day(product: Product) -> None:
    round_ = plan(product, pole(product))
    known = product.journal.size()
    move(product, round_, "open", "2024-02-01")

    assert stages(product, "2023-12-31") == []
    assert stages(product, "2024-01-31") == ["planned"]
    assert stages(product, "2024-02-01") == ["open"]
    assert stages(product, "2024-02-01", known) == ["planned"]


def test_its_line_marks_the_placeholder_and_finds_it_by_its_code(product: Product) -> None:
    round_ = plan(product, pole(product))
    (line,) = product.listed(EVALUATIONS, product.moment())

    assert line.placeholder
    assert "provisoire" in (line.notice or "")
    assert (line.pole_name, line.stage_title) == ("Pôle d'essai", "prévu")
    assert product.find_round(line.code) == round_ == product.find_round(str(round_))
    assert find_round(product._engine, line.code) == round_


def test_the_grids_that_ship_are_published_once(product: Product) -> None:
    lines = product.listed(GRIDS_LISTED, product.moment())

    assert [line.ref for line in lines] == [
        "criteria_2012@2012-06-29",
        "referentiel@placeholder-2026-11",
    ]
    assert [line.placeholder for line in lines] == [False, True]


def test_an_assessment_is_listed_as_it_was_said_on_the_day(product: Product) -> None:
    of = pole(product)
    for day, found in (("2024-01-01", Found.MET), ("2024-03-01", Found.NOT_MET)):
        command = RecordAssessment(
            pole=of, criterion="MIX", found=found, reasons=f"vu le {day}", name="Réseau d'essai"
        )
        made = do(product, command, day)
    known = product.journal.size()

    def said(day: str, known: int | None = None) -> list[str]:
        moment = product.moment(in_force=day)
        if known:
            moment = moment.model_copy(update={"known": known})
        return [f"{line.found} {line.reasons}" for line in product.listed(ASSESSMENTS, moment)]

    assert said("2023-12-31") == []
    assert said("2024-02-29") == ["met vu le 2024-01-01"]
    assert said("2024-03-01") == ["not_met vu le 2024-03-01"]
    do(product, WithdrawAssessment(assessment=AssessmentId(made), motive="autre"), "2024-04-01")
    assert said("2024-03-01") == []
    assert said("2024-03-01", known) == ["not_met vu le 2024-03-01"]


WAYS = ["open", "submit", "review", "send_back", "abandon"]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(WAYS), st.sampled_from(["2024-01-05", "2024-01-09", "2024-02"])),
        max_size=6,
    ),
    day=st.sampled_from(["2024-01-04", "2024-01-05", "2024-01-20", "2024-03-01"]),
)
def test_the_list_is_the_fold_of_the_events_and_rebuilt_it_is_the_same(
    product: Product, steps: list[tuple[str, str]], day: str
) -> None:
    round_ = plan(product, pole(product))
    for way, on in steps:
        given = {"remarks": "à revoir"} if way == "send_back" else {}
        given = {"motive": "sans suite"} if way == "abandon" else given
        with suppress(JalonError):  # what is refused leaves nothing
            move(product, round_, way, on, **given)
            if way == "open":
                do(product, FillRound(evaluation=round_, positions=rounds.answers()), on)

    folded = product.registry.load(Evaluation, round_)
    assert folded
    (line,) = [
        line
        for line in product.listed(EVALUATIONS, product.moment(in_force=day))
        if line.id == round_
    ]
    assert line.stage == folded.state_on(make.day(day))
    before = product.follower.digests()
    product.follower.rebuild()
    assert product.follower.digests() == before
