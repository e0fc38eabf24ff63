"""What a representative does from the pages: the next thing, signing a charter, positions."""

import re
from collections.abc import Iterator

import pytest

from application.charter_signature import SIGNATURE_LIST
from application.evaluation import EVALUATIONS, PlanRound
from domain.dates import PartialDate
from domain.evaluation import RoundKind
from domain.pole import PoleId
from domain.roles import Role
from infrastructure.reference import REFERENCE
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, hidden, person

POLE = "pole-fictif-des-trois-rivieres"
CHARTER = (REFERENCE / "charters" / "exemple.txt").read_text("utf-8")
NEWER = CHARTER.replace("Ce texte montre", "Ce texte montre bien", 1)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The story of the fictitious poles, and two texts of the national charter."""
    made = registry(tmp_path_factory.mktemp("represented"))
    made.demonstrate()
    publisher = person(made, Role.REGISTRAR)
    for version, text in (("2022-06", CHARTER), ("2023-06", NEWER)):
        said = {"text": text, "charter_kind": "national", "version": version}
        assert publisher.send("/actes/charter.publish", said).status_code == 303
    yield made
    made.close()


@pytest.fixture(scope="module")
def representative(product: Product) -> Person:
    return person(product, Role.POLE_REPRESENTATIVE, f"pole:{product.find(POLE)}")


def test_whoever_represents_a_pole_has_its_page(product: Product, representative: Person) -> None:
    page = representative.read("/mon-pole")

    assert "<h1>Pôle fictif des Trois Rivières</h1>" in page
    assert "La prochaine chose à faire" in page
    assert f'href="/poles/{POLE}/signer"' in page
    assert 'href="/signatures/' in page
    assert 'name="known"' in page
    assert 'href="/mon-pole"' in representative.read("/poles")


def test_whoever_represents_none_is_told_so(product: Product) -> None:
    assert "aucun pôle en particulier" in person(product, Role.COORDINATOR).read("/mon-pole")
    assert person(product, None).http.get("/mon-pole").status_code == 303


def test_what_is_to_be_done_is_what_waits_for_them(
    product: Product, representative: Person
) -> None:
    page = representative.read("/mon-pole")
    todo = page.split("La prochaine chose à faire")[1]

    led = re.findall(r'href="(/actes/[^"]+)"[^>]*>Le faire', todo)
    for address in led[:3]:
        assert representative.http.get(address.replace("&amp;", "&")).status_code == 200


def test_a_charter_is_read_with_what_changes_then_signed_and_the_receipt_says_it(
    product: Product, representative: Person
) -> None:
    here = f"/poles/{POLE}/signer"
    first = representative.read(f"{here}?charte=2022-06")
    assert "Ce que signer ne veut pas dire" in first
    act = re.search(r'href="(/actes/charter_signature.sign[^"]+)"', first)
    assert act
    said = {
        "pole": str(product.find(POLE)),
        "charter": "2022-06",
        "variant": "existing_pole",
        "capacity": "president",
        "place": "Trifouilly",
        "signatory": "Noor Factice",
        "occurred_on": "01/02/2024",
    }
    answer = representative.send(act[1], said)
    assert answer.status_code == 303, re.findall(
        r"class=.error[^<]*<[^<]*<[^<]*<[^<]*", answer.text
    )
    assert answer.headers["location"].startswith("/signatures/")
    receipt = representative.read(answer.headers["location"])
    assert "Empreinte du texte" in receipt
    assert "Feuille du journal" in receipt
    assert "Noor Factice" not in receipt

    newer = representative.read(f"{here}?charte=2023-06")

    assert "<ins>" in newer
    assert re.search(r"<ins>[^<]*bien", newer)
    assert "Le pôle a déjà signé cette version" in representative.read(f"{here}?charte=2022-06")
    signed = product.listed(SIGNATURE_LIST, product.moment(), pole=POLE)
    assert "2022-06" in {str(one.charter) for one in signed}


def test_only_those_who_may_sign_read_what_is_to_be_signed(product: Product) -> None:
    assert person(product, Role.AUDITOR).http.get(f"/poles/{POLE}/signer").status_code == 403


@pytest.fixture(scope="module")
def positions(product: Product) -> str:
    """The page of a round of the pole that is open."""
    pole = PoleId(product.find(POLE))
    for known in product.listed(EVALUATIONS, product.moment(), pole=POLE):
        if known.stage in ("open", "begun", "positioning", "draft", "in_progress"):
            return f"/evaluations/{known.code}/positions"
    plan = PlanRound(
        pole=pole, round_kind=RoundKind.SELF_POSITIONING, occurred_on=PartialDate("2025-01-01")
    )
    product.do(plan, product.operator(Role.COORDINATOR))
    lines = product.listed(EVALUATIONS, product.moment(), pole=POLE)
    code = next(line.code for line in lines if line.stage == "planned")
    way = product.case_why("evaluation", code, product.moment())[0].transition
    said = {"evaluation": code, "transition": way}
    person(product, Role.REGISTRAR).send(f"/actes/evaluation.move?evaluation={code}", said)
    return f"/evaluations/{code}/positions"


def test_indicators_are_answered_one_by_one_and_a_draft_is_kept(
    product: Product, representative: Person, positions: str
) -> None:
    page = representative.read(positions)
    assert page.count("non observé</label>") == 27
    assert "Source : " in page
    size = product.journal.size()

    kept = representative.send(positions, {"niveau.TER1a": "2", "mot.TER1a": "Une carte"}, "keep")
    assert "Brouillon gardé" in kept.text
    assert product.journal.size() == size
    again = representative.read(positions)
    assert re.search(r'id="TER1a-2"[^>]* checked', again)
    assert "Une carte" in again

    wrong = {"niveau.TER1a": "2", "niveau.TER1b": "non-observe"}
    refused = representative.send(positions, wrong)
    assert refused.status_code == 422
    assert 'id="TER1b-erreur"' in refused.text
    assert product.journal.size() == size

    said = {**wrong, "mot.TER1b": "Pas encore regardé", "mot.TER1a": "Une carte"}
    answer = representative.send(positions, said)
    assert answer.headers["location"].endswith("#profil")
    sheet = representative.read(answer.headers["location"])
    assert "<svg" in sheet
    assert "2 – amorcé" in sheet
    assert "Pas encore regardé" in sheet
    assert "Brouillon gardé" not in representative.read(positions)

    same = representative.send(positions, {}, "record")
    assert same.status_code == 422  # nothing is new: there is nothing to record


def test_a_round_is_answered_by_its_authors(product: Product, positions: str) -> None:
    assert person(product, Role.FUNDER).http.get(positions).status_code == 403
    assert hidden(person(product, Role.REGISTRAR).http.get(positions).text, "_token")
