"""What is wrong with what was given, in one sentence, whatever door it came through."""

import errno
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from typing_extensions import override

from domain.errors import Invalid

_SAY = {
    "extra_forbidden": ("n'est pas attendu", "is not expected"),
    "string_too_short": ("ne peut pas être vide", "cannot be empty"),
    "string_too_long": ("est trop long", "is too long"),
    "string_type": ("doit être un texte", "must be a text"),
    "string_unicode": ("contient un caractère invalide", "holds an invalid character"),
    "string_pattern_mismatch": ("n'a pas la forme attendue", "has not the expected form"),
    "uuid_parsing": ("n'est pas un identifiant", "is not an identity"),
    "uuid_type": ("n'est pas un identifiant", "is not an identity"),
    "bool_parsing": ("doit être oui ou non (true, false)", "must be true or false"),
    "bool_type": ("doit être oui ou non (true, false)", "must be true or false"),
    "int_parsing": ("doit être un nombre entier", "must be a whole number"),
    "int_from_float": ("doit être un nombre entier", "must be a whole number"),
    "int_parsing_size": ("est un nombre trop grand", "is too large a number"),
    "finite_number": ("doit être un nombre entier", "must be a whole number"),
    "bytes_type": ("doit être un contenu en base64", "must be a content in base64"),
    "list_type": ("doit être une liste", "must be a list"),
    "int_type": ("doit être un nombre entier", "must be a whole number"),
    "date_from_datetime_parsing": ("n'est pas un jour (AAAA-MM-JJ)", "is not a day (YYYY-MM-DD)"),
    "date_from_datetime_inexact": ("n'est pas un jour (AAAA-MM-JJ)", "is not a day (YYYY-MM-DD)"),
    "date_parsing": ("n'est pas un jour (AAAA-MM-JJ)", "is not a day (YYYY-MM-DD)"),
    "date_type": ("n'est pas un jour (AAAA-MM-JJ)", "is not a day (YYYY-MM-DD)"),
    "json_invalid": ("n'est pas du JSON", "is not JSON"),
    "dict_type": ("doit être un objet JSON", "must be a JSON object"),
    "model_type": ("doit être un objet JSON", "must be a JSON object"),
    "model_attributes_type": ("doit être un objet JSON", "must be a JSON object"),
    "tuple_type": ("doit être une liste", "must be a list"),
    "greater_than_equal": ("doit être {ge} au moins", "must be at least {ge}"),
    "less_than_equal": ("doit être {le} au plus", "must be at most {le}"),
    "no_plain_value": (
        "doit être un texte, un nombre entier de quinze chiffres au plus, oui, non, ou une liste "
        "de textes",
        "must be a text, a whole number of at most fifteen digits, true, false, or a list of texts",
    ),
}


_SYSTEM = {
    errno.ENOENT: "il n'existe pas",
    errno.EEXIST: "il existe déjà, et n'est pas un répertoire",
    errno.ENAMETOOLONG: "son nom est trop long",
    errno.EFBIG: "la place accordée est épuisée",
    errno.EDQUOT: "la place accordée est épuisée",
    errno.EIO: "le disque ne répond pas",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EISDIR: "c'est un répertoire",
    errno.ENOTDIR: "un des répertoires n'en est pas un",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
}


def of_system(error: OSError) -> str:
    """Why the system refused, in French where it is a common reason."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


def of_system_at(error: OSError) -> str:
    """The same as a sentence, which names the file or the folder where there is one."""
    if error.filename is None:
        return f"Le système a refusé : {of_system(error)}."
    if error.errno == errno.ENOENT:
        return f"Il n'y a ni fichier ni répertoire « {error.filename} »."
    return f"« {error.filename} » n'est pas accessible : {of_system(error)}."


class Malformed(Invalid):
    """What was given is not what the command asks."""

    code = "request.invalid"

    def __init__(self, *, fr: str, en: str) -> None:
        self._said = {"fr": fr, "en": en}
        super().__init__(reason=fr)

    @override
    def say(self, language: str) -> str:
        return self._said["en" if language == "en" else "fr"]


def malformed(errors: Sequence[Mapping[str, Any]]) -> Malformed:
    """The refusal that says, field by field, what is wrong."""
    # A value of several possible forms fails each; that it is none of our own objects says nothing.
    told = [error for error in errors if error["type"] != "is_instance_of"] or list(errors)
    told = [*_of_any_form(told)]
    return Malformed(
        fr=_sentence_of(" ; ".join(_say(error, 0) for error in told[:5])),
        en=_sentence_of("; ".join(_say(error, 1) for error in told[:5])),
    )


_FORMS = {"bool", "int", "constrained-int", "str", "list[str]"}
"""The forms of a plain value, as a place names the one that was tried."""


def _of_any_form(errors: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """One error for a value that is of none of the forms a plain value may have."""
    seen = set()
    for error in errors:
        tried = next((n for n, part in enumerate(error["loc"]) if n and part in _FORMS), None)
        if tried is None:
            yield error
            continue
        place = tuple(error["loc"][:tried])
        if place not in seen:
            seen.add(place)
            yield {"type": "no_plain_value", "loc": place, "msg": ""}


def of_validation(error: ValidationError) -> Malformed:
    """The same, of a pydantic error."""
    return malformed([dict(e) for e in error.errors()])


def _sentence_of(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _say(error: Mapping[str, Any], language: int) -> str:
    kind = error["type"]
    name = "" if kind == "json_invalid" else _place(error["loc"])  # there, a column of the text
    quoted = (f"« {name} »", f"“{name}”") if name else ("la demande", "the request")
    place = quoted[language]
    if kind == "missing":
        return (f"il manque {place}", f"{place} is missing")[language]
    if kind in ("enum", "literal_error"):
        among = str(error["ctx"]["expected"]).replace(" or ", ", ").replace("'", "")
        return f"{place} : {('choisir parmi ', 'choose among ')[language]}{among}"
    if kind == "value_error":
        said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
        return f"{name} : {said}" if name.startswith("--") else said
    if kind in ("too_short", "too_long"):
        return f"{place} {_of_length(error, language)}"
    known = _SAY.get(kind) or UNEXPECTED
    return f"{place} {known[language].format(**error.get('ctx', {}))}"


UNEXPECTED = ("n'a pas la forme attendue", "has not the expected form")
"""What is said of a value where nothing more precise is known in the reader's language."""


def _of_length(error: Mapping[str, Any], language: int) -> str:
    """How long a text or a list may be. Of a text with a rule of its own, pydantic counts items."""
    told, is_short = error["ctx"], error["type"] == "too_short"
    if told.get("field_type") in ("Value", "String"):
        return _SAY["string_too_short" if is_short else "string_too_long"][language]
    number = told["min_length" if is_short else "max_length"]
    of = ("valeur", "value")[language] + "s" * (number > 1)
    if is_short:
        return (f"doit avoir {number} {of} au moins", f"must have at least {number} {of}")[language]
    return (f"doit avoir {number} {of} au plus", f"must have at most {number} {of}")[language]


def _place(loc: Sequence[int | str]) -> str:
    """The names a person gave, without where they travelled or the forms that were tried."""
    parts = [str(part) for part in loc]
    if parts and parts[0] in ("body", "query", "header", "path"):
        parts = parts[1:]
    if len(parts) == 2 and parts[1] == "text":  # of a personal value, which nobody types so
        parts = parts[:1]
    return ".".join(part[:80] for part in parts if "[" not in part)
