"""Every event of a contest: of an organisation, whose words are public, and of a person."""

from collections.abc import Iterator
from uuid import UUID

from domain.contest import ContestedBy, ContestOutcome
from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.values import Sealed
from tests import make

FACT = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
PERSON = f"account:{make.ACTOR}"
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")


def samples(on: PartialDate) -> Iterator[Aggregate]:
    pole = make.pole()
    contest = pole.contest(
        fact=FACT,
        topic="pole.located.v1",
        stream=pole.id,
        place=2,
        by_kind=ContestedBy.MEMBER,
        by="Fonderie du Val",
        version="Le pôle agit aussi dans le canton voisin.",
        persons=("organisation:Fonderie du Val", PERSON),
        evidence="délibération du 3 avril 2023",
        occurred_on=on,
        today=make.TODAY,
    )
    pole.answer_contest(
        contest,
        ContestOutcome.PARTLY,
        reasons="Le canton voisin est compris depuis 2022 seulement.",
        persons=("organisation:Registre des pôles",),
        corrected_by=(FACT,),
        is_sourced=True,
        occurred_on=on,
        today=make.TODAY,
    )
    yield pole
