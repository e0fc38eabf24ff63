"""Dossiers: what is done with one, its parts, and the steps of its journey."""

from abc import abstractmethod
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.momentary import Momentary
from application.moving import Moving
from domain.call import Call
from domain.case import Case
from domain.document import DocumentId
from domain.dossier import Dossier, DossierId
from domain.dossier_states import DRAFT, OVER
from domain.recording import must_have_happened
from domain.roles import Role
from domain.values import Line
from domain.words import Id, Name


class DossierCommand(Momentary):
    """Something done with one dossier."""

    dossier: DossierId = Field(description="Le dossier, par son code ou son identifiant.")

    @override
    def execute(self, work: Work) -> UUID:
        dossier = work.get(Dossier, self.dossier)
        work.allow(dossier, self.NAME)
        self.act(work, dossier)
        work.save(dossier)
        return dossier.id

    @abstractmethod
    def act(self, work: Work, dossier: Dossier) -> None:
        """Do it with the dossier."""


class FilePart(
    DossierCommand,
    name="dossier.file_part",
    says="Joindre à un dossier une des pièces que l'appel demande.",
    by=(Role.POLE_REPRESENTATIVE, Role.SECRETARY, Role.REGISTRAR),
):
    """Give one of the parts that the call asks for."""

    part: Name = Field(description="La pièce, par son identifiant dans le cahier des charges.")
    title: Line | None = Field(None, description="Comment elle s'appelle.")
    document: DocumentId | None = Field(None, description="Le document déposé au registre.")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        call = work.get(Call, dossier.call)
        dossier.file_part(self.part, call, title=self.title, document=self.document, day=work.day)


class AskForParts(
    DossierCommand,
    name="dossier.ask_for_parts",
    says="Demander les pièces qui manquent à un dossier, avec la date limite pour les donner.",
    by=(Role.INSTRUCTOR, Role.SECRETARY, Role.REGISTRAR),
):
    """Say what is missing: the dossier waits for it."""

    parts: tuple[Name, ...] = Field(
        description="Les pièces, par leurs identifiants dans le cahier des charges.",
        min_length=1,
        max_length=100,
        json_schema_extra={"each": "part"},
    )
    until: date = Field(description="Dernier jour pour les donner.")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        call = work.get(Call, dossier.call)
        dossier.ask_for_parts(self.parts, call, until=self.until, day=work.day)
        work.take(dossier, "declare_incomplete")


class CompleteDossier(
    DossierCommand,
    name="dossier.complete",
    says="Rendre un dossier complété : les pièces demandées sont données.",
    by=(Role.POLE_REPRESENTATIVE, Role.SECRETARY, Role.REGISTRAR),
):
    """Hand a dossier in again, once what was asked for is given."""

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        work.take(dossier, "complete")


class MoveDossier(
    Moving,
    DossierCommand,
    name="dossier.move",
    says="Franchir une étape du parcours d'un dossier.",
    by=(
        Role.POLE_REPRESENTATIVE,
        Role.COORDINATOR,
        Role.REGIONAL_COORDINATOR,
        Role.INSTRUCTOR,
        Role.SECRETARY,
        Role.REGISTRAR,
    ),
):
    """Take a step of the journey of a dossier."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : declare_eligible, deliberate, "
        "withdraw… Un code inconnu est refusé en nommant ceux du parcours."
    )

    @override
    def act(self, work: Work, case: Case) -> None:
        must_have_happened()
        super().act(work, case)


def dossiers_of(work: Work, call: Call, wave: str) -> list[Dossier]:
    """The dossiers of a wave of a call, in the order of their numbers."""
    found = (work.get(Dossier, id_) for id_ in call.dossiers)
    return [dossier for dossier in found if dossier.wave == wave]


def is_living(dossier: Dossier) -> bool:
    """Whether something is still to be decided of it: handed in, and not over."""
    return dossier.state_on(date.max) not in {None, DRAFT, *OVER}
