"""What is asked of the register: the line and the sheet of a pole, and what it lacks to go on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from uuid import UUID

from application.absent import absent
from application.contested import ContestMark, answers_by_fact, marks_by_part
from application.deadline import DeadlineLine, deadlines_in_words
from application.figures import SideBySide, figures_of, side_by_side
from application.identifiers import identifier_in_words
from application.legal_form import ess_in_words
from application.pole_end import told_with_what_is_open
from application.territory_in_words import places_in_words
from application.ways import WayLine, case_why
from application.wording import MEMBERS, date_in_words, known_in_words, member_called, stage_note
from application.world import Moment, World, reading
from domain.charter import CharterSignature
from domain.correction import TakenBack
from domain.errors import Invalid, JalonError, NotFound
from domain.journey import Journey
from domain.legal_form import EssStatus
from domain.membership import MemberKind, Membership
from domain.pole import ENDED, Pole, Territory
from domain.recognition import Recognition, RecognitionKind
from domain.roles import Role
from domain.silence import shown_stage
from domain.values import Frozen

NO_LONGER = "plus rien de ce qui le décrivait n'est en vigueur"
"""What is said of a pole that has ended, beside how it stood then."""


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
    stage_note: str | None = None
    """What is to be known of the stage, where something is."""


class MemberLine(Frozen):
    """A member as the pole's sheet shows it; a person is never named, nor known by a number."""

    id: UUID
    member_kind: MemberKind
    name: str
    occurred_on: str
    identifier: str | None = None
    """How a register names it, in words."""
    legal_form: str | None = None
    ess: EssStatus
    """On what its quality of enterprise of the social economy rests."""
    ess_words: str = ""
    """The same in words, with its reason, or that nothing shows it."""
    ess_document: UUID | None = None
    """The document that shows it."""
    is_person: bool = False
    """Whether it is a natural person."""


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


class EvidenceLine(Frozen):
    """A piece of evidence in force, and its document where that is on file."""

    evidence: str
    title: str
    occurred_on: str
    document: UUID | None


