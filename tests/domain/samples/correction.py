"""A fact that was taken back: of any kind, it is told alike."""

from collections.abc import Iterator

from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.pole import Pole
from tests import make


def samples(on: PartialDate) -> Iterator[Aggregate]:
    pole = Pole(make.ACTOR)
    pole.retract_fact(make.ACTOR)
    yield pole
