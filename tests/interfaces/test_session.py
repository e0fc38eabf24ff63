"""Sessions as people meet them: one clear sentence for each thing that is not right."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from domain.call import CallId
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.application import committees
from tests.application.committees import convene, decide, open_
from tests.interfaces.shell import Seen, jalon
from tests.make import begin

SESSION = "essai-2024-seance-1"
MOTIVE = "Motif-Que-Personne-Ne-Lit"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with a session that is open: one dossier is decided, another is not."""
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        registry = product.registry
        call = committees.call(registry)
        agenda = committees.dossiers(registry, call, 1, 2)
        session = convene(registry, call, agenda)
        open_(registry, session)
        decide(registry, session, agenda[0], amount="60000", motive=MOTIVE)
        product.follower.catch_up()
    return settings.home


def dossier(home: Path, number: int) -> str:
    with closing(Product(Settings(home=home, database=""))) as product:
        call = product.find_thing("call", "essai-2024")
        return str(committees.load_call(product.registry, CallId(call)).dossiers[number])


def run(home: Path, *words: str, role: str = "secretary") -> Seen:
    return jalon("--home", home, *words, "--as", role)


def put(home: Path, number: int = 1, **given: str) -> Seen:
    told = {"amount": "10000", "motive": "Projet solide.", "on": "2024-05-15", **given}
    on = told.pop("on")
    options = [word for name, value in told.items() for word in (f"--{name}", value)]
    return run(
        home,
        *("session", "put-to-vote", "--session", SESSION, "--dossier", dossier(home, number)),
        *("--proposal", "select", "--occurred-on", on, *options),
    )


def size(home: Path) -> int:
    with closing(Product(Settings(home=home, database=""))) as product:
        return product.journal.size()


def test_the_list_of_sessions_tells_nothing_of_results(home: Path) -> None:
    said = jalon("--home", home, "session", "list")
    asked = jalon("--home", home, "session", "list", "--json")

    assert said.code == 0
    assert SESSION in said.out
    assert "ouverte" in said.out
    (line,) = json.loads(asked.out)["items"]
    assert line["standing"] == "open"
    assert line["dossiers"] == 2
    for shown in (said.out, asked.out):
        assert "60" + "000" not in shown
        assert MOTIVE not in shown


def test_a_program_and_a_page_are_told_no_more(home: Path) -> None:
    with (
        closing(Product(Settings(home=home, database=""))) as product,
        TestClient(create_app(product)) as client,
    ):
        for path in ("/api/sessions", "/seances"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert SESSION in answer.text
            assert MOTIVE not in answer.text
            assert "60 000" not in answer.text.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("-5", "négatif"),
        ("0", "nul"),
        ("5 USD", "pas en euros"),
        ("0,125", "n'est pas un montant"),
        ("999999999999999", "dépasse"),
        ("40000,01", "il reste 40\u202f000\xa0€"),
    ],
)
def test_an_amount_that_is_not_one_is_one_sentence(home: Path, amount: str, said: str) -> None:
    before = size(home)
    seen = put(home, amount=amount)

    assert seen.code != 0
    assert said in seen.err
    assert "Traceback" not in seen.err
    assert size(home) == before


@pytest.mark.parametrize(
    ("held_at", "said"),
    [
        ("2027-03-28T02:30", "n'existe pas"),
        ("2026-10-25T02:30", "deux fois"),
        ("bientôt", "n'est pas une heure"),
        ("2026-01-01T10:00", "à partir du"),
    ],
)
def test_an_hour_that_does_not_do_is_one_sentence(home: Path, held_at: str, said: str) -> None:
    before = size(home)
    seen = run(
        home,
        *("session", "convene", "--call", "essai-2024", "--wave", "v1"),
        *("--held-at", held_at, "--dossier", dossier(home, 1)),
    )

    assert seen.code != 0
    assert said in seen.err
    assert "Traceback" not in seen.err
    assert size(home) == before


def test_what_is_unknown_or_not_allowed_is_one_sentence(home: Path) -> None:
    one = dossier(home, 1)
    cases = (
        (["session", "open", "--session", "inconnue"], "Aucune séance ne s'appelle « inconnue »"),
        (
            ["session", "deliberate", "--session", SESSION, "--dossier", one],
            "Rien n'est soumis au vote",
        ),
        (
            ["session", "deliberate", "--session", SESSION, "--dossier", SESSION],
            "",
        ),
        (["session", "vote", "--session", SESSION, "--dossier", one, "--choice", "for"], "membre"),
        (["session", "approve-minutes", "--session", SESSION], "siège"),
        (["session", "open", "--session", SESSION], "elle est ouverte"),
    )
    before = size(home)
    for words, said in cases:
        seen = run(home, *words)
        assert seen.code != 0, words
        assert said in seen.err, words
        assert "Traceback" not in seen.err
    assert size(home) == before


def test_a_vote_is_recorded_and_told_by_the_command_line(home: Path) -> None:
    assert put(home, motive="Bon projet.").code == 0
    seen = run(
        home,
        *("session", "record-ballots", "--session", SESSION, "--dossier", dossier(home, 1)),
        *("--for", "chair", "--for", "two", "--opposed", "three", "--occurred-on", "2024-05-15"),
    )

    assert seen.code == 0, seen.err
    assert "Vote : chair : pour" in seen.out
    assert "Vote : three : contre" in seen.out
