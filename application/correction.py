"""Corrections: a fact is stated anew, in the place it has."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args
from uuid import UUID

from pydantic import model_validator
from typing_extensions import override

from application.at_hand import Loan
from application.command import Command, Work
from application.fact import Fact, must_stand, titled
from application.world import World
from domain.case import Case
from domain.correction import (
    Forgotten,
    NothingCorrected,
    OfSomethingElse,
    ReasonMissing,
    SaysMore,
    kind_of,
    mends_of,
    names,
    resting_on,
    without_what_falls,
)
from domain.dates import paris_day
from domain.errors import Refused
from domain.kernel import Aggregate, Envelope, Event, Recorded
from domain.personal import sealed_in
from domain.provenance import Kind
from domain.recording import Context, Redone, acting
from domain.rights import RightNotHeld
from domain.roles import Role
from domain.values import AsSealed, Personal, Sealed
from domain.words import later

A = TypeVar("A", bound=Aggregate)
E = TypeVar("E", bound=Event)


class Statement(Command):
    """A command that states facts: each of them can be stated anew, in the place it has.

    What a correction does not say of its dates and of where it is known from is what the fact
    said; so are its sealed values, which who corrects it may not know, and what must be said.
    """

    corrects: UUID | None = later(
        None,
        description="L'événement que ceci corrige : le fait est dit de nouveau, à sa place ; "
        "« reason » dit pourquoi. Sa date et sa source restent, sauf si elles sont données.",
    )

    @model_validator(mode="before")
    @classmethod
    def _sealed_stays(cls, given: Any) -> Any:
        if not isinstance(given, dict) or not given.get("corrects"):
            return given
        asked = (name for name in _personal(cls) if cls.model_fields[name].is_required())
        return {**dict.fromkeys(asked, AsSealed()), **given}


def _personal(command: type[Command]) -> list[str]:
    """The fields of a command that are sealed."""
    fields = command.model_fields.items()
    return [n for n, f in fields if Personal in (f.annotation, *get_args(f.annotation))]


def as_told(
    world: World, command: type[Statement], corrects: UUID, *, whole: bool = False
) -> dict[str, Any]:
    """What a fact says under the names that a command must be given: it need not be said again.

    Args:
        whole: under all the names that it may be given, but what is sealed.
    """
    fact = Fact(world, corrects)
    fact.must_be_stated_by(command.NAME)
    told = fact.told.event
    act = getattr(told, "act", ())
    said: dict[str, Any] = {told.TOPIC.partition(".")[0]: fact.stream, **dict(act), **dict(told)}
    fields = command.model_fields.items()
    asked = (name for name, field in fields if whole or field.is_required())
    return {n: said[n] for n in asked if n in said and not isinstance(said[n], Sealed)}


def _leaving_sealed(command: Command, told: Event) -> Command:
    """A correction, where what it does not say of persons stays as it is sealed."""
    kept = {one.field for one in sealed_in(told)}.intersection(_personal(type(command)))
    left = dict.fromkeys(kept - command.model_fields_set, AsSealed())
    return command.model_copy(update=left) if left else command


def decide(
    world: World, context: Context, command: Command, loan: Loan | None = None
) -> tuple[Work, UUID]:
    """Let a command decide; where it corrects a fact, as if that had never been recorded.

    Args:
        loan: what it may read of what is at hand; a correction reads what is stored.
    """
    corrects = command.corrects if isinstance(command, Statement) else None
    if corrects is None:
        work = Work(world, context, loan)
        return work, work.execute(command)
    if command.reason is None:
        raise ReasonMissing
    fact = Fact(world, corrects)
    fact.must_be_stated_by(command.NAME)
    fact.must_be_told_by(corrects)
    command = _leaving_sealed(command, fact.told.event)
    try:
        work = Correcting(world, fact, _again(context, command, fact))
        return work, work.execute(command)
    except Refused as refusal:
        if not refusal.is_of_order:
            raise
    work = Correcting(world, fact, _again(context, command, fact), as_then=True)
    return work, work.execute(command)


def _again(context: Context, command: Command, fact: "Fact") -> Context:
    """What the fact was told with, but who tells it now, when, and why."""
    told, about = fact.told.event, context.provenance
    kept = {name: getattr(about, name) or getattr(told.meta, name) for name in KEPT}
    return replace(
        context,
        provenance=about.model_copy(update=kept),
        occurred_on=command.occurred_on or told.occurred_on,
        valid_to=command.valid_to or told.valid_to,
        redone=Redone(
            fact.stream, type(told) if fact.begins_its_stream else None, [*fact.identities]
        ),
    )


KEPT = ("ground", "source", "confidence")
"""What a correction leaves as it was unless it says otherwise."""


class Correcting(Work):
    """The world of a correction: the fact, and what was recorded with it, are not in it yet.

    Once it has decided, what it recorded takes the place of what they had said, one for one: what
    is the same is not recorded again, and what went with the fact and no longer does is taken back.
    """

    def __init__(
        self, world: World, fact: Fact, context: Context, *, as_then: bool = False
    ) -> None:
        """Begin.

        Args:
            as_then: without what was recorded of the same thing since, either.
        """
        super().__init__(world, context)
        self.fact_redone = fact
        self._as_then = as_then
        self._without = {fact.id, *(one.event.meta.event_id for one in fact.beside)}
        self.reads[fact.stream] = len(fact.everything)

    @override
    def _load(self, cls: type[A], id_: UUID) -> A | None:
        fact = self.fact_redone
        aside = {one.stream for one in (fact.told, *fact.beside)}
        if id_ not in aside:
            return super()._load(cls, id_)
        stored = self._world.version(id_)  # asked first: more may be recorded meanwhile
        history = self._world.history(id_)
        if id_ == fact.stream:
            resting = {one.version for one in resting_on(fact.told, history)}
            history = [one for one in history if one.version not in resting]
        else:  # elsewhere, nothing tells of what is not there yet
            history = [one for one in history if not names(one.event, fact.made)]
        if self._as_then:
            history = [one for one in history if one.position < fact.told.position]
        seen = (one for one in history if one.event.meta.event_id not in self._without)
        found = without_what_falls(cls, id_, seen)
        if found:
            found.version = stored
        return found

    @override
    def allow(self, case: Case, permission: str) -> None:
        """Let who keeps the register correct what could be told when the fact was."""
        try:
            super().allow(case, permission)
        except RightNotHeld:
            if Role.REGISTRAR not in self.who.roles:
                raise
            told = self.fact_redone.told
            as_then = self._world.load(type(case), case.id, told.position - 1) or case
            self._allow_on(paris_day(told.recorded_at), as_then, permission)

    @override
    def seal(self, value: Personal, *, event: type[Event], field: str, subject: UUID) -> Sealed:
        """Seal what is said anew, and leave what is not; what was erased is not said again."""
        told = (self.fact_redone.told, *self.fact_redone.together)
        kept = [
            one.sealed
            for recorded in told
            if isinstance(recorded.event, event)
            for one in sealed_in(recorded.event)
            if one.field == field
        ]
        if isinstance(value, AsSealed):
            if not kept:
                raise OfSomethingElse(fact=self.fact_redone.id)
            return kept[0]
        if any(self._world.erased(one) for one in kept):
            raise Forgotten
        return super().seal(value, event=event, field=field, subject=subject)

    @override
    def left(self, recorded: Iterable[Envelope]) -> list[Aggregate]:
        """Nothing: what it read is without the fact, and without what names what the fact made."""
        return []

    @override
    def redoes(self, told: type[E]) -> E | None:
        found = self.fact_redone.told.event
        return found if isinstance(found, told) else None

    @override
    def execute(self, command: Command) -> UUID:
        answer = super().execute(command)
        self._settle()
        return answer

    def _settle(self) -> None:
        """Let what was recorded take the place of what it corrects."""
        fact, kept = self.fact_redone, dict[UUID, list[Envelope]]()
        left = [fact.told, *fact.together]
        is_stated = False
        for aggregate in self.saved:
            for envelope in aggregate.collect_events():
                first = self._counterpart(envelope, left)
                left.remove(first)
                is_stated = is_stated or first is fact.told
                if not _says_the_same(first, envelope.event, ever=first is not fact.told):
                    again = _correcting(envelope.event, self._last(first))
                    kept.setdefault(aggregate.id, []).append(replace(envelope, event=again))
        if not is_stated:
            raise OfSomethingElse(fact=fact.id)
        if not kept:
            raise NothingCorrected
        for gone in (one for one in left if fact.is_brought(one.event)):
            kept.setdefault(gone.stream, []).extend(self._taking_back(gone))
        for aggregate in self.saved:
            aggregate.pend(kept.get(aggregate.id, ()))
            self.reads.setdefault(aggregate.id, self._world.version(aggregate.id))
        self.reads[fact.stream] = len(fact.everything)  # what was looked at
        self.number()
        for aggregate in self.saved:
            must_stand(self, aggregate)

    def _taking_back(self, gone: Recorded) -> list[Envelope]:
        """The retraction of what went with the fact, and no longer does as it is told now."""
        saved = next((one for one in self.saved if one.id == gone.stream), None)
        found = saved or self.get(kind_of(type(gone.event)), gone.stream)
        with acting(self._context):
            found.retract_fact(self._last(gone))
        if saved is None:
            self.saved.append(found)
        return found.collect_events()

    def _counterpart(self, envelope: Envelope, left: Sequence[Recorded]) -> Recorded:
        """What an event says again: of the same stream, on the same topic."""
        told, fact = envelope.event, self.fact_redone
        for one in left:
            if (one.stream, type(one.event)) == (envelope.originator_id, type(told)):
                return one
        if fact.told in left and isinstance(told, type(fact.told.event)):
            raise OfSomethingElse(fact=fact.id)
        raise SaysMore(title=titled(self.world, told))

    def _last(self, first: Recorded) -> UUID:
        """The event that says now what one said first."""
        mends = mends_of(self._world.everything(first.stream))
        id_ = first.event.meta.event_id
        return mends.last.get(id_) or id_


def _correcting(told: Event, last: UUID) -> Event:
    return told.model_copy(update={"kind": Kind.CORRECT, "corrects": last})


def _says_the_same(first: Recorded, again: Event, *, ever: bool) -> bool:
    """Whether two events say the same, and know it from the same source.

    Args:
        ever: whether what it is known from does not matter: of what only goes with a fact.
    """
    ours = {"meta", "salt", "kind", "corrects"}

    def said(told: Event) -> dict[str, Any]:
        about = {} if ever else {name: getattr(told.meta, name) for name in KEPT}
        return told.model_dump(exclude=ours) | about

    return said(first.event) == said(again)
