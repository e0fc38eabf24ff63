"""The unit of work: what one command read, and what it will save, whole or not at all."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, TypeVar
from uuid import UUID

from application.absent import absent
from application.at_hand import Loan
from application.authority import Authority, authority
from application.world import Made, World
from domain.correction import LeftUnsaid
from domain.dates import PartialDate, paris_day
from domain.document import Document
from domain.dossier import Dossier
from domain.errors import JalonError, NotFound
from domain.filing import Enclosed
from domain.kernel import Aggregate, Envelope, Event, Recorded
from domain.mandate import Mandate, Related, account
from domain.media import MediaFound
from domain.personal import marking
from domain.place import Gazetteer
from domain.pole import Pole
from domain.provenance import AccountId, Kind
from domain.recording import Context, acting
from domain.values import AsSealed, Personal, Sealed

A = TypeVar("A", bound=Aggregate)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A ciphertext to be laid beside the events, in their transaction."""

    ref: str
    subject: UUID
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class EnclosedBytes:
    """The ciphertext of a document, to be laid down before the event that names it."""

    document: UUID
    ref: str
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Condemned:
    """A document whose key and bytes are destroyed once the event that says so is recorded."""

    document: UUID
    ref: str
    sealed: tuple[str, ...] = ()
    """The values sealed with it, which go too."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing among many: done, refused and why, or left as it was."""

    subject: UUID
    answer: UUID | None = None
    events: tuple[Event, ...] = ()
    refusal: JalonError | None = None

    @property
    def result(self) -> Literal["done", "refused", "unchanged"]:
        if self.refusal:
            return "refused"
        return "done" if self.events else "unchanged"


