"""What the compiler of expressions says, in French: those who write the rules read it."""

import re
from collections.abc import Mapping

_KINDS: Mapping[str, str] = {
    "int": "entier",
    "uint": "entier sans signe",
    "double": "nombre à virgule",
    "string": "texte",
    "bool": "oui ou non",
    "list": "liste",
    "list(string)": "liste de textes",
    "timestamp": "date",
    "google.protobuf.Timestamp": "date",
    "duration": "durée",
    "null": "rien",
}

_SENTENCES: Mapping[str, str] = {
    r"undeclared reference to '(?P<name>.*?)'.*": "« {name} » n'est pas connu",
    r"found no matching overload for '(?P<name>.*?)' applied to '(?P<kinds>.*)'": (
        "« {name} » ne s'applique pas à : {kinds}"
    ),
    r"Syntax error: mismatched input '<EOF>'.*": "elle n'est pas finie",
    r"Syntax error: (?!token).*? '(?P<name>[^']*)'.*": "elle est mal écrite (près de « {name} »)",
    r"Syntax error: .*": "elle est mal écrite",
    r"invalid int literal.*": "un nombre est trop grand",
    r".*recursion limit exceeded.*": "elle est trop longue ou trop imbriquée",
}


def in_words(said: str) -> str:
    """One line of the compiler, in French; its own words where it is not one of those known."""
    text = re.sub(r"^CANCELLED: |^ERROR: ", "", said).strip()
    place = re.match(r"<input>:(?P<line>\d+):(?P<column>\d+): ", text)
    text = text[place.end() :] if place else text
    for pattern, sentence in _SENTENCES.items():
        found = re.fullmatch(pattern, text)
        if found:
            parts = found.groupdict()
            kinds = parts.get("kinds", "").strip("()").split(", ")
            text = sentence.format(
                name=_operator(parts.get("name", "")),
                kinds=", ".join(_KINDS.get(kind, kind) for kind in kinds),
            )
            break
    return f"{text}, au caractère {place['column']}" if place else text


def in_short(said: str) -> str:
    """One line of the compiler in its own words, without what only a programmer reads."""
    text = re.sub(r"^CANCELLED: |^ERROR: |<input>:\d+:\d+: | \(in container ''\)$", "", said)
    return re.sub(r",? expecting \{.*", "", text).strip()


def _operator(name: str) -> str:
    """`>=` of `_>=_`, `in` of `@in`."""
    return name.replace("_", " ").strip(" @") if re.search(r"\W", name) else name
