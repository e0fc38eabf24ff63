"""Values and expressions of variables: from DCWorkflow's types and TALES to ours and CEL, and back.

TALES is never executed: a few expressions that every site has are known word for word, and say in
CEL what they said there; any other is kept as text, unresolved.
"""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from domain.journey import Expression, InputType, Unresolved
from domain.words import LARGEST_INTEGER, Stored

Kind = Literal["text", "integer", "boolean", "date"]

KNOWN: dict[str, str] = {
    "transition/getId|nothing": "step.transition",
    "transition/getId": "step.transition",
    "state_change/transition/getId|nothing": "step.transition",
    "user/getId": "actor.id",
    "user/getUserName": "actor.id",
    "python:state_change.kwargs.get('comment','')": "step.comment",
    "python:kwargs.get('comment','')": "step.comment",
    "kwargs/comment|nothing": "step.comment",
    "state_change/kwargs/comment|nothing": "step.comment",
    "state_change/getDateTime": "now",
    "python:state_change.getDateTime()": "now",
    "state_change/old_state/getId": "step.from",
    "state_change/new_state/getId": "step.to",
}
"""Known expressions, without their blanks; of those that say the same, the first is written."""

HISTORY = "state_change/getHistory"
"""The history of the object: here, the register's own journal."""

_WRITTEN = {
    "step.transition": "transition/getId|nothing",
    "actor.id": "user/getId",
    "step.comment": "python:state_change.kwargs.get('comment', '')",
    "now": "state_change/getDateTime",
    "string(now)": "state_change/getDateTime",
    "step.from": "state_change/old_state/getId",
    "step.to": "state_change/new_state/getId",
}


def resolve(tales: str) -> Expression:
    """An expression in CEL, where it is one of those that are known; unresolved otherwise."""
    known = KNOWN.get(re.sub(r"\s+", "", tales).replace('"', "'"))
    if known:
        return known
    constant = re.fullmatch(r'string:([^$;"\\\x00-\x1f\x7f]*)', tales)
    if constant:
        return json.dumps(constant[1], ensure_ascii=False)
    return Unresolved(unresolved=tales)


def tales_of(expression: Expression) -> str | None:
    """An expression in TALES; `None` where there is no known way to say it."""
    if isinstance(expression, Unresolved):
        return expression.unresolved
    if expression in _WRITTEN:
        return _WRITTEN[expression]
    if re.fullmatch(r'"[^"\\]*"', expression):
        return f"string:{expression[1:-1]}"
    return None


def kind_of(expression: Expression) -> Kind | None:
    """What an expression that is carried over gives; nothing is known of the others."""
    if isinstance(expression, Unresolved):
        return None
    return "date" if expression == "now" else "text"


def read_value(text: str, type_: str) -> tuple[Stored, Kind | None]:
    """A value of one of DCWorkflow's types; as text, where it is not what its type says."""
    if type_ == "none":
        return None, None
    if type_ == "bool":
        return text.lower() in ("true", "yes", "1"), "boolean"
    if (
        type_ == "int"
        and re.fullmatch(r"[+-]?\d{1,16}", text)
        and abs(int(text)) <= LARGEST_INTEGER
    ):
        return int(text), "integer"
    if type_ == "datetime":
        dashed = text.replace("/", "-")
        try:
            date.fromisoformat(dashed[:10])
        except ValueError:
            return text, "text"
        return dashed, "date"
    return text, "text"


def written_value(value: Stored, kind: InputType | None) -> tuple[str, str]:
    """A value and its type, as DCWorkflow reads them."""
    if value is None:
        return "", "none"
    if isinstance(value, bool):
        return str(value), "bool"
    if isinstance(value, int):
        return str(value), "int"
    if isinstance(value, list):
        return "; ".join(value), "string"
    return value, "datetime" if kind == "date" else "string"


def common_kind(kinds: Iterable[Kind | None]) -> Kind:
    """The type of a variable from everything that is said of it; text, where that differs."""
    said = {kind for kind in kinds if kind}
    return said.pop() if len(said) == 1 else "text"


def as_kind(value: Stored, kind: Kind) -> Stored:
    """A value as its variable takes it."""
    if kind == "text" and value is not None:
        return str(value)
    return value


def in_kind(expression: Expression, kind: Kind) -> Expression:
    """An expression that gives what its variable takes."""
    return "string(now)" if expression == "now" and kind == "text" else expression
