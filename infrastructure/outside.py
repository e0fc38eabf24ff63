"""Asking a server of somebody else, who may be silent, slow or wrong: never for long."""

import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import ExitStack
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


NOTHING: Mapping[str, str] = {}


def is_address(text: str) -> bool:
    """Whether a text is an address that can be asked: `http://…` or `https://…`."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def post(
    url: str,
    body: bytes,
    content_type: str,
    until: float,
    *,
    headers: Mapping[str, str] = NOTHING,
) -> OutsideAnswer:
    """Send a request; whatever the server does, it is over at an instant of `monotonic`."""
    sent = {"content-type": content_type, **headers}
    return _asked(url, until, lambda asking, path: asking.request("POST", path, body, sent))


def get(url: str, until: float, *, headers: Mapping[str, str] = NOTHING) -> OutsideAnswer:
    """Ask for what lies at an address; nobody is followed elsewhere."""
    return _asked(url, until, lambda asking, path: asking.request("GET", path, headers=headers))


def _asked(url: str, until: float, ask: Callable[[HTTPConnection, str], None]) -> OutsideAnswer:
    parts = urlsplit(url)
    left = until - monotonic()
    if left <= 0 or parts.hostname is None:
        raise NoAnswer(f"{url}: no time left")
    is_https = parts.scheme == "https"
    kind = HTTPSConnection if is_https else HTTPConnection
    asking = kind(parts.hostname, parts.port, timeout=left)
    with ExitStack() as over:
        over.callback(asking.close)
        try:
            line = socket.create_connection((parts.hostname, asking.port), left)
            # A timeout counts from each byte to the next: only this ends what sends one now and
            # then. `asking` lets go of its socket when an answer begins, hence one of its own.
            wire = over.enter_context(line.dup())
            watch = Timer(max(0.0, until - monotonic()), _hang_up, [wire])
            over.callback(watch.cancel)
            watch.start()
            asking.sock = _encrypted(line, parts.hostname) if is_https else line
            ask(asking, parts.path + (f"?{parts.query}" if parts.query else "") or "/")
            answer = asking.getresponse()
            body = answer.read(LARGEST_ANSWER + 1)
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(f"{url}: {error!r}") from None
    if len(body) > LARGEST_ANSWER or monotonic() >= until:
        raise NoAnswer(f"{url}: too long")
    return OutsideAnswer(answer.status, answer.headers.get("content-type", ""), body)


def _encrypted(line: socket.socket, host: str) -> ssl.SSLSocket:
    """The same line, after the server has shown that it is the one of that name."""
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=host)
    except BaseException:
        line.close()
        raise


def _hang_up(wire: socket.socket) -> None:
    try:
        wire.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is over already
