"""Conditions of conventions: report what was done, find whether each is met; list them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.commitment import CommitmentCommand
from application.commitment_list import commitments_in_words
from application.evidence import Evidence, on_file
from application.listing import Listed, Listing, listing
from application.wording import WORDS, evidence_in_words, inside, tells
from domain.commitment import Commitment
from domain.condition import Condition, ConditionKind, ConditionStanding, Threshold
from domain.dates import day_in_words
from domain.kernel import Event
from domain.roles import Role
from domain.values import Prose
from domain.words import Name, Whole

WORDS[ConditionKind] = {
    ConditionKind.EVIDENCE: "pièce",
    ConditionKind.INDICATOR: "indicateur",
    ConditionKind.DATE: "date",
    ConditionKind.CO_FUNDING: "cofinancement",
}
WORDS[Threshold] = {Threshold.AT_LEAST: "au moins", Threshold.AT_MOST: "au plus"}
STANDINGS: Mapping[str, str] = {
    ConditionStanding.PENDING: "à remplir",
    ConditionStanding.REPORTED: "rapportée, à constater",
    ConditionStanding.MET: "remplie",
    ConditionStanding.NOT_MET: "non remplie",
}
WORDS[ConditionStanding] = STANDINGS


def need_in_words(condition: Condition) -> str:
    """What a condition needs, in French."""
    match condition.kind:
        case ConditionKind.EVIDENCE:
            return f"pièce : {evidence_in_words(condition.evidence or '')}"
        case ConditionKind.INDICATOR:
            compared = WORDS[Threshold][condition.comparator or Threshold.AT_LEAST]
            return f"{condition.measure} : {compared} {condition.value}"
        case ConditionKind.DATE:
            return f"à partir du {day_in_words(condition.not_before or date.max)}"
        case ConditionKind.CO_FUNDING:
            return f"cofinancement de : {condition.funder}"


class ReportCondition(
    CommitmentCommand,
    name="commitment.report_condition",
    says="Rapporter ce qui est fait pour remplir une condition, pièces à l'appui.",
    by=(Role.POLE_REPRESENTATIVE, Role.REGISTRAR),
):
    """Say what was done about a condition; somebody else finds whether it is met."""

    IS_NEWS: ClassVar[bool] = True

    condition: Name = Field(description="La condition, par son code dans la convention.")
    words: Prose | None = Field(None, description="Ce qui a été fait.")
    documents: Evidence = ()
    value: Whole | None = Field(None, description="La mesure, pour un indicateur.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        on_file(work, case.pole, self.documents)
        case.report_condition(
            self.condition,
            words=self.words,
            documents=self.documents,
            value=self.value,
            persons=work.persons,
            day=work.day,
        )


class FindCondition(
    CommitmentCommand,
    name="commitment.find_condition",
    says="Constater qu'une condition est remplie, ou ne l'est pas.",
    by=(Role.FUNDER, Role.INSTRUCTOR, Role.REGISTRAR),
):
    """Find whether a condition is met; not by who reported it."""

    condition: Name = Field(description="La condition, par son code dans la convention.")
    met: bool = Field(description="Elle est remplie, ou non.")
    reasons: Prose = Field(description="Sur quoi repose ce constat.")

    @override
    def act(self, work: Work, case: Commitment) -> None:
        case.find_condition(
            self.condition,
            met=self.met,
            reasons=self.reasons,
            persons=work.persons,
            day=work.day,
        )


class ConditionListed(Listed):
    """A condition as lists show it."""

    commitment: UUID
    commitment_code: str = Field(title="Engagement financier")
    code: str = Field(title="Code")
    title: str = Field(title="Condition")
    condition_kind: ConditionKind = Field(title="Nature")
    needs: str = Field(title="Ce qu'elle demande")
    tranches: tuple[str, ...] = ()
    """The tranches that wait for it, by their codes."""
    tranche_titles: str = "{}"
    """What the tranches of its commitment are called, by their codes."""
    due: date | None = Field(None, title="Échéance")
    standing: ConditionStanding = Field(title="Où elle en est")
    standing_on: date | None = Field(None, title="Depuis")
    reasons: str | None = Field(None, title="Constat")

    @property
    def awaited_by(self) -> tuple[str, ...]:
        """The tranches that wait for it, as the convention calls them."""
        titles = json.loads(self.tranche_titles)
        return tuple(titles.get(code, code) for code in self.tranches)

    @property
    def commitment_page(self) -> str:
        return f"/engagements-financiers/{self.commitment}"


CONDITIONS = listing(
    Listing(
        name="condition",
        line=ConditionListed,
        title="Conditions des conventions",
        says="Les conditions que les conventions nomment, ce que chacune demande et où elle en "
        "est : rapportée par le bénéficiaire, constatée par une autre personne.",
        path="/conditions",
        columns=(
            *("pole_name", "title", "commitment_code", "condition_kind", "needs"),
            *("awaited_by", "due", "standing", "standing_on"),
        ),
        leads={"commitment_code": "commitment_page"},
        headings={"awaited_by": "Tranches qui l'attendent"},
        filters=("standing", "condition_kind", "commitment_code"),
        words={"commitment_code": commitments_in_words},
        order=("commitment_code", "code"),
        empty="Aucune convention ne nomme de condition.",
        begun_by="commitment.draft_convention",
    )
)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Conditions in words."""
    match event:
        case Commitment.ConditionReported(condition=name, value=value):
            measured = f" ; mesure : {value}" if value is not None else ""
            return "Condition rapportée", f"{name}{measured}"
        case Commitment.ConditionFound(condition=name, met=met, reasons=reasons):
            said = "Condition constatée remplie" if met else "Condition constatée non remplie"
            return said, f"{name} : {inside(reasons)}"
        case _:
            return None
