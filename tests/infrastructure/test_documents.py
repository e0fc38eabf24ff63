"""The bytes of documents: got back as filed or not at all, whoever writes, whatever is killed."""

import os
import signal
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from hmac import digest
from json import loads
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.document import EraseDocument, FileDocument
from application.pole import MovePole, RegisterPole
from application.world import Made
from domain.document import Document, DocumentErased
from domain.errors import Damaged, JalonError, Unavailable
from domain.filing import DocumentKind, Enclosed
from domain.kernel import Personal
from domain.media import MediaType, TooLarge
from domain.pole import PoleEnded, PoleId
from infrastructure.backup import BackupFailed
from infrastructure.document_room import NotWritten
from infrastructure.documents import Documents
from infrastructure.keys import KeyStore, KeysUnreachable
from interfaces.wiring import Product, Settings
from tests import documents, make
from tests.examples import settings
from tests.postgres import binaries

NAMED = "Camille Martin habite au 3 rue des Lilas"
PDF = documents.pdf(NAMED)


@pytest.fixture
def store(tmp_path: Path) -> Documents:
    keys = KeyStore.create(tmp_path / "keys.db", tmp_path / "kek")
    return Documents(tmp_path / "documents", keys, 1_000_000)


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of the server that the tests start, not those of another version."""
    if found := binaries():
        monkeypatch.setenv("JALON_PG_BIN", str(found))


@pytest.fixture
def product(tmp_path: Path, database_url: str) -> Iterator[Product]:
    """The whole product on each engine in turn, with one pole."""
    with make.product(tmp_path / "home", database_url) as made:
        made.do(RegisterPole(name="Fictif"), made.operator())
        yield made


def enclose(store: Documents, data: bytes, *, document: UUID) -> tuple[Enclosed, bytes]:
    """Bytes encrypted under a key that is kept."""
    made: Made = {}
    enclosed = store.enclose(data, document=document, made=made)
    assert store.keys.keep(made)
    return enclosed


def file(product: Product, data: bytes = PDF, **more: object) -> UUID:
    fields = {"kind": DocumentKind.MINUTES, "content": data, "pole": product.find("fictif"), **more}
    command = FileDocument.model_validate(fields)
    return product.do(command, product.operator()).answer


def erase(product: Product, document: UUID) -> None:
    command = EraseDocument.model_validate(
        {"document": document, "ground": "RGPD, article 17", "motive": "à sa demande"}
    )
    product.do(command, product.operator())


def read(product: Product, document: UUID) -> bytes:
    return product.documents.fetch(document, product.operator()).data


def raw(folder: Path) -> bytes:
    """Everything that lies on the disk."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def stored(product: Product) -> list[Path]:
    return [file for _, file in product.registry.documents.files()]


# --- the store ----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=5000))
def test_what_is_stored_is_got_back(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        keys = KeyStore.create(Path(folder, "keys.db"), Path(folder, "kek"))
        store, document = Documents(Path(folder, "documents"), keys, 10_000), uuid4()

        kept, ciphertext = enclose(store, data, document=document)
        store.keep(kept.ciphertext, ciphertext)

        assert store.read(kept, document=document) == data
        assert kept.ciphertext == sha256(store.place(kept.ciphertext).read_bytes()).hexdigest()
        opening = store.opening(document)
        assert opening is not None
        assert kept.commitment == digest(opening, data, "sha256").hex()
        assert len(data) < 8 or data not in raw(Path(folder))


def test_every_single_byte_that_changes_is_found(store: Documents) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, b"%PDF-1.4 une page", document=document)
    store.keep(kept.ciphertext, ciphertext)
    place = store.place(kept.ciphertext)

    for at in range(len(ciphertext)):
        for bit in (0x01, 0x80):
            spoilt = bytearray(ciphertext)
            spoilt[at] ^= bit
            place.write_bytes(spoilt)
            with pytest.raises(Damaged, match="changé"):
                store.read(kept, document=document)
    for cut in (b"", ciphertext[:-1], ciphertext + b"\x00", ciphertext[:20]):
        place.write_bytes(cut)
        with pytest.raises(Damaged, match="changé"):
            store.read(kept, document=document)


