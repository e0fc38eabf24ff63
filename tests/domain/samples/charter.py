"""Every event about charters: texts, signatures and undertakings."""

from collections.abc import Iterator
from uuid import UUID

from domain.charter import Capacity, CharterSignature, Signatory, Signing
from domain.charter_text import (
    CHARTERS,
    Article,
    Charter,
    CharterId,
    CharterKind,
    Charters,
    CharterText,
    FoundingNetwork,
    Paragraph,
    TextUndertaking,
)
from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.undertaking import Bound, Towards, Undertaking, UndertakingFinding, UndertakingId
from domain.values import Sealed
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
DIGEST = "0c" * 32

TEXT = CharterText(
    opening=("Charte fictive",),
    articles=(
        Article(
            id="engagements",
            number="I",
            heading="Engagements",
            paragraphs=(
                Paragraph(words="Les signataires s'engagent à :"),
                Paragraph(words="se réunir une fois par an ;", item=True),
            ),
        ),
    ),
    undertakings=(TextUndertaking(id="engagement_01", words="se réunir une fois par an"),),
    notice="La signature n'engage aucun partenaire.",
    notes=("Texte fictif.",),
    form=("Fait à ……, le ……", "Signature(s)"),
)


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Aggregates that recorded every event of these concepts, with every field given."""
    charter = Charter.publish(
        charter_kind=CharterKind.LOCAL,
        pole=OTHER,
        version=PartialDate("2019-03"),
        title="Charte fictive d'un pôle",
        language="fr",
        text=TEXT,
        sha256=DIGEST,
        size=1234,
    )
    yield charter
    charters = Charters(CHARTERS)
    charters.enter(charter)
    charters.enter_network(FoundingNetwork.RTES, OTHER)
    yield charters
    act = Signing(
        charter=PartialDate("2019-03"),
        capacity=Capacity.PRESIDENT,
        place="Grasse",
        signatory=SEALED,
        others=(Signatory(capacity=Capacity.DIRECTOR, name=SEALED),),
        text=CharterId(OTHER),
        text_hash=DIGEST,
    )
    yield CharterSignature.sign_as_network(FoundingNetwork.RTES, act)
    signature = CharterSignature.sign_as_member(
        act, pole=OTHER, member=OTHER, organisation="Coopérative fictive"
    )
    signature.follow_up((OTHER,))
    signature.supersede(OTHER)
    yield signature
    yield _undertaking(on)


def _undertaking(on: PartialDate) -> Undertaking:
    day = make.day("2023-05-01")
    undertaking = Undertaking.give(
        UndertakingId(OTHER),
        bound=Bound.MEMBER,
        pole=OTHER,
        member=OTHER,
        organisation="Coopérative fictive",
        towards=Towards.LOCAL_CHARTER,
        text=OTHER,
        item="engagement_01",
        signature=OTHER,
        words="se réunir une fois par an",
        due=make.day("2024-05-01"),
    )
    undertaking.report(
        words="Réunion tenue.", documents=(OTHER,), persons=(f"account:{make.ACTOR}",), day=day
    )
    undertaking.assess(
        UndertakingFinding.KEPT,
        reasons="Le compte rendu le montre.",
        persons=(f"pole:{OTHER}",),
        day=day,
    )
    undertaking.extend(make.day("2025-05-01"), reasons="à sa demande", day=day)
    undertaking.release(motive="le pôle a changé de charte", occurred_on=on)
    return undertaking
