"""The same act on many poles, from the command line and over HTTP."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from application.pole import MovePole, RegisterPole
from domain.pole import PoleId
from interfaces.history_files import reference_file
from interfaces.server import create_app
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.shell import audit, jalon

BULK = "/api/commands/pole.bulk"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with the public poles; nothing writes in it."""
    home = tmp_path_factory.mktemp("bulk") / "home"
    with closing(registry(home)) as product:
        product.import_poles(reference_file("poles.csv"), product.operator(), apply=True)
    return home


@pytest.fixture
def home(history: Path, tmp_path: Path) -> Path:
    """A copy of it, to write in."""
    return shutil.copytree(history, tmp_path / "home")


# --- on the command line ------------------------------------------------------------------------


def calls(home: Path, *more: str | Path) -> list[str | Path]:
    line: list[str | Path] = ["--home", home, "bulk", "note-contact", "--channel", "téléphone"]
    return [*line, "--outcome", "absent", *more]


def test_a_selection_is_done_at_once_with_a_line_for_each(home: Path) -> None:
    size, _ = audit(home)

    seen = jalon(*calls(home, "--where", "stage=emergence", "--where", "region=Bretagne"))

    assert seen.code == 0, seen
    *each, total = seen.out.splitlines()
    assert len(each) == 6
    assert all(line.startswith("✓ ") and "fait" in line for line in each)
    assert "Prise de contact : téléphone : absent" in each[0]
    assert total == "6 pôles : 6 faits, aucun refus. 6 événements en une seule fois."
    assert audit(home)[0] == size + 6


def test_a_refused_pole_says_why_and_the_code_tells_a_script(home: Path) -> None:
    ended = jalon(
        *("--home", home, "pole", "move", "--pole", "resea-2p", "--transition", "end"),
        *("--input", '{"reason": "dissolved"}'),
    )
    assert ended.code == 0, ended

    seen = jalon(*calls(home, "--pole", "resea-2p", "--pole", "phares-cite-phares"))

    refused, done, total = seen.out.splitlines()
    assert seen.code == 4
    assert refused.startswith("✗ resea-2p")
    assert "Ce pôle a cessé le " in refused
    assert done.startswith("✓ phares-cite-phares")
    assert total == "2 pôles : 1 fait, 1 refusé. 1 événement en une seule fois."


def test_a_rehearsal_tells_each_and_writes_nothing(home: Path) -> None:
    before = audit(home)

    seen = jalon(*calls(home, "--where", "search=énergies", "--dry-run"))

    assert seen.code == 0, seen
    assert seen.out.splitlines()[-1].startswith("À blanc : ")
    assert seen.out.splitlines()[-1].endswith("rien n'a été écrit.")
    assert audit(home) == before


def test_outcomes_are_for_programs_too(home: Path) -> None:
    told = jalon(*calls(home, "--pole", "resea-2p", "--dry-run", "--json")).json

    (item,) = told["outcomes"]
    assert (told["dry_run"], item["code"], item["result"]) == (True, "resea-2p", "done")
    assert item["foreseen"][0]["event"]["outcome"] == "absent"
    assert item["refusal"] is None


def test_a_key_names_the_whole(home: Path) -> None:
    line = calls(home, "--pole", "resea-2p", "--key", "tournée")

    first, size = jalon(*line), audit(home)
    again = jalon(*line)

    assert (first.code, again.code) == (0, 0)
    assert again.out.startswith("Déjà fait sous cette clé")
    assert audit(home) == size


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ([], "Dites sur quels pôles"),
        (["--pole", "resea-2p", "--where", "stage=emergence"], "Dites sur quels pôles"),
        (["--where", "étape=emergence"], "--where « étape=emergence »"),
        (["--where", "stage="], "--where « stage= »"),
        (["--where", "stage=nulle"], "« nulle » n'est pas une étape"),
        (["--where", "search=introuvable"], "Aucun pôle n'est désigné"),
    ],
)
def test_a_selection_that_says_nothing_is_refused_in_a_sentence(
    history: Path, choice: list[str], said: str
) -> None:
    seen = jalon(*calls(history, *choice))

    assert seen.code == 2, seen
    assert seen.out == ""
    assert seen.err.startswith(said)
    assert len(seen.err.splitlines()) == 1


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with closing(registry(tmp_path / "home")) as product:
        yield product


@pytest.fixture
def operator(product: Product) -> Iterator[TestClient]:
    """A program with the operator's token."""
    with TestClient(create_app(product), raise_server_exceptions=False) as client:
        client.headers["Authorization"] = f"Bearer {product.token}"
        yield client


def body(poles: list[UUID]) -> dict[str, object]:
    return {
        "command": "pole.note_contact",
        "fields": {"channel": "téléphone", "outcome": "absent"},
        "poles": [str(pole) for pole in poles],
    }


def poles(product: Product) -> list[UUID]:
    by = product.operator()
    made = [product.do(RegisterPole(name=name), by).answer for name in ("Un", "Deux")]
    end = MovePole(pole=PoleId(made[1]), transition="end", input={"reason": "dissolved"})
    product.do(end, by)
    return made


def test_each_pole_has_its_outcome(operator: TestClient, product: Product) -> None:
    one, ended = poles(product)

    answer = operator.post(BULK, json=body([one, ended, uuid4()]))

    assert answer.status_code == 200
    told = answer.json()
    done, refused, absent = told["outcomes"]
    assert (done["result"], done["events"]) == ("done", ["pole.contact_attempted.v1"])
    assert (refused["result"], refused["code"]) == ("refused", "pole.ended")
    assert refused["detail"].startswith("Ce pôle a cessé")
    assert absent["code"] == "not_found"
    assert told["events"] == ["pole.contact_attempted.v1"]
    assert "foreseen" not in done


def test_a_refusal_is_said_in_the_language_asked_for(
    operator: TestClient, product: Product
) -> None:
    _, ended = poles(product)

    told = operator.post(BULK, json=body([ended]), headers={"Accept-Language": "en"}).json()

    assert told["outcomes"][0]["detail"].startswith("This pole ended")


def test_a_rehearsal_shows_the_events_in_words_and_whole(
    operator: TestClient, product: Product
) -> None:
    one, _ = poles(product)
    size = product.journal.size()

    told = operator.post(f"{BULK}?dry_run=true", json=body([one])).json()

    (event,) = told["outcomes"][0]["foreseen"]
    assert (event["title"], event["detail"]) == ("Prise de contact", "téléphone : absent")
    assert event["event"]["meta"]["role"] == "registrar"
    assert product.journal.size() == size


def test_too_many_poles_are_refused_in_one_sentence(operator: TestClient) -> None:
    answer = operator.post(BULK, json=body([UUID(int=n) for n in range(1001)]))

    assert answer.status_code == 400
    assert answer.json()["code"] == "bulk.too_many"
    assert answer.json()["detail"] == (
        "Un lot compte 1000 pôles au plus, celui-ci 1001 : "
        "resserrez la sélection, ou procédez en plusieurs lots."
    )
