"""What can be asked of one registry, by a command line, a page or a program."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from application import catalogue as catalogue  # every topic and list is known from here on
from application.assessment import ASSESSMENTS, Criteria, criteria_of
from application.backtest import Backtest, Progress, backtest
from application.case import CONCEPTS
from application.case_sheet import deadlines_of, history_of, path_of, votes_of, ways_of
from application.charter_sheet import (
    CharterComparison,
    CharterSheet,
    Receipt,
    charter_comparison,
    charter_sheet,
    find_charter,
    receipt,
)
from application.charter_signature import SIGNATURE_LIST
from application.choosing import (
    Chosen,
    Excerpt,
    choose,
    few,
    is_identity,
    no_pole,
    nothing,
    possible,
)
from application.claim import CLAIMS
from application.claim import compare as compare_claims
from application.command import By
from application.contribution import may_read as may_read_contribution
from application.contribution import queue
from application.contribution_list import (
    ContributionSheet,
    contribution_sheet,
)
from application.deadline import DeadlineLine
from application.document_list import DocumentSheet, document_sheet
from application.doing import Doing, doing
from application.drawing import (
    PathSheet,
    RulesLine,
    RulesSheet,
    pole_path,
    rules,
    rules_list,
    rules_sheet,
)
from application.exchange import (
    ExchangeSheet,
    exchange_sheet,
    may_watch,
)
from application.exchange import may_read as may_read_summary
from application.figures import SideBySide, measure_in_words
from application.following import FOLLOWINGS, unfollowed
from application.grid import grid_at
from application.history_in_words import HistoryLine, pole_history
from application.inbox import (
    LONG,
    CaseLine,
    Holder,
    InboxLine,
    StallLine,
    case_kinds,
    case_line,
    check_kind,
    inbox,
    stalls,
)
from application.inbox_beside import beside, merged
from application.journey import VersionLine, versions
from application.ledger import Ledger, LinesChosen, ledger
from application.listing import LISTINGS as LISTINGS
from application.listing import L, Listing
from application.mandate import MandateLine, mandates
from application.migration import Plan, plan, returning
from application.payment_match import reconciliation
from application.place import PLACE_LIST, PlaceLine, search
from application.place_ended import EndedPlace, ended
from application.position_reading import unpublished
from application.positioning import Comparison, Profile, comparison, profile_of, profile_on
from application.reconciliation import AFTER_DAYS, Reconciliation
from application.register import (
    FurtherWays,
    PoleLine,
    PoleSheet,
    pole_deadlines,
    pole_further_why,
    pole_sheet,
    pole_why,
)
from application.round import (
    RoundSheet,
    round_sheet,
)
from application.scdl_export import Export, export
from application.succession import SUCCESSIONS, Lineage, lineage
from application.undertaking_sheet import UndertakingSheet, undertaking_sheet
from application.vote_sheet import VoteLine, pole_votes
from application.ways import WayLine
from application.wording import STAGES, date_in_words
from application.world import Moment
from domain.appeal import UnknownAppeal
from domain.call_refusals import UnknownCall
from domain.commitment import UnknownCommitment
from domain.committee import UnknownCommittee
from domain.dates import PARIS, paris_day
from domain.difference import Difference, compare
from domain.dossier import UnknownDossier
from domain.errors import Invalid, NotFound
from domain.evaluation import RoundKind, UnknownRound
from domain.follow_up_refusals import UnknownFollowUp
from domain.following import Seat
from domain.grid import Grid
from domain.journey import Journey
from domain.kernel import Role
from domain.project import UnknownProject
from domain.rulebook import RULEBOOK, Deprecation, Rulebook
from domain.session_refusals import UnknownSession
from domain.spelling import plain
from infrastructure.access_log import AccessLine as AccessLine
from infrastructure.access_log import AccessLog
from infrastructure.event_store.journal import Journal
from infrastructure.event_store.registry import Registry
from infrastructure.read_models.claim import ClaimLists
from infrastructure.read_models.journey import following
from infrastructure.read_models.models import TABLES
from infrastructure.read_models.register import RegisterLists
from infrastructure.read_models.table import Lists, find_named
from infrastructure.reference import (
    read_journey,
)
from interfaces.decisions import Decisions

Clock = Callable[[], datetime]

UNKNOWN: Mapping[str, type[NotFound]] = {
    "evaluation": UnknownRound,
    "call": UnknownCall,
    "dossier": UnknownDossier,
    "appeal": UnknownAppeal,
    "committee": UnknownCommittee,
    "session": UnknownSession,
    "commitment": UnknownCommitment,
    "follow_up": UnknownFollowUp,
    "project": UnknownProject,
}
"""What is said where there is no thing of a name, by its concept."""


class MalformedDay(Invalid):
    """A day is written AAAA-MM-JJ."""

    code = "date.malformed"
    fr = "« {text} » n'est pas un jour : écrire AAAA-MM-JJ, par exemple 2014-09-19."
    en = "“{text}” is not a day: write YYYY-MM-DD, for instance 2014-09-19."


class NotYetKnown(Invalid):
    """Nobody asks what will be known."""

    code = "date.future"
    fr = "Le registre ne peut pas dire ce qu'il saura {day} : ce jour n'est pas venu."
    en = "The register cannot tell what it will know ({day}): that day has not come."


def parse_day(text: str) -> date:
    """A day as people give it to a question; anything else is refused in one sentence."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise MalformedDay(text=text[:40]) from None


