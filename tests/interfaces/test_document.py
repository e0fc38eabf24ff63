"""Documents as people meet them: on the command line, over HTTP, on pages."""

import html
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from application.command import By
from application.document import (
    AcceptDocument,
    EraseDocument,
    FileDocument,
    SupersedeDocument,
)
from application.mandate import GiveMandate
from application.pole import RegisterPole
from domain.filing import DocumentKind
from domain.media import ENDINGS, MediaType
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.api import document as api
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import documents, make
from tests.interfaces.shell import Seen, jalon, program

PDF = documents.pdf("Camille Martin")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with one pole."""
    with make.product(tmp_path / "home") as product:
        product.do(RegisterPole(name="Fictif"), product.operator())
    return tmp_path / "home"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A file whose name names somebody."""
    path = tmp_path / "Lettre de Camille Martin.pdf"
    path.write_bytes(PDF)
    return path


def run(home: Path, *words: str | Path, **values: str) -> Seen:
    return jalon("--home", home, "document", *words, **values)


def filed(home: Path, file: Path, *words: str) -> str:
    """Its identity."""
    seen = run(home, "file", file, "--kind", "letter", "--pole", "fictif", *words, "--json")
    assert seen.code == 0, seen
    return str(seen.json["id"])


def size(home: Path) -> int:
    return int(jalon("--home", home, "audit", "verify", "--json").json["size"])


def left(home: Path) -> list[Any]:
    """The bytes that lie in the folder of documents, and the keys of documents."""
    files = [path for path in (home / "documents").rglob("*") if path.is_file()]
    with closing(sqlite3.connect(home / "keys.db")) as db:
        keys = db.execute("SELECT subject FROM key WHERE purpose = 'document'").fetchall()
    return [*files, *keys]


def refused(seen: Seen, code: int, *words: str) -> None:
    assert seen.code == code, seen
    assert "Traceback" not in seen.err
    assert seen.err.count("\n") == 1
    for word in words:
        assert word in seen.err


# --- the command line ---------------------------------------------------------------------------


def test_a_document_goes_in_is_shown_listed_and_comes_out(
    home: Path, paper: Path, tmp_path: Path
) -> None:
    words = ("--title", "Lettre du pôle", "--channel", "post", "--sent-on", "2024-05")
    id_ = filed(home, paper, *words, "--received-on", "2024-05-12", "--expires", "2099-12-31")

    shown = run(home, "show", id_).out
    assert shown.splitlines()[0] == "Lettre du pôle"
    for said in ("courrier postal", "le 12 mai 2024", "jusqu'au 31 décembre 2099", "deux ans"):
        assert said in shown
    assert "Camille" not in shown
    listed = run(home, "list", "--pole", "fictif").out
    assert "Lettre du pôle" in listed
    assert id_ in listed
    assert "Camille" not in listed
    got = run(home, "get", id_, tmp_path / "out.pdf")
    assert got.code == 0
    assert (tmp_path / "out.pdf").read_bytes() == PDF
    assert (tmp_path / "out.pdf").stat().st_mode & 0o777 == 0o600
    read = run(home, "downloads", id_, "--json").json["items"]
    assert [line["subject"] for line in read] == [id_]
    assert "1 lecture." in run(home, "downloads").out


@pytest.mark.parametrize("media_type", MediaType)
def test_every_format_makes_the_round_trip(
    home: Path, tmp_path: Path, media_type: MediaType
) -> None:
    paper = tmp_path / f"piece.{ENDINGS[media_type][0]}"
    paper.write_bytes(documents.every_format()[media_type])

    id_ = filed(home, paper)
    run(home, "get", id_, tmp_path / "out")

    assert (tmp_path / "out").read_bytes() == paper.read_bytes()


def test_the_same_file_again_is_said_and_records_nothing(home: Path, paper: Path) -> None:
    id_ = filed(home, paper)
    before = size(home)

    again = run(home, "file", paper, "--kind", "letter", "--pole", "fictif")

    assert again == Seen(0, again.out, "")
    assert again.out.startswith("Déjà versé comme « lettre », depuis le ")
    assert again.out.endswith(f", rien n'a été enregistré : {id_}\n")
    assert size(home) == before


