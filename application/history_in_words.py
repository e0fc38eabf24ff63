"""What was recorded of a case, in words: its history, by date of the facts."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.case import CONCEPTS
from application.contested import ContestMark, marks_by_fact
from application.given_in_words import given_in_words
from application.grid import grid_at
from application.history_line import NAMED, InWords
from application.history_line import HistoryLine as HistoryLine
from application.mandate import principal_in_words
from application.register import pole_at
from application.withheld import told_yet
from application.wording import member_called, tell, thousands
from application.world import Moment, World
from domain.accompaniment import Accompaniment
from domain.assessment import Assessment
from domain.call import Call
from domain.case import Case, Moved
from domain.claim import Claim
from domain.contribution import Contribution
from domain.dates import day_in_words, paris_day
from domain.entry import PoleObjective, Resource
from domain.evaluation import Evaluation
from domain.kernel import Aggregate, Event, Recorded
from domain.membership import MemberId
from domain.pole import Pole
from domain.proposal import BallotCast, RecusalDeclared, VoteClosed, VoteOpened, VoteWithdrawn
from domain.provenance import Kind, MandateId
from domain.rules import CompiledJourney
from domain.succession import Succession
from domain.words import Text
from domain.workflow import Verdict

ATTACHMENTS = (
    Pole.RecognitionAttached,
    Pole.RecognitionEnded,
    Pole.CharterSignatureAttached,
    Pole.Attached,
    Contribution.Received,
    Evaluation.Positioned,
    Evaluation.LeftUnobserved,
)
"""What says only that something recorded elsewhere concerns the pole; what was said of it before
anybody let it appear; and the answers of a round, one by one, which the page of the round tells."""


LINKS = (
    Call.CommitteeAttached,
    Call.DossierAttached,
    Call.ClaimAttached,
    Call.SessionAttached,
)
"""What says only that something concerns a call, which has its own page and tells it there."""


def pole_history(world: World, pole_id: UUID, moment: Moment) -> list[HistoryLine]:
    """Everything recorded of a pole, and of what concerns it, by date of the facts."""
    told = ToldOfPole(world, pole_id, moment)
    return told.lines(told.facts)


class ToldOfPole:
    """Everything recorded of a pole that is told at a moment, by date of the facts.

    Putting a fact into words takes longer than finding it: only those that are asked for are.
    """

    def __init__(self, world: World, pole_id: UUID, moment: Moment) -> None:
        self._world, self._moment = world, moment
        self.pole, _, _ = pole_at(world, pole_id, moment)
        self._events = everything_of(world, self.pole, moment.known)
        told = told_yet(world, self._events, moment.known)
        self.facts = sorted(
            (
                recorded
                for recorded in told
                if not isinstance(recorded.event, ATTACHMENTS)
                and recorded.in_force_from <= moment.in_force
            ),
            key=in_order,
        )

    def lines(self, facts: Iterable[Recorded]) -> list[HistoryLine]:
        """Some of them in words, each with what became of it, wherever that is told."""
        world, moment, chosen = self._world, self._moment, sorted(facts, key=in_order)
        marks = marks_by_fact(self.pole, moment.in_force)
        lines = history_lines(world, chosen, marks, mended_since(self._events), self.facts)
        beside = _cases_beside(world, chosen, moment)
        return [
            _with_names(world, self.pole, line, recorded, moment, beside)
            for line, recorded in zip(lines, chosen, strict=True)
        ]


def in_order(recorded: Recorded) -> tuple[date, int]:
    """The place of a fact in a history: by its date, then by when it was recorded."""
    return recorded.in_force_from, recorded.position


def everything_of(world: World, pole: Pole, known: int) -> list[Recorded]:
    """Everything recorded of a pole, then of each thing that concerns it, taken back or not."""
    own = world.everything(pole.id, known)
    ever = Pole.replay(pole.id, own) or pole
    return [*own, *(r for id_ in ever.related for r in world.everything(id_, known))]


def _cases_beside(
    world: World, shown: Iterable[Recorded], moment: Moment
) -> dict[UUID, tuple[Case, InWords]]:
    """The cases that concern a pole and say their own history by names, each with what says so."""
    kinds = {
        recorded.stream: concept
        for recorded in shown
        if (concept := recorded.event.TOPIC.partition(".")[0]) in NAMED and concept in CONCEPTS
    }
    loaded = {id_: world.load(CONCEPTS[kind], id_, moment.known) for id_, kind in kinds.items()}
    return {id_: (case, NAMED[kinds[id_]]) for id_, case in loaded.items() if case}


def _with_names(
    world: World,
    pole: Pole,
    line: HistoryLine,
    recorded: Recorded,
    moment: Moment,
    beside: Mapping[UUID, tuple[Case, InWords]],
) -> HistoryLine:
    """The same, what an event knows by a code or an identity being called as people call it."""
    event, detail = recorded.event, line.detail
    if recorded.stream in beside:
        case, named = beside[recorded.stream]
        return named(world, case, line, moment)
    match event:
        case Assessment.Made(criterion=criterion):
            _, _, rest = detail.partition(", ")
            detail = f"{_criterion(world, event.grid, criterion, moment)} : {rest}"
        case Assessment.Revised() | Assessment.Withdrawn():
            made = world.load(Assessment, recorded.stream, moment.known)
            if made:
                detail = f"{_criterion(world, made.grid, made.criterion, moment)} : {detail}"
        case Succession.Succeeded(predecessor=predecessor):
            other = world.load(Pole, predecessor, moment.known)
            if other:
                how, _, _ = detail.rpartition(" (")
                detail = f"{other.name_on(recorded.in_force_from)}, {how}"
        case Pole.MemberLeft(member=member):
            detail = member_named(pole, member)
        case Pole.MemberChanged(member=member) | Pole.EssConfirmed(member=member):
            detail = f"{member_named(pole, member)} : {detail}"
        case _:
            return line
    return line.model_copy(update={"detail": detail})


def _criterion(world: World, grid: str, code: str, moment: Moment) -> str:
    """A criterion of 2012 by its title, which its code stands for."""
    item = grid_at(world, grid, moment).items.get(code)
    return f"« {item.title.fr} »" if item else code


def member_named(pole: Pole, member: UUID) -> str:
    """A member by the name of the organisation; a person is not named."""
    known = pole.members.get(MemberId(member))
    return member_called(known.name, known.form_on(date.max)) if known else member_called(None)


@dataclass(frozen=True, slots=True)
class MendedBy:
    """What became of an event that no longer tells its fact."""

    by: UUID
    words: str
    """« rectifié le … (n° …) »."""
    why: str | None

    def told_beside(self, shown: Collection[UUID]) -> str:
        """The same in words; why is left to the event that says so, where that is shown too."""
        return self.words if self.by in shown or not self.why else f"{self.words} : {self.why}"


def mended_since(events: Iterable[Recorded]) -> dict[UUID, MendedBy]:
    """What became of each event that no longer tells its fact."""
    tells: dict[UUID, UUID] = {}
    found: dict[UUID, MendedBy] = {}
    facts: dict[UUID, UUID] = {}
    for recorded in sorted(events, key=lambda one: one.position):
        if (of := recorded.mends) is None:
            continue
        id_, fact = recorded.event.meta.event_id, facts.get(of, of)
        is_retraction = recorded.event.kind is Kind.RETRACT
        day = day_in_words(paris_day(recorded.recorded_at))
        how, number = "retiré" if is_retraction else "rectifié", thousands(recorded.position)
        words, why = f"{how} le {day} (n° {number})", recorded.event.meta.reason
        found[tells.get(fact, fact)] = MendedBy(id_, words, why)
        facts[id_], tells[fact] = fact, id_
    return found


def history_lines(
    world: World,
    events: list[Recorded],
    marks: Mapping[UUID, tuple[ContestMark, ...]] | None = None,
    mended: Mapping[UUID, MendedBy] | None = None,
    told: Iterable[Recorded] | None = None,
) -> list[HistoryLine]:
    """Events of any case in words, by date of the facts.

    Args:
        marks: the contests of each fact.
        mended: of the events that no longer tell their facts, what became of them.
        told: all those that the history tells, where these are some of them.
    """
    events.sort(key=in_order)
    under = {id_ for recorded in events if (id_ := recorded.event.meta.on_behalf_of)}
    principals = {id_: principal_in_words(world, id_) for id_ in under}
    lines = (_history_line(world, recorded, marks or {}, principals) for recorded in events)
    every = events if told is None else told
    struck, titles = mended or {}, {one.event.meta.event_id: one.event for one in every}
    return [_with_mends(line, struck, titles) for line in lines]


def _with_mends(
    line: HistoryLine, mended: Mapping[UUID, MendedBy], told: Mapping[UUID, Event]
) -> HistoryLine:
    """The same, with what became of it, and what it corrects or takes back."""
    found: dict[str, str] = {}
    if since := mended.get(line.event_id):
        found["mended"] = since.told_beside(told.keys())
    if line.corrects and line.topic == Aggregate.FactRetracted.TOPIC and line.corrects in told:
        title, detail = tell(told[line.corrects])
        found["detail"] = f"{title}, {detail}" if detail else title
    elif line.corrects:
        found["title"] = f"{line.title} (rectification)"
    return line.model_copy(update=found) if found else line


def _history_line(
    world: World,
    recorded: Recorded,
    marks: Mapping[UUID, tuple[ContestMark, ...]],
    principals: Mapping[MandateId, str | None],
) -> HistoryLine:
    event, meta = recorded.event, recorded.event.meta
    journey = getattr(event, "journey", None)
    definition = world.compiled(journey).journey if isinstance(journey, str) else None
    title, detail = tell(event, definition)
    verdicts = event.verdicts if isinstance(event, Moved) else ()
    unchecked = {f.clause for f in verdicts if f.verdict is Verdict.NOT_CHECKED}
    disputed = {f.clause for f in verdicts if f.contested}
    sentences: dict[str, Text] = {}
    if definition and isinstance(event, Moved):
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
        given=given_in_words(world, recorded),
        not_checked=tuple(t.fr for clause, t in sentences.items() if clause in unchecked),
        disputed=tuple(t.fr for clause, t in sentences.items() if clause in disputed),
        contests=marks.get(meta.event_id, ()),
        on_behalf_of=meta.on_behalf_of and principals[meta.on_behalf_of],
        vote=event.proposal if isinstance(event, VOTES) else None,
        corrects=recorded.mends,
        says_a_figure=_says_a_figure(event),
    )


def _sentences(compiled: CompiledJourney, transition: str) -> dict[str, Text]:
    return {c.clause.id: c.clause.say for c in compiled.clauses[transition]}


VOTES = (VoteOpened, BallotCast, RecusalDeclared, VoteClosed, VoteWithdrawn)


def _says_a_figure(event: Event) -> bool:
    """Whether an event counts something of the world; what the register counts itself is none."""
    match event:
        case Claim.Recorded(figures=words, comparator=comparator):
            return bool(words or comparator)
        case Pole.EntryDescribed(value=Resource(amount_cents=cents)):
            return cents is not None
        case Pole.EntryDescribed(value=PoleObjective()) | Pole.IndicatorMeasured():
            return True
        case Accompaniment.Granted() | Accompaniment.Extended() | Accompaniment.DaysUsed():
            return True
    return False


UNDATED = "sans date"
"""The part of a history whose facts have no date."""


def by_year(lines: Iterable[HistoryLine]) -> dict[str, list[HistoryLine]]:
    """A history year by year, in the order of its lines; what has no date comes last."""
    years: dict[str, list[HistoryLine]] = {}
    undated = []
    for line in lines:
        if line.occurred_on == "unknown":
            undated.append(line)
        else:
            years.setdefault(line.occurred_on[:4], []).append(line)
    return {**years, UNDATED: undated} if undated else years


COMMON_SOURCE = "Source de ces faits, sauf mention contraire"


def common_source(lines: Iterable[HistoryLine]) -> str | None:
    """The source that most of some facts have, said once for all; none where no two share one."""
    found = Counter(line.source for line in lines if line.source)
    source, times = next(iter(found.most_common(1)), (None, 0))
    return source if times > 1 else None
