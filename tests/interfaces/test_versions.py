"""Versions of rules, on the command line and over the API: compared, tried out, moved to."""

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from fastapi import FastAPI
from fastapi.testclient import TestClient

from benchmarks.backtest import build
from infrastructure.reference import REFERENCE, shipped_journeys
from interfaces.api.app import handle_errors, mount
from interfaces.cli.backtest import progress, written_to
from interfaces.web.page import error_page
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import PROGRAM, begun, environment, jalon

LATEST = "pole@2021-05-12"
LAW = "pole@2015-04-18"
MIX = "members.ess_enterprises >= 1 && members.other_enterprises >= 1"


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with one pole that entered the experimentation with one enterprise of each."""
    place = begun(tmp_path_factory.mktemp("entered") / "home")

    def do(*arguments: str) -> None:
        assert jalon("--home", place, *arguments).code == 0

    do("pole", "register", "--name", "Tétris", "--occurred-on", "2022-01-01")
    for kind in ("ess_enterprise", "other_enterprise"):
        do("pole", "add-member", "--pole", "tetris", "--member-kind", kind, "--name", kind)
    do("pole", "file-evidence", "--pole", "tetris", "--evidence", "strategy", "--title", "S")
    do("pole", "locate", "--pole", "tetris", "--territory", '{"words": "Grasse"}')
    step = ("pole", "move", "--pole", "tetris", "--transition", "enter_experimentation")
    do(*step, "--as", "coordinator")
    return place


@pytest.fixture
def home(entered: Path, tmp_path: Path) -> Path:
    """A copy of it, to write in."""
    return shutil.copytree(entered, tmp_path / "home")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The latest version, asking for two enterprises of the social economy."""
    text = (REFERENCE / "journeys" / f"{LATEST}.yaml").read_text("utf-8")
    tightened = text.replace(MIX, MIX.replace("ess_enterprises >= 1", "ess_enterprises >= 2"))
    file = tmp_path / "brouillon.yaml"
    file.write_text(tightened.replace('version: "2021-05-12"', 'version: "2030-01-01"'), "utf-8")
    return file


# Try out.


def test_a_draft_tells_what_it_would_have_refused(home: Path, draft: Path) -> None:
    seen = jalon("--home", home, "workflow", "backtest", draft)

    assert seen.code == 0
    assert "rejoué sur l'histoire de 1 pôle : 1 passage." in seen.out
    assert "1  refusé par le brouillon" in seen.out
    assert "entreprises de l'ESS : 1" in seen.out
    assert seen.err == ""


def test_its_report_for_programs_holds_the_same(home: Path, draft: Path) -> None:
    found = jalon("--home", home, "workflow", "backtest", draft, "--json").json

    assert found["counts"] == {
        "steps": 1,
        "allowed": 0,
        "refused": 1,
        "unknown": 0,
        "elsewhere": 0,
        "stranded": 0,
        "earlier": 0,
    }
    (case,) = found["items"]
    (refused,) = case["refused"]
    assert refused["objection"]["id"] == "mix"
    assert refused["values"] == {
        "members.ess_enterprises": 1,
        "members.other_enterprises": 1,
    }


def test_a_report_may_go_to_a_file(home: Path, draft: Path, tmp_path: Path) -> None:
    file = tmp_path / "rapport.json"

    seen = jalon("--home", home, "workflow", "backtest", draft, "--json", "--output", file)

    assert json.loads(file.read_text("utf-8"))["cases"] == 1
    assert seen.out == f"Rapport écrit dans {file} : 1 pôle, 1 passage refusé sur 1.\n"


def test_a_report_that_is_interrupted_leaves_no_file(tmp_path: Path) -> None:
    def half() -> None:
        with written_to(tmp_path / "rapport.txt"):
            typer.echo("la moitié")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()

    assert list(tmp_path.iterdir()) == []


