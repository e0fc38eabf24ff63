"""Nobody grants the quality of PTCE: one word is never ours, on a screen or in a name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("domain", "application", "infrastructure", "interfaces", "tools", "docs", "changes")
QUOTED = ROOT / "domain" / "reference" / "history"
"""What sources say, and their addresses: quotations stand as they are."""

TEXTS = (".py", ".md", ".html", ".css", ".js", ".yaml", ".csv", ".txt", ".toml", ".sql", ".eml")

THE_WORD = re.compile(r"label+i[sz]", re.IGNORECASE)


def files() -> list[Path]:
    """Every text of the product: code, templates, data, documentation."""
    found = [ROOT / "README.md", ROOT / "run.py", ROOT / "pyproject.toml"]
    for folder in OURS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    kept = [p for p in found if QUOTED not in p.parents and "__pycache__" not in p.parts]
    return [path for path in kept if path.suffix in TEXTS]


@pytest.mark.parametrize("folder", [*OURS, "."])
def test_the_word_is_in_no_text_of_ours(folder: str) -> None:
    ours = [p for p in files() if folder == "." or (ROOT / folder) in p.parents]
    assert ours

    saying = [p.name for p in ours if THE_WORD.search(p.read_text("utf-8") + p.name)]

    assert saying == []


def test_where_sources_use_it_the_word_is_theirs() -> None:
    """It stands in a quotation or in an address, and nowhere else."""
    for path in sorted(QUOTED.glob("*.csv")):
        for line in path.read_text("utf-8").splitlines():
            for found in THE_WORD.finditer(line):
                before = line[: found.start()]
                in_address = re.search(r"https?://\S*$", before)
                in_quotes = before.count("«") > before.count("»") or before.count("'") % 2
                assert in_address or in_quotes, line[:120]
