"""What is asked of one evaluation round: where it stands, what is wanting, what was recorded."""

from uuid import UUID

from application.absent import absent
from application.evaluation import stage_called
from application.grid import grid_at
from application.history_line import HistoryLine, named_in
from application.round_in_words import ROUNDS, called_round, grid_in_words
from application.world import Moment, World
from domain.case import Case
from domain.dates import PartialDate
from domain.distinct import apart
from domain.errors import NotFound
from domain.evaluation import SHOWN, Evaluation, RoundKind, UnknownRound
from domain.pole import Pole
from domain.values import Frozen

ABOUT_ITEMS = frozenset({Evaluation.Positioned.TOPIC, Evaluation.LeftUnobserved.TOPIC})


class RoundLine(Frozen):
    """Which round a profile is of, and on which grid."""

    id: UUID
    code: str
    title: str
    """What people call it, its pole apart; the code only identifies it."""
    pole: UUID
    pole_code: str
    pole_name: str
    round_kind: RoundKind
    kind_title: str
    stage: str
    stage_title: str
    occurred_on: PartialDate
    """The date from which it stands at that stage."""
    grid: str
    grid_title: str
    grid_words: str
    """Which version of which grid."""
    placeholder: bool
    notice: str | None


class RoundSheet(Frozen):
    """Everything shown of one round, but its positions."""

    line: RoundLine
    journey: str
    journey_source: tuple[str, ...]
    evaluator: str | None
    evaluator_siren: str | None
    funders: tuple[str, ...] | None
    """As declared; nothing, where nobody said."""
    answered: int
    items: int
    validations: int
    """Of distinct parties: one person under two mandates is one."""
    shown: bool
    """Whether everybody may read its positions."""
    others: tuple[RoundLine, ...]
    """The other rounds of the pole, that it may be compared with where they share its grid."""


def round_at(world: World, id_: UUID, moment: Moment) -> Evaluation:
    """A round as it was known then; refused where it had not begun on the day."""
    found = world.load(Evaluation, id_, moment.known)
    if found is None:
        raise absent(world, id_, UnknownRound(name=id_), moment.known)
    found.main.standing_on(moment.in_force)
    return found


def round_line(world: World, found: Evaluation, moment: Moment) -> RoundLine:
    """Which round this is, and where it stands."""
    stay = found.main.standing_on(moment.in_force)
    journey = world.compiled(found.main.journey_on(moment.in_force) or found.journey).journey
    state = journey.state.get(stay.value)
    grid = grid_at(world, found.grid, moment)
    pole = world.load(Pole, found.pole, moment.known)
    if pole is None:
        raise NotFound(name=found.pole)
    return RoundLine(
        id=found.id,
        code=found.code,
        title=called_round(found),
        pole=found.pole,
        pole_code=pole.code,
        pole_name=pole.name_on(moment.in_force),
        round_kind=found.round_kind,
        kind_title=ROUNDS[found.round_kind],
        stage=stay.value,
        stage_title=(state.title.fr if state else "") or stage_called(found.round_kind, stay.value),
        occurred_on=stay.occurred_on,
        grid=grid.ref,
        grid_title=grid.title.fr,
        grid_words=grid_in_words(grid.ref, placeholder=grid.is_placeholder),
        placeholder=grid.is_placeholder,
        notice=grid.notice,
    )


def round_sheet(world: World, id_: UUID, moment: Moment) -> RoundSheet:
    """The sheet of a round as known then, in force on that day."""
    found, day = round_at(world, id_, moment), moment.in_force
    line = round_line(world, found, moment)
    journey = found.main.journey_on(day) or found.journey
    items = grid_at(world, found.grid, moment).items
    evaluator = found.evaluator_on(day)
    return RoundSheet(
        line=line,
        journey=journey,
        journey_source=world.compiled(journey).journey.source,
        evaluator=evaluator and (evaluator.name or "une personne (nom non publié)"),
        evaluator_siren=evaluator and evaluator.siren,
        funders=found.funders_on(day),
        answered=sum(found.position_on(code, day) is not None for code in items),
        items=len(items),
        validations=apart(v.persons for v in found.standing_on(day)),
        shown=line.stage in SHOWN,
        others=tuple(_others(world, found, moment)),
    )


def _others(world: World, found: Evaluation, moment: Moment) -> list[RoundLine]:
    pole = world.load(Pole, found.pole, moment.known)
    lines = []
    for id_, concept in pole.attached.items() if pole else ():
        other = world.load(Evaluation, id_, moment.known) if concept == "evaluation" else None
        if other and other.id != found.id and other.state_on(moment.in_force):
            lines.append(round_line(world, other, moment))
    return lines


@named_in("evaluation")
def _with_item_in_words(
    world: World, found: Case, line: HistoryLine, moment: Moment
) -> HistoryLine:
    """What was said of an indicator, named by its title beside its code; its level is not told."""
    code, comma, more = line.detail.partition(",")
    if line.topic not in ABOUT_ITEMS or not isinstance(found, Evaluation):
        return line
    items = grid_at(world, found.grid, moment).items
    if code not in items:
        return line
    named = f"{items[code].title.fr} ({code}){comma}{more}"
    return line.model_copy(update={"detail": named})
