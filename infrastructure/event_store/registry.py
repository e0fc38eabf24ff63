"""The one application: commands in, decided and recorded; history out."""

import json
import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.persistence import (
    DatabaseError,
    IntegrityError,
    JSONTranscoder,
    ProcessRecorder,
    Transcoder,
)

from application.at_hand import MOST, AtHand, Loan
from application.command import By, Command
from application.correction import decide
from application.handlers import HANDLERS
from application.journey import FACTS
from application.unit import Outcome
from application.world import Made
from domain.check import Fault, Unpublishable, check
from domain.dates import PartialDate, paris_day
from domain.errors import Conflict, Damaged, Invalid, JalonError, NotFound, Refused
from domain.expressions import shown
from domain.fault import fault
from domain.filing import Enclosed
from domain.journey import Journey
from domain.kernel import Aggregate, Event, Recorded, instant_of
from domain.legal_form import LegalForm, UnknownLegalForm
from domain.media import MediaFound
from domain.personal import SealedAltered, marking
from domain.place import Gazetteer
from domain.place_year import PLACES, PlaceYears
from domain.provenance import Provenance
from domain.recording import Context
from domain.rulebook import RULEBOOK, Rulebook
from domain.rules import CompiledJourney, compile_journey, fact_types
from domain.values import Sealed
from infrastructure.documents import Documents
from infrastructure.erased import ErasedValues
from infrastructure.event_store.beside import ErasureUnfinished, laid_beside
from infrastructure.event_store.failure import explain
from infrastructure.event_store.folds import Folds
from infrastructure.event_store.journal import (
    CommandKey,
    Journal,
    Row,
    SealedRow,
    rows_in_effect,
)
from infrastructure.event_store.mapper import StateMapper
from infrastructure.formats import recognise
from infrastructure.guards import Cel
from infrastructure.handed_over import handed_over
from infrastructure.keys import KeyStore
from infrastructure.places import Places
from infrastructure.reference import legal_forms
from infrastructure.sealing import seal_of

A = TypeVar("A", bound=Aggregate)

log = logging.getLogger("jalon")

ATTEMPTS = 12
"""How often a command decides again after a conflict, before it is reported."""

KEYS_KEPT = timedelta(days=30)
"""How long an idempotency key answers for its command."""


LONGEST_KEY = 200
"""Characters of an idempotency key."""


class KeyMalformed(Invalid):
    """A key is a short text."""

    code = "command.key_malformed"
    fr = f"Une clé d'idempotence compte {LONGEST_KEY} caractères au plus, tous imprimables."
    en = f"An idempotency key has at most {LONGEST_KEY} characters, all printable."


class KeyReused(Refused):
    """A key names one command."""

    code = "command.key_reused"
    fr = "Cette clé d'idempotence a déjà servi pour une autre demande."
    en = "This idempotency key was already used for another request."


