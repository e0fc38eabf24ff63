"""By what the lines of a list are chosen: a code or its words, whatever their case and accents."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, get_args
from uuid import UUID

from application.catalogue import COMMANDS
from application.listing import L, Listing, value_as_read
from application.wording import WORDS, date_in_words
from application.world import Moment, World
from domain.dates import PartialDate, as_iso
from domain.errors import Invalid
from domain.spelling import plain

FEW = 40
"""As many different values as are offered one by one, rather than asked for in words."""

TOLD = 12
"""As many of them as a sentence names."""

LONG = 60
"""Letters of the words that are too long to be named among others."""


class UnknownValue(Invalid):
    """A list is chosen by one of the values that a field may have."""

    code = "list.unknown_value"
    fr = "« {text} » n'est pas une valeur de « {heading} » : écrire {among}."
    en = "“{text}” is not a value of “{heading}”: write {among}."


class NotAnIdentity(Invalid):
    """A line is named by its whole identity."""

    code = "list.not_an_identity"
    fr = "« {text} » n'est pas un identifiant ; « {heading} » en demande un."
    en = "“{text}” is not an identity; “{heading}” asks for one."


Present = Callable[[str], Iterable[Any]]
"""What gives the values that a field has, in the list and at the moment asked about."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: the values that each field may have, and what is said of it.

    Args:
        values: none for a field, where no line has what was written.
        codes: what was chosen, as it stands in an address; what was written, where none is.
        words: what was chosen, as people read it.
        present: of the fields of which no line has what was written, what lines do have.
    """

    values: Mapping[str, tuple[Any, ...]]
    codes: Mapping[str, str]
    words: Mapping[str, str]
    present: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Excerpt(Generic[L]):
    """Some lines of a list, of how many, and what to say where there is none.

    Args:
        offset: how many lines come before these.
        pole_ended: the day from which a pole is no more, where that is why nothing holds of it.
    """

    lines: list[L]
    total: int
    nothing: str
    offset: int = 0
    pole_ended: date | None = None


def kinds(asked: Listing[Any], name: str) -> tuple[Any, ...]:
    """The types that a field may be of; none for what a line only works out."""
    if name not in asked.line.model_fields:
        return ()
    annotation = asked.line.model_fields[name].annotation
    return (annotation, *get_args(annotation))


def filter_in_words(asked: Listing[Any], name: str) -> str:
    """What a filter keeps of a list, in a sentence, with the values that it may have."""
    if bool in kinds(asked, name):
        return f"Seulement les lignes où « {asked.heading(name)} » est « oui », ou « non »."
    values = codes(asked, name)
    among = f" Au choix : {', '.join(values.values())}." if values else ""
    what = "cet identifiant" if is_identity(asked, name) else "cette valeur"
    return f"Seulement les lignes où « {asked.heading(name)} » a {what}.{among}"


def is_day(asked: Listing[Any], name: str) -> bool:
    """Whether a column holds dates, whole or partial."""
    return not {date, PartialDate}.isdisjoint(kinds(asked, name))


def is_identity(asked: Listing[Any], name: str) -> bool:
    """Whether a filter is the identity of something, which nobody writes by hand."""
    return UUID in kinds(asked, name)


def possible(
    world: World, asked: Listing[Any], moment: Moment, name: str
) -> Mapping[str, str] | None:
    """Every value that a filter may have, with its words; `None` where it is free."""
    found = kinds(asked, name)
    if bool in found:
        return {"true": value_as_read(True), "false": value_as_read(False)}
    if name in asked.words:
        return asked.words[name](world, moment) or None
    return codes(asked, name)


def codes(asked: Listing[Any], name: str) -> Mapping[str, str] | None:
    """The codes of a filter that has some in the code, with their words."""
    for kind in kinds(asked, name):
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return {str(value): WORDS[kind][value] for value in kind}
    return None


def offered(asked: Listing[Any], name: str, present: Iterable[Any]) -> dict[str, str]:
    """The values that lines have, with their words, in the order of these; days in their own."""
    if PartialDate in kinds(asked, name):
        return {str(day): value_as_read(PartialDate(day)) for day in sorted(present)}
    read = ((str(value), value_as_read(value)) for value in present)
    return dict(sorted(read, key=lambda pair: (plain(pair[1]), pair[0])))


def few(asked: Listing[Any], name: str, present: Collection[Any]) -> dict[str, str] | None:
    """The values that lines have, with their words, where they are few enough to be offered."""
    return offered(asked, name, present) if len(present) <= FEW else None


def choose(
    world: World,
    asked: Listing[Any],
    moment: Moment,
    given: Mapping[str, Any],
    present: Present,
) -> Chosen:
    """What somebody who wrote some values meant; refused where it is none of those that exist."""
    values: dict[str, tuple[Any, ...]] = {}
    written: dict[str, str] = {}
    words: dict[str, str] = {}
    wanting: dict[str, tuple[str, ...]] = {}
    for name, value in given.items():
        if value is None or value == "":
            continue
        written[name] = str(value)
        if type(value) is not str:
            values[name], words[name] = (value,), value_as_read(value)
        elif is_identity(asked, name):
            values[name], words[name] = (_identity(asked, name, value),), value
        else:
            value = as_iso(value) if is_day(asked, name) else value
            known = possible(world, asked, moment, name)
            offers = offered(asked, name, present(name)) if known is None else known
            meant = _meant(value, offers)
            if not meant and known is not None:
                raise UnknownValue(
                    text=value[:80], heading=asked.heading(name), among=_among(known)
                )
            values[name] = tuple(_kept(asked, name, found) for found in meant)
            words[name] = offers[meant[0]] if meant else value[:80]
            if meant:
                written[name] = meant[0]
            else:
                wanting[name] = tuple(offers.values())
    return Chosen(values, written, words, wanting)


def _identity(asked: Listing[Any], name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotAnIdentity(text=text[:80], heading=asked.heading(name)) from None


def _meant(text: str, offers: Mapping[str, str]) -> list[str]:
    """The values that a text means: that code, else those of that code or words, read plainly."""
    if text in offers:
        return [text]
    wanted = plain(text)
    return [value for value, words in offers.items() if wanted and wanted in _ways(value, words)]


def _ways(value: str, words: str) -> set[str]:
    """The ways to write a value, as they are compared; a day goes without its article."""
    said = plain(words)
    return {plain(value), said, said.removeprefix("le-"), said.removeprefix("en-")}


def _kept(asked: Listing[Any], name: str, value: str) -> Any:
    return value == "true" if bool in kinds(asked, name) else value


def _among(known: Mapping[str, str]) -> str:
    """The words of the possible values; their codes, where the words are sentences."""
    is_short = max(map(len, known.values())) <= LONG
    quoted = [f"« {said} »" for said in (known.values() if is_short else known)]
    return " ou ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))


# --- where there is nothing ----------------------------------------------------------------------


def nothing(
    asked: Listing[Any],
    chosen: Chosen,
    moment: Moment,
    pole: str | None = None,
    ended: date | None = None,
    also: Mapping[str, str] | None = None,
) -> str:
    """Why a list has no line, in one sentence or two: what is not recorded, not what was not.

    Args:
        also: by what else lines were chosen, each by what it is called.
        pole: the pole asked for, as it was written.
        ended: the day from which that pole is no more, where its lines hold no longer for that.
    """
    if too_early := not_begun(moment):
        return too_early
    if ended and not chosen.words:
        day = date_in_words(ended.isoformat())
        return f"Ce pôle a cessé {day} : rien de tel n'est plus en vigueur pour lui."
    said = [f"« {words} » ({_lower(asked.heading(name))})" for name, words in chosen.words.items()]
    if pole:
        said.append(f"« {pole} » (pôle)")
    said += [f"« {words[:80]} » ({_lower(name)})" for name, words in (also or {}).items()]
    if not said:
        return asked.empty if moment.is_today else none_recorded(asked.title, moment)
    there = [
        f" La liste contient : {_some(values)}." for values in chosen.present.values() if values
    ]
    then = "" if moment.is_today else f"{none_recorded(asked.title, moment)} "
    return f"{then}Aucune ligne pour {', '.join(said)}.{''.join(there)}"


def not_begun(moment: Moment) -> str | None:
    """That there was no register yet on the day of which one asks what it knew."""
    if moment.known or moment.known_on is None:
        return None
    day = date_in_words(moment.known_on.isoformat())
    return f"Le registre n'existait pas encore {day} : il ne sait rien de ce qu'on savait alors."


def none_recorded(title: str, moment: Moment) -> str:
    """That nothing is recorded of a day: a register never tells that nothing was there."""
    day = date_in_words(moment.in_force.isoformat())
    return (
        f"{title} : rien n'est enregistré comme en vigueur {day} ; "
        "le registre ne dit que ce qui y fut inscrit."
    )


def no_pole(
    moment: Moment, *, is_chosen: bool, region: str | None, regions: Collection[str]
) -> str:
    """Why the register has no pole to show, in one sentence or two.

    Args:
        region: the one that was asked for.
        regions: those in which poles lie, at the moment asked about.
    """
    if too_early := not_begun(moment):
        return too_early
    if region and regions and plain(region) not in map(plain, regions):
        there = _some(tuple(regions))
        return f"Aucun pôle dans « {region[:80]} » (région). Il y en a dans : {there}."
    if is_chosen:
        return "Aucun pôle enregistré ne répond à ces critères."
    if moment.is_today:
        return "Aucun pôle n'est enregistré."
    return none_recorded("Pôles", moment)


def _some(values: tuple[str, ...]) -> str:
    rest = len(values) - TOLD
    more = f" et {rest} autres" if rest > 1 else ""
    shown = values[:TOLD] if more else values
    return ", ".join(f"« {value} »" for value in shown) + more


def _lower(heading: str) -> str:
    return heading[:1].lower() + heading[1:]


def to_begin(asked: Listing[Any]) -> str:
    """How a list gets its first line."""
    verb = asked.begun_by.replace(".", " ").replace("_", "-")
    act = COMMANDS[asked.begun_by].SAYS
    return f"Pour commencer : « jalon {verb} ». {act}"
