"""Evaluation rounds: plan, position, submit, validate, publish, and list them."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.correction import Statement
from application.grid import grids_in_words, published
from application.handlers import HANDLERS
from application.listing import Listed, Listing, listing
from application.moving import Migrating, Moving
from application.offices import MIGRATORS, PART_TAKERS
from application.round_in_words import ROUNDS, SHORT, grid_in_words, round_in_words
from application.stages import stages_of
from application.wording import FACTS, WORDS, tells
from application.world import World
from domain.case import Case
from domain.dates import PartialDate
from domain.errors import Invalid, Refused
from domain.evaluation import (
    PUBLISHED,
    Evaluation,
    EvaluationId,
    RoundKind,
)
from domain.grid import GridKind, GridRef
from domain.identifiers import Siren
from domain.journey import JourneyRef
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.provenance import AccountId
from domain.roles import Role
from domain.values import Line, Personal, Prose
from domain.words import Id
from domain.workflow import Step

WORDS[RoundKind] = ROUNDS

PLANNERS = (
    *(Role.POLE_REPRESENTATIVE, Role.COORDINATOR, Role.REGIONAL_COORDINATOR),
    *(Role.FUNDER, Role.REGISTRAR),
)
"""Who plans a round, and says who evaluates and who funds."""

STATES: Mapping[str, str] = {
    "planned": "prévu",
    "open": "ouvert",
    "submitted": "soumis",
    "in_review": "en relecture",
    "validated": "validé",
    "published": "publié",
    "superseded": "remplacé",
    "abandoned": "abandonné",
}
"""What lists call the stages of the journeys that ship; another one is called by its identifier."""

OF_THIRD_PARTIES: Mapping[str, str] = {
    "planned": "prévue",
    "open": "ouverte",
    "submitted": "soumise",
    "validated": "validée",
    "published": "publiée",
    "superseded": "remplacée",
    "abandoned": "abandonnée",
}
"""The same of an evaluation, which is feminine: an auto-positionnement is not."""


def stage_called(kind: RoundKind | str, stage: str) -> str:
    """What lists call a stage of a round of a kind."""
    own = OF_THIRD_PARTIES if kind == RoundKind.THIRD_PARTY else {}
    return own.get(stage) or STATES.get(stage, stage)


FACTS |= {
    "items.total": "indicateurs",
    "items.answered": "indicateurs renseignés",
    "validators.count": "parties qui ont validé (une personne compte une fois)",
    "validators.independent": "dont autres que qui a soumis et que l'évaluateur",
    "evaluator.named": "évaluateur désigné",
    "evaluator.is_member": "l'évaluateur est membre du pôle",
    "evaluator.is_carrier": "l'évaluateur porte le pôle",
    "evaluator.is_funder": "l'évaluateur finance le pôle",
    "evaluator.independent": "l'évaluateur est extérieur au pôle",
}


class NoRoundInItsPlace(Refused):
    """A round is superseded by another of the same pole and kind."""

    code = "evaluation.successor"
    fr = "Le tour qui remplace celui-ci doit être du même pôle et de la même nature."
    en = "The round that supersedes this one must be of the same pole and kind."


class NotItsJourney(Invalid):
    """Each kind of round has its own journey."""

    code = "evaluation.journey"
    fr = "Le parcours {journey} n'est pas celui d'un tour de cette nature ({kind})."
    en = "The journey {journey} is not that of a round of this kind ({kind})."


class PlannedThatDay(Refused):
    """Two rounds alike, planned on one day, are one that was entered twice (product rule).

    That is: of one kind, on one grid, the first of which is still at its beginning.
    """

    code = "evaluation.planned_twice"
    fr = (
        "Un tour de cette nature est déjà prévu ce jour-là pour ce pôle ({code}) : "
        "travaillez sur celui-ci, ou abandonnez-le avant d'en prévoir un autre."
    )
    en = (
        "A round of this kind is already planned that day for this pole ({code}): "
        "work on that one, or abandon it before planning another."
    )


class PlanRound(
    Statement, name="evaluation.plan", says="Prévoir un tour d'évaluation d'un pôle.", by=PLANNERS
):
    """Plan a round; the version of the référentiel is frozen with it."""

    pole: PoleId = Field(description="Le pôle.")
    round_kind: RoundKind = Field(description="Auto-positionnement, ou évaluation par un tiers.")
    grid: GridRef | None = Field(
        None,
        description="La version du référentiel, par son code : referentiel@placeholder-2026-11 "
        "(« jalon grid list » les donne) ; celle en usage sinon.",
    )
    journey: JourneyRef | None = Field(None, description="Version du parcours, si elle est connue.")

    @override
    def execute(self, work: Work) -> UUID:
        pole = work.get(Pole, self.pole)
        work.allow(pole, self.NAME)
        grids = published(work)
        grid = grids.get(self.grid) if self.grid else grids.current(GridKind.REFERENTIEL, work.day)
        journey = self.journey or work.rulebook().in_force(self.round_kind.value, work.day)
        work.rulebook().admit(journey, work.day)
        compiled = work.compiled(journey)
        if compiled.journey.id != self.round_kind:
            raise NotItsJourney(journey=journey, kind=ROUNDS[self.round_kind])
        self._only_one(work, pole, grid.ref)
        before = work.redoes(Evaluation.Planned)
        made = Evaluation.plan(
            pole=self.pole,
            code=before.code if before else self._code(work, pole),
            round_kind=self.round_kind,
            grid=grid,
            journey=journey,
            stage=compiled.journey.initial,
            occurred_on=work.occurred_on,
            variables=work.admit(Evaluation.new(), compiled),
        )
        pole.attach("evaluation", made.id, is_news=True)
        work.save(made, pole)
        return made.id

    def _only_one(self, work: Work, pole: Pole, grid: str) -> None:
        for id_ in rounds_of(pole):
            other = work.get(Evaluation, id_)
            alike = (
                other.round_kind,
                other.grid,
                other.main.states[0].since,
                len(other.main.states),
            )
            if alike == (self.round_kind, grid, work.day, 1):
                raise PlannedThatDay(code=other.code)

    def _code(self, work: Work, pole: Pole) -> str:
        """With the next number among the rounds of its kind; no two of a pole have the same."""
        known = (work.get(Evaluation, id_) for id_ in rounds_of(pole))
        told = (one.number for one in known if one.round_kind is self.round_kind)
        return f"{pole.code}-{SHORT[self.round_kind]}-{max(told, default=0) + 1}"


def rounds_of(pole: Pole) -> list[UUID]:
    """The evaluation rounds of a pole, in the order in which they were planned."""
    return [id_ for id_, concept in pole.attached.items() if concept == "evaluation"]


class EvaluationCommand(Command):
    """Something done with one round."""

    evaluation: EvaluationId = Field(description="Le tour d'évaluation.")

    @override
    def execute(self, work: Work) -> UUID:
        case = work.get(Evaluation, self.evaluation)
        work.allow(case, self.NAME)
        answer = self.act(work, case)
        work.save(case)
        return answer or case.id

    @abstractmethod
    def act(self, work: Work, case: Evaluation) -> UUID | None:
        """Do it with the round; give what it made, if that is not the round."""


class MoveRound(
    Moving,
    EvaluationCommand,
    name="evaluation.move",
    says="Franchir une étape du parcours d'un tour d'évaluation.",
    by=PART_TAKERS,
):
    """Take a step of the journey of a round."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : open, submit, publish… Un code inconnu "
        "est refusé en nommant ceux du parcours."
    )


