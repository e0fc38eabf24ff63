"""The formats of documents: those that are taken, what each is called, and its usual endings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Invalid


class MediaType(StrEnum):
    """A format that is recognised by the bytes of a document, as IANA registers it."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    GIF = "image/gif"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    EML = "message/rfc822"


ENDINGS: Mapping[MediaType, tuple[str, ...]] = {
    MediaType.PDF: ("pdf",),
    MediaType.PNG: ("png",),
    MediaType.JPEG: ("jpg", "jpeg"),
    MediaType.GIF: ("gif",),
    MediaType.TIFF: ("tif", "tiff"),
    MediaType.WEBP: ("webp",),
    MediaType.ODT: ("odt",),
    MediaType.ODS: ("ods",),
    MediaType.ODP: ("odp",),
    MediaType.DOCX: ("docx",),
    MediaType.XLSX: ("xlsx",),
    MediaType.PPTX: ("pptx",),
    MediaType.EML: ("eml",),
}
"""How the names of such files end; the first is the one we give."""


NO_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069/\\]")
"""What a name of a file has no use for: folders, lines, reversals of direction."""


class NotAccepted(Invalid):
    """The bytes are of no format that is taken."""

    code = "document.format"
    fr = "{reason} Formats acceptés : PDF, PNG, JPEG, GIF, TIFF, WebP, ODT, ODS, ODP, DOCX, XLSX, "
    fr += "PPTX et EML (message), sans macros."
    en = "{reason} Accepted formats: PDF, PNG, JPEG, GIF, TIFF, WebP, ODT, ODS, ODP, DOCX, XLSX, "
    en += "PPTX and EML (message), without macros."


class TooLarge(Invalid):
    """A document has a largest size."""

    code = "document.too_large"
    fr = "Ce document est trop grand : {megabytes} Mo au plus."
    en = "This document is too large: {megabytes} MB at most."


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attachment of a message: its name, its bytes, and what these are."""

    name: str | None
    data: bytes
    recognised: "MediaFound"


@dataclass(frozen=True, slots=True)
class MediaFound:
    """What the bytes of a document are; of a message, also its attachments."""

    media_type: MediaType
    parts: tuple[Attachment, ...] = ()
    left: int = 0
    """How many attachments are of no accepted format, and stay inside the message only."""


def plain_name(said: str) -> str | None:
    """A name of a file on one line, in no folder; `None` where nothing is left of it."""
    plain = NO_NAME.sub(" ", said.encode("utf-8", "replace").decode()).strip()
    return plain[:200].strip() or None


def ending(media_type: MediaType) -> str:
    """`pdf`: how we end the name of a file of this format."""
    return ENDINGS[media_type][0]


def disagrees(name: str, media_type: MediaType) -> bool:
    """Whether a file is named as another format than its bytes; without ending it is not."""
    _, dot, said = name.rpartition(".")
    return bool(dot) and said.lower() not in ENDINGS[media_type]
