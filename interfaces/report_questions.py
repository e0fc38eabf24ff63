"""What is asked for reports: figures by year and by month, each with the lines that it counts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from application.choosing import codes
from application.cross_table import (
    CrossTable,
    TableAsked,
    Tally,
    apart,
    cross_table,
    end_of,
)
from application.narrowing import UNDATED, Narrowed
from application.wording import STAGES
from application.world import Moment
from interfaces.looking import Looking


class ReportQuestions(Looking):
    """Figures at a moment; each counts the lines of a list, by what stands in its address."""

    def cross_table(self, asked: TableAsked, moment: Moment) -> CrossTable:
        """What is counted by year; each year is read at its end, by what is known at the moment."""
        today = moment.in_force
        tallies = {str(year): self._column(asked, moment, year) for year in asked.years}
        if asked.of.dated:
            undated = self._tally(asked, moment, UNDATED)
            if undated.whole:
                tallies[UNDATED] = (today, undated)
        return cross_table(asked, tallies, self._titles(asked, moment))

    def _column(self, asked: TableAsked, moment: Moment, year: int) -> tuple[date, Tally]:
        day = end_of(year, moment.in_force)
        then = moment.model_copy(update={"in_force": day})
        return day, self._tally(asked, then, str(year) if asked.of.dated else "")

    def _tally(self, asked: TableAsked, moment: Moment, period: str) -> Tally:
        of = asked.of
        if of.listing is None:
            return self._of_poles(asked, moment, period)
        by = Narrowed(period=period, dated=of.dated) if period else Narrowed()
        given: dict[str, Any] = {"summed": of.summed, "by": by}
        rows = self.lists.tally(of.listing, moment, asked.field, **given)
        ((_, whole),) = self.lists.tally(of.listing, moment, **given)
        return Tally({v: n for v, n in apart(asked, rows).items() if n}, whole)

    def _of_poles(self, asked: TableAsked, moment: Moment, period: str) -> Tally:
        place = {"stage": 0, "region": 2, "department": 3}[asked.field]
        since = "unknown" if period == UNDATED else period
        poles = [one for one in self.register.standing(moment) if one[1].startswith(since)]
        return Tally(apart(asked, [(one[place], 1) for one in poles]), len(poles))

    def _titles(self, asked: TableAsked, moment: Moment) -> Mapping[str, str]:
        """What the values of the rows are called."""
        if asked.is_of_places:
            return {}
        if asked.of.listing is None:
            return STAGES
        words = self.words_of(asked.of.listing, moment).get(asked.field)
        return words or codes(asked.of.listing, asked.field) or {}
