"""What bytes are: told from the bytes; messages taken apart within bounds; the rest refused."""

import resource
import subprocess
import sys
import zipfile
from contextlib import suppress
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.media import Attachment, MediaFound, MediaType, NotAccepted
from infrastructure.formats import recognise
from infrastructure.messages import DEEPEST, MOST_PARTS, Immoderate, Unreadable
from tests import documents
from tests.examples import settings

EVERY = documents.every_format()
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"


def refused(data: bytes) -> str:
    with pytest.raises(NotAccepted) as found:
        recognise(data)
    for language in ("fr", "en"):
        assert "\n" not in found.value.say(language)
        if not isinstance(found.value, Immoderate | Unreadable):
            assert "PDF" in found.value.say(language), "what is accepted is named"
    return str(found.value)


@pytest.mark.parametrize("media_type", MediaType)
def test_every_format_is_told_from_its_bytes(media_type: MediaType) -> None:
    assert recognise(EVERY[media_type]) == MediaFound(media_type)


def test_either_order_of_bytes_is_a_tiff() -> None:
    assert recognise(documents.tiff(">")).media_type is MediaType.TIFF


@pytest.mark.parametrize("media_type", MediaType)
def test_a_file_cut_short_is_never_taken_for_another(media_type: MediaType) -> None:
    data = EVERY[media_type]

    for size in range(len(data)):
        try:
            found = recognise(data[:size]).media_type
        except NotAccepted:
            continue
        assert found is media_type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><script>alert(1)</script></html>",
        b"MZ\x90\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"%!PS-Adobe-3.0",
        b"\n%PDF-1.4",
        b"BM\x00\x00",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"From camille Mon Jun  3 10:00:00 2024\nSubject: mbox\n\nx",
        b"Subject: seul\n\nx",
        b"key: value\nother: value\n\nx",
        b"PK\x05\x06" + bytes(18),
        b"PK\x03\x04" + bytes(200),
        b"\x00" * 100_000,
    ],
    ids=lambda data: ascii(data[:12]),
)
def test_anything_else_is_refused_and_what_is_accepted_is_named(data: bytes) -> None:
    refused(data)


@settings(max_examples=300)
@given(start=st.sampled_from([b"", *(data[:30] for data in EVERY.values())]), rest=st.binary())
def test_no_bytes_are_a_fault_of_the_program(start: bytes, rest: bytes) -> None:
    try:
        assert isinstance(recognise(start + rest), MediaFound)
    except NotAccepted as refusal:
        refusal.say("en")


@settings(max_examples=100)
@given(kind=st.sampled_from(sorted(EVERY)), at=st.integers(0, 10**6), byte=st.integers(0, 255))
def test_a_spoilt_byte_is_not_a_fault_of_the_program(kind: MediaType, at: int, byte: int) -> None:
    data = bytearray(EVERY[kind])
    data[at % len(data)] = byte
    with suppress(NotAccepted):
        recognise(bytes(data))


# --- archives -----------------------------------------------------------------------------------


def types(*said: tuple[str, str]) -> tuple[str, bytes]:
    return "[Content_Types].xml", documents.content_types(*said)


@pytest.mark.parametrize(
    "data",
    [
        documents.archive(types(("word/document.xml", MACRO))),
        documents.office(MediaType.DOCX, ("word/vbaProject.bin", b"x")),
        documents.office(MediaType.XLSX, ("xl/VBAPROJECT.BIN", b"x")),
        documents.open_document(MediaType.ODT, ("Basic/Standard/Module1.xml", b"<x/>")),
        documents.open_document(MediaType.ODS, ("Scripts/python/run.py", b"")),
    ],
)
def test_macros_are_refused(data: bytes) -> None:
    assert "macros" in refused(data).split(".")[0]


