"""The pieces of a pole: what its journey asks for, what is on file, and the hashes of the files."""

import re
from collections.abc import Iterator
from uuid import UUID

from application.document_list import DocumentSheet, document_sheet
from application.register import pole_at
from application.wording import evidence_in_words
from application.world import Moment, World
from domain.errors import NotFound
from domain.journey import Journey
from domain.pole import Piece, Pole
from domain.values import Frozen

NAMED = re.compile(r"'([\w-]+)'\s+in\s+evidence\.kinds")
"""How a clause names a piece that must be on file."""


class FiledPiece(Frozen):
    """A piece on file, and its document where that is kept here."""

    evidence: str
    title: str
    occurred_on: str
    document: DocumentSheet | None


class StepAsking(Frozen):
    """A step that asks for a piece, and whether it leaves the present stage."""

    title: str
    is_next: bool


class PieceAsked(Frozen):
    """A piece that the journey asks for: for which steps, and what is on file for it."""

    evidence: str
    title: str
    steps: tuple[StepAsking, ...]
    filed: tuple[FiledPiece, ...]

    @property
    def is_next(self) -> bool:
        return any(step.is_next for step in self.steps)

    @property
    def is_wanting(self) -> bool:
        """Whether a step out of the present stage asks for it in vain."""
        return self.is_next and not self.filed


class PoleEvidence(Frozen):
    """What a journey asks to be filed, what is wanting now first; and the other pieces."""

    journey: str
    asked: tuple[PieceAsked, ...]
    beside: tuple[FiledPiece, ...]


def pole_evidence(world: World, pole_id: UUID, moment: Moment) -> PoleEvidence:
    """The checklist of a pole: the pieces in force on the day, by what its journey asks for."""
    pole, stage, ref = pole_at(world, pole_id, moment)
    filed = [_filed(world, piece, moment) for piece in _in_force(pole, moment)]
    asked = list(_asked(world, world.compiled(ref).journey, stage, filed))
    wanted = {piece.evidence for piece in asked}
    return PoleEvidence(
        journey=ref,
        asked=tuple(sorted(asked, key=lambda piece: (not piece.is_wanting, not piece.is_next))),
        beside=tuple(piece for piece in filed if piece.evidence not in wanted),
    )


def _in_force(pole: Pole, moment: Moment) -> Iterator[Piece]:
    return (piece.value for piece in pole.pieces if piece.covers(moment.in_force))


def _filed(world: World, piece: Piece, moment: Moment) -> FiledPiece:
    return FiledPiece(
        evidence=piece.evidence,
        title=piece.title,
        occurred_on=str(piece.occurred_on),
        document=_document(world, piece.document, moment) if piece.document else None,
    )


def _document(world: World, document: UUID, moment: Moment) -> DocumentSheet | None:
    try:
        return document_sheet(world, document, moment)
    except NotFound:  # a piece may count before its document was handed in
        return None


def _asked(
    world: World, journey: Journey, stage: str, filed: list[FiledPiece]
) -> Iterator[PieceAsked]:
    """Each piece that a step asks for, in the order of the journey."""
    steps: dict[str, dict[str, StepAsking]] = {}
    for way in journey.transitions:
        for clause in world.compiled(journey.ref).clauses[way.id]:
            for kind in NAMED.findall(str(clause.clause.when)):
                asking = StepAsking(title=way.title.fr or way.id, is_next=stage in way.from_)
                steps.setdefault(kind, {})[way.id] = asking
    for kind, asking_steps in steps.items():
        yield PieceAsked(
            evidence=kind,
            title=evidence_in_words(kind),
            steps=tuple(asking_steps.values()),
            filed=tuple(piece for piece in filed if piece.evidence == kind),
        )
