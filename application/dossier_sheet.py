"""What is asked of one dossier: what it says, where it stands, and what is announced of it.

Its review (conditions, interests, rank, analysis, opinions) is shown to those who do it, or once it
is announced; nothing here reads a session.
"""

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from uuid import UUID

from application.appeal import STATES as APPEAL_STATES
from application.command import By
from application.dossier_why import why_it_stands
from application.dossier_words import (
    APPEALS,
    CHANNELS,
    DOSSIER_STATES,
    GROUNDS,
    OPINIONS,
    OUTCOMES,
    arrival_in_words,
    awarded,
)
from application.interest import must_be_disinterested
from application.private_reading import authority_of, relations_in
from application.withheld import all_told
from application.world import Moment, World
from domain.appeal import Appeal, AppealKind
from domain.award import Decision, DossierOutcome
from domain.call import Call
from domain.committee import Committee
from domain.dates import PartialDate
from domain.dossier import Dossier, UnknownDossier
from domain.eligibility import CONDITIONS, ConditionId
from domain.errors import Forbidden, NotFound
from domain.money import euros
from domain.plan_balance import Touched
from domain.pole import Pole
from domain.project import Project
from domain.roles import ROLES, Role
from domain.values import Frozen

REVIEWERS = (
    Role.INSTRUCTOR,
    Role.REGIONAL_COORDINATOR,
    Role.COORDINATOR,
    Role.COMMITTEE_MEMBER,
    Role.SECRETARY,
    Role.REGISTRAR,
    Role.AUDITOR,
)
"""Who reads the review of a dossier before it is announced (product rule)."""


class NotAReviewer(Forbidden):
    """The review of a dossier is for those who do it, until it is announced."""

    code = "dossier.reviewer"


class NoSeatForIt(Forbidden):
    """A member reads the review of what their own committee examines."""

    code = "dossier.no_seat"
    fr = (
        "Vous n'occupez aucun siège du comité de cet appel, et aucun avis ne vous y est demandé : "
        "l'examen du dossier ne se lit pas dans ce rôle avant l'annonce."
    )
    en = (
        "You hold no seat in the committee of this call and are asked for no opinion: the review "
        "is not read in this role before the announcement."
    )


class DossierPartLine(Frozen):
    """A part that the call asks for, and whether it is there."""

    part: str
    title: str
    required: bool
    filed: bool
    document: UUID | None


class EligibilityLine(Frozen):
    """A condition, and whether it is met, once it is assessed."""

    condition: ConditionId
    title: str
    met: bool | None
    reasons: str | None
    evidence: tuple[str, ...]
    documents: tuple[UUID, ...]


class OpinionLine(Frozen):
    """The opinion of a seat: awaited, given, or not given."""

    adviser: str
    college: str
    choice: str | None
    choice_title: str
    reasons: str | None


class ReviewSheet(Frozen):
    """The review of a dossier, for those who may read it."""

    conditions: tuple[EligibilityLine, ...]
    interests: int
    """How many persons declared one; who they are is not said."""
    rank: int | None
    ranked_of: int | None
    rank_reasons: str | None
    analysis: str | None
    opinions: tuple[OpinionLine, ...]


class DecisionSheet(Frozen):
    """What was announced of a dossier, as it was then; and whether it was withdrawn since."""

    outcome: DossierOutcome
    outcome_title: str
    amount_cents: int | None
    support: str | None
    awarded: str
    motive: str
    deliberated_on: date
    announced_on: date
    reserve_rank: int | None
    withdrawn: str | None = None
    """On which ground, where what was announced was an award and was withdrawn since."""
    withdrawn_on: date | None = None
    withdrawn_reasons: str | None = None
    touches: tuple[Touched, ...] = ()
    """The commitments and conditions that the withdrawal touches."""
    heard_on: date | None = None
    """When the pole was heard before."""
    reopened_on: date | None = None
    """From when it stands no more, where the dossier was reopened since."""


class NotificationSheet(Frozen):
    """The letter by which what was decided was made known."""

    channel: str
    document: UUID | None
    sent_on: date
    received_on: date | None
    remedies: str


class AppealLine(Frozen):
    """An appeal against what was decided of a dossier."""

    id: UUID
    code: str
    appeal_kind: AppealKind
    kind_title: str
    lodged_on: date
    last_day: date | None
    late: bool | None
    stage: str
    stage_title: str
    stage_on: PartialDate


