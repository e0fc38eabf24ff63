"""Decisions on a dossier: announced, notified with their remedies; an award that is withdrawn.

Nothing here is recorded before the results are announced. An award is withdrawn only if it is
unlawful, within four months, or where conditions are not met, the pole heard (after code des
relations entre le public et l'administration, articles L. 121-1, L. 242-1 and L. 242-2: product
rule, to be confirmed by a lawyer).
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.money import Cents, euros
from domain.period import end_of
from domain.plan_balance import Touched
from domain.span import Dated
from domain.values import Line, Prose
from domain.words import later

FOUR_MONTHS = "4 months"
"""Counted from the day of the deliberation (code des relations…, article L. 242-1)."""


class DossierOutcome(StrEnum):
    """What was decided of a dossier."""

    SELECTED = "selected"
    NOT_SELECTED = "not_selected"


class NotificationChannel(StrEnum):
    """How a decision is made known to who applied."""

    LETTER = "letter"
    REGISTERED_LETTER = "registered_letter"
    EMAIL = "email"
    HANDED_OVER = "handed_over"


class WithdrawalGround(StrEnum):
    """Why an award may be withdrawn."""

    UNLAWFUL = "unlawful"
    CONDITIONS_NOT_MET = "conditions_not_met"


# --- refusals ----------------------------------------------------------------------------------


class AlreadyDecided(Refused):
    """A dossier is decided once, unless it was reopened."""

    code = "dossier.decided"
    fr = "Le dossier {code} a déjà une décision : elle ne change qu'après une réouverture."
    en = "{code} already has a decision: it changes only after a reopening."


class NotBeforeTheCommittee(Refused):
    """What is decided was put before the committee."""

    code = "dossier.not_in_deliberation"
    fr = "Le dossier {code} n'est pas en délibération : il ne peut pas être décidé."
    en = "{code} is not in deliberation: it cannot be decided."


class NothingAwarded(Refused):
    """A selection says an amount, or a form of support (décret 2015-431, article 1)."""

    code = "dossier.nothing_awarded"
    fr = "Le dossier {code} est retenu sans montant ni forme d'appui : dites l'un ou l'autre."
    en = "{code} is selected without an amount or a form of support: say one or the other."


class NothingToNotify(Refused):
    """A decision is notified once it is announced."""

    code = "dossier.nothing_to_notify"
    fr = "Le dossier {code} n'a pas de décision à notifier à cette date."
    en = "{code} has no decision to notify on that day."


class AlreadyNotified(Refused):
    """A decision is notified once."""

    code = "dossier.notified"
    fr = "Cette décision est déjà notifiée, le {day}."
    en = "This decision was already notified on {day}."


class NotifiedBefore(Refused):
    """A letter leaves after the decision, and arrives after it left."""

    code = "dossier.notified_before"
    fr = "Une notification ne part pas avant la décision ({day}), ni n'arrive avant de partir."
    en = "A notification does not leave before the decision ({day}), nor arrive before it left."


class NoAward(Refused):
    """Only an award is withdrawn."""

    code = "dossier.no_award"
    fr = "Le dossier {code} n'a pas de soutien à retirer à cette date."
    en = "{code} has no award to withdraw on that day."


class TooLateToWithdraw(Refused):
    """An unlawful award is withdrawn within four months (product rule)."""

    code = "dossier.too_late_to_withdraw"
    fr = (
        "Un soutien illégal ne se retire que dans les quatre mois de la décision, donc jusqu'au "
        "{until} : il est acquis (règle à confirmer par un juriste)."
    )
    en = (
        "An unlawful award is withdrawn within four months of the decision only, until {until}: "
        "it is acquired (rule to be confirmed by a lawyer)."
    )


class PoleNotHeard(Refused):
    """The pole is heard before an award is withdrawn (product rule)."""

    code = "dossier.not_heard"
    fr = "Le pôle est entendu avant le retrait, après l'annonce : le {day} ne convient pas."
    en = "The pole is heard before the withdrawal, after the announcement: {day} does not do."


# --- what is remembered ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a dossier, since it was announced."""

    outcome: DossierOutcome
    amount_cents: int | None
    support: str | None
    motive: str
    session: UUID | None
    deliberated_on: date
    announced_on: date
    reserve_rank: int | None
    order: int
    withdrawn: WithdrawalGround | None = None
    """On which ground, where this is what is left of an award that was withdrawn."""
    heard_on: date | None = None
    """When the pole was heard before."""
    touches: tuple[Touched, ...] = ()
    """What that withdrawal touches, as it was known then."""


