"""Definitions of Plone, read and written: nothing is lost in silence, nothing hostile gets in."""

import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.check import check
from domain.journey import Clause, Gate, Journey, Unresolved
from domain.rights import Who
from domain.rules import compile_journey
from domain.words import Stored, Text
from domain.workflow import Step, begin, take
from infrastructure.dcworkflow import (
    LARGEST,
    Imported,
    UnreadableDefinition,
    not_written,
    read_definition_file,
    read_definition_xml,
    write_definition_xml,
)
from infrastructure.dcworkflow.reading import ROLES, guard_clause, name_of
from infrastructure.guards import Cel
from infrastructure.reference import read_journey, write_journey
from tests import make
from tests.dcworkflow import definition, element, golden, guard, shared, state, transition

VERSION = "2024-01-01"


def read(*parts: str, **about: Any) -> Imported:
    return read_definition_xml(definition(*parts, **about), version=VERSION)


def codes(imported: Imported) -> dict[str, str]:
    return {note.code: f"{note.where} : {note.say.fr}" for note in imported.not_carried}


# The real ones.


def real_ones() -> list[Imported]:
    folder = shared()
    return [read_definition_file(folder / one["definition"], version=VERSION) for one in golden()]


def test_every_real_definition_is_read_with_the_states_and_names_it_has() -> None:
    for told, imported in zip(golden(), real_ones(), strict=True):
        journey = imported.journey
        assert journey.source == (f"dcworkflow:{told['workflow_id']}",)
        assert journey.initial == told["initial_state"]
        assert journey.state_variable == told["state_variable"]
        assert journey.managed == set(told["points"][0]["permission_roles"])
        assert bool(journey.bypass) is told["manager_bypass"]
        assert {point["state"] for point in told["points"]} == set(journey.state)
        unresolved = {
            way.id
            for way in journey.transitions
            if any(isinstance(clause.when, Unresolved) for clause in way.requires)
        }
        assert unresolved == set(told["expression_guarded"])


def test_every_real_definition_comes_back_from_xml_and_from_yaml(tmp_path: Path) -> None:
    for imported in real_ones():
        journey = imported.journey
        assert (
            read_definition_xml(write_definition_xml(journey), version=VERSION).journey == journey
        )
        assert {note.code for note in not_written(journey)} <= {"script"}

        draft = tmp_path / "draft.yaml"
        draft.write_text(write_journey(journey), encoding="utf-8")
        assert read_journey(draft) == journey


def test_every_real_definition_compiles_and_is_checked() -> None:
    for imported in real_ones():
        compile_journey(imported.journey, {}, Cel)
        for fault in check(imported.journey, {}, Cel):
            assert fault.say.fr
            assert fault.where


def test_what_real_definitions_lose_is_said_with_its_place() -> None:
    for imported in real_ones():
        assert all(note.where and note.say.fr and note.say.en for note in imported.not_carried)
    assert {note.code for imported in real_ones() for note in imported.not_carried} == {
        *("action", "expression", "history", "i18n", "script", "script-declaration")
    }


# What is read.


@pytest.mark.parametrize(
    ("given_id", "name"),
    [
        ("plone_workflow", "plone_workflow"),
        ("Intranet-Folder", "intranet_folder"),
        ("Étape n°1", "etape_n1"),
        ("2019 flux", "w_2019_flux"),
        ("", "w"),
        ("日本", "w"),
        ("a" * 90, "a" * 60),
    ],
)
def test_the_name_is_one_that_expressions_may_use_and_the_original_is_kept(
    given_id: str, name: str
) -> None:
    journey = read(state("brouillon"), workflow_id=given_id).journey

    assert (name_of(given_id), journey.id) == (name, name)
    assert f'workflow_id="{given_id}"'.encode() in write_definition_xml(journey)


def test_exits_keep_their_order_and_lead_nowhere_where_the_file_does() -> None:
    journey = read(
        state("brouillon", "b", "fantôme", "a", "b"),
        transition("a", "nulle part"),
        transition("b", ""),
    ).journey

    assert journey.state["brouillon"].exits == ("b", "fantôme", "a")
    assert [way.id for way in journey.ways_out("brouillon")] == ["b", "a"]
    assert journey.transition["a"].to == "nulle part"
    assert journey.transition["b"].to is None


