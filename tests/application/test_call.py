"""Calls through their journeys: what opening asks, closing at its minute once, wave after wave."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from application.call import ClaimOfCall, MoveCall, NotAKeeper, NotTheJourneyOfTheCall, PlanCall
from application.call_list import CALLS
from application.call_money import SetBounds, SetEnvelope
from application.call_sheet import call_sheet
from application.call_specification import NameAdvisers
from application.call_wave import PostponeClosing, SetWave
from application.case_sheet import history_of, ways_of
from application.committee import (
    COMMITTEES,
    AdoptProcedure,
    ChangeCommittee,
    FillSeat,
    NotARuleMaker,
    procedure_in_words,
)
from application.deadline import TickDeadlines
from domain.call import Call, CallId
from domain.call_refusals import ClosedAlready, CodeTaken
from domain.call_terms import CallKind, Route
from domain.case import Moved
from domain.committee import Committee, CommitteeSeat
from domain.dates import PartialDate
from domain.errors import Forbidden
from domain.minute import Minute
from domain.provenance import AccountId
from domain.roles import Role
from domain.workflow import ClauseNotHeld, NotByHand
from infrastructure.read_models.call import next_closing
from tests import make
from tests.application.calls import (
    SEATS,
    call_desk,
    constitute,
    opened,
    plan,
    set_wave,
    specify,
)
from tests.application.desk import Desk, person

SYSTEM = make.by(Role.SYSTEM)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with call_desk(tmp_path) as made:
        yield made


def load(at: Desk, call: CallId) -> Call:
    found = at.registry.load(Call, call)
    assert found
    return found


def stage(at: Desk, call: CallId, on: str = "2024-06-03") -> str | None:
    return load(at, call).state_on(make.day(on))


def tick(at: Desk, call: CallId) -> int:
    """How many events a tick records."""
    done = at.registry.do(TickDeadlines(cases=(call,)), SYSTEM)
    return len(done.events)


def closings(at: Desk, call: CallId) -> list[str]:
    return [
        f"{recorded.event.occurred_on}"
        for recorded in at.registry.history(call)
        if isinstance(recorded.event, Moved) and recorded.event.to == "closed"
    ]


# --- opening -------------------------------------------------------------------------------------


def test_a_decree_call_opens_once_everything_that_the_decree_asks_is_there(at: Desk) -> None:
    call = plan(at)
    wanting = []
    for step in (set_wave, specify, constitute):
        with pytest.raises(ClauseNotHeld) as refused:
            at.do(MoveCall(call=call, transition="open"))
        wanting.append(str(refused.value))
        step(at, call)

    at.do(MoveCall(call=call, transition="open"))

    assert stage(at, call) == "open"
    assert "cahier des charges" in wanting[0]
    assert "cahier des charges" in wanting[1]
    assert "arrêté" in wanting[2]
    assert "cahier" not in wanting[2]


def test_a_committee_that_is_not_public_lets_no_decree_call_open(at: Desk) -> None:
    call = plan(at)
    set_wave(at, call)
    specify(at, call)
    committee = constitute(at, call, public=False)

    with pytest.raises(ClauseNotHeld, match="rendue publique"):
        at.do(MoveCall(call=call, transition="open"))

    assert not (at.registry.load(Committee, committee) or Committee.new()).is_public_on(make.TODAY)


def test_a_committee_modified_since_is_made_public_again_before_the_call_opens(at: Desk) -> None:
    call = plan(at)
    set_wave(at, call)
    specify(at, call)
    committee = constitute(at, call)
    more = (*SEATS, CommitteeSeat(id="ville", title="Autre ministère"))
    at.do(ChangeCommittee(committee=committee, seats=more), "2024-05-10")

    with pytest.raises(ClauseNotHeld, match="telle qu'elle est composée"):
        at.do(MoveCall(call=call, transition="open"))


def test_a_permanent_call_opens_without_a_committee_nor_a_closing(at: Desk) -> None:
    call = plan(at, CallKind.PERMANENT)
    set_wave(at, call, opens_at=Minute("2024-06-01T09:00"))
    specify(at, call)

    at.do(MoveCall(call=call, transition="open"))

    assert stage(at, call) == "open"


def test_a_call_does_not_open_before_its_hour(at: Desk) -> None:
    call = plan(at)
    set_wave(at, call, opens_at=Minute("2024-06-03T12:01"), closes_at=Minute("2024-07-01T12:00"))
    specify(at, call)
    constitute(at, call)

    with pytest.raises(ClauseNotHeld, match="l'heure de son ouverture"):
        at.do(MoveCall(call=call, transition="open"))
    at.clock.advance(minutes=1)
    at.do(MoveCall(call=call, transition="open"))

    assert stage(at, call) == "open"


# --- closing -------------------------------------------------------------------------------------


def test_a_call_closes_at_its_minute_and_exactly_once(at: Desk) -> None:
    call = opened(at)
    at.clock.now = datetime(2024, 6, 5, 10, 0, 59, tzinfo=UTC)  # 12 h 00 in Paris: it counts whole
    assert tick(at, call) == 0

    at.clock.now = datetime(2024, 6, 5, 10, 1, tzinfo=UTC)
    assert [tick(at, call), tick(at, call)] == [1, 0]

    assert closings(at, call) == ["2024-06-05"]


def test_whoever_comes_late_records_the_closing_on_its_day(at: Desk) -> None:
    call = opened(at)
    at.pass_days(20)

    assert [tick(at, call), tick(at, call)] == [1, 0]

    assert (stage(at, call, "2024-06-04"), stage(at, call, "2024-06-05")) == ("open", "closed")


def test_nobody_closes_a_call_by_hand(at: Desk) -> None:
    call = opened(at)
    at.pass_days(20)

    with pytest.raises(NotByHand):
        at.do(MoveCall(call=call, transition="close"))


def test_a_call_that_was_put_off_closes_at_the_new_minute(at: Desk) -> None:
    call = opened(at)
    later = Minute("2024-06-20T12:00")
    at.do(
        PostponeClosing(
            call=call, wave="v1", closes_at=later, decided_on=make.TODAY, reasons="pont"
        )
    )

    at.clock.now = datetime(2024, 6, 10, 10, 0, tzinfo=UTC)
    assert tick(at, call) == 0
    at.clock.now = datetime(2024, 6, 20, 10, 1, tzinfo=UTC)
    assert tick(at, call) == 1

    assert closings(at, call) == ["2024-06-20"]


def test_a_closing_that_has_fallen_is_put_off_no_more_ticked_or_not(at: Desk) -> None:
    call = opened(at)
    put_off = PostponeClosing(
        call=call,
        wave="v1",
        closes_at=Minute("2024-06-20T12:00"),
        decided_on=make.TODAY,
        reasons="pont",
    )
    at.clock.now = datetime(2024, 6, 5, 10, 1, tzinfo=UTC)

    with pytest.raises(ClosedAlready):
        at.do(put_off)
    tick(at, call)
    with pytest.raises(ClosedAlready):
        at.do(put_off)


def test_the_closing_that_comes_next_is_known(at: Desk) -> None:
    opened(at)
    at.follower.catch_up()
    engine = at.lists._engine
    closing = datetime(2024, 6, 5, 10, 1, tzinfo=UTC)

    assert next_closing(engine, at.clock()) == closing
    assert next_closing(engine, closing) is None


# --- wave after wave, to the end ------------------------------------------------------------------


def test_a_permanent_call_opens_wave_after_wave(at: Desk) -> None:
    call = opened(at, CallKind.PERMANENT)
    set_wave(
        at,
        call,
        "v2",
        opens_at=Minute("2024-06-10T09:00"),
        closes_at=Minute("2024-06-20T12:00"),
    )
    at.clock.now = datetime(2024, 6, 12, 10, 0, tzinfo=UTC)
    tick(at, call)
    at.do(MoveCall(call=call, transition="begin_instruction"))
    at.do(MoveCall(call=call, transition="next_wave"))
    at.clock.now = datetime(2024, 6, 30, 10, 0, tzinfo=UTC)

    assert [tick(at, call), tick(at, call)] == [1, 0]

    assert closings(at, call) == ["2024-06-05", "2024-06-20"]
    wave = load(at, call).wave_on(make.day("2024-06-30"))
    assert wave is not None
    assert wave.id == "v2"


def test_a_call_is_decided_once_its_results_are_announced(at: Desk) -> None:
    call = opened(at)
    at.clock.now = datetime(2024, 6, 12, 10, 0, tzinfo=UTC)
    tick(at, call)
    at.do(MoveCall(call=call, transition="begin_instruction"))

    with pytest.raises(ClauseNotHeld, match="annoncés"):
        at.do(MoveCall(call=call, transition="decide"))


# --- who may, and what is refused -----------------------------------------------------------------


def test_a_code_is_given_once(at: Desk) -> None:
    plan(at)

    with pytest.raises(CodeTaken):
        plan(at)


def test_calls_are_prepared_by_those_who_keep_them(at: Desk) -> None:
    call = plan(at)
    planned = PlanCall(
        code="autre", title="Autre", call_kind=CallKind.DECREE, authority="Ministère d'essai"
    )

    with pytest.raises(NotAKeeper):
        at.do(planned, by=make.by(Role.FUNDER))
    with pytest.raises(Forbidden):
        at.do(SetBounds(call=call), by=make.by(Role.POLE_REPRESENTATIVE))
    at.do(SetEnvelope(call=call, amount="100 000,50"), by=make.by(Role.SECRETARY))

    assert load(at, call).envelope_on(make.TODAY) == 100_000_50


def test_each_kind_has_its_own_journey(at: Desk) -> None:
    planned = PlanCall(
        code="autre",
        title="Autre",
        call_kind=CallKind.DECREE,
        authority="Ministère d'essai",
        journey="permanent_call@2021-05-12",
    )

    with pytest.raises(NotTheJourneyOfTheCall):
        at.do(planned)


def test_a_committee_writes_its_own_rules(at: Desk) -> None:
    call = plan(at)
    committee = constitute(at, call)
    rules = AdoptProcedure(committee=committee, text="règlement d'essai", quorum=60, written=True)

    with pytest.raises(NotARuleMaker):
        at.do(rules, by=make.by(Role.FUNDER))
    at.do(rules, by=make.by(Role.COMMITTEE_MEMBER))
    found = at.registry.load(Committee, committee)

    assert found is not None
    assert "Quorum : 60 %" in procedure_in_words(found.procedure_on(make.TODAY))[0]


# --- lists ---------------------------------------------------------------------------------------


def test_calls_are_listed_as_they_were_on_a_day_and_as_they_were_known(at: Desk) -> None:
    before = at.size
    call = opened(at)
    known = at.size
    at.do(SetEnvelope(call=call, amount=100000, note="sur deux ans"))
    at.clock.now = datetime(2024, 6, 12, 10, 0, tzinfo=UTC)
    tick(at, call)

    (now,) = at.lines(CALLS, "2024-06-12")
    (then,) = at.lines(CALLS, "2024-05-15")
    (unaware,) = at.lines(CALLS, "2024-06-12", known)

    assert (now.stage, now.stage_title, now.envelope_cents) == ("closed", "clos", 100_000_00)
    assert now.envelope == "100\u202f000\u00a0€ (sur deux ans)"
    assert (now.opens, now.closes) == ("1er juin 2024 à 9 h 00", "5 juin 2024 à 12 h 00")
    assert (then.stage, then.envelope) == ("planned", None)
    assert (unaware.stage, unaware.envelope) == ("open", None)
    assert at.lines(CALLS, "2024-06-12", before) == []
    assert at.lines(CALLS, "2024-04-30") == []
    assert at.rebuilt()


def test_a_list_says_what_the_fold_says(at: Desk) -> None:
    call = opened(at, CallKind.PERMANENT)
    set_wave(at, call, "v2", opens_on=PartialDate("2024-07"), closes_on=PartialDate("2024-07-31"))
    later = Minute("2024-06-20T12:00")
    at.do(
        PostponeClosing(
            call=call, wave="v1", closes_at=later, decided_on=make.TODAY, reasons="pont"
        )
    )
    for day in ("2024-05-01", "2024-05-15", "2024-06-02", "2024-06-03", "2024-06-25"):
        (line,) = at.lines(CALLS, day)
        sheet = call_sheet(at.registry, call, at.moment(day))
        shown = next(
            (w for w in sheet.waves if w.under_way), sheet.waves[0] if sheet.waves else None
        )

        assert line.stage == sheet.stage
        assert (line.opens, line.closes) == ((shown.opens, shown.closes) if shown else (None, None))
    assert at.rebuilt()


def test_committees_are_listed_by_their_offices(at: Desk) -> None:
    committee = constitute(at, plan(at), public=True)
    at.do(FillSeat(committee=committee, seat="cdc", account=AccountId(make.ACTOR)))

    (line,) = at.lines(COMMITTEES)
    (before,) = at.lines(COMMITTEES, "2024-05-03")

    assert line.seats == ("Ministère d'essai (présidence)", "Caisse d'essai")
    assert (line.code, line.voting, str(line.public_on)) == ("essai-2024", 2, "2024-05-04")
    assert before.public_on is None
    assert str(make.ACTOR) not in line.model_dump_json()
    assert at.rebuilt()


# --- the sheet -----------------------------------------------------------------------------------


def test_the_sheet_of_a_call_says_what_is_known_on_the_day(at: Desk) -> None:
    call = opened(at)
    at.do(SetEnvelope(call=call, amount=100000))
    at.do(SetBounds(call=call, minimum=10000, maximum=30000), "2024-06-02")
    at.do(
        NameAdvisers(
            call=call,
            seats=(
                {
                    "id": "q1",
                    "college": "qualified",
                    "designated_by": "Ministère d'essai",
                    "holder": "Camille Exemple",
                },
                {
                    "id": "t1",
                    "college": "local_authorities",
                    "designated_by": "Association d'essai",
                    "organisation": "Commune d'essai",
                },
            ),
        )
    )

    sheet = call_sheet(at.registry, call, at.moment())
    before = call_sheet(at.registry, call, at.moment("2024-05-15"))

    assert sheet.stage_title == "ouvert"
    assert sheet.bounds == "de 10\u202f000\u00a0€ à 30\u202f000\u00a0€"
    assert sheet.routes == (Route.SERVER,)
    assert [adviser.holder for adviser in sheet.advisers] == [
        "une personne (nom non publié)",
        "Commune d'essai",
    ]
    assert sheet.committee is not None
    assert sheet.committee.public_since == make.day("2024-05-04")
    assert "Camille" not in sheet.model_dump_json()
    assert (before.bounds, before.envelope, before.advisers) == (None, None, ())


def test_figures_of_a_call_that_differ_stand_side_by_side(at: Desk) -> None:
    call = plan(at)
    for author, value in (("Un journal", "72"), ("Un autre", "67"), ("Un troisième", "72")):
        at.do(
            ClaimOfCall(
                call=call,
                statement=f"{value} candidatures.",
                author=author,
                measure="candidates",
                value=value,
                period="2024",
                source="https://exemple.test",
            )
        )

    sheet = call_sheet(at.registry, call, at.moment())
    told = history_of(at.registry, "call", call, at.moment())

    assert [claim.number for claim in sheet.claims] == [
        "candidatures : 72",
        "candidatures : 67",
        "candidatures : 72",
    ]
    assert all(claim.contradicted for claim in sheet.claims)
    assert [line.title for line in told] == ["Appel prévu"]  # claims have their own place


def test_what_is_wanting_is_said_clause_by_clause(at: Desk) -> None:
    call = plan(at)
    set_wave(at, call)

    ways = {way.transition: way for way in ways_of(at.registry, "call", call, at.moment())}

    wanting = {clause.clause for clause in ways["open"].clauses if clause.verdict != "held"}
    assert wanting == {"specification", "committee_renewed", "committee_public"}


def test_two_secretaries_name_advisers_and_the_last_list_stands(at: Desk) -> None:
    call = plan(at)
    for number in (1, 2):
        seat = {"id": f"q{number}", "college": "qualified", "designated_by": "Ministère d'essai"}
        at.do(NameAdvisers(call=call, seats=(seat,)), by=person(number, Role.SECRETARY))

    assert [seat.id for seat in load(at, call).advisers_on(make.TODAY)] == ["q2"]


def test_a_wave_under_way_is_not_set_again(at: Desk) -> None:
    call = opened(at)

    with pytest.raises(Exception, match="déjà ouvert"):
        at.do(SetWave(call=call, wave="v1", closes_at=Minute("2024-07-05T12:00")))
