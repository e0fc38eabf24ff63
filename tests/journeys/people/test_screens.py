"""Every picture that a document shows is one that a journey takes, and the other way round."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"


def test_documents_show_what_journeys_take() -> None:
    pages = "".join(page.read_text("utf-8") for page in DOCS.rglob("*.md"))
    shown = set(re.findall(r"screens/([\w-]+)\.png", pages))
    journeys = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    taken = set(re.findall(r'looks\("([\w-]+)"\)', journeys))

    assert shown == taken == {file.stem for file in (DOCS / "screens").glob("*.png")}


def test_pictures_are_light() -> None:
    assert all(file.stat().st_size <= 250_000 for file in (DOCS / "screens").glob("*.png"))
