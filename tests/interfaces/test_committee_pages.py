"""Calls, committees and sessions as people meet them, before and after results are announced."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.call_words import left_in_words
from domain.minute import Minute
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.conftest import registry
from tests.interfaces.seasons import CALL, EVE, MOTIVE, SESSION, decided
from tests.interfaces.shell import Seen, jalon

PLACES = (
    f"/appels/{CALL}",
    f"/comites/{CALL}",
    f"/seances/{SESSION}",
    f"/api/calls/{CALL}",
    f"/api/calls/{CALL}/announced",
    f"/api/calls/{CALL}/history",
    f"/api/committees/{CALL}",
    f"/api/sessions/{SESSION}",
    f"/api/sessions/{SESSION}/announced",
)
"""Where everybody reads of a call, its committee and its session."""
READINGS = (
    f"/api/sessions/{SESSION}/results",
    f"/api/sessions/{SESSION}/minutes",
    f"/api/calls/{CALL}/waves/v1/ranking",
)
"""What is read with the token, and noted."""


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided(tmp_path_factory.mktemp("untold") / "home", announced=False)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The pages once the results are announced; nothing is noted there."""
    home = decided(tmp_path_factory.mktemp("told") / "home", announced=True)
    with (
        closing(Product(Settings(home=home, database=""))) as product,
        TestClient(create_app(product)) as made,
    ):
        yield made


@pytest.fixture
def product(tmp_path: Path, untold: Path) -> Iterator[Product]:
    """A registry of its own, before the announcement."""
    home = shutil.copytree(untold, tmp_path / "home")
    with closing(Product(Settings(home=home, database=""))) as made:
        yield made


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product)) as made:
        yield made


def run(product: Product, *words: str) -> Seen:
    return jalon("--home", product.settings.home, *words)


def text(client: TestClient, path: str) -> str:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200, (path, answer.text[:400])
    return unescape(answer.text).replace("\u202f", " ").replace("\xa0", " ")


def noted(product: Product) -> list[tuple[str, str]]:
    return [(line.concept, line.part) for line in product.accesses.lines(None)]


# --- before the announcement --------------------------------------------------------------------


def test_nothing_that_everybody_reads_tells_what_was_decided(
    client: TestClient, product: Product
) -> None:
    for path in PLACES:
        page = text(client, path)
        assert MOTIVE not in page, path
        assert "rang 1" not in page, path
        assert "4 pour" not in page, path
    for verb in (("call", CALL), ("committee", CALL), ("session", SESSION)):
        for more in ((), ("--json",)):
            seen = run(product, verb[0], "show", verb[1], *more)
            assert seen.code == 0, seen.err
            assert MOTIVE not in seen.out, verb
    assert noted(product) == []


def test_a_page_says_who_reads_what_is_not_announced(client: TestClient) -> None:
    committee, session = text(client, f"/comites/{CALL}"), text(client, f"/seances/{SESSION}")

    assert "Aucune décision n'est annoncée" in committee
    assert "Ministère fictif chargé de l'ESS" in committee
    assert "4 sur 4 prennent part, il en faut 2 : atteint" in session
    assert "Aucune décision n'est annoncée" in session
    assert "Approuvé le" in session
    assert "Se lit après l'annonce des résultats" in text(client, f"/appels/{CALL}")


def test_the_secretary_reads_votes_and_decisions_and_it_is_noted(product: Product) -> None:
    said = run(product, "committee", "show", CALL, "--as", "secretary")

    assert said.code == 0, said.err
    assert MOTIVE in said.out
    assert "Caisse fictive : pour" in said.out
    assert "ligne de coupure" in said.out
    assert "réserve, rang 1 : essai-2024-002" in said.out
    assert noted(product) == [("session", "results"), ("call", "ranking")]

    assert run(product, "session", "minutes", SESSION).code == 1, "before the announcement"
    minutes = run(product, "session", "minutes", SESSION, "--as", "secretary")

    assert minutes.out.startswith(f"PROCÈS-VERBAL DE LA SÉANCE {SESSION}")
    assert noted(product)[-1] == ("session", "minutes")


