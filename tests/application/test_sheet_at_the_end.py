"""After its end nothing of a pole is in force; how it stood on the eve stays readable."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from application.doing import doing
from application.entry import DescribeAction
from application.following import FOLLOWINGS, AssignFollower
from application.member import MEMBERS_LIST, AddMember
from application.pole import (
    DescribeActivity,
    DesignateCarrier,
    FileEvidence,
    LocatePole,
    MovePole,
)
from application.register import PoleSheet, pole_deadlines, pole_further_why, pole_sheet
from application.vote_sheet import pole_votes
from domain.entry import CooperationLevel
from domain.membership import MemberKind
from domain.pole import PoleId, Territory
from tests import make
from tests.application.desk import Desk, desk, person

END = "2024-03-18"
EVE = date(2024, 3, 17)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


@pytest.fixture
def pole(at: Desk) -> PoleId:
    """A pole of which everything was known, and that has ended."""
    pole = at.pole("Pôle fictif du Port Neuf", "2021-02-01")
    at.do(AddMember(pole=pole, member_kind=MemberKind.OTHER_ENTERPRISE, name="Voilerie"), "2022")
    at.do(LocatePole(pole=pole, territory=Territory(words="Port fictif")), "2022-01-01")
    at.do(DescribeActivity(pole=pole, words="voilerie"), "2022-01-01")
    at.do(DesignateCarrier(pole=pole, name="SCIC fictive"), "2022-01-01")
    at.do(FileEvidence(pole=pole, evidence="strategy", title="Stratégie"), "2022-01-01")
    at.do(
        DescribeAction(pole=pole, level=CooperationLevel.TECHNICAL, title="Atelier partagé"),
        "2022-01-01",
    )
    at.do(
        AssignFollower(pole=pole, follower=person(7).actor, organisation="Réseau"),
        "2022-01-01",
    )
    at.do(MovePole(pole=pole, transition="end", input={"reason": "dissolved"}), END)
    return pole


def sheet(at: Desk, pole: PoleId, on: str = make.TODAY.isoformat()) -> PoleSheet:
    return pole_sheet(at.registry, pole, at.moment(on))


def test_nothing_is_in_force_from_the_day_of_its_end_on(at: Desk, pole: PoleId) -> None:
    for day in (END, make.TODAY.isoformat()):
        found = sheet(at, pole, day)
        moment = at.moment(day)

        assert found.stage == "ended"
        assert (found.members, found.carrier, found.evidence) == ((), None, ())
        assert found.at_end is not None  # which pole it is, is still said
        assert (found.territory, found.activity) == (found.at_end.territory, "voilerie")
        assert (found.charter_signed, found.further, found.deadlines) == (False, (), ())
        assert not doing(at.registry, pole, moment).says_anything
        assert pole_deadlines(at.registry, pole, moment) == []
        assert pole_further_why(at.registry, pole, moment) == []
        assert pole_votes(at.registry, pole, moment) == []
        assert [*at.lines(MEMBERS_LIST, day), *at.lines(FOLLOWINGS, day)] == []


def test_how_it_stood_on_the_eve_is_kept_beside(at: Desk, pole: PoleId) -> None:
    found = sheet(at, pole)

    assert found.eve == EVE
    assert found.at_end == sheet(at, pole, EVE.isoformat())
    assert found.at_end is not None
    assert [member.name for member in found.at_end.members] == ["Voilerie"]
    assert (found.at_end.carrier, found.at_end.activity) == ("SCIC fictive", "voilerie")


def test_before_its_end_it_is_shown_as_any_other(at: Desk, pole: PoleId) -> None:
    found = sheet(at, pole, EVE.isoformat())

    assert (found.eve, found.at_end) == (None, None)
    assert doing(at.registry, pole, at.moment(EVE.isoformat())).says_anything


def test_a_pole_that_ended_on_the_day_it_began_has_no_eve(at: Desk) -> None:
    pole = at.pole("Pôle fictif d'un jour", END)
    at.do(MovePole(pole=pole, transition="end", input={"reason": "dissolved"}), END)

    assert (sheet(at, pole).eve, sheet(at, pole).at_end) == (None, None)
