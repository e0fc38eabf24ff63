"""What is wrong with what was given, in one sentence, whatever door it came through."""

import errno
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from domain.errors import Invalid

_SAY = {
    "missing": ("il manque", "is missing"),
    "extra_forbidden": ("n'est pas attendu", "is not expected"),
    "string_too_short": ("ne peut pas être vide", "cannot be empty"),
    "string_too_long": ("est trop long", "is too long"),
    "string_type": ("doit être un texte", "must be a text"),
    "string_pattern_mismatch": ("n'a pas la forme attendue", "has not the expected form"),
    "uuid_parsing": ("n'est pas un identifiant", "is not an identity"),
    "uuid_type": ("n'est pas un identifiant", "is not an identity"),
    "bool_parsing": ("doit être oui ou non (true, false)", "must be true or false"),
    "bool_type": ("doit être oui ou non (true, false)", "must be true or false"),
    "int_parsing": ("doit être un nombre entier", "must be a whole number"),
    "int_type": ("doit être un nombre entier", "must be a whole number"),
    "date_from_datetime_parsing": ("n'est pas un jour (AAAA-MM-JJ)", "is not a day (YYYY-MM-DD)"),
    "date_parsing": ("n'est pas un jour (AAAA-MM-JJ)", "is not a day (YYYY-MM-DD)"),
    "date_type": ("n'est pas un jour (AAAA-MM-JJ)", "is not a day (YYYY-MM-DD)"),
    "json_invalid": ("n'est pas du JSON", "is not JSON"),
    "dict_type": ("doit être un objet JSON", "must be a JSON object"),
    "model_type": ("doit être un objet JSON", "must be a JSON object"),
    "model_attributes_type": ("doit être un objet JSON", "must be a JSON object"),
    "tuple_type": ("doit être une liste", "must be a list"),
}


_SYSTEM = {
    errno.ENOENT: "il n'existe pas",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "un des dossiers n'en est pas un",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
}


def of_system(error: OSError) -> str:
    """Why the system refused, in French where it is a common reason."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


class Malformed(Invalid):
    """What was given is not what the command asks."""

    code = "request.invalid"
    fr = "{fr}"
    en = "{en}"


def malformed(errors: Sequence[Mapping[str, Any]]) -> Malformed:
    """The refusal that says, field by field, what is wrong."""
    return Malformed(
        fr=" ; ".join(_sentence(error, 0) for error in errors[:5]) + ".",
        en="; ".join(_sentence(error, 1) for error in errors[:5]) + ".",
    )


def of_validation(error: ValidationError) -> Malformed:
    """The same, of a pydantic error."""
    return malformed([dict(e) for e in error.errors()])


def _sentence(error: Mapping[str, Any], language: int) -> str:
    place = ".".join(str(part) for part in error["loc"] if part != "body") or "la demande"
    kind = error["type"]
    if kind in ("enum", "literal_error"):
        among = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        return f"« {place} » : {('choisir parmi ', 'choose among ')[language]}{among}"
    if kind == "value_error":
        return str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    known = _SAY.get(kind)
    return f"« {place} » {known[language]}" if known else f"« {place} » : {error['msg']}"
