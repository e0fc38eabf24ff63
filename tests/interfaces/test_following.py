"""Following, exchanges, accompaniments and campaigns on the command line, over HTTP, on pages."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from application.campaign import OpenCampaign
from application.mandate import GiveMandate
from application.pole import LocatePole, RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId, Territory
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests import make
from tests.interfaces.conftest import registry
from tests.interfaces.people import person
from tests.interfaces.shell import Seen, jalon

SAID = "Camille Exemple envisage de partir."
ACCOUNT = str(UUID(int=7))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with two poles, one of a region, and a campaign that is open."""
    with closing(registry(tmp_path / "home")) as product:
        by, on = product.operator(), PartialDate("2022-01-01")
        for name in ("Un", "Deux"):
            product.do(RegisterPole(name=name, occurred_on=on), by)
        place = LocatePole(
            pole=PoleId(product.find("un")), territory=Territory(region="Région fictive")
        )
        product.do(place.model_copy(update={"occurred_on": on}), by)
        opened = OpenCampaign(
            year=2024,
            question="Ce qui est dit de vous vaut-il encore ?",
            due=make.day("2024-03-31"),
            occurred_on=PartialDate("2024-01-10"),
        )
        product.do(opened, by)
    return tmp_path / "home"


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        made.follower.catch_up()
        yield made


@pytest.fixture
def anyone(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product), raise_server_exceptions=False) as client:
        yield client


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, *words)


def done(home: Path, *words: str) -> str:
    """The identity that a command answers."""
    seen = run(home, *words)
    assert seen.code == 0, seen
    return seen.out.split()[-1]


def sentence(seen: Seen, code: int, *words: str) -> None:
    assert seen.code == code, seen
    assert seen.err.count("\n") == 1
    assert "Traceback" not in seen.err
    for word in words:
        assert word in seen.err, seen.err


# --- following ----------------------------------------------------------------------------------


def follow(home: Path, pole: str, *more: str) -> Seen:
    line = ("following", "assign", "--pole", pole, "--follower", ACCOUNT)
    return run(home, *line, "--organisation", "CRESS fictive", *more)


def test_who_follows_a_pole_is_asked_everywhere(home: Path) -> None:
    assert follow(home, "un", "--occurred-on", "2024-01-01").code == 0

    listed = run(home, "following", "list").out
    before = run(home, "following", "list", "--in-force", "2023-12-31").out
    (line,) = run(home, "following", "list", "--pole", "un", "--json").json["items"]

    assert "Un — référente ou référent" in listed
    assert "rien n'est enregistré comme en vigueur le 31 décembre 2023" in before
    assert (line["organisation"], line["follower"]) == ("CRESS fictive", ACCOUNT)
    assert run(home, "following", "list", "--pole", "deux", "--json").json["total"] == 0


def test_poles_that_nobody_follows_are_a_question(home: Path) -> None:
    follow(home, "un", "--occurred-on", "2024-01-01")

    now = run(home, "following", "unfollowed")
    then = run(home, "following", "unfollowed", "--in-force", "2023-12-31", "--json").json
    of_region = run(home, "following", "unfollowed", "--region", "Région fictive").out

    assert now.out.endswith("1 pôle sans référente ni référent.\n")
    assert [line["code"] for line in then["items"]] == ["deux", "un"]
    assert of_region == "0 pôle sans référente ni référent.\n"


def test_the_pages_of_following(home: Path, anyone: TestClient) -> None:
    follow(home, "un", "--occurred-on", "2024-01-01")

    pages = {
        path: anyone.get(path, headers={"accept": "text/html"})
        for path in ("/suivi", "/suivi/sans-referent", "/suivi/sans-referent?region=Ailleurs")
    }

    assert {page.status_code for page in pages.values()} == {200}
    assert "CRESS fictive" in pages["/suivi"].text
    assert 'href="/suivi/sans-referent"' in pages["/suivi"].text
    assert '<a href="/poles/deux">Deux</a>' in pages["/suivi/sans-referent"].text
    assert "Un</a>" not in pages["/suivi/sans-referent"].text
    assert anyone.get("/api/followings/unfollowed").json()["total"] == 1
    assert anyone.get("/api/followings").json()["total"] == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--place", "roi"], 2),
        (["--occurred-on", "hier"], 2),
        (["--valid-to", "2020-01-01", "--occurred-on", "2024-01-01"], 4),
    ],
)
def test_a_following_that_cannot_be(home: Path, more: list[str], code: int) -> None:
    sentence(follow(home, "un", *more), code)
    assert run(home, "following", "list", "--json").json["total"] == 0


