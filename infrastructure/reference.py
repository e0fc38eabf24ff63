"""The reference data that ships with the product: journeys, grids, regions, public history."""

import csv
from base64 import b64encode
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError
from typing_extensions import override

import domain
from application.call_file import CallFile
from application.demonstration import DemonstrationPeople, DemonstrationPerson
from application.history import UnreadableFile
from application.scenario import Scenario, UnreadableScenario
from application.sentences import of_validation
from domain.errors import JalonError
from domain.grid import FaultyGrid, Grid
from domain.journey import Journey
from domain.legal_form import ByLaw, LegalForm
from domain.rules import FaultyJourney
from domain.values import Frozen

F = TypeVar("F", bound=Frozen)

REFERENCE = Path(domain.__file__).parent / "reference"

LARGEST_JOURNEY = 1_000_000
"""Bytes. A definition is a hundred times smaller."""

MOST_VALUES = 20_000
"""How many values a definition may hold, those that its anchors repeat counted each time."""

DEEPEST = 40
"""How many levels they may be nested in."""


class _Loader(yaml.CSafeLoader):
    """Plain YAML, in which a name is given once and a date stays the text that it is."""

    yaml_implicit_resolvers = {
        first: [(tag, form) for tag, form in known if tag != "tag:yaml.org,2002:timestamp"]
        for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }

    @override
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
                if key.value in seen:
                    raise _Unacceptable(f"« {key.value[:60]} » est donné deux fois", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


class _Unacceptable(Exception):
    """YAML, and not what a definition is written in."""

    def __init__(self, reason: str, mark: Any) -> None:
        super().__init__(f"{reason} (ligne {mark.line + 1})")


def read_journey(path: Path) -> Journey:
    """Read a definition; what is not one is refused with the place of the fault."""

    def refuse(reason: str) -> FaultyJourney:
        return FaultyJourney(where=path.name, reason=reason)

    return _read(path, Journey, refuse, "ce n'est pas un parcours")


def parse_journey(name: str, content: bytes) -> Journey:
    """A definition in YAML that was sent, not kept in a file; refused with the place of the fault.

    Args:
        name: what it is called where it is refused.
    """

    def refuse(reason: str) -> FaultyJourney:
        return FaultyJourney(where=name, reason=reason)

    return _parsed(content, Journey, refuse, "ce n'est pas un parcours")


def parse_grid(name: str, content: bytes) -> Grid:
    """A grid in YAML or JSON that was sent; refused with the place of the fault."""

    def refuse(reason: str) -> FaultyGrid:
        return FaultyGrid(where=name, reason=reason)

    return _parsed(content, Grid, refuse, "ce n'est pas une grille")


def parse_call_file(name: str, content: bytes) -> CallFile:
    """A file of calls in YAML that was sent; refused with the place of the fault."""

    def refuse(reason: str) -> UnreadableFile:
        return UnreadableFile(reason=f"Le fichier {name} ne peut pas être chargé : {reason}.")

    return _parsed(content, CallFile, refuse, "ce n'est pas une liste d'appels")


def lines_of(text: str, wanted: Collection[str]) -> dict[str, int]:
    """The lines on which a definition in YAML names some places (`state / deadline`), from 1."""
    tokens = [
        (token.value, token.start_mark.line + 1)
        for token in yaml.scan(text, yaml.CSafeLoader)
        if isinstance(token, yaml.ScalarToken)
    ]
    found = {}
    for place in wanted:
        start = line = 0
        for name in place.split(" / "):
            at = next((n for n in range(start, len(tokens)) if tokens[n][0] == name), None)
            if at is None:
                break
            start, line = at + 1, tokens[at][1]
        if line:
            found[place] = line
    return found


def read_grid(path: Path) -> Grid:
    """Read a grid in YAML or JSON; what is not one is refused with the place of the fault."""

    def refuse(reason: str) -> FaultyGrid:
        return FaultyGrid(where=path.name, reason=reason)

    return _read(path, Grid, refuse, "ce n'est pas une grille")


def read_call_file(path: Path | None = None) -> CallFile:
    """A file of calls in YAML; that of the seven calls of the State, unless another is given."""
    shown = path or REFERENCE / "calls" / "state_calls.yaml"

    def refuse(reason: str) -> UnreadableFile:
        return UnreadableFile(reason=f"Le fichier {shown.name} ne peut pas être chargé : {reason}.")

    return _read(shown, CallFile, refuse, "ce n'est pas une liste d'appels")


STORIES = ("poles", "season")
"""What the demonstration tells: a few poles, then a season of a call."""


def demonstration(story: str = STORIES[0]) -> tuple[Scenario, dict[str, str]]:
    """A story of fictitious poles, the text that they sign, and their documents.

    A document is called as its file is, and given as it travels: in base64.
    """

    def refuse(reason: str) -> UnreadableScenario:
        return UnreadableScenario(reason=reason)

    folder = REFERENCE / "demonstration"
    scenario = _read(folder / f"{story}.yaml", Scenario, refuse, "ce n'est pas un scénario")
    files = sorted(path for path in folder.iterdir() if path.suffix != ".yaml")
    return scenario, {
        "exemple": (REFERENCE / "charters" / "exemple.txt").read_text("utf-8"),
        **{path.name: b64encode(path.read_bytes()).decode() for path in files},
    }


def demonstration_people() -> tuple[DemonstrationPerson, ...]:
    """Who signs in to the demonstration: one login a role."""

    def refuse(reason: str) -> UnreadableScenario:
        return UnreadableScenario(reason=reason)

    file = REFERENCE / "demonstration" / "people.yaml"
    return _read(file, DemonstrationPeople, refuse, "ce n'est pas une liste de personnes").people


def _read(path: Path, kind: type[F], refuse: Callable[[str], JalonError], no: str) -> F:
    """A value of a kind from a file in YAML, of which JSON is a part."""
    if not path.is_dir() and not (path.is_file() and path.stat().st_size <= LARGEST_JOURNEY):
        limit = f"{LARGEST_JOURNEY // 1_000_000} Mo"
        raise refuse(f"il faut un fichier de {limit} au plus")
    return _parsed(path.read_bytes(), kind, refuse, no)


def _parsed(data: bytes, kind: type[F], refuse: Callable[[str], JalonError], no: str) -> F:
    try:
        text = data.decode("utf-8")
        _measure(text)
        content: Any = yaml.load(text, _Loader)  # noqa: S506  # a safe loader
        if not isinstance(content, dict):
            raise refuse("le fichier est vide" if content is None else no)
        return kind.model_validate(content)
    except UnicodeDecodeError:
        raise refuse("le fichier n'est pas en UTF-8") from None
    except _Unacceptable as fault:
        raise refuse(str(fault)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" à la ligne {mark.line + 1}" if mark else ""
        raise refuse(f"ce n'est pas du YAML{place}") from None
    except ValidationError as error:
        raise refuse(of_validation(error).say("fr").rstrip(".")) from None
    except ValueError:  # a number of thousands of digits
        raise refuse("un des nombres ne peut pas être lu") from None


def write_journey(journey: Journey) -> str:
    """A definition as people write it; reading it back gives an equal one."""
    content = journey.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for name in _BY_NAME & set(content):
        content[name] = {part.pop("id"): part or None for part in content[name]}
    for state in content["states"].values():
        for permission, right in (state or {}).get("rights", {}).items():
            roles = right["roles"]
            state["rights"][permission] = {"acquire": roles} if right.get("acquired") else roles
    return yaml.dump(
        content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=98
    )


_BY_NAME = {"states", "transitions", "variables", "worklists"}


def _measure(text: str) -> None:
    """Refuse what would take too long to read, before it is read.

    An anchor counts again wherever it is repeated: a few lines of them may stand for billions of
    values.
    """
    sizes: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = []
    total = 0
    event: Any
    for event in yaml.parse(text, yaml.CSafeLoader):
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Unacceptable(
                f"la marque « {event.tag[:60]} » n'est pas admise", event.start_mark
            )
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                reason = f"« *{str(event.anchor)[:60]} » renvoie à lui-même, ou à rien"
                raise _Unacceptable(reason, event.start_mark)
            total += sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            total += 1
            open_.append((event.anchor, total - 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor:
                sizes[anchor] = total - before
        if len(open_) > DEEPEST:
            raise _Unacceptable("trop de niveaux imbriqués", event.start_mark)
        if total > MOST_VALUES:
            raise _Unacceptable(f"plus de {MOST_VALUES} valeurs", event.start_mark)


def shipped_grids() -> Iterator[Grid]:
    """The grids that come with the product, by name."""
    for path in sorted((REFERENCE / "grids").glob("*.yaml")):
        yield read_grid(path)


def shipped_journeys() -> Iterator[Journey]:
    """The versions of every journey that comes with the product: each by name, oldest first."""
    for path in sorted((REFERENCE / "journeys").glob("*.yaml")):
        yield read_journey(path)


@cache
def legal_forms() -> Mapping[str, LegalForm]:
    """The legal forms of the Insee, each with what the law says of it, by their codes."""
    with (REFERENCE / "legal_forms.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {row["code"]: LegalForm(**{**row, "status": ByLaw(row["status"])}) for row in rows}
