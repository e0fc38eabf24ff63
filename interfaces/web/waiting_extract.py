"""What waits, and what stays where it is, as lines of a file."""

from collections.abc import Mapping

from application.extract import Cell, date_cell
from application.inbox import InboxLine, StandingLine
from application.stall import StallLine
from application.ways import Lifting
from application.wording import ROLES, STATUSES, VERDICTS, capital
from interfaces.web.words import names

STANDING = ("De quoi il s'agit", "Nom", "Région", "Étape", "Depuis", "Jours d'attente")
WAITING = (*STANDING, "Ce qui est attendu", "Pour le", "Conditions à lever", "Qui peut agir")
STALLED = (*STANDING, "Ce qui manque pour avancer", "Entre les mains de")
"""The columns of both files."""


def waits_of(line: InboxLine, motif: str) -> list[tuple[Cell, ...]]:
    """What a case waits for, a thing a line; of one motive alone, where one is asked for."""
    return [
        (
            *_standing(line),
            f"{wait.title} : {wait.says}" if wait.says else wait.title,
            wait.due,
            _conditions(wait.conditions) or None,
            names(wait.roles, ROLES) or None,
        )
        for wait in line.waits
        if motif in ("", wait.key)
    ]


def stall_of(line: StallLine) -> tuple[Cell, ...]:
    """A case that has not moved for long: each way out, and who holds it."""
    ways = [
        f"{way.title} : {_conditions(way.conditions) or STATUSES[way.status]}" for way in line.exits
    ]
    held = names(line.holders, ROLES) or "personne, seul le temps compte"
    return (*_standing(line), " | ".join(ways) or "aucun passage ne part de cette étape", held)


def _standing(line: StandingLine) -> tuple[Cell, ...]:
    return (
        line.concept_title or "Pôle",
        line.name,
        line.region,
        line.stage_title or None,
        date_cell(line.occurred_on),
        line.days,
    )


def _conditions(conditions: tuple[Lifting, ...]) -> str:
    return " ".join(
        f"{capital(VERDICTS[found.verdict])} : {found.sentence}" for found in conditions
    )


def said_of(chosen: Mapping[str, str]) -> dict[str, str]:
    """By what the lines were chosen, but for what was not."""
    return {name: words for name, words in chosen.items() if words}
