"""What was recorded is read by the types of its members, whatever rule was tightened since."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_origin

import pytest
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError, model_validator

from application import catalogue  # every topic is known from here on
from domain.identifiers import Identifier, Scheme
from domain.kept import JUDGES, RULES, members_reader, reader, schema_of, unjudged
from domain.kernel import EVENTS, Aggregate, Event
from domain.values import Frozen, Line
from infrastructure.event_store.mapper import read_state, write_state

FOLDER = Path(__file__).parent / "events"
assert catalogue.COMMANDS
TOPICS = sorted(t for t, event in EVENTS.items() if event.__module__.startswith("domain."))


def worse(value: Any) -> Any:
    """A value of the same types that no rule would admit: two lines and a NUL, a negative number.

    A discriminator, a choice, an identity and a date are of their type, and stay.
    """
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        told = {
            name: was if get_origin(fields[name].annotation) is Literal else worse(was)
            for name, was in value
        }
        return type(value).model_construct(**told)
    if isinstance(value, tuple | list):
        return type(value)(worse(part) for part in value)
    if isinstance(value, dict):
        return {name: worse(part) for name, part in value.items()}
    if type(value) is str:
        return f"  \x00{value}\n "
    return -7 if type(value) is int else value


def owners(event: type[Event]) -> Iterator[type[Aggregate]]:
    found = [Aggregate]
    for cls in found:
        found += cls.__subclasses__()
    return (
        cls for cls in found if cls.__module__.startswith("domain.") and event in cls._remembers
    )


@pytest.mark.parametrize("topic", TOPICS)
def test_an_event_is_read_even_if_every_rule_about_it_were_stricter(topic: str) -> None:
    """If this fails, a rule of today would make what was recorded yesterday unreadable."""
    event = worse(read_state(topic, (FOLDER / f"{topic}.json").read_bytes()))
    state = write_state(event)

    assert read_state(topic, state) == event
    for owner in owners(type(event)):
        remembered = owner._remembers[type(event)]
        *_, members = remembered.reader(type(event))(topic, state)
        assert members == {name: getattr(event, name) for name in remembered.names}


@pytest.mark.parametrize("topic", TOPICS)
def test_no_rule_is_left_in_what_reads_an_event(topic: str) -> None:
    def rules(schema: Any) -> Iterator[str]:
        if isinstance(schema, list | tuple):
            for part in schema:
                yield from rules(part)
        elif isinstance(schema, dict):
            kind = schema.get("type")
            if kind == "json-or-python":
                return
            if isinstance(kind, str):
                yield from {kind} & JUDGES | {*schema} & RULES
            for name, part in schema.items():
                if name not in ("metadata", "serialization"):
                    yield from rules(part)

    assert [*rules(unjudged(schema_of(EVENTS[topic])))] == []


def test_no_two_values_that_events_hold_have_one_name() -> None:
    """The catalogue tells each under its name: of two that share one, it would hide the other."""
    told: dict[str, set[str]] = {}
    for topic in TOPICS:
        for name, schema in EVENTS[topic].model_json_schema().get("$defs", {}).items():
            told.setdefault(name, set()).add(json.dumps(schema, sort_keys=True))

    assert [name for name, schemas in told.items() if len(schemas) > 1] == []


class _Strict(Frozen):
    """A value whose rules became stricter after it was recorded."""

    number: Annotated[int, Field(ge=1000)]
    words: Annotated[Line, AfterValidator(lambda _: pytest.fail("asked again"))]

    @model_validator(mode="before")
    @classmethod
    def _before(cls, given: Any) -> Any:
        msg = "no longer given so"
        raise ValueError(msg)

    @model_validator(mode="after")
    def _after(self) -> Self:
        msg = "no longer admitted"
        raise ValueError(msg)


class _Holding(_Strict):
    """One that holds others."""

    parts: tuple[_Strict, ...] = ()


def test_a_value_is_judged_when_it_is_given_and_never_when_it_is_read() -> None:
    with pytest.raises(ValidationError, match="no longer given so"):
        _Holding(number=2000, words="x")

    read = reader(_Holding).validate_json(
        '{"number":1,"words":"","parts":[{"number":2,"words":" "}]}'
    )

    assert read == _Holding.model_construct(
        number=1, words="", parts=(_Strict.model_construct(number=2, words=" "),)
    )


def test_some_members_are_read_without_looking_at_the_others() -> None:
    read = members_reader(_Holding, {"number", "parts"}).validate_json('{"number":1,"words":[7]}')

    assert read == {"number": 1, "parts": ()}


@pytest.mark.parametrize("state", ['{"number":"many","words":"x"}', '{"words":"x"}', "[]"])
def test_what_is_not_of_its_type_is_not_read(state: str) -> None:
    with pytest.raises(ValidationError):
        reader(_Strict).validate_json(state)


def test_a_number_that_would_be_refused_today_is_read_as_it_was_recorded() -> None:
    read = reader(TypeAdapter(Identifier)).validate_json('{"scheme":"siren","number":"732829321"}')

    assert (read.scheme, read.number) == (Scheme.SIREN, "732829321")
