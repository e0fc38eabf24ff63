"""What is asked for the first page, each question bounded, however long the history is."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from application.call_list import CALLS, CallListed
from application.charter_signature import SIGNATURE_LIST
from application.claim import compare as compare_claims
from application.figures import SideBySide
from application.home import (
    DECISIONS,
    HomeSheet,
    LastDecision,
    LastRecorded,
    chosen_figures,
    decisions,
)
from application.kind_of_event import kind_in_words
from application.listing import Listing
from application.recognition import RECOGNITION_LIST
from application.world import Moment
from domain.kernel import instant_of
from domain.pole import Pole
from infrastructure.read_models.register import REGISTER
from interfaces.looking import Looking

WINDOW = 3_000
"""The events among which the last ones are looked for."""
LAST = 6
COUNTED: tuple[Listing[Any], ...] = (SIGNATURE_LIST, RECOGNITION_LIST)
"""The lists whose lines the page counts beside the poles."""
TOLD = tuple(
    event.TOPIC
    for event in (
        *(Pole.Registered, Pole.Renamed, Pole.Located, Pole.ActivityDescribed, Pole.Moved),
        *(Pole.MemberJoined, Pole.MemberLeft, Pole.CarrierDesignated, Pole.EvidenceFiled),
        *(Pole.RecognitionAttached, Pole.CharterSignatureAttached, Pole.Succeeded),
        *(Pole.FactContested, Pole.ContestAnswered),
    )
)
"""What is told of as recorded last; the rest is of the machinery, or told with these."""


class HomeQuestions(Looking):
    """The first page, at a moment."""

    def home(self, moment: Moment) -> HomeSheet:
        """Everything that the first page tells, kept as long as nothing more is recorded."""
        return self.at_once("home", moment, self._home)

    def _home(self, moment: Moment) -> HomeSheet:
        under_way, planned = self.calls_under_way(moment)
        return HomeSheet(
            stages=Counter(stage for stage, *_ in self.register.standing(moment)),
            counted=tuple(
                (listed.title, listed.path, self.lists.count(listed, moment)) for listed in COUNTED
            ),
            decisions=tuple(self.last_decisions(moment)),
            open_calls=tuple(under_way),
            planned=tuple(planned),
            figures=tuple(self.national_figures(moment)),
            last=tuple(self.last_recorded(moment)),
        )

    def last_decisions(self, moment: Moment) -> list[LastDecision]:
        """What was announced, recognised and signed last."""
        return decisions(
            self.lists.bare(CALLS, moment),
            self.lists.latest(RECOGNITION_LIST, moment, DECISIONS),
            self.lists.latest(SIGNATURE_LIST, moment, DECISIONS),
        )

    def calls_under_way(self, moment: Moment) -> tuple[list[CallListed], list[CallListed]]:
        """The calls that are open, and those that are planned, the next one first."""
        calls = self.lists.bare(CALLS, moment)
        coming = sorted(
            (line for line in calls if line.stage == "planned"), key=lambda line: line.opens or "~"
        )
        return [line for line in calls if line.stage == "open"], coming

    def national_figures(self, moment: Moment) -> list[SideBySide]:
        """Some figures that national sources give, with those that contradict them."""
        return chosen_figures(compare_claims(self.claims.lines(moment)))

    def last_recorded(self, moment: Moment) -> list[LastRecorded]:
        """The poles of which something was recorded last, one line each."""
        rows = self.journal.rows(max(0, moment.known - WINDOW), WINDOW, [*TOLD], until=moment.known)
        last = {row.stream: row for row in rows}
        latest = sorted(last.values(), key=lambda row: row.position, reverse=True)[: 2 * LAST]
        wanted = sa.select(REGISTER.c.pole).where(
            REGISTER.c.pole.in_([row.stream for row in latest])
        )
        named = {str(line.id): line for line in self.register.within(wanted, moment)}
        return [
            LastRecorded(
                code=named[row.stream].code,
                name=named[row.stream].name,
                kind=kind_in_words(row.topic),
                recorded_at=instant_of(row.recorded_at),
            )
            for row in latest
            if row.stream in named
        ][:LAST]
