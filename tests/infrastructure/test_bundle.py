"""Bundles: the same log gives the same bytes, whole or not at all; any change in them is found."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.bundle import shown_of
from domain import bundle
from domain.checkpoint import Checkpoint
from infrastructure.bundle import VERIFIERS
from infrastructure.new_file import AlreadyThere
from tests.bundles import (
    CHECKERS,
    Small,
    by_product,
    by_script,
    contents,
    place_in,
    small,
    written,
)
from tests.examples import settings

COVERED = ("checkpoint", "policy", "cles/", "etats.jsonl", "manifeste.json")
COVERED_FOLDERS = ("parcours/", "preuves/", "tile/")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    with small(tmp_path_factory.mktemp("small")) as registry:
        yield registry


@pytest.fixture(scope="module")
def whole(made: Small, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the whole log."""
    return made.write(tmp_path_factory.mktemp("whole") / "dossier.zip")


@pytest.fixture(scope="module")
def of_pole(made: Small, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of the pole that took the steps."""
    shown = shown_of(made.registry, made.pole, made.registry.journal.size())
    return made.write(tmp_path_factory.mktemp("pole") / "dossier.zip", made.pole, shown)


@pytest.fixture(scope="module", params=["whole", "of_pole"])
def file(request: pytest.FixtureRequest) -> Path:
    """Each of the two kinds."""
    found: Path = request.getfixturevalue(request.param)
    return found


# --- what was not touched -----------------------------------------------------------------------


@pytest.mark.parametrize("checker", CHECKERS)
def test_an_untouched_bundle_holds(file: Path, checker: str) -> None:
    assert CHECKERS[checker](file) == (0, "")


def test_the_same_log_and_checkpoint_give_the_same_bytes(
    made: Small, whole: Path, tmp_path: Path
) -> None:
    assert made.write(tmp_path / "autre.zip").read_bytes() == whole.read_bytes()


def test_a_bundle_is_never_written_over_another_file(made: Small, tmp_path: Path) -> None:
    there = tmp_path / "dossier.zip"
    there.write_text("déjà là")

    with pytest.raises(AlreadyThere):
        made.write(there)

    assert there.read_text() == "déjà là"
    assert list(tmp_path.iterdir()) == [there]


def test_a_bundle_that_cannot_be_finished_leaves_nothing(made: Small, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unpack"):  # an event that the journal does not have
        made.write(tmp_path / "dossier.zip", made.pole, [made.registry.journal.size() + 5])

    assert list(tmp_path.iterdir()) == []


def test_the_script_needs_nothing_but_python_and_one_library(whole: Path, tmp_path: Path) -> None:
    script = tmp_path / "verify.py"
    script.write_bytes(contents(whole)["verify.py"])
    names = list(ast.walk(ast.parse(script.read_bytes())))
    imported = {
        *(alias.name for node in names if isinstance(node, ast.Import) for alias in node.names),
        *(node.module or "" for node in names if isinstance(node, ast.ImportFrom)),
    }

    done = subprocess.run(
        [sys.executable, "-I", script, whole], cwd=tmp_path, capture_output=True, text=True
    )

    assert {name.split(".")[0] for name in imported} <= {*sys.stdlib_module_names, "cryptography"}
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("Le dossier tient.\n")


# --- one pole -----------------------------------------------------------------------------------


def test_a_bundle_of_one_pole_shows_nothing_of_the_others(made: Small, of_pole: Path) -> None:
    files = contents(of_pole)
    everything = b"".join(data for name, data in files.items() if name not in bundle.TOOLS)
    hidden = made.registry.history(made.other)

    assert "Tétris".encode() in everything
    for told in ("Évaléco", str(made.other), *(str(r.event.meta.event_id) for r in hidden)):
        assert told.encode() not in everything
    assert not [name for name in files if name.startswith("tile/")]
    shown = [json.loads(line)["i"] for line in files["etats.jsonl"].splitlines()]
    assert shown == sorted([0, *(r.position - 1 for r in made.registry.history(made.pole))])


def test_a_bundle_that_is_said_to_be_of_another_pole_is_refused(
    made: Small, of_pole: Path, tmp_path: Path
) -> None:
    files = contents(of_pole)
    told = files["manifeste.json"].replace(str(made.pole).encode(), str(made.other).encode())
    forged = written(tmp_path / "forged.zip", {**files, "manifeste.json": told})

    for check in CHECKERS.values():
        code, said = check(forged)
        assert (code, said.partition(" ")[0]) == (3, "manifeste.json")


# --- any byte -----------------------------------------------------------------------------------


def covered(file: Path) -> dict[str, bytes]:
    return {
        name: data
        for name, data in contents(file).items()
        if name.startswith((*COVERED, *COVERED_FOLDERS))
    }


def flipped(file: Path, target: Path, name: str, at: int, bits: int, *, mend: bool) -> Path:
    files = contents(file)
    changed = bytearray(files[name])
    changed[at] ^= bits
    return written(target, {**files, name: bytes(changed)}, mend=mend)


def assert_found(file: Path, target: Path, name: str, at: int, bits: int, *, mend: bool) -> None:
    place = place_in(name, contents(file)[name], at)
    forged = flipped(file, target, name, at, bits, mend=mend)
    for checker, check in CHECKERS.items():
        code, told = check(forged)
        assert code == 3, (checker, name, at, bits)
        assert re_named(place, told), (checker, name, at, bits, place, told)


def re_named(place: str, told: str) -> bool:
    """Whether a place is named: an index is not the beginning of a longer one."""
    return any(line == place or line.startswith(f"{place} ") for line in told.splitlines()) or (
        not place.startswith("index") and place in told
    )


@pytest.mark.parametrize("mend", [False, True], ids=["left", "mended"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_byte_that_changes_is_found_at_its_place(
    file: Path, tmp_path_factory: pytest.TempPathFactory, mend: bool, data: st.DataObject
) -> None:
    """The manifest left as it was, or written again by whoever changed the file."""
    files = covered(file)
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name]) - 1))
    bits = data.draw(st.integers(1, 255))
    target = tmp_path_factory.getbasetemp() / "forged.zip"

    assert_found(file, target, name, at, bits, mend=mend and name != bundle.MANIFEST)


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize(
    ("kind", "mend"), [("whole", False), ("whole", True), ("of_pole", True)], ids=str
)
def test_every_byte_that_changes_is_found_at_its_place(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, mend: bool
) -> None:
    """Of the proofs of a bundle of one pole, which are alike, the first."""
    file: Path = request.getfixturevalue(kind)
    random = Random(20261123)  # noqa: S311  # which bit of each byte, the same at every run
    files = covered(file)
    proofs = [name for name in files if name.startswith("preuves/")]
    for name in files.keys() - set(proofs[1:]):
        for at in range(len(files[name])):
            bits = 1 << random.randrange(8)
            mended = mend and name != bundle.MANIFEST
            assert_found(file, tmp_path / "forged.zip", name, at, bits, mend=mended)


@settings(deadline=None, max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), bits=st.integers(1, 255))
def test_any_byte_of_the_zip_file_itself_is_covered(
    file: Path, tmp_path_factory: pytest.TempPathFactory, place: float, bits: int
) -> None:
    raw = bytearray(file.read_bytes())
    raw[int(place * len(raw))] ^= bits
    target = tmp_path_factory.getbasetemp() / "raw.zip"
    target.write_bytes(raw)

    assert [check(target)[0] for check in CHECKERS.values()] == [3, 3]


# --- forgeries ----------------------------------------------------------------------------------


def test_files_that_were_added_or_taken_away_are_named(file: Path, tmp_path: Path) -> None:
    files = contents(file)
    without = dict(files)
    del without["verifier.html"]

    for forged, name in (
        ({**files, "horodatage/x.tsr": b"x"}, "horodatage/x.tsr"),
        ({**files, "tile/9/000": b"x"}, "tile/9/000"),
        (without, "verifier.html"),
    ):
        target = written(tmp_path / "forged.zip", forged)
        for check in CHECKERS.values():
            code, told = check(target)
            assert (code, name in told) == (3, True)


def test_a_policy_from_elsewhere_decides_over_that_of_the_bundle(
    made: Small, whole: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "politique"
    policy.write_text(made.log.policy(), "utf-8")
    with small(tmp_path / "other") as other:
        other.write(tmp_path / "other.zip")

    assert by_script(whole, "--politique", str(policy)) == (0, "")
    code, told = by_script(tmp_path / "other.zip", "--politique", str(policy))
    assert (code, "aucune des clés qu'elle donne du journal" in told) == (3, True)
    assert by_product(tmp_path / "other.zip") == (0, "")


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\5\6" + bytes(18), b"x" * 5000])
def test_what_is_no_bundle_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "dossier.zip"
    file.write_bytes(content)

    for check in CHECKERS.values():
        code, told = check(file)
        assert code == 3
        assert told.count("\n") == 0
        assert told


def test_the_verifiers_are_those_of_the_product(whole: Path) -> None:
    files = contents(whole)

    for name in ("verify.py", "verifier.html"):
        assert files[name] == (VERIFIERS / name).read_bytes()


def test_a_bundle_says_what_it_is_to_whoever_finds_it(
    made: Small, whole: Path, of_pole: Path
) -> None:
    size = made.registry.journal.size()
    note = made.log.note(size)
    assert note
    all_of_it, some = (contents(file)["LISEZMOI.txt"].decode() for file in (whole, of_pole))

    assert f"le journal entier : {size} événements" in all_of_it
    assert f"d'un seul pôle, Tétris ({made.pole}) : " in some
    for told in (all_of_it, some):
        assert "registre.exemple.fr/journal\n" in told
        assert Checkpoint.read(note.text).root.hex() in told
        assert re.search(
            rf"signé +le \d+.* à \d+ h \d+ \(heure de Paris\), à la taille {size}\n", told
        )
        assert "https://registre.exemple.fr/verification/verify.py" in told
        assert "$" not in told


def test_of_two_who_write_one_file_one_is_told(made: Small, tmp_path: Path) -> None:
    def write(_: int) -> str:
        try:
            return made.write(tmp_path / "dossier.zip").name
        except AlreadyThere as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(write, range(2)))

    assert told == ["dossier.zip", "file.exists"]
    assert by_script(tmp_path / "dossier.zip") == (0, "")
    assert [file.name for file in tmp_path.iterdir()] == ["dossier.zip"]
