"""What is asked of one commitment: both sides of it, on one page.

On one side what the funder promised: decision, convention, conditions, tranches, amounts, reports,
deadlines. On the other what the pole undertook, by its charters, with due dates and evidence.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from application.absent import absent
from application.case_sheet import deadlines_of
from application.condition import need_in_words
from application.deadline import DeadlineLine
from application.given_in_words import StepGiven
from application.history_line import HistoryLine, named_in
from application.ledger import amounts_on as in_ledger
from application.ledger import is_late, late_tranches
from application.suspension import SuspensionLine, suspensions, why_it_stands
from application.undertaking_sheet import SupportingDocument, UndertakingSheet, undertaking_sheet
from application.wording import WORDS
from application.world import Moment, World
from domain.case import Case
from domain.charter import CharterSignature
from domain.commitment import UNSIGNED, Commitment, Regime, SupportKind, UnknownCommitment
from domain.condition import ConditionKind, ConditionStanding, ConditionState
from domain.convention import Convention
from domain.dates import PartialDate, day_in_words
from domain.document import Document
from domain.dossier import Dossier
from domain.errors import NotFound
from domain.kernel import Event
from domain.organisation import Organisation
from domain.pole import Pole
from domain.project import Project
from domain.recovery import Instalment, RecoveryCause
from domain.reporting import ReportKind, ReportStanding
from domain.tranche import FLOWING, SUSPENDED, TrancheKind, TrancheStanding, TrancheState
from domain.undertaking import Bound, Towards, UndertakingStanding
from domain.values import Frozen


class AmountLines(Frozen):
    """Every amount of a commitment, in cents, as the fold of its events gives it on the day."""

    agreed_cents: int
    promised_cents: int
    given_up_cents: int
    """Of what was agreed, what is still promised or was paid, and what never will be."""
    value_cents: int
    """Of what is given in kind; never added to money."""
    approved_cents: int
    paid_cents: int
    justified_cents: int
    ordered_cents: int
    recovered_cents: int
    waived_cents: int
    due_cents: int
    held_cents: int
    """Approved and not paid: what nothing keeps back, and what something does."""
    late_cents: int
    to_recover_cents: int
    """Asked back, and neither come back nor given up."""


class CommitmentConditionLine(Frozen):
    """A condition: what it needs, where it stands, what was said of it."""

    id: str
    title: str
    kind: ConditionKind
    needs: str
    tranches: tuple[str, ...]
    due: date | None
    late: bool
    standing: ConditionStanding
    since: date | None
    words: str | None
    value: int | None
    documents: tuple[SupportingDocument, ...]
    reasons: str | None


class TrancheLine(Frozen):
    """A tranche: where it stands, and what blocks it."""

    id: str
    title: str
    kind: TrancheKind
    due_on: date | None
    late: bool
    """Whether its planned day is over, and nothing said keeps it from being paid."""
    planned_cents: int
    claimed_cents: int
    approved_cents: int
    paid_cents: int
    standing: TrancheStanding
    since: date | None
    reference: str | None
    reasons: str | None
    blocked_by: tuple[str, ...]
    """A sentence for each thing that keeps it from being paid; none of one that is over."""


class ConventionLine(Frozen):
    """The convention as it reads on the day."""

    reference: str
    starts_on: date
    ends_on: date
    years: tuple[int, ...]
    drafted_on: date
    signed_on: date | None
    funder_signatory: str | None
    beneficiary_signatory: str | None
    cer: bool | None
    amendments: int
    evaluation: str | None
    evaluation_paid_by: str | None
    follow_up: str | None
    follow_up_paid_by: str | None


class ReportLine(Frozen):
    """A report of a year that is expected, and where it stands; nothing, where none was given."""

    report_kind: ReportKind
    year: int
    standing: ReportStanding | None
    document: SupportingDocument | None
    reasons: str | None


class RecoveryLine(Frozen):
    """A recovery: what was asked back, what came, what is late."""

    number: int
    cause: RecoveryCause
    reasons: str
    ordered_on: date
    ordered_cents: int
    received_cents: int
    waived_cents: int
    left_cents: int
    overdue_cents: int
    instalments: tuple[Instalment, ...]


class PoleUndertakingLine(Frozen):
    """What the pole undertook to do, on the other side of the page."""

    id: UUID
    words: str
    towards: Towards
    standing: UndertakingStanding | None
    due: date | None
    late: bool
    documents: tuple[SupportingDocument, ...]
    """What it reported it with."""


class CommitmentSheet(Frozen):
    """Everything shown of one commitment."""

    id: UUID
    code: str
    pole: UUID
    pole_code: str
    pole_name: str
    project: UUID | None
    project_title: str | None
    dossier: UUID | None
    dossier_code: str | None
    funder: Organisation
    beneficiary: Organisation
    """The present one."""
    beneficiaries: tuple[Organisation, ...]
    """Everybody it was given to, the first one first."""
    object: str
    support_kind: SupportKind
    words: str | None
    """Of what is given in kind."""
    regime: Regime
    regime_words: str | None
    granted_on: date
    stage: str
    stage_title: str
    stage_on: PartialDate
    stage_given: tuple[StepGiven, ...]
    """What was said of the step to its stage; a suspension and its end are among `suspensions`."""
    suspensions: tuple[SuspensionLine, ...]
    journey: str
    journey_source: tuple[str, ...]
    withdrawn_on: date | None
    """Since when the funder has withdrawn."""
    award_withdrawn_on: date | None
    """Since when the award that it follows is withdrawn: nothing more of it is signed or paid."""
    siret_in_doubt_since: date | None
    amounts: AmountLines
    convention: ConventionLine | None
    conditions: tuple[CommitmentConditionLine, ...]
    conditions_met: int
    tranches: tuple[TrancheLine, ...]
    next_tranche: str | None
    """The first that is neither paid nor cancelled; none once the award is withdrawn."""
    reports: tuple[ReportLine, ...]
    recoveries: tuple[RecoveryLine, ...]
    essential_data_published_on: date | None
    deadlines: tuple[DeadlineLine, ...]
    undertakings: tuple[PoleUndertakingLine, ...]

    @property
    def by_decision_alone(self) -> bool:
        """Whether it is granted without a convention, which nobody has to draft any more."""
        return self.convention is None and self.stage not in {*UNSIGNED, "abandoned"}


def commitment_at(world: World, id_: UUID, moment: Moment) -> Commitment:
    """A commitment as it was known then; refused where it was not decided yet on the day."""
    found = world.load(Commitment, id_, moment.known)
    if found is None:
        raise absent(world, id_, UnknownCommitment(name=id_), moment.known)
    found.main.standing_on(moment.in_force)
    return found


def commitment_sheet(world: World, id_: UUID, moment: Moment) -> CommitmentSheet:
    """The sheet of a commitment as known then, in force on that day."""
    found, day = commitment_at(world, id_, moment), moment.in_force
    pole = world.load(Pole, found.pole, moment.known)
    if pole is None:
        raise NotFound(name=found.pole)
    project = world.load(Project, found.project, moment.known) if found.project else None
    dossier = world.load(Dossier, found.dossier, moment.known) if found.dossier else None
    conditions = found.conditions_on(day)
    lost = found.has_lost_its_award(day)
    open_ = [name for name, state in found.tranches_on(day).items() if state.is_open and not lost]
    return CommitmentSheet(
        id=found.id,
        code=found.code,
        pole=pole.id,
        pole_code=pole.code,
        pole_name=pole.name_on(day),
        project=found.project,
        project_title=project.title if project else None,
        dossier=found.dossier,
        dossier_code=dossier.code if dossier else None,
        funder=found.funder,
        beneficiary=found.beneficiary_on(day),
        beneficiaries=found.beneficiaries_on(day),
        object=found.object,
        support_kind=found.support_kind,
        words=found.words,
        regime=found.regime,
        regime_words=found.regime_words,
        granted_on=found.granted_on,
        **_standing(world, found, day),
        stage_given=why_it_stands(world, found, moment),
        suspensions=tuple(suspensions(world, found, moment)),
        withdrawn_on=_by(found.withdrawn_on, day),
        award_withdrawn_on=_by(found.award_withdrawn_on, day),
        siret_in_doubt_since=found.siret_in_doubt_on(day),
        amounts=amounts_on(found, day),
        convention=_convention(found.convention_on(day)),
        conditions=tuple(_condition(world, found, c, moment) for c in conditions.values()),
        conditions_met=sum(state.is_met for state in conditions.values()),
        tranches=tuple(_tranche(found, state, day) for state in found.tranches_on(day).values()),
        next_tranche=next(iter(open_), None),
        reports=tuple(_reports(world, found, moment)),
        recoveries=tuple(_recoveries(found, day)),
        essential_data_published_on=found.published_on(day),
        deadlines=deadlines_of(world, "commitment", found.id, moment),
        undertakings=tuple(_undertakings(world, pole, moment)),
    )


def amounts_on(found: Commitment, day: date) -> AmountLines:
    """Every amount of a commitment on a day."""
    counted = in_ledger(found, day)
    return AmountLines(
        agreed_cents=found.agreed_on(day),
        promised_cents=counted.promised_cents,
        given_up_cents=counted.given_up_cents,
        value_cents=found.value_cents,
        approved_cents=found.approved_on(day),
        paid_cents=found.paid_on(day),
        justified_cents=found.justified_on(day),
        ordered_cents=found.ordered_on(day),
        recovered_cents=found.recovered_on(day),
        waived_cents=found.waived_on(day),
        due_cents=counted.due_cents,
        held_cents=counted.held_cents,
        late_cents=counted.late_cents,
        to_recover_cents=counted.to_recover_cents,
    )


@named_in("commitment")
def _with_titles(world: World, found: Case, line: HistoryLine, moment: Moment) -> HistoryLine:
    """A tranche and a condition are named by their titles, and not by their codes."""
    told = world.fact(line.event_id)
    if told is None or not isinstance(found, Commitment):
        return line
    code, title = _about(found, told.event, moment.in_force)
    if title is None or not line.detail.startswith(code):
        return line
    return line.model_copy(update={"detail": f"{title}{line.detail.removeprefix(code)}"})


def _about(found: Commitment, event: Event, day: date) -> tuple[str, str | None]:
    """The code of the tranche or the condition that an event tells of, and its title."""
    match event:
        case (
            Commitment.TrancheClaimed(tranche=code)
            | Commitment.TrancheHeld(tranche=code)
            | Commitment.TrancheReleased(tranche=code)
            | Commitment.TrancheApproved(tranche=code)
            | Commitment.TranchePaid(tranche=code)
            | Commitment.TrancheCancelled(tranche=code)
        ):
            tranche = found.tranches_on(day).get(code)
            return code, tranche.plan.title if tranche else None
        case (
            Commitment.ConditionReported(condition=code) | Commitment.ConditionFound(condition=code)
        ):
            condition = found.conditions_on(day).get(code)
            return code, condition.condition.title if condition else None
        case _:
            return "", None


def _standing(world: World, found: Commitment, day: date) -> dict[str, Any]:
    stay = found.main.standing_on(day)
    journey = world.compiled(found.main.journey_on(day) or found.journey).journey
    state = journey.state.get(stay.value)
    return {
        "stage": stay.value,
        "stage_title": (state.title.fr if state else "") or stay.value,
        "stage_on": stay.occurred_on,
        "journey": journey.ref,
        "journey_source": journey.source,
    }


def _by(since: date | None, day: date) -> date | None:
    return since if since and since <= day else None


def _convention(text: Convention | None) -> ConventionLine | None:
    if text is None:
        return None
    signing, terms = text.signing, text.terms
    return ConventionLine(
        reference=text.reference,
        starts_on=text.starts_on,
        ends_on=text.ends_on,
        years=text.years,
        drafted_on=text.drafted_on,
        signed_on=signing.on if signing else None,
        funder_signatory=signing.funder if signing else None,
        beneficiary_signatory=signing.beneficiary if signing else None,
        cer=signing.cer if signing else None,
        amendments=text.amendments,
        evaluation=terms.evaluation,
        evaluation_paid_by=terms.evaluation_paid_by,
        follow_up=terms.follow_up,
        follow_up_paid_by=terms.follow_up_paid_by,
    )


def _condition(
    world: World, found: Commitment, state: ConditionState, moment: Moment
) -> CommitmentConditionLine:
    named = state.condition
    return CommitmentConditionLine(
        id=named.id,
        title=named.title,
        kind=named.kind,
        needs=need_in_words(named),
        tranches=named.tranches,
        due=named.due,
        late=is_late(found, state, moment.in_force),
        standing=state.standing,
        since=state.since,
        words=state.words,
        value=state.value,
        documents=tuple(_document(world, id_, moment) for id_ in state.documents),
        reasons=state.reasons,
    )


def _tranche(found: Commitment, state: TrancheState, day: date) -> TrancheLine:
    return TrancheLine(
        id=state.plan.id,
        title=state.plan.title,
        kind=state.plan.kind,
        due_on=state.plan.due_on,
        late=state.plan.id in {one.plan.id for one in late_tranches(found, day)},
        planned_cents=state.plan.amount_cents,
        claimed_cents=state.claimed_cents,
        approved_cents=state.approved_cents,
        paid_cents=state.paid_cents,
        standing=state.standing,
        since=state.since,
        reference=state.reference,
        reasons=state.reasons,
        blocked_by=tuple(_blocks(found, state, day)) if state.is_open else (),
    )


WAITS = {
    TrancheStanding.SCHEDULED: "Le bénéficiaire ne l'a pas encore demandée.",
    TrancheStanding.CLAIMED: "Une autre personne que qui l'a demandée doit l'approuver.",
    TrancheStanding.APPROVED: "Le comptable du financeur doit la payer.",
}
"""What is still to be done with a tranche, by where it stands."""


def _blocks(found: Commitment, state: TrancheState, day: date) -> Iterator[str]:
    """What keeps an open tranche from being paid, in the order in which it is dealt with."""
    stay = found.main.standing_on(day)
    if lost := _by(found.award_withdrawn_on, day):
        yield f"Le soutien dont il découle a été retiré, avec effet le {day_in_words(lost)}."
        return
    if stay.value == SUSPENDED:
        yield f"L'engagement financier est suspendu depuis le {day_in_words(stay.since)}."
    elif stay.value not in FLOWING:
        yield "L'engagement financier n'est pas en cours d'exécution."
    if found.siret_in_doubt_on(day):
        yield "Le SIRET corrigé du bénéficiaire reste à confirmer."
    for other in found.tranches_on(day).values():
        if other.plan.id == state.plan.id:
            break
        if other.is_open:
            yield f"La tranche « {other.plan.title} » vient avant."
    if state.standing is TrancheStanding.HELD:
        yield f"Elle est retenue : {state.reasons}"
    for gate in found.gates_on(state.plan.id, day):
        if not gate.is_met:
            said = WORDS[ConditionStanding][gate.standing]
            yield f"Condition « {gate.condition.title} » {said} ({need_in_words(gate.condition)})."
    if state.standing is TrancheStanding.SCHEDULED and state.plan.kind is TrancheKind.ADVANCE:
        yield "Le financeur doit l'approuver : une avance peut l'être sans demande."
    elif state.standing in WAITS:
        yield WAITS[state.standing]


def _reports(world: World, found: Commitment, moment: Moment) -> Iterator[ReportLine]:
    """Every report that is expected of its years, and any other that was given."""
    day = moment.in_force
    given = {(one.report_kind, one.year): one for one in found.reports_on(day)}
    expected = [
        (kind, year)
        for year in found.years_on(day)
        for kind in ReportKind
        if year in found.accounted_years_on(day, kind)
    ]
    for kind, year in dict.fromkeys([*expected, *given]):
        one = given.get((kind, year))
        document = one.document if one else None
        yield ReportLine(
            report_kind=kind,
            year=year,
            standing=one.standing if one else None,
            document=_document(world, document, moment) if document else None,
            reasons=one.reasons if one else None,
        )


def _recoveries(found: Commitment, day: date) -> Iterator[RecoveryLine]:
    for state in found.recoveries_on(day).values():
        yield RecoveryLine(
            number=state.number,
            cause=state.cause,
            reasons=state.reasons,
            ordered_on=state.ordered_on,
            ordered_cents=state.ordered_cents,
            received_cents=state.received_cents,
            waived_cents=state.waived_cents,
            left_cents=state.left_cents,
            overdue_cents=state.overdue_on(day),
            instalments=state.instalments,
        )


def _undertakings(world: World, pole: Pole, moment: Moment) -> Iterator[PoleUndertakingLine]:
    """What the pole itself undertook by its signatures, that binds it on the day."""
    day = moment.in_force
    for signature in pole.signatures:
        signed = world.load(CharterSignature, signature, moment.known)
        for id_ in signed.undertakings if signed and signed.in_force_on(day) else ():
            sheet = undertaking_sheet(world, id_, moment)
            if sheet.bound is Bound.POLE and sheet.standing:
                yield _undertaking(sheet)


def _undertaking(sheet: UndertakingSheet) -> PoleUndertakingLine:
    documents = (document for event in sheet.events for document in event.documents)
    return PoleUndertakingLine(
        id=sheet.id,
        words=sheet.words,
        towards=sheet.towards,
        standing=sheet.standing,
        due=sheet.due,
        late=sheet.late,
        documents=tuple({document.id: document for document in documents}.values()),
    )


def _document(world: World, id_: UUID, moment: Moment) -> SupportingDocument:
    try:
        found = world.load(Document, id_, moment.known)
    except NotFound:  # evidence may be something else that concerns the pole
        found = None
    return SupportingDocument(id=id_, title=found.title if found else None)
