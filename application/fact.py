"""Facts as they stand: what was recorded of one, beside it, and since."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from uuid import UUID

from application.mandate import account_in_words
from application.rehearsal import in_words
from application.unit import Unit
from application.wording import ROLES, thousands
from application.world import World
from domain.case import Moved
from domain.contest import ContestOutcome
from domain.correction import (
    ActRestsOnIt,
    AlreadyTakenBack,
    CorrectedMeanwhile,
    IsAnAct,
    NoSuchFact,
    RestsOnIt,
    StatedOtherwise,
    WentWithAnother,
    brought_about,
    given_by,
    in_effect,
    mends_of,
    must_cohere,
    names,
)
from domain.dates import paris_day
from domain.errors import NotFound, Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, Recorded
from domain.pole import Pole
from domain.provenance import Kind
from domain.recognition import Recognition, UndoneByTwo
from domain.words import Text


def fact_told(world: World, event_id: UUID) -> Recorded:
    """A fact, under the identity and in the place it had first, by any event that tells it."""
    found = world.fact(event_id)
    if found is None:
        raise NotFound(name=event_id)
    if not found.mends:
        return found
    fact = mends_of(world.everything(found.stream)).fact(event_id)
    return world.fact(fact) or found


class Fact:
    """A fact as it stands, with what was recorded of it and beside it."""

    def __init__(self, world: World, event_id: UUID) -> None:
        self.world = world
        said = world.fact(event_id)
        if said is None:
            raise NoSuchFact(event=event_id)
        self.stream = said.stream
        self.everything = world.everything(said.stream)
        self.mends = mends_of(self.everything)
        self.id = self.mends.fact(event_id)
        """The identity of the event that told it first."""
        self.last = self.mends.last.get(self.id, self.id)
        """That of the event that tells it now; none once it was taken back."""
        self.history = in_effect(self.everything)
        if self.last is None or said.event.kind is Kind.RETRACT:
            raise AlreadyTakenBack
        self.told = next(one for one in self.history if one.event.meta.event_id == self.id)
        self.made = brought_about(self.told, self.history)
        self.together = [*self._together()]
        """What else the same command recorded."""
        self.brought = self._brought()
        """The topics of what goes with it because of it."""
        self.beside = [*self._beside()]
        """What the same command recorded of what the fact brought about, and the steps it took."""

    def _together(self) -> Iterator[Recorded]:
        histories: dict[UUID, list[Recorded]] = {}
        for one in self.world.together(self.told.position):
            if one.stream not in histories:
                histories[one.stream] = self.world.history(one.stream)
            id_ = one.event.meta.event_id
            stands = (h for h in histories[one.stream] if h.event.meta.event_id == id_)
            yield from (told for told in stands if id_ != self.id)

    def _brought(self) -> set[str]:
        """What it brings, and what that brings in its turn."""
        topics, found = {*self.told.event.BRINGS}, 0
        while len(topics) > found:
            found = len(topics)
            brings = (one.event.BRINGS for one in self.together if _named_as(one.event) in topics)
            topics.update(topic for some in brings for topic in some)
        return topics

    def is_brought(self, told: Event) -> bool:
        """Whether something was recorded because of it."""
        return _named_as(told) in self.brought

    def _beside(self) -> Iterator[Recorded]:
        here = [one for one in self.together if one.stream == self.stream]
        # Where nothing else was said of it, the steps were taken because of the fact.
        is_alone = all(isinstance(one.event, Moved) or self._is_named(one) for one in here)
        for one in self.together:
            steps = is_alone and one in here and isinstance(one.event, Moved)
            if steps or self._is_named(one):
                yield one

    def _is_named(self, one: Recorded) -> bool:
        match one.event:
            case Pole.Attached(subject=stream):
                return stream == self.stream
            case Pole.RecognitionAttached(recognition=stream):
                return stream == self.stream
            case Pole.RecognitionEnded(recognition=stream):
                return stream == self.stream
        if self.is_brought(one.event):
            return True
        return one.stream in self.made or names(one.event, self.made)

    @property
    def begins_its_stream(self) -> bool:
        return self.stream in self.made

    @property
    def identities(self) -> Iterable[UUID]:
        """What the fact, and what was recorded with it, gave an identity to."""
        given = (id_ for one in (self.told, *self.beside) for id_ in given_by(one.event))
        return dict.fromkeys(given)

    def must_be_one(self) -> None:
        """Refuse an act: it is undone by another act."""
        told = self.told.event
        if not told.STATED_BY:
            title, origin = titled(self.world, told), told_with(self.world, self.told)
            if origin is None:
                raise IsAnAct(title=title, undone=undone_by(told))
            other = titled(self.world, origin.event)
            raise WentWithAnother(title=title, other=other, event=origin.event.meta.event_id)
        self._must_be_gone_back_on_by_two()

    def _must_be_gone_back_on_by_two(self) -> None:
        """Refuse what two persons found together, until one contested it and another upheld that.

        So too of what was recorded with it: the step to which it led.
        """
        for one in (self.told, *self.together):
            must_be_undone_by_two(self.world, one.event, self.id)

    def must_be_told_by(self, event_id: UUID) -> None:
        """Refuse what was decided upon an earlier telling: somebody corrected the fact since."""
        if self.last == event_id:
            return
        last = next(one for one in self.everything if one.event.meta.event_id == self.last)
        meta = last.event.meta
        raise CorrectedMeanwhile(
            who=f"{ROLES[meta.role]} (compte {account_in_words(meta.actor)})",
            day=paris_day(last.recorded_at),
            number=thousands(last.position),
            why=f" : « {meta.reason} »" if meta.reason else "",
            event=self.last,
        )

    def must_be_stated_by(self, command: str) -> None:
        """Refuse the correction of an act, and one by a command that states other facts."""
        self.must_be_one()
        told = self.told.event
        if command not in told.STATED_BY:
            raise StatedOtherwise(title=titled(self.world, told), commands=verbs(told.STATED_BY))


def _named_as(told: Event) -> str:
    way = f":{told.transition}" if isinstance(told, Moved) else ""
    return f"{told.TOPIC}{way}"


def must_be_undone_by_two(world: World, told: Event, *also: UUID) -> None:
    """Refuse to go back on a finding of two persons until one contested it and another upheld that.

    Args:
        also: other facts, the contest of which is one of the finding.
    """
    if not (isinstance(told, Recognition.Issued) and (told.finders or told.found_by)):
        return
    pole, found = world.load(Pole, told.pole), told.meta.event_id
    upheld = (
        contest.fact
        for contest in (pole.contests.values() if pole else ())
        if contest.outcome is ContestOutcome.UPHELD
    )
    if {found, *also}.isdisjoint(upheld):
        raise UndoneByTwo(event=found)


def told_with(world: World, one: Recorded) -> Recorded | None:
    """The fact, told by the same command, from which something follows; none of what does not."""
    if one.event.UNDONE_BY is not Finality.CONSEQUENCE:
        return None
    id_ = one.event.meta.event_id
    for other in world.together(one.position):
        if not other.event.STATED_BY or other.mends:
            continue
        with suppress(AlreadyTakenBack):
            fact = Fact(world, other.event.meta.event_id)
            if any(went.event.meta.event_id == id_ for went in fact.beside):
                return fact.told
    return None


def standing_against(world: World, one: Recorded, refusal: type[RestsOnIt] = RestsOnIt) -> Refused:
    """What is said of what stands against a correction or a retraction: what it names can be done.

    What follows from a fact is called by that fact; of an act, that it stays.

    Args:
        refusal: what is said of a fact.
    """
    named = told_with(world, one) or one
    said = {"title": titled(world, named.event), "event": named.event.meta.event_id}
    return refusal(**said) if named.event.STATED_BY else ActRestsOnIt(**said)


FINAL: Mapping[Finality, Text] = {
    Finality.STEP: Text(
        fr="ce qui a été fait à partir de cette étape demeure, et un autre passage mène ailleurs",
        en="what was done upon this step stands, and another step leads elsewhere",
    ),
    Finality.VOTE: Text(
        fr="un vote se tient une fois, et il peut s'en tenir un autre",
        en="a vote is held once, and another may be held",
    ),
    Finality.WORD: Text(
        fr="qui l'a dit ou signé l'a fait de sa personne, et nul ne le dit autrement à sa place",
        en="it was said or signed in person, and nobody says it otherwise for them",
    ),
    Finality.DECISION: Text(
        fr="c'est une décision de son jour, qu'une autre décision ou un recours peut changer",
        en="it is a decision of its day, which another decision or an appeal may change",
    ),
    Finality.CONSEQUENCE: Text(
        fr="il suit de ce qui fut enregistré avec lui, et va avec cela",
        en="it follows from what was recorded with it, and goes with that",
    ),
    Finality.PASSING: Text(
        fr="un jour passé est passé, un rappel envoyé est parti",
        en="a day that passed has passed, a reminder that left has left",
    ),
    Finality.ERASURE: Text(
        fr="ce qui est effacé ne revient pas", en="what is erased does not come back"
    ),
    Finality.KEEPING: Text(
        fr="il dit ce que le registre a fait ou reçu, tel quel",
        en="it says what the register did or received, as it was",
    ),
    Finality.SEALED: Text(
        fr="dire pourquoi la demande d'une personne se rectifie se lirait en clair",
        en="why a person's request would be corrected would stand in clear",
    ),
}
"""Why nothing goes back on an act."""


def undone_by(told: Event | type[Event]) -> Text:
    """What goes back on an act, or why nothing does."""
    if isinstance(told.UNDONE_BY, Finality):
        return FINAL[told.UNDONE_BY]
    by = verbs(told.UNDONE_BY or ())
    return Text(fr=f"il se défait par {by}", en=f"it is undone by {by}")


def verbs(commands: Iterable[str]) -> str:
    """Commands as they are typed: « jalon pole rename »."""
    typed = (f"« jalon {name.replace('.', ' ', 1).replace('_', '-')} »" for name in commands)
    return " ou ".join(typed)


def titled(world: World, told: Event) -> str:
    """What an event is called, in the words of the journey that it names."""
    return in_words(world, told)[0]


def must_stand(work: Unit, aggregate: Aggregate) -> None:
    """Refuse what is pending in a thing where its history in effect would say what cannot be."""
    pending, before = aggregate.pending, work.world.everything(aggregate.id)
    if not pending:
        return
    after = [
        Recorded(before[-1].position + n, work.now, aggregate.id, before[-1].version + n, event)
        for n, event in enumerate(pending, start=1)
    ]
    told = in_effect(before), in_effect([*before, *after])
    must_cohere(type(aggregate), aggregate.id, *told, partial(standing_against, work.world))
