"""Scenarios: sequences of commands written as data, done one after the other by several people."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field, model_validator

from application.command import COMMANDS, By, Command
from application.listing import Listed
from domain.errors import Invalid
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Frozen

Answers = dict[str, UUID | str]
"""What deeds gave, by name; and texts that the scenario is given to begin with."""

Do = Callable[[Command, By, str], UUID]
"""Executes a command in somebody's name, once under a key; gives its answer."""


Find = Callable[[str, Mapping[str, Any]], Listed | None]
"""Finds the first line of a list that has some values."""


class UnknownDeed(Invalid):
    """A scenario says what no command does, or names what nothing before it gave."""

    code = "scenario.unknown"
    fr = "Le scénario nomme « {name} », que rien ne définit avant."
    en = "The scenario names “{name}”, which nothing before it defines."


class UnreadableScenario(Invalid):
    """A scenario is written as a list of deeds."""

    code = "scenario.unreadable"
    fr = "Le scénario ne peut pas être lu : {reason}."
    en = "The scenario cannot be read: {reason}."


class Deed(Frozen):
    """One command: its name, who gives it in which role, of which day, with which fields.

    A text that begins with a dollar stands for something else: `$name`, for the answer of the deed
    that said `as: name`; `$person.name`, for the account of a person; `$day`, `$day-30` or
    `$day+30`, for a day counted from the one on which the scenario is told; `$year-30`, for the
    year of such a day; `$year-30-04-15`, for a day of that year; `$day-30T09:00`, for a minute of
    such a day.
    """

    do: str
    person: str = "registre"
    role: Role = Role.REGISTRAR
    under: str | None = None
    """The mandate under which it is done, by its name."""
    day: str | None = None
    until: str | None = None
    named: str | None = Field(None, alias="as")
    given: Mapping[str, Any] = Field(default={}, alias="with")


class Look(Frozen):
    """A line to be found in a list, by its values; its identity, and the fact that says it.

    `as: name` calls the one `$name`, the other `$name.fact`.
    """

    look: str
    named: str = Field(alias="as")
    given: Mapping[str, Any] = Field(default={}, alias="with")


class Scenario(Frozen):
    """What happens, in order.

    What happens to several things alike is written once: `each: rows` repeats its `deeds` for
    every row of the table of that name, or for those that say the same as `where`, and `{field}`
    stands for what the row says.
    """

    title: str
    says: str
    """What it tells, in one sentence."""
    source: str
    """What attests each deed that names no source of its own."""
    deeds: tuple[Deed | Look, ...]

    @model_validator(mode="before")
    @classmethod
    def _repeat(cls, given: Any) -> Any:
        if not isinstance(given, Mapping) or not isinstance(given.get("deeds"), list | tuple):
            return given
        tables = given.get("tables") or {}
        plain = {name: value for name, value in given.items() if name != "tables"}
        return plain | {"deeds": [*_repeated(given["deeds"], tables)]}

    @property
    def names(self) -> set[str]:
        """Of the poles that it registers."""
        return {deed.given["name"] for deed in self.deeds if _registers(deed)}

    @property
    def keys(self) -> list[str]:
        """Under what each deed is done once. Those of another telling are others."""
        told = sha256(self.model_dump_json(by_alias=True).encode()).hexdigest()[:16]
        return [f"scenario/{told}/{number}" for number in range(len(self.deeds))]

    @property
    def ends(self) -> tuple[tuple[By, str], tuple[By, str]]:
        """In whose name, and under which key, the first deed is done, and the last."""
        done = [
            (by_person(deed.person, deed.role), key)
            for deed, key in zip(self.deeds, self.keys, strict=True)
            if isinstance(deed, Deed)
        ]
        return done[0], done[-1]


Row = Mapping[str, Any]


def _repeated(deeds: Iterable[Any], tables: Mapping[str, Iterable[Row]]) -> Iterator[Any]:
    """Deeds, those that are written once for the rows of a table being said of each."""
    for deed in deeds:
        if not (isinstance(deed, Mapping) and "each" in deed):
            yield deed
            continue
        if deed["each"] not in tables:
            raise UnknownDeed(name=deed["each"])
        where = (deed.get("where") or {}).items()
        for row in tables[deed["each"]]:
            if where <= row.items():
                yield from (_said_of(row, one) for one in deed["deeds"])


