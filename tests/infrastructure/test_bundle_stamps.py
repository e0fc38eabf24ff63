"""Time-stamps in a bundle: checked by both verifiers, for the log at the size that was stamped."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from application.bundle import shown_of
from application.pole import RenamePole
from infrastructure.bundle_check import NoRoot, check_bundle
from infrastructure.outside import TimeAuthority
from infrastructure.verifiers import verify
from tests import make
from tests.authority import Authority, served_authority
from tests.bundles import CHECKERS, Small, by_script, contents, small, written
from tests.interfaces.shell import jalon

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority") / "one").make()


@contextmanager
def stamped(folder: Path, authority: Authority) -> Iterator[Small]:
    """A registry whose log was stamped."""
    with (
        served_authority(authority) as url,
        small(folder, TimeAuthority(url, authority.root)) as made,
    ):
        made.log.sign()
        assert made.log.stamp()
        yield made


def test_the_stamp_of_an_earlier_size_is_checked_with_the_whole_log(
    authority: Authority, tmp_path: Path
) -> None:
    with stamped(tmp_path / "home", authority) as made:
        made.registry.do(RenamePole(pole=made.pole, name="Tétris Nord"), make.by())
        whole = made.write(tmp_path / "whole.zip")
        shown = shown_of(made.registry, made.pole, made.registry.journal.size())
        of_pole = made.write(tmp_path / "pole.zip", made.pole, shown)

    assert len([name for name in contents(whole) if name.startswith("horodatage/")]) == 3
    assert not [name for name in contents(of_pole) if name.startswith("horodatage/")]
    for check in CHECKERS.values():
        assert check(whole) == (0, "")
        assert check(of_pole) == (0, "")


@pytest.fixture
def file(authority: Authority, tmp_path: Path) -> Path:
    """A bundle of one pole whose own checkpoint was stamped."""
    with stamped(tmp_path / "home", authority) as made:
        shown = shown_of(made.registry, made.pole, made.registry.journal.size())
        return made.write(tmp_path / "pole.zip", made.pole, shown)


def test_a_stamp_that_was_changed_or_is_of_something_else_is_found(
    file: Path, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = contents(file)
    tsr, pem, note = (
        next(name for name in files if name.endswith(kind)) for kind in (".tsr", ".pem", ".note")
    )
    other = Authority(tmp_path / "two").make()
    signature = bytearray(files[tsr])
    signature[-5] ^= 1
    token = bytearray(files[tsr])
    token[files[tsr].index(b"20", 60) + 3] ^= 1
    forged = {
        "another note": {note: files[note].replace(b"exemple", b"example")},
        "another root": {pem: other.root.read_bytes()},
        "no root": {pem: b""},
        "no token": {tsr: b""},
        "signature": {tsr: bytes(signature)},
        "token": {tsr: bytes(token)},
        "cut": {tsr: files[tsr][:-40]},
    }

    for check in CHECKERS.values():
        assert check(file) == (0, "")
    for name, changed in forged.items():
        target = written(tmp_path / "forged.zip", {**files, **changed})
        for checker, check in CHECKERS.items():
            code, told = check(target)
            assert (code, "horodatage/" in told) == (3, True), (name, checker, told)
        steps = said_by_script(capsys, target)
        assert "  NE TIENT PAS  les horodatages : 1\n" in steps, (name, steps)
        assert steps.count("NE TIENT PAS") == 1, (name, steps)
        seen = jalon("audit", "check", target)
        for told in (steps, seen.err):
            line = next(line for line in told.splitlines() if line.startswith("horodatage/"))
            assert re.search(FRENCH, line), (name, line)


FRENCH = (
    r"l'horodatage ne tient pas : (aucun|ce qu'il d|ce n'est pas une réponse|l(es|e) certificat|"
    r"lui, ou le certificat|l'autorité a refusé)[^.()A-Z]*( \(RFC 3161\))?\.?$|"
    r"ce qui y est horodaté n'est pas ce journal|: (ce n'est pas un point|La|Ce)"
)


def said_by_script(capsys: pytest.CaptureFixture[str], file: Path, *options: str) -> str:
    """Everything that `verify.py` says of a bundle."""
    capsys.readouterr()
    verify.main([str(file), *options])
    return "".join(capsys.readouterr())


def test_a_true_stamp_of_another_log_proves_nothing_of_this_one(
    file: Path, authority: Authority, tmp_path: Path
) -> None:
    with stamped(tmp_path / "other", authority) as other:
        stranger = contents(other.write(tmp_path / "other.zip"))
    taken = {name: data for name, data in stranger.items() if name.startswith("horodatage/")}

    target = written(tmp_path / "forged.zip", {**contents(file), **taken})

    for check in CHECKERS.values():
        code, told = check(target)
        assert (code, "horodatage/" in told) == (3, True)


def test_the_root_that_an_auditor_holds_decides_over_that_of_the_bundle(
    file: Path, authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Authority(tmp_path / "two").make()
    files = contents(file)
    stripped = {name: data for name, data in files.items() if not name.startswith("horodatage/")}
    without = written(tmp_path / "without.zip", stripped)
    leaf = tmp_path / "leaf.pem"
    leaf.write_bytes((authority.folder / "ts.pem").read_bytes())
    believed = "« Horodatage d'essai », racine « Racine d'essai »"

    for root, target, code in (
        (authority.root, file, 0),
        (other.root, file, 3),
        (authority.root, without, 3),
        (leaf, file, 2),
    ):
        assert by_script(target, "--ca", str(root))[0] == code, (root, target)
        try:
            found = 3 if check_bundle(target, anchors=root).faults else 0
        except NoRoot:
            found = 2
        assert found == code, (root, target)
        seen = jalon("audit", "check", target, "--ca", root)
        assert seen.code == code
        if code == 3:  # nothing was changed: whoever checks is told what is missing
            asks = "par quelle autorité" if target == file else "soit horodaté"
            for said in (seen.err, said_by_script(capsys, target, "--ca", str(root))):
                assert "Le dossier n'a pas l'horodatage que vous demandez : 1 défaut." in said
                assert asks in said
                assert "pièce" not in said
    assert by_script(without) == (0, "")
    (told,) = check_bundle(file).stamps.values()
    assert told.endswith(believed)
    capsys.readouterr()
    assert verify.main([str(file)]) == 0
    assert f"par {believed} (certificat trouvé dans le dossier)" in capsys.readouterr().out
