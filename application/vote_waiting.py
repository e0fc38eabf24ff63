"""Votes that are open: who is to vote still, and who has."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.awaited import Awaited, Pending, Thing, awaits
from application.case import called
from application.world import Moment, World
from domain.case import Case
from domain.evaluation import Evaluation
from domain.journey import Transition
from domain.pole import Pole
from domain.proposal import Proposal, VoteOpened
from domain.roles import Role
from domain.track import Track
from domain.vote import Approval, VoteOutcome
from domain.words import called as named


@dataclass(frozen=True, slots=True)
class VoteUnderWay:
    """A vote that its remaining voices may still decide."""

    id: UUID
    pole: UUID | None
    case: Case
    vote: Proposal
    way: Transition
    approval: Approval


def _open_votes(kind: type[Case]) -> Callable[[World, Moment], Iterator[VoteUnderWay]]:
    """The open votes on the cases of a kind, at a moment."""

    def found(world: World, moment: Moment) -> Iterator[VoteUnderWay]:
        opened = world.told(kind.own(VoteOpened), until=moment.known)
        for id_ in dict.fromkeys(recorded.stream for recorded in opened):
            case = world.load(kind, id_, moment.known)
            for track in case.tracks.values() if case else ():
                if case:
                    yield from _of_track(world, case, track, moment.in_force)

    return found


def _of_track(world: World, case: Case, track: Track, day: date) -> Iterator[VoteUnderWay]:
    stay, ref = track.stay_on(day), track.journey_on(day)
    if stay is None or ref is None:
        return
    journey = world.compiled(ref).journey
    pole = case.pole if isinstance(case, Evaluation) else case.id
    for vote in case.votes_on(day, journey, stay.place):
        way = journey.transition[vote.transition]
        approval = way.approval
        if approval and vote.tally_on(day, approval).outcome is VoteOutcome.OPEN:
            yield VoteUnderWay(vote.id, pole, case, vote, way, approval)


def _awaits_voices(world: World, line: VoteUnderWay, moment: Moment) -> Pending | None:
    """A college whose seats have all voted waits for nobody; a vote without one, for its end."""
    day, approval = moment.in_force, line.approval
    tally = line.vote.tally_on(day, approval)
    colleges = {count.college for count in tally.counts if count.left != 0}
    roles = (role for c in approval.colleges if c.id in colleges for role in c.roles)
    about = f", {called(line.case)[1]}" if isinstance(line.case, Evaluation) else ""
    ballots = [ballot for since, ballot in line.vote.ballots if since <= day]
    recused = [recusal.person for since, recusal in line.vote.recusals if since <= day]
    initiator = line.vote.initiator if approval.initiator_excluded else ()
    return Pending(
        since=line.vote.opened[0],
        says=f"« {named(line.way.title, line.way.id).fr} »{about}. {tally.say.fr}",
        by=tuple(dict.fromkeys(roles)),
        out=(*recused, *initiator),
        done_for=tuple(ballot.voter for ballot in ballots),
    )


def _given(name: str) -> Callable[[VoteUnderWay], Mapping[str, str]]:
    return lambda line: {name: str(line.case.id), "vote": str(line.vote.id)}


def _page_of_round(line: VoteUnderWay) -> str:
    return f"/evaluations/{line.case.id}#manque"


def _page_of_pole(line: VoteUnderWay) -> str:
    code = line.case.code if isinstance(line.case, Pole) else line.case.id
    return f"/poles/{code}#manque"


def _voices(id_: str, kind: type[Case], command: str, field: str) -> Awaited[VoteUnderWay]:
    return Awaited(
        id=id_,
        title="Voter, ou se déporter",
        by=tuple(Role),
        command=command,
        pending=_awaits_voices,
        given=_given(field),
        ask=_open_votes(kind),
        page=_page_of_pole if kind is Pole else _page_of_round,
    )


VOTES = awaits(
    Thing(
        "vote",
        "Vote en cours",
        (
            _voices("voice", Pole, "pole.cast_ballot", "pole"),
            _voices("voice_on_round", Evaluation, "evaluation.cast_ballot", "evaluation"),
        ),
    )
)
