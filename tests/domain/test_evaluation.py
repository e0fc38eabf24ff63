"""Evaluation rounds: positions while open, validations of what stands, ties of the evaluator."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.dates import PartialDate
from domain.errors import NotFound
from domain.evaluation import (
    AlreadyValidated,
    BeforeItOpened,
    Evaluation,
    EvaluationFacts,
    NotAReferentiel,
    PositionsFrozen,
    RoundKind,
)
from domain.evaluator import EvaluatorFacts, EvaluatorUnnamed, WrongKind
from domain.grid import GRIDS, Grids
from domain.kernel import Aggregate
from domain.membership import MemberKind
from domain.pole import Pole
from domain.rules import fact_types
from domain.values import Sealed
from domain.workflow import Step
from infrastructure.reference import shipped_grids
from tests import make

GRID = next(grid for grid in shipped_grids() if grid.scale)
CRITERIA = next(grid for grid in shipped_grids() if not grid.scale)
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
JOURNEY = "self_positioning@2026-11-22"


def planned(kind: RoundKind = RoundKind.THIRD_PARTY, pole: UUID | None = None) -> Evaluation:
    with make.on("2024-01-01"):
        return Evaluation.plan(
            pole=pole or uuid4(),
            code="essai-tiers-1",
            round_kind=kind,
            grid=GRID,
            journey=JOURNEY,
            stage="planned",
            occurred_on=PartialDate("2024-01-01"),
        )


def move(round_: Evaluation, left: str, to: str, on: str) -> None:
    step = Step(transition=to, from_=left, to=to, input={}, findings=())
    with make.on(on):
        round_.move(step, journey=JOURNEY, occurred_on=PartialDate(on))


def opened(kind: RoundKind = RoundKind.SELF_POSITIONING) -> Evaluation:
    round_ = planned(kind)
    move(round_, "planned", "open", "2024-02-01")
    return round_


def position(round_: Evaluation, item: str, level: int, on: str) -> None:
    with make.on(on):
        round_.position(item, level, grid=GRID, day=make.day(on), comment=None, evidence=())


def validate(round_: Evaluation, party: str, on: str, holder: str | None = None) -> None:
    with make.on(on):
        round_.validate(party=party, holder=holder, remark=None, day=make.day(on))


def facts(round_: Evaluation, on: str, pole: Pole | None = None) -> EvaluationFacts:
    grids = Grids(GRIDS)
    with make.on("2023-01-01"):
        grids.publish(GRID)

    def read(cls: type[Aggregate], id_: UUID) -> Any:
        found = {Grids: grids, Pole: pole}.get(cls)
        if found is None:
            raise NotFound(name=id_)
        return found

    return round_.facts_on(make.day(on), read)


def ties(
    pole: Pole, on: str = "2024-06-03", funders: tuple[str, ...] | None = (), **who: Any
) -> EvaluatorFacts:
    round_ = planned(pole=pole.id)
    given: dict[str, Any] = {
        "name": None,
        "person": None,
        "siren": None,
        "account": None,
        "declared_unrelated": False,
    }
    with make.on("2024-01-02"):
        round_.designate_evaluator(**{**given, **who})
        if funders is not None:
            round_.declare_funders(funders)
    return facts(round_, on, pole).evaluator


def a_pole() -> Pole:
    pole = make.pole()
    with make.on("2023-01-01"):
        pole.add_member(
            member_kind=MemberKind.ESS_ENTERPRISE, name="Évaléco", person=None, siren="732829320"
        )
        pole.designate_carrier(name="Coopérative d'essai", siret="73282932000074")
    return pole


def test_no_fact_offered_to_clauses_is_a_score() -> None:
    """Counts of answers and of parties, and yes or no of ties: never what the answers are."""
    assert set(fact_types(EvaluationFacts)) == {
        "items.total",
        "items.answered",
        "validators.count",
        "validators.independent",
        "evaluator.named",
        *(f"evaluator.{tie}" for tie in ("is_member", "is_carrier", "is_funder", "independent")),
        *(
            f"evaluator.{tie}_known"
            for tie in ("is_member", "is_carrier", "is_funder", "independent")
        ),
    }


def test_the_facts_are_the_same_whatever_the_levels() -> None:
    low, high = opened(), opened()
    for code in GRID.items:
        position(low, code, 0, "2024-03-01")
        position(high, code, 4, "2024-03-01")

    assert facts(low, "2024-03-01") == facts(high, "2024-03-01")


def test_a_round_is_made_on_a_referentiel() -> None:
    with make.on(), pytest.raises(NotAReferentiel):
        Evaluation.plan(
            pole=uuid4(),
            code="essai-auto-1",
            round_kind=RoundKind.SELF_POSITIONING,
            grid=CRITERIA,
            journey=JOURNEY,
            stage="planned",
            occurred_on=PartialDate("2024-01-01"),
        )


def test_positions_are_given_while_the_round_is_open_and_not_dated_before() -> None:
    round_ = planned(RoundKind.SELF_POSITIONING)
    with pytest.raises(PositionsFrozen):
        position(round_, "TER1a", 3, "2024-01-15")
    move(round_, "planned", "open", "2024-02-01")
    with pytest.raises(BeforeItOpened):
        position(round_, "TER1a", 3, "2024-01-31")
    position(round_, "TER1a", 3, "2024-02-10")
    move(round_, "open", "submitted", "2024-03-01")

    for day in ("2024-02-20", "2024-03-01", "2024-04-01"):
        with pytest.raises(PositionsFrozen):
            position(round_, "TER1a", 4, day)
    found = round_.position_on("TER1a", make.day("2024-05-01"))
    assert found
    assert found.level == 3


def test_a_position_holds_from_its_day_and_the_last_one_prevails() -> None:
    round_ = opened()
    position(round_, "TER1a", 1, "2024-02-10")
    position(round_, "TER1a", 3, "2024-02-20")

    told = [round_.position_on("TER1a", make.day(day)) for day in ("2024-02-09", "2024-02-10")]
    after = round_.position_on("TER1a", make.day("2024-02-20"))

    assert [p and p.level for p in told] == [None, 1]
    assert after
    assert after.level == 3


def test_what_was_not_observed_counts_as_answered() -> None:
    round_ = opened()
    with make.on("2024-02-10"):
        round_.leave_unobserved(
            "TER1a", grid=GRID, day=make.day("2024-02-10"), motive="sans accès", evidence=()
        )

    assert facts(round_, "2024-02-10").items.answered == 1
    assert facts(round_, "2024-02-10").items.total == 27


def test_validations_are_of_what_stands_and_by_distinct_parties() -> None:
    round_ = opened()
    position(round_, "TER1a", 3, "2024-02-10")
    validate(round_, "organisation:Un", "2024-02-11")
    with pytest.raises(AlreadyValidated):
        validate(round_, "organisation:UN ", "2024-02-12")
    validate(round_, "organisation:Deux", "2024-02-12")
    assert facts(round_, "2024-02-12").validators.count == 2

    position(round_, "TER1b", 1, "2024-02-13")

    assert facts(round_, "2024-02-12").validators.count == 2
    assert facts(round_, "2024-02-13").validators.count == 0
    validate(round_, "organisation:Un", "2024-02-14")
    assert facts(round_, "2024-02-14").validators.count == 1


def test_one_person_under_two_mandates_is_one_validator() -> None:
    round_ = opened()
    hand, other = (f"account:{UUID(int=number)}" for number in (8, 9))
    validate(round_, "organisation:Un", "2024-02-12", hand)
    validate(round_, "organisation:Deux", "2024-02-12", hand)
    validate(round_, hand, "2024-02-12")
    told = facts(round_, "2024-02-12").validators
    assert (told.count, told.independent) == (1, 1)

    validate(round_, "organisation:Trois", "2024-02-13", other)

    told = facts(round_, "2024-02-13").validators
    assert (told.count, told.independent) == (2, 2)


def test_neither_who_submits_nor_who_acts_for_them_nor_the_evaluator_is_independent() -> None:
    round_ = opened(RoundKind.THIRD_PARTY)
    with make.on("2024-02-02"):
        round_.designate_evaluator(
            name="Cabinet d'essai", person=None, siren=None, account=None, declared_unrelated=False
        )
        round_.sign(party=f"pole:{UUID(int=1)}", holder=f"account:{UUID(int=2)}")
    for party, holder in (
        (f"pole:{UUID(int=1)}", None),
        ("organisation:Un", f"account:{UUID(int=2)}"),
        ("organisation:cabinet d'essai", None),
        ("organisation:Deux", None),
    ):
        validate(round_, party, "2024-03-01", holder)

    told = facts(round_, "2024-03-01", a_pole()).validators
    assert (told.count, told.independent) == (4, 1)


def test_an_evaluator_is_neither_member_nor_carrier_nor_funder() -> None:
    pole = a_pole()

    assert ties(pole, name="Cabinet d'essai").independent is True
    assert ties(pole, name="EVALECO").is_member
    assert ties(pole, name="Autre nom", siren="732829320").is_carrier
    assert ties(pole, name="coopérative d'essai").is_carrier
    assert ties(pole, name="Fondation", funders=("FONDATION",)).is_funder
    for who in ("EVALECO", "coopérative d'essai", "Fondation"):
        assert ties(pole, name=who, funders=("FONDATION",)).independent is False


def test_without_a_list_of_funders_it_cannot_be_told() -> None:
    told = ties(a_pole(), name="Cabinet d'essai", funders=None)

    assert (told.is_funder, told.independent) == (None, None)


def test_of_a_person_it_is_what_they_declare() -> None:
    pole = a_pole()

    assert ties(pole, person=SEALED).independent is None
    assert ties(pole, person=SEALED, declared_unrelated=True).independent is True


def test_a_former_member_may_evaluate() -> None:
    pole = a_pole()
    (member,) = pole.members
    with make.on("2024-01-10"):
        pole.end_membership(member, occurred_on=PartialDate("2024-01-10"))

    assert ties(pole, "2024-01-09", name="Évaléco").independent is False
    assert ties(pole, "2024-01-10", name="Évaléco").independent is True


def test_a_pole_that_looks_at_itself_has_no_evaluator() -> None:
    round_ = planned(RoundKind.SELF_POSITIONING)

    with make.on(), pytest.raises(WrongKind):
        round_.designate_evaluator(
            name="X", person=None, siren=None, account=None, declared_unrelated=False
        )
    with make.on(), pytest.raises(WrongKind):
        round_.declare_funders([])


def test_an_evaluator_has_one_name() -> None:
    for name, person in ((None, None), ("X", SEALED)):
        with make.on(), pytest.raises(EvaluatorUnnamed):
            planned().designate_evaluator(
                name=name, person=person, siren=None, account=None, declared_unrelated=True
            )
