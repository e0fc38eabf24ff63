"""Mandates: given, in force from one day to another, passed on, taken back."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.dates import PartialDate
from domain.mandate import (
    GivenToOneself,
    Irrevocable,
    Mandate,
    MandateAlreadyEnded,
    MandateNotYetInForce,
    NoLongerInForce,
    NotTheHolder,
    NotYetBegun,
    OtherRole,
    Party,
    PassedOn,
    Relation,
)
from domain.provenance import AccountId
from domain.roles import Role
from domain.spelling import same
from tests import make
from tests.domain.strategies import days

HOLDER = AccountId(UUID(int=7))
THIRD = AccountId(UUID(int=8))
POLE = f"pole:{UUID(int=9)}"


def mandate(start: str = "2024-01-01", end: str | None = "2025-01-01", **more: Any) -> Mandate:
    """The mandate of a network for a pole, for a year unless said."""
    until = make.day(end) if end else None
    plain = {
        "giver": make.ACTOR,
        "holder": HOLDER,
        "principal": "organisation:COORACE",
        "role": Role.NETWORK,
        "relation": POLE,
    }
    with make.on(start, valid_to=until):
        return Mandate.give(**{**plain, "start": make.day(start), "end": until, **more})


def revoked(found: Mandate, on: str) -> Mandate:
    with make.on(on):
        found.revoke(occurred_on=PartialDate(on), today=make.TODAY)
    return found


@given(days)
def test_it_holds_from_its_first_day_until_its_end(day: Any) -> None:
    found = mandate()

    assert found.in_force_on(day) == (make.day("2024-01-01") <= day < make.day("2025-01-01"))


@given(days, days)
def test_once_revoked_it_no_longer_holds_from_that_day(day: Any, revocation: Any) -> None:
    start = make.day("2012-01-01")
    found = mandate("2012-01-01", None)
    if revocation < start:
        with pytest.raises(NotYetBegun):
            revoked(found, revocation.isoformat())
        return

    revoked(found, revocation.isoformat())

    assert found.in_force_on(day) == (start <= day < revocation)


def test_outside_its_days_it_is_refused_and_the_day_named() -> None:
    found = revoked(mandate(), "2024-05-02")

    with pytest.raises(NoLongerInForce, match="2 mai 2024"):
        found.hold_on(make.day("2024-05-02"))
    with pytest.raises(MandateNotYetInForce, match="1er janvier 2024"):
        found.hold_on(make.day("2023-12-31"))
    found.hold_on(make.day("2024-05-01"))


def test_it_serves_its_holder_in_its_role() -> None:
    found = mandate()

    found.serve(actor=HOLDER, role=Role.NETWORK)
    with pytest.raises(NotTheHolder):
        found.serve(actor=make.ACTOR, role=Role.NETWORK)
    with pytest.raises(OtherRole, match="réseau fondateur"):
        found.serve(actor=HOLDER, role=Role.FUNDER)


def test_nobody_gives_themself_a_mandate() -> None:
    with pytest.raises(GivenToOneself):
        mandate(holder=make.ACTOR)
    with pytest.raises(GivenToOneself):
        mandate(principal=f"account:{HOLDER}")


def test_what_was_given_for_good_is_not_revoked() -> None:
    with pytest.raises(Irrevocable):
        revoked(mandate(revocable=False), "2024-05-02")


def test_what_has_ended_is_not_revoked() -> None:
    with pytest.raises(MandateAlreadyEnded, match="2 mai 2024"):
        revoked(revoked(mandate(), "2024-05-02"), "2024-06-01")
    with pytest.raises(MandateAlreadyEnded, match="1er janvier 2025"):
        revoked(mandate(), "2025-01-01")


@pytest.mark.parametrize(
    ("relation", "about", "covers"),
    [
        ("everywhere", set(), True),
        (POLE, {POLE, "region:Bretagne"}, True),
        (POLE, {"pole:other"}, False),
        ("region:île-de-france", {"region:Ile-de-France"}, True),
        ("region:Bretagne", {"region:Normandie"}, False),
        ("region:Bretagne", set(), False),
    ],
)
def test_it_reaches_as_far_as_it_says(relation: str, about: set[str], covers: bool) -> None:
    assert mandate(relation=relation).covers(about) is covers


def test_a_mandate_of_a_mandate_must_have_been_foreseen() -> None:
    with pytest.raises(PassedOn, match="ne le prévoit pas"):
        mandate(giver=HOLDER, holder=THIRD, under=mandate())

    given_on = mandate(giver=HOLDER, holder=THIRD, under=(first := mandate(may_pass_on=True)))
    assert given_on.under == first.id


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"principal": "organisation:RTES"}, "autre mandant"),
        ({"role": Role.FUNDER}, "autre rôle"),
        ({"relation": "everywhere"}, "autre chose"),
        ({"end": None}, "plus tard"),
        ({"end": "2025-01-02"}, "plus tard"),
        ({"start": "2023-12-31"}, "plus tôt"),
        ({"may_pass_on": True}, "à son tour"),
        ({"holder": HOLDER, "giver": THIRD}, "à qui le donne"),
    ],
)
def test_a_mandate_of_a_mandate_stays_within_it(more: dict[str, Any], reason: str) -> None:
    first = mandate(may_pass_on=True)

    with pytest.raises(PassedOn, match=reason):
        mandate(**{"giver": HOLDER, "holder": THIRD, "under": first, **more})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Party, "COORACE"),
        (Party, "organisation:"),
        (Party, "pole:tetris"),
        (Party, "everywhere"),
        (Relation, "everyone"),
        (Relation, "call:2015"),
        (Relation, "region:"),
        (Relation, "region:a\nb"),
    ],
)
def test_what_names_nothing_is_refused(kind: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@given(st.sampled_from(["organisation:Évaléco  SCIC", "organisation:EVALECO SCIC"]))
def test_two_spellings_name_one_party(text: str) -> None:
    assert same(text) == "organisation:evaleco scic"
