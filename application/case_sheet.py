"""What is asked of any case by its concept: what it lacks, its path, its votes, its history."""

from datetime import date
from uuid import UUID

from application.absent import absent
from application.case import CONCEPTS
from application.deadline import DeadlineLine, deadlines_in_words
from application.drawing import PathSheet, case_path
from application.history_in_words import LINKS, history_lines, mended_since
from application.history_line import NAMED, HistoryLine
from application.vote_sheet import VoteLine, case_votes
from application.ways import WayLine, case_why
from application.withheld import told_yet
from application.world import Moment, World, reading
from domain.case import Case
from domain.errors import NotFound
from domain.roles import Role


def case_at(world: World, concept: str, id_: UUID, moment: Moment) -> Case:
    """A case as it was known then; refused where it had not begun on the day."""
    found = world.load(CONCEPTS[concept], id_, moment.known)
    if found is None:
        raise absent(world, id_, NotFound(name=id_), moment.known)
    found.main.standing_on(moment.in_force)
    return found


def ways_of(
    world: World, concept: str, id_: UUID, moment: Moment, *, role: Role | None = None
) -> list[WayLine]:
    """Every way out of the stage in which a case stands, with what is wanting."""
    found = case_at(world, concept, id_, moment)
    stage, ref = _place(found, moment.in_force)
    return case_why(world, found, stage, ref, moment, role=role)


def path_of(world: World, concept: str, id_: UUID, moment: Moment) -> PathSheet:
    """The path of a case along its journey."""
    found = case_at(world, concept, id_, moment)
    return case_path(world, found, moment, _place(found, moment.in_force)[1])


def votes_of(world: World, concept: str, id_: UUID, moment: Moment) -> list[VoteLine]:
    """The votes on the steps of a case."""
    return case_votes(world, case_at(world, concept, id_, moment), moment)


def history_of(world: World, concept: str, id_: UUID, moment: Moment) -> list[HistoryLine]:
    """Everything recorded of a case, by date of the facts, but what may not be told yet."""
    found = case_at(world, concept, id_, moment)
    events = world.everything(found.id, moment.known)
    past = [
        recorded
        for recorded in events
        if recorded.in_force_from <= moment.in_force and not isinstance(recorded.event, LINKS)
    ]
    told = told_yet(world, past, moment.known)
    lines = history_lines(world, told, mended=mended_since(events))
    named = NAMED.get(concept)
    return [named(world, found, line, moment) for line in lines] if named else lines


def deadlines_of(world: World, concept: str, id_: UUID, moment: Moment) -> tuple[DeadlineLine, ...]:
    """The deadlines of the stage in which a case stands that are counted from a known date.

    Of the others nothing is owed yet.
    """
    found = case_at(world, concept, id_, moment)
    lines = deadlines_in_words(found, moment.in_force, world.compiled, reading(world, moment))
    return tuple(line for line in lines if line.due)


def _place(found: Case, day: date) -> tuple[str, str]:
    return found.main.standing_on(day).value, found.main.journey_on(day) or found.journey
