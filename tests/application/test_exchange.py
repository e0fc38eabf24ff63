"""Exchanges: what was said is sealed; who was not reached was at least looked for."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.command import By
from application.exchange import (
    EXCHANGES,
    FOLLOWERS,
    WATCHERS,
    NotAFollower,
    RecordExchange,
    SummaryMandateWanted,
    exchange_sheet,
    may_read,
    may_watch,
)
from application.history_in_words import pole_history
from application.mandate import GiveMandate
from application.personal import ERASED
from application.pole import MovePole
from domain.errors import Forbidden, NotFound
from domain.exchange import Channel, Direction, PoleReached
from domain.pole import PoleEnded, PoleFacts, PoleId
from domain.provenance import AccountId, MandateId
from domain.recognition import Recognition
from domain.roles import Role
from domain.values import Personal
from infrastructure.access_log import AccessLog
from tests import make
from tests.application.desk import Desk, desk, person

SAID = "Camille Exemple envisage de partir."


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def call(pole: PoleId, *, reached: bool = True, **more: Any) -> RecordExchange:
    return RecordExchange(pole=pole, channel=Channel.CALL, reached=reached, **more)


def facts(at: Desk, pole: PoleId, on: str) -> PoleFacts:
    return at.load(pole).facts_on(make.day(on), lambda _, id_: Recognition(id_))


def test_an_exchange_that_reached_the_pole_is_news_of_it(at: Desk) -> None:
    pole = at.pole(on="2022-01-01")
    at.do(call(pole), "2023-06-01")

    silence = facts(at, pole, "2023-07-15").silence

    assert (silence.months, silence.contact_attempts, silence.days_since_attempt) == (1, 0, None)


def test_one_that_did_not_is_an_attempt_and_no_news(at: Desk) -> None:
    pole = at.pole(on="2022-01-01")
    at.do(call(pole, reached=False), "2023-06-01")
    at.do(call(pole, reached=False), "2023-06-20")

    silence = facts(at, pole, "2023-07-01").silence

    assert (silence.months, silence.contact_attempts, silence.days_since_attempt) == (18, 2, 30)


def test_what_comes_from_the_pole_reached_it(at: Desk) -> None:
    pole = at.pole()

    with pytest.raises(PoleReached):
        at.do(call(pole, reached=False, direction=Direction.FROM_POLE))
    at.do(call(pole, direction=Direction.FROM_POLE))


def test_an_exchange_is_listed_without_its_summary(at: Desk) -> None:
    pole = at.pole()
    at.do(
        call(
            pole,
            summary=Personal(text=SAID),
            participants=("CRESS fictive", "Structure fictive"),
            next_step="relire la stratégie",
        ),
        "2024-02-01",
    )
    at.do(call(pole), "2024-03-01")

    first, second = at.lines(EXCHANGES)

    assert (first.participants, first.next_step, first.has_summary) == (
        ("CRESS fictive", "Structure fictive"),
        "relire la stratégie",
        True,
    )
    assert (second.participants, second.next_step, second.has_summary) == ((), None, False)
    assert SAID not in repr(first)
    assert SAID not in repr(pole_history(at.registry, pole, at.moment()))


def test_exchanges_are_listed_at_any_two_dates(at: Desk) -> None:
    pole, other = at.pole("Un"), at.pole("Deux")
    at.do(call(pole), "2024-02-01")
    size = at.size
    at.do(call(pole, reached=False), "2023-02-01")
    at.do(call(other), "2024-04-01")

    def days(**asked: Any) -> list[str]:
        return [str(line.occurred_on) for line in at.lines(EXCHANGES, **asked)]

    assert days() == ["2023-02-01", "2024-02-01", "2024-04-01"]
    assert days(pole=pole) == ["2023-02-01", "2024-02-01"]
    assert days(known=size) == ["2024-02-01"]
    assert days(on="2023-12-31") == ["2023-02-01"]
    assert at.rebuilt()


def test_a_summary_is_opened_until_it_is_erased(at: Desk) -> None:
    pole = at.pole()
    exchange = at.do(call(pole, summary=Personal(text=SAID)))

    assert exchange_sheet(at.registry, exchange).summary == SAID
    at.erase(exchange)
    assert exchange_sheet(at.registry, exchange).summary == ERASED
    assert exchange_sheet(at.registry, at.do(call(pole))).summary is None


def test_a_summary_is_in_no_event(at: Desk) -> None:
    pole = at.pole()
    at.do(call(pole, summary=Personal(text=SAID)))

    states = at.registry.journal.query("SELECT state FROM event")

    assert all(SAID.encode() not in bytes(state) for (state,) in states)


def test_what_is_no_exchange_is_not_found(at: Desk) -> None:
    for id_ in (uuid4(), at.pole()):
        with pytest.raises(NotFound):
            exchange_sheet(at.registry, id_)


def test_a_summary_is_opened_by_office_or_under_a_mandate_that_covers_the_pole(at: Desk) -> None:
    pole, other = at.pole(), at.pole("Autre pôle fictif")
    here, there = at.do(call(pole)), at.do(call(other))

    def reads(by: By, id_: UUID, day: date = make.TODAY) -> bool:
        try:
            may_read(at.registry, by, id_, day)
        except Forbidden:
            return False
        return True

    assert {role for role in Role if reads(person(7, role), here)} == {*WATCHERS}
    for role in Role:
        by = held(at, role, f"pole:{pole}", valid_to="2024-07-01")
        assert reads(by, here) is (role in {*WATCHERS, *FOLLOWERS}), role
        assert not reads(by, there)
        assert not reads(by, here, make.day("2024-07-01"))
    with pytest.raises(SummaryMandateWanted):
        may_read(at.registry, person(7, Role.COORDINATOR), here, make.TODAY)
    with pytest.raises(NotAFollower):  # whether there is such an exchange or not
        may_read(at.registry, person(7, Role.FUNDER), uuid4(), make.TODAY)


def held(at: Desk, role: Role, relation: str, **more: Any) -> By:
    """Whoever was given a mandate, acting under it."""
    told = {"holder": UUID(int=7), "principal": "organisation:CRESS fictive", "for_role": role}
    command = GiveMandate.model_validate({**told, "relation": relation, **more})
    mandate = MandateId(at.do(command, "2024-01-01", person(1)))
    return By(actor=AccountId(UUID(int=7)), role=role, on_behalf_of=mandate)


def test_only_some_ask_who_read_what(at: Desk) -> None:
    with pytest.raises(Forbidden):
        may_watch(at.registry, make.by(Role.COORDINATOR), make.TODAY)
    may_watch(at.registry, make.by(Role.AUDITOR), make.TODAY)


def test_a_pole_that_ended_is_not_spoken_with(at: Desk) -> None:
    pole = at.pole()
    at.do(MovePole(pole=pole, transition="end", input={"reason": "dissolved"}), "2024-01-01")
    size = at.size

    for reached in (True, False):
        with pytest.raises(PoleEnded):
            at.do(call(pole, reached=reached))

    assert at.size == size


def test_readings_are_noted_apart_and_without_words(at: Desk, tmp_path: Path) -> None:
    exchange, other = uuid4(), uuid4()
    size = at.size
    with make.closing_engine(f"sqlite:///{tmp_path / 'registry.db'}") as engine:
        log = AccessLog(engine, at.clock)
        log.note(person(7, Role.COORDINATOR), "exchange", [exchange], "summary")
        at.clock.advance(hours=1)
        log.note(person(8, Role.DPO), "contribution", [other, exchange], "text")
        log.note(person(8, Role.DPO), "contribution", [], "text")

        every, one = log.lines(), log.lines(other)

    assert [(line.account.int, line.role, line.concept, line.subject) for line in every] == [
        (7, Role.COORDINATOR, "exchange", exchange),
        (8, Role.DPO, "contribution", other),
        (8, Role.DPO, "contribution", exchange),
    ]
    assert every[0].at == make.NOW
    assert one == [every[1]]
    assert at.size == size
