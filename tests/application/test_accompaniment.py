"""Accompaniments: counted day by day, listed at any two dates, and deciding nothing of a pole."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.accompaniment import (
    ACCOMPANIMENTS,
    DELIVERABLES,
    EndAccompaniment,
    ExtendAccompaniment,
    GrantAccompaniment,
    HandDeliverable,
    UseDays,
)
from application.charter_signature import SignCharter
from application.history_in_words import pole_history
from application.recognition import RecordRecognition
from domain.accompaniment import Accompaniment, AccompanimentId, MoreThanGranted
from domain.charter import Capacity, Variant
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.pole import PoleId
from domain.recognition import Recognition, RecognitionKind
from domain.values import Personal
from tests import make
from tests.application.desk import Desk, desk
from tests.examples import settings


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def grants(pole: PoleId, days: str = "5", **more: Any) -> GrantAccompaniment:
    return GrantAccompaniment(
        pole=pole, offer="bouquet de services", provider="Réseau fictif", days=days, **more
    )


def granted(at: Desk, pole: PoleId, days: str = "5", **more: Any) -> AccompanimentId:
    return AccompanimentId(at.do(grants(pole, days, **more), "2024-01-01"))


def uses(of: AccompanimentId, days: str) -> UseDays:
    return UseDays(accompaniment=of, days=days, words="atelier")


def counted(at: Desk, on: str, known: int | None = None) -> list[str]:
    return [line.days for line in at.lines(ACCOMPANIMENTS, on, known)]


def test_days_are_counted_from_the_day_they_were_used(at: Desk) -> None:
    accompaniment = granted(at, at.pole(), "2,5")
    at.do(uses(accompaniment, "1"), "2024-03-01")
    size = at.size
    at.do(uses(accompaniment, "0.5"), "2024-02-01")

    assert [counted(at, on) for on in ("2023-12-31", "2024-01-31", "2024-02-01", "2024-03-01")] == [
        [],
        ["0 jour sur 2,5 jours"],
        ["0,5 jour sur 2,5 jours"],
        ["1,5 jour sur 2,5 jours"],
    ]
    assert counted(at, "2024-03-01", size) == ["1 jour sur 2,5 jours"]
    with pytest.raises(MoreThanGranted, match="prolongez"):
        at.do(uses(accompaniment, "1,5"), "2024-04-01")
    assert at.rebuilt()


def test_an_extension_adds_days_and_puts_the_end_off(at: Desk) -> None:
    accompaniment = granted(at, at.pole(), "1", valid_to=make.day("2024-06-01"))
    size = at.size
    at.do(
        ExtendAccompaniment(
            accompaniment=accompaniment, days="2", until=make.day("2024-09-01"), motive="suite"
        ),
        "2024-05-01",
    )

    assert counted(at, "2024-07-01") == ["0 jour sur 3 jours"]
    assert counted(at, "2024-04-30") == ["0 jour sur 1 jour"]
    assert counted(at, "2024-07-01", size) == []
    assert counted(at, "2024-09-01") == []
    assert {str(line.until) for line in at.lines(ACCOMPANIMENTS)} == {"2024-09-01"}


def test_working_with_a_pole_is_news_and_granting_days_is_none(at: Desk) -> None:
    pole = at.pole(on="2022-01-01")
    accompaniment = granted(at, pole)
    before = at.load(pole).facts_on(make.TODAY, lambda _, id_: Recognition(id_)).silence.months
    at.do(uses(accompaniment, "1"), "2024-05-01")

    after = at.load(pole).facts_on(make.TODAY, lambda _, id_: Recognition(id_)).silence.months
    assert (before, after) == (29, 1)


def test_the_end_of_a_support_ends_neither_a_stage_nor_a_recognition(at: Desk) -> None:
    pole = at.pole()
    at.do(
        RecordRecognition(
            pole=pole,
            recognition_kind=RecognitionKind.SELECTION,
            code="selection",
            issuer="comité fictif",
            ground="loi n° 2014-856, art. 9 II",
            source="document fictif",
        ),
        "2023-01-01",
    )
    at.do(
        SignCharter(
            pole=pole,
            charter=PartialDate("2021-06"),
            variant=Variant.EXISTING_POLE,
            capacity=Capacity.PRESIDENT,
            place="Ville fictive",
            signatory=Personal(text="Camille Exemple"),
        ),
        "2023-01-01",
    )
    accompaniment = granted(at, pole)
    on = make.day("2024-05-02")
    before = at.load(pole)

    at.do(EndAccompaniment(accompaniment=accompaniment, motive="terminé"), "2024-05-01")

    after = at.load(pole)
    assert after.version == before.version
    assert after.state_on(on) == before.state_on(on)
    assert after.facts_on(on, at.registry.load).recognitions.article9_in_force == 1
    assert counted(at, "2024-05-01") == []


def test_what_comes_of_it_is_listed_and_told(at: Desk) -> None:
    pole = at.pole()
    accompaniment = granted(at, pole)
    at.do(HandDeliverable(accompaniment=accompaniment, title="Note de cadrage"), "2024-03-01")

    (line,) = at.lines(DELIVERABLES, pole=pole)
    told = [line.title for line in pole_history(at.registry, pole, at.moment())]

    assert (line.title, line.accompaniment, str(line.occurred_on)) == (
        *("Note de cadrage", accompaniment),
        "2024-03-01",
    )
    assert told == ["Inscription au registre", "Accompagnement", "Livrable de l'accompagnement"]


@pytest.mark.parametrize(
    "days", ["", "0", "0,0", "-1", "1,3", "1.25", "deux", "2001", "1e3", "٢", "1,5,5", "9" * 5000]
)
def test_days_that_are_none(days: str) -> None:
    with pytest.raises(ValidationError):
        grants(PoleId(make.ACTOR), days)


@pytest.mark.parametrize("days", [2, 2.5, "2", "2,5", "2.5", " 2,0 ", "2000"])
def test_days_as_people_and_programs_write_them(days: Any) -> None:
    assert grants(PoleId(make.ACTOR), days).days


FIRST = date(2024, 1, 1)
DAYS = st.integers(0, 20).map(lambda n: FIRST + timedelta(days=n))
ACTS = st.tuples(
    st.sampled_from(["use", "use", "extend", "put off", "end"]), st.integers(1, 4), DAYS
)


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(ACTS, max_size=8))
def test_the_list_says_what_the_history_says(
    at: Desk, history: list[tuple[str, int, date]]
) -> None:
    id_ = AccompanimentId(
        at.do(
            grants(at.pole(), "3").model_copy(update={"valid_to": date(2024, 1, 15)}), "2024-01-01"
        )
    )
    for act, number, day in history:
        more: dict[str, Any] = {"accompaniment": id_, "motive": "suite"}
        with suppress(JalonError):
            match act:
                case "use":
                    at.do(uses(id_, f"{number / 2}"), day.isoformat())
                case "extend":
                    at.do(ExtendAccompaniment(days=f"{number}", **more), day.isoformat())
                case "put off":
                    until = date(2024, 1, 15) + timedelta(days=number)
                    at.do(ExtendAccompaniment(until=until, **more), day.isoformat())
                case _:
                    at.do(EndAccompaniment(**more), day.isoformat())

    folded = at.registry.load(Accompaniment, id_)
    assert folded
    for number in range(-1, 22):
        day = FIRST + timedelta(days=number)
        lines = [line for line in at.lines(ACCOMPANIMENTS, day.isoformat()) if line.id == id_]
        said = [(line.half_days_granted, line.half_days_used) for line in lines]
        counts = (folded.granted_on(day), folded.used_on(day))
        assert said == ([counts] if folded.in_force_on(day) else [])