def test_a_rehearsal_tells_and_writes_nothing(home: Path, paper: Path) -> None:
    before = size(home)

    seen = run(home, "file", paper, "--kind", "letter", "--pole", "fictif", "--dry-run")

    assert seen.code == 0
    assert "rien n'a été écrit" in seen.out
    assert "Document versé" in seen.out
    assert size(home) == before
    assert not (home / "documents").exists()


def test_a_name_that_disagrees_and_attachments_are_said(home: Path, tmp_path: Path) -> None:
    paper = tmp_path / "envoi.pdf"
    paper.write_bytes(documents.eml(("a.pdf", PDF), ("b.exe", b"MZ")))

    seen = run(home, "file", paper, "--kind", "letter")

    assert "dit autre chose que son contenu, qui est : message (EML)" in seen.out
    assert "versées chacune à part : 1" in seen.out
    assert "restées dans le message seulement : 1" in seen.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Ce fichier est vide."),
        (b"MZ\x90", "Formats acceptés : PDF"),
        (documents.office(MediaType.DOCX, ("word/vbaProject.bin", b"x")), "macros"),
        (b"%PDF-1.4" + bytes(1_000_000), "1 Mo au plus"),
    ],
    ids=["empty", "unknown", "macros", "huge"],
)
def test_what_is_not_taken_is_refused_in_a_sentence(
    home: Path, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "piece.pdf").write_bytes(content)
    before = size(home)
    line = ("file", tmp_path / "piece.pdf", "--kind", "letter")

    refused(run(home, *line, JALON_DOCUMENT_MEGABYTES="1"), 2, said)

    assert size(home) == before
    assert left(home) == []


def test_a_file_at_the_limit_is_taken(home: Path, tmp_path: Path) -> None:
    (tmp_path / "piece.pdf").write_bytes(b"%PDF-1.4".ljust(1_000_000))
    line = ("file", tmp_path / "piece.pdf", "--kind", "letter")

    assert run(home, *line, JALON_DOCUMENT_MEGABYTES="1").code == 0


