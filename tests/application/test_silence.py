"""What is shown of a pole that does not answer: « sans nouvelle » only after thirty days."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from application.exchange import RecordExchange
from application.pole import MovePole, NoteContact, RegisterPole
from application.register import pole_sheet
from domain.dates import PartialDate
from domain.exchange import Channel
from domain.pole import PoleId
from infrastructure.read_models.register import RegisterLists
from tests import make
from tests.application.desk import Desk, desk

SOUGHT = "une prise de contact est en cours"


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
