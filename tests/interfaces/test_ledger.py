"""The ledger, payments and open data as people meet them: on the command line and over HTTP."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from starlette.testclient import TestClient

from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests import scdl_judge
from tests.application import commitments as money
from tests.interfaces.shell import Seen, jalon, refused
from tests.make import begin

CODE = "pole-d-essai-engagement-1"
HEADER = "référence;date;montant;bénéficiaire\n"
ROW = f"VIR-1;01/03/2024;40 000,00;{money.OTHER_SIRET}\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one commitment, of which a tranche of 40 000 € is approved."""
    settings = Settings(home=tmp_path_factory.mktemp("money") / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        books = product.registry
        made = money.in_force(books, money.pole(books))
        money.meet(books, made, "statutes", "2024-02-01")
        money.claim(books, made, "first", "2024-02-01")
        money.approve(books, made, "first", "2024-02-01")
        product.follower.catch_up()
    return settings.home


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Path:
    """The same, to write in."""
    return copytree(begun, tmp_path / "home")


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        made.follower.catch_up()
        yield made


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product)) as made:
        yield made


def run(home: Path, *words: str | Path) -> Seen:
    return jalon("--home", home, *words)


def file(folder: Path, text: str, name: str = "paiements.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


# --- the ledger ---------------------------------------------------------------------------------


def test_the_ledger_is_shown_in_words_json_and_csv(begun: Path) -> None:
    words = run(begun, "ledger", "show")
    told = run(begun, "ledger", "show", "--json").json
    sheet = list(csv.DictReader(io.StringIO(run(begun, "ledger", "show", "--csv").out)))

    assert words.code == 0
    for said in (CODE, "Ministère d'essai → Association d'essai", "conditions : 1 sur 2"):
        assert said in words.out
    assert "60\u202f000\u00a0€" in words.out
    assert told["totals"]["promised_cents"] == 60_000_00
    assert told["totals"]["due_cents"] == 40_000_00
    assert [row["Promis"] for row in sheet] == ["60000.00"]
    assert [row["À payer"] for row in sheet] == ["40000.00"]


def test_the_ledger_of_the_past_and_of_some(begun: Path) -> None:
    before = run(begun, "ledger", "show", "--in-force", "2024-01-31", "--json").json
    unknown = run(begun, "ledger", "show", "--known", "2020-01-01", "--json").json
    strangers = run(begun, "ledger", "show", "--funder", "Personne")

    assert before["totals"]["approved_cents"] == 0
    assert before["totals"]["promised_cents"] == 60_000_00
    assert unknown["lines"] == []
    assert "Aucun engagement financier ne correspond." in strangers.out
    for asked in ("ministere d'essai", money.SIRET, money.SIRET[:9]):
        assert len(run(begun, "ledger", "show", "--funder", asked, "--json").json["lines"]) == 1
    assert len(run(begun, "ledger", "show", "--pole", "pole-d-essai", "--json").json["lines"]) == 1


def test_what_nobody_knows_is_refused_in_one_sentence(begun: Path) -> None:
    refused(run(begun, "ledger", "show", "--call", "aap-1900"), 1)
    refused(run(begun, "ledger", "show", "--pole", "nulle part"), 1)
    refused(run(begun, "ledger", "show", "--json", "--csv"), 2)
    refused(run(begun, "ledger", "show", "--in-force", "hier"), 2)


def test_the_ledger_over_http_is_the_same(client: TestClient, home: Path) -> None:
    day = "2024-06-01"  # the server records what falls due while it is asked
    answer = client.get("/api/ledger", params={"funder": money.SIRET, "in_force": day})

    assert answer.status_code == 200
    assert answer.json() == run(home, "ledger", "show", "--in-force", day, "--json").json
    assert client.get("/api/ledger", params={"call": "aap-1900"}).status_code == 404
    assert client.get("/api/ledger", params={"in_force": "2023-12-31"}).json()["lines"] == []


def test_the_ledger_has_a_plain_page(client: TestClient) -> None:
    page = client.get("/grand-livre", params={"in_force": "2024-06-01"})
    nobody = client.get("/grand-livre", params={"funder": "Personne"})
    lost = client.get("/grand-livre", params={"call": "aap-1900"})

    assert page.status_code == 200
    for said in ("Par financeur", CODE, "60\u202f000\u00a0€", "40\u202f000\u00a0€", "1 sur 2"):
        assert said in page.text
    assert "Aucun engagement financier ne correspond" in nobody.text
    assert lost.status_code == 404


# --- payments -----------------------------------------------------------------------------------


def test_a_file_is_told_before_it_is_written_and_counts_once(home: Path, tmp_path: Path) -> None:
    paid = file(tmp_path, HEADER + ROW)

    dry = run(home, "import", "payments", paid)
    nothing = run(home, "payment", "list", "--json").json
    done = run(home, "import", "payments", paid, "--apply", "--json").json
    again = run(home, "import", "payments", paid, "--apply", "--json").json

    assert "À blanc" in dry.out
    assert nothing["total"] == 0
    assert (done["recorded"], done["recorded_cents"], done["applied"]) == (1, 40_000_00, True)
    assert (again["recorded"], again["unchanged"]) == (0, 1)
    assert run(home, "payment", "list", "--json").json["total"] == 1


def test_one_wrong_row_keeps_the_whole_file_back(home: Path, tmp_path: Path) -> None:
    wrong = file(tmp_path, f"{HEADER}{ROW}m-2;2024-03-01;0,1+0,2;A\nm-3;2024-03-01;-5;A\n")

    seen = run(home, "import", "payments", wrong, "--apply")

    assert seen.code == 1
    assert "Rien n'a été écrit" in seen.out
    lines = seen.err.splitlines()
    assert [line.split(" : ")[0] for line in lines] == ["ligne 3", "ligne 4"]
    assert "négatif" in lines[1]
    assert run(home, "payment", "list", "--json").json["total"] == 0


def test_a_file_that_is_none_is_refused_in_one_sentence(home: Path, tmp_path: Path) -> None:
    for text in ("", "a;b\n1;2\n", HEADER):
        refused(run(home, "import", "payments", file(tmp_path, text), "--apply"), 2)
    refused(run(home, "import", "payments", tmp_path / "absent.csv"), 2)
    refused(run(home, "import", "payments", file(tmp_path, HEADER + ROW), "--as", "funder"), 4)


def test_payments_are_reconciled_then_recorded(home: Path, tmp_path: Path) -> None:
    other = "VIR-9;2024-03-01;12,00;38047555800058\n"
    missing = run(home, "payment", "reconcile")
    run(home, "import", "payments", file(tmp_path, HEADER + ROW + other), "--apply")

    found = run(home, "payment", "reconcile", "--json").json
    dry = run(home, "payment", "record-matched", "--dry-run")
    done = run(home, "payment", "record-matched")
    words = run(home, "payment", "reconcile")

    assert f"engagement {CODE} : 40\u202f000\u00a0€" in missing.out
    assert "Première tranche, " in missing.out
    assert [match["code"] for match in found["matched"]] == [CODE]
    assert [one["payment"]["reference"] for one in found["unexplained"]] == ["VIR-9"]
    assert "rien n'a été écrit" in dry.out
    assert done.out.startswith("1 paiement enregistré.")
    assert "VIR-1, le 1er mars 2024" in words.out
    assert "(enregistré)" in words.out
    told = run(home, "ledger", "show", "--json").json
    assert (told["totals"]["paid_cents"], told["totals"]["due_cents"]) == (40_000_00, 0)


def test_the_name_of_a_person_in_a_file_is_shown_nowhere(home: Path, tmp_path: Path) -> None:
    alone = file(tmp_path, f"{HEADER}VIR-8;2024-03-01;12,00;Camille Inventée\n")
    header = "référence;date;montant;nom;siret\n"
    row = f"VIR-9;2024-03-01;12,00;Camille Inventée;{money.OTHER_SIRET}\n"

    seen = run(home, "import", "payments", alone, "--apply")
    run(home, "import", "payments", file(tmp_path, header + row), "--apply")

    assert seen.code == 1
    assert "donnez le SIRET de l'organisation payée" in seen.err
    assert [line["reference"] for line in run(home, "payment", "list", "--json").json["items"]] == [
        "VIR-9"
    ]
    for words in (("payment", "list"), ("payment", "reconcile")):
        assert "Inventée" not in run(home, *words).out + run(home, *words, "--json").out


def test_a_program_tells_payments_and_reconciles_them(client: TestClient, product: Product) -> None:
    headers = {"Authorization": f"Bearer {product.token}", "Jalon-Role": "payer"}
    row = {"reference": "VIR-1", "paid_on": "2024-03-01", "siret": money.OTHER_SIRET}
    body = {"digest": "0" * 64, "rows": [{**row, "amount": "40 000,00"}]}

    for wrong in (0.1 + 0.2, "-1", "0", "5 USD", "9" * 20):
        spoilt = {**body, "rows": [{**row, "amount": wrong}]}
        answer = client.post("/api/commands/payment.import", json=spoilt, headers=headers)
        assert answer.status_code == 400, wrong
        assert "Traceback" not in answer.text
    made = client.post("/api/commands/payment.import", json=body, headers=headers)
    found = client.get("/api/payments/reconciliation").json()

    assert made.status_code == 200, made.text
    assert client.get("/api/payments").json()["total"] == 1
    assert [match["amount_cents"] for match in found["matched"]] == [40_000_00]


def test_the_reconciliation_has_a_plain_page(
    home: Path, tmp_path: Path, client: TestClient, product: Product
) -> None:
    paid = file(tmp_path, f"{HEADER}{ROW}<b>VIR-9;2024-03-01;12,00;38047555800058\n")
    product.import_payments(paid.read_bytes(), product.operator(), apply=True)

    page = client.get("/paiements/rapprochement")

    assert page.status_code == 200
    assert f"Première tranche, {CODE}" in page.text
    assert "&lt;b&gt;VIR-9" in page.text
    assert '<time datetime="2024-03-01">' in page.text
    assert "Rapprocher des tranches approuvées" in client.get("/paiements").text


# --- open data ----------------------------------------------------------------------------------


def test_conventions_are_exported_for_the_judge(home: Path, tmp_path: Path) -> None:
    written = tmp_path / "subventions.csv"

    seen = run(home, "commitment", "export", written)

    assert seen.code == 0, seen
    assert "1 convention publiée" in seen.out
    assert scdl_judge.verdict(written.read_bytes()) == []
    assert CODE not in written.read_text("utf-8"), "the reference of the convention is enough"


def test_what_is_refused_is_told_with_its_reason(home: Path, tmp_path: Path) -> None:
    with closing(Product(Settings(home=home, database=""))) as product:
        books = product.registry
        pole = money.pole(books, "Autre pôle d'essai")
        abroad: dict[str, Any] = {"funder_siret": None, "funder_reason": "à l'étranger"}
        money.in_force(books, pole, funder="Fondation d'essai", **abroad)
    written = tmp_path / "subventions.csv"

    seen = run(home, "commitment", "export", written)
    told = run(home, "commitment", "export", written, "--json").json

    assert seen.code == 1
    assert "refusé : autre-pole-d-essai-engagement-1, idAttribuant" in seen.err
    assert len(told["rows"]) == 1
    assert scdl_judge.verdict(written.read_bytes()) == []


def test_the_file_over_http_is_the_one_of_the_command_line(
    client: TestClient, home: Path, tmp_path: Path
) -> None:
    written = tmp_path / "subventions.csv"
    run(home, "commitment", "export", written)

    answer = client.get("/api/commitments/scdl.csv")
    report = client.get("/api/commitments/scdl").json()

    assert answer.content == written.read_bytes()
    assert answer.headers["content-type"].startswith("text/csv")
    assert [row["referenceDecision"] for row in report["rows"]] == ["CONV-2024-1"]
    assert report["refused"] == []


def test_a_file_that_cannot_be_written_is_told(home: Path, tmp_path: Path) -> None:
    refused(run(home, "commitment", "export", tmp_path / "absent" / "o.csv"), 1)
