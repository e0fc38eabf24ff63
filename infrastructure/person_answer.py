"""How a person is answered: what is kept of them, opened, in one folder for them alone."""

import json
import os
from pathlib import Path
from secrets import token_hex
from shutil import rmtree

from application.command import By
from application.document_list import document_sheet
from application.personal import DocumentAbout, PersonAnswer, answer_in_words, valued
from application.processing import AIMS
from application.sentences import of_system
from application.world import Moment
from domain.dates import paris_day
from infrastructure.access_log import AccessLog
from infrastructure.document_room import NotWritten
from infrastructure.event_store.registry import Registry
from infrastructure.handed_over import answer_identity
from infrastructure.person_found import PersonFound

CONCEPT, EXPORT = "person", "export"
"""What an answer to a person is called in the log of readings."""


def answered(registry: Registry, accesses: AccessLog, found: PersonFound, by: By) -> PersonAnswer:
    """What was found of a person, opened; that it was read is noted first."""
    subjects = {subject for subject, _ in found.keys}
    noted = accesses.note(by, CONCEPT, sorted(subjects), EXPORT)
    size = registry.journal.size()
    now = registry.clock()
    moment = Moment(known=size, in_force=paris_day(now))
    sheets = [document_sheet(registry, id_, moment) for id_ in found.documents]
    return PersonAnswer(
        id=answer_identity(by.actor, noted),
        answered_at=now,
        size=size,
        root=registry.journal.root(size).hex(),
        values=tuple(valued(registry, place, AIMS[place.purpose].says) for place in found.places),
        documents=tuple(
            DocumentAbout(
                id=sheet.id,
                title=sheet.title,
                filed_on=sheet.occurred_on,
                retention=sheet.retention,
            )
            for sheet in sheets
        ),
    )


def write(answer: PersonAnswer, folder: Path) -> None:
    """Put an answer in a new folder that its owner alone can read, whole or not at all."""
    partial = folder.with_name(f".{folder.name}.{token_hex(4)}.partial")
    told = json.dumps(answer.model_dump(mode="json"), ensure_ascii=False, indent=2)
    read = answer_in_words(answer)
    try:
        partial.mkdir(mode=0o700)
        for name, text in (("donnees.json", told), ("reponse.txt", read)):
            descriptor = os.open(partial / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(f"{text}\n")
        partial.rename(folder)
    except OSError as error:
        raise NotWritten(file=folder, reason=of_system(error)) from None
    finally:
        rmtree(partial, ignore_errors=True)
