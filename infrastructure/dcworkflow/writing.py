"""From a journey to Plone's `definition.xml`, and a note of everything that file cannot say.

What is a condition here and cannot be one there closes the way: nothing opens by being exported.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from domain.journey import Gate, Journey, Transition, Unresolved, Variable, Worklist, clauses_of
from domain.words import Text
from infrastructure.dcworkflow.notes import Note, note
from infrastructure.dcworkflow.reading import SCHEME, read_definition_xml
from infrastructure.dcworkflow.values import tales_of, written_value
from infrastructure.dcworkflow.xml import ROOT, UnreadableDefinition

CLOSED = "nothing"
"""The expression of TALES that never holds."""

_NOT_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_definition_xml(journey: Journey) -> bytes:
    """A definition that DCWorkflow imports; `not_written` says what of the journey it lacks."""
    root = _element(
        ROOT,
        workflow_id=original_id(journey),
        title=_words(journey.title),
        description=_words(journey.about),
        state_variable=journey.state_variable,
        initial_state=journey.initial,
        manager_bypass=str(bool(journey.bypass)),
    )
    if journey.creation is not None:
        _guard(_child(root, "instance-creation-conditions"), journey.creation)
    for permission in _managed(journey):
        _child(root, "permission", permission)
    for group in sorted({group for state in journey.states for group in state.groups}):
        _child(root, "group", group)
    _states(root, journey)
    _transitions(root, journey)
    for worklist in journey.worklists:
        _worklist(root, worklist, journey.state_variable)
    for variable in journey.variables:
        _variable(root, variable)
    indent(root, " ")
    body: bytes = tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def not_written(journey: Journey) -> list[Note]:
    """What is lost when a journey is written as XML: all that reading it back does not give."""
    try:
        back = read_definition_xml(write_definition_xml(journey), version=journey.version).journey
    except UnreadableDefinition as refusal:
        return [note("unreadable", journey.id, refusal.say("fr"), refusal.say("en"))]
    lost = [
        note(
            "not-written",
            place,
            "DCWorkflow ne peut pas le dire : ce n'est pas dans le fichier",
            "DCWorkflow cannot say it: it is not in the file",
        )
        for place in _differences(_plain(journey), _plain(back))
    ]
    scripts = (
        note(
            "script",
            f"transition {way.id}",
            f"le script « {name} » est nommé ; son code est à fournir à Plone",
            f"the script “{name}” is named; its code must be given to Plone",
        )
        for way in journey.transitions
        for name in (*way.before, *way.after)
    )
    return [*lost, *scripts]


def original_id(journey: Journey) -> str:
    """The `workflow_id` it was read under, which its sources keep; its own id otherwise."""
    kept = (source for source in journey.source if source.startswith(SCHEME))
    return next(kept, journey.id).removeprefix(SCHEME)


# --- the parts --------------------------------------------------------------------------------


def _states(root: Element, journey: Journey) -> None:
    kinds = {variable.id: variable.type for variable in journey.variables}
    for state in journey.states:
        node = _child(root, "state", state_id=state.id, title=_words(state.title))
        _about(node, state.about)
        for way in _exits(journey, state.id):
            _child(node, "exit-transition", transition_id=way)
        for permission, right in state.rights.items():
            given = _child(node, "permission-map", name=permission, acquired=str(right.acquired))
            for role in right.roles:
                _child(given, "permission-role", role)
        for group, roles in state.groups.items():
            given = _child(node, "group-map", name=group)
            for role in roles:
                _child(given, "group-role", role)
        for name, value in state.sets.items():
            said, type_ = written_value(value, kinds.get(name))
            _child(node, "assignment", said, name=name, type=type_)


def _transitions(root: Element, journey: Journey) -> None:
    for way in journey.transitions:
        node = _child(
            root,
            "transition",
            transition_id=way.id,
            title=_words(way.title),
            new_state=way.to or "",
            trigger=way.trigger.upper(),
            before_script=next(iter(way.before), ""),
            after_script=next(iter(way.after), ""),
        )
        _about(node, way.about)
        _guard(node, way)
        for name, expression in way.sets.items():
            tales = tales_of(expression)
            if tales is not None:
                _child(node, "assignment", tales, name=name)


def _worklist(root: Element, worklist: Worklist, state_variable: str) -> None:
    node = _child(root, "worklist", worklist_id=worklist.id, title=_words(worklist.title))
    _about(node, worklist.about)
    _guard(node, worklist)
    _child(node, "match", name=state_variable, values="; ".join(worklist.states))
    for name, values in worklist.where.items():
        _child(node, "match", name=name, values="; ".join(values))


def _variable(root: Element, variable: Variable) -> None:
    node = _child(
        root,
        "variable",
        variable_id=variable.id,
        for_catalog=str(variable.in_lists),
        for_status=str(variable.in_history),
        update_always=str(variable.update_always),
    )
    _about(node, variable.about)
    default = _child(node, "default")
    if variable.default is not None:
        value, type_ = written_value(variable.default, variable.type)
        _child(default, "value", value, type=type_)
    tales = None if variable.expression is None else tales_of(variable.expression)
    if tales is not None:
        _child(default, "expression", tales)
    _guard(node, variable.shown_to or Gate())


def _guard(parent: Element, gate: Gate) -> None:
    node = _child(parent, "guard")
    for part, names in (
        ("permission", gate.permissions),
        ("role", gate.by or ()),
        ("group", gate.groups),
    ):
        for name in names:
            _child(node, f"guard-{part}", name)
    tales = _condition(gate)
    if tales:
        _child(node, "guard-expression", tales)


def _condition(gate: Gate) -> str | None:
    """The one expression that a guard has there; where it cannot say all that is asked, a no."""
    clauses = clauses_of(gate)
    by_vote = isinstance(gate, Transition) and gate.approval is not None
    if gate.by == () or by_vote or len(clauses) > 1:
        return CLOSED
    if not clauses:
        return None
    when = clauses[0].when
    return when.unresolved if isinstance(when, Unresolved) else CLOSED


def _exits(journey: Journey, state: str) -> list[str]:
    """The ways out of a state, in its order: those that it names, and those that name it."""
    named = journey.state[state].exits or ()
    return list(dict.fromkeys([*named, *(way.id for way in journey.ways_out(state))]))


def _managed(journey: Journey) -> Iterable[str]:
    return sorted(journey.managed) if journey.permissions is None else journey.permissions


# --- elements ---------------------------------------------------------------------------------


def _element(name: str, text: str = "", /, **attributes: str) -> Element:
    node = Element(name, {key: _clean(value) for key, value in attributes.items()})
    node.text = _clean(text) or None
    return node


def _child(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    node = _element(tag, text, **attributes)
    parent.append(node)
    return node


def _about(node: Element, about: Text) -> None:
    if _words(about):
        SubElement(node, "description").text = _clean(_words(about))


def _words(text: Text) -> str:
    return text.fr or text.en


def _clean(text: str) -> str:
    """A text without the characters that XML cannot hold; `not_written` then names its place."""
    return _NOT_XML.sub("", text)


# --- what is lost -----------------------------------------------------------------------------


def _plain(journey: Journey) -> dict[str, Any]:
    """A journey by names, with what it leaves to be understood said in full."""
    told = journey.model_dump(mode="json", by_alias=True)
    told["source"] = sorted({f"{SCHEME}{original_id(journey)}", *journey.source})
    told["permissions"] = list(_managed(journey))
    for name in ("states", "transitions", "variables", "worklists"):
        told[name] = {part["id"]: part for part in told.get(name, ())}
    for name, state in told["states"].items():
        state["exits"] = _exits(journey, name)
    for way in told["transitions"].values():
        way["from"] = sorted(way["from"])
    return told


def _differences(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """The places, named as in the definition, at which two trees differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in dict.fromkeys([*one, *other]):
            yield from _differences(
                one.get(key), other.get(key), f"{place} / {key}" if place else str(key)
            )
    elif one != other and (one or other):
        yield place
