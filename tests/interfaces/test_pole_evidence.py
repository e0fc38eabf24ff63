"""The pieces of a pole: what is asked for and wanting, what is on file with its hashes."""

from uuid import UUID

import pytest

from application.document import EraseDocument, FileDocument
from domain.pole import PoleId
from interfaces.wiring import Product
from tests import documents
from tests.interfaces.test_web import Pages, a_pole

HERE = "/poles/pole-des-deux-rives/pieces"


@pytest.fixture
def pages(bare: Product) -> Pages:
    a_pole(bare)
    return Pages(bare)


def file(product: Product, **more: object) -> UUID:
    fields = {
        "pole": PoleId(product.find("pole-des-deux-rives")),
        "content": documents.pdf(),
        "kind": "strategy",
        "as_evidence": True,
        "received_on": "2024-05-12",
    }
    done = product.do(FileDocument.model_validate(fields | more), product.operator())
    return UUID(str(done.answer))


def test_what_a_step_asks_for_in_vain_comes_first_and_says_who_can_act(pages: Pages) -> None:
    text = pages.read(HERE).text

    assert "manque pour avancer" in text
    assert text.index("manque pour avancer") < text.index("Demandée pour")
    assert "Le représentant du pôle ou la tenue du registre peut la verser" in text


def test_a_piece_on_file_is_said_with_its_hashes(bare: Product, pages: Pages) -> None:
    document = file(bare)
    sheet = bare.document(document, bare.moment())
    text = pages.read(HERE).text

    assert sheet.ciphertext in text
    assert sheet.commitment in text
    assert "Document de stratégie commune au dossier" in text


def test_the_hashes_of_an_erased_document_stay(bare: Product, pages: Pages) -> None:
    document = file(bare)
    fields = {"document": document, "ground": "RGPD art. 17", "motive": "à sa demande"}
    bare.do(EraseDocument.model_validate(fields), bare.operator())
    text = pages.read(HERE).text

    assert "ses empreintes restent" in text
    assert bare.document(document, bare.moment()).ciphertext in text


def test_what_was_not_filed_yet_is_not_there(bare: Product, pages: Pages) -> None:
    before = bare.moment().known
    file(bare)

    assert (
        "au dossier" not in pages.read(f"{HERE}?known=@{before}").text.split("Ce qui est")[1][:80]
    )
    assert "SHA-256" not in pages.read(f"{HERE}?known=@{before}").text
    assert "SHA-256" in pages.read(HERE).text


def test_a_piece_that_is_not_asked_for_is_told_apart(bare: Product, pages: Pages) -> None:
    file(bare, kind="statutes", content=documents.png())

    assert "Les autres pièces au dossier" in pages.read(HERE).text
