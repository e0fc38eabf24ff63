"""What narrows a list on a page: each choice, how many lines it leaves, and its address."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Protocol, TypeVar

from fastapi import Query

from application.narrowing import NOWHERE
from domain.spelling import plain
from domain.territory import parts
from interfaces.web.page import Asked

T = TypeVar("T")

ANSWERS = 16
"""Of how many answers what was counted is kept."""

Text = Annotated[str, Query(max_length=120, pattern=r"^[^\x00-\x1f]*$")]


class CountedOnce(Generic[T]):
    """What was last counted of some answers, each counted once for as long as it is the same."""

    def __init__(self, count: Callable[[Any], T]) -> None:
        self._count = count
        self._of: OrderedDict[int, tuple[object, T]] = OrderedDict()

    def __call__(self, answer: object) -> T:
        """What is counted of an answer, which nobody changes."""
        known = self._of.pop(id(answer), None)  # which is its own while it is kept here
        found = self._count(answer) if known is None else known[1]
        self._of[id(answer)] = answer, found
        if len(self._of) > ANSWERS:
            self._of.popitem(last=False)
        return found


class Located(Protocol):
    """A line that may be in one or several regions."""

    @property
    def region(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Facet:
    """What some lines share, how many of them, and the address that shows them alone."""

    value: str
    title: str
    number: int
    url: str
    chosen: bool


def regions(lines: Iterable[Located]) -> list[tuple[str, str, int]]:
    """Each region with its number of lines, by name; those without a region come last."""
    counts = Counter(region for line in lines for region in parts(line.region) or [None])
    known = sorted((region for region in counts if region), key=plain)
    found = [(region, region, counts[region]) for region in known]
    return found + ([(NOWHERE, "Région non renseignée", counts[None])] if counts[None] else [])


def facets(
    name: str,
    counted: Iterable[tuple[str, str, int]],
    chosen: str,
    asked: Asked,
    here: str,
    kept: Mapping[str, str] | None = None,
) -> list[Facet]:
    """The values of one filter as links, beside what is kept of the other filters."""
    others = {field: value for field, value in (kept or {}).items() if field != name}
    return [
        Facet(value, title, number, asked.url(here, others, **{name: value}), value == chosen)
        for value, title, number in counted
    ]
