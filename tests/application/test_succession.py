"""The end of a pole and those who succeed it say one thing, whichever is recorded first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.charter_signature import SignCharter
from application.command import Command
from application.member import AddMember
from application.pole import FileEvidence, MovePole, RecordPastStep, RenamePole
from application.recognition import RecordRecognition
from application.succession import SUCCESSIONS, MergePoles, SplitPole, TooFewPoles
from domain.errors import JalonError, NotFound
from domain.pole import PoleEnded, PoleId
from domain.succession import AlreadySucceeds, NoSuccession, OwnSuccessor, Succeeding
from domain.track import NotBegun
from tests import make
from tests.application.desk import Desk, desk

DAY = "2023-06-01"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def end(at: Desk, pole: PoleId, reason: str, successor: UUID | None = None, on: str = DAY) -> None:
    told: dict[str, Any] = {"reason": reason}
    if successor:
        told["successor"] = str(successor)
    at.do(MovePole(pole=pole, transition="end", input=told), on)


def line(at: Desk, on: str = make.TODAY.isoformat()) -> list[tuple[UUID | None, UUID, Succeeding]]:
    """Who succeeds whom, and how; kept up as it would be built anew."""
    assert at.rebuilt()
    return [(said.pole, said.predecessor, said.how) for said in at.lines(SUCCESSIONS, on)]


@pytest.mark.parametrize("how", list(Succeeding))
def test_a_step_that_names_a_successor_lets_it_say_so_itself(at: Desk, how: Succeeding) -> None:
    old, new = at.pole("Ancien"), at.pole("Nouveau")

    end(at, old, {"merger": "merged_into", "split": "split_into"}[how], new)

    assert at.load(new).predecessors == {old: how}
    assert line(at) == [(new, old, how)]
    assert line(at, "2023-05-31") == []


def test_a_pole_that_ended_by_a_split_is_given_its_other_successors(at: Desk) -> None:
    old, north, south = at.pole("Ancien"), at.pole("Nord"), at.pole("Sud")
    end(at, old, "split_into", north)

    at.do(SplitPole(predecessor=old, into=(south,), names=("Est",)))

    assert {(how, predecessor) for _, predecessor, how in line(at)} == {(Succeeding.SPLIT, old)}
    assert len(line(at, DAY)) == 3, "from the day of the end on, whenever it is recorded"
    with pytest.raises(AlreadySucceeds):
        at.do(SplitPole(predecessor=old, into=(south,)))
    with pytest.raises(TooFewPoles):
        at.do(SplitPole(predecessor=old))


def test_a_pole_that_merged_or_was_dissolved_is_not_split_afterwards(at: Desk) -> None:
    merged, gone, new = at.pole("Fusionné"), at.pole("Dissous"), at.pole("Nouveau")
    end(at, merged, "merged_into", new)
    end(at, gone, "dissolved")

    for pole in (merged, gone):
        with pytest.raises(JalonError):
            at.do(SplitPole(predecessor=pole, names=("Est", "Ouest")))
    assert line(at) == [(new, merged, Succeeding.MERGER)]


def test_a_successor_is_another_pole_that_lives_that_day(at: Desk) -> None:
    old, late, ended = at.pole("Ancien"), at.pole("Tard", "2024-01-01"), at.pole("Fini")
    end(at, ended, "dissolved", on="2023-01-01")
    size = at.size

    for successor, refusal in (
        (old, OwnSuccessor),
        (uuid4(), NotFound),
        (late, NotBegun),
        (ended, PoleEnded),
    ):
        with pytest.raises(refusal):
            end(at, old, "merged_into", successor)

    assert at.size == size


def test_only_a_merger_or_a_split_has_a_successor(at: Desk) -> None:
    old, new = at.pole("Ancien"), at.pole("Nouveau")

    with pytest.raises(NoSuccession, match="après une fusion ou une scission"):
        end(at, old, "dissolved", new)


def test_a_step_of_the_past_says_it_too(at: Desk) -> None:
    old, new = at.pole("Ancien"), at.pole("Nouveau")
    told = {"reason": "merged_into", "successor": str(new)}
    step = RecordPastStep(pole=old, transition="end", source="rapport", input=told)

    at.do(step, "2022-06")

    assert at.load(new).predecessors == {old: Succeeding.MERGER}


def test_a_successor_that_has_ended_since_stays_as_it_is(at: Desk) -> None:
    old, new = at.pole("Ancien"), at.pole("Nouveau")
    end(at, new, "dissolved", on="2024-01-01")
    version = at.load(new).version

    end(at, old, "merged_into", new)

    assert at.load(new).version == version
    assert line(at) == [(new, old, Succeeding.MERGER)]


LATE = {
    "member": (AddMember, {"member_kind": "other", "name": "Coopérative tardive"}),
    "name": (RenamePole, {"name": "Ancien nom retrouvé"}),
    "evidence": (FileEvidence, {"evidence": "strategy", "title": "Stratégie"}),
    "recognition": (
        RecordRecognition,
        {
            "recognition_kind": "regional_support",
            "code": "soutien",
            "issuer": "Région fictive",
            "ground": "délibération",
        },
    ),
    "signature": (
        SignCharter,
        {
            "charter": "2014-09-19",
            "variant": "existing_pole",
            "capacity": "president",
            "place": "Romans",
            "signatory": "Jeanne",
        },
    ),
}


@pytest.mark.parametrize(("command", "told"), LATE.values(), ids=LATE)
def test_what_was_before_a_merger_may_be_learnt_after_it(
    at: Desk, command: type[Command], told: dict[str, Any]
) -> None:
    one, other, new = (at.pole(name, "2020-01-01") for name in ("Un", "Autre", "Nouveau"))
    for merged in (one, other):
        end(at, merged, "merged_into", new, on="2024-01-01")

    at.do(command.model_validate({**told, "pole": one}), "2022-01-01")
    assert at.rebuilt()
    for day in ("2024-01-01", "2024-03-01"):
        with pytest.raises(PoleEnded):
            at.do(command.model_validate({**told, "pole": other}), day)


def test_what_a_merger_records_is_recorded_once(at: Desk) -> None:
    one, other, new = at.pole("Un"), at.pole("Deux"), at.pole("Nouveau")

    done = at.done(MergePoles(poles=(one, other), into=new), DAY)

    assert sorted(event.TOPIC for event in done.events) == [
        *["pole.moved.v1"] * 2,
        *["pole.succeeded.v1"] * 2,
    ]
