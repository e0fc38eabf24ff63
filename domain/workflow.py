"""The engine: pure questions over a journey, a state and facts — `why`, `offers`, `take`, `may`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from domain.deadline import ENTERED
from domain.errors import Refused
from domain.given import NOTHING_ASKED, InputRefused, read_input
from domain.journey import Gate, Journey, Transition
from domain.rights import Who, admitted, bypasses, pass_gate, state_title, wanting
from domain.roles import Role
from domain.rules import CompiledClause, CompiledJourney, Laid, Value, mentions, rests_on, stored
from domain.values import Frozen
from domain.words import LARGEST_INTEGER, Id, Name, Stored, Text, called, later

AUTOMATIC_STEPS = 100
"""How many automatic steps may follow one another."""


# --- what is answered -----------------------------------------------------------------------


class Verdict(StrEnum):
    """What was found of a clause."""

    HELD = "held"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not_checked"


class Finding(Frozen):
    """The verdict of one clause with the values seen: an auditor reads what the engine saw."""

    clause: Name
    verdict: Verdict
    values: Mapping[str, Stored] = {}
    contested: bool = later(False)
    """Whether something it asks about rests on a fact that somebody contests."""


Status = Literal["open", "closed", "needs_input"]


class Way(Frozen):
    """One way out of a state: whether it is open, and everything it asks."""

    transition: Id
    to: Id
    trigger: Literal["user", "automatic"]
    status: Status
    admitted: bool
    """Whether who asks holds the roles, permissions and groups it takes."""
    missing_input: tuple[str, ...]
    findings: tuple[Finding, ...]


class Step(Frozen):
    """A step that may be recorded."""

    transition: Id
    from_: Id = Field(alias="from")
    to: Id
    input: Mapping[str, Stored]
    findings: tuple[Finding, ...]
    variables: Mapping[Id, Stored] = {}
    """What the variables of the journey are from here on."""


# --- refusals -------------------------------------------------------------------------------


class NoSuchTransition(Refused):
    """The journey has no such transition."""

    code = "journey.unknown_transition"
    fr = "Le parcours {journey} n'a pas de passage « {transition} » ; il connaît : {known}."
    en = "The journey {journey} has no transition “{transition}”; it knows: {known}."


class NoSuchExit(Refused):
    """The state names a way out that the definition does not have."""

    code = "journey.no_such_exit"
    fr = (
        "L'étape « {state} » nomme une sortie « {transition} » que la définition ne contient pas : "
        "il faut l'y définir ou retirer cette sortie."
    )
    en = (
        "The stage “{state}” names a way out “{transition}” which the definition does not have: "
        "define it there or take that way out away."
    )


class NotFromHere(Refused):
    """The transition exists, and does not leave from this state."""

    code = "journey.not_from_here"
    fr = "« {title} » n'est pas possible depuis l'étape « {state} ».{here}"
    en = "“{title}” is not possible from the stage “{state}”.{here}"


class ClauseNotHeld(Refused):
    """At least one condition is not met."""

    code = "journey.clause"
    fr = "« {title} » n'est pas encore possible. Il manque : {sentences}"
    en = "“{title}” is not possible yet. Wanting: {sentences}"


class NotByHand(Refused):
    """An automatic step happens by itself."""

    code = "journey.automatic"
    fr = "« {title} » se fait de soi-même, quand ses conditions sont réunies."
    en = "“{title}” happens by itself, once its conditions are met."


class NotVoted(Refused):
    """Only what the journey puts to the vote is voted."""

    code = "journey.not_voted"
    fr = "« {title} » ne se vote pas."
    en = "“{title}” is not voted on."


class NoTarget(Refused):
    """The definition leads to a state that it does not have."""

    code = "journey.no_target"
    fr = "« {title} » mène à l'étape « {state} », que la définition ne connaît pas."
    en = "“{title}” leads to the stage “{state}”, which the definition does not have."


class Endless(Refused):
    """Automatic steps follow one another without end."""

    code = "journey.endless"
    fr = (
        "Plus de {bound} passages automatiques se suivent, en boucle : {cycle}. "
        "Rien n'a été enregistré ; la définition est à corriger."
    )
    en = (
        "More than {bound} automatic steps follow one another, in a loop: {cycle}. "
        "Nothing was recorded; the definition must be mended."
    )


# --- the questions ---------------------------------------------------------------------------


def _values(
    facts: Mapping[str, Value], given: Mapping[str, Value], now: datetime
) -> dict[str, Value]:
    return {**facts, **{f"input.{name}": value for name, value in given.items()}, "now": now}


_VERDICTS = {True: Verdict.HELD, False: Verdict.FAILED}


def _judge(
    clauses: tuple[CompiledClause, ...],
    ask: Callable[[CompiledClause], bool | None],
    values: Mapping[str, Value],
    undecided: Verdict = Verdict.UNKNOWN,
    disputed: Collection[str] = (),
) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            clause=c.clause.id,
            verdict=undecided if (told := ask(c)) is None else _VERDICTS[told],
            values={name: stored(values[name]) for name in c.reads if name in values},
            contested=bool(disputed) and any(rests_on(name, disputed) for name in c.reads),
        )
        for c in clauses
    )


def _asking(laid: Laid) -> Callable[[CompiledClause], bool | None]:
    """What clauses say of values laid out."""
    return lambda clause: clause.guard(laid)


def _missing(way: Transition, given: Mapping[str, Value]) -> tuple[str, ...]:
    return tuple(i.id for i in way.input if i.required and i.id not in given)


def _status(
    compiled: CompiledJourney,
    state: str,
    way: Transition,
    ask: Callable[[CompiledClause], bool | None],
    who: Who | None,
    given: Mapping[str, Value],
) -> Status:
    """The one judgement that `offers` and `why` share; clauses are asked until one closes."""
    journey = compiled.journey
    needs: Status = "needs_input" if way.input and _missing(way, given) else "open"
    if bypasses(journey, state, who):
        return needs
    if who is not None and wanting(journey, state, way, who):
        return "closed"
    for clause in compiled.clauses[way.id]:
        said = ask(clause)
        if said is True:
            continue
        if said is False or all(name in given for name in clause.asks):
            return "closed"
        needs = "needs_input"
    return needs


def offers(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    *,
    who: Who | None,
    now: datetime,
    given: Mapping[str, Value] | None = None,
) -> dict[str, Status]:
    """Per transition that can be taken by hand: `open`, `closed` or `needs_input`.

    A way is *open* when who asks is admitted and every clause holds, *needs_input* when only what
    must be given is wanting, *closed* otherwise. `who=None` asks for whoever may act.
    """
    given = given or {}
    ask = _asking(compiled.lay_out(_values(facts, given, now)))
    return {
        way.id: _status(compiled, state, way, ask, who, given)
        for way in compiled.journey.ways_out(state)
        if way.trigger == "user"
    }


def why(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    *,
    who: Who | None,
    now: datetime,
    given: Mapping[str, Value] | None = None,
    only: str | None = None,
    disputed: Collection[str] = (),
) -> list[Way]:
    """Every way out of a state, automatic ones too, with the verdict of each clause.

    Args:
        only: ask about one transition alone.
        disputed: what rests on a contested fact: findings that ask about it are marked.
    """
    given = given or {}
    values = _values(facts, given, now)
    laid = compiled.lay_out(values)
    journey = compiled.journey
    ways = [way for way in journey.ways_out(state) if only is None or way.id == only]
    told = {id(c): c.guard(laid) for way in ways for c in compiled.clauses[way.id]}

    def ask(clause: CompiledClause) -> bool | None:
        return told[id(clause)]  # each is evaluated once

    return [
        Way(
            transition=way.id,
            to=way.to or state,
            trigger=way.trigger,
            status=_status(compiled, state, way, ask, who, given),
            admitted=admitted(journey, state, way, who),
            missing_input=_missing(way, given),
            findings=_judge(compiled.clauses[way.id], ask, values, disputed=disputed),
        )
        for way in ways
    ]


def take(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    transition: str,
    *,
    who: Who,
    now: datetime,
    given: Mapping[str, Any],
    past: bool = False,
    variables: Mapping[str, Stored] | None = None,
    disputed: Collection[str] = (),
) -> Step:
    """The step to record, or a refusal that names every clause that does not hold.

    Args:
        given: the declared input, in plain values.
        past: record a sourced historical step: a registrar may take it whoever could then, and
            clauses whose facts are not known are kept as `not_checked`. A clause that the known
            facts contradict is still refused.
        variables: what the variables of the journey were before.
        disputed: what rests on a contested fact. Whoever takes the step decides all the same; the
            findings that ask about it are marked.
    """
    journey = compiled.journey
    way = _way(journey, state, transition)
    title = called(way.title, way.id)
    if way.trigger == "automatic" and not past:
        raise NotByHand(title=title)
    passes_all = bypasses(journey, state, who)
    if not passes_all and not (past and Role.REGISTRAR in who.roles):
        pass_gate(journey, state, way, who, title)
    parsed = read_input(way, given, past=past)
    values = _values(facts, parsed, now)
    undecided = Verdict.NOT_CHECKED if past or passes_all else Verdict.UNKNOWN
    clauses = compiled.clauses[transition]
    ask = _asking(compiled.lay_out(values))
    findings = _judge(clauses, ask, values, undecided, disputed)
    refused = _refused(clauses, findings)
    if refused and not passes_all:
        raise ClauseNotHeld(title=title, sentences=refused, findings=findings)
    return _step(compiled, state, way, parsed, values, findings, variables or {})


def propose(
    journey: Journey, state: str, transition: str, *, who: Who, given: Mapping[str, Any]
) -> dict[str, Stored]:
    """What a vote on a step is about: its input, as it will be kept.

    Refused to whoever may not open the vote. The other clauses are judged when the step is taken.
    """
    way = _way(journey, state, transition)
    title = called(way.title, way.id)
    if way.approval is None:
        raise NotVoted(title=title)
    authorise_vote(journey, state, way, who)
    if way.trigger == "automatic" and given:
        raise InputRefused(title=title, reason=NOTHING_ASKED)
    return {name: stored(value) for name, value in read_input(way, given, past=False).items()}


def authorise_vote(journey: Journey, state: str, way: Transition, who: Who) -> None:
    """Refuse whoever may not open and close the vote on a step: who may take it, unless said."""
    openers = way.approval.opened_by if way.approval else None
    if not bypasses(journey, state, who):
        gate = way if openers is None else Gate(by=openers)
        pass_gate(journey, state, gate, who, called(way.title, way.id))


def _way(journey: Journey, state: str, transition: str) -> Transition:
    """A transition that leaves a state."""
    way = journey.transition.get(transition)
    if way is None and state in journey.state and transition in (journey.state[state].exits or ()):
        raise NoSuchExit(transition=transition, state=state_title(journey, state))
    if way is None:
        known = ", ".join(journey.transition)
        raise NoSuchTransition(journey=journey.ref, transition=transition, known=known)
    if state not in way.from_ or state not in journey.state:
        title, here = called(way.title, way.id), _ways_from(journey, state)
        raise NotFromHere(title=title, state=state_title(journey, state), here=here)
    return way


def _ways_from(journey: Journey, state: str) -> Text | str:
    """What people may do from a state, as a sentence that follows a refusal."""
    ways = [w for w in journey.transitions if state in w.from_ and w.trigger != "automatic"]
    titles = [called(way.title, way.id) for way in ways]
    if not titles:
        return ""
    return Text(
        fr=f" D'ici : {', '.join(f'« {title.fr} »' for title in titles)}.",
        en=f" From here: {', '.join(f'“{title.en}”' for title in titles)}.",
    )


def automatic(
    compiled: CompiledJourney,
    state: str,
    facts: Mapping[str, Value],
    *,
    who: Who,
    now: datetime,
    variables: Mapping[str, Stored] | None = None,
    disputed: Collection[str] = (),
) -> Step | None:
    """The automatic step that a state takes of itself: the first, in its order, that is open.

    None is taken as long as what one of them asks about, or writes down, rests on a contested
    fact, unless that one is closed in any case; nor out of a state whose entry is contested.

    Args:
        disputed: what rests on a contested fact, `entered` being the state itself.
    """
    if ENTERED in disputed:
        return None
    values = _values(facts, {}, now)
    ask = _asking(compiled.lay_out(values))
    passes_all = bypasses(compiled.journey, state, who)
    undecided = Verdict.NOT_CHECKED if passes_all else Verdict.UNKNOWN
    for way in compiled.journey.ways_out(state):
        if way.trigger != "automatic":
            continue
        if disputed and _withheld(compiled, state, way, ask, who, disputed):
            return None
        if _status(compiled, state, way, ask, who, {}) == "open":
            findings = _judge(compiled.clauses[way.id], ask, values, undecided)
            return _step(compiled, state, way, {}, values, findings, variables or {})
    return None


def _withheld(
    compiled: CompiledJourney,
    state: str,
    way: Transition,
    ask: Callable[[CompiledClause], bool | None],
    who: Who,
    disputed: Collection[str],
) -> bool:
    """Whether a way waits for the answer to a contest, everything else letting it be taken."""
    journey = compiled.journey
    says = [*way.sets.values(), *(v.expression for v in journey.variables if v.expression)]
    passes_all = bypasses(journey, state, who)
    if not passes_all and wanting(journey, state, way, who):
        return False
    clauses = () if passes_all else compiled.clauses[way.id]
    resting = [c for c in clauses if any(rests_on(name, disputed) for name in c.reads)]
    if any(ask(c) is not True for c in clauses if c not in resting):
        return False
    return bool(resting) or any(mentions(s, disputed) for s in says if isinstance(s, str))


def run(first: Step, following: Callable[[Step], Step | None]) -> Iterator[Step]:
    """A step and the automatic ones that follow it, at most a hundred.

    Args:
        following: the automatic step after one, asked once that one has been dealt with.
    """
    steps = [first]
    yield first
    while step := following(steps[-1]):
        if len(steps) > AUTOMATIC_STEPS:
            raise Endless(bound=AUTOMATIC_STEPS, cycle=" → ".join(_cycle(steps)))
        steps.append(step)
        yield step


def _cycle(steps: list[Step]) -> list[str]:
    """The states and transitions of the loop in which steps end."""
    end = steps[-1].to
    begin = max((i for i, step in enumerate(steps) if step.from_ == end), default=0)
    return [end, *(part for step in steps[begin:] for part in (step.transition, step.to))]


def admit(
    compiled: CompiledJourney, facts: Mapping[str, Value], *, who: Who, now: datetime
) -> None:
    """Refuse whoever may not begin a case, and a case whose beginning a clause forbids."""
    gate, journey = compiled.journey.creation, compiled.journey
    if gate is None or bypasses(journey, journey.initial, who):
        return
    title = called(journey.title, journey.id)
    pass_gate(journey, journey.initial, gate, who, title)
    values = {**facts, "now": now}
    findings = _judge(compiled.creation, _asking(compiled.lay_out(values)), values)
    refused = _refused(compiled.creation, findings)
    if refused:
        raise ClauseNotHeld(title=title, sentences=refused, findings=findings)


def begin(
    compiled: CompiledJourney, facts: Mapping[str, Value], *, now: datetime
) -> dict[str, Stored]:
    """What the variables of a journey are in its first state."""
    initial = compiled.journey.initial
    about = {"step.transition": "", "step.from": "", "step.to": initial}
    laid = compiled.lay_out({**facts, **about, "now": now})
    return _variables(compiled, initial, None, laid, {})


def _refused(clauses: tuple[CompiledClause, ...], findings: tuple[Finding, ...]) -> Text | None:
    """The sentences of the clauses that do not hold; nothing, where all do."""
    wanting = [
        c.clause.say
        for c, f in zip(clauses, findings, strict=True)
        if f.verdict not in (Verdict.HELD, Verdict.NOT_CHECKED)
    ]
    if not wanting:
        return None
    return Text(
        fr=" ".join(f"« {sentence.say('fr')} »" for sentence in wanting),
        en=" ".join(f"“{sentence.say('en')}”" for sentence in wanting),
    )


def _step(
    compiled: CompiledJourney,
    state: str,
    way: Transition,
    parsed: Mapping[str, Value],
    values: Mapping[str, Value],
    findings: tuple[Finding, ...],
    former: Mapping[str, Stored],
) -> Step:
    to = way.to or state
    if to not in compiled.journey.state:
        raise NoTarget(title=called(way.title, way.id), state=to)
    about = {"step.transition": way.id, "step.from": state, "step.to": to}
    variables: dict[str, Stored] = {}
    if compiled.journey.variables:
        laid = compiled.lay_out({"step.comment": "", "actor.id": "", **values, **about})
        variables = _variables(compiled, to, way, laid, former)
    return Step(
        transition=way.id,
        from_=state,
        to=to,
        input={name: stored(value) for name, value in parsed.items()},
        findings=findings,
        variables=variables,
    )


def _variables(
    compiled: CompiledJourney,
    state: str,
    way: Transition | None,
    laid: Laid,
    former: Mapping[str, Stored],
) -> dict[str, Stored]:
    """The variables in a state entered by a step; see `Variable` for which saying prevails."""
    said = compiled.sets[way.id] if way else {}
    entered = compiled.journey.state[state].sets
    values: dict[str, Stored] = {}
    for variable in compiled.journey.variables:
        name = variable.id
        if not variable.in_history:
            continue
        if name in entered:
            values[name] = entered[name]
        elif name in said:
            values[name] = _told(said[name](laid))
        elif name in former and not variable.update_always:
            values[name] = former[name]
        elif name in compiled.defaults:
            values[name] = _told(compiled.defaults[name](laid))
        else:
            values[name] = variable.default
    return values


def _told(value: Value | None) -> Stored:
    """What an expression gave; nothing, where it gave more than can be stored."""
    too_large = isinstance(value, int) and abs(value) > LARGEST_INTEGER
    return None if value is None or too_large else stored(value)
