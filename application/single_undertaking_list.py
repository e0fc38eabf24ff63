"""De minimis aid in words, and its lists: enterprises, aid, attestations."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field

from application.identifiers import identifier_in_words
from application.listing import Listed, Listing, listing
from application.wording import WORDS, tells
from application.world import Moment, World
from domain.dates import day_in_words
from domain.de_minimis import DeMinimis
from domain.identifiers import Identifier, Scheme
from domain.kernel import Event
from domain.money import euros
from domain.single_undertaking import SingleUndertaking

WORDS[DeMinimis] = {
    DeMinimis.GENERAL: "aides de minimis",
    DeMinimis.SGEI: "aides de minimis aux services d'intérêt économique général (SIEG)",
}


def siren_in_words(siren: str) -> str:
    """`SIREN 732 829 320`."""
    return identifier_in_words(Identifier(scheme=Scheme.SIREN, number=siren)) or siren


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case SingleUndertaking.Identified(siren=siren, name=name):
            return "Entreprise suivie pour les aides de minimis", f"{name}, {siren_in_words(siren)}"
        case SingleUndertaking.AidDeclared() as told:
            return (
                "Aide de minimis déclarée",
                f"{euros(told.amount_cents)}, par : {told.authority} "
                f"({WORDS[DeMinimis][told.regime]})",
            )
        case SingleUndertaking.AidGranted() as granted:
            left = granted.headroom_cents
            said = "inconnu" if left is None else euros(left)
            return (
                "Aide de minimis accordée",
                f"{euros(granted.amount_cents)}, par : {granted.authority} "
                f"({WORDS[DeMinimis][granted.regime]}) ; il restait : {said}",
            )
        case SingleUndertaking.AidLowered(to_cents=cents, motive=motive):
            return "Aide de minimis réduite", f"à {euros(cents)} ; {motive}"
        case SingleUndertaking.Attested(relied_on_until=last):
            return (
                "Attestation des aides de minimis",
                f"on s'y fie jusqu'au {day_in_words(last)}",
            )
        case SingleUndertaking.Joined(other=other, why=why):
            return "Entreprises liées", f"avec {siren_in_words(other)} : {why}"
        case SingleUndertaking.Parted(other=other, why=why):
            return "Entreprises déliées", f"d'avec {siren_in_words(other)} : {why}"
        case _:
            return None


# --- the lists ----------------------------------------------------------------------------------


class OfUndertaking(Listed):
    """Something of an enterprise, which has a page."""

    siren: str = Field(title="SIREN")

    @property
    def undertaking_page(self) -> str:
        return f"/entreprises-de-minimis/{self.siren}"


class UndertakingFollowed(OfUndertaking):
    """An enterprise whose de minimis aid is counted, as lists show it."""

    name: str = Field(title="Entreprise")


SINGLE_UNDERTAKINGS = listing(
    Listing(
        name="single_undertaking",
        line=UndertakingFollowed,
        title="Entreprises suivies pour les aides de minimis",
        says="Les entreprises dont les aides « de minimis » sont comptées. Sans attestation qui "
        "couvre le jour où une aide est accordée, ce qu'elles peuvent encore recevoir est inconnu.",
        path="/entreprises-de-minimis",
        columns=("name", "siren"),
        leads={"name": "undertaking_page"},
        order=("siren",),
        filters=("siren",),
        empty="Aucune entreprise n'est suivie pour les aides « de minimis ».",
        begun_by="single_undertaking.declare_aid",
        about_poles=False,
    )
)


def undertakings_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The enterprises known then, by name, each with the number that commands call it by."""
    told = (known.event for known in world.told(SingleUndertaking.Identified, until=moment.known))
    return {
        event.siren: f"{event.name} ({event.siren})"
        for event in told
        if isinstance(event, SingleUndertaking.Identified)
    }


class AidListed(OfUndertaking):
    """De minimis aid as lists show it."""

    regime: DeMinimis = Field(title="Régime")
    amount_cents: int
    amount: str = Field(title="Montant")
    authority: str = Field(title="Accordée par")
    reference: str | None = Field(None, title="Référence")
    commitment: UUID | None = None
    """The commitment that grants it; none where the enterprise declared it."""
    declared: bool = Field(title="Déclarée par l'entreprise")


AIDS = listing(
    Listing(
        name="de_minimis_aid",
        line=AidListed,
        title="Aides de minimis",
        says="Les aides « de minimis » déclarées par les entreprises, et celles que des "
        "engagements financiers leur accordent, au jour où elles sont accordées.",
        path="/aides-de-minimis",
        columns=("siren", "regime", "amount", "authority", "reference", "declared", "occurred_on"),
        headings={"siren": "Entreprise", "occurred_on": "Accordée"},
        leads={"siren": "undertaking_page"},
        filters=("siren", "regime"),
        words={"siren": undertakings_in_words},
        empty="Aucune aide « de minimis » n'est enregistrée.",
        begun_by="single_undertaking.declare_aid",
        about_poles=False,
    )
)


class AttestationListed(OfUndertaking):
    """An attestation as lists show it, from its day to the last on which it is relied on."""

    others: tuple[str, ...] = Field((), title="Répond aussi pour")
    relied_on_until: date = Field(title="Fait foi jusqu'au")
    document: UUID | None = None


ATTESTATIONS = listing(
    Listing(
        name="de_minimis_attestation",
        line=AttestationListed,
        title="Attestations des aides de minimis",
        says="Les attestations par lesquelles des entreprises déclarent avoir dit toutes leurs "
        "aides « de minimis », tant qu'elles font foi.",
        path="/attestations-de-minimis",
        columns=("siren", "others", "occurred_on", "relied_on_until", "source"),
        headings={"siren": "Entreprise", "occurred_on": "Du"},
        leads={"siren": "undertaking_page"},
        filters=("siren",),
        words={"siren": undertakings_in_words},
        empty="Aucune attestation d'aides « de minimis » n'est enregistrée comme faisant foi.",
        begun_by="single_undertaking.attest",
        about_poles=False,
    )
)
