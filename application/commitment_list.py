"""The list of financial commitments, with their amounts as people read them."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from application.listing import Listed, Listing, listing
from application.stages import stages_of
from application.world import Moment, World
from domain.commitment import Commitment, Regime, SupportKind
from domain.dates import PartialDate
from domain.money import euros

STATES: Mapping[str, str] = {
    "decided": "décidé",
    "convention_drafted": "convention rédigée",
    "in_force": "en cours d'exécution",
    "suspended": "suspendu",
    "report_due": "comptes attendus",
    "settled": "soldé",
    "terminated": "résilié",
    "recovery": "reversement en cours",
    "closed": "clos",
    "abandoned": "abandonné",
}
"""What lists call the stages of the journey that ships; another is called by its identifier."""


class CommitmentListed(Listed):
    """A commitment as lists show it; the amounts are in cents, and in euros as they are read."""

    code: str = Field(title="Code")
    object: str = Field(title="Objet")
    funder: str = Field(title="Financeur")
    funder_siret: str | None = Field(None, title="SIRET du financeur")
    beneficiary: str = Field(title="Bénéficiaire")
    beneficiary_siret: str | None = Field(None, title="SIRET du bénéficiaire")
    project: UUID | None = None
    dossier: UUID | None = None
    support_kind: SupportKind = Field(title="Forme")
    regime: Regime = Field(title="Régime d'aide")
    granted_on: date = Field(title="Accordé le")
    signed_on: date | None = Field(None, title="Signé le")
    ends_on: date | None = Field(None, title="Jusqu'au")
    reference: str | None = Field(None, title="Convention")
    award_withdrawn_on: date | None = Field(None, title="Soutien retiré le")
    """From when on nothing more is paid of it, the award that it follows being withdrawn."""
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    journey: str = Field(title="Règles")
    journey_since: date
    agreed_cents: int
    value_cents: int
    approved_cents: int
    paid_cents: int
    justified_cents: int
    ordered_cents: int
    recovered_cents: int
    waived_cents: int
    agreed: str | None = Field(None, title="Convenu")
    value: str | None = Field(None, title="Valeur en nature")
    approved: str | None = Field(None, title="Approuvé")
    paid: str | None = Field(None, title="Payé")
    justified: str | None = Field(None, title="Justifié")
    ordered: str | None = Field(None, title="Réclamé")
    recovered: str | None = Field(None, title="Reversé")


def in_euros(_: World, line: Any) -> Any:
    """Say the amounts of a line as people read them; nothing where there is none."""
    said = {
        name.removesuffix("_cents"): euros(cents) if (cents := getattr(line, name)) else None
        for name in type(line).model_fields
        if name.endswith("_cents")
    }
    return line.model_copy(update={n: s for n, s in said.items() if n in type(line).model_fields})


def complete(world: World, line: Any) -> Any:
    """Say the amounts of a commitment in euros, and that the award it follows is withdrawn."""
    told = in_euros(world, line)
    if not line.award_withdrawn_on:
        return told
    return told.model_copy(update={"stage_title": f"{told.stage_title} ; soutien retiré"})


def commitments_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The commitments known then, by what they are for, with the code that commands call them by.

    Two of a pole may be for the same thing.
    """
    told = (known.event for known in world.told(Commitment.Decided, until=moment.known))
    return {
        event.code: f"{event.object} ({event.code})"
        for event in told
        if isinstance(event, Commitment.Decided)
    }


COMMITMENTS = listing(
    Listing(
        name="commitment",
        line=CommitmentListed,
        title="Engagements financiers",
        says="Ce que chaque financeur a promis, à qui, et ce qui en est approuvé, payé, justifié "
        "ou réclamé. Ce qui est apporté en nature n'est jamais ajouté à l'argent.",
        path="/engagements-financiers",
        columns=(
            *("pole_name", "object", "funder", "beneficiary", "stage_title"),
            *("agreed", "value", "approved", "paid", "justified", "ordered", "recovered", "code"),
        ),
        detail=("object", "/engagements-financiers/"),
        beside={"/grand-livre": "Le grand livre"},
        filters=("stage", "support_kind", "regime", "funder"),
        words={"stage": stages_of({"commitment"}, STATES)},
        complete=complete,
        order=("granted_on", "code"),
        dated="granted_on",
        empty="Aucun engagement financier n'est enregistré.",
        thing="Engagement financier",
        called="object",
        begun_by="commitment.decide",
    )
)
