"""What the sheet of a case shows, value by value: where it stands, what it is called, its words."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from application.appeal_sheet import AppealSheet, appeal_sheet
from application.beside import Beside, beside
from application.call_sheet import CallSheet, call_sheet
from application.commitment_sheet import CommitmentSheet, commitment_sheet
from application.doing import Doing, doing
from application.dossier_sheet import DossierSheet, dossier_sheet
from application.follow_up_sheet import FollowUpSheet, follow_up_sheet
from application.listing import value_as_read
from application.privacy_request_sheet import PrivacyRequestSheet, privacy_request_sheet
from application.register import PoleSheet, pole_sheet
from application.round import RoundSheet, round_sheet
from application.shown_words import IN_PLAIN, LABELS, LEFT_OUT, PARTS, TITLES, key_fields
from application.wording import (
    ROLES,
    WORDS,
    date_in_words,
    evidence_in_words,
    version_in_words,
)
from application.world import Moment, World
from domain.dates import PartialDate
from domain.errors import NotFound
from domain.minute import Minute
from domain.money import euros
from domain.organisation import Organisation
from domain.track import NotBegun

Sheet = Callable[[World, UUID, Moment], BaseModel]

SHEETS: Mapping[str, Mapping[type[BaseModel], Sheet]] = {
    "pole": {PoleSheet: pole_sheet, Doing: doing, Beside: beside},
    "evaluation": {RoundSheet: round_sheet},
    "call": {CallSheet: call_sheet},
    "dossier": {DossierSheet: dossier_sheet},
    "appeal": {AppealSheet: appeal_sheet},
    "follow_up": {FollowUpSheet: follow_up_sheet},
    "commitment": {CommitmentSheet: commitment_sheet},
    "privacy_request": {PrivacyRequestSheet: partial(privacy_request_sheet, with_words=False)},
}
"""What is shown of each kind of case: to everybody, but for requests of persons, which few read."""


SAID: Mapping[str, Callable[[Any], Any]] = {
    "journey": version_in_words,
    "EvidenceLine.evidence": evidence_in_words,
    "waits_for": lambda roles: tuple(ROLES.get(role, role) for role in roles),
}
"""How some codes are said, wherever they stand or on one sheet."""

DATED = {
    **dict.fromkeys(("occurred_on", "stage_on", "stage_since"), "stage_title"),
    "carrier_since": "carrier",
}
"""Of each field that says since when another one beside it is so, that other one."""

UNNAMED: Mapping[str, str] = {"MemberLine": "une personne"}
"""What a thing is called that has no name to be shown."""


class Shown(NamedTuple):
    """A value that a sheet shows: its path among the fields, what it is called, what it says."""

    path: str
    title: str
    said: str
    is_thing: bool = False
    """Whether it stands for a whole thing, whose own values come after it."""


def shown(world: World, concept: str, id_: UUID, moment: Moment) -> dict[str, Shown]:
    """All that is shown of a case, by path; nothing of one that was not there yet."""
    try:
        sheets = [sheet(world, id_, moment) for sheet in SHEETS[concept].values()]
    except (NotFound, NotBegun):
        return {}
    return {one.path: one for sheet in sheets for one in values_of(sheet)}


def fields_of(concept: str) -> list[str]:
    """The fields of the sheets of a kind of case of which something may be shown."""
    return [
        name
        for model in SHEETS[concept]
        for name in model.model_fields
        if title_of(model, name) is not None
    ]


def must_be_there(world: World, concept: str, id_: UUID, moment: Moment) -> dict[str, Shown]:
    """Refuse, as its sheet does, to tell of a case that was not there yet."""
    for sheet in SHEETS[concept].values():
        sheet(world, id_, moment)
    return {}


def values_of(
    told: BaseModel, path: str = "", above: str = "", called_by: str = ""
) -> Iterator[Shown]:
    """The values of a sheet, or of a part of one, in the order of its fields.

    Args:
        called_by: the field by which it is called, which is told already.
    """
    for name in type(told).model_fields:
        title = title_of(type(told), name)
        if title is not None and name != called_by:
            value = getattr(told, name)
            say = SAID.get(f"{type(told).__name__}.{name}") or SAID.get(name)
            if say and value is not None:
                value = say(value)
            yield from _values(value, name, f"{path}{name}", title, above)


@cache
def title_of(model: type[BaseModel], name: str) -> str | None:
    """What a field is called, "" where it is called as what it stands in; `None` if left out."""
    if f"{model.__name__}.{name}" in LEFT_OUT or name in LEFT_OUT:
        return None
    given = TITLES.get(f"{model.__name__}.{name}")
    return TITLES[name] if given is None else given


def _values(value: Any, name: str, path: str, title: str, above: str) -> Iterator[Shown]:
    match value:
        case BaseModel() if type(value).__name__ not in IN_PLAIN:
            inside = " › ".join(part for part in (above, title) if part)
            called_by, called = label_of(value) if title else ("", "")
            if title:
                yield Shown(path=path, title=inside, said=called or "oui", is_thing=True)
            yield from values_of(value, f"{path}.", inside, called_by)
        case Mapping():
            parts = [(str(key), part) for key, found in value.items() for part in found]
            yield from _things(parts, path, title, above)
        case [BaseModel(), *_] if type(value[0]).__name__ not in IN_PLAIN:
            yield from _things([("", part) for part in value], path, title, above)
        case _:
            said = in_words(value, name)
            if said:
                inside = " › ".join(part for part in (above, title) if part)
                yield Shown(path=path, title=inside, said=said)


def _things(
    parts: list[tuple[str, BaseModel]], path: str, title: str, above: str
) -> Iterator[Shown]:
    taken: dict[str, int] = {}
    for within, part in parts:
        key = "/".join(said for said in (within, key_of(part)) if said)
        taken[key] = taken.get(key, 0) + 1
        place = f"{path}[{key}]" if taken[key] == 1 else f"{path}[{key}#{taken[key]}]"
        called_by, called = label_of(part)
        one = f"{PARTS.get(type(part).__name__, title)} « {_short(called)} »"
        inside = " › ".join(said for said in (above, one) if said)
        yield Shown(path=place, title=inside, said=called, is_thing=True)
        yield from values_of(part, f"{place}.", inside, called_by)


def key_of(part: BaseModel) -> str:
    """What tells a thing from the others of its kind on the same sheet, whatever it says."""
    return ":".join(str(getattr(part, name)) for name in key_fields(type(part)))


def label_of(part: BaseModel) -> tuple[str, str]:
    """By which of its fields a thing is called, and what it is called."""
    for name in LABELS.get(type(part).__name__, ("name", "title", "words", "sentence", "says")):
        if said := in_words(getattr(part, name, None), name):
            return name, said
    return "", UNNAMED.get(type(part).__name__, "sans nom")


def _short(label: str) -> str:
    return label if len(label) <= 80 else f"{label[:79]}…"


def in_words(value: Any, name: str) -> str:
    """A value as people read it; empty where it says nothing."""
    match value:
        case None | "" | ():
            return ""
        case bool():
            return "oui" if value else "non"
        case int() if name.endswith("_cents"):
            return euros(value)
        case int() if name.endswith(("year", "years")):
            return str(value)
        case str() if name.endswith(("_on", "_since")) and not isinstance(value, StrEnum):
            return date_in_words(value)
        case StrEnum():
            return WORDS.get(type(value), {}).get(value, value.value)
        case date() | PartialDate():
            return date_in_words(str(value))
        case Minute():
            return value.in_words()
        case Organisation():
            return value.name + (f", SIRET {value.siret}" if value.siret else "")
        case BaseModel():
            return label_of(value)[1]
        case list() | tuple():
            return " ; ".join(said for part in value if (said := in_words(part, name)))
        case _:
            return value_as_read(value)