class DesignateEvaluator(
    EvaluationCommand,
    Statement,
    name="evaluation.designate_evaluator",
    says="Désigner qui évalue le pôle ; le nom d'une personne est scellé.",
    by=PLANNERS,
):
    """Designate who evaluates; the ties to the pole are looked at when the round opens."""

    name: Line | None = Field(None, description="Nom de l'organisation qui évalue.")
    person: Personal | None = Field(None, description="Nom de la personne qui évalue (scellé).")
    siren: Siren | None = Field(None, description="SIREN de l'organisation.")
    account: AccountId | None = Field(None, description="Le compte de qui évalue, s'il en a un.")
    declared_unrelated: bool = Field(
        False, description="L'évaluateur déclare n'être ni membre, ni financeur, ni porteur."
    )

    @override
    def act(self, work: Work, case: Evaluation) -> None:
        sealed = None
        if self.person:
            sealed = work.seal(
                self.person,
                event=Evaluation.EvaluatorDesignated,
                field="person",
                subject=uuid4(),
            )
        case.designate_evaluator(
            name=self.name,
            person=sealed,
            siren=self.siren,
            account=self.account,
            declared_unrelated=self.declared_unrelated,
        )


class DeclareFunders(
    EvaluationCommand,
    Statement,
    name="evaluation.declare_funders",
    says="Déclarer qui finance le pôle, pour dire si l'évaluateur en est.",
    by=PLANNERS,
):
    """Declare who funds the pole. Product rule: until commitments are recorded, and tell it."""

    funders: tuple[Line, ...] = Field(
        description="Les financeurs du pôle ; une liste vide s'il n'en a aucun.",
        max_length=200,
        json_schema_extra={"each": "funder"},
    )

    @override
    def act(self, work: Work, case: Evaluation) -> None:
        case.declare_funders(self.funders)


class ValidateRound(
    EvaluationCommand,
    name="evaluation.validate",
    says="Valider les positions d'un tour, en son nom ou sous mandat.",
    by=(
        Role.POLE_REPRESENTATIVE,
        Role.MEMBER_ORGANISATION,
        Role.COORDINATOR,
        Role.COMMITTEE_MEMBER,
        Role.FUNDER,
    ),
):
    """Validate the positions as they stand; it counts as long as none changes."""

    remark: Prose | None = Field(None, description="Remarque.")

    @override
    def act(self, work: Work, case: Evaluation) -> None:
        party, holder = work.party
        case.validate(party=party, holder=holder, remark=self.remark, day=work.day)


