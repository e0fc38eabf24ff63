"""What is asked before a pole ends, whichever version of its journey it follows."""

from collections.abc import Iterable
from datetime import date

from application.command import Work
from application.handlers import HANDLERS
from application.ways import ClauseLine, WayLine
from domain.case import Case, Read
from domain.journey import Journey
from domain.pole import Pole
from domain.pole_end import StillCommitted, must_have_nothing_open, open_commitments
from domain.roles import Role
from domain.workflow import Step, Verdict

CLAUSE = "no_open_commitment"
"""As the journey of 2026-11-23 calls it."""


def hold_while_committed(work: Work, case: Case, step: Step) -> None:
    """Refuse the end of a pole while a commitment to it is open; a step of the past is told as it
    was."""
    if isinstance(case, Pole) and _ends(work, case, step):
        must_have_nothing_open(case, work.day, work.get)


def _ends(work: Work, pole: Pole, step: Step) -> bool:
    """Whether a step leads to a final state of its main journey: other journeys have their own."""
    journey = work.compiled(pole.main.journey_on(work.day) or pole.main.journey).journey
    way, state = journey.transition.get(step.transition), journey.state.get(step.to)
    is_of_it = way is not None and way.to == step.to
    return is_of_it and state is not None and state.final


HANDLERS.before_every.append(hold_while_committed)


def told_with_what_is_open(
    ways: Iterable[WayLine], pole: Pole, journey: Journey, day: date, read: Read
) -> list[WayLine]:
    """The ways out of a stage, each that ends the pole shut where a commitment is open.

    A version that asks it itself says so already.
    """
    codes = open_commitments(pole, day, read)
    return [
        _shut(way, codes)
        if codes and journey.state[way.to].final and CLAUSE not in {c.clause for c in way.clauses}
        else way
        for way in ways
    ]


def _shut(way: WayLine, codes: tuple[str, ...]) -> WayLine:
    wanting = ClauseLine(
        clause=CLAUSE,
        verdict=Verdict.FAILED,
        sentence=StillCommitted.fr.format(codes=", ".join(codes)),
        values={"commitments.open": len(codes)},
        source="product rule",
        unblocked_by=(Role.FUNDER, Role.REGISTRAR),
        waits_for_input=False,
    )
    return way.model_copy(update={"status": "closed", "clauses": (*way.clauses, wanting)})
