"""What is at hand for questions is what a registry just opened would answer, all along a story."""

from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from application.command import By, Command
from application.listing import LISTINGS
from domain.roles import Role
from infrastructure.reference import STORIES
from interfaces.wiring import Product, Settings
from tests.make import Clock, begin

TOLD = datetime(2027, 11, 20, 10, tzinfo=UTC)


def answered(product: Product) -> dict[str, Any]:
    """What the pages ask of all that there is, and of each pole."""
    moment = product.moment()
    found: dict[str, Any] = {
        "to do": product.inbox(moment),
        "to do, all of it": product.inbox(moment, as_operator=True),
        "to do for a funder": product.inbox(moment, role=Role.FUNDER),
        "to do in a region": product.inbox(moment, role=Role.COORDINATOR, region="Occitanie"),
        "stalls": product.stalls(moment, days=0),
        "register": product.register.lines(moment),
        "where poles stand": sorted(map(str, product.register.standing(moment))),
        "found": product.register.lines(moment, search="fictif"),
    }
    for name, listing in LISTINGS.items():
        part = product.excerpt(listing, moment, limit=20)
        found[name] = part.lines, part.total, product.offers(listing, moment)
    lines = product.register.lines(moment)
    found["cards"] = product.cards(lines, moment)
    for line in lines:
        code = line.code
        found[code] = [
            product.sheet(code, moment),
            product.why(code, moment),
            product.doing(code, moment),
            product.path(code, moment),
            product.votes(code, moment),
            product.latest(code, moment, 6),
            product.lists_of(code, moment),
        ]
    return found


@pytest.fixture
def told(tmp_path: Path) -> tuple[Settings, Clock]:
    settings = Settings(home=tmp_path / "told", database="")
    begin(settings)
    return settings, Clock(TOLD)


@pytest.mark.parametrize(
    ("story", "between"),
    [
        (STORIES[0], 60),
        pytest.param(STORIES[0], 7, marks=pytest.mark.long),
        pytest.param(STORIES[1], 60, marks=pytest.mark.long),
    ],
)
def test_what_is_at_hand_is_what_would_be_read(
    told: tuple[Settings, Clock], story: str, between: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, clock = told
    done = count(1)
    with closing(Product(settings, clock)) as product:
        monkeypatch.setattr(product.journal, "_clock", clock.microseconds)

        def compare() -> None:
            with closing(Product(settings, clock)) as opened:
                now, then = answered(product), answered(opened)
            for name, answer in now.items():
                assert answer == then[name], name

        do = product.registry.do

        def and_compare(command: Command, by: By, *, key: str | None = None, **more: Any) -> Any:
            answer = do(command, by, key=key, **more)
            if next(done) % between == 0:
                product.follower.catch_up()
                compare()
            return answer

        monkeypatch.setattr(product.registry, "do", and_compare)
        product.demonstrate(story)
        assert next(done) > between
        compare()
