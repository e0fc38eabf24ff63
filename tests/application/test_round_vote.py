"""A step of an evaluation round put to the vote, as a step of a pole is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.case_sheet import history_of, votes_of, ways_of
from application.evaluation import MoveRound
from application.journey import PublishJourney
from application.vote import (
    CastRoundBallot,
    CloseRoundVote,
    DeclareRoundRecusal,
    OpenRoundVote,
    WithdrawRoundVote,
)
from domain.evaluation import Evaluation, EvaluationId
from domain.journey import Journey
from domain.pole import PoleId
from domain.proposal import AlreadyVoted, VoteOver
from domain.roles import Role
from domain.values import Personal
from domain.vote import Approval, Choice
from domain.workflow import ClauseNotHeld
from infrastructure.event_store.registry import Registry
from infrastructure.reference import shipped_journeys
from tests import make
from tests.application import rounds, voting
from tests.application.voting import SECRETARY, person

FOR, AGAINST = Choice.FOR, Choice.AGAINST


def journey() -> Journey:
    """That of self-positionings, in which a committee decides that a round opens."""
    known = next(j for j in shipped_journeys() if j.id == "self_positioning")
    rule = Approval.model_validate(voting.approval())
    ways = tuple(
        way.model_copy(update={"approval": rule, "by": ("secretary",)}) if way.id == "open" else way
        for way in known.transitions
    )
    return known.model_copy(update={"version": "2024-01-01", "transitions": ways})


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with rounds.registry(tmp_path) as made:
        made.do(PublishJourney(journey=journey()), make.by(Role.ADMINISTRATOR))
        yield made


@pytest.fixture
def round_(registry: Registry) -> EvaluationId:
    pole: PoleId = rounds.pole(registry)
    return rounds.plan(registry, pole, journey="self_positioning@2024-01-01")


def open_it(registry: Registry, round_: EvaluationId) -> None:
    registry.do(MoveRound(evaluation=round_, transition="open"), person(99, SECRETARY))


def test_a_step_of_a_round_waits_for_its_vote_and_is_taken_once_it_is_carried(
    registry: Registry, round_: EvaluationId
) -> None:
    with pytest.raises(ClauseNotHeld):
        open_it(registry, round_)
    opened = OpenRoundVote(evaluation=round_, transition="open")
    vote = registry.do(opened, person(99, SECRETARY)).answer
    (shown,) = votes_of(registry, "evaluation", round_, rounds.at(registry))
    assert (shown.id, shown.outcome_words, shown.colleges[0].left) == (vote, "vote en cours", 3)
    for number, choice in ((1, FOR), (2, FOR)):
        ballot = CastRoundBallot(evaluation=round_, vote=vote, choice=choice)
        registry.do(ballot, person(number))

    with pytest.raises(AlreadyVoted):
        registry.do(ballot, person(1))
    (way,) = [
        w
        for w in ways_of(registry, "evaluation", round_, rounds.at(registry))
        if w.transition == "open"
    ]
    open_it(registry, round_)

    assert way.votes
    assert rounds.load(registry, round_).state_on(make.TODAY) == "open"
    told = {line.title for line in history_of(registry, "evaluation", round_, rounds.at(registry))}
    assert {"Vote ouvert", "Bulletin"} <= told


def test_who_stands_aside_is_told_to_nobody_and_a_vote_ends_as_it_does_for_a_pole(
    registry: Registry, round_: EvaluationId
) -> None:
    opened = OpenRoundVote(evaluation=round_, transition="open")
    first = registry.do(opened, person(99, SECRETARY)).answer
    aside = DeclareRoundRecusal(evaluation=round_, vote=first, motive=Personal(text="un cousin"))
    registry.do(aside, person(3))
    registry.do(WithdrawRoundVote(evaluation=round_, vote=first), person(99, SECRETARY))
    second = registry.do(opened, person(99, SECRETARY)).answer
    registry.do(CastRoundBallot(evaluation=round_, vote=second, choice=AGAINST), person(1))
    registry.do(CloseRoundVote(evaluation=round_, vote=second), person(99, SECRETARY))

    with pytest.raises(VoteOver):
        registry.do(CastRoundBallot(evaluation=round_, vote=second, choice=FOR), person(2))
    with pytest.raises(ClauseNotHeld):
        open_it(registry, round_)
    kept = [r.event for r in registry.history(round_)]
    assert [type(e) for e in kept if isinstance(e, Evaluation.RecusalDeclared)]
    assert "cousin" not in "".join(event.model_dump_json() for event in kept)
