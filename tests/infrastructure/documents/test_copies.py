"""Documents in backups: copied still encrypted, put back, and told where they are missing."""

import tarfile
from pathlib import Path

import pytest

from domain.errors import Damaged, JalonError
from infrastructure.backup import BackupFailed
from interfaces.wiring import Product
from tests import documents
from tests.infrastructure.documents.filing import NAMED, PDF, erase, file, read, stored


def test_a_backup_brings_back_the_documents_it_names(product: Product, tmp_path: Path) -> None:
    one, other = file(product), file(product, documents.png())
    product.back_up(tmp_path / "copy")
    later = file(product, documents.gif())
    for place in stored(product):
        place.unlink()

    restored = product.restore(tmp_path / "copy")

    assert (restored.documents, restored.missing) == (2, 0)
    assert read(product, one) == PDF
    assert read(product, other) == documents.png()
    assert product.documents.check().troubles == ()
    with pytest.raises(JalonError):
        read(product, later)


def test_the_documents_of_a_backup_are_encrypted_and_their_owner_s(
    product: Product, tmp_path: Path
) -> None:
    file(product)
    product.back_up(tmp_path / "copy")

    beside = tmp_path / "copy.documents"
    assert beside.stat().st_mode & 0o777 == 0o600
    assert NAMED.encode() not in beside.read_bytes()
    with tarfile.open(beside) as archive:
        assert len(archive.getnames()) == 1
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy", "copy.documents"]


def test_a_registry_without_documents_has_nothing_beside_its_backup(
    product: Product, tmp_path: Path
) -> None:
    product.back_up(tmp_path / "copy")

    assert [file.name for file in tmp_path.glob("copy*")] == ["copy"]
    assert product.restore(tmp_path / "copy").missing == 0


def test_what_was_erased_since_a_backup_is_not_brought_back(
    product: Product, tmp_path: Path
) -> None:
    document = file(product)
    product.back_up(tmp_path / "copy")
    erase(product, document)

    restored = product.restore(tmp_path / "copy")

    assert restored.documents == 0
    assert stored(product) == []
    with pytest.raises(Damaged, match="clé"):
        read(product, document)
    (trouble,) = product.documents.check().troubles
    assert "l'effacement n'est pas enregistré" in trouble.sentence
    erase(product, document)  # recorded again, as the trouble says
    assert product.documents.check().troubles == ()


def test_a_backup_without_its_documents_says_how_many_are_missing(
    product: Product, tmp_path: Path
) -> None:
    file(product)
    product.back_up(tmp_path / "copy")
    (tmp_path / "copy.documents").unlink()
    for place in stored(product):
        place.unlink()

    assert product.restore(tmp_path / "copy").missing == 1


@pytest.mark.parametrize("spoil", ["byte", "cut", "nonsense"])
def test_damaged_documents_are_refused_before_anything_is_put_back(
    product: Product, tmp_path: Path, spoil: str
) -> None:
    file(product)
    product.back_up(tmp_path / "copy")
    beside = tmp_path / "copy.documents"
    data = bytearray(beside.read_bytes())
    data[600] ^= 1
    beside.write_bytes(
        {"byte": bytes(data), "cut": bytes(data[:700]), "nonsense": b"x" * 99}[spoil]
    )
    file(product, documents.png())
    size = product.journal.size()

    with pytest.raises(BackupFailed, match=r"copy\.documents"):
        product.restore(tmp_path / "copy")

    assert product.journal.size() == size


def test_a_backup_replaces_no_documents_of_another(product: Product, tmp_path: Path) -> None:
    file(product)
    (tmp_path / "copy.documents").write_bytes(b"something dear")

    with pytest.raises(BackupFailed, match="existe déjà"):
        product.back_up(tmp_path / "copy")

    assert (tmp_path / "copy.documents").read_bytes() == b"something dear"
    assert not (tmp_path / "copy").exists()
