"""Signatures of the national charter. Signing is no label and binds no partner to any support."""

from datetime import date
from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain.dates import PartialDate
from domain.errors import Refused
from domain.kernel import Aggregate, EndsBeforeItBegins, Event, Line, Prose, Sealed, event

CharterSignatureId = NewType("CharterSignatureId", UUID)


class Variant(StrEnum):
    """The two undertakings of the form of 2014."""

    EXISTING_POLE = "existing_pole"
    IN_CREATION = "in_creation"


class Capacity(StrEnum):
    """As what the signatory binds the pole."""

    PRESIDENT = "president"
    DIRECTOR = "director"
    MANDATE = "mandate"


class SignatureWithdrawn(Refused):
    """A signature is withdrawn once."""

    code = "charter.withdrawn"
    fr = "Cette signature a déjà été retirée."
    en = "This signature has already been withdrawn."


class CharterSignature(Aggregate):
    """That a pole signed a version of the charter; no guard of a State decision, no commitment."""

    class Signed(Event):
        """The form was signed. The signatory's name is sealed; the capacity is not personal."""

        TOPIC = "charter_signature.signed.v1"
        pole: UUID
        charter: PartialDate
        variant: Variant
        capacity: Capacity
        place: Line
        signatory: Sealed

    class Withdrawn(Event):
        """The pole no longer stands by it."""

        TOPIC = "charter_signature.withdrawn.v1"
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.start = date.min
        self.end: date | None = None
        self.withdrawn = False

    @classmethod
    def sign(
        cls,
        *,
        pole: UUID,
        charter: PartialDate,
        variant: Variant,
        capacity: Capacity,
        place: str,
        signatory: Sealed,
    ) -> "CharterSignature":
        signature = cls.new()
        signature._signed(
            pole=pole,
            charter=charter,
            variant=variant,
            capacity=capacity,
            place=place,
            signatory=signatory,
        )
        return signature

    def withdraw(self, *, motive: str, occurred_on: PartialDate) -> None:
        if self.withdrawn:
            raise SignatureWithdrawn
        day = occurred_on.first_day
        if day and day < self.start:
            raise EndsBeforeItBegins(start=self.start, end=day)
        self._withdrawn(motive=motive)

    def in_force_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @event(Signed)
    def _signed(
        self,
        *,
        pole: UUID,
        charter: PartialDate,
        variant: Variant,
        capacity: Capacity,
        place: str,
        signatory: Sealed,
    ) -> None:
        self.start = self.since
        self.end = self.until

    @event(Withdrawn)
    def _withdrawn(self, *, motive: str) -> None:
        self.end = self.since
        self.withdrawn = True
