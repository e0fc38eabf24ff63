"""Accompaniment: days of support granted to a pole, used, and what comes of them.

Days are counted in halves. An accompaniment decides nothing of the pole: its end ends neither a
recognition nor a stage (product rule).
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, NewType
from uuid import UUID

from pydantic import Field

from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.span import covers
from domain.values import Line, Prose
from domain.words import Text

AccompanimentId = NewType("AccompanimentId", UUID)

MOST = 4000
"""Half days: no support is longer than two thousand days."""

HalfDays = Annotated[int, Field(ge=1, le=MOST)]
MoreHalfDays = Annotated[int, Field(ge=0, le=MOST)]


def days_in_words(half_days: int) -> Text:
    """Half days as people count: `2,5 jours`, `0,5 jour`, `1 jour`."""
    whole, half = divmod(half_days, 2)
    fr = f"{whole}{',5' * half} jour{'s' * (half_days >= 4)}"
    return Text(fr=fr, en=f"{whole}{'.5' * half} day{'s' * (half_days != 2)}")


class MoreThanGranted(Refused):
    """What was not granted is not used."""

    code = "accompaniment.exceeded"
    fr = (
        "{asked} seraient utilisés, alors qu'il en reste {left} le {day} : "
        "prolongez d'abord l'accompagnement."
    )
    en = "{asked} would be used where {left} are left on {day}: extend the support first."


class OutsideItsDays(Refused):
    """An accompaniment has a beginning and, where it is known, an end."""

    code = "accompaniment.days"
    fr = "Cet accompagnement ne court pas le {day} : {reason}."
    en = "This accompaniment does not run on {day}: {reason}."


class NothingMore(Refused):
    """To extend is to give more days, or more time."""

    code = "accompaniment.nothing_more"
    fr = "Une prolongation ajoute des jours, ou recule la fin."
    en = "An extension adds days, or puts the end off."


@dataclass(frozen=True, slots=True)
class _Count:
    since: date
    half_days: int


class Accompaniment(Aggregate):
    """The support that an organisation gives a pole, of what a call or a network offers."""

    class Granted(Event):
        """Days were granted. From which day, and until which, is in the event's context."""

        TOPIC = "accompaniment.granted.v1"
        STATED_BY = ("accompaniment.grant",)
        pole: UUID
        offer: Line
        provider: Line
        half_days: HalfDays

    class DaysUsed(Event):
        """The provider worked with the pole."""

        TOPIC = "accompaniment.days_used.v1"
        STATED_BY = ("accompaniment.use_days",)
        half_days: HalfDays
        words: Prose

    class DeliverableHanded(Event):
        """Something was handed over: by its title, and by its document where it is kept."""

        TOPIC = "accompaniment.deliverable_handed.v1"
        STATED_BY = ("accompaniment.hand_deliverable",)
        pole: UUID
        title: Line
        document: UUID | None = None

    class Extended(Event):
        """More days were granted, or a later end."""

        TOPIC = "accompaniment.extended.v1"
        STATED_BY = ("accompaniment.extend",)
        half_days: MoreHalfDays
        until: date | None
        """The day from which it no longer runs, where that changed."""
        motive: Prose

    class Ended(Event):
        """It is over, whether every day was used or not."""

        TOPIC = "accompaniment.ended.v1"
        STATED_BY = ("accompaniment.end",)
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole = UUID(int=0)
        self.start = date.min
        self.end: date | None = None
        """The day from which it no longer runs: its term, or that on which it was ended."""
        self.ended = False
        self.deliverables: list[str] = []
        self._granted_days: list[_Count] = []
        self._used_days: list[_Count] = []

    def granted_on(self, day: date) -> int:
        """Half days granted by a day."""
        return sum(count.half_days for count in self._granted_days if count.since <= day)

    def used_on(self, day: date) -> int:
        """Half days used by a day, that one included."""
        return sum(count.half_days for count in self._used_days if count.since <= day)

    def in_force_on(self, day: date) -> bool:
        return covers(self.start, self.end, day)

    def _running(self, day: date) -> None:
        if day < self.start:
            reason = Text(fr="il n'a pas commencé", en="it has not begun")
            raise OutsideItsDays(day=day, reason=reason)
        if self.end is not None and day >= self.end:
            reason = Text(fr="il a pris fin", en="it has ended")
            raise OutsideItsDays(day=day, reason=reason)

    @classmethod
    def grant(cls, *, pole: UUID, offer: str, provider: str, half_days: int) -> "Accompaniment":
        accompaniment = cls.new()
        accompaniment._granted(pole=pole, offer=offer, provider=provider, half_days=half_days)
        return accompaniment

    def use(self, half_days: int, *, words: str, day: date) -> None:
        """Count days as used; on no day are more used than were granted by then."""
        self._running(day)
        for later in sorted({day, *(count.since for count in self._used_days)}):
            left = self.granted_on(later) - self.used_on(later)
            if later >= day and half_days > left:
                raise MoreThanGranted(
                    asked=days_in_words(half_days), left=days_in_words(left), day=later
                )
        self._days_used(half_days=half_days, words=words)

    def hand(self, *, title: str, document: UUID | None, day: date) -> None:
        """Record what comes of it; it may come after the end, not before the beginning."""
        if day < self.start:
            self._running(day)
        self._deliverable_handed(pole=self.pole, title=title, document=document)

    def extend(self, *, half_days: int, until: date | None, motive: str, day: date) -> None:
        """Give more days, or a later end; what has ended is granted anew, not extended."""
        self._running(day)
        is_later = until is not None and self.end is not None and until > self.end
        if (until is not None and not is_later) or (until is None and not half_days):
            raise NothingMore
        self._extended(half_days=half_days, until=until, motive=motive)

    def finish(self, *, motive: str, day: date) -> None:
        """End it from a day on; once, and after the last day that was used."""
        self._running(day)
        last = max((count.since for count in self._used_days), default=self.start)
        if day < last:
            reason = Text(fr="des jours sont utilisés ensuite", en="days are used afterwards")
            raise OutsideItsDays(day=day, reason=reason)
        self._ended(motive=motive)

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """The pole it is about."""
        return frozenset({f"pole:{self.pole}"})

    @event(Granted)
    def _granted(self, *, pole: UUID, offer: str, provider: str, half_days: int) -> None:
        self.pole = pole
        self.start = self.since
        self.end = self.until
        self._granted_days.append(_Count(self.since, half_days))

    @event(DaysUsed)
    def _days_used(self, *, half_days: int, words: str) -> None:
        self._used_days.append(_Count(self.since, half_days))

    @event(DeliverableHanded)
    def _deliverable_handed(self, *, pole: UUID, title: str, document: UUID | None) -> None:
        self.deliverables.append(title)

    @event(Extended)
    def _extended(self, *, half_days: int, until: date | None, motive: str) -> None:
        self._granted_days.append(_Count(self.since, half_days))
        self.end = until or self.end

    @event(Ended)
    def _ended(self, *, motive: str) -> None:
        self.end = self.since
        self.ended = True
