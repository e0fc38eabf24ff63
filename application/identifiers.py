"""How registers name organisations, in words."""

from collections.abc import Mapping

from domain.identifiers import Identifier, Scheme

NBSP = "\u00a0"

SCHEMES: Mapping[str, str] = {
    Scheme.SIREN: "SIREN",
    Scheme.SIRET: "SIRET",
    Scheme.RNA: "RNA",
    Scheme.RIDET: "RIDET",
    Scheme.TAHITI: "numéro Tahiti",
    Scheme.FOREIGN: "numéro d'un registre étranger",
    Scheme.NONE: "aucun numéro",
}


def identifier_in_words(identifier: Identifier | None) -> str | None:
    """`SIREN 732 829 320`, `sans identifiant (non déclaré)`; nothing where it is not known."""
    if identifier is None:
        return None
    number = identifier.number or ""
    match identifier.scheme:
        case Scheme.NONE:
            return f"sans identifiant ({identifier.reason})"
        case Scheme.FOREIGN:
            return f"{number}, {identifier.registry} ({identifier.country})"
        case scheme:
            return f"{SCHEMES[scheme]}{NBSP}{_grouped(scheme, number)}"


def _grouped(scheme: Scheme, number: str) -> str:
    """A number as it is usually written."""
    match scheme:
        case Scheme.SIREN | Scheme.SIRET:
            parts = (number[:3], number[3:6], number[6:9], number[9:])
            return NBSP.join(part for part in parts if part)
        case Scheme.RIDET:
            unit, place = (number, "") if len(number) < 9 else (number[:-3], number[-3:])
            return NBSP.join((unit[:-6], unit[-6:-3], unit[-3:])).strip() + (place and f".{place}")
        case Scheme.TAHITI:
            return number[:6] + (f"-{number[6:]}" if number[6:] else "")
        case _:
            return number
