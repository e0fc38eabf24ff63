"""What sets two definitions apart, part by part, and who gains or loses what."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.difference import in_words
from domain.difference import compare, held_in
from domain.journey import Journey
from tests import make

TITLE = {"fr": "Titre", "en": "Title"}


def journey(**more: Any) -> Journey:
    """A small definition; what is given replaces its parts."""
    clause = {"id": "mix", "when": "members.total >= 1", "say": TITLE, "source": "product rule"}
    return Journey.model_validate(
        {
            "id": "pole",
            "version": "2020-01",
            "source": [],
            "facts": "PoleFacts",
            "initial": "a",
            "states": {"a": {"title": {"fr": "Début"}}, "b": {"title": {"fr": "Fin"}}},
            "transitions": {
                "go": {
                    "title": {"fr": "Avancer"},
                    "from": ["a"],
                    "to": "b",
                    "by": ["coordinator"],
                    "requires": [clause],
                }
            },
            **more,
        }
    )


def sentences(old: Journey, new: Journey) -> list[str]:
    return in_words(compare(old, new), old, new)


def test_a_definition_differs_in_nothing_from_itself() -> None:
    for definition in make.journeys():
        assert compare(definition, definition).is_empty


@given(st.sampled_from(make.journeys()), st.sampled_from(make.journeys()))
def test_what_one_gains_the_other_loses(old: Journey, new: Journey) -> None:
    there, back = compare(old, new), compare(new, old)

    gained = {(r.state, r.role, r.what, r.id) for r in there.rights if r.gained}
    lost = {(r.state, r.role, r.what, r.id) for r in back.rights if not r.gained}
    assert gained == lost


@given(st.sampled_from(make.journeys()), st.sampled_from(make.journeys()))
def test_rights_before_and_what_changed_give_the_rights_after(old: Journey, new: Journey) -> None:
    found = compare(old, new)

    for state in set(old.state) & set(new.state):
        changed = [r for r in found.rights if r.state == state]
        held = set(held_in(old, state))
        held -= {(r.role, r.what, r.id) for r in changed if not r.gained}
        held |= {(r.role, r.what, r.id) for r in changed if r.gained}
        assert held == set(held_in(new, state))


def test_a_clause_that_asks_for_more_is_said_with_both_conditions() -> None:
    old, new = journey(), journey()
    (way,) = new.transitions
    (clause,) = way.requires
    more = clause.model_copy(update={"when": "members.total >= 5"})
    new = journey(transitions=[way.model_copy(update={"requires": (more,)})])

    assert sentences(old, new) == [
        "Condition « Titre », pour « Avancer » : la condition change, "
        "de « members.total >= 1 » à « members.total >= 5 »."
    ]


def test_a_state_that_goes_says_where_its_cases_go_on() -> None:
    old = journey()
    new = journey(
        states={"a": {"title": {"fr": "Début"}}, "c": {}}, replaces={"b": "c"}, transitions={}
    )

    said = sentences(old, new)

    assert "Étape retirée : « Fin » ; on y continue à l'étape « c »." in said
    assert "Étape ajoutée : « c »." in said
    assert "Passage retiré : « Avancer »." in said
    assert (
        "À l'étape « Début », le rôle « coordination nationale » perd le passage « Avancer »."
        in said
    )


def test_permissions_are_compared_state_by_state() -> None:
    old = journey(states={"a": {"rights": {"view": ["public"], "edit": ["registrar"]}}, "b": {}})
    new = journey(states={"a": {"rights": {"view": ["auditor"], "edit": ["registrar"]}}, "b": {}})

    assert sentences(old, new) == [
        "À l'étape « a », le rôle « public » perd le droit « view ».",
        "À l'étape « a », le rôle « auditeur » gagne le droit « view ».",
    ]


def test_a_role_loses_nothing_where_anybody_may() -> None:
    old = journey()
    (way,) = old.transitions
    new = journey(transitions=[way.model_copy(update={"by": None})])

    assert sentences(old, new) == [
        "À l'étape « Début », tout le monde gagne le passage « Avancer »."
    ]


@pytest.mark.parametrize("added", [True, False])
def test_a_deadline_is_said_with_its_length(added: bool) -> None:
    late = {"title": {"fr": "Réponse"}, "source": "product rule", "period": "2 months"}
    with_it = journey(states={"a": {"deadlines": {"answer": late}}, "b": {}})
    without = journey(states={"a": {}, "b": {}})
    old, new = (without, with_it) if added else (with_it, without)

    (said,) = sentences(old, new)

    word = "ajoutée" if added else "retirée"
    assert said == f"Échéance {word}, à l'étape « a » : « Réponse » (2 mois)."
