"""The one file that knows both sides: it puts the product together for those who use it."""

import json
import logging
import secrets
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from typing import TYPE_CHECKING, Any
from uuid import UUID

from application import catalogue as catalogue  # every topic and command is known from here on
from application.audit_answer import WHOLE_LOG
from application.audit_sample import Sample
from application.bundle import shown_of
from application.call_file import read_calls
from application.command import By, Command
from application.correction import Statement, as_told
from application.demonstration import PASSWORD as PASSWORD
from application.demonstration import open_accounts
from application.grid import PublishGrid
from application.history import ImportFile, ImportReport
from application.journey import PublishJourney
from application.legal_notice import legal_notice
from application.listing import LISTINGS, Listed
from application.payment import ImportPayments, PaymentReport, judge, report
from application.payment_file import read_payments
from application.place import PLACE_LIST
from application.place_ended import ended
from application.place_year import LoadPlaces, LoadReport, load_report
from application.rehearsal import Foreseen, foreseen, told_before
from application.scenario import Scenario, play
from application.snapshot import FOLD_VERSION, CheckedSnapshot, CloseSnapshot, check_snapshots
from application.unit import Outcome
from domain.bundle import READ_ME, TOOLS, read_entry
from domain.dates import paris_day
from domain.erasure import ErasureGround, Exemption
from domain.errors import Forbidden, Unavailable
from domain.grid import Grid
from domain.kernel import Event
from domain.log import LOGS
from domain.logged import LogProof
from domain.place_year import change_to, with_year
from domain.pole import Pole
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.tiles import Tile
from infrastructure import backup, database
from infrastructure.audit_log import Verified, verify
from infrastructure.bundle import VERIFIERS, BundleWriter, Exported, NotSignedBefore
from infrastructure.bundle_signed import Witnessed, keys_in, stamps_of
from infrastructure.coming_back import CameBack as CameBack
from infrastructure.coming_back import ComingBack
from infrastructure.document_check import CheckedDocuments as CheckedDocuments
from infrastructure.document_copies import check_copies, copy_documents, put_back_documents
from infrastructure.document_room import DocumentRoom
from infrastructure.document_room import Fetched as Fetched
from infrastructure.documents import Documents
from infrastructure.erasure import ErasureRoom
from infrastructure.erasure import OfRequest as OfRequest
from infrastructure.erasure_told import ErasureForeseen as ErasureForeseen
from infrastructure.erasure_told import ErasureReceipt as ErasureReceipt
from infrastructure.event_store import postgres
from infrastructure.event_store.failure import STORE_ERRORS, explain
from infrastructure.event_store.postgres import PostgresRecorder
from infrastructure.event_store.registry import KEYS_KEPT, Registry
from infrastructure.event_store.registry import Done as Done
from infrastructure.event_store.sqlite import Datastore, SQLiteRecorder
from infrastructure.job_starter import JobStarter
from infrastructure.jobs import Jobs
from infrastructure.keys import KeyStore
from infrastructure.letters.carriers import MailServer, Outbox
from infrastructure.letters.post_office import PostOffice
from infrastructure.letters.rounds import PostRounds
from infrastructure.log_folder import LogFolder
from infrastructure.log_signer import LogSigner
from infrastructure.log_tree import LogTree
from infrastructure.new_file import must_be_new
from infrastructure.operator_policy import OperatorPolicy
from infrastructure.person_found import Bearer as Bearer
from infrastructure.personal import PersonRoom
from infrastructure.place_package import read_package
from infrastructure.public_log import PublicLog
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.models import MODELS
from infrastructure.read_models.snapshot import digests_at
from infrastructure.reference import (
    STORIES as STORIES,
)
from infrastructure.reference import (
    demonstration,
    parse_call_file,
    read_call_file,
    read_grid,
    read_journey,
)
from infrastructure.reference import demonstration_people as demonstration_people
from infrastructure.sample_room import SampleRoom
from infrastructure.sealed_check import CheckedSealed as CheckedSealed
from infrastructure.sealed_check import check_sealed
from infrastructure.settings import Settings as Settings
from infrastructure.sign_in.desk import SignedIn as SignedIn
from infrastructure.sign_in.desk import SignInDesk
from infrastructure.sign_in.drafts import Draft as Draft
from infrastructure.sign_in.providers import read_providers
from infrastructure.sign_in.sessions import Caller as Caller
from infrastructure.sign_in.tokens import PREFIX
from infrastructure.stamp import Stamps
from infrastructure.ticker import Ticker
from infrastructure.witness import WitnessSeen as WitnessSeen
from interfaces.history_files import claims_present, load, read_poles, read_timeline
from interfaces.looking import Clock
from interfaces.questions import Questions

