"""Numbers by which the State names organisations, with the checks that catch a slip of the pen."""

from typing import Annotated

from pydantic import AfterValidator
from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret


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
"""An establishment: 14 digits, Luhn; the establishments of La Poste follow a rule of their own."""

Siren = Annotated[str, AfterValidator(_siren)]
"""A legal unit: 9 digits, Luhn."""
