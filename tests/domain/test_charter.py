"""Signatures of the charter: the name is sealed, and no support follows."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from domain.charter import (
    Capacity,
    CharterSignature,
    NoSuchVersion,
    SignatureWithdrawn,
    SignedBeforeItsVersion,
    Signing,
    Variant,
)
from domain.charter_text import FoundingNetwork, UndatedVersion
from domain.dates import PartialDate
from domain.errors import Refused
from domain.recording import EndsBeforeItBegins, NotYetHappened
from domain.values import Sealed
from tests import make


def sign(on: str, until: str | None = None, charter: str = "2014-09-19") -> CharterSignature:
    with make.on(on, valid_to=make.day(until) if until else None):
        return CharterSignature.sign(
            pole=uuid4(),
            charter=PartialDate(charter),
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


@pytest.mark.parametrize(
    ("on", "charter", "refusal"),
    [
        ("2013-01-01", "2014-09-19", SignedBeforeItsVersion),
        ("2014-09-18", "2014-09-19", SignedBeforeItsVersion),
        ("2013", "2014-09-19", SignedBeforeItsVersion),
        ("2020-01-01", "2021-06", SignedBeforeItsVersion),
        ("2014", "2021-06", SignedBeforeItsVersion),
        ("unknown", "2030", SignedBeforeItsVersion),
        ("2030-01-01", "2021-06", NotYetHappened),
        ("2024-06-04", "2014-09-19", NotYetHappened),
        ("2020-01-01", "unknown", UndatedVersion),
        ("2014-10-01", "1999", NoSuchVersion),
        ("2014-10-01", "2014-08", NoSuchVersion),
    ],
)
def test_a_version_is_signed_between_its_first_day_and_today(
    on: str, charter: str, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        sign(on, charter=charter)


@pytest.mark.parametrize(
    ("on", "charter"),
    [
        ("2014-09-19", "2014-09-19"),
        ("2014", "2014-09-19"),
        ("2024-06-03", "2021-06"),
        ("unknown", "2014-09-19"),
        ("2021-06", "2021-06"),
    ],
)
def test_a_day_that_may_be_right_is_not_doubted(on: str, charter: str) -> None:
    assert str(sign(on, charter=charter).charter) == charter


@pytest.mark.parametrize("who", ["network", "member"])
def test_networks_and_members_sign_no_sooner_than_poles_do(who: str) -> None:
    name = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
    act = Signing(
        charter=PartialDate("2019"), capacity=Capacity.PRESIDENT, place="Romans", signatory=name
    )
    signs: dict[str, Callable[[], CharterSignature]] = {
        "network": lambda: CharterSignature.sign_as_network(FoundingNetwork.MES, act),
        "member": lambda: CharterSignature.sign_as_member(
            act, pole=uuid4(), member=uuid4(), organisation="Coopérative"
        ),
    }

    with make.on("2018-12-31"), pytest.raises(SignedBeforeItsVersion):
        signs[who]()


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
