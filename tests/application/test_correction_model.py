"""Lists, folds and a naive model agree on any day, whatever was told again or taken back since."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from application.listing import LISTINGS
from application.world import Moment
from domain.entry import Entry, Need
from domain.pole import Pole
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.models import TABLES
from infrastructure.read_models.register import RegisterLists
from tests import make
from tests.application.mended import BEGINS, Life, Naive

Seen = tuple[str, str | None, str | None, str, dict[str, str], dict[str, str]]
"""The name, the territory, the activity, the stage, the members, the entries."""


@contextmanager
def lived(folder: Path, seed: int, times: int) -> Iterator[tuple[Life, Follower, RegisterLists]]:
    folder.mkdir()
    clock = make.Clock()
    with (
        make.registry(folder, clock=clock) as registry,
        make.lists(f"sqlite:///{folder / 'registry.db'}", registry.journal) as (follower, register),
    ):
        life = Life(registry, clock, Random(seed))  # noqa: S311  # a history, not a secret
        life.begin()
        life.live(times)
        yield life, follower, register


def by_the_model(naive: Naive, known: int, day: date) -> Seen:
    return (
        naive.value("name", known, day) or naive.value("name", known, BEGINS),
        naive.value("territory", known, day),
        naive.value("activity", known, day),
        naive.stage(known, day),
        naive.things("member ", known, day),
        naive.things("entry ", known, day),
    )


def by_the_fold(life: Life, known: int, day: date) -> Seen:
    pole = life.registry.load(Pole, life.pole, known)
    assert pole is not None
    return (
        pole.name_on(day),
        pole.territory_on(day).words,
        pole.activity_on(day),
        pole.state_on(day) or "",
        {str(id_): member.name for id_, member in pole.members_on(day)},
        {str(id_): _title(told.value) for id_, told in pole.entries_on(day)},
    )


def by_the_lists(life: Life, lists: Lists, register: RegisterLists, moment: Moment) -> Seen:
    (line,) = register.lines(moment)
    members = lists.lines(LISTINGS["member"], moment, pole=life.pole)
    entries = lists.lines(LISTINGS["profile"], moment, pole=life.pole)
    return (
        line.name,
        line.territory,
        line.activity,
        line.stage,
        {str(one.id): one.name for one in members},
        {str(one.id): _title(one.entry) for one in entries},
    )


def _title(entry: Entry) -> str:
    assert isinstance(entry, Need)
    return entry.title


@pytest.mark.parametrize("seed", range(4))
def test_lists_folds_and_a_naive_model_agree_on_random_questions(tmp_path: Path, seed: int) -> None:
    they_agree(tmp_path / "home", seed, questions=60)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_they_agree_on_ten_thousand_questions(tmp_path: Path, seed: int) -> None:
    they_agree(tmp_path / "home", seed, questions=500)


def they_agree(home: Path, seed: int, *, questions: int) -> None:
    """Ask all three the same of one random history."""
    with lived(home, seed, times=90) as (life, follower, register):
        first = life.naive.sayings[0].position
        size = follower.catch_up()
        kept = follower.digests()
        with make.closing_engine(f"sqlite:///{home / 'registry.db'}") as engine:
            lists = Lists(engine, TABLES)
            ask = Random(-seed)  # noqa: S311
            for _ in range(questions):
                known = ask.randrange(first, size + 1)
                day = BEGINS + timedelta(days=ask.randrange(5200))
                expected = by_the_model(life.naive, known, day)

                assert by_the_fold(life, known, day) == expected, (known, day)
                moment = Moment(known=known, in_force=day)
                assert by_the_lists(life, lists, register, moment) == expected, (known, day)

        follower.rebuild()
        assert follower.digests() == kept
        mends = [one for one in life.naive.sayings if one.position and one.is_retraction]
        assert len(life.naive.sayings) > 40
        assert mends
