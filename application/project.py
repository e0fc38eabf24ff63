"""Propose projects, examine them against what members do, select them or not, follow them."""

from abc import abstractmethod
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.correction import Statement
from application.entry import once
from application.listing import Listed, Listing, listing
from application.offices import TELLERS
from application.wording import WORDS, capital, tells
from domain.entry import EntryId
from domain.kernel import Event
from domain.money import euros
from domain.pole import Pole, PoleId
from domain.project import CHECKS, FOUND, Check, CheckFinding, Project, ProjectId, Status
from domain.values import Line, Prose

WORDS[Status] = {
    Status.PROPOSED: "proposé",
    Status.SELECTED: "retenu",
    Status.NOT_SELECTED: "non retenu",
    Status.ENDED: "a pris fin",
}
WORDS[Check] = {check: words.fr for check, words in CHECKS.items()}
WORDS[CheckFinding] = {finding: words.fr for finding, words in FOUND.items()}

QUESTIONS = {
    Check.COMPETITION: "Fragilise-t-il l'ensemble, ou en concurrence-t-il une partie ?",
    Check.DUPLICATION: "Se substitue-t-il à une action d'un membre, ou fait-il doublon avec elle ?",
}
"""What each check asks, after the charter of the pole of Sud Aquitaine."""


class ProposeProject(
    Statement,
    name="project.propose",
    says="Proposer un projet d'un pôle, en réponse à un besoin ou pour un objectif.",
    by=TELLERS,
):
    """Propose a project. It keeps its identity, whichever pole carries it later."""

    pole: PoleId = Field(description="Le pôle qui propose le projet.")
    title: Line = Field(description="Intitulé du projet.")
    words: Prose = Field(description="Le projet, en quelques mots.")
    answers: EntryId | None = Field(
        None, description="Le besoin auquel il répond ou l'objectif qu'il sert (identifiant)."
    )

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        pole.live_on(work.day)
        project = Project.propose(
            pole, title=self.title, words=self.words, answers=self.answers, day=work.day
        )
        pole.attach("project", project.id, is_news=True)
        work.save(project, pole)
        return project.id


class ProjectCommand(Command):
    """Something done with a project by the pole that carries it."""

    project: ProjectId = Field(description="Identifiant du projet.")

    @override
    def execute(self, work: Work) -> UUID:
        project = work.get(Project, self.project)
        pole = work.get(Pole, project.carrying_on(work.day))
        work.allow(pole, self.NAME)
        self.act(work, project, pole)
        work.save(project)
        return project.id

    @abstractmethod
    def act(self, work: Work, project: Project, pole: Pole) -> None:
        """Do it with the project of a pole."""


class ExamineProject(
    ProjectCommand,
    Statement,
    name="project.examine",
    says="Faire l'un des deux contrôles de complémentarité : la concurrence, ou le doublon.",
    by=TELLERS,
):
    """Make one of the two checks of complementarity, against what members do."""

    check: Check = Field(description="Le contrôle.")
    finding: CheckFinding = Field(description="Ce qu'il constate.")
    against: tuple[EntryId, ...] = Field(
        (),
        description="Action de membres à laquelle le projet est comparé, à dire s'il la "
        "concurrence, la double ou s'y substitue ; se répète.",
        json_schema_extra={"each": "against"},
    )
    examined_by: Line = Field(description="Qui a examiné : une instance ou une organisation.")
    reasons: Prose = Field(description="Pourquoi, sans nommer de personne.")

    @override
    def act(self, work: Work, project: Project, pole: Pole) -> None:
        pole.live_on(work.day)
        project.examine(
            pole,
            self.check,
            finding=self.finding,
            against=once(self.against),
            examined_by=self.examined_by,
            reasons=self.reasons,
            day=work.day,
        )


class SelectProject(
    ProjectCommand,
    Statement,
    name="project.select",
    says="Retenir un projet, par une instance du pôle, une fois les deux contrôles faits.",
    by=TELLERS,
):
    """Record that a body of the pole selected a project."""

    body: EntryId = Field(description="L'instance du pôle qui décide (identifiant).")
    motive: Prose | None = Field(
        None, description="Pourquoi ; demandé si un contrôle est défavorable."
    )

    @override
    def act(self, work: Work, project: Project, pole: Pole) -> None:
        pole.live_on(work.day)
        project.select(pole, body=self.body, motive=self.motive, day=work.day)


