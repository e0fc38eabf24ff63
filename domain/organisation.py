"""Who grants, and who receives: an organisation by its name and the numbers of its registers."""

from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from domain.identifiers import Identifier, Scheme, Siret, same_organisation
from domain.values import Frozen, Line


def _rna(number: str) -> str:
    return Identifier(scheme=Scheme.RNA, number=number).number or number


Rna = Annotated[str, AfterValidator(_rna)]
"""An association, as the national directory numbers it: `W9R1011072`."""


class Organisation(Frozen):
    """An organisation as a decision names it, with a number or the reason why it has none.

    The SIRET names an establishment on the day of the decision; it may close or be corrected.
    """

    name: Line
    siret: Siret | None = None
    rna: Rna | None = None
    reason_without: Line | None = None
    """Why it has no number: an organisation abroad, a service of the State…"""

    @model_validator(mode="after")
    def _is_named_by_a_number(self) -> Self:
        if (self.siret or self.rna) and self.reason_without:
            msg = "Le motif ne se donne que pour une organisation sans numéro."
            raise ValueError(msg)
        if not (self.siret or self.rna or self.reason_without):
            msg = f"Il manque le SIRET de « {self.name} » : donnez-le, ou dites pourquoi il manque."
            raise ValueError(msg)
        return self

    @property
    def siren(self) -> str | None:
        """The legal unit, which stays the same whatever its establishment."""
        return self.siret[:9] if self.siret else None

    @property
    def relations(self) -> frozenset[str]:
        """What stands in relation to it says so by its name and, if it has one, its SIREN."""
        names = (self.name, self.siren)
        return frozenset(f"organisation:{name}" for name in names if name)

    @property
    def identifier(self) -> Identifier | None:
        """The number by which it is told from others."""
        if self.siret:
            return Identifier(scheme=Scheme.SIRET, number=self.siret)
        return Identifier(scheme=Scheme.RNA, number=self.rna) if self.rna else None

    def is_same(self, other: "Organisation") -> bool:
        """Whether this is the same organisation: by its numbers, else by its name."""
        return same_organisation(self.name, self.identifier, other.name, other.identifier)
