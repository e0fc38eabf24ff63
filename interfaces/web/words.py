"""What only the pages say: dates inside a sentence, moments, values of facts, links in sources."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from application.listing import date_alone
from application.ways import WayLine
from application.wording import date_in_words, instant_in_words, known_in_words
from application.world import Moment
from domain.dates import MONTHS
from domain.workflow import Verdict

NBSP = "\u00a0"

STAGE_MEANINGS: Mapping[str, str] = {
    "emergence": "le pôle se constitue, ou se présente lui-même comme un PTCE.",
    "charter_signed": "le pôle a signé la charte nationale de la démarche collective PTCE ; "
    "toutes les autres étapes peuvent être atteintes sans elle.",
    "experimentation": "le pôle expérimente, le plus souvent après avoir été retenu par un appel : "
    "pôles témoins de 2012, appels de l'État de 2013 et de 2015, appels à manifestation d'intérêt "
    "depuis 2021.",
    "recognised": "une reconnaissance au titre de l'article 9 de la loi du 31 juillet 2014 est en "
    "vigueur : constat de composition (I) ou sélection par le comité interministériel (II).",
    "dormant": "aucun fait daté n'est connu depuis douze mois, "
    "et un contact est resté sans réponse.",
    "ended": "le pôle a cessé ; sa fiche reste lisible.",
}

CONFIDENCE_MEANINGS: Mapping[str, str] = {
    "confirmed": "la source citée le dit.",
    "probable": "plusieurs indices concordent, sans document qui l'affirme.",
    "inferred": "déduit d'autres faits.",
    "unconfirmed": "aucune source n'a encore été consultée.",
}

MARKS: Mapping[str, str] = {
    Verdict.HELD: "✓",
    Verdict.FAILED: "✕",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_CHECKED: "–",
}
"""A sign beside the word of each verdict, never in its place."""


_GLUED = re.compile(
    r" (?=[;:!?»€%])"  # before what closes
    r"|(?<=«) "  # after what opens
    r"|(?<=\d) (?=\d{3}\b)"  # between thousands
    r"|(?<=\bn°) "
    r"|(?<=\d) (?=h\b)|(?<=\d h) (?=\d)"
    rf"|(?<=\d) (?=(?:{'|'.join(MONTHS)})\b)|(?<=\b1er) (?=(?:{'|'.join(MONTHS)})\b)"
)


def typeset(text: str) -> str:
    """Keep French punctuation, thousands and days on the line of what they belong to."""
    return _GLUED.sub(NBSP, text)


def plural(number: int, one: str, many: str) -> str:
    """A number with its noun, thousands apart."""
    return f"{thousands(number)} {many if number > 1 else one}"


def thousands(number: int) -> str:
    return f"{number:,}".replace(",", NBSP)


def day(text: str | date) -> str:
    """A date alone, as in a column: `25 juin 2012`, `2021`, `date inconnue`."""
    return date_alone(str(text))


def instant(moment: datetime) -> str:
    """`le 22 novembre 2026 à 16 h 13`, in Paris."""
    return instant_in_words(moment).replace(" h ", f"{NBSP}h{NBSP}")


def moment_in_words(moment: Moment) -> str | None:
    """Which days a page is asked about; `None` when it is about today."""
    if moment.is_today:
        return None
    day_in_force = date_in_words(moment.in_force.isoformat())
    if moment.known_on is None and moment.known_size is None:
        return (
            f"ce qui était en vigueur {day_in_force}, d'après ce que le registre sait aujourd'hui"
        )
    known = known_in_words(moment)
    if moment.known_on == moment.in_force:
        end = "" if moment.known_at else ", à la fin de ce jour"
        return f"le registre tel qu'il était connu {known}{end}"
    return f"ce qui était en vigueur {day_in_force}, tel que le registre le savait {known}"


def progress(way: WayLine) -> str:
    """How much of a way is met: `Conditions remplies : 2 sur 5`."""
    held = sum(clause.verdict is Verdict.HELD for clause in way.clauses)
    return f"Conditions remplies{NBSP}: {held} sur {len(way.clauses)}"


def siret(number: str) -> str:
    """`123 456 789 00012`."""
    return NBSP.join((number[:3], number[3:6], number[6:9], number[9:]))


def names(codes: Iterable[str], words: Mapping[str, str]) -> str:
    """Codes in words, one after the other."""
    return ", ".join(words.get(code, code) for code in codes)


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A piece of a source: plain text, or an address that can be followed."""

    text: str
    address: str | None = None


_ADDRESS = re.compile(r"https?://[^\s<>\"«»]+")


def sources(text: str) -> list[list[SourcePart]]:
    """The sources of one text, whole and in order; addresses of the Web can be followed.

    Only `http://` and `https://` make an address: nothing else in a text becomes a link.
    """
    return [_parts(source.strip()) for source in text.split(" ; ") if source.strip()]


def _parts(text: str) -> list[SourcePart]:
    parts: list[SourcePart] = []
    done = 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(".,;:!?")
        if "(" not in address:
            address = address.rstrip(")")
        if found.start() > done:
            parts.append(SourcePart(text[done : found.start()]))
        parts.append(SourcePart(address, address))
        done = found.start() + len(address)
    if done < len(text):
        parts.append(SourcePart(text[done:]))
    return parts
