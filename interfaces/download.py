"""How what a document holds is handed to a browser or a program: a file, never a page of ours."""

from urllib.parse import quote
from uuid import UUID

from fastapi import Response

from domain.media import ending
from interfaces.wiring import Fetched

GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
}
"""What is given is to be kept in a file, and never run or shown in a page of ours."""


def handed_over(document: UUID, found: Fetched) -> Response:
    """The bytes of a document, under the name it was filed with."""
    plain = f"document-{document}.{ending(found.media_type)}"
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    headers = {**GUARDS, "Content-Disposition": named}
    return Response(found.data, media_type=found.media_type.value, headers=headers)
