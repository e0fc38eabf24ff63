"""`jalon workflow answer|import|export`, as a person and a program meet them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from application.answering import LONGEST_LINE
from infrastructure.dcworkflow import read_definition_xml
from infrastructure.reference import REFERENCE, read_journey
from tests.dcworkflow import definition, golden, guard, shared, state, transition
from tests.interfaces.shell import jalon, program


def ask(folder: Path, *questions: dict[str, Any] | str) -> list[Any]:
    """Put questions to the real program, in one run."""
    lines = [q if isinstance(q, str) else json.dumps(q, ensure_ascii=False) for q in questions]
    done = program(
        "workflow", "answer", "--definitions", folder, input="".join(f"{x}\n" for x in lines)
    )
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def expected() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every question that DCWorkflow was asked of the real definitions, and its answer."""
    for told in golden():
        everybody = {"roles": told["roles"], "groups": told["groups"]}
        for point in told["points"]:
            about = {
                "definition": told["definition"],
                "state": point["state"],
                "expressions": point["expr_stub"],
            }
            for who, offered in point["offers"].items():
                kind, _, name = who.partition(":")
                roles, groups = ([name], []) if kind == "role" else (["Member"], [name])
                question = {"ask": "offers", "roles": roles, "groups": groups, **about}
                yield question, {"offers": offered}
            for way, fired in point["fire"].items():
                question = {"ask": "fire", "transition": way, **everybody, **about}
                if "error" in fired:
                    yield question, {"refused": fired["error"]}
                else:
                    yield question, {name: fired[name] for name in ("states", "action")}
            roles_of = {"permission_roles": point["permission_roles"]}
            yield {"ask": "permissions", **about}, roles_of


def test_the_real_definitions_answer_as_dcworkflow_does() -> None:
    asked = list(expected())
    answers = ask(shared(), *(question for question, _ in asked))

    assert len(answers) == len(asked) > 2000
    for (question, told), answered in zip(asked, answers, strict=True):
        why = answered.pop("why", None)
        assert answered == told, question
        assert (why is None) == ("refused" not in told), question


def test_every_real_definition_is_checked() -> None:
    names = [told["definition"] for told in golden()]

    answers = ask(shared(), *({"ask": "check", "definition": name} for name in names))

    assert all(set(answered) == {"faults"} for answered in answers)
    found = {fault["code"] for answered in answers for fault in answered["faults"]}
    assert "missing-script" in found


def test_one_line_in_gives_one_line_out_whatever_it_holds(tmp_path: Path) -> None:
    (tmp_path / "fiche.xml").write_bytes(definition(state("brouillon")))
    good = {"ask": "offers", "definition": "fiche.xml", "state": "brouillon", "roles": ["É"]}

    answers = ask(tmp_path, good, "", "x" * (10 * LONGEST_LINE), '{"rol\\ud800es": 1}', good)

    assert [list(answered) for answered in answers] == [
        ["offers"],
        ["error"],
        ["error"],
        ["error"],
        ["offers"],
    ]
    assert "dépasse" in answers[2]["error"]


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    done = program("workflow", "answer", "--definitions", tmp_path, input="?")

    assert json.loads(done.out)["error"]


def test_a_definition_becomes_a_draft_and_goes_back(tmp_path: Path) -> None:
    xml, draft = tmp_path / "definition.xml", tmp_path / "draft.yaml"
    xml.write_bytes(
        definition(
            state("brouillon", "publier"), transition("publier", "", guard(expression="here/prêt"))
        )
    )

    imported = jalon("workflow", "import", xml, "--version", "2024-01-01", "--output", draft)
    assert (imported.code, imported.out) == (0, "")
    assert "transition publier : la condition est écrite pour Plone" in imported.err
    journey = read_definition_xml(xml.read_bytes(), version="2024-01-01").journey
    assert read_journey(draft) == journey

    exported = program("workflow", "export", draft)
    assert exported.code == 0
    assert read_definition_xml(exported.out.encode(), version="2024-01-01").journey == journey


def test_a_draft_is_shown_where_no_file_is_named(tmp_path: Path) -> None:
    xml = tmp_path / "definition.xml"
    xml.write_bytes(definition(state("brouillon")))

    shown = jalon("workflow", "import", xml)
    assert shown.out.startswith("id: fiche_projet\n")
    assert shown.err == "Tout est repris.\n"

    told = jalon("workflow", "import", xml, "--json").json
    assert told["journey"]["id"] == "fiche_projet"
    assert told["not_carried"] == []


def test_a_draft_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    xml, draft = tmp_path / "definition.xml", tmp_path / "draft.yaml"
    xml.write_bytes(definition(state("brouillon")))
    draft.write_text("mine")

    refused = jalon("workflow", "import", xml, "--output", draft)

    assert refused.code == 2
    assert "il existe déjà" in refused.err
    assert draft.read_text() == "mine"


def test_a_hostile_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    xml = tmp_path / "definition.xml"
    xml.write_bytes(b"<!DOCTYPE dc-workflow><dc-workflow/>")

    refused = jalon("workflow", "import", xml)

    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1
    assert "DTD" in refused.err


def test_what_plone_cannot_hold_is_said_on_export() -> None:
    shipped = max((REFERENCE / "journeys").glob("pole@*.yaml"))

    exported = program("workflow", "export", shipped)

    assert exported.code == 0
    assert exported.out.startswith("<?xml")
    assert "transitions / sign_charter / evidence : DCWorkflow ne peut pas le dire" in exported.err
