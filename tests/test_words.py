"""Nobody grants the quality of PTCE: one word is never ours, on a screen or in a name."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.charter_text import read_charter
from domain.register import REGISTER, Register
from infrastructure.dcworkflow.reading import name_of

ROOT = Path(__file__).resolve().parent.parent
OURS = ("domain", "application", "infrastructure", "interfaces", "tools", "docs", "changes")
QUOTED = tuple(ROOT / "domain" / "reference" / name for name in ("history", "calls"))
"""What sources say, and their addresses: quotations stand as they are."""

TEXTS = (".py", ".md", ".html", ".css", ".js", ".yaml", ".csv", ".txt", ".toml", ".sql", ".eml")

THE_WORD = re.compile(r"label+i[sz]", re.IGNORECASE)


def files() -> list[Path]:
    """Every text of the product: code, templates, data, documentation."""
    found = [ROOT / "README.md", ROOT / "run.py", ROOT / "pyproject.toml"]
    for folder in OURS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    quoted = {path for folder in QUOTED for path in folder.rglob("*")}
    kept = [p for p in found if p not in quoted and "__pycache__" not in p.parts]
    return [path for path in kept if path.suffix in TEXTS]


@pytest.mark.parametrize("folder", [*OURS, "."])
def test_the_word_is_in_no_text_of_ours(folder: str) -> None:
    ours = [p for p in files() if folder == "." or (ROOT / folder) in p.parents]
    assert ours

    saying = [p.name for p in ours if THE_WORD.search(p.read_text("utf-8") + p.name)]

    assert saying == []


def test_where_sources_use_it_the_word_is_theirs() -> None:
    """It stands in a quotation or in an address, and nowhere else."""
    for path in sorted(p for folder in QUOTED for p in folder.iterdir()):
        for line in path.read_text("utf-8").splitlines():
            for found in THE_WORD.finditer(line):
                before = line[: found.start()]
                in_address = re.search(r"https?://\S*$", before)
                in_quotes = before.count("«") > before.count("»") or before.count("'") % 2
                assert in_address or in_quotes, line[:120]


SPELLINGS = ("labellisé", "Labelisé", "LABELLISATION", "labellisée", "labellizado", "délabellisé")
words = st.text(
    st.characters(codec="utf-8", categories=["L", "M", "N", "P", "S", "Zs"]), max_size=30
)
HIDDEN = ("", "\u00ad", "\u200b", "\u2060", "\u0301")


def names_made_of(name: str) -> list[str]:
    """Every identifier that the product makes of a text that somebody gives."""
    register = Register(REGISTER)
    text = read_charter(f"Charte\n\nArticle 1 – {name}\n\nUn texte.\n")
    return [register.free_code(name), name_of(name), *(part.id for part in text.articles)]


def test_a_pole_may_quote_the_word_in_its_name_and_not_in_its_code() -> None:
    register = Register(REGISTER)

    assert register.free_code("Pôle labellisé du Nord") == "pole-du-nord"
    assert register.free_code("Labellisé") == "pole"
    assert name_of("labellisation_simple") == "simple"


@given(
    words,
    st.sampled_from(SPELLINGS),
    st.integers(0, 5),
    st.sampled_from(HIDDEN),
    words,
    st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]),
)
def test_nothing_is_named_with_the_word_however_it_is_spelt(
    before: str, word: str, place: int, hidden: str, after: str, form: str
) -> None:
    said = f"{before}{word[:place]}{hidden}{word[place:]}{after}"

    for made in names_made_of(unicodedata.normalize(form, said)):  # type: ignore[arg-type]
        assert not THE_WORD.search(made)