@pytest.mark.parametrize("text", ["0", "-1", "vingt", "201", "1e3", "٢"])
def test_a_limit_that_is_no_size_is_refused(home: Path, text: str) -> None:
    refused(run(home, "list", JALON_DOCUMENT_MEGABYTES=text), 2, "mégaoctets")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--kind", "poème"), 2, "poème"),
        (("--kind", "letter", "--pole", "zzz"), 1, "ne figure pas"),
        (("--kind", "letter", "--received-on", "hier"), 2, "AAAA"),
        (("--kind", "letter", "--received-on", "2999"), 2, "n'est pas venu"),
        (("--kind", "letter", "--sent-on", "2024", "--received-on", "2023"), 2, "avant"),
        (("--kind", "letter", "--expires", "2020-01-01"), 2, "expirer"),
        (("--kind", "letter", "--as-evidence"), 2, "dites lequel"),
        (("--kind", "letter", "--title", "\x1b[31m"), 2, "title"),
        ((), 2, "--kind"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    home: Path, paper: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    before = size(home)

    seen = run(home, "file", paper, *words)

    assert seen.code == code, seen
    assert said in seen.err
    assert "Traceback" not in seen.err
    assert size(home) == before
    assert left(home) == []


def test_a_file_that_is_not_there_or_is_a_folder(home: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "absent.pdf", tmp_path):
        is_folder = "n'est pas accessible : c'est un répertoire"
        said = is_folder if path.is_dir() else "Il n'y a ni fichier"
        refused(run(home, "file", path, "--kind", "letter"), 1, said)


@pytest.mark.parametrize("verb", ["show", "get"])
def test_an_unknown_document(home: Path, tmp_path: Path, verb: str) -> None:
    file = [tmp_path / "out"] if verb == "get" else []

    refused(run(home, verb, str(uuid4()), *file), 1, "Aucun document")
    assert run(home, verb, "zzz", *file).code == 2
    assert not (tmp_path / "out").exists()


def test_get_writes_over_nothing(home: Path, paper: Path) -> None:
    id_ = filed(home, paper)

    refused(run(home, "get", id_, paper), 1, "il existe déjà")

    assert paper.read_bytes() == PDF
    assert run(home, "downloads").out == "0 lecture.\n", "nothing was read"


def test_an_erasure_is_refused_without_ground_and_leaves_the_proof(
    home: Path, paper: Path, tmp_path: Path
) -> None:
    id_ = filed(home, paper)
    assert run(home, "erase", "--document", id_, "--motive", "oubli").code == 2

    done = run(
        home, "erase", "--document", id_, "--ground", "RGPD art. 17", "--motive", "à sa demande"
    )

    assert done.code == 0, done
    assert "effacé" in run(home, "show", id_).out
    refused(run(home, "get", id_, tmp_path / "out"), 4, "effacé")
    assert jalon("--home", home, "audit", "verify").code == 0
    checked = run(home, "check")
    assert checked.out.startswith("0 document intact, 1 effacé, 0 en défaut.")
    assert checked.code == 0
    for path in (path for path in home.rglob("*") if path.is_file()):
        assert b"Camille" not in path.read_bytes()


def test_a_changed_byte_ends_the_check_with_three(home: Path, paper: Path, tmp_path: Path) -> None:
    id_ = filed(home, paper)
    (place,) = [path for path in (home / "documents").rglob("*") if path.is_file()]
    place.write_bytes(place.read_bytes()[:-1])

    checked = run(home, "check")

    assert checked.code == 3
    assert checked.err == f"{id_} : ses octets ont changé.\n"
    refused(run(home, "get", id_, tmp_path / "out"), 3, "n'est pas remis")
    assert run(home, "check", "--json").code == 3


def test_a_bundle_is_written_on_request(home: Path, paper: Path, tmp_path: Path) -> None:
    id_ = filed(home, paper)

    seen = run(home, "bundle", tmp_path / "pieces.zip", "--pole", "fictif")

    assert seen.code == 0, seen
    assert "1 document" in seen.out
    with zipfile.ZipFile(tmp_path / "pieces.zip") as archive:
        assert archive.read(f"documents/{id_}.pdf") == PDF
        assert json.loads(archive.read("documents.json"))["documents"][0]["id"] == id_
    refused(run(home, "bundle", tmp_path / "pieces.zip"), 1, "existe déjà")


def test_documents_lie_in_a_folder_of_their_own_when_told(
    home: Path, paper: Path, tmp_path: Path
) -> None:
    """As where several machines serve one registry."""
    seen = run(home, "file", paper, "--kind", "letter", JALON_DOCUMENTS=str(tmp_path / "partage"))

    assert seen.code == 0, seen
    assert len([p for p in (tmp_path / "partage").rglob("*") if p.is_file()]) == 1
    assert run(home, "check").code == 3, "they are not where nobody said they were"
    assert run(home, "check", JALON_DOCUMENTS=str(tmp_path / "partage")).code == 0


def test_a_backup_says_where_the_documents_are(home: Path, paper: Path, tmp_path: Path) -> None:
    filed(home, paper)

    seen = jalon("--home", home, "backup", tmp_path / "copie")

    assert f"Les documents, chiffrés, sont à côté : {tmp_path / 'copie.documents'}." in seen.out
    for path in (home / "documents").rglob("*"):
        if path.is_file():
            path.unlink()
    restored = jalon("--home", home, "restore", tmp_path / "copie")
    assert "1 document remis en place." in restored.out
    assert run(home, "check").code == 0


def test_the_program_itself_files_and_gives_back(home: Path, paper: Path, tmp_path: Path) -> None:
    done = program("--home", home, "document", "file", paper, "--kind", "letter", "--json")
    id_ = done.json["id"]

    assert program("--home", home, "document", "get", id_, tmp_path / "out").code == 0
    assert (tmp_path / "out").read_bytes() == PDF


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path / "served") as made:
        made.do(RegisterPole(name="Fictif"), made.operator())
        yield made


