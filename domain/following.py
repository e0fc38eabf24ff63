"""Following: who follows which pole, and who stands in for them, from one day to another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.provenance import AccountId
from domain.recording import new_identity
from domain.span import Span
from domain.values import Line

_OF_POLES = UUID("5a0c1f0e-3b6e-4a55-9a38-0c2a7f6d1e44")


def following_of(pole: UUID) -> UUID:
    """The one stream that says who follows a pole."""
    return uuid5(_OF_POLES, str(pole))


class Seat(StrEnum):
    """In which place a pole is followed."""

    PRINCIPAL = "principal"
    DEPUTY = "deputy"


class LaterFollower(Refused):
    """What is already arranged for later is not undone by what is arranged for sooner."""

    code = "following.later"
    is_of_order = True
    fr = (
        "Cette place est déjà donnée à « {organisation} » à partir du {day} : "
        "dites jusqu'à quand vaut ce que vous enregistrez, ce jour-là au plus tard."
    )
    en = (
        "This place is already given to “{organisation}” from {day}: "
        "say until when what you record holds, that day at the latest."
    )


class SameFollower(Refused):
    """Nobody stands in for themself."""

    code = "following.same"
    fr = "Ce compte suit déjà ce pôle à cette date : nul n'est son propre suppléant."
    en = "This account already follows this pole on that day: nobody stands in for themself."


class NobodyFollows(Refused):
    """What nobody does is not ended."""

    code = "following.nobody"
    fr = "Personne ne tient cette place {day} : rien n'est à finir."
    en = "Nobody holds this place ({day}): there is nothing to end."


@dataclass(frozen=True, slots=True)
class Stint(Span):
    """That somebody held a place, and on which days."""

    id: UUID
    place: Seat
    follower: AccountId
    organisation: str


class Following(Aggregate):
    """Everybody who follows, or followed, one pole.

    On a day a place is held by one account at most: whoever takes it relieves whoever held it.
    """

    class Assigned(Event):
        """Somebody follows the pole from a day on, for their organisation."""

        TOPIC = "following.assigned.v1"
        STATED_BY = ("following.assign",)
        BRINGS = ("following.ended.v1",)
        GIVES = "stint"
        pole: UUID
        stint: UUID
        place: Seat
        follower: AccountId
        organisation: Line

    class Ended(Event):
        """They no longer do, from a day on."""

        TOPIC = "following.ended.v1"
        STATED_BY = ("following.end",)
        stint: UUID
        place: Seat
        handed_over: bool
        """Whether somebody else takes the place that day."""

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.stints: dict[UUID, Stint] = {}

    def holder_on(self, place: Seat, day: date) -> Stint | None:
        """Who holds a place on a day."""
        return next(self._meeting(place, day, None, at=day), None)

    def _meeting(
        self, place: Seat, since: date, until: date | None, *, at: date | None = None
    ) -> Iterator[Stint]:
        for stint in self.stints.values():
            if stint.place is place and (stint.covers(at) if at else stint.overlaps(since, until)):
                yield stint

    def assign(
        self,
        *,
        pole: UUID,
        place: Seat,
        follower: AccountId,
        organisation: str,
        day: date,
        until: date | None,
    ) -> UUID:
        """Let somebody hold a place from a day; whoever held it then is relieved on that day."""
        met = [*self._meeting(place, day, until)]
        for stint in met:
            if stint.since > day:
                raise LaterFollower(organisation=stint.organisation, day=stint.since)
        other = Seat.DEPUTY if place is Seat.PRINCIPAL else Seat.PRINCIPAL
        if any(stint.follower == follower for stint in self._meeting(other, day, until)):
            raise SameFollower
        for stint in met:
            self._ended(stint=stint.id, place=place, handed_over=True, valid_to=None)
        id_ = new_identity()
        self._assigned(
            pole=pole, stint=id_, place=place, follower=follower, organisation=organisation
        )
        return id_

    def finish(self, place: Seat, *, day: date) -> UUID:
        """Let nobody hold a place from a day on, where somebody does."""
        stint = self.holder_on(place, day)
        if stint is None:
            raise NobodyFollows(day=day)
        self._ended(stint=stint.id, place=place, handed_over=False)
        return stint.id

    @event(Assigned)
    def _assigned(
        self, *, pole: UUID, stint: UUID, place: Seat, follower: AccountId, organisation: str
    ) -> None:
        self.stints[stint] = Stint(self.since, self.until, stint, place, follower, organisation)

    @event(Ended)
    def _ended(
        self, *, stint: UUID, place: Seat, handed_over: bool, valid_to: date | None = None
    ) -> None:
        self.stints[stint] = replace(self.stints[stint], until=self.since)
