"""Rounds through their journeys: what each step asks, who may, and what follows of it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from application.backtest import backtest
from application.case import cases_of
from application.case_sheet import history_of, path_of, ways_of
from application.deadline import TickDeadlines
from application.evaluation import DeclareFunders, DesignateEvaluator, MigrateRound
from application.grid import PublishGrid
from application.inbox import CaseLine, inbox
from application.journey import PublishJourney
from application.migration import MigrateCases, RevertCases, plan, returning
from application.positioning import FillRound, Given, LeaveUnobserved, OneOrTheOther, PositionItem
from application.wording import tell
from domain.errors import JalonError, Refused
from domain.evaluation import Evaluation, EvaluationId, PositionsFrozen
from domain.grid import OffScale, UnknownItem
from domain.journey import Journey
from domain.pole import PoleId
from domain.rights import RightNotHeld, RoleNotHeld
from domain.roles import Role
from domain.workflow import ClauseNotHeld, Verdict
from infrastructure.event_store.registry import Registry
from infrastructure.reference import shipped_journeys
from tests import make
from tests.application import rounds
from tests.application.rounds import REPRESENTATIVE, do, fill, load, move, person, validate
from tests.examples import settings

DAYS = ("2024-06-03", "2024-06-04", "2024-06-10")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with rounds.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return rounds.pole(registry)


def stage(registry: Registry, round_: EvaluationId, day: str = "2024-06-03") -> str | None:
    return load(registry, round_).state_on(make.day(day))


def draft(kind: str = "self_positioning", version: str = "2024-05-01", **more: object) -> Journey:
    """A shipped journey under another version, and what a test changes in it."""
    known = next(journey for journey in shipped_journeys() if journey.id == kind)
    return known.model_copy(update={"version": version, **more})


# --- the way through ----------------------------------------------------------------------------


def test_a_round_goes_from_its_plan_to_its_publication(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.published(registry, pole)

    assert stage(registry, round_) == "published"
    assert load(registry, round_).code == "pole-d-essai-auto-1"
    assert load(registry, round_).grid == "referentiel@placeholder-2026-11"


def test_it_is_not_submitted_before_every_indicator_has_an_answer(
    registry: Registry, pole: PoleId
) -> None:
    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")
    do(registry, FillRound(evaluation=round_, positions=rounds.answers()[:26]))

    with pytest.raises(ClauseNotHeld, match="Chaque indicateur"):
        move(registry, round_, "submit")
    do(registry, LeaveUnobserved(evaluation=round_, item="ECO3c", motive="hors du champ"))
    move(registry, round_, "submit")

    assert stage(registry, round_) == "submitted"


def test_two_parties_other_than_who_submitted_validate(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")
    fill(registry, round_)
    move(registry, round_, "submit", person(1, REPRESENTATIVE))
    move(registry, round_, "review")
    validate(registry, round_, person(1))
    validate(registry, round_, person(2))

    with pytest.raises(ClauseNotHeld, match="Deux parties distinctes"):
        move(registry, round_, "validate")
    (way,) = [
        way
        for way in ways_of(registry, "evaluation", round_, rounds.at(registry))
        if way.transition == "validate"
    ]
    told = {clause.clause: (clause.verdict, clause.values) for clause in way.clauses}
    assert told["two_validators"] == (Verdict.FAILED, {"validators.independent": 1})
    validate(registry, round_, person(3))
    move(registry, round_, "validate")

    assert stage(registry, round_) == "validated"


def test_what_is_to_be_taken_up_again_is_told_once_the_round_may_be_read(
    registry: Registry, pole: PoleId
) -> None:
    def told() -> list[str]:
        lines = history_of(registry, "evaluation", round_, rounds.at(registry))
        return [said.said for line in lines for said in line.given]

    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")
    fill(registry, round_)
    for way, more in (("submit", {}), ("send_back", {"remarks": "COO2a vaut 2"}), ("submit", {})):
        move(registry, round_, way, person(9, REPRESENTATIVE), **more)
    move(registry, round_, "review")
    for number in (1, 2):
        validate(registry, round_, person(number))
    move(registry, round_, "validate")
    before = told()
    move(registry, round_, "publish", agreed=True)

    assert (before, told()) == ([], ["COO2a vaut 2", "oui"])


def test_what_is_sent_back_is_positioned_again_and_validated_again(
    registry: Registry, pole: PoleId
) -> None:
    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")
    fill(registry, round_)
    move(registry, round_, "submit", person(9, REPRESENTATIVE))
    move(registry, round_, "review")
    validate(registry, round_, person(1))
    validate(registry, round_, person(2))
    move(registry, round_, "send_back", remarks="préciser la gouvernance")
    do(registry, PositionItem(evaluation=round_, item="COO2a", level=4))
    move(registry, round_, "submit", person(9, REPRESENTATIVE))
    move(registry, round_, "review")

    with pytest.raises(ClauseNotHeld):
        move(registry, round_, "validate")


def test_positions_are_frozen_once_submitted(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    with pytest.raises(PositionsFrozen):
        do(registry, PositionItem(evaluation=round_, item="TER1a", level=1))
    move(registry, round_, "open")
    fill(registry, round_)
    move(registry, round_, "submit")

    for command in (
        PositionItem(evaluation=round_, item="TER1a", level=1),
        LeaveUnobserved(evaluation=round_, item="TER1a", motive="sans accès"),
        FillRound(evaluation=round_, positions=rounds.answers()),
    ):
        with pytest.raises(PositionsFrozen):
            do(registry, command)


def test_each_does_only_what_the_journey_gives_them(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")

    with pytest.raises(RightNotHeld):
        do(
            registry,
            PositionItem(evaluation=round_, item="TER1a", level=1),
            person(1, Role.EVALUATOR),
        )
    with pytest.raises(RoleNotHeld):
        move(registry, round_, "submit", person(1, Role.FUNDER))
    with pytest.raises(RightNotHeld):
        validate(registry, round_, person(1))


def test_what_is_not_a_position_is_refused_and_nothing_is_recorded(
    registry: Registry, pole: PoleId
) -> None:
    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")
    size = registry.journal.size()
    for refusal, item in (
        (UnknownItem, Given(item="TER9z", level=1)),
        (OffScale, Given(item="TER1a", level=5)),
        (OneOrTheOther, Given(item="TER1a")),
        (OneOrTheOther, Given(item="TER1a", level=1, unobserved="sans accès")),
        (OneOrTheOther, Given(item="TER1a", unobserved="sans accès", comment="mais")),
    ):
        good = Given(item="TER1b", level=2)
        with pytest.raises(refusal):
            do(registry, FillRound(evaluation=round_, positions=(good, item)))

    assert registry.journal.size() == size


def test_evidence_is_on_the_file_of_the_pole(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")

    def position(piece: EvaluationId) -> None:
        command = PositionItem(evaluation=round_, item="TER1a", level=1, evidence=(piece,))
        do(registry, command)

    with pytest.raises(JalonError, match="n'est pas de celles"):
        position(EvaluationId(make.ACTOR))
    position(round_)  # what concerns the pole may be cited


# --- third parties ------------------------------------------------------------------------------


def test_a_third_party_round_goes_through_with_its_evaluator(
    registry: Registry, pole: PoleId
) -> None:
    round_ = rounds.third_party(registry, pole)
    move(registry, round_, "open")
    fill(registry, round_)
    impacts = ["social", "economic", "environmental"]
    with pytest.raises(ClauseNotHeld, match="sociaux, économiques"):
        move(registry, round_, "submit", person(5, Role.EVALUATOR), impacts=impacts[:2])
    move(registry, round_, "submit", person(5, Role.EVALUATOR), impacts=impacts)
    move(registry, round_, "review")
    validate(registry, round_, person(1, Role.FUNDER))
    validate(registry, round_, person(2, Role.COMMITTEE_MEMBER))
    move(registry, round_, "validate")
    move(registry, round_, "publish", ground="article 7 de la convention")

    assert stage(registry, round_) == "published"


@pytest.mark.parametrize("tie", ["member", "carrier", "funder", "unnamed", "undeclared"])
def test_it_does_not_open_with_an_evaluator_who_is_no_third_party(
    registry: Registry, pole: PoleId, tie: str
) -> None:
    rounds.join(registry, pole, "Membre d'essai")
    rounds.carry(registry, pole, "Porteur d'essai")
    round_ = rounds.plan(registry, pole, rounds.THIRD)
    names = {"member": "MEMBRE d'essai", "carrier": "Porteur d'essai", "funder": "Fonds d'essai"}
    if tie != "unnamed":
        name = names.get(tie, "Cabinet d'essai")
        do(registry, DesignateEvaluator(evaluation=round_, name=name))
    if tie != "undeclared":
        do(registry, DeclareFunders(evaluation=round_, funders=("Fonds d'essai",)))

    with pytest.raises(ClauseNotHeld):
        move(registry, round_, "open")


def test_it_is_not_validated_once_the_evaluator_has_become_a_member(
    registry: Registry, pole: PoleId
) -> None:
    round_ = rounds.third_party(registry, pole)
    move(registry, round_, "open")
    fill(registry, round_)
    impacts = ["social", "economic", "environmental"]
    move(registry, round_, "submit", person(5, Role.EVALUATOR), impacts=impacts)
    move(registry, round_, "review")
    validate(registry, round_, person(1, Role.FUNDER))
    validate(registry, round_, person(2, Role.FUNDER))
    rounds.join(registry, pole, "Cabinet d'essai")

    with pytest.raises(ClauseNotHeld, match="ni membre, ni financeur, ni porteur"):
        move(registry, round_, "validate")


# --- what follows of a publication --------------------------------------------------------------


def test_publishing_supersedes_the_round_before_it_of_the_same_kind(
    registry: Registry, pole: PoleId
) -> None:
    first = rounds.published(registry, pole, "2024-01-01")
    other = rounds.published(registry, rounds.pole(registry, "Autre pôle d'essai"), "2024-01-01")
    second = rounds.published(registry, pole, "2024-06-01")

    assert stage(registry, first, "2024-05-31") == "published"
    assert stage(registry, first, "2024-06-01") == "superseded"
    assert stage(registry, second, "2024-06-01") == "published"
    assert stage(registry, other, "2024-06-01") == "published"


def test_a_publication_of_an_earlier_day_is_superseded_by_the_later_one(
    registry: Registry, pole: PoleId
) -> None:
    later = rounds.published(registry, pole, "2024-06-01")
    earlier = rounds.published(registry, pole, "2024-01-01")

    assert stage(registry, earlier, "2024-05-31") == "published"
    assert stage(registry, earlier, "2024-06-01") == "superseded"
    assert stage(registry, later, "2024-06-01") == "published"


def test_only_a_round_of_the_same_pole_and_kind_succeeds(registry: Registry, pole: PoleId) -> None:
    first = rounds.published(registry, pole, "2024-01-01")
    stranger = rounds.plan(registry, rounds.pole(registry, "Autre pôle d'essai"))

    for successor in (stranger, first):
        with pytest.raises(Refused, match="du même pôle"):
            move(registry, first, "supersede", successor=str(successor))


# --- the questions of the engine ----------------------------------------------------------------


def test_levels_are_told_in_no_history(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    move(registry, round_, "open")
    do(registry, PositionItem(evaluation=round_, item="TER1a", level=4, comment="secret"))

    told = [
        tell(recorded.event, None)
        for recorded in registry.history(round_)
        if isinstance(recorded.event, Evaluation.Positioned)
    ]
    lines = history_of(registry, "evaluation", round_, rounds.at(registry))

    assert told == [("Indicateur renseigné", "TER1a")]
    assert not any("secret" in line.detail for line in lines)


def test_the_path_of_a_round_is_drawn_like_any_other(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.published(registry, pole)

    path = path_of(registry, "evaluation", round_, rounds.at(registry))

    stages = [step.state for step in path.steps]
    assert stages == ["planned", "open", "submitted", "in_review", "validated", "published"]
    assert {way.transition for way in path.exits} == {"supersede"}


def test_rounds_wait_for_somebody(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    at = f"/evaluations/{round_}#manque"
    line = CaseLine(id=round_, concept="evaluation", code="essai", name="Essai", address=at)

    (found,) = inbox(registry, [line], rounds.at(registry), holder=None)

    assert [wait.id for wait in found.waits] == ["open"]
    assert found.page == at


def test_cases_of_a_journey_are_rounds(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)

    assert cases_of(registry, "self_positioning") == {round_: Evaluation}
    assert set(cases_of(registry, "pole")) == {pole}


def test_a_draft_is_put_to_the_history_of_rounds(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.published(registry, pole)
    stricter = draft()
    ways = [way.model_dump(mode="json", by_alias=True) for way in stricter.transitions]
    for way in ways:
        for clause in way["requires"]:
            clause["when"] = clause["when"].replace(">= 2", ">= 3")
    told = backtest(
        registry,
        Journey.model_validate(
            {**stricter.model_dump(mode="json", by_alias=True), "transitions": ways}
        ),
        until=registry.journal.size(),
    )

    (report,) = told.items
    assert (report.id, report.code) == (str(round_), "pole-d-essai-auto-1")
    assert [line.objection.id for line in told.refused] == ["two_validators"]
    assert told.counts.steps == 5


def test_rounds_are_migrated_and_brought_back(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    later = draft(version="2027-01-01")
    registry.do(PublishJourney(journey=later), make.by(Role.ADMINISTRATOR))

    told = plan(registry, later.ref)
    done = registry.do(MigrateCases(to=later.ref, cases=(round_,)), make.by())
    brought = load(registry, round_).journey
    back = registry.do(RevertCases(journey=later.ref, cases=(round_,)), make.by())

    assert (told.possible, told.refused) == (1, 0)
    assert [item.code for item in told.items] == ["pole-d-essai-auto-1"]
    assert [outcome.result for outcome in (*done.outcomes, *back.outcomes)] == ["done", "done"]
    assert brought == later.ref
    assert load(registry, round_).journey == "self_positioning@2026-11-22"
    assert returning(registry, later.ref) == []


def test_one_round_is_migrated_by_hand(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    later = draft(version="2027-01-01")
    registry.do(PublishJourney(journey=later), make.by(Role.ADMINISTRATOR))

    do(registry, MigrateRound(evaluation=round_, to=later.ref))

    assert load(registry, round_).journey == later.ref


def test_a_deadline_of_a_round_is_recorded_when_it_passes(tmp_path: Path) -> None:
    clock = make.Clock()
    states = [
        state.model_dump(mode="json", by_alias=True)
        | (
            {
                "deadlines": {
                    "answer": {
                        "title": {"fr": "Renseigner le tour"},
                        "source": "product rule",
                        "period": "10 days",
                    }
                }
            }
            if state.id == "open"
            else {}
        )
        for state in draft().states
    ]
    timed = Journey.model_validate(
        {**draft().model_dump(mode="json", by_alias=True), "states": states}
    )
    with rounds.registry(tmp_path, clock) as registry:
        registry.do(PublishJourney(journey=timed), make.by(Role.ADMINISTRATOR))
        pole = rounds.pole(registry)
        round_ = rounds.plan(registry, pole, journey=timed.ref)
        move(registry, round_, "open")
        clock.advance(days=20)

        done = registry.do(TickDeadlines(cases=(round_,)), make.by(Role.SYSTEM))

        assert [event.TOPIC for event in done.events] == ["evaluation.deadline_passed.v1"]


# --- for all of them ----------------------------------------------------------------------------

WHOLE = ["open", "fill", "submit", "review", "validate_1", "validate_2", "validate", "publish"]
OTHER = ["fill_all_but_one", "position", "unobserved", "validate_by_submitter", "send_back"]


@st.composite
def lives(draw: st.DrawFn) -> list[str]:
    """The way through, some steps of which are left out, and anything at all between them."""
    found: list[str] = []
    for act in WHOLE:
        if draw(st.integers(0, 9)):
            found.append(act)
        if not draw(st.integers(0, 3)):
            found.append(draw(st.sampled_from([*WHOLE, *OTHER, "abandon"])))
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts=lives(), data=st.data())
def test_no_sequence_of_acts_validates_what_is_not_whole_or_seen_by_two(
    acts: list[str], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder, rounds.registry(Path(folder)) as registry:
        round_ = rounds.plan(registry, rounds.pole(registry))
        frozen: dict[str, list[object]] = {}
        for act in acts:
            on = data.draw(st.sampled_from(DAYS))
            with suppress(JalonError):
                _act(registry, round_, act, on)
            found = load(registry, round_)
            last = found.main.states.last.value
            now: dict[str, list[object]] = {i: [*said] for i, said in found.positions.items()}
            if last not in ("planned", "open") and frozen:
                assert now == frozen, "positions changed after submission"
            frozen = now if last not in ("planned", "open") else {}
            if any(stay.value in ("validated", "published") for stay in found.main.states):
                _check_validated(found)


def _act(registry: Registry, round_: EvaluationId, act: str, on: str) -> None:
    match act:
        case "fill":
            fill(registry, round_, on=on)
        case "fill_all_but_one":
            do(registry, FillRound(evaluation=round_, positions=rounds.answers()[1:]), on=on)
        case "position":
            do(registry, PositionItem(evaluation=round_, item="TER1a", level=1), on=on)
        case "unobserved":
            do(registry, LeaveUnobserved(evaluation=round_, item="TER1a", motive="-"), on=on)
        case "validate_1" | "validate_2":
            validate(registry, round_, person(int(act[-1])), on)
        case "validate_by_submitter":
            validate(registry, round_, person(9), on)
        case "submit":
            move(registry, round_, act, person(9, REPRESENTATIVE), on)
        case "publish":
            move(registry, round_, act, on=on, agreed=True)
        case "send_back":
            move(registry, round_, act, on=on, remarks="à revoir")
        case "abandon":
            move(registry, round_, act, on=on, motive="sans suite")
        case _:
            move(registry, round_, act, on=on)


def _check_validated(found: Evaluation) -> None:
    """What the events themselves say on the day of the validation."""
    (day, *_) = [stay.since for stay in found.main.states if stay.value == "validated"]
    assert len(found.positions) == 27
    assert all(found.position_on(item, day) for item in rounds.placeholder().items)
    parties = {v.party for v in found.validations if v.since <= day}
    assert len({party for party in parties if not party.endswith(f"{9:012}")}) >= 2


def test_every_version_of_the_grid_is_frozen_with_its_round(
    registry: Registry, pole: PoleId
) -> None:
    before = rounds.plan(registry, pole)
    registry.do(PublishGrid(grid=rounds.official()), make.by(Role.ADMINISTRATOR))
    after = rounds.plan(registry, pole)

    assert load(registry, before).grid == "referentiel@placeholder-2026-11"
    assert load(registry, after).grid == "referentiel@3.7-essai"
