"""What was recorded of a case, in words: its history, by date of the facts."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from application.contested import ContestMark, marks_by_fact
from application.mandate import principal_in_words
from application.register import pole_at, recorded_of
from application.wording import tell
from application.world import Moment, World
from domain.accompaniment import Accompaniment
from domain.case import Moved
from domain.claim import Claim
from domain.contribution import Contribution
from domain.entry import PoleObjective, Resource
from domain.evaluation import Evaluation
from domain.kernel import Event, Frozen, MandateId, Recorded, Role
from domain.pole import Pole
from domain.proposal import BallotCast, RecusalDeclared, VoteClosed, VoteOpened, VoteWithdrawn
from domain.rules import CompiledJourney
from domain.words import Text
from domain.workflow import Verdict


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
    disputed: tuple[str, ...] = ()
    """Of a step: the conditions that rested on a contested fact when it was taken."""
    contests: tuple[ContestMark, ...] = ()
    """What was held instead, and what was answered."""
    on_behalf_of: str | None = None
    """For whom it was done, in words, where it was under a mandate."""
    vote: UUID | None = None
    """The vote that it is about."""
    says_a_figure: bool = False
    """Whether it tells a figure, which is never shown without its source."""


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


def pole_history(world: World, pole_id: UUID, moment: Moment) -> list[HistoryLine]:
    """Everything recorded of a pole, and of what concerns it, by date of the facts."""
    pole, _, _ = pole_at(world, pole_id, moment)
    events = [*world.history(pole.id, moment.known), *recorded_of(world, pole, moment.known)]
    shown = [
        recorded
        for recorded in events
        if not isinstance(recorded.event, ATTACHMENTS) and recorded.in_force_from <= moment.in_force
    ]
    return history_lines(world, shown, marks_by_fact(pole, moment.in_force))


def history_lines(
    world: World,
    events: list[Recorded],
    marks: Mapping[UUID, tuple[ContestMark, ...]] | None = None,
) -> list[HistoryLine]:
    """Events of any case in words, by date of the facts.

    Args:
        marks: the contests of each fact.
    """
    events.sort(key=lambda recorded: (recorded.in_force_from, recorded.position))
    under = {id_ for recorded in events if (id_ := recorded.event.meta.on_behalf_of)}
    principals = {id_: principal_in_words(world, id_) for id_ in under}
    return [_history_line(world, recorded, marks or {}, principals) for recorded in events]


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
        not_checked=tuple(t.fr for clause, t in sentences.items() if clause in unchecked),
        disputed=tuple(t.fr for clause, t in sentences.items() if clause in disputed),
        contests=marks.get(meta.event_id, ()),
        on_behalf_of=meta.on_behalf_of and principals[meta.on_behalf_of],
        vote=event.proposal if isinstance(event, VOTES) else None,
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
