"""The pages of documents in a real browser: readable by all, narrow and wide."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from application.document import EraseDocument, FileDocument
from application.pole import RegisterPole
from domain.pole import PoleId
from interfaces.wiring import Product
from tests import documents, make
from tests.interfaces.conftest import serving
from tests.interfaces.test_browser import ASKED, unfold, visiting
from tests.interfaces.test_browser import browser as browser


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("registry")
    with make.product(folder / "home") as made:
        made.do(RegisterPole(name="Fictif"), made.operator())
        yield made


@pytest.fixture(scope="module")
def paths(product: Product) -> list[str]:
    """The list, the sheet of a pole with evidence, of a message, and of an erased document."""
    by, pole = product.operator(), PoleId(product.find("fictif"))
    message = documents.eml(("compte-rendu.pdf", documents.pdf()), ("b.exe", b"MZ"))
    filed = [
        product.do(
            FileDocument.model_validate(
                {
                    "pole": pole,
                    "content": content,
                    "kind": "strategy",
                    "as_evidence": True,
                    "received_on": "2024-05-12",
                    "sent_on": "2024-05",
                    "expires": "2099-12-31",
                }
            ),
            by,
        ).answer
        for content in (message, documents.png())
    ]
    fields = {"document": filed[1], "ground": "RGPD art. 17", "motive": "à sa demande"}
    product.do(EraseDocument.model_validate(fields), by)
    return ["/documents", "/poles/fictif", *(f"/documents/{id_}" for id_ in filed)]


@pytest.fixture(scope="module")
def base(product: Product) -> Iterator[str]:
    with serving(product) as address:
        yield address


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_of_documents_are_for_everybody(
    browser: Browser, base: str, paths: list[str], width: int
) -> None:
    for path in paths:
        with visiting(browser, base, width=width) as visit:
            visit.open(path)
            unfold(visit.page)

            found = Axe().run(visit.page, options=ASKED)

            assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
            wide = visit.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} pixels wide"
