"""Votes and mandates as people meet them: on the command line, and through the API."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from application.journey import PublishJourney
from application.mandate import GiveMandate
from application.pole import RegisterPole
from domain.dates import PartialDate
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.application import voting
from tests.application.voting import person
from tests.interfaces.shell import Seen, jalon
from tests.make import begin


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with one pole, whose choice is voted by a committee of three."""
    settings = Settings(home=tmp_path, database="")
    begin(settings)
    with closing(Product(settings)) as product:
        product.do(PublishJourney(journey=voting.journey()), product.operator(Role.ADMINISTRATOR))
        product.do(
            RegisterPole(name="Tétris", occurred_on=PartialDate("2024-01-01")), product.operator()
        )
    return tmp_path


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        made.follower.catch_up()
        yield made


def sit(home: Path, number: int) -> None:
    """Somebody else takes the operator's seat: until people sign in, an account is a file."""
    file = home / "operator.json"
    content = json.loads(file.read_text("utf-8")) | {"account": str(UUID(int=number))}
    file.write_text(json.dumps(content), "utf-8")


def given(product: Product, home: Path, **more: Any) -> UUID:
    """A mandate that person 1 gave to person 7, who now operates the registry."""
    sit(home, 7)
    command = GiveMandate.model_validate(
        {
            "holder": UUID(int=7),
            "principal": "organisation:COORACE",
            "for_role": "committee_member",
            "relation": "everywhere",
            "occurred_on": "2024-01-01",
            **more,
        }
    )
    return product.do(command, person(1)).answer


def run(home: Path, *words: str | Path) -> Seen:
    return jalon("--home", home, *words)


# --- the command line ---------------------------------------------------------------------------


def test_a_step_is_voted_and_taken_on_the_command_line(home: Path) -> None:
    def vote_with(number: int, *words: str) -> Seen:
        sit(home, number)
        return run(home, "pole", *words)

    secretary, member = ("--as", "secretary"), ("--as", "committee_member")
    step = ("move", "--pole", "tetris", "--transition", "choose", *secretary)
    opened = vote_with(9, "open-vote", "--pole", "tetris", "--transition", "choose", *secretary)
    vote = opened.out.split()[-1]
    ballot = ("cast-ballot", "--pole", "tetris", "--vote", vote, "--choice", "for", *member)

    assert vote_with(9, *step).code == 4
    assert vote_with(1, *ballot).code == 0
    twice = vote_with(1, *ballot)
    assert (twice.code, twice.err) == (
        4,
        "Cette personne a déjà voté : un bulletin ne se change pas.\n",
    )
    told = run(home, "pole", "why", "tetris").out
    assert "vote : Vote en cours (Comité : 1 pour, 0 contre, 0 abstention)" in told
    assert "Un vote l'a adopté : plus de pour que de contre" in told
    assert vote_with(2, *ballot).code == 0
    assert "vote : Adopté (Comité : 2 pour" in run(home, "pole", "why", "tetris").out
    assert vote_with(9, *step).code == 0


def test_whoever_acts_is_told_by_which_account(home: Path, product: Product) -> None:
    account = str(product.operator().actor)
    give = ("mandate", "give", "--principal", "organisation:COORACE", "--for-role", "network")

    told = run(home, "whoami")
    to_oneself = run(home, *give, "--holder", account, "--relation", "region:Bretagne")
    wrong = run(home, *give, "--holder", "moi", "--relation", "region:Bretagne")
    nowhere = run(home, *give, "--holder", str(uuid4()), "--relation", "Bretagne")

    assert told.out.startswith(f"Vous êtes le compte {account}")
    assert f"« jalon --home {home} whoami »" in to_oneself.err
    assert (wrong.code, wrong.err) == (2, "« --holder » n'est pas un identifiant.\n")
    assert nowhere.err.startswith("--relation : « Bretagne » s'écrit")


