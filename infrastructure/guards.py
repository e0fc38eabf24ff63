"""Expressions in CEL, the Common Expression Language: typed once published, run within a budget."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cel_expr_python import cel

from domain.rules import FaultyJourney, Formula, Value, instant
from infrastructure.guard_words import in_short, in_words

_TYPES = {
    "bool": cel.Type.BOOL,
    "int": cel.Type.INT,
    "string": cel.Type.STRING,
    "timestamp": cel.Type.TIMESTAMP,
    "list": cel.Type.List(cel.Type.STRING),
}


LONGEST = 4_000
"""Characters of an expression. Of nesting, CEL itself allows 32 levels."""

_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")

# CEL keeps the word `var` for itself. What definitions call `var.x` is `Var.x` to it, which has
# as many letters, so that the places in its complaints are right.
_VARIABLES = re.compile(rf"{_STRINGS.pattern}|(?<![\w.])var(?=\.)")


def _spelt(expression: str) -> str:
    return _VARIABLES.sub(lambda m: "Var" if m[0] == "var" else m[0], expression)


class Cel:
    """Typed names, the expressions over them, and the values that these read."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._known = {name: _spelt(name) for name in variables}
        types = {self._known[name]: _TYPES[kind] for name, kind in variables.items()}
        self._environment = cel.NewEnv(variables=types)

    def compile(self, expression: str, kind: str = "bool") -> Formula:
        """Compile and type-check an expression over dotted names; its result must be of the kind.

        Only a literal `true` opens a gate. A value that is absent, and any other error of
        evaluation, which CEL returns as a value, is told apart as `None`: it cannot be told.
        """
        _check_size(expression)
        try:
            compiled = self._environment.compile(_spelt(expression))
        except RuntimeError as error:
            said = str(error).removeprefix("INVALID_ARGUMENT: ").splitlines()[0]
            reason, short = in_words(said), in_short(said)
            raise FaultyJourney(where=expression, reason=reason, said=short) from None
        if not _TYPES[kind].is_assignable_from(compiled.return_type()):
            found, wanted = compiled.return_type().name(), _TYPES[kind].name()
            reason = f"le résultat est {found}, il faut {wanted}"
            raise FaultyJourney(where=expression, reason=reason)
        return _guard(compiled.eval) if kind == "bool" else _formula(compiled)

    def lay_out(self, values: Mapping[str, Value]) -> Any:
        """Values as compiled expressions read them; names that nobody knows are left out."""
        known = self._known
        return self._environment.Activation(
            {
                known[name]: value if type(value) in _PLAIN else _plain(value)
                for name, value in values.items()
                if name in known
            }
        )


def _check_size(expression: str) -> None:
    """Refuse what nobody can read: it could also take long to compile."""
    if len(expression) > LONGEST:
        reason = f"l'expression compte plus de {LONGEST} caractères"
        raise FaultyJourney(where=expression[:60], reason=reason)
    if any("\ud800" <= character <= "\udfff" for character in expression):
        reason = "l'expression contient un caractère qui ne peut pas s'écrire"
        raise FaultyJourney(where="", reason=reason)


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


_PLAIN = frozenset({bool, int, str, datetime})
"""What CEL reads as it is."""


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return instant(value)
    return list(value) if isinstance(value, tuple) else value
