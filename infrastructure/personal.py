"""Where persons are found and answered, by whoever answers for their data."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from uuid import UUID

from application.command import By
from application.document_list import document_sheet
from application.erasure import may_decide
from application.personal import (
    DocumentAbout,
    PersonalPlace,
    PersonAnswer,
    answer_in_words,
    marked_events,
    places,
    valued,
)
from application.sentences import of_system
from application.world import Moment
from domain.dates import paris_day
from domain.document import Document
from domain.errors import Invalid, NotFound
from domain.personal import sealed_in
from infrastructure.access_log import AccessLog
from infrastructure.document_room import NotWritten
from infrastructure.documents import PURPOSE
from infrastructure.event_store.registry import Registry

CONCEPT, EXPORT = "person", "export"
"""What an answer to a person is called in the log of readings."""

Keys = frozenset[tuple[UUID, str]]


class NobodyFound(NotFound):
    """Nothing is sealed under that name, for that subject, or about that thing."""

    code = "person.unknown"
    fr = (
        "Rien n'est conservé de cette personne sous ce nom ou cet identifiant. Un texte peut la "
        "citer : cherchez-le par ce qu'il concerne."
    )
    en = (
        "Nothing is kept of this person under this name or identity. A text may mention them: "
        "look for it by what it is about."
    )


class SeveralPersons(Invalid):
    """A thing stands for a person where it is about one only."""

    code = "person.several"
    fr = (
        "Cet identifiant porte des valeurs scellées pour {number} personnes ou textes : désignez "
        "l'un des sujets que montre « jalon privacy find »."
    )
    en = (
        "This identity bears values sealed for {number} persons or texts: give one of the "
        "subjects that “jalon privacy find” shows."
    )


@dataclass(frozen=True, slots=True)
class PersonFound:
    """What is kept of a person: where it lies, under which keys, in which documents."""

    places: tuple[PersonalPlace, ...]
    keys: Keys
    documents: tuple[UUID, ...]


class PersonRoom:
    """Finds what is kept of persons, and answers them; each answer is noted before it is given."""

    def __init__(self, registry: Registry, accesses: AccessLog) -> None:
        self._registry = registry
        self._accesses = accesses
        self._journal = registry.journal
        self._keys = registry.keys

    def find(self, person: str, by: By) -> PersonFound:
        """Everything kept of a person; nothing of it is opened.

        Args:
            person: a name, the subject of sealed values, or what is about one person alone.
        """
        may_decide(by.role)
        subjects = self._subjects(person)
        wanted = set(subjects)
        refs = self._journal.sealed_for([subject for subject, _ in wanted])
        found = [
            place
            for place in places(self._registry, refs)
            if (place.subject, place.purpose) in wanted or (place.subject, "") in wanted
        ]
        keys = {(place.subject, place.purpose) for place in found}
        documents = [*self._documents({subject for subject, _ in keys | wanted})]
        keys |= {(document, PURPOSE) for document in documents}
        if not found and not documents:
            raise NobodyFound(name="")
        return PersonFound(tuple(found), frozenset(keys), tuple(documents))

    def _subjects(self, person: str) -> set[tuple[UUID, str]]:
        """The keys of a person; of one known by an identity, those of every purpose (`""`)."""
        try:
            identity = UUID(person.strip())
        except ValueError:
            self.index()
            return self._keys.named(person)
        if self._journal.sealed_for([identity]) or document_of(self._registry, identity):
            return {(identity, "")}
        refs = [
            kept.ref
            for recorded in self._registry.everything(identity)
            for _, kept, _ in sealed_in(recorded.event)
        ]
        subjects = set(self._journal.subjects_of(refs).values())
        if len(subjects) > 1:
            raise SeveralPersons(number=len(subjects))
        return {(subject, "") for subject in subjects}

    def _documents(self, subjects: Iterable[UUID]) -> Iterable[UUID]:
        """The documents among some subjects that are there, each with all that is attached."""
        for subject in subjects:
            document = document_of(self._registry, subject)
            if document and not document.is_erased:
                yield document.id
                yield from self._documents(document.parts)

    def index(self) -> int:
        """Note the names that were sealed before names were noted, once; count them."""
        if self._keys.keeps_names():
            return 0
        noted = []
        for recorded in self._registry.told_ever(*marked_events()):
            event = recorded.event
            for field, kept, marked in sealed_in(event):
                row = self._journal.ciphertext(kept.ref) if marked.is_name else None
                said = row and self._registry.unseal(kept, event=type(event), field=field)
                if row and said:
                    noted.append((self._keys.name_mark(said), UUID(row[0]), marked.purpose))
        self._keys.names_are_kept(noted)
        return len(noted)

    def answer(self, person: str, by: By) -> PersonAnswer:
        """Everything that is kept of a person, opened; that it was read is noted first.

        Source: RGPD, articles 15 and 20.
        """
        found = self.find(person, by)
        subjects = {subject for subject, _ in found.keys}
        self._accesses.note(by, CONCEPT, sorted(subjects), EXPORT)
        size = self._journal.size()
        now = self._registry.clock()
        moment = Moment(known=size, in_force=paris_day(now))
        sheets = [document_sheet(self._registry, id_, moment) for id_ in found.documents]
        return PersonAnswer(
            answered_at=now,
            size=size,
            root=self._journal.root(size).hex(),
            values=tuple(valued(self._registry, place) for place in found.places),
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

    def export(self, person: str, folder: Path, by: By) -> PersonAnswer:
        """The same in a new folder that its owner alone can read: for programs, and for people."""
        if folder.exists():
            raise NotWritten(file=folder, reason="il existe déjà")
        answer = self.answer(person, by)
        partial = folder.with_name(f".{folder.name}.{token_hex(4)}.partial")
        told = json.dumps(answer.model_dump(mode="json"), ensure_ascii=False, indent=2)
        try:
            partial.mkdir(mode=0o700)
            for name, text in (("donnees.json", told), ("reponse.txt", answer_in_words(answer))):
                descriptor = os.open(partial / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(f"{text}\n")
            partial.rename(folder)
        except OSError as error:
            raise NotWritten(file=folder, reason=of_system(error)) from None
        finally:
            rmtree(partial, ignore_errors=True)
        return answer


def document_of(registry: Registry, id_: UUID) -> Document | None:
    """A document of an identity, if it is one."""
    first = next(iter(registry.everything(id_)), None)
    is_one = first and isinstance(first.event, Document.Filed)
    return registry.load(Document, id_) if is_one else None