def test_a_mandate_is_given_listed_used_and_revoked_on_the_command_line(
    home: Path, product: Product
) -> None:
    made = run(
        home,
        *("mandate", "give", "--holder", str(UUID(int=7)), "--principal", "organisation:COORACE"),
        *("--for-role", "network", "--relation", "everywhere", "--occurred-on", "2024-01-01"),
    )
    mandate = made.out.split()[-1]
    listed = run(home, "mandate", "list").out
    contact = ("pole", "note-contact", "--pole", "tetris", "--channel", "x", "--outcome", "y")
    sit(home, 7)

    assert "l'organisation COORACE" in listed
    assert "1 mandat." in listed
    assert run(home, *contact, "--mandate", mandate, "--as", "network").code == 0
    sit(home, 1)
    assert run(home, "mandate", "revoke", "--mandate-id", mandate).code == 0
    sit(home, 7)
    refused = run(home, *contact, "--mandate", mandate, "--as", "network")
    assert refused.code == 4
    assert "Ce mandat a pris fin le" in refused.err
    assert run(home, "mandate", "list", "--in-force", "2024-02-01", "--json").json["total"] == 1
    assert run(home, "mandate", "list", "--in-force", "2023-02-01", "--json").json["total"] == 0
    assert "(révoqué)" in run(home, "mandate", "list").out


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--mandate", "moi"), 2, "« --mandate » n'est pas un identifiant."),
        (("--mandate", str(uuid4())), 1, "ne figure pas au registre."),
    ],
)
def test_a_mandate_that_is_none_is_refused_in_a_sentence(
    home: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = run(
        home, "pole", "note-contact", "--pole", "tetris", "--channel", "x", "--outcome", "y", *words
    )

    assert (done.code, done.out) == (code, "")
    assert done.err.endswith(f"{sentence}\n")
    assert len(done.err.splitlines()) == 1


def test_many_poles_are_acted_on_under_one_mandate(home: Path, product: Product) -> None:
    mandate = given(product, home, relation="region:Bretagne", for_role="network")

    done = run(
        home,
        *("bulk", "note-contact", "--pole", "tetris", "--channel", "x", "--outcome", "y"),
        *("--mandate", str(mandate), "--as", "network"),
    )

    assert done.code == 4
    assert "il ne couvre pas ce dont il s'agit" in done.out + done.err


# --- the API ------------------------------------------------------------------------------------


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product), raise_server_exceptions=False) as made:
        made.headers["Authorization"] = f"Bearer {product.token}"
        yield made


def test_a_vote_by_mandate_through_the_api(
    home: Path, product: Product, client: TestClient
) -> None:
    mandate, pole = given(product, home), str(product.find("tetris"))
    asked = {"pole": pole, "transition": "choose"}
    by = {"Jalon-Role": "committee_member"}
    sit(home, 9)
    opened = client.post(
        "/api/commands/pole.open_vote", json=asked, headers={"Jalon-Role": "secretary"}
    )
    ballot = {"pole": pole, "vote": opened.json()["id"], "choice": "for"}
    sit(home, 7)

    own = client.post("/api/commands/pole.cast_ballot", json=ballot, headers=by)
    proxy = client.post(
        "/api/commands/pole.cast_ballot",
        json=ballot,
        headers={**by, "Jalon-Mandate": str(mandate)},
    )

    assert [own.status_code, proxy.status_code] == [200, 200]
    ways = client.get(f"/api/poles/{pole}/why").json()["items"]
    assert ways[0]["votes"][0].startswith("Adopté (Comité : 2 pour, 0 contre")
    told = product.registry.history(product.find("tetris"))[-1].event
    assert told.meta.on_behalf_of == mandate


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [("moi", 400, "request.invalid"), (str(UUID(int=3)), 404, "mandate.unknown")],
)
def test_a_mandate_that_is_none_is_a_problem(
    client: TestClient, product: Product, header: str, status: int, code: str
) -> None:
    answer = client.post(
        "/api/commands/pole.note_contact",
        json={"pole": str(product.find("tetris")), "channel": "x", "outcome": "y"},
        headers={"Jalon-Mandate": header},
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_mandate_in_another_role_is_forbidden_in_both_languages(
    home: Path, client: TestClient, product: Product
) -> None:
    mandate = given(product, home)

    for language, said in (("fr", "Vous agissez comme : tenue"), ("en", "You act as:")):
        answer = client.post(
            "/api/commands/pole.note_contact",
            json={"pole": str(product.find("tetris")), "channel": "x", "outcome": "y"},
            headers={"Jalon-Mandate": str(mandate), "Accept-Language": language},
        )
        assert answer.status_code == 403
        assert said in answer.json()["detail"]


def test_the_mandates_in_force_on_a_day_are_listed_by_the_api(
    home: Path, client: TestClient, product: Product
) -> None:
    mandate = given(product, home, valid_to="2025-01-01")

    everything = client.get("/api/mandates").json()
    assert [(line["id"], line["in_force"]) for line in everything["items"]] == [
        (str(mandate), False)
    ]
    for day, total in (("2023-12-31", 0), ("2024-01-01", 1), ("2025-01-01", 0)):
        assert client.get("/api/mandates", params={"in_force": day}).json()["total"] == total
    assert client.get("/api/mandates", params={"known": "2024-06-01"}).json()["total"] == 0
    assert client.get("/api/mandates", params={"in_force": "hier"}).status_code == 400


def test_a_mandate_badly_named_is_refused_in_a_sentence(client: TestClient) -> None:
    answer = client.post(
        "/api/commands/mandate.give",
        json={
            "holder": str(UUID(int=7)),
            "principal": "COORACE",
            "for_role": "network",
            "relation": "everywhere",
        },
    )

    assert answer.status_code == 400
    assert answer.json()["detail"] == "« COORACE » s'écrit account:…, pole:…, organisation:…."
