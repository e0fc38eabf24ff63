"""Copies bring nobody back; what cannot be opened is never said to be erased."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from application.contribution import PublishContribution
from application.contribution_list import CONTRIBUTIONS
from application.exchange import RecordExchange
from application.personal import ERASED, UNREACHABLE, valued
from domain.contribution import ContributionId
from domain.document import Document
from domain.erasure import Erasure
from domain.exchange import Channel
from domain.personal import KeysUnreachable
from domain.roles import Role
from domain.values import Personal
from infrastructure.person_found import NobodyFound
from interfaces.wiring import Product, Settings
from tests import make
from tests.infrastructure.persons.acts import (
    NAME,
    PIECES,
    RIGHT,
    SAID,
    contribute,
    dpo,
    file,
    moderator,
    pole,
    raw,
    sealed_rows,
)

# What comes back.


def test_a_copy_of_before_brings_nobody_back(product: Product, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    contribute(product)
    document = file(product)
    refs = [place.ref for place in product.persons.find(NAME, dpo(product)).places]
    product.back_up(copy)
    receipt = product.forget(NAME, dpo(product), right=RIGHT)
    product.forget(str(document), dpo(product), right=RIGHT)

    restored = product.restore(copy)

    assert restored.erased_again == 2
    assert product.journal.subjects_of(refs) == {}
    with pytest.raises(NobodyFound):
        product.persons.find(NAME, dpo(product))
    assert product.registry.load(Document, document).is_erased  # type: ignore[union-attr]
    assert product.documents.check().troubles == ()
    told = [one.event for one in product.registry.told(Erasure.PersonErased)]
    assert [event.again for event in told if isinstance(event, Erasure.PersonErased)] == [True] * 2
    assert receipt.erasure in {one.stream for one in product.registry.told(Erasure.PersonErased)}
    found = product.coming_back.check(dpo(product))
    assert (found.values, found.keys) == (0, 0)
    assert product.check_sealed().faults == ()
    assert [piece for piece in PIECES if piece in raw(product)] == []


def test_keys_and_values_that_came_back_otherwise_are_found_and_destroyed(
    alone: Product, tmp_path: Path
) -> None:
    """The keys are put back from a copy of their own, their notes are lost with that."""
    home = alone.settings.home
    contribute(alone)
    rows = alone.journal.query("SELECT ref, subject, ciphertext FROM sealed")
    shutil.copy(home / "keys.db", tmp_path / "old-keys")
    alone.forget(NAME, dpo(alone), right=RIGHT)
    shutil.copy(tmp_path / "old-keys", home / "keys.db")
    with closing(sqlite3.connect(Path(alone.settings.url.removeprefix("sqlite:///")))) as db, db:
        db.executemany("INSERT INTO sealed (ref, subject, ciphertext) VALUES (?, ?, ?)", rows)

    found = alone.coming_back.check(dpo(alone))
    assert (found.values, found.keys, found.cleaned) == (2, 1, False)
    assert {"revenue" in fault.reason for fault in alone.check_sealed().faults} == {True}
    alone.coming_back.check(dpo(alone), clean=True)

    found = alone.coming_back.check(dpo(alone))
    assert (found.values, found.keys) == (0, 0)
    assert sealed_rows(alone) == 0


def test_keys_that_came_back_alone_are_found_and_destroyed(
    alone: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They open nothing here, and all that an older copy of the registry still has."""
    home = alone.settings.home
    contribute(alone)
    kept = {key[:2] for key in alone.registry.keys.made()}
    shutil.copy(home / "keys.db", tmp_path / "old-keys")
    alone.forget(NAME, dpo(alone), right=RIGHT)
    left = {key[:2] for key in alone.registry.keys.made()}
    shutil.copy(tmp_path / "old-keys", home / "keys.db")

    found = alone.coming_back.check(dpo(alone))
    assert (found.values, found.keys) == (0, 0), "they may be of an act under way"
    monkeypatch.setattr("infrastructure.coming_back.UNDER_WAY", 0)
    found = alone.coming_back.check(dpo(alone), clean=True)

    assert (found.values, found.keys) == (0, len(kept - left)) != (0, 0)
    assert {key[:2] for key in alone.registry.keys.made()} == left
    assert alone.registry.keys.names.bearing(NAME) == set()
    assert alone.coming_back.check(dpo(alone)).keys == 0


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM sealed", "UPDATE sealed SET subject = '00000000-0000-4000-8000-000000000000'"],
)
def test_the_keys_of_what_is_missing_or_altered_are_left_for_a_backup_to_be_of_use(
    alone: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    monkeypatch.setattr("infrastructure.coming_back.UNDER_WAY", 0)
    contribute(alone)
    alone.back_up(tmp_path / "copy")
    with closing(sqlite3.connect(Path(alone.settings.url.removeprefix("sqlite:///")))) as db, db:
        db.execute(damage)

    found = alone.coming_back.check(dpo(alone), clean=True)

    assert (found.values, found.keys, found.spared) == (0, 0, 1)
    alone.restore(tmp_path / "copy")
    assert alone.check_sealed().faults == ()
    assert len(alone.persons.find(NAME, dpo(alone)).places) == 2


# Keys out of reach.


def _moved(home: Path) -> None:
    (home / "keys.db").rename(home / "elsewhere")


def _another_master_key(home: Path) -> None:
    (home / "kek").write_bytes(bytes(32))


def _no_master_key(home: Path) -> None:
    (home / "kek").unlink()


@pytest.mark.parametrize("accident", [_moved, _another_master_key, _no_master_key])
def test_what_cannot_be_opened_is_unavailable_and_never_said_to_be_erased(
    alone: Product, tmp_path: Path, accident: Callable[[Path], None]
) -> None:
    contribution = contribute(alone)
    alone.do(PublishContribution(contribution=ContributionId(contribution)), moderator(alone))
    exchange = alone.do(
        RecordExchange(pole=pole(alone), channel=Channel.CALL, summary=Personal(text=SAID)),
        alone.operator(),
    ).answer
    found = alone.persons.find(NAME, dpo(alone))

    accident(alone.settings.home)

    sheet = alone.contribution(contribution, alone.operator(Role.MODERATOR), alone.moment())
    assert (sheet.author, sheet.text) == (UNREACHABLE, UNREACHABLE)
    (line,) = alone.listed(CONTRIBUTIONS, alone.moment())
    assert (line.text, line.is_readable) == (UNREACHABLE, False)
    assert alone.exchange(exchange, alone.operator(), alone.moment()).summary == UNREACHABLE
    assert {valued(alone.registry, place, "").value for place in found.places} == {UNREACHABLE}
    with pytest.raises(KeysUnreachable):
        alone.registry.keys.rotate()
    with make.closing_product(alone.settings) as again, pytest.raises(KeysUnreachable):
        again.persons.find(NAME, dpo(again))
    assert ERASED not in repr(sheet)


def test_a_person_is_not_half_forgotten_where_the_keys_are_gone(alone: Product) -> None:
    contribution = contribute(alone)
    rows, size = sealed_rows(alone), alone.journal.size()
    _moved(alone.settings.home)

    with pytest.raises(KeysUnreachable):
        alone.forget(str(contribution), dpo(alone), right=RIGHT)

    assert (sealed_rows(alone), alone.journal.size()) == (rows, size)


def test_a_registry_opens_and_answers_without_its_keys(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with make.closing_product(settings) as product:
        contribute(product)
    elsewhere = Settings(
        home=settings.home, database=settings.database, keys="postgresql://x@127.0.0.1:1/keys"
    )

    with make.closing_product(elsewhere) as product:
        assert product.verify().size == product.journal.size()
        assert product.register.lines(product.moment())
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []
