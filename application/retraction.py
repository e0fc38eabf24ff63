"""Retractions: a fact that did not happen is taken back."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import COMMANDS, Command, Work
from application.fact import Fact, must_stand, standing_against, titled
from application.history_in_words import ATTACHMENTS, LINKS
from application.offices import PART_TAKERS
from application.wording import tells
from application.world import World
from domain.case import Case, Migrated
from domain.contest import CONTESTS
from domain.correction import GoesWithIt, OthersRestOnIt, kind_of, mends_of, resting_on
from domain.dossier import Dossier
from domain.errors import Forbidden
from domain.finality import Finality
from domain.kernel import Aggregate, Event, Recorded
from domain.review import told_by_another
from domain.roles import Role, roles_called
from domain.values import Prose
from domain.words import later


class RetractFact(
    Command,
    name="fact.retract",
    says="Retirer un fait qui n'a pas eu lieu ; il reste lisible à sa date de connaissance.",
    by=(*PART_TAKERS, Role.PAYER, Role.MODERATOR, Role.DPO),
):
    """Take a fact back: it never held. What was answered before stays to be read as it was.

    What rests on it is mended first; what was only recorded with it goes with it.
    """

    event: UUID = Field(description="Identifiant de l'événement (voir l'historique).")
    reason: Prose = Field(description="Pourquoi ce fait est retiré.")
    whole: bool = later(
        False,
        description="Retirer aussi tous les faits qui reposent sur lui : un pôle inscrit deux "
        "fois, avec tout ce qui en fut dit.",
    )

    @override
    def execute(self, work: Work) -> UUID:
        fact = Fact(work.world, self.event)
        fact.must_be_one()
        facts = _with_what_rests_on(work.world, fact) if self.whole else [fact]
        if not self.whole:
            _nothing_rests_on(work.world, fact)
        for one in facts:
            _of_who_states(one.told.event, work.role)
            _of_another(work, one)
            found = _found(work, one.told)
            if isinstance(found, Case):
                work.allow(found, self.NAME)
            work.looked_at(one.stream, len(one.everything))
        by_itself = _by_itself(work.world, facts) if self.whole else []
        gone = [*by_itself, *(told for one in facts for told in (one.told, *one.beside))]
        for told in {one.event.meta.event_id: one for one in gone}.values():
            _take_back(work, told)
        work.number()
        for aggregate in work.saved:
            must_stand(work, aggregate)
        return fact.stream


def _of_who_states(told: Event, role: Role) -> None:
    """Refuse whoever could not have stated a fact, unless they keep the register."""
    able = {Role.REGISTRAR}.union(*(COMMANDS[name].BY for name in told.STATED_BY))
    if role not in able:
        raise Forbidden(roles=roles_called(able))


def _of_another(work: Work, fact: Fact) -> None:
    told = fact.told.event
    if isinstance(told, Dossier.InterestDeclared):
        told_by_another(told.person, work.persons)


def _take_back(work: Work, told: Recorded) -> None:
    found, mends = _found(work, told), mends_of(work.world.everything(told.stream))
    id_ = mends.fact(told.event.meta.event_id)
    if last := mends.last.get(id_, id_):
        found.retract_fact(last)
        work.save(found)


def _found(work: Work, told: Recorded) -> Aggregate:
    kind = kind_of(type(told.event))
    return work.find(kind, told.stream) or kind(told.stream)


def _nothing_rests_on(world: World, fact: Fact) -> None:
    """Refuse where something in effect was recorded since of what the fact brought about.

    What is named can be taken back at once: of all that rests on the fact, the last one recorded.
    """
    for one in _resting(world, fact):
        last = _with_what_rests_on(world, fact)[0]
        if last is not fact:
            raise standing_against(world, last.told, OthersRestOnIt)
        raise GoesWithIt(title=titled(world, one.event), event=one.event.meta.event_id)


def _resting(world: World, fact: Fact) -> Iterator[Recorded]:
    """What was recorded since, and is in effect, of what a fact brought about.

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
            yield one


def _with_what_rests_on(world: World, fact: Fact) -> list[Fact]:
    """A fact and all those that rest on it, the last one first; refused where an act does."""
    facts, left = {fact.id: fact}, [fact]
    while left:
        for one in _resting(world, left.pop()):
            id_ = one.event.meta.event_id
            if one.event.STATED_BY and id_ not in facts:
                facts[id_] = more = Fact(world, id_)
                more.must_be_one()
                left.append(more)
    found = sorted(facts.values(), key=lambda told: -told.told.position)
    for act in _acts_upon(world, found):
        if not _is_by_itself(act.event):
            raise standing_against(world, act)
    return found


def _acts_upon(world: World, facts: Sequence[Fact]) -> Iterator[Recorded]:
    """What rests on some facts, and neither is one nor was recorded with one."""
    known = {one.event.meta.event_id for fact in facts for one in (fact.told, *fact.beside)}
    for fact in facts:
        yield from (one for one in _resting(world, fact) if one.event.meta.event_id not in known)


def _by_itself(world: World, facts: Sequence[Fact]) -> list[Recorded]:
    """What the register did by itself with things that never were."""
    return [one for one in _acts_upon(world, facts) if _is_by_itself(one.event)]


def _is_by_itself(told: Event) -> bool:
    follows = told.UNDONE_BY in {Finality.CONSEQUENCE, Finality.PASSING}
    return follows or isinstance(told, (Migrated, *ATTACHMENTS, *LINKS))


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Aggregate.FactRetracted(corrects=fact):
            return "Fait retiré", f"l'événement {fact} n'est plus tenu pour vrai"
        case _:
            return None