def test_another_ciphertext_under_its_own_hash_is_not_taken(store: Documents) -> None:
    """Whoever can write everywhere but in the journal and in the keys changes nothing unseen."""
    one, other = uuid4(), uuid4()
    kept, ciphertext = enclose(store, b"%PDF-1.4 un", document=one)
    theirs, _ = enclose(store, b"%PDF-1.4 autre", document=other)
    store.keep(kept.ciphertext, ciphertext)
    moved = theirs.model_copy(update={"ciphertext": kept.ciphertext, "size": kept.size})
    lying = kept.model_copy(update={"commitment": theirs.commitment})

    with pytest.raises(Damaged, match="clé"):
        store.read(moved, document=other)
    with pytest.raises(Damaged, match="déposé"):
        store.read(lying, document=one)


def test_the_hashes_of_the_same_bytes_are_never_alike(store: Documents) -> None:
    """Nobody who knows them can test a guess, nor see that two poles filed the same."""
    kept = [enclose(store, PDF, document=uuid4())[0] for _ in range(4)]

    assert len({one.ciphertext for one in kept}) == len({one.commitment for one in kept}) == 4
    assert sha256(PDF).hexdigest() not in str(kept)


def test_files_are_their_owner_s_alone_and_nothing_is_left_beside_them(store: Documents) -> None:
    kept, ciphertext = enclose(store, PDF, document=uuid4())
    store.keep(kept.ciphertext, ciphertext)

    place = store.place(kept.ciphertext)
    assert place == store.folder / kept.ciphertext[:2] / kept.ciphertext[2:]
    assert place.stat().st_mode & 0o777 == 0o600
    for folder in (store.folder, place.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert list(place.parent.iterdir()) == [place]


def test_the_largest_document_is_taken_and_one_byte_more_is_not(store: Documents) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, bytes(store.largest), document=document)
    store.keep(kept.ciphertext, ciphertext)

    assert store.read(kept, document=document) == bytes(store.largest)
    with pytest.raises(TooLarge, match="1 Mo"):
        enclose(store, bytes(store.largest + 1), document=document)


def test_a_destroyed_document_is_gone_and_can_be_destroyed_again(store: Documents) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, PDF, document=document)
    store.keep(kept.ciphertext, ciphertext)

    for _ in range(2):
        store.destroy(document, kept.ciphertext)

        assert not store.is_readable(document)
        assert not store.has(kept.ciphertext)
        assert not store.same(PDF, kept, document=document)


def test_keys_that_cannot_be_reached_are_not_taken_for_destroyed(store: Documents) -> None:
    document = uuid4()
    kept, ciphertext = enclose(store, PDF, document=document)
    store.keep(kept.ciphertext, ciphertext)
    store.keys._kek.rename(store.keys._kek.with_name("elsewhere"))

    with pytest.raises(KeysUnreachable):
        store.read(kept, document=document)


def test_a_folder_that_cannot_serve_is_said(store: Documents, tmp_path: Path) -> None:
    (tmp_path / "documents").write_bytes(b"a file where a folder should be")
    kept, ciphertext = enclose(store, PDF, document=uuid4())

    with pytest.raises(Unavailable, match="répertoire des documents"):
        store.keep(kept.ciphertext, ciphertext)


# --- in the product -----------------------------------------------------------------------------


@pytest.mark.parametrize("media_type", MediaType)
def test_every_format_is_filed_and_read_again(tmp_path: Path, media_type: MediaType) -> None:
    data = documents.every_format()[media_type]
    with make.product(tmp_path / "home") as product:
        product.do(RegisterPole(name="Fictif"), product.operator())

        document = file(product, data)

        assert read(product, document) == data
        assert product.document(document, product.moment()).media_type is media_type


