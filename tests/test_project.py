"""The project watches itself: its metadata, its words, its tools."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.shell import verbs

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
OURS = ("domain", "application", "infrastructure", "interfaces")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")

ADDRESS = re.compile(r"\w+://\S+")
LEFT_BEHIND = re.compile(r"^\.|^__pycache__$|\.egg-info$")
QUOTED = re.compile(r"«[^»]*»|“[^”]*”")


def files() -> Iterator[Path]:
    """Every file of the project, but what tools leave behind."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name == ".ci" or not LEFT_BEHIND.search(name)]
        yield from (Path(folder, name) for name in names)


def having(pattern: str, *, but: str = "") -> list[str]:
    """The places where a pattern is found, in files outside a folder."""
    sought = re.compile(pattern, re.IGNORECASE)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line[:80]}"
        for path in files()
        if not (but and path.is_relative_to(ROOT / but))
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if sought.search(line)
    ]


def run(*line: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)


def passes(tool: str, *options: str) -> None:
    done = run(BIN / tool, *options)
    assert done.returncode == 0, done.stdout + done.stderr


# --- metadata -----------------------------------------------------------------------------------


def test_pip_and_uv_install_the_same_tools() -> None:
    extra = PROJECT["project"]["optional-dependencies"]["dev"]

    assert extra == PROJECT["dependency-groups"]["dev"]


def test_the_project_is_never_published_by_accident() -> None:
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]


def test_the_built_packages_are_the_four_layers() -> None:
    assert tuple(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == OURS


@pytest.mark.parametrize("name", OURS)
def test_no_other_distribution_claims_our_names(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {PROJECT["project"]["name"]}


@pytest.mark.parametrize("name", OURS)
def test_what_is_imported_is_what_one_edits(name: str) -> None:
    found = sys.modules.get(name) or __import__(name)

    assert found.__file__
    assert Path(found.__file__).parent == ROOT / name


# --- tools --------------------------------------------------------------------------------------


def test_the_format_is_the_one_of_the_project() -> None:
    passes("ruff", "format", "--check", ".")


def test_the_lint_finds_nothing() -> None:
    passes("ruff", "check", ".")


@pytest.mark.long  # half a minute; `just check` asks it too
def test_the_types_hold() -> None:
    passes("mypy")


def test_imports_point_inward() -> None:
    passes("lint-imports")


SAME_IN_EACH = {"Datastore", "World"}
"""What an adapter of each database, or the edge as the inside, rightly calls alike."""


def test_a_class_is_called_as_no_other_one_is() -> None:
    """Who reads two files at once would take one for the other."""
    places: dict[str, list[str]] = {}
    for path in (path for folder in OURS for path in sorted((ROOT / folder).rglob("*.py"))):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))

    twice = {name: paths for name, paths in places.items() if len(paths) > 1}

    assert {name: twice[name] for name in twice.keys() - SAME_IN_EACH} == {}


def test_continuous_integration_can_run() -> None:
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert run("sh", "-n", script).returncode == 0


@pytest.mark.parametrize("line", [[], ["--help"], ["serve"], ["demonstrate"]], ids=" ".join)
def test_the_launcher_says_its_two_commands(line: list[str]) -> None:
    done = run(sys.executable, "run.py", *line)

    assert done.returncode == 2
    assert "run.py demo" in done.stderr
    assert "run.py test" in done.stderr


# --- words --------------------------------------------------------------------------------------


def test_no_file_names_a_registry_of_packages() -> None:
    names = ("pypi" + r"\.org", "python" + "hosted", "index" + "-url", r"registry\.npm")

    assert having("|".join(names)) == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    homes = r"(?<![\w.])/(?:" + "|".join(("work", "root", "home", "Users")) + r")/\w"

    assert having(homes) == []
    assert having(rf"{re.escape(str(ROOT))}/\w") == []


def test_the_product_never_calls_a_pole_labelled_in_its_own_voice() -> None:
    """Nobody grants the quality of PTCE. Quotations and the addresses of sources stand."""
    said = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in files()
        if not path.is_relative_to(ROOT / "tests")
        for line in path.read_text("utf-8", "replace").splitlines()
        for found in re.finditer(
            r"\w*lab[eé]ll?i[sz]\w*", QUOTED.sub("", ADDRESS.sub("", line)), re.IGNORECASE
        )
    ]

    assert said == []


def test_the_readme_leads_with_the_two_commands() -> None:
    before_the_first_part = README.split("\n## ")[0]
    code = [line.split() for line in before_the_first_part.splitlines() if line.startswith("    ")]

    assert [line[:3] for line in code[:2]] == [
        ["python3", "run.py", "demo"],
        ["python3", "run.py", "test"],
    ]


def test_every_verb_of_the_documentation_exists() -> None:
    texts = [README, *[p.read_text("utf-8") for p in (ROOT / "docs").rglob("*.md")]]
    line = re.compile(r"^    \S*bin/jalon (.*)$", re.MULTILINE)
    lines = [found for text in texts for found in line.findall(text)]
    known = verbs()

    assert lines
    for said in lines:
        words = re.sub(r"^(--home \S+ )", "", said).split()
        assert words[0] in known or " ".join(words[:2]) in known, said


@pytest.mark.parametrize(
    "record", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda path: path.stem
)
def test_a_decision_record_decides_and_fits_on_a_screen(record: Path) -> None:
    text = record.read_text("utf-8")

    assert re.match(r"# \d+\. ", text)
    assert "**Decision.**" in text
    assert len(text.splitlines()) <= 40


def test_decision_records_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))
