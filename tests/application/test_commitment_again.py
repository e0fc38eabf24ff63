"""What is told again, or late, of a commitment: money that flowed stands against it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.blame import blame
from application.changed import Compared, changes_of
from application.commitment import SiretByTwo
from application.commitment_stop import WithdrawFunderFromCommitment
from application.convention import ConfirmSiret, CorrectSiret, GrantWithoutConvention
from application.fact import Fact
from application.ledger import LedgerLine, line_of
from application.retraction import RetractFact
from domain.commitment import Commitment, CommitmentId
from domain.convention import DoesNotAddUp
from domain.kernel import Event
from domain.pole import PoleId
from domain.track import NotBegun
from domain.tranche import NotFlowing, SiretToConfirm, TrancheStanding
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import commitments
from tests.application.commitments import SECOND, at, decide, do, in_force, load, paid, sign

RIGHT = "35600000049837"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with commitments.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return commitments.pole(registry)


def told(registry: Registry, kind: type[Event]) -> UUID:
    """The event that tells a fact now."""
    (found,) = registry.told(kind)
    last = Fact(registry, found.event.meta.event_id).last
    assert last
    return last


def retract(registry: Registry, kind: type[Event]) -> None:
    registry.do(RetractFact(event=told(registry, kind), reason="Confondu."), make.by())


def in_ledger(registry: Registry, commitment: UUID) -> LedgerLine:
    return line_of(load(registry, commitment), make.TODAY, pole_code="", pole_name="")


def test_a_wrong_number_told_late_names_its_event_and_holds_what_is_paid_next(
    registry: Registry, pole: PoleId
) -> None:
    """What was paid before it was known stays paid, and is told; nothing more is, meanwhile."""
    made = in_force(registry, pole)
    paid(registry, made, "first", "2024-02-02")
    before = at(registry)
    corrected = CorrectSiret(commitment=made, siret=RIGHT, reasons="Chiffre inversé.")
    do(registry, corrected, on="2024-01-20")
    learned = at(registry)

    line = in_ledger(registry, made)
    assert (str(line.siret_in_doubt_since), line.paid_in_doubt_cents) == ("2024-01-20", 4_000_000)
    (known,) = blame(registry, "commitment", made, learned, "beneficiary")
    assert (known.said, known.origin and known.origin.position) == (
        f"Association d'essai, SIRET {RIGHT}",
        learned.known,
    )
    compared = changes_of(registry, "commitment", made, before, learned, Compared.KNOWLEDGE)
    assert {one.path for one in compared.changes} >= {"beneficiary", "siret_in_doubt_since"}
    with pytest.raises(SiretToConfirm):
        commitments.approve(registry, made, "balance", "2024-05-01")
    do(registry, ConfirmSiret(commitment=made), SECOND, "2024-05-02")
    line = in_ledger(registry, made)
    assert (line.siret_in_doubt_since, line.paid_in_doubt_cents) == (None, 0)


def decided_again(registry: Registry, pole: PoleId, **more: Any) -> CommitmentId:
    corrects = told(registry, Commitment.Decided)
    return decide(registry, pole, corrects=corrects, reason="Faute de frappe.", **more)


def test_a_decision_is_entered_anew_as_long_as_what_follows_agrees(
    registry: Registry, pole: PoleId
) -> None:
    made = decide(registry, pole)

    assert decided_again(registry, pole, object="Atelier relu", amount=50_000) == made

    found = load(registry, made)
    assert (found.object, found.agreed_on(make.TODAY)) == ("Atelier relu", 5_000_000)
    assert found.code == "pole-d-essai-engagement-1"
    with pytest.raises(SiretByTwo):
        decided_again(registry, pole, beneficiary_siret=RIGHT)
    commitments.draft(
        registry,
        made,
        tranches=({**commitments.TRANCHES[0], "amount": 50_000},),
        conditions=(commitments.STATUTES,),
    )
    with pytest.raises(DoesNotAddUp):
        decided_again(registry, pole, amount=60_000)
    with pytest.raises(NotBegun):
        decided_again(registry, pole, amount=50_000, on="2024-03-01")


def test_money_that_flowed_stands_against_another_day_of_signature(
    registry: Registry, pole: PoleId
) -> None:
    made = in_force(registry, pole)
    paid(registry, made, "first", "2024-02-02")
    again: dict[str, Any] = {"reason": "Lu sur l'acte."}
    again["corrects"] = told(registry, Commitment.ConventionSigned)

    sign(registry, made, "2024-01-16", **again)
    again["corrects"] = told(registry, Commitment.ConventionSigned)

    assert load(registry, made).signed_on == make.day("2024-01-16")
    with pytest.raises(NotFlowing):
        sign(registry, made, "2024-03-01", **again)
    with pytest.raises(NotFlowing):
        retract(registry, Commitment.ConventionSigned)


def test_a_funder_who_did_not_withdraw_finds_every_tranche_again(
    registry: Registry, pole: PoleId
) -> None:
    made = in_force(registry, pole)
    withdrawn = WithdrawFunderFromCommitment(commitment=made, reasons="Budget (fictif)")
    do(registry, withdrawn, on="2024-02-01")
    assert load(registry, made).state_on(make.TODAY) == "terminated"

    again = {"corrects": told(registry, Commitment.FunderWithdrew), "reason": "Lu sur la lettre."}
    do(registry, withdrawn.model_copy(update=again), on="2024-03-01")
    later = load(registry, made)
    retract(registry, Commitment.FunderWithdrew)

    assert later.state_on(make.day("2024-02-15")) == "in_force"
    assert later.state_on(make.day("2024-03-01")) == "terminated"
    found = load(registry, made)
    assert found.state_on(make.TODAY) == "in_force"
    standing = {one.standing for one in found.tranches_on(make.TODAY).values()}
    assert standing == {TrancheStanding.SCHEDULED}


def test_what_is_granted_before_the_decision_is_refused_in_a_sentence(
    registry: Registry, pole: PoleId
) -> None:
    made = decide(registry, pole, amount=20_000)

    with pytest.raises(NotBegun):
        do(registry, GrantWithoutConvention(commitment=made), on="2020-01-01")
