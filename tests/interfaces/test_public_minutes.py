"""The public part of minutes: for everybody once announced, nothing before, never who voted."""

import json
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from domain.procedure import Procedure
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests import make
from tests.application import committees
from tests.application.desk import Desk
from tests.application.dossiers import RESERVE, SELECT, opened
from tests.interfaces.seasons import CALL, EVE, MOTIVE, SESSION, decided
from tests.interfaces.shell import Seen, jalon

PAGE, API = f"/seances/{SESSION}/proces-verbal", f"/api/sessions/{SESSION}/public-minutes"
VOICES = (" pour,", "contre", "abstention", "bulletin")


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided(tmp_path_factory.mktemp("untold") / "home", announced=False)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return decided(tmp_path_factory.mktemp("told") / "home", announced=True)


@pytest.fixture(scope="module")
def client(told: Path) -> Iterator[TestClient]:
    with closing(Product(Settings(home=told, database=""))) as made:
        yield TestClient(create_app(made))


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, *words)


def plain(text: str) -> str:
    return unescape(text).replace("\u202f", " ").replace("\xa0", " ")


def test_nothing_of_it_is_read_before_the_announcement(untold: Path) -> None:
    seen = run(untold, "session", "minutes", SESSION)
    assert (seen.code, seen.out, seen.err.count("\n")) == (1, "", 1)
    assert "avant l'annonce" in seen.err

    with closing(Product(Settings(home=untold, database=""))) as product:
        client = TestClient(create_app(product))
        for path in (PAGE, API):
            answer = client.get(path, headers={"accept": "text/html"})
            assert answer.status_code == 404, path
            assert "avant l'annonce" in plain(answer.text)
            assert MOTIVE not in answer.text
        assert PAGE not in client.get(f"/seances/{SESSION}").text


@pytest.mark.parametrize("path", [PAGE, API])
def test_nor_at_a_date_of_before_it(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?in_force={EVE}")

    assert answer.status_code == 404
    assert MOTIVE not in answer.text


def test_once_announced_it_tells_the_session_its_seats_and_what_was_decided(
    told: Path, client: TestClient
) -> None:
    text = plain(run(told, "session", "minutes", SESSION).out)
    page = plain(client.get(PAGE).text)

    assert text.startswith(f"PROCÈS-VERBAL DE LA SÉANCE {SESSION} (partie publique)\n")
    for said in (
        f"({CALL}), vague",
        "Le 15 juillet 2024 à 14 h 00",
        "Convocation du 1er juillet 2024",
        "quorum de 50 % des sièges qui votent",
        "Ministère fictif chargé de l'ESS, préside : présent",
        "Caisse fictive : présent",
        "Quorum : 4 sur 4, 2 exigés.",
        "retenu, 10 000 €.",
        "rang 1",
        f"Motif : {MOTIVE}",
    ):
        assert said in text, said
        assert said in page, said
    found = client.get(API).json()
    assert plain(found["text"]) == text
    assert [line["code"] for line in found["decisions"]] == [f"{CALL}-00{n}" for n in (1, 2, 3)]
    assert found["announced_on"] == "2024-07-22"
    assert f'href="{PAGE}"' in client.get(f"/seances/{SESSION}").text
    as_json = run(told, "session", "minutes", SESSION, "--json")
    assert json.loads(as_json.out) == found


def test_how_a_seat_voted_and_how_many_did_is_in_none_of_it(told: Path, client: TestClient) -> None:
    texts = [client.get(path).text for path in (PAGE, API, f"/api/sessions/{SESSION}/announced")]
    texts += [run(told, "session", verb, SESSION).out for verb in ("minutes", "show")]

    for text in texts:
        assert not any(word in plain(text) for word in VOICES)


def test_the_voices_are_counted_in_it_where_the_rules_of_procedure_publish_them(
    tmp_path: Path,
) -> None:
    home, clock = tmp_path / "home", make.Clock()
    settings = Settings(home=home, database="")
    make.begin(settings)
    with closing(Product(settings, clock)) as product:
        season = opened(
            Desk(product.registry, product.follower, product.lists, clock, settings.url), CALL
        )
        committees.adopt(product.registry, season.call, Procedure(tallies=True, tie="rejected"))
        one, two = season.deliberated(2)
        season.session({one: SELECT, two: RESERVE}, motive=MOTIVE)
        season.announce()
        product.follower.catch_up()

        text = plain(product.public_minutes(SESSION, product.moment()).text)
        announced = product.announced_session(SESSION, product.moment())

    assert text.count("Voix : 4 pour, 0 contre, 0 abstention.") == 2
    tallies = [count.tally for item in announced.items for count in item.votes[-1].counts]
    assert [(tally.for_, tally.chair) for tally in tallies if tally] == [(4, None), (4, None)]


def test_what_it_cannot_find_is_one_sentence(told: Path) -> None:
    for words in (
        ("nulle-part",),
        (SESSION, "--in-force", "2001-01-01"),
        (SESSION, "--known", "x"),
    ):
        seen = run(told, "session", "minutes", *words)
        assert seen.code != 0
        assert seen.err.count("\n") == 1, seen.err
        assert MOTIVE not in seen.out + seen.err