class StateUnreadable(Damaged):
    """A stored event has not the members that this version of the product reads."""

    code = "state.unreadable"
    fr = (
        "Un événement du registre est illisible pour cette version de Jalon : lancez "
        "« jalon audit verify » pour savoir s'il a été modifié, ou installez la version qui l'a "
        "écrit."
    )
    en = (
        "An event of the registry cannot be read by this version of Jalon: run "
        "“jalon audit verify” to know whether it was changed, or install the version that wrote it."
    )


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: its answer, the last position it wrote, the events it recorded."""

    answer: UUID
    position: int
    events: tuple[Event, ...] = ()
    repeated: bool = False
    outcomes: tuple[Outcome, ...] = ()
    """Of a command about many things: what became of each."""


COMPILED: dict[str, CompiledJourney] = {}
"""Published journeys by the digest of their content, made when they are first asked for."""


def facts_of(journey: Journey) -> dict[str, str] | None:
    """What the clauses of a journey may ask about; `None` where nobody knows its model."""
    if not journey.facts:
        return {}
    model = FACTS.get(journey.facts)
    return None if model is None else fact_types(model)


def faults_of(journey: Journey) -> list[Fault]:
    """Everything wrong with a definition, published or not."""
    facts = facts_of(journey)
    found = check(journey, facts or {}, Cel, HANDLERS.named)
    if facts is not None:
        return found
    # Without its model, nothing can be said of what its clauses name.
    kept = [one for one in found if one.code not in ("unknown-fact", "bad-expression")]
    return [_unknown_model(journey), *kept]


def _unknown_model(journey: Journey) -> Fault:
    return fault("unknown-model", "facts", model=shown(journey.facts), known=", ".join(FACTS))


class Registry(Application[UUID]):
    """The registry of poles.

    A command decides on what it read, and is recorded with the versions of what it read: where
    one of them has moved, it decides again. With a key, it is recorded once, and asked again it
    gives the same answer; a refusal is not remembered.
    """

    def __init__(
        self,
        recorder: ProcessRecorder,
        keys: KeyStore,
        documents: Documents,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._recorder = recorder
        self.keys = keys
        self.documents = documents
        self.clock = clock
        self._published: Mapping[str, tuple[Journey, str]] = {}
        self._rules_lock = Lock()
        self._places = Places()
        super().__init__()
        self.at_hand = AtHand(MOST if self.journal.NOTICES else 0)
        self.folds = Folds(self.journal)
        self.erased_values = ErasedValues(self.journal)

    def construct_mapper(self) -> StateMapper:
        return StateMapper(JSONTranscoder())

    def construct_transcoder(self) -> Transcoder:
        return JSONTranscoder()

    def construct_recorder(self) -> ProcessRecorder:
        return self._recorder

    def close(self) -> None:
        """Let go of the database."""
        super().close()
        self._recorder.datastore.close()  # type: ignore[attr-defined]  # both recorders have one

    @property
    def journal(self) -> Journal:
        """The same recorder, asked as a journal."""
        if not isinstance(self._recorder, Journal):
            msg = f"{type(self._recorder).__name__} is not a journal"
            raise TypeError(msg)
        return self._recorder

    # The world of commands and questions.

    def load(self, cls: type[A], id_: UUID, until: int | None = None) -> A | None:
        """An aggregate as of a position of the journal; `None` when it had no history."""
        try:
            if until is None:
                return self.journal.fold(cls, id_)
            return self.folds.at(cls, id_, until)
        except DatabaseError as error:
            raise explain(error) from error

    def history(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        """One stream as it was in effect, oldest first."""
        try:
            return self.journal.history(stream, until)
        except DatabaseError as error:
            raise explain(error) from error

    def everything(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        """Everything recorded of one stream, in effect or not, oldest first."""
        try:
            return [row.read() for row in self.journal.everything(stream, until)]
        except DatabaseError as error:
            raise explain(error) from error

    def positions(self, stream: UUID, until: int | None = None) -> list[int]:
        """Where in the journal everything of one stream was recorded, oldest first."""
        try:
            return self.journal.positions(stream, until)
        except DatabaseError as error:
            raise explain(error) from error

    def version(self, stream: UUID) -> int:
        """How many events one stream has, in effect or not."""
        try:
            return self.journal.version(stream)
        except DatabaseError as error:
            raise explain(error) from error

    def together(self, position: int) -> list[Recorded]:
        """Everything that the command recorded which recorded the event at a position."""
        try:
            return [row.read() for row in self.journal.together(position)]
        except DatabaseError as error:
            raise explain(error) from error

    def naming(self, identities: Sequence[UUID]) -> list[Recorded]:
        """Every event that names one of some things, oldest first."""
        try:
            return [row.read() for row in self.journal.naming(identities)]
        except DatabaseError as error:
            raise explain(error) from error

    def fact(self, event_id: UUID) -> Recorded | None:
        """The event of an identity; `None` where there is none."""
        try:
            return self.journal.fact(event_id)
        except DatabaseError as error:
            raise explain(error) from error

    def rows(self, stream: UUID, until: int | None = None) -> Iterator[Row]:
        """One stream as it was in effect, oldest first; not read unless it is looked at."""
        try:
            yield from rows_in_effect(self.journal.everything(stream, until))
        except DatabaseError as error:
            raise explain(error) from error

    def places(self, until: int | None = None) -> Gazetteer:
        """The codes of places: the years that ship, and those loaded by a position."""
        years = self.load(PlaceYears, PLACES, until)
        return self._places.of(years.changes if years else ())

    def told(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        """Everything recorded of some kinds that was in effect, oldest first."""
        for row in rows_in_effect(self._told_rows(events, until)):
            if row.topic != Aggregate.FactRetracted.TOPIC:
                yield row.read()

    def told_ever(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        """Everything recorded of some kinds, in effect or not, and every retraction."""
        return (row.read() for row in self._told_rows(events, until))

    def _told_rows(self, events: Sequence[type[Event]], until: int | None) -> list[Row]:
        topics = [topic for event in events for topic in (event.TOPIC, *event.UPCASTS)]
        topics.append(Aggregate.FactRetracted.TOPIC)
        after, found = 0, list[Row]()
        while rows := self.journal.rows(after, 1000, topics, until=until):
            found += rows
            after = rows[-1].position
        return found

    def compiled(self, ref: str) -> CompiledJourney:
        """A published journey, ready to be asked."""
        with self._rules_lock:
            if ref not in self._published:
                self._published = (self.load(Rulebook, RULEBOOK) or Rulebook(RULEBOOK)).journeys
            try:
                journey, digest = self._published[ref]
            except KeyError:
                raise NotFound(name=ref) from None
        if digest not in COMPILED:
            COMPILED[digest] = self._compile(journey)
        return COMPILED[digest]

    def legal_form(self, code: str) -> LegalForm:
        """A legal form of the Insee, with what the law says of it; an unknown code is refused."""
        try:
            return legal_forms()[code]
        except KeyError:
            raise UnknownLegalForm(given=code) from None

    def check(self, journey: Journey) -> None:
        """Refuse a definition that has faults which keep it from being published; name them."""
        faults = faults_of(journey)
        if any(found.blocking for found in faults):
            raise Unpublishable(faults)

    @staticmethod
    def _facts(journey: Journey) -> dict[str, str]:
        facts = facts_of(journey)
        if facts is None:
            raise Unpublishable([_unknown_model(journey)])
        return facts

    def compile(self, journey: Journey) -> CompiledJourney:
        """A definition that need not be published, ready to be asked; one at fault is refused."""
        self.check(journey)
        return self._compile(journey)

    def _compile(self, journey: Journey) -> CompiledJourney:
        return compile_journey(journey, self._facts(journey), Cel)

    def seal(
        self, text: str, *, event: type[Event], field: str, subject: UUID, made: Made
    ) -> tuple[Sealed, bytes]:
        """Encrypt a personal value; a new key is put among those made, and kept nowhere yet."""
        purpose = marking(event, field).purpose
        return self.keys.seal(
            text, topic=event.TOPIC, field=field, purpose=purpose, subject=subject, made=made
        )

    def bearing(self, name: str) -> set[tuple[UUID, str]]:
        return self.keys.names.bearing(name)

    def name_mark(self, name: str) -> bytes:
        """A keyed MAC of a name, by which it is found where it is sealed."""
        return self.keys.names.mark(name)

    def open(self, kept: Sealed, *, event: type[Event], field: str) -> str | None:
        """The same as `unseal`, for the questions of the application."""
        return self.unseal(kept, event=event, field=field)

    def unseal(self, kept: Sealed, *, event: type[Event], field: str) -> str | None:
        """A personal value, to be shown; `None` where it, or its key, is not there any more."""
        purpose = marking(event, field).purpose
        row = self.journal.ciphertext(kept.ref)
        if row is None:
            return None
        subject, ciphertext = row
        said = self.keys.open(
            ciphertext, topic=event.TOPIC, field=field, purpose=purpose, subject=subject
        )
        if said is not None and seal_of(ciphertext) != kept.ref:  # another value of the same key
            raise SealedAltered
        return said

    def erased(self, kept: Sealed) -> bool:
        """Whether a value was erased, or is being erased, by an act on record."""
        return self.erased_values.follow().has(kept.ref)

    def handed_over(self, answer: UUID) -> frozenset[UUID]:
        """For whom what was handed over in an answer to a person is sealed; none of no answer."""
        return handed_over(self.journal, answer)

    def readable(self) -> Callable[[Sealed, str], bool]:
        """What tells whether a value sealed for a purpose can be read still, as things stand."""
        rows = self.journal.every_subject()
        keys = {(str(subject), purpose) for subject, purpose, _ in self.keys.made()}
        return lambda kept, purpose: (rows.get(kept.ref), purpose) in keys

    def recognise(self, data: bytes) -> MediaFound:
        """What the bytes of a document are; those of no accepted format are refused."""
        self.documents.check_size(len(data))
        return recognise(data)

    def enclose(self, data: bytes, *, document: UUID, made: Made) -> tuple[Enclosed, bytes]:
        """Encrypt the bytes of a document; a new key is put among those made."""
        return self.documents.enclose(data, document=document, made=made)

    def same(self, data: bytes, content: Enclosed, *, document: UUID) -> bool:
        """Whether these are the bytes of a document; never of one that was erased."""
        return self.documents.same(data, content, document=document)

    # Commands.

    def do(
        self, command: Command, by: By, *, key: str | None = None, dry_run: bool = False
    ) -> Done:
        """Execute a command in the name of somebody.

        Args:
            key: names this command for 30 days; asked again, it is not done again.
            dry_run: decide, and give the events that would be recorded; write nothing.
        """
        try:
            named = self._named(command, by, key) if key and not dry_run else None
            for attempt in range(ATTEMPTS):
                # What is at hand may be past: what is recorded was checked, and nothing else is.
                kept = None if attempt or dry_run else self.at_hand
                loan = Loan(kept, self.journal.lineage)
                try:
                    told = self._attempt(command, by, named, loan, dry_run=dry_run)
                    if told:
                        return told
                except ErasureUnfinished:
                    raise
                except JalonError:
                    # A repetition may be refused by what it did itself the first time.
                    if named and (done := self._already(named)):
                        return done
                    raise
                except IntegrityError:
                    if named and (done := self._already(named)):
                        return done
                    self.at_hand.clear()
                    time.sleep(random.uniform(0, min(0.25, 0.004 * 2**attempt)))  # noqa: S311  # not a secret
        except DatabaseError as error:
            raise explain(error) from error
        raise Conflict

    def _named(self, command: Command, by: By, key: str) -> CommandKey:
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise KeyMalformed
        # Not canonical JSON: what a command is given may lie outside the profile of what is stored.
        said: list[Any] = [command.NAME, command.model_dump(mode="json")]
        if by.on_behalf_of:  # the same words for somebody else are another request
            said.append(str(by.on_behalf_of))
        request = json.dumps(said, sort_keys=True)
        return CommandKey(f"{by.actor}/{key}", self.keys.fingerprint(request.encode()), "")

    def _already(self, named: CommandKey) -> Done | None:
        answered = self.journal.answered(named.key)
        if answered is None:
            return None
        age = self.clock() - (instant_of(answered.recorded_at))
        if age > KEYS_KEPT:
            self.journal.forget_command(named.key)
            return None
        if answered.request != named.request:
            raise KeyReused
        return Done(UUID(answered.answer), self._end(answered.position), repeated=True)

    def _end(self, first: int) -> int:
        """The last position that a command wrote, from its first: its events share an identity."""
        end, command = first, None
        for row in self.journal.rows(first - 1, 1000):
            correlation = row.read().event.meta.correlation_id
            if command not in (None, correlation):
                break
            end, command = row.position, correlation
        return end

    def _attempt(
        self, command: Command, by: By, named: CommandKey | None, loan: Loan, *, dry_run: bool
    ) -> Done | None:
        """Decide and record; `None` where what was at hand led to anything but an append."""
        now = self.clock()
        context = Context(
            provenance=Provenance(
                actor=by.actor,
                role=by.role,
                on_behalf_of=by.on_behalf_of,
                ground=command.ground,
                source=command.source,
                confidence=command.confidence,
                reason=command.reason,
                correlation_id=uuid4(),
            ),
            now=now,
            occurred_on=command.occurred_on or PartialDate.on(paris_day(now)),
            valid_to=command.valid_to,
        )
        try:
            work, answer = decide(self, context, command, loan)
            work.number()
            envelopes = [one for aggregate in work.saved for one in aggregate.collect_events()]
            recorded = [] if dry_run else envelopes
            stored = [self.mapper.to_stored_event(envelope) for envelope in recorded]
        except Exception as failure:  # an error, too: what is past may not go with what is stored
            if not loan.is_used:
                raise
            if not isinstance(failure, JalonError):
                log.warning("%s is decided again on what is stored", command.NAME, exc_info=True)
            return None
        events = tuple(envelope.event for envelope in envelopes)
        outcomes = tuple(work.outcomes)
        if not events and loan.is_used:
            return None
        if dry_run or not events:
            return Done(answer, self.journal.size(), events, outcomes=outcomes)
        with laid_beside(work, self.journal, self.documents):
            positions = self.journal.append(
                stored,
                reads=work.reads,
                command=named and CommandKey(named.key, named.request, str(answer)),
                sealed=[SealedRow(s.ref, str(s.subject), s.ciphertext) for s in work.sealed],
                lineage=loan.lineage,
            )
        changed = {envelope.originator_id for envelope in envelopes}
        self.at_hand.put_back(work.left(envelopes), changed, loan.lineage)
        return Done(answer, positions[-1], events, outcomes=outcomes)
