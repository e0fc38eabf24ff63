"""De minimis aid, and establishments that closed."""

from collections.abc import Iterator
from uuid import UUID

from domain.dates import PartialDate
from domain.de_minimis import DeMinimis
from domain.establishment import ESTABLISHMENTS, Establishments
from domain.kernel import Aggregate
from domain.single_undertaking import SingleUndertaking
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
SIREN, SISTER, SIRET = "732829320", "404833048", "73282932000074"


def samples(on: PartialDate) -> Iterator[Aggregate]:
    day = on.first_day or make.TODAY
    part = SingleUndertaking.identify(SIREN, "Évaléco")
    aid = part.declare_aid(
        regime=DeMinimis.GENERAL,
        cents=3_000_000,
        authority="Région fictive",
        reference="2023-117",
        granted_on=day,
    )
    part.grant_aid(
        commitment=OTHER,
        regime=DeMinimis.SGEI,
        cents=1_250_050,
        authority="État",
        headroom=75_000_000,
    )
    part.lower_aid(aid, cents=1_000_000, motive="Dépenses moindres.", day=day)
    part.attest(others=(SISTER,), document=OTHER, until=make.day("2023-12-31"), day=day)
    part.join(SISTER, why="majorité des voix", day=day)
    part.part(SISTER, why="cession", day=day)
    yield part
    establishments = Establishments(ESTABLISHMENTS)
    establishments.close(SIRET, closed_on=day)
    establishments.reopen(SIRET, day=day, motive="Reprise d'activité.")
    yield establishments
