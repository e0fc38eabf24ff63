"""Letters: taken by a real mail server or laid down in a folder, noted without what they say."""

import socket
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from application.account import OpenAccount
from domain.message import Message, MessageKind
from domain.provenance import AccountId
from domain.roles import Role
from infrastructure.letters.carriers import MailServer, NotAMailServer, NotCarried
from infrastructure.settings import NotASender
from interfaces.wiring import Product, Settings
from tests.mail_server import Mailbox, mail_server
from tests.make import begin

LINK = "https://registre.exemple.fr/invitation/Un-Secret"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[str]:
    with mail_server(mailbox) as address:
        yield address


def product_at(home: Path, smtp: str = "") -> Product:
    settings = Settings(home=home, database="", smtp=smtp, sender="registre@exemple.fr")
    begin(settings)
    return Product(settings)


def opened(product: Product) -> AccountId:
    said = {"name": "Zoé Éloïse Fictive", "address": "zoe@exemple.fr"}
    command = OpenAccount.model_validate(said)
    return AccountId(product.do(command, product.operator(Role.ADMINISTRATOR)).answer)


def told(product: Product) -> list[str]:
    kinds = (Message.Sent, Message.Bounced)
    return [one.event.TOPIC for one in product.registry.told(*kinds)]


def test_a_mail_server_takes_a_letter(tmp_path: Path, server: str, mailbox: Mailbox) -> None:
    with closing(product_at(tmp_path, server)) as product:
        assert product.post.write(opened(product), MessageKind.INVITATION, link=LINK)
        (letter,) = mailbox.letters
        assert letter["To"] == "zoe@exemple.fr"
        assert "registre@exemple.fr" in letter["From"]
        assert letter["Subject"] == (
            "Votre compte au registre des pôles territoriaux de coopération économique"
        )
        assert letter["Auto-Submitted"] == "auto-generated"
        text = letter.get_content()
        assert "Bonjour Zoé Éloïse Fictive," in text
        assert LINK in text
        assert told(product) == ["message.sent.v1"]


def test_what_is_noted_says_neither_to_whom_nor_what(tmp_path: Path, server: str) -> None:
    with closing(product_at(tmp_path, server)) as product:
        product.post.write(opened(product), MessageKind.RESET, link=LINK)
        stored = b"".join(row.state for row in product.journal.rows(0, 10_000))
        for word in (b"zoe@", "Éloïse".encode(), b"Un-Secret"):
            assert word not in stored
    assert not (tmp_path / "outbox").exists()


def test_where_nobody_has_that_address_it_is_noted_as_come_back(
    tmp_path: Path, server: str, mailbox: Mailbox
) -> None:
    mailbox.answer = "550 no such user"
    with closing(product_at(tmp_path, server)) as product:
        assert not product.post.write(opened(product), MessageKind.INVITATION, link=LINK)
        assert told(product) == ["message.sent.v1", "message.bounced.v1"]
        assert mailbox.letters == []


def test_a_server_that_cannot_now_leaves_nothing_noted(
    tmp_path: Path, server: str, mailbox: Mailbox
) -> None:
    mailbox.answer = "451 try again later"
    with closing(product_at(tmp_path, server)) as product:
        account = opened(product)
        with pytest.raises(NotCarried):
            product.post.write(account, MessageKind.INVITATION, link=LINK)
        assert told(product) == []


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with closing(product_at(tmp_path, f"smtp://127.0.0.1:{port}")) as product:
        account = opened(product)
        with pytest.raises(NotCarried):
            product.post.write(account, MessageKind.INVITATION, link=LINK)
        assert told(product) == []


def test_without_a_server_letters_lie_in_a_folder(tmp_path: Path) -> None:
    with closing(product_at(tmp_path)) as product:
        assert product.post.write(opened(product), MessageKind.RESET, link=LINK)
        assert told(product) == ["message.sent.v1"]
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    letter = message_from_bytes(file.read_bytes(), policy=default)
    assert letter["Subject"] == "Choisir un nouveau mot de passe"
    assert LINK in letter.get_content()


@pytest.mark.parametrize(
    "address", ["exemple.fr", "http://exemple.fr", "smtp://", "smtp://x:y", "smtp://x/y"]
)
def test_what_is_no_mail_server_is_refused(address: str) -> None:
    with pytest.raises(NotAMailServer):
        MailServer.at(address)


def test_an_address_says_the_server_and_who_it_is_for() -> None:
    server = MailServer.at("smtps://jalon%40exemple.fr:mot%3Ade%20passe@mail.exemple.fr")
    assert (server.host, server.port, server.implicit_tls) == ("mail.exemple.fr", 465, True)
    assert (server.user, server.password) == ("jalon@exemple.fr", "mot:de passe")
    assert MailServer.at("smtp://mail.exemple.fr").port == 587


def test_a_sender_is_an_address() -> None:
    with pytest.raises(NotASender):
        _ = Settings(sender="registre").mail_sender
