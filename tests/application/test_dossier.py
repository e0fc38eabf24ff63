"""Dossiers from their draft to an announced decision: what each step asks, and who may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.announcement import AnnounceResults, NotAllDeliberated, Undecided, WaveStillOpen
from application.case_sheet import ways_of
from application.deadline import TickDeadlines
from application.dossier import AskForParts, CompleteDossier, FilePart
from application.dossier_arrival import NoteArrival, NotYourClock, RouteNotAsked, SubmitDossier
from application.dossier_draft import DraftDossier, NoApplicant, OncePerWave, ReviseDossier
from application.dossier_list import DOSSIERS
from application.dossier_review import (
    AnalyseDossier,
    AskOpinion,
    AssessCondition,
    DeclareDossierInterest,
    GiveOpinion,
    LeftOut,
    NoteNoOpinion,
    NotToRank,
    NotYetEligible,
    RankedTwice,
)
from application.dossier_sheet import dossier_sheet
from application.history_in_words import pole_history
from application.project import ProposeProject, TransferProject
from application.recognition import RecordRecognition
from application.retraction import RetractFact
from domain.award import DossierOutcome
from domain.call_terms import CallKind, Route
from domain.dossier import AsksForMoreThanItCosts, Dossier, DossierId
from domain.dossier_parts import UnknownPart, UntilBeforeAsked
from domain.eligibility import ConditionId, WithoutEvidence
from domain.errors import Forbidden
from domain.mandate import account
from domain.minute import Minute
from domain.opinion import NotAnAdviser, OpinionChoice, OpinionNotAsked, OpinionSettled
from domain.pole import PoleId
from domain.recognition import RecognitionKind
from domain.review import InterestedIn, OwnInterest
from domain.rights import RightNotHeld
from domain.roles import Role
from domain.values import Personal
from domain.workflow import ClauseNotHeld, NotFromHere
from tests import make
from tests.application.dossiers import (
    CLOSES,
    INSTRUCTOR,
    NATIONAL,
    OTHER_REGION,
    POLE,
    REGIONAL,
    REJECT,
    RESERVE,
    SECRETARY,
    SELECT,
    SIRET,
    Season,
    opened,
    season,
)

LATER = "2024-08-01"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Season]:
    with season(tmp_path) as made:
        yield made


# --- the way through ----------------------------------------------------------------------------


def test_a_dossier_goes_from_its_draft_to_the_announcement(here: Season) -> None:
    first, second, third = here.deliberated(3)
    session = here.session({first: SELECT, second: REJECT, third: RESERVE})

    assert [here.state(d) for d in (first, second, third)] == ["deliberation"] * 3
    here.announce()

    assert [here.state(d) for d in (first, second, third)] == [
        "selected",
        "not_selected",
        "not_selected",
    ]
    awarded = here.load(first).decision_on(make.day(LATER))
    assert awarded
    assert (awarded.outcome, awarded.amount_cents) == (DossierOutcome.SELECTED, 10_000_00)
    assert (awarded.session, awarded.announced_on) == (session, make.day("2024-07-22"))
    reserved = here.load(third).decision_on(make.day(LATER))
    assert reserved
    assert reserved.reserve_rank == 1
    assert here.loaded_call().announced_on("v1", make.day(LATER)) == make.day("2024-07-22")
    assert here.support(first) == [first]
    assert here.support(second) == []


def test_its_code_follows_those_of_its_call(here: Season) -> None:
    codes = [here.load(here.drafted(number)).code for number in (1, 2)]

    assert codes == ["essai-2024-001", "essai-2024-002"]


def test_who_carries_the_pole_applies_unless_another_is_named(here: Season) -> None:
    carried = here.drafted(1)
    named = here.drafted(2, applicant="Association fictive", rna="W9R1011072", siret=None)

    assert here.load(carried).applicant.siret == "73282932000074"
    assert here.load(named).applicant.rna == "W9R1011072"
    assert here.load(named).applicant.siret is None


def test_somebody_applies(here: Season) -> None:
    pole = here.desk.pole("Pôle sans porteur")
    project = here.do(ProposeProject(pole=pole, title="Projet", words="Un essai."), on="2024-01-02")
    with pytest.raises(NoApplicant):
        here.do(DraftDossier.model_validate({"call": here.call, "project": project}), POLE)


def test_a_project_answers_once_to_a_wave(here: Season) -> None:
    project = here.project()
    given: dict[str, object] = {"call": here.call, "project": project}
    first = DossierId(here.do(DraftDossier.model_validate(given), POLE))

    with pytest.raises(OncePerWave, match="essai-2024-001"):
        here.do(DraftDossier.model_validate(given), POLE)
    other = here.desk.pole("Pôle repreneur")
    transferred = {"project": project, "to": other, "motive": "reprise"}
    here.do(TransferProject.model_validate(transferred))
    given |= {"applicant": "Repreneur fictif", "siret": SIRET}
    with pytest.raises(OncePerWave, match="essai-2024-001"):  # whatever pole carries it
        here.do(DraftDossier.model_validate(given), POLE)
    here.move(first, "withdraw", POLE)
    here.do(DraftDossier.model_validate(given), POLE)


def test_nobody_asks_for_more_than_the_project_costs(here: Season) -> None:
    dossier = here.drafted()

    with pytest.raises(AsksForMoreThanItCosts):
        here.do(ReviseDossier.model_validate({"dossier": dossier, "total": "9999,99"}), POLE)


def test_a_dossier_without_its_parts_is_not_submitted(here: Season) -> None:
    dossier = here.drafted()

    with pytest.raises(ClauseNotHeld, match="pièces"):
        here.do(SubmitDossier(dossier=dossier), POLE)
    with pytest.raises(UnknownPart, match="budget, plan"):
        here.do(FilePart(dossier=dossier, part="photo"), POLE)
    assert here.state(dossier) == "draft"


def test_what_is_missing_is_asked_for_and_given_by_a_day(here: Season) -> None:
    dossier = here.submitted()
    ask = AskForParts(dossier=dossier, parts=("budget", "plan"), until=make.day("2024-06-20"))
    with pytest.raises(UntilBeforeAsked):
        here.do(ask.model_copy(update={"until": make.day("2024-06-03")}), INSTRUCTOR)
    here.do(ask, INSTRUCTOR)
    assert here.state(dossier) == "incomplete"

    here.at("2024-06-10T10:00")
    here.do(FilePart(dossier=dossier, part="plan"), POLE)
    with pytest.raises(ClauseNotHeld, match="demandées"):
        here.do(CompleteDossier(dossier=dossier), POLE)
    here.do(FilePart(dossier=dossier, part="budget"), POLE)
    here.do(CompleteDossier(dossier=dossier), POLE)

    assert here.state(dossier) == "submitted"


def test_what_is_not_completed_in_time_is_not_eligible(here: Season) -> None:
    dossier = here.submitted()
    ask = AskForParts(dossier=dossier, parts=("plan",), until=make.day("2024-06-20"))
    here.do(ask, INSTRUCTOR)
    here.at("2024-06-20T23:00")
    with pytest.raises(ClauseNotHeld):
        here.move(dossier, "declare_ineligible", INSTRUCTOR)

    here.at("2024-06-21T08:00")
    here.do(FilePart(dossier=dossier, part="plan"), POLE)
    with pytest.raises(ClauseNotHeld, match="date limite"):
        here.do(CompleteDossier(dossier=dossier), POLE)
    here.move(dossier, "declare_ineligible", INSTRUCTOR)

    assert here.state(dossier) == "ineligible"


def test_each_state_gives_its_acts_to_some(here: Season) -> None:
    dossier = here.submitted()

    with pytest.raises(RightNotHeld):
        here.do(FilePart(dossier=dossier, part="plan"), POLE)
    condition = AssessCondition(
        dossier=dossier, condition=ConditionId.D1, met=False, reasons="Non."
    )
    with pytest.raises(Forbidden, match="instruction"):
        here.do(condition, POLE)


def test_an_association_subscribes_to_the_republican_contract(here: Season) -> None:
    dossier = here.drafted(applicant="Association fictive", rna="W9R1011072", siret=SIRET)
    here.do(FilePart(dossier=dossier, part="budget"), POLE)

    with pytest.raises(ClauseNotHeld, match="contrat d'engagement républicain"):
        here.do(SubmitDossier(dossier=dossier), POLE)
    here.do(SubmitDossier(dossier=dossier, cer=True), POLE)

    assert here.state(dossier) == "submitted"


def test_a_second_phase_asks_for_a_first_one(here: Season) -> None:
    here.submitted(1)
    later = opened(
        here.desk, "essai-2025", opens="2024-09-02T09:00", closes="2024-09-30T12:00", phase=2
    )
    dossier = later.drafted(2)
    later.do(FilePart(dossier=dossier, part="budget"), POLE)
    with pytest.raises(ClauseNotHeld, match="première phase"):
        later.do(SubmitDossier(dossier=dossier), POLE)
    recognised = RecordRecognition(
        pole=PoleId(later.load(dossier).pole),
        recognition_kind=RecognitionKind.EXPRESSION_OF_INTEREST_CALL,
        code="ami_2021_phase1",
        issuer="Ministère fictif",
        ground="appel fictif de 2021",
    )
    later.do(recognised, on="2023-01-01")
    later.do(SubmitDossier(dossier=dossier), POLE)

    assert later.state(dossier) == "submitted"


# --- lateness -----------------------------------------------------------------------------------


def late(here: Season, dossier: Dossier) -> bool | None:
    return dossier.is_late(here.loaded_call(), make.day("2030-01-01"))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("2024-06-28T11:59", False), ("2024-06-28T12:00", False), ("2024-06-28T12:01", True)],
)
def test_the_closing_minute_counts_whole(here: Season, sent: str, expected: bool) -> None:
    dossier = here.drafted()
    here.do(FilePart(dossier=dossier, part="budget"), POLE)
    here.at(sent)
    here.do(SubmitDossier(dossier=dossier), POLE)

    assert late(here, here.load(dossier)) is expected


def test_the_day_of_entry_never_counts(tmp_path: Path) -> None:
    with season(tmp_path, routes=(Route.POSTMARK,)) as here:
        told = {}
        for number, postmark in ((1, "2024-06-28"), (2, "2024-06-29")):
            dossier = here.drafted(number)
            here.do(FilePart(dossier=dossier, part="budget"), POLE)
            here.at("2024-07-03T10:00")  # entered days after the closing
            submit = SubmitDossier(dossier=dossier, postmark_on=make.day(postmark))
            here.do(submit, SECRETARY)
            told[postmark] = late(here, here.load(dossier))
            here.assessed(dossier)
            if told[postmark]:
                with pytest.raises(ClauseNotHeld, match="avant la clôture"):
                    here.move(dossier, "declare_eligible", INSTRUCTOR)
                here.move(dossier, "declare_ineligible", INSTRUCTOR)
            else:
                here.move(dossier, "declare_eligible", INSTRUCTOR)
            here.at("2024-06-10T10:00")

        assert told == {"2024-06-28": False, "2024-06-29": True}


def test_both_routes_must_be_on_time_where_both_are_asked(tmp_path: Path) -> None:
    with season(tmp_path, routes=(Route.SERVER, Route.POSTMARK)) as here:
        dossier = here.submitted()
        here.assessed(dossier)
        assert late(here, here.load(dossier)) is None
        with pytest.raises(ClauseNotHeld, match="avant la clôture"):
            here.move(dossier, "declare_eligible", INSTRUCTOR)

        here.at("2024-07-05T10:00")
        noted = NoteArrival(dossier=dossier, postmark_on=make.day("2024-06-29"))
        here.do(noted, SECRETARY)
        assert late(here, here.load(dossier)) is True
        corrected = noted.model_copy(update={"postmark_on": make.day("2024-06-27")})
        here.do(corrected, SECRETARY)
        assert late(here, here.load(dossier)) is False
        received = NoteArrival(dossier=dossier, received_on=make.day("2024-06-27"))
        with pytest.raises(RouteNotAsked):
            here.do(received, SECRETARY)


def test_nobody_gives_the_minute_of_the_server_for_themself(here: Season) -> None:
    dossier = here.drafted()
    here.do(FilePart(dossier=dossier, part="budget"), POLE)

    early = SubmitDossier(dossier=dossier, server_at=Minute("2024-06-03T09:30"))
    with pytest.raises(NotYourClock):
        here.do(early, POLE)


# --- eligibility --------------------------------------------------------------------------------


def test_the_six_conditions_are_found_met_on_evidence(here: Season) -> None:
    dossier = here.submitted()
    met = {"dossier": dossier, "condition": ConditionId.D1, "met": True, "reasons": "Statuts lus."}
    with pytest.raises(WithoutEvidence):
        here.do(AssessCondition.model_validate(met), INSTRUCTOR)
    with pytest.raises(ClauseNotHeld, match="six conditions"):
        here.move(dossier, "declare_eligible", INSTRUCTOR)
    here.assessed(dossier)
    here.move(dossier, "declare_eligible", INSTRUCTOR)

    assert here.state(dossier) == "regional_review"


def test_one_condition_not_met_makes_it_not_eligible(here: Season) -> None:
    dossier = here.submitted()
    with pytest.raises(ClauseNotHeld):
        here.move(dossier, "declare_ineligible", INSTRUCTOR)
    here.assessed(dossier, ConditionId.D3)
    with pytest.raises(ClauseNotHeld, match="six conditions"):
        here.move(dossier, "declare_eligible", INSTRUCTOR)
    here.move(dossier, "declare_ineligible", INSTRUCTOR)

    assert here.state(dossier) == "ineligible"


def test_an_unfinished_draft_expires_thirty_days_after_the_closing(here: Season) -> None:
    dossier = here.drafted()
    here.at("2024-07-29T10:00")  # 28 July was a Sunday
    here.do(TickDeadlines(cases=(PoleId(dossier),)), make.by(Role.SYSTEM))
    assert here.state(dossier) == "draft"
    here.at("2024-07-30T00:01")
    here.do(TickDeadlines(cases=(PoleId(dossier),)), make.by(Role.SYSTEM))

    assert here.state(dossier) == "expired"


# --- the regional ranking -----------------------------------------------------------------------


def test_every_eligible_dossier_of_a_region_has_its_rank_and_reasons(here: Season) -> None:
    first, second, elsewhere = (here.eligible(1), here.eligible(2), here.eligible(3, OTHER_REGION))
    pending = here.submitted(4)

    with pytest.raises(NotYetEligible, match="essai-2024-004"):
        here.rank([second, first])
    here.move(pending, "withdraw", POLE)
    with pytest.raises(LeftOut, match="essai-2024-001"):
        here.rank([second])
    with pytest.raises(NotToRank, match="essai-2024-003"):
        here.rank([second, first, elsewhere])
    with pytest.raises(RankedTwice, match="essai-2024-002"):
        here.rank([second, first, second])
    assert here.state(first) == "regional_review"
    here.rank([second, first])

    ranks = [here.load(d).rank_on(make.day(LATER)) for d in (first, second)]
    assert [(r.rank, r.of) for r in ranks if r] == [(2, 2), (1, 2)]
    assert {here.state(first), here.state(second)} == {"national_review"}
    assert here.state(elsewhere) == "regional_review"


def test_whoever_has_an_interest_takes_no_part(here: Season) -> None:
    dossier = here.eligible(1)
    words = Personal(text="parenté")
    here.do(DeclareDossierInterest(dossier=dossier, words=words), REGIONAL)

    with pytest.raises(InterestedIn, match="essai-2024-001"):
        here.rank([dossier], by=REGIONAL)
    with pytest.raises(InterestedIn):
        here.rank([dossier], by=INSTRUCTOR, taking_part=(account(REGIONAL.actor),))
    here.rank([dossier], by=INSTRUCTOR)
    (told,) = here.desk.registry.told(Dossier.InterestDeclared)
    retracted = RetractFact(event=told.event.meta.event_id, reason="Confondu.")
    with pytest.raises(OwnInterest):
        here.do(retracted, REGIONAL)
    here.do(retracted, SECRETARY)
    here.rank([dossier], by=REGIONAL)


def test_what_somebody_interested_did_is_done_again(here: Season) -> None:
    dossier = here.eligible(1)
    here.rank([dossier])
    here.do(AnalyseDossier(dossier=dossier, reasons="Analyse."), NATIONAL)
    here.move(dossier, "conclude_analysis", NATIONAL)
    late_declared = DeclareDossierInterest(dossier=dossier, person=account(REGIONAL.actor))
    here.do(late_declared, SECRETARY)

    with pytest.raises(ClauseNotHeld, match="classement"):
        here.move(dossier, "deliberate", SECRETARY)
    here.move(dossier, "send_back", SECRETARY, motive="classement à refaire")
    here.rank([dossier], by=INSTRUCTOR)
    here.move(dossier, "conclude_analysis", NATIONAL)
    here.move(dossier, "deliberate", SECRETARY)


# --- opinions -----------------------------------------------------------------------------------


def test_under_the_decree_twelve_opinions_are_given_or_noted_as_not_given(tmp_path: Path) -> None:
    with season(tmp_path, kind=CallKind.DECREE) as here:
        dossier = here.eligible(1)
        here.move(dossier, "skip_ranking", INSTRUCTOR, motive="le décret n'en prévoit pas")
        here.do(AnalyseDossier(dossier=dossier, reasons="Analyse."), NATIONAL)
        here.move(dossier, "conclude_analysis", NATIONAL)
        given = GiveOpinion(
            dossier=dossier, adviser="q1", choice=OpinionChoice.UNFAVOURABLE, reasons="Trop tôt."
        )
        with pytest.raises(OpinionNotAsked):
            here.do(given, SECRETARY)
        with pytest.raises(NotAnAdviser):
            here.do(AskOpinion(dossier=dossier, advisers=("x9",)), SECRETARY)
        here.do(AskOpinion(dossier=dossier, advisers=("q1",)), SECRETARY)
        here.do(given, SECRETARY)
        with pytest.raises(OpinionSettled):
            here.do(given, SECRETARY)
        with pytest.raises(ClauseNotHeld, match="six personnalités qualifiées"):
            here.move(dossier, "deliberate", SECRETARY)
        here.do(AskOpinion(dossier=dossier), SECRETARY)
        for seat in [s for s in here.load(dossier).opinions if s != "q1"]:
            here.do(NoteNoOpinion(dossier=dossier, adviser=seat, why="absence"), SECRETARY)
        here.move(dossier, "deliberate", SECRETARY)

        facts = here.load(dossier).opinion_facts_on(make.day(LATER))
        assert (facts.qualified, facts.local_authorities, facts.wanting) == (6, 6, 0)


# --- the announcement ---------------------------------------------------------------------------


def test_nothing_is_announced_before_the_closing(here: Season) -> None:
    for instant in ("2024-06-20T10:00", CLOSES):  # the closing minute counts whole
        here.at(instant)
        with pytest.raises(WaveStillOpen, match="28 juin 2024"):
            here.announce()
    here.at("2024-06-28T12:01")
    here.announce()


def test_results_are_announced_together(here: Season) -> None:
    waiting = here.submitted(9, OTHER_REGION)
    (dossier,) = here.deliberated(1)
    here.session({dossier: SELECT})

    with pytest.raises(NotAllDeliberated, match="essai-2024-001"):
        here.announce()
    here.move(waiting, "close", INSTRUCTOR, motive="sans objet")
    here.announce()


def test_nothing_is_announced_that_no_approved_minutes_say(here: Season) -> None:
    first, second = here.deliberated(2)
    here.session({first: SELECT, second: REJECT}, approve=False)
    here.at("2024-07-22T10:00")

    with pytest.raises(Undecided, match="essai-2024-001, essai-2024-002"):
        here.announce()
    assert here.state(first) == "deliberation"


def test_it_is_announced_by_the_secretariat(here: Season) -> None:
    (dossier,) = here.deliberated(1)
    here.session({dossier: SELECT})

    with pytest.raises(Exception, match="secrétariat du comité"):
        here.do(AnnounceResults(call=here.call, wave="v1"), INSTRUCTOR)


def test_a_decision_is_taken_by_no_step_alone(here: Season) -> None:
    (dossier,) = here.deliberated(1)
    here.session({dossier: SELECT})

    for step in ("select", "decline"):
        with pytest.raises(ClauseNotHeld, match="annoncés"):
            here.move(dossier, step, SECRETARY)
    with pytest.raises(NotFromHere):
        here.move(dossier, "withdraw_award", SECRETARY)


# --- the list and the sheet ---------------------------------------------------------------------


def test_the_list_is_asked_of_any_day_and_of_what_was_known(here: Season) -> None:
    first, second = here.deliberated(2)
    here.session({first: SELECT, second: REJECT})
    before = here.desk.size
    here.announce()

    def told(on: str, known: int | None = None) -> list[tuple[str, str, str | None]]:
        lines = here.desk.lines(DOSSIERS, on, known)
        return sorted((line.code, line.stage, line.awarded) for line in lines)

    assert told(LATER) == [
        ("essai-2024-001", "selected", "10\u202f000\xa0€"),
        ("essai-2024-002", "not_selected", None),
    ]
    assert {stage for _, stage, _ in told(LATER, before)} == {"deliberation"}
    assert {stage for _, stage, _ in told("2024-06-10")} == {"regional_review"}
    assert told("2024-06-02") == []
    assert here.desk.rebuilt()


def test_the_sheet_shows_the_review_to_those_who_do_it_until_it_is_announced(here: Season) -> None:
    (dossier,) = here.deliberated(1)
    here.session({dossier: SELECT})
    registry, moment = here.desk.registry, here.desk.moment("2024-07-22")

    assert dossier_sheet(registry, dossier, moment).review is None
    inside = dossier_sheet(registry, dossier, moment, reviewing=True).review
    assert inside
    assert inside.rank == 1
    here.announce()
    after = dossier_sheet(registry, dossier, here.desk.moment("2024-07-22"))
    assert after.review == inside
    assert after.decision
    assert after.decision.awarded == "10\u202f000\xa0€"
    assert dossier_sheet(registry, dossier, moment).decision is None


def test_the_review_is_told_in_no_history_before_the_announcement(here: Season) -> None:
    (dossier,) = here.deliberated(1)
    here.session({dossier: SELECT})
    pole = here.load(dossier).pole
    hidden = {"dossier.condition_assessed.v1", "dossier.ranked.v1", "dossier.analysed.v1"}

    def topics() -> set[str]:
        return {
            line.topic for line in pole_history(here.desk.registry, pole, here.desk.moment(LATER))
        }

    assert hidden.isdisjoint(topics())
    here.announce()
    assert hidden < topics()


def test_what_is_wanting_tells_nothing_of_a_decision(here: Season) -> None:
    (dossier,) = here.deliberated(1)
    moment = here.desk.moment(LATER)
    before = ways_of(here.desk.registry, "dossier", dossier, moment)
    here.session({dossier: SELECT})

    assert ways_of(here.desk.registry, "dossier", dossier, here.desk.moment(LATER)) == before
