"""Commitments with a history at random, and what their events say, added up independently."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from domain.award import WithdrawalGround
from domain.commitment import Commitment, Regime, SupportKind
from domain.condition import Condition, ConditionKind
from domain.convention import Terms
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.kernel import Event
from domain.organisation import Organisation
from domain.recovery import RecoveryCause
from domain.tranche import TrancheKind, TranchePlan
from tests import make

FUNDERS = (
    Organisation(name="Région fictive", siret="23350001600040"),
    Organisation(name="Fondation fictive", reason_without="fondation étrangère"),
)
CARRIER = Organisation(name="Association fictive", siret="38047555800058", rna="W380475558")
SUCCESSOR = Organisation(name="Coopérative fictive", siret="52499120500013")
START = date(2022, 1, 10)
END = date(2024, 6, 1)
FIRST, SECOND, THIRD = ("account:1",), ("account:2",), ("account:3",)
PROOF = UUID(int=7)
POLE = UUID(int=5)


def decided(
    amount: int = 30_000_00,
    *,
    code: str = "pole-fictif-engagement-1",
    pole: UUID = POLE,
    funder: Organisation = FUNDERS[0],
    day: date = START,
    value: int | None = None,
    **more: Any,
) -> Commitment:
    """A commitment under way, with a signed convention of two tranches where it is money."""
    of: dict[str, Any] = {
        "code": code,
        "pole": pole,
        "project": None,
        "dossier": None,
        "funder": funder,
        "beneficiary": CARRIER,
        "object": "Animation du pôle",
        "support_kind": SupportKind.IN_KIND if value else SupportKind.MONEY,
        "agreed": None if value else amount,
        "value": value,
        "words": "un local" if value else None,
        "regime": Regime.NONE,
        "regime_words": None,
        "granted_on": day,
        "journey": "commitment@2013-07",
        "stage": "in_force",
        "occurred_on": PartialDate.on(day),
    }
    with make.on(day.isoformat()):
        return Commitment.decide(**{**of, **more})


def tranches(amount: int, *due: date | None) -> tuple[TranchePlan, ...]:
    """An advance and a balance of an amount; one tranche where it cannot be parted."""
    first = amount // 3
    parts = [("advance", TrancheKind.ADVANCE, first), ("balance", TrancheKind.BALANCE, None)]
    days = [*due, None, None]
    return tuple(
        TranchePlan(
            id=name,
            title=name.capitalize(),
            kind=kind,
            amount_cents=amount - first if cents is None else cents,
            due_on=days[place],
        )
        for place, (name, kind, cents) in enumerate(parts)
        if cents != 0
    )


CONDITIONS = (
    Condition(
        id="report",
        title="Rapport d'étape remis",
        kind=ConditionKind.EVIDENCE,
        evidence="report",
        tranches=("balance",),
        due=START + timedelta(days=300),
    ),
)


def sign(commitment: Commitment, day: date = START, *due: date | None) -> None:
    """Draft and sign a convention on a day."""
    amount = commitment.agreed_on(day)
    with make.on(day.isoformat()):
        commitment.draft_convention(
            reference="2022-12",
            starts_on=START,
            ends_on=START + timedelta(days=900),
            conditions=CONDITIONS if amount else (),
            tranches=tranches(amount, *due) if amount else (),
            terms=Terms(),
            years=(2022,),
            day=day,
        )
        commitment.sign_convention(
            funder_signatory="Présidence", beneficiary_signatory="Direction", cer=True, day=day
        )


@dataclass(frozen=True)
class Act:
    """Something tried on a commitment on a day."""

    day: date
    name: str
    amount: int
    tranche: str


ACTS = (
    *("claim", "approve", "approve", "pay", "pay", "report", "find", "justify"),
    *("amend", "cancel", "hold", "release", "replace", "order", "receive", "waive", "withdraw"),
    *("lose", "pay"),
)
acts = st.lists(
    st.builds(
        Act,
        st.dates(START, END),
        st.sampled_from(ACTS),
        st.sampled_from([1, 333_33, 1_000_000, 2_000_000, 3_000_000]),
        st.sampled_from(["advance", "balance"]),
    ),
    max_size=15,
)
amounts = st.sampled_from([1, 2, 3_000_000, 2_300_000])
dues = st.none() | st.dates(START, END)


@st.composite
def commitments(draw: Callable[..., Any], number: int = 1) -> Commitment:
    """A commitment to which anything may have happened, in any order of recording."""
    in_kind = draw(st.booleans()) and draw(st.booleans())
    made = decided(
        draw(amounts),
        code=f"pole-fictif-engagement-{number}",
        pole=UUID(int=draw(st.integers(5, 6))),
        funder=draw(st.sampled_from(FUNDERS)),
        value=draw(amounts) if in_kind else None,
        beneficiary=draw(st.sampled_from([CARRIER, SUCCESSOR])),
    )
    if draw(st.integers(0, 5)):
        sign(made, START, draw(dues), draw(dues))
    for act in sorted(draw(acts), key=lambda one: one.day) if draw(st.booleans()) else draw(acts):
        made = attempt(made, act)
    return made


def attempt(commitment: Commitment, act: Act) -> Commitment:
    """Try it; of what is refused nothing is kept, as when a command is."""
    before = len(commitment.pending)
    try:
        with make.on(act.day.isoformat()):
            _do(commitment, act)
    except JalonError:
        return commitment if len(commitment.pending) == before else known_at(commitment, before)
    return commitment


def _do(commitment: Commitment, act: Act) -> None:
    name, day, amount = act.tranche, act.day, act.amount
    reference = f"m-{uuid4()}"
    match act.name:
        case "claim":
            commitment.claim(name, amount=None, documents=(), persons=FIRST, day=day)
        case "approve":
            commitment.approve(name, amount=None, persons=SECOND, day=day)
        case "pay":
            part = amount if amount < 1_000_000 else None
            commitment.pay(name, amount=part, reference=reference, persons=THIRD, day=day)
        case "report":
            commitment.report_condition(
                "report", words=None, documents=(PROOF,), value=None, persons=FIRST, day=day
            )
        case "find":
            commitment.find_condition("report", met=True, reasons="lu", persons=SECOND, day=day)
        case "justify":
            commitment.justify(
                amount=amount, words="factures", documents=(), persons=SECOND, day=day
            )
        case "amend":
            commitment.amend(
                agreed=amount,
                starts_on=None,
                ends_on=None,
                conditions=(),
                tranches=tranches(amount),
                reasons="avenant",
                funder_signatory="Présidence",
                beneficiary_signatory="Direction",
                day=day,
            )
        case "cancel":
            commitment.cancel(name, reasons="sans objet", day=day)
        case "hold":
            commitment.hold(name, reasons="à vérifier", day=day)
        case "release":
            commitment.release(name, day=day)
        case "replace":
            there = commitment.beneficiary_on(day).name == SUCCESSOR.name
            commitment.replace_beneficiary(
                CARRIER if there else SUCCESSOR, reasons="transfert", day=day
            )
        case "order":
            commitment.order_recovery(
                cause=RecoveryCause.NOT_SPENT,
                amount=amount,
                instalments=(),
                reasons="non dépensé",
                persons=SECOND,
                day=day,
            )
        case "receive":
            commitment.receive_instalment(
                1, amount=amount, reference=reference, persons=THIRD, day=day
            )
        case "waive":
            commitment.waive_recovery(1, amount=amount, reasons="remise", persons=SECOND, day=day)
        case "withdraw":
            commitment.withdraw_funder(reasons="retrait", day=day)
        case "lose":
            commitment.lose_award(ground=WithdrawalGround.UNLAWFUL, reasons="illégal")


# --- what events say ----------------------------------------------------------------------------


def known_at(commitment: Commitment, size: int) -> Commitment:
    """The same commitment as it was known when so much was recorded."""
    replayed = Commitment(commitment.id)
    replayed.resume(list(commitment._pending)[:size], make.NOW)
    return replayed


def added_up(events: Iterable[Event], day: date) -> dict[str, int]:
    """The amounts of a ledger, added up from events without any fold of the product."""
    sums = dict.fromkeys(("approved", "paid", "justified", "ordered", "recovered", "waived"), 0)
    agreed_then, in_kind, is_over = (date.min, 0), 0, False
    for event in events:
        since = event.valid_from or make.TODAY
        if since > day:
            continue
        match event:
            case Commitment.Decided(agreed_cents=agreed, value_cents=value):
                agreed_then, in_kind = (since, agreed or 0), value or 0
            case Commitment.Amended(agreed_cents=int(agreed)) if since >= agreed_then[0]:
                agreed_then = (since, agreed)
            case Commitment.FunderWithdrew() | Commitment.AwardWithdrawn():
                is_over = True
            case Commitment.TrancheApproved(amount_cents=cents):
                sums["approved"] += cents
            case Commitment.TrancheCancelled(released_cents=cents):
                sums["approved"] -= cents
            case Commitment.TranchePaid(amount_cents=cents):
                sums["paid"] += cents
            case Commitment.ExpensesJustified(amount_cents=cents):
                sums["justified"] += cents
            case Commitment.RecoveryOrdered(amount_cents=cents):
                sums["ordered"] += cents
            case Commitment.InstalmentReceived(amount_cents=cents):
                sums["recovered"] += cents
            case Commitment.RecoveryWaived(amount_cents=cents):
                sums["waived"] += cents
    promised = sums["paid"] if is_over else agreed_then[1]
    given_up = agreed_then[1] - promised
    return {**sums, "promised": promised, "given_up": given_up, "in_kind": in_kind}
