"""What waits, on the pages, over HTTP and on the command line."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from application.following import AssignFollower
from application.mandate import GiveMandate
from application.pole import RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.web.inbox import ON_A_PAGE
from interfaces.wiring import Product
from tests.interfaces.people import open_account, person
from tests.interfaces.shell import begun, jalon
from tests.interfaces.test_board import register
from tests.interfaces.test_web import Pages

SOMEBODY = AccountId(UUID(int=77))
DAY = "2026-06-01"
"""A day on which the poles of 2025 have been silent for a year."""


@pytest.fixture
def pages(historical: Product) -> Pages:
    return Pages(historical)


@pytest.fixture(scope="module")
def program(historical: Product) -> Iterator[TestClient]:
    """A program that asks and writes nothing."""
    with TestClient(create_app(historical), raise_server_exceptions=False) as client:
        yield client


# --- the pages ----------------------------------------------------------------------------------


def test_the_navigation_leads_to_what_waits(pages: Pages) -> None:
    links = pages.read("/poles").links

    assert links["/a-faire"] == "À faire"
    assert links["/en-attente"] == "En attente"


def test_the_page_says_who_waits_since_when_and_for_what(pages: Pages) -> None:
    page = pages.read("/a-faire?role=coordinator&region=Bretagne&in_force=2026-01-01")

    assert "Ce qui attend : coordination nationale" in page.text
    assert "Éoliennes en Pays de Vilaine" in page.text
    assert "depuis le 25 juin 2012 (4 938 jours)" in page.text
    assert "Le pôle a été contacté depuis, sans nouvelle." in page.text


def test_each_case_leads_to_what_it_wants(pages: Pages) -> None:
    page = pages.read("/a-faire?role=coordinator")

    assert page.links["/poles/ardaines#manque"] == "Ardaines"


def test_each_motive_leads_to_the_cases_it_counts(pages: Pages) -> None:
    page = pages.read("/a-faire?role=registrar")
    (motive,) = [link for link in page.links if "motif=clauses.enter_experimentation" in link]
    number = int(page.links[motive].split()[-2])

    shown = pages.read(motive)

    assert f"{number} cas attendent sur" in shown.text
    assert "Constater la reconnaissance (article 9)" not in " ".join(shown.links)


def test_a_list_goes_on_from_page_to_page(pages: Pages) -> None:
    first = pages.read("/a-faire")
    second = pages.read("/a-faire?page=2")
    beyond = pages.read("/a-faire?page=99")

    assert len([a for a in first.links if a.startswith("/poles/")]) == ON_A_PAGE
    assert first.links["/a-faire?page=2"] == "Page suivante"
    assert "Page 2 sur 2" in second.text
    assert second.links["/a-faire"] == "Page précédente"
    assert beyond.text == second.text


def test_a_number_out_of_range_is_refused_in_french(pages: Pages, program: TestClient) -> None:
    assert "« page » doit être 1 au moins." in pages.read("/a-faire?page=-1", status=400).text
    answer = program.get("/api/stalls?days=-1").json()

    assert answer["detail"] == "« days » doit être 0 au moins."


def test_a_role_that_nothing_waits_for_is_told_so(pages: Pages) -> None:
    page = pages.read("/a-faire?role=funder")

    assert "Rien n'attend" in page.text
    assert "Aucun cas n'attend ce rôle" in page.text


def test_an_empty_registry_says_what_will_appear(bare: Product) -> None:
    page = Pages(bare).read("/a-faire")

    assert "ce qui lui manque pour avancer paraîtra ici" in page.text
    assert "Aucun cas n'est resté plus de 365 jours" in Pages(bare).read("/en-attente").text


def test_the_past_is_shown_under_its_banner(pages: Pages) -> None:
    page = pages.read("/en-attente?in_force=2014-01-01&days=100")

    assert "Vous lisez ce qui était en vigueur le 1er janvier 2014" in page.text
    assert "18 cas" in page.text


def test_before_anything_was_known_nothing_waited(pages: Pages) -> None:
    assert "Rien n'attend" in pages.read("/a-faire?known=2020-01-01").text


def test_the_page_of_stalls_says_why_and_who_holds_them(pages: Pages) -> None:
    page = pages.read("/en-attente?stage=emergence&region=Bretagne&days=30&in_force=2026-01-01")

    assert "6 cas" in page.text
    assert "environ 12 mois depuis 2025 (365 jours au plus)" in page.text
    assert "Le document de stratégie commune est au dossier." in page.text
    assert "Entre les mains de : représentant du pôle, tenue du registre" in page.text


@pytest.mark.parametrize(
    "address",
    ["/a-faire?role=roi", "/a-faire?page=0", "/en-attente?days=-1", "/en-attente?days=beaucoup"],
)
def test_what_cannot_be_read_is_refused_on_a_page(pages: Pages, address: str) -> None:
    answer = pages.http.get(address, headers={"Accept": "text/html"})

    assert answer.status_code == 400
    assert "Demande illisible" in answer.text


def test_a_stage_that_does_not_exist_is_refused(pages: Pages) -> None:
    answer = pages.http.get("/en-attente?stage=nulle", headers={"Accept": "text/html"})

    assert answer.status_code == 400
    assert "n'est pas une étape" in answer.text.replace("\xa0", " ").replace("&#39;", "'")


def test_a_person_is_shown_what_their_mandates_reach(bare: Product) -> None:
    by = bare.operator()
    for name in ("Ici", "Là"):
        bare.do(RegisterPole(name=name, occurred_on=PartialDate("2020")), by)
    here = bare.find("ici")
    given = GiveMandate(
        holder=SOMEBODY,
        principal=f"pole:{here}",
        for_role=Role.POLE_REPRESENTATIVE,
        relation=f"pole:{here}",
    )
    bare.do(given, by)

    page = Pages(bare).read(f"/a-faire?person={SOMEBODY}")
    nobody = Pages(bare).read(f"/a-faire?person={UUID(int=78)}")

    assert "1 cas attend" in page.text
    assert "représentant du pôle, sur" in page.text
    assert "Ce compte ne tient aucun mandat en vigueur" in nobody.text


# --- over HTTP ----------------------------------------------------------------------------------


def test_the_api_gives_what_waits_with_its_total(program: TestClient) -> None:
    told = program.get(
        "/api/inbox", params={"role": "coordinator", "limit": 3, "in_force": DAY}
    ).json()

    assert len(told["items"]) == 3
    assert told["total"] > 60
    first = told["items"][0]
    assert first["since"] == "2012-06-25"
    assert first["waits"][0]["id"] == "fall_silent"
    from_second: dict[str, str | int] = {"role": "coordinator", "offset": 1, "in_force": DAY}
    after = program.get("/api/inbox", params=from_second).json()
    assert after["items"][0] == told["items"][1]


def test_the_api_gives_stalls_on_a_past_day(program: TestClient) -> None:
    told = program.get("/api/stalls", params={"days": 100, "in_force": "2014-01-01"}).json()

    assert told["total"] == 18
    assert {item["stage"] for item in told["items"]} == {"experimentation"}
    assert all(item["days"] > 100 for item in told["items"])
    assert told["items"][0]["holders"]


@pytest.mark.parametrize(
    "address",
    ["/api/inbox?role=roi", "/api/inbox?limit=0", "/api/inbox?person=x", "/api/stalls?days=-1"],
)
def test_the_api_refuses_what_it_cannot_read(program: TestClient, address: str) -> None:
    answer = program.get(address)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


# --- on the command line ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def home(historical: Product) -> Path:
    return historical.settings.home


def test_the_inbox_reads_as_a_list(home: Path) -> None:
    line = ["inbox", "--role", "coordinator", "--region", "Bretagne", "--in-force", DAY]

    seen = jalon("--home", home, *line)

    assert seen.code == 0, seen
    assert "Éoliennes en Pays de Vilaine [eoliennes-en-pays-de-vilaine]" in seen.out
    assert "depuis le 25 juin 2012" in seen.out
    assert "✗ Le pôle a été contacté depuis, sans nouvelle." in seen.out
    last = seen.out.splitlines()[-1]
    assert last == "9 cas attendent pour : coordination nationale, région Bretagne."


def test_a_long_inbox_is_cut_and_what_is_left_is_told_and_reached(home: Path) -> None:
    line = ["inbox", "--role", "registrar", "--in-force", DAY]

    seen, whole = jalon("--home", home, *line), jalon("--home", home, *line, "--limit", "500")

    all_lines = whole.out.splitlines()
    cases = int(all_lines[-1].split(" ")[0])
    assert cases > 20
    told = [text for text in seen.out.splitlines() if text.startswith("    attend depuis ")]
    assert len(told) == 20
    assert f"… {cases - 20} autres cas suivent : « --limit {cases} » les dit tous" in seen.out
    assert len([text for text in all_lines if text.startswith("    attend depuis ")]) == cases
    assert seen.out.splitlines()[-1] == all_lines[-1]
    assert "autres cas suivent" not in whole.out


def test_the_inbox_of_nobody_says_so(home: Path) -> None:
    seen = jalon("--home", home, "inbox", "--role", "funder")

    assert seen.out == "Rien n'attend pour : financeur.\n"


def test_the_inbox_of_an_unknown_account_says_that_it_holds_nothing(home: Path) -> None:
    seen = jalon("--home", home, "inbox", "--person", str(SOMEBODY))

    assert seen.out.splitlines()[0] == "Ce compte ne tient aucun mandat en vigueur."


def test_stalls_read_as_a_list_and_on_a_past_day(home: Path) -> None:
    seen = jalon("--home", home, "stalls", "--days", "100", "--in-force", "2014-01-01")

    assert seen.code == 0, seen
    assert "entre les mains de : " in seen.out
    last = seen.out.splitlines()[-1]
    assert last == "18 cas sont à la même étape depuis plus de 100 jours."


def test_both_are_given_to_programs(home: Path) -> None:
    waiting = jalon(
        "--home", home, "inbox", "--role", "registrar", "--in-force", DAY, "--json"
    ).json
    stalled = jalon("--home", home, "stalls", "--in-force", DAY, "--json").json

    assert waiting["total"] == len(waiting["items"]) > 60
    assert stalled["items"][0]["exits"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["inbox", "--role", "roi"], "--role : « roi » n'est pas un choix possible"),
        (["stalls", "--days", "-1"], "--days"),
        (["inbox", "--known", "hier"], "« hier » n'est pas un jour"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    home: Path, line: list[str], said: str
) -> None:
    seen = jalon("--home", home, *line)

    assert seen.code == 2
    assert seen.err.startswith(said)
    assert len(seen.err.splitlines()) == 1


def test_stalls_name_the_command_that_takes_the_step_which_is_possible(tmp_path: Path) -> None:
    """As it is typed, and of today only: nothing is done on a past day."""
    home = begun(tmp_path)
    of = ("--pole", "pole-fictif", "--funder", "Région fictive", "--beneficiary", "Coop fictive")
    sirets = ("--funder-siret", "73282932000074", "--beneficiary-siret", "55208131766522")
    for line in (
        ("pole", "register", "--name", "Pôle fictif"),
        ("commitment", "decide", *of, *sirets, "--object", "Atelier", "--amount", "1000"),
    ):
        assert jalon("--home", home, *line, "--occurred-on", "2020-02-01").code == 0

    told = jalon("--home", home, "stalls").out
    before = jalon("--home", home, "stalls", "--in-force", "2024-01-01").out

    asked = f"--home {home} commitment grant-without-convention --commitment "
    assert f"→ tapez : jalon {asked}pole-fictif-engagement-1 --as funder" in told
    assert "tapez" not in before


def test_stalls_say_what_lacks_first_and_who_follows_the_pole(product_stalled: Product) -> None:
    page = person(product_stalled, None).read("/en-attente")

    told = page.partition('href="/poles/ajoncs#manque"')[2].partition("</tr>")[0]
    other = page.partition('href="/poles/chardons#manque"')[2].partition("</tr>")[0]
    assert "D'abord :</span> La pièce est versée : formulaire de signature" in told
    assert "Entre les mains de : représentant du pôle, tenue du registre" in told
    assert "Pôle suivi par : CRESS fictive." in told
    assert "Personne ne suit ce pôle." in other
    assert "Confier le suivi" not in other
    offered = person(product_stalled, Role.REGISTRAR).read("/en-attente")
    assert f"/actes/following.assign?pole={product_stalled.find('chardons')}" in offered


@pytest.fixture
def product_stalled(bare: Product) -> Product:
    """Two poles that have stood for years; one of them is followed."""
    for name, since in (("Ajoncs", "2020-01-01"), ("Chardons", "2021-01-01")):
        register(bare, name, since, region="Corse")
    told = AssignFollower(
        pole=PoleId(bare.find("ajoncs")),
        follower=open_account(bare, Role.NETWORK),
        organisation="CRESS fictive",
    )
    bare.do(told, bare.operator())
    return bare
