"""A person is found without being shown, and answered with all that is kept."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from domain.errors import Forbidden
from domain.roles import Role
from infrastructure.person_found import NobodyFound, SeveralPersons
from interfaces.wiring import Product, Settings
from tests import make
from tests.infrastructure.persons.acts import (
    NAME,
    RIGHT,
    SAID,
    SPELT,
    contribute,
    dpo,
    join,
    pole,
    sealed_rows,
)

# What a person finds.


def test_a_person_is_found_by_name_by_subject_and_by_what_is_theirs(product: Product) -> None:
    contribution, _ = contribute(product), join(product)
    contribute(product, "Quelqu'un d'autre")

    found = product.persons.find(SPELT, dpo(product))
    by_thing = product.persons.find(str(contribution), dpo(product))

    assert [place.field for place in found.places] == ["author", "text", "person"]
    assert [place.field for place in by_thing.places] == ["author", "text"]
    (_, _, member) = found.places
    (alone,) = product.persons.find(str(member.subject), dpo(product)).places
    assert alone == member
    assert NAME not in repr(found)


def test_nobody_but_the_officer_finds_answers_or_forgets(alone: Product, tmp_path: Path) -> None:
    contribute(alone)
    for role in set(Role) - {Role.DPO}:
        by = alone.operator(role)
        for act in (
            lambda: alone.persons.find(NAME, by),  # noqa: B023  # called at once
            lambda: alone.persons.export(NAME, tmp_path / "out", by),  # noqa: B023
            lambda: alone.forget(NAME, by, right=RIGHT),  # noqa: B023
            lambda: alone.coming_back.check(by, clean=True),  # noqa: B023
        ):
            with pytest.raises(Forbidden):
                act()
    assert not (tmp_path / "out").exists()
    assert alone.persons.find(NAME, dpo(alone)).places


def test_a_thing_of_several_persons_stands_for_none(alone: Product) -> None:
    join(alone), join(alone, "Quelqu'un d'autre")

    with pytest.raises(SeveralPersons, match="2 personnes"):
        alone.forget(str(pole(alone)), dpo(alone), right=RIGHT)
    with pytest.raises(NobodyFound):
        alone.forget(str(uuid4()), dpo(alone), right=RIGHT)
    assert sealed_rows(alone) == 2


def test_the_names_of_a_store_of_before_are_found(settings_on: Callable[..., Settings]) -> None:
    settings = settings_on("sqlite")
    with make.closing_product(settings) as product:
        contribute(product)
        with closing(sqlite3.connect(settings.home / "keys.db")) as db, db:
            for table in ("person", "erasure", "forgotten"):
                db.execute(f"DROP TABLE {table}")

    with make.closing_product(settings) as product:
        assert len(product.persons.find(NAME, dpo(product)).places) == 2
        assert product.persons.names.index() == 0


# The answer to a person.


def test_a_person_is_answered_in_words_and_in_data_and_that_is_noted(
    product: Product, tmp_path: Path
) -> None:
    contribution = contribute(product)

    answer = product.persons.export(NAME, tmp_path / "out", dpo(product))

    told = (tmp_path / "out" / "reponse.txt").read_text("utf-8")
    assert SAID in told
    assert "consentement" in told
    assert "deux ans" in told
    assert str(answer.size) in told
    assert SAID in (tmp_path / "out" / "donnees.json").read_text("utf-8")
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()] == [0o600] * 2
    (line,) = product.read_accesses(dpo(product))
    assert (line.subject, line.concept, line.part) == (contribution, "person", "export")
    assert [path for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_an_answer_is_written_whole_or_not_at_all(alone: Product, tmp_path: Path) -> None:
    contribute(alone)
    (tmp_path / "out").mkdir()

    with pytest.raises(Exception, match="existe déjà"):
        alone.persons.export(NAME, tmp_path / "out", dpo(alone))
    with pytest.raises(Exception, match="n'existe pas"):
        alone.persons.export(NAME, tmp_path / "no" / "out", dpo(alone))
    assert [*(tmp_path / "out").iterdir()] == []
