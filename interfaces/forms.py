"""From what was typed in a form to the command it means, and back; what is wrong, beside it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard, get_args, get_origin
from uuid import UUID

from pydantic import ValidationError

from application.command import Command
from application.sentences import malformed
from domain.dates import as_iso
from domain.errors import JalonError
from domain.money import cents
from interfaces.form_fields import Control, Form, FormField
from interfaces.form_typed import UNKNOWN_DAY, Typed, default_texts
from interfaces.reading_fields import Finder, read_json, read_text


class Nothing:
    """That nothing was given for a field."""


NOTHING = Nothing()


def _given(value: Any) -> TypeGuard[Any]:
    return not isinstance(value, Nothing)


@dataclass(frozen=True, slots=True)
class FormRead:
    """What a form means: the command, or what is wrong, by the path of the field.

    Args:
        typed: what was typed, its empty rows left out.
        faults: a sentence for each field at fault; under no path, of the whole.
    """

    typed: Typed
    command: Command | None
    faults: Mapping[str, str]
    given: Mapping[str, Any] = field(default_factory=dict)
    """What was given, by the fields of the command, before it made one of it."""


def read_form(form: Form, typed: Typed, names: Finder) -> FormRead:
    """The command that a form means, or every fault it has, each beside its field."""
    typed = tidy(form, typed)
    reading = _Reading(names, typed)
    given = dict[str, Any]()
    for one in form.fields:
        if _given(value := reading.value(one, one.name)):
            given[one.name] = value
        elif one.required and one.control in (Control.ROWS, Control.CHOICES):
            given.setdefault(one.name, [])  # it may be empty, where its type lets it
    try:
        command = form.command.model_validate(given)
    except ValidationError as error:
        return FormRead(typed, None, {**_faults(form, error), **reading.faults})
    return FormRead(typed, None if reading.faults else command, reading.faults, given)


def _faults(form: Form, error: ValidationError) -> dict[str, str]:
    """What is wrong with a command, by the path of the field, one sentence each."""
    found: dict[str, str] = {}
    for fault in sorted(error.errors(), key=lambda fault: fault["type"] == "is_instance_of"):
        path = _path(form, fault["loc"])
        called = (field_at(form, path).label,) if path else ()
        found.setdefault(path, str(malformed([{**fault, "loc": called}])))
    return found


def _path(form: Form, loc: tuple[int | str, ...]) -> str:
    """The path of the control in which lies what a place names; of a whole, none."""
    parts: tuple[FormField, ...] = form.fields
    path: list[str] = []
    inside: FormField | None = None
    for step in loc:
        if inside is not None and inside.control is Control.ROWS and isinstance(step, int):
            path.append(str(step))
            inside = inside.parts[0]
            parts = inside.parts
            continue
        if not (found := next((one for one in parts if one.name == step), None)):
            break
        path.append(found.name)
        inside = found
        parts = () if found.control is Control.ROWS else found.parts
    return ".".join(path)


def field_at(form: Form, path: str) -> FormField:
    """The field of a path; in a row, the one that is repeated."""
    first, *rest = path.split(".")
    found = next(one for one in form.fields if one.name == first)
    for step in rest:
        if found.control is Control.ROWS and step.isdecimal():
            found = found.parts[0]
        else:
            found = next(one for one in found.parts if one.name == step)
    return found


# --- reading ------------------------------------------------------------------------------------


class _Reading:
    """What was typed, as values; what cannot be read is kept as a fault."""

    def __init__(self, names: Finder, typed: Typed) -> None:
        self.names = names
        self.typed = typed
        self.faults: dict[str, str] = {}

    def value(self, asked: FormField, path: str) -> Any:
        match asked.control:
            case Control.GROUP:
                found = {
                    one.name: value
                    for one in asked.parts
                    if _given(value := self.value(one, f"{path}.{one.name}"))
                }
                if get_origin(asked.kind) is dict:  # of a step, which says itself what it asks for
                    self._must_have(asked, path, found)
                    found = {k: str(v) if isinstance(v, UUID) else v for k, v in found.items()}
                is_blank = not found or (not asked.required and blank(asked, path, self.typed))
                return NOTHING if is_blank else found
            case Control.ROWS:
                rows = [f"{path}.{number}" for number in self.typed.rows(path)]
                values = [self.value(asked.parts[0], row) for row in rows]
                return [value for value in values if _given(value)] or NOTHING
            case Control.CHOICES:
                return [text for text in self.typed.texts.get(path, ()) if text] or NOTHING
            case Control.PAIRS:
                return self._pairs(path) or NOTHING
            case Control.FILE:
                return self.typed.files.get(path, NOTHING)
            case Control.PARTY:
                return self._leaf(asked, path, self._party(path))
            case _:
                return self._leaf(asked, path, self.typed.text(path))

    def _must_have(self, asked: FormField, path: str, found: Mapping[str, Any]) -> None:
        for one in asked.parts:
            if one.required and one.name not in found:
                missing = {"type": "missing", "loc": (one.label,), "msg": ""}
                self.faults.setdefault(f"{path}.{one.name}", str(malformed([missing])))

    def _pairs(self, path: str) -> dict[str, str]:
        rows = [f"{path}.{number}" for number in self.typed.rows(path)]
        read = ((self.typed.text(f"{row}.key"), self.typed.text(f"{row}.value")) for row in rows)
        return {key.strip(): value for key, value in read if key.strip() or value.strip()}

    def _party(self, path: str) -> str:
        kind, name = self.typed.text(f"{path}.kind"), self.typed.text(f"{path}.name").strip()
        if kind == "everywhere" or not kind:
            return kind or name
        return f"{kind}:{name}"

    def _leaf(self, asked: FormField, path: str, text: str) -> Any:
        if not text.strip():
            return NOTHING
        try:
            return self._read(asked, text)
        except (JalonError, ValueError) as error:
            said = str(error).rstrip(".")
            self.faults[path] = f"{said[:1].upper()}{said[1:]}."
            return NOTHING

    def _read(self, asked: FormField, text: str) -> Any:
        match asked.control:
            case Control.YES_NO:
                return {"true": True, "false": False}.get(text, text)
            case Control.NUMBER:
                return _number(text)
            case Control.MONEY if asked.name.endswith("_cents"):
                return cents(text)
            case Control.DATE if text.strip().casefold() == UNKNOWN_DAY:
                return "unknown"
            case Control.DAY | Control.DATE:
                return as_iso(text.strip())
            case Control.MINUTE:
                return minute_meant(text)
            case Control.STRUCTURE:
                return read_json(asked.label, text)
            case Control.THING:
                return read_text(self.names, asked.kind, asked.rules, text.strip())
            case Control.PARTY if text.startswith("call:"):
                return f"call:{self.names.find_thing('call', text.removeprefix('call:'))}"
            case Control.LINE if int in get_args(asked.kind):  # in figures, or in words
                return _number(text)
            case _:
                return read_text(self.names, asked.kind, asked.rules, text.replace("\r\n", "\n"))


def _number(text: str) -> Any:
    compact = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d)", "", text.strip())
    return int(compact) if re.fullmatch(r"-?[0-9]{1,16}", compact) else text


_MINUTE = re.compile(
    r"(?P<day>\d{1,2}/\d{1,2}/\d{4})(?:\s+à)?\s+(?P<hour>\d{1,2})\s*[h:]\s*(?P<minute>\d{2})"
    r"(?:\s*(?P<offset>[+-]\d{2}:\d{2}))?",
    re.ASCII,
)


def minute_meant(text: str) -> str:
    """`30/06/2015 à 23:59` as registers write it; anything else as it is, to be refused."""
    found = _MINUTE.fullmatch(text.strip())
    if not found:
        return text.strip()
    day = as_iso(found["day"])
    return f"{day}T{found['hour']:0>2}:{found['minute']}{found['offset'] or ''}"


def tidy(form: Form, typed: Typed) -> Typed:
    """What was typed, without the rows in which nothing is; the others follow one another."""
    texts: dict[str, tuple[str, ...]] = {}
    for one in form.fields:
        texts.update(_tidied(one, one.name, one.name, typed))
    return Typed(texts, typed.files)


def _tidied(
    asked: FormField, path: str, to: str, typed: Typed
) -> Iterator[tuple[str, tuple[str, ...]]]:
    match asked.control:
        case Control.GROUP:
            for one in asked.parts:
                yield from _tidied(one, f"{path}.{one.name}", f"{to}.{one.name}", typed)
        case Control.ROWS:
            each = asked.parts[0]
            rows = [f"{path}.{number}" for number in typed.rows(path)]
            for number, row in enumerate(row for row in rows if not blank(each, row, typed)):
                yield from _tidied(each, row, f"{to}.{number}", typed)
        case Control.PAIRS:
            rows = [f"{path}.{number}" for number in typed.rows(path)]
            full = [row for row in rows if any(typed.text(f"{row}.{n}") for n in ("key", "value"))]
            for number, row in enumerate(full):
                for name in ("key", "value"):
                    yield f"{to}.{number}.{name}", (typed.text(f"{row}.{name}"),)
        case Control.PARTY:
            for name in ("kind", "name"):
                if f"{path}.{name}" in typed.texts:
                    yield f"{to}.{name}", typed.texts[f"{path}.{name}"]
        case _:
            if path in typed.texts:
                yield to, typed.texts[path]


def blank(asked: FormField, path: str, typed: Typed) -> bool:
    """Whether nothing was typed in a field, beside what stands there anyway."""
    match asked.control:
        case Control.GROUP:
            return all(blank(one, f"{path}.{one.name}", typed) for one in asked.parts)
        case Control.ROWS:
            rows = (f"{path}.{number}" for number in typed.rows(path))
            return all(blank(asked.parts[0], row, typed) for row in rows)
        case Control.PAIRS:
            return not any("".join(texts).strip() for texts in _under(path, typed))
        case Control.PARTY:
            return not typed.text(f"{path}.name").strip() and (
                typed.text(f"{path}.kind") != "everywhere"
            )
        case Control.FILE:
            return path not in typed.files
        case _:
            told = [text for text in typed.texts.get(path, ()) if text.strip()]
            return not told or told == default_texts(asked)


def _under(path: str, typed: Typed) -> Iterator[tuple[str, ...]]:
    return (texts for name, texts in typed.texts.items() if name.startswith(f"{path}."))
