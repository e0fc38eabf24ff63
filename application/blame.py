"""Whence comes what is shown of a case: for each value, the last event after which it changed.

Found by asking the same question again, as it was known before each of the events that the answer
may rest on, the last one first, until every value has been another. That takes as many sheets as
there are such events: n sheets, whose histories are read once (`Rereading`). Halving would take
fewer, and be wrong of a value that was given up and came back.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from application.case_sheet import history_of
from application.history_in_words import (
    ATTACHMENTS,
    LINKS,
    HistoryLine,
    history_lines,
    mended_since,
    pole_history,
)
from application.rereading import Rereading
from application.shown import DATED, Shown, fields_of, must_be_there, shown
from application.withheld import told_yet
from application.world import Moment, World
from domain.errors import NotFound
from domain.kernel import Recorded
from domain.values import Frozen


class NoSuchValue(NotFound):
    """The sheet shows nothing under this path."""

    code = "blame.no_such_value"
    fr = "La fiche ne montre rien sous « {field} » ; elle montre : {there}."
    en = "The sheet shows nothing under “{field}”; it shows: {there}."


class ValueOrigin(Frozen):
    """The event by which a value is what it is."""

    position: int
    """Its place in the journal, which begins at 1; the index of its leaf is one less."""
    event: HistoryLine | None
    """The event in words; nothing of one that may not be told yet."""
    on_page: bool = False
    """Whether the history of the case tells it, under its position."""


class ValueBlame(Frozen):
    """A value shown of a case, with the event by which it is so; none where only days made it."""

    path: str
    title: str
    said: str
    is_thing: bool
    origin: ValueOrigin | None


def blame(
    world: World, concept: str, id_: UUID, moment: Moment, field: str | None = None
) -> list[ValueBlame]:
    """Every value that is shown of a case at a moment, with its event; of one path, or all."""
    again = Rereading(world, moment.known)
    sheets = Sheets(again, concept, id_, moment)
    there = sheets.at(moment.known) or must_be_there(world, concept, id_, moment)
    asked = [one for one in there.values() if field is None or _is_under(one.path, field)]
    if field is not None and not asked:
        _must_be_fields(concept, field)
    found = sheets.last_changes([one.path for one in asked])
    origins = Origins(again, concept, id_, moment)
    return [ValueBlame(**one._asdict(), origin=origins.of(found.get(one.path))) for one in asked]


def _is_under(path: str, field: str) -> bool:
    """Whether a value is one of those under a path, or under one of several, parted by commas."""
    return any(
        path == one or path.startswith((f"{one}.", f"{one}[")) for one in field.split(",") if one
    )


def _must_be_fields(concept: str, field: str) -> None:
    """Refuse what no sheet of its kind shows; a field of which nothing is known is shown empty."""
    known = fields_of(concept)
    if not all(one in known for one in field.split(",")):
        raise NoSuchValue(field=field[:80], there=", ".join(known))


class Sheets:
    """What is shown of a case on one day, as it was known at one size of the journal or another."""

    def __init__(self, again: Rereading, concept: str, id_: UUID, moment: Moment) -> None:
        self._again, self._concept, self._id, self._moment = again, concept, id_, moment
        self._kept: dict[int, dict[str, Shown]] = {}

    def at(self, known: int) -> dict[str, Shown]:
        """All that is shown as known at a size, by path."""
        if known not in self._kept:
            moment = self._moment.model_copy(update={"known": known})
            self._kept[known] = shown(self._again, self._concept, self._id, moment)
        return self._kept[known]

    def last_changes(
        self,
        paths: Iterable[str],
        since: int = 0,
        among: Callable[[int], bool] = lambda _: True,
    ) -> dict[str, int]:
        """The last event after which what is shown under each path changed, by its position.

        Args:
            since: the size beyond which to look.
            among: which events may be one. Of a path that none of them changed nothing is given.
        """
        wanted, found, size = set(paths), dict[str, int](), self._moment.known
        after = self.at(size)
        while wanted and (position := self._again.last_read(size)) and position > since:
            size = position - 1
            before = self.at(size)
            if among(position):
                changed = {path for path in wanted if _said(before, path) != _said(after, path)}
                found |= dict.fromkeys(changed, position)
                wanted -= changed
            after = before
        return found


def _said(there: dict[str, Shown], path: str) -> tuple[str | None, str | None]:
    """What a value says, and what it dates: the day of a step is another where the step is."""
    above, dot, name = path.rpartition(".")
    one, dated = there.get(path), there.get(f"{above}{dot}{DATED.get(name, name)}")
    return one.said if one else None, dated.said if dated else None


class Origins:
    """The events of a case in words, each as its history tells it."""

    def __init__(self, again: Rereading, concept: str, id_: UUID, moment: Moment) -> None:
        self._again = again
        self._known = moment.known
        told = (
            pole_history(again, id_, moment)
            if concept == "pole"
            else history_of(again, concept, id_, moment)
        )
        self._lines = {line.position: line for line in told}

    def of(self, position: int | None) -> ValueOrigin | None:
        """An event by its position.

        Where it says only that something recorded elsewhere concerns the case, it is the event by
        which the same command recorded that.
        """
        recorded = position and self._again.event_at(position)
        if not recorded:
            return None
        told = recorded.position in self._lines
        if not told and isinstance(recorded.event, (*ATTACHMENTS, *LINKS)):
            recorded = self._attached(recorded) or recorded
        if line := self._lines.get(recorded.position):
            return ValueOrigin(position=line.position, event=line, on_page=True)
        everything = self._again.everything(recorded.stream, self._known)
        mended = mended_since(told_yet(self._again, everything, self._known))
        told_now = told_yet(self._again, [recorded], self._known)
        lines = history_lines(self._again, told_now, mended=mended)
        return ValueOrigin(position=recorded.position, event=lines[0] if lines else None)

    def _attached(self, link: Recorded) -> Recorded | None:
        """The event that a link speaks of; of several, the one that the history tells."""
        named = tuple(vars(link.event).values())
        there = [one for one in self._again.together(link.position) if one.stream in named]
        return next((one for one in there if one.position in self._lines), next(iter(there), None))