def test_a_guard_becomes_a_gate_and_its_expression_waits_to_be_written() -> None:
    imported = read(
        state("brouillon", "publier"),
        transition("publier", "brouillon", guard(["P"], ["R; S"], ["G"], "python: here.x < 2")),
    )

    way = imported.journey.transition["publier"]
    assert (way.permissions, way.by, way.groups) == (("P",), ("R", "S"), ("G",))
    assert [clause.when for clause in way.requires] == [Unresolved(unresolved="python: here.x < 2")]
    assert "here.x < 2" in way.requires[0].say.fr
    assert codes(imported)["expression"].startswith("transition publier : la condition")


def test_the_gate_of_creation_is_read() -> None:
    conditions = element("instance-creation-conditions", inner=guard(roles=["Member"]))

    assert read(state("brouillon"), conditions).journey.creation == Gate(by=("Member",))
    assert read(state("brouillon")).journey.creation is None


def test_a_worklist_names_the_states_of_its_cases() -> None:
    match = element("match", name="etat", values="reçu; relu")
    also = element("match", name="service", values="nord;sud")
    listed = element(
        "worklist", inner=guard(roles=["R"]) + match + also, worklist_id="w", title="W"
    )

    (worklist,) = read(state("brouillon"), listed).journey.worklists

    assert worklist.states == ("reçu", "relu")
    assert worklist.where == {"service": ("nord", "sud")}
    assert worklist.by == ("R",)


def test_everything_that_is_not_carried_is_said_with_its_place() -> None:
    imported = read(
        state("brouillon", "publier"),
        transition(
            "publier",
            "brouillon",
            element("action", "Publier", url="%(url)s/x", icon="i.png", category="workflow"),
            before_script="avant",
            after_script="après",
        ),
        element("script", script_id="avant", type="Script (Python)", filename="avant.py"),
        element("surprise"),
        groups=["oubliés"],
        humeur="bonne",
    )

    said = codes(imported)
    assert "%(url)s/x" in said["action"]
    assert "i.png" in said["action"]
    assert said["script"].startswith("transition publier : le script « après »")
    assert "avant.py" in said["script-declaration"]
    assert "<surprise>" in said["unknown-element"]
    assert "humeur" in said["unknown-attribute"]
    assert "oubliés" in said["unused-group"]
    assert imported.journey.transition["publier"].before == ("avant",)


def test_of_two_states_with_one_name_the_last_prevails_and_that_is_a_fault() -> None:
    imported = read(
        state("brouillon", rights={"A": ["x"], "B": ["x"]}),
        state("brouillon", "publier", rights={"A": ["y"]}),
    )

    (found,) = imported.journey.states
    assert found.exits == ("publier",)
    assert {name: right.roles for name, right in found.rights.items()} == {"A": ("y",), "B": ("x",)}
    assert [note.code for note in imported.not_carried if note.fault] == ["duplicate"]


# Variables.


def variable(name: str, expression: str = "", value: str = "", **attributes: str) -> str:
    said = element("expression", expression) if expression else ""
    said += element("value", value, type="string") if value else ""
    given = {"for_status": "True", "update_always": "False", **attributes}
    return element("variable", inner=element("default", inner=said), variable_id=name, **given)


def assigned(name: str, text: str, **attributes: str) -> str:
    return element("assignment", text, name=name, **attributes)


def after_publishing(
    *parts: str, former: dict[str, Stored] | None = None, target: str = "", way: str = ""
) -> dict[str, Stored]:
    """The variables after one step, as the engine computes them."""
    journey = read(
        state("brouillon", "publier"),
        state("public", inner=target),
        transition("publier", "public", way),
        *parts,
    ).journey
    compiled = compile_journey(journey, {}, Cel)
    variables = begin(compiled, {}, now=make.NOW) if former is None else former
    step: Step = take(
        compiled,
        "brouillon",
        {"actor.id": "ana", "step.comment": "bien"},
        "publier",
        who=Who(frozenset()),
        now=make.NOW,
        given={},
        variables=variables,
    )
    return dict(step.variables)


