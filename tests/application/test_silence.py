"""What is shown of a pole that does not answer: « sans nouvelle » only after thirty days."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.exchange import RecordExchange
from application.pole import MovePole, NoteContact, RegisterPole
from application.register import pole_sheet
from domain.dates import PartialDate
from domain.exchange import Channel, Direction
from domain.pole import ContactToCome, PoleId
from domain.silence import WAIT
from infrastructure.read_models.register import RegisterLists
from tests import make
from tests.application.desk import Desk, desk
from tests.examples import settings

SOUGHT = "une prise de contact est en cours"
ANSWERED = "le pôle a donné de ses nouvelles depuis qu'il a été recherché"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def silent(at: Desk, attempt: str = "2024-03-01", falls: str = "2024-03-01") -> PoleId:
    """A pole under the version of 2021, which fell silent once it was looked for."""
    command = RegisterPole(name="Pôle fictif", journey="pole@2021-05-12")
    pole = PoleId(at.do(command, "2022-01-01"))
    at.do(NoteContact(pole=pole, channel="appel", outcome="sans réponse"), attempt)
    at.do(MovePole(pole=pole, transition="fall_silent"), falls)
    return pole


def shown(at: Desk, pole: PoleId, on: str, known: int | None = None) -> tuple[str, str | None, str]:
    """The stage, its note and its date, which the sheet and the list agree upon."""
    sheet = pole_sheet(at.registry, pole, at.moment(on, known))
    at.follower.catch_up()
    with make.closing_engine(at.url) as engine:
        register = RegisterLists(engine, {}, at.registry.journal)
        (line,) = register.lines(at.moment(on, known))
        of_stage = register.lines(at.moment(on, known), stage=line.stage)
    told = (sheet.stage, sheet.stage_note, sheet.occurred_on)
    assert (line.stage, line.stage_note, line.occurred_on) == told
    assert of_stage == [line]
    return told


def test_a_pole_is_shown_silent_thirty_days_after_it_was_looked_for(at: Desk) -> None:
    pole = silent(at)

    assert shown(at, pole, "2024-02-29") == ("emergence", None, "2022-01-01")
    assert shown(at, pole, "2024-03-01") == ("emergence", SOUGHT, "2022-01-01")
    assert shown(at, pole, "2024-03-30") == ("emergence", SOUGHT, "2022-01-01")
    assert shown(at, pole, "2024-03-31") == ("dormant", None, "2024-03-01")
    assert at.load(pole).state_on(make.day("2024-03-01")) == "dormant"


def test_further_attempts_give_no_further_time(at: Desk) -> None:
    pole = silent(at)
    at.do(RecordExchange(pole=pole, channel=Channel.VISIT), "2024-03-20")

    assert shown(at, pole, "2024-03-31")[0] == "dormant"


def test_what_was_known_before_the_attempt_stays_to_be_read(at: Desk) -> None:
    pole = silent(at)
    size = at.size
    at.do(NoteContact(pole=pole, channel="appel", outcome="sans réponse"), "2024-02-01")

    assert shown(at, pole, "2024-03-10", size) == ("emergence", SOUGHT, "2022-01-01")
    assert shown(at, pole, "2024-03-10")[0] == "dormant"


def test_the_stage_it_had_is_the_last_one_before_the_silence(at: Desk) -> None:
    command = RegisterPole(name="Pôle fictif", journey="pole@2011-09")
    pole = PoleId(at.do(command, "2011-10-01"))
    at.registry.do(
        NoteContact(
            pole=pole,
            channel="appel",
            outcome="sans réponse",
            occurred_on=PartialDate("2013-01-10"),
        ),
        make.by(),
    )
    at.do(MovePole(pole=pole, transition="fall_silent"), "2013-01-11")

    assert shown(at, pole, "2013-01-15") == ("emergence", SOUGHT, "2011-10-01")
    assert shown(at, pole, "2013-02-09")[0] == "dormant"


def answers(at: Desk, pole: PoleId, on: str) -> None:
    command = RecordExchange(
        pole=pole, channel=Channel.CALL, reached=True, direction=Direction.FROM_POLE
    )
    at.do(command, on)


def test_a_pole_that_answers_in_time_is_never_shown_silent(at: Desk) -> None:
    pole = silent(at)
    answers(at, pole, "2024-03-20")

    assert shown(at, pole, "2024-03-19") == ("emergence", SOUGHT, "2022-01-01")
    for day in ("2024-03-20", "2024-03-31", "2024-06-01"):
        assert shown(at, pole, day) == ("emergence", ANSWERED, "2022-01-01")


def test_a_pole_that_answers_late_is_shown_silent_until_then(at: Desk) -> None:
    pole = silent(at)
    answers(at, pole, "2024-05-01")

    assert shown(at, pole, "2024-04-30") == ("dormant", None, "2024-03-01")
    assert shown(at, pole, "2024-05-01") == ("emergence", ANSWERED, "2022-01-01")


def test_after_an_answer_it_is_silent_again_only_if_it_is_sought_again(at: Desk) -> None:
    pole = silent(at)
    answers(at, pole, "2024-03-20")
    at.do(NoteContact(pole=pole, channel="appel", outcome="sans réponse"), "2024-04-10")

    assert shown(at, pole, "2024-05-09") == ("emergence", SOUGHT, "2022-01-01")
    assert shown(at, pole, "2024-05-10") == ("dormant", None, "2024-04-10")


def test_a_contact_that_reached_the_pole_is_news_of_it(at: Desk) -> None:
    pole = silent(at)
    reached = NoteContact(pole=pole, channel="appel", outcome="joint", reached=True)
    at.do(reached, "2024-03-10")

    assert shown(at, pole, "2024-06-01") == ("emergence", ANSWERED, "2022-01-01")


def test_an_answer_recorded_late_is_an_answer(at: Desk) -> None:
    """Though it came before the step, which was taken without knowing of it."""
    pole = silent(at, "2024-03-01", "2024-03-15")
    size = at.size
    answers(at, pole, "2024-03-10")

    assert shown(at, pole, "2024-06-01", size)[0] == "dormant"
    assert shown(at, pole, "2024-06-01") == ("emergence", ANSWERED, "2022-01-01")


def test_a_contact_is_not_noted_in_advance(at: Desk) -> None:
    pole = at.pole()

    with pytest.raises(ContactToCome, match="4 juin 2024"):
        at.do(NoteContact(pole=pole, channel="appel", outcome="joint"), "2024-06-04")
    at.do(NoteContact(pole=pole, channel="appel", outcome="joint"), "2024-06-03")


FALLS = date(2024, 1, 15)


@settings(deadline=None, max_examples=25)
@given(
    deeds=st.lists(st.tuples(st.booleans(), st.integers(0, 140)), max_size=6),
    asked=st.lists(st.integers(0, 150), min_size=6),
)
def test_silence_is_shown_exactly_thirty_days_after_an_attempt_without_an_answer(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[bool, int]], asked: list[int]
) -> None:
    """Sheet, list and fold agree, whatever the order in which it is recorded."""
    with desk(tmp_path_factory.mktemp("silence")) as at:
        pole = silent(at, FALLS.isoformat(), FALLS.isoformat())
        for is_answer, number in deeds:
            on = (FALLS + timedelta(days=number)).isoformat()
            if is_answer:
                answers(at, pole, on)
            else:
                at.do(RecordExchange(pole=pole, channel=Channel.CALL), on)

        for number in asked:
            heard = max((n for is_answer, n in deeds if is_answer and n <= number), default=-1)
            sought = [n for is_answer, n in [*deeds, (False, 0)] if not is_answer]
            waiting = [n for n in sought if heard < n <= number]
            is_silent = bool(waiting) and number - min(waiting) >= WAIT
            stage, _, _ = shown(at, pole, (FALLS + timedelta(days=number)).isoformat())
            assert (stage == "dormant") is is_silent, number
