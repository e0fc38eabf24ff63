"""Who has an interest in a dossier reads nothing of how it is examined, voted on and decided.

An interest is that of a person, for as long as the dossier lasts: whatever date a question is asked
about, those declared by now count. What is announced of the dossier is for everybody, and for them
too (product rule, after code des relations entre le public et l'administration, article R. 133-12:
who has an interest takes no part in the deliberations).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from application.command import By
from application.private_reading import authority_of
from application.session_lines import SessionResults, WaveResults
from application.world import World
from domain.call import Call
from domain.committee import Committee
from domain.distinct import share
from domain.dossier import Dossier
from domain.errors import Forbidden
from domain.mandate import Mandate, account
from domain.provenance import MandateId
from domain.session import Session


class InterestedReader(Forbidden):
    """What a committee does with a dossier is not read by who has an interest in it."""

    code = "dossier.interested_reader"
    fr = (
        "Un intérêt est déclaré pour vous dans ce dont il s'agit ({dossiers}) : rien de son "
        "examen, des votes ni de ce qui en est décidé ne vous est montré ici ; ce qui en est "
        "annoncé se lit par tous, sans dire de rôle."
    )
    en = (
        "An interest of yours is declared in what this is about ({dossiers}): nothing of its "
        "review, of the votes or of what is decided is shown to you here; what is announced of "
        "it is read by everybody, in no role."
    )


def must_be_disinterested(world: World, by: By, dossiers: Iterable[UUID], day: date) -> None:
    """Refuse whoever has an interest in one of some dossiers, declared by now.

    Args:
        day: that on which it is read.
    """
    known = (world.load(Dossier, id_) for id_ in dossiers)
    codes = [found.code for found in known if found and _is_interested(world, by, found, day)]
    if codes:
        raise InterestedReader(dossiers=", ".join(codes), roles="")


def interests_of(world: World, by: By, call: UUID, day: date) -> frozenset[UUID]:
    """The dossiers of a call in which whoever reads has an interest, declared by now."""
    of = world.load(Call, call)
    known = (world.load(Dossier, id_) for id_ in (of.dossiers if of else ()))
    return frozenset(found.id for found in known if found and _is_interested(world, by, found, day))


def ranked_of_interest(world: World, by: By, call: UUID, wave: str, day: date) -> frozenset[UUID]:
    """What is ranked in a wave in which whoever reads has an interest.

    They do not read the list at all: what is left of its sums, and its cut-off line, would tell.
    """
    return interests_of(world, by, call, day) & _on_agendas(world, call, wave)


def without_sums(results: WaveResults, world: World, by: By, day: date) -> WaveResults:
    """The ranked list of a wave without what is left of the envelope, which tells of other waves,
    for who has an interest in something that is ranked in one of them."""
    interests = interests_of(world, by, results.call, day)
    if not interests & _on_agendas(world, results.call):
        return results
    return results.model_copy(update={"left_cents": None})


def must_be_free_of_session(world: World, by: By, session: UUID, day: date) -> None:
    """Refuse the minutes of a session to who has an interest in something on its agenda."""
    found = world.load(Session, session)
    must_be_disinterested(world, by, found.agenda if found else (), day)


def _on_agendas(world: World, call: UUID, wave: str | None = None) -> frozenset[UUID]:
    """What the sessions of a call, or of one of its waves, have on their agendas."""
    return frozenset(
        dossier
        for session in _sessions(world, world.load(Call, call))
        if wave in (None, session.wave)
        for dossier in session.agenda
    )


def without(results: SessionResults, interests: frozenset[UUID]) -> SessionResults:
    """What a session voted and decided, but for some dossiers; nor its minutes, which tell them."""
    gone = tuple(item.code for item in results.items if item.dossier in interests)
    if not gone:
        return results
    kept = tuple(item for item in results.items if item.dossier not in interests)
    return results.model_copy(update={"items": kept, "minutes": None, "left_out": gone})


def _is_interested(world: World, by: By, dossier: Dossier, day: date) -> bool:
    call = world.load(Call, dossier.call)
    committee = world.load(Committee, call.committee) if call and call.committee else None
    persons = _persons(world, by, committee, day)
    if share(persons, (told.value[0] for told in dossier.interests)):
        return True
    if committee is None:
        return False
    sits_at = committee.seat_of(by.actor, day)
    for session in _sessions(world, call):
        for seat, (since, _) in session.recused.get(dossier.id, {}).items():
            holder = committee.holder_on(seat, since)
            if seat == sits_at or (holder is not None and holder.account == by.actor):
                return True
    return False


def _sessions(world: World, call: Call | None) -> Iterator[Session]:
    for id_ in call.sessions if call else ():
        found = world.load(Session, id_)
        if found:
            yield found


def _persons(world: World, by: By, committee: Committee | None, day: date) -> set[str]:
    """Who reads, and for whom: under the mandate they invoke, under that of their seat, and those
    about whom their account holds a role."""
    found, reader = {account(by.actor)}, authority_of(world, by, day)
    found.update(mandate.principal for mandate in reader.mandates[:1])
    found.update(
        grant.relation for grant in (reader.account.grants_on(day) if reader.account else ())
    )
    seat = committee.seat_of(by.actor, day) if committee else None
    holder = committee.holder_on(seat, day) if committee and seat else None
    if holder and holder.mandate:
        found |= _principal(world, holder.mandate)
    return found


def _principal(world: World, id_: MandateId) -> set[str]:
    mandate = world.load(Mandate, id_)
    return {mandate.principal} if mandate else set()
