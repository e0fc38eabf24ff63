"""Who signed what: a newer version takes the place of an older one, in any order of record."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.charter import (
    AlreadySigned,
    Capacity,
    CharterSignature,
    NewerSigned,
    Signatory,
    SignatureEnded,
    SignedBeforeItsVersion,
    Signing,
    Variant,
    WrongCapacity,
    succession,
)
from domain.charter_text import (
    CHARTERS,
    Charter,
    CharterKind,
    Charters,
    FoundingNetwork,
    UndatedVersion,
    VersionTaken,
    WhoseCharter,
)
from domain.dates import PartialDate
from domain.recording import NotYetHappened
from domain.values import Sealed
from tests import make
from tests.domain.samples.charter import TEXT

NAME = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
VERSIONS = ["2014-09-19", "2019", "2021-06"]
POLE = UUID(int=1)


def act(version: str = "2014-09-19", *capacities: Capacity) -> Signing:
    first, *others = capacities or (Capacity.PRESIDENT,)
    return Signing(
        charter=PartialDate(version),
        capacity=first,
        place="Romans",
        signatory=NAME,
        others=tuple(Signatory(capacity=other, name=NAME) for other in others),
    )


def signed(version: str, on: str, given: list[CharterSignature]) -> CharterSignature:
    """Sign as a pole would, with what follows for its other signatures."""
    with make.on(on):
        what = succession(PartialDate(version), make.day(on), None, given)
        signature = CharterSignature.sign_as_network(FoundingNetwork.MES, act(version))
        for older in what.superseded:
            older.supersede(signature.id)
    if what.by:
        with make.on(what.by.start.isoformat()):
            signature.supersede(what.by.id)
    return signature


def publish(kind: CharterKind, pole: UUID | None, version: str = "2014") -> Charter:
    with make.on(version if version != "unknown" else "2014"):
        return Charter.publish(
            charter_kind=kind,
            pole=pole,
            version=PartialDate(version),
            title="Charte fictive",
            language="fr",
            text=TEXT,
            sha256="0a" * 32,
            size=10,
        )


def test_a_newer_version_takes_the_place_of_an_older_one_from_its_day() -> None:
    older = signed("2014-09-19", "2015-01-01", [])

    newer = signed("2021-06", "2022-01-01", [older])

    assert older.in_force_on(make.day("2021-12-31"))
    assert not older.in_force_on(make.day("2022-01-01"))
    assert older.superseded_by == newer.id
    assert newer.in_force_on(make.day("2030-01-01"))


def test_an_older_signature_found_later_holds_until_the_newer_one() -> None:
    newer = signed("2021-06", "2022-01-01", [])

    older = signed("2014-09-19", "2015-01-01", [newer])

    assert (older.start, older.end) == (make.day("2015-01-01"), make.day("2022-01-01"))
    assert older.superseded_by == newer.id


def test_a_version_is_signed_once_at_a_time() -> None:
    first = signed("2014-09-19", "2015-01-01", [])

    with pytest.raises(AlreadySigned, match="depuis le 1er janvier 2015"):
        signed("2014-09-19", "2016-01-01", [first])
    with pytest.raises(AlreadySigned):
        signed("2014-09-19", "2014-10-01", [first])


def test_no_version_is_signed_after_a_newer_one() -> None:
    newer = signed("2021-06", "2022-01-01", [])

    with pytest.raises(NewerSigned):
        signed("2014-09-19", "2023-01-01", [newer])

    older = signed("2014-09-19", "2023-01-01", [])
    with pytest.raises(NewerSigned):
        signed("2021-06", "2022-01-01", [older])


def test_who_withdrew_may_sign_again() -> None:
    first = signed("2014-09-19", "2015-01-01", [])
    with make.on("2016-01-01"):
        first.withdraw(motive="statuts", occurred_on=PartialDate("2016-01-01"))

    again = signed("2014-09-19", "2017-01-01", [first])

    assert again.in_force_on(make.day("2017-01-01"))
    assert first.withdrawn


def test_what_was_superseded_stays_superseded_unless_it_was_withdrawn_before() -> None:
    older = signed("2014-09-19", "2015-01-01", [])
    signed("2021-06", "2022-01-01", [older])

    with make.on("2023-01-01"), pytest.raises(SignatureEnded):
        older.withdraw(motive="statuts", occurred_on=PartialDate("2023-01-01"))
    with make.on("unknown"):
        older.withdraw(motive="statuts", occurred_on=PartialDate("unknown"))

    assert older.end == make.day("2022-01-01")


@given(
    st.lists(
        st.tuples(st.sampled_from(VERSIONS), st.dates(date(2014, 1, 1), date(2024, 12, 31))),
        max_size=8,
    ),
    st.dates(date(2013, 1, 1), date(2025, 12, 31)),
)
def test_on_no_day_does_one_signer_stand_by_two_versions(
    tried: list[tuple[str, date]], day: date
) -> None:
    kept: list[CharterSignature] = []
    for version, on in tried:
        try:
            kept.append(signed(version, on.isoformat(), kept))
        except (AlreadySigned, NewerSigned, NotYetHappened, SignedBeforeItsVersion):
            continue

    holding = [signature for signature in kept if signature.in_force_on(day)]
    assert len(holding) <= 1
    later = [s.charter for s in kept if s.start <= day]
    if holding:
        newest = max(version.first_day or date.min for version in later)
        assert holding[0].charter.first_day == newest


@given(st.lists(st.sampled_from(Capacity), min_size=1, max_size=4))
def test_organisations_sign_through_somebody_and_persons_for_themselves(
    capacities: list[Capacity],
) -> None:
    def accepted(organisation: str | None) -> bool:
        with make.on():
            try:
                CharterSignature.sign_as_member(
                    act("2019", *capacities), pole=POLE, member=POLE, organisation=organisation
                )
            except WrongCapacity:
                return False
        return True

    in_person = set(capacities) == {Capacity.IN_PERSON}
    assert accepted(None) == in_person
    assert accepted("Coopérative fictive") == (Capacity.IN_PERSON not in capacities)


def test_a_pole_does_not_sign_in_person() -> None:
    with make.on(), pytest.raises(WrongCapacity):
        CharterSignature.sign(
            pole=uuid4(),
            charter=PartialDate("2014-09-19"),
            variant=Variant.EXISTING_POLE,
            capacity=Capacity.IN_PERSON,
            place="Romans",
            signatory=NAME,
        )


def test_a_version_is_named_by_its_kind_its_pole_and_its_date() -> None:
    with pytest.raises(WhoseCharter):
        publish(CharterKind.LOCAL, None)
    with pytest.raises(WhoseCharter):
        publish(CharterKind.NATIONAL, POLE)
    with pytest.raises(UndatedVersion):
        publish(CharterKind.NATIONAL, None, "unknown")


def test_a_version_is_published_once() -> None:
    charters = Charters(CHARTERS)
    first, other = publish(CharterKind.NATIONAL, None), publish(CharterKind.LOCAL, POLE)
    with make.on():
        charters.enter(first)
        charters.enter(other)
        with pytest.raises(VersionTaken, match="2014"):
            charters.enter(publish(CharterKind.NATIONAL, None))

    assert charters.find(CharterKind.NATIONAL, None, PartialDate("2014")) == first.id
    assert charters.find(CharterKind.LOCAL, POLE, PartialDate("2014")) == other.id
    assert charters.find(CharterKind.NATIONAL, None, PartialDate("2014-01")) is None


def test_a_signature_given_for_a_time_leaves_room_after_it() -> None:
    with make.on("2015-01-01", valid_to=make.day("2016-01-01")):
        first = CharterSignature.sign_as_network(FoundingNetwork.MES, act())

    again = signed("2014-09-19", "2016-01-01", [first])

    assert not first.in_force_on(make.day("2016-01-01"))
    assert again.start - timedelta(days=1) < make.day("2016-01-01")
