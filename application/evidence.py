"""Evidence: pieces on the file of a pole, named by what is said on their strength."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from pydantic import Field

from application.command import Work
from domain.errors import Invalid
from domain.pole import Pole

Evidence = Annotated[
    tuple[UUID, ...],
    Field(
        description="Identifiants des pièces à l'appui.",
        max_length=50,
        json_schema_extra={"each": "piece"},
    ),
]
"""The pieces that a command names."""


class UnknownEvidence(Invalid):
    """Evidence is on the file of the pole."""

    code = "evaluation.evidence"
    fr = "La pièce {evidence} n'est pas de celles de ce pôle : versez-la d'abord."
    en = "The piece {evidence} is not one of this pole: file it first."


def on_file(work: Work, pole: UUID, evidence: Iterable[UUID]) -> None:
    """Refuse pieces that are not among what concerns a pole."""
    asked = tuple(evidence)
    known = work.get(Pole, pole).related if asked else ()
    for piece in asked:
        if piece not in known:
            raise UnknownEvidence(evidence=piece)
