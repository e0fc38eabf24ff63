"""Keys and bytes beside the journal: whatever is refused or dies, nothing is lost or left over."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from typing_extensions import override

from application.command import Command, Work
from application.document import EraseDocument, FileDocument
from domain.document import Document
from domain.errors import Conflict, JalonError, Refused
from domain.exchange import SUMMARY, Channel, Direction, Exchange
from domain.personal import KeysUnreachable
from domain.roles import Role
from domain.values import Personal
from infrastructure.document_check import check_documents, finish_erasures
from infrastructure.documents import CONDEMNED, DocumentsUnreachable
from infrastructure.event_store.beside import ErasureUnfinished
from infrastructure.event_store.failure import StoreFailed
from infrastructure.event_store.registry import Registry
from infrastructure.keys import KeyStore
from tests import documents, make

PDF = documents.pdf()
AN_HOUR_AGO = -4000


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with make.registry(tmp_path, publish=False) as made:
        yield made


def file(registry: Registry, data: bytes = PDF) -> UUID:
    told = {"kind": "minutes", "content": data, "file_name": "Camille.pdf"}
    return registry.do(FileDocument.model_validate(told), make.by()).answer


def erase(registry: Registry, document: UUID, key: str | None = None) -> None:
    told = {"document": document, "ground": "RGPD, article 17", "motive": "à sa demande"}
    registry.do(EraseDocument.model_validate(told), make.by(), key=key)


def keys(folder: Path) -> set[tuple[str, str]]:
    """Every key but the store's own."""
    with closing(sqlite3.connect(folder / "keys.db")) as db:
        return set(db.execute("SELECT subject, purpose FROM key WHERE subject <> ''"))


def lying(folder: Path) -> set[Path]:
    """Every file of the folder of documents, and of the marks in it."""
    return {path for path in (folder / "documents").rglob("*") if path.is_file()}


def is_whole(registry: Registry, document: UUID) -> bool:
    """Whether a document that is not erased is there, as it was filed."""
    kept = registry.load(Document, document)
    assert kept
    assert not kept.is_erased
    return registry.documents.read(kept.content, document=document) == PDF


def is_gone(registry: Registry, document: UUID) -> bool:
    """Whether an erased document has neither key, nor bytes, nor a name, nor a mark."""
    kept = registry.load(Document, document)
    assert kept
    assert kept.is_erased
    assert kept.file_name
    store = registry.documents
    here = (store.is_readable(document), store.has(kept.content.ciphertext), store.condemned())
    return not any(here) and registry.journal.ciphertext(kept.file_name.ref) is None


class Refusing:
    """A database that refuses something for a while: as one at fault, or as one in conflict."""

    def __init__(self, file: Path, what: str, says: str = "no_such_function()") -> None:
        self.file, self.what, self.says = file, what, says

    def __enter__(self) -> None:
        self._run(f"CREATE TRIGGER refusing BEFORE {self.what} BEGIN SELECT {self.says}; END")

    def __exit__(self, *_: object) -> None:
        self._run("DROP TRIGGER refusing")

    def _run(self, statement: str) -> None:
        with closing(sqlite3.connect(self.file)) as db, db:
            db.execute(statement)


class Obstructed:
    """A place of the disk where something else lies, that cannot be written over or removed."""

    def __init__(self, place: Path) -> None:
        self.place, self.aside = place, place.with_name("aside")

    def __enter__(self) -> None:
        if self.place.exists():
            self.place.rename(self.aside)
        self.place.mkdir(parents=True)
        (self.place / "something").touch()

    def __exit__(self, *_: object) -> None:
        (self.place / "something").unlink(missing_ok=True)
        self.place.rmdir()
        if self.aside.exists():
            self.aside.rename(self.place)


