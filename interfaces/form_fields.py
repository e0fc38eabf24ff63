"""What a command asks for, field by field: with which words, by which control, among what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from application.catalogue import COMMANDS
from application.command import Command
from application.given_in_words import option_in_words
from application.wording import WORDS
from domain.dates import PartialDate
from domain.journey import Input, Transition
from domain.minute import Minute
from domain.money import Euros, EurosOrNone
from domain.territory import Place
from domain.values import SOME_LINES, Personal
from domain.words import called
from interfaces.form_kinds import (
    BY_NAME,
    ONE_LINE_OF_PERSONS,
    PARTY_KINDS,
    RELATION_KINDS,
    THINGS,
)
from interfaces.form_words import CHOICES_SAID, help_of, label_of
from interfaces.reading_fields import OF_A_KIND


class Control(StrEnum):
    """How a value is given: what a page draws, and how what comes back is read."""

    HIDDEN = "hidden"
    LINE = "line"
    PROSE = "prose"
    DAY = "day"
    DATE = "date"
    """A day, a month, a year, or « inconnue »."""
    MINUTE = "minute"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    THING = "thing"
    """Something of the register: chosen among what is there, or named by its code."""
    PARTY = "party"
    """Somebody or something by its kind, then its name."""
    FILE = "file"
    GROUP = "group"
    ROWS = "rows"
    PAIRS = "pairs"
    STRUCTURE = "structure"
    """What only a file says: in JSON."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing that a form asks for.

    Args:
        kind: its type, and what else its annotation says of it, as reading it asks.
        sealed: whether it is about a person, and sealed as soon as it is given.
        aside: whether it is said of every act: its date, its source, its reason.
        concept: of a thing of the register, what it is.
        choices: the values it may have, each in words; none where it is free.
        parts: the fields of a group; of rows, the one that is repeated.
        default: what holds where nothing is given; `None` where nothing does.
    """

    name: str
    label: str
    help: str = ""
    control: Control = Control.LINE
    kind: Any = str
    rules: tuple[Any, ...] = ()
    required: bool = False
    sealed: bool = False
    aside: bool = False
    concept: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["FormField", ...] = ()
    default: Any = None


@dataclass(frozen=True, slots=True)
class Form:
    """What a command is given by: its own fields in their order, then those of every act."""

    command: type[Command]
    fields: tuple[FormField, ...]

    @property
    def name(self) -> str:
        return self.command.NAME

    @property
    def title(self) -> str:
        """What it does, in a sentence."""
        return self.command.SAYS

    @property
    def takes_file(self) -> bool:
        """Whether a file is sent with it."""
        return any(one.control is Control.FILE for one in self.fields)


FROM_FILES = frozenset(
    {
        "journey.publish",
        "grid.publish",
        "history.import_call",
        "history.import_pole",
        "payment.import",
        "place.load",
        "snapshot.close",
        "pole.bulk",
    }
)
"""Commands that are given what a file, or the product itself, says: nobody types that by hand."""

ASIDE = tuple(Command.model_fields)
"""The fields of every command, whatever it is about."""

NOT_ASKED: Mapping[type[BaseModel], frozenset[str]] = {Place: frozenset({"checked"})}
"""What the product finds by itself, and nobody says."""

STEP, INPUT = "transition", "input"
"""The fields of a command that takes a step: which, and what that asks for."""

EUROS = tuple(get_args(kind)[1] for kind in (Euros, EurosOrNone))


def form_of(
    command: type[Command],
    *,
    steps: Mapping[str, str] | None = None,
    step: Transition | None = None,
    correcting: bool = False,
) -> Form:
    """The form of a command.

    Args:
        steps: where the command takes a step, those among which it is chosen, in words.
        step: the step that is taken: what it asks for is asked.
        correcting: whether it states a fact anew, so that nothing need be said again.
    """
    own = (name for name in command.model_fields if name not in ASIDE and name != "corrects")
    names = [*(("corrects",) if "corrects" in command.model_fields else ()), *own, *ASIDE]
    made = [_field(command, name) for name in names]
    if steps is not None:
        made = [_with_steps(one, steps) for one in made]
    if step is not None:
        must = command.NAME.endswith(".move")  # of what is past, what is known of it is said
        of = command.NAME.partition(".")[0]
        made = [_of_step(one, step, of, must=must) if one.name == INPUT else one for one in made]
    elif steps is not None:  # what a step asks for is known once it is chosen
        made = [one for one in made if one.name != INPUT]
    if correcting:
        made = [replace(one, required=one.name == "reason", default=None) for one in made]
    return Form(command, tuple(made))


def form_named(name: str) -> Form:
    """The form of a command by its name."""
    return form_of(COMMANDS[name])


def _field(command: type[Command], name: str) -> FormField:
    info = command.model_fields[name]
    made = _made(command.NAME, name, name, info)
    aside = name in ASIDE and not info.is_required()
    if name == "corrects":
        return replace(made, control=Control.HIDDEN)
    return replace(made, aside=aside)


def _made(command: str, path: str, name: str, info: FieldInfo) -> FormField:
    kind, rules = unwrapped(info.annotation, tuple(info.metadata))
    default = None if info.default in (PydanticUndefined, None) else info.default
    found = _of_kind(command, path, name, kind, rules)
    return replace(
        found,
        label=label_of(command, path, info.description or ""),
        help=help_of(command, path, "" if found.choices else info.description or ""),
        required=info.is_required(),
        default=default,
    )


def unwrapped(annotation: Any, rules: tuple[Any, ...] = ()) -> tuple[Any, tuple[Any, ...]]:
    """A type without `None` beside it, and all that its annotations say of it."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        return unwrapped(inner, (*rules, *_rules(more)))
    if get_origin(annotation) in (Union, UnionType):
        kinds = [one for one in get_args(annotation) if one is not type(None)]
        if len(kinds) == 1:
            return unwrapped(kinds[0], rules)
    return annotation, rules


