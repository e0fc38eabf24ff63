"""Dossiers: begin one, complete it, hand it in, take its steps, and list them."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.dossier_words import DOSSIER_STATES
from application.establishment import must_be_open
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from application.organisation import organisation
from application.world import Moment, World
from domain.award import DossierOutcome
from domain.call import Call, CallId, Route, Wave, WaveId
from domain.dates import PartialDate
from domain.document import DocumentId
from domain.dossier import (
    DRAFT,
    OVER,
    Arrival,
    Content,
    Dossier,
    DossierId,
)
from domain.errors import Forbidden, Invalid, Refused
from domain.identifiers import Siret
from domain.journey import JourneyRef
from domain.kernel import ROLES, Line, Role, must_have_happened, recording
from domain.minute import Minute
from domain.money import Euros, EurosOrNone
from domain.organisation import Organisation
from domain.pole import Pole
from domain.project import Project, ProjectId, Status
from domain.rulebook import RULEBOOK, Rulebook
from domain.words import Id, Name

DRAFTERS = (Role.POLE_REPRESENTATIVE, Role.SECRETARY, Role.REGISTRAR)
"""Who begins a dossier: the pole, or who enters what it sent on paper (product rule)."""

JOURNEYS: Mapping[str, str] = {
    "decree_call": "decree_dossier",
    "permanent_call": "permanent_dossier",
}
"""The journey that the dossiers of each kind of call follow."""

TAKES_NONE = frozenset({"planned", "cancelled", "archived", "decided"})
"""The stages of a call in which no dossier is begun."""


class NotADrafter(Forbidden):
    """A dossier is that of a pole."""

    code = "dossier.drafter"


class CallTakesNone(Refused):
    """A call takes dossiers from its opening until it is decided."""

    code = "dossier.call_takes_none"
    fr = "L'appel {call} ne reçoit pas de dossier à cette date : il n'est pas ouvert."
    en = "The call {call} takes no application on that day: it is not open."


class WhichWave(Refused):
    """A dossier answers to one wave."""

    code = "dossier.which_wave"
    fr = "L'appel {call} a plusieurs vagues : dites à laquelle le dossier répond ({known})."
    en = "The call {call} has several waves: say which one it answers to ({known})."


class OncePerWave(Refused):
    """A project answers once to a wave."""

    code = "dossier.once"
    fr = "Ce projet a déjà un dossier dans cette vague ({dossier}) : reprenez-le, ou retirez-le."
    en = "This project already has an application in this wave ({dossier}): revise or withdraw it."


class ProjectOver(Refused):
    """What has ended asks for nothing."""

    code = "dossier.project_over"
    fr = "Ce projet a pris fin : il ne peut plus être présenté à un appel."
    en = "This project has ended: it can no longer answer a call."


class NoApplicant(Invalid):
    """Somebody applies, who is named."""

    code = "dossier.no_applicant"
    fr = "Dites quelle structure dépose (applicant) : aucun porteur du pôle n'est connu ce jour-là."
    en = "Say who applies (applicant): no carrier of the pole is known on that day."


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


# --- begin --------------------------------------------------------------------------------------


class Applying(Momentary):
    """What a dossier says of itself."""

    title: Line | None = Field(None, description="Titre du dossier ; celui du projet sinon.")
    applicant: Line | None = Field(
        None, description="La structure qui dépose ; celle qui porte le pôle sinon."
    )
    siret: Siret | None = Field(None, description="Son SIRET.")
    rna: Line | None = Field(None, description="Son numéro RNA, pour une association.")
    no_number: Line | None = Field(None, description="Pourquoi elle n'a pas de numéro.")
    requested: EurosOrNone | None = Field(None, description="Montant demandé, en euros.")
    total: Euros | None = Field(None, description="Coût total du projet, en euros.")
    own: EurosOrNone | None = Field(None, description="Ressources propres, en euros.")


class DraftDossier(
    Applying,
    name="dossier.draft",
    says="Commencer le dossier d'un projet pour un appel.",
):
    """Begin a dossier of the pole that carries a project; its number follows those of the call."""

    call: CallId = Field(description="L'appel, par son code ou son identifiant.")
    project: ProjectId = Field(description="Le projet présenté (identifiant).")
    wave: WaveId | None = Field(None, description="La vague, si l'appel en a plusieurs.")
    region: Line | None = Field(
        None, description="La région qui examine le dossier ; celle du pôle sinon."
    )
    journey: JourneyRef | None = Field(None, description="Version du parcours, si elle est connue.")

    @override
    def execute(self, work: Work) -> UUID:
        if work.who.roles.isdisjoint(DRAFTERS):
            raise NotADrafter(roles=", ".join(ROLES[role] for role in DRAFTERS))
        call, project = work.get(Call, self.call), work.get(Project, self.project)
        wave = self._wave(work, call)
        pole = work.get(Pole, project.carrying_on(work.day))
        work.allow(pole, self.NAME)
        pole.live_on(work.day)
        if project.status_on(work.day) is Status.ENDED:
            raise ProjectOver
        self._once(work, call, wave)
        compiled = work.compiled(self._journey(work, call))
        regions = pole.territory_on(work.day).regions
        content = content_given(work, self, pole, project.title)
        draft = Dossier.new()
        draft.call, draft.wave, draft.pole, draft.project = call.id, wave.id, pole.id, project.id
        made = Dossier.draft(
            code=f"{call.code}-{len(call.dossiers) + 1:03}",
            call=call.id,
            wave=wave.id,
            pole=pole.id,
            project=project.id,
            content=content,
            region=self.region or (regions[0] if regions else None),
            journey=compiled.journey.ref,
            stage=compiled.journey.initial,
            occurred_on=work.occurred_on,
            variables=work.admit(draft, compiled),
        )
        call.attach_dossier(made.id)
        pole.attach("dossier", made.id, is_news=True)
        work.save(made, call, pole)
        return made.id

    def _wave(self, work: Work, call: Call) -> Wave:
        """The wave it answers to: the one given, the one that is under way, or the only one."""
        if call.state_on(work.day) in {None, *TAKES_NONE}:
            raise CallTakesNone(call=call.code)
        told = [call.wave(self.wave)] if self.wave else [*call.waves.values()]
        under_way = call.wave_on(work.day)
        if not self.wave and under_way:
            told = [under_way]
        if len(told) != 1:
            raise WhichWave(call=call.code, known=", ".join(call.waves) or "aucune")
        begins = told[0].begins
        if begins and recording().now < begins:
            raise CallTakesNone(call=call.code)
        return told[0]

    def _once(self, work: Work, call: Call, wave: Wave) -> None:
        """Refuse a second dossier of the project, whatever pole carried it when it first applied:
        so no project is selected twice in a wave."""
        for other in dossiers_of(work, call, wave.id):
            gone = other.state_on(date.max) in {"withdrawn", "expired"}
            if other.project == self.project and not gone:
                raise OncePerWave(dossier=other.code)

    def _journey(self, work: Work, call: Call) -> str:
        id_ = JOURNEYS[call.call_kind]
        journey = self.journey or work.rulebook().in_force(id_, work.day)
        work.rulebook().admit(journey, work.day)
        if work.compiled(journey).journey.id != id_:
            raise NotADossierJourney(journey=journey)
        return journey


class NotADossierJourney(Invalid):
    """Each kind of call has dossiers of its own."""

    code = "dossier.journey"
    fr = "Le parcours {journey} n'est pas celui des dossiers de cet appel."
    en = "The journey {journey} is not that of the applications to this call."


def content_given(
    work: Work, given: Applying, pole: Pole, title: str, known: Content | None = None
) -> Content:
    """What a dossier says of itself: what is given, else what it said, else what the pole says."""
    applicant = _applicant(work, given, pole, known)
    must_be_open(work, applicant.siret, work.day)

    before = known or Content(title, applicant, None, None, None)

    def kept(value: int | None, said: int | None) -> int | None:
        return said if value is None else value

    return Content(
        title=given.title or before.title,
        applicant=applicant,
        requested_cents=kept(given.requested, before.requested_cents),
        total_cents=kept(given.total, before.total_cents),
        own_cents=kept(given.own, before.own_cents),
    )


def _applicant(work: Work, given: Applying, pole: Pole, known: Content | None) -> Organisation:
    numbered = bool(given.siret or given.rna or given.no_number)
    if known and not given.applicant and not numbered:
        return known.applicant
    name, siret = given.applicant, given.siret
    if name is None and known:
        name = known.applicant.name
    if name is None:
        carrier = pole.carrier_on(work.day)
        if carrier is None:
            raise NoApplicant
        name, siret = carrier[0], siret or (None if numbered else carrier[1])
    return organisation(name, siret=siret, rna=given.rna or None, reason=given.no_number)


# --- one dossier --------------------------------------------------------------------------------


class DossierCommand(Momentary):
    """Something done with one dossier."""

    dossier: DossierId = Field(description="Le dossier, par son code ou son identifiant.")

    @override
    def execute(self, work: Work) -> UUID:
        dossier = work.get(Dossier, self.dossier)
        work.allow(dossier, self.NAME)
        self.act(work, dossier)
        work.save(dossier)
        return dossier.id

    @abstractmethod
    def act(self, work: Work, dossier: Dossier) -> None:
        """Do it with the dossier."""


class ReviseDossier(
    DossierCommand,
    Applying,
    name="dossier.revise",
    says="Reprendre ce qu'un dossier dit de lui-même ; ce qui n'est pas donné reste.",
):
    """Change what a dossier says of itself, before it is handed in, or as it is completed."""

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        pole, known = work.get(Pole, dossier.pole), dossier.content
        dossier.revise(content_given(work, self, pole, known.title, known))


class FilePart(
    DossierCommand,
    name="dossier.file_part",
    says="Joindre à un dossier une des pièces que l'appel demande.",
):
    """Give one of the parts that the call asks for."""

    part: Name = Field(description="La pièce, par son identifiant dans le cahier des charges.")
    title: Line | None = Field(None, description="Comment elle s'appelle.")
    document: DocumentId | None = Field(None, description="Le document déposé au registre.")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        call = work.get(Call, dossier.call)
        dossier.file_part(self.part, call, title=self.title, document=self.document, day=work.day)


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
    name="dossier.note_arrival",
    says="Noter qu'un dossier est aussi arrivé par une autre voie, ou à une autre date.",
):
    """Note another arrival of a dossier that was handed in, or correct the date of one."""

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        for arrival in self.arrivals(work, work.get(Call, dossier.call)):
            dossier.note_arrival(arrival)


class AskForParts(
    DossierCommand,
    name="dossier.ask_for_parts",
    says="Demander les pièces qui manquent à un dossier, avec la date limite pour les donner.",
):
    """Say what is missing: the dossier waits for it."""

    parts: tuple[Name, ...] = Field(
        description="Les pièces, par leurs identifiants dans le cahier des charges.",
        min_length=1,
        max_length=100,
        json_schema_extra={"each": "part"},
    )
    until: date = Field(description="Dernier jour pour les donner.")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        call = work.get(Call, dossier.call)
        dossier.ask_for_parts(self.parts, call, until=self.until, day=work.day)
        work.take(dossier, "declare_incomplete")


class CompleteDossier(
    DossierCommand,
    name="dossier.complete",
    says="Rendre un dossier complété : les pièces demandées sont données.",
):
    """Hand a dossier in again, once what was asked for is given."""

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        work.take(dossier, "complete")


class MoveDossier(
    DossierCommand,
    name="dossier.move",
    says="Franchir une étape du parcours d'un dossier.",
):
    """Take a step of the journey of a dossier."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : declare_eligible, deliberate, "
        "withdraw… Un code inconnu est refusé en nommant ceux du parcours."
    )
    input: dict[str, Any] = Field(default={}, description="Ce que le passage demande.")

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        must_have_happened()
        work.take(dossier, self.transition, **self.input)