_FIELD = re.compile(r"\{([a-z_]+)\}")


def _said_of(row: Row, value: Any) -> Any:
    """The same, with what a row says in the place of the names of its fields."""
    match value:
        case str() if whole := _FIELD.fullmatch(value):
            return _field(row, whole[1])
        case str():
            return _FIELD.sub(lambda found: str(_field(row, found[1])), value)
        case list():
            return [_said_of(row, part) for part in value]
        case dict():
            return {name: _said_of(row, part) for name, part in value.items()}
        case _:
            return value


def _field(row: Row, name: str) -> Any:
    if name not in row:
        raise UnknownDeed(name=name)
    return row[name]


def _registers(deed: Deed | Look) -> bool:
    return isinstance(deed, Deed) and deed.do == "pole.register"


def by_person(person: str, role: Role, under: UUID | None = None) -> By:
    """A person of a scenario, who always has the same account."""
    account = uuid5(NAMESPACE_URL, f"jalon:scenario:{person}")
    return By(actor=AccountId(account), role=role, on_behalf_of=MandateId(under) if under else None)


def play(
    scenario: Scenario, do: Do, find: Find, texts: Mapping[str, str], *, told_on: date
) -> Answers:
    """Do all of it; what was done before under the same key is not done again.

    Args:
        told_on: the day from which days are counted. It must be the same when it is told again.
    """
    telling = _Telling(scenario.source, told_on, dict(texts))
    for deed, key in zip(scenario.deeds, scenario.keys, strict=True):
        if isinstance(deed, Look):
            line = find(deed.look, telling.fields(deed))
            if line is None:
                raise UnknownDeed(name=deed.named)
            telling.answers |= {deed.named: line.id, f"{deed.named}.fact": line.fact}
            continue
        answer = do(telling.command(deed), telling.by(deed), key)
        if deed.named:
            telling.answers[deed.named] = answer
    return telling.answers


_COUNTED = re.compile(r"(?:(day)|(year))(?:([+-])(\d{1,4}))?(?(2)(-\d\d-\d\d)?)")
_MINUTE = re.compile(r"\$(day[+-]\d{1,4})(T\d\d:\d\d)")
_PERSON = "person."


class _Telling:
    """A scenario told on a day: what its words stand for by now."""

    def __init__(self, source: str, told_on: date, answers: Answers) -> None:
        self.source = source
        self.told_on = told_on
        self.answers = answers

    def command(self, deed: Deed) -> Command:
        try:
            kind = COMMANDS[deed.do]
        except KeyError:
            raise UnknownDeed(name=deed.do) from None
        dated = {"occurred_on": deed.day, "valid_to": deed.until}
        said = {name: self.resolved(day) for name, day in dated.items() if day is not None}
        return kind.model_validate({"source": self.source} | self.fields(deed) | said)

    def fields(self, deed: Deed | Look) -> dict[str, Any]:
        return {name: self.resolved(value) for name, value in deed.given.items()}

    def by(self, deed: Deed) -> By:
        under = self.resolved(deed.under) if deed.under else None
        return by_person(deed.person, deed.role, under)

    def resolved(self, value: Any) -> Any:
        match value:
            case str() if counted := _MINUTE.fullmatch(value):
                return f"{self._named(counted[1])}{counted[2]}"
            case str() if value.startswith("$"):
                return self._named(value[1:])
            case str() if "$" in value:
                before, _, name = value.partition("$")
                return f"{before}{self._named(name)}"
            case list():
                return [self.resolved(part) for part in value]
            case dict():
                return {name: self.resolved(part) for name, part in value.items()}
            case _:
                return value

    def _named(self, name: str) -> UUID | str:
        if name in self.answers:
            return self.answers[name]
        if name.startswith(_PERSON):
            return by_person(name.removeprefix(_PERSON), Role.PUBLIC).actor
        if found := _COUNTED.fullmatch(name):
            of_day, _, sign, days, of_year = found.groups()
            day = self.told_on + timedelta(int(f"{sign or '+'}{days or 0}"))
            return day.isoformat() if of_day else f"{day.year}{of_year or ''}"
        raise UnknownDeed(name=f"${name}")
