"""Financial commitments: one funder, one beneficiary, one decision, and what became of it.

Never an undertaking of a charter: that is `domain.undertaking`. Amounts are whole cents; on any
day paid ≤ approved ≤ agreed, and recovered + waived ≤ ordered ≤ paid.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import override

from domain import case
from domain.case import Read
from domain.dates import PartialDate
from domain.errors import Invalid, NotFound, Refused
from domain.kernel import Event, event
from domain.money import Cents
from domain.organisation import Organisation
from domain.period import DAY
from domain.recording import must_have_happened, recording
from domain.reporting import PUBLISHED_ABOVE, Reporting, ReportKind, ReportStanding
from domain.running import Running
from domain.values import Frozen, Line, Prose
from domain.words import Stored
from domain.workflow import Step

CommitmentId = NewType("CommitmentId", UUID)
CommitmentCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
"""The code of its pole and its number: `tetris-engagement-1`."""

OVER = frozenset({"closed", "abandoned"})
"""The states in which nothing of it is open any more."""

STOPPED = frozenset({*OVER, "terminated", "recovery"})
"""The states in which nothing more is paid."""

UNSIGNED = frozenset({"decided", "convention_drafted"})
"""The states in which nobody is bound by it yet."""

CER_FROM = date(2022, 1, 2)
"""Applications from that day on ask for a contrat d'engagement républicain (décret 2021-1947)."""


class SupportKind(StrEnum):
    """What is given (décret n° 2015-431, art. 1)."""

    MONEY = "money"
    IN_KIND = "in_kind"


class Regime(StrEnum):
    """Under which rules of State aid it is given."""

    NONE = "none"
    DE_MINIMIS = "de_minimis"
    SGEI_DE_MINIMIS = "sgei_de_minimis"
    OTHER = "other"


COUNTED = frozenset({Regime.DE_MINIMIS, Regime.SGEI_DE_MINIMIS})
"""The regimes under which what is granted counts against a ceiling."""


# --- facts, as the clauses of journeys name them --------------------------------------------------


class ConventionFacts(Frozen):
    drafted: bool
    signed: bool
    needed: bool
    """Above 23 000 € (loi n° 2000-321, art. 10), and whatever follows a call of the State."""
    terms_told: bool
    """Whether it says how the project is evaluated and followed up, and who pays for it."""
    cer_expected: bool
    cer: bool
    eve_of_end: date | None
    """The day before its last one, from which the end of the period is counted."""


class MoneyFacts(Frozen):
    """Amounts in cents."""

    agreed: int
    approved: int
    paid: int
    justified: int
    ordered: int
    to_recover: int
    """Ordered, neither recovered nor waived."""


class TrancheFacts(Frozen):
    open: int
    """Neither paid nor cancelled."""


class ReportFacts(Frozen):
    """Of each year of the support."""

    financial_accepted: bool
    activity_accepted: bool
    accounts_accepted: bool
    owed_since: date | None
    """The end of the first year of which no financial report is given."""


class DataFacts(Frozen):
    owed_since: date | None
    """The signature, as long as the essential data are to be published and were not."""


class ThirdPartyFacts(Frozen):
    foreseen: bool
    """Whether a third-party evaluation of the pole is planned or was received."""


class CommitmentFacts(Frozen):
    """Everything a clause of a commitment's journey may ask about."""

    in_kind: bool
    of_dossier: bool
    convention: ConventionFacts
    money: MoneyFacts
    tranches: TrancheFacts
    reports: ReportFacts
    data: DataFacts
    third_party: ThirdPartyFacts


# --- refusals -----------------------------------------------------------------------------------


class UnknownCommitment(NotFound):
    """There is no such commitment."""

    code = "commitment.unknown"
    fr = "Aucun engagement financier ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No commitment is called “{name}”: give its code, or its identity."


class OneKindOfSupport(Invalid):
    """Money has an amount; what is given in kind has a value, and words."""

    code = "commitment.support"
    fr = "{reason}"
    en = "{reason}"


class RegimeUnnamed(Invalid):
    """Another regime is named."""

    code = "commitment.regime"
    fr = "Un autre régime d'aide se nomme : dites lequel (« regime_words »)."
    en = "Another State-aid regime is named: say which (“regime_words”)."


