"""Whether the verdicts that a step keeps are those which its definition gives. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from domain.case import Moved
from domain.journey import Transition
from domain.rules import CompiledClause, CompiledJourney, Value, names_for
from domain.words import Stored
from domain.workflow import Finding, Verdict

TOLD = {
    True: (Verdict.HELD,),
    False: (Verdict.FAILED,),
    None: (Verdict.UNKNOWN, Verdict.NOT_CHECKED),
}
"""What a step may have kept of a clause, by what the clause says."""


def mismatches(compiled: CompiledJourney, step: Moved, facts: Mapping[str, str]) -> Iterator[str]:
    """What a recorded step says that its definition does not, judged on the values it kept.

    Args:
        facts: the names that clauses may ask about and their types.
    """
    journey = compiled.journey
    way = journey.transition.get(step.transition)
    if way is None or step.from_ not in way.from_ or step.to != (way.to or step.from_):
        yield f"le parcours {journey.ref} n'a pas ce passage"
        return
    clauses = compiled.clauses[way.id]
    if [clause.clause.id for clause in clauses] != [found.clause for found in step.verdicts]:
        yield f"ses conditions ne sont pas celles du parcours {journey.ref}"
        return
    for clause, found in zip(clauses, step.verdicts, strict=True):
        yield from _of_clause(compiled, way, clause, found, facts)


def _of_clause(
    compiled: CompiledJourney,
    way: Transition,
    clause: CompiledClause,
    found: Finding,
    facts: Mapping[str, str],
) -> Iterator[str]:
    names = names_for(compiled.journey, way, facts)
    if not found.values.keys() <= set(clause.reads):
        yield f"la condition « {found.clause} » n'interroge pas tout ce qui en est gardé"
        return
    values = {name: _value(kept, names[name]) for name, kept in found.values.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if found.verdict not in TOLD[clause.guard(compiled.lay_out(known))]:
        yield f"le verdict gardé de la condition « {found.clause} » n'est pas celui du calcul"
    elif found.verdict in (Verdict.FAILED, Verdict.UNKNOWN) and not compiled.journey.bypass:
        yield f"la condition « {found.clause} » n'était pas tenue, et le passage fut pris"


def _value(kept: Stored, kind: str) -> Value | None:
    """A value as clauses read it, out of the form in which events keep it."""
    if isinstance(kept, list):
        return tuple(kept)
    if kind != "timestamp" or not isinstance(kept, str):
        return kept
    try:
        return date.fromisoformat(kept) if len(kept) == 10 else datetime.fromisoformat(kept)
    except ValueError:
        return None