@pytest.mark.parametrize(
    "data",
    [
        documents.archive(("notes.txt", b"x")),
        documents.archive(("mimetype", b"application/epub+zip")),
        documents.archive(("mimetype", b"application/vnd.oasis.opendocument.text-template")),
        documents.archive(types()),
        documents.archive(("[Content_Types].xml", b"<Types")),
        documents.archive(("[Content_Types].xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><T>&a;</T>")),
        documents.archive(("[Content_Types].xml", b"<Types>" + b"<a/>" * 400_000 + b"</Types>")),
        documents.archive(("mimetype", b"x" * 10_000_000)),
    ],
)
def test_another_archive_is_refused(data: bytes) -> None:
    refused(data)


def test_a_zip_bomb_is_told_from_its_table_and_not_decompressed() -> None:
    """Three hundred megabytes of zeros beside what says the format: nobody looks at it."""
    made = BytesIO(documents.office(MediaType.DOCX))
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as target,
        target.open("word/media/bomb.png", "w") as entry,
    ):
        for _ in range(300):
            entry.write(bytes(1_000_000))

    assert recognise(made.getvalue()).media_type is MediaType.DOCX


def test_an_archive_with_an_endless_table_is_refused_before_it_is_read() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for number in range(20_000):
            target.writestr(f"{number:>060}", b"")

    assert "démesurée" in refused(made.getvalue())


# --- messages -----------------------------------------------------------------------------------


def parts(data: bytes) -> list[tuple[str | None, MediaType]]:
    return [(part.name, part.recognised.media_type) for part in recognise(data).parts]


def test_the_attachments_of_a_message_are_given_with_their_names() -> None:
    pdf, odt = EVERY[MediaType.PDF], EVERY[MediaType.ODT]
    data = documents.eml(("Compte rendu d'été.pdf", pdf), ("annexe.odt", odt), ("virus.exe", b"MZ"))

    found = recognise(data)

    assert found.media_type is MediaType.EML
    assert [(part.name, part.data) for part in found.parts] == [
        ("Compte rendu d'été.pdf", pdf),
        ("annexe.odt", odt),
    ]
    assert found.left == 1


def test_a_message_inside_a_message_is_taken_apart_too() -> None:
    inner = documents.message(("strategie.pdf", EVERY[MediaType.PDF]), subject="Transmis")
    data = documents.message(("note.png", EVERY[MediaType.PNG]), inside=inner).as_bytes()

    found = recognise(data)

    assert [part.recognised.media_type for part in found.parts] == [MediaType.PNG, MediaType.EML]
    (nested,) = found.parts[1].recognised.parts
    assert (nested.name, nested.data) == ("strategie.pdf", EVERY[MediaType.PDF])


def test_messages_are_filed_on_their_own_down_to_the_third() -> None:
    made = documents.message(("fond.pdf", EVERY[MediaType.PDF]))
    for _ in range(4):
        made = documents.message(inside=made)

    def deep(part: MediaFound) -> int:
        return 1 + max((deep(inner.recognised) for inner in part.parts), default=0)

    found = recognise(made.as_bytes())
    assert deep(found) == 3


def test_what_is_only_shown_in_the_text_is_no_attachment() -> None:
    made = EmailMessage()
    made["From"], made["Date"] = "a@exemple.invalid", "Mon, 03 Jun 2024 10:00:00 +0200"
    made.set_content("texte")
    made.add_alternative("<img src='cid:logo'>", subtype="html")
    shown: Any = {"cid": "<logo>", "disposition": "inline", "filename": "logo.png"}
    html = list(made.iter_parts())[1]
    html.add_related(EVERY[MediaType.PNG], "image", "png", **shown)
    made.add_attachment(
        EVERY[MediaType.PDF], "application", "pdf", disposition="inline", filename="piece.pdf"
    )

    assert parts(made.as_bytes()) == [("piece.pdf", MediaType.PDF)]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (b'attachment; filename="../../etc/passwd.pdf"', ".. .. etc passwd.pdf"),
        (b'attachment; filename="a\\\\b.pdf"', "a b.pdf"),
        (b"attachment; filename*=UTF-8''%E2%80%AEfdp.exe", "fdp.exe"),
        (b'attachment; filename="' + b"x" * 3000 + b'"', "x" * 200),
        (b"attachment", None),
    ],
)
def test_a_name_is_one_line_in_no_folder(header: bytes, name: str | None) -> None:
    data = (
        b"From: a@exemple.invalid\r\nDate: Mon, 03 Jun 2024 10:00:00 +0200\r\n"
        b"Content-Type: application/pdf\r\nContent-Disposition: " + header + b"\r\n\r\n%PDF-1.4 x"
    )

    assert parts(data) == [(name, MediaType.PDF)]


