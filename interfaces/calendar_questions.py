"""What is asked of all calls together: their dates, and their money."""

from collections.abc import Iterable

from application.call_calendar import CalendarEntry, CallMoney, calendar, money_of
from application.call_list import CALLS
from application.session import SESSIONS
from application.world import Moment
from interfaces.looking import Looking


class CalendarQuestions(Looking):
    """The calendar of calls, at a moment."""

    def calendar(self, moment: Moment) -> list[CalendarEntry]:
        """Everything dated of the calls, the earliest first."""
        calls = self.lists.bare(CALLS, moment)
        return calendar(self.registry, calls, self.lists.bare(SESSIONS, moment), moment)

    def money_of_calls(self, entries: Iterable[CalendarEntry], moment: Moment) -> list[CallMoney]:
        """The envelopes of the calls of some entries, by their titles."""
        wanted = {entry.call for entry in entries}
        found = (line for line in self.lists.bare(CALLS, moment) if line.id in wanted)
        return [
            money_of(self.registry, line, moment)
            for line in sorted(found, key=lambda line: line.title)
        ]
