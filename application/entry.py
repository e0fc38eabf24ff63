"""Describe a pole beside its members: what it does, needs, lives on and aims at."""

from datetime import date
from typing import ClassVar, TypeVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.offices import TELLERS
from application.pole import PoleCommand
from application.wording import WORDS
from domain.entry import (
    Action,
    Body,
    CooperationLevel,
    Entry,
    EntryId,
    Families,
    Family,
    Figure,
    Function,
    FunctionKind,
    Naf,
    Need,
    Origin,
    PoleObjective,
    Policy,
    PolicyLevel,
    Premises,
    Resource,
    Sector,
    Year,
)
from domain.membership import MemberId
from domain.money import Cents
from domain.pole import Pole
from domain.values import Line, Prose

V = TypeVar("V")

WORDS[CooperationLevel] = {
    CooperationLevel.STRATEGIC: "stratégique",
    CooperationLevel.TECHNICAL: "technique",
    CooperationLevel.PROSPECTIVE: "prospectif",
}
WORDS[FunctionKind] = {
    FunctionKind.ANIMATION: "animation",
    FunctionKind.TRAINING: "formation entre les membres",
    FunctionKind.RESEARCH_DEVELOPMENT: "recherche et développement",
    FunctionKind.CAPITALISATION: "capitalisation",
}
WORDS[Origin] = {
    Origin.PUBLIC_GRANTS: "subventions publiques",
    Origin.OWN_REVENUE: "recettes propres",
    Origin.CONTRIBUTIONS_OF_MEMBERS: "contributions des membres",
    Origin.PRIVATE_FUNDS: "fonds privés",
    Origin.IN_KIND: "apports en nature",
    Origin.OTHER: "autre origine",
}
WORDS[PolicyLevel] = {
    PolicyLevel.EU: "Union européenne",
    PolicyLevel.NATIONAL: "État",
    PolicyLevel.REGIONAL: "région",
    PolicyLevel.LOCAL: "local",
}
WORDS[Family] = {
    Family.URBAN_POLE: "pôle urbain",
    Family.PRODUCTION_CHAIN: "filière de productions",
    Family.URBAN_PLACE: "lieu urbain",
    Family.RURAL_PLACE: "lieu rural",
    Family.OTHER: "autre famille",
}

MEMBERS = "Membre du pôle qui y prend part, par son identifiant ; se répète."
PARTNERS = "Organisation partenaire qui n'est pas membre, par son nom ; se répète."


class Describe(PoleCommand, Statement):
    """Describe something of a pole, or again from a day on.

    Its own fields are those of the value that it describes, in the words of people.
    """

    OF: ClassVar[type[Entry]]

    entry: EntryId | None = Field(
        None, description="La rubrique à décrire de nouveau ; une nouvelle, sinon."
    )

    def value(self) -> Entry:
        """What it describes; what is named twice is there once."""
        told = {name: getattr(self, name) for name in self.OF.model_fields if name != "type"}
        named = {name: once(said) for name, said in told.items() if isinstance(said, tuple)}
        return self.OF(**told | named)

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        return pole.describe(
            self.value(),
            day=work.day,
            entry=self.entry,
            source=self.source,
            until=self.valid_to,
        )


class DescribeAction(
    Describe,
    name="pole.describe_action",
    says="Décrire une action de coopération : stratégique, technique ou prospective.",
    by=TELLERS,
):
    """Describe an action, at one of the three levels of cooperation, with its partners."""

    OF = Action

    level: CooperationLevel = Field(description="Le niveau de coopération.")
    title: Line = Field(description="Intitulé de l'action.")
    words: Prose | None = Field(None, description="L'action, en quelques mots.")
    members: tuple[MemberId, ...] = Field(
        (), description=MEMBERS, json_schema_extra={"each": "member"}
    )
    partners: tuple[Line, ...] = Field(
        (), description=PARTNERS, json_schema_extra={"each": "partner"}
    )
    sectors: tuple[Line, ...] = Field(
        (), description="Secteur d'activité ; se répète.", json_schema_extra={"each": "sector"}
    )


class SetBody(
    Describe,
    name="pole.set_body",
    says="Décrire une instance de la gouvernance d'un pôle, sans nommer de personne.",
    by=TELLERS,
):
    """Describe a body of the pole's governance, with its mission and composition."""

    OF = Body

    name: Line = Field(description="Nom de l'instance : assemblée, comité de pilotage…")
    mission: Line = Field(description="Ce qu'elle décide, ou ce qu'elle suit.")
    composition: Prose | None = Field(None, description="Sa composition, par collèges.")
    seats: int | None = Field(None, ge=1, le=10_000, description="Nombre de sièges.")


class DescribeNeed(
    Describe,
    name="pole.describe_need",
    says="Décrire un besoin du territoire, avec le diagnostic qui l'a relevé.",
    by=TELLERS,
):
    """Describe a need of the territory, and the diagnosis that found it."""

    OF = Need

    title: Line = Field(description="Le besoin.")
    words: Prose | None = Field(None, description="Le besoin, en quelques mots.")
    territory_part: Line | None = Field(None, description="La partie du territoire concernée.")
    diagnosis: Line | None = Field(None, description="Le diagnostic, avec sa date ou son auteur.")


