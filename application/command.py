"""Commands: one sentence each, executed in a world of their own, recorded whole or not at all."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Literal, Protocol, TypeVar
from uuid import UUID

from pydantic import Field

from domain.case import NOTHING_YET, Case, Stranded, Track
from domain.dates import PartialDate, paris_day
from domain.errors import JalonError, NotFound, Unavailable
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
from domain.mandate import EVERYWHERE, Mandate, NoSuchMandate, OutsideItsReach, Related, account
from domain.overdue import Coming, comings
from domain.proposal import OtherInput
from domain.rulebook import RULEBOOK, Rulebook
from domain.rules import CompiledJourney, Value, fact_values, instant
from domain.words import Stored
from domain.workflow import NotFromHere, Step, Who, admit, automatic, begin, permit, run, take

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
        names = tuple(names)
        for name in names:
            if name not in self.named:
                raise NoHandler(name=name)
        own = [self.named[name] for name in names]
        return [*self.before_every, *own] if before else [*own, *self.after_every]


HANDLERS = Handlers()


class NoHandler(Unavailable):
    """A journey published by another version of the product calls what this one does not have."""

    code = "journey.no_handler"
    fr = (
        "Le parcours appelle le traitement « {name} », que cette version de Jalon n'a pas : "
        "rien n'a été enregistré ; installez la version qui l'a."
    )
    en = (
        "The journey calls the handler “{name}”, which this version of Jalon does not have: "
        "nothing was recorded; install the version that has it."
    )


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


class Told(Protocol):
    """An event as it is stored, which can be read. The instant is in microseconds since 1970."""

    @property
    def position(self) -> int: ...
    @property
    def recorded_at(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def state(self) -> bytes: ...

    def read(self) -> Recorded: ...


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

    def compile(self, journey: Journey) -> CompiledJourney:
        """A definition that need not be published, ready to be asked."""

    def rows(self, stream: UUID, until: int | None = None) -> Iterator[Told]:
        """One stream as it is stored, oldest first, never held whole in memory."""

    def told(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        """Everything recorded of some kinds, oldest first."""

    def seal(
        self, text: str, *, topic: str, field: str, purpose: str, subject: UUID, lasting: bool
    ) -> tuple[Sealed, bytes]:
        """Encrypt a personal value, under a key that is thrown away unless it is to last."""


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


class Work:
    """The world of one command: what it read, and what it will save, once."""

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

    def execute(self, command: Command) -> UUID:
        """Let a command decide, within the mandate under which it is done, if it is under one.

        The mandate must be in force today, and on every day from which what is recorded holds:
        whoever no longer holds it cannot date an act back to when they did.
        """
        with acting(self._context):
            mandates = self.mandates
            answer = command.execute(self)
        if mandates:
            self._within_mandate(mandates)
        return answer

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
    def actor(self) -> AccountId:
        """The account that acts."""
        return self._context.provenance.actor

    @property
    def who(self) -> Who:
        """Who acts, as the engine asks."""
        return Who(frozenset({self._context.provenance.role}))

    def take(self, case: Case, transition: str, on: str | None = None, /, **given: Any) -> None:
        """Take a step of a journey of the case, under the version it follows on the day.

        Args:
            on: the journey, where the case follows several; the main one, unless said. Given by
                its place: a step may ask for an input of any name.
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
        variables = self.admit(case, compiled)
        case.follow(compiled.journey, variables, occurred_on=self.occurred_on)

    def admit(self, case: Case, compiled: CompiledJourney) -> dict[str, Stored]:
        """Ask whether a journey may begin on a case; what its variables are in its first state."""
        facts = {**self._facts(case), **NOTHING_YET}
        admit(compiled, facts, who=self.who, now=self._context.now)
        return begin(compiled, facts, now=self._context.now)

    def allow(self, case: Case, permission: str) -> None:
        """Refuse what a state of the case gives to others, where its journeys decide of it.

        Rights are those of the present: whatever the date of a fact, it is recorded today.
        """
        for track in case.tracks.values():
            stay = track.stay_on(self.today) or track.states[0]
            journey = self.compiled(track.journey_on(self.today) or track.journeys[0].value).journey
            if permission in journey.managed:
                permit(journey, stay.value, self.who, permission)

    def _facts(self, case: Case, journey: Journey | None = None) -> dict[str, Value]:
        provenance = self._context.provenance
        facts = {
            **fact_values(case.facts_on(self.day, self.get)),
            "actor.id": str(provenance.actor),
            "step.comment": provenance.reason or "",
        }
        if journey:
            facts |= case.engine_facts_on(self.day, journey, facts)
        return facts

    def _step(
        self, case: Case, transition: str, ref: str, given: dict[str, Any], *, past: bool
    ) -> None:
        day, compiled = self.day, self.compiled(ref)
        track = case.track(compiled.journey.id)
        now = instant(day) if past else self._context.now
        stay = track.standing_on(day)
        facts = self._facts(case, compiled.journey)
        votes = case.votes_on(day, compiled.journey, stay.place)
        if past and not any(vote.transition == transition for vote in votes):
            del facts["approvals.carried"]  # whether it was voted then is not known here
        first = take(
            compiled,
            stay.value,
            facts,
            transition,
            who=self.who,
            now=now,
            given=given,
            past=past,
            variables=stay.variables,
        )
        versions = [self.compiled(followed).journey for followed in track.followed_from(day)]

        def following(step: Step) -> Step | None:
            if track.standing_on(day).value != step.to:
                return None  # a handler took it further, and what follows of itself from there
            return self._automatic(case, compiled, step.to, step.variables, now)

        # What the past did by itself is recorded as it was, one step at a time.
        for step in [first] if past else run(first, following):
            for version in versions:
                if step.to not in version.state:
                    raise Stranded(to=version.ref, state=step.to)
            self._record(case, compiled.journey, step, handled=not past)

    def _automatic(
        self,
        case: Case,
        compiled: CompiledJourney,
        state: str,
        variables: Mapping[str, Stored],
        now: datetime,
    ) -> Step | None:
        return automatic(
            compiled,
            state,
            self._facts(case, compiled.journey),
            who=Who(self.who.roles | {Role.SYSTEM}),
            now=now,
            variables=variables,
        )

    def comings(self, case: Case, track: Track) -> list[Coming]:
        """What has come, up to the day, of the deadlines of the state in which the case stands."""
        journey = self.compiled(track.journey_on(self.day) or track.journey).journey
        facts = fact_values(case.facts_on(self.day, self.get))
        return [*comings(case.deadlines_on(self.day, journey, facts), self.day)]

    def recall(self, case: Case, track: Track, coming: Coming) -> bool:
        """Record what comes of a deadline; `False` when it already was."""
        journey = track.journey_on(self.day) or track.journey
        state = track.standing_on(self.day).value
        return case.recall(coming, journey=journey, state=state)

    def next_automatic(self, case: Case, track: Track) -> Step | None:
        """The automatic step that the case takes on the day, under the version it follows then."""
        compiled = self.compiled(track.journey_on(self.day) or track.journey)
        stay = track.standing_on(self.day)
        now = self._context.now if self.day == self.today else instant(self.day)
        return self._automatic(case, compiled, stay.value, stay.variables, now)

    def take_automatic(self, case: Case, track: Track, step: Step) -> None:
        """Record an automatic step on the day, with what its journey does around it."""
        journey = self.compiled(track.journey_on(self.day) or track.journey).journey
        self._record(case, journey, step, handled=True)

    def _record(self, case: Case, journey: Journey, step: Step, *, handled: bool) -> None:
        way = journey.transition[step.transition]
        for handler in HANDLERS.around(way.before, before=True) if handled else ():
            handler(self, case, step)
        stay = case.track(journey.id).standing_on(self.day)
        if stay.value != step.from_:  # a handler took one
            raise NotFromHere(title=way.title.fr or way.id, state=step.from_)
        voted = case.carried_on(self.day, journey, stay.place).get(way.id) if handled else None
        if voted and dict(voted.input) != dict(step.input):
            told = ", ".join(f"{name} : {value}" for name, value in voted.input.items())
            raise OtherInput(title=way.title.fr or way.id, voted=told or "aucune")
        case.move(step, journey=journey.ref, occurred_on=self.occurred_on)
        for handler in HANDLERS.around(way.after, before=False) if handled else ():
            handler(self, case, step)

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
