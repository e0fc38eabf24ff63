"""The profile of a pole: what is described holds by its days, and nothing is concluded from it."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.dates import PartialDate
from domain.entry import (
    Action,
    CooperationLevel,
    Entry,
    EntryId,
    Families,
    Figure,
    Need,
    Origin,
    PoleObjective,
    Resource,
    Sector,
)
from domain.errors import JalonError, Refused
from domain.membership import MemberId, MemberKind
from domain.pole import Pole, PoleEnded
from domain.profile import (
    EntryHasEnded,
    EntryNotInForce,
    EntryWithoutSource,
    NoFamily,
    NoSuchEntry,
    NotAnObjective,
    NothingOfResource,
    NotMembersThen,
    ObjectiveHasNoTerm,
    OtherKind,
    OtherUnit,
    YearToCome,
)
from domain.workflow import Step
from infrastructure.event_store.mapper import read_state, write_state
from tests import make
from tests.domain.samples.profile import described
from tests.examples import settings

NEED = Need(title="Des emplois proches")
OBJECTIVE = PoleObjective(title="Emplois", indicator="emplois créés", unit="emplois", target="20")


def describe(pole: Pole, value: Entry, on: str = "2023-01-01", **more: Any) -> EntryId:
    until = more.get("until")
    with make.on(on, valid_to=until):
        return pole.describe(value, day=make.day(on), **more)


def end(pole: Pole, entry: EntryId, on: str) -> None:
    with make.on(on):
        pole.end_entry(entry, motive="achevée", day=make.day(on))


def measure(pole: Pole, entry: EntryId, value: str, on: str, unit: str | None = None) -> None:
    with make.on(on):
        pole.measure(entry, value=value, unit=unit, day=make.day(on), source="rapport")


# --- days ---------------------------------------------------------------------------------------


def test_an_entry_holds_from_its_day_until_it_is_ended() -> None:
    pole = make.pole()
    entry = describe(pole, NEED)

    end(pole, entry, "2024-01-01")

    days = ["2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01"]
    assert [pole.entry_on(entry, make.day(d)) for d in days] == [None, NEED, NEED, None]


def test_what_is_described_again_was_otherwise_before() -> None:
    pole = make.pole()
    entry = describe(pole, NEED)
    other = Need(title="Des emplois durables")

    describe(pole, other, "2023-06-01", entry=entry)

    assert pole.entry_on(entry, make.day("2023-05-31")) == NEED
    assert pole.entry_on(entry, make.day("2023-06-01")) == other


def test_what_has_ended_is_neither_described_again_nor_ended_nor_measured() -> None:
    pole = make.pole()
    entry = describe(pole, OBJECTIVE)
    end(pole, entry, "2024-01-01")

    with pytest.raises(EntryHasEnded, match="1er janvier 2024"):
        describe(pole, OBJECTIVE, "2023-06-01", entry=entry)
    with pytest.raises(EntryHasEnded):
        end(pole, entry, "2023-06-01")
    with pytest.raises(EntryHasEnded):
        measure(pole, entry, "1", "2023-06-01")


def test_nothing_is_ended_before_it_holds() -> None:
    pole = make.pole()
    entry = describe(pole, NEED)

    with pytest.raises(EntryNotInForce):
        end(pole, entry, "2022-12-31")


def test_an_entry_is_described_again_as_what_it_is() -> None:
    pole = make.pole()
    entry = describe(pole, NEED)

    with pytest.raises(OtherKind):
        describe(pole, OBJECTIVE, entry=entry)
    with pytest.raises(NoSuchEntry):
        describe(pole, NEED, entry=EntryId(uuid4()))


def test_a_pole_that_has_ended_is_not_described_any_more() -> None:
    pole = make.pole()
    step = Step(
        transition="end", from_="emergence", to="ended", input={"reason": "dissolved"}, findings=()
    )
    with make.on("2023-06-01"):
        pole.move(step, journey=make.LATEST, occurred_on=PartialDate("2023-06-01"))

    with pytest.raises(PoleEnded):
        describe(pole, NEED, "2023-06-01")
    describe(pole, NEED, "2023-05-31")


START = date(2023, 1, 1)
SPAN = 30
offsets = st.integers(0, SPAN - 1)
moves = st.lists(
    st.tuples(
        st.sampled_from(["new", "again", "again", "end"]),
        st.integers(0, 3),
        offsets,
        st.none() | st.integers(1, 10),
    ),
    max_size=14,
)


@settings(deadline=None)
@given(moves=moves)
def test_what_holds_on_a_day_is_what_a_calendar_filled_in_day_by_day_says(
    moves: list[tuple[str, int, int, int | None]],
) -> None:
    """The calendar has a box for each day; what is said is written over what was there."""
    pole = make.pole("2020-01-01")
    calendar: dict[EntryId, dict[int, Entry]] = {}
    for number, (what, which, since, length) in enumerate(moves):
        value = Sector(words=f"secteur {number}")
        entry = [*calendar][which] if which < len(calendar) and what != "new" else None
        until = since + length if length and what != "end" else SPAN
        ends = START + timedelta(days=until) if length and what != "end" else None
        day = START + timedelta(days=since)
        with suppress(Refused), make.on(day.isoformat(), valid_to=ends):
            if what == "end" and entry:
                pole.end_entry(entry, motive="fin", day=day)
                for box in range(since, SPAN):
                    calendar[entry].pop(box, None)
            elif what != "end":
                entry = pole.describe(value, day=day, entry=entry, until=ends)
                boxes = dict.fromkeys(range(since, min(until, SPAN)), value)
                calendar.setdefault(entry, {}).update(boxes)

    again = Pole.replay(pole.id, make.history(pole))
    assert again
    for box in range(SPAN):
        day = START + timedelta(days=box)
        said = {entry: days[box] for entry, days in calendar.items() if box in days}
        for kept in (pole, again):
            assert {entry: known.value for entry, known in kept.entries_on(day)} == said


# --- members ------------------------------------------------------------------------------------


def test_an_entry_names_as_members_those_who_are_on_that_day() -> None:
    pole = make.pole()
    with make.on("2023-03-01"):
        member = pole.add_member(
            member_kind=MemberKind.ESS_ENTERPRISE, name="Coopérative d'essai", person=None
        )
    action = Action(level=CooperationLevel.TECHNICAL, title="Locaux partagés", members=(member,))

    with pytest.raises(NotMembersThen, match=str(member)):
        describe(pole, action, "2023-02-28")
    with pytest.raises(NotMembersThen):
        describe(pole, action.model_copy(update={"members": (MemberId(uuid4()),)}), "2023-03-01")
    entry = describe(pole, action, "2023-03-01")

    assert pole.member_action_on(entry, make.day("2023-03-01")) == action


# --- figures ------------------------------------------------------------------------------------


def resource(**given: Any) -> Resource:
    return Resource(year=2022, origin=Origin.OWN_REVENUE, **given)


def test_a_resource_is_an_amount_or_a_contribution_and_has_a_source() -> None:
    pole = make.pole()

    with pytest.raises(NothingOfResource):
        describe(pole, resource(), source="comptes")
    with pytest.raises(EntryWithoutSource):
        describe(pole, resource(amount_cents=100))
    describe(pole, resource(amount_cents=100), source="comptes")
    describe(pole, resource(in_kind="un local"), source="convention")


def test_nobody_has_lived_on_a_year_that_has_not_begun() -> None:
    pole, year = make.pole(), make.TODAY.year
    value = resource(amount_cents=100)

    with pytest.raises(YearToCome, match=str(year + 1)):
        describe(pole, value.model_copy(update={"year": year + 1}), source="budget")
    describe(pole, value.model_copy(update={"year": year}), source="budget")


@pytest.mark.parametrize("cents", [0, -1, 2**53, "12,5", 1.5])
def test_an_amount_is_a_whole_number_of_cents(cents: Any) -> None:
    with pytest.raises(ValidationError):
        resource(amount_cents=cents)


def test_an_objective_says_where_its_start_comes_from_and_has_no_term() -> None:
    pole = make.pole()
    started = OBJECTIVE.model_copy(update={"baseline": "10"})

    with pytest.raises(EntryWithoutSource):
        describe(pole, started)
    with pytest.raises(ObjectiveHasNoTerm):
        describe(pole, OBJECTIVE, until=make.day("2024-01-01"))
    describe(pole, started, source="diagnostic")


def test_measures_are_told_by_date_whichever_came_first() -> None:
    pole = make.pole()
    entry = describe(pole, OBJECTIVE)

    measure(pole, entry, "12.5", "2024-01-01")
    measure(pole, entry, "11", "2023-06-01")
    measure(pole, entry, "12", "2024-01-01")

    def told(day: str) -> list[str]:
        return [known.value for known in pole.measures_until(entry, make.day(day))]

    assert told("2023-05-31") == []
    assert told("2023-12-31") == ["11"]
    assert told("2024-01-01") == ["11", "12"], "of one day, the last recorded"


def test_only_an_objective_is_measured_in_its_unit_with_a_source() -> None:
    pole = make.pole()
    entry, need = describe(pole, OBJECTIVE), describe(pole, NEED)

    with pytest.raises(NotAnObjective):
        measure(pole, need, "1", "2023-06-01")
    with pytest.raises(OtherUnit, match="ETP"):
        measure(pole, entry, "1", "2023-06-01", unit="ETP")
    with pytest.raises(EntryWithoutSource), make.on("2023-06-01"):
        pole.measure(entry, value="1", unit=None, day=make.day("2023-06-01"), source=None)
    with pytest.raises(NoSuchEntry):
        measure(pole, EntryId(uuid4()), "1", "2023-06-01")


NUMBERS: TypeAdapter[str] = TypeAdapter(Figure)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12 500,50", "12500.50"),
        ("12\u202f500", "12500"),
        ("-3", "-3"),
        (7, "7"),
        (0.5, "0.5"),
    ],
)
def test_a_number_is_kept_exactly_as_it_was_said(given: Any, kept: str) -> None:
    assert NUMBERS.validate_python(given) == kept


@pytest.mark.parametrize("given", ["", "douze", "1.234,5", "1e3", 1e30, True, None, "١٢", "9" * 16])
def test_what_is_not_a_number_is_refused(given: Any) -> None:
    with pytest.raises(ValidationError):
        NUMBERS.validate_python(given)


def test_a_pole_is_of_at_least_one_family() -> None:
    with pytest.raises(NoFamily):
        describe(make.pole(), Families(families=()))


def test_nothing_recorded_by_a_refusal() -> None:
    pole = make.pole()
    before = len(pole.pending)
    refusing: list[Callable[[], object]] = [
        lambda: describe(pole, resource()),
        lambda: describe(pole, Families(families=())),
        lambda: end(pole, EntryId(uuid4()), "2023-01-01"),
    ]

    for refused in refusing:
        with pytest.raises(JalonError):
            refused()

    assert len(pole.pending) == before


# --- what is stored -----------------------------------------------------------------------------

FOLDER = Path(__file__).parent / "entries"
"""One stored state of each kind of entry: the one sample of their topic holds only one of them."""

KINDS = sorted(str(kind.model_fields["type"].default) for kind in get_args(Entry))


@pytest.fixture(scope="module", autouse=True)
def _written() -> None:
    """A sample that is there is never written again."""
    if os.environ.get("JALON_WRITE_SAMPLES") != "1":
        return
    FOLDER.mkdir(exist_ok=True)
    on = PartialDate("2023-05")
    with make.on(on.root):
        for event in described(on):
            file = FOLDER / f"{event.value.type}.json"
            if not file.exists():
                file.write_bytes(write_state(event))


def test_every_kind_of_entry_has_a_sample_and_no_kind_was_forgotten() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.json")) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_an_entry_of_any_kind_is_still_read_and_stored_in_the_same_bytes(kind: str) -> None:
    state = (FOLDER / f"{kind}.json").read_bytes()

    event = read_state("pole.entry_described.v1", state)

    assert isinstance(event, Pole.EntryDescribed)
    assert event.value.type == kind
    assert write_state(event) == state
    assert all(json.loads(state)["value"].values()), "a sample gives a value to every member"
