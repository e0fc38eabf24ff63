"""The yearly update: every pole is asked whether what the register says of it still holds."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import Field

from domain.errors import Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.values import Prose

_CAMPAIGNS = UUID("b0c5b1b4-4e0f-4a0c-8d5e-9a5f2c1de7a3")

Year = Annotated[int, Field(ge=2011, le=2200)]
"""The year of a campaign; the first poles answered a call in 2011."""


def campaign_of(year: int) -> UUID:
    """The one stream of the campaign of a year."""
    return uuid5(_CAMPAIGNS, str(year))


def request_of(year: int, pole: UUID) -> UUID:
    """The one stream of what a pole was asked in the campaign of a year."""
    return uuid5(campaign_of(year), str(pole))


class CampaignAnswer(StrEnum):
    """What a pole made of the question."""

    AWAITED = "awaited"
    CONFIRMED = "confirmed"
    UPDATED = "updated"


# --- refusals -----------------------------------------------------------------------------------


class AlreadyOpened(Refused):
    """There is one campaign a year."""

    code = "campaign.opened"
    fr = "La campagne {year} est déjà ouverte : il y en a une par an."
    en = "The campaign of {year} is already open: there is one a year."


class DueBefore(Refused):
    """An answer is due after the question."""

    code = "campaign.due"
    fr = "La réponse ne peut pas être attendue avant l'ouverture ({day})."
    en = "The answer cannot be due before the campaign opens ({day})."


class CampaignClosed(Refused):
    """What is over asks nothing more."""

    code = "campaign.closed"
    fr = "La campagne {year} ne court pas le {day}."
    en = "The campaign of {year} does not run on {day}."


class AlreadyAsked(Refused):
    """A pole is asked once; afterwards it is reminded."""

    code = "campaign.asked"
    fr = "Ce pôle a déjà été interrogé dans cette campagne : un rappel suffit."
    en = "This pole was already asked in this campaign: a reminder will do."


class NotAsked(Refused):
    """What was not asked is not answered."""

    code = "campaign.not_asked"
    fr = "Ce pôle n'a pas encore été interrogé dans cette campagne le {day}."
    en = "This pole had not been asked in this campaign yet on {day}."


class CampaignAlreadyAnswered(Refused):
    """An answer is given once; a change may follow."""

    code = "campaign.answered"
    fr = "Ce pôle a déjà répondu à cette campagne."
    en = "This pole has already answered this campaign."


class RemindedToday(Refused):
    """One reminder a day is enough."""

    code = "campaign.reminded"
    fr = "Un rappel a déjà été envoyé à ce pôle le {day}."
    en = "A reminder was already sent to this pole on {day}."


class CountedAlready(Refused):
    """A change answers once."""

    code = "campaign.counted"
    fr = "Cette modification est déjà comptée dans la réponse du pôle."
    en = "This change already counts in the answer of the pole."


# --- the aggregates -----------------------------------------------------------------------------


class Campaign(Aggregate):
    """The campaign of a year. From when and until when it runs is in the context of its events."""

    class Opened(Event):
        """The campaign of a year began."""

        TOPIC = "campaign.opened.v1"
        STATED_BY = ("campaign.open",)
        year: Year
        question: Prose
        due: date

    class Closed(Event):
        """It is over: who has not answered has not."""

        TOPIC = "campaign.closed.v1"
        UNDONE_BY = Finality.DECISION

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.year = 0
        self.question = ""
        self.due = date.min
        self.start = date.max
        self.end: date | None = None

    def open(self, *, year: int, question: str, due: date, day: date) -> None:
        """Open it, once a year."""
        if self.version:
            raise AlreadyOpened(year=year)
        if due < day:
            raise DueBefore(day=day)
        self._opened(year=year, question=question, due=due)

    def runs_on(self, day: date) -> None:
        """Refuse what is done in it on a day on which it is not open."""
        if day < self.start or (self.end is not None and day >= self.end):
            raise CampaignClosed(year=self.year, day=day)

    def close(self, *, day: date) -> None:
        self.runs_on(day)
        self._closed()

    @event(Opened)
    def _opened(self, *, year: int, question: str, due: date) -> None:
        self.year = year
        self.question = question
        self.due = due
        self.start = self.since

    @event(Closed)
    def _closed(self) -> None:
        self.end = self.since


class UpdateRequest(Aggregate):
    """What one pole was asked in the campaign of a year, and what it answered."""

    class Sent(Event):
        """The question was sent to the pole."""

        TOPIC = "update_request.sent.v1"
        UNDONE_BY = ("campaign.close",)
        pole: UUID
        year: Year

    class Reminded(Event):
        """It was sent again."""

        TOPIC = "update_request.reminded.v1"
        UNDONE_BY = Finality.PASSING

    class Confirmed(Event):
        """The pole says that nothing has changed."""

        TOPIC = "update_request.confirmed.v1"
        UNDONE_BY = ("campaign.send",)

    class Updated(Event):
        """The pole changed something in answer: which event says so."""

        TOPIC = "update_request.updated.v1"
        STATED_BY = ("campaign.record_update",)
        fact: UUID

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole = UUID(int=0)
        self.year = 0
        self.sent_on = date.max
        self.reminded_on: list[date] = []
        self.confirmed_on: date | None = None
        self.facts: dict[UUID, date] = {}

    def send(self, *, pole: UUID, year: int) -> None:
        if self.version:
            raise AlreadyAsked
        self._sent(pole=pole, year=year)

    def _asked_by(self, day: date) -> None:
        if day < self.sent_on:
            raise NotAsked(day=day)

    @property
    def answered(self) -> bool:
        return self.confirmed_on is not None or bool(self.facts)

    def remind(self, *, day: date) -> None:
        """Once a day at most, and as long as nothing was answered."""
        self._asked_by(day)
        if self.answered:
            raise CampaignAlreadyAnswered
        if day in self.reminded_on:
            raise RemindedToday(day=day)
        self._reminded()

    def confirm(self, *, day: date) -> None:
        self._asked_by(day)
        if self.answered:
            raise CampaignAlreadyAnswered
        self._confirmed()

    def record_update(self, fact: UUID, *, day: date) -> None:
        """Count a change as an answer; it may follow a confirmation, or another change."""
        self._asked_by(day)
        if fact in self.facts:
            raise CountedAlready
        self._updated(fact=fact)

    def answer_on(self, day: date) -> CampaignAnswer:
        if any(since <= day for since in self.facts.values()):
            return CampaignAnswer.UPDATED
        if self.confirmed_on is not None and self.confirmed_on <= day:
            return CampaignAnswer.CONFIRMED
        return CampaignAnswer.AWAITED

    def relations_on(self, day: date) -> frozenset[str]:  # it never changes
        """The pole it is about."""
        return frozenset({f"pole:{self.pole}"})

    @event(Sent)
    def _sent(self, *, pole: UUID, year: int) -> None:
        self.pole = pole
        self.year = year
        self.sent_on = self.since

    @event(Reminded)
    def _reminded(self) -> None:
        self.reminded_on.append(self.since)

    @event(Confirmed)
    def _confirmed(self) -> None:
        self.confirmed_on = self.since

    @event(Updated)
    def _updated(self, *, fact: UUID) -> None:
        self.facts[fact] = self.since
