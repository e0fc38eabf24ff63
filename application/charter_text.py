"""Read a charter as people write one: plain text, whose shape tells its parts.

Two shapes are read: headings with numbers (« I. Préambule », « Article 2 – Objet ») and headings
without (short lines that end without punctuation). Pure: a text in, its parts out. What is found
is shown to a person before it is published, for no shape tells everything (product rule).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from domain.charter_text import Article, CharterText, Paragraph, TextUndertaking
from domain.errors import Invalid
from domain.spelling import shown, slug
from domain.values import Prose

LARGEST_TEXT = 200_000
"""Bytes. The charters that are known are thirty times smaller."""

LONGEST_HEADING = 90
"""Characters of a heading without a number; longer, a line is a paragraph."""

MOST_PARTS = 2_000
"""Lines of a text, those of its form too."""


class UnreadableCharter(Invalid):
    """The text cannot be read as a charter."""

    code = "charter.unreadable"
    fr = "Ce texte ne peut pas être lu comme une charte : {reason}."
    en = "This text cannot be read as a charter ({reason})."


NOTHING_FOUND = (
    "aucun article n'y est trouvé ; un article commence par un titre, numéroté (« I. Préambule ») "
    "ou seul sur une ligne courte sans point final, et compte au moins un paragraphe"
)


def decoded(data: bytes) -> str:
    """The text of a file, exactly: the same bytes come of it in UTF-8, mark of order included."""
    if len(data) > LARGEST_TEXT:
        raise _too_large()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        reason = "le fichier n'est pas du texte en UTF-8 ; enregistrez-le dans ce format"
        raise UnreadableCharter(reason=reason) from None


def read_charter(text: str) -> CharterText:
    """The parts of a charter; a text in which no article is found is refused."""
    if len(text.encode(errors="replace")) > LARGEST_TEXT:
        raise _too_large()
    lines = _lines(text)
    try:
        return _read(lines)
    except ValidationError:
        raise UnreadableCharter(reason="un de ses paragraphes est trop long") from None


def _read(lines: list[str]) -> CharterText:
    notes, lines = _notes(lines)
    form, lines = _form(lines)
    shape = _numbered if any(_numbered_headings(lines)) else _plain
    opening, parts = _parts(lines, shape(lines))
    if parts and not parts[-1].lines and form:  # the heading of the form
        form = [parts.pop().heading, *form]
    articles = _articles(parts)
    if not any(article.paragraphs for article in articles):
        raise UnreadableCharter(reason=NOTHING_FOUND)
    undertakings = [u for part in parts for u in _undertakings(part.lines)]
    notice = next((note for note in [*notes, *_prose(parts)] if _is_notice(note)), None)
    return CharterText(
        opening=tuple(p.words for p in _paragraphs(opening)),
        articles=tuple(articles),
        undertakings=tuple(
            TextUndertaking(id=f"engagement_{n:02}", words=words)
            for n, words in enumerate(undertakings, 1)
        ),
        notice=notice,
        notes=tuple(note for note in notes if note != notice),
        form=tuple(form),
    )


def _too_large() -> UnreadableCharter:
    return UnreadableCharter(reason=f"il dépasse {LARGEST_TEXT // 1000} ko")


# --- lines --------------------------------------------------------------------------------------

_PROSE: TypeAdapter[str] = TypeAdapter(Prose)


def _lines(text: str) -> list[str]:
    """The lines of a text, composed (NFC), spaces of any kind made one; empty ones kept."""
    composed = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    lines = [" ".join(shown(line).split()) for line in re.split(r"\r\n|\r|\n", composed)]
    if len(lines) > MOST_PARTS:
        raise UnreadableCharter(reason=f"il compte plus de {MOST_PARTS} lignes")
    for number, line in enumerate(lines, 1):
        try:
            _PROSE.validate_python(line or "-")
        except ValidationError:
            reason = f"la ligne {number} contient des caractères de contrôle, ou est trop longue"
            raise UnreadableCharter(reason=reason) from None
    return lines


_ITEM = re.compile(r"(?:[-–—•·▪◦*‣]|[a-z0-9]{1,2}\))\s*(?=\S)")
_COUNTED = re.compile(r"\d{1,2}[.)]\s+(?=\S)")
_CONTINUED = re.compile(r"[^.!?:;…»]$")


def _item(line: str) -> str | None:
    """The words of an item of a list; `None` for a line that is none."""
    found = _ITEM.match(line)
    return line[found.end() :] if found else None


def _continues(line: str, before: str) -> bool:
    """Whether a line goes on with the sentence of the line just before it."""
    return bool(before and line and line[0].islower() and _CONTINUED.search(before))


# --- what stands apart: notes, notice, form -----------------------------------------------------

_NOTE = re.compile(r"(?:[¹²³⁴-⁹]+|\[\d\]|\(\d\))\s*(?=\S)")
_NOT = re.compile(r"\b(?:n['’]|ne\b|aucun)", re.IGNORECASE)
_SIGNING = re.compile(r"^\W*(?:la signature|les signatures|signer)\b", re.IGNORECASE)


def _notes(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The notes below a text, without their marks, and the text without them."""
    notes: list[str] = []
    end = len(lines)
    while end and (not lines[end - 1] or _NOTE.match(lines[end - 1])):
        end -= 1
        if found := _NOTE.match(lines[end]):
            notes.insert(0, lines[end][found.end() :])
    return notes, list(lines[:end])


