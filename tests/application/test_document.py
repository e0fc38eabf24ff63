"""Documents as people file, accept, replace and erase them, and as lists show them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.document import (
    AcceptDocument,
    EraseDocument,
    FileDocument,
    RefuseDocument,
    SupersedeDocument,
)
from application.document_list import (
    CHANNELS,
    DOCUMENTS,
    FORMATS,
    KINDS,
    RETENTIONS,
    STATUSES,
    USUAL_RETENTION,
    UnknownDocument,
    document_sheet,
    remarks,
    size_in_words,
)
from application.history_in_words import pole_history
from application.mandate import GiveMandate
from application.pole import FileEvidence, MovePole
from application.register import pole_sheet
from application.wording import doubts_about, tell
from domain.dates import PartialDate
from domain.document import (
    Document,
    DocumentErased,
    DocumentStatus,
    OfAnotherPole,
    OwnDocument,
    PartOfAMessage,
)
from domain.errors import Forbidden, JalonError, NotFound
from domain.filing import (
    DocumentChannel,
    DocumentKind,
    EvidenceOfNoPole,
    FiledOtherwise,
    NotYetReceived,
)
from domain.media import MediaType, NotAccepted
from domain.pole import Pole, PoleId
from domain.retention import Retention
from domain.roles import Role
from domain.values import Personal
from tests import documents, make
from tests.application.desk import Desk, desk, person
from tests.examples import settings

PDF = documents.pdf()
REPRESENTATIVE = person(2)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as made:
        yield made


def files(pole: UUID | None, data: bytes = PDF, **told: Any) -> FileDocument:
    return FileDocument.model_validate(
        {"pole": pole, "kind": "minutes", "content": data, "title": "Compte rendu", **told}
    )


def erases(document: UUID, **told: Any) -> EraseDocument:
    fields = {"ground": "RGPD, article 17", "motive": "à la demande de Camille Martin", **told}
    return EraseDocument.model_validate({"document": document, **fields})


def recorded(office: Desk) -> list[Document]:
    found = [office.registry.load(Document, r.stream) for r in office.registry.told(Document.Filed)]
    return [document for document in found if document]


# --- filing -------------------------------------------------------------------------------------


def test_the_same_bytes_are_not_filed_twice_for_a_pole(office: Desk) -> None:
    pole = office.pole()
    first = office.done(files(pole))
    size = office.size

    again = office.done(files(pole, kind="letter", title="Autre intitulé"), by=person(3))

    assert again.answer == first.answer
    assert again.events == ()
    assert office.size == size


def test_a_document_that_is_there_is_not_said_to_be_a_piece_that_it_is_not(office: Desk) -> None:
    pole = office.pole()
    first = office.do(files(pole, kind="letter"))
    size = office.size

    with pytest.raises(FiledOtherwise, match=f"« lettre ».*--evidence strategy.*{first}"):
        office.done(files(pole, kind="strategy", as_evidence=True))
    assert office.size == size

    office.do(FileEvidence(pole=pole, evidence="strategy", title="Stratégie", document=first))
    again = office.done(files(pole, kind="strategy", as_evidence=True))
    assert (again.answer, again.events) == (first, ())


@pytest.mark.parametrize("field", ["sent_on", "received_on", "occurred_on"])
def test_nothing_is_on_file_before_it_is_there(office: Desk, field: str) -> None:
    pole = office.pole()

    with pytest.raises(NotYetReceived):
        office.done(files(pole, PDF, **{field: "2099-01-01"}))


def test_the_same_bytes_may_be_filed_for_another_pole_and_for_none(office: Desk) -> None:
    one, other = office.pole("Un"), office.pole("Autre")

    filed = [office.do(files(of)) for of in (one, other, None)]

    assert len(set(filed)) == 3
    assert office.do(files(None)) == filed[2]


def test_what_was_erased_may_be_filed_anew(office: Desk) -> None:
    pole = office.pole()
    first = office.do(files(pole))
    office.do(erases(first))

    assert office.do(files(pole)) != first


def test_an_attachment_that_is_there_is_not_filed_again_on_its_own(office: Desk) -> None:
    pole = office.pole()
    office.do(files(pole, documents.eml(("cr.pdf", PDF))))
    (_, attachment) = recorded(office)

    assert office.do(files(pole)) == attachment.id


def test_a_message_is_filed_with_each_attachment_on_its_own(office: Desk) -> None:
    inside = documents.message(("budget.ods", documents.open_document(MediaType.ODS)))
    data = documents.message(
        ("Camille Martin.pdf", PDF), ("virus.exe", b"MZ"), inside=inside
    ).as_bytes()
    pole = office.pole()

    done = office.done(files(pole, data, kind="letter", title="Envoi", channel="email"))

    message, pdf, nested, ods = recorded(office)
    assert message.id == done.answer
    assert [d.media_type for d in (message, pdf, nested, ods)] == [
        MediaType.EML,
        MediaType.PDF,
        MediaType.EML,
        MediaType.ODS,
    ]
    assert message.parts == (pdf.id, nested.id)
    assert message.left == 1
    assert (pdf.part_of, nested.part_of, ods.part_of) == (message.id, message.id, nested.id)
    assert "Camille" not in pdf.title
    assert {d.pole for d in (pdf, nested, ods)} == {pole}
    assert set(office.load(pole).attached) == {d.id for d in (message, pdf, nested, ods)}
    store = office.registry.documents
    assert store.read(pdf.content, document=pdf.id) == PDF
    assert remarks("envoi.eml", done.events) == [
        "Pièces jointes versées chacune à part : 3.",
        "Pièces jointes restées dans le message seulement : 1 (format non accepté, ou message "
        "au-delà de trois contenus l'un dans l'autre).",
    ]


def test_a_name_that_says_another_format_is_remarked(office: Desk) -> None:
    done = office.done(files(office.pole()))

    (said,) = remarks("Compte rendu.docx", done.events)
    assert "PDF" in said
    assert remarks("Compte rendu.PDF", done.events) == []
    assert remarks(None, done.events) == []


def test_what_is_of_no_accepted_format_leaves_nothing(office: Desk) -> None:
    pole = office.pole()
    size = office.size

    with pytest.raises(NotAccepted):
        office.do(files(pole, b"#!/bin/sh"))

    assert office.size == size
    assert list(office.registry.documents.files()) == []


def test_the_bytes_travel_in_base64_and_are_never_shown(office: Desk) -> None:
    command = files(office.pole(), documents.base64(PDF))  # type: ignore[arg-type]

    assert command.content == PDF
    assert "PDF-1.4" not in repr(command)
    with pytest.raises(ValidationError, match="base64"):
        files(None, "pas du base64 !")  # type: ignore[arg-type]


def test_the_same_key_names_the_same_bytes_only(office: Desk) -> None:
    pole = office.pole()
    first = office.done(files(pole), key="envoi-1")

    again = office.done(files(pole), key="envoi-1")
    with pytest.raises(Exception, match="déjà servi"):
        office.done(files(pole, documents.png()), key="envoi-1")

    assert (again.answer, again.events) == (first.answer, ())
    assert len(list(office.registry.documents.files())) == 1, "what was refused left no bytes"


def test_a_document_is_on_file_from_the_day_it_was_received(office: Desk) -> None:
    pole = office.pole(on="2020")
    received = office.do(files(pole, received_on="2023-05", sent_on="2023-04-28"))
    said = office.do(files(pole, documents.png(), received_on="2023-05"), "2023-06-01")
    today = office.do(files(pole, documents.gif()))

    lines = {line.id: line for line in office.lines(DOCUMENTS)}
    assert lines[received].occurred_on.root == "2023-05"
    assert lines[said].occurred_on.root == "2023-06-01"
    assert lines[today].occurred_on.root == make.TODAY.isoformat()
    assert lines[received].keep_until == date(2028, 5, 1)


def test_what_the_pole_gives_is_news_of_it_and_what_is_said_of_it_is_not(office: Desk) -> None:
    pole = office.pole(on="2020-01-01")

    office.do(files(pole, kind="decision", received_on="2022-02-02"))
    assert office.load(pole).heard[-1] == date(2020, 1, 1)
    office.do(files(pole, documents.png(), kind="minutes", received_on="2023-03-03"))
    assert office.load(pole).heard[-1] == date(2023, 3, 3)


# --- evidence -----------------------------------------------------------------------------------


def test_a_document_is_filed_as_evidence_in_the_same_save(office: Desk) -> None:
    pole = office.pole(on="2020")
    done = office.done(
        files(pole, kind="strategy", title="Stratégie", as_evidence=True, received_on="2023-05-04")
    )

    assert [event.TOPIC for event in done.events] == [
        "document.filed.v1",
        "pole.attached.v1",
        "pole.evidence_filed.v1",
    ]
    known = office.load(pole).facts_on(make.TODAY, office.registry.load)
    assert known.evidence.kinds == ("strategy",)
    (line,) = pole_sheet(office.registry, pole, office.moment()).evidence
    assert (line.evidence, line.title, line.document) == ("strategy", "Stratégie", done.answer)
    assert line.occurred_on == "2023-05-04"


def test_evidence_that_expires_counts_no_longer(office: Desk) -> None:
    pole = office.pole(on="2020")
    office.do(
        files(pole, kind="strategy", as_evidence=True, received_on="2023", expires="2023-12-31")
    )

    def kinds(on: str) -> tuple[str, ...] | None:
        read: Any = office.registry.load
        return office.load(pole).facts_on(make.day(on), read).evidence.kinds

    assert kinds("2023-12-31") == ("strategy",)
    assert kinds("2024-01-01") is None


def test_evidence_may_name_a_document_of_its_pole_and_no_other(office: Desk) -> None:
    pole, other = office.pole("Un"), office.pole("Autre")
    document = office.do(files(pole))

    def gives(of: PoleId, which: UUID) -> FileEvidence:
        return FileEvidence(pole=of, evidence="minutes", title="Compte rendu", document=which)

    office.do(gives(pole, document))
    with pytest.raises(OfAnotherPole):
        office.do(gives(other, document))
    with pytest.raises(NotFound):
        office.do(gives(pole, uuid4()))
    office.do(erases(document))
    with pytest.raises(DocumentErased):
        office.do(gives(pole, document))
    (line,) = pole_sheet(office.registry, pole, office.moment()).evidence
    assert line.document == document, "that it was given as evidence stays true"


def test_evidence_of_no_pole_is_refused(office: Desk) -> None:
    with pytest.raises(EvidenceOfNoPole):
        office.do(files(None, as_evidence=True))


def test_a_document_may_be_filed_for_a_pole_that_has_ended(office: Desk) -> None:
    """Its record no longer changes, and what arrives late about it has its place."""
    pole = office.pole()
    office.do(MovePole(pole=pole, transition="end", input={"reason": "dissolved"}))

    assert office.do(files(pole, kind="report"))


# --- what becomes of it -------------------------------------------------------------------------


def test_two_distinct_persons_file_and_accept(office: Desk) -> None:
    document = office.do(files(office.pole()))

    with pytest.raises(OwnDocument):
        office.do(AcceptDocument(document=document))
    office.do(AcceptDocument(document=document), by=person(3))

    sheet = document_sheet(office.registry, document, office.moment())
    assert sheet.status is DocumentStatus.ACCEPTED
    assert sheet.filed_by == f"account:{make.ACTOR}"
    assert sheet.accepted_by == f"account:{UUID(int=3)}"


def test_under_a_mandate_it_is_whom_one_acts_for_who_files(office: Desk) -> None:
    """Whoever files for a pole is the same person still: somebody else accepts."""
    pole = office.pole()
    gives = GiveMandate.model_validate(
        {
            "holder": make.ACTOR,
            "principal": f"pole:{pole}",
            "for_role": "coordinator",
            "relation": f"pole:{pole}",
            "occurred_on": "2024-01-01",
        }
    )
    mandate = office.do(gives, by=person(1, Role.POLE_REPRESENTATIVE))
    held = make.by(Role.COORDINATOR).model_copy(update={"on_behalf_of": mandate})

    document = office.do(files(pole), by=held)
    for own in (held, make.by()):
        with pytest.raises(OwnDocument):
            office.do(AcceptDocument(document=document), by=own)
    office.do(AcceptDocument(document=document), by=person(3))

    sheet = document_sheet(office.registry, document, office.moment())
    assert sheet.filed_by == f"pole:{pole}"


def test_only_some_roles_erase(office: Desk) -> None:
    document = office.do(files(office.pole()))

    with pytest.raises(Forbidden, match="protection des données"):
        office.do(erases(document), by=make.by(Role.FUNDER))
    office.do(erases(document), by=make.by(Role.DPO))


def test_erasing_a_message_erases_all_that_is_attached_to_it(office: Desk) -> None:
    data = documents.message(
        ("cr.pdf", PDF), inside=documents.message(("n.png", documents.png()))
    ).as_bytes()
    message = office.do(files(office.pole(), data))
    attached = [document.id for document in recorded(office) if document.id != message]

    with pytest.raises(PartOfAMessage, match=str(message)):
        office.do(erases(attached[0]))
    office.do(erases(message))

    assert len(attached) == 3
    assert all(document.is_erased for document in recorded(office))
    assert list(office.registry.documents.files()) == []
    with pytest.raises(DocumentErased):
        office.do(erases(attached[0]))


def test_why_a_document_was_erased_is_sealed_and_kept(office: Desk) -> None:
    document = office.do(files(office.pole()))

    (event,) = office.done(erases(document)).events

    assert isinstance(event, Document.Erased)
    assert event.meta.ground == "RGPD, article 17"
    assert "Camille" not in event.model_dump_json()
    told = office.registry.unseal(event.motive, event=Document.Erased, field="motive")
    assert told == "à la demande de Camille Martin"


@pytest.mark.parametrize("missing", ["ground", "motive"])
def test_an_erasure_says_on_which_ground_and_why(missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        erases(uuid4(), **{missing: None})


# --- the list -----------------------------------------------------------------------------------


def test_the_list_is_asked_at_a_past_date_on_either_axis(office: Desk) -> None:
    pole = office.pole(on="2020")
    first = office.do(files(pole, received_on="2021-03-01"))
    second = office.do(files(pole, documents.png(), received_on="2022-03-01"))
    office.do(files(pole, documents.gif(), received_on="2022-01-01", expires="2022-12-31"))
    filed = office.size
    office.do(AcceptDocument(document=first), "2021-04-01", by=person(3))
    office.do(SupersedeDocument(document=first, by=second), "2022-03-01")
    office.do(RefuseDocument(document=second, motive="incomplet"), "2022-05-01")
    office.do(erases(second), "2023-02-01")

    def told(on: str, known: int | None = None) -> list[str]:
        return sorted(line.status.value for line in office.lines(DOCUMENTS, on, known))

    assert told("2021-02-28") == []
    assert told("2021-03-31") == ["filed"]
    assert told("2021-04-01") == ["accepted"]
    assert told("2022-02-28") == ["accepted", "filed"]
    assert told("2022-03-01") == ["filed", "filed", "superseded"]
    assert told("2022-05-01") == ["filed", "not_accepted", "superseded"]
    assert told("2023-02-01") == ["erased", "filed", "superseded"]
    assert told("2023-02-01", filed) == ["filed", "filed", "filed"]
    assert told("2023-02-01", 0) == []
    assert office.rebuilt()


def test_what_expired_or_need_no_longer_be_kept_stays_listed_and_says_so(office: Desk) -> None:
    office.do(files(office.pole(on="2020"), received_on="2021-03-01", expires="2021-12-31"))
    office.do(files(None, documents.png(), received_on="2021-03-01"))
    (dated,) = (line for line in office.lines(DOCUMENTS, "2021-03-01") if line.until)
    assert dated.keep_until

    def marks(on: str) -> list[str]:
        return sorted(line.mark for line in office.lines(DOCUMENTS, on))

    assert marks("2021-12-31") == ["", ""]
    assert marks("2022-01-01") == ["", "expiré"]
    after = (dated.keep_until + timedelta(days=1)).isoformat()
    assert "expiré ; durée de conservation terminée" in marks(after)
    assert office.rebuilt()


def test_an_erasure_before_the_end_of_the_retention_is_told_with_its_ground(office: Desk) -> None:
    early = office.do(files(office.pole(on="2020"), received_on="2024-03-01"))
    late = office.do(files(None, documents.png(), received_on="2012-03-01"))

    def of(document: UUID) -> Document.Erased:
        office.do(erases(document))
        (event,) = (
            told.event
            for told in office.registry.history(document)
            if isinstance(told.event, Document.Erased)
        )
        return event

    soon, in_time = of(early), of(late)

    (said,) = doubts_about([soon])
    assert "avant la fin de sa durée de conservation" in said
    assert str(soon.meta.ground) in said
    assert str(soon.meta.ground) in tell(soon)[1]
    assert document_sheet(office.registry, early, office.moment()).erased_on_ground
    assert doubts_about([in_time]) == []


def test_a_line_holds_nothing_personal(office: Desk) -> None:
    name = Personal(text="Camille Martin.pdf")
    office.do(files(office.pole(), file_name=name))

    (line,) = office.lines(DOCUMENTS)

    assert "Camille" not in line.model_dump_json()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["file", "accept", "refuse", "supersede", "erase"]),
        st.integers(0, 5),
        st.dates(date(2021, 1, 1), date(2024, 6, 3)),
    ),
    max_size=12,
)


@settings(max_examples=10, deadline=None)
@given(acts=ACTS, on=st.dates(date(2021, 1, 1), date(2024, 12, 31)))
def test_the_list_is_the_fold_of_each_document(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, date]], on: date
) -> None:
    """At every size of the journal, on any day, for documents whose dates go forward."""
    with desk(tmp_path_factory.mktemp("registry"), publish=True) as office:
        pole = office.pole(on="2020")
        made: list[UUID] = []
        for number, (act, which, day) in enumerate(sorted(acts, key=lambda told: told[2])):
            chosen = made[which % len(made)] if made else None
            other = made[(which + 1) % len(made)] if made else None
            command: Any = {
                "file": lambda n=number: files(pole, PDF + b"%" * n),
                "accept": lambda c=chosen: AcceptDocument(document=c),
                "refuse": lambda c=chosen: RefuseDocument(document=c, motive="incomplet"),
                "supersede": lambda c=chosen, o=other: SupersedeDocument(document=c, by=o),
                "erase": lambda c=chosen: erases(c),
            }
            if act == "file" or chosen:
                try:
                    done = office.do(command[act](), day.isoformat(), by=person(3 + number % 2))
                except JalonError:  # such as documents meet
                    continue
                if act == "file":
                    made.append(done)
        for known in range(office.size + 1):
            lines = {line.id: line.status for line in office.lines(DOCUMENTS, str(on), known)}
            folded = {}
            for id_ in made:
                document = office.registry.load(Document, id_, known)
                status = document.status_on(on) if document else None
                if status:
                    folded[id_] = status
            assert lines == folded
        assert office.rebuilt()


# --- sheets and words ---------------------------------------------------------------------------


def test_a_sheet_tells_what_was_known_and_in_force_then(office: Desk) -> None:
    pole = office.pole(on="2020")
    first = office.do(files(pole, received_on="2021-03-01", expires="2022-12-31"))
    filed = office.size
    second = office.do(files(pole, documents.png()), "2022-01-01")
    office.do(SupersedeDocument(document=first, by=second), "2022-02-01")

    def sheet(on: str, known: int | None = None) -> Any:
        return document_sheet(office.registry, first, office.moment(on, known))

    assert sheet("2021-03-01").status is DocumentStatus.FILED
    assert sheet("2021-03-01").successor is None
    assert sheet("2022-02-01").successor == second
    assert sheet("2022-02-01", filed).status is DocumentStatus.FILED
    assert sheet("2022-12-31").expired is False
    assert sheet("2023-01-01").expired is True
    assert [line.topic for line in sheet("2022-02-01").history] == [
        "document.filed.v1",
        "document.superseded.v1",
    ]
    for on, known in (("2021-02-28", None), ("2024-01-01", filed - 5), ("2024-01-01", 0)):
        with pytest.raises(UnknownDocument):
            sheet(on, known)


def test_only_a_document_has_such_a_sheet(office: Desk) -> None:
    for id_ in (office.pole(), uuid4()):
        with pytest.raises(UnknownDocument):
            document_sheet(office.registry, id_, office.moment())


def test_the_history_of_a_pole_tells_of_its_documents(office: Desk) -> None:
    pole = office.pole()
    document = office.do(files(pole, title="Assemblée de mai"))
    office.do(AcceptDocument(document=document), by=person(3))
    office.do(erases(document))

    told = [line.title for line in pole_history(office.registry, pole, office.moment())]

    assert told[-3:] == ["Document versé", "Document accepté", "Document effacé"]


def test_every_code_has_its_words_and_every_kind_its_usual_keeping() -> None:
    for codes, words in (
        (DocumentKind, KINDS),
        (DocumentChannel, CHANNELS),
        (DocumentStatus, STATUSES),
        (Retention, RETENTIONS),
        (MediaType, FORMATS),
        (DocumentKind, USUAL_RETENTION),
    ):
        assert set(words) == set(codes)


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1 octet"), (999, "999 octets"), (48_200, "48 ko"), (3_240_000, "3,2 Mo")],
)
def test_sizes_are_said_as_people_do(size: int, words: str) -> None:
    assert size_in_words(size) == words


def test_a_date_to_come_is_no_date_of_receipt(office: Desk) -> None:
    with pytest.raises(Exception, match="n'est pas venu"):
        office.do(files(office.pole(), received_on="2024-06-04"))


def test_a_pole_knows_its_pieces_by_their_dates() -> None:
    pole = make.pole()
    with make.on("2023-02"):
        pole.file_evidence(evidence="strategy", title="Stratégie", document=UUID(int=9))

    (piece,) = pole.pieces
    assert (piece.value.document, piece.value.occurred_on) == (UUID(int=9), PartialDate("2023-02"))
    assert isinstance(pole, Pole)
