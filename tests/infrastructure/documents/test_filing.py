"""Documents in the product: filed, read, erased, each noted and proved."""

import os
import time
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from application.pole import RegisterPole
from domain.document import Document, DocumentErased
from domain.errors import Damaged
from domain.media import MediaType
from domain.values import Personal
from interfaces.wiring import Product
from tests import documents, make
from tests.infrastructure.documents.filing import (
    NAMED,
    PDF,
    enclose,
    erase,
    file,
    raw,
    read,
    stored,
)


@pytest.mark.parametrize("media_type", MediaType)
def test_every_format_is_filed_and_read_again(tmp_path: Path, media_type: MediaType) -> None:
    data = documents.every_format()[media_type]
    with make.product(tmp_path / "home") as product:
        product.do(RegisterPole(name="Fictif"), product.operator())

        document = file(product, data)

        assert read(product, document) == data
        assert product.document(document, product.moment()).media_type is media_type


def test_what_is_filed_is_nowhere_to_be_read_on_the_disk(product: Product, tmp_path: Path) -> None:
    document = file(product, file_name=Personal(text="Camille Martin.pdf"))

    assert read(product, document) == PDF
    assert NAMED.encode() not in raw(tmp_path)
    assert b"Camille" not in raw(tmp_path)
    assert NAMED.encode() in PDF


def test_a_changed_byte_is_said_and_never_given(product: Product) -> None:
    document = file(product)
    (place,) = stored(product)
    *kept, last = place.read_bytes()
    place.write_bytes(bytes([*kept, last ^ 1]))

    with pytest.raises(Damaged, match="changé"):
        read(product, document)
    (trouble,) = product.documents.check().troubles
    assert (trouble.document, trouble.sentence) == (document, "ses octets ont changé")


def test_missing_bytes_are_said(product: Product) -> None:
    document = file(product)
    (place,) = stored(product)
    place.unlink()

    with pytest.raises(Damaged, match="manquent"):
        read(product, document)
    assert [t.document for t in product.documents.check().troubles] == [document]


def test_every_reading_is_noted_before_it_takes_place(product: Product) -> None:
    one, other = file(product), file(product, documents.png())
    for _ in range(2):
        read(product, one)
    (place, _) = stored(product)
    place.unlink()
    for document in (one, other):
        try:
            read(product, document)
        except Damaged:
            continue

    lines = product.documents.downloads(product.operator())
    assert [line.subject for line in lines] == [one, one, one, other]
    assert [line.subject for line in product.documents.downloads(product.operator(), other)] == [
        other
    ]
    assert {line.account for line in lines} == {product.operator().actor}


def test_erasing_leaves_the_hashes_and_every_proof(product: Product, tmp_path: Path) -> None:
    document = file(product, file_name=Personal(text="Camille Martin.pdf"))
    before = product.document(document, product.moment())
    (place,) = stored(product)
    ciphertext = place.read_bytes()

    erase(product, document)

    after = product.document(document, product.moment())
    assert after.erased
    assert not before.erased
    assert (after.ciphertext, after.commitment) == (before.ciphertext, before.commitment)
    assert sha256(ciphertext).hexdigest() == after.ciphertext
    assert product.verify().size == product.journal.size()
    assert stored(product) == []
    assert product.registry.documents.opening(document) is None
    found = raw(tmp_path / "home")
    assert ciphertext not in found
    assert NAMED.encode() not in found
    with pytest.raises(DocumentErased):
        read(product, document)
    checked = product.documents.check()
    assert (checked.sound, checked.erased, checked.troubles) == (0, 1, ())


def test_the_name_of_the_file_goes_with_it(product: Product) -> None:
    document = file(product, file_name=Personal(text="Camille Martin.pdf"))
    kept = product.registry.load(Document, document)
    assert kept
    assert kept.file_name
    assert product.registry.journal.ciphertext(kept.file_name.ref)

    erase(product, document)

    assert product.registry.journal.ciphertext(kept.file_name.ref) is None


def test_what_an_interrupted_filing_left_is_told_and_cleaned_later(product: Product) -> None:
    file(product)
    store = product.registry.documents
    kept, ciphertext = enclose(store, b"left behind", document=uuid4())
    store.keep(kept.ciphertext, ciphertext)
    cut = store.place(kept.ciphertext).with_name(".cut.partial")
    cut.write_bytes(b"half")

    found = product.documents.check(clean=True)
    assert (found.sound, found.troubles, found.orphans, found.cleaned) == (1, (), 2, 0)

    for left in (store.place(kept.ciphertext), cut):
        os.utime(left, (time.time() - 4000,) * 2)
    found = product.documents.check(clean=True)
    assert (found.sound, found.orphans, found.cleaned) == (1, 0, 2)
    assert len(stored(product)) == 1
