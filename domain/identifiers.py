"""Numbers by which registers name organisations, with the checks that catch a slip of the pen."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    ValidationInfo,
    field_validator,
    model_validator,
)
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

from domain.spelling import same
from domain.values import Frozen, Line


def _siret(number: str) -> str:
    compact = "".join(number.split())
    if not (compact.isascii() and compact.isdigit() and len(compact) == 14):
        msg = f"Le SIRET « {number[:30]} » n'est pas valide : il faut quatorze chiffres."
        raise ValueError(msg)
    try:
        return str(siret.validate(compact))
    except ValidationError:
        msg = f"Le SIRET {compact} n'est pas valide : sa clé de contrôle ne correspond pas."
        raise ValueError(msg) from None


def _siren(number: str) -> str:
    compact = "".join(number.split())
    if not (compact.isascii() and compact.isdigit() and len(compact) == 9):
        msg = f"Le SIREN « {number[:30]} » n'est pas valide : il faut neuf chiffres."
        raise ValueError(msg)
    try:
        return str(siren.validate(compact))
    except ValidationError:
        msg = f"Le SIREN {compact} n'est pas valide : sa clé de contrôle ne correspond pas."
        raise ValueError(msg) from None


Siret = Annotated[str, AfterValidator(_siret)]
"""An establishment: 14 digits, Luhn.

The establishments of La Poste (SIREN 356000000), but its head office, follow a rule of their own:
their digits add up to a multiple of five.
"""

Siren = Annotated[str, AfterValidator(_siren)]
"""A legal unit: 9 digits, Luhn."""


def _of_form(name: str, form: str, must: str, between: str = "") -> Callable[[str], str]:
    def check(number: str) -> str:
        compact = re.sub(rf"[\s{between}]", "", number).upper()
        if not re.fullmatch(form, compact, re.ASCII):
            msg = f"Le {name} « {number[:30]} » n'est pas valide : il faut {must}."
            raise ValueError(msg)
        return compact

    return check


_rna = _of_form(
    "numéro RNA",
    r"W\d[A-Z\d]\d{7}",
    "un W, un chiffre, un chiffre ou une lettre, puis sept chiffres (par exemple W9R1011072)",
)
_ridet = _of_form(
    "numéro RIDET",
    r"\d{6,7}(\d{3})?",
    "six ou sept chiffres, suivis des trois de l'établissement s'il y en a un",
    between=".-",
)
_tahiti = _of_form(
    "numéro Tahiti",
    r"[A-Z\d]\d{5}(\d{3})?",
    "une lettre ou un chiffre, puis cinq chiffres, et les trois de l'établissement s'il y en a un",
    between=".-",
)


class Scheme(StrEnum):
    """The register that gives the number, or that there is none."""

    SIREN = "siren"
    SIRET = "siret"
    RNA = "rna"
    RIDET = "ridet"
    TAHITI = "tahiti"
    FOREIGN = "foreign"
    NONE = "none"


_CHECKS: Mapping[Scheme, Callable[[str], str]] = {
    Scheme.SIREN: _siren,
    Scheme.SIRET: _siret,
    Scheme.RNA: _rna,
    Scheme.RIDET: _ridet,
    Scheme.TAHITI: _tahiti,
}

_CALLED: Mapping[Scheme, str] = {
    Scheme.SIREN: "numéro SIREN",
    Scheme.SIRET: "numéro SIRET",
    Scheme.RNA: "numéro RNA",
    Scheme.RIDET: "numéro RIDET",
    Scheme.TAHITI: "numéro Tahiti",
    Scheme.FOREIGN: "numéro au registre étranger",
}

_WRITTEN: Mapping[str, Scheme] = {
    **{scheme.value: scheme for scheme in Scheme},
    "etranger": Scheme.FOREIGN,
    "aucun": Scheme.NONE,
}


class Identifier(Frozen):
    """By what number a register names an organisation; or that none does, and why.

    People may write it in words: `SIREN 732 829 320`, `RNA W9R1011072`, `étranger 0403.170.701,
    Banque-Carrefour des Entreprises, Belgique`, `aucun : collectif non déclaré`.

    Source:
        SIREN and SIRET: Insee, as python-stdnum checks them. RNA: the pattern of the State's own
        code (Data.Subvention, `packages/dto/src/shared/Rna.ts`), which holds overseas numbers
        that « W and nine digits » would refuse. RIDET (New Caledonia, Isee): 6 or 7 digits for
        the enterprise, 3 more for the establishment; Tahiti number (French Polynesia, ISPF): a
        letter or a digit and 5 digits, 3 more for the establishment (Data.Subvention,
        `packages/api/src/identifierObjects/`: Rid, Ridet, Tahiti, Tahitiet). Neither has a key
        that is published: a slip that keeps the form is not noticed.
    """

    scheme: Scheme
    number: Line | None = None
    registry: Line | None = None
    """Of a foreign number: who keeps the register."""
    country: Line | None = None
    """Of a foreign number: where."""
    reason: Line | None = None
    """Why there is no number."""

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, given: Any) -> Any:
        return _read(given) if isinstance(given, str) else given

    @field_validator("number")
    @classmethod
    def _is_valid(cls, number: str | None, told: ValidationInfo) -> str | None:
        check = _CHECKS.get(told.data.get("scheme", Scheme.NONE))
        return check(number) if check and number else number

    @model_validator(mode="after")
    def _says_what_it_must(self) -> Self:
        foreign, none = self.scheme is Scheme.FOREIGN, self.scheme is Scheme.NONE
        faults = {
            "Une organisation sans identifiant n'a pas de numéro : donnez seulement le motif.": (
                none and self.number
            ),
            "Sans identifiant, il faut le motif : dites pourquoi l'organisation n'en a pas.": (
                none and not self.reason
            ),
            f"Il manque le {_CALLED.get(self.scheme, 'numéro')}.": not none and not self.number,
            "Un numéro étranger demande le nom du registre et le pays.": (
                foreign and not (self.registry and self.country)
            ),
            "Le registre et le pays ne se donnent que pour un numéro étranger.": (
                not foreign and (self.registry or self.country)
            ),
            "Le motif ne se donne que pour une organisation sans identifiant.": (
                not none and self.reason
            ),
        }
        for said, is_so in faults.items():
            if is_so:
                raise ValueError(said)
        return self

    @property
    def organisation(self) -> tuple[str, ...] | None:
        """What is the same for all establishments of one organisation; `None` where nothing is.

        A SIRET names an establishment, which may move: its SIREN is the identity.
        """
        number = self.number or ""
        match self.scheme:
            case Scheme.SIREN | Scheme.SIRET:
                return "siren", number[:9]
            case Scheme.RIDET:
                enterprise = number if len(number) < 9 else number[:-3]
                return "ridet", enterprise.lstrip("0")  # a number, written with its zero or not
            case Scheme.TAHITI:
                return "tahiti", number[:6]
            case Scheme.FOREIGN:
                place = (self.country or "", self.registry or "", number)
                return "foreign", *("".join(filter(str.isalnum, same(p))) for p in place)
            case Scheme.RNA:
                return "rna", number
            case Scheme.NONE:
                return None


def same_organisation(
    name: str, identifier: Identifier | None, other_name: str, other: Identifier | None
) -> bool:
    """Whether two names, each with a number where it is known, are of one organisation.

    Two numbers of one register decide; where they cannot be compared, the names do.
    """
    mine = identifier.organisation if identifier else None
    theirs = other.organisation if other else None
    if mine and theirs and mine[0] == theirs[0]:
        return mine == theirs
    return same_name(name, other_name)


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in nothing but capitals, accents, spaces and how they are typed."""
    return same(one) == same(other)


