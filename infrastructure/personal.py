"""Where persons are found and answered, by whoever answers for their data."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from application.command import By
from application.erasure import may_decide
from application.personal import PersonalPlace, PersonAnswer, places, unread_in_words
from application.respelling import respelt
from domain.dates import paris_day
from domain.personal import sealed_in
from infrastructure.access_log import AccessLog
from infrastructure.document_room import NotWritten
from infrastructure.event_store.registry import Registry
from infrastructure.person_answer import answered, write
from infrastructure.person_found import (
    NobodyFound,
    NobodyReadable,
    NoNameGiven,
    PersonFound,
    SeveralPersons,
    document_of,
)
from infrastructure.person_names import PersonNames, identity_in
from infrastructure.person_request import with_request


class PersonRoom:
    """Finds what is kept of persons, and answers them; each answer is noted before it is given."""

    def __init__(self, registry: Registry, accesses: AccessLog) -> None:
        self._registry = registry
        self._accesses = accesses
        self._journal = registry.journal
        self._keys = registry.keys
        self.names = PersonNames(registry, accesses)

    def find(self, person: str, by: By) -> PersonFound:
        """Everything kept of a person; nothing of it is opened.

        Args:
            person: a name, the subject of sealed values, or what is about one person alone.
        """
        may_decide(self._registry, by, paris_day(self._registry.clock()))
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
        self.names.index()
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
        """What `find` gives, with whoever else bears these words; refused where that is nobody.

        Names that cannot be read are told, where others are: one may be the one looked for.
        """
        others, unread = self.names.bearers(person, by)
        try:
            found = self.find(person, by)
        except NobodyFound:
            if unread and not others:
                raise NobodyReadable(unread=unread_in_words(unread)) from None
            if not others:
                raise
            found = PersonFound((), ())
        return replace(found, bearers=tuple(others), unread=tuple(unread))

    def _subjects(self, person: str) -> set[tuple[UUID, str]]:
        """The keys of a person; of one known by an identity, those of every purpose (`""`)."""
        if not person.strip():
            raise NoNameGiven
        identity = identity_in(person)
        if identity is None:
            self.names.index()
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

    def meant(
        self,
        person: str,
        by: By,
        *,
        same_person: bool | None = None,
        request: UUID | None = None,
    ) -> PersonFound:
        """What `find` gives, once it is said what of it is theirs.

        Args:
            same_person: whether another name, that a correction joins to theirs, is theirs too.
            request: the request that is answered thereby; what it keeps of who asks is theirs too.
        """
        found = self.find(person, by).settled(same_person=same_person)
        if request is None:
            return found
        own = self._places({(request, "")})
        return with_request(self._registry, found, own, same_person=same_person)

    def answer(
        self,
        person: str,
        by: By,
        *,
        same_person: bool | None = None,
        request: UUID | None = None,
    ) -> PersonAnswer:
        """Everything that is kept of a person, opened; that it was read is noted first.

        Source: RGPD, articles 15 and 20.
        """
        found = self.meant(person, by, same_person=same_person, request=request)
        return answered(self._registry, self._accesses, found, by)

    def export(
        self,
        person: str,
        folder: Path,
        by: By,
        *,
        same_person: bool | None = None,
        request: UUID | None = None,
    ) -> PersonAnswer:
        """The same in a new folder that its owner alone can read: for programs, and for people."""
        if folder.exists():
            raise NotWritten(file=folder, reason="il existe déjà")
        answer = self.answer(person, by, same_person=same_person, request=request)
        write(answer, folder)
        return answer
