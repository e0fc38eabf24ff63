"""The command line as tests run it, and what they look at: a sentence, a code, a registry."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
import pytest
import typer
from typer.core import TyperGroup

from infrastructure.reference import REFERENCE, shipped_grids, shipped_journeys
from interfaces.cli.main import main
from interfaces.cli.main import program as parsed
from interfaces.wiring import Settings
from tests import make
from tests.make import ORIGIN

PROGRAM = Path(sys.executable).with_name("jalon")
POLES = REFERENCE / "history" / "poles.csv"
TIMELINE = REFERENCE / "history" / "timeline.csv"
HEADER = "name,territory,department,region,year,recognitions,confidence,sector,note,source\n"


@dataclass(frozen=True)
class Seen:
    """What a person and a script get of one run."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code in (0, 1, 3), self
        return json.loads(self.out)


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """This process without the registry of whoever runs the tests; a log has a name to sign by."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JALON_")}
    with patch.dict(os.environ, {**kept, "JALON_ORIGIN": ORIGIN, **values}, clear=True):
        yield dict(os.environ)


def jalon(*arguments: str | Path, **values: str) -> Seen:
    """Run the command line in this process, as its `main` does, errors included."""
    out, err = io.StringIO(), io.StringIO()
    line = ["jalon", *map(str, arguments)]
    with (
        environment(values),
        patch.object(sys, "argv", line),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as stopped,
    ):
        main()
    code = stopped.value.code or 0
    assert isinstance(code, int), "a script is told a number"
    return Seen(code, out.getvalue(), err.getvalue())


def program(*arguments: str | Path, **options: Any) -> Seen:
    """Run the installed program, in a process of its own."""
    values = options.pop("values", {})
    with environment(values) as env:
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            **options,
        )
    return Seen(done.returncode, done.stdout, done.stderr)


def verbs() -> dict[str, click.Command]:
    """Every verb by its words: `pole add-member`."""
    found: dict[str, click.Command] = {}

    def walk(command: Any, words: tuple[str, ...]) -> None:
        if isinstance(command, TyperGroup):
            for name in command.list_commands(typer.Context(command)):
                walk(command.commands[name], (*words, name))
        else:
            found[" ".join(words)] = command

    walk(parsed(), ())
    return found


def begun(home: Path) -> Path:
    """A registry as `jalon init` makes it."""
    make.begin(Settings(home=home, database=""))
    return home


def loaded(home: Path) -> Path:
    """A registry with the public history; it is made once and copied afterwards."""
    return shutil.copytree(_loaded(), home, dirs_exist_ok=True)


@cache
def _loaded() -> Path:
    home = begun(make.lasting() / "home")
    for kind, file in (("poles", POLES), ("timeline", TIMELINE)):
        done = jalon("--home", home, "import", kind, file, "--apply")
        assert done.code == 0, done
    return home


def audit(home: Path) -> tuple[int, str]:
    """The size and the root of a registry, every leaf of which has just been verified."""
    found = jalon("--home", home, "audit", "verify", "--json").json
    return found["size"], found["root"]


BEGUN = len([*shipped_journeys(), *shipped_grids()])
"""Events of a registry that has just been begun."""

POLE_ROWS = POLES.read_text("utf-8").splitlines(keepends=True)


def leaves(home: Path) -> list[Any]:
    """The leaf of each event, which says all of it."""
    with closing(sqlite3.connect(home / "registry.db")) as db:
        return db.execute("SELECT leaf FROM event ORDER BY position").fetchall()


def refused(seen: Seen, code: int, *words: str) -> str:
    """The one sentence of a refusal."""
    assert seen.code == code, seen
    assert "Traceback" not in seen.out + seen.err
    assert "Input should" not in seen.err, "the words of a library"
    sentence = seen.err.rstrip("\n")
    assert sentence, seen
    assert "\n" not in sentence, sentence
    assert sentence[-1] in ".»)", sentence
    for word in words:
        assert word in sentence, sentence
    return sentence


def poles_in(home: Path) -> int:
    total: int = jalon("--home", home, "pole", "list", "--json").json["total"]
    return total


VERBS: dict[str, list[str]] = {
    "list": ["pole", "list"],
    "register": ["pole", "register", "--name", "A"],
    "import": ["import", "poles", str(POLES), "--apply"],
    "audit": ["audit", "verify"],
    "rebuild": ["rebuild"],
    "init": ["init"],
    "migrate": ["migrate"],
}


def rows(*names: str) -> str:
    return "".join(f"{name},,,Bretagne,2014,,confirmed,,,une source\n" for name in names)
