"""What can be asked of one registry, by a command line, a page or a program."""

from datetime import date
from uuid import UUID

from application import catalogue as catalogue  # every topic and list is known from here on
from application.claim import CLAIMS
from application.claim import compare as compare_claims
from application.command import By
from application.contribution import may_read as may_read_contribution
from application.contribution import queue
from application.contribution_list import ContributionSheet, check_contribution, contribution_sheet
from application.document_list import DocumentSheet, document_sheet
from application.exchange import ExchangeSheet, check_exchange, exchange_sheet, may_watch
from application.exchange import may_read as may_read_summary
from application.figures import SideBySide, measure_in_words
from application.grid import grid_at
from application.listing import LISTINGS as LISTINGS
from application.listing import RESERVED as RESERVED
from application.place import PLACE_LIST, PlaceLine, search
from application.place_ended import EndedPlace, ended
from application.reading_named import Reading, ReadingNames
from application.readings import reading_in_words
from application.version_asked import must_be_in_force
from application.world import Moment
from domain.dates import paris_day
from domain.grid import Grid
from infrastructure.access_log import AccessLine as AccessLine
from interfaces.account_questions import AccountQuestions
from interfaces.audit_questions import AuditQuestions
from interfaces.board_questions import BoardQuestions
from interfaces.calendar_questions import CalendarQuestions
from interfaces.campaign_questions import CampaignQuestions
from interfaces.decisions import Decisions
from interfaces.event_questions import EventQuestions
from interfaces.home_questions import HomeQuestions
from interfaces.map_questions import MapQuestions
from interfaces.money_questions import MoneyQuestions
from interfaces.pole_questions import PoleQuestions
from interfaces.pole_readings import PoleReadings
from interfaces.privacy_questions import PrivacyQuestions
from interfaces.report_questions import ReportQuestions
from interfaces.rules_questions import RulesQuestions
from interfaces.waiting_questions import WaitingQuestions


class Questions(
    AccountQuestions,
    PoleQuestions,
    PoleReadings,
    PrivacyQuestions,  # and with them what is asked of every case
    WaitingQuestions,
    BoardQuestions,
    CalendarQuestions,
    CampaignQuestions,
    RulesQuestions,
    MapQuestions,
    HomeQuestions,
    MoneyQuestions,
    AuditQuestions,
    EventQuestions,
    ReportQuestions,
    Decisions,
):
    """Everything that is asked of one registry, each at a moment; nothing is written.

    Only that somebody read what is not public is noted (`accesses`), before it is shown.
    """

    def exchange(self, id_: UUID, by: By, moment: Moment) -> ExchangeSheet:
        """An exchange with its summary; that somebody read it is noted first."""
        may_read_summary(self.registry, by, id_, paris_day(self.clock()))
        check_exchange(self.registry, id_, moment)
        self.accesses.note(by, "exchange", [id_], "summary")
        return exchange_sheet(self.registry, id_, moment)

    def contribution(self, id_: UUID, by: By, moment: Moment) -> ContributionSheet:
        """A contribution as a moderator reads it; that somebody read it is noted first."""
        may_read_contribution(self.registry, by, id_, paris_day(self.clock()))
        check_contribution(self.registry, id_, moment)
        self.accesses.note(by, "contribution", [id_], "text")
        return contribution_sheet(self.registry, id_, moment)

    def contribution_queue(self, moment: Moment, by: By) -> list[ContributionSheet]:
        """What waits for a moderator, as one reads it; that somebody read it is noted first."""
        found = queue(self.registry, by, moment, paris_day(self.clock()))
        self.accesses.note(by, "contribution", found, "text")
        return [contribution_sheet(self.registry, id_, moment) for id_ in found]

    def read_accesses(self, by: By, subject: UUID | None = None) -> list[AccessLine]:
        """Who read what is not public, for those who watch over that."""
        may_watch(self.registry, by, paris_day(self.clock()))
        return self.accesses.lines(subject)

    def readings(self, by: By, subject: UUID | None = None) -> list[Reading]:
        """The same, a question at a time, the last one first, each thing by its name."""
        names = ReadingNames(self.registry, by.role, self.registry.journal.every_subject())
        asked = dict[AccessLine, list[AccessLine]]()
        for line in reversed(self.read_accesses(by, subject)):
            one = line.model_copy(update={"number": 0, "subject": by.actor})
            asked.setdefault(one, []).append(line)
        return [
            Reading(
                at=one.at,
                account=one.account,
                role=one.role,
                says=reading_in_words(one.concept, one.part),
                about=tuple(
                    dict.fromkeys(filter(None, (names.name(line.subject) for line in lines)))
                ),
                things=len({line.subject for line in lines}),
            )
            for one, lines in asked.items()
        ]

    def grid(self, ref: str, moment: Moment) -> Grid:
        """A version of a grid that was published then, whole."""
        found = grid_at(self.registry, ref, moment)
        must_be_in_force(found.ref, found.dated, moment, paris_day(self.clock()))
        return found

    def document(self, id_: UUID, moment: Moment) -> DocumentSheet:
        """What is known of a document, but what it holds."""
        return document_sheet(self.registry, id_, moment)

    def compared(
        self,
        moment: Moment,
        *,
        measure: str | None = None,
        period: str | None = None,
        pole: str | None = None,
    ) -> list[SideBySide]:
        """Claimed figures of the same measure, subject and period, next to one another.

        Args:
            measure: its code, or what it is called; one that nothing bears is refused.
        """
        about = self.find(pole) if pole else None
        measure = self.measure(measure, moment)
        lines = self.claims.lines(moment, about=about, measure=measure, everywhere=True)
        return compare_claims(lines, period=period)

    def measure(self, text: str | None, moment: Moment) -> str | None:
        """What is measured, by its code or its words."""
        return self.chosen(CLAIMS, moment, {"measure": text}).codes.get("measure")

    def declared(self, moment: Moment) -> list[str]:
        """What the claims known then measure, in words."""
        every = self.claims.lines(moment, everywhere=True)
        return sorted({measure_in_words(line.measure) for line in every if line.measure})

    def search_places(
        self, words: str, moment: Moment, *, year: int | None = None
    ) -> list[PlaceLine]:
        """The places of a year that a code, a name or a part of a name designates."""
        return search(self.registry, words, moment, year=year)

    def ended_places(self, moment: Moment, *, year: int | None = None) -> list[EndedPlace]:
        """The places of poles whose codes ended by a year, with what may take their place."""
        moment = self._of_year(moment, year or self.last_place_year(moment))
        return ended(self.registry, self.listed(PLACE_LIST, moment), moment, year=year)

    @staticmethod
    def _of_year(moment: Moment, year: int) -> Moment:
        """Today; of a year still to come, its first day, from which its codes are in use."""
        if not moment.is_today or year <= moment.in_force.year:
            return moment
        return moment.model_copy(update={"in_force": date(year, 1, 1)})

    def last_place_year(self, moment: Moment) -> int:
        """The last year whose codes were known then."""
        return self.registry.places(moment.known).last_year
