"""Calls and committees as people meet them: on the command line, over HTTP, on pages."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.seasons import CALL, decided
from tests.interfaces.shell import Seen, audit, jalon
from tests.make import begin

SEATS = (
    '{"id": "ess", "title": "Ministère d\'essai", "chair": true}',
    '{"id": "cdc", "title": "Caisse d\'essai"}',
)
ACCOUNT, OTHER = (f"00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    return settings.home


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        yield made


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    product.import_calls(None, product.operator(), apply=True)
    with TestClient(create_app(product)) as made:
        yield made


def plan(home: Path, code: str = "essai-2026", *more: str) -> Seen:
    words = ("--title", "Appel d'essai", "--authority", "Ministère d'essai")
    return jalon(
        *("--home", home, "call", "plan", "--code", code, *words),
        *("--call-kind", "decree_call", *more),
    )


def on_call(home: Path, verb: str, *words: str) -> Seen:
    return jalon("--home", home, "call", verb, "--call", "essai-2026", *words)


def test_the_state_calls_are_imported_and_listed_at_any_date(home: Path) -> None:
    dry = jalon("--home", home, "import", "calls")
    assert "À blanc" in dry.out
    assert "7 appels chargés" in jalon("--home", home, "import", "calls", "--apply").out
    assert "7 déjà au registre" in jalon("--home", home, "import", "calls", "--apply").out

    lines = jalon("--home", home, "call", "list", "--json").json
    then = jalon("--home", home, "call", "list", "--in-force", "2015-06-01", "--json").json
    before = jalon("--home", home, "call", "list", "--known", "2020-01-01", "--json").json

    assert lines["total"] == 7
    assert {line["code"]: line["stage"] for line in then["items"]} == {
        "aap-2013": "decided",
        "aap-2015": "open",
    }
    assert before["total"] == 0


def test_the_hour_that_comes_twice_is_said_with_which_one_it_is(home: Path) -> None:
    plan(home)
    wave = ("--wave", "v1", "--closes-at", "2027-10-31T02:30+01:00")
    assert on_call(home, "set-wave", *wave).code == 0

    told = [
        jalon("--home", home, "call", *verb).out
        for verb in (("list",), ("show", "essai-2026"), ("history", "essai-2026"))
    ]

    for said in told:
        assert "31 octobre 2027 à 2 h 30 (heure d'hiver)" in " ".join(said.split())


def test_a_file_that_cannot_be_read_is_one_sentence(home: Path, tmp_path: Path) -> None:
    (tmp_path / "vide.yaml").write_text("")
    for file in (tmp_path / "absent.yaml", tmp_path / "vide.yaml", tmp_path):
        seen = jalon("--home", home, "import", "calls", file, "--apply")

        assert seen.code != 0
        assert seen.err.count("\n") == 1
        assert "Traceback" not in seen.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("set-envelope", "--amount", "-5"), "négatif"),
        (("set-envelope", "--amount", "0"), "nul"),
        (("set-envelope", "--amount", "9" * 40), "montant"),
        (("set-envelope", "--amount", "100 $"), "euros"),
        (("set-envelope", "--amount", "0.30000000000000004"), "montant"),
        (("set-bounds", "--minimum", "2", "--maximum", "1"), "dépasse"),
        (("set-wave", "--wave", "v1", "--closes-at", "2026-03-29T02:30"), "n'existe pas"),
        (("set-wave", "--wave", "v1", "--closes-at", "2026-10-25T02:30"), "arrive deux fois"),
        (("set-wave", "--wave", "V 1"), "forme attendue"),
        (("set-wave", "--wave", "v1", "--closes-at", "demain"), "n'est pas une heure"),
        (("specify", "--title", "Cahier"), "cahier des charges est un texte"),
        (("specify", "--title", "C", "--address", "a", "--route", "pigeon"), "route"),
        (("move", "--transition", "ouvrir"), "passage"),
        (("move", "--transition", "open"), "cahier des charges"),
        (("move", "--transition", "close"), "n'est pas possible"),
        (
            (
                *("postpone", "--wave", "v9", "--closes-at", "2030-01-01T12:00"),
                *("--decided-on", "2026-01-01", "--reasons", "pont"),
            ),
            "vague",
        ),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    home: Path, words: tuple[str, ...], reason: str
) -> None:
    plan(home)
    before = audit(home)

    seen = on_call(home, *words)

    assert seen.code != 0
    assert reason in seen.err
    assert seen.err.count("\n") == 1
    assert audit(home) == before


def test_a_code_is_given_once_and_an_unknown_one_is_said(home: Path) -> None:
    assert plan(home).code == 0

    again, none = plan(home), jalon("--home", home, "call", "why", "nulle-part")

    assert "déjà" in again.err
    assert "Aucun appel ne s'appelle" in none.err


def test_two_members_do_not_sit_under_one_mandate(home: Path) -> None:
    plan(home)
    seats = [word for seat in SEATS for word in ("--seat", seat)]
    call = ("--home", home, "committee")
    jalon(*call, "constitute", "--call", "essai-2026", *seats)
    given = jalon(
        *("--home", home, "mandate", "give", "--holder", ACCOUNT, "--relation", "everywhere"),
        *("--principal", "organisation:Ministère", "--for-role", "committee_member", "--json"),
    ).json["id"]
    fill = (*call, "fill-seat", "--committee", "essai-2026", "--under", given)
    assert jalon(*fill, "--seat", "ess", "--account", ACCOUNT).code == 0
    before = audit(home)

    again = jalon(*fill, "--seat", "cdc", "--account", ACCOUNT)
    other = jalon(*fill, "--seat", "cdc", "--account", OTHER)

    assert "deux membres ne siègent pas sous le même" in again.err
    assert "mandat" in other.err
    assert audit(home) == before
    (line,) = jalon("--home", home, "committee", "list", "--json").json["items"]
    assert (line["code"], line["voting"], line["public_on"]) == ("essai-2026", 2, None)


def test_calls_answer_over_http_and_on_a_page(client: TestClient) -> None:
    found = client.get("/api/calls", params={"in_force": "2015-06-01"}).json()
    page = client.get("/appels")

    assert {line["code"] for line in found["items"]} == {"aap-2013", "aap-2015"}
    assert page.status_code == 200
    assert "juin 2015 à 23 h 59" in page.text.replace("\xa0", " ")
    assert client.get("/comites").status_code == 200


def test_a_call_of_which_no_closing_is_known_is_not_said_open_without_a_word(
    client: TestClient, home: Path
) -> None:
    caveat = "le registre ne sait pas s'il l'est encore"
    show = ("--home", home, "call", "show")

    assert caveat in jalon(*show, "ami-2021").out
    assert caveat in " ".join(jalon("--home", home, "call", "list").out.split())
    for page in ("/appels/ami-2021", "/appels"):
        assert caveat in client.get(page).text.replace("&#39;", "'")
    assert client.get("/api/calls/ami-2021").json()["stage_caveat"]

    for code in ("aap-2015", "ami-2022", "ami-2025"):  # their closing or their results are known
        assert caveat not in jalon(*show, code).out
    assert caveat not in jalon(*show, "aap-2015", "--in-force", "2015-05-01").out


def test_a_command_of_a_call_is_refused_over_http_in_one_sentence(
    client: TestClient, product: Product
) -> None:
    headers = {"Authorization": f"Bearer {product.token}"}
    given = {"code": "Essai 2026", "title": "Appel", "call_kind": "decree_call", "authority": "x"}

    refused = client.post("/api/commands/call.plan", json=given, headers=headers)

    assert refused.status_code in (400, 422)
    assert "code" in refused.text


def test_a_call_whose_results_are_announced_says_where_they_are_read(tmp_path: Path) -> None:
    home = decided(tmp_path / "home", announced=True)

    shown = jalon("--home", home, "call", "show", CALL).out
    ticked = jalon("--home", home, "tick", "--dry-run").out

    assert "Aucune source enregistrée ne nomme de lauréat." in shown
    assert (
        f"Les dossiers que son comité a retenus sont dits par « committee show {CALL} »." in shown
    )
    assert f"{CALL} : Clore" in ticked  # and not by its identity


def test_what_is_measured_of_a_phase_is_said_in_words(client: TestClient) -> None:
    sheet = client.get("/api/calls/ami-2021").json()

    assert "lauréats de la phase 1 : 107" in [line["number"] for line in sheet["claims"]]
    assert "laureates phase" not in client.get("/declarations").text
