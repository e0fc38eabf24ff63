"""What is asked for reports: figures by year and by month, each with the lines that it counts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from application.choosing import codes
from application.commitment_list import COMMITMENTS
from application.cross_table import (
    REGISTER_PATH,
    CrossTable,
    TableAsked,
    YearTally,
    apart,
    cross_table,
    end_of,
)
from application.listing import Listing
from application.member import MEMBERS_LIST
from application.month_report import (
    SECTIONS,
    MonthCount,
    MonthFigure,
    MonthReport,
    beside,
    last_day_of,
)
from application.narrowing import UNDATED, Narrowed
from application.recognition import RECOGNITION_LIST
from application.register import PoleLine
from application.register_changes import (
    FigureBetween,
    PoleMove,
    RegisterChanges,
    lies_in,
    pole_changes,
)
from application.wording import STAGES
from application.world import Moment
from domain.dates import PARIS
from interfaces.looking import Looking

REGISTER_TITLE = "Registre des pôles"
BETWEEN: tuple[tuple[str, Listing[Any], str], ...] = (
    ("Membres des pôles", MEMBERS_LIST, ""),
    ("Reconnaissances en vigueur", RECOGNITION_LIST, ""),
    ("Engagements financiers", COMMITMENTS, ""),
    ("Montants convenus", COMMITMENTS, "agreed_cents"),
    ("Montants payés", COMMITMENTS, "paid_cents"),
)
"""What is counted at two moments beside the poles: the list of its lines, the amount added up."""

SOURCES = 3
"""Sources of a figure that a report names; its list names them all."""


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

    def month_report(self, month: str, moment: Moment) -> MonthReport:
        """What came to pass in a month, read on its last day by what is known at the moment."""
        day = last_day_of(month, moment.in_force)
        then = moment.model_copy(update={"in_force": day})
        sections = {"Registre": tuple(self._of_register(month, then))} | {
            title: tuple(self._counted(one, month, then) for one in counted)
            for title, counted in SECTIONS.items()
        }
        return MonthReport(
            month=month,
            day=day,
            known=moment.known,
            root=self.journal.root(moment.known).hex(),
            sections=sections,
            corrections=self._told_anew(month, moment),
        )

    def register_changes(
        self, first: Moment, last: Moment, *, region: str = "", move: str = ""
    ) -> RegisterChanges:
        """What changed in the register from one moment to another, of a region or of all."""
        before, after = (
            [one for one in self.register.of_day(at).lines if not region or lies_in(one, region)]
            for at in (first, last)
        )
        lines = tuple(pole_changes(before, after))
        counts = Counter(line.move for line in lines)
        return RegisterChanges(
            first=first,
            last=last,
            root=self.journal.root(last.known).hex(),
            figures=tuple(self._between(first, last, before, after, region)),
            lines=tuple(line for line in lines if move in ("", line.move)),
            counts={one: counts[one] for one in PoleMove if counts[one]},
        )

    def _between(
        self,
        first: Moment,
        last: Moment,
        before: Sequence[PoleLine],
        after: Sequence[PoleLine],
        region: str,
    ) -> Iterator[FigureBetween]:
        """What is counted at both moments, each with the list of the lines that it counts."""
        placed = {"region": region} if region else {}
        yield FigureBetween("Pôles au registre", REGISTER_PATH, placed, len(before), len(after))
        was, now = (Counter(line.stage for line in lines) for lines in (before, after))
        for stage, title in STAGES.items():
            if was[stage] or now[stage]:
                chosen = {"stage": stage, **placed}
                yield FigureBetween(title, REGISTER_PATH, chosen, was[stage], now[stage])
        by = Narrowed(region=region) if region else Narrowed()
        for title, listing, summed in BETWEEN:
            was_then, is_now = (
                self.lists.tally(listing, at, summed=summed, by=by)[0][1] for at in (first, last)
            )
            is_amount = bool(summed)
            yield FigureBetween(title, listing.path, placed, was_then, is_now, is_amount)

    def _of_register(self, month: str, moment: Moment) -> Iterator[MonthFigure]:
        poles = self.register.standing(moment)
        told = (
            ("Pôles entrés au registre", len(self.register.entered(moment, month)), "entered"),
            ("Pôles entrés à leur étape", sum(o[1].startswith(month) for o in poles), "period"),
        )
        for title, number, name in told:
            yield MonthFigure(title, number, REGISTER_PATH, {name: month}, REGISTER_TITLE)
        yield MonthFigure(
            "Pôles au registre à la fin du mois", len(poles), REGISTER_PATH, {}, REGISTER_TITLE
        )

    def _counted(self, asked: MonthCount, month: str, moment: Moment) -> MonthFigure:
        by = Narrowed(period=month, dated=asked.dated) if asked.dated else Narrowed()
        equal: dict[str, Any] = dict(self.chosen(asked.listing, moment, asked.chosen).values)
        number = self.lists.count(asked.listing, moment, by=by, **equal)
        summed, unit = asked.summed
        amount = None
        if summed:
            given: dict[str, Any] = {"summed": summed, "by": by, **equal}
            ((_, amount),) = self.lists.tally(asked.listing, moment, **given)
        sources = self.lists.sources(asked.listing, moment, by=by, **equal) if number else []
        return MonthFigure(
            title=asked.title,
            number=number,
            path=asked.listing.path,
            query=asked.query(month),
            list_title=asked.listing.title,
            amount=amount,
            unit=unit,
            sources=tuple(sources[:SOURCES]),
            cited=len(sources),
        )

    def _told_anew(self, month: str, moment: Moment) -> int:
        """How many corrections the month saw recorded, among what is known at the moment."""
        first = datetime.fromisoformat(f"{month}-01").replace(tzinfo=PARIS)
        after = datetime.fromisoformat(f"{beside(month, 1)}-01").replace(tzinfo=PARIS)
        begin, end = (
            min(self.journal.size_at(at - timedelta(microseconds=1)), moment.known)
            for at in (first, after)
        )
        return self.journal.told_anew(begin, end)

    def _column(self, asked: TableAsked, moment: Moment, year: int) -> tuple[date, YearTally]:
        day = end_of(year, moment.in_force)
        then = moment.model_copy(update={"in_force": day})
        return day, self._tally(asked, then, str(year) if asked.of.dated else "")

    def _tally(self, asked: TableAsked, moment: Moment, period: str) -> YearTally:
        of = asked.of
        if of.listing is None:
            return self._of_poles(asked, moment, period)
        by = Narrowed(period=period, dated=of.dated) if period else Narrowed()
        given: dict[str, Any] = {"summed": of.summed, "by": by}
        rows = self.lists.tally(of.listing, moment, asked.field, **given)
        ((_, whole),) = self.lists.tally(of.listing, moment, **given)
        return YearTally({v: n for v, n in apart(asked, rows).items() if n}, whole)

    def _of_poles(self, asked: TableAsked, moment: Moment, period: str) -> YearTally:
        place = {"stage": 0, "region": 2, "department": 3}[asked.field]
        since = "unknown" if period == UNDATED else period
        poles = [one for one in self.register.standing(moment) if one[1].startswith(since)]
        return YearTally(apart(asked, [(one[place], 1) for one in poles]), len(poles))

    def _titles(self, asked: TableAsked, moment: Moment) -> Mapping[str, str]:
        """What the values of the rows are called."""
        if asked.is_of_places:
            return {}
        if asked.of.listing is None:
            return STAGES
        words = self.words_of(asked.of.listing, moment).get(asked.field)
        return words or codes(asked.of.listing, asked.field) or {}
