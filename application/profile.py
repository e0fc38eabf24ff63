"""What a pole does, told: lists of actions, resources, objectives and other entries."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated
from uuid import UUID

from pydantic import Field, TypeAdapter, computed_field
from pydantic_core import SchemaValidator

from application.listing import Listed, Listing, listing, value_as_read
from application.wording import WORDS, capital, date_in_words, joined, number_in_words, tells
from domain.dates import PartialDate
from domain.entry import (
    Action,
    Body,
    CooperationLevel,
    Entry,
    Families,
    Function,
    Need,
    Origin,
    PoleObjective,
    Policy,
    Premises,
    Resource,
    Sector,
    Shared,
)
from domain.kept import reader
from domain.kernel import Event
from domain.money import euros
from domain.profile import Described


class EntryKind(StrEnum):
    """The kinds of entries that share one list."""

    BODY = "body"
    NEED = "need"
    FUNCTION = "function"
    POLICY = "policy"
    PREMISES = "premises"
    FAMILIES = "families"
    SECTOR = "sector"


WORDS[EntryKind] = {
    EntryKind.BODY: "instance",
    EntryKind.NEED: "besoin",
    EntryKind.FUNCTION: "fonction transverse",
    EntryKind.POLICY: "politique publique",
    EntryKind.PREMISES: "lieu",
    EntryKind.FAMILIES: "familles",
    EntryKind.SECTOR: "secteur d'activité",
}

# --- entries in words --------------------------------------------------------------------------


def entry_in_words(value: Entry, members: tuple[str, ...] | None = None) -> tuple[str, str]:
    """What an entry is called, and what is said of it.

    Args:
        members: the names of those who take part; their number is said where none are given.
    """
    match value:
        case Action(title=title, words=words):
            return title, joined(words, _named("secteurs", value.sectors), _with(value, members))
        case Body(name=name, mission=mission, composition=composition, seats=seats):
            return name, joined(mission, composition, f"{seats} sièges" if seats else None)
        case Need(title=title, words=words, territory_part=part, diagnosis=diagnosis):
            where, found = _named("territoire", part), _named("relevé par", diagnosis)
            return title, joined(words, where, found)
        case Function(function=function, words=words):
            return capital(WORDS[type(function)][function]), joined(words, _with(value, members))
        case Resource(year=year, origin=origin):
            return f"{capital(WORDS[type(origin)][origin])}, {year}", resource_in_words(value)
        case Policy(name=name, level=level, link=link):
            return name, joined(WORDS[type(level)][level], link)
        case Premises(name=name, address=address, use=use):
            return name, joined(use, address, _with(value, members))
        case Families(families=families, words=words):
            return capital(value_as_read(families)), words or ""
        case Sector(words=words, naf=naf):
            return capital(words), _named("NAF", naf) or ""
        case PoleObjective(title=title):
            return title, objective_in_words(value)


def _named(name: str, said: str | tuple[str, ...] | None) -> str | None:
    words = value_as_read(said)
    return f"{name} : {words}" if words else None


def _with(value: Shared, members: tuple[str, ...] | None) -> str | None:
    number = len(value.members)
    counted = (f"{number} membre{'s' * (number > 1)} du pôle",) if number else ()
    return _named("avec", (*(counted if members is None else members), *value.partners))


def resource_in_words(value: Resource) -> str:
    """`12 500,50 €`, a contribution in kind, or both."""
    amount = euros(value.amount_cents) if value.amount_cents is not None else None
    return joined(amount, _named("en nature", value.in_kind))


def quantity(number: str | None, unit: str) -> str | None:
    """A number with its unit: `12 500,5 tonnes`."""
    return None if number is None else f"{number_in_words(number)} {unit}"


def objective_in_words(value: PoleObjective) -> str:
    """The indicator of an objective, where it starts, what is aimed at and for when."""
    due = date_in_words(value.due.isoformat()) if value.due else None
    return joined(
        _named("indicateur", value.indicator),
        _named("départ", quantity(value.baseline, value.unit)),
        _named("visé", quantity(value.target, value.unit)),
        _named("échéance", due),
    )


def way_done(baseline: str | None, target: str | None, measured: str | None) -> str | None:
    """How much of the way from the baseline to the target was gone, in per cent.

    It tells a distance and judges nothing: an objective is neither passed nor failed here.
    """
    if baseline is None or target is None or measured is None:
        return None
    start, aim = Decimal(baseline), Decimal(target)
    if start == aim:
        return None
    share = 100 * (Decimal(measured) - start) / (aim - start)
    return f"{number_in_words(str(share.quantize(Decimal(1))))} % du chemin entre départ et cible"


KINDS_TOLD: dict[type, str] = {
    Action: "Action",
    Body: "Instance du pôle",
    Need: "Besoin du territoire",
    Function: "Fonction transverse",
    Resource: "Ressource",
    Policy: "Politique publique liée",
    Premises: "Lieu",
    Families: "Familles du pôle",
    Sector: "Secteur d'activité",
    PoleObjective: "Objectif",
}


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Described.EntryDescribed(value=value):
            title, detail = entry_in_words(value)
            kind = KINDS_TOLD[type(value)]
            if isinstance(value, Action):
                kind = f"{kind} de niveau {WORDS[CooperationLevel][value.level]}"
            return kind, f"{title} : {detail}" if detail else title
        case Described.EntryEnded(motive=motive):
            return "Fin d'une rubrique", motive
        case Described.IndicatorMeasured(value=value, unit=unit):
            return "Mesure d'un indicateur", quantity(value, unit) or ""
        case _:
            return None


# --- lists -------------------------------------------------------------------------------------


class ActionListed(Listed):
    """An action as lists show it."""

    level: CooperationLevel = Field(title="Niveau")
    title: str = Field(title="Action")
    words: str | None = Field(None, title="En quelques mots")
    member_count: int = Field(0, title="Membres")
    members: tuple[str, ...] = ()
    partners: tuple[str, ...] = Field((), title="Autres partenaires")
    sectors: tuple[str, ...] = Field((), title="Secteurs")


ACTIONS = listing(
    Listing(
        name="action",
        line=ActionListed,
        title="Actions des pôles",
        says="Ce que les pôles font ensemble, aux trois niveaux de la coopération : "
        "stratégique, technique, prospectif.",
        path="/actions",
        columns=(
            *("title", "pole_name", "level", "member_count", "partners", "sectors"),
            *("occurred_on", "until", "source"),
        ),
        filters=("level",),
        empty="Aucune action n'est enregistrée comme en vigueur.",
        begun_by="pole.describe_action",
        ends_with_pole=True,
    )
)


class ResourceListed(Listed):
    """A resource as lists show it; a figure never goes without its source."""

    year: int = Field(title="Année")
    origin: Origin = Field(title="Origine")
    amount_cents: int | None = Field(None, title="Montant, en centimes")
    in_kind: str | None = Field(None, title="En nature")

    @property
    def in_year(self) -> str:
        """The year as people read it."""
        return str(self.year)

    @property
    def amount(self) -> str:
        """The amount in euros."""
        return euros(self.amount_cents) if self.amount_cents is not None else ""


RESOURCES = listing(
    Listing(
        name="resource",
        line=ResourceListed,
        title="Ressources des pôles",
        says="Ce dont les pôles vivent, par année et par origine. Chaque chiffre est celui de sa "
        "source ; deux sources peuvent différer, et rien n'est additionné ici.",
        path="/ressources",
        columns=("pole_name", "in_year", "origin", "amount", "in_kind", "source"),
        headings={"in_year": "Année", "amount": "Montant"},
        sorts={"in_year": "year"},
        filters=("origin",),
        order=("year", "origin"),
        empty="Aucune ressource n'est enregistrée.",
        begun_by="pole.record_resource",
    )
)


class ObjectiveListed(Listed):
    """An objective as lists show it, with its last measure and the source of that."""

    title: str = Field(title="Objectif")
    indicator: str = Field(title="Indicateur")
    unit: str = Field(title="Unité")
    baseline: str | None = Field(None, title="Départ")
    target: str | None = Field(None, title="Cible")
    due: date | None = Field(None, title="Échéance")
    measured: str | None = Field(None, title="Dernière mesure")
    measured_on: PartialDate | None = Field(None, title="Mesuré")
    measured_from: date | None = None
    measure_source: str | None = Field(None, title="Source de la mesure")
    measure_fact: UUID | None = None

    @property
    def start(self) -> str:
        """Where it starts, with its unit."""
        return quantity(self.baseline, self.unit) or ""

    @property
    def aim(self) -> str:
        """What is aimed at, with its unit."""
        return quantity(self.target, self.unit) or ""

    @property
    def last(self) -> str:
        """The last measure, with its unit and its date."""
        said = quantity(self.measured, self.unit)
        if said and self.measured_on is not None:
            return f"{said}, {date_in_words(str(self.measured_on))}"
        return said or ""


OBJECTIVES = listing(
    Listing(
        name="objective",
        line=ObjectiveListed,
        title="Objectifs des pôles",
        says="Les objectifs que les pôles se donnent et l'indicateur qui suit chacun, avec sa "
        "dernière mesure et la source de celle-ci. Rien n'en est conclu.",
        path="/objectifs",
        columns=(
            *("title", "pole_name", "indicator", "start", "aim", "due"),
            *("last", "measure_source", "source"),
        ),
        headings={
            "start": "Départ",
            "aim": "Cible",
            "last": "Dernière mesure",
            "source": "Source de l'objectif",
        },
        empty="Aucun objectif n'est enregistré comme en vigueur.",
        begun_by="pole.set_objective",
        ends_with_pole=True,
    )
)


@cache
def _reader() -> SchemaValidator:
    return reader(TypeAdapter(Annotated[Entry, Field(discriminator="type")]))


def read_entry(said: str) -> Entry:
    """An entry as it was recorded."""
    entry: Entry = _reader().validate_json(said)
    return entry


class ProfileListed(Listed):
    """Any other entry as lists show it: what was recorded, and the same in words."""

    kind: EntryKind = Field(title="Rubrique")
    said: str = Field(exclude=True)
    """What was recorded, as JSON: words may change, and this does not."""

    @computed_field
    def entry(self) -> Entry:
        """What was recorded."""
        return read_entry(self.said)

    @property
    def title(self) -> str:
        return entry_in_words(read_entry(self.said))[0]

    @property
    def detail(self) -> str:
        return entry_in_words(read_entry(self.said))[1]


PROFILES = listing(
    Listing(
        name="profile",
        plural="profile",
        line=ProfileListed,
        title="Profil des pôles",
        says="Ce qui est dit des pôles à côté de leurs actions : instances, besoins, fonctions "
        "transverses, politiques publiques, lieux, familles et secteurs.",
        path="/profil",
        columns=("title", "pole_name", "kind", "detail", "occurred_on", "until", "source"),
        headings={"title": "Intitulé", "detail": "Ce qui en est dit"},
        filters=("kind",),
        empty="Rien de tel n'est enregistré comme en vigueur.",
        begun_by="pole.describe_need",
        ends_with_pole=True,
    )
)