class PoleSheet(Frozen):
    """Everything shown of one pole at a moment."""

    id: UUID
    code: str
    name: str
    stage: str
    stage_title: str
    stage_note: str | None = None
    """What is to be known of the stage, where something is."""
    occurred_on: str
    journey: str
    journey_source: tuple[str, ...]
    territory: Territory
    places: tuple[str, ...] = ()
    """Its places in words, like with like."""
    activity: str | None
    remark: str | None
    carrier: str | None
    carrier_siret: str | None
    carrier_identifier: str | None = None
    """How a register names it, in words."""
    carrier_since: str | None = None
    """From when on the same legal person carries the pole, wherever it stood."""
    members: tuple[MemberLine, ...]
    members_counted: tuple[tuple[str, int], ...] = ()
    """How many of each kind, in words, and how many of all are natural persons."""
    recognitions: tuple[RecognitionLine, ...]
    charter_signed: bool
    version: int
    further: tuple[JourneyLine, ...] = ()
    deadlines: tuple[DeadlineLine, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()
    contests: Mapping[str, tuple[ContestMark, ...]] = {}
    """What is contested of it, by the part of the sheet that says it."""
    figures: tuple[SideBySide, ...] = ()
    """What its sources count, its outcomes first: side by side, never added."""
    eve: date | None = None
    """Of a pole that has ended: the last day before its end."""
    at_end: "PoleSheet | None" = None
    """Of a pole that has ended: how it stood on that eve. It holds no longer."""


class FurtherWays(Frozen):
    """What is wanting to go on in a journey that a pole follows beside its main one."""

    journey: str
    title: str
    stage: str
    stage_title: str
    ways: tuple[WayLine, ...]


class NotYet(NotFound):
    """The pole exists in the registry, and not yet at the moment asked about."""

    code = "pole.not_yet"
    fr = "« {name} » n'était pas encore connu du registre {moment}."
    en = "“{name}” was not known to the register yet ({moment})."


class NothingInForceYet(NotYet):
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


def pole_at(world: World, pole_id: UUID, moment: Moment) -> tuple[Pole, str, str]:
    """A pole as known then, with the stage and the journey it was in that day; else a refusal."""
    pole = world.load(Pole, pole_id, moment.known)
    stage = pole and pole.state_on(moment.in_force)
    journey = pole and pole.journey_on(moment.in_force)
    if not pole or not stage or not journey:
        present = world.load(Pole, pole_id)
        if present is None:
            raise no_such_pole(world, pole_id, moment)
        name = present.names[0].value
        if pole is None:
            raise NotYet(name=name, moment=known_in_words(moment))
        raise NothingInForceYet(name=name, moment=date_in_words(moment.in_force.isoformat()))
    return pole, stage, journey


def no_such_pole(world: World, pole_id: UUID, moment: Moment) -> NotFound:
    """What is said of a pole that is not there: never entered, not yet, or taken back since."""
    gone = absent(world, pole_id, NotFound(name=pole_id))
    if isinstance(gone, TakenBack) and not world.everything(pole_id, moment.known):
        return NotYet(name=gone.details["name"], moment=known_in_words(moment))
    return gone


def pole_sheet(world: World, pole_id: UUID, moment: Moment) -> PoleSheet:
    """The sheet of a pole as known then, in force on that day."""
    pole, stage, journey = pole_at(world, pole_id, moment)
    day = moment.in_force
    definition = world.compiled(journey).journey
    if stage == ENDED:
        return _ended(world, pole, definition, moment)
    shown = shown_stage(pole, day)
    if shown.stage in definition.state:
        stage = shown.stage
    carrier = pole.carrier_on(day)
    signatures = [world.load(CharterSignature, s, moment.known) for s in pole.signatures]
    return PoleSheet(
        id=pole.id,
        code=pole.code,
        name=pole.name_on(day),
        stage=stage,
        stage_title=definition.state[stage].title.fr,
        stage_note=stage_note(shown),
        occurred_on=str(shown.occurred_on),
        journey=journey,
        journey_source=definition.source,
        territory=pole.territory_on(day),
        places=tuple(places_in_words(pole.territory_on(day))),
        activity=pole.activity_on(day),
        remark=pole.remark,
        carrier=carrier[0] if carrier else None,
        carrier_siret=carrier[1] if carrier else None,
        carrier_identifier=identifier_in_words(pole.carrier_identifier_on(day)),
        carrier_since=str(since) if (since := pole.carrier_since(day)) else None,
        members=tuple(_member(id_, m, day) for id_, m in pole.members_on(day)),
        members_counted=tuple(_counted(pole, day)),
        recognitions=tuple(_recognitions(world, pole, moment)),
        charter_signed=any(s and s.in_force_on(day) for s in signatures),
        version=pole.version,
        further=tuple(_further(world, pole, day)),
        deadlines=tuple(_deadlines(world, pole, moment)),
        evidence=tuple(
            EvidenceLine(
                evidence=piece.value.evidence,
                title=piece.value.title,
                occurred_on=str(piece.value.occurred_on),
                document=piece.value.document,
            )
            for piece in pole.pieces
            if piece.covers(day)
        ),
        contests=marks_by_part(world, pole, moment.known, day),
        figures=tuple(_figures(world, pole, moment)),
    )


def _ended(world: World, pole: Pole, definition: Journey, moment: Moment) -> PoleSheet:
    """The sheet of a pole that has ended: nothing is in force of it, but how it stood is kept.

    As its lists: members, carrier and the rest end with it. Where it was and what it did still
    say which pole it is, as in the register.
    """
    day = moment.in_force
    stay = pole.main.standing_on(day)
    eve = stay.since - timedelta(days=1)
    before = moment.model_copy(update={"in_force": eve, "is_today": False})
    stood = pole.state_on(eve) is not None and pole.state_on(eve) != ENDED
    return PoleSheet(
        id=pole.id,
        code=pole.code,
        name=pole.name_on(day),
        stage=stay.value,
        stage_title=definition.state[stay.value].title.fr,
        occurred_on=str(stay.occurred_on),
        journey=definition.ref,
        journey_source=definition.source,
        territory=pole.territory_on(day),
        places=tuple(places_in_words(pole.territory_on(day))),
        activity=pole.activity_on(day),
        remark=pole.remark,
        carrier=None,
        carrier_siret=None,
        members=(),
        recognitions=tuple(
            line.model_copy(update={"until": min(line.until or stay.since, stay.since)})
            for line in _recognitions(world, pole, moment)
        ),
        charter_signed=False,
        version=pole.version,
        contests=marks_by_part(world, pole, moment.known, day),
        figures=tuple(_figures(world, pole, moment)),
        eve=eve if stood else None,
        at_end=pole_sheet(world, pole.id, before) if stood else None,
    )


def _member(id_: UUID, member: Membership, day: date) -> MemberLine:
    kind, form, evidence = member.kind_on(day), member.form_on(day), member.evidence_on(day)
    is_person = member.is_person_on(day)
    return MemberLine(
        id=id_,
        member_kind=kind,
        name=member_called(member.name, form),
        occurred_on=str(member.occurred_on),
        identifier=None if is_person else identifier_in_words(member.identifier),
        is_person=is_person,
        legal_form=form.label if form else None,
        ess=member.ess_on(day),
        ess_words=ess_in_words(kind, form, member.ess_on(day), evidence),
        ess_document=evidence.document if evidence else None,
    )


def _counted(pole: Pole, day: date) -> Iterator[tuple[str, int]]:
    """The members by kind, the most frequent first; then those who are natural persons."""
    there = [member for _, member in pole.members_on(day)]
    kinds = Counter(MEMBERS[member.kind_on(day)] for member in there)
    yield from kinds.most_common()
    if persons := sum(member.is_person_on(day) for member in there):
        yield "personnes physiques en tout", persons


def _figures(world: World, pole: Pole, moment: Moment) -> list[SideBySide]:
    """What is claimed of it in figures that had been claimed by a day."""
    claims = [id_ for id_, concept in pole.attached.items() if concept == "claim"]
    contested = [contest.fact for contest in pole.contests_on(moment.in_force)]
    answered = answers_by_fact(pole, moment.in_force)
    found = figures_of(world, claims, moment.known, contested, answered)
    return side_by_side(line for told, line in found if told.holds_on(moment.in_force))


def pole_deadlines(world: World, pole_id: UUID, moment: Moment) -> list[DeadlineLine]:
    """The deadlines of the stages in which a pole stands, on a day."""
    pole, _, _ = pole_at(world, pole_id, moment)
    return [*_deadlines(world, pole, moment)]


def _deadlines(world: World, pole: Pole, moment: Moment) -> Iterator[DeadlineLine]:
    if pole.state_on(moment.in_force) == ENDED:
        return iter(())
    return deadlines_in_words(pole, moment.in_force, world.compiled, reading(world, moment))


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


def _recognitions(world: World, pole: Pole, moment: Moment) -> Iterator[RecognitionLine]:
    told = (told for id_ in pole.recognitions for told in world.history(id_, moment.known))
    for recorded in told:
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


def pole_why(
    world: World, pole_id: UUID, moment: Moment, *, role: Role | None = None
) -> list[WayLine]:
    """Every way out of the stage in force, with what is wanting; for a past moment too."""
    pole, stage, ref = pole_at(world, pole_id, moment)
    ways = case_why(world, pole, stage, ref, moment, role=role)
    journey, read = world.compiled(ref).journey, reading(world, moment)
    return told_with_what_is_open(ways, pole, journey, moment.in_force, read)


def pole_further_why(
    world: World, pole_id: UUID, moment: Moment, *, role: Role | None = None
) -> list[FurtherWays]:
    """The same of each journey it follows beside its main one; none once it has ended."""
    pole, stage, _ = pole_at(world, pole_id, moment)
    if stage == ENDED:
        return []
    return [
        FurtherWays(
            journey=line.journey,
            title=line.title,
            stage=line.stage,
            stage_title=line.stage_title,
            ways=tuple(case_why(world, pole, line.stage, line.journey, moment, role=role)),
        )
        for line in _further(world, pole, moment.in_force)
    ]
