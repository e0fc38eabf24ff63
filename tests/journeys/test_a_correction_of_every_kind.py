"""Every fact of the demonstration can be told again; what is taken back leaves the lists sound."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.command import By, Command
from application.correction import Statement
from application.listing import LISTINGS, Listed
from application.retraction import RetractFact
from application.scenario import play
from domain.dates import paris_day
from domain.errors import JalonError
from domain.kernel import EVENTS, Event
from domain.rights import RightNotHeld
from infrastructure.event_store.registry import Done
from infrastructure.reference import STORIES, demonstration
from interfaces.wiring import Product
from tests import make
from tests.interfaces.shell import audit

pytestmark = pytest.mark.long

Deeds = list[tuple[Statement, By, Event]]
"""The commands that stated a fact, who gave them, and the fact."""


def told(product: Product) -> Deeds:
    """Tell the stories of the demonstration."""
    deeds: Deeds = []

    def do(command: Command, by: By, key: str) -> UUID:
        done: Done = product.registry.do(command, by, key=key)
        stated = [event for event in done.events if command.NAME in event.STATED_BY]
        if isinstance(command, Statement) and stated:
            deeds.append((command, by, stated[0]))
        return done.answer

    def find(name: str, values: Mapping[str, Any]) -> Listed | None:
        product.follower.catch_up()
        lines = product.lists.lines(LISTINGS[name], product.moment(), pole=values.get("pole"))
        wanted = {field: str(value) for field, value in values.items()}
        says = (one for one in lines if wanted.items() <= _words(one, wanted).items())
        return next(says, None)

    for story in STORIES:
        scenario, texts = demonstration(story)
        play(scenario, do, find, texts, told_on=paris_day(product.clock()))
    product.follower.catch_up()
    return deeds


def _words(line: Listed, wanted: Mapping[str, str]) -> dict[str, str]:
    return {name: str(getattr(line, name, None)) for name in wanted}


OFTEN = 4
"""As many facts of a kind are told again."""


def test_every_fact_of_the_demonstration_can_be_told_again(tmp_path: Path) -> None:
    with make.product(tmp_path / "home") as product:
        refused: Counter[str] = Counter()
        again: Counter[str] = Counter()
        for command, by, fact in told(product):
            if again[fact.TOPIC] == OFTEN:
                continue
            changes = {"corrects": fact.meta.event_id, "reason": "Relu.", "source": "Autre pièce"}
            try:
                product.registry.do(command.model_copy(update=changes), by)
            except RightNotHeld:  # the rights of the present: the case has gone on since
                refused[fact.TOPIC] += 1
            else:
                again[fact.TOPIC] += 1
        product.follower.catch_up()
        kept = product.follower.digests()
        product.follower.rebuild()

        assert product.follower.digests() == kept
        assert len(again) > 40
        assert sum(refused.values()) <= 3, refused


def test_taking_facts_back_leaves_lists_that_are_those_built_anew(tmp_path: Path) -> None:
    with make.product(tmp_path / "home") as product:
        told(product)
        rows = product.journal.rows(0, 100_000)
        facts = [row for row in reversed(rows) if EVENTS[row.topic].STATED_BY]
        done: Counter[str] = Counter()
        for row in facts[::5]:
            event = row.read().event
            try:
                product.registry.do(
                    RetractFact(event=event.meta.event_id, reason="Confondu."), make.by()
                )
            except JalonError as refusal:  # what rests on it is mended first
                stands = refusal.code.startswith(("fact.", "journey.", "pole.ended"))
                assert stands, refusal  # noqa: PT017  # said of a few among many
            else:
                done[row.topic] += 1
        product.follower.catch_up()
        kept = product.follower.digests()
        product.follower.rebuild()

        assert product.follower.digests() == kept
        assert len(done) > 15, done
        moment = product.moment()
        for pole in product.register.lines(moment):
            assert product.history(pole.code, moment)
            assert product.sheet(pole.code, moment).code == pole.code
    assert audit(tmp_path / "home")[0] > 2000
