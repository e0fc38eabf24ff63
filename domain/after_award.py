"""A commitment that follows an award: what becomes of it once that award is withdrawn.

Nothing more is drafted, signed, raised, claimed, approved or paid of it, whatever is decided of
the dossier later: another selection is another decision, which another commitment follows. What
was paid stays on record, and may be asked back (product rule, to be confirmed by a lawyer).
"""

from datetime import date
from uuid import UUID

from domain.award import WithdrawalGround
from domain.case import Case
from domain.errors import Refused
from domain.finality import Finality
from domain.kernel import Event, event
from domain.recording import must_have_happened
from domain.values import Prose


class AwardIsWithdrawn(Refused):
    """Nothing more is promised or paid upon a decision that is withdrawn."""

    code = "commitment.award_withdrawn"
    fr = (
        "Le soutien dont cet engagement financier découle a été retiré, avec effet le {day} : rien "
        "n'en est plus rédigé, signé, augmenté, demandé, approuvé ni payé. Ce qui est payé peut "
        "être réclamé ; un dossier retenu de nouveau demande un nouvel engagement financier."
    )
    en = (
        "The award that this commitment follows was withdrawn, as of {day}: nothing more of it is "
        "drafted, signed, raised, claimed, approved or paid. What was paid may be asked back; a "
        "dossier that is selected again needs a new commitment."
    )


class AfterAward(Case):
    """A commitment as what follows an award, as long as that stands."""

    class AwardWithdrawn(Event):
        """The award that it follows was withdrawn: nothing more is promised or paid of it."""

        TOPIC = "commitment.award_withdrawn.v1"
        UNDONE_BY = Finality.CONSEQUENCE
        ground: WithdrawalGround
        reasons: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.award_withdrawn_on: date | None = None
        """From which day on, where the award that it follows was withdrawn."""

    def lose_award(self, *, ground: WithdrawalGround, reasons: str) -> None:
        """Say that the award it follows is withdrawn; once it is, it is for good."""
        must_have_happened()
        if self.award_withdrawn_on is None:
            self._award_withdrawn(ground=ground, reasons=reasons)

    def has_lost_its_award(self, day: date) -> bool:
        """Whether the award that it follows is withdrawn, as of a day."""
        return self.award_withdrawn_on is not None and self.award_withdrawn_on <= day

    def must_keep_its_award(self, day: date, *, once: bool = False) -> None:
        """Refuse what is done upon an award that is withdrawn.

        Args:
            once: whether it happened whatever is known now: what was paid before the withdrawal
                took effect is recorded even after it; nothing is decided of those days any more.
        """
        lost = self.award_withdrawn_on
        if lost is not None and (not once or lost <= day):
            raise AwardIsWithdrawn(day=lost)

    @event(AwardWithdrawn)
    def _award_withdrawn(self, *, ground: WithdrawalGround, reasons: str) -> None:
        self.award_withdrawn_on = self.since
