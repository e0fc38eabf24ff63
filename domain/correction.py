"""Corrections and retractions: what of a history is in effect.

A fact keeps its place and its identity: that of the event which told it first. A correction tells
it again, in that place; a retraction leaves the place empty. Nothing is taken out of what is
stored, so that every earlier answer is found again by reading no further than it did.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from domain.errors import Conflict, Invalid, NotFound, Refused
from domain.kernel import Aggregate, Event, Recorded
from domain.provenance import Kind

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)

# --- refusals ---------------------------------------------------------------------------------


class IsAnAct(Refused):
    """An act of a procedure is gone back on by another act, or not at all."""

    code = "fact.is_an_act"
    fr = "« {title} » est un acte, non un fait : {undone}."
    en = "“{title}” is an act, not a fact: {undone}."


class StatedOtherwise(Refused):
    """A fact is stated anew by one of the commands that state such facts."""

    code = "fact.stated_otherwise"
    fr = "« {title} » ne se corrige pas ainsi, mais par : {commands}."
    en = "“{title}” is not corrected so, but by: {commands}."


class SaysMore(Refused):
    """A correction records nothing that the fact had not recorded."""

    code = "fact.says_more"
    fr = (
        "Cette correction enregistrerait aussi autre chose (« {title} ») : corrigez le fait seul, "
        "puis enregistrez le reste."
    )
    en = "This correction would also record something else (“{title}”): correct the fact alone."


class OfSomethingElse(Refused):
    """A correction is about what the fact was about."""

    code = "fact.of_something_else"
    fr = (
        "Cette correction porte sur autre chose que le fait {fact} : ce qu'il nomme ne se change "
        "pas ; retirez-le, puis enregistrez le bon."
    )
    en = "This correction is about something else than the fact {fact}: retract it instead."


class NothingCorrected(Refused):
    """A correction says something else."""

    code = "fact.nothing_corrected"
    fr = "Cette correction dit exactement ce qui est déjà enregistré : rien n'est à corriger."
    en = "This correction says exactly what is recorded already: there is nothing to correct."


class AlreadyTakenBack(Refused):
    """What was taken back is recorded anew."""

    code = "fact.retracted"
    fr = "Ce fait a été retiré : enregistrez-le de nouveau, s'il a bien eu lieu."
    en = "This fact was retracted: record it anew, if it did happen."


class RestsOnIt(Refused):
    """What rests on a fact is corrected or retracted first."""

    code = "fact.rests_on_it"
    fr = (
        "Un fait enregistré ensuite s'y oppose, « {title} » ({event}) : corrigez-le ou "
        "retirez-le d'abord."
    )
    en = "A fact recorded later stands against it, “{title}” ({event}): mend that one first."


class OthersRestOnIt(RestsOnIt):
    """What rests on a fact is taken back first, or with it."""

    fr = (
        "Un fait enregistré ensuite repose sur lui, « {title} » ({event}) : retirez-le d'abord, ou "
        "retirez tout ce qui y repose avec « --whole »."
    )
    en = "A fact recorded later rests on it, “{title}” ({event}): take it back first, or “--whole”."


class GoesWithIt(RestsOnIt):
    """What goes with a fact is taken back with it, and not without."""

    fr = (
        "« {title} » ({event}) fut enregistré ensuite, et irait avec lui : retirez l'un et l'autre "
        "avec « --whole »."
    )
    en = "“{title}” ({event}) was recorded later and goes with it: take both back with “--whole”."


class ActRestsOnIt(RestsOnIt):
    """What an act of a procedure rests on stays: no act is taken back."""

    code = "fact.act_rests_on_it"
    fr = (
        "Un acte enregistré ensuite en dépend, « {title} » ({event}), et un acte ne se retire pas. "
        "Ce que ce fait dit d'inexact se rectifie, sans défaire ce dont l'acte dépend."
    )
    en = (
        "An act recorded later depends on it, “{title}” ({event}), and no act is taken back. "
        "Correct what the fact says wrongly, without undoing what the act depends on."
    )


class WentWithAnother(IsAnAct):
    """What only follows from a fact is gone back on with that fact."""

    fr = (
        "« {title} » suit d'un fait enregistré avec lui, et va avec lui : rectifiez ou retirez "
        "« {other} » ({event})."
    )
    en = "“{title}” follows from a fact, and goes with it: correct or retract “{other}” ({event})."


class Forgotten(Refused):
    """What was erased of a person is not said again by a correction."""

    code = "fact.forgotten"
    fr = (
        "Ce que ce fait disait d'une personne a été effacé : son nom ne se redit pas. Rectifiez le "
        "reste sans le redonner."
    )
    en = "What this fact said of a person was erased, and is not said again: correct the rest."


class CorrectedMeanwhile(Conflict):
    """A correction says what it corrects as that is told now, and not as it was told before."""

    code = "fact.corrected_meanwhile"
    fr = (
        "Ce fait a été rectifié entre-temps par {who}, le {day} (n° {number}){why}. Lisez ce qu'il "
        "dit maintenant ; pour le rectifier encore, donnez « --corrects {event} »."
    )
    en = (
        "This fact was corrected meanwhile by {who}, on {day} (no. {number}){why}. Read what it "
        "says now; to correct it again, give “--corrects {event}”."
    )


class LeftUnsaid(Invalid):
    """A sealed value is left as it is by the correction of one fact, and by nothing else."""

    code = "fact.left_unsaid"
    fr = "Dites tous les noms : seul un fait rectifié hors d'un lot garde les siens."
    en = "Say every name: only a fact that is corrected by itself, and not in bulk, keeps its own."


class ReasonMissing(Invalid):
    """Whoever corrects or retracts says why."""

    code = "fact.no_reason"
    fr = "Dites dans « reason » pourquoi ce fait est corrigé ou retiré."
    en = "Say in “reason” why this fact is corrected or retracted."


class TakenBack(NotFound):
    """What is asked for was recorded, and was taken back since."""

    code = "fact.taken_back"
    fr = (
        "« {name} » a été retiré du registre le {day} : « {reason} ». Ce que le registre en disait "
        "se lit à la taille {known} de son journal : --known @{known}."
    )
    en = (
        "“{name}” was taken back from the register on {day}: “{reason}”. What the register said of "
        "it is read at size {known} of its journal: --known @{known}."
    )


class NoSuchFact(NotFound):
    """There is no such event."""

    code = "fact.unknown"
    fr = "Le registre n'a pas d'événement « {event} »."
    en = "The registry has no event “{event}”."


# --- what is in effect ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mend:
    """What an event does to another of its stream: its own identity, and that of the other."""

    event_id: UUID
    of: UUID
    is_retraction: bool


@dataclass(frozen=True)
class Mends:
    """What became of facts: by the identity of each, the event that tells it last, or none."""

    last: Mapping[UUID, UUID | None]
    places: Mapping[UUID, UUID]
    """By the identity of every correction and retraction, that of the fact."""

    @classmethod
    def of(cls, mends: Iterable[Mend]) -> "Mends":
        """Take in corrections and retractions, in the order of recording."""
        last: dict[UUID, UUID | None] = {}
        places: dict[UUID, UUID] = {}
        for mend in mends:
            fact = places.get(mend.of, mend.of)
            places[mend.event_id] = fact
            last[fact] = None if mend.is_retraction else mend.event_id
        return cls(last, places)

    def fact(self, event_id: UUID) -> UUID:
        """The fact that an event tells, first or again."""
        return self.places.get(event_id, event_id)

    def in_effect(
        self, told: Sequence[T], identity: Callable[[T], UUID], again: Callable[[T, T], T]
    ) -> Iterator[T]:
        """What was told, each fact in its place as it was told last, without what was taken back.

        Args:
            again: the first telling of a fact as the last one has it.
        """
        by_id = {id_: one for one in told if (id_ := identity(one)) in self.places}
        for one in told:
            id_ = identity(one)
            if id_ in self.places:
                continue
            if id_ not in self.last:
                yield one
            elif (last := self.last[id_]) is not None:
                yield again(one, by_id[last])


def mends_of(history: Iterable[Recorded]) -> Mends:
    """The corrections and retractions of a history."""
    return Mends.of(
        Mend(one.event.meta.event_id, of, one.event.kind is Kind.RETRACT)
        for one in history
        if (of := one.mends)
    )


def in_effect(history: Sequence[Recorded]) -> list[Recorded]:
    """A history as it is in effect; a fact told again keeps its place and its identity."""
    mends = mends_of(history)
    if not mends.places:
        return [*history]
    return [*mends.in_effect(history, _identity, told_again)]


def _identity(recorded: Recorded) -> UUID:
    return recorded.event.meta.event_id


def told_again(first: Recorded, last: Recorded) -> Recorded:
    """A fact as it was told last, in the place in which it was told first."""
    meta = last.event.meta.model_copy(update={"event_id": first.event.meta.event_id})
    return replace(first, event=last.event.model_copy(update={"meta": meta}))


# --- what rests on what -----------------------------------------------------------------------


def kind_of(told: type[Event]) -> type[Aggregate]:
    """The kind of thing in whose history an event is."""
    found = {kind for kind in _kinds(Aggregate) if kind.tells(told) and not kind.__subclasses__()}
    if len(found) != 1:
        msg = f"{told.TOPIC} is of {len(found)} kinds"
        raise TypeError(msg)
    return found.pop()


def _kinds(of: type[Aggregate]) -> Iterator[type[Aggregate]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


def given_by(told: Event) -> tuple[UUID, ...]:
    """The identities that an event gives to what it brings about."""
    if not told.GIVES:
        return ()
    value = getattr(told, told.GIVES)
    return tuple(value) if isinstance(value, tuple) else (value,)


def names(told: Event, identities: Iterable[UUID]) -> bool:
    """Whether an event names one of some things."""
    said = told.model_dump_json(exclude={"meta", "corrects"})
    return any(str(one) in said for one in identities)


def brought_about(fact: Recorded, before: Iterable[Recorded]) -> tuple[UUID, ...]:
    """What had no identity before a fact: its stream, where it begins it, and what it gives."""
    known = [one.event for one in before if one.version < fact.version]
    given = [id_ for id_ in given_by(fact.event) if not any(names(one, [id_]) for one in known)]
    return (*(() if known else (fact.stream,)), *given)


def resting_on(fact: Recorded, history: Sequence[Recorded]) -> list[Recorded]:
    """What was recorded in the same stream, since, of what a fact brought about."""
    made = brought_about(fact, history)
    return [
        one
        for one in history
        if one.version > fact.version and (fact.stream in made or names(one.event, made))
    ]


CANNOT_BE = (LookupError, AttributeError, ValueError, TypeError)
"""What folding a history comes upon where an event tells of what is not there."""


def without_what_falls(kind: type[A], stream: UUID, history: Iterable[Recorded]) -> A | None:
    """Fold a history from which a fact is missing, leaving out what cannot be told without it."""
    kept: list[Recorded] = []
    aggregate = kind(stream)
    for recorded in history:
        try:
            aggregate.take_in(recorded)
        except CANNOT_BE:
            aggregate = kind.replay(stream, kept) or kind(stream)
        else:
            kept.append(recorded)
    return aggregate if kept else None


def must_cohere(
    kind: type[Aggregate],
    stream: UUID,
    before: Sequence[Recorded],
    after: Sequence[Recorded],
    against: Callable[[Recorded], Refused],
) -> None:
    """Refuse a history in effect that says what cannot be, unless it did before as well.

    Args:
        against: what is said of an event that cannot be told any more.
    """
    aggregate = kind(stream)
    for recorded in after:
        try:
            aggregate.take_in(recorded)
        except CANNOT_BE as error:
            raise against(recorded) from error
    was = kind.replay(stream, before)
    known = {str(one) for one in was.incoherences()} if was else set()
    for refusal in aggregate.incoherences():
        if str(refusal) not in known:
            raise refusal
