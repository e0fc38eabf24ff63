"""Retractions: a fact that did not happen is taken back."""

from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.fact import Fact, must_stand, titled
from application.wording import tells
from application.world import World
from domain.case import Case
from domain.contest import CONTESTS
from domain.correction import RestsOnIt, kind_of, mends_of, resting_on
from domain.kernel import Aggregate, Event, Prose, Recorded


class RetractFact(
    Command,
    name="fact.retract",
    says="Retirer un fait qui n'a pas eu lieu ; il reste lisible à sa date de connaissance.",
):
    """Take a fact back: it never held. What was answered before stays to be read as it was.

    What rests on it is mended first; what was only recorded with it goes with it.
    """

    event: UUID = Field(description="Identifiant de l'événement (voir l'historique).")
    reason: Prose = Field(description="Pourquoi ce fait est retiré.")

    @override
    def execute(self, work: Work) -> UUID:
        fact = Fact(work.world, self.event)
        fact.must_be_one()
        _nothing_rests_on(work.world, fact)
        for one in (fact.told, *fact.beside):
            found = _found(work, one)
            if one is fact.told and isinstance(found, Case):
                work.allow(found, self.NAME)
            mends = mends_of(work.world.everything(one.stream))
            id_ = mends.fact(one.event.meta.event_id)
            if last := mends.last.get(id_, id_):
                found.retract_fact(last)
                work.save(found)
        work.reads[fact.stream] = len(fact.everything)  # what was looked at
        work.number()
        for aggregate in work.saved:
            must_stand(work, aggregate)
        return fact.stream


def _found(work: Work, told: Recorded) -> Aggregate:
    kind = kind_of(type(told.event))
    return work.find(kind, told.stream) or kind(told.stream)


def _nothing_rests_on(world: World, fact: Fact) -> None:
    """Refuse where something in effect was recorded since of what the fact brought about.

    A contest of it does not rest on it: taking the fact back may be what comes of that.
    """
    with_it = {one.event.meta.event_id for one in fact.beside} | {fact.id}
    elsewhere = world.naming(fact.made) if fact.made else []
    for one in (*resting_on(fact.told, fact.history), *elsewhere):
        id_ = one.event.meta.event_id
        if id_ in with_it or one.position <= fact.told.position or one.event.TOPIC in CONTESTS:
            continue
        mends = mends_of(world.everything(one.stream))
        if id_ not in mends.places and mends.last.get(id_, id_):
            raise RestsOnIt(title=titled(world, one.event), event=id_)


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Aggregate.FactRetracted(corrects=fact):
            return "Fait retiré", f"l'événement {fact} n'est plus tenu pour vrai"
        case _:
            return None