if TYPE_CHECKING:
    from infrastructure.sign_in.openid import FederatedIdentity as FederatedIdentity
    from infrastructure.sign_in.openid_desk import OpenIdDesk
    from infrastructure.sign_in.passkey_desk import PasskeyDesk
    from infrastructure.sign_in.passkeys import PasskeySite

log = logging.getLogger("jalon")

RUN_JOB = (sys.executable, "-P", "-m", "interfaces.cli", "job", "run")
"""The words by which a process of its own does a job."""


class WrongToken(Forbidden):
    """Whoever acts through the API says who they are."""

    code = "token.wrong"
    fr = (
        "Il faut un jeton (en-tête « Authorization: Bearer … ») : qui a un compte en fait un "
        "sous « Mon compte »."
    )
    en = (
        "A token is needed (header “Authorization: Bearer …”): whoever has an account makes one "
        "under “Mon compte”."
    )


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


class Product(Questions):
    """One registry, as a command line, a page or a program asks it and acts on it."""

    def __init__(self, settings: Settings, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.settings = settings
        self._every, origin = settings.every, settings.log_origin
        authority = settings.time_authority
        engine = database.connect(settings.url)
        try:
            database.check_schema(engine, str(settings.home))
            keys = KeyStore(settings.key_store, settings.kek_file)
            documents = Documents(settings.document_folder, keys, settings.largest_document)
            registry = Registry(_recorder(settings.url), keys, documents, clock)
        except BaseException:
            engine.dispose()
            raise
        super().__init__(engine, registry, clock)
        self.controller, self.dpo = settings.controller, settings.dpo
        self.notice = legal_notice(
            publisher=settings.publisher,
            director=settings.director,
            host=settings.host,
            contact=settings.contact,
        )
        self.follower = Follower(engine, self.journal, MODELS)
        self.documents = DocumentRoom(self.registry, self.accesses)
        self.ticker = Ticker(self.registry, engine, self.follower)
        self.documents.finish_erasures()
        self.persons = PersonRoom(self.registry, self.accesses)
        self.erasures = ErasureRoom(self.registry, self.persons)
        self.coming_back = ComingBack(self.registry)
        self.erasures.take_up(partial(self.operator, Role.SYSTEM))
        signing = LogFolder(settings.signing)
        policy = OperatorPolicy(signing, settings.policy_file)
        stamps = Stamps(signing, authority, clock)
        signer = LogSigner(signing, origin, LogTree(self.journal))
        self.log = PublicLog(self.journal, signer, policy, stamps, clock)
        self.samples = SampleRoom(self.registry, self.log)
        self.desk = SignInDesk(self.registry, engine)
        carrier = MailServer.at(settings.smtp) if settings.smtp else Outbox(settings.outbox)
        self.post = PostOffice(
            self.registry, carrier, settings.mail_sender, self._note, self._is_noted
        )
        self.rounds = PostRounds(
            self.registry,
            engine,
            self.post,
            settings.public_address,
            self.waiting_for,
        )
        self.jobs = Jobs(engine, keys, clock, settings.job_folder, settings.days_of_jobs)
        self.job_starter = JobStarter(self.jobs, RUN_JOB, settings.as_environment)
        self.providers = read_providers(settings.provider_file, needed=bool(settings.providers))

    def close(self) -> None:
        """Close every connection; readers first."""
        self._engine.dispose()
        self.registry.close()
        self.registry.keys.close()

    # Ways in that are long to load, and rarely used on the command line.

    @cached_property
    def passkeys(self) -> "PasskeyDesk":
        """Lets people in by their passkeys."""
        from infrastructure.sign_in.passkey_desk import PasskeyDesk

        issuers = [provider.issuer for provider in self.providers.values()]
        return PasskeyDesk(self.registry, self._engine, issuers)

    @staticmethod
    def passkey_site(address: str) -> "PasskeySite":
        """Where browsers show passkeys, of the address at which the registry is reached."""
        from infrastructure.sign_in.passkeys import PasskeySite

        return PasskeySite.at(address)

    @cached_property
    def openid(self) -> "OpenIdDesk":
        """Lets people in through their providers of identity."""
        from infrastructure.sign_in.openid import RelyingParty
        from infrastructure.sign_in.openid_desk import OpenIdDesk

        party = RelyingParty(self.providers, self.clock)
        return OpenIdDesk(self.registry, self._engine, party)

    # Commands.

    def do(
        self, command: Command, by: By, *, key: str | None = None, dry_run: bool = False
    ) -> Done:
        """Execute a command; what it wrote is in the lists when this returns."""
        done = self.registry.do(command, by, key=key, dry_run=dry_run)
        if dry_run:
            return replace(done, events=told_before(done.events))
        self._follow()
        return done

    def _note(self, command: Command, key: str | None) -> Done:
        """Record something in the name of the system."""
        return self.do(command, self.operator(Role.SYSTEM), key=key)

    def _is_noted(self, key: str) -> bool:
        return self.journal.answered(f"{self.operator(Role.SYSTEM).actor}/{key}") is not None

    def demonstrate(self, story: str = STORIES[0]) -> Scenario:
        """Tell a story of fictitious poles, in the name of several people, once.

        Gives it: whoever counts leaves its poles out of the real ones.
        """
        scenario, texts = demonstration(story)
        self._follow()
        poles = [
            line.id for line in self.register.lines(self.moment()) if line.name in scenario.names
        ]
        began = min((self.registry.history(id_)[0].recorded_at for id_ in poles), default=None)
        if began and self._is_told(scenario, began):
            return scenario

        def do(command: Command, by: By, key: str) -> UUID:
            return self.registry.do(command, by, key=key).answer

        def find(name: str, values: Mapping[str, Any]) -> Listed | None:
            self._follow()
            lines = self.lists.lines(LISTINGS[name], self.moment(), pole=values.get("pole"))
            wanted = {field: str(value) for field, value in values.items()}
            has = (line for line in lines if _says(line, wanted))
            return next(has, None)

        play(scenario, do, find, texts, told_on=paris_day(began or self.clock()))
        self._follow()
        return scenario

    def open_demonstration(self) -> None:
        """Open one account a role, for the persons of the stories, all with the same password."""
        by = self.operator(Role.ADMINISTRATOR)

        def find(kind: str, name: str) -> UUID:
            return self.find(name) if kind == "pole" else self.find_thing(kind, name)

        people = demonstration_people()
        hashed = self.desk.passwords.hashed(PASSWORD)
        for account in open_accounts(self.registry, people, self.registry.do, find, by):
            self.desk.passwords.set(account, hashed)
        self._follow()

    def _is_told(self, scenario: Scenario, began: datetime) -> bool:
        """Whether it was told to its end, by an earlier version, or too long ago to go on."""
        first, last = (self.journal.answered(f"{by.actor}/{key}") for by, key in scenario.ends)
        return bool(last) or not first or self.clock() - began >= KEYS_KEPT

    def tick(self, *, dry_run: bool = False) -> list[Outcome]:
        """Record what has come of deadlines by today, in the name of the system.

        Then the letters are written for which anything recorded calls.
        """
        outcomes = self.ticker.tick(self.operator(Role.SYSTEM), dry_run=dry_run)
        if not dry_run:
            self.rounds.attempt()
            self.jobs.purge()
        return outcomes

    def as_told(
        self, command: type[Statement], corrects: UUID, *, whole: bool = False
    ) -> dict[str, Any]:
        """What a correction need not say again: what must be given, as the fact says it.

        Args:
            whole: all that it says, but what is sealed.
        """
        return as_told(self.registry, command, corrects, whole=whole)

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
            reason = explain(error).details["reason"]
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
        self,
        authorization: str | None,
        role: Role | None,
        mandate: MandateId | None = None,
        *,
        acts: bool = False,
    ) -> By:
        """Who sends a request, by its Authorization header: a token of an account.

        Or that of the operator, on a registry that is reached from this machine only.

        Args:
            acts: whether something is to be recorded.
        """
        given = (authorization or "").removeprefix("Bearer ").strip()
        if given.startswith(PREFIX):
            return self.desk.by_token(given, role, mandate, acts=acts)
        if self.settings.public_address or not secrets.compare_digest(
            given.encode(), self.token.encode()
        ):
            raise WrongToken(roles="")
        return self.operator(role or Role.REGISTRAR, mandate)

    # Persons.

    def forget(
        self,
        person: str,
        by: By,
        *,
        right: ErasureGround,
        refused: Exemption | None = None,
        same_person: bool | None = None,
        request: OfRequest = None,
        damaged: bool = False,
    ) -> ErasureReceipt:
        """Forget a person, or record why not; the lists follow, whatever comes of it."""
        try:
            return self.erasures.forget(
                person,
                by,
                right=right,
                refused=refused,
                same_person=same_person,
                request=request,
                damaged=damaged,
            )
        finally:
            self._follow_erasures()
            self._follow()

    def resume_erasures(self) -> list[UUID]:
        """Finish the erasures that were cut short, in the name of the system."""
        done = self.erasures.resume(self.operator(Role.SYSTEM))
        self._follow_erasures()
        self._follow()
        return done

    def _follow_erasures(self) -> None:
        """Delete what is kept beside the journal about who was forgotten."""
        self.desk.follow_erasures()
        self.jobs.follow_erasures()

    # Files.

    def import_poles(self, data: bytes, by: By, *, apply: bool) -> ImportReport:
        """Load a file of poles. Nothing is written unless `apply`."""
        return self._load("poles", read_poles(data), by, apply=apply)

    def import_timeline(self, data: bytes, by: By, *, apply: bool) -> ImportReport:
        """Load a file of dated national facts as claims. Nothing is written unless `apply`."""
        present = claims_present(self.registry)
        return self._load("timeline", read_timeline(data), by, apply=apply, present=present)

    def import_calls(self, file: Path | None, by: By, *, apply: bool) -> ImportReport:
        """Load a file of calls; that of the State's, unless one is given."""
        return self._load("calls", read_calls(read_call_file(file)), by, apply=apply)

    def import_call_file(self, name: str, data: bytes, by: By, *, apply: bool) -> ImportReport:
        """Load a file of calls that was sent."""
        return self._load("calls", read_calls(parse_call_file(name, data)), by, apply=apply)

    def import_payments(
        self, data: bytes, by: By, *, payer: str | None = None, apply: bool
    ) -> PaymentReport:
        """Take in a file of payments: all of it, or nothing where a row is wrong, or unless said.

        The command decides again on what is known when it records.
        """
        found = judge(self.registry, read_payments(data), payer, paris_day(self.clock()))
        told = report(self.registry, found, payer)
        if told.faults:
            return told
        rows = tuple(given for _, given in found.rows)
        command = ImportPayments(digest=found.digest, payer=payer, rows=rows)
        self.do(command, by, dry_run=not apply)
        return told.model_copy(update={"applied": apply})

    def _load(
        self,
        kind: str,
        file: ImportFile,
        by: By,
        *,
        apply: bool,
        present: Collection[str] = (),
    ) -> ImportReport:
        follows = apply
        try:
            return load(self.registry, kind, file, by, apply=apply, present=present)
        except KeyboardInterrupt:  # the lists follow when it is next opened
            follows = False
            raise
        finally:
            if follows:
                self._follow()

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

    def hand_over(self, sample: Sample, target: Path, by: By) -> None:
        """Hand a sample over with its documents; that they were read is noted first."""
        hidden = self.of_interest(by)
        documents = self.samples.documents_of(sample, hidden)
        self.note_sample(sample, documents, by)
        moment = self.moment().model_copy(update={"known": sample.size})
        sheet_of = partial(self.sheet_of_drawn, sample, moment)
        self.samples.write(target, sample, sheet_of, documents, hidden)

    # The store.

    def verify(self, tell: Callable[[int, int], None] = lambda done, total: None) -> Verified:
        """Recompute every leaf and the root; what was signed of it must be its beginning.

        Args:
            tell: is told now and then how many events were read, of how many.
        """
        size = self.journal.size()
        verified = verify(self.journal, tell=lambda done: tell(done, size))
        self.log.must_go_on(verified.size)
        return verified

    def check_sealed(self) -> CheckedSealed:
        """Whether each personal value is there as it was sealed, or erased by an act on record."""
        return check_sealed(self.registry)

    def export_bundle(
        self,
        file: Path,
        by: By,
        *,
        pole: str | None = None,
        until: str | None = None,
        tell: Callable[[int, int], None] = lambda done, total: None,
    ) -> Exported:
        """Write a bundle of proof, of the log or of one pole, at the last size signed by then.

        That somebody was given the whole log is noted first.

        Args:
            until: a day, or `@` and a size; without it, the log is signed as it is.
            tell: is told how many parts are written, of how many.
        """
        must_be_new(file)
        if pole is None:
            WHOLE_LOG.admit(self.registry, by, None, paris_day(self.clock()))
        within = None if until is None else self.moment(known=until).known
        note = self.log.signed_within(within)
        if note is None:
            raise NotSignedBefore(moment=until)
        signed = Witnessed.of(note, keys_in(self.log.policy()))
        writer = BundleWriter(self.journal, self.log.tree, signed)
        if pole is None:
            self.accesses.note(by, "log", [LOGS], "bundle")
            stamps = stamps_of(self.log, signed.checkpoint, whole=True)
            return writer.write(file, stamps=stamps, tell=tell)
        id_ = self.find(pole)
        size = signed.checkpoint.size
        lines = self.register.lines(self.moment(known=f"@{size}"))
        name = next((line.name for line in lines if line.id == id_), None)
        shown = shown_of(self.registry, id_, size)
        stamps = stamps_of(self.log, signed.checkpoint, whole=False)
        return writer.write(file, pole=id_, name=name, positions=shown, stamps=stamps, tell=tell)

    def log_entries(self, tile: Tile, by: By) -> bytes:
        """The entries below a tile, of every event there is; that an auditor read them is noted."""
        WHOLE_LOG.admit(self.registry, by, None, paris_day(self.clock()))
        self.accesses.note(by, "log", [LOGS], "entries")
        return self.log.tree.entries(tile)

    def pole_proved(self, proof: LogProof) -> str | None:
        """What the pole is called today whose own event a proof is about; `None` of any other."""
        told = read_entry(proof.entry)
        if told is None or not told.topic.startswith("pole."):
            return None
        pole = self.registry.load(Pole, UUID(told.stream))
        return pole.name_on(paris_day(self.clock())) if pole else None

    @staticmethod
    def verifiers() -> Mapping[str, bytes]:
        """The programs that bundles bring along, for whoever takes them from elsewhere."""
        return {name: (VERIFIERS / name).read_bytes() for name in TOOLS if name != READ_ME}

    def close_snapshot(self, by: By) -> Done:
        """Record what the lists say at the present size, so that it can be proved later."""
        size = self.follower.catch_up()
        digests = digests_at(self._engine, MODELS, size)
        return self.do(CloseSnapshot(size=size, fold_version=FOLD_VERSION, digests=digests), by)

    def check_snapshots(self) -> list[CheckedSnapshot]:
        """Every snapshot, with what the lists of this version of the code say otherwise of it."""
        self.follower.catch_up()
        return check_snapshots(self.registry, partial(digests_at, self._engine, MODELS))

    def back_up(self, file: Path) -> None:
        """Copy the registry to a file, and its documents, still encrypted, to one beside it."""
        documents = self.registry.documents
        backup.back_up(self.settings.url, file, lambda: copy_documents(documents, file))

    def restore(self, file: Path, *, older: bool = True) -> backup.Restored:
        """Put a copy back, and the documents beside it that are missing here.

        Args:
            older: whether the registry may lose by it what was recorded since.
        """
        check_copies(file)
        erased = self.coming_back.erased()
        restored = backup.restore(self.settings.url, file, self.journal, erased, older=older)
        again = self.coming_back.reapply(erased, self.operator(Role.SYSTEM))
        self.follower.rebuild()
        self.desk.end_everything()
        self._follow_erasures()
        put_back, missing = put_back_documents(self.registry, file)
        return replace(restored, documents=put_back, missing=missing, erased_again=again)

    def restorations(self) -> list[tuple[datetime, int, int]]:
        """When older states were put back: the instant, the size restored, the size before."""
        rows = self.journal.query("SELECT at, size, previous_size FROM restoration ORDER BY at")
        return [(datetime.fromtimestamp(at / 1e6, UTC), size, before) for at, size, before in rows]

    @contextmanager
    def following(self) -> Iterator[None]:
        """Keep the lists up to date with what other programs write, ask ahead what waits, record
        what falls due, sign the log as it grows, have others see it, and begin the jobs that wait.

        Each in a thread of its own.
        """
        stop = Signal()
        threads = [
            Thread(target=self.follower.follow, args=(stop,), daemon=True),
            Thread(target=self.keep_ready, args=(stop,), daemon=True),
            Thread(target=self.job_starter.keep, args=(stop,), daemon=True),
        ]
        if self.settings.origin:
            threads.append(Thread(target=self.log.keep_signed, args=(stop,), daemon=True))
            threads.append(Thread(target=self.log.keep_seen, args=(stop,), daemon=True))
        if self._every:
            told = (stop, partial(self.operator, Role.SYSTEM), self._every)
            threads.append(Thread(target=self.ticker.keep, args=told, daemon=True))
            told_to_go = (stop, self._every)
            threads.append(Thread(target=self.rounds.keep, args=told_to_go, daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            self.job_starter.wake()
            for thread in threads:
                thread.join()


def _says(line: Listed, wanted: Mapping[str, str]) -> bool:
    """Whether a line has some values, as texts."""
    return all(str(getattr(line, field)) == value for field, value in wanted.items())


def _recorder(url: str) -> Any:
    if database.is_sqlite(url):
        return SQLiteRecorder(Datastore(str(database.sqlite_path(url))))
    return PostgresRecorder(postgres.Datastore(url))