def test_each_organisation_says_how_many_poles_it_follows_and_leads_to_them(
    home: Path, product: Product
) -> None:
    follow(home, "un", "--occurred-on", "2024-01-01")
    follow(home, "deux", "--occurred-on", "2024-02-01")
    product.follower.catch_up()
    reader = person(product, None)

    def told(page: str) -> list[str]:
        return re.findall(r'data-label="Pôles suivis">(\d+)', page)

    page = reader.read("/suivi")
    assert 'href="/suivi?organisation=CRESS+fictive"' in page
    assert told(page) == ["2"]
    assert told(reader.read("/suivi?in_force=2024-01-15")) == ["1"]
    assert told(reader.read("/suivi?in_force=2023-01-01")) == []
    assert 'href="/poles/deux"' in reader.read("/suivi?organisation=CRESS+fictive")


def test_a_pole_is_handed_over_from_the_page_by_whom_that_belongs_to(
    home: Path, product: Product
) -> None:
    follow(home, "un", "--occurred-on", "2024-01-01")
    product.follower.catch_up()
    registrar, funder = (person(product, role) for role in (Role.REGISTRAR, Role.FUNDER))
    relay = "/actes/following.assign?pole=un&place=principal&suite=%2Fsuivi"

    assert relay in registrar.read("/suivi")
    assert "/actes/following.assign?pole=deux" in registrar.read("/suivi/sans-referent")
    for page in (funder.read("/suivi"), registrar.read("/suivi?in_force=2024-02-01")):
        assert "/actes/following" not in page
    said = {"pole": "un", "place": "principal", "follower": str(UUID(int=8))}
    sent = registrar.send(relay, {**said, "organisation": "Réseau fictif"})
    assert sent.status_code == 303, sent.text
    assert "Réseau fictif" in registrar.read("/suivi")


# --- exchanges ----------------------------------------------------------------------------------


def call(home: Path, *more: str) -> Seen:
    return run(home, "exchange", "record", "--pole", "un", "--channel", "call", *more)


def given_mandate(product: Product) -> str:
    """That of whoever runs the registry, to coordinate around the first pole."""
    told = {"holder": product.operator().actor, "principal": "organisation:CRESS fictive"}
    about = {"for_role": "coordinator", "relation": f"pole:{product.find('un')}"}
    other = product.operator().model_copy(update={"actor": UUID(int=1)})
    return str(product.do(GiveMandate.model_validate({**told, **about}), other).answer)


def test_a_summary_is_opened_for_whoever_may_and_each_reading_is_noted(
    home: Path, anyone: TestClient, product: Product
) -> None:
    made = call(home, "--reached", "--summary", SAID)
    exchange = made.out.split()[-1]
    mandate = given_mandate(product)
    size = product.journal.size()
    token = {"Authorization": f"Bearer {product.token}"}

    shown = run(home, "exchange", "show", exchange)
    listed = [run(home, "exchange", "list").out, anyone.get("/api/exchanges").text]
    listed += [anyone.get("/echanges").text, anyone.get("/poles/un").text]
    stranger = anyone.get(f"/api/exchanges/{exchange}")
    funder = anyone.get(f"/api/exchanges/{exchange}", headers={**token, "Jalon-Role": "funder"})
    acting = {**token, "Jalon-Role": "coordinator"}
    unheld = anyone.get(f"/api/exchanges/{exchange}", headers=acting)
    coordinator = anyone.get(
        f"/api/exchanges/{exchange}", headers={**acting, "Jalon-Mandate": mandate}
    )

    assert SAID in shown.out
    assert all(SAID not in words for words in listed)
    assert (stranger.status_code, funder.status_code, unheld.status_code) == (403, 403, 403)
    assert coordinator.json()["summary"] == SAID
    noted = run(home, "access", "list", "--subject", exchange, "--json")
    assert [line["role"] for line in noted.json["items"]] == ["registrar", "coordinator"]
    assert SAID not in noted.out
    assert product.journal.size() == size


