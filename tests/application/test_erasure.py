"""What is held in spite of a request: disputes, public tasks; nothing else, and no longer."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.erasure import holds
from application.personal import PersonalPlace
from application.recovery import OrderRecovery, WaiveRecovery
from domain.appeal import Appeal
from domain.erasure import Erasure, ErasureGround, Exemption
from domain.personal import Basis
from domain.recovery import RecoveryCause
from domain.retention import Retention
from domain.roles import Role
from domain.words import Text
from infrastructure.erasure_told import ErasureHeld
from infrastructure.event_store.registry import Registry
from interfaces.wiring import Product, Settings
from tests import make
from tests.application import commitments
from tests.application.commitments import do, in_force, move, paid
from tests.interfaces.seasons import examined

DAY = date(2024, 6, 1)


def place(
    stream: UUID,
    *,
    basis: Basis = Basis.CONSENT,
    until: date | None = None,
    subject: UUID | None = None,
    ref: str = "a" * 43,
) -> PersonalPlace:
    return PersonalPlace(
        ref=ref,
        subject=subject or uuid4(),
        purpose="p",
        holds=Text(fr="un nom"),
        persons=Text(fr="des personnes"),
        is_name=True,
        basis=basis,
        retention=Retention.FIVE_YEARS,
        keep_until=until,
        topic="x.y.v1",
        field="f",
        told="",
        stream=stream,
        position=1,
        recorded_at=datetime(2024, 1, 1, tzinfo=UTC),
        since=date(2024, 1, 1),
        role=Role.REGISTRAR,
    )


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with commitments.registry(tmp_path) as made:
        yield made


@pytest.mark.parametrize("basis", Basis)
def test_what_a_law_or_a_public_task_keeps_is_held_until_the_end_of_its_retention(
    registry: Registry, basis: Basis
) -> None:
    one = place(uuid4(), basis=basis, until=DAY)

    held = holds(registry, [one], DAY)
    later = holds(registry, [one], DAY + timedelta(days=1))

    bound = basis in (Basis.PUBLIC_TASK, Basis.LEGAL_OBLIGATION)
    told = [(found.exemption, found.until) for found in held]
    assert told == ([(Exemption.LAW_OR_PUBLIC_TASK, DAY)] if bound else [])
    assert later == []


def test_what_lies_under_one_key_goes_together(registry: Registry) -> None:
    subject = uuid4()
    one = place(uuid4(), basis=Basis.PUBLIC_TASK, until=DAY, subject=subject)
    other = place(uuid4(), subject=subject, ref="b" * 43)

    assert {found.ref for found in holds(registry, [one, other], DAY)} == {one.ref, other.ref}


def test_what_is_still_to_be_recovered_holds_what_its_commitment_says(registry: Registry) -> None:
    made = in_force(registry, commitments.pole(registry))
    paid(registry, made, "first", "2024-02-01")
    assert holds(registry, [place(made)], DAY) == []

    move(registry, made, "terminate", "2024-03-01", reasons="activité arrêtée")
    ordered = OrderRecovery(
        commitment=made,
        cause=RecoveryCause.NOT_SPENT,
        amount=10_000,
        instalments=[{"due_on": "2024-04-01", "amount": 10_000}],
        reasons="non dépensé",
    )
    do(registry, ordered, on="2024-03-02")
    (held,) = holds(registry, [place(made)], DAY)
    do(registry, WaiveRecovery(commitment=made, amount=10_000, reasons="remise"), on="2024-05-02")

    assert held.exemption is Exemption.LEGAL_CLAIMS
    assert holds(registry, [place(made)], DAY) == []


def test_what_an_appeal_under_way_says_is_not_erased(tmp_path: Path) -> None:
    home = examined(tmp_path, announced=True)
    clock = make.Clock(datetime(2024, 9, 1, tzinfo=UTC))

    with closing(Product(Settings(home=home, database=""), clock)) as product:
        (lodged,) = product.registry.told(Appeal.Lodged)
        with pytest.raises(ErasureHeld, match=r"17\(3\)\(e\).*droits en justice"):
            product.forget(
                str(lodged.stream), product.operator(Role.DPO), right=ErasureGround.OBJECTION
            )
        (recorded,) = product.registry.told(Erasure.Requested)

    assert isinstance(recorded.event, Erasure.Requested)
    assert [one.exemption for one in recorded.event.held] == [Exemption.LEGAL_CLAIMS]