def test_interrupted_it_leaves_nothing_and_says_so_to_a_script(tmp_path: Path, draft: Path) -> None:
    home, file = tmp_path / "large", tmp_path / "out" / "rapport.json"
    file.parent.mkdir()
    build(home, cases=50, events=30_000)
    command = ["--home", str(home), "workflow", "backtest", str(draft), "--output", str(file)]
    with environment({}) as env:
        running = subprocess.Popen(
            ["nice", "-n", "19", PROGRAM, *command],  # it yields to whoever watches it
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
        )
    # The first page of the first case is being read once the journal is open.
    while running.poll() is None and not _has_open(running.pid, "registry.db"):
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)

    assert running.returncode == 130
    assert b"Traceback" not in err
    assert list(file.parent.iterdir()) == []


def _has_open(pid: int, name: str) -> bool:
    folder = Path(f"/proc/{pid}/fd")
    try:
        return any(link.readlink().name == name for link in folder.iterdir())
    except OSError:
        return False


def test_a_bad_day_or_a_bad_draft_is_refused_in_one_sentence(home: Path, tmp_path: Path) -> None:
    bad = tmp_path / "faux.yaml"
    bad.write_text("id: pole\n", "utf-8")

    day = jalon("--home", home, "workflow", "backtest", bad, "--since", "hier")
    faulty = jalon("--home", home, "workflow", "backtest", bad)

    assert (day.code, faulty.code) in {(2, 4), (4, 4)}
    assert len(day.err.splitlines()) == len(faulty.err.splitlines()) == 1


def test_progress_is_told_in_place_on_a_terminal_and_by_lines_elsewhere() -> None:
    class Terminal:
        def __init__(self) -> None:
            self.said: list[str] = []

        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> None:
            self.said.append(text)

        def flush(self) -> None:
            pass

    screen: Any = Terminal()
    with progress(screen, "pôle", every=0) as told:
        told(1, 2)
        told(2, 2)

    assert screen.said == ["\r1 sur 2 pôles", "\r2 sur 2 pôles", "\r\x1b[K"]


# Compare, plan, move, come back.


def test_versions_are_listed_with_those_who_follow_them(home: Path) -> None:
    deprecate = ("journey", "deprecate", "--journey", LATEST, "--successor", LAW)
    assert jalon("--home", home, *deprecate, "--motive", "trop stricte").code == 0

    seen = jalon("--home", home, "journey", "list")
    lines = jalon("--home", home, "journey", "list", "--json").json["items"]

    assert "(trop stricte) ; lui succède : pole@2015-04-18. 1 pôle à migrer." in seen.out
    assert {line["ref"]: line["cases"] for line in lines}[LATEST] == 1
    assert "dépréciée, à migrer" in jalon("--home", home, "pole", "show", "tetris").out


def test_two_versions_or_a_draft_are_compared_in_sentences(home: Path, draft: Path) -> None:
    seen = jalon("--home", home, "journey", "diff", LATEST, draft)
    same = jalon("--home", home, "journey", "diff", LAW, LAW)
    found = jalon("--home", home, "journey", "diff", LATEST, draft, "--json").json

    assert "« Entrer en expérimentation (phase 2) » : la condition change, de « members" in seen.out
    assert "Rien ne change." in same.out
    assert [change["id"] for change in found["changes"]] == ["mix", "mix"]


VOTED = """
  enter_experimentation:
    approval:
      source: "règlement"
      colleges:
        board: {title: {fr: "Comité", en: "Board"}, roles: [committee_member], seats: 3}
      quorum: 2
"""


def test_what_changes_is_said_in_words_that_agree(home: Path, draft: Path) -> None:
    text = draft.read_text("utf-8")
    text = text.replace("\n  enter_experimentation:\n", VOTED, 1)
    text = text.replace("from: [emergence, experimentation]\n", "from: [emergence]\n", 1)
    due = (
        '    title: {fr: "Émergence", en: "Emergence"}\n'
        '    deadlines: {sign: {title: {fr: "Signer", en: "Sign"}, source: "règlement",'
        ' period: "12 months", waits_for: [coordinator]}}\n'
    )
    text = text.replace('    title: {fr: "Émergence", en: "Emergence"}\n', due, 1)
    draft.write_text(text, "utf-8")

    out = jalon("--home", home, "journey", "diff", LATEST, draft).out

    assert "« Signer » (12 mois)." in out
    assert "les étapes de départ changent, de « Émergence, Expérimentation » à « Émergence »" in out
    assert "le vote demandé change, de « rien » à « Un vote l'a adopté" in out
    assert "seats" not in out, "the definition as it is stored"


