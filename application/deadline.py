"""Deadlines: as they are shown, and as they are recorded once passed, with what follows."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from uuid import UUID

from typing_extensions import override

from application.case import case_of, cases_field
from application.command import Command, Work
from application.contested import NOTHING_FOLLOWS
from application.recognition import put_lapses_on_record
from application.unit import Outcome
from application.wording import date_in_words, due_in_words, fact, period_in_words
from domain.case import Case, Read
from domain.dates import PartialDate
from domain.deadline import ENTERED, DueDeadline
from domain.errors import Conflict, Damaged, Invalid, JalonError, Unavailable
from domain.journey import Journey, JourneyRef
from domain.pole import Pole
from domain.roles import Role
from domain.rulebook import Rulebook
from domain.rules import CompiledJourney, fact_values, mentions
from domain.track import Track
from domain.values import Frozen
from domain.workflow import Step, run

BATCH = 100
"""Cases in one commit: what is read, decided and written under one lock."""


class DatedByItself(Invalid):
    """What comes of a deadline is dated by the deadline."""

    code = "deadline.dated"
    fr = "Une échéance passée se date d'elle-même : ne donnez ni date du fait, ni fin."
    en = "A deadline that passed dates itself: give neither the date of the fact, nor an end."


class TickDeadlines(
    Command,
    name="deadline.tick",
    says="Enregistrer les échéances passées et les rappels, une seule fois chacun.",
    by=(Role.SYSTEM,),
):
    """Record what has come of the deadlines of some cases, each thing once, dated of its day.

    The automatic steps that a passing deadline opens are taken on that day, and what follows of
    them until today: whoever comes late records what they would have recorded day by day. A case
    that is refused leaves nothing behind, and does not stop the others.
    """

    cases: tuple[UUID, ...] = cases_field(f"Les cas à regarder, {BATCH} au plus.", max_length=BATCH)

    @override
    def execute(self, work: Work) -> UUID:
        if self.occurred_on or self.valid_to:
            raise DatedByItself
        for case in dict.fromkeys(self.cases):
            work.outcomes.append(_attempt(work, case))
        return work.identity


def awaited(rulebook: Rulebook) -> Mapping[str, frozenset[str]]:
    """By version, the states in which time does something: no other case need be looked at.

    Those that have deadlines, and those that are left of themselves at an instant.
    """
    found = {
        ref: frozenset(s.id for s in journey.states if s.deadlines or _is_timed(journey, s.id))
        for ref, (journey, _) in rulebook.journeys.items()
    }
    return {ref: states for ref, states in found.items() if states}


def _is_timed(journey: Journey, state: str) -> bool:
    """Whether a state is left of itself, by a step that asks what time it is."""
    return any(
        isinstance(clause.when, str) and mentions(clause.when, ("now",))
        for way in journey.ways_out(state)
        if way.trigger == "automatic"
        for clause in way.requires
    )


class DeadlineLine(Frozen):
    """A deadline of the stage in which a case stands, as it is shown."""

    journey: JourneyRef
    deadline: str
    title: str
    source: str
    period: str
    counted_from: str
    """In words: the date it counts from, or that this is not known."""
    due: date | None
    passed: bool
    days_left: int | None
    """Days until its last one; negative once it has passed."""
    waits_for: tuple[str, ...]
    reminders: tuple[date, ...]
    sentence: str
    contested: bool = False
    """Whether the date it counts from is contested: until the answer, it does not pass."""


def deadlines_in_words(
    case: Case, day: date, compiled: Callable[[str], CompiledJourney], read: Read
) -> Iterator[DeadlineLine]:
    """The deadlines of the stages in which a case stands on a day, journey by journey."""
    facts = fact_values(case.facts_on(day, read))
    for track in case.tracks.values():
        ref = track.journey_on(day)
        if ref is None:
            continue
        journey = compiled(ref).journey
        for due in case.deadlines_on(day, journey, facts):
            yield _line(journey, due, day)


def _line(journey: Journey, due: DueDeadline, day: date) -> DeadlineLine:
    counted = _counted_from(journey, due)
    when = due_in_words(due.due, day) if due.due else "pas d'échéance tant que cette date manque"
    if due.contested and due.due and due.due < day and not due.passed:
        when = f"échéance {date_in_words(due.due.isoformat())}"
    mark = f" ; {NOTHING_FOLLOWS}" if due.contested else ""
    return DeadlineLine(
        journey=journey.ref,
        deadline=due.id,
        title=due.title.say("fr"),
        source=due.source,
        period=due.period,
        counted_from=counted,
        due=due.due,
        passed=due.passed,
        days_left=(due.due - day).days if due.due else None,
        waits_for=due.waits_for,
        reminders=tuple(reminder.day for reminder in due.reminders),
        sentence=f"{when} ({period_in_words(due.period)} à compter de {counted}){mark}",
        contested=due.contested,
    )


def _counted_from(journey: Journey, due: DueDeadline) -> str:
    name = due.counted_from
    if name == ENTERED and due.since:
        return f"l'entrée dans l'étape, {date_in_words(str(due.since))}"
    titles = {f"var.{variable.id}": variable.title.say("fr") for variable in journey.variables}
    said = f"« {titles.get(name) or fact(name)} »"
    return f"{said}, {date_in_words(str(due.since))}" if due.since else f"{said}, date non connue"


def _attempt(work: Work, id_: UUID) -> Outcome:
    try:
        with work.attempt() as recorded:
            case = case_of(work.get, id_)
            if isinstance(case, Pole):
                put_lapses_on_record(work, case)
            for track in [*case.tracks.values()]:
                _Passing(work, case, track).run()
            work.save(case)
    except (Unavailable, Damaged, Conflict):  # no fault of what the rules say of this case
        raise
    except JalonError as refusal:
        return Outcome(id_, refusal=refusal)
    return Outcome(id_, id_, tuple(recorded))


class _Passing:
    """What days do to a case in one of its journeys, from the last that was recorded to today."""

    def __init__(self, work: Work, case: Case, track: Track) -> None:
        self._work, self._case, self._track = work, case, track
        self._stepped: date | None = None
        """The day of the last step that was taken here."""

    def run(self) -> None:
        """Record all of it; refused where more than a hundred steps would follow one another."""
        first = self._advance() if self._track.stay_on(self._work.today) else None
        for step in run(first, lambda _: self._advance()) if first else ():
            with self._work.dated(PartialDate.on(self._stepped or self._work.today)):
                self._work.take_automatic(self._case, self._track, step)

    def _advance(self) -> Step | None:
        """Record day by day what has come of the present state, until it is left of itself."""
        today = self._work.today
        came = self._work.comings(self._case, self._track)
        days = {coming.on for coming in came}
        entered = self._track.standing_on(today).since
        falling = {day for day in self._case.falls_by(today) if day >= entered}
        days |= falling
        if falling or any(coming.before is None for coming in came):
            days.add(today)  # what did not let it pass on that day may do so now
        if self._stepped:
            days.add(self._stepped)
        for day in sorted(days):
            with self._work.dated(PartialDate.on(day)):
                fresh = [
                    coming.before is None
                    for coming in sorted(came, key=lambda one: one.before is None)
                    if coming.on == day and self._work.recall(self._case, self._track, coming)
                ]
                asked = any(fresh) or day in (today, self._stepped, *falling)
                step = self._work.next_automatic(self._case, self._track) if asked else None
            if step:
                self._stepped = day
                return step
        return None
