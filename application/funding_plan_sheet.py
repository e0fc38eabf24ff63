"""What is asked of the funding plan of a project: its items, its funders, what it comes to."""

from datetime import date
from uuid import UUID

from application.absent import absent
from application.funding_touched import touched_in_words
from application.wording import WORDS
from application.world import Moment, World
from domain.errors import NotFound
from domain.funding_plan import FundingPlan, plan_of
from domain.funding_plan_refusals import NoPlan
from domain.money import euros
from domain.plan_balance import Balance, FunderLine, FunderStanding, Touched
from domain.pole import Pole
from domain.project import Project
from domain.values import Frozen


class PlanAmount(Frozen):
    """An amount of a plan, under what it is called."""

    title: str
    cents: int
    amount: str


class PlanInKind(PlanAmount):
    """A contribution in kind."""

    giver: str
    words: str


class PlanFunder(PlanAmount):
    """A funder of a plan, and what its withdrawal touches, where it withdrew."""

    siret: str | None
    standing: FunderStanding
    standing_words: str
    since: date
    asked_cents: int
    reasons: str | None
    touches: tuple[Touched, ...]
    touched_words: str


class PlanBalance(Frozen):
    """What the plan comes to, in cents."""

    costs: int
    own: int
    confirmed: int
    secured: int
    asked: int
    withdrawn: int
    missing: int
    missing_if_all_confirm: int
    in_kind: int
    sentence: str


class FundingPlanSheet(Frozen):
    """The plan of a project as known then, in force on that day."""

    id: UUID
    project: UUID
    project_title: str
    pole: UUID
    pole_code: str
    pole_name: str
    since: date
    """The day on which it was drawn up."""
    costs: tuple[PlanAmount, ...]
    in_kind: tuple[PlanInKind, ...]
    funders: tuple[PlanFunder, ...]
    balance: PlanBalance


def funding_plan_sheet(world: World, project_id: UUID, moment: Moment) -> FundingPlanSheet:
    """The plan of a project; refused where it had none on the day."""
    project = world.load(Project, project_id, moment.known)
    if project is None:
        raise absent(world, project_id, NotFound(name=project_id), moment.known)
    plan = world.load(FundingPlan, plan_of(project_id), moment.known)
    day = moment.in_force
    if plan is None or day < plan.drawn_up_on:
        raise NoPlan
    pole = world.load(Pole, project.pole_on(day) or plan.pole, moment.known)
    if pole is None:
        raise NotFound(name=plan.pole)
    return FundingPlanSheet(
        id=plan.id,
        project=project_id,
        project_title=project.title,
        pole=pole.id,
        pole_code=pole.code,
        pole_name=pole.name_on(day),
        since=plan.drawn_up_on,
        costs=tuple(
            PlanAmount(title=cost.title, cents=cost.cents, amount=euros(cost.cents))
            for cost in plan.costs_on(day)
        ),
        in_kind=tuple(
            PlanInKind(
                title=given.title,
                cents=given.cents,
                amount=euros(given.cents),
                giver=given.giver,
                words=given.words,
            )
            for given in plan.in_kind_on(day)
        ),
        funders=tuple(_funder(line) for line in plan.funders_on(day)),
        balance=_balance(plan.balance_on(day)),
    )


def _funder(line: FunderLine) -> PlanFunder:
    withdrawn = line.standing is FunderStanding.WITHDRAWN
    return PlanFunder(
        title=line.funder.name,
        siret=line.funder.siret,
        cents=line.cents,
        amount=euros(line.cents),
        standing=line.standing,
        standing_words=WORDS[FunderStanding][line.standing],
        since=line.since,
        asked_cents=line.asked_cents,
        reasons=line.reasons,
        touches=line.touches,
        touched_words=touched_in_words(line.touches) if withdrawn else "",
    )


def _balance(found: Balance) -> PlanBalance:
    return PlanBalance(
        costs=found.costs,
        own=found.own,
        confirmed=found.confirmed,
        secured=found.secured,
        asked=found.asked,
        withdrawn=found.withdrawn,
        missing=found.missing,
        missing_if_all_confirm=found.missing_if_all_confirm,
        in_kind=found.in_kind,
        sentence=balance_in_words(found),
    )


def balance_in_words(found: Balance) -> str:
    """Whether the plan holds: what is missing, or that nothing is."""
    if found.missing < 0:
        return f"Les ressources acquises dépassent les coûts de {euros(-found.missing)}."
    if not found.missing:
        return "Le plan est équilibré : les ressources acquises couvrent les coûts."
    missing = f"Il manque {euros(found.missing)} pour couvrir les coûts"
    if not found.asked:
        return f"{missing}, et aucun financeur n'est en attente de réponse."
    left = found.missing_if_all_confirm
    if left > 0:
        return (
            f"{missing} ; si tous les financeurs sollicités confirment, il manquera {euros(left)}."
        )
    return f"{missing} ; les financeurs sollicités, s'ils confirment, les apportent."
