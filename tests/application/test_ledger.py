"""The ledger says what the events say, to the cent, whatever the grouping, the day, the knowing."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from application.ledger import FIGURES, LedgerLine, LinesChosen, amounts_on, ledger_of, line_of
from domain.commitment import Commitment
from domain.dates import PartialDate
from domain.workflow import Step
from tests import make
from tests.application.funding import (
    END,
    FUNDERS,
    START,
    Act,
    added_up,
    attempt,
    commitments,
    decided,
    known_at,
    sign,
)
from tests.examples import settings

DAYS = st.dates(START - timedelta(days=10), END + timedelta(days=400))


def line(commitment: Commitment, day: date = END, call: str | None = None) -> LedgerLine:
    number = commitment.pole.int
    return line_of(
        commitment, day, pole_code=f"pole-{number}", pole_name=f"Pôle {number}", call_code=call
    )


def paid(*acts: tuple[int, str, str]) -> Commitment:
    """A commitment of 30 000 €, with acts some days after it began."""
    made = decided()
    sign(made, START, START + timedelta(days=100), None)
    for days, name, tranche in acts:
        made = attempt(made, Act(START + timedelta(days=days), name, 3_000_000, tranche))
    return made


def test_what_is_approved_and_not_paid_is_due() -> None:
    made = paid((10, "approve", "advance"))

    found = amounts_on(made, START + timedelta(days=20))

    assert (found.promised_cents, found.approved_cents, found.due_cents) == (
        30_000_00,
        10_000_00,
        10_000_00,
    )
    assert found.late_cents == found.paid_cents == 0
    assert found.to_come_cents == 30_000_00


def test_what_is_paid_is_due_no_more() -> None:
    made = paid((10, "approve", "advance"), (20, "pay", "advance"))

    found = amounts_on(made, END)

    assert (found.paid_cents, found.due_cents, found.late_cents) == (10_000_00, 0, 0)
    assert found.to_come_cents == 20_000_00


def test_a_tranche_is_late_the_day_after_its_own() -> None:
    made, day = paid(), START + timedelta(days=100)

    assert amounts_on(made, day).late_cents == 0
    assert amounts_on(made, day + timedelta(days=1)).late_cents == 10_000_00


def stopped(made: Commitment, way: str, to: str, days: int) -> None:
    """A step of its journey, as the engine would let it be taken."""
    with make.on((START + timedelta(days=days)).isoformat()):
        taken = Step(transition=way, from_="in_force", to=to, input={}, findings=())
        when = PartialDate.on(START + timedelta(days=days))
        made.move(taken, journey="commitment@2013-07", occurred_on=when)


def test_nothing_is_due_nor_late_while_it_is_suspended() -> None:
    made = paid((10, "approve", "advance"))
    stopped(made, "suspend", "suspended", 50)

    before, after = (amounts_on(made, START + timedelta(days=days)) for days in (49, 101))

    assert (before.due_cents, before.late_cents) == (10_000_00, 0)
    assert (after.due_cents, after.late_cents) == (0, 0)
    assert (before.held_cents, after.held_cents) == (0, 10_000_00)
    assert (after.approved_cents, after.to_come_cents) == (10_000_00, 30_000_00)


def test_a_held_tranche_is_neither_due_nor_late() -> None:
    made = paid((10, "approve", "advance"), (50, "hold", "advance"), (150, "release", "advance"))

    found = [amounts_on(made, START + timedelta(days=days)) for days in (49, 101, 150)]

    assert [one.due_cents for one in found] == [10_000_00, 0, 10_000_00]
    assert [one.held_cents for one in found] == [0, 10_000_00, 0]
    assert [one.late_cents for one in found] == [0, 0, 10_000_00]


def test_nothing_is_late_of_a_convention_that_nobody_signed_nor_of_one_that_is_over() -> None:
    unsigned = decided(stage="convention_drafted")
    sign(unsigned, START, START + timedelta(days=100), None)
    over = paid()
    stopped(over, "terminate", "terminated", 50)

    for made in (unsigned, over):
        found = amounts_on(made, START + timedelta(days=400))
        assert (found.late_cents, found.conditions_late) == (0, 0)
    assert amounts_on(paid(), START + timedelta(days=400)).conditions_late == 1


def test_conditions_are_counted_held_and_late() -> None:
    made = paid((10, "report", ""), (400, "find", ""))

    counted = [
        (one.conditions, one.conditions_held, one.conditions_late)
        for one in (amounts_on(made, START + timedelta(days=days)) for days in (5, 301, 400))
    ]

    assert counted == [(1, 0, 0), (1, 0, 0), (1, 1, 0)]


def test_a_condition_that_nobody_reported_is_late_after_its_day() -> None:
    assert amounts_on(paid(), START + timedelta(days=301)).conditions_late == 1


def test_a_condition_for_which_only_cancelled_tranches_wait_is_not_late() -> None:
    day = START + timedelta(days=301)
    late = [
        amounts_on(paid((200, "cancel", one)), day).conditions_late
        for one in ("balance", "advance")
    ]

    assert late == [0, 1]  # the condition holds the balance back, and never the advance
    made = paid((302, "cancel", "balance"))
    told = [amounts_on(made, day + timedelta(days=more)).conditions_late for more in (0, 1)]
    assert told == [1, 0]


def test_what_is_given_in_kind_is_never_added_to_money() -> None:
    found = amounts_on(decided(value=5_000_00), END)

    assert (found.promised_cents, found.in_kind_cents) == (0, 5_000_00)
    assert found.to_come_cents == 0


def test_nothing_is_to_come_of_a_funder_that_withdrew() -> None:
    made = paid((10, "approve", "advance"), (20, "pay", "advance"), (30, "withdraw", ""))

    found = amounts_on(made, END)

    assert (found.promised_cents, found.given_up_cents) == (10_000_00, 20_000_00)
    assert (found.paid_cents, found.to_come_cents) == (10_000_00, 0)
    assert found.late_cents == found.due_cents == 0


def test_nothing_is_due_late_nor_to_come_of_an_award_that_was_withdrawn() -> None:
    made = paid((10, "approve", "advance"), (20, "lose", ""))

    before, after = (amounts_on(made, START + timedelta(days=days)) for days in (19, 400))

    assert (before.promised_cents, before.given_up_cents, before.due_cents) == (
        30_000_00,
        0,
        10_000_00,
    )
    assert (after.promised_cents, after.given_up_cents) == (0, 30_000_00)
    assert (after.due_cents, after.held_cents, after.late_cents) == (0, 10_000_00, 0)
    assert (after.to_come_cents, after.conditions_late) == (0, 0)


def test_what_was_abandoned_before_it_was_signed_is_promised_no_more_in_kind_either() -> None:
    given = decided(value=5_000_00, stage="decided")
    kept = decided(value=5_000_00)
    for made in (given, kept):
        attempt(made, Act(START + timedelta(days=20), "lose", 0, ""))

    assert [amounts_on(made, END).in_kind_cents for made in (given, kept)] == [0, 5_000_00]


def test_one_funder_under_two_names_is_told_under_both() -> None:
    renamed = FUNDERS[0].model_copy(update={"name": "Région fictive renommée"})
    lines = [
        line(decided(code="a", funder=FUNDERS[0])),
        line(decided(code="b", funder=renamed, day=START + timedelta(days=1))),
    ]

    (group,) = ledger_of(lines, END).by_funder

    assert (group.name, group.also, group.lines) == (
        "Région fictive renommée",
        ("Région fictive",),
        2,
    )


def test_a_funder_is_asked_for_by_its_name_its_siren_or_its_siret() -> None:
    found = line(decided())

    for asked in ("RÉGION fictive", "233 500 016", FUNDERS[0].siret):
        assert LinesChosen(funder=asked).keeps(found)
    for other in ("Région", "123456789", ""):
        assert not LinesChosen(funder=other).keeps(found)


def test_groups_are_one_to_each_funder_pole_and_call() -> None:
    lines = [
        line(decided(code="a", funder=FUNDERS[0]), call="essai"),
        line(decided(code="b", funder=FUNDERS[1], pole=UUID(int=6))),
        line(decided(code="c", funder=FUNDERS[0], pole=UUID(int=6))),
    ]

    found = ledger_of(lines, END)

    assert [(one.name, one.lines) for one in found.by_funder] == [
        ("Fondation fictive", 1),
        ("Région fictive", 2),
    ]
    assert [(one.key, one.lines) for one in found.by_pole] == [("pole-5", 1), ("pole-6", 2)]
    assert [(one.key, one.lines) for one in found.by_call] == [("", 2), ("essai", 1)]


# --- what holds for all -------------------------------------------------------------------------

several = st.lists(st.integers(1, 10**6), max_size=3, unique=True).flatmap(
    lambda numbers: st.tuples(*(commitments(number) for number in numbers))
)
SAID = (
    *("promised", "given_up", "in_kind", "approved", "paid", "justified"),
    *("ordered", "recovered", "waived"),
)


@settings(max_examples=200, deadline=None)
@given(found=several, day=DAYS, data=st.data())
def test_sums_equal_the_events_at_any_knowing_on_any_day(
    found: tuple[Commitment, ...], day: date, data: st.DataObject
) -> None:
    told: dict[str, int] = defaultdict(int)
    lines = []
    for commitment in found:
        size = data.draw(st.integers(1, len(commitment.pending)))
        for name, cents in added_up(commitment.pending[:size], day).items():
            told[name] += cents
        replayed = known_at(commitment, size)
        if replayed.state_on(day) is not None:
            lines.append(line(replayed, day, call=data.draw(st.sampled_from([None, "essai"]))))

    ledger = ledger_of(lines, day)

    assert {name: getattr(ledger.totals, f"{name}_cents") for name in SAID} == {
        name: told[name] for name in SAID
    }
    for groups in (ledger.by_funder, ledger.by_pole, ledger.by_call):
        for name in FIGURES:
            assert sum(getattr(group, name) for group in groups) == getattr(ledger.totals, name)
        assert sum(group.lines for group in groups) == len(ledger.lines)


@settings(max_examples=200, deadline=None)
@given(commitment=commitments(), day=DAYS)
def test_amounts_keep_their_order_on_any_day(commitment: Commitment, day: date) -> None:
    found = amounts_on(commitment, day)

    agreed = found.promised_cents + found.given_up_cents
    assert 0 <= found.paid_cents <= found.promised_cents <= agreed == commitment.agreed_on(day)
    assert found.paid_cents <= found.approved_cents <= agreed
    assert found.due_cents + found.held_cents == found.approved_cents - found.paid_cents
    assert found.due_cents >= 0 <= found.held_cents
    assert found.to_recover_cents == (
        found.ordered_cents - found.recovered_cents - found.waived_cents
    )
    assert found.recovered_cents + found.waived_cents <= found.ordered_cents <= found.paid_cents
    assert 0 <= found.late_cents <= found.to_come_cents
    assert found.paid_cents + found.to_come_cents <= found.promised_cents
    assert found.conditions_held + found.conditions_late <= found.conditions
    assert all(isinstance(getattr(found, name), int) for name in FIGURES)