def _is_notice(words: str) -> bool:
    """Whether a sentence says what signing does not mean."""
    return bool(_SIGNING.search(words) and _NOT.search(words))


_BLANKS = r"_{3,}|\.{5,}|…{2,}"
_MARKS = (
    re.compile(r"\(\s*(?:intitulé|titre|dénomination)\b", re.IGNORECASE),
    re.compile(r"\(\s*noms?\b.{0,15}\bprénoms?\b", re.IGNORECASE),
    re.compile(r"^\W*fait\s*(?:à|a)\b(?=.*\ble\b|\s*[,:_.…]|\s*$)", re.IGNORECASE),
    re.compile(r"\bsignature\s*\(\s*s\s*\)|^\W*signatures?\W*$", re.IGNORECASE),
    re.compile(_BLANKS),
)
"""What only a form to be filled in says. Reading by machine damages a form more than a text."""


def _form(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The form at the end of a text, and the text without it.

    It begins where, in one block of lines, two different marks of a form follow one another, or
    with the marked blocks just above.
    """
    for start, line in enumerate(lines):
        if _marks([line]) and len(_marks(_block(lines, start))) > 1:
            first = _first_marked(lines, start)
            return [line for line in lines[first:] if line], list(lines[:first])
    return [], list(lines)


def _first_marked(lines: Sequence[str], start: int) -> int:
    """Where the blocks begin that stand above a line, one after the other, and bear marks."""
    while True:
        above = start
        while above and not lines[above - 1]:
            above -= 1
        top = next((n for n in range(above, 0, -1) if not lines[n - 1]), 0)
        if above == start or not _marks(lines[top:above]):
            return start
        start = top


def _block(lines: Sequence[str], start: int) -> list[str]:
    end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines))
    return list(lines[start:end])


def _marks(lines: Sequence[str]) -> set[int]:
    return {n for n, mark in enumerate(_MARKS) for line in lines if mark.search(line)}


# --- headings -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Heading:
    line: int
    words: str
    number: str | None = None


@dataclass(slots=True)
class _Part:
    heading: str
    number: str | None
    lines: list[str] = field(default_factory=list)


_NUMBER = re.compile(
    r"(?P<word>Article\s+)?(?P<number>[IVXLC]+|\d{1,2})(?:er)?"
    r"(?:\s*[.)°–—:-]+\s+(?P<words>\S.*)|\s*[.:]?)",
    re.IGNORECASE,
)


def _numbered_headings(lines: Sequence[str]) -> Iterator[_Heading]:
    """The headings whose numbers follow one another from one, all written in the same way.

    A line after one that ends with « : » is an item of a list, however it is numbered.
    """
    style: tuple[bool, bool] | None = None
    number, before, listing = 0, "", False
    for place, line in enumerate(lines):
        if not line:
            continue
        found = _NUMBER.fullmatch(line)
        listing = (listing or before.endswith(":")) and (found or _item(line)) is not None
        before = line
        if found is None or not _may_head(found, line):
            continue
        own = (bool(found["word"]), not found["number"].isdigit())
        if found["number"].upper() != _counted(number + 1, roman=own[1]):
            continue
        if own != style and (style is not None or (listing and not found["word"])):
            continue
        style, number, listing = own, number + 1, False
        yield _Heading(place, found["words"] or line.rstrip(" .:"), _number(found))


def _may_head(found: "re.Match[str]", line: str) -> bool:
    """Whether a numbered line can be a heading: it is short, and no sentence."""
    ends = ";,:" if found["word"] else ".;,:"
    return len(line) <= 2 * LONGEST_HEADING and (
        bool(found["word"]) if not found["words"] else line[-1] not in ends
    )


def _number(found: "re.Match[str]") -> str | None:
    return found["number"].upper() if found["words"] else None


def _counted(number: int, *, roman: bool) -> str:
    if not roman:
        return str(number)
    figures = zip(("C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"), _ROMAN, strict=True)
    said = ""
    for figure, value in figures:
        said += figure * (number // value)
        number %= value
    return said


_ROMAN = (100, 90, 50, 40, 10, 9, 5, 4, 1)


def _numbered(lines: Sequence[str]) -> list[_Heading]:
    return list(_numbered_headings(lines))


def _plain(lines: Sequence[str]) -> list[_Heading]:
    """The short lines that begin with a capital, end without punctuation, and stand alone."""
    return [_Heading(n, line) for n, line in enumerate(lines) if _is_plain_heading(lines, n)]


def _is_plain_heading(lines: Sequence[str], number: int) -> bool:
    line = lines[number]
    above = lines[number - 1] if number else ""
    below = lines[number + 1] if number + 1 < len(lines) else ""
    if not line or len(line) > LONGEST_HEADING or _item(line) is not None or _COUNTED.match(line):
        return False
    if not (line[0].isupper() or line[0].isdigit()) or re.search(r"[.,;:!?…]$", line):
        return False
    # The first line of a paragraph that was cut in lines ends without punctuation too.
    if below and (below[0].islower() or len(line) > LONGEST_HEADING * 2 // 3):
        return False
    begins = not above or _item(above) is not None or not _CONTINUED.search(above)
    return begins or len(above) <= LONGEST_HEADING


def _parts(lines: Sequence[str], headings: Sequence[_Heading]) -> tuple[list[str], list[_Part]]:
    """What stands before the first heading, then each heading with the lines below it."""
    if not headings:
        return list(lines), []
    ends = [heading.line for heading in headings[1:]] + [len(lines)]
    parts = [
        _Part(heading.words, heading.number, _trimmed(lines[heading.line + 1 : end]))
        for heading, end in zip(headings, ends, strict=True)
    ]
    opening = _trimmed(lines[: headings[0].line])
    while len(parts) > 1 and not parts[0].lines and parts[0].number is None:
        opening.append(parts.pop(0).heading)  # the title of the text, and what is below it
    return opening, parts


def _trimmed(lines: Sequence[str]) -> list[str]:
    """Lines without the empty ones around them."""
    full = [n for n, line in enumerate(lines) if line]
    return list(lines[full[0] : full[-1] + 1]) if full else []


# --- paragraphs and undertakings ----------------------------------------------------------------


def _paragraphs(lines: Sequence[str]) -> list[Paragraph]:
    """The paragraphs and items of some lines; a line that goes on with the one above is joined."""
    found: list[tuple[str, bool]] = []
    above, counting = "", False
    for line in lines:
        words = _item(line)
        counted = _COUNTED.match(line)
        counting = bool(counted and (counting or (found and found[-1][0].endswith(":")))) or (
            counting and not line
        )
        if not line:
            pass
        elif counted and counting:
            found.append((line[counted.end() :], True))
        elif words is not None:
            found.append((words, True))
        elif found and _continues(line, above):
            found[-1] = (f"{found[-1][0]} {line}", found[-1][1])
        else:
            found.append((line, False))
        above = line
    return [Paragraph(words=words, item=item) for words, item in found]


def _articles(parts: Sequence[_Part]) -> list[Article]:
    articles: list[Article] = []
    for place, part in enumerate(parts, 1):
        base = slug(part.heading)[:70].strip("-") or f"article-{place}"
        taken = {article.id for article in articles}
        id_, n = base, 2
        while id_ in taken:
            id_, n = f"{base}-{n}", n + 1
        articles.append(
            Article(
                id=id_,
                number=part.number,
                heading=part.heading,
                paragraphs=tuple(_paragraphs(part.lines)),
            )
        )
    return articles


def _prose(parts: Sequence[_Part]) -> Iterator[str]:
    for part in parts:
        for paragraph in _paragraphs(part.lines):
            if not paragraph.item:
                yield paragraph.words


_ENGAGES = re.compile(
    r"\b(?:s['’]\s?engage(?:nt)?|nous engageons|m['’]engage)(?: également| aussi)? à\s*:$",
    re.IGNORECASE,
)


def _undertakings(lines: Sequence[str]) -> Iterator[str]:
    """The items of the lists that « s'engagent à : » introduces, without the marks around them."""
    listing = False
    for paragraph in _paragraphs(lines):
        if paragraph.item:
            if listing:
                yield _without_its_end(paragraph.words)
        else:
            listing = bool(_ENGAGES.search(paragraph.words))


def _without_its_end(words: str) -> str:
    """The words of an item without the sign that ended it in its list: « ; », « , » or « . »."""
    return re.sub(r"(?<!\.)(?<!\betc)\.$", "", words.rstrip(" ;,")).rstrip(" ;,") or words