class Unit:
    """What one command reads and records, in the name of whoever acts."""

    def __init__(self, world: World, context: Context, loan: Loan | None = None) -> None:
        self._world = world
        self._context = context
        self._loan = loan or Loan()
        self._seen: dict[UUID, Aggregate] = {}
        self._is_bounded = context.provenance.on_behalf_of is not None
        """Whether a mandate, or the account of who acts, reaches some things only."""
        self._relations: dict[UUID, frozenset[str]] = {}
        """Where it does, what each aggregate was about before this command changed it; and what
        those are about that do not tell it themselves."""
        self._pending_before: dict[UUID, int] = {}
        """How much was pending in what the innermost attempt has touched, before it did."""
        self.reads: dict[UUID, int] = {}
        self.saved: list[Aggregate] = []
        self.made: Made = {}
        self.sealed: list[SealedValue] = []
        self.names: list[tuple[bytes, UUID, str]] = []
        """The marks of the names that were sealed, each with its key."""
        self.enclosed: list[EnclosedBytes] = []
        self.condemned: list[Condemned] = []
        self.outcomes: list[Outcome] = []
        """Of a command about many things: what became of each."""

    @property
    def identity(self) -> UUID:
        """What everything recorded by this command has in common."""
        return self._context.provenance.correlation_id

    @property
    def world(self) -> World:
        """What this work reads from."""
        return self._world

    @property
    def now(self) -> datetime:
        """The instant at which this is decided."""
        return self._context.now

    def redoes(self, told: type[E]) -> E | None:
        """The fact that this work tells again, where it is of a kind."""
        return None

    @property
    def today(self) -> date:
        """The day it is in Paris."""
        return paris_day(self._context.now)

    @property
    def occurred_on(self) -> PartialDate:
        """When the facts of this command took effect."""
        return self._context.occurred_on

    @property
    def is_sourced(self) -> bool:
        """Whether what is recorded names a document or an address that attests it."""
        return self._context.provenance.source is not None

    @property
    def day(self) -> date:
        """The day from which they hold: today, where the date is not known."""
        return self.occurred_on.first_day or self.today

    @cached_property
    def authority(self) -> Authority:
        """What lets whoever acts do so, read now: their account, or their mandate.

        Refused unless it does today; a mandate, on the day of the act too.
        """
        found = authority(self._find_begun, self._context.provenance, (self.day,), self.today)
        self._is_bounded = found.is_bounded
        return found

    def _find_begun(self, cls: type[A], id_: UUID) -> A | None:
        """An aggregate that may well not be there, as the account of who runs the machine.

        That it is not is at hand too: it is checked with the versions of what was read.
        """
        if id_ not in self._seen:
            found = self._loan.take(cls, id_)
            if found is None and not self._world.version(id_):
                found = cls(id_)
            if found is not None:
                self._seen[id_], self.reads[id_] = found, found.version
        return self.find(cls, id_)

    @property
    def mandates(self) -> tuple[Mandate, ...]:
        """The mandate under which this is done, then that under which it was given."""
        return self.authority.mandates if self._context.provenance.on_behalf_of else ()

    @property
    def party(self) -> tuple[str, str | None]:
        """For whom this is done, and who does it where that is somebody else."""
        actor = account(self._context.provenance.actor)
        return (self.mandates[0].principal, actor) if self.mandates else (actor, None)

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody who has a hand in this: for whom it is done, and who does it."""
        return tuple(person for person in self.party if person)

    def relate(self, aggregate: Aggregate, relations: frozenset[str]) -> None:
        """Say what something is about that does not tell it itself: it is reached so."""
        self._relations[aggregate.id] = self._with_poles(relations)

    def _within_reach(self) -> None:
        """Refuse what is recorded beyond the reach of who acts, as it was before it was changed.

        What something in reach names, its pole or its call, is touched because of it.
        """
        if not self._is_bounded:
            return
        touched = [self._seen[id_] for id_ in self._pending_before if id_ in self._seen]
        about = {
            aggregate.id: self._relations.get(aggregate.id) or self._about(aggregate)
            for aggregate in touched
            if aggregate.pending and self._is_related(aggregate)
        }
        reached = [found for found in about.values() if self.authority.covers(found)]
        named = {relation.partition(":")[2] for found in reached for relation in found}
        for id_, found in about.items():
            if str(id_) not in named:
                self.authority.check(found)

    def _is_related(self, aggregate: Aggregate) -> bool:
        return isinstance(aggregate, Related) or aggregate.id in self._relations

    def _about(self, aggregate: Aggregate) -> frozenset[str]:
        """What something stands in relation to; as the pole that it is about does, so does it."""
        if not isinstance(aggregate, Related):
            return frozenset()
        own = aggregate.relations_on(self.day)
        return own if isinstance(aggregate, Pole) else self._with_poles(own)

    def _with_poles(self, own: frozenset[str]) -> frozenset[str]:
        """What stands in some relations stands in those of its poles; and of its call."""
        named = [relation.partition(":") for relation in own]
        poles = (self.find(Pole, UUID(name)) for kind, _, name in named if kind == "pole")
        dossiers = (self.find(Dossier, UUID(name)) for kind, _, name in named if kind == "dossier")
        return own.union(
            *(self._relations.get(p.id) or p.relations_on(self.day) for p in poles if p),
            *(dossier.relations_on(self.day) for dossier in dossiers if dossier),
        )

    def _within_authority(self) -> None:
        """Refuse what is recorded of other days, or of nothing that who acts holds a role about."""
        self._within_reach()
        recording = [aggregate for aggregate in self.saved if aggregate.pending]
        if recording and not any(self._is_related(aggregate) for aggregate in recording):
            self.authority.check(())
        days = {e.valid_from or self.today for a in recording for e in a.pending}
        for mandate in self.mandates:
            for day in sorted(days):
                mandate.hold_on(day)

    @contextmanager
    def dated(
        self, occurred_on: PartialDate, *, valid_to: date | None = None, **provenance: Any
    ) -> Iterator[None]:
        """Record, inside this block, facts of other days, or from another source."""
        outer = self._context
        about = outer.provenance.model_copy(update=provenance)
        self._context = replace(outer, occurred_on=occurred_on, valid_to=valid_to, provenance=about)
        try:
            with acting(self._context):
                yield
        finally:
            self._context = outer

    def find(self, cls: type[A], id_: UUID) -> A | None:
        """An aggregate, if it has a history; its version is checked when this work is saved."""
        if id_ not in self._seen:
            found, stored = self._loan.take(cls, id_) or self._load(cls, id_), 0
            if found is None and (stored := self._world.version(id_)):
                found = self._load(cls, id_)  # begun meanwhile, if not all taken back
            self.reads[id_] = found.version if found else stored
            if found is None:
                return None
            self._seen[id_] = found
            if self._is_bounded and isinstance(found, Related):
                self._relations[id_] = self._about(found)
        aggregate = self._seen[id_]
        if not isinstance(aggregate, cls):
            raise NotFound(name=id_)
        if not aggregate.version:  # known not to be there
            return None
        self._pending_before.setdefault(id_, len(aggregate.pending))
        return aggregate

    def _load(self, cls: type[A], id_: UUID) -> A | None:
        """An aggregate as it is stored, and as this work is to see it."""
        return self._world.load(cls, id_)

    def left(self, recorded: Iterable[Envelope]) -> list[Aggregate]:
        """What this work read or made, as the fold of what is stored, once that is recorded.

        Not what a retraction changes, nor what holds from the day that its recording will be; nor
        what was brought about in memory and never saved.
        """
        otherwise = {
            envelope.originator_id
            for envelope in recorded
            if envelope.event.kind is not Kind.ASSERT or envelope.event.valid_from is None
        }
        return [
            found for id_, found in self._seen.items() if id_ not in otherwise and not found.pending
        ]

    def get(self, cls: type[A], id_: UUID) -> A:
        """An aggregate that must exist."""
        found = self.find(cls, id_)
        if found is None:
            raise absent(self._world, id_, NotFound(name=id_))
        return found

    def save(self, *aggregates: Aggregate) -> None:
        """Record what these have pending, all of it or nothing, when the command ends."""
        for aggregate in aggregates:
            self._seen[aggregate.id] = aggregate
            self._pending_before.setdefault(aggregate.id, 0)
            if aggregate not in self.saved:
                self.saved.append(aggregate)

    def looked_at(self, stream: UUID, version: int) -> None:
        """Have a stream checked as it was when it was looked at, or loaded: the earlier of both."""
        self.reads[stream] = min(version, self.reads.get(stream, version))

    def number(self) -> None:
        """Let what is pending follow what is stored, where nothing of that is in effect."""
        for aggregate in self.saved:
            before = self.reads.get(aggregate.id, 0)
            if aggregate.version - len(aggregate.pending) != before:
                pending = aggregate.collect_events()
                aggregate.pend(
                    replace(envelope, originator_version=before + place)
                    for place, envelope in enumerate(pending, start=1)
                )
                aggregate.version = before + len(pending)

    @contextmanager
    def attempt(self) -> Iterator[list[Event]]:
        """Undo what is done inside this block where it is refused, and nothing else.

        Gives a list which, once the block has ended, holds the events recorded in it. What the
        block read stays read: a refusal, too, was decided on the versions that will be checked.
        """
        outer, self._pending_before = self._pending_before, {}
        sealed, made, recorded = len(self.sealed), len(self.made), list[Event]()
        names = len(self.names)
        enclosed, condemned = len(self.enclosed), len(self.condemned)
        try:
            yield recorded
            self._within_reach()
        except BaseException:
            for id_, before in self._pending_before.items():
                self._put_back(id_, before)
            del self.sealed[sealed:], self.names[names:]
            for named in [*self.made][made:]:
                del self.made[named]
            del self.enclosed[enclosed:], self.condemned[condemned:]
            raise
        else:
            for id_, before in self._pending_before.items():
                recorded += self._seen[id_].pending[before:] if id_ in self._seen else []
        finally:
            for id_, before in self._pending_before.items():
                outer.setdefault(id_, before)
            self._pending_before = outer

    def _put_back(self, id_: UUID, before: int) -> None:
        """Bring an aggregate back to what is stored and the first events pending upon that."""
        spoilt = self._seen.get(id_)
        if spoilt is None or len(spoilt.pending) == before:
            return
        kept = spoilt.collect_events()[:before]
        fresh = self._load(type(spoilt), id_)
        if fresh is None and not before:
            del self._seen[id_]
            self.saved = [aggregate for aggregate in self.saved if aggregate is not spoilt]
            return
        fresh = fresh or type(spoilt)(id_)
        fresh.resume(kept, self._context.now)
        self._seen[id_] = fresh
        self.saved = [fresh if aggregate is spoilt else aggregate for aggregate in self.saved]

    def history(self, stream: UUID) -> list[Recorded]:
        """One stream as it is in effect, oldest first."""
        return self._world.history(stream)

    def fact(self, event_id: UUID) -> Recorded:
        """An event by its identity; it must exist."""
        found = self._world.fact(event_id)
        if found is None:
            raise NotFound(name=event_id)
        return found

    @property
    def places(self) -> Gazetteer:
        """The codes of places, year by year."""
        return self._world.places()

    def told(self, *events: type[Event]) -> Iterator[Recorded]:
        """Everything recorded of some kinds, oldest first."""
        return self._world.told(*events)

    @property
    def actor(self) -> AccountId:
        """The account that acts."""
        return self._context.provenance.actor

    def seal(self, value: Personal, *, event: type[Event], field: str, subject: UUID) -> Sealed:
        """Turn a personal value into what an event may keep, before the event exists."""
        if isinstance(value, AsSealed):
            raise LeftUnsaid
        kept, ciphertext = self._world.seal(
            value.text, event=event, field=field, subject=subject, made=self.made
        )
        self.sealed.append(SealedValue(kept.ref, subject, ciphertext))
        marked = marking(event, field)
        if marked.is_name:
            self.names.append((self._world.name_mark(value.text), subject, marked.purpose))
        return kept

    def recognise(self, data: bytes) -> MediaFound:
        """What the bytes of a document are; those of no accepted format are refused."""
        return self._world.recognise(data)

    def same(self, data: bytes, document: Document) -> bool:
        """Whether these are the bytes of a document that is still there."""
        return self._world.same(data, document.content, document=document.id)

    def enclose(self, data: bytes, *, document: UUID) -> Enclosed:
        """Turn the bytes of a new document into what an event may keep.

        They are laid down, encrypted, before the event is recorded, and by no rehearsal.
        """
        kept, ciphertext = self._world.enclose(data, document=document, made=self.made)
        self.enclosed.append(EnclosedBytes(document, kept.ciphertext, ciphertext))
        return kept

    def destroy(self, document: Document) -> None:
        """Let the key, the bytes and the file name of a document go, once it is recorded."""
        sealed = (document.file_name.ref,) if document.file_name else ()
        self.condemned.append(Condemned(document.id, document.content.ciphertext, sealed))
