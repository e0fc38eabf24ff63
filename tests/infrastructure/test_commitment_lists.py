"""The lists of commitments, tranches and conditions: each amount is the fold, at any date."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import strategies as st

from application.commitment_list import COMMITMENTS
from application.commitment_sheet import commitment_sheet
from application.commitment_stop import LiftSuspension, SuspendCommitment
from application.condition import CONDITIONS, FindCondition, ReportCondition
from application.convention import AmendConvention, ConfirmSiret, CorrectSiret
from application.recovery import OrderRecovery, ReceiveInstalment, WaiveRecovery
from application.reporting import JustifyExpenses
from application.tranche import (
    TRANCHES,
    ApproveTranche,
    CancelTranche,
    ClaimTranche,
    HoldTranche,
    PayTranche,
    ReleaseTranche,
)
from domain.commitment import Commitment, CommitmentId
from domain.errors import JalonError
from domain.recovery import RecoveryCause
from infrastructure.read_models.commitment import find_commitment
from tests import make
from tests.application import commitments
from tests.application.commitments import FUNDER, PAYER, POLE, SECOND, do, in_force, load, paid
from tests.application.desk import Desk, desk
from tests.examples import settings


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    with desk(folder, also={"commitment"}) as made:
        yield made


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path) as made:
        yield made


def agrees(here: Desk, commitment: CommitmentId, on: str, known: int | None = None) -> None:
    """The lists and the sheet say of a day what the fold of the events says."""
    day, moment = make.day(on), here.moment(on, known)
    found = here.registry.load(Commitment, commitment, moment.known)
    lines = here.lines(COMMITMENTS, on, known)
    if found is None or found.state_on(day) is None:
        assert lines == []
        return
    (line,), sheet = lines, commitment_sheet(here.registry, commitment, moment)
    folded = {
        "agreed_cents": found.agreed_on(day),
        "value_cents": found.value_cents,
        "approved_cents": found.approved_on(day),
        "paid_cents": found.paid_on(day),
        "justified_cents": found.justified_on(day),
        "ordered_cents": found.ordered_on(day),
        "recovered_cents": found.recovered_on(day),
        "waived_cents": found.waived_on(day),
    }
    assert {name: getattr(line, name) for name in folded} == folded
    assert {name: getattr(sheet.amounts, name) for name in folded} == folded
    assert (line.stage, sheet.stage) == (found.state_on(day), found.state_on(day))
    assert line.beneficiary_siret == found.beneficiary_on(day).siret == sheet.beneficiary.siret
    tranches = {one.code: one for one in here.lines(TRANCHES, on, known)}
    said = ("standing", "claimed_cents", "approved_cents", "paid_cents", "reference")
    for name, state in found.tranches_on(day).items():
        listed = tranches.pop(name)
        assert [getattr(listed, n) for n in said] == [getattr(state, n) for n in said]
        assert listed.planned_cents == state.plan.amount_cents
    assert not tranches
    conditions = {one.code: one.standing for one in here.lines(CONDITIONS, on, known)}
    assert conditions == {name: s.standing for name, s in found.conditions_on(day).items()}
    titles = {name: state.plan.title for name, state in found.tranches_on(day).items()}
    assert {one.code: one.awaited_by for one in here.lines(CONDITIONS, on, known)} == {
        name: tuple(titles.get(code, code) for code in state.condition.tranches)
        for name, state in found.conditions_on(day).items()
    }


def test_the_lists_tell_what_was_known_and_what_was_in_force(here: Desk) -> None:
    made = in_force(here.registry, here.pole())
    known = here.size
    paid(here.registry, made, "first", "2024-02-01")

    (now,) = here.lines(COMMITMENTS)
    assert (now.agreed, now.paid, now.stage_title) == (
        "60\u202f000\xa0€",
        "40\u202f000\xa0€",
        "en cours d'exécution",
    )
    assert here.lines(COMMITMENTS, known=known)[0].paid_cents == 0
    assert here.lines(COMMITMENTS, on="2024-01-31")[0].paid_cents == 0
    assert here.lines(COMMITMENTS, on="2024-01-14") == []
    assert [line.standing for line in here.lines(TRANCHES)] == ["paid", "scheduled"]
    for on in ("2024-01-15", "2024-01-31", "2024-02-01", "2024-06-03"):
        agrees(here, made, on)
        agrees(here, made, on, known)
    assert here.rebuilt()


def test_a_commitment_is_found_by_its_code_or_its_identity(here: Desk) -> None:
    made = in_force(here.registry, here.pole())
    here.follower.catch_up()
    (line,) = here.lines(COMMITMENTS)

    with make.closing_engine(here.url) as engine:
        assert find_commitment(engine, line.code) == made == find_commitment(engine, str(made))
        with pytest.raises(JalonError, match="engagement financier"):
            find_commitment(engine, "inconnu-engagement-1")


def test_a_condition_of_a_date_is_listed_met_from_its_day_on(here: Desk) -> None:
    made = commitments.decide(here.registry, here.pole())
    later = {"id": "later", "title": "Après mars", "kind": "date", "not_before": "2024-03-01"}
    commitments.draft(
        here.registry, made, conditions=(commitments.STATUTES, commitments.JOBS, later)
    )

    for on in ("2024-02-29", "2024-03-01"):
        agrees(here, made, on)
    assert [c.standing for c in here.lines(CONDITIONS, on="2024-03-01") if c.code == "later"] == [
        "met"
    ]
    commitments.draft(here.registry, made, "2024-02-01")  # without it
    agrees(here, made, "2024-03-01")
    assert here.rebuilt()


DAYS = ("2024-02-01", "2024-02-02", "2024-02-05", "2024-03-01", "2024-03-02")
WHO = st.sampled_from([POLE, FUNDER, PAYER, SECOND])
TRANCHE = st.sampled_from(["first", "balance"])
EXTENDED = (
    *commitments.TRANCHES,
    {"id": "extra", "title": "De plus", "kind": "advance", "amount": 5_000},
)


def acts(made: CommitmentId, tranche: str, number: int) -> list[tuple[Any, Any]]:
    """Every act there is, on one tranche, each with who usually does it."""
    of: dict[str, Any] = {"commitment": made, "tranche": tranche}
    amended: dict[str, Any] = {
        "amount": 65_000,
        "tranches": EXTENDED,
        "reasons": "entendu",
        "funder_signatory": "La sous-directrice",
        "beneficiary_signatory": "La présidente",
    }
    heard: dict[str, Any] = {"reasons": "écart", "heard_on": date(2024, 1, 20)}
    back: dict[str, Any] = {"amount": 1_000, "reference": f"REV-{number}"}
    return [
        (ClaimTranche(**of), POLE),
        (ApproveTranche(**of), FUNDER),
        (PayTranche(**of, amount=9_000, reference=f"VIR-{number}"), PAYER),
        (PayTranche(**of, reference=f"VIR-{number}"), PAYER),
        (HoldTranche(**of, reasons="pièce illisible"), FUNDER),
        (ReleaseTranche(**of), FUNDER),
        (CancelTranche(**of, reasons="abandonnée"), FUNDER),
        (ReportCondition(commitment=made, condition="jobs", value=3), POLE),
        (FindCondition(commitment=made, condition="jobs", met=True, reasons="vu"), FUNDER),
        (FindCondition(commitment=made, condition="jobs", met=False, reasons="vu"), FUNDER),
        (SuspendCommitment(commitment=made, **heard), FUNDER),
        (LiftSuspension(commitment=made, reasons="réparé"), FUNDER),
        (AmendConvention(commitment=made, **amended), FUNDER),
        (CorrectSiret(commitment=made, siret="35600000049837", reasons="erreur"), SECOND),
        (ConfirmSiret(commitment=made), FUNDER),
        (JustifyExpenses(commitment=made, amount=500, words="salaires"), FUNDER),
        (
            OrderRecovery(
                commitment=made, cause=RecoveryCause.MISUSED, amount=2_000, reasons="écart"
            ),
            FUNDER,
        ),
        (ReceiveInstalment(commitment=made, **back), PAYER),
        (WaiveRecovery(commitment=made, amount=500, reasons="remise"), FUNDER),
    ]


@given(
    tried=st.lists(
        st.tuples(
            st.sampled_from([0, 0, 0, 1, 1, 2, 3, *range(19)]),
            TRANCHE,
            st.sampled_from(DAYS),
            st.none() | WHO,
        ),
        min_size=4,
        max_size=18,
    ),
    terminated=st.booleans(),
)
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_every_amount_is_the_fold_of_the_events_whatever_was_tried(
    tried: list[tuple[int, str, str, Any]], *, terminated: bool
) -> None:
    with TemporaryDirectory() as folder, opened(Path(folder)) as here:
        made = in_force(here.registry, here.pole())
        if not terminated:
            commitments.meet(here.registry, made, "statutes", "2024-01-20")
        else:
            paid(here.registry, made, "first", "2024-02-01")
            commitments.move(here.registry, made, "terminate", "2024-02-01", reasons="fin")
        half = here.size
        for number, (act, tranche, on, who) in enumerate(tried):
            command, usual = acts(made, tranche, number)[act]
            size = here.size
            with suppress(JalonError):
                do(here.registry, command, who or usual, on)
                size = here.size
            assert here.size == size  # what is refused leaves no trace
        for on in ("2024-01-10", "2024-01-15", *DAYS, "2024-06-03"):
            agrees(here, made, on)
            holds(load(here.registry, made), make.day(on))
        agrees(here, made, "2024-06-03", half)
        agrees(here, made, "2024-06-03", (half + here.size) // 2)
        assert here.rebuilt()


def holds(found: Commitment, day: date) -> None:
    """What must hold on every day."""
    assert found.paid_on(day) <= found.approved_on(day) <= found.agreed_on(day)
    back = found.recovered_on(day) + found.waived_on(day)
    assert back <= found.ordered_on(day) <= found.paid_on(day)
