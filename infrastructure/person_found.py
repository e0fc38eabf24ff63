"""What is kept of a person, as it is found; and why nobody is."""

from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from application.personal import PersonalPlace, UnreadName
from domain.document import Document
from domain.errors import Invalid, NotFound, Refused
from infrastructure.documents import PURPOSE
from infrastructure.event_store.registry import Registry

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


class NobodyReadable(NobodyFound):
    """Nobody is found under that name; but not every name can be read."""

    code = "person.unreadable"
    fr = (
        "Personne n'est trouvé sous ce nom, mais tous les noms ne se lisent pas : {unread}. "
        "L'un d'eux est peut-être celui-là. « jalon audit verify » dit ce qui leur est arrivé ; "
        "une sauvegarde les remet."
    )
    en = (
        "Nobody is found under this name, but not every name can be read: {unread}. One of them "
        "may be it. “jalon audit verify” says what became of them; a backup puts them back."
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
    unread: tuple[UnreadName, ...] = ()
    """The names that could not be read where names were looked through."""

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


def document_of(registry: Registry, id_: UUID) -> Document | None:
    """A document of an identity, if it is one."""
    first = next(iter(registry.everything(id_)), None)
    is_one = first and isinstance(first.event, Document.Filed)
    return registry.load(Document, id_) if is_one else None
