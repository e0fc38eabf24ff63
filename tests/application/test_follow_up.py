"""Follow-up committees in a registry: meetings, years that fall due, evaluations, dissolution."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.command import By, Command
from application.deadline import TickDeadlines
from application.document import FileDocument
from application.follow_up import (
    ConstituteFollowUp,
    FileMinutes,
    FollowUpCommand,
    MoveFollowUp,
    NoMinutesOfThePole,
    NoRoundOfThePole,
    NotAConstituter,
    NoteRecommendation,
    PlanFollowedEvaluation,
    ReceiveEvaluation,
    RecordMeeting,
    RoundNotSubmitted,
    SeatFunder,
    SettleRecommendation,
    UnseatFunder,
    WithdrawMeeting,
)
from application.follow_up_list import (
    FOLLOW_UP_MEETINGS,
    FOLLOW_UP_MEMBERS,
    FOLLOW_UPS,
    RECOMMENDATIONS,
)
from application.follow_up_sheet import follow_up_sheet
from application.grid import PublishGrid
from application.wording import tell
from domain.errors import Forbidden, JalonError
from domain.evaluation import EvaluationId
from domain.filing import DocumentKind
from domain.follow_up import FollowUp, FollowUpId
from domain.follow_up_facts import FunderSeat, RecommendationOutcome, RecommendationStanding
from domain.follow_up_refusals import FollowUpStands, NoMeetingThatDay, UnknownFollowUp
from domain.overdue import FellDue
from domain.pole import PoleId
from domain.rights import RightNotHeld
from domain.roles import Role
from domain.workflow import ClauseNotHeld
from infrastructure.reference import shipped_grids
from tests import documents, make
from tests.application import rounds, support
from tests.application.desk import Desk
from tests.application.support import FUNDER, POLE
from tests.examples import settings


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with support.opened(tmp_path) as made:
        yield made


@pytest.fixture
def pole(desk: Desk) -> PoleId:
    return desk.pole()


def constitute(at: Desk, pole: PoleId, on: str = "2022-03-01", by: By = FUNDER) -> FollowUpId:
    return FollowUpId(at.do(ConstituteFollowUp(pole=pole), on, by))


def meet(at: Desk, committee: FollowUpId, on: str, by: By = FUNDER, **more: Any) -> UUID:
    command = RecordMeeting(follow_up=committee, present=("Ministère fictif",), **more)
    return at.do(command, on, by)


def tick(at: Desk, committee: FollowUpId) -> list[tuple[str, str]]:
    """What comes of the deadlines of a committee, by today: which, and of which day."""
    done = at.registry.do(TickDeadlines(cases=(committee,)), make.by(Role.SYSTEM))
    (outcome,) = done.outcomes
    assert outcome.refusal is None
    return [
        (event.deadline, event.due.isoformat())
        for event in outcome.events
        if isinstance(event, FellDue)
    ]


def test_each_missed_year_is_recorded_once_however_late_the_days_are_looked_at(
    desk: Desk,
) -> None:
    committee = constitute(desk, desk.pole(on="2021-01-01"), "2021-05-01")
    for day in ("2022-02-01", "2022-09-01"):
        meet(desk, committee, day)

    assert tick(desk, committee) == [
        ("two_meetings", "2021-12-31"),
        ("two_meetings", "2023-12-31"),
    ]
    assert tick(desk, committee) == []
    desk.pass_days(365)
    assert tick(desk, committee) == [("two_meetings", "2024-12-31")]
    sheet = follow_up_sheet(desk.registry, committee, desk.moment("2025-06-03"))
    assert (sheet.missed_years, sheet.overdue) == ((2021, 2023, 2024), True)
    assert "moins de 2 réunions en 2021, 2023, 2024" in sheet.sentence


def test_a_pole_has_one_committee_until_it_is_dissolved(desk: Desk, pole: PoleId) -> None:
    committee = constitute(desk, pole)
    with pytest.raises(FollowUpStands, match="pole-fictif-suivi"):
        constitute(desk, pole, "2022-04-01")
    dissolve = MoveFollowUp(
        follow_up=committee, transition="dissolve", input={"motive": "fin du soutien"}
    )
    desk.do(dissolve, "2023-01-01", FUNDER)
    again = constitute(desk, pole, "2023-02-01")

    codes = [line.code for line in desk.lines(FOLLOW_UPS, stage="standing")]
    assert codes == ["pole-fictif-suivi-2"]
    assert desk.registry.load(FollowUp, again)
    with pytest.raises(RightNotHeld):
        meet(desk, committee, "2022-12-01")
    meet(desk, committee, "2022-12-01", make.by())


def test_it_is_not_dissolved_while_something_is_promised(desk: Desk, pole: PoleId) -> None:
    committee = constitute(desk, pole)
    support.decide(desk, pole)
    dissolve = MoveFollowUp(follow_up=committee, transition="dissolve", input={"motive": "?"})

    with pytest.raises(ClauseNotHeld, match="engagement financier"):
        desk.do(dissolve, "2024-02-01", FUNDER)


def test_who_may_do_what(desk: Desk, pole: PoleId) -> None:
    with pytest.raises(NotAConstituter):
        constitute(desk, pole, by=POLE)
    committee = constitute(desk, pole)
    with pytest.raises(Forbidden):
        meet(desk, committee, "2022-06-01", POLE)
    with pytest.raises(UnknownFollowUp):
        follow_up_sheet(desk.registry, UUID(int=9), desk.moment())


def test_minutes_are_those_of_the_pole(desk: Desk, pole: PoleId) -> None:
    committee = constitute(desk, pole)
    meet(desk, committee, "2022-06-01")
    mine, other = (
        desk.do(FileDocument(content=documents.pdf(name), kind=DocumentKind.MINUTES, pole=of))
        for name, of in (("Un", pole), ("Deux", desk.pole("Autre pôle")))
    )

    def file(minutes: UUID, held_on: str = "2022-06-01") -> None:
        held = make.day(held_on)
        desk.do(FileMinutes(follow_up=committee, held_on=held, minutes=minutes), by=FUNDER)

    with pytest.raises(NoMinutesOfThePole):
        file(other)
    with pytest.raises(NoMeetingThatDay):
        file(mine, "2022-06-02")
    file(mine)

    sheet = follow_up_sheet(desk.registry, committee, desk.moment())
    assert [met.minutes for met in sheet.meetings] == [mine]
    assert [line.minutes for line in desk.lines(FOLLOW_UP_MEETINGS)] == [mine]


def test_an_evaluation_is_received_once_its_round_was_submitted_and_followed_up(
    desk: Desk, pole: PoleId
) -> None:
    for grid in shipped_grids():
        desk.do(PublishGrid(grid=grid), by=make.by(Role.ADMINISTRATOR))
    committee = constitute(desk, pole)
    mine = rounds.plan(desk.registry, pole, rounds.SELF)
    third = rounds.plan(desk.registry, pole, rounds.THIRD)

    def plan(round_: EvaluationId, name: str = "periode") -> PlanFollowedEvaluation:
        return PlanFollowedEvaluation(
            follow_up=committee,
            name=name,
            period_ends=make.day("2023-12-31"),
            paid_by="État",
            evaluation=round_,
        )

    with pytest.raises(NoRoundOfThePole):
        desk.do(plan(mine), "2024-06-03", FUNDER)
    desk.do(plan(third), "2024-06-03", FUNDER)
    receive = ReceiveEvaluation(follow_up=committee, name="periode")
    with pytest.raises(RoundNotSubmitted):
        desk.do(receive, "2024-06-03", FUNDER)
    (awaited,) = follow_up_sheet(desk.registry, committee, desk.moment()).evaluations
    assert (awaited.evaluation_code, awaited.evaluation_stage) == (
        "pole-fictif-tiers-1",
        "planned",
    )
    on_paper = plan(third, "sur_papier").model_copy(update={"evaluation": None})
    desk.do(on_paper, "2024-06-03", FUNDER)
    desk.do(receive.model_copy(update={"name": "sur_papier"}), "2024-06-03", FUNDER)
    note = NoteRecommendation(follow_up=committee, name="sur_papier", words="élargir")
    desk.do(note, "2024-06-03", FUNDER)
    settle = SettleRecommendation(
        follow_up=committee,
        number=1,
        outcome=RecommendationOutcome.NOT_FOLLOWED,
        answer="faute de moyens",
    )
    desk.do(settle, "2024-06-03", FUNDER)

    (line,) = desk.lines(RECOMMENDATIONS)
    assert (line.standing, line.number) == (RecommendationStanding.NOT_FOLLOWED, 1)
    sheet = follow_up_sheet(desk.registry, committee, desk.moment())
    assert [one.standing_words for one in sheet.recommendations] == ["non suivie"]


def test_everything_it_records_is_told_in_words(desk: Desk, pole: PoleId) -> None:
    committee = constitute(desk, pole)
    meet(desk, committee, "2022-06-01", conclusions="le pôle poursuit")

    told = [tell(recorded.event) for recorded in desk.registry.history(committee)]
    assert [title for title, _ in told] == [
        "Comité de suivi constitué",
        "Réunion du comité de suivi",
    ]


# --- the lists ----------------------------------------------------------------------------------

DAYS = st.dates(date(2022, 1, 1), date(2024, 6, 3))
NAMES = st.sampled_from(["État", "Région", "Caisse des dépôts"])
COMMANDS = st.one_of(
    st.tuples(st.just(RecordMeeting), st.just({"present": ("État",)})),
    st.tuples(st.just(RecordMeeting), st.just({"present": ("État",)})),
    st.tuples(
        st.just(WithdrawMeeting),
        st.fixed_dictionaries({"held_on": DAYS, "motive": st.just("?")}),
    ),
    st.tuples(
        st.just(SeatFunder),
        st.fixed_dictionaries(
            {
                "organisation": NAMES,
                "seat": st.sampled_from(FunderSeat),
                "office": st.just("direction"),
            }
        ),
    ),
    st.tuples(
        st.just(UnseatFunder),
        st.fixed_dictionaries({"organisation": NAMES, "motive": st.just("?")}),
    ),
    st.tuples(
        st.just(PlanFollowedEvaluation),
        st.just({"name": "periode", "period_ends": date(2022, 6, 30), "paid_by": "État"}),
    ),
    st.tuples(st.just(ReceiveEvaluation), st.just({"name": "periode"})),
    st.tuples(st.just(NoteRecommendation), st.just({"name": "periode", "words": "élargir"})),
    st.tuples(
        st.just(SettleRecommendation),
        st.fixed_dictionaries(
            {
                "number": st.integers(1, 2),
                "outcome": st.sampled_from(RecommendationOutcome),
                "answer": st.just("?"),
            }
        ),
    ),
    st.tuples(st.just(MoveFollowUp), st.just({"transition": "dissolve", "input": {"motive": "?"}})),
)


@settings(max_examples=10, deadline=None)
@given(
    acts=st.lists(st.tuples(COMMANDS, DAYS), min_size=4, max_size=12),
    asked=st.lists(DAYS, min_size=1, max_size=3),
)
def test_the_lists_are_the_fold_at_any_known_and_in_force(
    acts: list[tuple[tuple[type[FollowUpCommand], dict[str, Any]], date]], asked: list[date]
) -> None:
    with TemporaryDirectory() as folder, support.opened(Path(folder)) as at:
        committee = constitute(at, at.pole(), "2022-01-01")
        held, sizes = list[date](), [at.size]
        for (kind, given), day in acts:
            if "held_on" in given and held:
                given = {**given, "held_on": held[0]}
            with suppress(JalonError):
                command: Command = kind(follow_up=committee, **given)
                at.do(command, day.isoformat())
                held += [day] if isinstance(command, RecordMeeting) else []
            sizes.append(at.size)
        for known in {sizes[0], sizes[len(sizes) // 2], sizes[-1]}:
            turns = [date(year, month, 1) for year in (2023, 2024, 2026) for month in (1, 7)]
            for day in [*asked, *(on for _, on in acts), *turns]:
                _compare(at, committee, day, known)
        assert at.rebuilt()


def _compare(at: Desk, id_: FollowUpId, day: date, known: int) -> None:
    found = at.registry.load(FollowUp, id_, known)
    assert found
    on = day.isoformat()
    (line,) = at.lines(FOLLOW_UPS, on, known)
    assert line.stage == found.state_on(day)
    missed = found.missed_years(day)
    assert (line.overdue, line.missed_year) == (bool(missed), missed[0] if missed else None)
    met = [one.occurred_on.first_day for one in at.lines(FOLLOW_UP_MEETINGS, on, known)]
    assert met == [one.day for one in found.meetings_by(day)]
    seated = {(one.name, one.seat) for one in at.lines(FOLLOW_UP_MEMBERS, on, known)}
    assert seated == {(one.organisation.name, one.seat) for one in found.members_on(day)}
    noted = [(one.number, one.standing) for one in at.lines(RECOMMENDATIONS, on, known)]
    assert noted == [(one.number, one.standing) for one in found.recommendations_on(day)]
