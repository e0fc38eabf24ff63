"""What is asked of the register: lists, sheets, histories, and what is wanting."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from application.deadline import DeadlineLine, deadlines_in_words
from application.wording import date_in_words, holders, tell
from application.world import World
from domain.charter import CharterSignature
from domain.dates import paris_day
from domain.errors import Invalid, JalonError, NotFound
from domain.journey import Journey, Transition
from domain.kernel import Aggregate, Frozen, Recorded, Role
from domain.pole import MemberKind, Pole, Territory
from domain.recognition import Recognition, RecognitionKind
from domain.rights import Who
from domain.rules import CompiledJourney, fact_values, instant
from domain.words import Stored, Text
from domain.workflow import Verdict, why


class Moment(Frozen):
    """The two dates of a question: what was known at a size of the journal, in force on a day."""

    known: int
    in_force: date
    known_on: date | None = None
    is_today: bool = True


class PoleLine(Frozen):
    """A pole as lists show it."""

    id: UUID
    code: str
    name: str
    stage: str
    stage_title: str
    occurred_on: str
    journey: str
    territory: str | None = None
    department: str | None = None
    region: str | None = None
    activity: str | None = None
    confidence: str | None = None


class MemberLine(Frozen):
    id: UUID
    member_kind: MemberKind
    name: str
    occurred_on: str


class RecognitionLine(Frozen):
    """A recognition as the pole's sheet shows it."""

    id: UUID
    code: str
    recognition_kind: RecognitionKind
    issuer: str
    occurred_on: str
    until: date | None
    ground: str | None
    source: str | None
    confidence: str | None


class JourneyLine(Frozen):
    """A journey that a pole follows beside its main one."""

    journey: str
    title: str
    stage: str
    stage_title: str
    occurred_on: str


class PoleSheet(Frozen):
    """Everything shown of one pole at a moment."""

    id: UUID
    code: str
    name: str
    stage: str
    stage_title: str
    occurred_on: str
    journey: str
    journey_source: tuple[str, ...]
    territory: Territory
    activity: str | None
    remark: str | None
    carrier: str | None
    carrier_siret: str | None
    members: tuple[MemberLine, ...]
    recognitions: tuple[RecognitionLine, ...]
    charter_signed: bool
    version: int
    further: tuple[JourneyLine, ...] = ()
    deadlines: tuple[DeadlineLine, ...] = ()


class HistoryLine(Frozen):
    """One event in words, with what an auditor needs to find it again."""

    position: int
    event_id: UUID
    topic: str
    recorded_at: datetime
    occurred_on: str
    title: str
    detail: str
    role: Role
    actor: UUID
    ground: str | None
    source: str | None
    confidence: str | None
    reason: str | None
    not_checked: tuple[str, ...] = ()


class ClauseLine(Frozen):
    """A clause of a way out, with its verdict and the values seen."""

    clause: str
    verdict: Verdict
    sentence: str
    values: dict[str, Stored]
    source: str
    unblocked_by: tuple[str, ...]
    waits_for_input: bool


class WayLine(Frozen):
    """A way out of the present stage: what is met and what is still wanting."""

    transition: str
    title: str
    to: str
    to_title: str
    status: str
    automatic: bool
    by: tuple[str, ...]
    holders: str
    """To whom it belongs, in words: roles, rights and groups."""
    missing_input: tuple[str, ...]
    clauses: tuple[ClauseLine, ...]
    votes: tuple[str, ...] = ()
    """Where each vote on it stands, in a sentence."""


class NotYet(NotFound):
    """The pole exists in the registry, and not yet at the moment asked about."""

    code = "pole.not_yet"
    fr = "« {name} » n'était pas encore connu du registre {moment}."
    en = "“{name}” was not known to the register yet ({moment})."


class NotYetInForce(NotYet):
    """The pole was known then, and its facts begin later than the day asked about."""

    code = "pole.not_yet_in_force"
    fr = "Rien de ce qui est connu de « {name} » n'était encore en vigueur {moment}."
    en = "Nothing known of “{name}” was in force yet ({moment})."


class UnknownStage(Invalid):
    """The journeys have no such stage."""

    code = "pole.unknown_stage"
    fr = "« {stage} » n'est pas une étape : {known}."
    en = "“{stage}” is not a stage: {known}."


class AmbiguousName(JalonError):
    """Several poles answer to a name."""

    code = "pole.ambiguous"
    fr = "« {name} » désigne plusieurs pôles : {among}."
    en = "“{name}” names several poles: {among}."


