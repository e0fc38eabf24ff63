"""What sets two definitions apart: states, transitions, clauses, deadlines, and who holds what."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeVar

from domain.journey import Clause, Journey, Transition, Unresolved, clauses_of
from domain.rights import right_in
from domain.values import Frozen

ANYBODY = "*"
"""Whoever it is: a transition for which roles are not asked."""

What = Literal[
    "state", "transition", "clause", "input", "evidence", "deadline", "variable", "worklist"
]
Kind = Literal["added", "removed", "changed"]
V = TypeVar("V")


class Change(Frozen):
    """One thing that one definition has and the other has not, or has otherwise."""

    kind: Kind
    what: What
    where: str = ""
    """The transition or the state in which it stands, where it stands in one."""
    id: str
    title: str = ""
    """Its title or its sentence, in the newer definition where it has it."""
    part: str = ""
    """What of it changed."""
    before: str = ""
    after: str = ""


class RightChange(Frozen):
    """A role that gains or loses a permission, or the right to take a transition, in a state."""

    state: str
    role: str
    gained: bool
    what: Literal["transition", "permission"]
    id: str


class Difference(Frozen):
    """Everything that sets a definition apart from another."""

    old: str
    new: str
    changes: tuple[Change, ...]
    rights: tuple[RightChange, ...]

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.rights


def compare(old: Journey, new: Journey) -> Difference:
    """What a reader of both would have to notice, in the order of the definitions."""
    return Difference(
        old=old.ref,
        new=new.ref,
        changes=(
            *_states(old, new),
            *_transitions(old, new),
            *_variables(old, new),
            *_worklists(old, new),
        ),
        rights=tuple(rights_changed(old, new)),
    )


def rights_changed(old: Journey, new: Journey) -> Iterator[RightChange]:
    """Who gains or loses what, state by state, among the states that both have.

    A state that the newer one replaces by another is compared with that one.
    """
    for state in old.states:
        there = new.replaces.get(state.id, state.id)
        if there not in new.state:
            continue
        yield from rights_between(old, state.id, new, there)


def rights_between(old: Journey, state: str, new: Journey, there: str) -> Iterator[RightChange]:
    """The same, for one state and what it becomes."""
    before, after = held_in(old, state), held_in(new, there)
    for role, what, id_ in [*before, *(right for right in after if right not in before)]:
        right = role, what, id_
        if (right in before) != (right in after) and not _anybody(right, before, after):
            yield RightChange(state=state, role=role, gained=right in after, what=what, id=id_)


Right = tuple[str, Literal["transition", "permission"], str]


def _anybody(right: Right, before: Mapping[Right, None], after: Mapping[Right, None]) -> bool:
    """Whether nothing changes for a role, since anybody holds the right where it is not named."""
    role, what, id_ = right
    without = before if right in after else after
    return role != ANYBODY and (ANYBODY, what, id_) in without


def held_in(journey: Journey, state: str) -> dict[Right, None]:
    """The rights that a state gives: by role, the transitions and the permissions."""
    held: dict[Right, None] = {}
    for way in journey.ways_out(state):
        if way.trigger == "user":
            for role in (ANYBODY,) if way.by is None else way.by:
                held[role, "transition", way.id] = None
    for permission in sorted(journey.managed):
        right = right_in(journey, state, permission)
        for role in (*right.roles, *(journey.otherwise if right.acquired else ())):
            held[role, "permission", permission] = None
    return held


def ways_changed(old: Journey, state: str, new: Journey, there: str) -> tuple[list[str], list[str]]:
    """The ways out that open and those that close, for a case that goes on in another state."""
    before = [way.id for way in old.ways_out(state)]
    after = [way.id for way in new.ways_out(there)]
    return [w for w in after if w not in before], [w for w in before if w not in after]


# --- part by part ------------------------------------------------------------------------------


def _paired(old: Mapping[str, V], new: Mapping[str, V]) -> Iterator[tuple[str, V | None, V | None]]:
    for id_ in (*old, *(added for added in new if added not in old)):
        yield id_, old.get(id_), new.get(id_)


def _changes(
    what: What, id_: str, title: str, parts: Iterable[tuple[str, str, str]], where: str = ""
) -> Iterator[Change]:
    for part, before, after in parts:
        if before != after:
            yield Change(
                kind="changed",
                what=what,
                where=where,
                id=id_,
                title=title,
                part=part,
                before=before,
                after=after,
            )


def _one(
    what: What, id_: str, title: str, *, added: bool, where: str = "", said: str = ""
) -> Change:
    kind: Kind = "added" if added else "removed"
    text = {"after": said} if added else {"before": said}
    return Change(kind=kind, what=what, where=where, id=id_, title=title, **text)


def _states(old: Journey, new: Journey) -> Iterator[Change]:
    for id_, was, is_ in _paired(old.state, new.state):
        known = is_ or was
        title = known.title.fr if known else ""
        if was is None or is_ is None:
            said = new.replaces.get(id_, "") if is_ is None else ""
            yield Change(
                kind="removed" if is_ is None else "added",
                what="state",
                id=id_,
                title=title,
                after=said,
            )
            continue
        yield from _changes(
            "state",
            id_,
            title,
            [("title", was.title.fr, is_.title.fr), ("final", _yes(was.final), _yes(is_.final))],
        )
        before, after = ({d.id: d for d in s.deadlines} for s in (was, is_))
        for name, first, second in _paired(before, after):
            told = second or first
            said = told.title.fr if told else ""
            if first is None or second is None:
                period = told.period if told else ""
                yield _one("deadline", name, said, added=first is None, where=id_, said=period)
                continue
            parts = [
                ("title", first.title.fr, second.title.fr),
                ("period", first.period, second.period),
                ("counted_from", first.counted_from, second.counted_from),
                ("waits_for", ", ".join(first.waits_for), ", ".join(second.waits_for)),
            ]
            yield from _changes("deadline", name, said, parts, where=id_)


def _transitions(old: Journey, new: Journey) -> Iterator[Change]:
    for id_, was, is_ in _paired(old.transition, new.transition):
        if was is None or is_ is None:
            known = is_ or was
            title = known.title.fr if known else ""
            yield _one("transition", id_, title, added=was is None)
            continue
        parts = [
            ("title", was.title.fr, is_.title.fr),
            ("from", ", ".join(was.from_), ", ".join(is_.from_)),
            ("to", was.to or "", is_.to or ""),
            ("trigger", was.trigger, is_.trigger),
            ("approval", _json(was.approval), _json(is_.approval)),
            ("groups", ", ".join(was.groups), ", ".join(is_.groups)),
            ("permissions", ", ".join(was.permissions), ", ".join(is_.permissions)),
        ]
        yield from _changes("transition", id_, is_.title.fr or id_, parts)
        yield from _clauses(was, is_)
        yield from _inputs(was, is_)


def _json(value: Frozen | None) -> str:
    return value.model_dump_json() if value else ""


def _yes(value: bool) -> str:
    return "oui" if value else "non"


def _clauses(was: Transition, is_: Transition) -> Iterator[Change]:
    before, after = ({c.id: c for c in clauses_of(gate)} for gate in (was, is_))
    for name, first, second in _paired(before, after):
        if first is None or second is None:
            told = second or first
            if told:
                yield _one(
                    "clause",
                    name,
                    told.say.fr,
                    added=first is None,
                    where=is_.id,
                    said=expression_of(told),
                )
            continue
        parts = [
            ("say", first.say.fr, second.say.fr),
            ("when", expression_of(first), expression_of(second)),
        ]
        yield from _changes("clause", name, second.say.fr, parts, where=is_.id)


def expression_of(clause: Clause) -> str:
    """The expression of a clause, with its blanks made one."""
    when = clause.when.unresolved if isinstance(clause.when, Unresolved) else clause.when
    return " ".join(when.split())


def _inputs(was: Transition, is_: Transition) -> Iterator[Change]:
    before, after = ({i.id: i for i in way.input} for way in (was, is_))
    for name, first, second in _paired(before, after):
        told = second or first
        title = told.title.fr if told else ""
        if first is None or second is None:
            yield _one("input", name, title, added=first is None, where=is_.id)
            continue
        parts = [
            ("type", first.type, second.type),
            ("options", ", ".join(first.options), ", ".join(second.options)),
            ("required", _yes(first.required), _yes(second.required)),
        ]
        yield from _changes("input", name, title, parts, where=is_.id)


def _variables(old: Journey, new: Journey) -> Iterator[Change]:
    before, after = ({v.id: v for v in j.variables} for j in (old, new))
    for name, first, second in _paired(before, after):
        told = second or first
        title = told.title.fr if told else ""
        if first is None or second is None:
            yield _one("variable", name, title, added=first is None)
        elif first != second:
            yield Change(kind="changed", what="variable", id=name, title=title, part="definition")


def _worklists(old: Journey, new: Journey) -> Iterator[Change]:
    before, after = ({w.id: w for w in j.worklists} for j in (old, new))
    for name, first, second in _paired(before, after):
        told = second or first
        title = told.title.fr if told else ""
        if first is None or second is None:
            yield _one("worklist", name, title, added=first is None)
        elif first != second:
            yield Change(kind="changed", what="worklist", id=name, title=title, part="definition")
