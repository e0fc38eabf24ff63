"""Whence an event comes: who answers for it, in which role, on which ground and source."""

from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain.roles import Role
from domain.values import Frozen, Line, Prose

AccountId = NewType("AccountId", UUID)


MandateId = NewType("MandateId", UUID)


class Confidence(StrEnum):
    """How sure the source is of what it says."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    INFERRED = "inferred"
    UNCONFIRMED = "unconfirmed"


class Kind(StrEnum):
    """What an event does to the fact it is about."""

    ASSERT = "assert"
    CORRECT = "correct"
    RETRACT = "retract"


class Provenance(Frozen):
    """What everything recorded by one command shares: who acts, for whom, and on which ground."""

    actor: AccountId
    role: Role
    on_behalf_of: MandateId | None = None
    ground: Line | None = None
    source: Prose | None = None
    confidence: Confidence | None = None
    reason: Prose | None = None
    correlation_id: UUID
    causation_id: UUID | None = None


class Meta(Provenance):
    """The context of one event: its provenance, and its own random identity."""

    event_id: UUID
