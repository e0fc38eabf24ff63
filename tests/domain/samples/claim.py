"""A claim with a figure, and the one that took its place."""

from collections.abc import Iterator
from uuid import UUID

from domain.claim import Claim
from domain.dates import PartialDate
from domain.figure import Comparator, figure
from domain.kernel import Aggregate
from tests import make

EVENT = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")


def samples(on: PartialDate) -> Iterator[Aggregate]:
    claim = Claim.record(
        statement="Le pôle a créé de 20 à 30 emplois.",
        author="Réseau fictif",
        figures="de 20 à 30 emplois",
        about=make.ACTOR,
        note="selon le rapport annuel",
        figure=figure(
            measure="jobs_created",
            low="20",
            high="30.5",
            comparator=Comparator.BETWEEN,
            unit="emplois",
            period=on,
        ),
        source="rapport annuel",
    )
    correction = claim.correct(
        EVENT,
        statement="Le pôle a créé plus de 20 emplois.",
        author="Réseau fictif",
        figures="plus de 20 emplois",
        note=None,
        figure=figure(measure="jobs_created", value="20", comparator=Comparator.MORE_THAN),
        source="rapport annuel",
    )
    yield claim
    yield correction