class MigrateRound(
    Migrating,
    EvaluationCommand,
    name="evaluation.migrate",
    says="Faire suivre à un tour une autre version de son parcours.",
    by=MIGRATORS,
):
    """Bring a round to another version of its journey, on the record."""


# --- what happens around a step -----------------------------------------------------------------


@HANDLERS.register("sign_submission")
def sign_submission(work: Work, case: Case, step: Step) -> None:
    """Remember which party submitted the positions."""
    if isinstance(case, Evaluation):
        party, holder = work.party
        case.sign(party=party, holder=holder)


@HANDLERS.register("supersede_previous")
def supersede_previous(work: Work, case: Case, step: Step) -> None:
    """Let a publication take the place of the one before it, of the same pole and kind.

    Where one of a later day is recorded already, it takes the place of this one, on that day; and
    what it already took the place of then is left so: of what stands published on a day, the
    latest publication is the profile.
    """
    if not isinstance(case, Evaluation):
        return
    later: list[tuple[date, Evaluation]] = []
    for other in _others(work, case):
        if other.main.states.last.value == PUBLISHED and other.published_on(work.day):
            work.take(other, "supersede", successor=str(case.id))
            work.save(other)
            continue
        later += [
            (stay.since, other)
            for stay in other.main.states
            if stay.value == PUBLISHED and stay.since > work.day
        ]
    if later:
        since, successor = min(later, key=lambda found: found[0])
        with work.dated(PartialDate.on(since)):
            work.take(case, "supersede", successor=str(successor.id))


def _others(work: Work, case: Evaluation) -> list[Evaluation]:
    pole = work.get(Pole, case.pole)
    rounds = [work.get(Evaluation, id_) for id_ in rounds_of(pole) if id_ != case.id]
    return [other for other in rounds if other.round_kind is case.round_kind]


@HANDLERS.register("name_successor")
def name_successor(work: Work, case: Case, step: Step) -> None:
    """Refuse a successor that is not another round of the same pole and kind."""
    named = step.input.get("successor")
    if isinstance(case, Evaluation) and isinstance(named, str):
        other = work.get(Evaluation, UUID(named))
        if (other.pole, other.round_kind) != (case.pole, case.round_kind) or other.id == case.id:
            raise NoRoundInItsPlace


# --- the list -----------------------------------------------------------------------------------


class EvaluationListed(Listed):
    """A round as lists show it. It has no figure: a profile is read item by item."""

    title: str = Field(title="Tour")
    code: str = Field(title="Code")
    round_kind: RoundKind = Field(title="Nature")
    stage: str = Field(title="Étape")
    stage_title: str = Field(title="Étape")
    stage_on: PartialDate = Field(title="À cette étape depuis")
    stage_since: date
    grid: str = Field(title="Grille")
    placeholder: bool = Field(title="Grille provisoire")
    notice: str | None = Field(None, title="À savoir")
    evaluator: str | None = Field(None, title="Évaluateur")
    journey: str = Field(title="Règles")
    journey_since: date


def with_its_stage(_: World, line: EvaluationListed) -> EvaluationListed:
    """Say the stage of a line as the kind of its round wants it."""
    return line.model_copy(update={"stage_title": stage_called(line.round_kind, line.stage)})


EVALUATIONS = listing(
    Listing(
        name="evaluation",
        line=EvaluationListed,
        title="Évaluations",
        says="Les tours d'évaluation des pôles : auto-positionnements et évaluations par un tiers. "
        "Un tour est un miroir, jamais un seuil : il ne donne ni note, ni rang, ni verdict.",
        path="/evaluations",
        columns=(
            *("pole_name", "title", "stage_title", "stage_on"),
            *("grid", "evaluator", "code"),
        ),
        filters=("round_kind", "stage"),
        words={"stage": stages_of(frozenset(RoundKind), STATES), "grid": grids_in_words},
        complete=with_its_stage,
        detail=("title", "/evaluations/"),
        above="notice",
        empty="Aucun tour d'évaluation n'est enregistré.",
        thing="Tour d'évaluation",
        begun_by="evaluation.plan",
    )
)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    """Rounds in words. Levels are not told: a profile is read once it is published."""
    match event:
        case Evaluation.Planned(
            code=code, round_kind=kind, grid=grid, placeholder=placeholder, occurred_on=day
        ):
            named = round_in_words(kind, code, day)
            on = grid_in_words(grid, placeholder=placeholder)
            return "Tour d'évaluation prévu", f"{named}, sur le {on}"
        case Evaluation.EvaluatorDesignated(name=name):
            return "Évaluateur désigné", name or "une personne, dont le nom est scellé"
        case Evaluation.FundersDeclared(funders=funders):
            return "Financeurs déclarés", ", ".join(funders) or "aucun"
        case Evaluation.Positioned(item=item):
            return "Indicateur renseigné", item
        case Evaluation.LeftUnobserved(item=item):
            return "Indicateur non observé", f"{item}, avec la raison"
        case Evaluation.Signed():
            return "Positions soumises", "qui les soumet en répond"
        case Evaluation.Validated(remark=remark):
            return "Positions validées", remark or "par une partie distincte"
        case _:
            return None
