"""Where names are opened: to note those of before, and to find who bears some words."""

from uuid import UUID

from application.command import By
from application.erasure import may_decide
from application.personal import ALTERED, MISSING, UnreadName, marked_events
from domain.dates import paris_day
from domain.personal import SealedAltered, name_key, sealed_in
from infrastructure.access_log import AccessLog
from infrastructure.event_store.registry import Registry
from infrastructure.person_found import Bearer

CONCEPT, NAMES = "person", "names"
"""What a look at names is called in the log of readings."""


class PersonNames:
    """Opens names; that they were read for somebody is noted before it is told what they say."""

    def __init__(self, registry: Registry, accesses: AccessLog) -> None:
        self._registry = registry
        self._accesses = accesses
        self._journal = registry.journal
        self._keys = registry.keys

    def index(self) -> int:
        """Note the names that were sealed before names were noted, once; count them."""
        if self._keys.names.are_kept():
            return 0
        noted = [
            (self._keys.names.mark(said), subject, purpose)
            for subject, purpose, said in self._opened()[0]
        ]
        self._keys.names.keep(noted)
        return len(noted)

    def _opened(self) -> tuple[list[tuple[UUID, str, str]], list[UnreadName]]:
        """Every name, opened: the subject and the purpose of its key, and what it says.

        Apart, those that cannot be, and are not erased.
        """
        names, unread = list[tuple[UUID, str, str]](), list[UnreadName]()
        opened, rows = self._keys.opener(), self._journal.sealed()
        for recorded in self._registry.told_ever(*marked_events()):
            for field, kept, marked in sealed_in(recorded.event):
                if not marked.is_name:
                    continue
                row, said, instead = rows.get(kept.ref), None, MISSING
                try:
                    said = row and opened(row, recorded.event.TOPIC, field, marked.purpose)
                except SealedAltered:
                    instead = ALTERED
                if row and said:
                    names.append((UUID(row.subject), marked.purpose, said))
                elif not self._registry.erased(kept):
                    unread.append(UnreadName(position=recorded.position, instead=instead))
        return names, unread

    def bearers(self, person: str, by: By) -> tuple[list[Bearer], list[UnreadName]]:
        """Who bears every word that was given, and others too; that they were read is noted first.

        No name lies in clear: to find these, every one is opened, and no other is told. Apart,
        those that cannot be read: each may be the one looked for.
        """
        may_decide(self._registry, by, paris_day(self._registry.clock()))
        if identity_in(person):
            return [], []
        words, found = {*name_key(person).split()}, dict[str, list[tuple[UUID, str]]]()
        names, unread = self._opened()
        for subject, _, said in names:
            if words < {*name_key(said).split()}:
                found.setdefault(name_key(said), []).append((subject, said))
        self._accesses.note(by, CONCEPT, [id_ for of in found.values() for id_, _ in of], NAMES)
        return [Bearer(of[0][1], len(of)) for of in found.values()], unread


def identity_in(person: str) -> UUID | None:
    """The identity that was given, where it is one and no name."""
    try:
        return UUID(person.strip())
    except ValueError:
        return None
