"""Asking a server of somebody else, who may be silent, slow or wrong: never for long."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import Timer
from time import monotonic
from urllib.parse import urlsplit

LARGEST_ANSWER = 1_000_000
"""Bytes that are read of an answer."""


class NoAnswer(Exception):
    """Nothing that can be read came in time; `str` says why, for a technical log."""


@dataclass(frozen=True, slots=True)
class OutsideAnswer:
    """What a server answered."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class TimeAuthority:
    """Whom to ask for time-stamps, and the certificates by which its answers are checked."""

    url: str
    certificates: Path


def is_address(text: str) -> bool:
    """Whether a text is an address that can be asked: `http://…` or `https://…`."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def post(url: str, body: bytes, content_type: str, until: float) -> OutsideAnswer:
    """Send a request; whatever the server does, it is over at an instant of `monotonic`."""
    return _asked(
        url, until, lambda asking, path: asking.request("POST", path, body, _sent(content_type))
    )


def get(url: str, until: float) -> OutsideAnswer:
    """Ask for what lies at an address."""
    return _asked(url, until, lambda asking, path: asking.request("GET", path))


def _sent(content_type: str) -> dict[str, str]:
    return {"content-type": content_type}


def _asked(url: str, until: float, ask: Callable[[HTTPConnection, str], None]) -> OutsideAnswer:
    parts = urlsplit(url)
    left = until - monotonic()
    if left <= 0 or parts.hostname is None:
        raise NoAnswer(f"{url}: no time left")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    asking = kind(parts.hostname, parts.port, timeout=left)
    # A timeout counts from each byte to the next: only this ends what sends one now and then.
    watch = Timer(left, _hang_up, [asking])
    try:
        watch.start()
        asking.connect()
        ask(asking, parts.path + (f"?{parts.query}" if parts.query else "") or "/")
        answer = asking.getresponse()
        body = answer.read(LARGEST_ANSWER + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise NoAnswer(f"{url}: {error!r}") from None
    finally:
        watch.cancel()
        asking.close()
    if len(body) > LARGEST_ANSWER or monotonic() >= until:
        raise NoAnswer(f"{url}: too long")
    return OutsideAnswer(answer.status, answer.headers.get("content-type", ""), body)


def _hang_up(asking: HTTPConnection) -> None:
    if asking.sock is not None:
        try:
            asking.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is over already
