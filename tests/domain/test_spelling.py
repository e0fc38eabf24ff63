"""Spelling: what shows nothing says nothing, and a name is the same however it is typed."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.identifiers import Identifier, same_name
from domain.mandate import Party
from domain.spelling import plain, same, shown
from domain.values import Line, Personal, Prose

INVISIBLE = (
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4", "\u180e", "\u200b", "\u200c"),
    *("\u200d", "\u200e", "\u2060", "\u2063", "\u2800", "\u3164", "\ufe0f", "\ufeff", "\uffa0"),
    *("\U000e0041", "\u2060\u200b", "\u00a0\u2800", "\u0301"),
)

names = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=20)


@pytest.mark.parametrize("nothing", INVISIBLE, ids=ascii)
@pytest.mark.parametrize(
    "kind", [Line, Prose, Party, Personal], ids=["line", "prose", "party", "p"]
)
def test_what_shows_nothing_is_no_text(kind: Any, nothing: str) -> None:
    given_words: TypeAdapter[object] = TypeAdapter(kind)
    prefix = "organisation:" if kind is Party else ""

    with pytest.raises(ValidationError):
        given_words.validate_python(prefix + nothing)


@pytest.mark.parametrize("nothing", INVISIBLE[:-1], ids=ascii)
def test_what_shows_nothing_is_taken_out_of_a_text(nothing: str) -> None:
    said = TypeAdapter(Line).validate_python(f"{nothing}Zéd{nothing}")

    assert said == "Zéd"


def test_what_joins_two_signs_stays_where_it_does() -> None:
    for text in ("❤️ pour tous", "👨\u200d👩\u200d👧", "می\u200cخواهم", "Énergies\u00a0: l'été"):
        assert TypeAdapter(Line).validate_python(text) == text


@given(st.text())
def test_what_is_left_is_left_again(text: str) -> None:
    assert shown(shown(text)) == shown(text)


@given(names, st.integers(0, 20), st.sampled_from(INVISIBLE[:-2]))
def test_a_name_is_the_same_however_it_is_typed(name: str, place: int, nothing: str) -> None:
    forms = [unicodedata.normalize(form, name) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    forms += [f"{name[:place]}{nothing}{name[place:]}", f"  {name} ", name.casefold()]

    assert {same(form) for form in forms} == {same(name)}
    assert all(same_name(name, form) for form in forms)
    assert {plain(form) for form in forms} == {plain(name)}


def test_a_number_of_a_foreign_register_is_the_same_however_its_place_is_typed() -> None:
    composed = Identifier.model_validate("étranger 12, Régistre, Espagne")
    apart = Identifier.model_validate(
        unicodedata.normalize("NFD", "étranger 12, Régistre, Espagne")
    )

    assert composed.organisation == apart.organisation


def test_names_that_differ_in_a_letter_are_two_names() -> None:
    assert not same_name("Zéd", "Zéda")
    assert not same_name("日本", "中国")
    assert same_name("L’Œuvre", "l'oeuvre")
