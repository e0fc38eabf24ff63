"""A journey as SCXML, the W3C's state charts: it takes the same steps, given our verdicts.

What decides a step is not in the document: each part of a gate is a name of the datamodel, to be
set to true by whoever asked the engine, and a condition is only such names joined by `&&`. So no
expression is ever run by who reads the file, and one that cannot evaluate CEL still steps alike:

- `may_T`: who acts holds the roles, permissions and groups that transition T takes;
- `given_T`: everything T requires was given;
- `carried_T`: the vote that T needs is carried;
- `holds_T__C`: clause C of T holds.

All are false until they are set. Engines look at automatic transitions when an event comes: once
names have changed, send any event, even one that takes nothing.

The sentence, the CEL expression and the source of each clause stand beside its name, in a
namespace of our own, which readers of SCXML pass over.
"""

from collections.abc import Iterator

from application.pictures.graph import Graph, title_of
from application.pictures.words import identifier, one_line, xml
from domain.journey import Clause, Journey, Transition, Unresolved, clauses_of

FALSE = "0"
"""As Python's expressions and ECMAScript's both read it."""


def state_name(id_: str) -> str:
    """What a state is called in the document."""
    return identifier("s", id_)


def event_name(transition: str) -> str:
    """The event that takes a transition."""
    return identifier("t", transition)


def names_of(way: Transition) -> dict[str, Clause | None]:
    """The names that decide a transition; those of clauses with what they stand for."""
    named: dict[str, Clause | None] = {}
    if way.by is not None or way.permissions or way.groups:
        named[identifier("may", way.id)] = None
    if any(asked.required for asked in way.input):
        named[identifier("given", way.id)] = None
    if way.approval is not None:
        named[identifier("carried", way.id)] = None
    return named | {holds_name(way.id, clause.id): clause for clause in clauses_of(way)}


def holds_name(transition: str, clause: str) -> str:
    """The name that tells whether a clause of a transition holds."""
    return identifier("holds", transition, clause)


def scxml(journey: Journey, graph: Graph, *, title: str) -> str:
    """The document. States that the definition lacks are there, and lead nowhere."""
    parts = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<scxml xmlns="http://www.w3.org/2005/07/scxml" xmlns:jalon="urn:jalon:journey" '
        f'version="1.0" datamodel="ecmascript" name="{xml(identifier("j", journey.id))}" '
        f'initial="{state_name(journey.initial)}" '
        f'jalon:ref="{xml(journey.ref)}" jalon:title="{xml(one_line(title))}">',
        *_datamodel(journey),
        *(line for box in graph.boxes for line in _state(journey, box.id, box.title)),
        "</scxml>\n",
    )
    return "\n".join(parts)


def _datamodel(journey: Journey) -> Iterator[str]:
    named = {name: c for way in journey.transitions for name, c in names_of(way).items()}
    if named:
        yield "  <datamodel>"
        for name, clause in named.items():
            said = "".join(_of_clause(clause)) if clause else ""
            yield f'    <data id="{name}" expr="{FALSE}"{said}/>'
        yield "  </datamodel>"


def _of_clause(clause: Clause) -> Iterator[str]:
    when = clause.when.unresolved if isinstance(clause.when, Unresolved) else clause.when
    said = clause.say.say("fr")
    for name, text in (("say", said), ("when", when), ("source", clause.source)):
        yield f' jalon:{name}="{xml(one_line(text))}"'


def _state(journey: Journey, id_: str, title: str) -> Iterator[str]:
    state = journey.state.get(id_)
    ways = journey.ways_out(id_)
    kind = "final" if state and state.final and not ways else "state"
    yield f'  <{kind} id="{state_name(id_)}" jalon:name="{xml(id_)}" jalon:title="{xml(title)}">'
    yield from (f"    {_transition(way)}" for way in ways)
    yield f"  </{kind}>"


def _transition(way: Transition) -> str:
    event = "" if way.trigger == "automatic" else f' event="{event_name(way.id)}"'
    named = " && ".join(names_of(way))
    cond = f' cond="{xml(named)}"' if named else ""
    target = f' target="{state_name(way.to)}"' if way.to is not None else ""
    title = f'jalon:name="{xml(way.id)}" jalon:title="{xml(one_line(title_of(way)))}"'
    return f"<transition{event}{cond}{target} {title}/>"
