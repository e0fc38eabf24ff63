"""Who follows which pole: handed over, listed at any two dates, and wanting."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from application.following import FOLLOWINGS, AssignFollower, EndFollowing, unfollowed
from application.history_in_words import pole_history
from application.pole import MovePole
from application.register import PoleLine
from domain.following import LaterFollower, Seat
from domain.pole import PoleEnded, PoleId
from domain.provenance import AccountId
from tests.application.desk import Desk, desk


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def assigns(pole: PoleId, number: int, place: Seat = Seat.PRINCIPAL) -> AssignFollower:
    return AssignFollower(
        pole=pole,
        follower=AccountId(UUID(int=number)),
        organisation=f"Réseau {number}",
        place=place,
    )


def organisations(at: Desk, on: str, known: int | None = None) -> list[tuple[str, str]]:
    lines = at.lines(FOLLOWINGS, on, known)
    return sorted((str(line.pole_name), line.organisation) for line in lines)


def test_handing_over_closes_the_former(at: Desk) -> None:
    pole = at.pole()
    at.do(assigns(pole, 1), "2023-01-01")
    at.do(assigns(pole, 2), "2024-01-01")
    at.do(assigns(pole, 3, Seat.DEPUTY), "2024-02-01")

    asked = {
        on: [name for _, name in organisations(at, on)]
        for on in ("2022-12-31", "2023-12-31", "2024-01-01", "2024-02-01")
    }

    assert asked == {
        "2022-12-31": [],
        "2023-12-31": ["Réseau 1"],
        "2024-01-01": ["Réseau 2"],
        "2024-02-01": ["Réseau 2", "Réseau 3"],
    }
    (former,) = at.lines(FOLLOWINGS, "2023-12-31")
    assert str(former.until) == "2024-01-01"


def test_what_was_known_before_stays_to_be_read(at: Desk) -> None:
    pole = at.pole()
    at.do(assigns(pole, 1), "2023-01-01")
    size = at.size
    at.do(assigns(pole, 2), "2023-06-01")

    assert [name for _, name in organisations(at, "2023-07-01", size)] == ["Réseau 1"]
    assert [name for _, name in organisations(at, "2023-07-01")] == ["Réseau 2"]
    assert at.rebuilt()


def test_the_history_of_the_pole_tells_who_follows_it(at: Desk) -> None:
    pole = at.pole()
    at.do(assigns(pole, 1), "2023-01-01")
    at.do(assigns(pole, 2), "2024-01-01")
    at.do(EndFollowing(pole=pole), "2024-03-01")

    told = [(line.title, line.detail) for line in pole_history(at.registry, pole, at.moment())]

    assert told[1:] == [
        ("Suivi du pôle", "Réseau 1 (référente ou référent)"),
        ("Relais dans le suivi du pôle", "référente ou référent"),
        ("Suivi du pôle", "Réseau 2 (référente ou référent)"),
        ("Fin du suivi du pôle", "référente ou référent"),
    ]


def test_the_poles_that_nobody_follows_are_told_apart(at: Desk) -> None:
    one, two = at.pole("Un"), at.pole("Deux")
    at.do(assigns(one, 1), "2023-01-01")
    at.do(assigns(two, 2, Seat.DEPUTY), "2023-01-01")
    lines = [
        PoleLine(
            id=id_,
            code=code,
            name=code,
            stage=stage,
            stage_title="",
            occurred_on="2023",
            journey="pole@2021-05-12",
        )
        for id_, code, stage in (
            (one, "un", "emergence"),
            (two, "deux", "emergence"),
            (UUID(int=9), "trois", "ended"),
        )
    ]
    followed = {line.pole for line in at.lines(FOLLOWINGS, place=Seat.PRINCIPAL) if line.pole}

    assert [line.code for line in unfollowed(lines, followed)] == ["deux"]


def test_a_pole_that_ended_is_followed_by_nobody_new(at: Desk) -> None:
    pole = at.pole()
    at.do(MovePole(pole=pole, transition="end", input={"reason": "dissolved"}), "2024-01-01")
    size = at.size

    with pytest.raises(PoleEnded):
        at.do(assigns(pole, 1))

    assert at.size == size


def test_a_refusal_leaves_nothing_behind(at: Desk) -> None:
    pole = at.pole()
    at.do(assigns(pole, 1), "2024-03-01")
    size = at.size

    with pytest.raises(LaterFollower):
        at.do(assigns(pole, 2), "2024-01-01")

    assert at.size == size
