"""Members as people meet them: on the command line, through the API, on the pages."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.pole import RegisterPole
from domain.dates import PartialDate
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import Seen, jalon
from tests.make import begin


@pytest.fixture
def home(tmp_path: Path) -> Path:
    settings = Settings(home=tmp_path, database="")
    begin(settings)
    with closing(Product(settings)) as product:
        product.do(
            RegisterPole(name="Pôle fictif", occurred_on=PartialDate("2020-01-01")),
            product.operator(),
        )
    return tmp_path


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with closing(Product(Settings(home=home, database=""))) as product:
        product.follower.catch_up()
        with TestClient(create_app(product), raise_server_exceptions=False) as made:
            made.headers["Authorization"] = f"Bearer {product.token}"
            made.headers["Jalon-Pole"] = str(product.find("pole-fictif"))
            yield made


def join(home: Path, *words: str, kind: str = "ess_enterprise", name: str = "Fictive") -> Seen:
    return jalon(
        *("--home", home, "pole", "add-member", "--pole", "pole-fictif"),
        *("--member-kind", kind, "--name", name, *words),
    )


def listed(home: Path, *words: str) -> Seen:
    return jalon("--home", home, "member", "list", *words)


def test_a_member_is_recorded_listed_and_shown_on_the_command_line(home: Path) -> None:
    added = join(home, "--identifier", "RNA w9r 101 1072", "--legal-form", "9220")
    shown = jalon("--home", home, "pole", "show", "pole-fictif").out.replace("\u00a0", " ")

    assert added.code == 0, added
    assert "Fictive (entreprise de l'ESS), RNA W9R1011072, ESS : par la forme juridique" in shown
    assert "économie sociale et solidaire : par la forme juridique" in listed(home).out
    assert "rien n'est enregistré comme en vigueur" in listed(home, "--in-force", "2019-01-01").out
    (line,) = listed(home, "--pole", "pole-fictif", "--json").json["items"]
    assert (line["name"], line["ess"], line["legal_form_code"]) == ("Fictive", "by_form", "9220")


def test_an_identifier_may_be_given_in_json_too(home: Path) -> None:
    foreign = '{"scheme": "foreign", "number": "12", "registry": "Registre", "country": "Pays"}'

    assert join(home, "--identifier", foreign).code == 0
    assert "12, Registre (Pays)" in listed(home).out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--identifier", "RNA 12"), 2, "Le numéro RNA « 12 » n'est pas valide"),
        (("--identifier", ""), 2, "ne dit pas quel registre donne ce numéro"),
        (("--identifier", "9" * 600), 2, "ne dit pas quel registre donne ce numéro"),
        (("--identifier", "siren " + "9" * 600), 2, "« --identifier.number » est trop long"),
        (("--identifier", '{"scheme": "passport"}'), 2, "choisir parmi siren, siret, rna"),
        (("--identifier", "{"), 2, "« --identifier » n'est pas du JSON"),
        (("--legal-form", "9" * 600), 2, "« --legal-form » est trop long"),
        (("--legal-form", "SARL"), 2, "« SARL » n'est pas une catégorie juridique"),
        (("--legal-form", "5499"), 4, "que sur justificatif"),
        (("--legal-form", "7210"), 4, "ne peut pas être une entreprise de l'ESS"),
        (("--legal-form", "5499", "--ess-evidence", "Kbis"), 4, "demande sa source"),
        (("--legal-form", "5499", "--ess-evidence", ""), 2, "ne peut pas être vide"),
        (
            ("--siren", "732829320", "--identifier", "SIREN 356000000"),
            4,
            "désignent deux organisations différentes",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_written(
    home: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = join(home, *words)

    assert done.code == code, done
    assert said in done.err
    assert "Traceback" not in done.err
    assert listed(home).out.startswith("Aucun membre n'est enregistré.\n")


def test_an_organisation_that_joins_twice_is_refused_with_its_dates(home: Path) -> None:
    join(home, "--occurred-on", "2021")

    again = join(home, "--occurred-on", "2022")

    assert again.code == 4
    assert "« Fictive » est déjà membre du pôle (début : 2021, sans fin connue)" in again.err


def test_a_quality_is_confirmed_and_a_member_changed_on_the_command_line(home: Path) -> None:
    member = join(home, "--occurred-on", "2021", "--json").json["id"]
    about = ("--pole", "pole-fictif", "--member", member)

    confirmed = jalon(
        *("--home", home, "pole", "confirm-ess", *about, "--occurred-on", "2022-03-01"),
        *("--ess-evidence", "mention au registre", "--source", "greffe fictif"),
    )
    changed = jalon(
        *("--home", home, "pole", "change-member", *about, "--identifier", "SIREN 732 829 320")
    )
    empty = jalon("--home", home, "pole", "change-member", *about)

    assert (confirmed.code, changed.code, empty.code) == (0, 0, 4)
    assert "Dites ce qui change de ce membre" in empty.err
    (line,) = listed(home, "--json").json["items"]
    assert (line["ess"], line["identifier"].replace("\u00a0", " ")) == (
        "evidenced",
        "SIREN 732 829 320",
    )


def test_members_through_the_api_and_on_the_pages(client: TestClient) -> None:
    pole = client.headers["Jalon-Pole"]
    asked = {
        "pole": pole,
        "member_kind": "ess_enterprise",
        "name": "Association fictive",
        "identifier": {"scheme": "rna", "number": "W9R1011072"},
        "legal_form": "9220",
    }
    added = client.post("/api/commands/pole.add_member", json=asked)
    twice = client.post("/api/commands/pole.add_member", json=asked)
    wrong = client.post(
        "/api/commands/pole.add_member", json={**asked, "identifier": {"scheme": "rna"}}
    )
    citizen = client.post(
        "/api/commands/pole.add_member",
        json={"pole": pole, "member_kind": "citizen", "person": "Jeanne Secret"},
    )

    assert (added.status_code, citizen.status_code) == (200, 200), added.text
    assert (twice.status_code, twice.json()["code"]) == (422, "pole.already_member")
    assert (wrong.status_code, wrong.json()["detail"]) == (400, "Il manque le numéro RNA.")
    lines = client.get("/api/members", params={"ess": "by_form"}).json()["items"]
    assert [line["name"] for line in lines] == ["Association fictive"]
    (shown, _) = client.get(f"/api/poles/{pole}").json()["members"]
    assert (shown["identifier"].replace("\u00a0", " "), shown["ess"]) == (
        "RNA W9R1011072",
        "by_form",
    )
    for page in (client.get("/membres").text, client.get("/poles/pole-fictif").text):
        assert "Association fictive" in page
        assert "par la forme juridique" in page
        assert "Jeanne" not in page
