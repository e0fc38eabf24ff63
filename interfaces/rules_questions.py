"""What is asked of journeys: their versions, what sets them apart, what they would have said."""

from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from application.backtest import Backtest, Progress, backtest
from application.backtest_in_words import BacktestSheet, backtest_sheet
from application.drawing import RulesLine, RulesSheet, rules, rules_list, rules_sheet
from application.journey import VersionLine, versions
from application.migration import Plan, draft_plan, plan, returning
from application.version_asked import must_be_in_force
from application.world import Moment
from domain.dates import paris_day
from domain.difference import Difference, compare
from domain.errors import NotFound
from domain.journey import Journey
from domain.rulebook import RULEBOOK, Deprecation, Rulebook
from domain.values import Frozen
from infrastructure.check import check_draft
from infrastructure.read_models.journey import following
from infrastructure.reference import read_journey
from interfaces.looking import Looking
from interfaces.moments import parse_day

TOLD_AT_MOST = 50
"""Cases that a page tells one by one; the others are counted."""


def untold(_: int, __: int) -> None:
    """Nobody waits to be told how far it is."""


class DraftFault(Frozen):
    """Something wrong with a draft, in words, and where."""

    sentence: str
    where: str
    line: int | None
    """Where in the text; `None` where it is about what is not there."""
    blocking: bool


class DraftRead(Frozen):
    """What was understood of a draft."""

    journey: Journey | None
    publishable: bool
    faults: tuple[DraftFault, ...]


class RulesQuestions(Looking):
    """What is asked of the rules, published or drafted."""

    def rules_list(self, moment: Moment) -> list[RulesLine]:
        """The versions of journeys that were published then."""
        return rules_list(self.registry, moment)

    def rules_sheet(self, ref: str, moment: Moment) -> RulesSheet:
        """A version that was published then, in words."""
        return rules_sheet(self.registry, ref, moment)

    def rules(self, ref: str, moment: Moment) -> Journey:
        """A version that was published then, whole."""
        return rules(self.registry, ref, moment)[0]

    def journeys(self) -> list[tuple[Journey, str]]:
        """The published definitions with the hash of their content, oldest first."""
        rulebook = self.registry.load(Rulebook, RULEBOOK)
        found = list(rulebook.journeys.values()) if rulebook else []
        return sorted(found, key=lambda pair: pair[0].ref)

    def versions(self, moment: Moment) -> list[VersionLine]:
        """The versions published then, with the cases that follow each, what is to be migrated."""
        return versions(self.registry, following(self._engine, moment), moment)

    def deprecation(self, ref: str) -> Deprecation | None:
        """Why cases that follow a version are to be migrated; `None` where they are not."""
        rulebook = self.registry.load(Rulebook, RULEBOOK)
        return rulebook.deprecated_on(ref, paris_day(self.clock())) if rulebook else None

    def published(self, ref: str) -> Journey:
        """A published version."""
        return self.registry.compiled(ref).journey

    def definition(self, name: str, moment: Moment) -> Journey:
        """A version that was published and in force then, or the definition in a file."""
        try:
            return self.published_then(name, moment)
        except NotFound:
            if not Path(name).is_file():
                raise
        return read_journey(Path(name))

    def published_then(self, ref: str, moment: Moment) -> Journey:
        """A version that was published and in force then."""
        found = self.rules(ref, moment)
        must_be_in_force(found.ref, found.in_force_from, moment, paris_day(self.clock()))
        return found

    def compare(self, old: Journey, new: Journey) -> Difference:
        """What sets two definitions apart."""
        return compare(old, new)

    def backtest(
        self, draft: Path, *, since: str | None = None, progress: Progress
    ) -> tuple[Journey, Backtest]:
        """A draft put to the history of every case; nothing is written."""
        journey = read_journey(draft)
        return journey, self.backtest_draft(journey, since=since, progress=progress)

    def backtest_draft(
        self, journey: Journey, *, since: str | None = None, progress: Progress = untold
    ) -> Backtest:
        """The same of a draft that was read already."""
        day = parse_day(since) if since else None
        size = self.journal.size()
        return backtest(self.registry, journey, until=size, since=day, progress=progress)

    def told_backtest(
        self, journey: Journey, *, since: str | None = None, progress: Progress = untold
    ) -> BacktestSheet:
        """What a draft would have made of history, as a page tells it."""
        found = self.backtest_draft(journey, since=since, progress=progress)
        followed = {ref: self.published(ref) for ref in {case.journey for case in found.items}}
        return backtest_sheet(found, journey, followed, TOLD_AT_MOST)

    def read_draft(self, name: str, text: str) -> DraftRead:
        """A draft that was typed or sent: its faults with their lines; itself, if it is one."""
        checked, journey, lines = check_draft(name, text)
        faults = sorted(checked.faults, key=lambda one: (not one.blocking, lines.get(one.where, 0)))
        told = tuple(
            DraftFault(
                sentence=one.say.say("fr"),
                where=one.where,
                line=lines.get(one.where),
                blocking=one.blocking,
            )
            for one in faults
        )
        return DraftRead(journey=journey, publishable=checked.publishable, faults=told)

    def latest_of(self, journey: str, but: str = "") -> Journey | None:
        """The latest published version of a journey, beside one of them."""
        known = [one for one, _ in self.journeys() if one.id == journey and one.ref != but]
        return max(known, key=lambda one: one.version, default=None)

    def draft_plan(self, draft: Journey) -> Plan:
        """Which cases would move to a draft, if it were published today."""
        return draft_plan(self.registry, draft)

    def plan(self, to: str, sources: Collection[str] = (), moment: Moment | None = None) -> Plan:
        """Which cases would move to a version, now or at a moment, and what would change."""
        if moment:
            self.published_then(to, moment)
        return plan(self.registry, to, sources=sources, moment=moment)

    def returning(self, ref: str) -> list[UUID]:
        """The cases that a migration to a version could give back."""
        return returning(self.registry, ref)