class DeclineProject(
    ProjectCommand,
    Statement,
    name="project.decline",
    says="Ne pas retenir un projet, par une instance du pôle, avec le motif.",
    by=TELLERS,
):
    """Record that a body of the pole did not select a project, and why."""

    body: EntryId = Field(description="L'instance du pôle qui décide (identifiant).")
    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, project: Project, pole: Pole) -> None:
        pole.live_on(work.day)
        project.decline(pole, body=self.body, motive=self.motive, day=work.day)


class TransferProject(
    ProjectCommand,
    Statement,
    name="project.transfer",
    says="Confier un projet à un autre pôle, qui le reprend tel qu'il est.",
    by=TELLERS,
):
    """Let another pole take a project over. The checks are made anew there."""

    to: PoleId = Field(description="Le pôle qui reprend le projet.")
    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, project: Project, pole: Pole) -> None:
        receiving = work.get(Pole, self.to)
        work.allow(receiving, self.NAME)
        receiving.live_on(work.day)
        project.transfer(self.to, motive=self.motive, day=work.day)
        receiving.attach("project", project.id, is_news=True)
        work.save(receiving)


class EndProject(
    ProjectCommand,
    Statement,
    name="project.end",
    says="Enregistrer la fin d'un projet, et ses résultats.",
    by=TELLERS,
):
    """Record that a project came to its end, and what came of it."""

    results: Prose = Field(description="Ce qu'il a donné.")

    @override
    def act(self, work: Work, project: Project, pole: Pole) -> None:
        project.finish(results=self.results, day=work.day)


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Project.Proposed(title=title, words=words):
            return "Projet proposé", f"{title} : {words}"
        case Project.Examined(check=check, finding=finding, examined_by=by, reasons=reasons):
            found = f"le projet {FOUND[finding].fr}"
            return (
                f"Contrôle de complémentarité : {CHECKS[check].fr}",
                f"{found} ({by}) : {reasons}",
            )
        case Project.Selected(body_name=body, motive=motive):
            return "Projet retenu", f"par : {body}" + (f" ; {motive}" if motive else "")
        case Project.Declined(body_name=body, motive=motive):
            return "Projet non retenu", f"par : {body} ; {motive}"
        case Project.Transferred(motive=motive):
            return "Projet repris par un autre pôle", motive
        case Project.Ended(results=results):
            return "Fin d'un projet", results
        case Project.Supported(amount_cents=amount):
            return "Projet soutenu par l'État", euros(amount) if amount else ""
        case Project.SupportWithdrawn():
            return "Soutien de l'État retiré", ""
        case _:
            return None


class ProjectListed(Listed):
    """A project as lists show it, with its two checks."""

    title: str = Field(title="Projet")
    words: str = Field(title="En quelques mots")
    answers: UUID | None = None
    status: Status = Field(title="Où il en est")
    competition: CheckFinding | None = Field(None, title="Contrôle : concurrence")
    duplication: CheckFinding | None = Field(None, title="Contrôle : doublon")
    decided_by: str | None = Field(None, title="Décidé par")
    motive: str | None = Field(None, title="Motif")
    results: str | None = Field(None, title="Résultats")

    def found(self, check: Check) -> str:
        """What a check found, in words; that it is still to be made, where it is not."""
        finding = self.competition if check is Check.COMPETITION else self.duplication
        return capital(FOUND[finding].fr) if finding else "contrôle à faire"


PROJECTS = listing(
    Listing(
        name="project",
        line=ProjectListed,
        title="Projets des pôles",
        says="Les projets que les pôles proposent, retiennent ou non, avec les deux contrôles de "
        "complémentarité : un projet complète ce que font les membres.",
        path="/projets",
        columns=(
            *("title", "pole_name", "status", "competition", "duplication", "decided_by"),
            *("motive", "results", "occurred_on", "source"),
        ),
        headings={"occurred_on": "Proposé"},
        filters=("status",),
        empty="Aucun projet n'est enregistré.",
        begun_by="project.propose",
        ends_with_pole=True,
    )
)