def test_what_is_filed_is_nowhere_to_be_read_on_the_disk(product: Product, tmp_path: Path) -> None:
    document = file(product, file_name=Personal(text="Camille Martin.pdf"))

    assert read(product, document) == PDF
    assert NAMED.encode() not in raw(tmp_path)
    assert b"Camille" not in raw(tmp_path)
    assert NAMED.encode() in PDF


def test_a_changed_byte_is_said_and_never_given(product: Product) -> None:
    document = file(product)
    (place,) = stored(product)
    place.write_bytes(place.read_bytes()[:-1] + b"\x00")

    with pytest.raises(Damaged, match="changé"):
        read(product, document)
    (trouble,) = product.documents.check().troubles
    assert (trouble.document, trouble.sentence) == (document, "ses octets ont changé")


def test_missing_bytes_are_said(product: Product) -> None:
    document = file(product)
    (place,) = stored(product)
    place.unlink()

    with pytest.raises(Damaged, match="manquent"):
        read(product, document)
    assert [t.document for t in product.documents.check().troubles] == [document]


def test_every_reading_is_noted_before_it_takes_place(product: Product) -> None:
    one, other = file(product), file(product, documents.png())
    for _ in range(2):
        read(product, one)
    (place, _) = stored(product)
    place.unlink()
    for document in (one, other):
        try:
            read(product, document)
        except Damaged:
            continue

    lines = product.documents.downloads(product.operator())
    assert [line.subject for line in lines] == [one, one, one, other]
    assert [line.subject for line in product.documents.downloads(product.operator(), other)] == [
        other
    ]
    assert {line.account for line in lines} == {product.operator().actor}


def test_erasing_leaves_the_hashes_and_every_proof(product: Product, tmp_path: Path) -> None:
    document = file(product, file_name=Personal(text="Camille Martin.pdf"))
    before = product.document(document, product.moment())
    (place,) = stored(product)
    ciphertext = place.read_bytes()

    erase(product, document)

    after = product.document(document, product.moment())
    assert after.erased
    assert not before.erased
    assert (after.ciphertext, after.commitment) == (before.ciphertext, before.commitment)
    assert sha256(ciphertext).hexdigest() == after.ciphertext
    assert product.verify().size == product.journal.size()
    assert stored(product) == []
    assert product.registry.documents.opening(document) is None
    found = raw(tmp_path / "home")
    assert ciphertext not in found
    assert NAMED.encode() not in found
    with pytest.raises(DocumentErased):
        read(product, document)
    checked = product.documents.check()
    assert (checked.sound, checked.erased, checked.troubles) == (0, 1, ())


def test_the_name_of_the_file_goes_with_it(product: Product) -> None:
    document = file(product, file_name=Personal(text="Camille Martin.pdf"))
    kept = product.registry.load(Document, document)
    assert kept
    assert kept.file_name
    assert product.registry.journal.ciphertext(kept.file_name.ref)

    erase(product, document)

    assert product.registry.journal.ciphertext(kept.file_name.ref) is None


def test_what_an_interrupted_filing_left_is_told_and_cleaned_later(product: Product) -> None:
    file(product)
    store = product.registry.documents
    kept, ciphertext = enclose(store, b"left behind", document=uuid4())
    store.keep(kept.ciphertext, ciphertext)
    cut = store.place(kept.ciphertext).with_name(".cut.partial")
    cut.write_bytes(b"half")

    found = product.documents.check(clean=True)
    assert (found.sound, found.troubles, found.orphans, found.cleaned) == (1, (), 2, 0)

    for left in (store.place(kept.ciphertext), cut):
        os.utime(left, (time.time() - 4000,) * 2)
    found = product.documents.check(clean=True)
    assert (found.sound, found.orphans, found.cleaned) == (1, 0, 2)
    assert len(stored(product)) == 1


# --- backups ------------------------------------------------------------------------------------


def test_a_backup_brings_back_the_documents_it_names(product: Product, tmp_path: Path) -> None:
    one, other = file(product), file(product, documents.png())
    product.back_up(tmp_path / "copy")
    later = file(product, documents.gif())
    for place in stored(product):
        place.unlink()

    restored = product.restore(tmp_path / "copy")

    assert (restored.documents, restored.missing) == (2, 0)
    assert read(product, one) == PDF
    assert read(product, other) == documents.png()
    assert product.documents.check().troubles == ()
    with pytest.raises(JalonError):
        read(product, later)