class DescribeFunction(
    Describe,
    name="pole.describe_function",
    says="Décrire une fonction transverse : animation, formation, recherche, capitalisation.",
    by=TELLERS,
):
    """Describe a transverse function, and who carries it."""

    OF = Function

    function: FunctionKind = Field(description="La fonction.")
    words: Prose = Field(description="En quoi elle consiste.")
    members: tuple[MemberId, ...] = Field(
        (), description=MEMBERS, json_schema_extra={"each": "member"}
    )
    partners: tuple[Line, ...] = Field(
        (), description=PARTNERS, json_schema_extra={"each": "partner"}
    )


class RecordResource(
    Describe,
    name="pole.record_resource",
    says="Enregistrer une ressource d'un pôle, par année et par origine, avec sa source.",
    by=TELLERS,
):
    """Record what a pole lived on in a year, by origin. Its source is asked for."""

    OF = Resource

    year: Year = Field(description="L'année.")
    origin: Origin = Field(description="L'origine.")
    amount_cents: Cents | None = Field(
        None, description="Montant en centimes d'euro : 1250050 pour 12 500,50 €."
    )
    in_kind: Line | None = Field(None, description="L'apport en nature, en quelques mots.")
    source: Prose = Field(description="Document ou adresse qui l'atteste.")


class LinkPolicy(
    Describe,
    Statement,
    name="pole.link_policy",
    says="Rattacher un pôle à une politique publique.",
    by=TELLERS,
):
    """Say to which public policy a pole is linked, and how."""

    OF = Policy

    name: Line = Field(description="La politique : contrat, programme, schéma…")
    level: PolicyLevel = Field(description="De qui est cette politique.")
    link: Prose = Field(description="En quoi le pôle y est lié.")


class DescribePremises(
    Describe,
    name="pole.describe_premises",
    says="Décrire un lieu du pôle, et qui le partage.",
    by=TELLERS,
):
    """Describe premises, and who shares them."""

    OF = Premises

    name: Line = Field(description="Nom du lieu.")
    address: Line | None = Field(None, description="Adresse, en une ligne.")
    use: Line | None = Field(None, description="Ce qu'on y fait : bureaux, atelier, boutique…")
    members: tuple[MemberId, ...] = Field(
        (), description=MEMBERS, json_schema_extra={"each": "member"}
    )
    partners: tuple[Line, ...] = Field(
        (), description=PARTNERS, json_schema_extra={"each": "partner"}
    )


class SetFamilies(
    Describe,
    name="pole.set_families",
    says="Dire de quelles familles est un pôle : pôle urbain, filière, lieu urbain ou rural.",
    by=TELLERS,
):
    """Say of which families a pole is. A second time, it says so again from a day on."""

    OF = Families

    families: tuple[Family, ...] = Field(
        description="Une famille ; se répète.", json_schema_extra={"each": "family"}
    )
    words: Line | None = Field(None, description="Précision, ou autre famille.")

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        said = [*pole.entries_on(work.day), *pole.entries_on(date.max)]  # also from a later day on
        known = (entry for entry, described in said if isinstance(described.value, Families))
        return pole.describe(
            self.value(),
            day=work.day,
            entry=self.entry or next(known, None),
            until=self.valid_to,
        )


class DescribeSector(
    Describe,
    Statement,
    name="pole.describe_sector",
    says="Dire un secteur d'activité d'un pôle.",
    by=TELLERS,
):
    """Say a field of activity of a pole."""

    OF = Sector

    words: Line = Field(description="Le secteur.")
    naf: Naf | None = Field(None, description="Code NAF (rév. 2) : 38, 38.3, 38.32Z.")


class SetObjective(
    Describe,
    name="pole.set_objective",
    says="Enregistrer un objectif que le pôle se donne, et l'indicateur qui le suit.",
    by=TELLERS,
):
    """Record an objective that a pole gives itself, with the indicator that follows it."""

    OF = PoleObjective

    title: Line = Field(description="L'objectif.")
    indicator: Line = Field(description="Ce qui est mesuré.")
    unit: Line = Field(description="L'unité : emplois, tonnes, %…")
    baseline: Figure | None = Field(None, description="Valeur de départ ; demande une source.")
    target: Figure | None = Field(None, description="Valeur visée.")
    due: date | None = Field(None, description="Jour pour lequel elle est visée.")


class EndEntry(
    PoleCommand,
    Statement,
    name="pole.end_entry",
    says="Mettre fin à une rubrique d'un pôle : une action, une instance, un objectif.",
    by=TELLERS,
):
    """Let an entry hold no longer from a day on, with the motive."""

    entry: EntryId = Field(description="Identifiant de la rubrique.")
    motive: Prose = Field(description="Pourquoi elle prend fin.")

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        pole.end_entry(self.entry, motive=self.motive, day=work.day)
        return self.entry


class MeasureIndicator(
    PoleCommand,
    Statement,
    name="pole.measure_indicator",
    says="Enregistrer une mesure de l'indicateur d'un objectif, avec sa source.",
    by=TELLERS,
):
    """Record a value of the indicator of an objective. Its source is asked for."""

    entry: EntryId = Field(description="Identifiant de l'objectif.")
    value: Figure = Field(description="La valeur mesurée : 12 ou 12,5.")
    unit: Line | None = Field(None, description="L'unité, si elle est à vérifier.")
    source: Prose = Field(description="Document ou adresse qui l'atteste.")

    @override
    def act(self, work: Work, pole: Pole) -> UUID:
        pole.measure(self.entry, value=self.value, unit=self.unit, day=work.day, source=self.source)
        return self.entry


def once(named: tuple[V, ...]) -> tuple[V, ...]:
    """What was named, each once, in order."""
    return tuple(dict.fromkeys(named))
