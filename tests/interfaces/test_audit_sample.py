"""Samples: the same seed draws the same of the same log, and anybody can draw it again."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from application.audit_sample import rank
from application.document import EraseDocument
from domain.roles import Role
from interfaces.wiring import Product, Settings
from tests.application import commitments as money
from tests.interfaces.shell import Seen, jalon, refused
from tests.make import begin

COMMITMENTS = 6


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six commitments of two poles; of the first, a tranche is paid on evidence that is on file."""
    settings = Settings(home=tmp_path_factory.mktemp("sample") / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        books = product.registry
        one, other = money.pole(books), money.pole(books, "Autre pôle d'essai")
        money.paid(books, money.in_force(books, one), "first")
        for number in range(COMMITMENTS - 1):
            money.decide(books, other if number % 2 else one)
        product.follower.catch_up()
    return settings.home


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        yield made


def draw(home: Path, *words: str | Path, seed: str = "42", size: int = 3) -> Seen:
    line = ["audit", "sample", "--seed", seed, "--size", str(size)]
    return jalon("--home", home, *line, *words)


def test_the_rank_is_what_is_written_down() -> None:
    """Computed apart, with `printf '…' | sha256sum`: it must never change."""
    text = b"jalon sample v1\n42\n17\n" + b"00" * 32 + b"\n5\n"

    assert rank("42", 17, "00" * 32, 5) == sha256(text).hexdigest()
    assert rank("42", 17, "00" * 32, 5) == (
        "ec8b2d937aae91f08e0225bb4ead7441b74ced4fd01182923ff180e78119d24e"
    )


def test_whoever_has_the_log_draws_the_same_from_what_is_written(home: Path) -> None:
    found = draw(home, "--of", "events", "--json", size=7, seed="été 2026").json

    every = range(found["size"])
    ranked = sorted(
        sha256(
            f"jalon sample v1\nété 2026\n{found['size']}\n{found['root']}\n{index}\n".encode()
        ).hexdigest()
        + f" {index}"
        for index in every
    )
    assert found["population"] == len(every)
    assert [f"{one['rank']} {one['index']}" for one in found["drawn"]] == ranked[:7]


def test_a_larger_sample_holds_the_smaller_one_and_another_seed_draws_others(home: Path) -> None:
    def drawn(**given: object) -> list[str]:
        found = draw(home, "--json", **given).json["drawn"]  # type: ignore[arg-type]  # seed or size
        return [one["name"] for one in found]

    assert drawn(size=5)[:3] == drawn(size=3)
    assert sorted(drawn(size=100)) == sorted(drawn(size=COMMITMENTS))
    assert len({tuple(drawn(seed=str(seed), size=COMMITMENTS)) for seed in range(8)}) > 1


def test_what_was_drawn_is_handed_over_with_its_documents_and_proofs(
    home: Path, tmp_path: Path
) -> None:
    jalon("--home", home, "audit", "sign")
    policy = tmp_path / "policy"
    policy.write_text(jalon("--home", home, "audit", "policy").out, "utf-8")
    file = tmp_path / "tirage.zip"

    seen = draw(home, "--of", "payments", "--out", file)

    assert seen.code == 0, seen
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        (folder,) = {name.split("/")[0] for name in names if name.startswith("0001-")}
        history = [
            json.loads(line) for line in archive.read(f"{folder}/histoire.jsonl").splitlines()
        ]
        manifest = json.loads(archive.read("documents.json"))["documents"]
        read_me = archive.read("LISEZMOI.txt").decode()
        archive.extractall(tmp_path / "out")
    sheet = json.loads((tmp_path / "out" / folder / "fiche.json").read_text("utf-8"))
    proofs = sorted((tmp_path / "out" / folder / "preuves").iterdir())
    assert sheet["amounts"]["paid_cents"] == 40_000_00
    assert {int(proof.stem.split(".")[0]) for proof in proofs} == {line["i"] for line in history}
    for proof in proofs:
        assert jalon("audit", "check", proof, "--policy", policy).code == 0
    assert [one["kind"] for one in manifest] == ["statutes"]
    assert manifest[0]["file"] in names
    assert all(word in read_me for word in ("graine       42", "racine", "population   1"))


def test_the_same_sample_is_handed_over_in_the_same_bytes(home: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "a.zip", tmp_path / "b.zip"

    draw(home, "--out", one)
    draw(home, "--out", other)

    assert one.read_bytes() == other.read_bytes()


def test_that_documents_were_read_is_noted_and_erased_ones_are_said(
    home: Path, product: Product, tmp_path: Path
) -> None:
    by = product.operator(Role.AUDITOR)
    draw(home, "--of", "payments", "--out", tmp_path / "a.zip")
    (noted,) = {line.subject for line in product.documents.downloads(by)}
    erase = EraseDocument.model_validate(
        {"document": noted, "ground": "essai", "motive": "Essai d'effacement."}
    )
    product.do(erase, product.operator(Role.REGISTRAR))

    draw(home, "--of", "payments", "--out", tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        (told,) = json.loads(archive.read("documents.json"))["documents"]
    assert "file" not in told
    assert told["status"] == "erased"


def test_what_cannot_be_drawn_is_refused_in_one_sentence(home: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.write_bytes(b"x")

    refused(draw(home, seed="a\nb"), 2, "graine")
    refused(draw(home, seed="x" * 101), 2, "graine")
    refused(draw(home, size=0), 2)
    refused(draw(home, "--of", "events", "--pole", "Autre pôle"), 2, "ne se limite pas")
    refused(draw(home, "--out", there), 1, "existe déjà")
    refused(draw(home, "--out", tmp_path / "none" / "a.zip"), 1)
    assert there.read_bytes() == b"x"
    assert [path.name for path in tmp_path.iterdir()] == ["there.zip"]


def test_a_sample_may_be_handed_over_as_a_folder(home: Path, tmp_path: Path) -> None:
    draw(home, "--of", "poles", "--out", tmp_path / "tirage", size=2)

    found = json.loads((tmp_path / "tirage" / "tirage.json").read_text("utf-8"))
    assert found["population"] == 2
    assert len([path for path in (tmp_path / "tirage").iterdir() if path.is_dir()]) == 2
