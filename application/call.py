"""Calls: plan one, say what is claimed of it, and take the steps of its journey."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.claim import FigureGiven
from application.command import Command, Work
from application.correction import Statement
from application.moving import Migrating, Moving
from application.offices import MIGRATORS
from application.seen_in_words import SAID, cents_in_words
from application.wording import FACTS, WORDS
from domain.call import Call, CallId, call_id
from domain.call_refusals import CodeTaken
from domain.call_terms import COLLEGES, AdviserCollege, CallCode, CallKind, Route
from domain.claim import Claim
from domain.errors import Forbidden, Invalid
from domain.figure import figure
from domain.journey import JourneyRef
from domain.roles import Role
from domain.values import Line, Prose
from domain.words import Id

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
    "envelope_cents": "enveloppe",
}

SAID["envelope_cents"] = cents_in_words


class NotAKeeper(Forbidden):
    """Calls and their committees are prepared by those who keep them."""

    code = "call.keeper"


class NotTheJourneyOfTheCall(Invalid):
    """Each kind of call has its own journey."""

    code = "call.journey"
    fr = "Le parcours {journey} n'est pas celui d'un appel de cette nature ({kind})."
    en = "The journey {journey} is not that of a call of this kind ({kind})."


class PlanCall(
    Statement, name="call.plan", says="Prévoir un appel de l'État.", by=KEEPERS, refused=NotAKeeper
):
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


class ClaimOfCall(
    CallCommand,
    FigureGiven,
    name="call.record_claim",
    says="Enregistrer ce que quelqu'un dit d'un appel, avec sa source ; un chiffre, souvent.",
    by=KEEPERS,
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


class MoveCall(
    Moving,
    CallCommand,
    name="call.move",
    says="Franchir une étape du parcours d'un appel.",
    by=(*KEEPERS, Role.INSTRUCTOR),
):
    """Take a step of the journey of a call."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : open, begin_instruction… Un code "
        "inconnu est refusé en nommant ceux du parcours."
    )


class RecordPastCallStep(
    CallCommand,
    Statement,
    name="call.record_past_step",
    says="Enregistrer une étape passée d'un appel, avec sa source.",
    by=(*KEEPERS, Role.INSTRUCTOR),
):
    """Record a sourced historical step of a call, judged by the rules of its day."""

    transition: Id = Field(description="Le passage franchi.")
    source: Prose = Field(description="Document ou adresse qui l'atteste.")
    input: dict[str, Any] = Field(default={}, description="Ce qui est connu du passage.")

    @override
    def act(self, work: Work, call: Call) -> None:
        work.take_past(call, self.transition, **self.input)


class MigrateCall(
    Migrating,
    CallCommand,
    name="call.migrate",
    says="Faire suivre à un appel une autre version du parcours.",
    by=MIGRATORS,
):
    """Bring a call to another version of its journey, on the record."""
