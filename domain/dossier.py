"""Dossiers: what a pole answers to a call, from its draft to a decision that is announced.

Until the results are announced nothing of them is recorded here: they stand in a session only. What
comes before (interests, ranks, analyses, opinions, conditions) is told to nobody until then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import override

from domain import case
from domain.arrival import HandedIn
from domain.call import Call
from domain.case import Read
from domain.dates import PartialDate
from domain.dossier_decision import Settled
from domain.dossier_facts import (
    ApplicantFacts,
    ArrivalFacts,
    DecisionFacts,
    DossierFacts,
    SupportFacts,
    WaveOfDossierFacts,
)
from domain.dossier_parts import MadeOfParts
from domain.dossier_states import DRAFT, OVER, SELECTED
from domain.eligibility import Eligible
from domain.errors import NotFound, Refused
from domain.kernel import Event, event
from domain.money import Cents, CentsOrNone, euros
from domain.opinion import Advised
from domain.organisation import Organisation
from domain.pole import Pole
from domain.project import Project
from domain.recognition import Recognition, RecognitionKind
from domain.review import Reviewed
from domain.span import Dated, in_force
from domain.values import Line
from domain.words import Name, Stored

DossierId = NewType("DossierId", UUID)
DossierCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
"""The code of its call and its number: `essai-2024-007`."""


CER_SINCE = date(2022, 1, 2)
"""From when on an association that asks for a grant subscribes to the contrat d'engagement
républicain (décret n° 2021-1947)."""


class UnknownDossier(NotFound):
    """There is no such dossier."""

    code = "dossier.unknown"
    fr = "Aucun dossier ne s'appelle « {name} » : donnez son code, ou son identifiant."
    en = "No application is called “{name}”: give its code, or its identity."


class AsksForMoreThanItCosts(Refused):
    """Nobody asks for more than a project costs."""

    code = "dossier.asks_too_much"
    fr = "Le montant demandé ({asked}) dépasse le coût du projet ({total})."
    en = "The amount asked for ({asked}) is more than the project costs ({total})."


@dataclass(frozen=True, slots=True)
class Content:
    """What a dossier says of itself."""

    title: str
    applicant: Organisation
    requested_cents: int | None
    total_cents: int | None
    own_cents: int | None


# --- the aggregate -----------------------------------------------------------------------------


class Dossier(HandedIn, MadeOfParts, Eligible, Reviewed, Advised, Settled, concept="dossier"):
    """An application of a pole, with one of its projects, to a wave of a call."""

    class Drafted(case.Entered):
        """A dossier was begun."""

        TOPIC = "dossier.drafted.v1"
        UNDONE_BY = ("dossier.revise",)
        code: DossierCode
        call: UUID
        wave: Name
        pole: UUID
        project: UUID
        title: Line
        applicant: Organisation
        region: Line | None = None
        requested_cents: CentsOrNone | None = None
        total_cents: Cents | None = None
        own_cents: CentsOrNone | None = None

    class Revised(Event):
        """What it says of itself changed."""

        TOPIC = "dossier.revised.v1"
        UNDONE_BY = ("dossier.revise",)
        title: Line
        applicant: Organisation
        requested_cents: CentsOrNone | None = None
        total_cents: Cents | None = None
        own_cents: CentsOrNone | None = None

    ENTERS = Drafted
    PASSING = frozenset({"parts.overdue"})

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.call = UUID(int=0)
        self.wave = ""
        self.pole = UUID(int=0)
        self.project = UUID(int=0)
        self.region: str | None = None
        self._contents: list[Dated[Content]] = []

    # Decisions.

    @classmethod
    def draft(
        cls,
        *,
        code: str,
        call: UUID,
        wave: str,
        pole: UUID,
        project: UUID,
        content: Content,
        region: str | None,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "Dossier":
        """Begin a dossier of a pole, for one of its projects, in a wave of a call."""
        _afford(content)
        made = cls.new()
        made._drafted(
            code=code,
            call=call,
            wave=wave,
            pole=pole,
            project=project,
            title=content.title,
            applicant=content.applicant,
            region=region,
            requested_cents=content.requested_cents,
            total_cents=content.total_cents,
            own_cents=content.own_cents,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    def revise(self, content: Content) -> None:
        """Change what it says of itself; what nothing changes is not recorded."""
        _afford(content)
        if content == self.content:
            return
        self._revised(
            title=content.title,
            applicant=content.applicant,
            requested_cents=content.requested_cents,
            total_cents=content.total_cents,
            own_cents=content.own_cents,
        )

    # What is known on a day.

    @property
    def content(self) -> Content:
        """What it says of itself, as it was last said."""
        return self._contents[-1].value

    def content_on(self, day: date) -> Content | None:
        """What it said of itself on a day."""
        return in_force(self._contents, day)

    @property
    def title(self) -> str:
        return self.content.title

    @property
    def applicant(self) -> Organisation:
        return self.content.applicant

    @property
    def requested_cents(self) -> int | None:
        return self.content.requested_cents

    @property
    def number(self) -> int:
        """Which of the dossiers of its call it is, as its code says."""
        told = self.code.rpartition("-")[2]
        return int(told) if told.isdigit() else 0

    def is_late(self, call: Call, day: date) -> bool | None:
        """Whether it came late, by the date that counts; `None` where that cannot be told."""
        arrivals = self.arrivals_on(day)
        return call.is_late(self.wave, {route: told.counts for route, told in arrivals.items()})

    @property
    def is_over(self) -> bool:
        """Whether nothing more is decided of it, as it stands now."""
        return self.main.states.last.value in OVER

    @override
    def relations_on(self, day: date) -> frozenset[str]:
        """The pole that applies, the call, and the project."""
        about = {"pole": self.pole, "call": self.call, "project": self.project}
        return frozenset(f"{kind}:{id_}" for kind, id_ in about.items())

    @override
    def facts_on(self, day: date, read: Read) -> DossierFacts:
        """What the clauses may ask, as it was on a day: never what is not announced."""
        call: Call = read(Call, self.call)
        decision, after = self.decision_on(day), self.reopened_on(day)
        return DossierFacts(
            parts=self._part_facts(call, day),
            arrival=ArrivalFacts(late=self.is_late(call, day)),
            applicant=self._applicant_facts(day),
            wave=self._wave_facts(call, day, read),
            conditions=self.condition_facts_on(day),
            project=SupportFacts(supported=self.support_before(day, read) is not None),
            ranking=self.review_facts_on(self.rank_on(day), day, 0),
            analysis=self.review_facts_on(self.analysis_on(day), day, after),
            opinions=self.opinion_facts_on(day),
            decision=DecisionFacts(
                outcome=decision.outcome if decision else "",
                withdrawn=bool(decision and decision.withdrawn),
            ),
        )

    def support_before(self, day: date, read: Read) -> UUID | None:
        """The dossier of another call after which its project has the support of the State."""
        project: Project = read(Project, self.project)
        for support in project.supports_on(day):
            if support.call != self.call:
                return support.dossier
        return None

    def _applicant_facts(self, day: date) -> ApplicantFacts:
        known = self.content_on(day)
        is_association = known is not None and known.applicant.rna is not None
        return ApplicantFacts(
            numbered=known is not None and known.applicant.identifier is not None,
            cer_wanting=is_association and day >= CER_SINCE and not self.cer,
        )

    def _wave_facts(self, call: Call, day: date, read: Read) -> WaveOfDossierFacts:
        wave = call.waves.get(self.wave)
        phase = wave.phase if wave else None
        closing = call.closes_at(self.wave) if wave else None
        return WaveOfDossierFacts(
            phase=phase,
            closed_on=closing.day if closing else None,
            phase_one=phase == 2 and self._passed_phase_one(day, read),
        )

    def _passed_phase_one(self, day: date, read: Read) -> bool:
        """Whether the pole was, or may yet be, retained in a first phase (call of 2022)."""
        pole: Pole = read(Pole, self.pole)
        for id_ in pole.recognitions:
            known: Recognition = read(Recognition, id_)
            by_call = known.recognition_kind is RecognitionKind.EXPRESSION_OF_INTEREST_CALL
            if by_call and known.in_force_on(day):
                return True
        for id_, concept in pole.attached.items():
            if concept != "dossier" or id_ == self.id:
                continue
            other: Dossier = read(Dossier, id_)
            wave = read(Call, other.call).waves.get(other.wave)
            stands = other.state_on(day) not in {None, DRAFT, *(OVER - {SELECTED})}
            if wave and wave.phase == 1 and stands:
                return True
        return False

    # What is remembered.

    @event(Drafted)
    def _drafted(
        self,
        *,
        code: str,
        call: UUID,
        wave: str,
        pole: UUID,
        project: UUID,
        title: str,
        applicant: Organisation,
        region: str | None,
        requested_cents: int | None,
        total_cents: int | None,
        own_cents: int | None,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.code, self.call, self.wave = code, call, wave
        self.pole, self.project, self.region = pole, project, region
        self._says(Content(title, applicant, requested_cents, total_cents, own_cents))
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)

    @event(Revised)
    def _revised(
        self,
        *,
        title: str,
        applicant: Organisation,
        requested_cents: int | None,
        total_cents: int | None,
        own_cents: int | None,
    ) -> None:
        self._says(Content(title, applicant, requested_cents, total_cents, own_cents))

    def _says(self, content: Content) -> None:
        self._contents.append(self.dated(content))


def _afford(content: Content) -> None:
    asked, total = content.requested_cents, content.total_cents
    if asked is not None and total is not None and asked > total:
        raise AsksForMoreThanItCosts(asked=euros(asked), total=euros(total))
