"""Assess the criteria of 2012, criterion by criterion, and show who said what."""

from abc import abstractmethod
from collections.abc import Mapping
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.evidence import Evidence, on_file
from application.grid import criteria_at, criteria_in_words, published
from application.listing import Listed, Listing, listing
from application.offices import RECORDERS
from application.wording import WORDS, tells
from application.world import Moment, World
from domain.assessment import Assessment, AssessmentId, AssessmentWithdrawn, Found
from domain.grid import GridKind, ItemCode, item_of
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.values import Frozen, Line, Personal, Prose

FOUND: Mapping[str, str] = {
    Found.MET: "rempli",
    Found.PARTLY_MET: "rempli en partie",
    Found.NOT_MET: "non rempli",
    Found.NOT_OBSERVED: "non observé",
}
WORDS[Found] = FOUND

ASSESSORS = (*RECORDERS, Role.INSTRUCTOR, Role.EVALUATOR)
"""Who puts on record what somebody found of a criterion."""

SOMEBODY = "Une personne (nom non publié)"


class RecordAssessment(
    Command,
    name="assessment.record",
    says="Enregistrer ce que quelqu'un constate d'un critère de 2012, avec ses raisons.",
    by=ASSESSORS,
):
    """Record what somebody found of a criterion; an organisation that did so before revises it."""

    pole: PoleId = Field(description="Le pôle.")
    criterion: ItemCode = Field(description="Code du critère : MIX, STRAT, PLACE…")
    found: Found = Field(description="Ce qui est constaté.")
    reasons: Prose = Field(description="Pourquoi.")
    name: Line | None = Field(None, description="Nom de l'organisation qui apprécie.")
    person: Personal | None = Field(None, description="Nom de la personne qui apprécie (scellé).")
    capacity: Line | None = Field(None, description="En quelle qualité.")
    evidence: Evidence = ()

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        on_file(work, self.pole, self.evidence)
        grid = published(work).current(GridKind.CRITERIA_2012, work.day)
        criterion = item_of(grid, self.criterion).code
        known = self._said_before(work, pole, grid.ref, criterion)
        if known:
            return self._revise(work, known)
        made = Assessment.make(
            pole=self.pole,
            grid=grid.ref,
            criterion=criterion,
            found=self.found,
            reasons=self.reasons,
            evidence=self.evidence,
            name=self.name,
            person=work.seal(
                self.person,
                event=Assessment.Made,
                field="person",
                subject=uuid4(),
            )
            if self.person
            else None,
            capacity=self.capacity,
        )
        pole.attach("assessment", made.id, is_news=False)
        work.save(made, pole)
        return made.id

    def _said_before(self, work: Work, pole: Pole, grid: str, criterion: str) -> Assessment | None:
        """What the organisation found of it before; a person, whose name is sealed, is not known.

        Of two that record a first one at once, only one can attach it to the pole as it was read:
        the other decides again, and finds it.
        """
        for id_, concept in pole.attached.items() if self.name else ():
            known = work.get(Assessment, id_) if concept == "assessment" else None
            if known and known.is_what(self.name or "", grid=grid, criterion=criterion):
                if known.withdrawn:
                    raise AssessmentWithdrawn
                return known
        return None

    def _revise(self, work: Work, known: Assessment) -> UUID:
        known.revise(
            found=self.found,
            reasons=self.reasons,
            evidence=self.evidence,
            occurred_on=work.occurred_on,
        )
        work.save(known)
        return known.id


class AssessmentCommand(Command):
    """Something done with one assessment."""

    assessment: AssessmentId = Field(description="Identifiant de l'appréciation.")

    @override
    def execute(self, work: Work) -> UUID:
        known = work.get(Assessment, self.assessment)
        work.allow(work.get(Pole, known.pole), self.NAME)
        self.act(work, known)
        work.save(known)
        return known.id

    @abstractmethod
    def act(self, work: Work, known: Assessment) -> None:
        """Do it with what is known of a criterion."""