def _at(world: World, pole_id: UUID, moment: Moment) -> tuple[Pole, str, str]:
    pole = world.load(Pole, pole_id, moment.known)
    stage = pole and pole.state_on(moment.in_force)
    journey = pole and pole.journey_on(moment.in_force)
    if not pole or not stage or not journey:
        present = world.load(Pole, pole_id)
        if present is None:
            raise NotFound(name=pole_id)
        name = present.names[0].value
        if pole is None:
            asked = moment.known_on or moment.in_force
            raise NotYet(name=name, moment=date_in_words(asked.isoformat()))
        raise NotYetInForce(name=name, moment=date_in_words(moment.in_force.isoformat()))
    return pole, stage, journey


def pole_sheet(world: World, pole_id: UUID, moment: Moment) -> PoleSheet:
    """The sheet of a pole as known then, in force on that day."""
    pole, stage, journey = _at(world, pole_id, moment)
    day = moment.in_force
    definition = world.compiled(journey).journey
    carrier = pole.carrier_on(day)
    signatures = [world.load(CharterSignature, s, moment.known) for s in pole.signatures]
    return PoleSheet(
        id=pole.id,
        code=pole.code,
        name=pole.name_on(day),
        stage=stage,
        stage_title=definition.state[stage].title.fr,
        occurred_on=stage_date(pole, day),
        journey=journey,
        journey_source=definition.source,
        territory=pole.territory_on(day),
        activity=pole.activity_on(day),
        remark=pole.remark,
        carrier=carrier[0] if carrier else None,
        carrier_siret=carrier[1] if carrier else None,
        members=tuple(
            MemberLine(id=id_, member_kind=m.kind, name=m.name, occurred_on=str(m.occurred_on))
            for id_, m in pole.members_on(day)
        ),
        recognitions=tuple(_recognitions(world, pole, moment)),
        charter_signed=any(s and s.in_force_on(day) for s in signatures),
        version=pole.version,
        further=tuple(_further(world, pole, day)),
        deadlines=tuple(_deadlines(world, pole, moment)),
    )


def pole_deadlines(world: World, pole_id: UUID, moment: Moment) -> list[DeadlineLine]:
    """The deadlines of the stages in which a pole stands, on a day."""
    pole, _, _ = _at(world, pole_id, moment)
    return [*_deadlines(world, pole, moment)]


def _deadlines(world: World, pole: Pole, moment: Moment) -> Iterator[DeadlineLine]:
    def read(cls: type[Aggregate], id_: UUID) -> Any:
        return world.load(cls, id_, moment.known)

    return deadlines_in_words(pole, moment.in_force, world.compiled, read)


def _further(world: World, pole: Pole, day: date) -> Iterator[JourneyLine]:
    """The journeys begun beside the main one, as they stood on a day."""
    for track in pole.tracks.values():
        stay, journey = track.stay_on(day), track.journey_on(day)
        if track is not pole.main and stay and journey:
            definition = world.compiled(journey).journey
            yield JourneyLine(
                journey=journey,
                title=definition.title.fr or definition.id,
                stage=stay.value,
                stage_title=definition.state[stay.value].title.fr or stay.value,
                occurred_on=str(stay.occurred_on),
            )


def stage_date(pole: Pole, day: date) -> str:
    """The date of the last step, no more precise than it is known."""
    return str(pole.main.standing_on(day).occurred_on)


def _recognitions(world: World, pole: Pole, moment: Moment) -> Iterator[RecognitionLine]:
    for recorded in _related(world, pole, moment.known):
        event = recorded.event
        if isinstance(event, Recognition.Issued) and recorded.in_force_from <= moment.in_force:
            recognition = world.load(Recognition, recorded.stream, moment.known)
            yield RecognitionLine(
                id=recorded.stream,
                code=event.code,
                recognition_kind=event.recognition_kind,
                issuer=event.issuer,
                occurred_on=str(event.occurred_on),
                until=recognition.end if recognition else None,
                ground=event.meta.ground,
                source=event.meta.source,
                confidence=event.meta.confidence,
            )


def _related(world: World, pole: Pole, known: int) -> Iterator[Recorded]:
    for id_ in pole.related:
        yield from world.history(id_, known)