# --- filing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "what", "refusal"),
    [
        ("registry.db", "INSERT ON event", StoreFailed),
        ("registry.db", "INSERT ON sealed", StoreFailed),
        ("keys.db", "INSERT ON key", KeysUnreachable),
    ],
)
def test_a_filing_that_a_database_refuses_leaves_nothing(
    registry: Registry, tmp_path: Path, base: str, what: str, refusal: type[JalonError]
) -> None:
    with Refusing(tmp_path / base, what), pytest.raises(refusal):
        file(registry)

    assert keys(tmp_path) == set()
    assert lying(tmp_path) == set()
    assert is_whole(registry, file(registry))


def test_acts_that_are_always_in_conflict_leave_everything_as_it_was(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.event_store.registry.ATTEMPTS", 2)
    document = file(registry)
    before, there = keys(tmp_path), lying(tmp_path)

    with Refusing(tmp_path / "registry.db", "INSERT ON event", "RAISE(ABORT, 'no')"):
        for act in (lambda: file(registry, documents.png()), lambda: erase(registry, document)):
            with pytest.raises(Conflict):
                act()

    assert is_whole(registry, document)
    assert lying(tmp_path) == there
    assert {one for one in keys(tmp_path) if one[1] == "document"} == before


def test_a_filing_whose_bytes_find_no_place_leaves_no_key(
    registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "documents").write_bytes(b"a file where a folder should be")

    with pytest.raises(DocumentsUnreachable):
        file(registry)

    assert keys(tmp_path) == set()
    assert registry.journal.size() == 0


class Stopped(BaseException):
    """As when a person stops the program."""


class FileThenStop(Command, by=(Role.REGISTRAR,)):
    """Encloses a document, seals a word, and never gets to record either."""

    how: ClassVar[type[BaseException]] = Stopped

    @override
    def execute(self, work: Work) -> UUID:
        document = uuid4()
        work.enclose(PDF, document=document)
        seal(work, document)
        raise self.how


class Nope(Refused):
    code = "test.nope"
    fr = "Non."


def seal(work: Work, subject: UUID) -> Exchange:
    """An exchange whose summary is sealed for a subject."""
    kept = work.seal(
        Personal(text="Camille"),
        event=Exchange.Recorded,
        field="summary",
        subject=subject,
    )
    exchange = Exchange(uuid4())
    exchange.record(
        pole=UUID(int=5),
        channel=Channel.CALL,
        direction=Direction.TO_POLE,
        reached=True,
        participants=(),
        summary=kept,
        next_step=None,
    )
    return exchange


@pytest.mark.parametrize("how", [Stopped, Nope, ZeroDivisionError])
def test_what_is_refused_or_fails_before_it_is_recorded_touches_no_store(
    registry: Registry, tmp_path: Path, how: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileThenStop, "how", how)
    before = (tmp_path / "keys.db").read_bytes()

    with pytest.raises(how):
        registry.do(FileThenStop(), make.by())

    assert (tmp_path / "keys.db").read_bytes() == before
    assert lying(tmp_path) == set()


# --- keys that several need ---------------------------------------------------------------------


class SealFor(Command, by=(Role.REGISTRAR,)):
    """Seals a word for somebody; something may happen before it is recorded."""

    subject: UUID
    meanwhile: ClassVar[Callable[[], object] | None] = None

    @override
    def execute(self, work: Work) -> UUID:
        exchange = seal(work, self.subject)
        happens, SealFor.meanwhile = SealFor.meanwhile, None
        if happens:
            happens()
        work.save(exchange)
        return exchange.id


def summary(registry: Registry, exchange: UUID) -> str | None:
    ((event, *_),) = [[r.event for r in registry.history(exchange)]]
    assert isinstance(event, Exchange.Recorded)
    assert event.summary
    return registry.unseal(event.summary, event=Exchange.Recorded, field="summary")


def test_two_that_need_the_first_key_of_somebody_at_once_both_are_read_again(
    registry: Registry,
) -> None:
    subject, others = uuid4(), list[UUID]()
    SealFor.meanwhile = lambda: others.append(
        registry.do(SealFor(subject=subject), make.by()).answer
    )

    one = registry.do(SealFor(subject=subject), make.by()).answer

    assert [summary(registry, id_) for id_ in (one, *others)] == ["Camille", "Camille"]


def test_a_key_that_another_uses_by_now_outlives_the_act_that_made_it(
    registry: Registry, tmp_path: Path
) -> None:
    subject = uuid4()
    known = registry.do(SealFor(subject=subject), make.by()).answer

    with Refusing(tmp_path / "registry.db", "INSERT ON event"), pytest.raises(StoreFailed):
        registry.do(SealFor(subject=subject), make.by())

    assert summary(registry, known) == "Camille"


# --- erasing ------------------------------------------------------------------------------------


def test_an_erasure_that_the_journal_refuses_erases_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    document = file(registry)
    before, there = keys(tmp_path), lying(tmp_path)

    with Refusing(tmp_path / "registry.db", "INSERT ON event"), pytest.raises(StoreFailed):
        erase(registry, document)

    assert is_whole(registry, document)
    assert lying(tmp_path) == there, "no mark is left"
    assert {one for one in keys(tmp_path) if one[1] == "document"} == before


def test_an_erasure_that_cannot_be_marked_erases_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    document, size = file(registry), registry.journal.size()
    (tmp_path / "documents" / CONDEMNED).write_bytes(b"a file where a folder should be")

    with pytest.raises(DocumentsUnreachable):
        erase(registry, document)

    assert is_whole(registry, document)
    assert registry.journal.size() == size


def test_a_second_erasure_decided_meanwhile_is_refused_and_the_first_stands(
    registry: Registry, tmp_path: Path
) -> None:
    document = file(registry)
    erase(registry, document)

    with pytest.raises(JalonError, match="effacé"):
        erase(registry, document)

    assert is_gone(registry, document)
    assert len(registry.history(document)) == 2
    assert lying(tmp_path) == set()


UNFINISHED = ["the key", "the bytes", "the name"]


def obstacle(registry: Registry, folder: Path, document: UUID, what: str) -> Refusing | Obstructed:
    """What keeps a part of a document from being destroyed."""
    kept = registry.load(Document, document)
    assert kept
    in_the_way: dict[str, Refusing | Obstructed] = {
        "the key": Refusing(folder / "keys.db", "DELETE ON key"),
        "the bytes": Obstructed(registry.documents.place(kept.content.ciphertext)),
        "the name": Refusing(folder / "registry.db", "DELETE ON sealed"),
    }
    return in_the_way[what]


@pytest.mark.parametrize("key", [None, "demande-1"])
@pytest.mark.parametrize("what", UNFINISHED)
def test_an_erasure_that_cannot_be_finished_stands_and_is_finished_at_the_next_opening(
    registry: Registry, tmp_path: Path, what: str, key: str | None
) -> None:
    document = file(registry)

    with (
        obstacle(registry, tmp_path, document, what),
        pytest.raises(ErasureUnfinished, match="est enregistré") as told,
    ):
        erase(registry, document, key)

    assert "jalon document check --clean" in str(told.value)
    kept = registry.load(Document, document)
    assert kept
    assert kept.is_erased
    finish_erasures(registry)
    assert is_gone(registry, document)


@pytest.mark.parametrize("what", ["the key", "the bytes"])
def test_the_check_tells_of_an_erasure_cut_short_and_finishes_it_when_asked(
    registry: Registry, tmp_path: Path, what: str
) -> None:
    """Even where no mark was left, as by a copy of the folder that was put back."""
    document = file(registry)
    with obstacle(registry, tmp_path, document, what), suppress(ErasureUnfinished):
        erase(registry, document)
    for _, mark in registry.documents.condemned():
        mark.unlink()

    (trouble,) = check_documents(registry).troubles
    cleaned = check_documents(registry, clean=True)

    assert "encore là" in trouble.sentence
    assert (cleaned.finished, cleaned.erased, cleaned.troubles) == (1, 1, ())
    assert is_gone(registry, document)
    assert check_documents(registry, clean=True).finished == 0


def test_the_mark_of_an_erasure_that_was_never_recorded_erases_nothing(
    registry: Registry, tmp_path: Path
) -> None:
    document = file(registry)
    mark = registry.documents.condemn(document)

    finish_erasures(registry)
    assert mark.exists(), "it may be under way"
    age(mark)
    finish_erasures(registry)

    assert not mark.exists()
    assert is_whole(registry, document)


# --- what was left ------------------------------------------------------------------------------


def age(file: Path) -> None:
    os.utime(file, (time.time() + AN_HOUR_AGO,) * 2)


def age_keys(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "keys.db")) as db, db:
        db.execute("UPDATE key SET made = made + ? WHERE subject <> ''", (AN_HOUR_AGO,))


