"""Appeals: lodge one, take its steps, and list them; one that is upheld reopens its dossier."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.dossier_list import dossiers_in_words
from application.dossier_words import APPEALS
from application.handlers import HANDLERS
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.stages import stages_of
from application.wording import tells
from domain.appeal import (
    DISMISSED,
    Appeal,
    AppealId,
    AppealKind,
    AppealUnderWay,
    NothingToAppeal,
    is_late,
    last_day,
)
from domain.case import Case
from domain.dates import PartialDate, day_in_words
from domain.dossier import Dossier, DossierId
from domain.dossier_states import CLOSED, INELIGIBLE, NOT_SELECTED
from domain.eligibility import ConditionId
from domain.errors import Forbidden
from domain.kernel import Event
from domain.pole import Pole
from domain.recording import must_have_happened
from domain.roles import Role
from domain.values import Personal, Sealed
from domain.words import Id
from domain.workflow import Step

LODGERS = (Role.POLE_REPRESENTATIVE, Role.SECRETARY, Role.REGISTRAR)
EXAMINERS = (*LODGERS, Role.COORDINATOR, Role.INSTRUCTOR)
"""Who lodges an appeal: the pole, or who enters what it sent (product rule)."""

STATES: Mapping[str, str] = {
    "lodged": "formé",
    "under_review": "à l'examen",
    "upheld": "accueilli",
    "dismissed": "rejeté",
    "withdrawn": "retiré",
}
"""What lists call the stages of the journey that ships; another is called by its identifier."""

REOPENING: Mapping[str, str] = {
    INELIGIBLE: "reopen_eligibility",
    NOT_SELECTED: "reopen",
    CLOSED: "reopen",
}
"""The step by which a dossier is reopened, by the stage in which it stands."""


class NotALodger(Forbidden):
    """An appeal is that of the pole."""

    code = "appeal.lodger"


class LodgeAppeal(
    Momentary,
    Statement,
    name="appeal.lodge",
    says="Former un recours contre ce qui a été décidé d'un dossier.",
    by=LODGERS,
    refused=NotALodger,
):
    """Lodge an appeal. One that comes late is recorded as late."""

    dossier: DossierId = Field(description="Le dossier, par son code ou son identifiant.")
    appeal_kind: AppealKind = Field(
        description="Gracieux (gracious), hiérarchique (hierarchical) ou contentieux (litigation)."
    )
    grounds: Personal | None = Field(None, description="Ce qu'il fait valoir (scellé).")

    @override
    def execute(self, work: Work) -> UUID:
        must_have_happened()
        dossier = work.get(Dossier, self.dossier)
        pole = work.get(Pole, dossier.pole)
        if dossier.settled_on(work.day) is None:
            raise NothingToAppeal(dossier=dossier.code)
        others = appeals_of(work, pole, dossier)
        self._one_at_a_time(others)
        journey = work.compiled(work.rulebook().in_force("appeal", work.day)).journey
        until, late = self._term(work, dossier, others)
        before = work.redoes(Appeal.Lodged)
        made = Appeal.lodge(
            code=before.code if before else f"{dossier.code}-recours-{len(others) + 1}",
            dossier=dossier.id,
            pole=pole.id,
            appeal_kind=self.appeal_kind,
            late=late,
            until=until,
            grounds=self._sealed(work),
            persons=work.persons,
            journey=journey.ref,
            stage=journey.initial,
            occurred_on=work.occurred_on,
        )
        pole.attach("appeal", made.id, is_news=True)
        work.save(made, pole)
        return made.id

    def _one_at_a_time(self, others: list[Appeal]) -> None:
        for other in others:
            under_way = other.state_on(date.max) in {"lodged", "under_review"}
            if under_way and other.appeal_kind is self.appeal_kind:
                raise AppealUnderWay(appeal=other.code)

    def _term(
        self, work: Work, dossier: Dossier, others: list[Appeal]
    ) -> tuple[date | None, bool | None]:
        """The last day on which to appeal, and whether it is over.

        An administrative appeal that was made in time opens two months more before the court, from
        its dismissal (code des relations entre le public et l'administration, article L. 411-2).
        """
        settled, told = dossier.settled_on(work.day), dossier.notification_on(work.day)
        if self.appeal_kind is AppealKind.LITIGATION and settled:
            for other in reversed(others):
                since = other.main.states.last
                if other.late is False and other.lodged_on >= settled[0]:
                    if since.value != DISMISSED:
                        return None, False
                    until = last_day(since.since)
                    return until, work.day > until
        received = told.received_on if told else None
        return last_day(received) if received else None, is_late(told, work.day)

    def _sealed(self, work: Work) -> Sealed | None:
        if self.grounds is None:
            return None
        return work.seal(self.grounds, event=Appeal.Lodged, field="grounds", subject=uuid4())


def appeals_of(work: Work, pole: Pole, dossier: Dossier) -> list[Appeal]:
    """The appeals about a dossier, in the order in which they were lodged."""
    found = (work.get(Appeal, id_) for id_, kind in pole.attached.items() if kind == "appeal")
    return [appeal for appeal in found if appeal.dossier == dossier.id]


class MoveAppeal(
    Momentary, name="appeal.move", says="Franchir une étape du parcours d'un recours.", by=EXAMINERS
):
    """Take a step of the journey of an appeal."""

    appeal: AppealId = Field(description="Le recours, par son code ou son identifiant.")
    transition: Id = Field(
        description="Le passage à franchir, par son code : examine, uphold, dismiss, withdraw."
    )
    input: dict[str, Any] = Field(default={}, description="Ce que le passage demande.")

    @override
    def execute(self, work: Work) -> UUID:
        appeal = work.get(Appeal, self.appeal)
        work.allow(appeal, self.NAME)
        must_have_happened()
        work.take(appeal, self.transition, **self.input)
        work.save(appeal)
        return appeal.id


@HANDLERS.register("reopen_dossier")
def reopen_dossier(work: Work, case: Case, step: Step) -> None:
    """Reopen the dossier of an appeal that is upheld, where it had not been selected.

    An award is not reopened: it is only withdrawn, by its own command.
    """
    if not isinstance(case, Appeal):
        return
    dossier = work.get(Dossier, case.dossier)
    way = REOPENING.get(dossier.state_on(work.day) or "")
    if way == "reopen" and dossier.condition_facts_on(work.day).met < len(ConditionId):
        stands = dossier.state_on(work.day)
        way = "reopen_eligibility" if stands == CLOSED else way
    if way:
        motive = str(step.input.get("motive") or "")
        work.take(dossier, way, motive=f"{case.code} : {motive}")
        work.save(dossier)


# --- the list -----------------------------------------------------------------------------------


class AppealListed(Listed):
    """An appeal as lists show it: never what it argues."""

    code: str = Field(title="Recours")
    title: str = Field(title="Recours")
    dossier: UUID
    dossier_code: str = Field(title="Dossier")
    appeal_kind: AppealKind = Field(title="Nature")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    last_day: date | None = Field(None, title="À former jusqu'au")
    late: bool | None = Field(None, title="Hors délai")
    journey: str = Field(title="Règles")
    journey_since: date

    UNKNOWN: ClassVar[Mapping[str, str]] = {"late": "inconnu"}

    @property
    def dossier_page(self) -> str:
        return f"/dossiers/{self.dossier}"


APPEAL_LIST = listing(
    Listing(
        name="appeal",
        line=AppealListed,
        title="Recours",
        says="Les recours contre ce qui a été décidé des dossiers : gracieux, hiérarchiques, "
        "contentieux. Ce qu'un recours fait valoir ne se lit pas ici.",
        path="/recours",
        columns=(
            *("appeal_kind", "pole_name", "dossier_code", "occurred_on", "last_day"),
            *("late", "stage_title", "stage_on", "code"),
        ),
        headings={"occurred_on": "Formé", "appeal_kind": "Recours", "code": "Code"},
        detail=("appeal_kind", "/recours/"),
        leads={"dossier_code": "dossier_page"},
        filters=("appeal_kind", "stage", "late"),
        words={"stage": stages_of({"appeal"}, STATES), "dossier_code": dossiers_in_words},
        thing="Recours",
        empty="Aucun recours n'est enregistré.",
        begun_by="appeal.lodge",
    )
)


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Appeal.Lodged(appeal_kind=kind, late=late, until=until):
            limit = f", à former jusqu'au {day_in_words(until)}" if until else ""
            said = {True: ", hors délai", False: "", None: ", délai à vérifier"}[late]
            return "Recours formé", f"{APPEALS[kind]}{limit}{said}"
        case _:
            return None
