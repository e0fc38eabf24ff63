"""What readings are of, as people call it: a pole, a case by its title or its code, a document."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from uuid import UUID

from application.case import KIND_OF, called
from application.personal import marked_events
from application.privacy_request_sheet import READERS
from application.world import World
from domain.document import Document
from domain.kernel import Event
from domain.personal import sealed_in
from domain.pole import Pole
from domain.privacy_request import PrivacyRequest
from domain.roles import Role
from domain.values import Frozen


class Reading(Frozen):
    """One question that was answered with what is not public: when, to whom, about what."""

    at: datetime
    account: UUID
    role: Role
    says: str
    """What was read, in words."""
    about: tuple[str, ...]
    """The names of the things that it was read of, each once."""
    things: int
    """How many things that was, those without a name among them."""


class ReadingNames:
    """Names the things that were read, to whoever may know of them; never a person."""

    def __init__(self, world: World, role: Role, sealed: Mapping[str, str]) -> None:
        """Start with no name known.

        Args:
            sealed: for whom each value is sealed, by its reference.
        """
        self._world = world
        self._role = role
        self._sealed = sealed
        self._names: dict[UUID, str] = {}

    def name(self, thing: UUID) -> str:
        """What a thing is called; nothing, of what has no name or is not for who asks."""
        if thing not in self._names:
            self._names[thing] = self._named(thing)
        return self._names[thing]

    def _named(self, thing: UUID) -> str:
        history = self._world.everything(thing)
        if not history:
            stream = self._streams.get(str(thing))
            return self.name(stream) if stream else self._of_event(thing)
        event = history[0].event
        if isinstance(event, PrivacyRequest.Received) and self._role not in READERS:
            return ""
        kind = KIND_OF.get(type(event))
        found = self._world.load(kind, thing) if kind else None
        if found:
            code, name = called(found)
            return name if code != str(thing) else self._of_pole(event)
        if isinstance(event, Document.Filed):
            return ", ".join(filter(None, (event.title, self._of_pole(event))))
        return self._of_pole(event)

    def _of_pole(self, event: Event) -> str:
        pole = getattr(event, "pole", None)
        return self.name(pole) if isinstance(pole, UUID) else ""

    def _of_event(self, thing: UUID) -> str:
        fact = self._world.fact(thing)
        return f"n° {fact.position} du journal" if fact else ""

    @cached_property
    def _streams(self) -> dict[str, UUID]:
        """In which history each member is told of, and whoever a value is sealed for."""
        found = dict[str, UUID]()
        for told in self._world.told_ever(*marked_events()):
            if isinstance(told.event, Pole.MemberJoined):
                found[str(told.event.member)] = told.stream
            for kept in sealed_in(told.event):
                if subject := self._sealed.get(kept.sealed.ref):
                    found.setdefault(subject, told.stream)
        return found