def abandon(registry: Registry) -> None:
    """Lay down what a filing, and an act that seals a word, lay down before they are recorded."""
    made: dict[tuple[UUID, str], bytes] = {}
    kept, ciphertext = registry.enclose(PDF, document=uuid4(), made=made)
    made[uuid4(), SUMMARY.purpose] = bytes(32)
    assert registry.keys.keep(made)
    registry.documents.keep(kept.ciphertext, ciphertext)


def test_keys_and_bytes_of_what_died_before_it_was_recorded_are_told_then_destroyed(
    registry: Registry, tmp_path: Path
) -> None:
    document, exchange = file(registry), registry.do(SealFor(subject=uuid4()), make.by()).answer
    needed = keys(tmp_path)
    abandon(registry)

    young = check_documents(registry, clean=True)
    age_keys(tmp_path)
    for left in lying(tmp_path):
        age(left)
    told = check_documents(registry)
    old = check_documents(registry, clean=True)

    assert (young.orphans, young.orphan_keys, young.cleaned, young.destroyed_keys) == (1, 2, 0, 0)
    assert (told.orphans, told.orphan_keys, told.cleaned, told.destroyed_keys) == (1, 2, 0, 0)
    assert (old.orphans, old.orphan_keys, old.cleaned, old.destroyed_keys) == (0, 0, 1, 2)
    assert keys(tmp_path) == needed
    assert is_whole(registry, document)
    assert summary(registry, exchange) == "Camille"


