"""Begin a dossier for a wave of a call, and revise what it says of itself."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.dossier import DossierCommand, dossiers_of
from application.establishment import must_be_open
from application.momentary import Momentary
from application.organisation import organisation
from domain.call import Call, CallId
from domain.call_terms import Wave, WaveId
from domain.dossier import Content, Dossier
from domain.errors import Forbidden, Invalid, Refused
from domain.identifiers import Siret
from domain.journey import JourneyRef
from domain.money import Euros, EurosOrNone
from domain.organisation import Organisation
from domain.pole import Pole
from domain.project import Project, ProjectId, Status
from domain.recording import recording
from domain.roles import Role
from domain.values import Line

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
    by=DRAFTERS,
    refused=NotADrafter,
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


class ReviseDossier(
    DossierCommand,
    Applying,
    name="dossier.revise",
    says="Reprendre ce qu'un dossier dit de lui-même ; ce qui n'est pas donné reste.",
    by=DRAFTERS,
    refused=NotADrafter,
):
    """Change what a dossier says of itself, before it is handed in, or as it is completed."""

    @override
    def act(self, work: Work, dossier: Dossier) -> None:
        pole, known = work.get(Pole, dossier.pole), dossier.content
        dossier.revise(content_given(work, self, pole, known.title, known))