class DossierSheet(Frozen):
    """Everything shown of one dossier at a moment."""

    id: UUID
    code: str
    title: str
    call: UUID
    call_code: str
    call_title: str
    wave: str
    wave_title: str
    pole: UUID
    pole_code: str
    pole_name: str
    project: UUID
    project_title: str
    applicant: str
    applicant_siret: str | None
    applicant_rna: str | None
    region: str | None
    requested_cents: int | None
    requested: str | None
    total_cents: int | None
    total: str | None
    own_cents: int | None
    own: str | None
    stage: str
    stage_title: str
    stage_about: str
    stage_on: PartialDate
    stage_why: tuple[str, ...]
    """Why it stands there, in words; nothing before that may be told."""
    journey: str
    journey_source: tuple[str, ...]
    arrivals: tuple[str, ...]
    closes_at: str | None
    late: bool | None
    """By the date that counts for each route; unknown where one is wanting."""
    parts: tuple[DossierPartLine, ...]
    missing: tuple[str, ...]
    complete_until: date | None
    decision: DecisionSheet | None
    earlier: tuple[DecisionSheet, ...]
    """What was announced of it before it was reopened, the first one first."""
    notification: NotificationSheet | None
    appeals: tuple[AppealLine, ...]
    review: ReviewSheet | None
    """None for those who may not read it yet."""


def may_review(world: World, by: By, id_: UUID, day: date) -> None:
    """Refuse whoever does not take part in the review; who reads it is noted by the caller.

    A committee member holds a seat of the committee of the call, or is asked for an opinion;
    whoever invokes a mandate stays within it; nobody reads that of a dossier in which they have an
    interest (product rules).

    Args:
        day: that on which it is read.
    """
    if by.role not in REVIEWERS:
        raise NotAReviewer(roles=", ".join(ROLES[role] for role in REVIEWERS))
    found = world.load(Dossier, id_)
    if found is None:
        raise UnknownDossier(name=id_)
    authority_of(world, by, day).check(relations_in(world, found, day))
    if by.role is Role.COMMITTEE_MEMBER and not _sits(world, by.actor, found.call, day):
        raise NoSeatForIt(roles="")
    must_be_disinterested(world, by, (id_,), day)


def _sits(world: World, account: UUID, call_id: UUID, day: date) -> bool:
    """Whether an account holds a seat of the committee of a call, or of its advisers."""
    call = world.load(Call, call_id)
    if call is None:
        return False
    committee = world.load(Committee, call.committee) if call.committee else None
    seated = committee is not None and committee.seat_of(account, day) is not None
    return seated or any(seat.account == account for seat in call.advisers_on(day))


def dossier_at(world: World, id_: UUID, moment: Moment) -> Dossier:
    """A dossier as it was known then; refused where it had not begun on the day."""
    found = world.load(Dossier, id_, moment.known)
    if found is None:
        raise UnknownDossier(name=id_)
    found.main.standing_on(moment.in_force)
    return found


def dossier_sheet(
    world: World, id_: UUID, moment: Moment, *, reviewing: bool = False
) -> DossierSheet:
    """The sheet of a dossier as known then, in force on that day.

    Args:
        reviewing: whether whoever asks may read what is not announced (`may_review`).
    """
    found, day = dossier_at(world, id_, moment), moment.in_force
    shows_review = reviewing or all_told(world, found, moment.known)
    call = world.load(Call, found.call, moment.known)
    pole = world.load(Pole, found.pole, moment.known)
    project = world.load(Project, found.project, moment.known)
    content = found.content_on(day)
    if call is None or pole is None or project is None or content is None:
        raise NotFound(name=id_)
    stay, ref = found.main.standing_on(day), found.main.journey_on(day) or found.journey
    journey = world.compiled(ref).journey
    state, wave = journey.state[stay.value], call.waves.get(found.wave)
    closing, decision = call.closes_at(found.wave), found.decision_on(day)
    completion = found.completion_on(day)
    return DossierSheet(
        id=found.id,
        code=found.code,
        title=content.title,
        call=call.id,
        call_code=call.code,
        call_title=call.title,
        wave=found.wave,
        wave_title=wave.title if wave else found.wave,
        pole=pole.id,
        pole_code=pole.code,
        pole_name=pole.name_on(day),
        project=project.id,
        project_title=project.title,
        applicant=content.applicant.name,
        applicant_siret=content.applicant.siret,
        applicant_rna=content.applicant.rna,
        region=found.region,
        requested_cents=content.requested_cents,
        requested=_euros(content.requested_cents),
        total_cents=content.total_cents,
        total=_euros(content.total_cents),
        own_cents=content.own_cents,
        own=_euros(content.own_cents),
        stage=stay.value,
        stage_title=state.title.fr or DOSSIER_STATES.get(stay.value, stay.value),
        stage_about=state.about.fr,
        stage_on=stay.occurred_on,
        stage_why=why_it_stands(world, found, moment, reviewing=reviewing),
        journey=ref,
        journey_source=journey.source,
        arrivals=tuple(arrival_in_words(told) for told in found.arrivals_on(day).values()),
        closes_at=closing.in_words() if closing else None,
        late=found.is_late(call, day),
        parts=tuple(_parts(found, call, day)),
        missing=found.missing_on(call, day),
        complete_until=completion.until if completion and stay.value == "incomplete" else None,
        decision=_decision(found, decision) if decision else None,
        earlier=tuple(_earlier(found, day)),
        notification=_notification(found, day),
        appeals=tuple(dossier_appeals(world, found, pole, moment)),
        review=_review(found, day) if shows_review else None,
    )