def test_keys_of_the_state_before_a_restoration_are_kept(
    registry: Registry, tmp_path: Path
) -> None:
    """A copy made later than the one put back may still need them."""
    abandon(registry)
    age_keys(tmp_path)
    with closing(sqlite3.connect(tmp_path / "registry.db")) as db, db:
        now = int(time.time() * 1e6)
        db.execute("INSERT INTO restoration VALUES (?, 0, x'', 9, x'')", (now,))

    found = check_documents(registry, clean=True)

    assert (found.orphan_keys, found.destroyed_keys) == (2, 0)


def test_a_store_of_keys_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    """It did not say when its keys were made: all of them are taken for old."""
    with make.registry(tmp_path, publish=False) as registry:
        document = file(registry)
    with closing(sqlite3.connect(tmp_path / "keys.db")) as db, db:
        db.execute("ALTER TABLE key DROP COLUMN made")

    with make.registry(tmp_path, publish=False) as registry:
        assert is_whole(registry, document)
        assert {made for *_, made in registry.keys.made()} == {0}
        other = file(registry, documents.png())
        assert {made > 0 for s, _, made in registry.keys.made() if s == other} == {True}
        assert is_whole(registry, document)


def test_a_key_is_stored_once_or_with_all_the_others(tmp_path: Path) -> None:
    store = KeyStore.create(f"sqlite:///{tmp_path / 'keys.db'}", tmp_path / "kek")
    one, other = (uuid4(), "a"), (uuid4(), "a")
    assert store.keep({one: bytes(32)})

    assert not store.keep({other: bytes(32), one: bytes(range(32))})

    assert store.key(*one) == bytes(32)
    assert store.key(*other) is None
