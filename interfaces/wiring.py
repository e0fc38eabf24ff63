"""The one file that knows both sides: it puts the product together for those who use it."""

import json
import logging
import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import PersistenceError

from application import catalogue as catalogue  # every topic and command is known from here on
from application.assessment import ASSESSMENTS, Criteria, criteria_of
from application.backtest import Backtest, Progress, backtest
from application.charter import SIGNATURE_LIST
from application.charter_sheet import (
    CharterComparison,
    CharterSheet,
    Receipt,
    charter_comparison,
    charter_sheet,
    find_charter,
    receipt,
)
from application.claim import RecordClaim
from application.claim import compare as compare_claims
from application.command import By, Command
from application.contribution import may_moderate
from application.contribution_list import (
    ContributionSheet,
    check_contribution,
    contribution_sheet,
    waiting,
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
from application.evaluation import EVALUATIONS
from application.exchange import (
    ExchangeSheet,
    check_exchange,
    exchange_sheet,
    may_read,
    may_watch,
)
from application.figures import SideBySide
from application.following import FOLLOWINGS, unfollowed
from application.grid import PublishGrid, grid_at
from application.history import (
    POLE_COLUMNS,
    TIMELINE_COLUMNS,
    ImportFile,
    ImportPole,
    ImportReport,
    UnreadableFile,
    claim_of_row,
    pole_of_row,
    read_evidence,
)
from application.inbox import LONG, CaseLine, Holder, InboxLine, StallLine, inbox, stalls
from application.journey import PublishJourney, VersionLine, versions
from application.listing import LISTINGS as LISTINGS
from application.listing import L, Listed, Listing
from application.mandate import MandateLine, mandates
from application.migration import Plan, plan, returning
from application.place import PLACE_LIST, PlaceLine, search
from application.place_ended import EndedPlace, ended
from application.place_year import LoadPlaces, LoadReport, load_report
from application.positioning import Comparison, Profile, comparison, profile_of, profile_on
from application.register import (
    HistoryLine,
    PoleLine,
    PoleSheet,
    WayLine,
    pole_deadlines,
    pole_history,
    pole_sheet,
    pole_why,
)
from application.rehearsal import Foreseen, foreseen
from application.round import (
    RoundSheet,
    round_case,
    round_history,
    round_path,
    round_sheet,
    round_why,
)
from application.scenario import Scenario, play
from application.sentences import of_system
from application.succession import SUCCESSIONS, Lineage, lineage
from application.undertaking_sheet import UndertakingSheet, undertaking_sheet
from application.unit import Outcome
from application.wording import date_in_words
from application.world import Moment
from domain.claim import Claim
from domain.dates import PARIS, paris_day
from domain.difference import Difference, compare
from domain.errors import Damaged, Forbidden, Invalid, JalonError, NotFound, Unavailable
from domain.evaluation import RoundKind
from domain.following import Seat
from domain.grid import GRIDS, Grid, Grids
from domain.journey import Journey
from domain.kernel import AccountId, Event, MandateId, Role
from domain.place_year import change_to, with_year
from domain.register import plain
from domain.rulebook import RULEBOOK, Deprecation, Rulebook
from infrastructure import backup, database
from infrastructure.access_log import AccessLine as AccessLine
from infrastructure.access_log import AccessLog
from infrastructure.audit_log import Verified, verify
from infrastructure.check import Checked as Checked
from infrastructure.check import check_file as check_file
from infrastructure.dcworkflow import Folder, Imported, read_definition_file
from infrastructure.dcworkflow import Note as Note
from infrastructure.dcworkflow import not_written as not_written
from infrastructure.dcworkflow import write_definition_xml as write_definition_xml
from infrastructure.document_copies import check_copies, copy_documents, put_back_documents
from infrastructure.document_room import DocumentRoom
from infrastructure.documents import Documents
from infrastructure.event_store import postgres
from infrastructure.event_store.journal import Journal
from infrastructure.event_store.postgres import PostgresRecorder
from infrastructure.event_store.registry import KEYS_KEPT, Done, Registry, StoreFailed, explain
from infrastructure.event_store.registry import StateUnreadable as StateUnreadable
from infrastructure.event_store.sqlite import Datastore, SQLiteRecorder
from infrastructure.guards import Cel
from infrastructure.keys import KeyStore
from infrastructure.place_package import read_package
from infrastructure.read_models.claim import ClaimLists
from infrastructure.read_models.evaluation import find_round
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.journey import following
from infrastructure.read_models.models import MODELS, TABLES
from infrastructure.read_models.register import RegisterLists
from infrastructure.read_models.table import Lists
from infrastructure.reference import (
    REFERENCE,
    demonstration,
    read_grid,
    read_journey,
    shipped_grids,
    shipped_journeys,
)
from infrastructure.reference import write_journey as write_journey
from infrastructure.settings import Settings as Settings
from infrastructure.ticker import Ticker

STAGES = {
    "emergence": "Émergence",
    "charter_signed": "Charte signée",
    "experimentation": "Expérimentation",
    "recognised": "Reconnaissance (article 9)",
    "dormant": "Sans nouvelle",
    "ended": "A cessé",
}

Clock = Callable[[], datetime]

log = logging.getLogger("jalon")


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


class WrongToken(Forbidden):
    """Commands need the operator's token until people can sign in."""

    code = "token.wrong"
    fr = "Il faut le jeton de l'opérateur (en-tête « Authorization: Bearer … »)."
    en = "The operator's token is needed (header “Authorization: Bearer …”)."


class NoOperator(Unavailable):
    """Whoever acts is named in a file that is not there, or is not one."""

    code = "operator.missing"
    fr = (
        "Le fichier de l'opérateur ({file}) manque ou est illisible : remettez-le en place, "
        "ou supprimez-le et lancez « jalon init » pour un nouvel opérateur."
    )
    en = (
        "The operator's file ({file}) is missing or cannot be read: put it back, "
        "or delete it and run “jalon init” for a new operator."
    )


class ImportStopped(Unavailable):
    """The store failed in the middle of a file; what came before is recorded."""

    code = "import.stopped"
    fr = (
        "{why} Le chargement s'est arrêté à la ligne {line} ; ce qui précède est enregistré "
        "({recorded}). Relancez la même commande pour finir."
    )
    en = (
        "{why} The import stopped at line {line}; what comes before is recorded "
        "({recorded}). Run the same command again to finish."
    )

    def __init__(self, *, line: int, recorded: int, reason: JalonError) -> None:
        why = reason.details["reason"] if isinstance(reason, StoreFailed) else reason
        super().__init__(line=line, recorded=recorded, why=why)


def parse_day(text: str) -> date:
    """A day as people give it to a question; anything else is refused in one sentence."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise MalformedDay(text=text[:40]) from None


class Product:
    """Everything a command line, a page or a program asks of one registry."""

    def __init__(self, settings: Settings, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.settings = settings
        self.clock = clock
        self._every = settings.every
        self._engine = database.connect(settings.url)
        try:
            database.check_schema(self._engine, str(settings.home))
            keys = KeyStore(settings.keys, settings.kek)
            documents = Documents(settings.document_folder, keys, settings.largest_document)
            self.registry = Registry(_recorder(settings.url), keys, documents, clock)
        except BaseException:
            self._engine.dispose()
            raise
        self.follower = Follower(self._engine, self.journal, MODELS)
        self.lists = Lists(self._engine, TABLES)
        self.register = RegisterLists(self._engine, STAGES, self.journal)
        self.claims = ClaimLists(self._engine, TABLES)
        self.accesses = AccessLog(self._engine, clock)
        self.documents = DocumentRoom(self.registry, self.accesses)
        self.ticker = Ticker(self.registry, self._engine, self.follower)

    @property
    def journal(self) -> Journal:
        return self.registry.journal

    def close(self) -> None:
        """Close every connection; readers first."""
        self._engine.dispose()
        self.registry.close()

    # Commands.

    def do(
        self, command: Command, by: By, *, key: str | None = None, dry_run: bool = False
    ) -> Done:
        """Execute a command; what it wrote is in the lists when this returns."""
        done = self.registry.do(command, by, key=key, dry_run=dry_run)
        if not dry_run:
            self._follow()
        return done

    def demonstrate(self) -> set[str]:
        """Tell the story of the fictitious poles, in the name of several people, once.

        Gives their names, so that nobody counts them among the real ones.
        """
        scenario, texts = demonstration()
        if self._is_told(scenario):
            return scenario.names

        def find(name: str, values: Mapping[str, Any]) -> Listed | None:
            lines = self.lists.lines(LISTINGS[name], self.moment(), pole=values.get("pole"))
            wanted = {field: str(value) for field, value in values.items()}
            has = (line for line in lines if _says(line, wanted))
            return next(has, None)

        play(scenario, lambda command, by, key: self.do(command, by, key=key).answer, find, texts)
        return scenario.names

    def _is_told(self, scenario: Scenario) -> bool:
        """Whether the keys under which a scenario was done have been forgotten since."""
        told = {
            line.id for line in self.register.lines(self.moment()) if line.name in scenario.names
        }
        began = (self.registry.history(pole)[0].recorded_at for pole in told)
        return any(self.clock() - instant >= KEYS_KEPT for instant in began)

    def tick(self, *, dry_run: bool = False) -> list[Outcome]:
        """Record what has come of deadlines by today, in the name of the system."""
        return self.ticker.tick(self.operator(Role.SYSTEM), dry_run=dry_run)

    def foreseen(self, events: Iterable[Event]) -> list[Foreseen]:
        """What a rehearsal would have recorded, in words and whole."""
        return foreseen(self.registry, events)

    def _follow(self) -> None:
        """Bring the lists up to date after something was recorded.

        It is recorded: that must be the answer, even where the lists come later.
        """
        try:
            self.follower.catch_up()
        except STORE_ERRORS as error:
            reason = explain_store(error).details["reason"]
            log.warning("Enregistré, mais les listes ne suivront que plus tard. %s", reason)

    def operator(self, role: Role = Role.REGISTRAR, mandate: MandateId | None = None) -> By:
        """The one who runs this registry, acting in a role, until people can sign in."""
        return By(actor=self._operator()[0], role=role, on_behalf_of=mandate)

    @property
    def token(self) -> str:
        """The operator's token."""
        return self._operator()[1]

    def _operator(self) -> tuple[AccountId, str]:
        file = self.settings.operator
        try:
            known = json.loads(file.read_text("utf-8"))
            return AccountId(UUID(known["account"])), str(known["token"])
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            raise NoOperator(file=file) from None

    def signed_in(
        self, authorization: str | None, role: Role, mandate: MandateId | None = None
    ) -> By:
        """Who sends a request, by its Authorization header."""
        given = (authorization or "").removeprefix("Bearer ").strip()
        if not secrets.compare_digest(given.encode(), self.token.encode()):
            raise WrongToken(roles="")
        return self.operator(role, mandate)

    # Questions.

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
        if asked.ask:
            return asked.ask(self.registry, moment)
        of_pole = self.find(pole) if pole else None
        lines = self.lists.lines(asked, moment, pole=of_pole, **equal)
        return [asked.complete(self.registry, line) for line in lines] if asked.complete else lines

    def find_charter(self, name: str, moment: Moment) -> UUID:
        """The text that a version, a pole with a version, or an identity means."""
        return find_charter(self.registry, name, moment, self.find)

    def charter(self, name: str, moment: Moment) -> CharterSheet:
        """A published text, with how many stand by it at the moment asked about."""
        sheet = charter_sheet(self.registry, self.find_charter(name, moment), moment)
        same = {"charter_kind": sheet.charter_kind, "charter": sheet.version}
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

    def unfollowed(self, moment: Moment, region: str | None = None) -> list[PoleLine]:
        """The poles that nobody follows."""
        followed = self.listed(FOLLOWINGS, moment, place=Seat.PRINCIPAL)
        poles = self.register.lines(moment, region=region)
        return unfollowed(poles, {line.pole for line in followed if line.pole})

    def exchange(self, id_: UUID, by: By) -> ExchangeSheet:
        """An exchange with its summary; that somebody read it is noted first."""
        may_read(by.role)
        check_exchange(self.registry, id_)
        self.accesses.note(by, "exchange", [id_], "summary")
        return exchange_sheet(self.registry, id_)

    def contribution(self, id_: UUID, by: By) -> ContributionSheet:
        """A contribution as a moderator reads it; that somebody read it is noted first."""
        may_moderate(frozenset({by.role}))
        check_contribution(self.registry, id_)
        self.accesses.note(by, "contribution", [id_], "text")
        return contribution_sheet(self.registry, id_)

    def contribution_queue(self, moment: Moment, by: By) -> list[ContributionSheet]:
        """What waits for a moderator, as one reads it; that somebody read it is noted first."""
        may_moderate(frozenset({by.role}))
        found = waiting(self.registry, moment)
        self.accesses.note(by, "contribution", found, "text")
        return [contribution_sheet(self.registry, id_, moment.known) for id_ in found]

    def read_accesses(self, by: By, subject: UUID | None = None) -> list[AccessLine]:
        """Who read what is not public, for those who watch over that."""
        may_watch(by.role)
        return self.accesses.lines(subject)

    def grid(self, ref: str, moment: Moment) -> Grid:
        """A version of a grid that was published then, whole."""
        return grid_at(self.registry, ref, moment)

    def find_round(self, name: str) -> UUID:
        """The evaluation round that an identity or a code means."""
        return find_round(self._engine, name)

    def evaluation(self, name: str, moment: Moment) -> RoundSheet:
        """A round and its journey, without its positions."""
        return round_sheet(self.registry, self.find_round(name), moment)

    def evaluation_why(self, name: str, moment: Moment, role: Role | None = None) -> list[WayLine]:
        return round_why(self.registry, self.find_round(name), moment, role=role)

    def evaluation_history(self, name: str, moment: Moment) -> list[HistoryLine]:
        return round_history(self.registry, self.find_round(name), moment)

    def evaluation_path(self, name: str, moment: Moment) -> PathSheet:
        return round_path(self.registry, self.find_round(name), moment)

    def profile(self, name: str, moment: Moment, author: By | None = None) -> Profile:
        """The positions of a round; of one that is not published, for its authors only."""
        id_ = self.find_round(name)
        return profile_of(self.registry, id_, moment, author=author is not None)

    def profile_on(self, pole: str, kind: RoundKind, moment: Moment) -> Profile:
        """The profile of a pole on a day: that of its last round published by then."""
        return profile_on(self.registry, self.find(pole), kind, moment)

    def compare_rounds(
        self, first: str, second: str, moment: Moment, author: By | None = None
    ) -> Comparison:
        """Two rounds side by side; refused unless they follow the same version of the grid."""
        one, other = self.find_round(first), self.find_round(second)
        return comparison(self.registry, one, other, moment, author=author is not None)

    def rounds(self, poles: Iterable[PoleLine], moment: Moment) -> list[CaseLine]:
        """The evaluation rounds of some poles, as they may wait for somebody."""
        of = {line.id: line for line in poles}
        return [
            round_case(line, of[line.pole])
            for line in self.lists.lines(EVALUATIONS, moment)
            if line.pole in of
        ]

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
        """Claimed figures of the same measure, subject and period, next to one another."""
        about = self.find(pole) if pole else None
        lines = self.claims.lines(moment, about=about, measure=measure, everywhere=True)
        return compare_claims(lines, period=period)

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

    def inbox(
        self,
        moment: Moment,
        *,
        role: Role | None = None,
        person: UUID | None = None,
        region: str | None = None,
    ) -> list[InboxLine]:
        """What waits for a role, for a person, or for whoever it waits for; longest first."""
        poles = self.register.lines(moment, region=region)
        cases: list[PoleLine | CaseLine] = [*poles, *self.rounds(poles, moment)]
        holder = Holder.of_role(role) if role else None
        if person:
            holder = Holder.of_mandates(self.held(person, moment, role=role))
        return inbox(self.registry, cases, moment, holder=holder)

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
        cases: list[PoleLine | CaseLine] = [*poles, *([] if stage else self.rounds(poles, moment))]
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

    # Imports.

    def import_poles(self, data: bytes, by: By, *, apply: bool) -> ImportReport:
        """Load a file of poles. Nothing is written unless `apply`."""
        history = REFERENCE / "history" / "recognitions.csv"
        meanings = read_evidence(history.read_bytes())
        regions = _regions()
        file = ImportFile.read(
            data,
            POLE_COLUMNS,
            lambda row: pole_of_row(row, meanings, regions),
            lambda command: command.name if isinstance(command, ImportPole) else "",
        )
        return self._import("poles", file, by, apply=apply, present=set())

    def import_timeline(self, data: bytes, by: By, *, apply: bool) -> ImportReport:
        """Load a file of dated national facts as claims. Nothing is written unless `apply`."""
        file = ImportFile.read(data, TIMELINE_COLUMNS, claim_of_row, _claim_identity)
        present = {
            "|".join((str(e.occurred_on), e.author, e.statement))
            for recorded in self.registry.told(Claim.Recorded)
            if isinstance(e := recorded.event, Claim.Recorded)
        }
        return self._import("timeline", file, by, apply=apply, present=present)

    def _import(
        self, kind: str, file: ImportFile, by: By, *, apply: bool, present: set[str]
    ) -> ImportReport:
        recorded = unchanged = events = 0
        faults = [(fault.line, fault.reason) for fault in file.faults]
        for line, identity, command in file.commands:
            if identity in present:
                unchanged += 1
                continue
            key = f"import/{kind}/{sha256(identity.encode()).hexdigest()}"
            try:
                done = self.registry.do(command, by, key=key if apply else None, dry_run=not apply)
            except (Unavailable, Damaged) as failure:  # no fault of this row
                if not (apply and recorded):
                    raise
                self._follow()
                raise ImportStopped(line=line, recorded=recorded, reason=failure) from None
            except JalonError as refusal:
                faults.append((line, str(refusal)))
                continue
            recorded += bool(done.events)
            unchanged += not done.events
            events += len(done.events)
        if apply:
            self._follow()
        return ImportReport(
            rows=len(file.commands) + len(file.faults),
            recorded=recorded,
            unchanged=unchanged,
            events=events,
            applied=apply,
            faults=tuple(sorted(faults)),
        )

    # Places.

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

    def load_places(self, year: int, folder: Path, by: By, *, apply: bool) -> LoadReport:
        """Take in a year of codes; nothing is written unless `apply`, and no pole is changed."""
        package = read_package(folder, year)
        known, moment = self.registry.places(), self.moment()
        change = change_to(known, year, package.entries)
        load = LoadPlaces(change=change, package=package.name, files=dict(package.files))
        self.do(load, by, dry_run=not apply)
        moment = self._of_year(moment, year)
        lines = self.listed(PLACE_LIST, moment)
        poles = ended(self.registry, lines, moment, known=with_year(known, change))
        return load_report(known, package, change, poles, applied=apply)

    def publish_journey(self, path: Path, by: By) -> str:
        """Publish a definition from a file; gives its name."""
        journey = read_journey(path)
        self.do(PublishJourney(journey=journey), by)
        return journey.ref

    def publish_grid(self, path: Path, by: By) -> Grid:
        """Publish a grid from a file."""
        grid = read_grid(path)
        self.do(PublishGrid(grid=grid), by)
        return grid

    # The store.

    def verify(self) -> Verified:
        """Recompute every leaf and the root."""
        return verify(self.journal)

    def back_up(self, file: Path) -> None:
        """Copy the registry to a file, and its documents, still encrypted, to one beside it."""
        documents = self.registry.documents
        backup.back_up(self.settings.url, file, lambda: copy_documents(documents, file))

    def restore(self, file: Path) -> backup.Restored:
        """Put a copy back, and the documents beside it that are missing here."""
        check_copies(file)
        restored = backup.restore(self.settings.url, file, self.journal)
        self.follower.rebuild()
        put_back, missing = put_back_documents(self.registry, file)
        return replace(restored, documents=put_back, missing=missing)

    def restorations(self) -> list[tuple[datetime, int, int]]:
        """When older states were put back: the instant, the size restored, the size before."""
        rows = self.journal.query("SELECT at, size, previous_size FROM restoration ORDER BY at")
        return [(datetime.fromtimestamp(at / 1e6, UTC), size, before) for at, size, before in rows]

    @contextmanager
    def following(self) -> Iterator[None]:
        """Keep the lists up to date with what other programs write, and record what falls due.

        Each in a thread of its own.
        """
        stop = Signal()
        threads = [Thread(target=self.follower.follow, args=(stop,), daemon=True)]
        if self._every:
            told = (stop, partial(self.operator, Role.SYSTEM), self._every)
            threads.append(Thread(target=self.ticker.keep, args=told, daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _says(line: Listed, wanted: Mapping[str, str]) -> bool:
    """Whether a line has some values, as texts."""
    return all(str(getattr(line, field)) == value for field, value in wanted.items())


def has_store(settings: Settings) -> bool:
    """Whether a registry was made where these settings point."""
    url = settings.url
    return not database.is_sqlite(url) or database.sqlite_path(url).exists()


def read_definition(path: Path) -> Journey:
    """A definition in a file: YAML, or the `definition.xml` of DCWorkflow under today's date."""
    if path.suffix.lower() == ".xml":
        return import_definition(path).journey
    return read_journey(path)


def import_definition(path: Path, version: str | None = None) -> Imported:
    """A `definition.xml` of DCWorkflow under a version, today's unless given, and what it loses."""
    today = paris_day(datetime.now(UTC)).isoformat()
    return read_definition_file(path, version=version or today)


def definitions_in(folder: Path) -> Folder:
    """The definitions of DCWorkflow below a folder, to be asked about."""
    return Folder(folder, Cel)


def shipped() -> list[Journey]:
    """The definitions that come with the product."""
    return list(shipped_journeys())


def _claim_identity(command: Command) -> str:
    if not isinstance(command, RecordClaim):
        raise TypeError(command.NAME)
    return "|".join((str(command.occurred_on), command.author, command.statement))


def _regions() -> list[str]:
    lines = (REFERENCE / "regions.csv").read_text("utf-8").splitlines()[1:]
    return [line.partition(",")[2] for line in lines]


def _recorder(url: str) -> Any:
    if database.is_sqlite(url):
        return SQLiteRecorder(Datastore(str(database.sqlite_path(url))))
    return PostgresRecorder(postgres.Datastore(url))


def create(settings: Settings) -> bool:
    """Make what a registry lacks: schema, keys, operator, journeys; say whether it was empty."""
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        KeyStore.create(settings.keys, settings.kek)
        if database.is_sqlite(settings.url):
            database.sqlite_path(settings.url).touch(mode=0o600)
        migrate(settings)
        if not settings.operator.exists():
            content = {"account": str(uuid4()), "token": secrets.token_urlsafe(24)}
            descriptor = os.open(settings.operator, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file)
    except OSError as error:
        reason = f"Le dossier {home} ne peut pas être préparé : {of_system(error)}."
        raise UnreadableFile(reason=reason) from None
    product = Product(settings)
    try:
        by = product.operator(Role.ADMINISTRATOR)
        published = product.registry.load(Rulebook, RULEBOOK)
        known = set(published.journeys) if published else set()
        for journey in shipped_journeys():
            if journey.ref not in known:
                product.do(PublishJourney(journey=journey), by)
        grids = product.registry.load(Grids, GRIDS)
        for grid in shipped_grids():
            if grids is None or grid.ref not in grids.grids:
                product.do(PublishGrid(grid=grid), by)
    finally:
        product.close()
    return published is None


def migrate(settings: Settings) -> None:
    """Bring the schema up to this version of the product."""
    engine = database.connect(settings.url)
    try:
        database.migrate(engine)
    except STORE_ERRORS as error:
        raise explain_store(error) from None
    finally:
        engine.dispose()


STORE_ERRORS = (sa.exc.SQLAlchemyError, PersistenceError, sqlite3.Error, psycopg.Error)
"""What a database may raise, whichever way it was reached."""


def explain_store(error: Exception) -> JalonError:
    """What the database says, as a person can act on it."""
    said = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return explain(PersistenceError(str(said)))


def reference_file(name: str) -> bytes:
    """A file of the public history that ships with the product."""
    return (REFERENCE / "history" / name).read_bytes()
