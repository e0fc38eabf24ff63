"""Proposals: steps put to the vote on a case, and what is recorded of each vote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, NewType
from uuid import UUID

from domain.errors import Forbidden, NotFound, Refused
from domain.finality import Finality
from domain.journey import JourneyRef
from domain.kernel import Event
from domain.mandate import Party
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.values import Sealed
from domain.vote import Approval, Ballot, Choice, Recusal, Tally, tally
from domain.words import Id, Name, Stored, Text

ProposalId = NewType("ProposalId", UUID)


# --- what is recorded -------------------------------------------------------------------------


RECUSAL = Marking(
    purpose="recusal",
    holds=Text(
        fr="pourquoi quelqu'un se retire d'un vote",
        en="why somebody takes no part in a vote",
    ),
    persons=Text(fr="votants et personnes qu'ils citent", en="voters, and whom they name"),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.FIVE_YEARS,
)


class VoteOpened(Event):
    """A step was put to the vote, with what it is to be given."""

    UNDONE_BY = Finality.VOTE

    proposal: ProposalId
    journey: JourneyRef
    transition: Id
    input: Mapping[str, Stored]
    initiator: Party
    holder: Party | None = None
    """Who opened it for the initiator, under a mandate."""


class BallotCast(Event):
    """Somebody voted, or was voted for under a mandate."""

    UNDONE_BY = Finality.VOTE

    proposal: ProposalId
    college: Name
    choice: Choice
    voter: Party
    """The person who counts."""
    holder: Party | None = None
    """Who voted for them, under a mandate."""
    chair: bool = False
    """Whether it was given in the role that has the casting vote."""


class RecusalDeclared(Event):
    """Somebody takes no part in a vote. Why may name others: it is sealed."""

    UNDONE_BY = Finality.WORD

    proposal: ProposalId
    college: Name
    person: Party
    motive: Annotated[Sealed | None, RECUSAL] = None


class VoteClosed(Event):
    """No further ballot is taken: those that were cast decide."""

    UNDONE_BY = Finality.VOTE

    proposal: ProposalId


class VoteWithdrawn(Event):
    """A vote was called off before it had decided."""

    UNDONE_BY = Finality.VOTE

    proposal: ProposalId


# --- refusals ---------------------------------------------------------------------------------


class NoSuchVote(NotFound):
    """The case has no such vote."""

    code = "vote.unknown"
    fr = "Le vote « {proposal} » n'a pas été ouvert ici."
    en = "The vote “{proposal}” was not opened here."


class VoteStanding(Refused):
    """A step is put to one vote at a time."""

    code = "vote.standing"
    fr = "« {title} » est déjà soumis à un vote en cours ({proposal})."
    en = "“{title}” is already put to a vote that is still open ({proposal})."


class VoteOver(Refused):
    """A vote that is over takes nothing more."""

    code = "vote.over"
    fr = "Ce vote ne peut plus changer : {reason}."
    en = "This vote can no longer change: {reason}."


class BeforeTheVote(Refused):
    """Nothing takes place in a vote before it is opened, nor in a state before it is entered."""

    code = "vote.before"
    fr = "Rien de ce vote ne peut être daté du {day} : il faut le {since} au plus tôt."
    en = "Nothing in this vote can be dated {day}: {since} at the earliest."


class VoterExcluded(Forbidden):
    """Recused persons and the initiator take no part, for themselves or for others."""

    code = "vote.excluded"
    fr = "{reason}"
    en = "{reason}"


class NotInCollege(Forbidden):
    """A college is made of those who hold its roles."""

    code = "vote.college"
    fr = "Le rôle dans lequel vous agissez {sits}. Collèges de ce vote : {known}."
    en = "The role you act in {sits}. Colleges of this vote: {known}."


class AlreadyVoted(Refused):
    """A ballot is final."""

    code = "vote.already"
    fr = "Cette personne a déjà voté : un bulletin ne se change pas."
    en = "This person has already voted: a ballot is not changed."


class CollegeFull(Refused):
    """A college has no more voters than seats."""

    code = "vote.full"
    fr = "Tous les sièges du collège « {college} » ont voté."
    en = "Every seat of the college “{college}” has voted."


class NoAbstention(Refused):
    """Some votes ask for a yes or a no."""

    code = "vote.abstention"
    fr = "Ce vote n'admet pas l'abstention."
    en = "This vote does not allow abstention."


class TooManyProxies(Refused):
    """A person carries so many mandates and no more."""

    code = "vote.proxies"
    fr = "Une même personne ne peut voter que pour {limit} autre(s) : c'est déjà fait."
    en = "One person votes for {limit} other(s) at most: that is done already."


class OtherInput(Refused):
    """What was voted is what is done."""

    code = "vote.input"
    fr = "« {title} » a été voté avec d'autres données ({voted}) : seules celles-là peuvent servir."
    en = "“{title}” was voted with other data ({voted}): only these can be used."


# --- what is remembered -----------------------------------------------------------------------

DayAndOrder = tuple[date, int]
"""A day and an order of recording: what comes after what."""


@dataclass(slots=True)
class Proposal:
    """A step put to the vote, and the voices gathered."""

    id: ProposalId
    journey: str
    transition: str
    input: Mapping[str, Stored]
    initiator: frozenset[str]
    opened: DayAndOrder
    ballots: list[tuple[date, Ballot]] = field(default_factory=list)
    recusals: list[tuple[date, Recusal]] = field(default_factory=list)
    closed: date | None = None
    withdrawn: date | None = None

    def tally_on(self, day: date, approval: Approval) -> Tally:
        """Where it stood at the end of a day."""
        return tally(
            approval,
            [ballot for since, ballot in self.ballots if since <= day],
            [recusal for since, recusal in self.recusals if since <= day],
            self.initiator,
            closed=self.closed is not None and self.closed <= day,
        )

    @property
    def out(self) -> frozenset[str]:
        return frozenset(recusal.person for _, recusal in self.recusals)
