"""What the bytes of a document are: told from the bytes, never from a name."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from domain.media import MediaFound, MediaType, NotAccepted
from infrastructure.messages import looks_like_a_message, read_message

SIGNATURES: tuple[tuple[re.Pattern[bytes], MediaType], ...] = (
    (re.compile(rb"%PDF-\d\.\d"), MediaType.PDF),
    (re.compile(rb"\x89PNG\r\n\x1a\n.{4}IHDR", re.DOTALL), MediaType.PNG),
    (re.compile(rb"\xff\xd8\xff[\xc0-\xfe]"), MediaType.JPEG),
    (re.compile(rb"GIF8[79]a"), MediaType.GIF),
    (re.compile(rb"II\*\x00|MM\x00\*"), MediaType.TIFF),
    (re.compile(rb"RIFF.{4}WEBPVP8[ LX]", re.DOTALL), MediaType.WEBP),
)

OPEN_DOCUMENT = {kind.value: kind for kind in (MediaType.ODT, MediaType.ODS, MediaType.ODP)}
MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": (
        MediaType.DOCX
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": MediaType.XLSX,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": (
        MediaType.PPTX
    ),
}
"""The content type of the main part, which says what an Office Open XML file is (ECMA-376-2)."""

LARGEST_DIRECTORY = 2_000_000
"""Bytes of the table of an archive: some ten thousand entries, far more than an office file has."""
LARGEST_TYPES = 1_000_000
"""Bytes of the list of content types, once decompressed: nothing else is."""
END = b"PK\x05\x06"
LONG_END = b"PK\x06\x07"

EMPTY = ("Ce fichier est vide.", "This file is empty.")
UNKNOWN = ("Ce fichier n'est d'aucun format accepté.", "This file is of no accepted format.")
MACROS = (
    "Ce fichier contient des macros : enregistrez-le sans elles.",
    "This file holds macros: save it without them.",
)
DAMAGED = (
    "Cette archive est endommagée ou démesurée.",
    "This archive is damaged or out of proportion.",
)


class Unrecognised(NotAccepted):
    """What is wrong with the bytes, in each language."""

    def __init__(self, said: tuple[str, str]) -> None:
        self._said = said
        super().__init__(reason=said[0])

    def say(self, language: str) -> str:
        english = language == "en"
        return (self.en if english else self.fr).format(reason=self._said[english])


def recognise(data: bytes) -> MediaFound:
    """What some bytes are, with the attachments of a message; other formats are refused.

    Nothing is decompressed but one small part of an office file, up to a limit.
    """
    if not data:
        raise Unrecognised(EMPTY)
    for signature, media_type in SIGNATURES:
        if signature.match(data):
            return MediaFound(media_type)
    if data.startswith(b"PK\x03\x04"):
        return MediaFound(_of_archive(data))
    if looks_like_a_message(data):
        return read_message(data, recognise)
    raise Unrecognised(UNKNOWN)


def _of_archive(data: bytes) -> MediaType:
    _check_directory(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _of_entries(archive)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError):
        raise Unrecognised(DAMAGED) from None
    except (RuntimeError, struct.error, LookupError):  # encrypted entries; fields cut short
        raise Unrecognised(DAMAGED) from None


def _check_directory(data: bytes) -> None:
    """Refuse an archive whose table is too large to be an office file's, before it is read."""
    at = data.rfind(END, -66_000)
    if at < 0 or len(data) < at + 22 or data[max(0, at - 20) : at].startswith(LONG_END):
        raise Unrecognised(DAMAGED)
    (size,) = struct.unpack_from("<L", data, at + 12)
    if size > LARGEST_DIRECTORY:
        raise Unrecognised(DAMAGED)


def _of_entries(archive: zipfile.ZipFile) -> MediaType:
    names = archive.namelist()
    if names and names[0] == "mimetype":
        found = OPEN_DOCUMENT.get(_read(archive, "mimetype", 200).decode("ascii", "replace"))
        macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
    elif "[Content_Types].xml" in names:
        found, macros = _of_types(_read(archive, "[Content_Types].xml", LARGEST_TYPES))
        macros = macros or any(name.lower().endswith("vbaproject.bin") for name in names)
    else:
        found, macros = None, False
    if macros:
        raise Unrecognised(MACROS)
    if found is None:
        raise Unrecognised(UNKNOWN)
    return found


def _read(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as part:
        content = part.read(limit + 1)
    if len(content) > limit:
        raise Unrecognised(DAMAGED)
    return content


def _of_types(content: bytes) -> tuple[MediaType | None, bool]:
    """What the list of content types says, and whether it speaks of macros."""
    try:
        types = {part.get("ContentType", "") for part in fromstring(content)}
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Unrecognised(DAMAGED) from None
    macros = any("macroenabled" in said.lower() or "vbaproject" in said.lower() for said in types)
    found = [MAIN_PARTS[said] for said in types if said in MAIN_PARTS]
    return (found[0] if len(found) == 1 else None), macros