def test_the_documents_of_a_backup_are_encrypted_and_their_owner_s(
    product: Product, tmp_path: Path
) -> None:
    file(product)
    product.back_up(tmp_path / "copy")

    beside = tmp_path / "copy.documents"
    assert beside.stat().st_mode & 0o777 == 0o600
    assert NAMED.encode() not in beside.read_bytes()
    with tarfile.open(beside) as archive:
        assert len(archive.getnames()) == 1
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy", "copy.documents"]


def test_a_registry_without_documents_has_nothing_beside_its_backup(
    product: Product, tmp_path: Path
) -> None:
    product.back_up(tmp_path / "copy")

    assert [file.name for file in tmp_path.glob("copy*")] == ["copy"]
    assert product.restore(tmp_path / "copy").missing == 0


def test_what_was_erased_since_a_backup_is_not_brought_back(
    product: Product, tmp_path: Path
) -> None:
    document = file(product)
    product.back_up(tmp_path / "copy")
    erase(product, document)

    restored = product.restore(tmp_path / "copy")

    assert restored.documents == 0
    assert stored(product) == []
    with pytest.raises(Damaged, match="clé"):
        read(product, document)
    (trouble,) = product.documents.check().troubles
    assert "l'effacement n'est pas enregistré" in trouble.sentence
    erase(product, document)  # recorded again, as the trouble says
    assert product.documents.check().troubles == ()


def test_a_backup_without_its_documents_says_how_many_are_missing(
    product: Product, tmp_path: Path
) -> None:
    file(product)
    product.back_up(tmp_path / "copy")
    (tmp_path / "copy.documents").unlink()
    for place in stored(product):
        place.unlink()

    assert product.restore(tmp_path / "copy").missing == 1


@pytest.mark.parametrize("spoil", ["byte", "cut", "nonsense"])
def test_damaged_documents_are_refused_before_anything_is_put_back(
    product: Product, tmp_path: Path, spoil: str
) -> None:
    file(product)
    product.back_up(tmp_path / "copy")
    beside = tmp_path / "copy.documents"
    data = bytearray(beside.read_bytes())
    data[600] ^= 1
    beside.write_bytes(
        {"byte": bytes(data), "cut": bytes(data[:700]), "nonsense": b"x" * 99}[spoil]
    )
    file(product, documents.png())
    size = product.journal.size()

    with pytest.raises(BackupFailed, match=r"copy\.documents"):
        product.restore(tmp_path / "copy")

    assert product.journal.size() == size


def test_a_backup_replaces_no_documents_of_another(product: Product, tmp_path: Path) -> None:
    file(product)
    (tmp_path / "copy.documents").write_bytes(b"something dear")

    with pytest.raises(BackupFailed, match="existe déjà"):
        product.back_up(tmp_path / "copy")

    assert (tmp_path / "copy.documents").read_bytes() == b"something dear"
    assert not (tmp_path / "copy").exists()


# --- handing over -------------------------------------------------------------------------------


def test_a_bundle_holds_what_is_asked_for_with_what_proves_it(
    product: Product, tmp_path: Path
) -> None:
    message = documents.eml(("note.png", documents.png()))
    one, gone = file(product, message), file(product, documents.gif())
    elsewhere = file(product, documents.jpeg(), pole=None)
    erase(product, gone)

    number = product.documents.bundle(
        tmp_path / "a.zip", product.operator(), pole=product.find("fictif")
    )

    assert number == 2
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        manifest = loads(archive.read("documents.json"))["documents"]
        lines = {line["id"]: line for line in manifest}
        assert str(elsewhere) not in lines
        assert archive.read(f"documents/{one}.eml") == message
        assert lines[str(gone)]["status"] == "erased"
        assert "file" not in lines[str(gone)]
        for line in manifest:
            if "file" in line:
                data = archive.read(line["file"])
                opened = digest(bytes.fromhex(line["opening"]), data, "sha256").hex()
                assert opened == line["commitment"]
                assert len(data) == line["size"]
        positions = [event["position"] for line in manifest for event in line["events"]]
        assert all(0 < position <= product.journal.size() for position in positions)
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600
    read_now = {line.subject for line in product.documents.downloads(product.operator())}
    assert read_now == {UUID(line["id"]) for line in manifest if "file" in line}


