"""The unit of work: what one command read, and what it will save, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal, TypeVar
from uuid import UUID

from application.world import World
from domain.dates import PartialDate, paris_day
from domain.errors import JalonError, NotFound
from domain.kernel import (
    AccountId,
    Aggregate,
    Context,
    Event,
    Personal,
    Recorded,
    Sealed,
    acting,
)
from domain.mandate import EVERYWHERE, Mandate, NoSuchMandate, OutsideItsReach, Related, account

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A ciphertext to be laid beside the events, in their transaction."""

    ref: str
    subject: UUID
    ciphertext: bytes


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

    def __init__(self, world: World, context: Context, *, rehearsal: bool = False) -> None:
        self._world = world
        self._context = context
        self._rehearsal = rehearsal
        self._seen: dict[UUID, Aggregate] = {}
        self._relations: dict[UUID, frozenset[str]] = {}
        """Under a mandate, what each aggregate was about before this command changed it."""
        self._pending_before: dict[UUID, int] = {}
        """How much was pending in what the innermost attempt has touched, before it did."""
        self.reads: dict[UUID, int] = {}
        self.saved: list[Aggregate] = []
        self.sealed: list[SealedValue] = []
        self.outcomes: list[Outcome] = []
        """Of a command about many things: what became of each."""

    @property
    def identity(self) -> UUID:
        """What everything recorded by this command has in common."""
        return self._context.provenance.correlation_id

    @property
    def today(self) -> date:
        """The day it is in Paris."""
        return paris_day(self._context.now)

    @property
    def occurred_on(self) -> PartialDate:
        """When the facts of this command took effect."""
        return self._context.occurred_on

    @property
    def day(self) -> date:
        """The day from which they hold: today, where the date is not known."""
        return self.occurred_on.first_day or self.today

    @cached_property
    def mandates(self) -> tuple[Mandate, ...]:
        """The mandate under which this is done, then that under which it was given; read now.

        Refused unless it serves who acts, in this role, today and on the day of the act.
        """
        provenance, found = self._context.provenance, list[Mandate]()
        id_ = provenance.on_behalf_of
        while id_ is not None:
            try:
                found.append(self.get(Mandate, id_))
            except NotFound:
                raise NoSuchMandate(mandate=id_) from None
            id_ = found[-1].under
        for mandate in found[:1]:
            mandate.serve(actor=provenance.actor, role=provenance.role)
        for mandate in found:
            mandate.hold_on(self.day)
            mandate.hold_on(self.today)
        return tuple(found)

    @property
    def party(self) -> tuple[str, str | None]:
        """For whom this is done, and who does it where that is somebody else."""
        actor = account(self._context.provenance.actor)
        return (self.mandates[0].principal, actor) if self.mandates else (actor, None)

    def _within_reach(self, aggregate: Aggregate) -> None:
        """Refuse what the mandate does not cover, as it was before it was changed."""
        if not self.mandates or not isinstance(aggregate, Related):
            return
        about = self._relations.get(aggregate.id) or aggregate.relations_on(self.day)
        if not self.mandates[0].covers(about):
            raise OutsideItsReach(relation=self.mandates[0].relation, roles="")

    def _within_mandate(self, mandates: tuple[Mandate, ...]) -> None:
        """Refuse what is recorded of other days, or of nothing that a mandate can be about."""
        recording = [aggregate for aggregate in self.saved if aggregate.pending]
        related = any(isinstance(aggregate, Related) for aggregate in recording)
        if recording and not related and mandates[0].relation != EVERYWHERE:
            raise OutsideItsReach(relation=mandates[0].relation, roles="")
        days = {e.valid_from or self.today for a in recording for e in a.pending}
        for mandate in mandates:
            for day in sorted(days):
                mandate.hold_on(day)

    @contextmanager
    def dated(self, occurred_on: PartialDate, **provenance: Any) -> Iterator[None]:
        """Record, inside this block, facts of another date, or from another source."""
        outer = self._context
        about = outer.provenance.model_copy(update=provenance)
        self._context = replace(outer, occurred_on=occurred_on, provenance=about)
        try:
            with acting(self._context):
                yield
        finally:
            self._context = outer

    def find(self, cls: type[A], id_: UUID) -> A | None:
        """An aggregate, if it has a history; its version is checked when this work is saved."""
        if id_ not in self._seen:
            found = self._world.load(cls, id_)
            self.reads[id_] = found.version if found else 0
            if found is None:
                return None
            self._seen[id_] = found
            if self._context.provenance.on_behalf_of and isinstance(found, Related):
                self._relations[id_] = found.relations_on(self.day)
        aggregate = self._seen[id_]
        if not isinstance(aggregate, cls):
            raise NotFound(name=id_)
        self._pending_before.setdefault(id_, len(aggregate.pending))
        return aggregate

    def get(self, cls: type[A], id_: UUID) -> A:
        """An aggregate that must exist."""
        found = self.find(cls, id_)
        if found is None:
            raise NotFound(name=id_)
        return found

    def save(self, *aggregates: Aggregate) -> None:
        """Record what these have pending, all of it or nothing, when the command ends."""
        for aggregate in aggregates:
            self._within_reach(aggregate)
            self._seen[aggregate.id] = aggregate
            self._pending_before.setdefault(aggregate.id, 0)
            if aggregate not in self.saved:
                self.saved.append(aggregate)

    @contextmanager
    def attempt(self) -> Iterator[list[Event]]:
        """Undo what is done inside this block where it is refused, and nothing else.

        Gives a list which, once the block has ended, holds the events recorded in it. What the
        block read stays read: a refusal, too, was decided on the versions that will be checked.
        """
        outer, self._pending_before = self._pending_before, {}
        sealed, recorded = len(self.sealed), list[Event]()
        try:
            yield recorded
        except BaseException:
            for id_, before in self._pending_before.items():
                self._put_back(id_, before)
            del self.sealed[sealed:]
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
        fresh = self._world.load(type(spoilt), id_)
        if fresh is None and not before:
            del self._seen[id_]
            self.saved = [aggregate for aggregate in self.saved if aggregate is not spoilt]
            return
        fresh = fresh or type(spoilt)(id_)
        fresh.resume(kept, self._context.now)
        self._seen[id_] = fresh
        self.saved = [fresh if aggregate is spoilt else aggregate for aggregate in self.saved]

    def told(self, *events: type[Event]) -> Iterator[Recorded]:
        """Everything recorded of some kinds, oldest first."""
        return self._world.told(*events)

    @property
    def actor(self) -> AccountId:
        """The account that acts."""
        return self._context.provenance.actor

    def seal(
        self, value: Personal, *, event: type[Event], field: str, purpose: str, subject: UUID
    ) -> Sealed:
        """Turn a personal value into what an event may keep, before the event exists."""
        kept, ciphertext = self._world.seal(
            value.text,
            topic=event.TOPIC,
            field=field,
            purpose=purpose,
            subject=subject,
            lasting=not self._rehearsal,
        )
        self.sealed.append(SealedValue(kept.ref, subject, ciphertext))
        return kept
