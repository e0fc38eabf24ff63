"""What is asked of the votes on a case: how each stands, who may still vote, until when."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from application.wording import ROLES, capital, date_in_words, rule_source
from application.world import Moment, World
from domain.case import Case
from domain.errors import NotFound
from domain.journey import Journey, Transition
from domain.pole import ENDED, Pole
from domain.proposal import Proposal
from domain.values import Frozen
from domain.vote import Approval, College, Count, VoteOutcome, rule_of

STATES = {
    VoteOutcome.OPEN: "vote en cours",
    VoteOutcome.CARRIED: "adopté",
    VoteOutcome.REJECTED: "rejeté",
    VoteOutcome.NO_QUORUM: "quorum non atteint",
}


class CollegeLine(Frozen):
    """The voices of one college. Who cast which ballot is told by nothing here."""

    title: str
    roles: tuple[str, ...]
    """Who sits in it, in words."""
    seats: int | None
    """Without those of recused persons; unknown where the rule does not say."""
    for_: int
    against: int
    abstentions: int
    left: int | None
    """How many may still vote: none once nobody may, unknown as seats are."""
    sentence: str
    """All of it, in words."""


class VoteLine(Frozen):
    """A vote on a step of the state in which a case stands, as it stood on a day."""

    id: UUID
    journey: str
    transition: str
    title: str
    """The step that is put to the vote."""
    opened_on: date
    closed_on: date | None
    outcome: VoteOutcome
    outcome_words: str
    sentence: str
    """The voices counted, and what they come to."""
    colleges: tuple[CollegeLine, ...]
    recused: int
    """How many persons take no part; they are not named."""
    until: str
    """Until when one may vote, in a sentence."""
    excluded: str | None
    """Who may not vote, in a sentence, where the rule keeps somebody out."""
    rule: str
    """What it takes to be carried."""
    source: str


def pole_votes(world: World, pole: UUID, moment: Moment) -> list[VoteLine]:
    """The votes on the steps of a pole, in all its journeys; none once it has ended."""
    found = world.load(Pole, pole, moment.known)
    if found is None:
        raise NotFound(name=pole)
    if found.state_on(moment.in_force) == ENDED:
        return []
    return case_votes(world, found, moment)


def case_votes(world: World, case: Case, moment: Moment) -> list[VoteLine]:
    """The votes of the states in which a case stands that day, those still open first.

    A ballot is not secret to who keeps the register, but nobody needs it here: voices are told by
    college, as they are counted, and no person is named (product rule).
    """
    lines = [*_votes(world, case, moment.in_force)]
    return sorted(lines, key=lambda line: (line.outcome is not VoteOutcome.OPEN, line.opened_on))


def _votes(world: World, case: Case, day: date) -> Iterator[VoteLine]:
    for track in case.tracks.values() if case.proposals else ():
        stay, ref = track.stay_on(day), track.journey_on(day)
        if stay and ref:
            journey = world.compiled(ref).journey
            for vote in case.votes_on(day, journey, stay.place):
                way = journey.transition[vote.transition]
                if way.approval:
                    yield _line(vote, journey, way, way.approval, day)


def _line(
    vote: Proposal, journey: Journey, way: Transition, approval: Approval, day: date
) -> VoteLine:
    count = vote.tally_on(day, approval)
    closed = vote.closed if vote.closed and vote.closed <= day else None
    is_open = closed is None and count.outcome is VoteOutcome.OPEN
    colleges = {college.id: college for college in approval.colleges}
    return VoteLine(
        id=vote.id,
        journey=journey.ref,
        transition=way.id,
        title=way.title.fr or way.id,
        opened_on=vote.opened[0],
        closed_on=closed,
        outcome=count.outcome,
        outcome_words=STATES[count.outcome],
        sentence=count.say.fr,
        colleges=tuple(
            _college(colleges[counted.college], counted, is_open=is_open, closed=bool(closed))
            for counted in count.counts
        ),
        recused=len({recusal.person for since, recusal in vote.recusals if since <= day}),
        until=_until(way, approval, closed, is_open=is_open),
        excluded="Qui a soumis l'étape au vote n'y prend pas part."
        if approval.initiator_excluded
        else None,
        rule=capital(rule_of(approval).fr.removeprefix("Un vote l'a adopté : ")),
        source=rule_source(approval.source),
    )


def _college(college: College, count: Count, *, is_open: bool, closed: bool) -> CollegeLine:
    title = college.title.say("fr")
    many = "s" * (count.abstentions > 1)
    said = f"{count.for_} pour, {count.against} contre, {count.abstentions} abstention{many}"
    if not is_open:
        may = ""
    elif count.left is None:
        may = " ; le nombre de personnes qui peuvent encore voter n'est pas fixé"
    elif left := count.left:
        several = left > 1
        may = f" ; {left} personne{'s' * several} au plus peu{'ven' * several}t encore voter"
    else:
        may = " ; plus personne ne peut voter"
    return CollegeLine(
        title=title,
        roles=tuple(dict[str, str](ROLES).get(role, role) for role in college.roles),
        seats=count.seats,
        for_=count.for_,
        against=count.against,
        abstentions=count.abstentions,
        left=0 if closed or (not is_open and count.left is None) else count.left,
        sentence=f"{title} : {said}{may}",
    )


def _until(way: Transition, approval: Approval, closed: date | None, *, is_open: bool) -> str:
    """Until when one may vote: rules give no last day, a vote lasts until it is decided."""
    if closed:
        return f"Vote clos {date_in_words(closed.isoformat())}."
    if not is_open:
        return "C'est décidé : les voix qui restent n'y changeraient plus rien."
    roles = approval.opened_by if approval.opened_by is not None else way.by or ()
    who = ", ".join(dict[str, str](ROLES).get(role, role) for role in roles)
    ends = f", ou qu'il soit clos (revient à : {who})" if who else ", ou qu'il soit clos"
    return (
        "Aucune date de fin n'est fixée : le vote dure jusqu'à ce que les voix qui restent n'y "
        f"changent plus rien{ends}."
    )
