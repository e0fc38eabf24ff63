"""Answers to persons, as the log of readings knows them: by whom and when each was handed over."""

from uuid import NAMESPACE_OID, UUID, uuid5

from infrastructure.event_store.journal import Journal


def answer_identity(account: UUID | str, at: int) -> UUID:
    """The identity of an answer: that of who handed it over and of the instant noted (µs)."""
    return uuid5(NAMESPACE_OID, f"{account}|{at}")


def handed_over(journal: Journal, answer: UUID) -> frozenset[UUID]:
    """The subjects that were read for an answer; none where no answer has this identity."""
    # As `person_answer` calls them.
    rows = journal.query(
        "SELECT account, at, subject FROM access WHERE concept = 'person' AND part = 'export'"
    )
    return frozenset(
        UUID(subject) for account, at, subject in rows if answer_identity(account, at) == answer
    )