def test_the_expressions_that_every_site_has_are_carried_over() -> None:
    found = after_publishing(
        variable("action", "transition/getId|nothing", update_always="True"),
        variable("actor", "user/getId", update_always="True"),
        variable("comments", "python:state_change.kwargs.get('comment', '')", update_always="1"),
        variable("time", "state_change/getDateTime", update_always="True"),
        variable("path", "state_change/old_state/getId", update_always="True"),
        variable("said", "string:C'est dit", update_always="True"),
        variable("review_history", "state_change/getHistory", for_status="False"),
        variable("other", "here/autre", update_always="True"),
    )

    assert found == {
        "action": "publier",
        "actor": "ana",
        "comments": "bien",
        "time": "2024-06-03T10:00:00Z",
        "path": "brouillon",
        "said": "C'est dit",
        "other": None,
    }


def test_the_state_says_more_than_the_step_and_the_step_more_than_what_was() -> None:
    declared = variable("v", value="défaut")
    of_state, of_way = assigned("v", "état", type="string"), assigned("v", "string:pas")
    former: dict[str, Stored] = {"v": "avant"}

    assert after_publishing(declared, target=of_state, way=of_way, former=former) == {"v": "état"}
    assert after_publishing(declared, way=of_way, former=former) == {"v": "pas"}
    assert after_publishing(declared, former=former) == {"v": "avant"}
    always = variable("v", value="défaut", update_always="True")
    assert after_publishing(always, former=former) == {"v": "défaut"}
    assert after_publishing(variable("v", "string:x", value="défaut"), former={}) == {"v": "x"}


def test_an_empty_expression_says_nothing_instead_of_the_value_of_another_variable() -> None:
    both = (variable("u", value="u"), variable("v", value="défaut"))

    found = after_publishing(*both, way=assigned("v", ""), former={"u": "u", "v": "avant"})

    assert found == {"u": "u", "v": "avant"}


def test_a_variable_of_several_types_is_a_text() -> None:
    declared = variable("v", "state_change/getDateTime", update_always="True")

    found = after_publishing(declared, target=assigned("v", "3", type="int"))

    assert found == {"v": "3"}
    assert after_publishing(declared, way=assigned("v", "user/getId")) == {"v": "ana"}


# What is hostile.

BOMB = (
    b'<!DOCTYPE b [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">'.encode() for i in range(12))
    + b"]><dc-workflow>&m;</dc-workflow>"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "XML bien formé"),
        (b"{}", "XML bien formé"),
        (b"<dc-workflow>", "XML bien formé (ligne 1, colonne 14)"),
        (b"\x00\x01\x02", "XML bien formé"),
        (b"<html/>", "sa racine est <html>"),
        (b"<!DOCTYPE dc-workflow><dc-workflow/>", "une DTD ou des entités"),
        (BOMB, "une DTD ou des entités"),
        (
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///secret">]><dc-workflow>&x;</dc-workflow>',
            "une DTD ou des entités",
        ),
        (b'<?xml version="1.0" encoding="klingon"?><dc-workflow/>', "encodage"),
        (b'<?xml version="1.0" encoding="shift_jis"?><dc-workflow/>', "encodage"),
        ("<dc-workflow title='é'/>".encode("latin-1"), "XML bien formé"),
        (b" " * 10_000_000, "dépasse 400 ko"),
        (b"<dc-workflow/>", "initial"),
        (definition(state("a\u202eb")), "n'a pas la forme attendue"),
        (definition(state("")), "states"),
        (definition(transition("t", "", guard() + guard())), "2 éléments <guard>"),
        (definition(transition("t", "", trigger="WORKFLOW_METHOD")), "ni USER ni AUTOMATIC"),
    ],
)
def test_what_is_no_definition_is_refused_at_once_in_one_sentence(data: bytes, said: str) -> None:
    began = time.process_time()
    with pytest.raises(UnreadableDefinition) as refused:
        read_definition_xml(data, version=VERSION)

    assert time.process_time() - began < 1
    assert said in refused.value.say("fr")
    assert refused.value.say("en")
    assert "\n" not in refused.value.say("fr")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(10 * LARGEST)

    tracemalloc.start()
    with pytest.raises(UnreadableDefinition, match="dépasse 400 ko"):
        read_definition_file(large, version=VERSION)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 3 * LARGEST


