"""The ledger of a registry: by funder, pole and call, as it was known and in force on any day."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from typing_extensions import override

from application.command import Command, Work
from application.ledger import LinesChosen, ledger
from domain.commitment import Commitment
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import commitments as money
from tests.application import committees, funding


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Registry]:
    with money.registry(tmp_path) as made:
        yield made


def test_the_ledger_follows_what_is_done(books: Registry) -> None:
    made = money.in_force(books, money.pole(books))
    money.meet(books, made, "statutes", "2024-02-01")
    money.claim(books, made, "first", "2024-02-02")
    money.approve(books, made, "first", "2024-02-03")
    money.pay(books, made, "first", "2024-02-10")

    told = [
        (one.promised_cents, one.conditions_held, one.approved_cents, one.due_cents, one.paid_cents)
        for one in (
            ledger(books, money.at(books, day)).totals
            for day in ("2024-01-14", "2024-01-15", "2024-02-03", "2024-02-10")
        )
    ]

    assert told == [
        (0, 0, 0, 0, 0),
        (60_000_00, 0, 0, 0, 0),
        (60_000_00, 1, 40_000_00, 40_000_00, 0),
        (60_000_00, 1, 40_000_00, 0, 40_000_00),
    ]


def test_a_ledger_of_the_past_is_what_was_known_then(books: Registry) -> None:
    pole = money.pole(books)
    before = money.at(books)
    made = money.in_force(books, pole)
    between = money.at(books)
    money.paid(books, made, "first", "2024-02-01")

    assert ledger(books, before).lines == ()
    assert ledger(books, between).totals.paid_cents == 0
    assert ledger(books, money.at(books)).totals.paid_cents == 40_000_00


def test_a_line_names_its_stage_its_pole_and_its_parties(books: Registry) -> None:
    money.in_force(books, money.pole(books))

    (line,) = ledger(books, money.at(books)).lines

    assert (line.code, line.stage_title) == ("pole-d-essai-engagement-1", "En cours d'exécution")
    assert (line.pole_name, line.funder, line.beneficiary) == (
        "Pôle d'essai",
        "Ministère d'essai",
        "Association d'essai",
    )
    assert line.call_code is None


def test_some_lines_are_asked_for(books: Registry) -> None:
    one, other = money.pole(books), money.pole(books, "Autre pôle d'essai")
    money.in_force(books, one)
    money.in_force(books, other, funder="Fondation d'essai", funder_siret=money.OTHER_SIRET)

    found = ledger(books, money.at(books))

    assert [group.name for group in found.by_funder] == ["Fondation d'essai", "Ministère d'essai"]
    assert len(found.by_pole) == 2
    for chosen in (
        LinesChosen(pole=one),
        LinesChosen(funder=money.SIRET),
        LinesChosen(funder="ministere d'essai"),
    ):
        (line,) = ledger(books, money.at(books), chosen).lines
        assert line.pole == one
    assert ledger(books, money.at(books), LinesChosen(call=one)).lines == ()


def test_nothing_is_late_nor_due_of_what_is_terminated(books: Registry) -> None:
    made = money.in_force(books, money.pole(books))
    money.move(books, made, "terminate", "2024-03-01", reasons="abandon du projet")

    found = ledger(books, money.at(books)).totals

    assert money.load(books, made).state_on(make.day("2024-03-01")) == "terminated"
    assert (found.promised_cents, found.given_up_cents) == (0, 60_000_00)
    assert (found.to_come_cents, found.late_cents) == (0, 0)
    before = ledger(books, money.at(books, "2024-02-28")).totals
    assert (before.promised_cents, before.given_up_cents) == (60_000_00, 0)


def test_every_amount_is_the_sum_of_its_events(books: Registry) -> None:
    made = money.in_force(books, money.pole(books))
    money.paid(books, made, "first", "2024-02-01")

    events = [recorded.event for recorded in books.told(Commitment.TranchePaid)]

    paid = sum(event.amount_cents for event in events if isinstance(event, Commitment.TranchePaid))
    found = ledger(books, money.at(books))
    assert found.totals.paid_cents == paid == sum(line.paid_cents for line in found.lines)


class _Funded(Command, by=(Role.REGISTRAR,)):
    """What follows a dossier, as the announcement of its call leaves it."""

    dossier: UUID

    @override
    def execute(self, work: Work) -> UUID:
        made = funding.decided(dossier=self.dossier, stage="decided")
        work.save(made)
        return made.id


_Funded.NAME, _Funded.SAYS = "", ""


def test_what_follows_a_dossier_is_of_its_call(books: Registry) -> None:
    call = committees.call(books)
    (dossier,) = committees.dossiers(books, call, 1)
    money.do(books, _Funded(dossier=dossier), make.by(), "2024-05-02")
    money.in_force(books, money.pole(books))

    found = ledger(books, money.at(books))

    assert [(group.name, group.lines) for group in found.by_call] == [
        ("", 1),
        ("Appel fictif 2024", 1),
    ]
    (line,) = ledger(books, money.at(books), LinesChosen(call=call)).lines
    assert (line.call, line.call_code) == (call, "essai-2024")
    assert sum(group.promised_cents for group in found.by_call) == found.totals.promised_cents
