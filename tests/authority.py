"""A time-stamping authority on this machine: `openssl ts` behind an address."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

# No `certs =`: the answer holds the certificate that signed it, and strict DER wants no other.
CONFIGURATION = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[authority]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
accuracy = secs:1
"""


@dataclass
class Authority:
    """An authority with a certificate of its own, in a folder."""

    folder: Path
    status: int = 200
    replay: bytes | None = None
    """Answered whatever is asked."""
    asked: int = 0

    @property
    def root(self) -> Path:
        return self.folder / "ca.pem"

    def make(self) -> "Authority":
        self.folder.mkdir()
        (self.folder / "serial").write_text("01\n")
        (self.folder / "ts.cnf").write_text(CONFIGURATION.format(folder=self.folder))
        new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256")
        of_ca = ("-subj", "/CN=Racine d'essai", "-extensions", "ca", "-days", "3650")
        self.run("req", "-x509", *new, *of_ca, "-keyout", "ca.key", "-out", "ca.pem")
        self.run("req", *new, "-subj", "/CN=Horodatage d'essai", "-keyout", "ts.key", "-out", "csr")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-days", "3650", "-set_serial", "2")
        ext = ("-extfile", "ts.cnf", "-extensions", "tsa", "-out", "ts.pem")
        self.run("x509", "-req", "-in", "csr", *signed, *ext, configured=False)
        return self

    def run(self, verb: str, *options: str, configured: bool = True) -> None:
        config = ("-config", "ts.cnf") if configured else ()
        line = ["openssl", verb, *config, *options]
        subprocess.run(line, cwd=self.folder, check=True, capture_output=True)

    def answer(self, query: bytes) -> bytes:
        self.asked += 1
        if self.replay is not None:
            return self.replay
        (self.folder / "query").write_bytes(query)
        keys = ("-signer", "ts.pem", "-inkey", "ts.key", "-section", "authority")
        self.run("ts", "-reply", "-queryfile", "query", *keys, "-out", "reply")
        return (self.folder / "reply").read_bytes()

    def judge(self, content: bytes, answer: bytes) -> bool:
        """Whether `openssl ts` itself finds that an answer stamps a content."""
        (self.folder / "content").write_bytes(content)
        (self.folder / "answer").write_bytes(answer)
        line = ["openssl", "ts", "-verify", "-data", "content", "-in", "answer", "-CAfile"]
        done = subprocess.run([*line, "ca.pem"], cwd=self.folder, check=False, capture_output=True)
        return done.returncode == 0


@contextmanager
def served_authority(authority: Authority) -> Iterator[str]:
    """An authority at an address, for a while."""

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["content-type"] == "application/timestamp-query"
            body = authority.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(authority.status)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's
            """Say nothing: it is no server of ours."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsa"
        finally:
            server.shutdown()
            thread.join()
