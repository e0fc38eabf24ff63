"""Legal forms and the quality that rests on them, as people give them and read them."""

from collections.abc import Mapping
from uuid import UUID

from application.wording import WORDS
from domain.legal_form import EssEvidence, EssStatus, EvidenceNotOnFile
from domain.pole import Pole

ESS: Mapping[str, str] = {
    EssStatus.BY_FORM: "par la forme juridique",
    EssStatus.EVIDENCED: "sur justificatif",
    EssStatus.TO_CONFIRM: "à confirmer",
    EssStatus.NO: "non",
}
"""On what the quality of enterprise of the social economy rests, in words."""

WORDS[EssStatus] = ESS


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
