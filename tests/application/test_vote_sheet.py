"""An open vote is shown: how it stands, who may still vote, until when; nobody by name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from application.register import pole_why
from application.vote import CloseVote, DeclareRecusal
from application.vote_sheet import VoteLine, pole_votes
from application.world import Moment
from domain.pole import PoleId
from domain.values import Personal
from domain.vote import Choice
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import voting
from tests.application.voting import SECRETARY, approval, cast, college, open_vote, person


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with make.registry(tmp_path, publish=False) as made:
        yield made


def begun(registry: Registry, rule: dict[str, Any] | None = None) -> PoleId:
    voting.publish(registry, voting.journey(rule))
    return voting.register(registry)


def shown(registry: Registry, pole: PoleId, known: int | None = None) -> list[VoteLine]:
    size = registry.journal.size() if known is None else known
    return pole_votes(registry, pole, Moment(known=size, in_force=make.TODAY))


def test_an_open_vote_says_its_voices_who_may_still_vote_and_until_when(
    registry: Registry,
) -> None:
    pole = begun(registry)
    assert shown(registry, pole) == []
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1))

    (line,) = shown(registry, pole)

    assert (line.id, line.title, line.outcome_words) == (vote, "Retenir", "vote en cours")
    assert [c.sentence for c in line.colleges] == [
        "Comité : 1 pour, 0 contre, 0 abstention ; 2 personnes au plus peuvent encore voter"
    ]
    assert line.colleges[0].roles == ("membre du comité",)
    assert line.until == (
        "Aucune date de fin n'est fixée : le vote dure jusqu'à ce que les voix qui restent n'y "
        "changent plus rien, ou qu'il soit clos (revient à : secrétariat du comité)."
    )
    assert line.rule == (
        "Plus de pour que de contre ; quorum : 1/2 des sièges ; collège : Comité (3 sièges)."
    )


def test_who_voted_what_is_told_to_nobody(registry: Registry) -> None:
    pole = begun(registry)
    vote = open_vote(registry, pole)
    cast(registry, pole, vote, person(1), Choice.AGAINST)
    recusal = DeclareRecusal(pole=pole, vote=vote, motive=Personal(text="Jeanne me paie"))
    registry.do(recusal, person(2))

    (line,) = shown(registry, pole)

    assert line.recused == 1
    assert line.colleges[0].seats == 2
    said = line.model_dump_json()
    for number in (1, 2, 99):
        assert str(person(number).actor) not in said
    assert "Jeanne" not in said


def test_a_vote_that_is_decided_or_closed_says_so(registry: Registry) -> None:
    pole = begun(registry)
    vote = open_vote(registry, pole)
    for number in (1, 2):
        cast(registry, pole, vote, person(number))
    (decided,) = shown(registry, pole)
    size = registry.journal.size()
    registry.do(CloseVote(pole=pole, vote=vote), person(99, SECRETARY))
    (closed,) = shown(registry, pole)

    assert (decided.outcome_words, decided.closed_on) == ("adopté", None)
    assert decided.until.startswith("C'est décidé")
    assert (closed.closed_on, closed.until) == (make.TODAY, "Vote clos le 3 juin 2024.")
    assert closed.colleges[0].left == 0
    assert shown(registry, pole, size) == [decided], "as it was known then"


def test_where_seats_are_not_known_nobody_says_how_many_may_vote(registry: Registry) -> None:
    rule = approval(colleges={"open": college("Assemblée", "committee_member", None)}, quorum=2)
    pole = begun(registry, rule)
    open_vote(registry, pole)

    (line,) = shown(registry, pole)

    assert line.colleges[0].left is None
    assert line.colleges[0].sentence.endswith("n'est pas fixé")


def test_once_the_step_is_taken_its_vote_belongs_to_history(registry: Registry) -> None:
    pole = begun(registry)
    vote = open_vote(registry, pole)
    for number in (1, 2):
        cast(registry, pole, vote, person(number))
    voting.choose(registry, pole)

    assert shown(registry, pole) == []
    now = Moment(known=registry.journal.size(), in_force=make.TODAY)
    assert [way.votes for way in pole_why(registry, pole, now)] == [()]
