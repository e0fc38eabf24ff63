"""A pole that was sought, from the command line to its page: attempts, answers, and who did it."""

from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.mandate import account_in_words
from application.pole import RegisterPole
from domain.dates import PartialDate
from interfaces.wiring import Product, Settings
from tests.interfaces.conftest import pages_of, registry
from tests.interfaces.shell import Seen, jalon


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with a pole of which nothing is known since 2014."""
    with closing(registry(tmp_path / "home")) as product:
        register = RegisterPole(
            name="Un", journey="pole@2021-05-12", occurred_on=PartialDate("2014-01-01")
        )
        product.do(register, product.operator())
    return tmp_path / "home"


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, *words)


def seek(home: Path, on: str, *more: str) -> Seen:
    line = ("pole", "note-contact", "--pole", "un", "--channel", "appel", "--outcome", "noté")
    return run(home, *line, "--occurred-on", on, *more)


def test_a_pole_that_was_reached_is_not_shown_silent_in_its_sheet_or_in_the_list(
    home: Path,
) -> None:
    assert seek(home, "2024-11-01").code == 0
    falls = ("pole", "move", "--pole", "un", "--transition", "fall_silent")
    assert run(home, *falls, "--occurred-on", "2024-11-01").code == 0
    silent = run(home, "pole", "list", "--in-force", "2024-12-01", "--json").json
    assert silent["items"][0]["stage"] == "dormant"

    assert seek(home, "2024-11-20", "--reached").code == 0

    for day in ("2024-11-20", "2024-12-01", "2025-06-01"):
        sheet = run(home, "pole", "show", "un", "--in-force", day, "--json").json
        (line,) = run(home, "pole", "list", "--in-force", day, "--json").json["items"]
        assert sheet["stage"] == line["stage"] == "emergence"
        assert "a donné de ses nouvelles" in sheet["stage_note"]
        assert sheet["stage_note"] == line["stage_note"]


def test_a_contact_to_come_is_refused_in_one_sentence(home: Path) -> None:
    seen = seek(home, "2999-01-01")

    assert seen.code == 4
    assert seen.err.count("\n") == 1
    assert "elle ne se note pas à l'avance" in seen.err


def test_a_history_tells_the_accounts_apart(home: Path) -> None:
    seek(home, "2024-11-01")
    with closing(Product(Settings(home=home, database=""))) as product:
        told = f"(compte {account_in_words(product.operator().actor)})"
        page = TestClient(pages_of(product)).get("/poles/un").text

    assert told in run(home, "pole", "history", "un").out
    assert told in page
