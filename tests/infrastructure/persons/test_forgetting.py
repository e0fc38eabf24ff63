"""A person is forgotten out of every file, as far as no law keeps what there is."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from application.document import EraseDocument
from application.personal import ERASED
from domain.dates import PARIS
from domain.document import Document, PartOfAMessage
from domain.erasure import Exemption
from domain.roles import Role
from infrastructure.erasure_told import ErasureHeld
from infrastructure.person_found import NobodyFound
from interfaces.wiring import Product
from tests import documents
from tests.infrastructure.persons.acts import (
    CONTROL,
    NAME,
    PIECES,
    RIGHT,
    SAID,
    SPELT,
    contribute,
    dpo,
    file,
    join,
    raw,
    sealed_rows,
)

# Forgetting.


def test_no_byte_of_a_person_is_left_anywhere_and_every_proof_holds(
    product: Product, tmp_path: Path
) -> None:
    contribution, document = contribute(product), file(product)
    join(product)
    refs = [place.ref for place in product.persons.find(NAME, dpo(product)).places]
    ciphertexts = [row[1] for ref in refs if (row := product.journal.ciphertext(ref))]
    before = raw(product)
    assert CONTROL.encode() in before, "what lies in clear would be found"
    assert all(ciphertext[:40] in before for ciphertext in ciphertexts), "so would a ciphertext"

    receipt = product.forget(SPELT, dpo(product), right=RIGHT)
    product.forget(str(document), dpo(product), right=RIGHT)

    product.back_up(tmp_path / "copy")
    copies = [tmp_path / "copy", tmp_path / "copy.documents"]
    after = raw(product, *copies)
    assert CONTROL.encode() in after
    assert [piece for piece in PIECES if piece in after] == []
    if product.settings.url.startswith("sqlite"):
        assert [c for c in ciphertexts if c[:40] in after] == [], "nor of what was sealed"
    else:
        dump = (tmp_path / "copy").read_bytes()
        assert [c for c in ciphertexts if c[:40] in dump] == []
    assert receipt.values == 3
    assert product.verify().size == product.journal.size()
    assert product.documents.check().troubles == ()
    assert (product.check_sealed().faults, product.check_sealed().keys) == ((), None)
    assert product.registry.load(Document, document).is_erased  # type: ignore[union-attr]
    assert (
        product.contribution(
            contribution, product.operator(Role.MODERATOR), product.moment()
        ).author
        == ERASED
    )
    with pytest.raises(NobodyFound):
        product.persons.find(NAME, dpo(product))
    kept = product.follower.digests()
    product.follower.rebuild()
    assert product.follower.digests() == kept
    asked = product.registry.history(receipt.erasure)[0]
    assert asked.event.meta.ground == "RGPD, article 17(1)(b)"


def test_others_are_left_as_they_were(product: Product) -> None:
    contribute(product)
    other = contribute(product, "Quelqu'un d'autre")

    product.forget(NAME, dpo(product), right=RIGHT)

    sheet = product.contribution(other, product.operator(Role.MODERATOR), product.moment())
    assert (sheet.author, sheet.text) == ("Quelqu'un d'autre", SAID)


def test_a_message_takes_what_is_attached_with_it_and_never_the_other_way(alone: Product) -> None:
    message = file(alone, documents.eml(("a.pdf", documents.pdf(SAID))))
    (attached,) = alone.registry.load(Document, message).parts  # type: ignore[union-attr]

    with pytest.raises(PartOfAMessage):
        alone.forget(str(attached), dpo(alone), right=RIGHT)
    alone.forget(str(message), dpo(alone), right=RIGHT)

    assert alone.documents.check().erased == 2
    assert [*alone.registry.documents.files()] == []


# What is held.


def test_what_the_law_keeps_is_refused_with_its_reason_and_that_is_recorded(alone: Product) -> None:
    document = file(alone)
    erase = EraseDocument.model_validate(
        {"document": document, "ground": "RGPD, article 17", "motive": SAID}
    )
    alone.do(erase, alone.operator())
    rows = sealed_rows(alone)

    with pytest.raises(ErasureHeld, match=r"17\(3\)\(b\).*enregistré") as refused:
        alone.forget(str(document), dpo(alone), right=RIGHT)

    receipt = alone.erasures.receipt(UUID(str(refused.value.details["erasure"])), dpo(alone))
    assert receipt.refused is Exemption.LAW_OR_PUBLIC_TASK
    assert [held.until for held in receipt.held] == [five_years_on()]
    assert receipt.erased_at is None
    assert sealed_rows(alone) == rows
    assert alone.registry.keys.notes.unfinished() == []
    assert alone.persons.answer(str(document), dpo(alone)).values[0].value == SAID


def five_years_on() -> date:
    today = datetime.now(UTC).astimezone(PARIS).date()
    leap = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year + 5, day=28 if leap else today.day)


def test_the_officer_may_refuse_for_a_reason_of_the_law(alone: Product) -> None:
    contribution = contribute(alone)

    receipt = alone.forget(NAME, dpo(alone), right=RIGHT, refused=Exemption.EXPRESSION)

    assert (receipt.refused, receipt.values) == (Exemption.EXPRESSION, 0)
    assert (
        alone.contribution(contribution, alone.operator(Role.MODERATOR), alone.moment()).author
        == NAME
    )
    assert alone.verify().size == alone.journal.size()