class ReviseAssessment(
    AssessmentCommand,
    name="assessment.revise",
    says="Réviser une appréciation à partir d'un jour ; ce qui fut dit avant reste lisible.",
    by=ASSESSORS,
):
    """Revise an assessment from a day on, by the same assessor."""

    found: Found = Field(description="Ce qui est constaté.")
    reasons: Prose = Field(description="Pourquoi.")
    evidence: Evidence = ()

    @override
    def act(self, work: Work, known: Assessment) -> None:
        on_file(work, known.pole, self.evidence)
        known.revise(
            found=self.found,
            reasons=self.reasons,
            evidence=self.evidence,
            occurred_on=work.occurred_on,
        )


class WithdrawAssessment(
    AssessmentCommand,
    name="assessment.withdraw",
    says="Retirer une appréciation enregistrée à tort ; elle reste lisible à sa date.",
    by=ASSESSORS,
):
    """Take back an assessment that should not have been recorded."""

    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, known: Assessment) -> None:
        known.withdraw(motive=self.motive)


# --- the list -----------------------------------------------------------------------------------


class AssessmentListed(Listed):
    """What an assessor found of a criterion, as lists show it."""

    grid: str = Field(title="Grille")
    criterion: str = Field(title="Critère")
    found: Found = Field(title="Constat")
    reasons: str = Field(title="Raisons")
    assessor: str = Field(title="Par")
    capacity: str | None = Field(None, title="En qualité de")
    evidence: tuple[UUID, ...] = Field(default=(), title="Pièces")


ASSESSMENTS = listing(
    Listing(
        name="assessment",
        line=AssessmentListed,
        title="Critères de 2012",
        says="Ce que des organisations et des personnes constatent des huit critères "
        "incontournables et des six critères à tester de l'expérimentation de 2012. Elles peuvent "
        "différer ; aucun avis d'ensemble n'en est tiré.",
        path="/criteres-2012",
        columns=(
            *("pole_name", "criterion", "found", "reasons", "assessor", "capacity"),
            *("occurred_on", "source"),
        ),
        filters=("criterion", "found"),
        words={"criterion": criteria_in_words},
        headings={"occurred_on": "Date"},
        empty="Aucune appréciation d'un critère n'est enregistrée.",
        begun_by="assessment.record",
    )
)


# --- the criteria of a pole ----------------------------------------------------------------------


class CriterionLine(Frozen):
    """A criterion, and everything that was said of it."""

    code: str
    title: str
    source: str
    said: tuple[AssessmentListed, ...]


class CriteriaGroup(Frozen):
    code: str
    title: str
    criteria: tuple[CriterionLine, ...]


class Criteria(Frozen):
    """The criteria of 2012 for a pole: who said what, and no opinion drawn from it."""

    grid: str
    title: str
    about: str
    placeholder: bool
    notice: str | None
    groups: tuple[CriteriaGroup, ...]


def criteria_of(world: World, lines: list[AssessmentListed], moment: Moment) -> Criteria | None:
    """The fourteen criteria with what was found of each; nothing where no grid was published.

    Args:
        lines: the assessments of one pole at that moment.
    """
    grid = criteria_at(world, moment)
    if grid is None:
        return None
    return Criteria(
        grid=grid.ref,
        title=grid.title.fr,
        about=grid.about.fr,
        placeholder=grid.is_placeholder,
        notice=grid.notice,
        groups=tuple(
            CriteriaGroup(
                code=branch.code,
                title=branch.title.fr,
                criteria=tuple(
                    CriterionLine(
                        code=item.code,
                        title=item.title.fr,
                        source=item.source,
                        said=tuple(
                            line
                            for line in lines
                            if line.criterion == item.code and line.grid == grid.ref
                        ),
                    )
                    for item in branch.items
                ),
            )
            for branch in grid.tree
        ),
    )


@tells
def tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Assessment.Made(criterion=criterion, found=found, name=name, capacity=capacity):
            who = name or f"{SOMEBODY}, en qualité de : {capacity}"
            return "Critère de 2012 apprécié", f"{criterion}, {FOUND[found]}, par : {who}"
        case Assessment.Revised(found=found, reasons=reasons):
            return "Appréciation révisée", f"{FOUND[found]} : {reasons}"
        case Assessment.Withdrawn(motive=motive):
            return "Appréciation retirée", motive
        case _:
            return None
