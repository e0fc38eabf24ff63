"""Arrivals: that a dossier is handed in, and when, by each of the ways that its call asks for."""

from datetime import date
from typing import Self
from uuid import UUID

from pydantic import model_validator

from domain.call_terms import Route
from domain.case import Case
from domain.distinct import Persons
from domain.errors import Refused
from domain.kernel import Event, event
from domain.minute import Minute
from domain.span import Dated, in_force
from domain.values import Frozen


class Arrival(Frozen):
    """When a dossier arrived by one of the ways that its call asks for."""

    route: Route
    minute: Minute | None = None
    day: date | None = None
    document: UUID | None = None

    @model_validator(mode="after")
    def _is_dated(self) -> Self:
        if (self.minute is None) == (self.day is None):
            msg = "Une arrivée se date par une heure, ou par un jour : donnez l'un des deux."
            raise ValueError(msg)
        if self.route is Route.SERVER and self.minute is None:
            msg = "Ce qui arrive par le réseau se date à la minute du serveur."
            raise ValueError(msg)
        if self.route is Route.POSTMARK and self.day is None:
            msg = "Un cachet de la poste se date du jour."
            raise ValueError(msg)
        return self

    @property
    def counts(self) -> Minute | date:
        """The date that counts: it has one of the two."""
        return next(told for told in (self.minute, self.day) if told is not None)

    @property
    def on(self) -> date:
        """The day of it, in Paris."""
        told = self.counts
        return told.day if isinstance(told, Minute) else told


class TwoArrivals(Refused):
    """A dossier arrives once by each route."""

    code = "dossier.two_arrivals"
    fr = "Une voie d'arrivée est donnée deux fois : une seule date compte pour chacune."
    en = "A route is given twice: one date counts for each."


class HandedIn(Case):
    """A dossier as it was handed in, with the date that counts for each route."""

    class Submitted(Event):
        """It was handed in."""

        TOPIC = "dossier.submitted.v1"
        UNDONE_BY = ("dossier.move",)
        arrivals: tuple[Arrival, ...]
        cer: bool = False
        """Whether the applicant subscribed to the contrat d'engagement républicain."""
        persons: Persons = ()

    class ArrivalNoted(Event):
        """It also arrived by another route, or at another date than was noted."""

        TOPIC = "dossier.arrival_noted.v1"
        STATED_BY = ("dossier.note_arrival",)
        arrival: Arrival

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.arrivals: dict[Route, list[Dated[Arrival]]] = {}
        self.submissions: list[Dated[Persons]] = []
        self.cer = False

    def submit(self, arrivals: tuple[Arrival, ...], *, cer: bool, persons: Persons) -> None:
        """Hand it in, with the date of its arrival by each route."""
        if len({arrival.route for arrival in arrivals}) < len(arrivals):
            raise TwoArrivals
        self._submitted(arrivals=arrivals, cer=cer, persons=persons)

    def note_arrival(self, arrival: Arrival) -> None:
        """Note that it also arrived by a route, or correct the date that was noted for it."""
        self._arrival_noted(arrival=arrival)

    def arrivals_on(self, day: date) -> dict[Route, Arrival]:
        """The arrival that counts for each route, as it was noted by a day."""
        known = ((route, in_force(noted, day)) for route, noted in self.arrivals.items())
        return {route: arrival for route, arrival in known if arrival}

    # What is remembered.

    @event(Submitted)
    def _submitted(self, *, arrivals: tuple[Arrival, ...], cer: bool, persons: Persons) -> None:
        self.cer = self.cer or cer
        self.submissions.append(self.dated(persons))
        for arrival in arrivals:
            self._arrives(arrival)

    @event(ArrivalNoted)
    def _arrival_noted(self, *, arrival: Arrival) -> None:
        self._arrives(arrival)

    def _arrives(self, arrival: Arrival) -> None:
        self.arrivals.setdefault(arrival.route, []).append(self.dated(arrival))
