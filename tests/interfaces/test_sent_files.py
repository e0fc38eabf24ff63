"""Files that come with the form of an act: kept while it is looked at, refused in a sentence."""

from collections.abc import Iterator
from html import unescape

import pytest

from application.document_list import DOCUMENTS
from application.pole import RegisterPole
from domain.roles import Role
from infrastructure.reference import REFERENCE
from interfaces.wiring import Product
from tests.documents import pdf
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, hidden, person

KEPT = "_file.content"
CHARTER = (REFERENCE / "charters" / "exemple.txt").read_bytes()
GRID = next((REFERENCE / "grids").glob("referentiel@*.yaml")).read_text("utf-8")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    made = registry(tmp_path_factory.mktemp("files"))
    made.do(RegisterPole(name="Pôle d'essai"), made.operator())
    yield made
    made.close()


@pytest.fixture(scope="module")
def registrar(product: Product) -> Person:
    return person(product, Role.REGISTRAR)


@pytest.fixture(scope="module")
def pole(product: Product) -> str:
    return str(product.find("pole-d-essai"))


def said(pole: str) -> dict[str, str]:
    return {"pole": pole, "kind": "statutes", "channel": "upload"}


def documents(product: Product, pole: str) -> list[str]:
    return [line.title for line in product.listed(DOCUMENTS, product.moment(), pole=pole)]


def test_a_file_need_not_be_chosen_again_after_it_was_checked(
    product: Product, registrar: Person, pole: str
) -> None:
    path = f"/actes/document.file?pole={pole}"
    checked = registrar.send(path, said(pole), "check", content=("statuts.pdf", pdf())).text
    (content,) = product.journal.query("SELECT content FROM draft WHERE form LIKE '%/files'")[0]

    answer = registrar.send(path, {**said(pole), KEPT: hidden(checked, KEPT)})

    assert "Fichier gardé" in checked
    assert "statuts.pdf" in checked
    assert b"PDF" not in bytes(content)
    assert answer.status_code == 303
    assert len(documents(product, pole)) == 1
    assert product.journal.query("SELECT content FROM draft WHERE form LIKE '%/files'") == []


def test_a_file_that_is_kept_no_more_is_asked_for_again(registrar: Person, pole: str) -> None:
    answer = registrar.send(f"/actes/document.file?pole={pole}", {**said(pole), KEPT: "0" * 64})

    assert answer.status_code == 422
    assert "choisissez-le de nouveau" in answer.text


def test_the_file_of_another_is_not_to_be_had(
    product: Product, registrar: Person, pole: str
) -> None:
    path = f"/actes/document.file?pole={pole}"
    checked = registrar.send(path, said(pole), "check", content=("autre.pdf", pdf())).text

    answer = person(product, Role.REGISTRAR).send(path, {**said(pole), KEPT: hidden(checked, KEPT)})

    assert answer.status_code == 422


def test_an_empty_file_is_refused_and_what_was_typed_stays(registrar: Person, pole: str) -> None:
    path = f"/actes/document.file?pole={pole}"

    answer = registrar.send(path, {**said(pole), "title": "Nos statuts"}, content=("v.pdf", b""))

    assert answer.status_code == 422
    assert "Le fichier « v.pdf » est vide" in unescape(answer.text).replace("\xa0", " ")
    assert "Nos statuts" in answer.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "n'est pas du texte en UTF-8"),
        (b"x" * 500_001, "dépasse 200 ko"),
    ],
)
def test_what_is_no_text_of_a_charter_is_refused(
    registrar: Person, content: bytes, words: str
) -> None:
    answer = registrar.send(
        "/actes/charter.publish",
        {"charter_kind": "national", "version": "2021-06"},
        "record",
        **{"text.file": ("charte.txt", content)},
    )

    assert answer.status_code == 422
    assert words in unescape(answer.text).replace("\xa0", " ").replace("\u202f", " ")


def test_a_charter_is_published_from_its_file(product: Product, registrar: Person) -> None:
    typed = {"charter_kind": "national", "version": "06/2021"}
    checked = registrar.send(
        "/actes/charter.publish", typed, "check", **{"text.file": ("charte.txt", CHARTER)}
    )
    assert "Ce qui serait enregistré" in checked.text
    assert CHARTER.decode().splitlines()[0] in unescape(checked.text)  # it need not be sent again

    answer = registrar.send(
        "/actes/charter.publish", typed, "record", **{"text.file": ("charte.txt", CHARTER)}
    )

    assert answer.headers["location"].startswith("/chartes/")


def test_a_grid_is_published_from_its_file(product: Product, registrar: Person) -> None:
    text = GRID.replace("placeholder-2026-11", "2099-01").encode()

    answer = registrar.send(
        "/actes/grid.publish", {}, "record", **{"grid.file": ("grille.yaml", text)}
    )
    again = registrar.send("/actes/grid.publish", {}, "check", **{"grid.file": ("g.yaml", text)})
    wrong = registrar.send(
        "/actes/grid.publish", {}, "record", **{"grid.file": ("g.yaml", b"a: 1")}
    )

    assert answer.status_code == 303
    assert "le registre le sait déjà" in again.text
    assert wrong.status_code == 422