def dossiers_of(work: Work, call: Call, wave: str) -> list[Dossier]:
    """The dossiers of a wave of a call, in the order of their numbers."""
    found = (work.get(Dossier, id_) for id_ in call.dossiers)
    return [dossier for dossier in found if dossier.wave == wave]


def is_living(dossier: Dossier) -> bool:
    """Whether something is still to be decided of it: handed in, and not over."""
    return dossier.state_on(date.max) not in {None, DRAFT, *OVER}


# --- the list -----------------------------------------------------------------------------------


class DossierListed(Listed):
    """A dossier as lists show it: of what is decided, only what is announced."""

    code: str = Field(title="Dossier")
    title: str = Field(title="Titre")
    call: UUID
    call_code: str = Field(title="Appel")
    wave: str = Field(title="Vague")
    project: UUID
    applicant: str = Field(title="Structure qui dépose")
    region: str | None = Field(None, title="Région")
    requested_cents: int | None = None
    requested: str | None = Field(None, title="Demandé")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    outcome: DossierOutcome | None = Field(None, title="Décision annoncée")
    amount_cents: int | None = None
    awarded: str | None = Field(None, title="Soutien")
    journey: str = Field(title="Règles")
    journey_since: date

    @property
    def call_page(self) -> str:
        return f"/appels/{self.call}"


