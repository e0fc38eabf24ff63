"""Proposals put to the vote: what each says, within the bounds, the envelope and the list."""

from collections.abc import Collection

from domain.deliberation import (
    ProposedDecision,
    ProposedOutcome,
    Room,
)
from domain.money import euros
from domain.session_refusals import (
    EnvelopeExceeded,
    NoEnvelope,
    OutOfBounds,
    ProposalIncoherent,
    RankTaken,
)
from domain.words import Text


def check_proposal(proposal: ProposedDecision) -> None:
    gives = proposal.amount_cents is not None or proposal.support is not None
    kind = proposal.proposal
    wrong = {
        (
            "retenir demande un montant, ou une autre forme d'appui",
            "selecting takes an amount, or another form of support",
        ): kind is ProposedOutcome.SELECT and not gives,
        (
            "la liste de réserve demande un rang, et elle seule",
            "the reserve list takes a rank, and nothing else does",
        ): (kind is ProposedOutcome.RESERVE) != (proposal.rank is not None),
        (
            "un dossier non retenu ne reçoit rien",
            "what is not selected is given nothing",
        ): kind is ProposedOutcome.REJECT and gives,
    }
    for (fr, en), found in wrong.items():
        if found:
            raise ProposalIncoherent(reason=Text(fr=fr, en=en))


def check_bounds(amount: int | None, bounds: Collection[int | None]) -> None:
    least, most = bounds
    if amount is None or ((least or 0) <= amount and (most is None or amount <= most)):
        return
    fr, en = [], []
    if least is not None:
        fr.append(f"au moins {euros(least)}")
        en.append(f"{euros(least)} at least")
    if most is not None:
        fr.append(f"au plus {euros(most)}")
        en.append(f"{euros(most)} at most")
    said = Text(fr=", ".join(fr), en=", ".join(en))
    raise OutOfBounds(amount=euros(amount), bounds=said)


def fits(proposal: ProposedDecision, room: Room) -> bool:
    """Whether the envelope holds a selection, or the reserve list has the rank."""
    if proposal.proposal is ProposedOutcome.RESERVE:
        return proposal.rank not in room.ranks
    amount = proposal.amount_cents
    return amount is None or (room.left_cents is not None and amount <= room.left_cents)


def check_room(proposal: ProposedDecision, room: Room) -> None:
    """Refuse what there is no room for, and say why."""
    if fits(proposal, room):
        return
    if proposal.proposal is ProposedOutcome.RESERVE:
        raise RankTaken(rank=proposal.rank)
    if room.left_cents is None:
        raise NoEnvelope
    raise EnvelopeExceeded(
        amount=euros(proposal.amount_cents or 0), left=euros(max(0, room.left_cents))
    )
