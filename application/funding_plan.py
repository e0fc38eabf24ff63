"""Draw up the funding plan of a project, ask funders, record what they answer, list its items."""

from abc import abstractmethod
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.establishment import must_be_open
from application.funding_touched import commitments_of, touched
from application.momentary import Momentary
from domain.errors import Forbidden
from domain.funding_plan import FundingPlan, plan_of
from domain.funding_plan_refusals import NoPlan, PlanKnown
from domain.identifiers import Siret
from domain.money import Euros, EurosOrNone
from domain.organisation import Organisation
from domain.pole import Pole
from domain.project import Project, ProjectId
from domain.roles import Role
from domain.values import Line, Prose

DRAFTERS = (
    Role.POLE_REPRESENTATIVE,
    Role.COORDINATOR,
    Role.REGIONAL_COORDINATOR,
    Role.INSTRUCTOR,
    Role.REGISTRAR,
)
"""Who writes the plan of a project (product rule)."""

ANSWERERS = (
    Role.FUNDER,
    Role.INSTRUCTOR,
    Role.COORDINATOR,
    Role.REGIONAL_COORDINATOR,
    Role.REGISTRAR,
)
"""Who records what a funder answers: the funder, or whoever receives its letter; never the pole
(product rule)."""


class NotAPlanner(Forbidden):
    """A plan is written by whoever carries or accompanies the project."""

    code = "funding_plan.role"
    fr = "Écrire dans un plan de financement demande un autre rôle : {roles}."
    en = "Writing in a funding plan needs another role: {roles}."


class NotTheFunder(Forbidden):
    """A funder answers for itself; the pole does not answer in its place."""

    code = "funding_plan.not_the_funder"
    fr = (
        "La réponse d'un financeur est la sienne : elle s'enregistre dans un de ces rôles : "
        "{roles}."
    )
    en = "The answer of a funder is its own: it is recorded in one of these roles: {roles}."


class FundingPlanCommand(Momentary, by=DRAFTERS, refused=NotAPlanner):
    """Something entered in the plan of a project, by the pole that carries it or its funders."""

    project: ProjectId = Field(description="Identifiant du projet.")

    @override
    def execute(self, work: Work) -> UUID:
        project = work.get(Project, self.project)
        pole = work.get(Pole, project.carrying_on(work.day))
        work.allow(pole, self.NAME)
        plan = work.find(FundingPlan, plan_of(self.project))
        if plan is None:
            raise NoPlan
        work.relate(plan, self.about(plan, work.day))
        self.act(work, plan, project, pole)
        work.save(plan)
        return plan.id

    def about(self, plan: FundingPlan, day: date) -> frozenset[str]:
        """What entering it is about."""
        return plan.relations_on(day)

    @abstractmethod
    def act(self, work: Work, plan: FundingPlan, project: Project, pole: Pole) -> None:
        """Enter it."""


class DrawUpPlan(
    Momentary,
    Statement,
    name="funding_plan.draw_up",
    says="Établir le plan de financement d'un projet, à compléter ensuite poste par poste.",
    by=DRAFTERS,
    refused=NotAPlanner,
):
    """Give a project its funding plan; it has one."""

    project: ProjectId = Field(description="Identifiant du projet.")

    @override
    def execute(self, work: Work) -> UUID:
        project = work.get(Project, self.project)
        pole = work.get(Pole, project.carrying_on(work.day))
        work.allow(pole, self.NAME)
        if work.find(FundingPlan, plan_of(self.project)):
            raise PlanKnown
        plan = FundingPlan.draw_up(project=self.project, pole=pole.id)
        pole.attach("funding_plan", plan.id, is_news=True)
        work.save(plan, pole)
        return plan.id


class SetCost(
    FundingPlanCommand,
    Statement,
    name="funding_plan.set_cost",
    says="Donner le montant d'un poste de coût d'un projet.",
):
    """Say what an item of the costs comes to, from a day on."""

    title: Line = Field(description="Le poste : salaires, loyers, études…")
    amount: EurosOrNone = Field(description="Montant en euros ; 0 pour retirer le poste.")

    @override
    def act(self, work: Work, plan: FundingPlan, project: Project, pole: Pole) -> None:
        plan.set_cost(self.title, cents=self.amount, pole=pole.id, day=work.day)


