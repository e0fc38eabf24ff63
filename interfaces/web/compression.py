"""Sends less: files, and pages, compressed for whoever brings no secret along."""

from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST = 500
"""Bytes; below them compression gains nothing."""
LEVEL = 6

APART = ("/api/", "/journal/", "/verification/")
"""What programs ask for, byte for byte."""

PACKED = (
    *DEFAULT_EXCLUDED_CONTENT_TYPES,
    *("application/octet-stream", "application/pdf"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
"""What is compressed already, or is given byte for byte."""

_SECRETS = (b"cookie", b"authorization")


class Compression:
    """Compresses what holds no secret of whoever asks for it.

    Where a page holds one and repeats what its address says, the length of the compressed page
    tells the secret, letter by letter (BREACH, CVE-2013-3587). What is asked for with a cookie is
    therefore sent as it is, but for the files that are the same for everybody.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.as_it_is = app
        self.compressed = GZipMiddleware(
            app, minimum_size=SMALLEST, compresslevel=LEVEL, exclude_content_types=PACKED
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        send_by = self.compressed if _is_without_secret(scope) else self.as_it_is
        await send_by(scope, receive, send)


def _is_without_secret(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    path = scope["path"]
    if path.startswith("/static/"):
        return True
    brings = {name for name, _ in scope["headers"]}
    return not path.startswith(APART) and brings.isdisjoint(_SECRETS)
