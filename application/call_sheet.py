"""Everything shown of one call: its waves, money, committee, laureates known by name, figures.

Nothing of what its committee decides is among it: dossiers are counted by the stage in which they
stand, which does not change with a decision before the results are announced.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import combinations
from uuid import UUID

from application.absent import absent
from application.call import CALL_KINDS, ROUTES
from application.call_laureates import Laureate, laureates_by_phase
from application.call_list import STATES
from application.call_words import (
    amount_in_words,
    bounds_in_words,
    closing_in_words,
    left_in_words,
    open_caveat,
    opening_in_words,
    seat_in_words,
)
from application.claim import FIGURE
from application.dossier_words import DOSSIER_STATES
from application.figures import figure_in_words, measure_in_words
from application.history_line import HistoryLine, named_in
from application.wording import joined
from application.world import Moment, World
from domain.call import Call
from domain.call_refusals import UnknownCall
from domain.call_terms import COLLEGES, AdviserCollege, AdviserSeat, CallKind, Part, Route
from domain.case import Case
from domain.claim import Claim
from domain.committee import Committee
from domain.convocation import SessionMode
from domain.dates import PARIS, PartialDate
from domain.dossier import Dossier
from domain.figure import Figure
from domain.kernel import Event
from domain.minute import Minute
from domain.provenance import Confidence
from domain.session import Session
from domain.values import Frozen

SOMEBODY = "une personne (nom non publié)"


class Postponement(Frozen):
    """A closing that was put off."""

    closes_at: Minute
    decided_on: date
    reasons: str


class WaveLine(Frozen):
    """A wave, its dates as they are known, in words and to the minute where that is known."""

    id: str
    title: str
    phase: int | None
    opens: str | None
    closes: str | None
    opens_at: Minute | None
    closes_at: Minute | None
    left: str | None
    """How long is left before it closes, in words; nothing once its results are announced."""
    postponements: tuple[Postponement, ...]
    announced_on: PartialDate | None
    announced_where: str | None
    under_way: bool
    """Whether it is the one for which the call was last opened."""
    source: str | None
    """Of its dates."""
    announcement_source: str | None


class CallCriterionLine(Frozen):
    """What applications are looked at for."""

    title: str
    words: str | None
    weight: int | None


class AdviserLine(Frozen):
    """One of those whose opinion is asked; a person is not named."""

    id: str
    college: AdviserCollege
    college_title: str
    designated_by: str
    holder: str


class CommitteeBrief(Frozen):
    """The committee of a call, in a few words."""

    id: UUID
    seats: tuple[str, ...]
    public_since: date | None
    reference: str | None
    address: str | None


class StageCount(Frozen):
    """How many dossiers stand at a stage."""

    stage: str
    title: str
    number: int


class CallSessionLine(Frozen):
    """A session of its committee, as everybody sees it."""

    id: UUID
    code: str
    wave: str
    held_at: Minute
    held: str
    mode: SessionMode
    place: str | None


class CallClaimLine(Frozen):
    """What somebody says of a call, and where."""

    claim: UUID
    statement: str
    author: str
    number: str
    """What is measured and how much, in words; empty where no figure is given."""
    measure: str | None
    occurred_on: PartialDate
    source: str | None
    confidence: Confidence | None
    note: str | None
    contradicted: bool
    """Whether another figure of this call cannot be true with it."""


class CallSheet(Frozen):
    """Everything shown of one call."""

    id: UUID
    code: str
    title: str
    call_kind: CallKind
    kind_title: str
    authority: str
    stage: str
    stage_title: str
    stage_caveat: str | None
    """What the registry does not know of the stage; most often nothing."""
    occurred_on: PartialDate
    journey: str
    journey_source: tuple[str, ...]
    source: str | None
    """Of the call itself."""
    waves: tuple[WaveLine, ...]
    envelope_cents: int | None
    envelope: str | None
    envelope_source: str | None
    min_cents: int | None
    max_cents: int | None
    bounds: str | None
    bounds_source: str | None
    specification: str | None
    specification_source: str | None
    specification_address: str | None
    specification_document: UUID | None
    routes: tuple[Route, ...]
    routes_in_words: tuple[str, ...]
    parts: tuple[Part, ...]
    criteria: tuple[CallCriterionLine, ...]
    committee: CommitteeBrief | None
    advisers: tuple[AdviserLine, ...]
    dossiers: int
    dossiers_by_stage: tuple[StageCount, ...]
    sessions: tuple[CallSessionLine, ...]
    laureates: tuple[Laureate, ...]
    """Those that sources name; where they name none, none is shown."""
    claims: tuple[CallClaimLine, ...]


def call_at(world: World, id_: UUID, moment: Moment) -> Call:
    """A call as it was known then; refused where it had not begun on the day."""
    found = world.load(Call, id_, moment.known)
    if found is None:
        raise absent(world, id_, UnknownCall(name=id_), moment.known)
    found.main.standing_on(moment.in_force)
    return found


def call_sheet(world: World, id_: UUID, moment: Moment) -> CallSheet:
    """The sheet of a call as known then, in force on that day."""
    call, day = call_at(world, id_, moment), moment.in_force
    stay = call.main.standing_on(day)
    journey = world.compiled(call.main.journey_on(day) or call.journey).journey
    state = journey.state.get(stay.value)
    told, envelope = call.specification_on(day), call.envelope_on(day)
    least, most = call.bounds_on(day)
    limited = least is not None or most is not None
    stages = _stages(world, call, moment)
    waves = tuple(_waves(world, call, moment))
    return CallSheet(
        id=call.id,
        code=call.code,
        title=call.title,
        call_kind=call.call_kind,
        kind_title=CALL_KINDS[call.call_kind],
        authority=call.authority,
        stage=stay.value,
        stage_title=STATES.get(stay.value) or (state.title.fr if state else stay.value),
        stage_caveat=open_caveat(stay.value, _closing_known(waves)),
        occurred_on=stay.occurred_on,
        journey=journey.ref,
        journey_source=journey.source,
        source=world.history(id_, moment.known)[0].event.meta.source,
        waves=waves,
        envelope_cents=envelope,
        envelope=envelope and amount_in_words(envelope, call.envelope_note_on(day)),
        envelope_source=_source(world, call, moment, Call.EnvelopeSet),
        min_cents=least,
        max_cents=most,
        bounds=bounds_in_words(least, most) if limited else None,
        bounds_source=_source(world, call, moment, Call.BoundsSet),
        specification=told and told.title,
        specification_source=_source(world, call, moment, Call.Specified),
        specification_address=told and told.address,
        specification_document=told and told.document,
        routes=call.routes_on(day),
        routes_in_words=tuple(ROUTES[route] for route in call.routes_on(day)),
        parts=call.parts_on(day),
        criteria=tuple(
            CallCriterionLine(title=one.title, words=one.words, weight=one.weight)
            for one in call.criteria_on(day)
        ),
        committee=_committee(world, call, moment),
        advisers=tuple(map(_adviser, call.advisers_on(day))),
        dossiers=sum(stages.values()),
        dossiers_by_stage=tuple(
            StageCount(stage=name, title=DOSSIER_STATES.get(name, name), number=number)
            for name, number in stages.items()
        ),
        sessions=tuple(_sessions(world, call, moment)),
        laureates=laureates_by_phase(world, call, moment),
        claims=tuple(_claims(world, call, moment)),
    )


def _waves(world: World, call: Call, moment: Moment) -> Iterator[WaveLine]:
    day = moment.in_force
    put_off = [
        recorded.event
        for recorded in world.history(call.id, moment.known)
        if isinstance(recorded.event, Call.ClosingPostponed) and recorded.in_force_from <= day
    ]
    under_way = call.wave_on(day)
    for wave in call.waves_on(day):
        announced = call.announcement_on(wave.id, day)
        yield WaveLine(
            id=wave.id,
            title=wave.title,
            phase=wave.phase,
            opens=opening_in_words(wave),
            closes=closing_in_words(wave),
            opens_at=wave.opens_at,
            closes_at=wave.closes_at,
            left=None if announced else _left(world, wave.closes_at, moment),
            postponements=tuple(
                Postponement(closes_at=e.closes_at, decided_on=e.decided_on, reasons=e.reasons)
                for e in put_off
                if e.wave == wave.id
            ),
            announced_on=announced and announced.occurred_on,
            announced_where=announced and announced.where,
            under_way=under_way is not None and under_way.id == wave.id,
            source=_source(world, call, moment, Call.WaveSet, wave.id),
            announcement_source=_source(world, call, moment, Call.ResultsAnnounced, wave.id),
        )


def _closing_known(waves: Iterable[WaveLine]) -> str | None:
    """The closing of the wave under way; where none is, that of any."""
    told = [*waves]
    under_way = [wave for wave in told if wave.under_way]
    return next((wave.closes for wave in under_way or told if wave.closes), None)


def _left(world: World, closes_at: Minute | None, moment: Moment) -> str | None:
    """How long is left now, or at the end of the day asked about."""
    if closes_at is None:
        return None
    end = datetime.combine(moment.in_force + timedelta(days=1), time(), PARIS)
    return left_in_words(closes_at, world.clock() if moment.is_today else end)


def _source(
    world: World, call: Call, moment: Moment, kind: type[Event], wave: str | None = None
) -> str | None:
    """The source of what was last told of a kind, of the whole call or of a wave."""
    told = [
        recorded
        for recorded in world.history(call.id, moment.known)
        if isinstance(recorded.event, kind)
        and recorded.in_force_from <= moment.in_force
        and getattr(recorded.event, "wave", None) == wave
    ]
    # Of the same day, the one recorded last.
    latest = max(told, key=lambda one: (one.in_force_from, one.position), default=None)
    return latest.event.meta.source if latest else None


def _committee(world: World, call: Call, moment: Moment) -> CommitteeBrief | None:
    found = world.load(Committee, call.committee, moment.known) if call.committee else None
    if found is None or not found.seats_on(moment.in_force):
        return None
    public = found.publication_on(moment.in_force)
    return CommitteeBrief(
        id=found.id,
        seats=tuple(seat_in_words(seat) for seat in found.seats_on(moment.in_force)),
        public_since=public and public.since,
        reference=public and public.reference,
        address=public and public.address,
    )


def _adviser(seat: AdviserSeat) -> AdviserLine:
    return AdviserLine(
        id=seat.id,
        college=seat.college,
        college_title=COLLEGES[seat.college],
        designated_by=seat.designated_by,
        holder=seat.organisation or SOMEBODY,
    )


def _stages(world: World, call: Call, moment: Moment) -> Counter[str]:
    """How many dossiers stand at each stage, in the order of the stages."""
    dossiers = (world.load(Dossier, id_, moment.known) for id_ in call.dossiers)
    stages = (found.state_on(moment.in_force) for found in dossiers if found)
    counted = Counter(stage for stage in stages if stage)
    order = [*DOSSIER_STATES, *counted]
    return Counter({name: counted[name] for name in dict.fromkeys(order) if counted[name]})


def _sessions(world: World, call: Call, moment: Moment) -> Iterator[CallSessionLine]:
    for id_ in call.sessions:
        history = world.history(id_, moment.known)
        found = world.load(Session, id_, moment.known)
        if found and history and history[0].in_force_from <= moment.in_force:
            yield CallSessionLine(
                id=found.id,
                code=found.code,
                wave=found.wave,
                held_at=found.held_at,
                held=found.held_at.in_words(),
                mode=found.mode,
                place=found.place,
            )


def _claims(world: World, call: Call, moment: Moment) -> Iterator[CallClaimLine]:
    told = [*_told(world, call, moment)]
    figures = {id_: figure for id_, claim in told if (figure := _figure(claim))}
    contradicted = {
        id_
        for one, other in combinations(figures, 2)
        if _same(figures[one], figures[other]) and figures[one].contradicts(figures[other])
        for id_ in (one, other)
    }
    for id_, claim in told:
        figure = figures.get(id_)
        said = figure and (claim.figures or figure_in_words(figure))
        yield CallClaimLine(
            claim=id_,
            statement=claim.statement,
            author=claim.author,
            number=f"{measure_in_words(figure.measure)} : {said}" if figure else "",
            measure=claim.measure,
            occurred_on=claim.occurred_on,
            source=claim.meta.source,
            confidence=claim.meta.confidence,
            note=claim.note,
            contradicted=id_ in contradicted,
        )


def _told(world: World, call: Call, moment: Moment) -> Iterator[tuple[UUID, Claim.Recorded]]:
    """What was said of a call by then, and was neither taken back nor corrected."""
    for id_ in _standing(world, call.claims, moment):
        history = world.history(id_, moment.known)
        first = history[0].event if history else None
        if isinstance(first, Claim.Recorded) and history[0].in_force_from <= moment.in_force:
            yield id_, first


def _standing(world: World, claims: Iterable[UUID], moment: Moment) -> Iterator[UUID]:
    """Each claim, or the one that took its place."""
    for id_ in claims:
        found = world.load(Claim, id_, moment.known)
        while found and found.corrected_by:
            found = world.load(Claim, found.corrected_by, moment.known)
        if found and not found.retracted:
            yield found.id


def _figure(claim: Claim.Recorded) -> Figure | None:
    if claim.measure is None:
        return None
    return Figure(**{name: getattr(claim, name) for name in FIGURE})


def _same(one: Figure, other: Figure) -> bool:
    return (one.measure, one.period) == (other.measure, other.period)


@named_in("call")
def _with_its_wave(world: World, found: Case, line: HistoryLine, moment: Moment) -> HistoryLine:
    """A line of its history, with what the wave that it is about is called."""
    told = world.fact(line.event_id)
    event = told.event if told else None
    if not isinstance(found, Call) or not isinstance(event, Call.ResultsAnnounced):
        return line
    wave = found.waves.get(event.wave)
    said = joined(wave.title if wave else None, event.announcement)
    return line.model_copy(update={"detail": said})
