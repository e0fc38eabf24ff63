"""The questions of auditors as they are asked: on the command line, and over HTTP."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest
from starlette.testclient import TestClient

from application.dossier_review import DeclareDossierInterest
from domain.dossier import DossierId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.seasons import CALL, KEPT, LEFT, decided
from tests.interfaces.shell import Seen, jalon, refused

PUBLIC = ("paye-suspendu", "chiffres")
OF_REVIEW = ("qui-a-decide", "pieces-d-eligibilite", "interets")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committee has decided of three dossiers; nothing is announced yet."""
    return decided(tmp_path_factory.mktemp("audit") / "home", announced=False)


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with (
        closing(Product(Settings(home=home, database=""))) as product,
        TestClient(create_app(product)) as made,
    ):
        made.headers["Authorization"] = f"Bearer {product.token}"
        yield made


def ask(home: Path, *words: str | Path) -> Seen:
    return jalon("--home", home, "audit", "ask", *words)


def test_every_question_says_what_was_examined(home: Path) -> None:
    for question in (*PUBLIC, *OF_REVIEW):
        seen = ask(home, question)

        last = seen.out.splitlines()[-1]
        assert seen.code == 0, seen
        assert " sur " in last or " parmi " in last, last
        assert any(letter.isdigit() for letter in last), last


def test_the_lines_are_written_as_csv_with_the_events_they_rest_on(
    home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "pieces.csv"

    seen = ask(home, "pieces-d-eligibilite", "--dossier", KEPT, "--csv", file)

    again = ask(home, "pieces-d-eligibilite", "--dossier", KEPT, "--csv", file)
    refused(again, 2, "existe déjà")
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
    assert f"6 lignes écrites dans {file}" in seen.out
    assert {row["Dossier"] for row in rows} == {KEPT}
    for row in rows:
        _, number, event = row["Événements (n° identifiant)"].split(" ; ")[-1].split(" ")
        proved = jalon("--home", home, "audit", "proof", event)
        assert proved.code == 0
        assert f"\nindex {int(number) - 1}\n" in proved.out


def test_that_the_review_of_a_dossier_was_read_is_noted(home: Path) -> None:
    def noted() -> int:
        lines = jalon("--home", home, "access", "list", "--as", "auditor", "--json").json["items"]
        return sum((line["concept"], line["part"]) == ("dossier", "audit") for line in lines)

    before = noted()
    ask(home, "interets", "--dossier", KEPT)
    after = noted()
    ask(home, "paye-suspendu")

    assert (after - before, noted() - after) == (1, 0)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["pourquoi"], 2, "n'est pas une question d'audit"),
        (["chiffres", "--funder", "X"], 2, "seulement par : --pole, --call, --region"),
        (["interets", "--region", "Atlantide"], 1, "Atlantide"),
        (["interets", "--dossier", "rien"], 1, "rien"),
        (["donnees-ouvertes"], 2, "--published"),
        (["chiffres", "--known", "2999-01-01"], 2, "n'est pas venu"),
        (["chiffres", "--known", "hier"], 2, "n'est pas un jour"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(
    home: Path, words: list[str], code: int, says: str
) -> None:
    refused(ask(home, *words), code, says)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"\x00" * 50])
def test_a_published_file_that_is_none_is_refused_in_one_sentence(
    home: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "publie.csv"
    file.write_bytes(content)

    refused(ask(home, "donnees-ouvertes", "--published", file), 2)


def test_a_published_file_is_compared_and_a_script_is_told(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "publie.csv"
    jalon("--home", home, "commitment", "export", file)
    invented = tmp_path / "invente.csv"
    invented.write_bytes(file.read_bytes() + b",".join([b"invente"] * 16) + b"\r\n")

    same = ask(home, "donnees-ouvertes", "--published", file)
    differs = ask(home, "donnees-ouvertes", "--published", invented)

    assert (same.code, differs.code) == (0, 3)
    assert "à l'octet près" in same.out
    assert "1 ligne absente du journal" in differs.out


def test_the_api_answers_auditors_in_json_and_csv(client: TestClient) -> None:
    questions = client.get("/api/audit").json()
    asked = {"dossier": KEPT}

    answer = client.get("/api/audit/qui-a-decide", params=asked).json()
    table = client.get("/api/audit/qui-a-decide.csv", params=asked)

    assert questions["total"] == 6
    assert "Délibération" in {line["says"]["Décision"] for line in answer["lines"]}
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(list(csv.reader(io.StringIO(table.text)))) == len(answer["lines"]) + 1


def test_the_api_compares_a_file_that_is_sent(client: TestClient) -> None:
    published = client.get("/api/commitments/scdl.csv").content

    answer = client.post("/api/audit/donnees-ouvertes", content=published)
    empty = client.post("/api/audit/donnees-ouvertes", content=b"")

    assert answer.json()["holds"]
    assert empty.status_code == 400


def test_nobody_else_is_answered(client: TestClient) -> None:
    for question in (*PUBLIC, *OF_REVIEW):
        anonymous = client.get(f"/api/audit/{question}", headers={"Authorization": ""})
        other = client.get(f"/api/audit/{question}", headers={"Jalon-Role": "registrar"})

        assert (anonymous.status_code, other.status_code) == (403, 403)
    assert client.get("/api/audit/interets", params={"call": CALL}).status_code == 200


def test_an_auditor_with_an_interest_is_shown_nothing_of_the_dossier(
    home: Path, tmp_path: Path
) -> None:
    mine = copytree(home, tmp_path / "home")
    with closing(Product(Settings(home=mine, database=""))) as product:
        by = product.operator(Role.INSTRUCTOR)
        dossier = DossierId(product.find_thing("dossier", KEPT))
        product.do(DeclareDossierInterest(dossier=dossier), by)

    seen = ask(mine, "qui-a-decide", "--call", CALL)
    drawn = [
        *("audit", "sample", "--seed", "1", "--size", "9", "--of", "dossiers", "--call", CALL),
        *("--out", str(tmp_path / "tirage")),
    ]
    sample = jalon("--home", mine, *drawn)

    assert KEPT not in seen.out
    assert LEFT in seen.out
    assert "Un intérêt est déclaré pour vous dans 1 dossier" in seen.out
    assert sample.code == 0
    (folder,) = (tmp_path / "tirage").glob(f"*-{KEPT}")
    assert [file.name for file in folder.iterdir()] == ["ECARTE.txt"]
    (other,) = (tmp_path / "tirage").glob(f"*-{LEFT}")
    assert (other / "fiche.json").exists()
