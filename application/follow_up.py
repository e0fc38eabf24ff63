"""Follow-up committees: constitute, meet, follow the third-party evaluation, dissolve."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.correction import Statement
from application.establishment import must_be_open
from application.momentary import Momentary
from application.moving import Moving
from application.offices import MIGRATORS
from application.wording import FACTS, WORDS
from domain.document import Document
from domain.errors import Forbidden, Refused
from domain.evaluation import Evaluation, EvaluationId, RoundKind
from domain.follow_up import FollowUp, FollowUpId
from domain.follow_up_facts import FunderSeat, RecommendationOutcome, RecommendationStanding
from domain.follow_up_refusals import FollowUpStands
from domain.followed import STANDING
from domain.identifiers import Siret
from domain.journey import JourneyRef
from domain.organisation import Organisation
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.values import Line, Prose
from domain.words import Id, Name, Whole

CONCEPT = "follow_up"
"""What a pole calls what is attached to it, and the id of the journey."""

WORDS[FunderSeat] = {
    FunderSeat.MINISTRY: "ministère qui finance le pôle",
    FunderSeat.CAISSE_DES_DEPOTS: "Caisse des dépôts",
    FunderSeat.OTHER_FUNDER: "autre financeur",
}
SETTLED: Mapping[str, str] = {
    RecommendationStanding.OPEN: "à suivre",
    RecommendationStanding.FOLLOWED: "suivie",
    RecommendationStanding.PARTLY: "suivie en partie",
    RecommendationStanding.NOT_FOLLOWED: "non suivie",
}
WORDS[RecommendationStanding] = SETTLED
WORDS[RecommendationOutcome] = {outcome: SETTLED[outcome] for outcome in RecommendationOutcome}

FOLLOW_UP_STAGES: Mapping[str, str] = {STANDING: "constitué", "dissolved": "dissous"}
"""What lists call the stages of the journey that ships."""

FACTS |= {
    "meetings.this_year": "réunions de l'année civile",
    "meetings.missed_years": "années finies sans deux réunions",
    "meetings.counted_from": "début de la première année à laquelle il manque une réunion",
    "members.count": "financeurs qui siègent",
    "evaluation.planned": "évaluations par un tiers attendues",
    "evaluation.received": "évaluations par un tiers reçues",
    "evaluation.period_ended": "fin de la première période dont l'évaluation est attendue",
    "recommendations.open": "recommandations à suivre",
    "commitments.open": "engagements financiers en cours",
}

CONSTITUTERS = (
    Role.SECRETARY,
    Role.FUNDER,
    Role.COORDINATOR,
    Role.REGIONAL_COORDINATOR,
    Role.REGISTRAR,
)
"""Who constitutes the committee of a pole (product rule)."""


class NotAConstituter(Forbidden):
    """The committee of a pole is that of those who fund it."""

    code = "follow_up.role"
    fr = "Constituer un comité de suivi demande un autre rôle : {roles}."
    en = "Constituting a follow-up committee needs another role: {roles}."


class NoRoundOfThePole(Refused):
    """The evaluation that a committee awaits is one of its pole, by a third party."""

    code = "follow_up.round"
    fr = "Le tour {code} n'est pas une évaluation de ce pôle par un tiers."
    en = "The round {code} is no evaluation of this pole by a third party."


class RoundNotSubmitted(Refused):
    """A report is received once its positions were submitted."""

    code = "follow_up.round_not_submitted"
    fr = "Le tour {code} n'a pas encore été soumis par l'évaluateur le {day}."
    en = "The round {code} had not been submitted by the evaluator on {day}."


class NoMinutesOfThePole(Refused):
    """Minutes are on file with the pole."""

    code = "follow_up.minutes"
    fr = "Ce document n'est pas de ceux de ce pôle : versez-le d'abord pour lui."
    en = "This document is not one of this pole: file it for the pole first."


class ConstituteFollowUp(
    Momentary,
    Statement,
    name="follow_up.constitute",
    says="Enregistrer la constitution du comité de suivi d'un pôle.",
    by=CONSTITUTERS,
    refused=NotAConstituter,
):
    """Constitute the follow-up committee of a pole; there is one at a time."""

    pole: PoleId = Field(description="Le pôle.")
    local: bool = Field(False, description="À dire si le comité est local.")
    journey: JourneyRef | None = Field(None, description="Version du parcours, si elle est connue.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        pole.live_on(work.day)
        code = self._free_code(work, pole)
        journey = self.journey or work.rulebook().in_force(CONCEPT, work.day)
        work.rulebook().admit(journey, work.day)
        compiled = work.compiled(journey)
        made = FollowUp.constitute(
            pole=self.pole,
            code=code,
            local=self.local,
            journey=journey,
            stage=compiled.journey.initial,
            occurred_on=work.occurred_on,
            variables=work.admit(FollowUp.new(), compiled),
        )
        pole.attach(CONCEPT, made.id, is_news=False)
        work.save(made, pole)
        return made.id

    def _free_code(self, work: Work, pole: Pole) -> str:
        """The code of the next one; refused as long as one stands."""
        others = [work.get(FollowUp, id_) for id_ in follow_ups_of(pole)]
        for other in others:
            if other.main.states.last.value == STANDING:
                raise FollowUpStands(code=other.code)
        return f"{pole.code}-suivi" + (f"-{len(others) + 1}" if others else "")


def follow_ups_of(pole: Pole) -> list[UUID]:
    """The follow-up committees of a pole, in the order in which they were constituted."""
    return [id_ for id_, concept in pole.attached.items() if concept == CONCEPT]


class FollowUpCommand(Momentary):
    """Something that a follow-up committee does."""

    follow_up: FollowUpId = Field(description="Le comité de suivi.")

    @override
    def execute(self, work: Work) -> UUID:
        case = work.get(FollowUp, self.follow_up)
        work.allow(case, self.NAME)
        answer = self.act(work, case)
        work.save(case)
        return answer or case.id

    @abstractmethod
    def act(self, work: Work, case: FollowUp) -> UUID | None:
        """Do it; give what it made, if that is not the committee."""


class SeatFunder(
    FollowUpCommand,
    Statement,
    name="follow_up.add_member",
    says="Enregistrer qu'un financeur siège au comité de suivi.",
    by=CONSTITUTERS,
):
    """Record that a funder sits on it, through an office."""

    organisation: Line = Field(description="Le financeur.")
    siret: Siret | None = Field(None, description="Son SIRET, s'il est connu.")
    seat: FunderSeat = Field(
        description="À quel titre il siège : ministry, caisse_des_depots ou other_funder."
    )
    office: Line = Field(description="Par quelle fonction : aucune personne n'est nommée.")

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        must_be_open(work, self.siret, work.day)
        reason = None if self.siret else "SIRET non donné"
        organisation = Organisation(name=self.organisation, siret=self.siret, reason_without=reason)
        case.seat(organisation, seat=self.seat, office=self.office, day=work.day)


class UnseatFunder(
    FollowUpCommand,
    Statement,
    name="follow_up.remove_member",
    says="Enregistrer qu'un financeur ne siège plus au comité de suivi.",
    by=CONSTITUTERS,
):
    """Record that a funder sits on it no longer."""

    organisation: Line = Field(description="Le financeur : son nom, ou son SIRET.")
    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        case.let_leave(self.organisation, motive=self.motive, day=work.day)


class RecordMeeting(
    FollowUpCommand,
    Statement,
    name="follow_up.record_meeting",
    says="Enregistrer une réunion du comité de suivi, au jour où elle s'est tenue.",
    by=CONSTITUTERS,
):
    """Record a meeting that took place; its minutes may follow."""

    present: tuple[Line, ...] = Field(
        description="Les organisations présentes, une au moins ; aucune personne n'est nommée.",
        min_length=1,
        max_length=100,
        json_schema_extra={"each": "present"},
    )
    minutes: UUID | None = Field(
        None, description="Le compte rendu, s'il est parmi les documents du pôle."
    )
    conclusions: Prose | None = Field(
        None, description="Ce qui a été conclu, sans nommer de personne."
    )

    @override
    def act(self, work: Work, case: FollowUp) -> UUID:
        _on_file(work, case, self.minutes)
        return case.meet(
            present=tuple(dict.fromkeys(self.present)),
            minutes=self.minutes,
            conclusions=self.conclusions,
            occurred_on=work.occurred_on,
        )


def _on_file(work: Work, case: FollowUp, document: UUID | None) -> None:
    """Refuse a document that is not of the pole, or that was erased."""
    if document is None:
        return
    found = work.get(Document, document)
    if found.pole != case.pole or found.is_erased:
        raise NoMinutesOfThePole


class FileMinutes(
    FollowUpCommand,
    Statement,
    name="follow_up.file_minutes",
    says="Joindre le compte rendu d'une réunion du comité de suivi.",
    by=CONSTITUTERS,
):
    """Say which document is the minutes of a meeting."""

    held_on: date = Field(description="Le jour de la réunion.")
    minutes: UUID = Field(description="Le compte rendu, parmi les documents du pôle (identifiant).")

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        _on_file(work, case, self.minutes)
        case.file_minutes(self.held_on, self.minutes)


class WithdrawMeeting(
    FollowUpCommand,
    name="follow_up.withdraw_meeting",
    says="Retirer une réunion du comité de suivi, enregistrée par erreur.",
    by=(Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.SECRETARY, Role.REGISTRAR),
):
    """Take back a meeting that did not take place."""

    held_on: date = Field(description="Le jour de la réunion.")
    motive: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        case.withdraw_meeting(self.held_on, motive=self.motive)


class PlanFollowedEvaluation(
    FollowUpCommand,
    Statement,
    name="follow_up.plan_evaluation",
    says="Prévoir l'évaluation par un tiers au terme d'une période, et dire qui la paie.",
    by=CONSTITUTERS,
):
    """Await the evaluation of a period by a third party."""

    name: Name = Field(description="Un nom court : periode_2024.")
    period_ends: date = Field(description="Le terme de la période.")
    paid_by: Line = Field(description="Qui la paie, selon la convention.")
    evaluation: EvaluationId | None = Field(
        None, description="Le tour d'évaluation, s'il est déjà prévu."
    )

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        _round_of(work, case, self.evaluation)
        case.plan_evaluation(
            self.name,
            period_ends=self.period_ends,
            paid_by=self.paid_by,
            evaluation=self.evaluation,
            day=work.day,
        )


def _round_of(work: Work, case: FollowUp, id_: UUID | None) -> Evaluation | None:
    """A round by its identity; refused where it is no evaluation of the pole by a third party."""
    found = work.get(Evaluation, id_) if id_ else None
    if found and (found.pole != case.pole or found.round_kind is not RoundKind.THIRD_PARTY):
        raise NoRoundOfThePole(code=found.code)
    return found


class ReceiveEvaluation(
    FollowUpCommand,
    Statement,
    name="follow_up.receive_evaluation",
    says="Enregistrer la réception d'une évaluation par un tiers.",
    by=CONSTITUTERS,
):
    """Record that the report of an evaluation was received; its round, if any, was submitted."""

    name: Name = Field(description="Le nom court sous lequel elle est prévue.")
    evaluation: EvaluationId | None = Field(None, description="Le tour d'évaluation.")
    document: UUID | None = Field(
        None, description="Le rapport, s'il est parmi les documents du pôle."
    )

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        _on_file(work, case, self.document)
        awaited = case.evaluation_on(self.name, work.day)
        found = _round_of(work, case, self.evaluation or awaited.evaluation)
        if found and found.state_on(work.day) in (None, *NOT_SUBMITTED):
            raise RoundNotSubmitted(code=found.code, day=work.day)
        case.receive_evaluation(
            self.name, evaluation=self.evaluation, document=self.document, day=work.day
        )


NOT_SUBMITTED = ("planned", "open", "abandoned")
"""The states of a round in which its report cannot have been received."""


class NoteRecommendation(
    FollowUpCommand,
    Statement,
    name="follow_up.note_recommendation",
    says="Noter une recommandation d'une évaluation reçue, à suivre une par une.",
    by=CONSTITUTERS,
):
    """Note what an evaluation recommends; it gets a number."""

    name: Name = Field(description="Le nom court de l'évaluation.")
    words: Prose = Field(description="La recommandation.")

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        case.note_recommendation(self.name, words=self.words, day=work.day)


class SettleRecommendation(
    FollowUpCommand,
    Statement,
    name="follow_up.settle_recommendation",
    says="Dire ce qu'il est advenu d'une recommandation.",
    by=CONSTITUTERS,
):
    """Say what became of a recommendation, and why."""

    number: Whole = Field(description="Le numéro de la recommandation.", ge=1)
    outcome: RecommendationOutcome = Field(
        description="Ce qu'il en est : followed, partly ou not_followed."
    )
    answer: Prose = Field(description="Ce qui a été fait, ou pourquoi rien ne l'a été.")

    @override
    def act(self, work: Work, case: FollowUp) -> None:
        case.settle_recommendation(
            self.number, outcome=self.outcome, answer=self.answer, day=work.day
        )


class MoveFollowUp(
    Moving,
    FollowUpCommand,
    name="follow_up.move",
    says="Franchir une étape du parcours d'un comité de suivi : sa dissolution.",
    by=CONSTITUTERS,
):
    """Take a step of its journey."""

    transition: Id = Field(description="Le passage à franchir, par son code : dissolve.")


class MigrateFollowUp(
    Command,
    name="follow_up.migrate",
    says="Faire suivre à un comité de suivi une autre version de son parcours.",
    by=MIGRATORS,
):
    """Bring a committee to another version of its journey, on the record."""

    follow_up: FollowUpId = Field(description="Le comité de suivi.")
    to: JourneyRef = Field(description="La version à suivre.")

    @override
    def execute(self, work: Work) -> UUID:
        case = work.get(FollowUp, self.follow_up)
        work.allow(case, self.NAME)
        case.migrate(work.compiled(self.to).journey, occurred_on=work.occurred_on)
        work.save(case)
        return case.id
