"""Signatures of the charter: the name is sealed, and no support follows."""

from uuid import uuid4

import pytest

from domain.charter import Capacity, CharterSignature, SignatureWithdrawn, Variant
from domain.dates import PartialDate
from domain.kernel import EndsBeforeItBegins, Sealed
from tests import make


def sign(on: str, until: str | None = None) -> CharterSignature:
    with make.on(on, valid_to=make.day(until) if until else None):
        return CharterSignature.sign(
            pole=uuid4(),
            charter=PartialDate("2014-09-19"),
            variant=Variant.IN_CREATION,
            capacity=Capacity.DIRECTOR,
            place="Romans",
            signatory=Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"),
        )


def withdraw(signature: CharterSignature, on: str) -> None:
    with make.on(on):
        signature.withdraw(motive="changement de statuts", occurred_on=PartialDate(on))


def in_force(signature: CharterSignature, *days: str) -> list[bool]:
    return [signature.in_force_on(make.day(day)) for day in days]


def test_a_signature_holds_until_it_is_withdrawn() -> None:
    signature = sign("2015-02-01")

    withdraw(signature, "2018")

    assert in_force(signature, "2015-01-31", "2015-02-01", "2017-12-31", "2018-01-01") == [
        False,
        True,
        True,
        False,
    ]


def test_a_signature_given_for_a_time_holds_for_that_time_at_most() -> None:
    signature = sign("2015", "2020-01-01")
    assert in_force(signature, "2019-12-31", "2020-01-01") == [True, False]

    withdraw(signature, "2018")

    assert in_force(signature, "2017-12-31", "2018-01-01") == [True, False]


def test_a_signature_is_withdrawn_once_and_not_before_it_was_given() -> None:
    signature = sign("2015")

    with pytest.raises(EndsBeforeItBegins):
        withdraw(signature, "2014")
    withdraw(signature, "2018")
    with pytest.raises(SignatureWithdrawn):
        withdraw(signature, "2019")
