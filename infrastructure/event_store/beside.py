"""What lies beside the journal: keys and bytes, laid down before an event, destroyed after it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventsourcing.persistence import IntegrityError

from application.command import Work
from application.unit import Condemned
from domain.errors import JalonError, Unavailable
from infrastructure.documents import Documents
from infrastructure.event_store.failure import STORE_ERRORS, explain
from infrastructure.event_store.journal import Journal

log = logging.getLogger("jalon")


class ErasureUnfinished(Unavailable):
    """An erasure is recorded, and what it erases is not all destroyed yet."""

    code = "document.erasure_unfinished"
    fr = (
        "L'effacement est enregistré et le contenu ne se lit plus, mais tout n'a pas pu être "
        "détruit : {reason} Ce qui reste le sera à la prochaine ouverture du registre, ou par "
        "« jalon document check --clean »."
    )
    en = (
        "The erasure is recorded and the content is no longer read, but not all of it could be "
        "destroyed: {reason} The rest will be when the registry is next opened, or by "
        "“jalon document check --clean”."
    )


@contextmanager
def laid_beside(work: Work, journal: Journal, documents: Documents) -> Iterator[None]:
    """Lay down what the events name that are recorded inside, and destroy what they condemn.

    So no event names a key or bytes that are not there, and nothing is destroyed by an act that was
    refused. What is not recorded is taken away again. Where that fails, or this program is killed,
    keys and bytes are left that no event names; they harm nothing, and `check_documents` destroys
    them. An erasure that was recorded is finished by whoever next opens the registry.
    """
    marks: dict[Condemned, Path] = {}
    try:
        if not documents.keys.keep(work.made, work.names):
            msg = "somebody else made one of these keys"
            raise IntegrityError(msg)
        for new in work.enclosed:
            documents.keep(new.ref, new.ciphertext)
        for gone in work.condemned:
            marks[gone] = documents.condemn(gone.document)
        yield
    except BaseException as error:
        if journal.is_refusal(error):
            _take_away(work, [*marks.values()], journal, documents)
        raise
    try:
        for gone, mark in marks.items():
            destroy(gone, journal, documents)
            documents.unmark(mark)
    except (JalonError, *STORE_ERRORS) as error:
        raise ErasureUnfinished(reason=_said(error)) from error


def destroy(gone: Condemned, journal: Journal, documents: Documents) -> None:
    """Destroy the key and the bytes of a document, and what was sealed with it; once is enough."""
    documents.destroy(gone.document, gone.ref)
    journal.forget_sealed(*gone.sealed)


def _take_away(work: Work, marks: list[Path], journal: Journal, documents: Documents) -> None:
    """Undo what was laid down for an act that was not recorded; nobody else knows of it.

    A key of somebody who was known before may serve others by now, and stays.
    """
    try:
        for subject, purpose in work.made:
            if not journal.knows(subject):
                documents.keys.destroy(subject, purpose)
        for new in work.enclosed:
            if not journal.knows(new.document):  # our own success may look like a refusal
                documents.remove(new.ref)
        for mark in marks:
            documents.unmark(mark)
    except (JalonError, *STORE_ERRORS) as error:
        log.warning(
            "Rien n'a été enregistré, mais des clés ou des octets sans emploi sont restés : %s "
            "« jalon document check --clean » les détruira.",
            _said(error),
        )


def _said(error: Exception) -> str:
    return str(error if isinstance(error, JalonError) else explain(error).details["reason"])
