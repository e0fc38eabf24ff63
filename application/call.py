"""Calls: plan, specify, open, postpone, close, and list them with their dates and envelopes."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.claim import FigureGiven
from application.command import Command, Work
from application.envelope import granted, is_deliberating
from application.listing import Listed, Listing, listing
from application.wording import FACTS, WORDS
from application.world import Moment, World
from domain.call import (
    AdviserCollege,
    AdviserSeat,
    Call,
    CallCode,
    CallCriterion,
    CallId,
    CallKind,
    Part,
    Phase,
    Route,
    Specification,
    WaveId,
    call_id,
)
from domain.call_refusals import CodeTaken
from domain.call_terms import COLLEGES
from domain.claim import Claim
from domain.dates import UNKNOWN, PartialDate
from domain.document import Document, DocumentId
from domain.errors import Forbidden, Invalid
from domain.figure import figure
from domain.journey import JourneyRef
from domain.kernel import ROLES, AccountId, Frozen, Line, Personal, Prose, Role
from domain.minute import Minute
from domain.money import Euros
from domain.rulebook import RULEBOOK, Rulebook
from domain.words import Id, Name

ADVISER = "adviser"
"""The purpose for which the name of an adviser is kept."""

KEEPERS = (Role.COORDINATOR, Role.SECRETARY, Role.REGISTRAR)
"""Who plans calls and composes their committees (product rule)."""

CALL_KINDS: Mapping[str, str] = {
    CallKind.DECREE: "appel à projets",
    CallKind.PERMANENT: "appel à manifestation d'intérêt",
}
WORDS[CallKind] = CALL_KINDS
ROUTES: Mapping[str, str] = {
    Route.SERVER: "par voie électronique (l'heure d'arrivée compte)",
    Route.POSTMARK: "par la poste (le cachet compte)",
    Route.RECEIPT: "remis ou reçu (le jour de réception compte)",
}
WORDS[Route] = ROUTES
WORDS[AdviserCollege] = COLLEGES

STATES: Mapping[str, str] = {
    "planned": "prévu",
    "open": "ouvert",
    "closed": "clos",
    "under_instruction": "en instruction",
    "decided": "décidé",
    "archived": "archivé",
    "cancelled": "annulé",
}
"""What lists call the stages of the journeys that ship; another one is called by its identifier."""

FACTS |= {
    "specification.set": "cahier des charges fixé",
    "wave.current": "vague en cours",
    "wave.closes": "fin de la vague en cours",
    "wave.next": "vague suivante",
    "wave.next_opens": "ouverture de la vague suivante",
    "wave.next_closes": "fin de la vague suivante",
    "wave.announced": "résultats de la vague en cours annoncés",
    "wave.left": "vagues dont les résultats restent à annoncer",
    "committee.constituted": "comité composé",
    "committee.public": "liste du comité rendue publique",
    "advisers.qualified": "personnalités qualifiées nommées",
    "advisers.local_authorities": "représentants de collectivités désignés",
    "envelope_cents": "enveloppe, en centimes",
}


class NotAKeeper(Forbidden):
    """Calls and their committees are prepared by those who keep them."""

    code = "call.keeper"


def admit_keeper(work: Work) -> None:
    """Refuse whoever does not keep calls and committees."""
    if work.who.roles.isdisjoint(KEEPERS):
        raise NotAKeeper(roles=", ".join(ROLES[role] for role in KEEPERS))


class NotTheJourneyOfTheCall(Invalid):
    """Each kind of call has its own journey."""

    code = "call.journey"
    fr = "Le parcours {journey} n'est pas celui d'un appel de cette nature ({kind})."
    en = "The journey {journey} is not that of a call of this kind ({kind})."


class PlanCall(Command, name="call.plan", says="Prévoir un appel de l'État."):
    """Plan a call."""

    code: CallCode = Field(description="Son code, par lequel on l'appelle : aap-2015.")
    title: Line = Field(description="Son titre.")
    call_kind: CallKind = Field(
        description="Appel à projets sous le décret (decree_call), ou appel permanent par vagues "
        "(permanent_call)."
    )
    authority: Line = Field(description="Qui le lance.")
    journey: JourneyRef | None = Field(None, description="Version du parcours, si elle est connue.")

    @override
    def execute(self, work: Work) -> UUID:
        admit_keeper(work)
        made = plan(
            work,
            code=self.code,
            title=self.title,
            call_kind=self.call_kind,
            authority=self.authority,
            journey=self.journey,
        )
        work.save(made)
        return made.id


def plan(
    work: Work,
    *,
    code: str,
    title: str,
    call_kind: CallKind,
    authority: str,
    journey: str | None = None,
) -> Call:
    """A new call, on the journey of its kind that is in force; not saved yet."""
    if work.find(Call, call_id(code)):
        raise CodeTaken(name=code)
    ref = journey or work.rulebook().in_force(call_kind.value, work.day)
    work.rulebook().admit(ref, work.day)
    compiled = work.compiled(ref)
    if compiled.journey.id != call_kind:
        raise NotTheJourneyOfTheCall(journey=ref, kind=CALL_KINDS[call_kind])
    return Call.plan(
        code=code,
        title=title,
        call_kind=call_kind,
        authority=authority,
        journey=ref,
        stage=compiled.journey.initial,
        occurred_on=work.occurred_on,
        variables=work.admit(Call.new(), compiled),
    )


class CallCommand(Command):
    """Something done with one call."""

    call: CallId = Field(description="L'appel, par son code ou son identifiant.")

    @override
    def execute(self, work: Work) -> UUID:
        call = work.get(Call, self.call)
        work.allow(call, self.NAME)
        self.act(work, call)
        work.save(call)
        return call.id

    @abstractmethod
    def act(self, work: Work, call: Call) -> None:
        """Do it with the call."""


class SpecifyCall(
    CallCommand,
    name="call.specify",
    says="Fixer le cahier des charges d'un appel : texte, pièces, critères, voies de dépôt.",
):
    """Set what a call asks for; told anew, it takes the place of what was told before."""

    title: Line = Field(description="Titre du cahier des charges, ou de la notice.")
    document: DocumentId | None = Field(None, description="Le document déposé au registre.")
    address: Line | None = Field(None, description="L'adresse où il se lit.")
    parts: tuple[Part, ...] = Field(
        (),
        description='Les pièces, chacune {"id": …, "title": …, "required": …}.',
        max_length=100,
        json_schema_extra={"each": "part"},
    )
    criteria: tuple[CallCriterion, ...] = Field(
        (),
        description='Les critères, chacun {"id": …, "title": …, "words": …, "weight": …}.',
        max_length=100,
        json_schema_extra={"each": "criterion"},
    )
    routes: tuple[Route, ...] = Field(
        (),
        description="Les voies par lesquelles chaque dossier doit venir, toutes : server, "
        "postmark, receipt.",
        json_schema_extra={"each": "route"},
    )

    @override
    def act(self, work: Work, call: Call) -> None:
        if self.document:
            work.get(Document, self.document)
        call.specify(
            Specification(
                title=self.title,
                document=self.document,
                address=self.address,
                parts=self.parts,
                criteria=self.criteria,
                routes=self.routes,
            )
        )


class SetEnvelope(
    CallCommand, name="call.set_envelope", says="Dire de combien d'argent un appel dispose."
):
    """Say how much money a call has: never less than before while its committee deliberates, nor
    than what is announced as granted from it."""

    amount: Euros = Field(description="L'enveloppe, en euros.")
    note: Line | None = Field(None, description="Ce qu'elle comprend, ou sur combien d'années.")

    @override
    def act(self, work: Work, call: Call) -> None:
        call.set_envelope(
            self.amount,
            note=self.note,
            awarded=granted(work, call),
            is_deliberating=is_deliberating(work, call),
        )


class SetBounds(
    CallCommand,
    name="call.set_bounds",
    says="Dire le montant le plus faible et le plus élevé qu'un dossier peut recevoir.",
):
    """Say the least and the most that an application is given; neither, where there is none."""

    minimum: Euros | None = Field(None, description="Le plus faible, en euros.")
    maximum: Euros | None = Field(None, description="Le plus élevé, en euros.")

    @override
    def act(self, work: Work, call: Call) -> None:
        call.set_bounds(self.minimum, self.maximum)


class SetWave(
    CallCommand,
    name="call.set_wave",
    says="Fixer une vague d'un appel : son ouverture et sa clôture, à la minute, heure de Paris.",
):
    """Say when a wave opens and closes, as long as it has not opened."""

    wave: WaveId = Field(description="Le nom court de la vague : v1.")
    title: Line | None = Field(None, description="Comment on l'appelle.")
    phase: Phase | None = Field(None, description="Phase 1 ou 2 d'un appel permanent.")
    opens_at: Minute | None = Field(
        None, description="Ouverture : AAAA-MM-JJTHH:MM, à l'heure de Paris."
    )
    closes_at: Minute | None = Field(
        None, description="Clôture : AAAA-MM-JJTHH:MM ; cette minute compte encore."
    )
    opens_on: PartialDate | None = Field(
        None, description="Date d'ouverture, si l'heure n'est pas connue."
    )
    closes_on: PartialDate | None = Field(
        None, description="Date de clôture, si l'heure n'est pas connue : la fin de ce jour."
    )

    @override
    def act(self, work: Work, call: Call) -> None:
        call.set_wave(
            self.wave,
            title=self.title or self.wave.replace("_", " "),
            phase=self.phase,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            opens_on=self.opens_on or UNKNOWN,
            closes_on=self.closes_on or UNKNOWN,
        )


class PostponeClosing(
    CallCommand,
    name="call.postpone",
    says="Reporter une clôture, par une décision datée, prise avant qu'elle ne tombe.",
):
    """Put off the closing of a wave; it holds from the day on which it was decided."""

    wave: WaveId = Field(description="La vague.")
    closes_at: Minute = Field(description="La nouvelle clôture : AAAA-MM-JJTHH:MM.")
    decided_on: date = Field(description="Le jour de la décision.")
    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, call: Call) -> None:
        with work.dated(PartialDate.on(self.decided_on)):
            call.postpone(
                self.wave, self.closes_at, decided_on=self.decided_on, reasons=self.reasons
            )


class AdviserGiven(Frozen):
    """One of those whose opinion is asked, as it is given."""

    id: Name
    college: AdviserCollege
    designated_by: Line
    organisation: Line | None = None
    holder: Personal | None = None
    account: AccountId | None = None


class NameAdvisers(
    CallCommand,
    name="call.name_advisers",
    says="Nommer ceux dont l'avis est recueilli : personnalités qualifiées et collectivités.",
):
    """Name those whose opinions are asked; the list given is the whole of them.

    Source: décret n° 2015-431, article 4 (six of each).
    """

    seats: tuple[AdviserGiven, ...] = Field(
        description='Les sièges, chacun {"id": …, "college": "qualified" ou "local_authorities", '
        '"designated_by": …, "organisation": …} ; le nom d\'une personne (holder) est scellé.',
        max_length=40,
        json_schema_extra={"each": "seat"},
    )

    @override
    def act(self, work: Work, call: Call) -> None:
        call.name_advisers([self._kept(work, seat) for seat in self.seats])

    def _kept(self, work: Work, seat: AdviserGiven) -> AdviserSeat:
        holder = None
        if seat.holder:
            holder = work.seal(
                seat.holder,
                event=Call.AdvisersNamed,
                field="holder",
                purpose=ADVISER,
                subject=uuid4(),
            )
        return AdviserSeat(
            id=seat.id,
            college=seat.college,
            designated_by=seat.designated_by,
            organisation=seat.organisation,
            holder=holder,
            account=seat.account,
        )


class ClaimOfCall(
    CallCommand,
    FigureGiven,
    name="call.record_claim",
    says="Enregistrer ce que quelqu'un dit d'un appel, avec sa source ; un chiffre, souvent.",
):
    """Enter what somebody said of a call. Figures that differ stand side by side."""

    statement: Prose = Field(description="Ce qui est affirmé, en une phrase.")
    author: Line = Field(description="Qui l'affirme.")
    figures: Prose | None = Field(None, description="Les chiffres, dans les mots de la source.")
    note: Prose | None = Field(None, description="Remarque sur la source.")

    @override
    def act(self, work: Work, call: Call) -> None:
        claim = Claim.record(
            statement=self.statement,
            author=self.author,
            figures=self.figures,
            note=self.note,
            figure=figure(**self._numbers),
            source=self.source,
        )
        call.attach_claim(claim.id)
        work.save(claim)


class MoveCall(CallCommand, name="call.move", says="Franchir une étape du parcours d'un appel."):
    """Take a step of the journey of a call."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : open, begin_instruction… Un code "
        "inconnu est refusé en nommant ceux du parcours."
    )
    input: dict[str, Any] = Field(default={}, description="Ce que le passage demande.")

    @override
    def act(self, work: Work, call: Call) -> None:
        work.take(call, self.transition, **self.input)


