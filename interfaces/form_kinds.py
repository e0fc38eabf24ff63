"""What the values that commands ask for name: things of the register, parties, persons."""

from collections.abc import Mapping
from typing import Any

from domain.accompaniment import AccompanimentId
from domain.account import GrantId
from domain.assessment import AssessmentId
from domain.charter import CharterSignatureId
from domain.claim import ClaimId
from domain.contribution import ContributionId
from domain.document import DocumentId
from domain.entry import EntryId
from domain.membership import MemberId
from domain.pole import PoleId
from domain.project import ProjectId
from domain.provenance import AccountId, MandateId
from domain.recognition import RecognitionId
from domain.undertaking import UndertakingId
from interfaces.reading_fields import BY_CODE

THINGS: tuple[tuple[Any, str], ...] = (
    (PoleId, "pole"),
    *BY_CODE,
    (ProjectId, "project"),
    (MemberId, "member"),
    (DocumentId, "document"),
    (AccompanimentId, "accompaniment"),
    (AssessmentId, "assessment"),
    (ContributionId, "contribution"),
    (RecognitionId, "recognition"),
    (UndertakingId, "undertaking"),
    (CharterSignatureId, "charter_signature"),
    (ClaimId, "claim"),
    (EntryId, "entry"),
    (MandateId, "mandate"),
    (AccountId, "account"),
    (GrantId, "grant"),
)
"""What each identity is of."""

BY_NAME: Mapping[str, str] = {
    "fact": "event",
    "event": "event",
    "corrected_by": "event",
    "fact.contest.about": "event",
    "vote": "vote",
    "aid": "de_minimis_aid",
    "contest": "contest",
    "follower": "account",
    "carried_out_by": "privacy_act",
    "cases": "case",
    "corrects": "event",
}
"""The same of those whose type says only that they are identities; of the others, a document."""

PARTY_KINDS: Mapping[str, str] = {
    "organisation": "une organisation",
    "pole": "un pôle",
    "account": "un compte",
}
RELATION_KINDS: Mapping[str, str] = {
    "pole": "un pôle",
    "region": "une région",
    "call": "un appel",
    "organisation": "une organisation",
    "everywhere": "tout",
}
"""Of what kinds somebody who is acted for may be, and what an act may be about."""

ONE_LINE_OF_PERSONS = frozenset(
    {
        "signatory",
        "name",
        "person",
        "requester",
        "author",
        "holder",
        "public_name",
        "file_name",
        "contact",
        "address",
    }
)
"""Personal values that are a name or an address, and never run over several lines."""
