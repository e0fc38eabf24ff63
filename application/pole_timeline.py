"""The timeline of a pole: its facts in their order, those asked for, and the silences between."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from application.family_of_event import FAMILIES, FactFamily, family_of
from application.history_in_words import HistoryLine, ToldOfPole, in_order
from application.kind_of_event import kind_in_words
from application.wording import ROLES, capital, duration_in_words
from domain.kernel import Recorded

QUIET = 183
"""Days without a fact from which on a silence is told, and drawn shorter than it was."""


@dataclass(frozen=True, slots=True)
class TimelineAsked:
    """Which facts are asked for: about what, of one kind, by whom, from and until which day."""

    family: str = ""
    kind: str = ""
    role: str = ""
    start: date | None = None
    end: date | None = None

    def wants(self, fact: Recorded) -> bool:
        event, day = fact.event, fact.in_force_from
        return (
            (not self.family or family_of(event.TOPIC) == self.family)
            and (not self.kind or kind_of(event.TOPIC) == self.kind)
            and (not self.role or event.meta.role == self.role)
            and (self.start is None or day >= self.start)
            and (self.end is None or day <= self.end)
        )


@dataclass(frozen=True, slots=True)
class TimelineChoice:
    """What the facts may be narrowed to, and how many that leaves."""

    value: str
    words: str
    number: int


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """A fact of the timeline, and the silence before it, in words, where it was a long one."""

    line: HistoryLine
    silence: str


class PoleTimeline:
    """The facts told of a pole at a moment, narrowed to those asked for.

    Those that have no date come last: nobody knows what they follow.
    """

    def __init__(self, told: ToldOfPole, asked: TimelineAsked) -> None:
        self._told = told
        self.total = len(told.facts)
        self.chosen = sorted(filter(asked.wants, told.facts), key=_dated_first)
        self._silences = dict(_silences(self.chosen))

    def entries(self, offset: int, limit: int) -> list[TimelineEntry]:
        """Some of the facts, each in words."""
        some = self.chosen[offset : offset + limit]
        lines = {line.position: line for line in self._told.lines(some)}
        return [TimelineEntry(lines[at], self._silences.get(at, "")) for at in map(_place, some)]

    def families(self) -> list[TimelineChoice]:
        """What the facts are about, and how many of all of them are."""
        found = Counter(family_of(fact.event.TOPIC) for fact in self._told.facts)
        return [TimelineChoice(f, capital(FAMILIES[f]), found[f]) for f in FactFamily if found[f]]

    def kinds(self) -> list[TimelineChoice]:
        """The kinds of facts there are, by their words."""
        found = Counter(kind_of(fact.event.TOPIC) for fact in self._told.facts)
        words = {kind: kind_in_words(f"{kind}.v1") for kind in found}
        return [TimelineChoice(k, words[k], found[k]) for k in sorted(found, key=words.__getitem__)]

    def roles(self) -> list[TimelineChoice]:
        """In which roles they were recorded, by their words."""
        found = Counter(str(fact.event.meta.role) for fact in self._told.facts)
        words: Mapping[str, str] = {str(role): title for role, title in ROLES.items()}
        return [TimelineChoice(r, words[r], found[r]) for r in sorted(found, key=words.__getitem__)]

    def silence_since(self, today: date) -> str:
        """How long nothing has happened, in words, where it is long."""
        dated = [fact.in_force_from for fact in self.chosen if fact.event.occurred_on.is_known]
        days = (today - dated[-1]).days if dated else 0
        return duration_in_words(days) if days >= QUIET else ""


def kind_of(topic: str) -> str:
    """A kind of event, whatever the version of what is kept of it."""
    return topic.rpartition(".v")[0]


def _place(fact: Recorded) -> int:
    return fact.position


def _dated_first(fact: Recorded) -> tuple[bool, date, int]:
    return (not fact.event.occurred_on.is_known, *in_order(fact))


def _silences(facts: Iterable[Recorded]) -> Iterator[tuple[int, str]]:
    """The long silences, each by the place of the fact that ended it."""
    last: date | None = None
    for fact in facts:
        if not fact.event.occurred_on.is_known:
            return
        days = (fact.in_force_from - last).days if last else 0
        if days >= QUIET:
            yield fact.position, duration_in_words(days)
        last = fact.in_force_from
