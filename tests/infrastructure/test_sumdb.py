"""What is signed, served and proved, judged by the log of Go's modules (golang.org/x/mod)."""

import os
import shutil
import subprocess
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from interfaces.wiring import Product, Settings
from tests.infrastructure.test_public_log import grow
from tests.interfaces.shell import jalon
from tests.make import ORIGIN, begin

pytestmark = pytest.mark.long

SOURCE = Path(__file__).parent / "sumdb" / "judge.go"
PACKAGES = Path("/usr/share/gocode")
"""Where Debian puts the sources of Go packages (golang-golang-x-mod-dev)."""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("go") is None or not (PACKAGES / "src/golang.org/x/mod/sumdb").exists():
        said = "no Go here with golang.org/x/mod, which judges the log: install them"
        if os.environ.get("JALON_REQUIRE_GO") == "1":
            pytest.fail(said)
        pytest.skip(said)
    folder = tmp_path_factory.mktemp("judge")
    asked = {"GO111MODULE": "off", "GOPATH": str(PACKAGES), "GOCACHE": str(folder / "cache")}
    made = folder / "judge"
    subprocess.run(["go", "build", "-o", made, SOURCE], check=True, env=os.environ | asked)
    return made


@dataclass
class Given:
    """What somebody was handed: a bundle, unpacked, and proofs."""

    folder: Path
    key: str
    proofs: list[Path]


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """Of a log of three bundles of entries, the last one partial; signed twice."""
    folder = tmp_path_factory.mktemp("given")
    settings = Settings(home=folder / "home", database="", origin=ORIGIN)
    begin(settings)
    with closing(Product(settings)) as product:
        grow(product, 300)
        product.log.sign()
        grow(product, 300)
    bundle = folder / "dossier.zip"
    assert jalon("--home", settings.home, "audit", "export", bundle).code == 0
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(folder / "dossier")
    proofs = [folder / f"{index}.tlog-proof" for index in (0, 255, 256, 511, 600)]
    for proof in proofs:
        said = jalon("--home", settings.home, "audit", "proof", str(int(proof.stem) + 1))
        proof.write_text(said.out, "utf-8")
    keys = (file.read_text("utf-8").strip() for file in (folder / "dossier/cles").iterdir())
    return Given(folder / "dossier", min(keys, key=len), proofs)


def judged(judge: Path, given: Given) -> subprocess.CompletedProcess[str]:
    said = [str(judge), str(given.folder), given.key, *map(str, given.proofs)]
    return subprocess.run(said, capture_output=True, text=True, check=False)


def test_a_bundle_and_proofs_hold_for_a_program_that_knows_nothing_of_us(
    judge: Path, given: Given
) -> None:
    done = judged(judge, given)

    assert done.returncode == 0, done.stderr
    size = (given.folder / "checkpoint").read_text("utf-8").splitlines()[1]
    assert done.stdout.startswith(f"{size} entries, 5 proofs, root ")
    assert 512 < int(size) < 768


@pytest.mark.parametrize(
    ("where", "fault"),
    [
        ("checkpoint", "note: "),
        ("tile/0/001", "inclusion: "),
        ("tile/entries/000", "inclusion: "),
        ("tile/1/000.p/2", "inclusion: "),
    ],
)
def test_it_finds_what_was_changed(
    judge: Path, given: Given, tmp_path: Path, where: str, fault: str
) -> None:
    shutil.copytree(given.folder, tmp_path / "changed")
    file = tmp_path / "changed" / where
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)

    done = judged(judge, Given(tmp_path / "changed", given.key, given.proofs))

    assert done.returncode == 1
    assert done.stderr.startswith(fault), done.stderr
