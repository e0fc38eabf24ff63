"""Every fact of a whole registry can be told again or taken back, or says why it cannot be.

The registry tells what the demonstration tells, and of every other kind of fact one at least.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from interfaces.wiring import Product, Settings
from tests import make
from tests.interfaces.shell import audit
from tests.journeys.untold import afterwards, meanwhile, say

pytestmark = pytest.mark.long

FACTS = {topic for topic, event in EVENTS.items() if event.STATED_BY}


@dataclass
class Told:
    """A registry that was told everything, and how."""

    home: Path
    deeds: list[tuple[Command, By, list[Event]]] = field(default_factory=list)
    """Each command, who gave it, and what it recorded."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    everything = Told(tmp_path_factory.mktemp("told") / "home")
    with make.product(everything.home) as product:
        _tell(product, everything)
    return everything


@contextmanager
def copied(told: Told, folder: Path) -> Iterator[Product]:
    shutil.copytree(told.home, folder / "home")
    with make.closing_product(Settings(home=folder / "home", database="")) as product:
        yield product


def _tell(product: Product, everything: Told) -> None:
    met: set[tuple[str, Any]] = set()

    def give(command: Command, by: By, key: str | None = None) -> UUID:
        done: Done = product.registry.do(command, by, key=key)
        everything.deeds.append((command, by, [*done.events]))
        kind = (command.NAME, getattr(command, "transition", None))
        if kind not in met:
            met.add(kind)
            for said in meanwhile(command):
                say(give, said)
        return done.answer

    def find(name: str, values: Mapping[str, Any]) -> Listed | None:
        product.follower.catch_up()
        lines = product.lists.lines(LISTINGS[name], product.moment(), pole=values.get("pole"))
        wanted = {field: str(value) for field, value in values.items()}
        says = (one for one in lines if wanted.items() <= _words(one, wanted).items())
        return next(says, None)

    for story in STORIES:
        scenario, texts = demonstration(story)
        play(scenario, give, find, texts, told_on=paris_day(product.clock()))
    for said in afterwards(product):
        say(give, said)
    product.follower.catch_up()


def _words(line: Listed, wanted: Mapping[str, str]) -> dict[str, str]:
    return {name: str(getattr(line, name, None)) for name in wanted}


STANDS_AGAINST = {
    "fact.rests_on_it",  # something recorded since names it, and is taken back first
    "fact.act_rests_on_it",  # so does an act, and no act is taken back
    "recognition.undone_by_two",  # two persons found it
    "project.not_examined",  # a decision rests on this check
    "commitment.not_flowing",  # money flowed under this convention
    "fact.retracted",  # it went with another one
    "journey.breaks_path",  # a later step leaves from where this one leads
    "pole.ended",
}
"""Why a fact may not be taken back."""

OFTEN = 4
"""As many facts of a kind are told again."""

NOT_AGAIN = {"session.convened.v1"}
"""Here, the session was held: its minutes say how it was convened."""


def test_every_kind_of_fact_can_be_told_again(told: Told, tmp_path: Path) -> None:
    again: Counter[str] = Counter()
    refused: dict[str, set[str]] = defaultdict(set)
    with copied(told, tmp_path) as product:
        for command, by, events in told.deeds:
            stated = [one for one in events if command.NAME in one.STATED_BY]
            if not isinstance(command, Statement) or not stated:
                continue
            fact = stated[0]
            if again[fact.TOPIC] == OFTEN:
                continue
            changes = {"corrects": fact.meta.event_id, "reason": "Relu.", "source": "Autre pièce"}
            corrected = command.model_copy(update=changes)
            try:
                try:
                    product.registry.do(corrected, by)
                except RightNotHeld:  # the case has gone on: who keeps the register corrects it
                    product.registry.do(corrected, make.by())
            except JalonError as refusal:
                refused[fact.TOPIC].add(refusal.code)
            else:
                again[fact.TOPIC] += 1
        product.follower.catch_up()
        kept = product.follower.digests()
        product.follower.rebuild()

        assert product.follower.digests() == kept
        assert FACTS - again.keys() == NOT_AGAIN, dict(refused)


def test_taking_facts_back_leaves_lists_that_are_those_built_anew(
    told: Told, tmp_path: Path
) -> None:
    with copied(told, tmp_path) as product:
        rows = product.journal.rows(0, 100_000)
        facts = [row for row in reversed(rows) if EVENTS[row.topic].STATED_BY]
        last = {row.topic: row for row in reversed(facts)}
        done: Counter[str] = Counter()
        refused: dict[str, set[str]] = defaultdict(set)
        for row in {row.position: row for row in (*last.values(), *facts[::5])}.values():
            event = row.read().event
            try:
                product.registry.do(
                    RetractFact(event=event.meta.event_id, reason="Confondu."), make.by()
                )
            except JalonError as refusal:
                refused[row.topic].add(refusal.code)
            else:
                done[row.topic] += 1
        product.follower.catch_up()
        kept = product.follower.digests()
        product.follower.rebuild()

        assert product.follower.digests() == kept
        assert FACTS - done.keys() - refused.keys() == set(), "a kind of fact was not tried"
        assert set().union(*refused.values()) <= STANDS_AGAINST
        assert len(done) > len(FACTS) * 2 / 3, refused
        moment = product.moment()
        for pole in product.register.lines(moment):
            assert product.history(pole.code, moment)
            assert product.sheet(pole.code, moment).code == pole.code
    assert audit(tmp_path / "home")[0] > 2000