@pytest.mark.parametrize("inner", ["<a>" * 50_000 + "</a>" * 50_000, "<a/>" * 90_000])
def test_a_file_of_very_many_elements_is_read_in_time(inner: str) -> None:
    began = time.process_time()

    imported = read(state("brouillon"), inner)

    assert time.process_time() - began < 2
    assert "unknown-element" in codes(imported)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_usual_encodings_are_read(encoding: str) -> None:
    body = definition(state("brouillon"), title="Été").decode()
    data = f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(encoding)

    assert read_definition_xml(data, version=VERSION).journey.title.fr == "Été"


@given(st.binary(max_size=200))
def test_nothing_else_is_ever_raised(data: bytes) -> None:
    with pytest.raises(UnreadableDefinition):
        read_definition_xml(data, version=VERSION)


# There and back.

names = st.from_regex(r"[A-Za-zé][A-Za-z0-9é_. -]{0,10}[a-z0-9]", fullmatch=True)
words = st.text("abcÉé<&>\"' ’«»", max_size=12).map(lambda text: " ".join(text.split()))
texts = words.map(lambda text: Text(fr=text))
tales = st.sampled_from(["here/isValid", "python: here.x < 2 and 'a' or \"b\"", "not:nothing"])


def some(values: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    return st.lists(values, max_size=most, unique=True).map(tuple)


@st.composite
def gates(draw: st.DrawFn) -> dict[str, Any]:
    expression = draw(st.none() | tales)
    return {
        "by": draw(st.none() | some(names).filter(bool)),
        "permissions": draw(some(names)),
        "groups": draw(some(names)),
        "requires": [] if expression is None else [guard_clause(expression)],
    }


EXPRESSIONS: dict[str, list[Any]] = {
    "text": ["step.transition", "actor.id", "step.comment", "step.from", "step.to", '"été"'],
    "date": ["now"],
}
VALUES: dict[str, st.SearchStrategy[Stored]] = {
    "text": words,
    "integer": st.integers(-(2**53) + 1, 2**53 - 1),
    "boolean": st.booleans(),
    "date": st.dates().map(str),
}


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """A journey that DCWorkflow can hold."""
    declared = draw(st.dictionaries(names, st.sampled_from(sorted(VALUES)), max_size=3))
    unresolved = tales.map(lambda text: {"unresolved": text})

    def said(kind: str) -> st.SearchStrategy[Any]:
        known = EXPRESSIONS.get(kind)
        return st.sampled_from(known) | unresolved if known else unresolved

    def of(value: Any) -> Any:
        return {name: draw(value(kind)) for name, kind in declared.items() if draw(st.booleans())}

    states = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    ways = draw(st.lists(names, max_size=4, unique=True))
    exits = {name: draw(some(st.sampled_from([*ways, "fantôme"]), 5)) for name in states}
    roles = set[str]()

    def gate() -> dict[str, Any]:
        made = draw(gates())
        roles.update(made["by"] or ())
        return made

    def held() -> tuple[str, ...]:
        named: tuple[str, ...] = draw(some(names).filter(bool))
        roles.update(named)
        return named

    content: dict[str, Any] = {
        "states": [
            {
                "id": name,
                "title": draw(texts),
                "about": draw(texts),
                "exits": exits[name],
                "rights": {
                    permission: {"roles": held(), "acquired": draw(st.booleans())}
                    for permission in draw(some(names))
                },
                "groups": {group: held() for group in draw(some(names))},
                "sets": of(lambda kind: VALUES[kind]),
            }
            for name in states
        ],
        "transitions": [
            {
                "id": way,
                "title": draw(texts),
                "about": draw(texts),
                "from": [name for name in states if way in exits[name]],
                "to": draw(st.none() | st.sampled_from([*states, "nulle part"])),
                "trigger": draw(st.sampled_from(["user", "automatic"])),
                "before": draw(st.none() | names),
                "after": draw(st.none() | names),
                "sets": of(said),
                **gate(),
            }
            for way in ways
        ],
        "variables": [
            {
                "id": name,
                "type": kind,
                "about": draw(texts),
                # a value of its own type, so that the type can be told from it
                "default": draw(VALUES[kind]),
                "expression": draw(st.none() | said(kind)),
                "update_always": draw(st.booleans()),
                "in_history": draw(st.booleans()),
                "in_lists": draw(st.booleans()),
                "shown_to": gate() if draw(st.booleans()) else None,
            }
            for name, kind in declared.items()
        ],
        "worklists": [
            {
                "id": name,
                "title": draw(texts),
                "about": draw(texts),
                "states": draw(some(names)),
                "where": draw(st.dictionaries(names, some(names).filter(bool), max_size=2)),
                **gate(),
            }
            for name in draw(some(names, 2))
        ],
        "creation": gate() if draw(st.booleans()) else None,
    }
    for way in content["transitions"]:
        way["before"], way["after"] = ([n] if (n := way[k]) else [] for k in ("before", "after"))
    for worklist in content["worklists"]:
        worklist["where"].pop("etat", None)
    for variable_ in content["variables"]:
        shown = variable_["shown_to"]
        if shown is not None and not any(shown.values()):
            variable_["shown_to"] = None
    workflow_id = draw(names)
    return Journey.model_validate(
        {
            **content,
            "id": name_of(workflow_id),
            "version": VERSION,
            "title": draw(texts),
            "about": draw(texts),
            "source": [f"dcworkflow:{workflow_id}"],
            "facts": "",
            "initial": states[0],
            "permissions": draw(some(names)),
            "implied": ["Authenticated"],
            "open_to": ["Anonymous"],
            "otherwise": ["Manager"],
            "bypass": draw(st.sampled_from([[], ["Manager"]])),
            "state_variable": "etat",
            "roles": {
                role: dict(zip(("fr", "en"), ROLES.get(role, (role, role)), strict=True))
                for role in sorted(roles | {"Authenticated", "Anonymous", "Manager"})
            },
        }
    )


@given(journeys())
def test_what_dcworkflow_can_hold_comes_back_whole(journey: Journey) -> None:
    written = write_definition_xml(journey)

    assert read_definition_xml(written, version=VERSION).journey == journey
    assert {note.code for note in not_written(journey)} <= {"script"}


def test_what_dcworkflow_cannot_hold_is_said_and_closes_the_way() -> None:
    journey = make.journeys()[-1]

    back = read_definition_xml(write_definition_xml(journey), version=VERSION).journey

    lost = {note.where for note in not_written(journey)}
    assert "transitions / sign_charter / requires" in lost
    assert "transitions / sign_charter / evidence" in lost
    assert "transitions / end / input" in lost
    for way in journey.transitions:
        if way.requires or way.evidence:
            (clause,) = back.transition[way.id].requires
            assert clause.when == Unresolved(unresolved="nothing")


def test_a_clause_in_other_words_is_said_to_be_lost() -> None:
    imported = read(
        state("brouillon", "publier"), transition("publier", "", guard(expression="here/x"))
    ).journey
    way = imported.transition["publier"]
    clause = Clause(
        id="relu",
        when=Unresolved(unresolved="here/x"),
        say=Text(fr="La fiche a été relue."),
        source="un texte",
    )
    mended = imported.model_copy(
        update={"transitions": (way.model_copy(update={"requires": (clause,)}),)}
    )

    assert [note.where for note in not_written(mended)] == ["transitions / publier / requires"]


def test_characters_that_xml_cannot_hold_are_left_out_and_said() -> None:
    journey = read(state("brouillon")).journey
    spoilt = journey.model_copy(update={"title": Text(fr="Fi\x01che")})

    assert b"Fiche" in write_definition_xml(spoilt)
    assert [note.where for note in not_written(spoilt)] == ["title / fr"]
