"""What a command and a question may reach."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from domain.case import Read
from domain.errors import NotFound
from domain.filing import Enclosed
from domain.journey import Journey
from domain.kernel import Aggregate, Event, Recorded
from domain.legal_form import LegalForm
from domain.media import MediaFound
from domain.place import Gazetteer
from domain.rules import CompiledJourney
from domain.values import Frozen, Sealed

A = TypeVar("A", bound=Aggregate)

Made = dict[tuple[UUID, str], bytes]
"""The keys that a command made, by subject and purpose: kept if it is recorded, and not before."""


class Moment(Frozen):
    """The two dates of a question: what was known at a size of the journal, in force on a day."""

    known: int
    in_force: date
    known_on: date | None = None
    """The day of which it is asked what was known, where it is asked by a day or an instant."""
    known_at: datetime | None = None
    """That instant, where it is asked by one."""
    known_size: int | None = None
    """The size of the journal, where it is asked by one: exact, and provable."""
    is_today: bool = True


class Told(Protocol):
    """An event as it is stored, which can be read. The instant is in microseconds since 1970."""

    @property
    def position(self) -> int: ...
    @property
    def recorded_at(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def state(self) -> bytes: ...

    def read(self) -> Recorded: ...


class World(Protocol):
    """What a command and a question may reach."""

    @property
    def clock(self) -> Callable[[], datetime]: ...

    def load(self, cls: type[A], id_: UUID, until: int | None = None) -> A | None:
        """An aggregate as of a position of the journal; `None` when it had no history."""

    def history(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        """One stream as it was in effect, oldest first: each fact in its place, as told last."""

    def everything(self, stream: UUID, until: int | None = None) -> list[Recorded]:
        """Everything recorded of one stream, in effect or not, oldest first."""

    def positions(self, stream: UUID, until: int | None = None) -> list[int]:
        """Where in the journal everything of one stream was recorded, oldest first."""

    def version(self, stream: UUID) -> int:
        """How many events one stream has, in effect or not."""

    def together(self, position: int) -> list[Recorded]:
        """Everything that the command recorded which recorded the event at a position."""

    def naming(self, identities: Sequence[UUID]) -> list[Recorded]:
        """Every event that names one of some things, oldest first. The whole journal is read."""

    def compiled(self, ref: str) -> CompiledJourney:
        """A published journey, ready to be asked."""

    def legal_form(self, code: str) -> LegalForm:
        """A legal form of the Insee, with what the law says of it; an unknown code is refused."""

    def check(self, journey: Journey) -> None:
        """Refuse a definition that cannot be compiled."""

    def compile(self, journey: Journey) -> CompiledJourney:
        """A definition that need not be published, ready to be asked."""

    def fact(self, event_id: UUID) -> Recorded | None:
        """The event of an identity; `None` where there is none."""

    def rows(self, stream: UUID, until: int | None = None) -> Iterator[Told]:
        """One stream as it is stored, of what was in effect, oldest first."""

    def places(self, until: int | None = None) -> Gazetteer:
        """The codes of places, year by year, as known at a position of the journal."""

    def told(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        """Everything recorded of some kinds that was in effect, oldest first."""

    def told_ever(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        """Everything recorded of some kinds, in effect or not, and every retraction."""

    def seal(
        self, text: str, *, event: type[Event], field: str, subject: UUID, made: Made
    ) -> tuple[Sealed, bytes]:
        """Encrypt a personal value; a new key is put among those made, and kept nowhere yet."""

    def open(self, kept: Sealed, *, event: type[Event], field: str) -> str | None:
        """A personal value, to be shown and never kept; `None` where it is not there any more."""

    def erased(self, kept: Sealed) -> bool:
        """Whether a value was erased, or is being erased, by an act on record."""

    def name_mark(self, name: str) -> bytes:
        """A keyed mark of a name, by which whoever has the key of marks finds it again."""

    def bearing(self, name: str) -> set[tuple[UUID, str]]:
        """The keys, by subject and purpose, under which a name or an address is sealed."""

    def handed_over(self, answer: UUID) -> frozenset[UUID]:
        """For whom what was handed over in an answer to a person is sealed; none of no answer."""

    def readable(self) -> Callable[[Sealed, str], bool]:
        """What tells whether a value sealed for a purpose can be read still, as things stand."""

    def recognise(self, data: bytes) -> MediaFound:
        """What the bytes of a document are; those of no accepted format are refused."""

    def enclose(self, data: bytes, *, document: UUID, made: Made) -> tuple[Enclosed, bytes]:
        """Encrypt the bytes of a document; a new key is put among those made."""

    def same(self, data: bytes, content: Enclosed, *, document: UUID) -> bool:
        """Whether these are the bytes of a document; never of one that was erased."""


def reading(world: World, moment: Moment) -> Read:
    """How a case reads at a moment the others its facts depend on; one not there is refused."""

    def read(cls: type[A], id_: UUID) -> A:
        found = world.load(cls, id_, moment.known)
        if found is None:
            raise NotFound(name=id_)
        return found

    return read
