"""What changed in what is shown of a case: between two states of knowledge, or between two days.

The *knowledge* difference asks twice about the same day, as known at two sizes of the journal: what
the register learned. The *reality* difference asks about two days, as known at the same size: what
came to pass. Each change names the event that made it.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from application.blame import Origins, Sheets, ValueOrigin
from application.rereading import Rereading
from application.shown import Shown, must_be_there
from application.wording import WORDS, date_in_words, known_in_words
from application.world import Moment, World
from domain.errors import Invalid
from domain.kernel import Aggregate, Recorded
from domain.values import Frozen


class Compared(StrEnum):
    """What two answers differ by."""

    KNOWLEDGE = "knowledge"
    REALITY = "reality"


WORDS[Compared] = {
    Compared.KNOWLEDGE: "ce que le registre a appris",
    Compared.REALITY: "ce qui s'est passé",
}


class MadeBy(StrEnum):
    """What made a change."""

    EVENT = "event"
    END = "end"
    """The end that an event had said beforehand."""
    DAYS = "days"
    """Nothing but days that passed; the event is the one from which they are counted."""


class BackInTime(Invalid):
    """A difference goes from the earlier to the later."""

    code = "diff.backwards"
    fr = "« --from » ({start}) vient après « --to » ({end}) : donnez d'abord le plus ancien."
    en = "“--from” ({start}) comes after “--to” ({end}): give the earlier one first."


class ValueChange(Frozen):
    """A value that is not the same: what it was, what it is, and what made it so."""

    path: str
    title: str
    before: str | None
    after: str | None
    made_by: MadeBy
    origin: ValueOrigin | None

    @property
    def why(self) -> str:
        """What made it, where it is not simply the event that is told."""
        match self.made_by:
            case MadeBy.END:
                return "par la fin que disait déjà cet événement"
            case MadeBy.DAYS:
                return "par le seul passage des jours" + (
                    ", comptés d'après cet événement" if self.origin else ""
                )
        return ""


class CaseChanges(Frozen):
    """What changed in what is shown of a case, from one moment to another."""

    compared: Compared
    start: Moment
    end: Moment
    sentence: str
    changes: tuple[ValueChange, ...]

    @classmethod
    def of(
        cls, compared: Compared, start: Moment, end: Moment, changes: Iterator[ValueChange]
    ) -> Self:
        """The changes, said between which moments they lie."""
        day = date_in_words(end.in_force.isoformat())
        if compared is Compared.KNOWLEDGE:
            learned = f"de ce qu'il savait {known_in_words(start)} à ce qu'il savait {_known(end)}"
            sentence = f"Ce que le registre a appris, {learned}, de ce qui était en vigueur {day}"
        else:
            first = date_in_words(start.in_force.isoformat())
            sentence = f"Ce qui a changé entre {first} et {day}"
            if (known := _known(end)) != "aujourd'hui":
                sentence += f", tel que connu {known}"
        return cls(
            compared=compared, start=start, end=end, sentence=sentence, changes=tuple(changes)
        )


def _known(moment: Moment) -> str:
    is_past = moment.known_on is not None or moment.known_size is not None
    return known_in_words(moment) if is_past else "aujourd'hui"


def changes_of(
    world: World, concept: str, id_: UUID, start: Moment, end: Moment, compared: Compared
) -> CaseChanges:
    """What changed in what is shown of a case from one moment to a later one."""
    again = Rereading(world, end.known)
    then, now = (Sheets(again, concept, id_, moment) for moment in (start, end))
    before = then.at(start.known)
    after = now.at(end.known) or must_be_there(world, concept, id_, end)
    changed = [path for path in {**before, **after} if _differs(before, after, path)]
    if compared is Compared.KNOWLEDGE:
        learned = now.last_changes(changed, since=start.known)
        made = {path: (MadeBy.EVENT, position) for path, position in learned.items()}
    else:
        made = _between_days(again, then, now, changed, (start.in_force, end.in_force))
    origins = Origins(again, concept, id_, end)

    def change(path: str) -> ValueChange:
        was, is_ = before.get(path), after.get(path)
        made_by, position = made.get(path, (MadeBy.DAYS, None))
        return ValueChange(
            path=path,
            title=(is_ or before[path]).title,
            before=was.said if was else None,
            after=is_.said if is_ else None,
            made_by=made_by,
            origin=origins.of(position),
        )

    return CaseChanges.of(compared, start, end, map(change, changed))


def _between_days(
    again: Rereading, then: Sheets, now: Sheets, paths: list[str], days: tuple[date, date]
) -> dict[str, tuple[MadeBy, int]]:
    """What made each change from one day to another, as known at one size.

    The last event that took effect after the first day and by the other, and by which the value of
    the other day is what it is; else, one whose end came in between, and by which the value of the
    first day was what it was. Of neither, days alone made the change: the last event that touched
    the value is the one from which they are counted.
    """
    first, last = days

    def took_effect(position: int) -> bool:
        recorded = again.event_at(position)
        if recorded is None or not first < recorded.in_force_from <= last:
            return False
        return _stands(again, recorded)

    def ended(position: int) -> bool:
        recorded = again.event_at(position)
        end = recorded.event.valid_to if recorded else None
        return end is not None and first < end <= last

    rests_on = {**then.last_changes(paths), **now.last_changes(paths)}
    return {
        **{path: (MadeBy.DAYS, position) for path, position in rests_on.items()},
        **{path: (MadeBy.END, at) for path, at in then.last_changes(paths, among=ended).items()},
        **{
            path: (MadeBy.EVENT, at)
            for path, at in now.last_changes(paths, among=took_effect).items()
        },
    }


def _stands(again: Rereading, recorded: Recorded) -> bool:
    """Whether an event says what holds: it was not mended since, and takes nothing back.

    To correct or to take back is to know otherwise, on every day, and no day makes it.
    """
    about = recorded.mends or recorded.event.meta.event_id
    said = [one.position for one in again.everything(recorded.stream) if one.mends == about]
    is_last = not said or said[-1] == recorded.position
    return is_last and not isinstance(recorded.event, Aggregate.FactRetracted)


def _differs(before: dict[str, Shown], after: dict[str, Shown], path: str) -> bool:
    """Whether a value is another, and not merely there or not with the thing that it is of."""
    was, is_ = before.get(path), after.get(path)
    if was and is_:
        return was.said != is_.said
    there = before if was else after
    return not any(
        above in there and there[above].is_thing and (above in before) != (above in after)
        for above in _above(path)
    )


def _above(path: str) -> Iterator[str]:
    """The paths of the things in which a value stands, the nearest one last."""
    for at, sign in enumerate(path):
        if sign == "." and path.count("[", 0, at) == path.count("]", 0, at):
            yield path[:at]
