"""The few lines everything stands on: events, and aggregates that decide, then record."""

import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from inspect import signature
from typing import (
    Annotated,
    Any,
    ClassVar,
    Concatenate,
    ParamSpec,
    Self,
    TypeVar,
    get_args,
)
from uuid import UUID, uuid4

from pydantic import (
    BaseModel,
    StringConstraints,
)
from pydantic_core import from_json

from domain.dates import UNKNOWN, PartialDate, paris_day
from domain.errors import NotFound, Refused, Unavailable
from domain.finality import Finality
from domain.kept import members_reader
from domain.provenance import Kind, Meta
from domain.recording import ContextMissing, new_identity, recording, redone
from domain.span import Dated, covers
from domain.values import Frozen, Personal, Sealed

_TOPIC = re.compile(r"[a-z_]+\.[a-z_]+\.v[1-9][0-9]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an event declares of a sealed value it keeps; `domain/personal.py` says the rest.

    `purpose` names its key. `field` is the name that its ciphertext is bound to, where that is not
    the name of the member.
    """

    purpose: str
    field: str = ""


def _salt() -> str:
    return urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def _holds_personal(kind: Any) -> bool:
    """Whether a type is a personal value, or has one in it."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.values()
        return kind is Personal or any(_holds_personal(field.annotation) for field in fields)
    return any(_holds_personal(part) for part in get_args(kind))


def _marks(kind: Any, place: str, name: str = "", mark: Mark | None = None) -> dict[str, Mark]:
    """The marks of the sealed values that a type has in it, by the names they are bound to.

    One that nobody marked is an error of whoever wrote the event.
    """
    if kind is Sealed:
        if mark is None:
            msg = f"{place}: a sealed value says what it is; mark it (domain/personal.py)"
            raise TypeError(msg)
        return {mark.field or name: mark}
    found: dict[str, Mark] = {}
    parts: list[dict[str, Mark]] = []
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for inner, field in kind.model_fields.items():
            said = next((one for one in field.metadata if isinstance(one, Mark)), None)
            parts.append(_marks(field.annotation, f"{place}.{inner}", inner, said))
    else:
        parts += (_marks(part, place, name, mark) for part in get_args(kind))
    for bound, one in ((bound, one) for part in parts for bound, one in part.items()):
        if found.setdefault(bound, one) != one:
            msg = f"{place}: two marks for what is bound to {bound}"
            raise TypeError(msg)
    return found


class Event(Frozen):
    """Something that happened, told once and for ever.

    `TOPIC` is what is stored, never the Python path. Fields are added with a default, never
    renamed; a new meaning is a `v2`, whose `UPCASTS` turns the stored members of older topics
    into its own. `salt` (128 random bits) keeps the published hash of the state from being
    guessed. `valid_from` is a day, `valid_to` the day from which it no longer holds; an unknown
    date is in force from its recording.
    """

    TOPIC: ClassVar[str]
    STATED_BY: ClassVar[tuple[str, ...]] = ()
    """Of a fact: the commands that state it. Each states it anew, and so corrects it."""
    UNDONE_BY: ClassVar[tuple[str, ...] | Finality | None] = None
    """Of an act of a procedure: the commands that go back on it, or why nothing does."""
    BRINGS: ClassVar[tuple[str, ...]] = ()
    """Of a fact: the topics of what its command records because of it, wherever that is; of a step,
    with the way that it takes: `pole.moved.v1:end`."""
    GIVES: ClassVar[str] = ""
    """The field with the identity of what it brings about, or several: later events name it."""
    UPCASTS: ClassVar[Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {}
    READ_ONCE: ClassVar[int] = 0
    """Of what is long and folded at every question: how many stored states are kept as read."""

    meta: Meta
    occurred_on: PartialDate
    valid_from: date | None
    valid_to: date | None = None
    kind: Kind = Kind.ASSERT
    corrects: UUID | None = None
    salt: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        for name, field in cls.model_fields.items():
            if _holds_personal(field.annotation):
                place = f"{cls.__qualname__}.{name}"
                msg = f"{place}: a personal value never enters an event; keep Sealed"
                raise TypeError(msg)
        marks = _marks(cls, cls.__qualname__)
        own = (cls.__dict__["TOPIC"],) if "TOPIC" in cls.__dict__ else ()
        for topic in (*own, *cls.__dict__.get("UPCASTS", ())):
            if not _TOPIC.fullmatch(topic):
                msg = f"{topic!r} is not a topic: write concept.past_participle.v1"
                raise TypeError(msg)
            if EVENTS.setdefault(topic, cls) is not cls:
                msg = (
                    f"{topic} names two events: {EVENTS[topic].__qualname__} and {cls.__qualname__}"
                )
                raise TypeError(msg)
            MARKED.update({(topic, field): mark for field, mark in marks.items()})


EVENTS: dict[str, type[Event]] = {}
"""Every stored topic and the class that reads it."""

MARKED: dict[tuple[str, str], Mark] = {}
"""What every sealed value is, by the topic of its event and the name it is bound to."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event on its way to the store, with the place it takes in its stream."""

    originator_id: UUID
    originator_version: int
    event: Event


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as the store gives it back. Positions count from 1; time never runs back."""

    position: int
    recorded_at: datetime
    stream: UUID
    version: int
    event: Event

    @property
    def in_force_from(self) -> date:
        """The day its fact begins to hold: an unknown date holds from its recording."""
        return self.event.valid_from or paris_day(self.recorded_at)

    def holds_on(self, day: date) -> bool:
        """Whether its fact holds on a day."""
        return covers(self.in_force_from, self.event.valid_to, day)

    @property
    def mends(self) -> UUID | None:
        """The event of its own stream that it corrects or retracts; a stream begins with neither.

        A claim that takes the place of another one has a stream of its own.
        """
        return self.event.corrects if self.version > 1 else None


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(microseconds: int) -> datetime:
    """An instant as the journal keeps it: microseconds since 1970, UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


class UnknownTopic(Unavailable):
    """The store holds an event that this version of the product does not know."""

    code = "store.unknown_topic"
    fr = (
        "Le registre contient un événement « {topic} » que cette version de Jalon ne connaît pas : "
        "installez la version qui l'a écrit, ou une plus récente."
    )
    en = (
        "The store holds an event “{topic}” that this version of Jalon does not know: "
        "install the version that wrote it, or a newer one."
    )


def event_class(topic: str) -> type[Event]:
    """The class that reads a stored topic."""
    try:
        return EVENTS[topic]
    except KeyError:
        raise UnknownTopic(topic=topic) from None


_Read = Callable[[str, bytes], tuple[date | None, date | None, PartialDate, dict[str, Any]]]
_Fold = tuple[_Read, Callable[..., None]]
P = ParamSpec("P")
A = TypeVar("A", bound="Aggregate")
V = TypeVar("V")


class _Remembers:
    """A method that remembers an event. Called, it records; at each replay its body runs again."""

    def __init__(self, event: type[Event], function: Callable[..., None]) -> None:
        self.event = event
        self.function = function
        self.names = tuple(signature(function).parameters)[1:]

    def apply(self, aggregate: "Aggregate", event: Event) -> None:
        fields = vars(event)
        self.function(aggregate, **{name: fields[name] for name in self.names})

    def reader(self, cls: type[Event]) -> "_Read":
        """Read of a stored state its days and the members that are remembered, and no others."""
        names = self.names
        validator = members_reader(cls, {*names, "valid_from", "valid_to", "occurred_on"})

        def read(
            topic: str, state: bytes
        ) -> tuple[date | None, date | None, PartialDate, dict[str, Any]]:
            upcast = cls.UPCASTS.get(topic)
            if upcast is None:
                found: Any = validator.validate_json(state)
            else:
                found = validator.validate_python(upcast(from_json(state)))
            kept = {name: found[name] for name in names}
            return found["valid_from"], found["valid_to"], found["occurred_on"], kept

        return lru_cache(cls.READ_ONCE)(read) if cls.READ_ONCE else read

    def __get__(self, aggregate: "Aggregate | None", owner: type) -> Any:
        if aggregate is None:
            return self
        return lambda **fields: aggregate._record(self.event, fields)


def event(
    cls: type[Event],
) -> Callable[[Callable[Concatenate[A, P], None]], Callable[Concatenate[A, P], None]]:
    """Bind an event to the method that remembers it.

    The method decides nothing and never refuses: it runs again at every replay, so a question
    asked there would make yesterday's history unreadable the day a rule changes. Its parameters
    are fields of the event. An aggregate may narrow the event of its base by nesting a class of
    the same name.
    """

    def bind(function: Callable[Concatenate[A, P], None]) -> Callable[Concatenate[A, P], None]:
        return _Remembers(cls, function)  # type: ignore[return-value]  # a descriptor stands in

    return bind


class Aggregate:
    """Something with an identity whose state is the fold of its events, as they are in effect."""

    class FactRetracted(Event):
        """A fact of its stream was taken back: it never held, and stays readable at its date.

        One topic for every kind: whatever the fact was about, this says the same of it.
        """

        TOPIC = "fact.retracted.v1"
        UNDONE_BY = Finality.KEEPING

    _remembers: ClassVar[dict[type[Event], _Remembers]] = {}
    _folds: ClassVar[dict[str, _Fold]] = {}

    def __init__(self, id_: UUID) -> None:
        self.id = id_
        self.version = 0
        self.since = date.min
        """The day from which the fact being remembered holds."""
        self.until: date | None = None
        """The day from which it no longer holds."""
        self.occurred_on = UNKNOWN
        """Its date, no more precise than it is known."""
        self._pending: list[Envelope] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        found = dict(cls._remembers)
        for base in reversed(cls.__mro__):
            for method in vars(base).values():
                if isinstance(method, _Remembers):
                    found[method.event] = method
                    found[getattr(cls, method.event.__name__, method.event)] = method
        cls._remembers = found
        cls._folds = {}

    @classmethod
    def new(cls) -> Self:
        """An aggregate with a fresh random identity and no history.

        The one that a fact had begun, where that fact is told again.
        """
        told_again = redone()
        if told_again and told_again.begins in cls._remembers:
            return cls(told_again.stream)
        return cls(new_identity())

    @classmethod
    def tells(cls, told: type[Event]) -> bool:
        """Whether an event may be in the history of one of this kind."""
        return told in cls._remembers

    @classmethod
    def replay(cls, stream: UUID, history: Iterable[Recorded]) -> Self | None:
        """Fold a stream, oldest event first; `None` when it is empty.

        The stream of something else is not found: whoever asks has the wrong identity.
        """
        aggregate = cls(stream)
        for recorded in history:
            aggregate.take_in(recorded)
        return aggregate if aggregate.version else None

    def take_in(self, recorded: Recorded) -> None:
        """Take in the next event of its stream."""
        self.version = recorded.version
        self.since = recorded.in_force_from
        self.until = recorded.event.valid_to
        self.occurred_on = recorded.event.occurred_on
        remembered = self._remembers.get(type(recorded.event))
        if remembered is None:
            raise NotFound(name=self.id)
        remembered.apply(self, recorded.event)

    @classmethod
    def fold(cls, stream: UUID, rows: Iterable[tuple[int, int, str, bytes]]) -> Self | None:
        """Fold a stream as it is stored, without making its events: what `replay` gives, sooner.

        Args:
            rows: version, instant (µs since 1970), topic and state, oldest first.
        """
        aggregate = cls(stream)
        for row in rows:
            aggregate.advance(*row)
        return aggregate if aggregate.version else None

    def advance(self, version: int, recorded_at: int, topic: str, state: bytes) -> None:
        """Take in the next event of its stream, as it is stored."""
        read, function = self._folds.get(topic) or self._learn(self.id, topic)
        since, until, occurred_on, fields = read(topic, state)
        self.version = version
        self.since = since or paris_day(instant_of(recorded_at))
        self.until = until
        self.occurred_on = occurred_on
        function(self, **fields)

    @classmethod
    def _learn(cls, stream: UUID, topic: str) -> _Fold:
        happened = event_class(topic)
        remembers = cls._remembers.get(happened)
        if remembers is None:
            raise NotFound(name=stream)
        cls._folds[topic] = fold = remembers.reader(happened), remembers.function
        return fold

    @property
    def pending(self) -> list[Event]:
        """What was recorded and is not yet saved."""
        return [envelope.event for envelope in self._pending]

    def dated(self, value: V) -> Dated[V]:
        """A value with the days on which the fact being remembered holds."""
        return Dated(self.since, self.until, value)

    def collect_events(self) -> list[Envelope]:
        """Hand over what is pending, once."""
        pending, self._pending = self._pending, []
        return pending

    def retract_fact(self, fact: UUID) -> None:
        """Retract a fact of its stream. Whoever calls this has seen that nothing rests on it."""
        self._fact_retracted(kind=Kind.RETRACT, corrects=fact)

    @event(FactRetracted)
    def _fact_retracted(self, *, kind: Kind, corrects: UUID) -> None:
        """Nothing: what is in effect is told without the fact, and without this event."""

    def incoherences(self) -> Iterator[Refused]:
        """What no history in effect may come to, whatever is told again of it later."""
        yield from ()

    def pend(self, envelopes: Iterable[Envelope]) -> None:
        """Keep pending these, instead of what was."""
        self._pending = [*envelopes]

    def resume(self, pending: Iterable[Envelope], now: datetime) -> None:
        """Remember again what was recorded upon this very history, and keep it pending."""
        for envelope in pending:
            self._remember(envelope.event, now)
            self._pending.append(envelope)

    def _record(self, cls: type[Event], given: dict[str, Any]) -> None:
        try:
            context = recording()
        except ContextMissing as missing:
            msg = f"{cls.__name__} needs {missing}"
            raise ContextMissing(msg) from None
        cls = getattr(type(self), cls.__name__, cls)
        fields: dict[str, Any] = {
            "occurred_on": context.occurred_on,
            "valid_to": context.valid_to,
            "kind": context.kind,
            "corrects": context.corrects,
            **given,
        }
        fields.setdefault("valid_from", fields["occurred_on"].first_day)
        meta = Meta(event_id=uuid4(), **dict(context.provenance))
        happened = cls(meta=meta, salt=_salt(), **fields)
        self._remember(happened, context.now)
        self._pending.append(Envelope(self.id, self.version, happened))

    def _remember(self, happened: Event, now: datetime) -> None:
        self.version += 1
        self.since = happened.valid_from or paris_day(now)
        self.until = happened.valid_to
        self.occurred_on = happened.occurred_on
        self._remembers[type(happened)].apply(self, happened)