@dataclass(frozen=True, slots=True)
class Notification:
    """The letter by which a decision was made known."""

    channel: NotificationChannel
    document: UUID | None
    sent_on: date
    received_on: date | None
    remedies: str
    order: int


class Awarded(Aggregate):
    """Something on which a decision is announced."""

    code: str

    class Decided(Event):
        """The decision of the committee, as it was announced."""

        TOPIC = "dossier.decided.v1"
        UNDONE_BY = ("dossier.withdraw_award",)
        outcome: DossierOutcome
        amount_cents: Cents | None = None
        support: Line | None = None
        motive: Prose
        session: UUID | None = None
        deliberated_on: date
        reserve_rank: Annotated[int, Field(ge=1, le=10_000)] | None = None

    class Notified(Event):
        """The decision was made known to who applied, with the remedies against it."""

        TOPIC = "dossier.notified.v1"
        STATED_BY = ("dossier.notify",)
        channel: NotificationChannel
        document: UUID | None = None
        sent_on: date
        received_on: date | None = None
        remedies: Prose

    class AwardWithdrawn(Event):
        """The support that was awarded was withdrawn, the pole heard."""

        TOPIC = "dossier.award_withdrawn.v1"
        STATED_BY = ("dossier.withdraw_award",)
        BRINGS = (
            "commitment.award_withdrawn.v1",
            "project.support_withdrawn.v1",
            "single_undertaking.aid_lowered.v1",
        )
        ground: WithdrawalGround
        reasons: Prose
        heard_on: date
        touches: tuple[Touched, ...] = later(())
        """The commitments that follow it, and the conditions of others that count on those."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.decisions: list[Dated[Decision]] = []
        """As they were announced, each withdrawal being one more."""
        self.notifications: list[Dated[Notification]] = []

    def withdraw_award(
        self,
        decision: Decision,
        *,
        ground: WithdrawalGround,
        reasons: str,
        heard_on: date,
        touches: tuple[Touched, ...],
        day: date,
    ) -> None:
        """Withdraw an award, on one of two grounds, the pole heard."""
        until = end_of(FOUR_MONTHS, decision.deliberated_on, extended=False)
        if ground is WithdrawalGround.UNLAWFUL and day > until:
            raise TooLateToWithdraw(until=until)
        if not decision.announced_on <= heard_on <= day:
            raise PoleNotHeard(day=heard_on)
        self._award_withdrawn(ground=ground, reasons=reasons, heard_on=heard_on, touches=touches)

    @event(Decided)
    def _decided(
        self,
        *,
        outcome: DossierOutcome,
        amount_cents: int | None,
        support: str | None,
        motive: str,
        session: UUID | None,
        deliberated_on: date,
        reserve_rank: int | None,
    ) -> None:
        decision = Decision(
            outcome=outcome,
            amount_cents=amount_cents,
            support=support,
            motive=motive,
            session=session,
            deliberated_on=deliberated_on,
            announced_on=self.since,
            reserve_rank=reserve_rank,
            order=self.version,
        )
        self._decides(decision)

    @event(Notified)
    def _notified(
        self,
        *,
        channel: NotificationChannel,
        document: UUID | None,
        sent_on: date,
        received_on: date | None,
        remedies: str,
    ) -> None:
        told = Notification(channel, document, sent_on, received_on, remedies, self.version)
        self.notifications.append(self.dated(told))

    @event(AwardWithdrawn)
    def _award_withdrawn(
        self,
        *,
        ground: WithdrawalGround,
        reasons: str,
        heard_on: date,
        touches: tuple[Touched, ...],
    ) -> None:
        left = replace(
            self.decisions[-1].value,
            outcome=DossierOutcome.NOT_SELECTED,
            amount_cents=None,
            support=None,
            motive=reasons,
            reserve_rank=None,
            order=self.version,
            withdrawn=ground,
            heard_on=heard_on,
            touches=touches,
        )
        self._decides(left)

    def _decides(self, decision: Decision) -> None:
        # A decision has no term: it stands until another takes its place, or it is reopened.
        self.decisions.append(Dated(self.since, None, decision))


def awarded_in_words(decision: Decision) -> str:
    """What an award is made of: `45 000 €, un accompagnement`."""
    parts = [euros(decision.amount_cents)] if decision.amount_cents else []
    return ", ".join([*parts, *([decision.support] if decision.support else [])])
