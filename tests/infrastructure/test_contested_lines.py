"""A line of a list is contested as long as some fact that it shows is, whichever it is."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from application.accompaniment import ACCOMPANIMENTS
from application.contest import CONTESTS_LISTED
from application.undertaking import UNDERTAKINGS
from application.world import Moment
from domain.accompaniment import Accompaniment
from domain.contest import ContestedBy, ContestOutcome
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.kernel import Aggregate, Event, Recorded
from domain.pole import Pole
from domain.undertaking import Bound, Towards, Undertaking, UndertakingFinding, UndertakingId
from infrastructure.read_models.accompaniment import AccompanimentModel
from infrastructure.read_models.contest import ContestModel
from infrastructure.read_models.intervals import METADATA
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.undertaking import UndertakingModel
from tests import make
from tests.examples import settings

MODELS = (UndertakingModel(), AccompanimentModel(), ContestModel())
FIRST = date(2024, 1, 1)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


@pytest.fixture(scope="module")
def engine() -> sa.Engine:
    made = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    METADATA.create_all(made)
    return made


@dataclass
class Life:
    """One undertaking, the contests of its facts, and all that was recorded of both, in order."""

    undertaking: Undertaking
    pole: Pole
    told: list[Recorded]

    @classmethod
    def begin(cls) -> "Life":
        pole, id_ = make.pole(), UndertakingId(uuid4())
        with make.on(on(0).isoformat()):
            undertaking = Undertaking.give(
                id_,
                bound=Bound.POLE,
                pole=pole.id,
                member=None,
                organisation=None,
                towards=Towards.CHARTER,
                text=UUID(int=1),
                item="engagement_01",
                signature=UUID(int=2),
                words="se réunir",
            )
        life = cls(undertaking, pole, [])
        pole.collect_events()
        life._collect()
        return life

    def _collect(self) -> None:
        for aggregate in (self.undertaking, self.pole):
            self._take_in(aggregate)

    def _take_in(self, aggregate: Aggregate) -> None:
        for envelope in aggregate.collect_events():
            position = len(self.told) + 1
            stream, version = envelope.originator_id, envelope.originator_version
            self.told.append(Recorded(position, make.NOW, stream, version, envelope.event))

    def facts(self) -> list[Recorded]:
        return [r for r in self.told if r.stream == self.undertaking.id]

    def do(self, what: str, day: int, number: int) -> None:
        when = on(day)
        with suppress(JalonError), make.on(when.isoformat()):
            match what:
                case "report":
                    documents = tuple(UUID(int=n) for n in range(number))
                    self.undertaking.report(
                        words="fait", documents=documents, persons=("organisation:Un",), day=when
                    )
                case "assess":
                    found = [*UndertakingFinding][number % 3]
                    self.undertaking.assess(
                        found, reasons="vu", persons=("organisation:Deux",), day=when
                    )
                case "extend":
                    self.undertaking.extend(on(60 + number), reasons="délai", day=when)
                case "release":
                    self.undertaking.release(motive="fin", occurred_on=PartialDate.on(when))
                case "contest":
                    self._contest(self.facts()[number % len(self.facts())], when)
                case "answer" if self.pole.contests:
                    contests = [*self.pole.contests]
                    self.pole.answer_contest(
                        contests[number % len(contests)],
                        ContestOutcome.REJECTED,
                        reasons="Vérifié.",
                        persons=(f"account:{UUID(int=9)}",),
                        corrected_by=(),
                        is_sourced=False,
                        occurred_on=PartialDate.on(when),
                        today=make.TODAY,
                    )
        self._collect()

    def _contest(self, fact: Recorded, when: date) -> None:
        self.pole.contest(
            fact=fact.event.meta.event_id,
            topic=fact.event.TOPIC,
            stream=fact.stream,
            place=fact.version,
            by_kind=ContestedBy.MEMBER,
            by="Fonderie",
            version="Non.",
            persons=(f"organisation:{next(NUMBERS)}",),
            evidence=None,
            occurred_on=PartialDate.on(when),
            today=make.TODAY,
        )

    # The truth, read from the events.

    def contested(self, known: int, day: date) -> set[UUID]:
        told = [r for r in self.told[:known] if r.in_force_from <= day]
        answered = {r.event.contest for r in told if isinstance(r.event, Pole.ContestAnswered)}
        made = [r.event for r in told if isinstance(r.event, Pole.FactContested)]
        return {event.fact for event in made if event.contest not in answered}

    def shown(self, known: int, day: date) -> set[UUID]:
        """The events that say what the line says: each thing as last recorded of that day."""
        told = [r for r in self.facts() if r.position <= known]
        of_day = [r for r in told if r.in_force_from <= day]

        def last(events: list[Recorded], *kinds: type[Event]) -> set[UUID]:
            found = [r for r in events if isinstance(r.event, kinds)]
            return {r.event.meta.event_id for r in found[-1:]}

        given, reported = Undertaking.Given, Undertaking.Reported
        assessed, extended = Undertaking.Assessed, Undertaking.Extended
        return (
            last(of_day, given)
            | last(of_day, reported, assessed)
            | last(of_day, reported)
            | last(of_day, extended)
            | last(told, Undertaking.Released)
        )


def told_by(engine: sa.Engine, life: Life) -> Lists:
    """The lists of a life, and of nothing else."""
    with engine.begin() as tx:
        for model in MODELS:
            tx.execute(sa.delete(model.table))
        for recorded in life.told:
            for model in MODELS:
                if type(recorded.event) in model.events:
                    model.apply(tx, recorded)
    return Lists(engine, {model.name: model.table for model in MODELS})


NUMBERS = count()

KINDS = [*["report"] * 3, *["assess"] * 3, "extend", "release", *["contest"] * 4, "answer"]
HAPPENS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 30), st.integers(0, 5)), max_size=14
)


@settings(max_examples=60, deadline=None)
@given(HAPPENS)
def test_a_line_is_marked_exactly_while_something_it_shows_is_contested(
    engine: sa.Engine, happens: list[tuple[str, int, int]]
) -> None:
    life = Life.begin()
    for what, day_, number in happens:
        life.do(what, day_, number)
    lists = told_by(engine, life)

    for known in {len(life.told), len(life.told) * 2 // 3}:
        for day in (on(n) for n in (0, 6, 12, 20, 40)):
            moment = Moment(known=known, in_force=day)
            for line in lists.lines(UNDERTAKINGS, moment):
                expected = life.shown(known, day) & life.contested(known, day)
                assert line.contested is bool(expected), (known, day)
            assert not any(line.contested for line in lists.lines(CONTESTS_LISTED, moment))


def test_each_part_of_a_sum_is_shown_by_it(engine: sa.Engine) -> None:
    life = Life.begin()
    life.told.clear()
    with make.on("2024-01-01"):
        granted = Accompaniment.grant(
            pole=life.pole.id, offer="Appui", provider="Cabinet", half_days=8
        )
    for day in (on(10), on(20)):
        with make.on(day.isoformat()):
            granted.use(half_days=2, words="atelier", day=day)
    life._take_in(granted)
    first_use = life.told[1]
    with make.on(on(20).isoformat()):
        life._contest(first_use, on(20))
    life._collect()
    lists = told_by(engine, life)

    (line,) = lists.lines(ACCOMPANIMENTS, Moment(known=len(life.told), in_force=on(25)))
    assert (line.half_days_used, line.contested) == (4, True)
    with engine.begin() as tx:
        tx.execute(sa.delete(ContestModel.table))
    (line,) = lists.lines(ACCOMPANIMENTS, Moment(known=len(life.told), in_force=on(25)))
    assert not line.contested
