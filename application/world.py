"""What a command and a question may reach."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from domain.journey import Journey
from domain.kernel import (
    Aggregate,
    Event,
    Recorded,
    Sealed,
)
from domain.rules import CompiledJourney

A = TypeVar("A", bound=Aggregate)


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
        """Everything recorded of one stream, oldest first."""

    def compiled(self, ref: str) -> CompiledJourney:
        """A published journey, ready to be asked."""

    def check(self, journey: Journey) -> None:
        """Refuse a definition that cannot be compiled."""

    def compile(self, journey: Journey) -> CompiledJourney:
        """A definition that need not be published, ready to be asked."""

    def rows(self, stream: UUID, until: int | None = None) -> Iterator[Told]:
        """One stream as it is stored, oldest first, never held whole in memory."""

    def told(self, *events: type[Event], until: int | None = None) -> Iterator[Recorded]:
        """Everything recorded of some kinds, oldest first."""

    def seal(
        self, text: str, *, topic: str, field: str, purpose: str, subject: UUID, lasting: bool
    ) -> tuple[Sealed, bytes]:
        """Encrypt a personal value, under a key that is thrown away unless it is to last."""