def _read(written: str) -> dict[str, str]:
    """An identifier as people write it: the register, then the number and what goes with it."""
    first, _, rest = re.sub(r"\s*:\s*", " ", written.strip(), count=1).partition(" ")
    scheme = _WRITTEN.get(same(first))
    if scheme is None:
        return {"scheme": _guessed(written), "number": written}
    if scheme is Scheme.NONE:
        return {"scheme": scheme, **({"reason": rest} if rest.strip() else {})}
    parts = rest.split(",", 2) if scheme is Scheme.FOREIGN else [rest]
    named = zip(("number", "registry", "country"), parts, strict=False)
    return {"scheme": scheme, **{name: part for name, part in named if part.strip()}}


def _guessed(written: str) -> Scheme:
    """The register of a number that is given alone, where its form is that of one only."""
    compact = "".join(written.split())
    if compact[:1] in ("W", "w"):
        return Scheme.RNA
    if compact.isascii() and compact.isdigit() and len(compact) in (9, 14):
        return Scheme.SIREN if len(compact) == 9 else Scheme.SIRET
    msg = (
        f"« {written[:30]} » ne dit pas quel registre donne ce numéro : écrire par exemple "
        "« SIREN 732829320 », « SIRET … », « RNA … », « RIDET … », « Tahiti … », "
        "« étranger numéro, registre, pays », ou « aucun : le motif »."
    )
    raise ValueError(msg)
