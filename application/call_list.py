"""The list of calls, with the dates of the wave under way, or of the next one."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import Field

from application.call_words import open_caveat
from application.listing import Listed, Listing, listing
from application.stages import stages_of
from domain.call_terms import CallKind
from domain.dates import PartialDate

STATES: Mapping[str, str] = {
    "planned": "prévu",
    "open": "ouvert",
    "closed": "clos",
    "under_instruction": "en instruction",
    "decided": "décidé",
    "archived": "archivé",
    "cancelled": "annulé",
}
"""What lists call the stages of the journeys that ship; another one is called by its identifier."""


class CallListed(Listed):
    """A call as lists show it, with the dates of the wave under way, or of the next one."""

    title: str = Field(title="Appel")
    code: str = Field(title="Code")
    call_kind: CallKind = Field(title="Nature")
    authority: str = Field(title="Lancé par")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    opened_wave: str | None = None
    """The wave for which it was last opened, by its short name."""
    wave: str | None = Field(None, title="Vague")
    opens: str | None = Field(None, title="Ouverture")
    closes: str | None = Field(None, title="Clôture")
    closed_from: str | None = None
    """The first instant at which it is closed, where that is known."""
    waves: str = "{}"
    """What is known of each wave."""
    envelope: str | None = Field(None, title="Enveloppe")
    envelope_cents: int | None = None
    announced_on: PartialDate | None = Field(None, title="Résultats annoncés")
    journey: str = Field(title="Règles")
    journey_since: date

    @property
    def stage_told(self) -> str:
        """Its stage, with what is not known of it."""
        caveat = open_caveat(self.stage, self.closes)
        return f"{self.stage_title} ({caveat})" if caveat else self.stage_title

    UNKNOWN: ClassVar[Mapping[str, str]] = {"opens": "inconnue", "envelope": "inconnue"}


CALLS = listing(
    Listing(
        name="call",
        line=CallListed,
        title="Appels",
        says="Les appels de l'État : leurs dates, à l'heure de Paris, leur enveloppe et leur "
        "étape. Les résultats restent secrets jusqu'à leur annonce.",
        path="/appels",
        columns=(
            *("title", "call_kind", "stage_told", "stage_on", "opens", "closes"),
            *("envelope", "announced_on", "code"),
        ),
        headings={"stage_told": "Étape"},
        sorts={"stage_told": "stage_title"},
        filters=("call_kind", "stage"),
        words={"stage": stages_of(frozenset(CallKind), STATES)},
        detail=("title", "/appels/"),
        beside={"/appels/calendrier": "Le calendrier des appels"},
        empty="Aucun appel n'est enregistré.",
        thing="Appel",
        begun_by="call.plan",
        about_poles=False,
    )
)
