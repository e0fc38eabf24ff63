"""Enter and take back claims, and list them."""

from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from domain.claim import Claim, ClaimId
from domain.kernel import Frozen, Line, Prose
from domain.pole import Pole


class RecordClaim(
    Command,
    name="claim.record",
    says="Enregistrer une déclaration, avec son auteur, sa date et sa source.",
):
    """Enter what somebody said, with its author, its date and its source."""

    statement: Prose = Field(description="Ce qui est affirmé, en une phrase.")
    author: Line = Field(description="Qui l'affirme.")
    figures: Prose | None = Field(None, description="Les chiffres, dans les mots de la source.")
    about: UUID | None = Field(None, description="Le pôle dont il s'agit, s'il s'agit d'un pôle.")
    note: Prose | None = Field(None, description="Remarque sur la source.")

    @override
    def execute(self, work: Work) -> UUID:
        if self.about:
            work.get(Pole, self.about)
        claim = Claim.record(
            statement=self.statement,
            author=self.author,
            figures=self.figures,
            about=self.about,
            note=self.note,
        )
        work.save(claim)
        return claim.id


class RetractClaim(
    Command, name="claim.retract", says="Retirer une déclaration ; elle reste lisible à sa date."
):
    """Take a claim back; it stays readable at its date."""

    claim: ClaimId = Field(description="Identifiant de la déclaration.")

    @override
    def execute(self, work: Work) -> UUID:
        claim = work.get(Claim, self.claim)
        claim.retract()
        work.save(claim)
        return claim.id


class ClaimLine(Frozen):
    """A claim as lists show it."""

    id: UUID
    occurred_on: str
    statement: str
    author: str
    figures: str | None
    note: str | None
    source: str | None
    confidence: str | None
    about: UUID | None
