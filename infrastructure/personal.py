"""Where persons are found and answered, by whoever answers for their data."""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from typing import NamedTuple
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
from application.processing import AIMS
from application.respelling import respelt
from application.sentences import of_system
from application.world import Moment
from domain.dates import paris_day
from domain.document import Document
from domain.errors import Invalid, NotFound, Refused
from domain.personal import SealedAltered, name_key, sealed_in
from infrastructure.access_log import AccessLog
from infrastructure.document_room import NotWritten
from infrastructure.documents import PURPOSE
from infrastructure.event_store.registry import Registry
from infrastructure.handed_over import answer_identity

CONCEPT, EXPORT, NAMES = "person", "export", "names"
"""What an answer to a person, and a look at names, are called in the log of readings."""

Keys = frozenset[tuple[UUID, str]]


class NoNameGiven(Invalid):
    """Somebody is looked for by something."""

    code = "person.no_name"
    fr = "Donnez un nom, ou un identifiant : une recherche vide ne désigne personne."
    en = "Give a name, or an identity: an empty search means nobody."


class NobodyFound(NotFound):
    """Nothing is sealed under that name, for that subject, or about that thing."""

    code = "person.unknown"
    fr = (
        "Rien n'est conservé de cette personne sous ce nom ou cet identifiant : elle n'y est pas, "
        "ou elle est déjà effacée. Un texte peut la citer : cherchez-le par ce qu'il concerne."
    )
    en = (
        "Nothing is kept of this person under this name or identity: they are not there, or "
        "erased already. A text may mention them: look for it by what it is about."
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


class NamesJoined(Refused):
    """A correction put another name in the place of this one; whether both are one is for people.

    What is forgotten is so for ever, and what is handed over is read: neither is guessed.
    """

    code = "person.other_name"
    fr = (
        "Une rectification joint à ce nom un autre nom ({events}). Regardez « jalon privacy "
        "find », puis recommencez avec « --same-person » si c'est la même personne, ou "
        "« --another-person » si c'en est une autre."
    )
    en = (
        "A correction joins another name to this one ({events}). Look at “jalon privacy find”, "
        "then start again with “--same-person” if it is the same person, or “--another-person” "
        "if it is another one."
    )


class Bearer(NamedTuple):
    """Somebody who bears the words that were looked for, among others."""

    name: str
    values: int
    """How many times they are named."""


@dataclass(frozen=True, slots=True)
class PersonFound:
    """What is kept of a person: where it lies, under which keys, in which documents."""

    places: tuple[PersonalPlace, ...]
    documents: tuple[UUID, ...]
    joined: tuple[PersonalPlace, ...] = ()
    """What lies under another name, which a correction joins to theirs."""
    bearers: tuple[Bearer, ...] = ()
    """Who else bears the words that were given."""

    @property
    def keys(self) -> Keys:
        """The keys of what is theirs."""
        mine = {(place.subject, place.purpose) for place in self.places}
        return frozenset(mine | {(document, PURPOSE) for document in self.documents})

    def settled(self, *, same_person: bool | None) -> "PersonFound":
        """What is theirs, once it is said whether what corrections join to it is theirs too."""
        if same_person is None and self.joined:
            positions = dict.fromkeys(place.position for place in self.joined)
            events = ", ".join(f"n° {position}" for position in positions)
            raise NamesJoined(events=events)
        if not same_person:
            return replace(self, joined=())
        every = sorted({*self.places, *self.joined}, key=lambda place: place.position)
        return replace(self, places=tuple(every), joined=())


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
        wanted = self._subjects(person)
        found = self._places(wanted)
        mine = {(place.subject, place.purpose) for place in found}
        documents = [*self._documents({subject for subject, _ in mine | wanted})]
        if not found and not documents:
            raise NobodyFound(name="")
        joined = self._joined(mine, by_name=all(purpose for _, purpose in wanted))
        return PersonFound(tuple(found), tuple(documents), tuple(self._places(joined)))

    def _places(self, wanted: Collection[tuple[UUID, str]]) -> list[PersonalPlace]:
        """Where what is sealed under some keys lies; under `""`, under all of a subject."""
        refs = self._journal.sealed_for([subject for subject, _ in wanted])
        return [
            place
            for place in (places(self._registry, refs) if refs else ())
            if (place.subject, place.purpose) in wanted or (place.subject, "") in wanted
        ]

    def _joined(self, mine: set[tuple[UUID, str]], *, by_name: bool) -> set[tuple[UUID, str]]:
        """The keys of other names that corrections join to some, one after the other.

        Args:
            by_name: whether the person is known by their name: then whatever bears the other name
                is theirs too, if it is the same person.
        """
        self.index()
        names = self._keys.names.marks()
        subjects = self._journal.sealed_for([*{subject for subject, _ in names}])
        pairs = [*respelt(self._registry, subjects, names)]
        reached, edge = set(mine), set(mine)
        while edge:
            near = {other for key, other in pairs if key in edge}
            if by_name:
                marks = {mark for key in near for mark in names.get(key, ())}
                near |= {key for key, borne in names.items() if not marks.isdisjoint(borne)}
            edge = near - reached
            reached |= edge
        return reached - mine

    def search(self, person: str, by: By) -> PersonFound:
        """What `find` gives, with whoever else bears these words; refused where that is nobody."""
        others = tuple(self._bearers(person, by))
        try:
            found = self.find(person, by)
        except NobodyFound:
            if not others:
                raise
            found = PersonFound((), ())
        return replace(found, bearers=others)

    def _bearers(self, person: str, by: By) -> list[Bearer]:
        """Who bears every word that was given, and others too; that they were read is noted first.

        No name lies in clear: to find these, every one is opened, and no other is told.
        """
        may_decide(by.role)
        if _identity(person):
            return []
        words, found = {*name_key(person).split()}, dict[str, list[tuple[UUID, str]]]()
        for subject, _, said in self._names():
            if words < {*name_key(said).split()}:
                found.setdefault(name_key(said), []).append((subject, said))
        self._accesses.note(by, CONCEPT, [id_ for of in found.values() for id_, _ in of], NAMES)
        return [Bearer(of[0][1], len(of)) for of in found.values()]

    def _subjects(self, person: str) -> set[tuple[UUID, str]]:
        """The keys of a person; of one known by an identity, those of every purpose (`""`)."""
        if not person.strip():
            raise NoNameGiven
        identity = _identity(person)
        if identity is None:
            self.index()
            return self._keys.names.bearing(person)
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
        if self._keys.names.are_kept():
            return 0
        noted = [
            (self._keys.names.mark(said), subject, purpose)
            for subject, purpose, said in self._names()
        ]
        self._keys.names.keep(noted)
        return len(noted)

    def _names(self) -> Iterator[tuple[UUID, str, str]]:
        """Every name, opened: the subject and the purpose of its key, and what it says."""
        opened, rows = self._keys.opener(), self._journal.sealed()
        for recorded in self._registry.told_ever(*marked_events()):
            for field, kept, marked in sealed_in(recorded.event):
                if marked.is_name and (row := rows.get(kept.ref)):
                    try:
                        said = opened(row, recorded.event.TOPIC, field, marked.purpose)
                    except SealedAltered:  # which verifications say; the others are found still
                        continue
                    if said:
                        yield UUID(row.subject), marked.purpose, said

    def answer(self, person: str, by: By, *, same_person: bool | None = None) -> PersonAnswer:
        """Everything that is kept of a person, opened; that it was read is noted first.

        Args:
            same_person: whether another name, that a correction joins to theirs, is theirs too.

        Source: RGPD, articles 15 and 20.
        """
        found = self.find(person, by).settled(same_person=same_person)
        subjects = {subject for subject, _ in found.keys}
        noted = self._accesses.note(by, CONCEPT, sorted(subjects), EXPORT)
        size = self._journal.size()
        now = self._registry.clock()
        moment = Moment(known=size, in_force=paris_day(now))
        sheets = [document_sheet(self._registry, id_, moment) for id_ in found.documents]
        return PersonAnswer(
            id=answer_identity(by.actor, noted),
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

    def export(
        self, person: str, folder: Path, by: By, *, same_person: bool | None = None
    ) -> PersonAnswer:
        """The same in a new folder that its owner alone can read: for programs, and for people."""
        if folder.exists():
            raise NotWritten(file=folder, reason="il existe déjà")
        answer = self.answer(person, by, same_person=same_person)
        partial = folder.with_name(f".{folder.name}.{token_hex(4)}.partial")
        told = json.dumps(answer.model_dump(mode="json"), ensure_ascii=False, indent=2)
        read = answer_in_words(answer, {code: aim.says for code, aim in AIMS.items()})
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
        return answer


def _identity(person: str) -> UUID | None:
    try:
        return UUID(person.strip())
    except ValueError:
        return None


def document_of(registry: Registry, id_: UUID) -> Document | None:
    """A document of an identity, if it is one."""
    first = next(iter(registry.everything(id_)), None)
    is_one = first and isinstance(first.event, Document.Filed)
    return registry.load(Document, id_) if is_one else None