def _rules(found: Iterable[Any]) -> Iterator[Any]:
    for one in found:
        if isinstance(one, FieldInfo):
            yield from one.metadata
        else:
            yield one


def _of_kind(command: str, path: str, name: str, kind: Any, rules: tuple[Any, ...]) -> FormField:
    """The control of a value, by its type."""
    plain = FormField(name, label=name, kind=kind, rules=rules)
    if concept := _concept(command, name, kind):
        return replace(plain, control=Control.THING, concept=concept)
    if get_origin(kind) is tuple:
        return _several(command, path, name, plain)
    if get_origin(kind) is dict:
        by_name = command not in FROM_FILES and unwrapped(get_args(kind)[1])[0] is str
        return replace(plain, control=Control.PAIRS if by_name else Control.STRUCTURE)
    if get_origin(kind) is Literal:
        said = {code: CHOICES_SAID[code] for code in get_args(kind)}
        return replace(plain, control=Control.CHOICE, choices=said)
    if isinstance(kind, type):
        return _of_class(command, path, plain, kind)
    return replace(plain, kind=int | str)  # a number, or words for it


def _of_class(command: str, path: str, plain: FormField, kind: type) -> FormField:
    if issubclass(kind, StrEnum):
        said = {str(code): WORDS[kind][code] for code in kind}
        return replace(plain, control=Control.CHOICE, choices=said)
    if issubclass(kind, Personal):
        control = Control.LINE if plain.name in ONE_LINE_OF_PERSONS else Control.PROSE
        return replace(plain, control=control, sealed=True)
    if issubclass(kind, BaseModel):
        if command in FROM_FILES:
            return replace(plain, control=Control.STRUCTURE)
        asked = (n for n in kind.model_fields if n not in NOT_ASKED.get(kind, ()))
        parts = tuple(_made(command, f"{path}.{n}", n, kind.model_fields[n]) for n in asked)
        return replace(plain, control=Control.GROUP, parts=parts)
    if any(rule in OF_A_KIND for rule in plain.rules):
        kinds = PARTY_KINDS if OF_A_KIND[0] in plain.rules else RELATION_KINDS
        return replace(plain, control=Control.PARTY, choices=kinds)
    return replace(plain, control=_of_plain(plain, kind))


