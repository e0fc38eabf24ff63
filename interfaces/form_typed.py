"""What somebody types in a form, and what would be typed to mean a command."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from application.command import Command
from domain.minute import Minute
from domain.values import Personal
from interfaces.form_fields import ASIDE, Control, Form, FormField

UNKNOWN_DAY = "inconnue"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed, exactly: the texts of each field by its path, and files."""

    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(
        cls, pairs: Iterable[tuple[str, str]], files: Mapping[str, bytes] | None = None
    ) -> "Typed":
        """What was sent, one text after the other."""
        found: dict[str, tuple[str, ...]] = {}
        for name, text in pairs:
            found[name] = (*found.get(name, ()), text)
        return cls(found, files or {})

    def text(self, path: str) -> str:
        """The text of a field; empty where nothing was typed."""
        return next(iter(self.texts.get(path, ())), "")

    def rows(self, path: str) -> list[int]:
        """The numbers of the rows of a field that was given several values."""
        start = f"{path}."
        heads = (
            name[len(start) :].partition(".")[0] for name in self.texts if name.startswith(start)
        )
        return sorted({int(head) for head in heads if re.fullmatch(r"[0-9]{1,5}", head)})

    @classmethod
    def kept(cls, content: str) -> "Typed":
        """What was typed, as it was kept."""
        return cls({name: tuple(texts) for name, texts in json.loads(content).items()})

    def to_keep(self) -> str:
        """What was typed, but files."""
        return json.dumps({name: list(texts) for name, texts in self.texts.items()})

    def without(self, path: str) -> "Typed":
        """The same without a row."""
        kept = {
            name: texts
            for name, texts in self.texts.items()
            if name != path and not name.startswith(f"{path}.")
        }
        return Typed(kept, self.files)


def default_texts(asked: FormField) -> list[str]:
    """What stands in a field before anybody types, where something holds without being said."""
    if asked.default in (None, (), {}) or asked.control in (Control.ROWS, Control.GROUP):
        return []
    return list(_texts(asked, asked.default))


def typed_of(form: Form, command: Command) -> Typed:
    """What would be typed to mean a command."""
    pairs: list[tuple[str, str]] = []
    files: dict[str, bytes] = {}
    for one in form.fields:
        value = getattr(command, one.name)
        if one.control is Control.FILE and isinstance(value, bytes):
            files[one.name] = value
        else:
            pairs.extend(_written(one, one.name, value))
    return Typed.of(pairs, files)


def can_say(command: type[Command], name: str, value: Any) -> bool:
    """Whether a value is one that a field of a command takes, and not only called as it is.

    What is said of every act is left to stay as it was.
    """
    field = command.model_fields[name]
    if value is None or name in ASIDE:
        return False
    kind: Any = field.annotation
    try:
        TypeAdapter[Any](
            Annotated[(kind, *field.metadata)] if field.metadata else kind
        ).validate_python(value)
    except ValidationError:
        return False
    return True


def typed_values(form: Form, values: Mapping[str, Any]) -> Typed:
    """What would be typed to give some values, by the names of the fields."""
    known = [one for one in form.fields if values.get(one.name) is not None]
    return Typed.of(pair for one in known for pair in _written(one, one.name, values[one.name]))


def _written(asked: FormField, path: str, value: Any) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    match asked.control:
        case Control.GROUP:
            for one in asked.parts:
                part = (
                    value.get(one.name) if isinstance(value, Mapping) else getattr(value, one.name)
                )
                yield from _written(one, f"{path}.{one.name}", part)
        case Control.ROWS:
            for number, one in enumerate(value):
                yield from _written(asked.parts[0], f"{path}.{number}", one)
        case Control.PAIRS:
            for number, (key, told) in enumerate(value.items()):
                yield f"{path}.{number}.key", str(key)
                yield f"{path}.{number}.value", str(told)
        case Control.PARTY:
            kind, _, name = str(value).partition(":")
            yield f"{path}.kind", kind
            yield f"{path}.name", name
        case _:
            for text in _texts(asked, value):
                yield path, text


def _texts(asked: FormField, value: Any) -> Iterator[str]:
    """A value as people write it."""
    match asked.control:
        case Control.CHOICES:
            yield from map(str, value)
        case Control.YES_NO:
            yield "true" if value else "false"
        case Control.MONEY if isinstance(value, int):
            yield f"{value // 100},{value % 100:02d}"
        case Control.DAY | Control.DATE:
            yield _day(value)
        case Control.MINUTE:
            yield _minute(value)
        case Control.STRUCTURE:
            yield _json(value)
        case _:
            yield value.text if isinstance(value, Personal) else str(value)


def _day(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date) else str(value)
    if text == "unknown":
        return UNKNOWN_DAY
    return "/".join(reversed(text.split("-")))


def _minute(value: Any) -> str:
    minute = value if isinstance(value, Minute) else Minute(str(value))
    local, _, _ = minute.root.partition("+")
    day, hour = local[:10], local[11:16]
    said = f"{'/'.join(reversed(day.split('-')))} {hour}"
    try:
        Minute(f"{day}T{hour}")
    except ValueError:  # it comes twice: which of both is said
        return f"{said} {minute.root[16:]}"
    return said


def _json(value: Any) -> str:
    return json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=1)