@pytest.fixture
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product), raise_server_exceptions=False) as made:
        made.headers["Authorization"] = f"Bearer {product.token}"
        yield made


def sent(client: TestClient, content: Any = PDF, **more: Any) -> Any:
    headers = more.pop("headers", {})
    params = {"kind": "letter", "pole": "fictif", **more}
    return client.post("/api/documents", params=params, content=content, headers=headers)


def test_bytes_go_in_and_come_out_over_http(client: TestClient, product: Product) -> None:
    name = "Lettre de Camille Martin.pdf"
    answer = sent(client, headers={"Jalon-File-Name": quote(name)}, received_on="2024-05")
    id_ = answer.json()["id"]

    got = client.get(f"/api/documents/{id_}/content")

    assert answer.status_code == 200
    assert got.content == PDF
    assert got.headers["content-type"] == "application/pdf"
    disposition = got.headers["content-disposition"]
    assert disposition.startswith(f'attachment; filename="document-{id_}.pdf"; ')
    assert f"filename*=UTF-8''{quote(name)}" in disposition
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert "no-store" in got.headers["cache-control"]
    assert [str(line.subject) for line in product.documents.downloads(product.operator())] == [id_]


def test_a_stranger_neither_files_nor_reads(client: TestClient, product: Product) -> None:
    id_ = sent(client).json()["id"]
    before = product.journal.size()
    del client.headers["Authorization"]

    assert sent(client, documents.png()).status_code == 403
    assert client.get(f"/api/documents/{id_}/content").status_code == 403
    assert product.journal.size() == before
    assert product.documents.downloads(product.operator()) == []


def test_the_sheet_and_the_list_need_no_token_and_hold_nothing_personal(
    client: TestClient,
) -> None:
    id_ = sent(client, headers={"Jalon-File-Name": "Camille.pdf"}).json()["id"]
    del client.headers["Authorization"]

    sheet = client.get(f"/api/documents/{id_}")
    listed = client.get("/api/documents", params={"pole": "fictif", "status": "filed"})

    assert sheet.json()["title"] == "Lettre"
    assert [line["id"] for line in listed.json()["items"]] == [id_]
    assert "Camille" not in sheet.text + listed.text


def test_the_same_bytes_again_are_said_to_be_there(client: TestClient) -> None:
    first = sent(client).json()

    again = sent(client).json()

    assert (again["id"], again["present"], again["events"]) == (first["id"], True, [])
    assert first["present"] is False


