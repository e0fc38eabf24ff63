"""Where a pole acts: in words, and by the codes under which the State knows places, each dated."""

import re
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from domain.values import Frozen, Line, Prose
from domain.words import later

BETWEEN = " / "
"""What parts the names of several departments, or of several regions."""

PlaceCode = Annotated[
    str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[0-9A-Za-z]{1,12}$")
]
"""A code of INSEE, or a SIREN for an EPCI: always a text (`01004`, `2A004`, `97411`)."""

YEARS = range(1943, 3000)
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[-1])]
"""The year (millésime) in which a code is read; INSEE's code is of 1943."""


class PlaceKind(StrEnum):
    """What a place is."""

    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTMENT = "department"
    REGION = "region"
    LIVING_AREA = "living_area"
    NAMED_AREA = "named_area"


WITHOUT_REFERENCE = frozenset({PlaceKind.LIVING_AREA, PlaceKind.NAMED_AREA})
"""What no yearly data of the product names: their codes, if they have one, are taken as given."""

KINDS_SAID = (
    "écrire commune, epci, department (département), region (région), "
    "living_area (bassin de vie) ou named_area (zone nommée)"
)

_SAID = re.compile(
    r"(?P<kind>[^:]*):(?P<code>[^@:]*)(?:@(?P<year>[^:]*))?(?::(?P<name>.*))?", re.DOTALL
)


class Place(Frozen):
    """A place as it was named: a code, and the year in which it is to be read.

    Also written `commune:35236`, `epci:243500741@2024`, `living_area:35236@2022:Redon`,
    `named_area:Pays de Redon`.
    """

    kind: PlaceKind
    code: PlaceCode | None = None
    year: Year | None = None
    name: Line | None = None
    checked: bool = True
    """Whether the code was found in the data of its year, when it was recorded."""

    @model_validator(mode="before")
    @classmethod
    def _said(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        kind, _, rest = given.partition(":")
        if kind.strip() == PlaceKind.NAMED_AREA:
            if not rest.strip():
                msg = "Une zone nommée se donne par son nom : named_area:Pays de Redon."
                raise ValueError(msg)
            return {"kind": kind.strip(), "name": rest}
        found = _SAID.fullmatch(given)
        if not found or not found["kind"].strip() or not found["code"].strip():
            msg = (
                f"« {given[:60]} » ne désigne pas un territoire : écrire commune:35236, "
                "epci:243500741@2024, ou named_area:Pays de Redon"
            )
            raise ValueError(msg)
        if found["kind"].strip() not in {*PlaceKind}:
            msg = f"« {kind.strip()[:60]} » n'est pas une nature de territoire : {KINDS_SAID}."
            raise ValueError(msg)
        year = (found["year"] or "").strip()
        if year and not (year.isascii() and year.isdigit() and int(year) in YEARS):
            msg = (
                f"« {year[:20]} » n'est pas l'année d'un code : "
                f"quatre chiffres, à partir de {YEARS[0]}."
            )
            raise ValueError(msg)
        said = {name: value.strip() for name, value in found.groupdict().items() if value}
        if not any(sign.isdigit() for sign in said["code"]):  # its name stands in its place
            return {"name": said.pop("code"), **said}
        return {**said, "code": "".join(said["code"].split())}

    @property
    def identity(self) -> str:
        """What makes it the same place, in whichever year its code is read."""
        return f"{self.kind}:{self.code or self.name}"

    @property
    def label(self) -> str:
        """As it is written on a command line."""
        if self.kind is PlaceKind.NAMED_AREA:
            return f"{self.kind}:{self.name}"
        year = f"@{self.year}" if self.year else ""
        name = f":{self.name}" if self.name and not self.checked else ""
        return f"{self.kind}:{self.code}{year}{name}"


Places = Annotated[tuple[Place, ...], Field(max_length=2000)]


class Territory(Frozen):
    """Where a pole acts, as its sources say it."""

    words: Line | None = None
    department: Line | None = None
    region: Line | None = None
    places: Places = later(())
    cross_border: Prose | None = later(None)
    """What of it lies beyond the border, in words: no code of ours names it."""

    @property
    def regions(self) -> tuple[str, ...]:
        """Each of the regions in which it lies."""
        return parts(self.region)


def parts(words: str | None) -> tuple[str, ...]:
    """Names that stand in one text, apart: `Bretagne / Pays de la Loire`."""
    found = re.split(r"\s+/\s+|,\s+", words or "")
    return tuple(dict.fromkeys(part.strip() for part in found if part.strip()))
