"""What the commitments that follow a dossier come to: what was announced for it, no more."""

from datetime import date
from uuid import UUID

from application.command import Work
from domain.award import DossierOutcome
from domain.case import Read
from domain.commitment import STOPPED, UNSIGNED, Commitment
from domain.dossier import Dossier
from domain.errors import Refused
from domain.money import euros
from domain.pole import Pole
from domain.tranche import FLOWING


class NotAnnounced(Refused):
    """Nothing is promised on a result before its announcement, nor on one that is no award."""

    code = "commitment.not_announced"
    fr = (
        "Aucune décision annoncée ne retient le dossier {dossier} le {day} : "
        "un engagement financier ne se prend qu'après l'annonce."
    )
    en = "No announced decision selects the dossier {dossier} on {day}: a commitment comes after."


class AwardStandsNoMore(Refused):
    """Nothing is promised, even for a day of the past, on a decision that holds no longer."""

    code = "commitment.award_stands_no_more"
    fr = (
        "Ce qui avait été décidé du dossier {dossier} et valait le {day} ne vaut plus : aucun "
        "engagement financier ne s'enregistre plus sur cette décision."
    )
    en = (
        "What had been decided of the dossier {dossier}, and held on {day}, holds no longer: no "
        "commitment is recorded on that decision any more."
    )


class ExceedsAward(Refused):
    """Commitments after a dossier come to no more than what was decided."""

    code = "commitment.exceeds_award"
    fr = "{asked} dépassent ce qui reste de la somme décidée pour le dossier {dossier} : {left}."
    en = "{asked} is more than what is left of the sum decided for the dossier {dossier}: {left}."


def commitments_to(pole: Pole) -> list[UUID]:
    """The commitments to a pole, in the order in which they were recorded."""
    return [id_ for id_, concept in pole.attached.items() if concept == "commitment"]


def must_be_awarded(work: Work, dossier: Dossier, amount: int, *, but: UUID | None = None) -> None:
    """Refuse what no announced decision covers: commitments after it come to no more.

    Args:
        but: a commitment that is not counted, since it is the one that changes.
    """
    decision, last = dossier.decision_on(work.day), dossier.decision_on(date.max)
    if decision is None or decision.outcome is not DossierOutcome.SELECTED:
        raise NotAnnounced(dossier=dossier.code, day=work.day)
    if last is None or last.order != decision.order:
        raise AwardStandsNoMore(dossier=dossier.code, day=work.day)
    others = [one for one in following(work.get, dossier) if one.id != but]
    left = (decision.amount_cents or 0) - sum(map(_taken, others))
    if amount > left:
        raise ExceedsAward(asked=euros(amount), dossier=dossier.code, left=euros(left))


def _taken(commitment: Commitment) -> int:
    """What a commitment takes of what was decided of its dossier, with all that is known of it.

    What was approved before an award was withdrawn may have been paid, and be recorded later.
    """
    promise = standing_promise(commitment)
    is_lost = commitment.award_withdrawn_on is not None
    return max(promise, commitment.approved_on(date.max)) if is_lost else promise


def promised_to(read: Read, dossier: Dossier, *, day: date = date.max) -> int:
    """What the commitments that follow a dossier keep of the envelope of its call.

    Of one whose award was withdrawn, the whole, until its funder ends it: only then is it sure that
    nothing more of it is paid.
    """
    return sum(
        commitment.paid_on(day) if is_ended(commitment, day) else commitment.agreed_on(day)
        for commitment in following(read, dossier)
    )


def standing_promise(commitment: Commitment, day: date = date.max) -> int:
    """What a commitment still stands for: once it is over, what was paid and nothing more.

    So it is once its funder has withdrawn, or the award that it follows is withdrawn.
    """
    return commitment.paid_on(day) if is_given_up(commitment, day) else commitment.agreed_on(day)


def is_given_up(commitment: Commitment, day: date) -> bool:
    """Whether nothing more will be paid of a commitment, as of a day."""
    return is_ended(commitment, day) or commitment.has_lost_its_award(day)


def is_ended(commitment: Commitment, day: date) -> bool:
    """Whether its funder ended a commitment: it is over, or the funder has withdrawn."""
    withdrawn = commitment.withdrawn_on
    return commitment.state_on(day) in STOPPED or (withdrawn is not None and withdrawn <= day)


def is_flowing(commitment: Commitment, day: date) -> bool:
    """Whether something may be paid of a commitment, as of a day."""
    return commitment.state_on(day) in FLOWING and not commitment.has_lost_its_award(day)


def is_never_given(commitment: Commitment, day: date) -> bool:
    """Whether what was decided was given up before anybody was bound by it."""
    state = commitment.state_on(day)
    return state == "abandoned" or (state in UNSIGNED and is_given_up(commitment, day))


def following(read: Read, dossier: Dossier) -> list[Commitment]:
    """The commitments that follow a dossier, in the order in which they were recorded."""
    known = (read(Commitment, id_) for id_ in commitments_to(read(Pole, dossier.pole)))
    return [one for one in known if one.dossier == dossier.id]


def losing(read: Read, dossier: Dossier) -> list[Commitment]:
    """The commitments that lose their award if that of a dossier is withdrawn.

    One that was abandoned has nothing to lose; one that lost an earlier award has lost it for good.
    """
    return [
        one
        for one in following(read, dossier)
        if one.award_withdrawn_on is None and one.state_on(date.max) != "abandoned"
    ]
