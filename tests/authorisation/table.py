"""The tables, read."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.roles import ROLES

HERE = Path(__file__).parent
KINDS = {"pôle": "pole", "région": "region", "appel": "call", "financeur": "organisation"}
CALLED = {name: role for role, name in ROLES.items()}


@dataclass(frozen=True)
class Act:
    """What the table says of an act."""

    name: str
    roles: frozenset[str]
    kinds: frozenset[str]
    """About what a role may be held for it, besides everything."""


def _lines(file: str) -> Iterator[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter=";")


def acts() -> dict[str, Act]:
    """Each act by its name; a cell says « oui », or nothing."""
    found = {}
    for line in _lines("actes.csv"):
        assert {line[name] for name in CALLED} <= {"oui", ""}, line["acte"]
        kinds = [word.strip() for word in line["se tient aussi pour"].split(",") if word.strip()]
        found[line["acte"]] = Act(
            line["acte"],
            frozenset(str(role) for name, role in CALLED.items() if line[name]),
            frozenset(KINDS[kind] for kind in kinds),
        )
    return found


def stages() -> dict[tuple[str, str, str], frozenset[str] | None]:
    """Whom each stage lets do what; `None`, whoever may give the act."""
    return {
        (line["parcours"], line["étape"], line["acte ou passage"]): _roles(line["rôles"])
        for line in _lines("etapes.csv")
    }


def _roles(words: str) -> frozenset[str] | None:
    if words == "quiconque":
        return None
    named = [] if words == "personne" else words.split(", ")
    return frozenset(str(CALLED[name]) for name in named)
