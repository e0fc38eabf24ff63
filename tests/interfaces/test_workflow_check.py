"""`jalon workflow check`: drafts and definitions of Plone, checked before anything is published."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from infrastructure.reference import REFERENCE
from interfaces.wiring import Product
from tests.interfaces.shell import Seen, jalon

SHIPPED = sorted((REFERENCE / "journeys").glob("*.yaml"))
TITLE = {"fr": "Titre", "en": "Title"}

PLONE = """<?xml version="1.0"?>
<dc-workflow workflow_id="trial" title="Trial" state_variable="review_state"
             initial_state="private" manager_bypass="False">
 <permission>View</permission>
 <state state_id="private" title="Private">
  <exit-transition transition_id="publish"/>
  <exit-transition transition_id="vanish"/>
  <permission-map name="Modify portal content" acquired="False">
   <permission-role>Owner</permission-role>
  </permission-map>
 </state>
 <state state_id="published" title="Published">
  <exit-transition transition_id="retract"/>
 </state>
 <state state_id="island" title="Island">
  <exit-transition transition_id="retract"/>
 </state>
 <transition transition_id="publish" title="Publish" new_state="published" trigger="USER"
             before_script="" after_script="notify">
  <guard><guard-role>Owner</guard-role></guard>
 </transition>
 <transition transition_id="retract" title="Retract" new_state="nowhere" trigger="USER"
             before_script="" after_script="">
  <guard><guard-role>Owner</guard-role></guard>
 </transition>
 <transition transition_id="forgotten" title="Forgotten" new_state="private" trigger="USER"
             before_script="" after_script="">
  <guard><guard-role>Owner</guard-role></guard>
 </transition>