def test_attachments_at_the_bound_are_taken_and_beyond_it_the_message_is_refused() -> None:
    pdf = b"%PDF-1.4 x"

    assert len(recognise(documents.eml(*[("a.pdf", pdf)] * (MOST_PARTS - 2))).parts) == 298
    assert "plus de parties" in refused(documents.eml(*[("a.pdf", pdf)] * (MOST_PARTS - 1)))


HEAD = b"From: a@exemple.invalid\r\nTo: b@exemple.invalid\r\nMIME-Version: 1.0\r\n"


def nested(depth: int) -> bytes:
    """Multiparts in multiparts."""
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return HEAD + opened + b"Content-Type: text/plain\r\n\r\nfond\r\n"


HOSTILE = {
    "depth": nested(5_000),
    "moderate depth": nested(DEEPEST + 5),
    "parts": HEAD
    + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    + b"--b\r\n\r\nx\r\n" * 400_000,
    "digest": HEAD
    + b'Content-Type: multipart/digest; boundary="b"\r\n\r\n'
    + b"--b\r\n\r\nFrom: x\r\n\r\ny\r\n" * 200_000,
    "lines": HEAD + b"\r\n" + b"\n" * 15_000_000,
    "header": HEAD + b"Content-Type: " + b"(" * 3_000_000 + b"\r\n\r\nx",
    "comments": HEAD + b"Content-Type: " + b"(" * 7_000 + b"\r\n\r\nx",
    "parameters": HEAD + b"Content-Type: text/plain" + b"; a*0*=''x" * 700 + b"\r\n\r\nx",
    "boundary": HEAD + b'Content-Type: multipart/mixed; boundary="' + b"b" * 7_000 + b'"\r\n\r\nx',
    "charset": HEAD + b"Content-Type: text/plain; charset=\xff\xfe-nonsense\r\n\r\n\xff\xfe",
    "encoding": HEAD
    + b"Content-Disposition: attachment; filename=a.pdf\r\n"
    + b"Content-Transfer-Encoding: base64\r\n\r\n"
    + b"=?=" * 100_000,
    "uuencode": HEAD
    + b"Content-Disposition: attachment; filename=a.pdf\r\n"
    + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n"
    + b"zzzz\r\n" * 10_000,
    "no boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\n--\r\n\r\nx",
    "rfc822 of nothing": HEAD + b"Content-Type: message/rfc822\r\n\r\n",
    "partial": HEAD + b"Content-Type: message/partial; id=x; number=1\r\n\r\nx",
    "headers": HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(150_000)) + b"\r\nx",
}

PROGRAM = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
from domain.media import NotAccepted
from infrastructure.formats import recognise
try:
    found = recognise(sys.stdin.buffer.read())
    print(found.media_type.name, len(found.parts), found.left)
except NotAccepted as refusal:
    print(refusal)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_costs_little_and_is_said_in_a_sentence(name: str) -> None:
    """In a child of its own, which is killed beyond 30 seconds of work or 1.5 GB of addresses."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=HOSTILE[name], capture_output=True, check=False
    )
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

    assert done.returncode == 0, done.stderr.decode()[-2000:]
    said = done.stdout.decode().strip()
    assert said.startswith("EML ") or "Formats acceptés" in said or "message" in said
    assert spent < 20


def test_the_weight_of_attachments_is_bounded() -> None:
    """Each message inside another is counted again: what they come to is kept in proportion."""
    made = documents.message(("gros.pdf", b"%PDF-1.4 " + bytes(50_000)))
    for _ in range(3):
        made = documents.message(inside=made)
    data = made.as_bytes()

    def weight(parts_: tuple[Attachment, ...]) -> int:
        return sum(len(part.data) + weight(part.recognised.parts) for part in parts_)

    assert weight(recognise(data).parts) < 3 * len(data)