class WithdrewAlready(Refused):
    """A funder withdraws once."""

    code = "commitment.withdrew_already"
    fr = "Le financeur s'est déjà retiré, le {day}."
    en = "The funder has already withdrawn, on {day}."


# --- the aggregate ------------------------------------------------------------------------------


class Commitment(Reporting, concept="commitment"):
    """What one funder promised to one beneficiary, and everything done about it."""

    class Decided(case.Entered):
        """The funder decided; nobody is bound by a convention yet."""

        TOPIC = "commitment.decided.v1"
        STATED_BY = ("commitment.decide",)
        code: CommitmentCode
        pole: UUID
        project: UUID | None = None
        dossier: UUID | None = None
        funder: Organisation
        beneficiary: Organisation
        object: Line
        support_kind: SupportKind
        agreed_cents: Cents | None = None
        value_cents: Cents | None = None
        """Of what is given in kind: what it is worth; it is never added to money."""
        words: Prose | None = None
        regime: Regime = Regime.NONE
        regime_words: Line | None = None
        granted_on: date

    class FunderWithdrew(Event):
        """The funder gives up what it has not paid."""

        TOPIC = "commitment.funder_withdrew.v1"
        STATED_BY = ("commitment.funder_withdraws",)
        BRINGS = ("commitment.tranche_cancelled.v1", "single_undertaking.aid_lowered.v1")
        reasons: Prose

    ENTERS = Decided

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.pole = UUID(int=0)
        self.project: UUID | None = None
        self.dossier: UUID | None = None
        self.object = ""
        self.support_kind = SupportKind.MONEY
        self.value_cents = 0
        self.words: str | None = None
        self.regime = Regime.NONE
        self.regime_words: str | None = None
        self.funder = Organisation.model_construct(name="")
        self.withdrawn_on: date | None = None

    # Decisions.

    @classmethod
    def decide(
        cls,
        *,
        code: str,
        pole: UUID,
        project: UUID | None,
        dossier: UUID | None,
        funder: Organisation,
        beneficiary: Organisation,
        object: str,  # noqa: A002  # the word of the law
        support_kind: SupportKind,
        agreed: int | None,
        value: int | None,
        words: str | None,
        regime: Regime,
        regime_words: str | None,
        granted_on: date,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "Commitment":
        """Promise money, or something in kind, to one beneficiary."""
        must_have_happened()
        _one_kind_of_support(support_kind, agreed, value, words)
        if regime in COUNTED and not (agreed or value):
            reason = "Une aide « de minimis » en nature se compte pour ce qu'elle vaut (« value »)."
            raise OneKindOfSupport(reason=reason)
        if regime is Regime.OTHER and not regime_words:
            raise RegimeUnnamed
        made = cls.new()
        made._decided(
            code=code,
            pole=pole,
            project=project,
            dossier=dossier,
            funder=funder,
            beneficiary=beneficiary,
            object=object,
            support_kind=support_kind,
            agreed_cents=agreed,
            value_cents=value,
            words=words,
            regime=regime,
            regime_words=regime_words,
            granted_on=granted_on,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    def withdraw_funder(self, *, reasons: str, day: date) -> None:
        """Give up what is not paid: every open tranche is cancelled."""
        must_have_happened()
        if self.withdrawn_on:
            raise WithdrewAlready(day=self.withdrawn_on)
        self.main.standing_on(day)
        self._funder_withdrew(reasons=reasons)
        self.cancel_open(reasons=reasons, day=day)

    @override
    def move(self, step: Step, *, journey: str, occurred_on: PartialDate) -> None:
        self.must_stop_after_flows(occurred_on.first_day or recording().since, state=step.to)
        super().move(step, journey=journey, occurred_on=occurred_on)

    # What is known on a day.

    @property
    def number(self) -> int:
        """Which of the commitments to its pole it is, as its code says."""
        told = self.code.rpartition("-")[2]
        return int(told) if told.isdigit() else 0

    def is_open_on(self, day: date) -> bool:
        """Whether something of it is still to come on a day."""
        state = self.state_on(day)
        return state is not None and state not in OVER

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """The pole it is about, who funds it, and the dossier it comes from."""
        come_from = {f"dossier:{self.dossier}"} if self.dossier else set()
        return self.funder.relations.union({f"pole:{self.pole}"}, come_from)

    @override
    def facts_on(self, day: date, read: Read) -> CommitmentFacts:
        """What the clauses may ask, as it was on a day."""
        accepted = ReportStanding.ACCEPTED
        ordered = self.ordered_on(day)
        return CommitmentFacts(
            in_kind=self.support_kind is SupportKind.IN_KIND,
            of_dossier=self.dossier is not None,
            convention=self._convention_facts(day),
            money=MoneyFacts(
                agreed=self.agreed_on(day),
                approved=self.approved_on(day),
                paid=self.paid_on(day),
                justified=self.justified_on(day),
                ordered=ordered,
                to_recover=ordered - self.recovered_on(day) - self.waived_on(day),
            ),
            tranches=TrancheFacts(open=sum(t.is_open for t in self.tranches_on(day).values())),
            reports=ReportFacts(
                financial_accepted=self.wants_on(ReportKind.FINANCIAL, day, accepted) is None,
                activity_accepted=self.wants_on(ReportKind.ACTIVITY, day, accepted) is None,
                accounts_accepted=self.wants_on(ReportKind.ACCOUNTS, day, accepted) is None,
                owed_since=self.report_owed_since(day),
            ),
            data=DataFacts(owed_since=self.data_owed_since(day)),
            third_party=ThirdPartyFacts(foreseen=self._third_party_foreseen(day, read)),
        )

    def _convention_facts(self, day: date) -> ConventionFacts:
        text = self.convention_on(day)
        signing = text.signing if text else None
        is_association = bool(self._beneficiaries) and self.beneficiary_on(day).rna is not None
        above = self.agreed_on(day) > PUBLISHED_ABOVE
        return ConventionFacts(
            drafted=text is not None,
            signed=signing is not None,
            needed=above or self.dossier is not None,
            terms_told=text is not None and text.terms.are_whole,
            cer_expected=is_association and self.granted_on >= CER_FROM,
            cer=bool(signing and signing.cer),
            eve_of_end=text.ends_on - DAY if text else None,
        )

    def _third_party_foreseen(self, day: date, read: Read) -> bool:
        # Both know poles, which know of commitments: they are imported once all are there.
        from domain.evaluation import Evaluation, RoundKind
        from domain.pole import Pole

        if self.pole.int == 0:  # before it is decided
            return False
        attached = read(Pole, self.pole).attached.items()
        rounds = (read(Evaluation, id_) for id_, concept in attached if concept == "evaluation")
        return any(
            one.round_kind is RoundKind.THIRD_PARTY and one.state_on(day) not in (None, "abandoned")
            for one in rounds
        )

    # What is remembered.

    @event(Decided)
    def _decided(
        self,
        *,
        code: str,
        pole: UUID,
        project: UUID | None,
        dossier: UUID | None,
        funder: Organisation,
        beneficiary: Organisation,
        object: str,  # noqa: A002  # the word of the law
        support_kind: SupportKind,
        agreed_cents: int | None,
        value_cents: int | None,
        words: str | None,
        regime: Regime,
        regime_words: str | None,
        granted_on: date,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.code = code
        self.pole = pole
        self.project = project
        self.dossier = dossier
        self.funder = funder
        self.object = object
        self.support_kind = support_kind
        self.value_cents = value_cents or 0
        self.words = words
        self.regime = regime
        self.regime_words = regime_words
        self.granted_on = granted_on
        self._beneficiaries.append(Running(self.since, self.version, beneficiary))
        if agreed_cents:
            self._agree(agreed_cents)
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)

    @event(FunderWithdrew)
    def _funder_withdrew(self, *, reasons: str) -> None:
        self.withdrawn_on = self.since


def _one_kind_of_support(
    kind: SupportKind, agreed: int | None, value: int | None, words: str | None
) -> None:
    if kind is SupportKind.MONEY and not agreed:
        raise OneKindOfSupport(reason="Un engagement en argent demande un montant (« amount »).")
    if kind is SupportKind.MONEY and value:
        reason = "La valeur (« value ») ne se donne que pour un apport en nature."
        raise OneKindOfSupport(reason=reason)
    if kind is SupportKind.IN_KIND and (agreed or not words):
        reason = "Un apport en nature n'a pas de montant : dites ce qu'il est (« words ») et ce "
        reason += "qu'il vaut (« value »)."
        raise OneKindOfSupport(reason=reason)
