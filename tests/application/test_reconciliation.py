"""Payments beside approvals: each payment is matched or unexplained, once, to the cent."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from application.reconciliation import Awaiting, OnRecord, Reconciliation, reconcile
from domain.organisation import Organisation
from domain.payment import Known, Paid, PaymentId

FUNDER = Organisation(name="Région fictive", siret="23350001600040")
CARRIER = Organisation(name="Association fictive", siret="38047555800058")
OTHER = Organisation(name="Coopérative fictive", siret="52499120500013")
DAY = date(2024, 6, 3)


def wait(amount: int = 5_000_00, code: str = "p-engagement-1", **more: Any) -> Awaiting:
    of: dict[str, Any] = {
        "commitment": UUID(int=sum(code.encode())),
        "code": code,
        "tranche": "avance",
        "title": "Avance",
        "funder": FUNDER,
        "beneficiaries": (CARRIER,),
        "amount_cents": amount,
        "approved_on": date(2024, 5, 1),
    }
    return Awaiting(**{**of, **more})


def entry(amount: int = 5_000_00, reference: str = "m-1", **more: Any) -> OnRecord:
    of: dict[str, Any] = {
        "commitment": UUID(int=1),
        "code": "p-engagement-1",
        "tranche": "avance",
        "title": "Avance",
        "funder": FUNDER.name,
        "beneficiary": CARRIER.name,
        "reference": reference,
        "amount_cents": amount,
        "paid_on": DAY,
    }
    return OnRecord(**{**of, **more})


def payment(
    amount: int = 5_000_00,
    reference: str = "m-1",
    to: Organisation = CARRIER,
    day: date = DAY,
    payer: str | None = None,
) -> Known:
    paid = Paid(
        id=PaymentId(uuid4()),
        reference=reference,
        paid_on=day,
        amount_cents=amount,
        siret=to.siret,
    )
    return Known(paid, payer, ())


def held(*known: Known, waits: Any = (), entered: Any = (), **more: Any) -> Reconciliation:
    return reconcile(known, waits, entered, day=DAY, **more)


def test_what_may_not_be_paid_waits_and_is_not_missing() -> None:
    found = held(waits=[wait(payable=False), wait(code="p-engagement-2")], after_days=3)

    assert [one.code for one in found.missing] == ["p-engagement-2"]
    assert [one.code for one in found.waiting] == ["p-engagement-1"]


def test_an_amount_and_a_beneficiary_match_a_tranche() -> None:
    found = held(payment(), waits=[wait()])

    (match,) = found.to_record
    assert (match.code, match.tranche, match.amount_cents) == ("p-engagement-1", "avance", 5_000_00)
    assert not found.missing + found.waiting
    assert not found.unexplained


def test_what_was_approved_long_ago_and_not_paid_is_missing() -> None:
    found = held(waits=[wait(), wait(code="q", approved_on=DAY - timedelta(days=30))])

    assert [(one.code, one.days) for one in found.missing] == [("p-engagement-1", 33)]
    assert [one.code for one in found.waiting] == ["q"]


def test_a_payment_that_could_be_of_two_commitments_is_of_none_until_it_names_one() -> None:
    waits = [wait(), wait(code="q-engagement-1")]

    (open_,) = held(payment(), waits=waits).unexplained
    named = held(payment(reference="Mandat 12 / q-engagement-1"), waits=waits)

    assert "p-engagement-1, q-engagement-1" in open_.reason
    assert [match.code for match in named.matched] == ["q-engagement-1"]


def test_a_code_that_ends_with_another_is_not_taken_for_it() -> None:
    waits = [wait(), wait(code="autre-p-engagement-1")]

    found = held(payment(reference="autre-p-engagement-1"), waits=waits)

    assert [match.code for match in found.matched] == ["autre-p-engagement-1"]


def test_a_payment_that_names_a_commitment_is_of_no_other() -> None:
    known = payment(reference="q-engagement-1")

    (open_,) = held(known, waits=[wait()], codes=["q-engagement-1"]).unexplained

    assert "q-engagement-1" in open_.reason


def test_who_paid_is_who_must() -> None:
    (strange,) = held(payment(payer="Ministère fictif"), waits=[wait()]).unexplained

    assert "Ministère fictif" in strange.reason
    assert held(payment(payer="région FICTIVE"), waits=[wait()]).matched


def test_what_nothing_explains_is_told_why() -> None:
    told = {
        found.payment.reference: found.reason
        for found in held(
            payment(reference="autre", to=OTHER),
            payment(reference="trop", amount=6_000_00),
            payment(reference="tôt", day=date(2024, 4, 30)),
            waits=[wait()],
        ).unexplained
    }

    assert "bénéficiaire" in told["autre"]
    assert "5\u202f000\u00a0€" in told["trop"]
    assert "avant l'approbation" in told["tôt"]


def test_a_part_is_matched_where_its_reference_names_the_commitment() -> None:
    found = held(payment(2_000_00, "p-engagement-1 acompte"), waits=[wait()])

    assert [match.amount_cents for match in found.matched] == [2_000_00]
    assert [one.amount_cents for one in found.missing] == [3_000_00]


def test_what_is_on_record_is_matched_by_its_reference_and_not_twice() -> None:
    found = held(payment(), entered=[entry()], waits=[wait()])

    assert [match.is_recorded for match in found.matched] == [True]
    assert found.to_record == ()
    assert len(found.missing) == 1, "the other tranche still waits"


def test_one_payment_may_pay_for_several_commitments() -> None:
    entries = [entry(2_000_00), entry(3_000_00, code="q-engagement-1")]

    assert len(held(payment(), entered=entries).matched) == 2


def test_what_is_on_record_for_another_amount_is_told() -> None:
    (open_,) = held(payment(), entered=[entry(1_00)]).unexplained

    assert "le registre dit 1\u00a0€" in open_.reason


def test_what_is_on_record_and_in_no_file_is_told() -> None:
    assert [one.reference for one in held(entered=[entry()]).unseen] == ["m-1"]


amounts = st.sampled_from([1, 2, 3, 5_000_00])
codes = st.sampled_from(["p-engagement-1", "p-engagement-2", "q-engagement-1"])
days = st.dates(date(2024, 4, 1), DAY)
organisations = st.sampled_from([CARRIER, OTHER])


@given(
    known=st.lists(
        st.builds(
            payment,
            amounts,
            st.sampled_from(["m-1", "m-2", "p-engagement-1 x", "q-engagement-1"]),
            organisations,
            days,
            st.sampled_from([None, FUNDER.name, "Autre payeur"]),
        ),
        max_size=6,
    ),
    waits=st.lists(
        st.builds(
            wait,
            amounts,
            codes,
            tranche=st.sampled_from(["avance", "solde"]),
            beneficiaries=organisations.map(lambda one: (one,)),
            approved_on=days,
        ),
        max_size=5,
        unique_by=lambda one: (one.code, one.tranche),
    ),
    entered=st.lists(st.builds(entry, amounts, st.sampled_from(["m-1", "m-2", "z"])), max_size=4),
)
def test_no_cent_is_lost_nor_told_twice(
    known: list[Known], waits: list[Awaiting], entered: list[OnRecord]
) -> None:
    found = held(*known, waits=waits, entered=entered)

    told = sum(one.amount_cents for one in found.matched)
    told += sum(one.payment.amount_cents for one in found.unexplained)
    assert told == sum(one.paid.amount_cents for one in known)
    paying = sum(one.amount_cents for one in found.to_record)
    left = sum(one.amount_cents for one in found.missing + found.waiting)
    assert paying + left == sum(one.amount_cents for one in waits)
    matched = [one.payment.id for one in found.matched]
    unexplained = [one.payment.id for one in found.unexplained]
    assert {*matched}.isdisjoint(unexplained)
    assert len(unexplained) == len(set(unexplained))
