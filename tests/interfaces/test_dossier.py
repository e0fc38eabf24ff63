"""Dossiers as people meet them on the command line and over HTTP, and what is refused of them."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from application.call import MoveCall, PlanCall
from application.call_specification import SpecifyCall
from application.call_wave import SetWave
from application.pole import RegisterPole
from application.project import ProposeProject
from domain.call import CallId
from domain.call_terms import CallKind, Part, Route
from domain.dates import PartialDate
from domain.minute import Minute
from domain.pole import PoleId
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import Seen, jalon
from tests.make import begin

SIRET = "73282932000074"
CODE = "essai-permanent-001"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with a pole, its project, and a call that is open for long."""
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        by, since = product.operator(), PartialDate("2024-01-02")
        pole = product.do(RegisterPole(name="Pôle fictif", occurred_on=since), by).answer
        propose = ProposeProject(
            pole=PoleId(pole), title="Projet fictif", words="Un essai.", occurred_on=since
        )
        product.do(propose, by)
        planned = PlanCall(
            code="essai-permanent",
            title="Appel fictif",
            call_kind=CallKind.PERMANENT,
            authority="Ministère fictif",
            occurred_on=since,
        )
        call = CallId(product.do(planned, by).answer)
        specified = SpecifyCall(
            call=call,
            title="Notice fictive",
            address="exemple.test",
            parts=(Part(id="budget", title="Budget"),),
            routes=(Route.SERVER,),
            occurred_on=since,
        )
        product.do(specified, by)
        wave = SetWave(
            call=call,
            wave="v1",
            opens_at=Minute("2024-03-01T09:00"),
            closes_at=Minute("2099-06-30T12:00"),
            occurred_on=since,
        )
        product.do(wave, by)
        product.do(MoveCall(call=call, transition="open"), by)
    return settings.home


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, *words)


def project(home: Path) -> str:
    return str(listed(home, "project")[0]["id"])


def listed(home: Path, concept: str, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(home, concept, "list", "--json", *more).out)[
        "items"
    ]
    return found


def draft(home: Path, *more: str) -> Seen:
    about = ("--call", "essai-permanent", "--project", project(home))
    return run(home, "dossier", "draft", *about, *more)


def one_sentence(seen: Seen) -> str:
    """What was said of what was refused: a sentence, and no trace of the program."""
    assert seen.code in (1, 2, 4), seen
    assert "Traceback" not in seen.err
    assert len(seen.err.strip().splitlines()) <= 2
    return seen.err


@pytest.fixture
def drafted(home: Path) -> Path:
    seen = draft(home, "--applicant", "Porteur fictif", "--siret", SIRET, "--requested", "30 000")
    assert seen.code == 0, seen
    return home


def test_a_dossier_is_begun_completed_and_handed_in_by_its_code(drafted: Path) -> None:
    assert run(drafted, "dossier", "file-part", "--dossier", CODE, "--part", "budget").code == 0
    sent = run(drafted, "dossier", "submit", "--dossier", CODE, "--as", "pole_representative")
    assert sent.code == 0, sent

    (line,) = listed(drafted, "dossier")
    assert (line["code"], line["stage"]) == (CODE, "submitted")
    assert line["requested_cents"] == 3_000_000
    assert listed(drafted, "dossier", "--known", "2024-01-01") == []
    assert "déposé" in run(drafted, "dossier", "list").out
    why = run(drafted, "dossier", "why", CODE)
    assert "Les six conditions" in why.out
    history = run(drafted, "dossier", "history", CODE)
    assert "Dossier remis" in history.out


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--requested", "-1", "sans signe"),
        ("--total", "0", "supérieur à zéro"),
        ("--requested", "100 $", "euros"),
        ("--requested", "999999999999999", "cent milliards"),
        ("--requested", "0.1+0.2", "montant"),
        ("--siret", "73282932000075", "SIRET"),
        ("--wave", "v9", "v1"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    home: Path, option: str, given: str, said: str
) -> None:
    seen = draft(home, "--applicant", "Porteur fictif", option, given)

    assert said in one_sentence(seen)
    assert listed(home, "dossier") == []


@pytest.mark.parametrize(
    ("minute", "said"),
    [
        ("2024-03-31T02:30", "n'existe pas"),
        ("2024-10-27T02:30", "deux fois"),
        ("2098-01-01T10:00", "n'est pas venu"),
        ("hier", "heure"),
    ],
)
def test_an_arrival_is_a_minute_of_paris(drafted: Path, minute: str, said: str) -> None:
    run(drafted, "dossier", "file-part", "--dossier", CODE, "--part", "budget")
    seen = run(drafted, "dossier", "submit", "--dossier", CODE, "--server-at", minute)

    assert said in one_sentence(seen)
    (line,) = listed(drafted, "dossier")
    assert line["stage"] == "draft"


def test_who_applies_has_a_number_or_says_why_not(home: Path) -> None:
    seen = draft(home, "--applicant", "Porteur fictif")

    assert "SIRET" in one_sentence(seen)


def test_an_establishment_that_closed_applies_for_nothing(home: Path) -> None:
    closed = ("--siret", SIRET, "--occurred-on", "2024-01-31")
    assert run(home, "establishment", "close", *closed).code == 0
    seen = draft(home, "--applicant", "Porteur fictif", "--siret", SIRET)

    assert "fermé" in one_sentence(seen)


def test_what_does_not_exist_is_said_so(drafted: Path) -> None:
    for words in (
        ("dossier", "why", "nulle-part-001"),
        ("dossier", "submit", "--dossier", "nulle-part-001"),
        ("appeal", "lodge", "--dossier", "nulle-part-001", "--appeal-kind", "gracious"),
    ):
        assert "nulle-part-001" in run(drafted, *words).err


def test_there_is_nothing_to_announce_or_to_appeal_against(drafted: Path) -> None:
    about = ("--call", "essai-permanent", "--wave", "v1")
    announced = run(drafted, "call", "announce", *about, "--as", "secretary")
    assert "n'est pas close" in one_sentence(announced)
    lodged = run(drafted, "appeal", "lodge", "--dossier", CODE, "--appeal-kind", "gracious")
    assert "pas de décision" in one_sentence(lodged)


@pytest.fixture
def client(drafted: Path) -> Iterator[TestClient]:
    with (
        closing(Product(Settings(home=drafted, database=""))) as product,
        TestClient(create_app(product)) as made,
    ):
        product.follower.catch_up()
        yield made


def test_the_same_is_asked_over_http(client: TestClient) -> None:
    (line,) = client.get("/api/dossiers").json()["items"]
    assert line["code"] == CODE
    assert client.get(f"/api/dossiers/{CODE}/why").json()["total"] > 0
    assert client.get(f"/api/dossiers/{CODE}/history").status_code == 200
    assert client.get("/api/dossiers/nulle-part-001/why").status_code == 404
    assert client.get("/api/appeals").json()["items"] == []
    assert client.get("/dossiers").status_code == 200
    assert client.get("/recours").status_code == 200


def test_what_is_asked_of_a_day_before_it_is_said_so_by_its_code(client: TestClient) -> None:
    for question in ("why", "votes", "history"):
        seen = client.get(f"/api/dossiers/{CODE}/{question}", params={"known": "2000-01-01"})
        assert seen.status_code == 404
        assert CODE in seen.json()["detail"]
