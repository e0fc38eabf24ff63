"""Who has an interest in a dossier reads nothing of how it fares, by any door, at any date."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.dossier_review import DeclareDossierInterest
from domain.dossier import DossierId
from domain.mandate import account
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.application.dossiers import SECRETARY
from tests.interfaces.seasons import CALL, EVE, LEFT, MOTIVE, SESSION, decided
from tests.interfaces.shell import Seen, jalon

KEPT, ANALYSIS = f"{CALL}-001", "Analyse fictive."


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session whose minutes are approved, and in which the operator has no interest yet."""
    return decided(tmp_path_factory.mktemp("season") / "home", announced=False)


@pytest.fixture
def product(tmp_path: Path, season: Path) -> Iterator[Product]:
    home = shutil.copytree(season, tmp_path / "home")
    with closing(Product(Settings(home=home, database=""))) as made:
        yield made


def is_interested(product: Product, code: str = LEFT) -> None:
    """An interest of whoever runs the registry is declared in a dossier, by the secretary."""
    declared = DeclareDossierInterest(
        dossier=DossierId(product.find_thing("dossier", code)),
        person=account(product.operator().actor),
    )
    product.registry.do(declared, SECRETARY)


def run(product: Product, *words: str) -> Seen:
    return jalon("--home", product.settings.home, *words)


def get(product: Product, path: str) -> tuple[int, str]:
    token = {"authorization": f"Bearer {product.token}"}
    with TestClient(create_app(product)) as client:
        answer = client.get(path, headers=token)
    return answer.status_code, unescape(answer.text)


def noted(product: Product) -> list[tuple[str, str]]:
    return [(line.concept, line.part) for line in product.accesses.lines(None)]


@pytest.mark.parametrize("role", ["secretary", "instructor", "auditor"])
@pytest.mark.parametrize("when", [(), ("--in-force", EVE)])
def test_its_review_is_refused_in_one_sentence_at_any_date(
    product: Product, role: str, when: tuple[str, ...]
) -> None:
    is_interested(product)

    seen = run(product, "dossier", "show", LEFT, "--as", role, *when)

    assert seen.code == 4
    assert seen.err.count("\n") == 1
    assert LEFT in seen.err
    assert ANALYSIS not in seen.out + seen.err
    assert noted(product) == []
    other = run(product, "dossier", "show", KEPT, "--as", role, "--json")
    assert ANALYSIS in other.out
    assert noted(product) == [("dossier", "review")]


def test_without_an_interest_the_same_reads_it(product: Product) -> None:
    assert ANALYSIS in run(product, "dossier", "show", LEFT, "--as", "secretary").out
    assert "classement" not in run(product, "session", "show", SESSION, "--as", "secretary").out


def test_its_votes_and_its_decision_are_left_out_and_said_to_be(product: Product) -> None:
    is_interested(product)

    shown = run(product, "session", "show", SESSION, "--as", "secretary")

    assert shown.code == 0, shown.err
    results = shown.out.split("à l'ordre du jour, par numéro")[1]
    assert f"{KEPT} — Projet fictif 1\n  proposition" in results
    assert f"{LEFT} — Projet fictif 2\n  proposition" not in results
    assert "réserve, rang 1" not in shown.out
    assert "PROCÈS-VERBAL" not in shown.out
    assert f"qui en parlent : {LEFT}." in shown.out

    committee = run(product, "committee", "show", CALL, "--as", "secretary")
    assert committee.code == 0, committee.err
    assert "ligne de coupure" not in committee.out
    assert "réserve, rang 1" not in committee.out
    assert f"qui en parlent : {LEFT}." in committee.out


def test_the_minutes_and_the_ranked_list_are_refused(product: Product) -> None:
    is_interested(product)

    for when in ((), ("--in-force", EVE)):
        seen = run(product, "session", "minutes", SESSION, "--as", "secretary", *when)
        assert (seen.code, seen.out, seen.err.count("\n")) == (4, "", 1)
        assert LEFT in seen.err
    assert noted(product) == []


@pytest.mark.parametrize("when", ["", f"?in_force={EVE}"])
def test_a_program_is_told_no_more(product: Product, when: str) -> None:
    is_interested(product)

    for path in (
        f"/api/dossiers/{LEFT}/review",
        f"/api/sessions/{SESSION}/minutes",
        f"/api/calls/{CALL}/waves/v1/ranking",
    ):
        code, said = get(product, path + when)
        assert (code, MOTIVE in said, ANALYSIS in said) == (403, False, False), path
        assert "dossier.interested_reader" in said
    assert noted(product) == []
    code, said = get(product, f"/api/sessions/{SESSION}/results{when}")
    assert code == 200
    assert f'"left_out":["{LEFT}"]' in said
    assert '"minutes":null' in said
    assert "Projet fictif 2" not in said


def test_pages_never_showed_it_and_still_do_not(product: Product) -> None:
    is_interested(product)

    for path in (f"/dossiers/{LEFT}", f"/seances/{SESSION}", f"/comites/{CALL}"):
        code, said = get(product, path)
        assert (code, MOTIVE in said, ANALYSIS in said) == (200, False, False)


def test_an_interest_in_one_dossier_hides_no_other(product: Product) -> None:
    is_interested(product, KEPT)

    shown = run(product, "session", "show", SESSION, "--as", "secretary").out

    assert "réserve, rang 1" in shown
    assert f"qui en parlent : {KEPT}." in shown
