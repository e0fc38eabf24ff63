"""Every event about the members of a pole, and who carries it."""

from collections.abc import Iterator
from uuid import UUID

from domain.dates import PartialDate
from domain.identifiers import Identifier, Scheme
from domain.kernel import Aggregate
from domain.legal_form import ByLaw, EssEvidence, LegalForm
from domain.membership import MemberKind
from tests import make

OTHER = UUID("2f1d7c52-64a9-4f1e-8b0a-1d7d5c3f9e20")
FORM = LegalForm(
    code="5499",
    label="Société à responsabilité limitée (sans autre indication)",
    status=ByLaw.CONDITIONAL,
    ground="société commerciale",
)
FOREIGN = Identifier(
    scheme=Scheme.FOREIGN, number="12 34", registry="Registre fictif", country="Pays fictif"
)


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Aggregates that recorded every event of these concepts, with every field given."""
    pole = make.pole()
    first = pole.add_member(
        member_kind=MemberKind.ESS_ENTERPRISE,
        name="Société fictive",
        person=None,
        identifier=FOREIGN,
        legal_form=FORM,
        ess_evidence=EssEvidence(document=OTHER),
    )
    pole.add_member(
        member_kind=MemberKind.ESS_ENTERPRISE,
        name="Collectif fictif",
        person=None,
        identifier=Identifier(scheme=Scheme.NONE, reason="non déclaré"),
    )
    pole.confirm_ess(first, ess_evidence=EssEvidence(words="mention au registre du commerce"))
    pole.change_member(
        first,
        member_kind=MemberKind.ESS_ENTERPRISE,
        identifier=FOREIGN,
        legal_form=FORM,
        ess_evidence=EssEvidence(document=OTHER),
    )
    pole.designate_carrier(
        name="Association fictive",
        siret=None,
        identifier=Identifier(scheme=Scheme.RNA, number="W9R1011072"),
    )
    yield pole