ATTACHMENTS = (Pole.RecognitionAttached, Pole.CharterSignatureAttached, Pole.Attached)
"""What says only that something recorded elsewhere concerns the pole."""


def pole_history(world: World, pole_id: UUID, moment: Moment) -> list[HistoryLine]:
    """Everything recorded of a pole, and of what concerns it, by date of the facts."""
    pole, _, _ = _at(world, pole_id, moment)
    events = [*world.history(pole.id, moment.known), *_related(world, pole, moment.known)]
    shown = [
        recorded
        for recorded in events
        if not isinstance(recorded.event, ATTACHMENTS) and recorded.in_force_from <= moment.in_force
    ]
    shown.sort(key=lambda recorded: (recorded.in_force_from, recorded.position))
    return [_history_line(world, recorded) for recorded in shown]


def _history_line(world: World, recorded: Recorded) -> HistoryLine:
    event, meta = recorded.event, recorded.event.meta
    journey = getattr(event, "journey", None)
    definition = world.compiled(journey).journey if isinstance(journey, str) else None
    title, detail = tell(event, definition)
    verdicts = event.verdicts if isinstance(event, Pole.Moved) else ()
    unchecked = {f.clause for f in verdicts if f.verdict is Verdict.NOT_CHECKED}
    sentences: dict[str, Text] = {}
    if definition and isinstance(event, Pole.Moved):
        sentences = _sentences(world.compiled(definition.ref), event.transition)
    return HistoryLine(
        position=recorded.position,
        event_id=meta.event_id,
        topic=event.TOPIC,
        recorded_at=recorded.recorded_at,
        occurred_on=str(event.occurred_on),
        title=title,
        detail=detail,
        role=meta.role,
        actor=meta.actor,
        ground=meta.ground,
        source=meta.source,
        confidence=meta.confidence,
        reason=meta.reason,
        not_checked=tuple(t.fr for clause, t in sentences.items() if clause in unchecked),
    )


def _sentences(compiled: CompiledJourney, transition: str) -> dict[str, Text]:
    return {c.clause.id: c.clause.say for c in compiled.clauses[transition]}


def _votes(pole: Pole, day: date, journey: Journey, way: Transition) -> Iterator[str]:
    """Where each vote on a way out stands, in a sentence."""
    place = pole.track(journey.id).standing_on(day).place
    for vote in pole.votes_on(day, journey, place) if way.approval else ():
        if vote.transition == way.id and way.approval:
            yield f"{vote.tally_on(day, way.approval).say.fr} Vote {vote.id}."


def pole_why(
    world: World, pole_id: UUID, moment: Moment, *, role: Role | None = None
) -> list[WayLine]:
    """Every way out of the stage in force, with what is wanting; for a past moment too."""
    pole, stage, ref = _at(world, pole_id, moment)

    def read(cls: type[Aggregate], id_: UUID) -> Any:
        return world.load(cls, id_, moment.known)

    compiled = world.compiled(ref)
    journey = compiled.journey
    day = moment.in_force
    known = fact_values(pole.facts_on(day, read))
    facts = {**known, **pole.engine_facts_on(day, journey, known)}
    now = world.clock() if day == paris_day(world.clock()) else instant(day)
    lines = []
    who = None if role is None else Who(frozenset({role}))
    for way in why(compiled, stage, facts, who=who, now=now):
        transition = journey.transition[way.transition]
        lines.append(
            WayLine(
                transition=way.transition,
                title=transition.title.fr or transition.id,
                to=way.to,
                to_title=journey.state[way.to].title.fr or way.to,
                status=way.status,
                automatic=way.trigger == "automatic",
                by=transition.by or (),
                holders=holders(transition),
                votes=tuple(_votes(pole, day, journey, transition)),
                missing_input=tuple(
                    i.title.fr for i in transition.input if i.id in way.missing_input
                ),
                clauses=tuple(
                    ClauseLine(
                        clause=finding.clause,
                        verdict=finding.verdict,
                        sentence=c.clause.say.fr,
                        values=dict(finding.values),
                        source=c.clause.source,
                        unblocked_by=(
                            transition.by or ()
                            if c.clause.unblocked_by is None
                            else c.clause.unblocked_by
                        ),
                        waits_for_input=finding.verdict is Verdict.UNKNOWN
                        and any(name.startswith("input.") for name in c.reads),
                    )
                    for c, finding in zip(
                        compiled.clauses[way.transition], way.findings, strict=True
                    )
                ),
            )
        )
    return lines
