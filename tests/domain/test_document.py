"""Documents: filed once, accepted by somebody else, replaced, erased; dates that can be."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.dates import PartialDate
from domain.document import (
    AcceptanceAlreadyDecided,
    Document,
    DocumentErased,
    DocumentStatus,
    NoDocumentInItsPlace,
    OfAnotherPole,
    OwnDocument,
)
from domain.filing import (
    DocumentChannel,
    DocumentKind,
    Enclosed,
    ExpiresBeforeItBegins,
    Filing,
    NotYetReceived,
    ReceivedBeforeSent,
)
from domain.media import ENDINGS, MediaType, disagrees, ending
from domain.retention import Retention, kept_until
from domain.values import Sealed
from tests import make

POLE = UUID(int=4)
SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
CONTENT = Enclosed(size=3, ciphertext="a" * 64, commitment="b" * 64)
FILER, OTHER = "account:1", "organisation:COORACE"


def filing(**more: object) -> Filing:
    return Filing.model_validate(
        {
            "document_kind": DocumentKind.MINUTES,
            "title": "Compte rendu",
            "channel": DocumentChannel.POST,
            "retention": Retention.FIVE_YEARS,
            **more,
        }
    )


def filed(pole: UUID | None = POLE, on: str = "2024-03-01", **more: object) -> Document:
    document = Document.new()
    with make.on(on):
        document.file(
            filing(**more), content=CONTENT, media_type=MediaType.PDF, persons=(FILER,), pole=pole
        )
    return document


def status(document: Document, day: str) -> DocumentStatus | None:
    return document.status_on(make.day(day))


def test_whoever_filed_a_document_does_not_accept_it() -> None:
    document = filed()

    with make.on("2024-04-01"), pytest.raises(OwnDocument):
        document.accept(persons=(FILER,))
    with make.on("2024-04-01"):
        document.accept(persons=(OTHER,))

    assert status(document, "2024-02-29") is None
    assert status(document, "2024-03-31") is DocumentStatus.FILED
    assert status(document, "2024-04-01") is DocumentStatus.ACCEPTED


def test_a_document_is_decided_upon_once() -> None:
    document = filed()
    with make.on("2024-04-01"):
        document.refuse(motive="illisible")

        with pytest.raises(AcceptanceAlreadyDecided, match="écarté"):
            document.accept(persons=(OTHER,))
        with pytest.raises(AcceptanceAlreadyDecided, match="écarté"):
            document.refuse(motive="encore")


def test_another_document_of_the_same_pole_comes_in_its_place() -> None:
    first, second, third = filed(), filed(), filed()

    with make.on("2024-05-01"):
        first.supersede(second)
        second.supersede(third)

        for successor, said in ((first, "lui-même"), (second, "a lui-même été remplacé")):
            with pytest.raises((NoDocumentInItsPlace, AcceptanceAlreadyDecided), match=said):
                third.supersede(successor) if successor is second else third.supersede(third)
        with pytest.raises(NoDocumentInItsPlace, match="même pôle"):
            third.supersede(filed(pole=None))
        with pytest.raises(AcceptanceAlreadyDecided, match="remplacé"):
            first.supersede(third)

    assert first.successor == second.id
    assert status(first, "2024-05-01") is DocumentStatus.SUPERSEDED


def test_nothing_more_is_done_with_what_was_erased() -> None:
    document, other = filed(), filed()
    with make.on("2024-05-01"):
        document.erase(motive=SEALED)

        acts: tuple[Callable[[], None], ...] = (
            lambda: document.erase(motive=SEALED),
            lambda: document.accept(persons=(OTHER,)),
            lambda: document.refuse(motive="non"),
            lambda: document.supersede(other),
            lambda: other.supersede(document),
            lambda: document.attest(POLE),
        )
        for act in acts:
            with pytest.raises(DocumentErased):
                act()

    assert document.is_erased


def test_a_document_is_evidence_for_its_own_pole() -> None:
    document = filed()

    document.attest(POLE)
    with pytest.raises(OfAnotherPole):
        document.attest(uuid4())


def test_it_holds_until_the_end_of_its_last_day() -> None:
    document = filed(expires=date(2024, 12, 31))

    (event,) = document.pending
    assert event.valid_to == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("dates", "refusal"),
    [
        ({"sent_on": "2024-03-05", "received_on": "2024-03-04"}, ReceivedBeforeSent),
        ({"sent_on": "2024-04", "received_on": "2024-03"}, ReceivedBeforeSent),
        ({"received_on": "2024-06-04"}, NotYetReceived),
        ({"sent_on": "2025"}, NotYetReceived),
        ({"expires": date(2024, 2, 29)}, ExpiresBeforeItBegins),
    ],
)
def test_dates_that_cannot_be_are_refused(
    dates: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        filing(**dates).check(since=date(2024, 3, 1), today=make.TODAY)


@pytest.mark.parametrize(
    "dates",
    [
        {},
        {"sent_on": "2024", "received_on": "2024-03-04"},
        {"sent_on": "2024-03-04", "received_on": "2024-03"},
        {"sent_on": "unknown", "received_on": "2024-06-03"},
        {"expires": date(2024, 3, 1)},
    ],
)
def test_dates_that_may_be_are_taken(dates: dict[str, object]) -> None:
    filing(**dates).check(since=date(2024, 3, 1), today=make.TODAY)


def test_a_document_is_about_its_pole_and_one_of_none_about_nothing() -> None:
    assert filed().relations_on(make.TODAY) == {f"pole:{POLE}"}
    assert filed(pole=None).relations_on(make.TODAY) == frozenset()


# --- vocabularies -------------------------------------------------------------------------------


def test_a_period_of_keeping_runs_from_the_last_day_of_validity() -> None:
    since = date(2024, 2, 29)

    assert kept_until(Retention.PERMANENT, since, None) is None
    assert kept_until(Retention.FIVE_YEARS, since, None) == date(2029, 2, 28)
    assert kept_until(Retention.TWO_YEARS, since, date(2025, 1, 1)) == date(2027, 1, 1)


def test_every_format_has_endings_of_its_own() -> None:
    endings = [said for kind in MediaType for said in ENDINGS[kind]]

    assert len(endings) == len(set(endings))
    for kind in MediaType:
        assert not disagrees(f"Pièce.{ending(kind).upper()}", kind)
        assert disagrees("Pièce.exe", kind)
        assert not disagrees("Pièce sans fin", kind)


def test_a_received_date_may_be_partial() -> None:
    assert filing(received_on="2024-03").received_on == PartialDate("2024-03")
