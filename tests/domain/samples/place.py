"""Every event about the years of codes that a registry loads."""

from collections.abc import Iterator

from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.place_year import PLACES, PlaceYears, change_to
from tests.places import FRAME, commune, gazetteer, part


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """An aggregate that loaded a year in which one commune became a part of another."""
    del on
    communes = [commune(f"35{number:03}", f"Commune {number}") for number in range(1, 41)]
    known = gazetteer(*communes)
    told = [*FRAME, part("35001", "Commune 1", "35002"), *communes[1:]]
    years = PlaceYears(PLACES)
    years.load(
        change_to(known, 2024, told),
        package="essai@7.0.0",
        files={"communes.json": "0" * 64},
        known=known,
    )
    yield years