def test_a_rehearsal_over_http_leaves_no_bytes(client: TestClient, product: Product) -> None:
    before = product.journal.size()

    answer = sent(client, dry_run=True).json()

    assert answer["foreseen"][0]["topic"] == "document.filed.v1"
    assert product.journal.size() == before
    assert list(product.registry.documents.files()) == []


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(
    client: TestClient, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(product.registry.documents, "largest", 2_000_000)
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield b"%PDF-1.4"
        for _ in range(3):
            taken += 1
            yield bytes(1_000_000)

    announced = sent(client, bytes(2_000_001))
    streamed = sent(client, endless())

    for answer in (announced, streamed):
        assert answer.status_code == 413
        assert answer.json()["code"] == "document.too_large"
    assert sent(client, b"%PDF-1.4".ljust(2_000_000)).status_code == 200


def test_no_other_address_is_sent_more_than_before(client: TestClient) -> None:
    answer = client.post("/api/commands/document.file", content=b"{" + b" " * 1_000_001)

    assert answer.status_code == 413


def test_a_small_document_may_also_travel_in_the_command(client: TestClient) -> None:
    body = {"kind": "letter", "content": documents.base64(PDF), "file_name": "Camille.pdf"}

    answer = client.post("/api/commands/document.file", json=body)

    id_ = answer.json()["id"]
    assert client.get(f"/api/documents/{id_}/content").content == PDF


@pytest.mark.parametrize(
    ("params", "content", "status"),
    [
        ({}, b"", 400),
        ({}, b"hello", 400),
        ({"kind": "poème"}, PDF, 400),
        ({"pole": "zzz"}, PDF, 404),
        ({"received_on": "hier"}, PDF, 400),
        ({"expires": "1999-01-01"}, PDF, 400),
        ({"autre": "1"}, PDF, 400),
        ({"title": "x" * 501}, PDF, 400),
        ({"occurred_on": "2999-13-45"}, PDF, 400),
    ],
)
def test_bad_requests_are_refused_in_a_sentence(
    client: TestClient, product: Product, params: dict[str, str], content: bytes, status: int
) -> None:
    before = product.journal.size()

    answer = sent(client, content, **params)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert product.journal.size() == before
    assert left(product.settings.home) == []


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("../../etc/passwd", ".. .. etc passwd"),
        ("C:\\dossier\\lettre.pdf", "C: dossier lettre.pdf"),
        ("lettre\x00\x1b[31m\r\nSet-Cookie: a.pdf", "lettre  [31m  Set-Cookie: a.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_over_http_names_no_folder_and_breaks_no_line(
    client: TestClient, name: str, given: str
) -> None:
    id_ = sent(client, headers={"Jalon-File-Name": quote(name)}).json()["id"]

    got = client.get(f"/api/documents/{id_}/content").headers["content-disposition"]

    assert got == f"attachment; filename=\"document-{id_}.pdf\"; filename*=UTF-8''{quote(given)}"


def test_what_a_sender_says_of_the_format_counts_for_nothing(
    client: TestClient, product: Product
) -> None:
    lying = sent(client, headers={"Content-Type": "image/png"})
    program = sent(client, b"MZ\x90\x00", headers={"Content-Type": "application/pdf"})

    sheet = client.get(f"/api/documents/{lying.json()['id']}").json()
    assert sheet["media_type"] == "application/pdf"
    assert (program.status_code, program.json()["code"]) == (400, "document.format")
    assert len(left(product.settings.home)) == 2, "the bytes and the key of the first"


def test_the_same_bytes_sent_four_times_at_once_are_filed_once(
    client: TestClient, product: Product
) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = [answer.json() for answer in pool.map(lambda _: sent(client), range(4))]

    assert len({answer["id"] for answer in answers}) == 1
    assert sorted(answer["present"] for answer in answers) == [False, True, True, True]
    assert len(left(product.settings.home)) == 2


def test_an_erased_or_unknown_document_is_not_given(client: TestClient, product: Product) -> None:
    id_ = sent(client).json()["id"]
    fields = {"document": id_, "ground": "RGPD art. 17", "motive": "à sa demande"}
    product.do(EraseDocument.model_validate(fields), product.operator())

    gone = client.get(f"/api/documents/{id_}/content")
    unknown = client.get(f"/api/documents/{uuid4()}/content")

    assert (gone.status_code, gone.json()["code"]) == (422, "document.erased")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "document.unknown")
    assert client.get("/api/documents/zzz/content").status_code == 400


def test_a_damaged_document_is_said_and_not_given(client: TestClient, product: Product) -> None:
    id_ = sent(client).json()["id"]
    ((_, place),) = product.registry.documents.files()
    place.write_bytes(b"x" + place.read_bytes()[1:])

    answer = client.get(f"/api/documents/{id_}/content")

    assert (answer.status_code, answer.json()["code"]) == (500, "document.damaged")
    assert b"Camille" not in answer.content


def test_everything_is_said_of_a_document_that_the_command_asks(client: TestClient) -> None:
    """The address takes every field of the command, but the bytes and the name of the file."""
    asked = {*FileDocument.model_fields} - {"content", "file_name"}

    assert asked <= {*api.About.model_fields}


# --- pages --------------------------------------------------------------------------------------


