"""Record that a pole was recognised, by whom and on which ground, and that it ended."""

from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.listing import Listed, Listing, listing
from domain.kernel import Line, Prose
from domain.pole import Pole, PoleId
from domain.recognition import Recognition, RecognitionId, RecognitionKind
from domain.words import Name


class RecordRecognition(
    Command,
    name="recognition.record",
    says="Enregistrer une reconnaissance, avec qui reconnaît et sur quel fondement.",
):
    """Record a recognition with its issuer and its ground. It is never a label."""

    pole: PoleId = Field(description="Le pôle reconnu.")
    recognition_kind: RecognitionKind = Field(description="Sur quoi elle repose.")
    code: Name = Field(description="Code court : temoin_2012, ami_2023…")
    issuer: Line = Field(description="Qui reconnaît.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        recognition = Recognition.issue(
            pole=self.pole,
            recognition_kind=self.recognition_kind,
            code=self.code,
            issuer=self.issuer,
            occurred_on=work.occurred_on,
            valid_to=self.valid_to,
        )
        pole.attach_recognition(recognition.id, code=self.code)
        work.save(recognition, pole)
        return recognition.id


class EndRecognition(
    Command, name="recognition.end", says="Enregistrer la fin ou le retrait d'une reconnaissance."
):
    """Record that a recognition ended, or was withdrawn."""

    recognition: RecognitionId = Field(description="Identifiant de la reconnaissance.")
    motive: Prose = Field(description="Pourquoi elle prend fin.")
    withdrawn: bool = Field(False, description="Retirée, et non venue à terme.")

    @override
    def execute(self, work: Work) -> UUID:
        recognition = work.get(Recognition, self.recognition)
        recognition.finish(
            motive=self.motive, withdrawn=self.withdrawn, occurred_on=work.occurred_on
        )
        work.save(recognition)
        return recognition.id


class RecognitionListed(Listed):
    """A recognition as lists show it."""

    recognition_kind: RecognitionKind = Field(title="Nature")
    code: str = Field(title="Code")
    issuer: str = Field(title="Par")
    ground: str | None = Field(None, title="Fondement")


RECOGNITIONS = listing(
    Listing(
        name="recognition",
        line=RecognitionListed,
        title="Reconnaissances",
        says="Qui a reconnu quel pôle, sur quel fondement et jusqu'à quand. "
        "Une reconnaissance est un fait daté : ni un agrément, ni un label.",
        path="/reconnaissances",
        columns=(
            *("pole_name", "recognition_kind", "issuer", "ground"),
            *("occurred_on", "until", "source"),
        ),
        filters=("recognition_kind",),
        empty="Aucune reconnaissance n'est en vigueur.",
    )
)
