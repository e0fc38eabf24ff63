"""Commands: one sentence each, executed in a world of their own, recorded whole or not at all."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Protocol, TypeVar
from uuid import UUID

from pydantic import Field

from domain.case import Case, Stranded, Track
from domain.dates import PartialDate, paris_day
from domain.errors import NotFound
from domain.journey import Journey
from domain.kernel import (
    AccountId,
    Aggregate,
    Confidence,
    Context,
    Event,
    Frozen,
    Line,
    MandateId,
    Personal,
    Prose,
    Recorded,
    Role,
    Sealed,
    acting,
)
from domain.rulebook import RULEBOOK, Rulebook
from domain.rules import CompiledJourney, Value, fact_values, instant
from domain.workflow import Step, Who, admit, automatic, begin, permit, run, take

A = TypeVar("A", bound=Aggregate)


Handler = Callable[["Work", Case, Step], None]
"""Something done around a step. Before it, it may refuse; after it, it may record more."""


class Handlers:
    """The handlers that journeys name, and those that are called around every step."""

    def __init__(self) -> None:
        self.named: dict[str, Handler] = {}
        self.before_every: list[Handler] = []
        self.after_every: list[Handler] = []

    def register(self, name: str) -> Callable[[Handler], Handler]:
        """Let journeys name a handler; a name is given once."""

        def keep(handler: Handler) -> Handler:
            if self.named.setdefault(name, handler) is not handler:
                msg = f"{name} names two handlers"
                raise ValueError(msg)
            return handler

        return keep

    def around(self, names: Iterable[str], *, before: bool) -> list[Handler]:
        """What is called before a step (those of every step first), or after it (those last)."""
        own = [self.named[name] for name in names]
        return [*self.before_every, *own] if before else [*own, *self.after_every]


HANDLERS = Handlers()


class By(Frozen):
    """Who acts, in which role, for whom. It comes from who is signed in, never from a request."""

    actor: AccountId
    role: Role
    on_behalf_of: MandateId | None = None


class Command(Frozen):
    """Something asked of the registry. Its fields, its help and its address come from its class.

    What every command may say of itself: when its facts took effect (today, unless given), the
    ground on which they rest, their source and how sure it is, and a reason.
    """

    NAME: ClassVar[str]
    SAYS: ClassVar[str]
    """What it does, in one French sentence: its help wherever people meet it."""

    occurred_on: PartialDate | None = Field(
        None, description="Date du fait : AAAA, AAAA-MM, AAAA-MM-JJ ou unknown ; aujourd'hui sinon."
    )
    valid_to: date | None = Field(None, description="Jour à partir duquel le fait ne vaut plus.")
    ground: Line | None = Field(None, description="Fondement juridique ou contractuel.")
    source: Prose | None = Field(None, description="Document ou adresse qui l'atteste.")
    confidence: Confidence | None = Field(None, description="Degré de confiance de la source.")
    reason: Prose | None = Field(None, description="Motif.")

    def __init_subclass__(cls, *, name: str = "", says: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)

    @classmethod
    def __pydantic_init_subclass__(cls, *, name: str = "", says: str = "", **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if name:
            cls.NAME, cls.SAYS = name, says
            COMMANDS[name] = cls

    @abstractmethod
    def execute(self, work: "Work") -> UUID:
        """Do it; the answer is the identity of what it made or changed."""
        raise NotImplementedError


COMMANDS: dict[str, type[Command]] = {}
"""Every command by its name."""


class World(Protocol):
    """What a command and a question may reach."""

    @property
    def clock(self) -> Callable[[], datetime]: ...

    def load(self, cls: type[A], id_: UUID, until: int | None = None) -> A | None:
        """An aggregate as of a position of the journal; `None` when it had no history."""

    def history(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        """Everything recorded of one stream, oldest first."""

    def compiled(self, ref: str) -> CompiledJourney:
        """A published journey, ready to be asked."""

    def check(self, journey: Journey) -> None:
        """Refuse a definition that cannot be compiled."""

    def told(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        """Everything recorded of some kinds, oldest first."""

    def seal(
        self, text: str, *, topic: str, field: str, purpose: str, subject: UUID
    ) -> tuple[Sealed, bytes]:
        """Encrypt a personal value."""


@dataclass(frozen=True, slots=True)
class SealedValue:
    """A ciphertext to be laid beside the events, in their transaction."""

    ref: str
    subject: UUID
    ciphertext: bytes


class Work:
    """The world of one command: what it read, and what it will save, once."""

    def __init__(self, world: World, context: Context) -> None:
        self._world = world
        self._context = context
        self._seen: dict[UUID, Aggregate] = {}
        self.reads: dict[UUID, int] = {}
        self.saved: list[Aggregate] = []
        self.sealed: list[SealedValue] = []

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
        aggregate = self._seen[id_]
        if not isinstance(aggregate, cls):
            raise NotFound(name=id_)
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
            self._seen[aggregate.id] = aggregate
            if aggregate not in self.saved:
                self.saved.append(aggregate)

    def rulebook(self) -> Rulebook:
        return self.find(Rulebook, RULEBOOK) or Rulebook(RULEBOOK)

    def told(self, *events: type[Event]) -> Iterator[Recorded]:
        """Everything recorded of some kinds, oldest first."""
        return self._world.told(*events)

    def compiled(self, ref: str) -> CompiledJourney:
        """A published journey, ready to be asked."""
        return self._world.compiled(ref)

    def check(self, journey: Journey) -> None:
        """Refuse a definition that cannot be compiled."""
        self._world.check(journey)

    @property
    def who(self) -> Who:
        """Who acts, as the engine asks."""
        return Who(frozenset({self._context.provenance.role}))

    def take(self, case: Case, transition: str, /, *, on: str | None = None, **given: Any) -> None:
        """Take a step of a journey of the case, under the version it follows on the day.

        Args:
            on: the journey, where the case follows several; the main one, unless said.
        """
        track = case.track(on)
        followed = track.journey_on(self.day) or track.journey
        self._step(case, transition, followed, given, past=False)

    def take_past(
        self, case: Case, transition: str, journey: str | None = None, /, **given: Any
    ) -> None:
        """Record a sourced historical step, judged under the version in force on its day."""
        ref = journey or self.rulebook().in_force(case.main.id, self.day)
        self._step(case, transition, ref, given, past=True)

    def begin_journey(self, case: Case, journey: str) -> None:
        """Let a case follow a further journey, from its first state; its creation gate is asked."""
        compiled = self.compiled(self.rulebook().in_force(journey, self.day))
        facts = self._facts(case)
        admit(compiled, facts, who=self.who, now=self._context.now)
        variables = begin(compiled, facts, now=self._context.now)
        case.follow(compiled.journey, variables, occurred_on=self.occurred_on)

    def allow(self, case: Case, permission: str) -> None:
        """Refuse what a state of the case gives to others, where its journeys decide of it."""
        for track in case.tracks.values():
            journey = self.compiled(track.journey_on(self.day) or track.journey).journey
            if permission in journey.managed:
                permit(journey, track.standing_on(self.day).value, self.who, permission)

    def _facts(self, case: Case, track: Track | None = None) -> dict[str, Value]:
        provenance = self._context.provenance
        facts = {
            **fact_values(case.facts_on(self.day, self.get)),
            "actor.id": str(provenance.actor),
            "step.comment": provenance.reason or "",
        }
        if track:
            journey = self.compiled(track.journey_on(self.day) or track.journey).journey
            facts |= case.engine_facts_on(self.day, journey)
        return facts

    def _step(
        self, case: Case, transition: str, ref: str, given: dict[str, Any], *, past: bool
    ) -> None:
        day, compiled = self.day, self.compiled(ref)
        track = case.track(compiled.journey.id)
        now = instant(day) if past else self._context.now
        stay = track.standing_on(day)
        first = take(
            compiled,
            stay.value,
            self._facts(case, track),
            transition,
            who=self.who,
            now=now,
            given=given,
            past=past,
            variables=stay.variables,
        )
        for followed in track.followed_from(day):
            if first.to not in self.compiled(followed).journey.state:
                raise Stranded(to=followed, state=first.to)

        def following(step: Step) -> Step | None:
            return automatic(
                compiled,
                step.to,
                self._facts(case, track),
                who=Who(self.who.roles | {Role.SYSTEM}),
                now=now,
                variables=step.variables,
            )

        # What the past did by itself is recorded as it was, one step at a time.
        for step in [first] if past else run(first, following):
            self._record(case, compiled.journey, step, handled=not past)

    def _record(self, case: Case, journey: Journey, step: Step, *, handled: bool) -> None:
        way = journey.transition[step.transition]
        for handler in HANDLERS.around(way.before, before=True) if handled else ():
            handler(self, case, step)
        case.move(step, journey=journey.ref, occurred_on=self.occurred_on)
        for handler in HANDLERS.around(way.after, before=False) if handled else ():
            handler(self, case, step)

    def seal(
        self, value: Personal, *, event: type[Event], field: str, purpose: str, subject: UUID
    ) -> Sealed:
        """Turn a personal value into what an event may keep, before the event exists."""
        kept, ciphertext = self._world.seal(
            value.text, topic=event.TOPIC, field=field, purpose=purpose, subject=subject
        )
        self.sealed.append(SealedValue(kept.ref, subject, ciphertext))
        return kept