def _euros(cents: int | None) -> str | None:
    return None if cents is None else euros(cents)


def _parts(found: Dossier, call: Call, day: date) -> list[DossierPartLine]:
    lines = []
    for part in call.parts_on(day):
        filed = found.part_on(part.id, day)
        lines.append(
            DossierPartLine(
                part=part.id,
                title=(filed and filed.title) or part.title,
                required=part.required,
                filed=filed is not None,
                document=filed.document if filed else None,
            )
        )
    return lines


def _announced(decision: Decision) -> DecisionSheet:
    return DecisionSheet(
        outcome=decision.outcome,
        outcome_title=OUTCOMES[decision.outcome],
        amount_cents=decision.amount_cents,
        support=decision.support,
        awarded=awarded(decision.amount_cents, decision.support),
        motive=decision.motive,
        deliberated_on=decision.deliberated_on,
        announced_on=decision.announced_on,
        reserve_rank=decision.reserve_rank,
    )


def _earlier(found: Dossier, day: date) -> Iterator[DecisionSheet]:
    """What was announced and stands no more, each award with its withdrawal if there was one."""
    told = [known.value for known in found.decisions if known.since <= day]
    for decision, after in zip_longest(told, told[1:]):
        reopened = found.reopened_since(decision, day)
        if reopened and not (after and after.withdrawn):
            yield _decision(found, decision).model_copy(update={"reopened_on": reopened})


def _decision(found: Dossier, stands: Decision) -> DecisionSheet:
    """What was announced, even where it is an award that was withdrawn since."""
    place = next(n for n, told in enumerate(found.decisions) if told.value is stands)
    sheet = _announced(found.decisions[place - 1].value if stands.withdrawn else stands)
    if stands.withdrawn is None:
        return sheet
    left = {
        "withdrawn": GROUNDS[stands.withdrawn],
        "withdrawn_on": found.decisions[place].since,
        "withdrawn_reasons": stands.motive,
        "touches": stands.touches,
        "heard_on": stands.heard_on,
    }
    return sheet.model_copy(update=left)


def _notification(found: Dossier, day: date) -> NotificationSheet | None:
    told = found.notification_on(day)
    if told is None:
        return None
    return NotificationSheet(
        channel=CHANNELS[told.channel],
        document=told.document,
        sent_on=told.sent_on,
        received_on=told.received_on,
        remedies=told.remedies,
    )


def _review(found: Dossier, day: date) -> ReviewSheet:
    rank, analysis = found.rank_on(day), found.analysis_on(day)
    conditions = []
    for condition in ConditionId:
        known = found.condition_on(condition, day)
        conditions.append(
            EligibilityLine(
                condition=condition,
                title=CONDITIONS[condition].fr,
                met=known.met if known else None,
                reasons=known.reasons if known else None,
                evidence=known.evidence if known else (),
                documents=known.documents if known else (),
            )
        )
    return ReviewSheet(
        conditions=tuple(conditions),
        interests=sum(told.since <= day for told in found.interests),
        rank=rank.rank if rank else None,
        ranked_of=rank.of if rank else None,
        rank_reasons=rank.reasons if rank else None,
        analysis=analysis.reasons if analysis else None,
        opinions=tuple(_opinions(found, day)),
    )


def _opinions(found: Dossier, day: date) -> list[OpinionLine]:
    lines = []
    for adviser in found.opinions:
        known = found.opinion_on(adviser, day)
        if known is None:
            continue
        title = OPINIONS[known.choice] if known.choice else "demandé et non rendu"
        lines.append(
            OpinionLine(
                adviser=adviser,
                college=known.college,
                choice=known.choice,
                choice_title=title if known.settled else "attendu",
                reasons=known.reasons,
            )
        )
    return lines


def dossier_appeals(world: World, found: Dossier, pole: Pole, moment: Moment) -> list[AppealLine]:
    """The appeals about a dossier, as they stood, in the order in which they were lodged."""
    lines = []
    for id_, concept in pole.attached.items():
        appeal = world.load(Appeal, id_, moment.known) if concept == "appeal" else None
        stay = appeal.main.stay_on(moment.in_force) if appeal else None
        if appeal is None or stay is None or appeal.dossier != found.id:
            continue
        lines.append(
            AppealLine(
                id=appeal.id,
                code=appeal.code,
                appeal_kind=appeal.appeal_kind,
                kind_title=APPEALS[appeal.appeal_kind],
                lodged_on=appeal.lodged_on,
                last_day=appeal.last_day,
                late=appeal.late,
                stage=stay.value,
                stage_title=APPEAL_STATES.get(stay.value, stay.value),
                stage_on=stay.occurred_on,
            )
        )
    return lines
