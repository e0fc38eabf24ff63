"""A letter: composed in French from a text, whose first line is its subject."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.message import MessageKind

TEXTS = Path(__file__).parent / "texts"

_ENV = Environment(  # noqa: S701  # plain text, never HTML
    loader=FileSystemLoader(TEXTS), undefined=StrictUndefined, keep_trailing_newline=True
)


def compose(
    kind: MessageKind, *, sender: str, to: str, at: datetime, facts: dict[str, str]
) -> EmailMessage:
    """A letter of a kind, ready to be sent.

    Args:
        facts: what its text names; one that is missing is a fault of ours.
    """
    subject, _, text = _ENV.get_template(f"{kind}.txt").render(facts).partition("\n")
    letter = EmailMessage()
    letter["From"] = Address("Registre des PTCE", addr_spec=sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is answered to it
    letter.set_content(text.lstrip("\n"))
    return letter
