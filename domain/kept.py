"""Reading what was recorded: by the types of its members, whatever rule was tightened since.

A value is judged once, when a command gives it. What is stored is what was admitted then; to judge
it again by the rules of today would make yesterday's history unreadable. So the reader of an event
is derived from its class: the same members and the same types, at whatever depth, without patterns,
limits and validators. A type that reads itself (a date known to the month) stays as it is.
"""

from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic_core import CoreSchema, SchemaValidator, core_schema

RULES = frozenset(
    {
        *("pattern", "min_length", "max_length", "strip_whitespace", "to_upper", "to_lower"),
        *("ascii_only", "ge", "gt", "le", "lt", "multiple_of", "allow_inf_nan"),
        *("now_op", "max_digits", "decimal_places"),
    }
)
"""What a type may be limited by."""

JUDGES = frozenset({"function-after", "function-before", "function-wrap"})
"""What else may refuse a value, or give it another form, before it is recorded."""

PLAIN = frozenset({"metadata", "serialization", "config", "default", "expected", "members"})
"""What a schema says beside the schemas in it."""


def reader(kind: type[BaseModel] | TypeAdapter[Any]) -> SchemaValidator:
    """What reads a value as it was recorded."""
    return _validator(unjudged(schema_of(kind)))


def members_reader(kind: type[BaseModel], names: Collection[str]) -> SchemaValidator:
    """The same for some members of a model, given as a dictionary; others are not looked at."""
    schema: Any = unjudged(schema_of(kind))
    model = schema["schema"] if schema["type"] == "definitions" else schema
    told = model["schema"]["fields"]
    fields = {
        name: core_schema.typed_dict_field(
            told[name]["schema"],
            required=told[name]["schema"]["type"] != "default",
            validation_alias=told[name].get("validation_alias"),
        )
        for name in names
    }
    chosen: CoreSchema = core_schema.typed_dict_schema(fields)
    if schema["type"] == "definitions":
        chosen = core_schema.definitions_schema(chosen, schema["definitions"])
    return _validator(chosen)


def schema_of(kind: type[BaseModel] | TypeAdapter[Any]) -> CoreSchema:
    """How a value is read and judged; it is made when it is first asked for."""
    if isinstance(kind, TypeAdapter):
        kind.rebuild()
        return kind.core_schema
    kind.model_rebuild()
    return kind.__pydantic_core_schema__


def _validator(schema: CoreSchema) -> SchemaValidator:
    # The library would otherwise put the judging validators of nested models back in.
    return SchemaValidator(schema, _use_prebuilt=False)


def unjudged(schema: Any) -> Any:
    """A schema without its rules, at whatever depth."""
    if isinstance(schema, list | tuple):
        return type(schema)(unjudged(part) for part in schema)
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if not isinstance(kind, str):  # members by their names, or choices
        return {name: unjudged(part) for name, part in schema.items()}
    if kind == "json-or-python":
        return schema
    if kind in JUDGES:
        inner = unjudged(schema["schema"])
        return {**inner, "ref": schema["ref"]} if "ref" in schema else inner
    return {
        name: part if name in PLAIN else unjudged(part)
        for name, part in schema.items()
        if name not in RULES
    }
