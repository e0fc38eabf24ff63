"""Who may read the positions of a round that is not published: whoever has a part in it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from application.command import By
from application.positioning import POSITION
from application.private_reading import authority_of, within
from application.round import round_at
from application.world import Moment, World
from domain.errors import Forbidden
from domain.evaluation import SHOWN, Evaluation
from domain.mandate import account
from domain.roles import Role
from domain.spelling import same

WATCHERS = frozenset({Role.REGISTRAR, Role.AUDITOR})
"""Who reads every round by office (product rule)."""

PARTS = frozenset({POSITION, "evaluation.validate"})
"""What the journey of a round lets its authors and those who read them again do."""


class NoPartInIt(Forbidden):
    """The positions of a round are for its authors until they are published."""

    code = "evaluation.no_part"
    fr = (
        "Les positions d'un tour qui n'est pas publié se lisent en tenant ou en auditant le "
        "registre, ou par qui les donne, les évalue ou les valide, sous un mandat en vigueur : ce "
        "n'est pas votre cas."
    )
    en = (
        "The positions of a round that is not published are read by those who keep or audit the "
        "register, or who give, evaluate or validate them under a mandate in force: you do not."
    )


def unpublished(
    world: World, rounds: Iterable[UUID], moment: Moment, by: By, today: date
) -> list[UUID]:
    """Those of some rounds that were not published then; refused where somebody may not read one.

    Args:
        today: the day on which they are read, on which a mandate must be in force.
    """
    found = [round_at(world, id_, moment) for id_ in rounds]
    hidden = [one for one in found if one.main.standing_on(moment.in_force).value not in SHOWN]
    for one in hidden:
        _may_read(world, by, one, today)
    return [one.id for one in hidden]


def _may_read(world: World, by: By, found: Evaluation, today: date) -> None:
    """Refuse whoever neither watches over rounds nor has a part in this one (product rule).

    The evaluator is the one who was designated: a person by their account, an organisation by
    whoever holds its mandate.
    """
    if by.role not in WATCHERS | _roles(world, found, today):
        raise NoPartInIt(roles="")
    reader = authority_of(world, by, today)
    if by.role is not Role.EVALUATOR:
        if not reader.is_bounded and by.role not in WATCHERS:
            raise NoPartInIt(roles="")
        within(world, reader, found.pole, today)
        return
    evaluator = found.evaluator_on(today)
    if reader.mandates:
        within(world, reader, found.pole, today)
        stands_for = {same(reader.mandates[0].principal)}
    else:
        stands_for = {same(party) for party in (account(by.actor), *reader.relations)}
    if evaluator is None or evaluator.parties.isdisjoint(stands_for):
        raise NoPartInIt(roles="")


def _roles(world: World, found: Evaluation, today: date) -> frozenset[str]:
    """The roles that its journey lets give positions, or validate them."""
    journey = world.compiled(found.journey_on(today) or found.journey).journey
    granted = [
        state.rights[part] for state in journey.states for part in PARTS & state.rights.keys()
    ]
    return frozenset(role for right in granted for role in right.roles)