def test_the_page_of_a_document_tells_everything_but_what_it_holds(
    client: TestClient, product: Product
) -> None:
    answer = sent(client, documents.eml(("Camille.pdf", PDF)), kind="strategy", as_evidence=True)
    id_ = answer.json()["id"]
    pages = {"Accept": "text/html"}

    page = client.get(f"/documents/{id_}", headers=pages)

    assert page.status_code == 200
    sheet = client.get(f"/api/documents/{id_}").json()
    for said in (sheet["ciphertext"], sheet["commitment"], "Pièces jointes", "Versé"):
        assert said in page.text
    assert f'href="/documents/{sheet["parts"][0]["id"]}"' in page.text
    assert "Camille" not in page.text
    assert f'href="/documents/{id_}"' in client.get("/documents", headers=pages).text
    assert f'href="/documents/{id_}"' in client.get("/poles/fictif", headers=pages).text
    fields = {"document": id_, "ground": "RGPD art. 17", "motive": "à sa demande"}
    product.do(EraseDocument.model_validate(fields), product.operator())
    erased = client.get(f"/documents/{id_}", headers=pages).text
    assert "Ce document est effacé" in erased
    assert sheet["ciphertext"] in erased
    assert "RGPD art. 17" in erased


def test_people_are_named_in_words_and_nothing_shows_a_bare_identity(
    client: TestClient, product: Product
) -> None:
    pole = product.find("fictif")
    given = {
        "holder": product.operator().actor,
        "principal": f"pole:{pole}",
        "for_role": "pole_representative",
        "relation": f"pole:{pole}",
    }
    other = By(actor=AccountId(UUID(int=1)), role=Role.REGISTRAR)
    mandate = product.do(GiveMandate.model_validate(given), other).answer
    held = {"Jalon-Role": "pole_representative", "Jalon-Mandate": str(mandate)}
    by_the_pole = sent(client, headers=held).json()["id"]
    by_the_account = sent(client, documents.png()).json()["id"]
    for document in (by_the_pole, by_the_account):
        product.do(AcceptDocument(document=document), other)
    product.do(SupersedeDocument(document=by_the_pole, by=by_the_account), product.operator())

    def shown(address: str) -> str:
        page = client.get(address, headers={"Accept": "text/html"}).text
        text = html.unescape(re.sub(r"<[^>]*>", " ", page.partition("<main")[2]))
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text), address
        return " ".join(text.replace("\xa0", " ").split())

    assert "Déposé par Le pôle « Fictif »" in shown(f"/documents/{by_the_pole}")
    assert "Accepté par Le compte de l'opérateur" in shown(f"/documents/{by_the_pole}")
    told = shown(f"/documents/{by_the_account}")
    assert "Déposé par Le compte de l'opérateur" in told
    assert "Accepté par Un autre compte que celui du dépôt" in told
    assert "Lettre" in shown("/documents")
    cli = jalon("--home", product.settings.home, "document", "show", by_the_pole).out
    assert "déposé par   le pôle « Fictif »" in cli


def test_the_page_of_a_pole_says_how_evidence_and_documents_differ(client: TestClient) -> None:
    page = client.get("/poles/fictif", headers={"Accept": "text/html"}).text

    assert "Pièces à l'appui du parcours" in html.unescape(page)
    assert 'href="/documents?pole=fictif">documents du pôle</a>' in page


def test_the_page_of_no_document_says_so(client: TestClient) -> None:
    pages = {"Accept": "text/html"}

    assert "Document introuvable" in client.get(f"/documents/{uuid4()}", headers=pages).text
    id_ = sent(client).json()["id"]
    past = client.get(f"/documents/{id_}?in_force=2001-01-01", headers=pages)
    assert past.status_code == 404
    assert client.get("/documents/zzz", headers=pages).status_code == 400


def test_every_kind_can_be_asked_for_in_the_list(client: TestClient) -> None:
    for kind in DocumentKind:
        answer = client.get("/api/documents", params={"document_kind": kind.value})
        assert answer.json()["total"] == 0


@pytest.mark.parametrize(
    "name", ["ligne\nsuivante.pdf", "\udce9t\udce9.pdf", "\u202efdp.pdf", " .pdf"]
)
def test_a_file_of_any_name_is_filed(home: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PDF)

    assert filed(home, tmp_path / name)