def test_on_the_command_line_a_summary_is_read_under_a_mandate(
    home: Path, product: Product
) -> None:
    exchange = call(home, "--reached", "--summary", SAID).out.split()[-1]
    show = ("exchange", "show", exchange, "--as", "coordinator")

    sentence(run(home, *show), 4, "sous un mandat en vigueur", "dites lequel")
    sentence(run(home, *show, "--mandate", "x"), 2, "« --mandate »")
    assert SAID in run(home, *show, "--mandate", given_mandate(product)).out


@pytest.mark.parametrize(
    "line",
    [
        (
            *("claim", "record", "--statement", "Dix.", "--author", "Une revue"),
            *("--source", "son numéro 7", "--about", "un"),
        ),
        (
            *("claim", "record", "--statement", "Dix.", "--author", "Une revue"),
            *("--source", "son numéro 7", "--about", "Un"),
        ),
        (
            *("mandate", "give", "--holder", ACCOUNT, "--for-role", "network"),
            *("--principal", "pole:deux", "--relation", "pole:Un"),
        ),
    ],
)
def test_a_pole_is_named_by_its_code_or_its_name_in_whatever_option(
    home: Path, line: tuple[str, ...]
) -> None:
    done(home, *line)
    unknown = line[-1].lower().replace("un", "absent")
    sentence(run(home, *line[:-1], unknown), 1, "« absent » ne figure pas")


@pytest.mark.parametrize("id_", ["", "1", str(UUID(int=0)), "x" * 100_000])
def test_an_exchange_that_is_none(home: Path, id_: str) -> None:
    seen = run(home, "exchange", "show", id_)

    assert seen.code in (1, 2)
    assert "Traceback" not in seen.err
    assert run(home, "access", "list").out == "0 lecture.\n"


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--reached", "--channel", "pigeon"], 2, "channel"),
        (["--direction", "from_pole"], 4, "venu du pôle"),
        (["--reached", "--summary", "a\x07b"], 2, "summary"),
        (["--reached", "--summary", "x" * 20_001], 2, "summary"),
        (["--reached", "--participants", "[un"], 2, "JSON"),
        (["--reached", "--participants", json.dumps(["a"] * 31)], 2, "participants"),
        (["--reached", "--valid-to", "2030-01-01"], 2, "ne prend pas fin"),
    ],
)
def test_an_exchange_that_cannot_be(home: Path, more: list[str], code: int, said: str) -> None:
    seen = call(home, *more)

    assert seen.code == code, seen
    assert said in seen.err
    assert run(home, "exchange", "list", "--json").json["total"] == 0


# --- accompaniments -----------------------------------------------------------------------------


def test_an_accompaniment_is_granted_used_and_listed(home: Path, anyone: TestClient) -> None:
    id_ = done(
        home,
        *("accompaniment", "grant", "--pole", "un", "--offer", "bouquet de services"),
        *("--provider", "Réseau fictif", "--days", "2,5", "--occurred-on", "2024-01-01"),
    )
    use = ("accompaniment", "use-days", "--accompaniment", id_, "--words", "atelier", "--days")
    done(home, *use, "1.5", "--occurred-on", "2024-02-01")

    sentence(run(home, *use, "1,5", "--occurred-on", "2024-03-01"), 4, "reste 1 jour")
    sentence(run(home, *use, "1,3"), 2, "« 1,3 » n'est pas un nombre de jours")
    line = anyone.get("/api/accompaniments").json()["items"][0]
    page = anyone.get("/accompagnements").text.replace("\u00a0", " ")

    assert "1,5 jour sur 2,5 jours" in run(home, "accompaniment", "list").out
    assert (line["half_days_granted"], line["half_days_used"]) == (5, 3)
    assert "1,5 jour sur 2,5 jours" in page
    done(home, "accompaniment", "hand-deliverable", "--accompaniment", id_, "--title", "Note")
    assert "Note" in run(home, "deliverable", "list").out
    assert "Note" in anyone.get("/livrables").text


# --- the campaign -------------------------------------------------------------------------------


