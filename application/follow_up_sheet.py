"""What is asked of one follow-up committee: who sits, when it met, whether it is overdue, what it
follows."""

from datetime import date
from uuid import UUID

from application.absent import absent
from application.deadline import DeadlineLine, deadlines_in_words
from application.follow_up import FOLLOW_UP_STAGES
from application.wording import WORDS, date_in_words
from application.world import Moment, World, reading
from domain.case import Case
from domain.errors import NotFound
from domain.evaluation import Evaluation
from domain.follow_up import MEETINGS_A_YEAR, FollowUp
from domain.follow_up_facts import AwaitedEvaluation, FunderSeat, RecommendationStanding
from domain.follow_up_refusals import UnknownFollowUp
from domain.pole import Pole
from domain.values import Frozen


class FollowUpMember(Frozen):
    """A funder that sits."""

    name: str
    siret: str | None
    seat: FunderSeat
    seat_words: str
    office: str


class FollowUpMeeting(Frozen):
    """A meeting that took place."""

    day: date
    present: tuple[str, ...]
    conclusions: str | None
    minutes: UUID | None


class FollowedEvaluation(Frozen):
    """An evaluation by a third party, awaited or received, with its round where it has one."""

    name: str
    period_ends: date
    paid_by: str
    received_on: date | None
    document: UUID | None
    evaluation: UUID | None
    evaluation_code: str | None
    evaluation_stage: str | None


class FollowedRecommendation(Frozen):
    """A recommendation, and what became of it."""

    number: int
    evaluation: str
    words: str
    standing: RecommendationStanding
    standing_words: str
    answer: str | None


class FollowUpSheet(Frozen):
    """A follow-up committee as known then, on that day."""

    id: UUID
    code: str
    pole: UUID
    pole_code: str
    pole_name: str
    local: bool
    stage: str
    stage_title: str
    stage_since: date
    members: tuple[FollowUpMember, ...]
    meetings: tuple[FollowUpMeeting, ...]
    missed_years: tuple[int, ...]
    overdue: bool
    sentence: str
    """In words: how often it met this year, and which years it missed."""
    evaluations: tuple[FollowedEvaluation, ...]
    recommendations: tuple[FollowedRecommendation, ...]
    deadlines: tuple[DeadlineLine, ...]


def follow_up_sheet(world: World, id_: UUID, moment: Moment) -> FollowUpSheet:
    """The sheet of a committee; refused where it was not constituted on the day."""
    found, day = world.load(FollowUp, id_, moment.known), moment.in_force
    if found is None:
        raise absent(world, id_, UnknownFollowUp(name=id_), moment.known)
    stay = found.main.standing_on(day)
    pole = world.load(Pole, found.pole, moment.known)
    if pole is None:
        raise NotFound(name=found.pole)
    missed = tuple(found.missed_years(day))
    return FollowUpSheet(
        id=found.id,
        code=found.code,
        pole=pole.id,
        pole_code=pole.code,
        pole_name=pole.name_on(day),
        local=found.local,
        stage=stay.value,
        stage_title=FOLLOW_UP_STAGES.get(stay.value, stay.value),
        stage_since=stay.since,
        members=tuple(_members(found, day)),
        meetings=tuple(
            FollowUpMeeting(
                day=met.day, present=met.present, conclusions=met.conclusions, minutes=met.minutes
            )
            for met in found.meetings_by(day)
        ),
        missed_years=missed,
        overdue=bool(missed),
        sentence=meetings_in_words(found, day),
        evaluations=tuple(_evaluation(world, one, moment) for one in found.evaluations_on(day)),
        recommendations=tuple(_recommendations(found, day)),
        deadlines=_deadlines(world, found, moment),
    )


def _members(found: FollowUp, day: date) -> list[FollowUpMember]:
    return [
        FollowUpMember(
            name=member.organisation.name,
            siret=member.organisation.siret,
            seat=member.seat,
            seat_words=WORDS[FunderSeat][member.seat],
            office=member.office,
        )
        for member in found.members_on(day)
    ]


def _recommendations(found: FollowUp, day: date) -> list[FollowedRecommendation]:
    return [
        FollowedRecommendation(
            number=one.number,
            evaluation=one.evaluation,
            words=one.words,
            standing=one.standing,
            standing_words=WORDS[RecommendationStanding][one.standing],
            answer=one.answer,
        )
        for one in found.recommendations_on(day)
    ]


def _evaluation(world: World, one: AwaitedEvaluation, moment: Moment) -> FollowedEvaluation:
    round_ = world.load(Evaluation, one.evaluation, moment.known) if one.evaluation else None
    return FollowedEvaluation(
        name=one.name,
        period_ends=one.period_ends,
        paid_by=one.paid_by,
        received_on=one.received_on,
        document=one.document,
        evaluation=one.evaluation,
        evaluation_code=round_.code if round_ else None,
        evaluation_stage=round_.state_on(moment.in_force) if round_ else None,
    )


def _deadlines(world: World, found: Case, moment: Moment) -> tuple[DeadlineLine, ...]:
    read = reading(world, moment)
    return tuple(deadlines_in_words(found, moment.in_force, world.compiled, read))


def meetings_in_words(found: FollowUp, day: date) -> str:
    """How often it met in the civil year of a day, and the finished years that it missed."""
    number = found.meetings_in(day.year, day)
    said = f"{number} réunion{'s' * (number > 1)} en {day.year}, sur {MEETINGS_A_YEAR} attendues"
    missed = [str(year) for year in found.missed_years(day)]
    late = f" ; moins de {MEETINGS_A_YEAR} réunions en {', '.join(missed)}" if missed else ""
    last = found.meetings_by(day)
    when = f" ; la dernière {date_in_words(last[-1].day.isoformat())}" if last else ""
    return f"{said}{when}{late}."
