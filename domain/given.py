"""What a step is given: the declared input, read once and held to what it asks."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, TypeAdapter

from domain.dates import as_iso
from domain.errors import Refused
from domain.journey import Input, Transition
from domain.rules import Value
from domain.values import Prose
from domain.words import Text, Whole, called


class InputRefused(Refused):
    """What the step was given is not what it asks."""

    code = "journey.input"
    fr = "« {title} » : {reason}."
    en = "“{title}”: {reason}."


NOTHING_ASKED = Text(
    fr="ce qui se fait de soi-même ne reçoit rien", en="what happens by itself is given nothing"
)


def read_input(way: Transition, given: Mapping[str, Any], *, past: bool) -> dict[str, Value]:
    title = called(way.title, way.id)
    for name in given:
        if name not in {asked.id for asked in way.input}:
            reason = Text(fr=f"« {name} » n'est pas demandé", en=f"“{name}” is not asked for")
            raise InputRefused(title=title, reason=reason)
    parsed: dict[str, Value] = {}
    for asked in way.input:
        if given.get(asked.id) is None:
            if asked.required and not past:
                wanting = called(asked.title, asked.id)
                reason = Text(
                    fr=f"il manque « {wanting.fr} » (« {asked.id} », dans « input »)",
                    en=f"“{wanting.en}” is missing (“{asked.id}”, in “input”)",
                )
                raise InputRefused(title=title, reason=reason)
            continue
        parsed[asked.id] = _parse(title, asked, given[asked.id])
    return parsed


_DAY_FORM = StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")
_READ: Mapping[str, TypeAdapter[Any]] = {
    "text": TypeAdapter(Prose),
    "integer": TypeAdapter(Whole),
    "boolean": TypeAdapter(StrictBool),
    "date": TypeAdapter(
        Annotated[str, AfterValidator(as_iso), _DAY_FORM, AfterValidator(date.fromisoformat)]
    ),
    "texts": TypeAdapter(Annotated[tuple[Prose, ...], Field(max_length=100)]),
    "id": TypeAdapter(Annotated[UUID, AfterValidator(str)]),
}
"""How each type of input is read: what is given to a step is held to what any field is."""


def _parse(title: Text, asked: Input, value: Any) -> Value:
    try:
        if isinstance(value, bool) and asked.type == "integer":
            raise ValueError
        result: Value = _READ[asked.type].validate_python(value)
    except ValueError:
        reason = Text(
            fr=f"« {asked.id} » n'a pas la forme attendue ({asked.type})",
            en=f"“{asked.id}” is not of the expected form ({asked.type})",
        )
        raise InputRefused(title=title, reason=reason) from None
    if asked.options:
        for part in result if isinstance(result, tuple) else (result,):
            if part not in asked.options:
                among = ", ".join(asked.options)
                reason = Text(
                    fr=f"« {asked.id} » doit être choisi parmi : {among}",
                    en=f"“{asked.id}” must be one of: {among}",
                )
                raise InputRefused(title=title, reason=reason)
    return result