def test_a_campaign_is_sent_reminded_answered_and_counted(home: Path, anyone: TestClient) -> None:
    sent = run(home, "campaign", "send-to-all", "--year", "2024", "--occurred-on", "2024-01-15")
    confirmed = run(
        home,
        *("campaign", "confirm", "--pole", "un", "--year", "2024", "--occurred-on", "2024-02-01"),
    )
    reminded = run(home, "campaign", "remind-all", "--year", "2024", "--occurred-on", "2024-02-15")

    assert sent.code == 0, sent
    assert sent.out.splitlines()[-1].startswith("2 pôles : 2 faits, aucun refus.")
    assert confirmed.code == 0, confirmed
    assert [line.split()[1] for line in reminded.out.splitlines()[:-1]] == ["deux"]
    (line,) = anyone.get("/api/campaigns").json()["items"]
    assert [line[name] for name in ("asked", "reminded", "confirmed", "awaited")] == [2, 1, 1, 1]
    waiting = anyone.get("/api/update-requests", params={"answer": "awaited"}).json()["items"]
    assert [line["pole_code"] for line in waiting] == ["deux"]
    assert "Sans réponse" in anyone.get("/campagnes").text.replace("\u00a0", " ")
    assert "Deux" in anyone.get("/campagnes/reponses?answer=awaited").text


def test_a_pole_that_was_asked_is_told_and_the_code_tells_a_script(home: Path) -> None:
    run(home, "campaign", "send", "--pole", "un", "--year", "2024", "--occurred-on", "2024-01-15")

    seen = run(home, "campaign", "send-to-all", "--year", "2024", "--dry-run", "--json")
    told = json.loads(seen.out)["outcomes"]

    assert seen.code == 4
    assert {item["code"]: item["result"] for item in told} == {"un": "refused", "deux": "done"}
    assert run(home, "update-request", "list", "--json").json["total"] == 1


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (["send-to-all", "--year", "2023"], 1, "2023 n'a pas été ouverte"),
        (["send-to-all", "--year", "deux"], 2, "« year »"),
        (["send-to-all", "--year", "1"], 2, "2011 au moins"),
        (["send-to-all", "--year", "2024", "--region", "Nulle part"], 2, "rien n'est à faire"),
        (["remind-all", "--year", "2024"], 2, "rien n'est à faire"),
        (["confirm", "--year", "2024", "--pole", "un"], 4, "pas encore été interrogé"),
        (["open", "--year", "2024", "--question", "?", "--due", "2999-01-01"], 4, "déjà ouverte"),
        (["open", "--year", "2025", "--question", "?", "--due", "hier"], 2, "« --due »"),
        (["open", "--year", "2025", "--question", "", "--due", "2999-01-01"], 2, "« --question »"),
    ],
)
def test_what_a_campaign_refuses(home: Path, line: list[str], code: int, said: str) -> None:
    sentence(run(home, "campaign", *line), code, said)
    assert run(home, "update-request", "list", "--json").json["total"] == 0


# --- silence ------------------------------------------------------------------------------------


def test_a_pole_that_has_time_to_answer_is_shown_as_it_was(home: Path, anyone: TestClient) -> None:
    """Under the rules before November 2026 it may fall silent at once; it is not shown so."""
    done(
        home,
        *("pole", "register", "--name", "Trois", "--occurred-on", "2022-01-01"),
        *("--journey", "pole@2021-05-12"),
    )
    done(home, "exchange", "record", "--pole", "trois", "--channel", "call")
    done(home, "pole", "move", "--pole", "trois", "--transition", "fall_silent")
    said = "une prise de contact est en cours"

    told = {
        "cli show": run(home, "pole", "show", "trois").out,
        "cli list": run(home, "pole", "list", "--stage", "emergence", "--search", "trois").out,
        "api": anyone.get("/api/poles/trois").text,
        "api list": anyone.get("/api/poles", params={"stage": "emergence"}).text,
        "page": anyone.get("/poles/trois").text,
        "page list": anyone.get("/poles?q=trois").text,
    }

    assert [where for where, words in told.items() if said not in words] == []
    assert run(home, "pole", "list", "--stage", "dormant").out.endswith("\n0 pôle.\n")
