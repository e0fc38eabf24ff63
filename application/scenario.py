"""Scenarios: sequences of commands written as data, done one after the other by several people."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field

from application.command import COMMANDS, By, Command
from application.listing import Listed
from domain.dates import PartialDate
from domain.errors import Invalid
from domain.kernel import AccountId, Frozen, Role

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

    A field written `$name` is the answer of the deed that said `as: name`.
    """

    do: str
    person: str = "registre"
    role: Role = Role.REGISTRAR
    day: PartialDate | None = None
    until: date | None = None
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
    """What happens, in order."""

    title: str
    deeds: tuple[Deed | Look, ...]

    @property
    def names(self) -> set[str]:
        """Of the poles that it registers."""
        return {deed.given["name"] for deed in self.deeds if _registers(deed)}


def _registers(deed: Deed | Look) -> bool:
    return isinstance(deed, Deed) and deed.do == "pole.register"


def play(scenario: Scenario, do: Do, find: Find, texts: Mapping[str, str]) -> Answers:
    """Do all of it; what was done before under the same key is not done again."""
    answers: Answers = dict(texts)
    for number, deed in enumerate(scenario.deeds):
        if isinstance(deed, Look):
            line = find(deed.look, _fields(deed, answers))
            if line is None:
                raise UnknownDeed(name=deed.named)
            answers |= {deed.named: line.id, f"{deed.named}.fact": line.fact}
            continue
        said = deed.model_dump_json(by_alias=True)
        key = f"scenario/{number}/{sha256((scenario.title + said).encode()).hexdigest()[:16]}"
        answer = do(_command(deed, answers), _by(deed), key)
        if deed.named:
            answers[deed.named] = answer
    return answers


def _command(deed: Deed, answers: Answers) -> Command:
    try:
        kind = COMMANDS[deed.do]
    except KeyError:
        raise UnknownDeed(name=deed.do) from None
    fields = _fields(deed, answers)
    dated = {"occurred_on": deed.day, "valid_to": deed.until}
    return kind.model_validate(fields | {n: v for n, v in dated.items() if v is not None})


def _fields(deed: Deed | Look, answers: Answers) -> dict[str, Any]:
    return {name: _resolved(value, answers) for name, value in deed.given.items()}


def _by(deed: Deed) -> By:
    """A person of a scenario always has the same account."""
    account = uuid5(NAMESPACE_URL, f"jalon:scenario:{deed.person}")
    return By(actor=AccountId(account), role=deed.role)


def _resolved(value: Any, answers: Answers) -> Any:
    match value:
        case str() if value.startswith("$"):
            if value[1:] not in answers:
                raise UnknownDeed(name=value)
            return answers[value[1:]]
        case str() if "$" in value:
            return "".join(_pieces(value, answers))
        case list():
            return [_resolved(part, answers) for part in value]
        case dict():
            return {name: _resolved(part, answers) for name, part in value.items()}
        case _:
            return value


def _pieces(text: str, answers: Answers) -> Iterator[str]:
    """A text with the answers that it names: `pole:$riviere`."""
    before, _, name = text.partition("$")
    yield before
    if name not in answers:
        raise UnknownDeed(name=f"${name}")
    yield str(answers[name])