class SetOwnResources(
    FundingPlanCommand,
    Statement,
    name="funding_plan.set_own_resources",
    says="Donner le montant des ressources propres mises dans un projet.",
):
    """Say what whoever carries the project puts in, from a day on."""

    amount: EurosOrNone = Field(description="Montant en euros ; 0 s'il n'y en a pas.")

    @override
    def act(self, work: Work, plan: FundingPlan, project: Project, pole: Pole) -> None:
        plan.set_own_resources(self.amount, pole=pole.id, day=work.day)


class SetInKind(
    FundingPlanCommand,
    Statement,
    name="funding_plan.set_in_kind",
    says="Donner la valeur d'une contribution en nature : locaux, mise à disposition ou bénévolat.",
):
    """Say what is given in kind and what it is worth; it changes nothing of the balance."""

    title: Line = Field(description="La contribution.")
    giver: Line = Field(description="Qui la donne : une organisation.")
    value: EurosOrNone = Field(description="Valeur en euros ; 0 pour la retirer.")
    words: Prose = Field(description="Ce qui est donné, et comment sa valeur est établie.")

    @override
    def act(self, work: Work, plan: FundingPlan, project: Project, pole: Pole) -> None:
        plan.set_in_kind(
            self.title,
            giver=self.giver,
            cents=self.value,
            words=self.words,
            pole=pole.id,
            day=work.day,
        )


class AskFunder(
    FundingPlanCommand,
    Statement,
    name="funding_plan.ask_funder",
    says="Enregistrer qu'un financeur est sollicité pour un projet, et pour combien.",
):
    """Record that a funder is asked; its answer follows, and its commitment is apart."""

    funder: Line = Field(description="Nom du financeur.")
    siret: Siret | None = Field(None, description="Son SIRET.")
    reason_without: Line | None = Field(
        None, description="Pourquoi il n'a pas de SIRET, s'il n'en a pas."
    )
    amount: Euros = Field(description="Montant demandé, en euros.")

    @override
    def act(self, work: Work, plan: FundingPlan, project: Project, pole: Pole) -> None:
        must_be_open(work, self.siret, work.day)
        reason = None if self.siret else self.reason_without or "SIRET non donné"
        funder = Organisation(name=self.funder, siret=self.siret, reason_without=reason)
        plan.ask_funder(funder, cents=self.amount, pole=pole.id, day=work.day)


class AnswerCommand(FundingPlanCommand, by=ANSWERERS, refused=NotTheFunder):
    """What a funder that was asked answers."""

    funder: Line = Field(description="Le financeur sollicité : son nom, ou son SIRET.")

    @override
    def about(self, plan: FundingPlan, day: date) -> frozenset[str]:
        return plan.relations_on(day) | plan.funder_named(self.funder).funder.relations


class ConfirmFunder(
    AnswerCommand,
    Statement,
    name="funding_plan.confirm_funder",
    says="Enregistrer le montant qu'un financeur confirme pour un projet.",
):
    """Record what a funder confirms; that is no commitment yet."""

    amount: Euros = Field(description="Montant confirmé, en euros.")

    @override
    def act(self, work: Work, plan: FundingPlan, project: Project, pole: Pole) -> None:
        plan.confirm_funder(self.funder, cents=self.amount, pole=pole.id, day=work.day)


class WithdrawFunder(
    AnswerCommand,
    Statement,
    name="funding_plan.withdraw_funder",
    says="Enregistrer qu'un financeur se retire d'un projet, avec ce que son retrait touche.",
):
    """Record that a funder withdraws, and every commitment and condition that this touches.

    Nothing of those changes by itself: what was promised stands until whoever promised it says
    otherwise.
    """

    reasons: Prose = Field(description="Pourquoi, sans nommer de personne.")

    @override
    def act(self, work: Work, plan: FundingPlan, project: Project, pole: Pole) -> None:
        funder = plan.funder_named(self.funder).funder
        commitments = commitments_of(work, project)
        plan.withdraw_funder(
            self.funder,
            reasons=self.reasons,
            touches=tuple(touched(funder, commitments, work.day)),
            pole=pole.id,
            day=work.day,
        )
