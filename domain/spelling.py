"""How words are written: what of them shows, and when two spellings are of the same words."""

import re
import unicodedata
from typing import Any

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2060-\u2065"
    "\u206a-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""What shows nothing wherever it stands (Unicode: default ignorable), and blanks that are letters
or symbols. Reversals of direction are not among them: they are refused, not taken out."""

_JOINERS = "\u200c\u200d\ufe0f"
"""What shows nothing by itself, yet changes what it stands beside: some scripts need it."""

_LOOSE = re.compile(
    r"(?<![^\s\u200c\u200d\ufe0f])\ufe0f|(?<=[^\W\d_])\ufe0f|(?<![^\s\u200c\u200d])[\u200c\u200d]"
    r"|[\u200c\u200d](?![^\s\u200c\u200d\ufe0f])"
)
"""The same, beside nothing that it could change."""

_SAME = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})


def shown(text: Any) -> Any:
    """A text without what shows nothing: a name has one spelling for whoever reads it.

    Refused where nothing is left to be read, as an empty text is. What is no text is left as it is.
    """
    if not isinstance(text, str) or text.isascii():
        return text
    kept = _LOOSE.sub("", _HIDDEN.sub("", text))
    return kept if any(unicodedata.category(letter)[0] in "LNPS" for letter in kept) else ""


def same(text: str) -> str:
    """What two spellings of one name have in common: no capitals, accents, nor doubled spaces.

    The one way in which names, parties and relations are compared: composed or decomposed, with a
    ligature or a typographic apostrophe, or with marks that show nothing, they are the same.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = (
        letter
        for letter in _HIDDEN.sub("", plain.translate(_SAME))
        if not unicodedata.combining(letter) and letter not in _JOINERS
    )
    return " ".join("".join(seen).split())


def plain(text: str) -> str:
    """Words in ASCII to search and sort by: `Énergies en Pays` is `energies-en-pays`."""
    return re.sub(r"[^a-z0-9]+", "-", same(text)).strip("-")


_NEVER_OURS = re.compile("label+i[sz]")


def slug(text: str) -> str:
    """The same, to name things by: without the word that is never ours, whoever wrote it.

    A name that has it is a quotation, and stands as it is; what the product makes of it is not.
    """
    return "-".join(word for word in plain(text).split("-") if not _NEVER_OURS.search(word))