def test_the_same_state_gives_the_same_bundle(product: Product, tmp_path: Path) -> None:
    for data in (PDF, documents.png(), documents.eml(("a.pdf", PDF))):
        file(product, data)

    for name in ("a.zip", "b.zip"):
        product.documents.bundle(tmp_path / name, product.operator())

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_bundle_with_a_damaged_document_is_not_written(product: Product, tmp_path: Path) -> None:
    file(product)
    (place,) = stored(product)
    place.write_bytes(b"x")

    with pytest.raises(Damaged):
        product.documents.bundle(tmp_path / "a.zip", product.operator())

    assert list(tmp_path.glob("a.zip*")) == []


def test_nothing_is_written_over_another_file(product: Product, tmp_path: Path) -> None:
    document = file(product)
    (tmp_path / "dear").write_bytes(b"something dear")

    for act in (
        lambda: product.documents.bundle(tmp_path / "dear", product.operator()),
        lambda: product.documents.get(document, tmp_path / "dear", product.operator()),
    ):
        with pytest.raises(NotWritten, match="existe déjà"):
            act()
    assert (tmp_path / "dear").read_bytes() == b"something dear"


# --- several at once, and killed ----------------------------------------------------------------


def in_a_child(settings: Settings, act: Callable[[Product], None]) -> int:
    """The process in which something is being done, with connections of its own."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        with make.closing_product(settings) as product:
            act(product)
        code = 0
    finally:
        os._exit(code)


def outcome(child: int) -> int:
    """The exit code of a child, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def home_on(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Settings]:
    """A registry on an engine, that nobody has opened."""

    def made_on(engine: str) -> Settings:
        url = request.getfixturevalue(f"{engine}_database")
        with make.product(tmp_path / "home", url) as made:
            made.do(RegisterPole(name="Fictif"), made.operator())
        return made.settings

    return made_on


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, home_on: Callable[[str], Settings]) -> Settings:
    """The same, on each engine in turn."""
    return home_on(request.param)


@pytest.mark.parametrize("pole", ["fictif", None])
def test_four_processes_that_file_the_same_bytes_file_them_once(
    home: Settings, tmp_path: Path, pole: str | None
) -> None:
    def act(product: Product) -> None:
        of = PoleId(product.find(pole)) if pole else None
        answers = {file(product, pole=of) for _ in range(3)}
        (tmp_path / f"answer-{os.getpid()}").write_text(" ".join(map(str, answers)))

    children = [in_a_child(home, act) for _ in range(4)]

    assert [outcome(child) for child in children] == [0, 0, 0, 0]
    answers = {path.read_text() for path in tmp_path.glob("answer-*")}
    with make.closing_product(home) as product:
        (recorded,) = product.registry.told(Document.Filed)
        assert answers == {str(recorded.stream)}
        assert len(stored(product)) == 1, "whoever lost took its bytes away again"
        checked = product.documents.check()
        assert (checked.sound, checked.troubles, checked.orphans) == (1, (), 0)


STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect"}
"""What Python says it is about to ask of the system: files opened, renamed, removed, databases."""


def dies_before(step: int) -> None:
    """Kill this process as it is about to take a step of those that touch the disk."""
    left = iter(range(step))

    def watch(event: str, _: object) -> None:
        if event in STEPS and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def killed_at_each_step(home: Settings, act: Callable[[Product], None]) -> Iterator[Product]:
    """The registry after a child was killed at the first step of an act, then at the second…"""
    step = 0
    while True:

        def dying(product: Product, step: int = step) -> None:
            dies_before(step)
            act(product)

        code = outcome(in_a_child(home, dying))
        with make.closing_product(home) as product:
            yield product
        if code == 0:
            break
        assert code == -signal.SIGKILL
        step += 1
    assert step > 5, "the steps of an act were seen"