@pytest.mark.parametrize("role", ["funder", "coordinator", "committee_member"])
def test_nobody_else_reads_them_and_nothing_is_noted(product: Product, role: str) -> None:
    for words in (
        ("committee", "show", CALL),
        ("session", "show", SESSION),
        ("session", "minutes", SESSION),
    ):
        seen = run(product, *words, "--as", role)
        assert seen.code == 4, words
        assert seen.err.count("\n") == 1
        assert MOTIVE not in seen.out + seen.err
    assert noted(product) == []


def test_a_program_reads_them_with_the_token_only(client: TestClient, product: Product) -> None:
    token = {"authorization": f"Bearer {product.token}"}
    for path in READINGS:
        assert client.get(path).status_code in {401, 403}, path
        refused = client.get(path, headers={**token, "jalon-role": "funder"})
        assert refused.status_code == 403, path
        assert MOTIVE not in refused.text
        assert noted(product) == []

    results, minutes, ranking = (client.get(path, headers=token).json() for path in READINGS)

    assert MOTIVE in str(results)
    assert minutes["sha256"] == minutes["drawn"]
    assert [line["code"] for line in ranking["ranking"]] == ["essai-2024-001"]
    assert ranking["left_cents"] == 90_000_00
    assert noted(product) == [("session", "results"), ("session", "minutes"), ("call", "ranking")]


# --- after it -----------------------------------------------------------------------------------


def test_once_announced_everybody_reads_decisions_motives_and_what_is_left(
    told: TestClient,
) -> None:
    committee, session = text(told, f"/comites/{CALL}"), text(told, f"/seances/{SESSION}")
    call = text(told, f"/appels/{CALL}")

    for page in (committee, session):
        assert MOTIVE in page
        assert "10 000 €" in page
        assert "Projet fictif 2" in page
    assert "il reste 90 000 €" in committee
    assert "Liste de réserve" in committee
    assert "90 000 €" in call
    assert "1 dossier retenu" in call


def test_how_each_seat_voted_and_in_which_order_is_never_public(told: TestClient) -> None:
    found = told.get(f"/api/sessions/{SESSION}/announced").json()

    assert [item["code"] for item in found["items"]] == [f"{CALL}-00{n}" for n in (1, 2, 3)]
    assert found["minutes"] is None
    for item in found["items"]:
        assert all(vote["ballots"] == [] for vote in item["votes"])
        counts = [count for vote in item["votes"] for count in vote["counts"]]
        assert counts
        assert all(count["tally"] is None for count in counts)  # unless its rules publish them
    for path in PLACES:
        assert "PROCÈS-VERBAL" not in text(told, path)


def test_a_past_day_shows_what_was_announced_by_then(told: TestClient) -> None:
    for path in (f"/comites/{CALL}", f"/seances/{SESSION}", f"/appels/{CALL}"):
        page = text(told, f"{path}?in_force={EVE}")
        assert "Vous lisez" in page
        assert MOTIVE not in page
        assert "90 000 €" not in page


# --- names and dates ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/appels/nulle-part", "/comites/nulle-part", "/seances/x"])
def test_a_name_of_nothing_is_one_sentence_on_a_page(told: TestClient, path: str) -> None:
    answer = told.get(path, headers={"accept": "text/html"})

    assert answer.status_code == 404
    assert "introuvable" in answer.text
    assert "ne s'appelle" in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize("path", PLACES)
def test_a_day_that_is_none_or_too_early_is_one_sentence(told: TestClient, path: str) -> None:
    assert told.get(f"{path}?in_force=hier").status_code == 400
    assert told.get(f"{path}?in_force=2001-01-01").status_code in {404, 422}


def test_verbs_refuse_in_one_sentence(product: Product) -> None:
    for words in (
        ("call", "show", "nulle-part"),
        ("committee", "show", "nulle-part"),
        ("session", "show", "nulle-part"),
        ("session", "minutes", "nulle-part"),
        ("call", "show", CALL, "--in-force", "demain"),
        ("committee", "show", CALL, "--in-force", "2001-01-01"),
        ("session", "show", SESSION, "--in-force", "2001-01-01"),
    ):
        seen = run(product, *words)
        assert seen.code != 0
        assert seen.err.count("\n") == 1, seen.err
        assert "Traceback" not in seen.err


