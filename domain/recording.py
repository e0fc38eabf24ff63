"""With what a command records: in whose name, when, of which days."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from domain.dates import UNKNOWN, PartialDate, paris_day
from domain.errors import Refused
from domain.provenance import Kind, Provenance
from domain.values import Frozen


class EndsBeforeItBegins(Refused):
    """An end comes after a beginning."""

    code = "fact.end_before_start"
    fr = "Un fait ne peut pas cesser de valoir ({end}) avant d'avoir pris effet ({start})."
    en = "A fact cannot stop holding ({end}) before it took effect ({start})."


@dataclass(slots=True)
class Redone:
    """A fact that is told again: what it brought about keeps the identities it was given."""

    stream: UUID
    begins: type[Frozen] | None
    """The event by which its stream begins, where that is the fact itself."""
    identities: list[UUID]
    """Those that it gave, in their order; each is taken once."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a command records with: its provenance, its instant, when its facts took effect."""

    provenance: Provenance
    now: datetime
    occurred_on: PartialDate = UNKNOWN
    valid_to: date | None = None
    kind: Kind = Kind.ASSERT
    corrects: UUID | None = None
    redone: Redone | None = None

    def __post_init__(self) -> None:
        if self.valid_to and self.valid_to <= self.since:
            raise EndsBeforeItBegins(start=self.since, end=self.valid_to)

    @property
    def since(self) -> date:
        """The day from which the facts hold: today, where their date is not known."""
        return self.occurred_on.first_day or paris_day(self.now)


class ContextMissing(LookupError):
    """An event was about to be recorded without anybody answering for it."""


_context: ContextVar[Context] = ContextVar("context")


@contextmanager
def acting(context: Context) -> Iterator[None]:
    """Record, inside this block, in the name of somebody."""
    token = _context.set(context)
    try:
        yield
    finally:
        _context.reset(token)


def recording() -> Context:
    """What is recorded with at present: who answers for it, and the days on which it holds."""
    try:
        return _context.get()
    except LookupError:
        msg = "a context: who acts, in which role, on which ground"
        raise ContextMissing(msg) from None


def redone() -> Redone | None:
    """The fact that is told again inside this block, if one is."""
    context = _context.get(None)
    return context.redone if context else None


def new_identity() -> UUID:
    """A new identity for what an event brings about; where it is told again, the one it had."""
    told_again = redone()
    return told_again.identities.pop(0) if told_again and told_again.identities else uuid4()


class NotYetHappened(Refused):
    """What must have happened to be told is of the past, or of today."""

    code = "fact.future"
    fr = "Le {day} n'est pas venu : donnez le jour où ce fait a eu lieu."
    en = "{day} has not come: give the day on which this happened."


def must_have_happened(*also: date | None) -> None:
    """Refuse to record, of a day to come, what is only told once it has happened.

    Args:
        also: other days that must have come, where they are known.
    """
    context = recording()
    for day in (context.since, *also):
        if day and day > paris_day(context.now):
            raise NotYetHappened(day=day)
