"""What can be said of a pole beside its members: ten kinds of entries, each a typed value."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, NewType
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from domain.membership import MemberId
from domain.money import Cents
from domain.naf import CODES
from domain.values import Frozen, Line, Prose

EntryId = NewType("EntryId", UUID)

Year = Annotated[int, Field(ge=1900, le=2200)]

_NAF = re.compile(r"(?P<division>[0-9]{2})(\.?(?P<rest>[0-9]{1,2}[A-Z]?))?")


def _naf(given: str) -> str:
    found = _NAF.fullmatch("".join(given.split()).upper())
    if not found:
        msg = f"« {given[:30]} » n'est pas un code NAF : écrire 38, 38.3 ou 38.32Z."
        raise ValueError(msg)
    code = f"{found['division']}.{found['rest']}" if found["rest"] else found["division"]
    if code not in CODES:
        msg = f"« {code} » n'existe pas dans la nomenclature d'activités française (NAF rév. 2)."
        raise ValueError(msg)
    return code


Naf = Annotated[
    str,
    AfterValidator(_naf),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{2}(\.[0-9]{1,2}[A-Z]?)?$"}),
]
"""A code of the French classification of activities (NAF rév. 2): `38`, `38.3`, `38.32Z`.

It must exist (`domain/naf.py`); `3832Z`, as Sirene writes it, is the same code.
"""


_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


def _plain_number(given: Any) -> Any:
    """A number as people write it: a comma for a dot, spaces between thousands."""
    if isinstance(given, int | float | Decimal) and not isinstance(given, bool):
        return str(given)
    if isinstance(given, str):
        return "".join(given.split()).replace(",", ".").replace("−", "-")
    return given


def _number(given: str) -> str:
    if not _NUMBER.fullmatch(given):
        msg = f"« {given[:30]} » n'est pas un nombre : écrire 12 ou 12,5 (six décimales au plus)."
        raise ValueError(msg)
    return given


Figure = Annotated[
    str,
    BeforeValidator(_plain_number),
    AfterValidator(_number),
    WithJsonSchema({"type": "string", "pattern": rf"^{_NUMBER.pattern}$"}),
]
"""A number of an indicator, exactly as it was said: `12`, `12.5`. Events hold no floats."""


class CooperationLevel(StrEnum):
    """The three levels of cooperation between those who make up a pole (leaflet of July 2014)."""

    STRATEGIC = "strategic"
    TECHNICAL = "technical"
    PROSPECTIVE = "prospective"


class FunctionKind(StrEnum):
    """The transverse functions that the charter of the pole of Sud Aquitaine names."""

    ANIMATION = "animation"
    TRAINING = "training"
    RESEARCH_DEVELOPMENT = "research_development"
    CAPITALISATION = "capitalisation"


class Origin(StrEnum):
    """Where a resource comes from (product rule: the sources speak of mixed ones only)."""

    PUBLIC_GRANTS = "public_grants"
    OWN_REVENUE = "own_revenue"
    CONTRIBUTIONS_OF_MEMBERS = "contributions_of_members"
    PRIVATE_FUNDS = "private_funds"
    IN_KIND = "in_kind"
    OTHER = "other"


class PolicyLevel(StrEnum):
    """Whose policy it is."""

    EU = "eu"
    NATIONAL = "national"
    REGIONAL = "regional"
    LOCAL = "local"


class Family(StrEnum):
    """What some poles have in common (référentiel d'action, presented on 25 June 2012)."""

    URBAN_POLE = "urban_pole"
    PRODUCTION_CHAIN = "production_chain"
    URBAN_PLACE = "urban_place"
    RURAL_PLACE = "rural_place"
    OTHER = "other"


class Shared(Frozen):
    """What is said of an action, a function or a place, with those who take part in it."""

    members: tuple[MemberId, ...] = ()
    """Members of the pole, on the day of the entry."""
    partners: tuple[Line, ...] = ()
    """Organisations that are not members, by name."""


class Action(Shared):
    """Something done together, at one of the three levels."""

    type: Literal["action"] = "action"
    level: CooperationLevel
    title: Line
    words: Prose | None = None
    sectors: tuple[Line, ...] = ()


class Body(Frozen):
    """A body of the pole's own governance."""

    type: Literal["body"] = "body"
    name: Line
    mission: Line
    composition: Prose | None = None
    seats: Annotated[int, Field(ge=1, le=10_000)] | None = None


class Need(Frozen):
    """A need of the territory, and the diagnosis that found it."""

    type: Literal["need"] = "need"
    title: Line
    words: Prose | None = None
    territory_part: Line | None = None
    diagnosis: Line | None = None


class Function(Shared):
    """A transverse function: what makes the pole more than the sum of its members."""

    type: Literal["function"] = "function"
    function: FunctionKind
    words: Prose


class Resource(Frozen):
    """What the pole lived on in a year, by origin: an amount, or a contribution in kind."""

    type: Literal["resource"] = "resource"
    year: Year
    origin: Origin
    amount_cents: Cents | None = None
    in_kind: Line | None = None


class Policy(Frozen):
    """A public policy to which the pole is linked."""

    type: Literal["policy"] = "policy"
    name: Line
    level: PolicyLevel
    link: Prose


class Premises(Shared):
    """A place, and those who share it."""

    type: Literal["premises"] = "premises"
    name: Line
    address: Line | None = None
    use: Line | None = None


class Families(Frozen):
    """The families to which the pole belongs."""

    type: Literal["families"] = "families"
    families: tuple[Family, ...]
    words: Line | None = None


class Sector(Frozen):
    """A field of activity."""

    type: Literal["sector"] = "sector"
    words: Line
    naf: Naf | None = None


class PoleObjective(Frozen):
    """What the pole gives itself to reach, and the indicator by which it follows it."""

    type: Literal["objective"] = "objective"
    title: Line
    indicator: Line
    unit: Line
    baseline: Figure | None = None
    target: Figure | None = None
    due: date | None = None


Entry = (
    Action
    | Body
    | Need
    | Function
    | Resource
    | Policy
    | Premises
    | Families
    | Sector
    | PoleObjective
)
"""Any of them; `type` tells which, and is stored."""