def test_how_many_moved_is_said_in_words_that_agree(home: Path) -> None:
    migrate = ("journey", "migrate", LAW, "--from", LATEST)

    assert "1 pôle à faire passer, 0 refusé, 0 inchangé." in (
        jalon("--home", home, *migrate, "--dry-run").out
    )
    assert "1 pôle passé, 0 refusé, 0 inchangé." in jalon("--home", home, *migrate).out


def test_an_unknown_version_is_refused_in_one_sentence(home: Path) -> None:
    for verb in (("diff", LATEST), ("plan",)):
        seen = jalon("--home", home, "journey", *verb, "pole@1999-01")
        assert seen.code == 1
        assert seen.err.startswith("La version « pole@1999-01 » n'est pas publiée à ce jour ; ")
        assert "versions publiées : pole@2011-09, pole@" in seen.err
        assert "dossier" not in seen.err
    for verb in (("migrate",), ("revert",)):
        seen = jalon("--home", home, "journey", *verb, "pole@1999-01")
        assert seen.code == 1
        assert seen.err == "« pole@1999-01 » ne figure pas dans le registre.\n"


def test_cases_go_forth_and_back(home: Path, draft: Path) -> None:
    assert jalon("--home", home, "journey", "publish", draft).code == 0
    new = "pole@2030-01-01"

    planned = jalon("--home", home, "journey", "plan", new)
    rehearsed = jalon("--home", home, "journey", "migrate", new, "--dry-run")
    moved = jalon("--home", home, "journey", "migrate", new, "--batch", "1", "--json").json
    again = jalon("--home", home, "journey", "migrate", new)
    back = jalon("--home", home, "journey", "revert", new)
    sheet = jalon("--home", home, "pole", "show", "tetris", "--json").json

    assert "1 pôle peut passer, 0 pôle ne le peut pas." in planned.out
    assert "À blanc : rien n'a été écrit." in rehearsed.out
    assert [(one["result"], one["events"]) for one in moved["items"]] == [
        ("done", ["pole.migrated.v1"])
    ]
    assert again.out == "Aucun pôle n'est concerné.\n"
    assert "✓ tetris" in back.out
    assert (sheet["journey"], sheet["stage"]) == (LATEST, "experimentation")
    said = jalon("--home", home, "pole", "history", "tetris").out
    assert "Retour aux règles d'avant" in said


def test_one_that_cannot_move_is_told_and_the_exit_code_says_so(home: Path, draft: Path) -> None:
    jalon("--home", home, "journey", "publish", draft)
    end = ("pole", "move", "--pole", "tetris", "--transition", "end")
    assert jalon("--home", home, *end, "--input", '{"reason": "dissolved"}').code == 0

    seen = jalon("--home", home, "journey", "migrate", "pole@2030-01-01", "--pole", "tetris")

    assert seen.code == 4
    assert "✗ tetris : L'étape « A cessé » est un terme" in seen.out


# The API.


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    product = Product(Settings(home=home, database=""))
    app = FastAPI()
    mount(app, product)
    handle_errors(app, error_page)
    with TestClient(app) as made:
        yield made
    product.close()


def test_journeys_are_listed_and_read_over_the_api(client: TestClient) -> None:
    listed = client.get("/api/journeys").json()
    one = client.get(f"/api/journeys/{LATEST}").json()

    assert listed["total"] == len([*shipped_journeys()])
    assert one["version"]["cases"] == 1
    assert one["definition"]["version"] == "2021-05-12"
    assert client.get("/api/journeys/pole@1999-01").status_code == 404


def test_a_plan_and_a_difference_are_asked_over_the_api(client: TestClient) -> None:
    planned = client.get(f"/api/journeys/{LAW}/plan", params={"from": LATEST}).json()
    found = client.get(f"/api/journeys/{LAW}/diff/{LATEST}").json()

    (item,) = planned["items"]
    assert (item["code"], item["to_state"]) == ("tetris", "experimentation")
    assert found["new"] == LATEST
    assert any("membre du comité" in sentence for sentence in found["sentences"])
