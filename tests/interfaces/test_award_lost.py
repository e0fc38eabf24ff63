"""An award that is withdrawn, as the funder of what follows it meets it: everywhere it is asked."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from application.convention import ReplaceBeneficiary
from domain.dossier import Dossier
from domain.pole import PoleId
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.application import commitments as money
from tests.application.test_award_lost import ABOUT
from tests.interfaces.seasons import KEPT, decided
from tests.interfaces.shell import Seen, jalon

CODE = "pole-fictif-1-engagement-1"
LOST = "Le soutien dont cet engagement"
SUCCESSOR = "38047555800058"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commitment whose convention is drafted, passed to another beneficiary of the same name.

    Then its award is withdrawn, as one types it.
    """
    made = decided(tmp_path_factory.mktemp("award") / "home", announced=True)
    with closing(Product(Settings(home=made, database=""))) as product:
        dossier = product.registry.load(Dossier, product.find_thing("dossier", KEPT))
        assert dossier
        pole, books = PoleId(dossier.pole), product.registry
        given: dict[str, Any] = {"amount": 10_000, "dossier": dossier.id}
        commitment = money.decide(books, pole, on="2024-08-01", **given)
        money.draft(books, commitment, "2024-08-01", **ABOUT)
        passed = ReplaceBeneficiary(
            commitment=commitment,
            beneficiary="Association d'essai",
            siret=SUCCESSOR,
            reasons="fusion",
        )
        money.do(books, passed, on="2024-08-02")
        product.follower.catch_up()
    seen = run(
        made,
        *("dossier", "withdraw-award", "--dossier", KEPT, "--as", "secretary"),
        *("--award-ground", "conditions_not_met", "--reasons", "projet arrêté"),
        *("--heard-on", "2024-09-30", "--occurred-on", "2024-10-01"),
    )
    assert seen.code == 0, seen
    return made


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        made.follower.catch_up()
        yield made


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product)) as made:
        yield made


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, *words)


def plain(text: str) -> str:
    return " ".join(text.split())


def text(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return plain(answer.text)


def test_the_funder_is_refused_in_one_sentence_on_the_command_line_and_over_http(
    home: Path, client: TestClient, product: Product
) -> None:
    signing = {"funder_signatory": "direction", "beneficiary_signatory": "présidence"}
    typed = [f"--{name.replace('_', '-')}={value}" for name, value in signing.items()]
    seen = run(home, "commitment", "sign-convention", "--commitment", CODE, *typed, "--as=funder")
    answer = client.post(
        "/api/commands/commitment.sign_convention",
        json={"commitment": str(product.find_thing("commitment", CODE)), **signing},
        headers={"Authorization": f"Bearer {product.token}", "Jalon-Role": "funder"},
    )

    assert seen.code == 4
    assert seen.err.startswith(LOST)
    assert answer.status_code == 422
    assert LOST in answer.text
    assert run(home, "commitment", "show", CODE, "--json").json["stage"] == "convention_drafted"


def test_the_commitment_says_so_on_the_command_line(home: Path) -> None:
    shown = plain(run(home, "commitment", "show", CODE).out)
    before = plain(run(home, "commitment", "show", CODE, "--in-force", "2024-09-30").out)

    assert "retrait le soutien dont il découle est retiré le 1er octobre 2024" in shown
    assert "promis 0 €" in shown
    assert "plus promis 10 000 €, sur 10 000 € convenus" in shown
    assert "retrait" not in before
    assert "promis 10 000 €" in before
    assert "Soutien retiré" in run(home, "commitment", "history", CODE).out
    assert "soutien retiré" in run(home, "commitment", "list").out


def test_one_beneficiary_is_told_from_another_by_its_number(home: Path) -> None:
    shown = plain(run(home, "commitment", "show", CODE).out)

    assert f"bénéficiaire Association d'essai, SIRET {SUCCESSOR}" in shown
    assert f"auparavant Association d'essai, SIRET {money.OTHER_SIRET}" in shown


def test_the_dossier_names_what_its_withdrawal_touches(home: Path, client: TestClient) -> None:
    told = client.get(f"/api/dossiers/{KEPT}").json()["decision"]["touches"]

    assert [(one["kind"], one["code"]) for one in told] == [("commitment", CODE)]
    assert f"touche : l'engagement financier {CODE}" in plain(
        run(home, "dossier", "show", KEPT).out
    )
    assert "Ce que ce retrait touche" in text(client, f"/dossiers/{KEPT}")


def test_the_pages_and_the_programs_say_so(client: TestClient) -> None:
    page = text(client, f"/engagements-financiers/{CODE}")
    before = text(client, f"/engagements-financiers/{CODE}?in_force=2024-09-30")
    books = text(client, "/grand-livre")

    assert "Le soutien dont cet engagement découle a été retiré" in page
    assert "Plus promis" in page
    assert "a été retiré" not in before
    assert "<strong>Soutien retiré</strong>" in books
    assert client.get(f"/api/commitments/{CODE}").json()["award_withdrawn_on"] == "2024-10-01"
    (line,) = client.get("/api/ledger").json()["lines"]
    assert line["award_withdrawn_on"] == "2024-10-01"
    assert (line["promised_cents"], line["given_up_cents"]) == (0, 10_000_00)


def test_the_ledger_says_it_on_the_command_line(home: Path) -> None:
    told = plain(run(home, "ledger", "show").out)

    assert "soutien retiré le 1er octobre 2024 : plus rien n'est payé" in told
    assert "plus promis 10 000 €" in told
    assert "2024-10-01" in run(home, "ledger", "show", "--csv").out
