"""Identifiers and words made safe for what pictures are written in."""

import re
from collections.abc import Iterator

_PLAIN = re.compile(r"[A-Za-z0-9]|_(?=[A-Za-wyz0-9])")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 does not allow at all, even escaped."""


def identifier(prefix: str, *texts: str) -> str:
    """An identifier of letters, digits and `_` that these texts alone have under this prefix.

    XML, Mermaid and expressions of every language take it as a name. Anything else in a text is
    written as `_x` and its number in six hexadecimal digits, so that `__`, which stands between
    two texts, is never within one.
    """
    return f"{prefix}_" + "__".join("".join(_written(text)) for text in texts)


def _written(text: str) -> Iterator[str]:
    for place, sign in enumerate(text):
        yield sign if _PLAIN.match(text, place) else f"_x{ord(sign):06X}"


def one_line(text: str) -> str:
    """A text without what breaks a line, or what XML cannot hold."""
    return " ".join(_FORBIDDEN.sub("\ufffd", text).split())


def xml(text: str) -> str:
    """A text for an element or an attribute between double quotes."""
    cleaned = _FORBIDDEN.sub("\ufffd", text)
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        cleaned = cleaned.replace(sign, written)
    return cleaned


# --- how wide words are ------------------------------------------------------------------------

_NARROW = frozenset("iljtfrI.,;:!'|()[] ’‘-/\\\u00a0")
_WIDE = frozenset("mwMW@%—œŒæÆ…")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the sans serif faces that screens and printers have."""
    units = sum(_units(sign) for sign in text)
    return units * size * (1.12 if bold else 1.0)


def _units(sign: str) -> float:
    if sign in _NARROW:
        return 0.34
    if sign in _WIDE:
        return 0.95
    if ord(sign) > 0x2E80:  # writings whose signs are square
        return 1.05
    return 0.74 if sign.isupper() else 0.57


def wrap(text: str, room: float, size: float, *, bold: bool = False, lines: int = 4) -> list[str]:
    """A text on as many lines as it takes, none wider than the room; cut with `…` beyond them.

    Its lines are as even as they can be without being more.
    """
    found = _lines(text, room, size, bold)
    narrow, wide = 0.0, room
    while len(found) > 1 and wide - narrow > 4:
        middle = (narrow + wide) / 2
        tried = _lines(text, middle, size, bold)
        even = len(tried) == len(found) and "".join(tried).count(" ") == "".join(found).count(" ")
        found, narrow, wide = (tried, narrow, middle) if even else (found, middle, wide)
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1].rstrip(" .,;:") + "…"]
    return found


def _lines(text: str, room: float, size: float, bold: bool) -> list[str]:
    found = [""]
    for word in _glued(one_line(text)):
        for piece in _pieces(word, room, size, bold):
            longer = f"{found[-1]} {piece}".strip()
            if width(longer, size, bold=bold) <= room or not found[-1]:
                found[-1] = longer
            else:
                found.append(piece)
    return found


def _glued(text: str) -> list[str]:
    """The words of a text; French punctuation stays with the word before it."""
    return re.sub(r" (?=[;:!?»])|(?<=«) ", "\u00a0", text).split(" ")


def _pieces(word: str, room: float, size: float, bold: bool) -> Iterator[str]:
    """A word, in pieces where it is wider than the room."""
    piece = ""
    for sign in word:
        if piece and width(piece + sign, size, bold=bold) > room:
            yield piece
            piece = ""
        piece += sign
    yield piece