class Questions(Decisions):
    """Everything that is asked of one registry, each at a moment; nothing is written.

    Only that somebody read what is not public is noted (`accesses`), before it is shown.
    """

    def __init__(self, engine: sa.Engine, registry: Registry, clock: Clock) -> None:
        self.registry = registry
        self.clock = clock
        self.lists = Lists(engine, TABLES)
        self.register = RegisterLists(engine, STAGES, registry.journal)
        self.claims = ClaimLists(engine, TABLES)
        self.accesses = AccessLog(engine, clock)
        self._engine = engine

    @property
    def journal(self) -> Journal:
        return self.registry.journal

    def moment(self, known: str | None = None, in_force: str | None = None) -> Moment:
        """The two dates of a question. A date of knowledge means its end in Paris.

        Asked with a date of knowledge alone, a question is about what was in force that day.
        """
        today = paris_day(self.clock())
        size = self.journal.size()
        known_on = parse_day(known) if known else None
        day = parse_day(in_force) if in_force else known_on or today
        if known_on and known_on > today:
            raise NotYetKnown(day=date_in_words(known_on.isoformat()))
        if known_on and known_on < today:
            end = datetime.combine(known_on + timedelta(days=1), time(), PARIS)
            size = self.journal.size_at(end - timedelta(microseconds=1))
        is_today = not in_force and not known
        return Moment(known=size, in_force=day, known_on=known_on, is_today=is_today)

    def find(self, pole: str) -> UUID:
        """The pole that an identity, a code or a name means."""
        return self.register.find(pole)

    def sheet(self, pole: str, moment: Moment) -> PoleSheet:
        return pole_sheet(self.registry, self.find(pole), moment)

    def history(self, pole: str, moment: Moment) -> list[HistoryLine]:
        return pole_history(self.registry, self.find(pole), moment)

    def doing(self, pole: str, moment: Moment) -> Doing:
        """What a pole does: actions, functions, projects, objectives, resources."""
        return doing(self.registry, self.find(pole), moment)

    def lineage(self, pole: str, moment: Moment) -> Lineage:
        """Whom a pole succeeds, and who succeeds it, by mergers and splits."""
        return lineage(self.listed(SUCCESSIONS, moment), self.find(pole))

    def listed(
        self, asked: Listing[L], moment: Moment, *, pole: str | None = None, **equal: Any
    ) -> list[L]:
        """The lines of a list at a moment; of one pole, or with some values."""
        return self.excerpt(asked, moment, pole=pole, **equal).lines

    def excerpt(
        self,
        asked: Listing[L],
        moment: Moment,
        *,
        pole: str | None = None,
        limit: int | None = None,
        offset: int = 0,
        **given: Any,
    ) -> Excerpt[L]:
        """Some lines of a list, and of how many; of one pole, or with values, or words for them."""
        if asked.ask:
            every: list[L] = asked.ask(self.registry, moment)
            end = None if limit is None else offset + limit
            none = nothing(asked, Chosen({}, {}, {}, {}), moment)
            return Excerpt(every[offset:end], len(every), none, offset)
        of_pole = self.find(pole) if pole else None
        chosen = self.chosen(asked, moment, given)
        lines = self.lists.lines(
            asked, moment, pole=of_pole, limit=limit, offset=offset, **chosen.values
        )
        if asked.complete:
            lines = [asked.complete(self.registry, line) for line in lines]
        if limit is None and not offset:
            total = len(lines)
        else:
            total = self.lists.count(asked, moment, pole=of_pole, **chosen.values)
        ended = self.lists.pole_ended(of_pole, moment) if of_pole and asked.ends_with_pole else None
        return Excerpt(lines, total, nothing(asked, chosen, moment, pole, ended), offset, ended)

    def chosen(self, asked: Listing[Any], moment: Moment, given: Mapping[str, Any]) -> Chosen:
        """What is meant by what was written to choose lines of a list by."""

        def present(name: str) -> list[Any]:
            return self.lists.values(asked, moment, name)

        return choose(self.registry, asked, moment, given, present)

    def offers(self, asked: Listing[Any], moment: Moment) -> dict[str, Mapping[str, str] | None]:
        """What lines may be chosen by: each value with its words, or `None` where there are many.

        The identity of something else is no such choice: an address may hold it, nobody writes it.
        """
        return {
            name: possible(self.registry, asked, moment, name)
            or few(asked, name, self.lists.values(asked, moment, name))
            for name in asked.filters
            if not is_identity(asked, name)
        }

    def words_of(self, asked: Listing[Any], moment: Moment) -> dict[str, Mapping[str, str]]:
        """The words of the codes that a list holds, where the registry alone knows them."""
        return {name: words(self.registry, moment) for name, words in asked.words.items()}

    def find_charter(self, name: str, moment: Moment) -> UUID:
        """The text that a version, a pole with a version, or an identity means."""
        return find_charter(self.registry, name, moment, self.find)

    def charter(self, name: str, moment: Moment) -> CharterSheet:
        """A published text, with how many stand by it at the moment asked about."""
        sheet = charter_sheet(self.registry, self.find_charter(name, moment), moment)
        same: dict[str, Any] = {"charter_kind": sheet.charter_kind, "charter": sheet.version}
        signed = self.lists.lines(SIGNATURE_LIST, moment, pole=sheet.pole, **same)
        return sheet.model_copy(update={"signatures": len(signed)})

    def charter_comparison(self, old: str, new: str, moment: Moment) -> CharterComparison:
        """What a version of a charter changes of another."""
        before, after = self.find_charter(old, moment), self.find_charter(new, moment)
        return charter_comparison(self.registry, before, after, moment)

    def receipt(self, signature: UUID, moment: Moment) -> Receipt:
        """The receipt of a signature, with the leaf of its event in the log."""
        return receipt(self.registry, signature, moment, self._leaf)

    def _leaf(self, position: int) -> bytes:
        return bytes(self.journal.proofs(position - 1, 1)[0].leaf)

    def undertaking(self, id_: UUID, moment: Moment) -> UndertakingSheet:
        """An undertaking, and what was reported and found of it."""
        return undertaking_sheet(self.registry, id_, moment)

    def poles(
        self, moment: Moment, *, limit: int | None = None, offset: int = 0, **chosen: str | None
    ) -> Excerpt[PoleLine]:
        """Some poles of the register by name, of how many; of a stage, of a region, with words."""
        every = self.register.lines(moment, **chosen)
        end = None if limit is None else offset + limit
        region, there = chosen.get("region"), self.register.regions(moment)
        none = no_pole(moment, is_chosen=any(chosen.values()), region=region, regions=there)
        return Excerpt(every[offset:end], len(every), none, offset)

    def unfollowed(self, moment: Moment, region: str | None = None) -> list[PoleLine]:
        """The poles that nobody follows."""
        followed = self.listed(FOLLOWINGS, moment, place=Seat.PRINCIPAL)
        poles = self.register.lines(moment, region=region)
        return unfollowed(poles, {line.pole for line in followed if line.pole})

    def exchange(self, id_: UUID, by: By) -> ExchangeSheet:
        """An exchange with its summary; that somebody read it is noted first."""
        may_read_summary(self.registry, by, id_, paris_day(self.clock()))
        self.accesses.note(by, "exchange", [id_], "summary")
        return exchange_sheet(self.registry, id_)

    def contribution(self, id_: UUID, by: By) -> ContributionSheet:
        """A contribution as a moderator reads it; that somebody read it is noted first."""
        may_read_contribution(self.registry, by, id_, paris_day(self.clock()))
        self.accesses.note(by, "contribution", [id_], "text")
        return contribution_sheet(self.registry, id_)

    def contribution_queue(self, moment: Moment, by: By) -> list[ContributionSheet]:
        """What waits for a moderator, as one reads it; that somebody read it is noted first."""
        found = queue(self.registry, by, moment, paris_day(self.clock()))
        self.accesses.note(by, "contribution", found, "text")
        return [contribution_sheet(self.registry, id_, moment.known) for id_ in found]

    def read_accesses(self, by: By, subject: UUID | None = None) -> list[AccessLine]:
        """Who read what is not public, for those who watch over that."""
        may_watch(by.role)
        return self.accesses.lines(subject)

    def grid(self, ref: str, moment: Moment) -> Grid:
        """A version of a grid that was published then, whole."""
        return grid_at(self.registry, ref, moment)

    def find_thing(self, concept: str, name: str) -> UUID:
        """The thing of a list that an identity or a code means."""
        found = find_named(self._engine, TABLES[concept], name)
        if found is None:
            raise UNKNOWN.get(concept, NotFound)(name=name[:80])
        return found

    def ledger(
        self,
        moment: Moment,
        *,
        funder: str | None = None,
        pole: str | None = None,
        call: str | None = None,
    ) -> Ledger:
        """What was promised, holds, was paid, justified, is due, is late; of all, or of some."""
        return ledger(self.registry, moment, self._lines(funder, pole, call))

    def open_data(
        self,
        moment: Moment,
        *,
        funder: str | None = None,
        pole: str | None = None,
        call: str | None = None,
    ) -> Export:
        """The signed conventions as SCDL « subventions », with what is refused and why."""
        return export(self.registry, moment, self._lines(funder, pole, call))

    def reconciliation(self, moment: Moment, after_days: int = AFTER_DAYS) -> Reconciliation:
        """Payments beside approved tranches: matched, missing, unexplained."""
        return reconciliation(self.registry, moment, after_days)

    def _lines(self, funder: str | None, pole: str | None, call: str | None) -> LinesChosen:
        return LinesChosen(
            funder=funder,
            pole=self.find(pole) if pole else None,
            call=self.find_thing("call", call) if call else None,
        )

    def find_round(self, name: str) -> UUID:
        """The evaluation round that an identity or a code means."""
        return self.find_thing("evaluation", name)

    def case_why(
        self, concept: str, name: str, moment: Moment, role: Role | None = None
    ) -> list[WayLine]:
        """Every way out of the stage in which a case stands, with what is wanting."""
        return ways_of(
            self.registry, concept, self._known(concept, name, moment), moment, role=role
        )

    def case_votes(self, concept: str, name: str, moment: Moment) -> list[VoteLine]:
        """The votes on the steps of a case."""
        return votes_of(self.registry, concept, self._known(concept, name, moment), moment)

    def case_history(self, concept: str, name: str, moment: Moment) -> list[HistoryLine]:
        """Everything recorded of a case, by date of the facts."""
        return history_of(self.registry, concept, self._known(concept, name, moment), moment)

    def case_deadlines(self, concept: str, name: str, moment: Moment) -> tuple[DeadlineLine, ...]:
        """The deadlines of the stage of a case that are counted from a known date."""
        return deadlines_of(self.registry, concept, self._known(concept, name, moment), moment)

    def case_path(self, concept: str, name: str, moment: Moment) -> PathSheet:
        """The path of a case along its journey."""
        return path_of(self.registry, concept, self._known(concept, name, moment), moment)

    def evaluation(self, name: str, moment: Moment) -> RoundSheet:
        """A round and its journey, without its positions."""
        return round_sheet(self.registry, self.find_round(name), moment)

    def profile(self, name: str, moment: Moment, author: By | None = None) -> Profile:
        """The positions of a round; of one that is not published, for its authors only."""
        id_ = self.find_round(name)
        hidden = self._unpublished([id_], moment, author)
        found = profile_of(self.registry, id_, moment, author=author is not None)
        self._note_positions(hidden, author)
        return found

    def _unpublished(self, rounds: list[UUID], moment: Moment, by: By | None) -> list[UUID]:
        """Those of some rounds that only their authors may read yet; others are refused."""
        today = paris_day(self.clock())
        return unpublished(self.registry, rounds, moment, by, today) if by else []

    def _note_positions(self, hidden: list[UUID], by: By | None) -> None:
        if by:
            self.accesses.note(by, "evaluation", hidden, "positions")

    def profile_on(self, pole: str, kind: RoundKind, moment: Moment) -> Profile:
        """The profile of a pole on a day: that of its last round published by then."""
        return profile_on(self.registry, self.find(pole), kind, moment)

    def compare_rounds(
        self, first: str, second: str, moment: Moment, author: By | None = None
    ) -> Comparison:
        """Two rounds side by side; refused unless they follow the same version of the grid."""
        one, other = self.find_round(first), self.find_round(second)
        hidden = self._unpublished([one, other], moment, author)
        found = comparison(self.registry, one, other, moment, author=author is not None)
        self._note_positions(hidden, author)
        return found

    def cases(
        self, poles: Iterable[PoleLine], moment: Moment, region: str | None = None
    ) -> Iterator[CaseLine]:
        """The cases beside the poles that may wait for somebody: of these poles, or of none.

        Args:
            region: where they are; one of no pole is nowhere, and waits in no region.
        """
        of = {line.id: line for line in poles}
        for concept in [name for name in CONCEPTS if name in LISTINGS]:
            for line in self.lists.bare(LISTINGS[concept], moment):
                if line.pole in of or (line.pole is None and region is None):
                    yield case_line(concept, line, of.get(line.pole))

    def criteria(self, pole: str, moment: Moment) -> Criteria | None:
        """The criteria of 2012 for a pole, and who said what of each."""
        lines = self.listed(ASSESSMENTS, moment, pole=pole)
        return criteria_of(self.registry, lines, moment)

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

    def lists_of(self, pole: str, moment: Moment) -> list[tuple[Listing[Any], int]]:
        """The lists that say something of a pole, with the number of their lines."""
        of_pole = self.find(pole)
        asked = (known for known in LISTINGS.values() if known.about_poles and not known.ask)
        counted = ((known, self.lists.count(known, moment, pole=of_pole)) for known in asked)
        found = [(known, number) for known, number in counted if number]
        return sorted(found, key=lambda pair: plain(pair[0].title))

    def deadlines(self, pole: str, moment: Moment) -> list[DeadlineLine]:
        return pole_deadlines(self.registry, self.find(pole), moment)

    def why(self, pole: str, moment: Moment, role: Role | None = None) -> list[WayLine]:
        return pole_why(self.registry, self.find(pole), moment, role=role)

    def further_why(self, pole: str, moment: Moment, role: Role | None = None) -> list[FurtherWays]:
        """The same of each journey that a pole follows beside its main one."""
        return pole_further_why(self.registry, self.find(pole), moment, role=role)

    def votes(self, pole: str, moment: Moment) -> list[VoteLine]:
        """The votes on the steps of a pole, in all its journeys."""
        return pole_votes(self.registry, self.find(pole), moment)

    def inbox(
        self,
        moment: Moment,
        *,
        role: Role | None = None,
        person: UUID | None = None,
        region: str | None = None,
        kind: str | None = None,
        as_operator: bool = False,
    ) -> list[InboxLine]:
        """What waits for a role, for a person, or for whoever it waits for; longest first.

        Args:
            kind: one kind of thing that waits, by its name; every kind, unless said.
            as_operator: whether what is not public is told too: that a contribution came.
        """
        check_kind(kind)
        poles = self.register.lines(moment, region=region)
        holder = Holder.of_role(role) if role else None
        if person:
            holder = Holder.of_mandates(self.held(person, moment, role=role), person)
        cases: list[PoleLine | CaseLine] = [*poles, *self.cases(poles, moment, region)]
        if kind:
            cases = [case for case in cases if kind == getattr(case, "concept", "pole")]
        waiting = inbox(self.registry, cases, moment, holder=holder)
        if kind in case_kinds():
            return waiting
        things = beside(
            self.registry,
            lambda asked, awaited: self.lists.bare(
                asked, moment, within=awaited.within, **awaited.where
            ),
            poles,
            moment,
            holder=holder,
            region=region,
            kind=kind,
            as_operator=as_operator,
        )
        return list(merged(waiting, things))

    def held(self, person: UUID, moment: Moment, *, role: Role | None = None) -> list[MandateLine]:
        """The mandates that a person held, in one role or in any."""
        return [
            line
            for line in self.mandates(moment)
            if line.in_force and line.holder == person and role in (None, line.role)
        ]

    def stalls(
        self,
        moment: Moment,
        *,
        days: int = LONG,
        region: str | None = None,
        stage: str | None = None,
    ) -> list[StallLine]:
        """What has stood for more than some days in its stage; longest first."""
        poles = self.register.lines(moment, region=region, stage=stage)
        cases: list[PoleLine | CaseLine] = [
            *poles,
            *([] if stage else self.cases(poles, moment, region)),
        ]
        return stalls(self.registry, cases, moment, days=days)

    def mandates(self, moment: Moment) -> list[MandateLine]:
        """Who may act for whom: every mandate known then, and whether it was in force."""
        return mandates(self.registry, moment)

    def path(self, pole: str, moment: Moment, journey: str | None = None) -> PathSheet:
        """The path of a pole along a journey; its main one, unless said."""
        return pole_path(self.registry, self.find(pole), moment, journey)

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

    def versions(self) -> list[VersionLine]:
        """The published versions, with the cases that follow each and what is to be migrated."""
        return versions(self.registry, following(self._engine, self.moment()))

    def deprecation(self, ref: str) -> Deprecation | None:
        """Why cases that follow a version are to be migrated; `None` where they are not."""
        rulebook = self.registry.load(Rulebook, RULEBOOK)
        return rulebook.deprecated_on(ref, paris_day(self.clock())) if rulebook else None

    def published(self, ref: str) -> Journey:
        """A published version."""
        return self.registry.compiled(ref).journey

    def definition(self, name: str) -> Journey:
        """A published version, or the definition in a file."""
        try:
            return self.published(name)
        except NotFound:
            if not Path(name).is_file():
                raise
        return read_journey(Path(name))

    def compare(self, old: Journey, new: Journey) -> Difference:
        """What sets two definitions apart."""
        return compare(old, new)

    def backtest(
        self, draft: Path, *, since: str | None = None, progress: Progress
    ) -> tuple[Journey, Backtest]:
        """A draft put to the history of every case; nothing is written."""
        journey = read_journey(draft)
        day = parse_day(since) if since else None
        size = self.journal.size()
        told = backtest(self.registry, journey, until=size, since=day, progress=progress)
        return journey, told

    def plan(self, to: str, sources: Collection[str] = ()) -> Plan:
        """Which cases would move to a version, and what would change for each."""
        return plan(self.registry, to, sources=sources)

    def returning(self, ref: str) -> list[UUID]:
        """The cases that a migration to a version could give back."""
        return returning(self.registry, ref)

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
