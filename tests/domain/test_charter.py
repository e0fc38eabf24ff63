"""Signatures of the charter: the name is sealed, and no support follows."""

from uuid import uuid4

import pytest

from domain.charter import Capacity, CharterSignature, SignatureWithdrawn, Variant
from domain.dates import PartialDate
from domain.kernel import Sealed
from tests import make


def sign(on: str) -> CharterSignature:
    with make.on(on):
        return CharterSignature.sign(
            pole=uuid4(),
            charter=PartialDate("2014-09-19"),
            variant=Variant.IN_CREATION,
            capacity=Capacity.DIRECTOR,
            place="Romans",
            signatory=Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"),
        )


def test_a_signature_holds_until_it_is_withdrawn() -> None:
    signature = sign("2015-02-01")

    with make.on("2018"):
        signature.withdraw(motive="changement de statuts")

    days = ("2015-01-31", "2015-02-01", "2017-12-31", "2018-01-01")
    assert [signature.in_force_on(make.day(day)) for day in days] == [False, True, True, False]


def test_a_signature_is_withdrawn_once() -> None:
    signature = sign("2015")
    with make.on("2018"):
        signature.withdraw(motive="changement de statuts")

    with make.on("2019"), pytest.raises(SignatureWithdrawn):
        signature.withdraw(motive="encore")
