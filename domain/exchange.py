"""Exchanges: that somebody spoke with a pole, or tried to; what was said is sealed."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import Field

from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.values import Line, Sealed
from domain.words import Text

ExchangeId = NewType("ExchangeId", UUID)

Organisations = Annotated[tuple[Line, ...], Field(max_length=30)]
"""Those who took part, by the names of their organisations; persons are never named."""


class Channel(StrEnum):
    """By which means."""

    CALL = "call"
    VISIT = "visit"
    MAIL = "mail"
    EMAIL = "email"
    MEETING = "meeting"
    VIDEO = "video"


class Direction(StrEnum):
    """Who turned to whom."""

    TO_POLE = "to_pole"
    FROM_POLE = "from_pole"


class PoleReached(Refused):
    """Who turns to us is there."""

    code = "exchange.reached"
    fr = "Un échange venu du pôle l'a atteint : dites « reached », ou changez de sens."
    en = "An exchange that came from the pole reached it: say “reached”, or turn it round."


SUMMARY = Marking(
    purpose="exchange",
    holds=Text(
        fr="le résumé d'un échange avec un pôle",
        en="the summary of an exchange with a pole",
    ),
    persons=Text(fr="interlocuteurs des pôles", en="whom one speaks with at poles"),
    basis=Basis.LEGITIMATE_INTERESTS,
    retention=Retention.FIVE_YEARS,
)


class Exchange(Aggregate):
    """One exchange with a pole. Its day is in the event's context."""

    class Recorded(Event):
        """Somebody spoke with the pole, or tried to."""

        TOPIC = "exchange.recorded.v1"
        STATED_BY = ("exchange.record",)
        BRINGS = ("pole.contact_attempted.v1",)
        pole: UUID
        channel: Channel
        direction: Direction
        reached: bool
        participants: Organisations
        summary: Annotated[Sealed | None, SUMMARY]
        next_step: Line | None

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole = UUID(int=0)
        self.summary: Sealed | None = None

    def record(
        self,
        *,
        pole: UUID,
        channel: Channel,
        direction: Direction,
        reached: bool,
        participants: Sequence[str] = (),
        summary: Sealed | None = None,
        next_step: str | None = None,
    ) -> None:
        """Say it of a new one, whose identity its summary was sealed under."""
        if direction is Direction.FROM_POLE and not reached:
            raise PoleReached
        self._recorded(
            pole=pole,
            channel=channel,
            direction=direction,
            reached=reached,
            participants=tuple(participants),
            summary=summary,
            next_step=next_step,
        )

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """The pole it is about."""
        return frozenset({f"pole:{self.pole}"})

    @event(Recorded)
    def _recorded(
        self,
        *,
        pole: UUID,
        channel: Channel,
        direction: Direction,
        reached: bool,
        participants: tuple[str, ...],
        summary: Sealed | None,
        next_step: str | None,
    ) -> None:
        self.pole = pole
        self.summary = summary
