"""The register: a code names one pole, once and for ever."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.pole import Code, PoleId
from domain.register import REGISTER, Register, code_of
from tests import make
from tests.examples import settings

CODE: TypeAdapter[str] = TypeAdapter(Code)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("La Coursive Boutaric", "la-coursive-boutaric"),
        ("Réalis (Réseau actif)", "realis-reseau-actif"),
        ("Œuvre & Cœur", "oeuvre-coeur"),
        ("  L'Île  ", "l-ile"),
        ("L’Île–aux–Moines", "l-ile-aux-moines"),
        ("漢字", "pole"),
        ("—", "pole"),
    ],
)
def test_a_code_is_a_short_name_without_accents(name: str, code: str) -> None:
    assert code_of(name) == code


@settings(deadline=None, max_examples=200)
@given(name=st.text(max_size=120))
def test_any_name_has_a_code(name: str) -> None:
    code = code_of(name)

    assert CODE.validate_python(code) == code
    assert code_of(code) == code


@settings(deadline=None, max_examples=60)
@given(
    names=st.lists(st.sampled_from(["Alpha", "alpha", "Àlpha 2", "alpha-2", "é" * 80]), max_size=12)
)
def test_no_two_poles_share_a_code(names: list[str]) -> None:
    register = Register(REGISTER)
    given = []

    for name in names:
        code = register.free_code(name)
        with make.on():
            register.enter(PoleId(uuid4()), code=code, name=name)
        given.append(CODE.validate_python(code))

    assert len(set(given)) == len(names)
    assert list(register.poles) == given
