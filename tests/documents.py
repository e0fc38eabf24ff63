"""Tiny real files of every format that is taken, and of some that are not."""

import struct
import zipfile
import zlib
from base64 import b64encode
from email.message import EmailMessage
from io import BytesIO

from domain.media import MediaType

MAINS = {
    MediaType.DOCX: ("word/document.xml", "wordprocessingml.document"),
    MediaType.XLSX: ("xl/workbook.xml", "spreadsheetml.sheet"),
    MediaType.PPTX: ("ppt/presentation.xml", "presentationml.presentation"),
}


def pdf(text: str = "Bonjour") -> bytes:
    """One page with a line of text, with the offsets that a reader checks."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return made + (
        b"xref\n0 6\n0000000000 65535 f \n%s"
        b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(made))
    )


def png() -> bytes:
    """One red dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        )

    header = chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 2, 0, 0, 0))
    dot = chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + header + dot + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """The frame of an image: its markers, and next to nothing between them."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


def gif() -> bytes:
    """One dot."""
    return (
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00"
        b"!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )


def tiff(order: str = "<") -> bytes:
    """One dot, in either order of bytes."""
    tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (278, 1), (279, 1)]
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HL", 42, 10) + b"\x00\x00"
    entries = b"".join(struct.pack(f"{order}HHLHxx", tag, 3, 1, value) for tag, value in tags)
    return head + struct.pack(f"{order}H", len(tags)) + entries + b"\x00" * 4


def webp() -> bytes:
    """One dot without loss."""
    image = b"\x2f\x00\x00\x00\x00\x07\x50\xfb\xff\x00"
    content = b"WEBPVP8L" + struct.pack("<L", len(image)) + image
    return b"RIFF" + struct.pack("<L", len(content)) + content


def archive(*entries: tuple[str, bytes], stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """A ZIP of some entries, in their order."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in entries:
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            target.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, how)
    return made.getvalue()


def open_document(media_type: MediaType, *more: tuple[str, bytes]) -> bytes:
    """An empty ODT, ODS or ODP."""
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest='
        '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/>'
        "</manifest:manifest>"
    )
    content = (
        '<?xml version="1.0"?><office:document-content office:version="1.3" xmlns:office='
        '"urn:oasis:names:tc:opendocument:xmlns:office:1.0"><office:body/></office:document-content>'
    )
    return archive(
        ("mimetype", media_type.value.encode()),
        ("content.xml", content.encode()),
        ("META-INF/manifest.xml", manifest.encode()),
        *more,
    )


def content_types(*said: tuple[str, str]) -> bytes:
    """The list by which an Office Open XML file says what its parts are."""
    parts = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in said)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns='
        '"http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{parts}</Types>"
    ).encode()


def office(media_type: MediaType, *more: tuple[str, bytes]) -> bytes:
    """An empty DOCX, XLSX or PPTX."""
    part, kind = MAINS[media_type]
    said = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    relation = (
        '<?xml version="1.0"?><Relationships xmlns='
        '"http://schemas.openxmlformats.org/package/2006/relationships"/>'
    )
    return archive(
        ("[Content_Types].xml", content_types((part, said))),
        ("_rels/.rels", relation.encode()),
        (part, b"<x/>"),
        *more,
    )


def message(
    *attached: tuple[str, bytes], subject: str = "Pièces", inside: EmailMessage | None = None
) -> EmailMessage:
    """A letter by e-mail with some files, and perhaps another message inside."""
    made = EmailMessage()
    made["From"] = "pole@exemple.invalid"
    made["To"] = "registre@exemple.invalid"
    made["Date"] = "Mon, 03 Jun 2024 10:00:00 +0200"
    made["Subject"] = subject
    made.set_content("Bonjour,\nvoici les pièces demandées.\n")
    for name, data in attached:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    if inside is not None:
        made.add_attachment(inside)
    return made


def eml(*attached: tuple[str, bytes]) -> bytes:
    return message(*attached).as_bytes()


def every_format() -> dict[MediaType, bytes]:
    """A tiny file of each."""
    return {
        MediaType.PDF: pdf(),
        MediaType.PNG: png(),
        MediaType.JPEG: jpeg(),
        MediaType.GIF: gif(),
        MediaType.TIFF: tiff(),
        MediaType.WEBP: webp(),
        **{kind: open_document(kind) for kind in (MediaType.ODT, MediaType.ODS, MediaType.ODP)},
        **{kind: office(kind) for kind in (MediaType.DOCX, MediaType.XLSX, MediaType.PPTX)},
        MediaType.EML: eml(),
    }


def base64(data: bytes) -> str:
    return b64encode(data).decode()
