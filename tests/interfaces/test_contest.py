"""Contests and figures as people meet them: command line, API and pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from application.claim import RecordClaim
from application.pole import RegisterPole
from domain.dates import PartialDate
from domain.pole import PoleId
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import make
from tests.interfaces.shell import Seen, jalon


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path / "home") as made:
        yield made


@pytest.fixture
def pole(product: Product) -> PoleId:
    command = RegisterPole(name="Pôle fictif", occurred_on=PartialDate("2020"))
    return PoleId(product.do(command, product.operator()).answer)


def run(product: Product, *line: str) -> Seen:
    return jalon("--home", product.settings.home, *line)


def contested(product: Product, pole: PoleId) -> str:
    fact = product.registry.history(pole)[0].event.meta.event_id
    done = run(
        product,
        *("fact", "contest", "--about", str(fact), "--by-kind", "pole"),
        *("--version", "Le pôle s'appelle autrement.", "--json"),
    )
    return str(done.json["id"])


def test_a_contest_is_read_everywhere(product: Product, pole: PoleId) -> None:
    contest = contested(product, pole)
    product.follower.catch_up()
    client = TestClient(create_app(product))

    listed = run(product, "contest", "list")
    shown = run(product, "pole", "show", "pole-fictif")
    told = run(product, "pole", "history", "pole-fictif")
    page = client.get("/poles/pole-fictif").text
    (line,) = client.get("/api/contests", params={"status": "open"}).json()["items"]

    position = product.registry.history(pole)[0].position
    assert "Pôle fictif — Inscription au registre" in listed.out
    assert "date du fait : en 2020" in listed.out
    assert "le pôle « Pôle fictif »" in listed.out
    assert contest in listed.out
    assert "« Le pôle s'appelle autrement. »" in listed.out
    assert "contesté     le nom" in shown.out
    assert "contesté : le pôle « Pôle fictif » soutient" in told.out
    assert '<strong class="contested">contesté</strong>' in page
    assert (line["id"], line["what"], line["answer"]) == (
        contest,
        "l'inscription au registre",
        None,
    )
    assert (line["told_on"], line["who"]) == ("2020", "le pôle « Pôle fictif »")
    assert line["told"].startswith("Inscription au registre")
    assert line["told_at"] == f"/poles/pole-fictif/evenements/{position}"
    assert "étape contestée" in client.get("/poles").text
    assert "étape contestée" in run(product, "pole", "list").out
    listed_page = client.get("/contestations").text
    assert "autrement" in listed_page
    assert f'href="/poles/pole-fictif/evenements/{position}"' in listed_page
    assert f'id="evenement-{position}"' in page
    past = client.get("/contestations?in_force=2100-01-01").text
    assert f'href="/poles/pole-fictif/evenements/{position}?in_force=2100-01-01"' in past


def test_the_one_who_contested_is_told_that_another_answers(product: Product, pole: PoleId) -> None:
    answer = ("fact", "answer-contest", "--contest", contested(product, pole))

    refused = run(product, *answer, "--outcome", "rejected", "--reasons", "Non.")
    withdrawn = run(product, *answer, "--outcome", "withdrawn", "--reasons", "Renoncement.")
    again = run(product, *answer, "--outcome", "withdrawn", "--reasons", "Renoncement.")

    said, why = refused.err.splitlines()
    assert refused.code == 4
    assert said.startswith("Qui a contesté ne répond pas")
    assert "agit toujours comme l'opérateur" in why
    assert withdrawn.code == 0
    assert (again.code, again.err.count("\n")) == (4, 1)


@pytest.mark.parametrize(
    "line",
    [
        ["fact", "contest", "--about", "1", "--by-kind", "pole", "--version", "x"],
        ["fact", "contest", "--about", f"{make.ACTOR}", "--by-kind", "pole", "--version", "x"],
        ["fact", "contest", "--about", f"{make.ACTOR}", "--by-kind", "moi", "--version", "x"],
        ["fact", "contest", "--about", f"{make.ACTOR}", "--by-kind", "pole", "--version", ""],
        [
            "fact",
            "contest",
            "--about",
            f"{make.ACTOR}",
            "--by-kind",
            "pole",
            "--version",
            "x" * 21000,
        ],
        ["fact", "answer-contest", "--contest", f"{make.ACTOR}", "--outcome", "upheld"],
        ["claim", "record", "--statement", "x", "--author", "y", "--figures", "12"],
        ["claim", "record", "--statement", "x", "--author", "", "--figures", "12"],
        ["claim", "record", "--statement", "x", "--author", "y", "--measure", "Emplois !"],
        ["claim", "record", "--statement", "x", "--author", "y", "--value", "douze"],
        ["claim", "compare", "candidates", "--period", "hier"],
        ["claim", "compare", "candidates", "--pole", "nulle-part"],
    ],
    ids=lambda line: " ".join(line)[:60],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(product: Product, line: list[str]) -> None:
    before = product.journal.size()

    seen = run(product, *line)

    assert seen.code in (1, 2, 4), seen
    assert seen.err.strip()
    assert "Traceback" not in seen.err
    assert product.journal.size() == before


def test_figures_are_never_shown_without_author_date_and_source(
    product: Product, pole: PoleId
) -> None:
    for author, value in (("Une revue", "12"), ("Un réseau", "20")):
        command = RecordClaim.model_validate(
            {
                "statement": f"{author} compte.",
                "author": author,
                "about": pole,
                "measure": "jobs_created",
                "value": value,
                "period": "2023",
                "source": f"rapport de {author}",
                "occurred_on": "2024-01-15",
            }
        )
        product.do(command, product.operator())
    client = TestClient(create_app(product))

    pages = [
        client.get("/declarations", params={"measure": "jobs_created"}).text,
        client.get("/poles/pole-fictif").text,
        run(product, "claim", "compare", "jobs_created").out,
        run(product, "claim", "list", "--about", "pole-fictif").out,
        run(product, "pole", "show", "pole-fictif").out,
    ]
    listed = client.get("/api/claims", params={"pole": "pole-fictif"}).json()
    laid = client.get("/api/claims/compare", params={"measure": "jobs_created"}).json()

    for shown in pages:
        for author in ("Une revue", "Un réseau"):
            assert shown.count(f"rapport de {author}") >= 1
            assert author in shown
        assert "15 janvier 2024" in shown.replace("\u00a0", " ")
    assert "Ces 2 déclarations ne disent pas le même chiffre" in pages[0].replace("\u00a0", " ")
    assert {line["value"] for line in listed["items"]} == {"12", "20"}
    assert laid["items"][0]["disagreeing"] == 2
    assert client.get("/api/claims").json()["total"] == 0
    assert client.get("/declarations?period=hier").status_code == 400