PLAIN: Mapping[type, Control] = {
    bytes: Control.FILE,
    bool: Control.YES_NO,
    PartialDate: Control.DATE,
    date: Control.DAY,
    Minute: Control.MINUTE,
}

LONG = 5_000
"""Characters from which a text is written on several lines."""


def _of_plain(plain: FormField, kind: type) -> Control:
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is int:
        is_money = plain.name.endswith("_cents") or any(rule in EUROS for rule in plain.rules)
        return Control.MONEY if is_money else Control.NUMBER
    patterns = {getattr(rule, "pattern", None) for rule in plain.rules}
    lengths = (getattr(rule, "max_length", None) or 0 for rule in plain.rules)
    return (
        Control.PROSE if SOME_LINES in patterns or max(lengths, default=0) > LONG else Control.LINE
    )


def _several(command: str, path: str, name: str, plain: FormField) -> FormField:
    """Several values: those of a few choices are ticked, all others are given one a row."""
    kind, rules = unwrapped(get_args(plain.kind)[0])
    if command in FROM_FILES and isinstance(kind, type) and issubclass(kind, BaseModel):
        return replace(plain, control=Control.STRUCTURE)
    one = _of_kind(command, path, name, kind, rules)
    if one.control is Control.CHOICE:
        return replace(plain, control=Control.CHOICES, choices=one.choices)
    each = replace(one, label=label_of(command, f"{path}.each", ""), required=True)
    return replace(plain, control=Control.ROWS, concept=one.concept, parts=(each,))


def _concept(command: str, name: str, kind: Any) -> str:
    found = next((concept for known, concept in THINGS if known is kind), "")
    if not found and kind is UUID:
        return BY_NAME.get(f"{command}.{name}") or BY_NAME.get(name, "document")
    return found


# --- what a step asks for -----------------------------------------------------------------------


def _with_steps(asked: FormField, steps: Mapping[str, str]) -> FormField:
    """The step is chosen by what it is called; its journey is that of the page it comes from."""
    if asked.name == STEP:
        return replace(asked, control=Control.CHOICE, choices=steps)
    return replace(asked, control=Control.HIDDEN) if asked.name == "on" else asked


def _of_step(given: FormField, step: Transition, of: str, *, must: bool) -> FormField:
    """What a step asks for, declared by its journey: that is its form."""
    parts = tuple(_of_input(one, of, must=must) for one in step.input)
    required = any(part.required for part in parts)
    return replace(given, control=Control.GROUP, parts=parts, required=required)


SAME = "another of the same"
NAMED: Mapping[str, str] = {"signature": "charter_signature", "successor": SAME}
"""Of what the steps of the journeys that ship ask for the identity."""

_OF_INPUT: Mapping[str, Control] = {
    "text": Control.LINE,
    "integer": Control.NUMBER,
    "boolean": Control.YES_NO,
    "date": Control.DATE,
    "id": Control.THING,
}


def _of_input(asked: Input, of: str, *, must: bool) -> FormField:
    title = called(asked.title, asked.id).fr
    label = title[:1].upper() + title[1:]
    made = FormField(asked.id, label, required=asked.required and must)
    said = {code: option_in_words(code, asked.options) for code in asked.options}
    if asked.type == "texts":
        if said:
            return replace(made, control=Control.CHOICES, kind=tuple, choices=said)
        each = FormField(asked.id, label="Une réponse", required=True)
        return replace(made, control=Control.ROWS, kind=tuple, parts=(each,))
    if said:
        return replace(made, control=Control.CHOICE, choices=said)
    if concept := NAMED.get(asked.id, "") if asked.type == "id" else "":
        concept = of if concept == SAME else concept
        kind = next(kind for kind, known in THINGS if known == concept)
        return replace(made, control=Control.THING, concept=concept, kind=kind)
    kind = {"integer": int, "boolean": bool, "date": PartialDate}.get(asked.type, str)
    return replace(made, control=_OF_INPUT[asked.type], kind=kind)
