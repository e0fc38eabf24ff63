"""What is announced of a dossier: decided once, made known, taken back, or undone later."""

from datetime import date
from uuid import UUID

from domain.award import (
    AlreadyDecided,
    AlreadyNotified,
    Awarded,
    Decision,
    DossierOutcome,
    NoAward,
    NotBeforeTheCommittee,
    NothingAwarded,
    NothingToNotify,
    Notification,
    NotificationChannel,
    NotifiedBefore,
    WithdrawalGround,
)
from domain.case import Case
from domain.dossier_states import CLOSED, DELIBERATION, INELIGIBLE, OVER, REFUSED
from domain.plan_balance import Touched
from domain.span import in_force
from domain.track import Stay


class Settled(Case, Awarded):
    """A dossier as what was announced of it, and what of that stands."""

    # Decisions.

    def decide(
        self,
        *,
        outcome: DossierOutcome,
        amount: int | None,
        support: str | None,
        motive: str,
        session: UUID | None,
        deliberated_on: date,
        reserve_rank: int | None,
        day: date,
    ) -> None:
        """Record the decision that is announced: once, unless the dossier was reopened since."""
        if self.decision_on(date.max) is not None:
            raise AlreadyDecided(code=self.code)
        if {self.state_on(day), self.state_on(date.max)} != {DELIBERATION}:
            raise NotBeforeTheCommittee(code=self.code)
        is_selected = outcome is DossierOutcome.SELECTED
        if is_selected and not (amount or support):
            raise NothingAwarded(code=self.code)
        self._decided(
            outcome=outcome,
            amount_cents=amount if is_selected else None,
            support=support if is_selected else None,
            motive=motive,
            session=session,
            deliberated_on=deliberated_on,
            reserve_rank=reserve_rank,
        )

    def notify(
        self,
        *,
        channel: NotificationChannel,
        document: UUID | None,
        sent_on: date,
        received_on: date | None,
        remedies: str,
        day: date,
    ) -> None:
        """Record the letter by which what was decided is made known, once a decision."""
        settled = self.settled_on(day)
        if settled is None:
            raise NothingToNotify(code=self.code)
        since, _ = settled
        told = self.notification_on(day) or self.notification_on(date.max)
        if told is not None:
            raise AlreadyNotified(day=told.sent_on)
        if sent_on < since or (received_on and received_on < sent_on):
            raise NotifiedBefore(day=since)
        self._notified(
            channel=channel,
            document=document,
            sent_on=sent_on,
            received_on=received_on,
            remedies=remedies,
        )

    def take_back(
        self,
        *,
        ground: WithdrawalGround,
        reasons: str,
        heard_on: date,
        touches: tuple[Touched, ...] = (),
        day: date,
    ) -> Decision:
        """Withdraw what was awarded; the answer is the award that was.

        Args:
            touches: the commitments and conditions that this touches, as it is known.
        """
        decision = self.decision_on(day)
        if decision is None or decision.outcome is not DossierOutcome.SELECTED:
            raise NoAward(code=self.code)
        self.withdraw_award(
            decision, ground=ground, reasons=reasons, heard_on=heard_on, touches=touches, day=day
        )
        return decision

    # What is known on a day.

    def reopened_on(self, day: date) -> int:
        """The event by which it was last reopened, as of a day; 0 where it was not."""
        return max((stay.order for stay in self._reopenings(day)), default=0)

    def reopened_since(self, decision: Decision, day: date) -> date | None:
        """When it was first reopened after a decision, as of a day; `None` where it was not."""
        after = (stay for stay in self._reopenings(day) if stay.order > decision.order)
        return min((stay.since for stay in after), default=None)

    def _reopenings(self, day: date) -> list[Stay]:
        known = self.main.states if self.tracks else ()  # none before it is drafted
        return [
            stay
            for stay in known
            if stay.since <= day and stay.came_from in REFUSED and stay.value not in OVER
        ]

    def decision_on(self, day: date) -> Decision | None:
        """What is announced of it and stands on a day; `None` before, and once it is reopened."""
        found = in_force(self.decisions, day)
        return found if found and found.order > self.reopened_on(day) else None

    @property
    def outcome(self) -> DossierOutcome | None:
        """What stands of it, as far as anything was announced."""
        found = self.decision_on(date.max)
        return found.outcome if found else None

    def is_before_the_committee(self, day: date) -> bool:
        """Whether a session may decide of it on a day: it was before the committee then.

        What a committee decided of a dossier that ended since without a decision is still told;
        what was announced, or reopened, since that day is decided no more by an earlier one.
        """
        if self.state_on(day) != DELIBERATION:
            return False
        now = self.state_on(date.max)
        return now == DELIBERATION or (now in OVER and self.decision_on(date.max) is None)

    def is_undone(self, session: UUID, after: int | None, day: date = date.max) -> bool:
        """Whether what a session decided of it holds no longer, on a day or for good.

        It was announced, and withdrawn or reopened since; or the dossier ended without a decision.

        Args:
            after: the event by which it was last reopened when the session decided; `None` where
                that was not recorded.
        """
        stands = self.decision_on(day)
        if stands is None:
            known = [told for told in self.decisions if told.since <= day]
            is_announced = any(told.value.session == session for told in known)
            is_reopened = after is not None and after < self.reopened_on(day)
            return self.state_on(day) in OVER or is_announced or is_reopened
        return stands.session != session or stands.withdrawn is not None

    def settled_on(self, day: date) -> tuple[date, int] | None:
        """Since when, and by which event, what is to be notified of it stands on a day."""
        decision = self.decision_on(day)
        if decision:
            known = next(d for d in reversed(self.decisions) if d.value is decision)
            return known.since, decision.order
        stay = self.main.stay_on(day)
        return stay.place if stay and stay.value in (INELIGIBLE, CLOSED) else None

    def notification_on(self, day: date) -> Notification | None:
        """The letter by which what stands on a day was made known."""
        settled, told = self.settled_on(day), in_force(self.notifications, day)
        return told if settled and told and told.order > settled[1] else None
