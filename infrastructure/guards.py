"""Expressions in CEL, the Common Expression Language: typed once published, run within a budget."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cel_expr_python import cel

from domain.rules import FaultyJourney, Formula, Value, instant

_TYPES = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "list": cel.Type.List(cel.Type.STRING),
}


class Cel:
    """Typed names, the expressions over them, and the values that these read."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        types = {name: _TYPES[kind] for name, kind in variables.items()}
        self._environment = cel.NewEnv(variables=types)
        self._known = frozenset(variables)

    def compile(self, expression: str, kind: str = "bool") -> Formula:
        """Compile and type-check an expression over dotted names; its result must be of the kind.

        Only a literal `true` opens a gate. A value that is absent, and any other error of
        evaluation, which CEL returns as a value, is told apart as `None`: it cannot be told.
        """
        try:
            compiled = self._environment.compile(expression)
        except RuntimeError as error:
            reason = str(error).removeprefix("INVALID_ARGUMENT: ").splitlines()[0]
            raise FaultyJourney(where=expression, reason=reason) from None
        if not _TYPES[kind].is_assignable_from(compiled.return_type()):
            found, wanted = compiled.return_type().name(), _TYPES[kind].name()
            reason = f"le résultat est {found}, il faut {wanted}"
            raise FaultyJourney(where=expression, reason=reason)
        return _guard(compiled.eval) if kind == "bool" else _formula(compiled)

    def lay_out(self, values: Mapping[str, Value]) -> Any:
        """Values as compiled expressions read them; names that nobody knows are left out."""
        known = self._known
        return self._environment.Activation(
            {name: _plain(value) for name, value in values.items() if name in known}
        )


def _guard(evaluate: Any) -> Formula:
    def guard(laid: Any) -> bool | None:
        try:
            told = evaluate(laid).value()
        except RuntimeError:  # the budget of evaluation is spent
            return None
        return told if told is True or told is False else None

    return guard


def _formula(compiled: Any) -> Formula:
    def formula(laid: Any) -> Any:
        try:
            value = compiled.eval(laid)
        except RuntimeError:
            return None
        if value.type() == cel.Type.ERROR:
            return None
        plain = value.plain_value()
        return tuple(plain) if isinstance(plain, list) else plain

    return formula


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return instant(value)
    return list(value) if isinstance(value, tuple) else value