def stages_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The stages of the journeys of dossiers published then, in their words."""
    rulebook = world.load(Rulebook, RULEBOOK, moment.known)
    journeys = [journey for journey, _ in rulebook.journeys.values()] if rulebook else []
    return {
        state.id: DOSSIER_STATES.get(state.id) or state.title.fr
        for journey in journeys
        if journey.id in JOURNEYS.values()
        for state in journey.states
    }


def calls_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The calls known then, by their codes."""
    planned = (told.event for told in world.told(Call.Planned, until=moment.known))
    return {event.code: event.title for event in planned if isinstance(event, Call.Planned)}


def waves_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The waves known then, by their codes; those that two calls call differently, by no words."""
    said: dict[str, set[str]] = {}
    for told in world.told(Call.WaveSet, until=moment.known):
        if isinstance(told.event, Call.WaveSet):
            said.setdefault(told.event.wave, set()).add(told.event.title)
    return {wave: titles.pop() for wave, titles in said.items() if len(titles) == 1}


DOSSIERS = listing(
    Listing(
        name="dossier",
        line=DossierListed,
        title="Dossiers",
        says="Les dossiers déposés aux appels de l'État, et où en est chacun. Rien de ce qui est "
        "décidé n'y paraît avant l'annonce des résultats.",
        path="/dossiers",
        columns=(
            *("title", "pole_name", "region", "requested", "stage_title", "stage_on"),
            *("outcome", "awarded", "call_code", "wave", "code"),
        ),
        detail=("title", "/dossiers/"),
        leads={"call_code": "call_page"},
        filters=("call_code", "wave", "stage", "outcome", "region"),
        words={"stage": stages_in_words, "call_code": calls_in_words, "wave": waves_in_words},
        order=("code",),
        empty="Aucun dossier n'est enregistré.",
        thing="Dossier",
        begun_by="dossier.draft",
    )
)
