"""What follows a decision: it is notified, reopened, appealed against, or an award is withdrawn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.announcement import (
    NothingToAnnounce,
    WithdrawAward,
)
from application.appeal import APPEAL_LIST, LodgeAppeal, MoveAppeal
from application.case_sheet import history_of
from application.deadline import TickDeadlines
from application.dossier import FilePart
from application.dossier_arrival import SubmitDossier
from application.dossier_draft import DraftDossier
from application.dossier_list import DOSSIERS
from application.dossier_review import AssessCondition
from application.dossier_sheet import dossier_sheet
from application.project import TransferProject
from application.public_minutes import public_minutes
from domain.appeal import Appeal, AppealId, AppealKind, AppealUnderWay, NothingToAppeal
from domain.award import (
    AlreadyNotified,
    DossierOutcome,
    NothingToNotify,
    NotifiedBefore,
    PoleNotHeard,
    TooLateToWithdraw,
    WithdrawalGround,
)
from domain.dossier import DossierId
from domain.eligibility import AlreadySupported, ConditionId
from domain.pole import PoleId
from domain.rights import RightNotHeld
from domain.roles import Role
from domain.values import Personal
from domain.workflow import ClauseNotHeld, NotFromHere
from tests import make
from tests.application import committees
from tests.application.dossiers import (
    INSTRUCTOR,
    POLE,
    REJECT,
    SECRETARY,
    SELECT,
    SIRET,
    Season,
    opened,
    season,
)

LATER = "2024-12-31"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Season]:
    with season(tmp_path) as made:
        yield made


@pytest.fixture
def decided(here: Season) -> tuple[DossierId, DossierId]:
    """Two dossiers, announced on 22 July 2024: one selected, one not."""
    first, second = here.deliberated(2)
    here.session({first: SELECT, second: REJECT})
    here.announce()
    return first, second


def withdraw(here: Season, dossier: DossierId, ground: WithdrawalGround, heard: str) -> None:
    given = WithdrawAward(
        dossier=dossier, award_ground=ground, reasons="Motif fictif.", heard_on=make.day(heard)
    )
    here.do(given, SECRETARY)


def lodge(
    here: Season, dossier: DossierId, kind: AppealKind = AppealKind.GRACIOUS, on: str | None = None
) -> AppealId:
    given = LodgeAppeal(dossier=dossier, appeal_kind=kind, grounds=Personal(text="Griefs."))
    return AppealId(here.do(given, POLE, on))


def load(here: Season, appeal: AppealId) -> Appeal:
    found = here.desk.registry.load(Appeal, appeal)
    assert found
    return found


def take(here: Season, appeal: AppealId, step: str, **given: str) -> None:
    here.do(MoveAppeal(appeal=appeal, transition=step, input=given), SECRETARY)


# --- once, or reopened on the record ------------------------------------------------------------


def test_a_dossier_is_decided_once(here: Season, decided: tuple[DossierId, DossierId]) -> None:
    with pytest.raises(NothingToAnnounce):
        here.announce()
    with pytest.raises(NothingToAnnounce):
        here.announce(on="2024-07-22")
    assert [len(here.load(d).decisions) for d in decided] == [1, 1]


def test_a_refusal_is_reopened_and_decided_again_by_another_session(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    _, refused = decided
    here.move(refused, "reopen", SECRETARY, motive="un élément nouveau")
    assert here.state(refused) == "national_review"
    assert here.load(refused).decision_on(make.day(LATER)) is None
    assert {line.outcome for line in here.desk.lines(DOSSIERS, LATER) if line.id == refused} == {
        None
    }
    told = dossier_sheet(here.desk.registry, refused, here.desk.moment(LATER))
    assert told.decision is None
    assert [(one.outcome, one.reopened_on is not None) for one in told.earlier] == [
        (DossierOutcome.NOT_SELECTED, True)
    ]
    with pytest.raises(ClauseNotHeld, match="analyse"):
        here.move(refused, "conclude_analysis", SECRETARY)
    here.brought(refused)
    with pytest.raises(Exception, match="procès-verbal"):
        here.announce()  # what was decided before the reopening counts no more

    registry = here.desk.registry
    again = committees.convene(
        registry, here.call, [refused], on="2024-07-22", held_at="2024-09-10T14:00"
    )
    here.at("2024-09-10T16:00")
    committees.open_(registry, again, on="2024-09-10")
    committees.decide(registry, again, refused, SELECT, on="2024-09-10")
    here.at("2024-09-12T16:00")
    committees.approved(registry, again, drawn="2024-09-11", approved="2024-09-12")
    here.announce()

    found = here.load(refused).decision_on(make.day(LATER))
    assert found
    assert found.outcome is DossierOutcome.SELECTED
    assert [d.value.outcome for d in here.load(refused).decisions] == ["not_selected", "selected"]
    told = dossier_sheet(registry, refused, here.desk.moment(LATER))
    assert told.decision
    assert told.decision.outcome is DossierOutcome.SELECTED
    assert [one.outcome for one in told.earlier] == [DossierOutcome.NOT_SELECTED]
    first, second = here.loaded_call().sessions
    moment = here.desk.moment(LATER)
    assert (
        "Ne tient plus : le dossier a été rouvert" in public_minutes(registry, first, moment).text
    )
    assert "Ne tient plus" not in public_minutes(registry, second, moment).text
    assert here.desk.rebuilt()


def test_an_award_is_not_reopened(here: Season, decided: tuple[DossierId, DossierId]) -> None:
    with pytest.raises(NotFromHere):
        here.move(decided[0], "reopen", SECRETARY, motive="pour voir")


# --- the envelope, and the project --------------------------------------------------------------


def test_what_is_announced_stays_within_the_envelope(tmp_path: Path) -> None:
    with season(tmp_path, envelope="20000") as here:
        dossiers = here.deliberated(3)
        with pytest.raises(Exception, match="enveloppe"):
            here.session(dict.fromkeys(dossiers, SELECT))


def test_an_award_that_is_withdrawn_leaves_its_amount_to_others(tmp_path: Path) -> None:
    with season(tmp_path, envelope="10000") as here:
        first, second = here.deliberated(2)
        here.session({first: SELECT, second: REJECT})
        here.announce()
        withdraw(here, first, WithdrawalGround.CONDITIONS_NOT_MET, "2024-07-22")
        here.move(second, "reopen", SECRETARY, motive="un crédit est libre")
        here.brought(second)
        registry = here.desk.registry
        again = committees.convene(
            registry, here.call, [second], on="2024-07-22", held_at="2024-09-10T14:00"
        )
        here.at("2024-09-10T16:00")
        committees.open_(registry, again, on="2024-09-10")
        committees.decide(registry, again, second, SELECT, on="2024-09-10")
        here.at("2024-09-12T16:00")
        committees.approved(registry, again, drawn="2024-09-11", approved="2024-09-12")
        here.announce()

        assert here.state(second) == "selected"


def test_earlier_support_bears_on_the_project_whatever_pole_carries_it(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    selected, refused = decided
    project, other = here.load(selected).project, here.desk.pole("Pôle repreneur")
    given = {"project": project, "to": other, "motive": "reprise"}
    here.at("2024-09-01T10:00")
    here.do(TransferProject.model_validate(given))
    later = opened(here.desk, "essai-2025", opens="2024-09-02T09:00", closes="2024-09-30T12:00")

    def apply(project: object, applicant: str) -> DossierId:
        draft = {
            "call": later.call,
            "project": project,
            "applicant": applicant,
            "siret": SIRET,
        }
        return DossierId(later.do(DraftDossier.model_validate(draft), POLE))

    again, fresh = apply(project, "Repreneur fictif"), apply(here.load(refused).project, "Autre")
    for dossier in (again, fresh):
        later.do(FilePart(dossier=dossier, part="budget"), POLE)
        later.do(SubmitDossier(dossier=dossier), POLE)
    met = AssessCondition(
        dossier=again, condition=ConditionId.D6, met=True, reasons="?", evidence=("rien",)
    )
    with pytest.raises(AlreadySupported, match="essai-2024-001"):
        later.do(met, INSTRUCTOR)
    later.assessed(fresh)
    later.move(fresh, "declare_eligible", INSTRUCTOR)
    later.move(again, "declare_ineligible", INSTRUCTOR)

    assert later.state(again) == "ineligible"


# --- notification -------------------------------------------------------------------------------


def test_a_decision_is_notified_once_after_it_is_announced(here: Season) -> None:
    (dossier,) = here.deliberated(1)
    here.session({dossier: SELECT})
    with pytest.raises(RightNotHeld):
        here.notify(dossier, "2024-07-22")
    here.announce()
    with pytest.raises(NotifiedBefore):
        here.notify(dossier, "2024-07-21")
    here.notify(dossier, "2024-07-22")
    with pytest.raises(AlreadyNotified):
        here.notify(dossier, "2024-07-22")

    told = dossier_sheet(here.desk.registry, dossier, here.desk.moment(LATER)).notification
    assert told
    assert "tribunal administratif" in told.remedies
    assert NothingToNotify.code


def test_who_is_not_eligible_is_told_so(here: Season) -> None:
    dossier = here.submitted()
    here.assessed(dossier, ConditionId.D1)
    here.move(dossier, "declare_ineligible", INSTRUCTOR)
    here.notify(dossier, "2024-06-03")

    assert here.load(dossier).notification_on(make.day(LATER))


# --- the withdrawal of an award -----------------------------------------------------------------


def test_an_unlawful_award_is_withdrawn_within_four_months(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    selected, _ = decided
    here.at("2024-11-15T10:00")  # four months after the deliberation of 15 July
    withdraw(here, selected, WithdrawalGround.UNLAWFUL, "2024-11-04")

    left = here.load(selected).decision_on(make.day(LATER))
    assert left
    assert (left.outcome, left.amount_cents) == (DossierOutcome.NOT_SELECTED, None)
    assert here.state(selected) == "not_selected"
    assert here.support(selected) == []
    assert here.desk.rebuilt()


def test_after_four_months_only_conditions_not_met_take_it_back(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    selected, refused = decided
    here.at("2024-11-16T10:00")
    with pytest.raises(TooLateToWithdraw, match="15 novembre 2024"):
        withdraw(here, selected, WithdrawalGround.UNLAWFUL, "2024-11-04")
    withdraw(here, selected, WithdrawalGround.CONDITIONS_NOT_MET, "2024-11-04")
    assert here.state(selected) == "not_selected"
    with pytest.raises(RightNotHeld):
        withdraw(here, refused, WithdrawalGround.CONDITIONS_NOT_MET, "2024-11-04")


def test_the_pole_is_heard_first(here: Season, decided: tuple[DossierId, DossierId]) -> None:
    selected, _ = decided
    here.at("2024-08-01T10:00")
    with pytest.raises(PoleNotHeard):
        withdraw(here, selected, WithdrawalGround.UNLAWFUL, "2024-07-21")
    with pytest.raises(Exception, match="n'est pas venu"):
        withdraw(here, selected, WithdrawalGround.UNLAWFUL, "2024-08-02")
    assert here.state(selected) == "selected"


# --- appeals ------------------------------------------------------------------------------------


def test_there_is_nothing_to_appeal_against_before_the_announcement(here: Season) -> None:
    (dossier,) = here.deliberated(1)
    here.session({dossier: REJECT})

    with pytest.raises(NothingToAppeal):
        lodge(here, dossier)


@pytest.mark.parametrize(
    ("day", "expected"), [("2024-09-27", False), ("2024-09-30", False), ("2024-10-01", True)]
)
def test_an_appeal_comes_within_two_months_of_receipt(
    here: Season, decided: tuple[DossierId, DossierId], day: str, expected: bool
) -> None:
    _, refused = decided
    here.at(f"{day}T10:00")
    here.notify(refused, "2024-07-24", "2024-07-27")  # 28 September was a Saturday

    appeal = load(here, lodge(here, refused))

    assert (appeal.late, appeal.last_day) == (expected, make.day("2024-09-30"))


def test_an_appeal_that_is_upheld_reopens_the_dossier(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    _, refused = decided
    appeal = lodge(here, refused)
    with pytest.raises(AppealUnderWay, match="essai-2024-002-recours-1"):
        lodge(here, refused)
    take(here, appeal, "examine")
    take(here, appeal, "uphold", motive="erreur de fait")

    assert here.state(refused) == "national_review"
    assert load(here, appeal).state_on(make.day(LATER)) == "upheld"
    (line,) = here.desk.lines(APPEAL_LIST, LATER)
    assert (line.code, line.stage) == ("essai-2024-002-recours-1", "upheld")
    assert here.desk.rebuilt()


def test_a_dismissal_leaves_it_as_it_was_and_opens_two_months_before_the_court(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    _, refused = decided
    here.notify(refused, "2024-07-22", "2024-07-22")
    first = lodge(here, refused)
    here.at("2024-11-04T10:00")
    late = load(here, lodge(here, refused, AppealKind.HIERARCHICAL))
    assert late.late is True
    take(here, first, "dismiss", motive="rien de nouveau")
    court = load(here, lodge(here, refused, AppealKind.LITIGATION))

    assert here.state(refused) == "not_selected"
    assert (court.late, court.last_day) == (False, make.day("2025-01-06"))


def test_silence_for_two_months_is_a_dismissal(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    _, refused = decided
    appeal = lodge(here, refused)
    here.at("2024-09-23T10:00")
    here.do(TickDeadlines(cases=(PoleId(appeal),)), make.by(Role.SYSTEM))

    found = load(here, appeal)
    assert found.main.states.last.value == "dismissed"
    assert found.main.states.last.since == make.day("2024-09-23")


def test_what_an_appeal_argues_is_told_nowhere(
    here: Season, decided: tuple[DossierId, DossierId]
) -> None:
    appeal = lodge(here, decided[1])
    lines = history_of(here.desk.registry, "appeal", appeal, here.desk.moment(LATER))

    assert "Griefs" not in "".join(line.model_dump_json() for line in lines)
    assert not any(
        "Griefs" in line.model_dump_json() for line in here.desk.lines(APPEAL_LIST, LATER)
    )
