"""Events, their context, and aggregates that decide, then record."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.dates import PartialDate
from domain.errors import NotFound, Refused
from domain.kernel import EVENTS, Aggregate, Event, Recorded, event
from domain.membership import MemberKind
from domain.pole import Pole, Territory
from domain.provenance import Kind
from domain.recognition import Recognition, RecognitionKind
from domain.recording import ContextMissing, EndsBeforeItBegins
from domain.roles import Role
from domain.span import Dated, in_force
from domain.values import Frozen, Line, Personal, Prose, Sealed
from infrastructure.event_store.mapper import read_state, write_state
from tests import make
from tests.domain.strategies import days, lives
from tests.examples import settings


@pytest.fixture
def _own_topics() -> Iterator[None]:
    """Topics that a test makes up are unknown after it."""
    known = dict(EVENTS)
    yield
    EVENTS.clear()
    EVENTS.update(known)


own_topics = pytest.mark.usefixtures("_own_topics")


def renamed(**changes: Any) -> Pole.Renamed:
    pole = make.pole()
    with make.on("2023-02"):
        pole.rename("Trézor")
    given = vars(pole.pending[-1]) | changes
    return Pole.Renamed(**given)


def state_of(aggregate: Aggregate) -> dict[str, Any]:
    return {name: value for name, value in vars(aggregate).items() if name != "_pending"}


def stored(history: list[Recorded]) -> list[tuple[int, int, str, bytes]]:
    at = make.Clock().microseconds()
    return [(r.version, at, r.event.TOPIC, write_state(r.event)) for r in history]


# Events and their context.


def test_nothing_is_recorded_without_somebody_who_answers_for_it() -> None:
    pole = make.pole()

    with pytest.raises(ContextMissing):
        pole.rename("Trézor")

    assert pole.version == 1
    assert pole.name_on(make.TODAY) == "Tétris"


def test_an_event_says_who_in_which_role_and_on_which_ground() -> None:
    provenance = make.context().provenance.model_copy(
        update={"role": Role.NETWORK, "ground": "appel de 2011", "source": "chronologie"}
    )
    pole = make.pole()

    with make.on(provenance=provenance):
        pole.rename("Trézor")
        pole.rename("Tétris")

    one, other = (happened.meta for happened in pole.pending[1:])
    assert (one.actor, one.role, one.ground) == (make.ACTOR, Role.NETWORK, "appel de 2011")
    assert one.event_id != other.event_id
    assert one.correlation_id == other.correlation_id


def test_an_event_is_never_changed() -> None:
    happened = renamed()

    with pytest.raises(ValidationError, match="frozen"):
        happened.name = "Autre"  # type: ignore[misc]  # what is tried


def test_an_event_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        renamed(colour="blue")


def test_two_events_of_the_same_facts_cannot_be_confused() -> None:
    pole = make.pole()

    with make.on():
        pole.rename("Trézor")
        pole.rename("Trézor")

    one, other = pole.pending[1:]
    assert one.salt != other.salt


@pytest.mark.parametrize(
    ("said", "first_day"),
    [
        ("2012-06-25", date(2012, 6, 25)),
        ("2012-06", date(2012, 6, 1)),
        ("2012", date(2012, 1, 1)),
        ("unknown", None),
    ],
)
def test_a_fact_holds_from_the_first_day_of_its_date(said: str, first_day: date | None) -> None:
    pole = make.pole("2011")

    with make.on(said):
        pole.rename("Trézor")

    happened = pole.pending[-1]
    assert (happened.occurred_on, happened.valid_from) == (PartialDate(said), first_day)


def test_a_fact_of_unknown_date_is_in_force_from_its_recording() -> None:
    happened = renamed(occurred_on=PartialDate("unknown"), valid_from=None)
    # In Paris the 2nd has already begun.
    recorded_at = datetime(2024, 7, 1, 22, 30, tzinfo=UTC)

    recorded = Recorded(1, recorded_at, uuid4(), 1, happened)

    assert recorded.in_force_from == date(2024, 7, 2)


def test_a_correction_names_what_it_corrects() -> None:
    pole = make.pole()
    wrong = pole.pending[0].meta.event_id

    with make.on(kind=Kind.CORRECT, corrects=wrong):
        pole.rename("Trézor")

    assert (pole.pending[-1].kind, pole.pending[-1].corrects) == (Kind.CORRECT, wrong)


@pytest.mark.parametrize("end", ["2023-05-04", "2023-05-03"])
def test_a_fact_cannot_stop_holding_before_it_begins(end: str) -> None:
    with pytest.raises(EndsBeforeItBegins, match="4 mai 2023"):
        make.context("2023-05-04", valid_to=make.day(end))


def test_a_fact_of_unknown_date_cannot_stop_holding_before_it_is_recorded() -> None:
    with pytest.raises(EndsBeforeItBegins):
        make.context("unknown", valid_to=make.TODAY)


# Personal values.


class Holder(Frozen):
    name: Personal


@own_topics
@pytest.mark.parametrize(
    "kind", [Personal, Personal | None, tuple[Personal, ...], dict[str, Personal], Holder]
)
def test_a_personal_value_never_enters_an_event(kind: Any) -> None:
    members = {"__annotations__": {"who": kind}, "TOPIC": "thing.told.v1"}

    with pytest.raises(TypeError, match="who: a personal value never enters an event"):
        type("Told", (Event,), members)


def test_the_text_of_a_personal_value_is_never_printed() -> None:
    name = Personal(text="Camille Martin")

    printed = f"{name} {name!r} {[name]} {vars(Holder(name=name))}"

    assert "Camille" not in printed


# Texts.

LINE: TypeAdapter[str] = TypeAdapter(Line)
PROSE: TypeAdapter[str] = TypeAdapter(Prose)


@pytest.mark.parametrize("kind", [LINE, PROSE])
@pytest.mark.parametrize("text", ["", "  \n ", "a\0b", "x" * 20_001])
def test_a_text_is_neither_empty_nor_endless_nor_has_it_a_nul(
    kind: TypeAdapter[str], text: str
) -> None:
    with pytest.raises(ValidationError):
        kind.validate_python(text)


def test_the_blanks_around_a_text_are_no_part_of_it() -> None:
    assert LINE.validate_python("\n Tétris\u00a0") == "Tétris"
    assert PROSE.validate_python("une\nautre ligne\n") == "une\nautre ligne"


# Topics.


@own_topics
def test_a_topic_names_one_event() -> None:
    class First(Event):
        TOPIC = "thing.moved.v1"

    with pytest.raises(TypeError, match="names two events"):
        type("Second", (Event,), {"TOPIC": "thing.moved.v1"})

    assert EVENTS["thing.moved.v1"] is First


@own_topics
@pytest.mark.parametrize("topic", ["thing.moved", "Thing.moved.v1", "thing.moved.v0", "moved.v1"])
def test_a_topic_has_a_form(topic: str) -> None:
    with pytest.raises(TypeError, match="not a topic"):
        type("Moved", (Event,), {"TOPIC": topic})


@own_topics
def test_an_event_of_an_older_version_is_read_as_one_of_today() -> None:
    class Counted(Event):
        TOPIC = "thing.counted.v1"
        figure: str

    written = Counted(figure="12", **_plain_fields())
    state = write_state(written)
    EVENTS.pop("thing.counted.v1")

    class Counts(Aggregate):
        class Counted(Event):
            TOPIC = "thing.counted.v2"
            UPCASTS: ClassVar = {
                "thing.counted.v1": lambda old: {
                    **{name: value for name, value in old.items() if name != "figure"},
                    "number": int(old["figure"]),
                }
            }
            number: int
            unit: str = "jobs"

        number = 0
        unit = ""

        @event(Counted)
        def _counted(self, *, number: int, unit: str) -> None:
            self.number, self.unit = number, unit

    read = read_state("thing.counted.v1", state)
    stream = uuid4()
    rows = [(1, make.Clock().microseconds(), "thing.counted.v1", state)]
    folded = Counts.fold(stream, rows)
    replayed = Counts.replay(stream, [Recorded(1, make.NOW, stream, 1, read)])

    assert isinstance(read, Counts.Counted)
    assert (read.number, read.meta) == (12, written.meta)
    assert folded
    assert replayed
    assert (folded.number, folded.unit) == (replayed.number, replayed.unit) == (12, "jobs")


def _plain_fields() -> dict[str, Any]:
    return {name: value for name, value in vars(renamed()).items() if name in Event.model_fields}


# Decide, then record.


def test_a_history_that_todays_decisions_would_refuse_is_still_read() -> None:
    """As if the rules had been looser once: only the recording methods run again."""
    pole = make.pole()
    on = PartialDate("2023")
    with make.on("2023"):
        for _ in range(2):
            pole._member_joined(
                member=pole.id,  # type: ignore[arg-type]  # any identity will do
                member_kind=MemberKind.OTHER,
                name="Coopérative",
                person=None,
                siren=None,
            )
            pole._member_left(member=pole.id, occurred_on=on)  # type: ignore[arg-type]  # the same
        step: dict[str, Any] = {"transition": "end", "from_": "emergence", "to": "ended"}
        seen: dict[str, Any] = {"input": {}, "verdicts": (), "variables": {}}
        pole._moved(**step, **seen, journey=make.LATEST, occurred_on=on)
        pole._renamed(name="Après la fin")
        pole._moved(**step, **seen, journey=make.LATEST, occurred_on=on)
    with make.on(), pytest.raises(Refused):
        pole.rename("Refusé aujourd'hui")
    told = make.history(pole)

    replayed = Pole.replay(pole.id, told)
    folded = Pole.fold(pole.id, stored(told))

    assert replayed
    assert folded
    assert state_of(replayed) == state_of(folded) == state_of(pole)


def test_a_value_refused_since_is_still_read_where_it_was_recorded() -> None:
    with make.on("2020"):
        recognition = Recognition.issue(
            pole=uuid4(),
            recognition_kind=RecognitionKind.SELECTION,
            code="selection",
            issuer="État",
            ground="loi n° 2014-856, art. 9 II",
            occurred_on=PartialDate("2020"),
        )
    version, at, topic, state = stored(make.history(recognition))[0]
    looser = state.replace(b'"selection"', b'"S\xc3\xa9lection 2020"', 1)

    folded = Recognition.fold(recognition.id, [(version, at, topic, looser)])

    assert folded
    assert folded.code == "Sélection 2020"


@settings(deadline=None, max_examples=60)
@given(pole=lives())
def test_replaying_what_was_recorded_gives_the_same_pole(pole: Pole) -> None:
    told = make.history(pole)

    replayed = Pole.replay(pole.id, told)
    folded = Pole.fold(pole.id, stored(told))

    assert replayed
    assert folded
    assert state_of(replayed) == state_of(pole)
    assert state_of(folded) == state_of(pole)


@settings(deadline=None, max_examples=30)
@given(pole=lives(), at=st.integers(0, 30))
def test_a_pole_as_of_an_earlier_version_is_the_fold_of_what_came_before(
    pole: Pole, at: int
) -> None:
    told = make.history(pole)[: at + 1]

    replayed = Pole.replay(pole.id, told)
    folded = Pole.fold(pole.id, stored(told))

    assert replayed
    assert folded
    assert replayed.version == len(told)
    assert state_of(folded) == state_of(replayed)


def test_a_stream_without_events_is_nothing() -> None:
    assert Pole.replay(uuid4(), []) is None
    assert Pole.fold(uuid4(), []) is None


def test_the_identity_of_something_else_is_not_found() -> None:
    told = make.history(make.pole())

    with pytest.raises(NotFound):
        Recognition.replay(told[0].stream, told)
    with pytest.raises(NotFound):
        Recognition.fold(told[0].stream, stored(told))


def test_what_is_pending_is_handed_over_once() -> None:
    pole = make.pole()

    first, second = pole.collect_events(), pole.collect_events()

    assert [envelope.originator_version for envelope in first] == [1]
    assert second == []


# Facts and the days on which they hold.


@settings(deadline=None)
@given(
    facts=st.lists(st.tuples(days, st.none() | days), max_size=8),
    day=days,
)
def test_of_several_facts_the_last_recorded_that_covers_a_day_is_in_force(
    facts: list[tuple[date, date | None]], day: date
) -> None:
    dated = [Dated(since, until, n) for n, (since, until) in enumerate(facts)]

    found = in_force(dated, day)

    covering = [n for n, (a, b) in enumerate(facts) if a <= day and (b is None or day < b)]
    assert found == max(covering, default=None)


def test_a_fact_that_ends_gives_way_to_the_one_before() -> None:
    pole = make.pole()

    with make.on("2023-01-01", valid_to=make.day("2024-01-01")):
        pole.locate(Territory(words="Romans"))
        pole.rename("Trézor")

    assert pole.name_on(make.day("2022-12-31")) == "Tétris"
    assert pole.name_on(make.day("2023-12-31")) == "Trézor"
    assert pole.name_on(make.day("2024-01-01")) == "Tétris"
    assert pole.territory_on(make.day("2024-01-01")) == Territory()


def test_a_value_kept_sealed_is_named_by_its_hash() -> None:
    with pytest.raises(ValidationError):
        Sealed(ref="Camille Martin")
