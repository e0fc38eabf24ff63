"""What definitions of Plone answer: what is offered, what a step does, and why it is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.answering import LONGEST_LINE, answer_all
from infrastructure.dcworkflow import Folder
from infrastructure.guards import Cel
from tests.dcworkflow import definition, element, guard, state, transition

NAME = "fiche.xml"


class Asked:
    """One definition in a folder, and the questions put to it."""

    def __init__(self, folder: Path, *parts: str, **about: Any) -> None:
        (folder / NAME).write_bytes(definition(*parts, **about))
        self.folder = Folder(folder, Cel)

    def __call__(self, ask: str, at: str = "brouillon", **more: Any) -> dict[str, Any]:
        question = {"ask": ask, "definition": NAME, "state": at, **more}
        (answered,) = answer_all([json.dumps(question).encode()], self.folder)
        return answered

    def offers(self, at: str = "brouillon", **more: Any) -> list[str]:
        found: list[str] = self("offers", at, **more)["offers"]
        return found

    def fire(self, way: str, at: str = "brouillon", **more: Any) -> dict[str, Any]:
        return self("fire", at, transition=way, **more)


def asked(folder: Path, gate: str, *states: str, **about: Any) -> Asked:
    """A definition with one way, from its first state to « public », behind a gate."""
    first = states or (state("brouillon", "publier"),)
    return Asked(folder, *first, state("public"), transition("publier", "public", gate), **about)


# Who may pass.


def test_a_role_of_the_guard_is_enough(tmp_path: Path) -> None:
    ask = asked(tmp_path, guard(roles=["Reviewer", "Editor"]))

    assert ask.offers(roles=["Editor"]) == ["publier"]
    assert ask.offers(roles=["Manager"]) == []


def test_one_element_may_hold_several_roles(tmp_path: Path) -> None:
    ask = asked(tmp_path, guard(roles=["Reviewer; Editor"]))

    assert ask.offers(roles=["Editor"]) == ["publier"]


def test_a_transition_without_a_guard_element_is_open_to_all(tmp_path: Path) -> None:
    ask = asked(tmp_path, "")

    assert ask.offers() == ["publier"]
    assert ask.fire("publier") == {"states": ["public"], "action": ["publier"]}


def test_the_manager_passes_every_guard_where_the_definition_says_so(tmp_path: Path) -> None:
    gate = guard(permissions=["Nul"], roles=["Owner"], groups=["g"], expression="here/faux")

    passing = asked(tmp_path, gate, manager_bypass="True")
    assert passing.offers(roles=["Manager"], expressions=False) == ["publier"]

    ordinary = asked(tmp_path, gate)
    assert ordinary.offers(roles=["Manager"], expressions=False) == []


def test_every_part_of_a_guard_is_asked(tmp_path: Path) -> None:
    rights = {"Publier": ["Editor"]}
    ask = asked(
        tmp_path,
        guard(permissions=["Publier"], roles=["Editor"], groups=["comité"], expression="here/x"),
        state("brouillon", "publier", rights=rights),
        permissions=["Publier"],
    )

    whole: dict[str, Any] = {"roles": ["Editor"], "groups": ["comité"], "expressions": True}
    assert ask.offers(**whole) == ["publier"]
    for part in ("roles", "groups", "expressions"):
        assert ask.offers(**{**whole, part: None if part == "expressions" else []}) == []
    assert ask.offers(**{**whole, "expressions": False}) == []


def test_a_permission_is_held_as_the_state_says(tmp_path: Path) -> None:
    draft = state("brouillon", "publier", rights={"Publier": ["Editor"]})
    ask = asked(tmp_path, guard(permissions=["Publier"]), draft, permissions=["Publier"])

    assert ask.offers(roles=["Editor"]) == ["publier"]
    assert ask.offers(roles=["Manager"]) == []


def test_an_acquired_permission_is_also_held_by_those_of_the_site(tmp_path: Path) -> None:
    draft = state("brouillon", "publier", acquired={"Publier": ["Editor"]})
    ask = asked(tmp_path, guard(permissions=["Publier"]), draft, permissions=["Publier"])

    assert ask.offers(roles=["Editor"]) == ["publier"]
    assert ask.offers(roles=["Manager"]) == ["publier"]
    assert ask.offers(roles=["Owner"]) == []


def test_the_map_of_a_permission_that_is_not_declared_has_no_effect(tmp_path: Path) -> None:
    draft = state("brouillon", "publier", rights={"Publier": ["Editor"]})
    ask = asked(tmp_path, guard(permissions=["Publier"]), draft)

    assert ask.offers(roles=["Editor"]) == []
    assert ask.offers(roles=["Manager"]) == ["publier"]
    assert ask("permissions") == {"permission_roles": {}}


@pytest.mark.parametrize(
    ("permission", "holders"),
    [
        ("Request review", {"Manager", "Owner"}),
        ("View", {"Manager", "Owner", "Member", "Anonymous"}),
        ("Review portal content", {"Manager"}),
    ],
)
def test_what_no_state_decides_is_held_as_at_the_root_of_a_site(
    tmp_path: Path, permission: str, holders: set[str]
) -> None:
    ask = asked(tmp_path, guard(permissions=[permission]))

    everyone = ("Manager", "Owner", "Member", "Anonymous")
    assert {role for role in everyone if ask.offers(roles=[role])} == holders


def test_a_permission_of_everybody_opens_to_those_without_any_role(tmp_path: Path) -> None:
    draft = state("brouillon", "publier", rights={"Publier": ["Anonymous"]})
    ask = asked(tmp_path, guard(permissions=["Publier"]), draft, permissions=["Publier"])

    assert ask.offers(roles=["Reader"]) == ["publier"]


# Groups.


def test_a_group_gives_its_members_roles_in_a_state(tmp_path: Path) -> None:
    draft = state("brouillon", "publier", groups={"comité": ["Reviewer"], "autres": []})
    ask = asked(tmp_path, guard(roles=["Reviewer"]), draft, groups=["comité", "autres"])

    assert ask.offers(roles=["Member"], groups=["comité"]) == ["publier"]
    assert ask.offers(roles=["Member"], groups=["autres"]) == []
    assert ask("local_roles") == {"local_roles": {"comité": ["Reviewer"]}}
    assert ask("local_roles", "public") == {"local_roles": {}}


def test_the_map_of_a_group_that_is_not_declared_has_no_effect_and_is_a_fault(
    tmp_path: Path,
) -> None:
    draft = state("brouillon", "publier", groups={"comité": ["Reviewer"]})
    ask = asked(tmp_path, guard(roles=["Reviewer"]), draft)

    assert ask.offers(groups=["comité"]) == []
    assert ask("local_roles") == {"local_roles": {}}
    assert "ineffective-group-map" in {fault["code"] for fault in ask("check")["faults"]}


# What a step does.


def test_automatic_steps_follow_in_the_order_of_the_exits(tmp_path: Path) -> None:
    ask = Asked(
        tmp_path,
        state("brouillon", "envoyer"),
        state("reçu", "second", "premier"),
        state("a"),
        state("b"),
        transition("envoyer", "reçu"),
        transition("premier", "a", trigger="AUTOMATIC"),
        transition("second", "b", trigger="AUTOMATIC"),
    )

    assert ask.fire("envoyer") == {"states": ["reçu", "b"], "action": ["envoyer", "second"]}


def test_a_transition_without_target_stays_where_it_is(tmp_path: Path) -> None:
    ask = Asked(tmp_path, state("brouillon", "noter"), transition("noter", ""))

    assert ask.fire("noter") == {"states": ["brouillon"], "action": ["noter"]}


@pytest.mark.parametrize(
    ("way", "refused", "why"),
    [
        ("inconnu", "Unauthorized", "n'a pas de passage « inconnu »"),
        ("retirer", "Unauthorized", "n'est pas possible depuis l'étape « brouillon »"),
        ("garder", "Unauthorized", "revient à : relecture (Reviewer)"),
        ("fantôme", "WorkflowException", "que la définition ne contient pas"),
        ("perdre", "WorkflowException", "que la définition ne connaît pas"),
        ("seul", "WorkflowException", "se fait de soi-même"),
        ("tourner", "WorkflowException", "en boucle : a → vers_b → b → vers_a → a"),
        ("boucler", "WorkflowException", "en boucle : c → encore → c"),
        ("glisser", "WorkflowException", "que la définition ne connaît pas"),
    ],
)
def test_a_refusal_has_the_name_of_dcworkflow_and_says_why(
    tmp_path: Path, way: str, refused: str, why: str
) -> None:
    ask = Asked(
        tmp_path,
        state("brouillon", "garder", "fantôme", "perdre", "seul", "tourner", "boucler", "glisser"),
        *(state("a", "vers_b"), state("b", "vers_a"), state("c", "encore")),
        state("d", "tomber"),
        transition("retirer", "a"),
        transition("garder", "a", guard(roles=["Reviewer"])),
        transition("perdre", "nulle part"),
        transition("seul", "a", guard(roles=["Reviewer"]), trigger="AUTOMATIC"),
        *(transition("tourner", "a"), transition("boucler", "c"), transition("glisser", "d")),
        transition("vers_b", "b", trigger="AUTOMATIC"),
        transition("vers_a", "a", trigger="AUTOMATIC"),
        transition("encore", "", trigger="AUTOMATIC"),
        transition("tomber", "nulle part", trigger="AUTOMATIC"),
    )

    answered = ask.fire(way, roles=["Member"])

    assert answered["refused"] == refused
    assert why in answered["why"]


def test_permissions_say_what_is_acquired(tmp_path: Path) -> None:
    ask = Asked(
        tmp_path,
        state(
            "brouillon",
            rights={"Fermé": ["Owner", "Manager"], "Perdu": []},
            acquired={"Ouvert": ["Owner", "Editor"], "De tous temps": ["Manager"]},
        ),
        permissions=["Fermé", "Perdu", "Ouvert", "De tous temps", "Tu"],
    )

    assert ask("permissions") == {
        "permission_roles": {
            "De tous temps": {"acquire": []},
            "Fermé": ["Manager", "Owner"],
            "Ouvert": {"acquire": ["Editor", "Owner"]},
            "Perdu": [],
            "Tu": {"acquire": []},
        }
    }


def test_the_check_names_what_is_wrong_in_french(tmp_path: Path) -> None:
    ask = Asked(
        tmp_path,
        state("brouillon", "fantôme", "perdre", rights={"Publier": ["Owner"]}),
        transition("perdre", "nulle part", before_script="prévenir"),
    )

    faults = ask("check")["faults"]

    codes = {fault["code"] for fault in faults}
    assert {"missing-target", "missing-script", "dangling-exit"} <= codes
    assert "ineffective-permission-map" in codes
    assert all(set(fault) == {"code", "where", "say"} and fault["say"] for fault in faults)


# What cannot be answered.


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "n'est pas du JSON"),
        (b"{", "n'est pas du JSON"),
        (b"\xff\xfe\x00", "n'est pas du JSON"),
        (b"[" * 100_000, "n'est pas du JSON"),
        (b"[]", "il faut un objet JSON"),
        (b"9" * 5000, "n'est pas du JSON"),
        (b'{"ask": "offers"}', "« definition »"),
        (b'{"ask": "sing", "definition": "fiche.xml"}', "« ask » : choisir parmi"),
        (b'{"ask": "offers", "definition": "fiche.xml"}', "il manque « state »"),
        (b'{"ask": "offers", "definition": 1, "state": "a"}', "« definition »"),
        (b'{"ask": "fire", "definition": "fiche.xml", "state": "brouillon"}', "« transition »"),
        (
            b'{"ask": "offers", "definition": "fiche.xml", "state": "brouillon", "roles": "R"}',
            "« roles »",
        ),
        (
            b'{"ask": "offers", "definition": "fiche.xml", "state": "brouillon", "role": ["R"]}',
            "est-ce « roles »",
        ),
        (
            b'{"ask": "check", "definition": "fiche.xml", "expressions": "oui"}',
            "« expressions »",
        ),
        (b'{"ask": "offers", "definition": "fiche.xml", "state": "nulle part"}', "pas d'étape"),
        (b'{"ask": "check", "definition": "autre.xml"}', "pas une définition de ce répertoire"),
        (b'{"ask": "check", "definition": "../hors.xml"}', "pas une définition de ce répertoire"),
        (b'{"ask": "check", "definition": "/hors.xml"}', "pas une définition de ce répertoire"),
        (b'{"ask": "check", "definition": "lien.xml"}', "pas une définition de ce répertoire"),
        (b'{"ask": "check", "definition": "."}', "pas une définition de ce répertoire"),
        (b'{"ask": "check", "definition": "a\\u0000b"}', "pas une définition de ce répertoire"),
        (b'{"ask": "check", "definition": "\\ud800"}', "caractère invalide"),
        (b'{"ask": "check", "definition": "faux.xml"}', "ne peut pas être lu"),
        (b" " * (LONGEST_LINE + 1), "dépasse"),
    ],
)
def test_a_line_that_cannot_be_answered_says_why_and_the_rest_go_on(
    tmp_path: Path, line: bytes, said: str
) -> None:
    inside = tmp_path / "dedans"
    inside.mkdir()
    (tmp_path / "hors.xml").write_bytes(definition(state("brouillon")))
    (inside / "lien.xml").symlink_to(tmp_path / "hors.xml")
    (inside / "faux.xml").write_bytes(b"<html/>")
    ask = Asked(inside, state("brouillon"))
    good = b'{"ask": "offers", "definition": "fiche.xml", "state": "brouillon", "roles": []}'

    refused, answered = answer_all([line, good], ask.folder)

    assert list(refused) == ["error"]
    assert said in refused["error"]
    assert answered == {"offers": []}


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps(text).encode()))
def test_no_line_stops_the_answers(line: bytes) -> None:
    (answered,) = answer_all([line], Folder(Path(__file__).parent, Cel))

    assert set(answered) == {"error"}


# Variables.


def test_an_assignment_for_a_state_says_nothing_of_who_may_pass(tmp_path: Path) -> None:
    assignment = element("assignment", "2", name="tour", type="int")
    draft = state("brouillon", "publier", inner=assignment)
    variable = element("variable", inner="", variable_id="tour", for_status="True")
    ask = Asked(tmp_path, draft, state("public"), transition("publier", "public"), variable)

    assert ask.fire("publier") == {"states": ["public"], "action": ["publier"]}
