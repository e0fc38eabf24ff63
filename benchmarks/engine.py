"""The engine's questions on ten ways out of five clauses each, against the bare fifty CEL calls.

The floor evaluates the same fifty compiled expressions on facts laid out beforehand, and asks
for each value; no step of it is ours. Every clause holds, so that none of them is skipped.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from cel_expr_python import cel

from benchmarks.measure import Work, interleaved, report
from domain.case import Read
from domain.dates import PartialDate
from domain.journey import Journey
from domain.membership import MemberKind
from domain.pole import Pole, PoleFacts, Territory
from domain.provenance import AccountId, Provenance
from domain.recording import Context, acting
from domain.rights import Who
from domain.roles import Role
from domain.rules import CompiledJourney, Value, compile_journey, fact_types, fact_values
from domain.workflow import offers, take, why
from infrastructure.guards import Cel

QUESTIONS = 400
WAYS = 10
CLAUSES = 5
NOW = datetime(2024, 6, 3, 10, 0, tzinfo=UTC)
DAY = NOW.date()
WHO = Who(frozenset({"coordinator"}))

# What shipped journeys ask of a pole.
CONDITIONS = (
    "members.ess_enterprises >= 1 && members.other_enterprises >= 1",
    "members.total >= 5",
    "'strategy' in evidence.kinds",
    "members.public_bodies >= 1",
    "territory.delimited",
    "recognitions.article9_in_force == 0",
    "silence.months < 12",
)


def definition() -> Journey:
    """Ten ways out of one state, of five clauses each."""
    conditions = cycle(CONDITIONS)
    clause = {"say": {"fr": "La condition est remplie."}, "source": "product rule"}
    return Journey.model_validate(
        {
            "id": "measured",
            "version": "2024-01",
            "source": ["product rule"],
            "facts": "PoleFacts",
            "initial": "here",
            "states": {"here": {}, "there": {}},
            "transitions": {
                f"way_{way}": {
                    "from": ["here"],
                    "to": "there",
                    "by": ["coordinator", "network"],
                    "requires": [
                        {"id": f"clause_{place}", "when": when, **clause}
                        for place, when in enumerate(islice(conditions, CLAUSES))
                    ],
                }
                for way in range(WAYS)
            },
        }
    )


def pole() -> Pole:
    """A pole of which all the conditions hold."""
    actor = Provenance(
        actor=AccountId(UUID(int=1)), role=Role.REGISTRAR, correlation_id=UUID(int=2)
    )
    since = PartialDate("2024-01-15")
    with acting(Context(actor, NOW, since)):
        made = Pole.register(
            code="mesure",
            name="Mesuré",
            journey="measured@2024-01",
            stage="here",
            occurred_on=since,
        )
        kinds = [MemberKind.ESS_ENTERPRISE, MemberKind.OTHER_ENTERPRISE, MemberKind.LOCAL_AUTHORITY]
        for number, kind in enumerate([*kinds, *kinds]):
            made.add_member(member_kind=kind, name=f"Membre {number}", person=None)
        made.file_evidence(evidence="strategy", title="Stratégie")
        made.locate(Territory(words="Grasse"))
    return made


def bare(journey: Journey, facts: Mapping[str, Value]) -> Callable[[], bool]:
    """The fifty expressions, evaluated by the library alone."""
    kinds = {
        "bool": cel.Type.BOOL,
        "int": cel.Type.INT,
        "string": cel.Type.STRING,
        "list": cel.Type.List(cel.Type.STRING),
    }
    names = {name: kinds[kind] for name, kind in fact_types(PoleFacts).items()}
    environment = cel.NewEnv(variables=names)
    compiled = [
        environment.compile(str(clause.when))
        for way in journey.transitions
        for clause in way.requires
    ]
    laid = environment.Activation(
        {name: list(v) if isinstance(v, tuple) else v for name, v in facts.items()}
    )

    def question() -> bool:
        return all([expression.eval(laid).value() is True for expression in compiled])  # noqa: C419  # all fifty

    return question


def no_other(cls: Any, id_: UUID) -> Any:
    """This pole depends on nothing else."""
    raise LookupError(cls, id_)


def questions(compiled: CompiledJourney, case: Pole, read: Read) -> dict[str, Callable[[], object]]:
    facts = fact_values(case.facts_on(DAY, read))

    def whole() -> object:
        seen = fact_values(case.facts_on(DAY, read))
        return offers(compiled, "here", seen, who=WHO, now=NOW)

    return {
        "fifty bare CEL calls": bare(compiled.journey, facts),
        "offers": lambda: offers(compiled, "here", facts, who=WHO, now=NOW),
        "why": lambda: why(compiled, "here", facts, who=WHO, now=NOW),
        "whole question from a pole": whole,
    }


def repeated(question: Callable[[], object], asked: int = QUESTIONS) -> Work:
    def work() -> int:
        for _ in range(asked):
            question()
        return asked

    return work


def parts(compiled: CompiledJourney, case: Pole, read: Read) -> dict[str, float]:
    """Where the time of a whole question goes, in microseconds."""
    asked = case.facts_on(DAY, read)
    facts = fact_values(asked)
    laid = compiled.lay_out({**facts, "now": NOW})
    guards = [c.guard for clauses in compiled.clauses.values() for c in clauses]
    pieces: dict[str, Callable[[], object]] = {
        "facts_on": lambda: case.facts_on(DAY, read),
        "fact_values": lambda: fact_values(asked),
        "lay_out": lambda: compiled.lay_out({**facts, "now": NOW}),
        "fifty guards": lambda: [guard(laid) for guard in guards],
        "offers": lambda: offers(compiled, "here", facts, who=WHO, now=NOW),
    }
    return {name: round(_microseconds(piece), 1) for name, piece in pieces.items()}


def _microseconds(piece: Callable[[], object], rounds: int = 5) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(QUESTIONS):
            piece()
        best = min(best, time.perf_counter() - start)
    return best / QUESTIONS * 1e6


FLOOR = "fifty bare CEL calls"
WANTED = 0.5
"""The share of the floor's rate at which `offers` must run."""


def step(compiled: CompiledJourney, case: Pole) -> dict[str, Callable[[], object]]:
    """A step of five clauses, beside the five of them alone."""
    facts = fact_values(case.facts_on(DAY, no_other))
    one = compiled.journey.model_copy(update={"transitions": compiled.journey.transitions[:1]})
    return {
        "five bare CEL calls": bare(one, facts),
        "take": lambda: take(compiled, "here", facts, "way_0", who=WHO, now=NOW, given={}),
    }


def main() -> None:
    compiled = compile_journey(definition(), fact_types(PoleFacts), Cel)
    case = pole()
    asked = questions(compiled, case, no_other)
    assert asked[FLOOR](), "a clause does not hold"
    assert asked["offers"]() == {f"way_{way}": "open" for way in range(WAYS)}
    rates = interleaved({name: repeated(question) for name, question in asked.items()})
    report(f"{WAYS} ways out of {CLAUSES} clauses", rates, floor=FLOOR)
    taken = {name: repeated(q, 10 * QUESTIONS) for name, q in step(compiled, case).items()}
    report(f"a step of {CLAUSES} clauses", interleaved(taken), floor="five bare CEL calls")
    print(json.dumps({"microseconds": parts(compiled, case, no_other)}))
    ratio = statistics.median(a / b for a, b in zip(rates["offers"], rates[FLOOR], strict=True))
    if ratio < WANTED:
        sys.exit(f"offers runs at {ratio:.2f} of the floor; {WANTED} is wanted")


if __name__ == "__main__":
    main()
