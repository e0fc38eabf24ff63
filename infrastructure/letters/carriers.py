"""Who carries letters: a mail server, or a folder in which they wait for whoever carries them."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from application.sentences import of_system
from domain.errors import Invalid, Unavailable

log = logging.getLogger("jalon")

PATIENCE = 15
"""Seconds that a mail server is given for each answer."""


REFUSES = "le serveur de courriel ne répond pas, ou refuse"


class NotAMailServer(Invalid):
    """A setting names no mail server."""

    code = "settings.smtp"
    fr = (
        "JALON_SMTP : écrivez « smtp://utilisateur:motdepasse@serveur:587 » (chiffré par STARTTLS) "
        "ou « smtps://… » ; vide, les messages vont dans un répertoire."
    )
    en = (
        "JALON_SMTP: write “smtp://user:password@server:587” (encrypted by STARTTLS) or "
        "“smtps://…”; empty, messages go to a folder."
    )


class NotCarried(Unavailable):
    """A letter could not be handed over now; it may be later."""

    code = "message.not_carried"
    fr = (
        "Le message n'a pas pu partir : {reason}. Recommencez plus tard, ou remettez le lien "
        "vous-même."
    )
    en = "The message could not leave: {reason}. Try again later, or hand over the link yourself."


class NoSuchMailbox(Exception):
    """The mail server says that there is no such mailbox."""


class LetterCarrier(Protocol):
    """Takes a letter; refuses it where it cannot now, or where nobody has that address."""

    def carry(self, letter: EmailMessage) -> None: ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """A folder of files, one a letter (RFC 5322), readable by their owner alone."""

    folder: Path

    def carry(self, letter: EmailMessage) -> None:
        """Lay a letter down, whole or not at all."""
        file = self.folder / f"{uuid4().hex}.eml"
        under_way = file.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            under_way.touch(mode=0o600)
            under_way.write_bytes(letter.as_bytes())
            under_way.rename(file)
        except OSError as error:
            raise NotCarried(reason=of_system(error)) from None


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes letters (RFC 5321), over TLS unless it is this machine."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    implicit_tls: bool = False

    @classmethod
    def at(cls, address: str) -> "MailServer":
        """The server of an address, as settings write it."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError:
            raise NotAMailServer from None
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/"):
            raise NotAMailServer
        is_implicit = parts.scheme == "smtps"
        return cls(
            parts.hostname,
            port or (465 if is_implicit else 587),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            is_implicit,
        )

    @property
    def _is_here(self) -> bool:
        return self.host in ("localhost", "127.0.0.1", "::1")

    def carry(self, letter: EmailMessage) -> None:
        """Hand a letter over; refused where the server cannot take it now."""
        try:
            with self._connected() as server:
                if not self.implicit_tls and not self._is_here:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = {code for code, _ in refused.recipients.values()}
            if all(500 <= code < 600 for code in codes):
                raise NoSuchMailbox from None
            log.warning("the mail server puts a letter off: %s", codes)
            raise NotCarried(reason=REFUSES) from None
        except (OSError, smtplib.SMTPException) as error:
            log.warning("the mail server: %s", type(error).__name__)
            raise NotCarried(reason=REFUSES) from None

    def _connected(self) -> smtplib.SMTP:
        kind: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL if self.implicit_tls else smtplib.SMTP
        return kind(self.host, self.port, timeout=PATIENCE)
