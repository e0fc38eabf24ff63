"""Questions about definitions, one JSON object a line: what is offered, what a step does, and why.

The answers are those of DCWorkflow for its definitions, computed by the engine of the product.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints, ValidationError

from application.sentences import of_validation
from domain.check import Fault
from domain.errors import Invalid, JalonError, NotFound, Refused
from domain.journey import Journey
from domain.rights import NotInGroup, PermissionNotHeld, RoleNotHeld, Who, right_in
from domain.rules import CompiledJourney
from domain.workflow import (
    ClauseNotHeld,
    Endless,
    NoSuchExit,
    NoSuchTransition,
    NoTarget,
    NotByHand,
    NotFromHere,
    Step,
    automatic,
    offers,
    run,
    take,
)

LONGEST_LINE = 1_000_000
"""Bytes. A question has a thousandth of it."""

NOW = datetime(2000, 1, 1, tzinfo=UTC)
"""The definitions asked about know no time: their answers are the same on every day."""

REFUSALS: Mapping[str, tuple[type[Refused], ...]] = {
    "Unauthorized": (
        NotFromHere,
        NoSuchTransition,
        RoleNotHeld,
        PermissionNotHeld,
        NotInGroup,
        ClauseNotHeld,
    ),
    "WorkflowException": (NoSuchExit, NotByHand, NoTarget, Endless),
}
"""What DCWorkflow calls each of our refusals."""


class UnknownDefinition(NotFound):
    """There is no such definition in the folder."""

    code = "workflow.unknown_definition"
    fr = "« {path} » n'est pas une définition de ce répertoire."
    en = "“{path}” is not a definition of this folder."


class UnknownState(NotFound):
    """The definition has no such state."""

    code = "workflow.unknown_state"
    fr = "La définition n'a pas d'étape « {state} » ; elle a : {known}."
    en = "The definition has no stage “{state}”; it has: {known}."


class NotAQuestion(Invalid):
    """A line that asks nothing that can be answered."""

    code = "workflow.not_a_question"
    fr = "Cette ligne n'est pas une question : {reason}."
    en = "This line is not a question: {reason}."


Words = Annotated[str, StringConstraints(strict=True, max_length=1000)]


class Question(BaseModel):
    """A question as it is asked; a member that nobody knows is left alone."""

    model_config = ConfigDict(frozen=True, extra="allow")

    ask: Literal["offers", "fire", "permissions", "local_roles", "check"]
    definition: Words
    state: Words | None = None
    transition: Words | None = None
    roles: tuple[Words, ...] = ()
    groups: tuple[Words, ...] = ()
    expressions: StrictBool | None = None
    """What expressions that nobody executes are taken to say; nothing, unless it is given."""

    def needed(self, name: Literal["state", "transition"]) -> str:
        value: str | None = getattr(self, name)
        if value is None:
            raise NotAQuestion(reason=f"il manque « {name} »")
        return value


class Definitions(Protocol):
    """Where definitions come from, by their name there."""

    def compiled(self, path: str, unresolved: bool | None, /) -> CompiledJourney: ...

    def faults(self, path: str, /) -> list[Fault]: ...


def answer_all(lines: Iterable[bytes], definitions: Definitions) -> Iterator[dict[str, Any]]:
    """One answer a line, in their order; a line that cannot be answered says why.

    Args:
        lines: without their end; one longer than `LONGEST_LINE` may have lost its own.
    """
    for line in lines:
        try:
            yield answer(read_question(line), definitions)
        except JalonError as refusal:
            yield {"error": refusal.say("fr")}


def read_question(line: bytes) -> Question:
    """A question from its line; anything else is refused in one sentence."""
    if len(line) > LONGEST_LINE:
        raise NotAQuestion(reason=f"elle dépasse {LONGEST_LINE // 1_000_000} Mo")
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):  # a number of a million digits is a ValueError too
        raise NotAQuestion(reason="ce n'est pas du JSON") from None
    if not isinstance(content, dict):
        raise NotAQuestion(reason="il faut un objet JSON")
    for name in content:
        meant = get_close_matches(name, Question.model_fields, 1, 0.8)
        if meant and name not in Question.model_fields:
            raise NotAQuestion(reason=f"« {name} » est inconnu ; est-ce « {meant[0]} » ?")
    try:
        return Question.model_validate(content)
    except ValidationError as error:
        raise NotAQuestion(reason=of_validation(error).say("fr").rstrip(".")) from None


def answer(question: Question, definitions: Definitions) -> dict[str, Any]:
    """What DCWorkflow would say; refused when it has no such definition or state."""
    if question.ask == "check":
        return {"faults": [_fault(fault) for fault in definitions.faults(question.definition)]}
    compiled = definitions.compiled(question.definition, question.expressions)
    journey, state = compiled.journey, question.needed("state")
    if state not in journey.state:
        raise UnknownState(state=state[:200], known=", ".join(journey.state) or "aucune")
    return _ASKED[question.ask](compiled, state, question)


def _offers(compiled: CompiledJourney, state: str, question: Question) -> dict[str, Any]:
    found = offers(compiled, state, {}, who=_who(question), now=NOW)
    return {"offers": sorted(name for name, status in found.items() if status == "open")}


def _fire(compiled: CompiledJourney, state: str, question: Question) -> dict[str, Any]:
    who, transition = _who(question), question.needed("transition")

    def following(step: Step) -> Step | None:
        return automatic(compiled, step.to, {}, who=who, now=NOW, variables=step.variables)

    try:
        first = take(compiled, state, {}, transition, who=who, now=NOW, given={})
        steps = list(run(first, following))
    except Refused as refusal:
        for name, kinds in REFUSALS.items():
            if isinstance(refusal, kinds):
                return {"refused": name, "why": refusal.say("fr")}
        raise
    return {"states": [s.to for s in steps], "action": [s.transition for s in steps]}


def _permissions(compiled: CompiledJourney, state: str, question: Question) -> dict[str, Any]:
    journey = compiled.journey
    return {"permission_roles": {p: _holders(journey, state, p) for p in sorted(journey.managed)}}


def _holders(journey: Journey, state: str, permission: str) -> list[str] | dict[str, list[str]]:
    right = right_in(journey, state, permission)
    # As DCWorkflow: who holds an acquired permission in any case is not written down again.
    roles = [] if right.acquired and right.roles == journey.otherwise else sorted(right.roles)
    return {"acquire": roles} if right.acquired else roles


def _local_roles(compiled: CompiledJourney, state: str, question: Question) -> dict[str, Any]:
    given = compiled.journey.state[state].groups
    return {"local_roles": {group: sorted(given[group]) for group in sorted(given)}}


_ASKED: Mapping[str, Callable[[CompiledJourney, str, Question], dict[str, Any]]] = {
    "offers": _offers,
    "fire": _fire,
    "permissions": _permissions,
    "local_roles": _local_roles,
}


def _who(question: Question) -> Who:
    return Who(frozenset(question.roles), frozenset(question.groups))


def _fault(fault: Fault) -> dict[str, str]:
    return {"code": fault.code, "where": fault.where, "say": fault.say.say("fr")}
