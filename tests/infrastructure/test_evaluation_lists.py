"""The lists of rounds, of assessments and of grids: at a date, rebuilt, and as the fold says."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
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
from domain.journey import Journey
from domain.pole import PoleId
from domain.workflow import Step
from infrastructure.read_models.evaluation import EvaluationModel
from infrastructure.read_models.intervals import seen
from infrastructure.reference import shipped_journeys
from interfaces.wiring import Product
from tests import make
from tests.application import rounds
from tests.examples import settings


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
    do(product, PlanRound(pole=line.pole, round_kind=RoundKind.THIRD_PARTY), "2024-01-01")
    lines = product.listed(EVALUATIONS, product.moment())
    assert {one.stage_title for one in lines} == {"prévu", "prévue"}
    assert product.find_round(line.code) == round_ == product.find_round(str(round_))


def test_the_grids_that_ship_are_published_once(product: Product) -> None:
    lines = product.listed(GRIDS_LISTED, product.moment())

    assert [line.ref for line in lines] == [
        "criteria_2012@2012-06-29",
        "referentiel@placeholder-2026-11",
    ]
    assert [line.placeholder for line in lines] == [False, True]


def test_an_assessment_is_listed_as_it_was_said_on_the_day(product: Product) -> None:
    of = pole(product)
    for day, found in (
        ("2024-01-01", Found.MET),
        ("2024-03-01", Found.NOT_MET),
    ):
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


JOURNEY = next(j for j in shipped_journeys() if j.id == RoundKind.THIRD_PARTY)
OTHER = JOURNEY.model_copy(
    update={
        "version": "2027-01-01",
        "states": tuple(
            state.model_copy(update={"id": "filling"}) if state.id == "open" else state
            for state in JOURNEY.states
        ),
        "replaces": {"open": "filling"},
    }
)
BACK = JOURNEY.model_copy(update={"version": "2027-02-01", "replaces": {"filling": "open"}})
MONTH = st.dates(make.day("2024-01-01"), make.day("2024-01-12"))
ACTS = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(["open", "filling", "submitted", "planned"])),
    st.tuples(st.just("migrate"), st.sampled_from([JOURNEY, OTHER, BACK])),
    st.tuples(st.just("revert"), st.sampled_from([OTHER, BACK])),
    st.tuples(st.just("designate"), st.sampled_from(["Cabinet A", "Cabinet B"])),
)


def act(round_: Evaluation, what: str, about: Any, day: date) -> None:
    on = PartialDate.on(day)
    match what, about:
        case "move", str(to):
            left = round_.state_on(day) or "planned"
            step = Step(transition="go", from_=left, to=to, input={}, findings=())
            round_.move(step, journey=round_.journey_on(day) or JOURNEY.ref, occurred_on=on)
        case "migrate", Journey() as to:
            round_.migrate(to, occurred_on=on)
        case "revert", Journey() as to:
            round_.go_back(to.ref, occurred_on=on)
        case _:
            round_.designate_evaluator(
                name=about, person=None, siren=None, account=None, declared_unrelated=False
            )


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(st.tuples(ACTS, MONTH), max_size=8))
def test_stage_version_and_evaluator_are_the_fold_of_what_was_known_however_late(
    acts: list[tuple[tuple[str, Any], date]],
) -> None:
    """Migrations and reverts of any day, recorded in any order, cut no other's days short."""
    with make.on("2024-01-02"):
        round_ = Evaluation.plan(
            pole=uuid4(),
            code="essai-tiers-1",
            round_kind=RoundKind.THIRD_PARTY,
            grid=rounds.placeholder(),
            journey=JOURNEY.ref,
            stage="planned",
            occurred_on=PartialDate("2024-01-02"),
        )
    for (what, about), day in acts:
        with make.on(day.isoformat()), suppress(JalonError):  # what is refused leaves nothing
            act(round_, what, about, day)
    history = make.history(round_)
    table = EvaluationModel.table
    engine = sa.create_engine("sqlite://")
    with engine.begin() as tx:
        table.create(tx)
        for recorded in history:
            if isinstance(recorded.event, EvaluationModel.events):
                EvaluationModel().apply(tx, recorded)
        told = (table.c.stage, table.c.journey, table.c.evaluator)
        for known in range(1, len(history) + 1):
            folded = Evaluation.replay(round_.id, history[:known])
            assert folded
            for number in range(1, 14):
                day = date(2024, 1, number)
                rows = tx.execute(sa.select(*told).where(seen(table, known=known, in_force=day)))
                evaluator = folded.evaluator_on(day)
                expected = (
                    folded.state_on(day),
                    folded.journey_on(day),
                    evaluator.name if evaluator else None,
                )
                assert [tuple(row) for row in rows] == ([expected] if number > 1 else [])
    engine.dispose()


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
