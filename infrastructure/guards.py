"""Clauses in CEL, the Common Expression Language: typed once published, run within a budget."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from domain.rules import FaultyJourney, Guard, Value, instant

_TYPES = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "list": cel.Type.List(cel.Type.STRING),
}


@lru_cache(maxsize=256)
def _environment(variables: tuple[tuple[str, str], ...]) -> Any:
    return cel.NewEnv(variables={name: _TYPES[kind] for name, kind in variables})


def compile_clause(expression: str, variables: Mapping[str, str]) -> Guard:
    """Compile and type-check an expression over dotted names; its result must be a boolean.

    Only a literal `true` opens a gate. A value that is absent, and any other error of evaluation,
    which CEL returns as a value, is told apart as `None`: it cannot be told.
    """
    environment = _environment(tuple(sorted(variables.items())))
    try:
        compiled = environment.compile(expression)
    except RuntimeError as error:
        reason = str(error).removeprefix("INVALID_ARGUMENT: ").splitlines()[0]
        raise FaultyJourney(where=expression, reason=reason) from None
    if compiled.return_type() != cel.Type.BOOL:
        kind = compiled.return_type().name()
        raise FaultyJourney(where=expression, reason=f"le résultat est {kind}, il faut BOOL")

    def guard(values: Mapping[str, Value]) -> bool | None:
        data = {name: _plain(value) for name, value in values.items() if name in variables}
        try:
            result = compiled.eval(data=data).value()
        except RuntimeError:  # the budget of evaluation is spent
            return None
        return result if isinstance(result, bool) else None

    return guard


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return instant(value)
    return list(value) if isinstance(value, tuple) else value
