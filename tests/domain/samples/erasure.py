"""Every event about the erasure of persons: asked for, refused, done."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from domain.dates import PartialDate
from domain.erasure import Erasure, ErasureGround, Exemption, HeldValue
from domain.kernel import Aggregate

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
REF = "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"
KEPT = "LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564"


def samples(_: PartialDate) -> Iterator[Aggregate]:
    done, refused = Erasure.new(), Erasure.new()
    done.request(
        ErasureGround.CONSENT_WITHDRAWN,
        refs=(REF, KEPT),
        documents=(OTHER,),
        held=(
            HeldValue(ref=KEPT, exemption=Exemption.LAW_OR_PUBLIC_TASK, until=date(2033, 4, 30)),
        ),
    )
    done.execute()
    again = Erasure.new()
    again.execute_again((REF,))
    refused.request(ErasureGround.OBJECTION, refs=(REF,))
    refused.refuse(Exemption.ARCHIVES)
    yield from (again, done, refused)
