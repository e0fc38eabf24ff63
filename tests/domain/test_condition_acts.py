"""The conditions of a convention: reported, found met or not, and what they hold back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from domain.condition import (
    AlreadyMet,
    ApprovedOnIt,
    Condition,
    ConditionKind,
    ConditionNotReported,
    ConditionStanding,
    LaterFactKnown,
    MetByItself,
    OwnConditionReport,
    UnknownCondition,
    WithoutProof,
)
from domain.tranche import (
    ConditionsNotMet,
)
from tests.domain.acts import refused
from tests.domain.samples.commitment import (
    ANOTHER,
    EVIDENCE,
    INDICATOR,
    LATER,
    THIRD,
    WHO,
)
from tests.domain.test_commitment import (
    amend,
    approve,
    claim,
    day,
    meet,
    on,
    paid,
    signed,
)


def test_a_condition_says_what_its_kind_needs_and_nothing_else() -> None:
    for told in (
        {"kind": "evidence"},
        {"kind": "indicator", "measure": "emplois"},
        {"kind": "date"},
        {"kind": "co_funding"},
        {"kind": "evidence", "evidence": "statutes", "funder": "Région"},
    ):
        with pytest.raises(ValidationError, match=r"La condition|à la condition"):
            Condition.model_validate({"id": "x", "title": "Essai", **told})


def test_a_condition_is_reported_by_one_and_found_met_by_another() -> None:
    made = signed(conditions=(EVIDENCE, INDICATOR, LATER))

    def report(name: str, number: int = 1, **more: Any) -> Callable[[], object]:
        def act() -> None:
            with on(number) as when:
                told: dict[str, Any] = {
                    "words": None,
                    "documents": (),
                    "value": None,
                    "persons": WHO,
                    **more,
                }
                made.report_condition(name, day=when, **told)

        return act

    def find(name: str, number: int = 1, *, met: bool = True, who: Any = ANOTHER) -> Any:
        def act() -> None:
            with on(number) as when:
                made.find_condition(name, met=met, reasons="vu", persons=who, day=when)

        return act

    refused(
        [
            (UnknownCondition, report("nothing")),
            (MetByItself, report("later")),
            (ConditionNotReported, find("jobs")),
        ]
    )
    report("jobs", value=2)()
    report("statutes")()
    refused(
        [
            (OwnConditionReport, find("jobs", who=WHO[1:])),
            (WithoutProof, find("jobs")),
            (WithoutProof, find("statutes")),
            (LaterFactKnown, find("jobs", 0)),
        ]
    )
    find("jobs", met=False)()
    report("jobs", 2, value=3)()
    find("jobs", 2)()
    refused([(AlreadyMet, report("jobs", 3))])

    standing = {name: state.standing for name, state in made.conditions_on(day(2)).items()}
    assert standing["jobs"] is ConditionStanding.MET
    assert made.conditions_on(day(1))["jobs"].standing is ConditionStanding.NOT_MET
    assert standing["later"] is ConditionStanding.MET  # its day had come


def test_another_need_under_the_same_name_is_to_be_met_again() -> None:
    made = signed()
    meet(made, "jobs")
    four = INDICATOR.model_copy(update={"value": 4})
    later = INDICATOR.model_copy(update={"due": date(2024, 9, 1)})

    amend(made, 2, conditions=(EVIDENCE, later))
    assert made.conditions_on(day(2))["jobs"].is_met
    amend(made, 3, conditions=(EVIDENCE, four))

    assert not made.conditions_on(day(3))["jobs"].is_met
    assert made.conditions_on(day(2))["jobs"].is_met


def test_what_a_tranche_was_approved_on_is_not_found_wanting_before() -> None:
    made = paid()

    def find(number: int) -> None:
        with on(number) as when:
            made.find_condition("statutes", met=False, reasons="périmés", persons=THIRD, day=when)

    refused([(ApprovedOnIt, lambda: find(3)), (LaterFactKnown, lambda: find(0))])
    find(4)

    assert not made.conditions_on(day(4))["statutes"].is_met


def test_a_condition_of_a_date_is_met_by_itself() -> None:
    late = Condition(
        id="late",
        title="Après le 5",
        kind=ConditionKind.DATE,
        not_before=day(5),
        tranches=("first",),
    )
    made = signed(conditions=(EVIDENCE, INDICATOR, late))
    meet(made)
    claim(made)

    refused([(ConditionsNotMet, lambda: approve(made, number=4))])
    approve(made, number=5)

    assert made.approved_on(day(5)) == 4_000_000
