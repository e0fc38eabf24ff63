"""Positions on the référentiel: given item by item, and read as profiles, side by side."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.evidence import Evidence, on_file
from application.grid import grid_at, published
from application.round import RoundLine, round_at, round_line
from application.round_in_words import ROUNDS, called_round
from application.world import Moment, World
from domain.errors import Forbidden, Invalid, NotFound, Refused
from domain.evaluation import SHOWN, Evaluation, EvaluationId, RoundKind
from domain.grid import Grid, Item
from domain.pole import Pole
from domain.roles import Role
from domain.values import Frozen, Line, Prose
from domain.words import Whole

POSITION = "evaluation.position"
"""What a state grants to those who give positions, whichever command they use."""


class OneOrTheOther(Invalid):
    """An indicator has a level, or a reason for having none."""

    code = "evaluation.one_or_the_other"
    fr = (
        "« {item} » : donnez un niveau (« level ») ou dites pourquoi rien n'a été observé "
        "(« unobserved »), l'un ou l'autre."
    )
    en = "“{item}”: give a level (“level”) or say why nothing was observed (“unobserved”)."


class NothingGiven(Invalid):
    """There is nothing to record."""

    code = "evaluation.nothing"
    fr = "Aucune position n'est donnée : rien n'est à enregistrer."
    en = "No position is given: there is nothing to record."


class PositionCommand(Command):
    """Something said of indicators of one round, as long as it is open."""

    evaluation: EvaluationId = Field(description="Le tour d'évaluation.")

    @override
    def execute(self, work: Work) -> UUID:
        case = work.get(Evaluation, self.evaluation)
        case.ensure_open(work.day)
        work.allow(case, POSITION)
        self.act(work, case)
        work.save(case)
        return case.id

    @abstractmethod
    def act(self, work: Work, case: Evaluation) -> None:
        """Do it with the round."""


class PositionItem(
    PositionCommand,
    name="evaluation.position",
    says="Placer un indicateur sur l'échelle, avec un commentaire et des pièces.",
    by=(Role.POLE_REPRESENTATIVE, Role.EVALUATOR, Role.REGISTRAR),
):
    """Give an indicator a level of the scale."""

    item: Line = Field(description="L'indicateur, par son code ou son intitulé.")
    level: Whole | Line = Field(description="Niveau de l'échelle, en chiffre ou en mots : amorcé.")
    comment: Prose | None = Field(None, description="Commentaire.")
    evidence: Evidence = ()

    @override
    def act(self, work: Work, case: Evaluation) -> None:
        on_file(work, case.pole, self.evidence)
        case.position(
            self.item,
            self.level,
            grid=published(work).get(case.grid),
            day=work.day,
            comment=self.comment,
            evidence=self.evidence,
        )


class LeaveUnobserved(
    PositionCommand,
    name="evaluation.leave_unobserved",
    says="Dire qu'un indicateur n'a pas pu être observé, et pourquoi.",
    by=(Role.POLE_REPRESENTATIVE, Role.EVALUATOR, Role.REGISTRAR),
):
    """Say that an indicator could not be observed, and why."""

    item: Line = Field(description="L'indicateur, par son code ou son intitulé.")
    motive: Prose = Field(description="Pourquoi rien n'a été observé.")
    evidence: Evidence = ()

    @override
    def act(self, work: Work, case: Evaluation) -> None:
        on_file(work, case.pole, self.evidence)
        case.leave_unobserved(
            self.item,
            grid=published(work).get(case.grid),
            day=work.day,
            motive=self.motive,
            evidence=self.evidence,
        )


class Given(Frozen):
    """What is said of one indicator among several."""

    item: Line
    level: Whole | Line | None = None
    unobserved: Prose | None = None
    comment: Prose | None = None
    evidence: Evidence = ()


class FillRound(
    PositionCommand,
    name="evaluation.fill",
    says="Donner plusieurs positions d'un coup ; toutes, ou aucune si l'une est refusée.",
    by=(Role.POLE_REPRESENTATIVE, Role.EVALUATOR, Role.REGISTRAR),
):
    """Give several positions at once: all of them, or none where one is refused."""

    positions: tuple[Given, ...] = Field(
        description="Une position, à répéter, ou leur liste : item, puis level (et comment) ou "
        'unobserved ; evidence. Par exemple [{"item": "TER1a", "level": "amorcé"}].',
        max_length=200,
    )

    @override
    def act(self, work: Work, case: Evaluation) -> None:
        if not self.positions:
            raise NothingGiven
        grid = published(work).get(case.grid)
        for given in self.positions:
            on_file(work, case.pole, given.evidence)
            if (given.level is None) == (given.unobserved is None) or (
                given.unobserved is not None and given.comment is not None
            ):
                raise OneOrTheOther(item=given.item)
            if given.level is not None:
                case.position(
                    given.item,
                    given.level,
                    grid=grid,
                    day=work.day,
                    comment=given.comment,
                    evidence=given.evidence,
                )
            elif given.unobserved is not None:
                case.leave_unobserved(
                    given.item,
                    grid=grid,
                    day=work.day,
                    motive=given.unobserved,
                    evidence=given.evidence,
                )


# --- profiles -----------------------------------------------------------------------------------


class RoundNotPublished(Forbidden):
    """The positions of a round that is not published are for its authors."""

    code = "evaluation.not_published"
    fr = (
        "Ce tour n'est pas publié (étape : {stage}) : ses positions ne se lisent que par ses "
        "auteurs, en ligne de commande ou avec un jeton."
    )
    en = (
        "This round is not published (stage: {stage}): its positions are for its authors to read, "
        "on the command line or with the operator's token."
    )


class NoProfile(NotFound):
    """No round of the pole is published on the day."""

    code = "evaluation.no_profile"
    fr = "Aucun profil de ce pôle n'était publié le {day} ({kind})."
    en = "No profile of this pole was published on {day} ({kind})."


class OtherGrid(Refused):
    """Rounds on different versions are not compared."""

    code = "evaluation.other_grid"
    fr = (
        "Ces deux tours ne se comparent pas : le premier ({first}) suit le {grid}, le second "
        "({second}) suit le {other}. D'une version à l'autre, les indicateurs ne sont pas les "
        "mêmes : un écart entre les deux ne voudrait rien dire."
    )
    en = (
        "These two rounds are not compared: {first} follows the grid {grid}, {second} follows the "
        "grid {other}. From one version to the other the indicators are not the same: a gap "
        "between the two would mean nothing."
    )


class SameRound(Refused):
    """A round is compared with another one."""

    code = "evaluation.same_round"
    fr = "Un tour ne se compare pas à lui-même ({round}) : nommez deux tours différents."
    en = "A round is not compared with itself ({round}): name two different ones."


class PositionLine(Frozen):
    """What a round says of one indicator; without a level, it was not observed, or not yet."""

    code: str
    title: str
    source: str
    level: int | None = None
    level_title: str | None = None
    unobserved: str | None = None
    """The reason, where it was not observed."""
    comment: str | None = None
    evidence: tuple[UUID, ...] = ()

    @property
    def words(self) -> str:
        """The position in a few words."""
        if self.level is not None:
            return f"{self.level} – {self.level_title}"
        return "non observé" if self.unobserved else "pas encore renseigné"


class ObjectivePositions(Frozen):
    """A principal objective, with what is said of its indicators."""

    code: str
    title: str
    items: tuple[PositionLine, ...]


class BranchLine(Frozen):
    """A general objective."""

    code: str
    title: str
    objectives: tuple[ObjectivePositions, ...]


class LevelLine(Frozen):
    value: int
    title: str


class Profile(Frozen):
    """The positions of a round on a day: no sum, no mean, no verdict."""

    round: RoundLine
    scale: tuple[LevelLine, ...]
    branches: tuple[BranchLine, ...]

    @property
    def items(self) -> tuple[PositionLine, ...]:
        return tuple(i for b in self.branches for o in b.objectives for i in o.items)


class PairLine(Frozen):
    """One indicator in two rounds, side by side."""

    code: str
    title: str
    first: str
    second: str
    same: bool


class Comparison(Frozen):
    """Two rounds on the same version of the référentiel, side by side."""

    first: Profile
    second: Profile
    pairs: tuple[PairLine, ...]


def profile_of(world: World, id_: UUID, moment: Moment, *, author: bool) -> Profile:
    """The positions of a round, as they were on a day.

    Args:
        author: whether who asks may read what is not published.
    """
    found = round_at(world, id_, moment)
    line = round_line(world, found, moment)
    if line.stage not in SHOWN and not author:
        raise RoundNotPublished(stage=line.stage_title, roles="")
    grid = grid_at(world, found.grid, moment)
    return Profile(
        round=line,
        scale=tuple(LevelLine(value=one.value, title=one.title.fr) for one in grid.scale),
        branches=tuple(_branches(grid, found, moment.in_force)),
    )


def _branches(grid: Grid, found: Evaluation, day: date) -> Iterator[BranchLine]:
    for branch in grid.tree:
        yield BranchLine(
            code=branch.code,
            title=branch.title.fr,
            objectives=tuple(
                ObjectivePositions(
                    code=objective.code,
                    title=objective.title.fr,
                    items=tuple(_position(grid, found, item, day) for item in objective.items),
                )
                for objective in branch.objectives
            ),
        )


def _position(grid: Grid, found: Evaluation, item: Item, day: date) -> PositionLine:
    about = {"code": item.code, "title": item.title.fr, "source": item.source}
    said = found.position_on(item.code, day)
    if said is None:
        return PositionLine(**about)
    if said.level is None:
        return PositionLine(unobserved=said.words, evidence=said.evidence, **about)
    return PositionLine(
        level=said.level,
        level_title=grid.levels[said.level].title.fr,
        comment=said.words,
        evidence=said.evidence,
        **about,
    )


def profile_on(world: World, pole_id: UUID, kind: RoundKind, moment: Moment) -> Profile:
    """The profile of a pole on a day: that of its last round published by then, and still so."""
    pole = world.load(Pole, pole_id, moment.known)
    if pole is None:
        raise NotFound(name=pole_id)
    found: list[tuple[date, int, UUID]] = []
    for id_, concept in pole.attached.items():
        made = world.load(Evaluation, id_, moment.known) if concept == "evaluation" else None
        place = made.published_on(moment.in_force) if made else None
        if made and place and made.round_kind is kind:
            found.append((place[0], len(found), made.id))
    if not found:
        raise NoProfile(day=moment.in_force, kind=ROUNDS[kind])
    return profile_of(world, max(found)[2], moment, author=False)


def comparison(
    world: World, first: UUID, second: UUID, moment: Moment, *, author: bool
) -> Comparison:
    """Two rounds side by side, on the same version of the référentiel only."""
    one, other = round_at(world, first, moment), round_at(world, second, moment)
    if one.id == other.id:
        raise SameRound(round=called_round(one))
    if one.grid != other.grid:
        a, b = round_line(world, one, moment), round_line(world, other, moment)
        raise OtherGrid(first=a.title, grid=a.grid_words, second=b.title, other=b.grid_words)
    left = profile_of(world, first, moment, author=author)
    right = profile_of(world, second, moment, author=author)
    return Comparison(
        first=left,
        second=right,
        pairs=tuple(
            PairLine(
                code=a.code, title=a.title, first=a.words, second=b.words, same=a.level == b.level
            )
            for a, b in zip(left.items, right.items, strict=True)
        ),
    )