def test_identities_lead_where_codes_do(told: TestClient) -> None:
    for resource, page in (("calls", "appels"), ("committees", "comites"), ("sessions", "seances")):
        listed = told.get(f"/api/{resource}").json()["items"][0]["id"]
        assert f'href="/{page}/{listed}"' in text(told, f"/{page}")
        by_identity = text(told, f"/{page}/{listed}")
        code = SESSION if resource == "sessions" else CALL
        assert by_identity == text(told, f"/{page}/{code}")


# --- the calls of the State ---------------------------------------------------------------------

STATE_CALLS = ("aap-2013", "aap-2015", *(f"ami-{year}" for year in range(2021, 2026)))


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    product = registry(tmp_path_factory.mktemp("state"))
    product.import_calls(None, product.operator(), apply=True)
    with closing(product), TestClient(create_app(product)) as made:
        yield made


@pytest.mark.parametrize("code", STATE_CALLS)
def test_a_call_of_the_state_says_what_is_known_and_invents_nothing(
    state: TestClient, code: str
) -> None:
    page = text(state, f"/appels/{code}")

    assert "Aucun dossier n'est enregistré pour cet appel" in page
    assert "Aucune source enregistrée ne nomme de lauréat" in page
    assert "Aucun comité n'est enregistré" in page
    assert "Source" in page
    committee = state.get(f"/comites/{code}", headers={"accept": "text/html"})
    assert committee.status_code == 404
    assert "Aucun comité n" in committee.text


def test_what_is_not_known_of_a_call_is_said_to_be_unknown(state: TestClient) -> None:
    first, fourth = text(state, "/appels/aap-2013"), text(state, "/appels/ami-2022")

    assert "Date inconnue, ou sans clôture" in first
    assert "3 000 000 €" in first
    assert first.count("Candidatures : 18") == 3  # three authors, three figures
    assert "Ni l'enveloppe de cet appel" in fourth
    assert "17 octobre 2022 à 12 h 00" in fourth
    assert "Aucune annonce enregistrée" in fourth


def test_the_named_laureates_are_the_recognised_poles_with_their_source(
    historical: Product,
) -> None:
    historical.import_calls(None, historical.operator(), apply=True)
    sheet = historical.call("ami-2021", historical.moment())

    assert len(sheet.laureates) == 23
    assert all(line.source for line in sheet.laureates)


def test_laureates_are_told_phase_by_phase_and_each_once(historical: Product) -> None:
    historical.import_calls(None, historical.operator(), apply=True)
    found = historical.call("ami-2021", historical.moment()).laureates
    home = historical.settings.home
    shown = jalon("--home", home, "call", "show", "ami-2021").out
    first, _, second = shown.partition("Lauréats que des sources nomment, phase 1 :")[2].partition(
        "Lauréats que des sources nomment, phase 2 :"
    )
    with TestClient(create_app(historical)) as client:
        page = client.get("/appels/ami-2021").text

    assert [line.phase for line in found] == [1] * 8 + [2] * 15
    assert len({(line.phase, line.pole) for line in found}) == 23
    assert {
        line.pole_name.split()[0]: line.also for line in found if line.phase == 1 and line.also
    } == {
        "Recyclo'Occ": (2,),
        "Synethic": (2,),
    }
    assert (first.count("Recyclo'Occ"), second.count("Recyclo'Occ")) == (1, 1)
    assert "aussi en phase 2" in first
    lines = [line for line in (first + second).splitlines() if line.startswith("  - ")]
    assert len(set(lines)) == len(lines)
    assert "21 pôles nommés" in page.replace("\u202f", " ").replace("\xa0", " ")


# --- how long is left ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2024-06-01T12:00", "il reste 27 jours"),
        ("2024-06-27T11:00", "il reste 25 heures"),
        ("2024-06-28T10:30", "il reste 91 minutes"),
        ("2024-06-28T12:00", "il reste 1 minute"),
        ("2024-06-28T12:01", "clôture passée"),
    ],
)
def test_how_long_is_left_counts_the_minute_of_the_closing_whole(at: str, said: str) -> None:
    instant: datetime = Minute(at).begins

    assert left_in_words(Minute("2024-06-28T12:00"), instant) == said
