"""Money: euros as people write them, whole cents as they are kept; never a fraction of a cent."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

MOST = 10**13
"""Cents: a hundred billion euros, far above what any of this is about."""

Cents = Annotated[int, Field(ge=1, le=MOST)]
"""An amount of money: whole cents of euro."""

CentsOrNone = Annotated[int, Field(ge=0, le=MOST)]
"""The same, where nothing at all is an amount too."""

_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_EUROS = re.compile(r"(?P<euros>[0-9]{1,15})(?:[.,](?P<cents>[0-9]{1,2}))?(?:\s*(?:€|EUR|euros?))?")
_OTHER = re.compile(r"[$£¥₣]|\b(?:USD|GBP|CHF|JPY|FRF|CAD)\b", re.IGNORECASE)


def cents(given: Any) -> int:
    """Read `30 000,50 €` as 3,000,050 cents.

    A number of a programming language with a fraction is refused: it is not the amount that was
    meant (0.1 + 0.2 is not 0.3), so an amount with cents is written between quotation marks.
    """
    if isinstance(given, bool) or not isinstance(given, int | str):
        msg = (
            f"« {str(given)[:40]} » n'est pas un montant exact : "
            "écrire 30000, ou « 30000,50 » entre guillemets"
        )
        raise ValueError(msg)
    text = _SPACES.sub("", str(given).strip())
    if _OTHER.search(text):
        msg = f"« {text[:40]} » n'est pas en euros : un montant se donne en euros"
        raise ValueError(msg)
    if text.startswith("-"):
        msg = f"« {text[:40]} » est négatif : un montant se donne sans signe"
        raise ValueError(msg)
    found = _EUROS.fullmatch(text)
    if not found:
        msg = f"« {text[:40]} » n'est pas un montant en euros : écrire 30000 ou 30 000,50"
        raise ValueError(msg)
    amount = int(found["euros"]) * 100 + int((found["cents"] or "0").ljust(2, "0"))
    if amount > MOST:
        msg = f"« {text[:40]} » dépasse cent milliards d'euros"
        raise ValueError(msg)
    return amount


def _some(given: Any) -> int:
    amount = cents(given)
    if amount == 0:
        msg = "un montant nul n'engage à rien : donner un montant supérieur à zéro"
        raise ValueError(msg)
    return amount


_AS_WRITTEN = WithJsonSchema(
    {
        "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}],
        "examples": ["30000", "30 000,50"],
    }
)

_WRITTEN_BACK = PlainSerializer(lambda amount: f"{amount // 100}.{amount % 100:02d}")

Euros = Annotated[int, BeforeValidator(_some), _WRITTEN_BACK, _AS_WRITTEN]
"""What a command is given: euros, as people write them. It holds the cents, one at least."""

EurosOrNone = Annotated[int, BeforeValidator(cents), _WRITTEN_BACK, _AS_WRITTEN]
"""The same, where nothing at all is an amount too."""


def euros(amount: int) -> str:
    """An amount in cents: `1250050` as `12 500,50 €`, cents left out where there are none."""
    whole, left = divmod(abs(amount), 100)
    said = f"{whole:,}".replace(",", "\u202f")
    sign = "−" if amount < 0 else ""
    return f"{sign}{said},{left:02}\u00a0€" if left else f"{sign}{said}\u00a0€"
