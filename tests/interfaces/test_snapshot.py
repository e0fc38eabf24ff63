"""A snapshot proves that a later version of the code still reads the past the same way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from application.pole import DescribeActivity, RegisterPole, RenamePole
from domain.dates import PartialDate
from domain.pole import PoleId
from domain.snapshot import SnapshotKnown
from infrastructure.read_models.snapshot import digests_at
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import Seen, audit, jalon, refused
from tests.make import begin


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A pole, of which little is known."""
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    with closing(Product(settings)) as made:
        pole = RegisterPole(name="Pôle fictif", occurred_on=PartialDate("2022"))
        made.do(pole, made.operator())
        yield made


def snapshot(product: Product, *options: str) -> Seen:
    return jalon("--home", product.settings.home, "audit", "snapshot", *options)


def damage(product: Product, sql: str) -> None:
    """Change a list behind the back of the product."""
    with closing(sqlite3.connect(product.settings.home / "registry.db")) as db, db:
        db.execute(sql)


def test_what_is_recorded_later_changes_nothing_of_a_snapshot(product: Product) -> None:
    size = product.journal.size()
    assert snapshot(product).out == f"Arrêté fait : événement n° {size + 1} du journal.\n"
    pole = PoleId(product.find("pole-fictif"))
    product.do(
        RenamePole(pole=pole, name="Autre", occurred_on=PartialDate("2021")), product.operator()
    )
    product.do(DescribeActivity(pole=pole, words="réemploi"), product.operator())
    product.follower.rebuild()

    seen = snapshot(product, "--check")

    assert seen.code == 0
    assert f"À {size} événements" in seen.out
    assert "se lit comme alors\n1 arrêté relu." in seen.out
    assert audit(product.settings.home)[0] == size + 3


def test_what_reads_otherwise_is_named_and_fails(product: Product) -> None:
    snapshot(product)
    damage(product, "UPDATE register SET name = 'Autrement'")

    seen = snapshot(product, "--check")
    told = snapshot(product, "--check", "--json")

    assert (seen.code, told.code) == (3, 3)
    assert (
        "La liste « register » a autant de lignes (1), qui ne disent pas la même chose." in seen.out
    )
    (one,) = told.json["items"]
    assert [found["name"] for found in one["differences"]] == ["register"]
    damage(product, "DELETE FROM register")
    assert "La liste « register » a 0 lignes au lieu de 1." in snapshot(product, "--check").out


def test_a_column_added_since_changes_nothing_and_one_taken_away_does(product: Product) -> None:
    size = product.follower.catch_up()
    number, text = ("known_from", "known_until"), ("pole", "name", "code")

    class Model:
        name, events = "register", ()

        def __init__(self, *left_out: str) -> None:
            self.table = sa.Table("register", sa.MetaData())
            for name in (*number, *text):
                if name not in left_out:
                    kind = sa.BigInteger() if name in number else sa.Text()
                    self.table.append_column(sa.Column(name, kind))

        def apply(self, tx: sa.Connection, recorded: object) -> None:
            raise AssertionError

    engine = product.lists._engine
    before = digests_at(engine, [Model("code")], size)
    after = digests_at(engine, [Model()], size, before)
    gone = digests_at(engine, [Model("name")], size, before)

    assert after == before
    assert digests_at(engine, [Model()], size) != before
    assert gone["register"].columns == ("known_from", "pole")


def test_nothing_new_is_not_closed_again(product: Product) -> None:
    assert snapshot(product, "--check").out == "0 arrêté relu.\n"
    snapshot(product)

    refused(snapshot(product), 4, "Rien n'a été enregistré depuis le dernier arrêté")
    with pytest.raises(SnapshotKnown):
        product.close_snapshot(product.operator())
