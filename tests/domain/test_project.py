"""Projects: examined against what members do, then selected or not, whichever pole carries them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.entry import Action, Body, CooperationLevel, EntryId, Need, PoleObjective
from domain.errors import Refused
from domain.membership import MemberKind
from domain.pole import Pole
from domain.project import (
    FINDINGS,
    OF_AN_ACTION,
    AgainstWhat,
    AlreadySelected,
    BeforeWhatIsKnown,
    CarriedElsewhere,
    Check,
    CheckFinding,
    FindingOfTheOtherCheck,
    NotABody,
    NotAMembersAction,
    NotAnAnswer,
    NotExamined,
    Project,
    ProjectEnded,
    SamePole,
    Status,
    WithoutReason,
)
from tests import make
from tests.examples import settings

DAY = make.day("2023-06-01")


@dataclass
class Setting:
    """A pole with a body, a need, an action of a member and one of nobody; and a project of it."""

    pole: Pole
    body: EntryId
    need: EntryId
    action: EntryId
    nobodys: EntryId
    project: Project


def carrying() -> tuple[Pole, EntryId, EntryId, EntryId, EntryId]:
    pole = make.pole("2022-01-01")
    day = make.day("2022-01-01")
    with make.on("2022-01-01"):
        member = pole.add_member(
            member_kind=MemberKind.ESS_ENTERPRISE, name="Coopérative d'essai", person=None
        )
        action = Action(
            level=CooperationLevel.TECHNICAL, title="Locaux partagés", members=(member,)
        )
        return (
            pole,
            pole.describe(Body(name="Comité", mission="choisit"), day=day),
            pole.describe(Need(title="Des emplois proches"), day=day),
            pole.describe(action, day=day),
            pole.describe(action.model_copy(update={"members": ()}), day=day),
        )


@pytest.fixture
def setting() -> Iterator[Setting]:
    pole, body, need, action, nobodys = carrying()
    with make.on(DAY.isoformat()):
        project = Project.propose(pole, title="Ressourcerie", words="…", answers=need, day=DAY)
        yield Setting(pole, body, need, action, nobodys, project)


def examine(
    at: Setting,
    check: Check,
    finding: CheckFinding = CheckFinding.COMPLEMENTARY,
    *,
    against: tuple[EntryId, ...] | None = None,
    day: date = DAY,
) -> None:
    named = (at.action,) if finding in OF_AN_ACTION else ()
    with make.on(day.isoformat()):
        at.project.examine(
            at.pole,
            check,
            finding=finding,
            against=named if against is None else against,
            examined_by="Comité",
            reasons="comparé",
            day=day,
        )


def examined(at: Setting, duplication: CheckFinding = CheckFinding.COMPLEMENTARY) -> Setting:
    examine(at, Check.COMPETITION)
    examine(at, Check.DUPLICATION, duplication)
    return at


def test_a_project_answers_a_need_or_an_objective_of_its_pole(setting: Setting) -> None:
    objective = PoleObjective(title="Emplois", indicator="emplois", unit="emplois")
    known = setting.pole.describe(objective, day=DAY)

    Project.propose(setting.pole, title="A", words="a", answers=known, day=DAY)
    for other in (setting.body, EntryId(uuid4())):
        with pytest.raises(NotAnAnswer):
            Project.propose(setting.pole, title="A", words="a", answers=other, day=DAY)


@pytest.mark.parametrize("check", list(Check))
@pytest.mark.parametrize("finding", list(CheckFinding))
def test_each_check_finds_what_it_asks(
    setting: Setting, check: Check, finding: CheckFinding
) -> None:
    if finding in FINDINGS[check]:
        examine(setting, check, finding)
        assert setting.project.finding_on(check, DAY) is finding
    else:
        with pytest.raises(
            FindingOfTheOtherCheck, match=r"\(le projet complète ou renforce l'exist"
        ):
            examine(setting, check, finding)


def test_a_project_is_compared_with_actions_of_members(setting: Setting) -> None:
    examine(setting, Check.DUPLICATION, CheckFinding.DUPLICATES, against=(setting.action,))

    for other in (setting.nobodys, setting.need, EntryId(uuid4())):
        with pytest.raises(NotAMembersAction):
            examine(setting, Check.DUPLICATION, against=(other,))


def test_a_competition_or_a_duplication_is_found_with_some_action(setting: Setting) -> None:
    """What is recorded without one, from before that rule, is still read."""
    for check, findings in FINDINGS.items():
        for finding in OF_AN_ACTION.intersection(findings):
            with pytest.raises(AgainstWhat, match="dites de quelle action d'un membre"):
                examine(setting, check, finding, against=())
    examine(setting, Check.COMPETITION, CheckFinding.WEAKENS)
    examine(setting, Check.DUPLICATION, CheckFinding.DUPLICATES)

    *before, last = make.history(setting.project)
    unnamed = replace(last, event=last.event.model_copy(update={"against": ()}))
    again = Project.replay(setting.project.id, [*before, unnamed])

    assert again
    assert again.finding_on(Check.DUPLICATION, DAY) is CheckFinding.DUPLICATES


@pytest.mark.parametrize("made", [[], [Check.COMPETITION], [Check.DUPLICATION]])
def test_nothing_is_decided_before_both_checks_are_made(
    setting: Setting, made: list[Check]
) -> None:
    for check in made:
        examine(setting, check)
    project, pole, body = setting.project, setting.pole, setting.body

    with pytest.raises(NotExamined):
        project.select(pole, body=body, motive="utile", day=DAY)
    with pytest.raises(NotExamined):
        project.decline(pole, body=body, motive="inutile", day=DAY)


def test_an_unfavourable_check_asks_for_the_reason_and_forbids_nothing(setting: Setting) -> None:
    project = examined(setting, CheckFinding.DUPLICATES).project

    with pytest.raises(WithoutReason, match="fait doublon"):
        project.select(setting.pole, body=setting.body, motive=None, day=DAY)
    project.select(setting.pole, body=setting.body, motive="besoin plus grand", day=DAY)

    assert project.status_on(DAY) is Status.SELECTED
    assert project.decision_on(DAY) == ("Comité", "besoin plus grand")


def test_a_complementary_project_is_selected_without_a_reason(setting: Setting) -> None:
    project = examined(setting).project

    project.select(setting.pole, body=setting.body, motive=None, day=DAY)

    assert project.status_on(DAY) is Status.SELECTED
    with pytest.raises(AlreadySelected):
        project.decline(setting.pole, body=setting.body, motive="trop tard", day=DAY)


def test_a_project_that_was_not_selected_may_be_decided_upon_again(setting: Setting) -> None:
    project = examined(setting).project
    project.decline(setting.pole, body=setting.body, motive="trop tôt", day=DAY)
    assert project.status_on(DAY) is Status.NOT_SELECTED

    project.select(setting.pole, body=setting.body, motive=None, day=DAY)

    assert project.status_on(DAY) is Status.SELECTED


def test_only_a_body_of_the_pole_decides(setting: Setting) -> None:
    project = examined(setting).project

    for other in (setting.need, EntryId(uuid4())):
        with pytest.raises(NotABody):
            project.select(setting.pole, body=other, motive=None, day=DAY)
    with pytest.raises(CarriedElsewhere):
        project.select(carrying()[0], body=setting.body, motive=None, day=DAY)


def test_a_project_taken_over_keeps_its_identity_and_is_examined_anew(setting: Setting) -> None:
    project = examined(setting).project
    project.select(setting.pole, body=setting.body, motive=None, day=DAY)
    other = carrying()[0]
    day = DAY + timedelta(days=30)

    with make.on(day.isoformat()):
        project.transfer(other.id, motive="fusion", day=day)

    assert project.pole_on(DAY) == setting.pole.id
    assert project.pole_on(day) == other.id
    assert project.status_on(day) is Status.SELECTED
    assert project.finding_on(Check.COMPETITION, DAY) is CheckFinding.COMPLEMENTARY
    assert project.finding_on(Check.COMPETITION, day) is None
    with pytest.raises(SamePole), make.on(day.isoformat()):
        project.transfer(other.id, motive="encore", day=day)


def test_a_project_that_has_ended_does_not_change(setting: Setting) -> None:
    project = setting.project
    project.finish(results="deux emplois", day=DAY)

    with pytest.raises(ProjectEnded):
        examine(setting, Check.COMPETITION)
    with pytest.raises(ProjectEnded):
        project.transfer(uuid4(), motive="fusion", day=DAY)
    with pytest.raises(ProjectEnded):
        project.finish(results="trois emplois", day=DAY)


def test_a_project_goes_on_from_day_to_day(setting: Setting) -> None:
    with pytest.raises(BeforeWhatIsKnown, match="1er juin 2023"):
        examine(setting, Check.COMPETITION, day=DAY - timedelta(days=1))


# --- any order of acts --------------------------------------------------------------------------

acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["competition", "duplication", "select", "decline", "transfer", "examine", "end"]
        ),
        st.sampled_from(list(CheckFinding)),
        st.booleans(),
        st.integers(0, 2),
    ),
    max_size=16,
)


@settings(deadline=None)
@given(acts=acts)
def test_whatever_is_tried_the_rules_of_selection_hold(
    acts: list[tuple[str, CheckFinding, bool, int]],
) -> None:
    """A ledger beside the project notes what is done; it allows what the charter's rules do."""
    carriers = [carrying(), carrying()]
    here, day, made, status = 0, DAY, dict[str, CheckFinding](), "proposed"
    with make.on(day.isoformat()):
        pole = carriers[here][0]
        project = Project.propose(pole, title="A", words="a", answers=None, day=day)
    for what, finding, with_reason, later in acts:
        day += timedelta(days=later)
        pole, body, _, action, _ = carriers[here]
        against = (action,) if finding in OF_AN_ACTION else ()
        motive = "utile" if with_reason else None
        both = len(made) == 2
        favourable = all(found == "complementary" for found in made.values())
        may = status != "ended"
        done = False
        with make.on(day.isoformat()):
            try:
                match what:
                    case "competition" | "duplication":
                        check = Check(what)
                        may = may and finding in FINDINGS[check]
                        _examine(project, pole, check, finding, against, day)
                        made[what] = finding
                    case "examine":
                        may = may and finding in FINDINGS[Check.DUPLICATION]
                        _examine(project, pole, Check.DUPLICATION, finding, against, day)
                        made["duplication"] = finding
                    case "select":
                        may = may and both and status != "selected"
                        may = may and (favourable or with_reason)
                        project.select(pole, body=body, motive=motive, day=day)
                        status = "selected"
                    case "decline":
                        may = may and both and status != "selected"
                        project.decline(pole, body=body, motive="non", day=day)
                        status = "not_selected"
                    case "transfer":
                        here = 1 - here if may else here
                        project.transfer(carriers[here][0].id, motive="fusion", day=day)
                        made.clear()
                    case _:
                        project.finish(results="fini", day=day)
                        status = "ended"
                done = True
            except Refused:
                pass
        assert done is may, what
        again = Project.replay(project.id, make.history(project))
        for kept in (project, again):
            assert kept
            assert kept.status_on(day) == status
            assert kept.pole_on(day) == carriers[here][0].id
            found = {check.value: kept.finding_on(check, day) for check in Check}
            assert {name: f for name, f in found.items() if f} == made


def _examine(
    project: Project,
    pole: Pole,
    check: Check,
    finding: CheckFinding,
    against: tuple[EntryId, ...],
    day: date,
) -> None:
    about: dict[str, Any] = {"examined_by": "Comité", "reasons": "comparé"}
    project.examine(pole, check, finding=finding, against=against, day=day, **about)
