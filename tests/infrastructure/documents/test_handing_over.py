"""Documents handed over: with their events and keys, and nothing else."""

import zipfile
from hmac import digest
from json import loads
from pathlib import Path
from uuid import UUID

import pytest

from domain.errors import Damaged
from infrastructure.document_room import NotWritten
from interfaces.wiring import Product
from tests import documents
from tests.infrastructure.documents.filing import PDF, erase, file, stored


def test_a_bundle_holds_what_is_asked_for_with_what_proves_it(
    product: Product, tmp_path: Path
) -> None:
    message = documents.eml(("note.png", documents.png()))
    one, gone = file(product, message), file(product, documents.gif())
    elsewhere = file(product, documents.jpeg(), pole=None)
    erase(product, gone)

    number = product.documents.bundle(
        tmp_path / "a.zip", product.operator(), pole=product.find("fictif")
    )

    assert number == 2
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        manifest = loads(archive.read("documents.json"))["documents"]
        lines = {line["id"]: line for line in manifest}
        assert str(elsewhere) not in lines
        assert archive.read(f"documents/{one}.eml") == message
        assert lines[str(gone)]["status"] == "erased"
        assert "file" not in lines[str(gone)]
        for line in manifest:
            if "file" in line:
                data = archive.read(line["file"])
                opened = digest(bytes.fromhex(line["opening"]), data, "sha256").hex()
                assert opened == line["commitment"]
                assert len(data) == line["size"]
        positions = [event["position"] for line in manifest for event in line["events"]]
        assert all(0 < position <= product.journal.size() for position in positions)
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    read_now = {line.subject for line in product.documents.downloads(product.operator())}
    assert read_now == {UUID(line["id"]) for line in manifest if "file" in line}


def test_the_same_state_gives_the_same_bundle(product: Product, tmp_path: Path) -> None:
    for data in (PDF, documents.png(), documents.eml(("a.pdf", PDF))):
        file(product, data)

    for name in ("a.zip", "b.zip"):
        product.documents.bundle(tmp_path / name, product.operator())

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_bundle_with_a_damaged_document_is_not_written(product: Product, tmp_path: Path) -> None:
    file(product)
    (place,) = stored(product)
    place.write_bytes(b"x")

    with pytest.raises(Damaged):
        product.documents.bundle(tmp_path / "a.zip", product.operator())

    assert list(tmp_path.glob("a.zip*")) == []


def test_nothing_is_written_over_another_file(product: Product, tmp_path: Path) -> None:
    document = file(product)
    (tmp_path / "dear").write_bytes(b"something dear")

    for act in (
        lambda: product.documents.bundle(tmp_path / "dear", product.operator()),
        lambda: product.documents.get(document, tmp_path / "dear", product.operator()),
    ):
        with pytest.raises(NotWritten, match="existe déjà"):
            act()
    assert (tmp_path / "dear").read_bytes() == b"something dear"
