"""The list of dossiers: of what is decided, only what is announced."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from application.dossier_draft import JOURNEYS
from application.dossier_words import DOSSIER_STATES
from application.listing import Listed, Listing, listing
from application.stages import stages_of
from application.world import Moment, World
from domain.award import DossierOutcome
from domain.call import Call
from domain.dates import PartialDate
from domain.dossier import Dossier


class DossierListed(Listed):
    """A dossier as lists show it: of what is decided, only what is announced."""

    code: str = Field(title="Dossier")
    title: str = Field(title="Titre")
    call: UUID
    call_code: str = Field(title="Appel")
    wave: str = Field(title="Vague")
    project: UUID
    applicant: str = Field(title="Structure qui dépose")
    region: str | None = Field(None, title="Région")
    requested_cents: int | None = None
    requested: str | None = Field(None, title="Demandé")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    outcome: DossierOutcome | None = Field(None, title="Décision annoncée")
    amount_cents: int | None = None
    awarded: str | None = Field(None, title="Soutien")
    award_withdrawn_on: date | None = Field(None, title="Soutien retiré le")
    journey: str = Field(title="Règles")
    journey_since: date

    UNKNOWN: ClassVar[Mapping[str, str]] = {"requested": "inconnu"}

    @property
    def call_page(self) -> str:
        return f"/appels/{self.call}"


def calls_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The calls known then, by their codes."""
    planned = (told.event for told in world.told(Call.Planned, until=moment.known))
    return {event.code: event.title for event in planned if isinstance(event, Call.Planned)}


def dossiers_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The dossiers known then, by their codes, as their projects are called."""
    told = (recorded.event for recorded in world.told(Dossier.Drafted, until=moment.known))
    return {event.code: event.title for event in told if isinstance(event, Dossier.Drafted)}


def waves_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The waves known then, by their codes; those that two calls call differently, by no words."""
    said: dict[str, set[str]] = {}
    for told in world.told(Call.WaveSet, until=moment.known):
        if isinstance(told.event, Call.WaveSet):
            said.setdefault(told.event.wave, set()).add(told.event.title)
    return {wave: titles.pop() for wave, titles in said.items() if len(titles) == 1}


DOSSIERS = listing(
    Listing(
        name="dossier",
        line=DossierListed,
        title="Dossiers",
        says="Les dossiers déposés aux appels de l'État, et où en est chacun. Rien de ce qui est "
        "décidé n'y paraît avant l'annonce des résultats.",
        path="/dossiers",
        columns=(
            *("title", "pole_name", "region", "requested", "stage_title", "stage_on"),
            *("outcome", "awarded", "award_withdrawn_on", "call_code", "wave", "code"),
        ),
        detail=("title", "/dossiers/"),
        leads={"call_code": "call_page"},
        headings={"code": "Code"},
        filters=("call_code", "wave", "stage", "outcome", "region"),
        words={
            "stage": stages_of(frozenset(JOURNEYS.values()), DOSSIER_STATES),
            "call_code": calls_in_words,
            "wave": waves_in_words,
        },
        order=("code",),
        empty="Aucun dossier n'est enregistré.",
        thing="Dossier",
        begun_by="dossier.draft",
    )
)
