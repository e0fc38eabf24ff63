"""Establishments that ceased: nothing is granted to one from the day on which it closed."""

from datetime import date
from uuid import UUID

from domain.errors import Refused
from domain.identifiers import Siret
from domain.kernel import Aggregate, Event, event
from domain.span import Dated, in_force
from domain.values import Prose

ESTABLISHMENTS = UUID("5d0c2f3a-8a41-4f6e-9d57-0b6f4c1e7a92")
"""The one stream that knows which establishments closed."""


class EstablishmentClosed(Refused):
    """An establishment that closed receives nothing and grants nothing from that day on."""

    code = "establishment.closed"
    fr = (
        "L'établissement {siret} est fermé depuis le {closed_on} : donnez le SIRET de "
        "l'établissement qui a pris sa suite."
    )
    en = (
        "The establishment {siret} has been closed since {closed_on}: give the SIRET of the "
        "establishment that took over."
    )


class AlreadyClosed(Refused):
    """An establishment closes once, unless it opened again; it may turn out to have done earlier.

    A day later than the one that is known would make open what was refused meanwhile.
    """

    code = "establishment.already_closed"
    fr = "L'établissement {siret} est déjà noté fermé depuis le {closed_on}."
    en = "The establishment {siret} is already noted as closed since {closed_on}."


class NotClosed(Refused):
    """What is open does not open again."""

    code = "establishment.not_closed"
    fr = "L'établissement {siret} n'est pas noté fermé le {day} : rien à rouvrir."
    en = (
        "The establishment {siret} is not noted as closed on {day}: there is nothing to open again."
    )


class EstablishmentKnownLater(Refused):
    """An opening and a closing follow one another in the order of their days."""

    code = "establishment.known_later"
    is_of_order = True
    fr = "Un fait plus récent, du {day}, est déjà noté sur l'établissement {siret}."
    en = "A more recent fact, of {day}, is already noted about the establishment {siret}."


class Establishments(Aggregate):
    """Which establishments closed, and from which day. Of the others nothing is known here."""

    class Closed(Event):
        """An establishment is closed from a day on: that of the event, which it repeats."""

        TOPIC = "establishment.closed.v1"
        STATED_BY = ("establishment.close",)
        siret: Siret
        closed_on: date

    class Reopened(Event):
        """It is open from a day on: it took up its activity again, or never had ceased."""

        TOPIC = "establishment.reopened.v1"
        STATED_BY = ("establishment.reopen",)
        siret: Siret
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._known: dict[str, list[Dated[date | None]]] = {}
        """By SIRET, since when it is closed; `None` from the day on which it opened again."""

    def closed_since(self, siret: str, day: date) -> date | None:
        """The day from which an establishment is closed, where it stands closed on a day."""
        return in_force(self._known.get(siret, []), day)

    def must_be_open(self, siret: str, day: date) -> None:
        """Refuse an establishment that stands closed on a day."""
        closed_on = self.closed_since(siret, day)
        if closed_on:
            raise EstablishmentClosed(siret=siret, closed_on=closed_on)

    def close(self, siret: str, *, closed_on: date) -> None:
        """Say that it is closed from a day on; that may turn out to be earlier than was known."""
        known = self.closed_since(siret, closed_on)
        if known:
            raise AlreadyClosed(siret=siret, closed_on=known)
        self._must_be_last(siret, closed_on, reopened=True)
        self._closed(siret=siret, closed_on=closed_on)

    def reopen(self, siret: str, *, day: date, motive: str) -> None:
        """Say that it is open again from a day on."""
        if not self.closed_since(siret, day):
            raise NotClosed(siret=siret, day=day)
        self._must_be_last(siret, day, reopened=False)
        self._reopened(siret=siret, motive=motive)

    def _must_be_last(self, siret: str, day: date, *, reopened: bool) -> None:
        """Refuse what comes before something that is known: any of it, or its reopenings."""
        known = self._known.get(siret, [])
        later = [k.since for k in known if k.since > day and (k.value is None or not reopened)]
        if later:
            raise EstablishmentKnownLater(siret=siret, day=max(later))

    @event(Closed)
    def _closed(self, *, siret: str, closed_on: date) -> None:
        self._known.setdefault(siret, []).append(Dated(closed_on, None, closed_on))

    @event(Reopened)
    def _reopened(self, *, siret: str, motive: str) -> None:
        self._known.setdefault(siret, []).append(Dated(self.since, None, None))
