"""Hand a dossier in: when it arrived, by each of the routes that its call asks for."""

from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.dossier import DossierCommand
from application.establishment import must_be_open
from application.momentary import Momentary
from domain.arrival import Arrival
from domain.call import Call
from domain.call_terms import Route
from domain.document import DocumentId
from domain.dossier import Dossier
from domain.errors import Forbidden, Refused
from domain.minute import Minute
from domain.recording import must_have_happened, recording
from domain.roles import Role


class NotYourClock(Forbidden):
    """What a pole sends itself is dated by the server."""

    code = "dossier.server_minute"
    fr = "L'heure d'arrivée d'un envoi électronique est celle du serveur : elle ne se donne pas."
    en = "The minute at which something arrives over the network is the server's: it is not given."


class NoArrival(Refused):
    """What is handed in arrived on some date."""

    code = "dossier.no_arrival"
    fr = (
        "Dites quand le dossier est arrivé : à quelle heure par voie électronique, le jour du "
        "cachet de la poste, ou celui de la réception."
    )
    en = "Say when it arrived: the minute, the day of the postmark, or that of receipt."


class ArrivesLaterThanNow(Refused):
    """An arrival has taken place."""

    code = "dossier.arrives_later"
    fr = "Le dossier n'est pas encore arrivé : {arrival} n'est pas venu."
    en = "It has not arrived yet: {arrival} has not come."


class RouteNotAsked(Refused):
    """A call says by which routes it takes dossiers."""

    code = "dossier.route"
    fr = "L'appel ne demande pas cette voie ; il demande : {known}."
    en = "The call does not ask for this route; it asks for: {known}."


class Arriving(Momentary):
    """When a dossier arrived, by each route."""

    server_at: Minute | None = Field(
        None, description="Heure d'arrivée par voie électronique, à Paris : AAAA-MM-JJTHH:MM."
    )
    postmark_on: date | None = Field(None, description="Jour du cachet de la poste.")
    received_at: Minute | None = Field(None, description="Heure de réception, si elle est connue.")
    received_on: date | None = Field(None, description="Jour de réception.")
    proof: DocumentId | None = Field(
        None, description="Le document qui l'atteste : enveloppe, accusé de réception."
    )

    def arrivals(self, work: Work, call: Call) -> tuple[Arrival, ...]:
        """Those given; by a pole itself, the minute of the server."""
        server = self.server_at
        if Role.POLE_REPRESENTATIVE in work.who.roles:
            if server or self.postmark_on or self.received_at or self.received_on:
                raise NotYourClock
            server = Minute.of(recording().now)
        given = [
            *([Arrival(route=Route.SERVER, minute=server)] if server else []),
            *_dated(Route.POSTMARK, None, self.postmark_on, self.proof),
            *_dated(Route.RECEIPT, self.received_at, self.received_on, self.proof),
        ]
        if not given:
            raise NoArrival
        asked = call.routes_on(work.day)
        for arrival in given:
            if arrival.minute and recording().now < arrival.minute.begins:
                raise ArrivesLaterThanNow(arrival=arrival.minute)
            if asked and arrival.route not in asked:
                raise RouteNotAsked(known=", ".join(asked))
        must_have_happened(*(arrival.on for arrival in given))
        return tuple(given)


def _dated(
    route: Route, minute: Minute | None, day: date | None, proof: UUID | None
) -> list[Arrival]:
    if minute is None and day is None:
        return []
    return [Arrival(route=route, minute=minute, day=None if minute else day, document=proof)]


class SubmitDossier(
    DossierCommand,
    Arriving,
    name="dossier.submit",
    says="Déposer un dossier, avec la date de son arrivée par chaque voie.",
    by=(Role.POLE_REPRESENTATIVE, Role.INSTRUCTOR, Role.SECRETARY, Role.REGISTRAR),
):
    """Hand a dossier in. It may come late: that is judged by the date that counts."""

    cer: bool = Field(
        False, description="La structure a souscrit le contrat d'engagement républicain."
    )

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        call = work.get(Call, dossier.call)
        must_be_open(work, dossier.applicant.siret, work.day)
        dossier.submit(self.arrivals(work, call), cer=self.cer, persons=work.persons)
        work.take(dossier, "submit")


class NoteArrival(
    DossierCommand,
    Arriving,
    Statement,
    name="dossier.note_arrival",
    says="Noter qu'un dossier est aussi arrivé par une autre voie, ou à une autre date.",
    by=(Role.INSTRUCTOR, Role.SECRETARY, Role.REGISTRAR),
):
    """Note another arrival of a dossier that was handed in, or correct the date of one."""

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        for arrival in self.arrivals(work, work.get(Call, dossier.call)):
            dossier.note_arrival(arrival)