class RecordPastCallStep(
    CallCommand,
    name="call.record_past_step",
    says="Enregistrer une étape passée d'un appel, avec sa source.",
):
    """Record a sourced historical step of a call, judged by the rules of its day."""

    transition: Id = Field(description="Le passage franchi.")
    source: Prose = Field(description="Document ou adresse qui l'atteste.")
    input: dict[str, Any] = Field(default={}, description="Ce qui est connu du passage.")

    @override
    def act(self, work: Work, call: Call) -> None:
        work.take_past(call, self.transition, **self.input)


class MigrateCall(
    CallCommand, name="call.migrate", says="Faire suivre à un appel une autre version du parcours."
):
    """Bring a call to another version of its journey, on the record."""

    to: JourneyRef = Field(description="La version à suivre.")

    @override
    def act(self, work: Work, call: Call) -> None:
        call.migrate(work.compiled(self.to).journey, occurred_on=work.occurred_on)


# --- the list -----------------------------------------------------------------------------------


class CallListed(Listed):
    """A call as lists show it, with the dates of the wave under way, or of the next one."""

    title: str = Field(title="Appel")
    code: str = Field(title="Code")
    call_kind: CallKind = Field(title="Nature")
    authority: str = Field(title="Lancé par")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    opened_wave: str | None = None
    """The wave for which it was last opened, by its short name."""
    wave: str | None = Field(None, title="Vague")
    opens: str | None = Field(None, title="Ouverture")
    closes: str | None = Field(None, title="Clôture")
    closed_from: str | None = None
    """The first instant at which it is closed, where that is known."""
    waves: str = "{}"
    """What is known of each wave."""
    envelope: str | None = Field(None, title="Enveloppe")
    envelope_cents: int | None = None
    announced_on: PartialDate | None = Field(None, title="Résultats annoncés")
    journey: str = Field(title="Règles")
    journey_since: date


def stages_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """The stages of the journeys of calls published then, in their words."""
    rulebook = world.load(Rulebook, RULEBOOK, moment.known)
    journeys = [journey for journey, _ in rulebook.journeys.values()] if rulebook else []
    return {
        state.id: STATES.get(state.id) or state.title.fr
        for journey in journeys
        if journey.id in set(CallKind)
        for state in journey.states
    }


CALLS = listing(
    Listing(
        name="call",
        line=CallListed,
        title="Appels",
        says="Les appels de l'État : leurs dates, à l'heure de Paris, leur enveloppe et leur "
        "étape. Les résultats restent secrets jusqu'à leur annonce.",
        path="/appels",
        columns=(
            *("title", "call_kind", "stage_title", "stage_on", "opens", "closes"),
            *("envelope", "announced_on", "code"),
        ),
        filters=("call_kind", "stage"),
        words={"stage": stages_in_words},
        detail=("title", "/appels/"),
        empty="Aucun appel n'est enregistré.",
        thing="Appel",
        begun_by="call.plan",
        about_poles=False,
    )
)
