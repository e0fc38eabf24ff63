"""Erasures: as far as nothing holds, once, and told by references alone."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.erasure import (
    Erasure,
    ErasureDecided,
    ErasureGround,
    Exemption,
    HeldValue,
    NothingToForget,
)
from domain.personal import name_key
from tests import make

RIGHT = ErasureGround.CONSENT_WITHDRAWN
REFS = tuple(letter * 43 for letter in "abcdef")
refs = st.lists(st.sampled_from(REFS), min_size=1, unique=True)


@pytest.fixture(autouse=True)
def _acting() -> object:
    with make.on("2026-01"):
        yield


@given(asked=refs, held=st.sets(st.sampled_from(REFS)))
def test_what_is_held_is_kept_and_all_the_rest_is_erased(asked: list[str], held: set[str]) -> None:
    kept = [HeldValue(ref=ref, exemption=Exemption.LEGAL_CLAIMS) for ref in asked if ref in held]
    with make.on("2026-01"):
        erasure = Erasure.new()
        erasure.request(RIGHT, refs=asked, held=kept)
        if erasure.is_under_way:
            erasure.execute()

    assert set(erasure.erased or ()) == set(asked) - held
    assert (erasure.exemption is None) == bool(set(asked) - held)


def test_a_refusal_is_the_end_of_it() -> None:
    erasure = Erasure.new()
    erasure.request(RIGHT, refs=REFS)

    erasure.refuse(Exemption.ARCHIVES)

    assert erasure.erased is None
    with pytest.raises(ErasureDecided, match=r"refusé, RGPD article 17\(3\)\(d\)"):
        erasure.execute()


def test_what_was_done_is_recorded_once_and_no_longer_refused() -> None:
    erasure = Erasure.new()
    erasure.request(RIGHT, refs=REFS)
    erasure.execute()

    erasure.execute()

    assert [type(event) for event in erasure.pending] == [Erasure.Requested, Erasure.PersonErased]
    with pytest.raises(ErasureDecided, match="effacé"):
        erasure.refuse(Exemption.ARCHIVES)


def test_an_erasure_is_about_something() -> None:
    with pytest.raises(NothingToForget):
        Erasure.new().request(RIGHT, refs=())


def test_a_document_without_a_name_is_enough() -> None:
    erasure = Erasure.new()
    erasure.request(RIGHT, refs=(), documents=(uuid4(),))

    assert erasure.is_under_way


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoé Quidam", "QUIDAM  zoe"),
        ("Mme Zoé Quidam", "Zoé Quidam"),
        ("Jean-Noël d'Ici", "d’Ici Jean Noel"),
        ("Λ. Ελένη", "λ. ελένη"),
    ],
)
def test_a_name_is_one_however_it_is_written(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Zoé Quidam", "Zoé Quidame"), ("M.", "Mme"), ("李", "王")]
)
def test_other_names_are_others(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)
