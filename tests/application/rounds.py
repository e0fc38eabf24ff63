"""Evaluation rounds in a registry: a pole, its representative, who evaluates, who validates."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from application.command import By, Command
from application.evaluation import (
    DeclareFunders,
    DesignateEvaluator,
    MoveRound,
    PlanRound,
    ValidateRound,
)
from application.grid import PublishGrid
from application.member import AddMember
from application.pole import DesignateCarrier, RegisterPole
from application.positioning import FillRound, Given
from application.world import Moment
from domain.dates import PartialDate
from domain.evaluation import Evaluation, EvaluationId, RoundKind
from domain.grid import Grid, GridStatus
from domain.membership import MemberKind
from domain.pole import PoleId
from domain.provenance import AccountId
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from infrastructure.reference import shipped_grids
from tests import make

SELF, THIRD = RoundKind.SELF_POSITIONING, RoundKind.THIRD_PARTY
REPRESENTATIVE, MEMBER = Role.POLE_REPRESENTATIVE, Role.MEMBER_ORGANISATION


def person(number: int, role: Role = MEMBER) -> By:
    """One of many persons."""
    return By(actor=AccountId(UUID(int=number)), role=role)


@contextmanager
def registry(folder: Path, clock: make.Clock | None = None) -> Iterator[Registry]:
    """A registry with every journey and grid that ships."""
    with make.registry(folder, clock=clock, also=make.every_other()) as made:
        for grid in shipped_grids():
            made.do(PublishGrid(grid=grid), make.by(Role.ADMINISTRATOR))
        yield made


def placeholder() -> Grid:
    """The référentiel that ships, in words of our own."""
    return next(grid for grid in shipped_grids() if grid.id == "referentiel")


def official(version: str = "3.7-essai") -> Grid:
    """A référentiel of another version, plainly made up."""
    return placeholder().model_copy(update={"version": version, "status": GridStatus.OFFICIAL})


def do(registry: Registry, command: Command, by: By | None = None, on: str = "2024-06-03") -> UUID:
    dated = command.model_copy(update={"occurred_on": PartialDate(on)})
    return registry.do(dated, by or make.by()).answer


def pole(registry: Registry, name: str = "Pôle d'essai") -> PoleId:
    return PoleId(do(registry, RegisterPole(name=name), on="2022-01-01"))


def plan(
    registry: Registry,
    pole: PoleId,
    kind: RoundKind = SELF,
    on: str = "2024-06-03",
    **more: Any,
) -> EvaluationId:
    return EvaluationId(do(registry, PlanRound(pole=pole, round_kind=kind, **more), on=on))


def move(
    registry: Registry,
    round_: EvaluationId,
    transition: str,
    by: By | None = None,
    on: str = "2024-06-03",
    **given: Any,
) -> UUID:
    command = MoveRound(evaluation=round_, transition=transition, input=given)
    return do(registry, command, by, on)


def answers(levels: Mapping[str, int | None] | None = None, default: int = 2) -> tuple[Given, ...]:
    """A position on every indicator; `None` where it was not observed."""
    levels = levels or {}
    return tuple(
        Given(item=code, unobserved="aucun accès aux comptes")
        if levels.get(code, default) is None
        else Given(item=code, level=levels.get(code, default))
        for code in placeholder().items
    )


def fill(
    registry: Registry,
    round_: EvaluationId,
    levels: Mapping[str, int | None] | None = None,
    on: str = "2024-06-03",
    default: int = 2,
) -> None:
    do(registry, FillRound(evaluation=round_, positions=answers(levels, default)), on=on)


def validate(registry: Registry, round_: EvaluationId, by: By, on: str = "2024-06-03") -> None:
    do(registry, ValidateRound(evaluation=round_), by, on)


def published(
    registry: Registry,
    pole: PoleId,
    on: str = "2024-06-03",
    levels: Mapping[str, int | None] | None = None,
    **more: Any,
) -> EvaluationId:
    """A self-positioning, from its plan to its publication, in one day."""
    round_ = plan(registry, pole, on=on, **more)
    move(registry, round_, "open", on=on)
    fill(registry, round_, levels, on=on)
    move(registry, round_, "submit", person(9, REPRESENTATIVE), on)
    move(registry, round_, "review", on=on)
    for number in (1, 2):
        validate(registry, round_, person(number), on)
    move(registry, round_, "validate", on=on)
    move(registry, round_, "publish", on=on, agreed=True)
    return round_


def third_party(
    registry: Registry, pole: PoleId, name: str = "Cabinet d'essai", **more: Any
) -> EvaluationId:
    """A third-party round with an evaluator and no declared funder."""
    round_ = plan(registry, pole, THIRD)
    do(registry, DesignateEvaluator(evaluation=round_, name=name, **more))
    do(registry, DeclareFunders(evaluation=round_, funders=()))
    return round_


def join(registry: Registry, pole: PoleId, name: str, **more: Any) -> None:
    kind = MemberKind.ESS_ENTERPRISE
    do(registry, AddMember(pole=pole, member_kind=kind, name=name, **more))


def carry(registry: Registry, pole: PoleId, name: str) -> None:
    do(registry, DesignateCarrier(pole=pole, name=name))


def load(registry: Registry, round_: UUID) -> Evaluation:
    found = registry.load(Evaluation, round_)
    assert found
    return found


def at(registry: Registry, day: str = "2024-06-03", known: int | None = None) -> Moment:
    return Moment(known=known or registry.journal.size(), in_force=make.day(day))
