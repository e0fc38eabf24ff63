"""Recognitions: dated facts with their ground, whose terms the stage follows."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.history_in_words import pole_history
from application.pole import (
    FileEvidence,
    MigratePole,
    MovePole,
    NoteContact,
    RecordPastStep,
)
from application.recognition import (
    RECOGNITION_LIST,
    RecordRecognition,
)
from application.register import pole_sheet
from application.world import Moment
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.kernel import Recorded
from domain.pole import Pole, PoleId
from domain.recognition import (
    EndToCome,
    FollowsRulesBeforeTheLaw,
    NoGround,
    Recognition,
    RecognitionAlreadyEnded,
    RecognitionId,
    RecognitionKind,
)
from domain.roles import Role
from domain.workflow import ClauseNotHeld
from tests import make
from tests.application.desk import desk as at_a_desk
from tests.application.recognitions import GROUND, Desk, answer, contest, sheet
from tests.examples import settings


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = make.Clock()
    with make.registry(tmp_path, clock=clock) as registry:
        yield Desk(registry, clock)


# What it takes.


def test_no_recognition_is_recorded_without_its_ground(desk: Desk) -> None:
    pole = desk.pole("2022")
    command = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.REGIONAL_SUPPORT,
        code="region",
        issuer="Région",
    )

    with pytest.raises(NoGround):
        desk.registry.do(command, make.by())

    assert list(desk.registry.told(Recognition.Issued)) == []


def test_a_selection_takes_the_step_that_rests_on_it(desk: Desk) -> None:
    pole = desk.pole("2022")

    desk.select(pole, "2023-03-01")

    assert desk.stages(pole, "2023-02-28", "2023-03-01") == ["emergence", "recognised"]
    assert desk.steps(pole) == [("recognise", "2023-03-01")]


def test_a_selection_is_refused_where_the_pole_is_not_composed_as_the_law_says(desk: Desk) -> None:
    pole = desk.pole("2022", complete=False)

    with pytest.raises(ClauseNotHeld, match="une autre entreprise"):
        desk.select(pole, "2023-03-01")

    assert list(desk.registry.told(Recognition.Issued)) == []


def test_rules_from_before_the_law_know_no_recognition_under_it(desk: Desk) -> None:
    pole = desk.pole("2013")
    named = "pole@2011-09.*« pole.migrate », vers « pole@2021-05-12 »"

    with pytest.raises(FollowsRulesBeforeTheLaw, match=named):
        desk.select(pole, "2023-03-01")
    migrate = MigratePole(pole=pole, to="pole@2021-05-12", occurred_on=PartialDate("2023-03-01"))
    desk.registry.do(migrate, make.by())
    desk.select(pole, "2023-03-01")

    assert desk.stages(pole, "2023-03-01") == ["recognised"]


def test_a_sourced_selection_of_the_past_keeps_what_nobody_could_check(desk: Desk) -> None:
    pole = desk.pole("2016", complete=False)
    command = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.SELECTION,
        code="selection",
        issuer="comité interministériel",
        ground=GROUND,
        source="décision publiée",
        occurred_on=PartialDate("2017"),
    )

    desk.registry.do(command, make.by())

    size = desk.registry.journal.size()
    moment = Moment(known=size, in_force=make.TODAY)
    told = pole_history(desk.registry, pole, moment)
    assert any(line.not_checked for line in told)
    assert desk.stages(pole, "2017-06-01") == ["recognised"]


# How long it lasts.


def test_the_end_of_the_last_recognition_takes_the_stage_with_it_on_the_record(desk: Desk) -> None:
    pole = desk.pole("2022")
    first = desk.select(pole, "2023-01-01")
    second = desk.select(pole, "2023-06-01")

    desk.end(first, "2024-01-01")
    assert desk.stages(pole, "2024-01-01") == ["recognised"]
    desk.end(second, "2024-02-01")

    assert desk.stages(pole, "2024-01-31", "2024-02-01") == ["recognised", "experimentation"]
    assert desk.steps(pole) == [("recognise", "2023-01-01"), ("lapse", "2024-02-01")]


def test_a_term_that_comes_ends_the_stage_whether_it_is_recorded_or_not(desk: Desk) -> None:
    pole = desk.pole("2022")
    desk.select(pole, "2023-01-01", "2024-07-01")
    after = ("2024-06-30", "2024-07-01")
    expected = ["recognised", "experimentation"]
    assert desk.stages(pole, *after) == expected
    assert [name for name, _ in desk.steps(pole)] == ["recognise"]

    desk.clock.advance(days=60)
    assert desk.stages(pole, *after) == expected
    desk.tick()
    desk.tick()

    assert desk.stages(pole, *after) == expected
    assert desk.steps(pole) == [("recognise", "2023-01-01"), ("lapse", "2024-07-01")]


def test_a_recognition_recorded_late_covers_the_days_on_which_it_was_in_force(desk: Desk) -> None:
    pole = desk.pole("2016")
    first = desk.select(pole, "2017-01-01")
    desk.end(first, "2019-01-01")
    days = ("2018-12-31", "2019-06-01", "2021-01-01")
    assert desk.stages(pole, *days) == ["recognised", "experimentation", "experimentation"]

    desk.select(pole, "2018-01-01", "2020-01-01")

    assert desk.stages(pole, *days) == ["recognised", "recognised", "experimentation"]


def test_an_end_that_nobody_dates_does_not_lengthen_what_had_ended(desk: Desk) -> None:
    pole = desk.pole("2016")
    recognition = desk.select(pole, "2017-01-01", "2018-01-01")

    with pytest.raises(RecognitionAlreadyEnded):
        desk.end(recognition, "unknown")

    assert desk.stages(pole, "2020-01-01") == ["experimentation"]


def test_a_recognition_of_the_past_is_recorded_though_the_pole_took_other_steps_since(
    desk: Desk,
) -> None:
    pole = desk.pole("2016")
    enter = MovePole(
        pole=pole,
        transition="sign_charter",
        input={"signature": str(UUID(int=1)), "capacity": "president"},
        occurred_on=PartialDate("2023-01-01"),
    )
    form = FileEvidence(
        pole=pole, evidence="charter_form", title="Formulaire", occurred_on=PartialDate("2022")
    )
    desk.registry.do(form, make.by())
    desk.registry.do(enter, make.by(Role.POLE_REPRESENTATIVE))

    desk.select(pole, "2019-01-01", "2020-01-01")

    days = ("2018-06-01", "2019-06-01", "2021-01-01", "2023-06-01")
    expected = ["emergence", "recognised", "experimentation", "charter_signed"]
    assert desk.stages(pole, *days) == expected


def test_the_stage_holds_since_the_first_day_of_the_unbroken_run_whatever_was_recorded_first(
    desk: Desk,
) -> None:
    spans = (("2023-01-01", "2023-06-01"), ("2023-06-01", "2024-01-01"), ("2024-01-01", None))
    for order in permutations(spans):
        pole = desk.pole("2022")
        for on, until in order:
            desk.select(pole, on, until)

        held = [sheet(desk, pole, day) for day in ("2023-03-01", "2023-07-01", "2024-02-01")]
        told = {(one.stage, one.occurred_on) for one in held}
        assert told == {("recognised", "2023-01-01")}, order


def test_after_a_gap_it_holds_since_the_end_of_the_gap(desk: Desk) -> None:
    for order in permutations((("2023-01-01", "2023-06-01"), ("2023-06-02", None))):
        pole = desk.pole("2022")
        for on, until in order:
            desk.select(pole, on, until)

        assert sheet(desk, pole, "2024-02-01").occurred_on == "2023-06-02"
        gap = sheet(desk, pole, "2023-06-01")
        assert (gap.stage, gap.occurred_on) == ("experimentation", "2023-06-01")


def test_an_earlier_end_recorded_after_a_later_one_prevails(desk: Desk) -> None:
    pole = desk.pole("2016")
    recognition = desk.select(pole, "2017-01-01")
    desk.end(recognition, "2022-01-01")
    size = desk.registry.journal.size()
    desk.end(recognition, "2020-01-01")

    told = sheet(desk, pole, "2023-01-01")
    assert (told.stage, told.occurred_on) == ("experimentation", "2020-01-01")
    before = Moment(known=size, in_force=make.day("2021-01-01"))
    assert pole_sheet(desk.registry, pole, before).stage == "recognised"


def test_the_list_shows_the_earliest_end_from_when_it_was_known(tmp_path: Path) -> None:
    with at_a_desk(tmp_path) as at:
        desk = Desk(at.registry, at.clock)
        recognition = desk.select(desk.pole("2016"), "2017-01-01", "2030-01-01")
        ends, sizes = ("2030-01-01", "2022-01-01", "2020-01-01"), []
        for end in ends:
            desk.end(recognition, end)
            sizes.append(at.size)

        for size, end in zip(sizes, ends, strict=True):
            (line,) = at.lines(RECOGNITION_LIST, "2019-01-01", known=size)
            assert str(line.until) == end
            found = at.registry.load(Recognition, recognition, size)
            assert found
            assert found.end == line.until
            assert at.lines(RECOGNITION_LIST, end, known=size) == []
        assert at.rebuilt()


def test_what_ends_in_the_future_is_refused_and_blocks_no_withdrawal(desk: Desk) -> None:
    pole = desk.pole("2022")
    recognition = desk.select(pole, "2023-01-01")

    with pytest.raises(EndToCome, match="1er janvier 2040"):
        desk.end(recognition, "2040-01-01")
    desk.end(recognition, "2024-05-01")

    assert desk.stages(pole, "2024-05-01") == ["experimentation"]


def silence(desk: Desk, pole: PoleId, falls: str) -> None:
    contact = NoteContact(
        pole=pole, channel="appel", outcome="rien", occurred_on=PartialDate(falls)
    )
    desk.registry.do(contact, make.by())
    step = RecordPastStep(
        pole=pole, transition="fall_silent", source="relevé", occurred_on=PartialDate(falls)
    )
    desk.registry.do(step, make.by())


def test_a_pole_without_news_is_shown_so_and_its_recognition_beside_it(desk: Desk) -> None:
    pole = desk.pole("2016")
    desk.select(pole, "2017-01-01", "2023-01-01")
    silence(desk, pole, "2020-01-01")

    told = sheet(desk, pole, "2022-01-01")
    assert told.stage == "dormant"
    assert told.stage_note == (
        "une reconnaissance au titre de l'article 9 est en vigueur, "
        "bien que le pôle soit sans nouvelle"
    )
    assert sheet(desk, pole, "2023-01-01").stage_note is None


def test_a_pole_back_from_silence_is_recognised_since_it_came_back_or_since_it_was_recognised(
    tmp_path: Path,
) -> None:
    url = make.migrated(f"sqlite:///{tmp_path / 'registry.db'}")
    with (
        make.registry(tmp_path, url=url, clock=make.Clock()) as registry,
        make.lists(url, registry.journal) as (follower, register),
    ):
        desk = Desk(registry, make.Clock())
        pole = desk.pole("2016")
        silence(desk, pole, "2018-01-01")
        news = FileEvidence(
            pole=pole, evidence="strategy", title="Suite", occurred_on=PartialDate("2018-12-15")
        )
        registry.do(news, make.by())
        resume = RecordPastStep(
            pole=pole,
            transition="resume_emergence",
            source="relevé",
            occurred_on=PartialDate("2019-01-01"),
        )
        registry.do(resume, make.by())
        desk.select(pole, "2017-01-01", "2020-01-01")
        desk.select(pole, "2021-01-01", "2022-01-01")
        desk.select(pole, "2022-01-01")
        follower.catch_up()

        for day, since in (
            ("2017-06-01", "2017-01-01"),
            ("2019-06-01", "2019-01-01"),
            ("2021-06-01", "2021-01-01"),
            ("2023-06-01", "2021-01-01"),
        ):
            told = sheet(desk, pole, day)
            moment = Moment(known=registry.journal.size(), in_force=make.day(day))
            (line,) = register.lines(moment)
            assert (told.stage, told.occurred_on) == ("recognised", since)
            assert (line.stage, line.occurred_on) == ("recognised", since)


def test_the_end_of_a_support_ends_no_recognition(desk: Desk) -> None:
    pole = desk.pole("2022")
    desk.select(pole, "2023-01-01")
    support = RecordRecognition(
        pole=pole,
        recognition_kind=RecognitionKind.REGIONAL_SUPPORT,
        code="region",
        issuer="Région",
        ground="appel régional",
        occurred_on=PartialDate("2023-01-01"),
    )
    given = RecognitionId(desk.registry.do(support, make.by()).answer)

    desk.end(given, "2024-01-01")

    assert desk.stages(pole, "2024-01-02") == ["recognised"]


# Whatever happens.

DAYS = st.dates(date(2016, 1, 1), date(2024, 6, 1))


@dataclass(frozen=True)
class Deed:
    """Something that is done: what, from which day, until which, about which earlier one."""

    what: str
    day: date
    until: date | None
    about: int


DEEDS = st.builds(
    Deed,
    what=st.sampled_from(
        ["select", "select", "end", "tick", "sign_charter", "wait", "contest", "answer"]
    ),
    day=DAYS,
    until=st.none() | DAYS,
    about=st.integers(0, 5),
)


@settings(deadline=None, max_examples=30)
@given(deeds=st.lists(DEEDS, min_size=1, max_size=12), asked=st.lists(DAYS, min_size=5))
def test_a_pole_stands_recognised_exactly_while_a_recognition_is_in_force(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[Deed], asked: list[date]
) -> None:
    clock = make.Clock()
    folder = tmp_path_factory.mktemp("exactly")
    url = make.migrated(f"sqlite:///{folder / 'registry.db'}")
    with (
        make.registry(folder, url=url, clock=clock) as registry,
        make.lists(url, registry.journal) as (follower, register),
    ):
        desk = Desk(registry, clock)
        pole = desk.pole("2015-05-01")
        naive: dict[RecognitionId, tuple[date, date | None]] = {}
        contests: dict[UUID, int] = {}
        for deed in deeds:
            clock.advance(hours=1)
            with suppress(JalonError):
                _do(desk, pole, naive, contests, deed)
            assert not (_lapsed(desk, pole, contests)), "nothing follows from what is contested"
        follower.catch_up()
        size = registry.journal.size()
        for day in {*asked, *_boundaries(naive)}:
            is_recognised = any(
                since <= day and (until is None or day < until) for since, until in naive.values()
            )
            moment = Moment(known=size, in_force=day)
            sheet = pole_sheet(registry, pole, moment)
            (line,) = register.lines(moment)
            assert (sheet.stage == "recognised") is is_recognised, day
            assert (line.stage, line.occurred_on) == (sheet.stage, sheet.occurred_on)
            if is_recognised:
                assert sheet.occurred_on == _run(naive, day).isoformat()
            elif sheet.stage == "experimentation":
                ends = {u for _, u in naive.values() if u and u <= day}
                assert sheet.occurred_on == max(ends).isoformat()
            assert register.lines(moment, stage=sheet.stage) == [line]
            is_contested = "stage" in sheet.contests
            assert (line.stage_note == "étape contestée") is is_contested


def _do(
    desk: Desk,
    pole: PoleId,
    naive: dict[RecognitionId, tuple[date, date | None]],
    contests: dict[UUID, int],
    deed: Deed,
) -> None:
    match deed.what:
        case "select":
            until = deed.until.isoformat() if deed.until else None
            recognition = desk.select(pole, deed.day.isoformat(), until)
            naive[recognition] = (deed.day, deed.until)
        case "end" if naive:
            recognition = list(naive)[deed.about % len(naive)]
            desk.end(recognition, deed.day.isoformat())
            naive[recognition] = (naive[recognition][0], deed.day)
        case "tick":
            desk.tick()
        case "sign_charter":
            step = MovePole(
                pole=pole,
                transition="sign_charter",
                input={"signature": str(UUID(int=1)), "capacity": "president"},
                occurred_on=PartialDate.on(deed.day),
            )
            desk.registry.do(step, make.by(Role.POLE_REPRESENTATIVE))
        case "wait":
            desk.clock.advance(days=deed.about * 30)
        case "contest" if naive:
            recognition = list(naive)[deed.about % len(naive)]
            made = contest(desk, recognition, -(deed.about % 2), deed.day.isoformat())
            contests[made] = desk.registry.journal.size()
        case "answer" if contests:
            made = list(contests)[deed.about % len(contests)]
            answer(desk, made)
            del contests[made]


def _lapsed(desk: Desk, pole: PoleId, contests: dict[UUID, int]) -> list[Recorded]:
    """The steps back that were recorded since a contest that waits for its answer."""
    since = min(contests.values(), default=None)
    return [
        told
        for told in desk.registry.history(pole)
        if since and told.position > since
        if isinstance(told.event, Pole.Moved) and told.event.transition == "lapse"
    ]


def _run(naive: dict[RecognitionId, tuple[date, date | None]], day: date) -> date:
    """The first day of the unbroken run of recognitions that a day belongs to."""

    def covered(on: date) -> bool:
        return any(since <= on and (u is None or on < u) for since, u in naive.values())

    eve = timedelta(days=1)
    starts = (since for since, _ in naive.values() if since <= day)
    return max(since for since in starts if covered(since) and not covered(since - eve))


def _boundaries(naive: dict[RecognitionId, tuple[date, date | None]]) -> set[date]:
    ends = {day for interval in naive.values() for day in interval if day}
    return {day + timedelta(days=n) for day in ends for n in (-1, 0, 1)}
