"""Messages (RFC 5322): their attachments, within bounds that no honest message reaches."""

import re
from collections.abc import Callable, Iterator
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy
from typing import Any

from domain.media import Attachment, MediaFound, MediaType, NotAccepted, plain_name

LARGEST_HEADER = 8_000
"""Characters of a header that says how a part is written; longer ones take minutes to parse."""
MOST_PARTS = 300
MOST_LINES = 600_000
DEEPEST = 16
"""How deep parts may lie in one another; each line is looked at once a level."""
MESSAGES_DEEP = 3
"""How many messages, each inside another, are filed on their own."""
LARGEST_TOTAL = 3
"""All attachments together, in sizes of the message: those of nested messages count twice."""

_HEADER = re.compile(rb"[!-9;-~]{1,60}:[ \t]")
_SENDER = re.compile(rb"^(?:From|Sender|Received|Return-Path)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_OTHER = re.compile(
    rb"^(?:Date|To|Subject|Message-ID|MIME-Version)[ \t]*:", re.IGNORECASE | re.MULTILINE
)


class Immoderate(NotAccepted):
    """A message is made of more than any message needs."""

    code = "document.message"
    fr = "Ce message est fait de plus de parties, de niveaux ou de lignes qu'aucun message."
    en = "This message is made of more parts, levels or lines than any message."


class Unreadable(NotAccepted):
    """A message cannot be taken apart."""

    code = "document.message"
    fr = "Ce message est mal formé : ses parties ne peuvent pas être lues."
    en = "This message is malformed: its parts cannot be read."


AS_WRITTEN = EmailPolicy(refold_source="none", linesep="\r\n")


def looks_like_a_message(data: bytes) -> bool:
    """Whether bytes begin as a message does: headers, with a sender and something else said."""
    if not _HEADER.match(data):
        return False
    headers = re.split(rb"\r?\n\r?\n", data[:100_000], maxsplit=1)[0]
    return bool(_SENDER.search(headers) and _OTHER.search(headers))


def read_message(
    data: bytes, recognise: Callable[[bytes], MediaFound], depth: int = 1
) -> MediaFound:
    """A message and its attachments; those that are of no accepted format are only counted."""
    room = LARGEST_TOTAL * len(data)
    parts: list[Attachment] = []
    left = 0
    try:
        for name, content in _attachments(_parsed(data)):
            part = _part(name, content, recognise, depth)
            if part is None:
                left += 1
                continue
            parts.append(part)
            room -= weight(part)
            if room < 0:
                raise Immoderate
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        raise Unreadable from None  # the parser has no other way of saying so
    return MediaFound(MediaType.EML, tuple(parts), left)


def weight(part: Attachment) -> int:
    """The bytes of an attachment, and of what is attached to it."""
    return len(part.data) + sum(weight(inner) for inner in part.recognised.parts)


def _part(
    name: str | None, data: bytes | None, recognise: Callable[[bytes], MediaFound], depth: int
) -> Attachment | None:
    if not data:
        return None
    try:
        if looks_like_a_message(data):
            found = read_message(data, recognise, depth + 1) if depth < MESSAGES_DEEP else None
        else:
            found = recognise(data)
    except Immoderate:
        raise
    except NotAccepted:
        return None
    return Attachment(name, data, found) if found else None


class _Policy(EmailPolicy):
    """The default policy, which will not read a header without end."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        about_content = sourcelines[0][:8].lower() == "content-"
        if about_content and sum(map(len, sourcelines)) > LARGEST_HEADER:
            raise Immoderate
        return super().header_source_parse(sourcelines)


class _Bounded(EmailMessage):
    """A message or a part that knows how deep it lies."""

    depth = 0

    def attach(self, payload: Any) -> None:
        payload.depth = self.depth + 1
        if payload.depth > DEEPEST:
            raise Immoderate
        super().attach(payload)


def _parsed(data: bytes) -> Message:
    if data.count(b"\n") + data.count(b"\r") > 2 * MOST_LINES:
        raise Immoderate
    made = 0

    def part(policy: Any = None) -> _Bounded:
        nonlocal made
        made += 1
        if made > MOST_PARTS:
            raise Immoderate
        return _Bounded(policy=policy)

    return BytesParser(policy=_Policy(message_factory=part)).parsebytes(data)


def _attachments(message: Message) -> Iterator[tuple[str | None, bytes | None]]:
    """Each attachment with its name; what is only shown in the text is not one."""
    if message.get_content_type() == "message/rfc822":
        inner = _inside(message)
        yield _name(message), _bytes_of(inner[0]) if inner else None
    elif message.is_multipart():
        for part in _inside(message):
            yield from _attachments(part)
    elif _is_attached(message):
        content = message.get_payload(decode=True)
        yield _name(message), content if isinstance(content, bytes) else None


def _inside(message: Message) -> list[Message]:
    inside = message.get_payload()
    return (
        [part for part in inside if isinstance(part, Message)] if isinstance(inside, list) else []
    )


def _is_attached(part: Message) -> bool:
    disposition = part.get_content_disposition()
    shown = part["Content-ID"] is not None and disposition != "attachment"
    return disposition == "attachment" or (part.get_filename() is not None and not shown)


def _name(part: Message) -> str | None:
    """The name that a part gives itself, on one line and in no folder."""
    said = part.get_filename()
    return plain_name(said) if isinstance(said, str) else None


def _bytes_of(message: Message) -> bytes:
    """A nested message, as it was written where that can be told."""
    return message.as_bytes(policy=AS_WRITTEN)