EACH = [
    pytest.param("sqlite", "pdf"),
    pytest.param("sqlite", "eml", marks=pytest.mark.long),
    pytest.param("postgresql", "pdf", marks=pytest.mark.long),
    pytest.param("postgresql", "eml", marks=pytest.mark.long),
]
"""A child dies at every step: some seconds for a document, a minute for a message."""


@pytest.mark.parametrize(("engine", "kind"), EACH)
def test_a_filing_killed_at_any_step_leaves_nothing_by_half(
    home_on: Callable[[str], Settings], engine: str, kind: str
) -> None:
    """Each time with other bytes: filed whole or not at all, and filed by asking again."""
    home = home_on(engine)
    number, together = 0, 2 if kind == "eml" else 1

    @cache  # the boundaries of a message are drawn by lot: drawn before the child is made
    def data(number: int) -> bytes:
        pdf = PDF + b"%" * number  # of another size: nothing is compared with what is there
        return documents.eml(("a.pdf", pdf)) if kind == "eml" else pdf

    data(number)

    def filed(product: Product) -> None:
        file(product, data(number))

    for product in killed_at_each_step(home, filed):
        assert product.verify().size == product.journal.size()
        assert product.documents.check().troubles == ()
        assert NAMED.encode() not in raw(home.home)
        assert len([*product.registry.told(Document.Filed)]) % together == 0

        document = file(product, data(number))

        assert read(product, document) == data(number)
        number += 1
        data(number)
        assert len([*product.registry.told(Document.Filed)]) == together * number
        assert product.documents.check().troubles == ()


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def test_an_erasure_killed_at_any_step_erases_nothing_or_is_finished_at_the_next_opening(
    home_on: Callable[[str], Settings], engine: str
) -> None:
    home = home_on(engine)
    number = 0

    def data() -> bytes:
        return PDF + b"%d" % number

    def filed_and_erased(product: Product) -> None:
        found = [*product.registry.told(Document.Filed)]
        erase(product, found[-1].stream)

    with make.closing_product(home) as product:
        document = file(product, data())
    for product in killed_at_each_step(home, filed_and_erased):
        assert product.verify().size == product.journal.size()
        kept = product.registry.load(Document, document)
        assert kept
        if not kept.is_erased:
            assert product.registry.documents.read(kept.content, document=document) == data()
            assert product.documents.check().troubles == ()
            erase(product, document)
        assert product.documents.check().troubles == ()
        assert stored(product) == []
        assert product.registry.documents.opening(document) is None
        assert product.verify().size == product.journal.size()
        number += 1
        document = file(product, data())


def test_the_bytes_of_a_rehearsal_are_nowhere(product: Product, tmp_path: Path) -> None:
    fields = {"kind": "minutes", "content": PDF, "pole": product.find("fictif"), "file_name": "a"}
    keys = (tmp_path / "home" / "keys.db").read_bytes()
    size = product.journal.size()

    done = product.do(FileDocument.model_validate(fields), product.operator(), dry_run=True)

    assert done.events
    assert product.journal.size() == size
    assert stored(product) == []
    assert (tmp_path / "home" / "keys.db").read_bytes() == keys


def test_a_filing_that_is_refused_leaves_neither_bytes_nor_keys(product: Product) -> None:
    """A pole that has ended takes documents, and no more evidence: what was encrypted is let go."""
    by, pole = product.operator(), product.find("fictif")
    product.do(
        MovePole.model_validate(
            {"pole": pole, "transition": "end", "input": {"reason": "dissolved"}}
        ),
        by,
    )

    with pytest.raises(PoleEnded):
        file(product, as_evidence=True)

    assert stored(product) == []
    with product.registry.keys._open() as db:
        found = db.execute("SELECT count(*) FROM key WHERE purpose = 'document'").fetchone()
    assert found == (0,)
