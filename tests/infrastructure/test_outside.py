"""Servers of others: who they are is checked, and none of them keeps anybody waiting."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infrastructure.outside import NoAnswer, get

GREETING = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok"


def certificate(folder: Path, name: str) -> Path:
    """The key and the certificate of a server, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    told = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(told + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def listening(certified: Path | None, said: bytes, pause: float = 0.0) -> Iterator[int]:
    """The port of a server that says the same to everybody, a byte at a time where it pauses."""
    over = Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certified:
        context.load_cert_chain(certified)

    def answer(server: socket.socket) -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(line, server_side=True) if certified else line as spoken:
                    if certified or not pause:
                        spoken.recv(4096)
                    for start in range(0, len(said), 1 if pause else len(said)):
                        spoken.sendall(said[start : start + (1 if pause else len(said))])
                        if pause and over.wait(pause):
                            return
            except OSError:
                continue

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=answer, args=(server,))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_server_that_shows_who_it_is_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    with listening(file, GREETING) as port:
        answer = get(f"https://localhost:{port}/", monotonic() + 5)

    assert (answer.status, answer.body) == (200, b"ok")


@pytest.mark.parametrize(("name", "trusted"), [("localhost", False), ("exemple.fr", True)])
def test_one_that_is_somebody_else_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, trusted: bool
) -> None:
    file = certificate(tmp_path, name)
    trusted_one = file if trusted else certificate(tmp_path, "autre.fr")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted_one))

    with listening(file, GREETING) as port, pytest.raises(NoAnswer, match="CERTIFICATE"):
        get(f"https://localhost:{port}/", monotonic() + 5)


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_byte_now_and_then_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encrypted: bool
) -> None:
    """Also once an answer has begun which ends when its connection does."""
    file = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    long = GREETING.replace(b"length: 2", b"length: 2000") + b"x" * 2000
    scheme = "https" if encrypted else "http"

    with listening(file if encrypted else None, long, 0.005) as port:
        began = monotonic()
        with pytest.raises(NoAnswer):
            get(f"{scheme}://localhost:{port}/", began + 1)

        assert monotonic() - began < 4


def test_a_greeting_that_never_ends_keeps_nobody_waiting() -> None:
    """What should open an encrypted line comes a byte at a time."""
    hello = bytes((22, 3, 3, 15, 255)) + b"x" * 4000
    with listening(None, hello, 0.005) as port:
        began = monotonic()
        with pytest.raises(NoAnswer):
            get(f"https://localhost:{port}/", began + 1)

        assert monotonic() - began < 4
