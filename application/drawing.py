"""What is drawn: the published versions of journeys, and the path a pole took through one."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from application.pictures.bpmn import bpmn
from application.pictures.dot import dot
from application.pictures.graph import Graph, Stage, graph_of, title_of
from application.pictures.mermaid import mermaid
from application.pictures.scxml import scxml
from application.pictures.svg import svg
from application.register import pole_sheet
from application.wording import (
    ROLES,
    capital,
    date_in_words,
    known_in_words,
    period_in_words,
    rule_source,
    since_in_words,
    version_in_words,
)
from application.world import Moment, World
from domain.case import Case, Migrated, Moved
from domain.difference import expression_of
from domain.errors import NotFound
from domain.journey import Clause, Gate, Journey, Transition, clauses_of
from domain.pole import Pole
from domain.rights import permissions_in_words
from domain.rulebook import RULEBOOK, Rulebook, digest_of
from domain.track import Stay, Track
from domain.values import Frozen
from domain.vote import Approval


class Format(StrEnum):
    """What a journey may be drawn or written as."""

    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"
    SCXML = "scxml"
    BPMN = "bpmn"


FORMATS: Mapping[Format, str] = {
    Format.SVG: "image SVG",
    Format.MERMAID: "diagramme Mermaid",
    Format.DOT: "graphe DOT (Graphviz)",
    Format.SCXML: "automate SCXML (W3C)",
    Format.BPMN: "processus BPMN 2.0 (OMG)",
}

MEDIA: Mapping[Format, tuple[str, str]] = {
    Format.SVG: ("image/svg+xml", "svg"),
    Format.MERMAID: ("text/vnd.mermaid", "mmd"),
    Format.DOT: ("text/vnd.graphviz", "dot"),
    Format.SCXML: ("application/scxml+xml", "scxml"),
    Format.BPMN: ("application/xml", "bpmn"),
}
"""The media type of each, and how the name of its files ends."""


class StepLine(Frozen):
    """A state that a pole entered, and how. Its number is the one the picture shows."""

    number: int
    state: str
    state_title: str
    occurred_on: str
    transition: str | None
    title: str
    journey: str


class ExitLine(Frozen):
    """A way out of the state in which a pole stands."""

    transition: str
    title: str
    to: str
    to_title: str
    automatic: bool
    by: tuple[str, ...]
    """Who may take it, in words; empty where it is open to whoever acts."""


class PathSheet(Frozen):
    """The path of a pole in words: everything that its picture shows."""

    journey: str
    title: str
    """What the journey is called."""
    steps: tuple[StepLine, ...]
    exits: tuple[ExitLine, ...]


class RulesLine(Frozen):
    """A published version of a journey, as lists show it."""

    ref: str
    title: str
    since: str
    """The date from which it is in force."""
    digest: str
    states: int
    transitions: int
    source: tuple[str, ...]
    in_force: bool
    """Whether it is the one in force, of its journey, on the day asked about."""


class StateLine(Frozen):
    id: str
    title: str
    initial: bool
    final: bool
    deadlines: tuple[str, ...]
    exits: tuple[str, ...]


class ConditionLine(Frozen):
    """A clause in words, and as it is computed."""

    id: str
    sentence: str
    expression: str
    """In CEL; as another engine writes it, where it is still to be translated."""
    source: str
    unblocked_by: tuple[str, ...]


class TransitionLine(Frozen):
    """A transition with its rules in words."""

    id: str
    title: str
    sources: tuple[str, ...]
    target: str | None
    """None where it leaves the case in its state."""
    automatic: bool
    by: tuple[str, ...] | None
    """None where no role is asked."""
    permissions: tuple[str, ...]
    groups: tuple[str, ...]
    inputs: tuple[str, ...]
    evidence: tuple[str, ...]
    approval: tuple[str, ...]
    rules: tuple[ConditionLine, ...]


class RulesSheet(Frozen):
    """One version of a journey: its states, its transitions and their rules in words."""

    line: RulesLine
    states: tuple[StateLine, ...]
    transitions: tuple[TransitionLine, ...]


class UnknownVersion(NotFound):
    """No such version was published, or not yet then."""

    code = "journey.unknown_version"
    fr = "La version « {ref} » n'est pas publiée {moment} ; versions publiées : {known}."
    en = "The version “{ref}” is not published ({moment}); published versions: {known}."


def beside(ref: str, known: Iterable[str]) -> str:
    """What may have been meant by a version that is none: those of its journey, else all."""
    journey, every = ref.partition("@")[0], sorted(known)
    return (
        ", ".join([one for one in every if one.partition("@")[0] == journey] or every) or "aucune"
    )


TITLES: Mapping[str, str] = {"pole": "parcours d'un pôle"}
"""What journeys are called whose definitions were published without a title."""


def called(journey: Journey) -> str:
    """What a journey is called."""
    return journey.title.say("fr") or TITLES.get(journey.id) or f"parcours « {journey.id} »"


# --- pictures ----------------------------------------------------------------------------------


def draw(
    journey: Journey, form: Format, path: PathSheet | None = None, *, prefix: str = "parcours"
) -> str:
    """A journey in a format; with the path that a pole took, where the format can show it."""
    steps = path.steps if path else ()
    graph = graph_of(journey, [_stage(step) for step in steps])
    title = f"{capital(called(journey))}, {version_in_words(journey.ref)}"
    match form:
        case Format.SVG:
            desc = path_in_words(path) if path else _definition_in_words(graph)
            return svg(
                graph, title=title, desc=desc, notes=_notes(journey, graph, path), prefix=prefix
            )
        case Format.MERMAID:
            return mermaid(graph, title=title)
        case Format.DOT:
            return dot(graph, title=title)
        case Format.SCXML:
            return scxml(journey, graph_of(journey), title=title)
        case Format.BPMN:
            return bpmn(journey, graph_of(journey), title=title)


def _stage(step: StepLine) -> Stage:
    return Stage(
        step.state,
        step.occurred_on,
        step.transition,
        state_title=step.state_title,
        title=step.title,
        journey=step.journey,
    )


def _notes(journey: Journey, graph: Graph, path: PathSheet | None) -> dict[str, tuple[str, ...]]:
    """What stands in small in a state: where the pole is, and the deadlines."""
    notes: dict[str, tuple[str, ...]] = {
        state.id: tuple(f"délai : {period_in_words(due.period)}" for due in state.deadlines)
        for state in journey.states
        if state.deadlines
    }
    notes |= {box.id: ("absente de la définition",) for box in graph.boxes if box.missing}
    if path and path.steps:
        here = path.steps[-1]
        since = since_in_words(here.occurred_on)
        said = f"ici {since}" if since.startswith("depuis") else f"ici, {since}"
        notes[here.state] = (said, *notes.get(here.state, ()))
    return notes


def _definition_in_words(graph: Graph) -> str:
    states = ", ".join(box.title for box in graph.boxes)
    return f"{len(graph.boxes)} étapes : {states}. Les passages sont dits à côté de l'image."


# --- the path ----------------------------------------------------------------------------------


def pole_path(world: World, pole_id: UUID, moment: Moment, journey: str | None = None) -> PathSheet:
    """The path of a pole along a journey, its main one unless said, at a moment."""
    ref = pole_sheet(world, pole_id, moment).journey  # refused where nothing was known yet
    pole = world.load(Pole, pole_id, moment.known)
    if pole is None:
        raise NotFound(name=pole_id)
    return case_path(world, pole, moment, ref, journey)


def case_path(
    world: World, case: Case, moment: Moment, ref: str, journey: str | None = None
) -> PathSheet:
    """The path of any case along one of its journeys, of which `ref` is the version followed."""
    track = case.track(journey)
    ref = track.journey_on(moment.in_force) or ref
    definition = world.compiled(ref).journey
    steps = tuple(_steps(world, case, track, moment, ref))
    return PathSheet(
        journey=ref,
        title=called(definition),
        steps=steps,
        exits=tuple(_exits(definition, steps[-1].state)) if steps else (),
    )


def _steps(world: World, case: Case, track: Track, moment: Moment, ref: str) -> Iterator[StepLine]:
    told = {r.version: r.event for r in world.history(case.id, moment.known)}
    stays = sorted(track.states, key=lambda stay: (stay.since, stay.order))
    stays = [stay for stay in stays if stay.since <= moment.in_force]
    for number, stay in enumerate(stays, 1):
        event = told.get(stay.order)
        taken = event.transition if isinstance(event, Moved) else None
        under = _rules_of(track, stay, event, ref)
        definition = world.compiled(under).journey
        state, way = definition.state.get(stay.value), definition.transition.get(taken or "")
        yield StepLine(
            number=number,
            state=stay.value,
            state_title=title_of(state) if state else stay.value,
            occurred_on=str(stay.occurred_on),
            transition=taken,
            title=title_of(way) if way else ("Changement de règles" if number > 1 else ""),
            journey=under,
        )


def _rules_of(track: Track, stay: Stay, event: object, ref: str) -> str:
    """The version under which a state was entered."""
    match event:
        case Moved(journey=journey):
            return journey
        case Migrated(to=journey):
            return journey
        case _:
            return track.journey_on(stay.since) or ref


def _exits(journey: Journey, state: str) -> Iterator[ExitLine]:
    for way in journey.ways_out(state):
        target = journey.state.get(way.to or state)
        yield ExitLine(
            transition=way.id,
            title=title_of(way),
            to=way.to or state,
            to_title=title_of(target) if target else way.to or state,
            automatic=way.trigger == "automatic",
            by=_named(journey, way.by or ()),
        )


def path_in_words(path: PathSheet) -> str:
    """The path in one line, as who does not see the picture hears it."""
    said = [
        f"{step.number}. {step.state_title}, {date_in_words(step.occurred_on)}"
        for step in path.steps
    ]
    exits = ", ".join(f"{way.title} (vers {way.to_title})" for way in path.exits)
    return f"Chemin suivi : {' ; '.join(said)}. Passages ouverts ensuite : {exits or 'aucun'}."


# --- published versions ------------------------------------------------------------------------


def rules_list(world: World, moment: Moment) -> list[RulesLine]:
    """The versions that were published then, the latest first, each journey apart."""
    rulebook = world.load(Rulebook, RULEBOOK, moment.known)
    if rulebook is None:
        return []
    lines = [
        _version(rulebook, journey, digest, moment.in_force)
        for journey, digest in rulebook.journeys.values()
    ]
    lines.sort(key=lambda line: line.since, reverse=True)
    return sorted(lines, key=lambda line: line.ref.partition("@")[0])


def _version(rulebook: Rulebook, journey: Journey, digest: str, day: date) -> RulesLine:
    begins = journey.in_force_from.first_day
    return RulesLine(
        ref=journey.ref,
        title=called(journey),
        since=journey.version,
        digest=digest,
        states=len(journey.states),
        transitions=len(journey.transitions),
        source=journey.source,
        in_force=rulebook.in_force(journey.id, day) == journey.ref
        and (begins is None or begins <= day),
    )


def rules(world: World, ref: str, moment: Moment) -> tuple[Journey, RulesLine]:
    """A version by its name; refused where it was not published then."""
    rulebook = world.load(Rulebook, RULEBOOK, moment.known)
    known = rulebook.journeys if rulebook else {}
    if rulebook is None or ref not in known:
        on = "à ce jour" if moment.is_today else known_in_words(moment)
        raise UnknownVersion(ref=ref, moment=on, known=beside(ref, known))
    journey, digest = known[ref]
    return journey, _version(rulebook, journey, digest, moment.in_force)


def rules_sheet(world: World, ref: str, moment: Moment) -> RulesSheet:
    """A version in words."""
    return _sheet(*rules(world, ref, moment))


def draft_sheet(journey: Journey) -> RulesSheet:
    """A definition that is not published, in words."""
    line = RulesLine(
        ref=journey.ref,
        title=called(journey),
        since=journey.version,
        digest=digest_of(journey),
        states=len(journey.states),
        transitions=len(journey.transitions),
        source=journey.source,
        in_force=False,
    )
    return _sheet(journey, line)


def _sheet(journey: Journey, line: RulesLine) -> RulesSheet:
    return RulesSheet(
        line=line,
        states=tuple(
            StateLine(
                id=state.id,
                title=title_of(state),
                initial=state.id == journey.initial,
                final=state.final,
                deadlines=tuple(
                    f"{due.title.say('fr')} : {period_in_words(due.period)}"
                    for due in state.deadlines
                ),
                exits=tuple(title_of(way) for way in journey.ways_out(state.id)),
            )
            for state in journey.states
        ),
        transitions=tuple(_transition(journey, way) for way in journey.transitions),
    )


def _transition(journey: Journey, way: Transition) -> TransitionLine:
    return TransitionLine(
        id=way.id,
        title=title_of(way),
        sources=tuple(_state_title(journey, id_) for id_ in way.from_),
        target=None if way.to is None else _state_title(journey, way.to),
        automatic=way.trigger == "automatic",
        by=None if way.by is None else _named(journey, way.by),
        permissions=tuple(permissions_in_words([one]).fr for one in way.permissions),
        groups=way.groups,
        inputs=tuple(
            f"{asked.title.say('fr') or asked.id}{'' if asked.required else ' (facultatif)'}"
            for asked in way.input
        ),
        evidence=tuple(piece.title.say("fr") or piece.id for piece in way.evidence),
        approval=tuple(_approval(way.approval)) if way.approval else (),
        rules=tuple(_rule(journey, way, clause) for clause in clauses_of(way)),
    )


def _state_title(journey: Journey, id_: str) -> str:
    state = journey.state.get(id_)
    return title_of(state) if state else id_


def _rule(journey: Journey, gate: Gate, clause: Clause) -> ConditionLine:
    may = (gate.by or ()) if clause.unblocked_by is None else clause.unblocked_by
    return ConditionLine(
        id=clause.id,
        sentence=clause.say.say("fr"),
        expression=expression_of(clause),
        source=rule_source(clause.source),
        unblocked_by=_named(journey, may),
    )


def _named(journey: Journey, roles: tuple[str, ...]) -> tuple[str, ...]:
    """Roles in words: the product's, then the definition's own."""
    own = {role: said.say("fr") for role, said in journey.roles.items()}
    return tuple(dict[str, str](ROLES).get(role) or own.get(role) or role for role in roles)


MAJORITIES: Mapping[str, str] = {
    "simple": "plus de voix pour que contre",
    "absolute": "plus de la moitié des votants",
    "two_thirds": "deux tiers des voix exprimées",
    "unanimous": "aucune voix contre",
}


def _approval(approval: Approval) -> Iterator[str]:
    for college in approval.colleges:
        seats = f" ({college.seats} sièges)" if college.seats else ""
        yield f"{capital(college.title.say('fr') or college.id)}{seats}"
    yield f"quorum : {approval.quorum}"
    yield f"majorité : {MAJORITIES[approval.majority]}"
    yield f"règle : {rule_source(approval.source)}"