</dc-workflow>
"""


def draft(**changes: Any) -> dict[str, Any]:
    return {
        "id": "trial",
        "version": "2026-01",
        "source": ["un texte"],
        "facts": "PoleFacts",
        "initial": "open",
        "states": {"open": {"title": TITLE}, "closed": {"title": TITLE, "final": True}},
        "transitions": {
            "close": {"title": TITLE, "from": ["open"], "to": "closed", "by": ["registrar"]}
        },
    } | changes


def closing(**changes: Any) -> dict[str, Any]:
    return {"transitions": {"close": draft()["transitions"]["close"] | changes}}


def clause(when: str) -> dict[str, Any]:
    return {"id": "size", "when": when, "say": TITLE, "source": "un texte"}


def written(folder: Path, **changes: Any) -> Path:
    file = folder / "brouillon.yaml"
    file.write_text(yaml.safe_dump(draft(**changes), allow_unicode=True), "utf-8")
    return file


def check(*arguments: str | Path) -> Seen:
    return jalon("workflow", "check", *arguments)


def test_a_draft_without_fault_may_be_published(tmp_path: Path) -> None:
    file = written(tmp_path)

    assert check(file) == Seen(0, f"{file} (trial@2026-01) : publiable, rien à signaler.\n", "")


def test_the_shipped_journeys_may_be_published() -> None:
    seen = check(*SHIPPED)

    assert seen.code == 0
    assert seen.out.count(" : publiable, ") == len(SHIPPED)


def test_a_fault_is_told_with_its_code_its_place_and_a_sentence(tmp_path: Path) -> None:
    file = written(tmp_path, **closing(requires=[clause("members.totl >= 3")]))

    seen = check(file)

    assert seen.code == 3
    first, _, told = seen.out.splitlines()
    assert first == f"{file} (trial@2026-01) : non publiable, 1 défaut, 0 avertissement."
    assert told.split("  ") == [
        "bloque",
        "unknown-fact",
        "close / size",
        "« members.totl » n'est pas connu ici ; peut-être « members.total ».",
    ]


def test_a_warning_does_not_keep_a_draft_from_being_published(tmp_path: Path) -> None:
    seen = check(written(tmp_path, **closing(by=None)))

    assert seen.code == 0
    assert "publiable, 1 avertissement." in seen.out
    assert "avertit  open-to-all  close" in seen.out


def test_one_fault_among_several_files_is_enough_and_each_file_is_told(tmp_path: Path) -> None:
    seen = check(SHIPPED[0], written(tmp_path, initial="nowhere"), SHIPPED[1])

    assert seen.code == 3
    assert [line.count("publiable") for line in seen.out.splitlines()].count(1) == 3


def test_a_program_reads_the_same_in_json(tmp_path: Path) -> None:
    file = written(tmp_path, **closing(to="nowhere"))

    seen = check(file, SHIPPED[0], "--json")

    assert seen.code == 3
    assert seen.json == {
        "items": [
            {
                "file": str(file),
                "journey": "trial@2026-01",
                "publishable": False,
                "faults": [
                    {
                        "code": "missing-target",
                        "where": "close",
                        "say": {
                            "fr": "L'état « nowhere » n'existe pas.",
                            "en": "The state “nowhere” does not exist.",
                        },
                        "blocking": True,
                    },
                    {
                        "code": "unreachable-state",
                        "where": "closed",
                        "say": {
                            "fr": "Aucun passage ne mène du début à l'état « closed ».",
                            "en": "No transition leads from the beginning to the state “closed”.",
                        },
                        "blocking": False,
                    },
                ],
                "not_carried": [],
            },
            {
                "file": str(SHIPPED[0]),
                "journey": SHIPPED[0].stem,
                "publishable": True,
                "faults": [],
                "not_carried": [],
            },
        ],
        "total": 2,
    }


def test_many_warnings_of_one_code_are_counted_and_json_gives_them_all(tmp_path: Path) -> None:
    states = {f"s{n}": {"title": {"fr": f"Étape {n}"}, "final": True} for n in range(14)}
    ways = {f"w{n}": draft()["transitions"]["close"] | {"to": f"s{n}"} for n in range(14)}
    file = written(tmp_path, states=draft()["states"] | states, transitions=ways)

    seen, whole = check(file), check(file, "--json")

    assert seen.out.count("missing-sentence ") == 10 + 1
    assert "… et 4 de plus : missing-sentence (--json les donne tous)." in seen.out
    codes = [fault["code"] for fault in whole.json["items"][0]["faults"]]
    assert codes.count("missing-sentence") == 14


def test_a_definition_of_plone_is_checked_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "definition.xml"
    file.write_text(PLONE, "utf-8")

    seen = check(file, "--json")

    assert seen.code == 3
    (found,) = seen.json["items"]
    places = {(fault["code"], fault["where"]) for fault in found["faults"]}
    assert {
        ("missing-target", "retract"),
        ("dangling-exit", "private"),
        ("unreachable-state", "island"),
        ("unused-transition", "forgotten"),
        ("missing-script", "publish"),
        ("ineffective-permission-map", "private"),
    } <= places
    assert {code for code, _ in places} <= {
        "missing-target",
        "dangling-exit",
        "unreachable-state",
        "unused-transition",
        "missing-script",
        "ineffective-permission-map",
        "missing-sentence",
        "dead-state",
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", b"a: ["),
        ("a.yaml", b"\x00\xff"),
        ("a.yaml", b"id: pole"),
        ("a.yaml", b"- 1"),
        ("a.yaml", b""),
        ("a.yaml", b"a: " + b"{a: " * 5000),
        ("definition.xml", b""),
        ("definition.xml", b"<dc-workflow"),
        ("definition.xml", b"<html/>"),
        ("definition.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><dc-workflow>&b;</dc-workflow>'),
    ],
)
def test_a_file_that_holds_no_definition_has_that_for_its_fault(
    tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    seen = check(SHIPPED[0], file)

    assert seen.code == 3
    assert "publiable, rien à signaler." in seen.out
    assert f"bloque  unreadable  {name}  " in seen.out
    assert seen.err == ""


def test_a_file_that_cannot_be_opened_is_a_fault_of_the_request(tmp_path: Path) -> None:
    absent, folder = check(tmp_path / "absent.yaml"), check(tmp_path)

    assert (absent.code, absent.out) == (2, "")
    assert absent.err.endswith("absent.yaml ne peut pas être lu : il n'existe pas.\n")
    assert (folder.code, folder.out) == (2, "")
    assert folder.err.endswith("ne peut pas être lu : c'est un répertoire.\n")


def test_without_a_file_there_is_nothing_to_check() -> None:
    assert check().code == 2


def test_a_model_of_facts_that_nobody_knows_is_told_and_the_rest_is_checked(tmp_path: Path) -> None:
    unknown = closing(to="nowhere", requires=[clause("members.total >= 3")])
    seen = check(written(tmp_path, facts="Moods", **unknown), "--json")

    blocking = [fault for fault in seen.json["items"][0]["faults"] if fault["blocking"]]
    assert [(fault["code"], fault["where"]) for fault in blocking] == [
        ("unknown-model", "facts"),
        ("missing-target", "close"),
    ]


def test_a_publication_is_refused_with_every_fault_that_stops_it(
    bare: Product, tmp_path: Path
) -> None:
    wrong = closing(by=["registrar", "roi"], requires=[clause("members.totl >= 3")])
    file = written(tmp_path, initial="nowhere", **wrong)
    before = bare.journal.size()

    seen = jalon("--home", bare.settings.home, "journey", "publish", file)

    assert (seen.code, seen.out) == (4, "")
    for said in (
        "[initial] L'état « nowhere » n'existe pas.",
        "[close] Le rôle « roi » n'est ni du produit ni de la définition.",
        "[close / size] « members.totl » n'est pas connu ici",
    ):
        assert said in seen.err
    assert bare.journal.size() == before


def test_what_may_be_published_according_to_the_check_is_published(
    bare: Product, tmp_path: Path
) -> None:
    file = written(tmp_path, **closing(requires=[clause("members.total >= 3")]))

    assert check(file).code == 0
    assert jalon("--home", bare.settings.home, "journey", "publish", file).code == 0
