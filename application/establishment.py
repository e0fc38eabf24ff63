"""Note the establishments that closed; refuse those that did where a grant names one; list them."""

from abc import abstractmethod
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.identifiers import identifier_in_words
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.wording import tells
from domain.errors import Forbidden
from domain.establishment import ESTABLISHMENTS, Establishments
from domain.identifiers import Identifier, Scheme, Siret
from domain.kernel import Event
from domain.recording import must_have_happened
from domain.roles import Role
from domain.values import Prose

KEEPERS = (
    Role.REGISTRAR,
    Role.COORDINATOR,
    Role.REGIONAL_COORDINATOR,
    Role.INSTRUCTOR,
    Role.FUNDER,
    Role.PAYER,
)
"""Who notes that an establishment closed (product rule)."""


class NotAnEstablishmentKeeper(Forbidden):
    """Whoever instructs, funds, pays, coordinates or keeps the register notes it."""

    code = "establishment.role"
    fr = "Noter la fermeture d'un établissement demande un autre rôle : {roles}."
    en = "Noting that an establishment closed needs another role: {roles}."


def must_be_open(work: Work, siret: str | None, day: date) -> None:
    """Refuse the SIRET of an establishment that stands closed on a day; none is none.

    Every command that takes the SIRET of who grants or of who receives asks this.
    """
    if siret:
        known(work).must_be_open(siret, day)


def known(work: Work) -> Establishments:
    """What is known of establishments; its version is checked when the work is saved."""
    return work.find(Establishments, ESTABLISHMENTS) or Establishments(ESTABLISHMENTS)


class EstablishmentCommand(Momentary, by=KEEPERS, refused=NotAnEstablishmentKeeper):
    """Something noted of one establishment."""

    siret: Siret = Field(description="Le SIRET de l'établissement.")

    @override
    def execute(self, work: Work) -> UUID:
        must_have_happened()
        establishments = known(work)
        self.act(work, establishments)
        work.save(establishments)
        return establishments.id

    @abstractmethod
    def act(self, work: Work, establishments: Establishments) -> None:
        """Note it."""


class CloseEstablishment(
    EstablishmentCommand,
    Statement,
    name="establishment.close",
    says="Noter qu'un établissement est fermé, depuis le jour du fait.",
):
    """Note that an establishment is closed: nothing is granted to it from that day on."""

    @override
    def act(self, work: Work, establishments: Establishments) -> None:
        establishments.close(self.siret, closed_on=work.day)


class ReopenEstablishment(
    EstablishmentCommand,
    Statement,
    name="establishment.reopen",
    says="Noter qu'un établissement a repris, ou n'avait pas fermé.",
):
    """Note that an establishment is open from the day of the fact on."""

    motive: Prose = Field(description="Pourquoi : reprise d'activité, erreur de saisie…")

    @override
    def act(self, work: Work, establishments: Establishments) -> None:
        establishments.reopen(self.siret, day=work.day, motive=self.motive)


def _said(siret: str) -> str:
    return identifier_in_words(Identifier(scheme=Scheme.SIRET, number=siret)) or siret


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Establishments.Closed(siret=siret):
            return "Établissement fermé", _said(siret)
        case Establishments.Reopened(siret=siret, motive=motive):
            return "Établissement de nouveau ouvert", f"{_said(siret)} ; {motive}"
        case _:
            return None


class EstablishmentListed(Listed):
    """A closed establishment as lists show it."""

    siret: str = Field(title="SIRET")
    closed_on: date = Field(title="Fermé depuis")


ESTABLISHMENT_LIST = listing(
    Listing(
        name="establishment",
        line=EstablishmentListed,
        title="Établissements fermés",
        says="Les établissements notés fermés : rien ne leur est accordé à partir de ce jour.",
        path="/etablissements",
        columns=("siret", "closed_on", "source"),
        order=("closed_on", "siret"),
        dated="closed_on",
        empty="Aucun établissement n'est noté fermé.",
        begun_by="establishment.close",
        about_poles=False,
    )
)
