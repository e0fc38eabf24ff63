"""Legal forms and the quality that rests on them, as people give them and read them."""

from collections.abc import Mapping
from uuid import UUID

from application.wording import WORDS
from domain.legal_form import ByLaw, EssEvidence, EssStatus, EvidenceNotOnFile, LegalForm
from domain.membership import MemberKind
from domain.pole import Pole

ESS: Mapping[str, str] = {
    EssStatus.BY_FORM: "par la forme juridique",
    EssStatus.EVIDENCED: "sur justificatif",
    EssStatus.TO_CONFIRM: "à confirmer",
    EssStatus.NO: "non",
}
"""On what the quality of enterprise of the social economy rests, in words."""

WORDS[EssStatus] = ESS

ENTERPRISES = frozenset({MemberKind.ESS_ENTERPRISE, MemberKind.OTHER_ENTERPRISE})


def ess_in_words(
    kind: MemberKind, form: LegalForm | None, status: EssStatus, evidence: EssEvidence | None
) -> str:
    """On what the quality rests, and why: the words of the law, the evidence, or its absence."""
    if status is EssStatus.NO and kind not in ENTERPRISES:
        return "sans objet"
    match status:
        case EssStatus.BY_FORM if form:
            return f"{ESS[status]} : {form.ground}"
        case EssStatus.EVIDENCED if evidence:
            return f"{ESS[status]} : {evidence.words or 'un document versé'}"
        case EssStatus.TO_CONFIRM:
            asked = f" ; {form.ground}" if form else ""
            return f"{ESS[status]} : aucun justificatif n'est versé{asked}"
        case EssStatus.NO if form and form.status is ByLaw.CONDITIONAL:
            return f"{ESS[status]} : aucun justificatif n'est versé ; {form.ground}"
        case _:
            return ESS[status]


def evidence_given(pole: Pole, told: str | None) -> EssEvidence | None:
    """What a person gives as evidence, where they give any."""
    return evidence_of(pole, told) if told else None


def evidence_of(pole: Pole, told: str) -> EssEvidence:
    """Evidence as a person tells it: the identifier of a document on file, or some words."""
    try:
        document = UUID(told)
    except ValueError:
        return EssEvidence(words=told)
    if pole.attached.get(document) != "document":
        raise EvidenceNotOnFile(document=document)
    return EssEvidence(document=document)
