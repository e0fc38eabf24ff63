"""Record that a pole signed the national charter, and that it no longer stands by it."""

from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from domain.charter import Capacity, CharterSignature, CharterSignatureId, Variant
from domain.dates import PartialDate
from domain.kernel import Line, Personal, Prose
from domain.pole import Pole, PoleId

SIGNATORY = "charter_signature"
"""The purpose for which the name of a signatory is kept."""


class SignCharter(
    Command,
    name="charter_signature.sign",
    says="Enregistrer la signature de la charte par un pôle.",
):
    """Record the signature of the charter by a pole. The signatory's name is sealed."""

    pole: PoleId = Field(description="Le pôle signataire.")
    charter: PartialDate = Field(description="Version de la charte : 2014-09-19, 2021-06…")
    variant: Variant = Field(description="PTCE existant, ou en création.")
    capacity: Capacity = Field(description="Qualité du signataire.")
    place: Line = Field(description="Lieu de signature.")
    signatory: Personal = Field(description="Nom du signataire (scellé).")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        signatory = work.seal(
            self.signatory,
            event=CharterSignature.Signed,
            field="signatory",
            purpose=SIGNATORY,
            subject=uuid4(),
        )
        signature = CharterSignature.sign(
            pole=self.pole,
            charter=self.charter,
            variant=self.variant,
            capacity=self.capacity,
            place=self.place,
            signatory=signatory,
        )
        pole.attach_signature(signature.id)
        work.save(signature, pole)
        return signature.id


class WithdrawSignature(
    Command, name="charter_signature.withdraw", says="Enregistrer qu'un pôle retire sa signature."
):
    """Record that a pole no longer stands by the charter."""

    signature: CharterSignatureId = Field(description="Identifiant de la signature.")
    motive: Prose = Field(description="Pourquoi.")

    @override
    def execute(self, work: Work) -> UUID:
        signature = work.get(CharterSignature, self.signature)
        signature.withdraw(motive=self.motive, occurred_on=work.occurred_on)
        work.save(signature)
        return signature.id
