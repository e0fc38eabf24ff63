"""The signed log: it only ever grows, anyone can read it by tiles, and prove what is in it."""

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest
from starlette.testclient import TestClient

from application.pole import NoteContact, RegisterPole
from domain.checkpoint import Checkpoint
from domain.logged import LogProof
from domain.note import KeyKind, SignedNote
from domain.pole import PoleId
from domain.proofs import grew
from domain.tiles import Tile, tiles_of
from domain.trust_policy import TrustPolicy
from infrastructure.audit_log import LogDamaged
from infrastructure.log_folder import KeysDamaged
from infrastructure.log_signer import Rewritten, RolledBack
from infrastructure.public_log import UnknownEvent
from infrastructure.signatures import SigningKey
from infrastructure.trust import NotTrusted, logged, trusted
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.make import ORIGIN, begin


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    settings = Settings(home=tmp_path / "home", database="", origin=ORIGIN)
    begin(settings)
    with closing(Product(settings)) as made:
        yield made


def grow(product: Product, times: int) -> None:
    """So many events more."""
    by = product.operator()
    pole = PoleId(product.do(RegisterPole(name="Pôle d'essai"), by).answer)
    while product.journal.size() % 7 or times > 1:
        product.do(NoteContact(pole=pole, channel="courrier", outcome="sans suite"), by)
        times -= 1


def size_of(note: SignedNote) -> int:
    return Checkpoint.read(note.text).size


# --- signing ------------------------------------------------------------------------------------


def test_what_is_signed_is_the_size_and_the_root_by_two_keys(product: Product) -> None:
    note = product.log.sign()
    found = Checkpoint.read(note.text)

    assert found.size == product.journal.size()
    assert found.root == product.verify().root
    assert found.origin == "registre.localhost/journal"
    policy = TrustPolicy.read(product.log.policy().encode())
    assert [log.key.kind for log in policy.logs] == [
        KeyKind.ED25519,
        KeyKind.MLDSA44_COSIGNATURE,
    ]
    assert trusted(note, policy).checkpoint == found
    for key in policy.logs:  # each signature by itself
        alone = TrustPolicy.read(f"log {key.key}\nquorum none".encode())
        assert trusted(note, alone).log == key.key
    ed25519, mldsa44 = sorted(note.signatures, key=lambda line: len(line.value))
    with pytest.raises(NotTrusted, match=r"la clé ML-DSA-44 .* de votre politique"):
        trusted(SignedNote(note.text, (ed25519,)), policy)
    assert trusted(SignedNote(note.text, (mldsa44,)), policy), "what is to last is enough"


def test_a_log_that_has_not_grown_is_not_signed_again(product: Product) -> None:
    note = product.log.sign()

    assert product.log.sign() == note
    grow(product, 3)
    later = product.log.sign()

    assert size_of(later) > size_of(note)
    assert product.log.signer.note(size_of(note)) == note
    assert product.log.signer.latest() == later


def test_each_log_that_was_signed_is_the_beginning_of_the_next(product: Product) -> None:
    notes = [product.log.sign()]
    for times in (1, 5, 40):
        grow(product, times)
        notes.append(product.log.sign())

    told = [Checkpoint.read(note.text) for note in notes]
    for before, after in pairwise(told):
        path = product.log.tree.consistency(before.size, after.size)
        assert grew(before.size, before.root, after.size, after.root, path)


def test_yesterday_s_store_is_not_signed(product: Product, tmp_path: Path) -> None:
    grow(product, 3)
    product.back_up(tmp_path / "hier")
    grow(product, 3)
    signed = product.log.sign()
    product.restore(tmp_path / "hier")

    with pytest.raises(RolledBack) as refused:
        product.log.sign()

    assert f"{size_of(signed)} ont déjà été signés" in refused.value.say("fr")
    assert product.log.signer.latest() == signed
    grow(product, 60)  # nor when it has grown beyond what was signed
    with pytest.raises(Rewritten):
        product.log.sign()
    assert product.log.signer.latest() == signed


@pytest.mark.parametrize("position", [1, 17, 30])
def test_a_beginning_that_was_rewritten_is_not_signed(product: Product, position: int) -> None:
    grow(product, 30)
    product.log.sign()
    grow(product, 3)
    with closing(sqlite3.connect(product.settings.home / "registry.db")) as db, db:
        for column in ("leaf", "peak"):
            db.execute(
                f"UPDATE event SET {column} = zeroblob(32) WHERE position >= ?",
                [position],
            )

    with pytest.raises(Rewritten):
        product.log.sign()


CHANGES = {
    "state": "UPDATE event SET state = CAST(replace(state, 'courrier', 'courriel') AS BLOB)",
    "instant": "UPDATE event SET recorded_at = recorded_at + 1",
    "topic": "UPDATE event SET topic = 'pole.renamed.v1'",
    "leaf": "UPDATE event SET leaf = zeroblob(32)",
    "peak": "UPDATE event SET peak = zeroblob(32)",
    "row": "DELETE FROM event",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("signed_before", [True, False])
def test_an_event_that_was_changed_before_it_was_signed_is_never_signed(
    product: Product, change: str, *, signed_before: bool
) -> None:
    grow(product, 5)
    note = product.log.sign() if signed_before else None
    grow(product, 20)
    changed = product.journal.size() - 9
    with closing(sqlite3.connect(product.settings.home / "registry.db")) as db, db:
        db.execute(f"{CHANGES[change]} WHERE position = ?", [changed])

    with pytest.raises(LogDamaged) as refused:
        product.log.sign()

    assert refused.value.details["index"] in (changed - 1, changed)
    assert product.log.signer.latest() == note


def test_only_what_is_new_is_read_again_and_a_changed_past_is_for_the_whole_verification(
    product: Product,
) -> None:
    grow(product, 5)
    size = size_of(product.log.sign())
    with closing(sqlite3.connect(product.settings.home / "registry.db")) as db, db:
        db.execute(f"{CHANGES['state']} WHERE position = ?", [size])
    grow(product, 3)

    assert size_of(product.log.sign()) > size
    with pytest.raises(LogDamaged):
        product.verify()


@pytest.mark.parametrize("name", ["ed25519.key", "mldsa44.key", "checkpoint"])
@pytest.mark.parametrize("content", [None, b"", b"x" * 31, b"x" * 32, b"une note\n"])
def test_a_key_that_is_lost_or_changed_signs_nothing(
    product: Product, name: str, content: bytes | None
) -> None:
    product.log.sign()
    grow(product, 3)
    file = product.settings.signing / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    elif name == "checkpoint":
        return  # nothing is left that says what was signed

    with pytest.raises(KeysDamaged):
        product.log.sign()
    assert file.exists() == (content is not None)


def test_several_who_sign_at_once_sign_one_log(product: Product) -> None:
    grow(product, 3)
    with closing(Product(product.settings)) as other, ThreadPoolExecutor(8) as pool:
        notes = list(pool.map(lambda n: (product, other)[n % 2].log.sign(), range(16)))

    assert len({str(note) for note in notes}) == 1


def test_the_keys_are_their_owner_s_alone_and_in_no_backup(
    product: Product, tmp_path: Path
) -> None:
    product.log.sign()
    product.back_up(tmp_path / "copie")

    seeds = [path.read_bytes() for path in product.settings.signing.glob("*.key")]
    assert len(seeds) == 2
    for path in product.settings.signing.rglob("*.key"):
        assert path.stat().st_mode & 0o077 == 0
    assert product.settings.signing.stat().st_mode & 0o077 == 0
    for path in (p for p in tmp_path.glob("copie*") if p.is_file()):
        assert not any(seed in path.read_bytes() for seed in seeds)


# --- proofs -------------------------------------------------------------------------------------


def test_every_event_is_proved_to_be_in_the_log(product: Product) -> None:
    grow(product, 10)
    policy = TrustPolicy.read(product.log.policy().encode())

    for row in product.journal.proofs(0, 1000):
        proof = LogProof.read(str(product.log.proof_of(row.event_id)).encode())

        assert logged(proof, policy).checkpoint.size == product.journal.size()
        assert proof.index == row.position - 1
        assert row.event_id in proof.entry.decode()
        assert b"state" not in proof.entry
        assert product.log.proof_of(str(proof.index + 1)) == proof


def test_an_event_newer_than_the_last_checkpoint_is_signed_first(product: Product) -> None:
    before = product.log.sign()
    grow(product, 3)
    last = product.journal.size() - 1

    assert product.log.proof_of("1").note == before
    assert size_of(product.log.proof_of(str(last + 1)).note) == last + 1


def test_a_proof_holds_of_no_other_entry_place_key_or_quorum(product: Product) -> None:
    grow(product, 10)
    proof = product.log.proof_of("3")
    policy = TrustPolicy.read(product.log.policy().encode())
    witness = SigningKey("temoin.exemple", KeyKind.ED25519_COSIGNATURE, bytes(32)).verifier
    stranger = SigningKey("registre.localhost/journal", KeyKind.ED25519, bytes(32)).verifier
    asking = f"{product.log.policy()}".replace("quorum none", f"witness W {witness}\nquorum W")

    for other in (
        LogProof(proof.entry.replace(b'"i":3', b'"i":4'), 3, proof.path, proof.note),
        LogProof(proof.entry, 4, proof.path, proof.note),
        LogProof(proof.entry, 3, proof.path[:-1], proof.note),
        LogProof(proof.entry, 3, (*proof.path, bytes(32)), proof.note),
    ):
        with pytest.raises(NotTrusted):
            logged(other, policy)
    for trust in (f"log {stranger}\nquorum none", "quorum none", asking):
        with pytest.raises(NotTrusted):
            logged(proof, TrustPolicy.read(trust.encode()))


def test_a_quorum_is_met_by_witnesses_who_signed_the_same(product: Product) -> None:
    note = product.log.sign()
    found = Checkpoint.read(note.text)
    kinds = (KeyKind.ED25519_COSIGNATURE, KeyKind.MLDSA44_COSIGNATURE)
    seen = [SigningKey(f"temoin.exemple/{k}", k, bytes([k]) * 32) for k in kinds]
    lines = "".join(f"witness W{n} {key.verifier}\n" for n, key in enumerate(seen))
    asked = product.log.policy().replace("quorum none\n", f"{lines}group all-of all W0 W1\n")
    policy = TrustPolicy.read(f"{asked}quorum all-of\n".encode())
    cosigned = SignedNote(note.text, (*note.signatures, *(key.sign(found) for key in seen)))

    assert set(trusted(cosigned, policy).witnesses) == {"W0", "W1"}
    with pytest.raises(NotTrusted, match="trop peu de témoins"):
        trusted(SignedNote(note.text, cosigned.signatures[:-1]), policy)
    other = seen[1].sign(Checkpoint(found.origin, found.size, bytes(32)))
    with pytest.raises(NotTrusted, match="n'est pas la sienne"):
        trusted(SignedNote(note.text, (*cosigned.signatures[:-1], other)), policy)


@pytest.mark.parametrize("event", ["", "abc", "-1", "99999", "²", "9" * 400, "0" * 36])
def test_what_is_no_event_has_no_proof(product: Product, event: str) -> None:
    with pytest.raises(UnknownEvent):
        product.log.proof_of(event)


# --- tiles --------------------------------------------------------------------------------------


def root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, written again."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:])).digest()


def test_the_log_is_read_whole_by_its_tiles_and_gives_the_signed_root(product: Product) -> None:
    grow(product, 600)
    with TestClient(create_app(product)) as client:
        assert client.get("/journal/checkpoint").status_code == 404
        assert client.get("/journal/tile/0/000").status_code == 404
        product.log.sign()
        note = client.get("/journal/checkpoint")
        found = Checkpoint.read(SignedNote.read(note.content).text)
        hashes: dict[int, list[bytes]] = {}
        entries = b""
        for tile in tiles_of(found.size):
            answer = client.get(f"/journal/tile/{tile.level}/{tile.path}")
            assert answer.status_code == 200, tile
            assert len(answer.content) == 32 * tile.width
            assert "immutable" in answer.headers["cache-control"]
            parts = [answer.content[at : at + 32] for at in range(0, len(answer.content), 32)]
            hashes.setdefault(tile.level, []).extend(parts)
            if tile.level == 0:
                path = f"/journal/tile/entries/{tile.path}"
                auditor = {"authorization": f"Bearer {product.token}"}
                funder = {**auditor, "jalon-role": "funder"}
                assert client.get(path).status_code == 403
                assert client.get(path, headers=funder).status_code == 403
                told = client.get(path, headers=auditor)
                assert told.headers["cache-control"] == "no-store"
                entries += told.content

    assert note.headers["content-type"] == "text/plain; charset=utf-8"
    assert len(hashes[0]) == found.size > 512
    assert root(hashes[0]) == found.root
    noted = [(one.concept, one.part) for one in product.read_accesses(product.operator())]
    assert noted == [("log", "entries")] * 3
    assert hashes[1] == [root(hashes[0][at : at + 256]) for at in (0, 256)]
    assert [sha256(b"\x00" + entry).digest() for entry in apart(entries)] == hashes[0]


def apart(content: bytes) -> Iterator[bytes]:
    while content:
        length = int.from_bytes(content[:2])
        yield content[2 : 2 + length]
        content = content[2 + length :]


@pytest.mark.parametrize(
    "path",
    [
        "0/001",
        "0/000.p/256",
        "0/000.p/0",
        "0/000.p/007",
        "0/0",
        "0/x000/000",
        "00/000",
        "1/000",
        "8/000",
        "0/x999/x999/999",
        "0/000/",
        "0/../checkpoint",
        "entries/001",
        "entries/000.p/999",
        "é/000",
    ],
)
def test_a_tile_that_the_signed_log_has_not_is_not_found(product: Product, path: str) -> None:
    product.log.sign()
    with TestClient(create_app(product)) as client:
        auditor = {"authorization": f"Bearer {product.token}"}
        assert client.get(f"/journal/tile/{path}", headers=auditor).status_code == 404


def test_what_was_recorded_since_is_not_shown_before_it_is_signed(product: Product) -> None:
    size = size_of(product.log.sign())
    grow(product, 3)
    with TestClient(create_app(product)) as client:
        shown, ahead = Tile(0, 0, size).path, Tile(0, 0, size + 1).path
        assert client.get(f"/journal/tile/0/{shown}").status_code == 200
        assert client.get(f"/journal/tile/0/{ahead}").status_code == 404
        auditor = {"authorization": f"Bearer {product.token}"}
        path = f"/journal/tile/entries/{ahead}"
        assert client.get(path, headers=auditor).status_code == 404


@pytest.mark.parametrize(
    ("number", "path"),
    [(0, "000"), (67, "067"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")],
)
def test_the_path_of_a_tile_is_that_of_the_specification(number: int, path: str) -> None:
    assert Tile(0, number).path == path
    assert Tile.at(0, path) == Tile(0, number)


def test_a_log_of_seventy_thousand_has_the_tiles_that_the_specification_says() -> None:
    tiles = tiles_of(70_000)

    assert sum(tile.level == 0 and tile.width == 256 for tile in tiles) == 273
    assert [(t.level, t.width) for t in tiles if t.width < 256] == [(0, 112), (1, 17), (2, 1)]
    assert all(tile.is_of(70_000) for tile in tiles)
    assert [(t.level, t.width) for t in tiles_of(256)] == [(0, 256), (1, 1)]


def test_a_home_that_was_moved_away_does_not_stop_the_registry(
    product: Product, tmp_path: Path
) -> None:
    product.log.sign()
    shutil.rmtree(product.settings.signing)

    grow(product, 2)  # what is recorded does not wait for signatures
    assert product.verify().size == product.journal.size()


def test_a_server_signs_a_log_that_has_a_name_as_it_grows(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infrastructure.public_log.EVERY", 0.02)
    named = product.settings.model_copy(update={"origin": "registre.exemple/journal"})
    with closing(Product(named)) as served, served.following():
        first = awaited(served, 0)
        grow(product, 3)
        later = awaited(served, max(size_of(first), product.journal.size() - 1))
    with product.following():
        grow(product, 3)
        sleep(0.2)

    assert Checkpoint.read(later.text).origin == "registre.exemple/journal"
    assert product.log.signer.latest() == later, "a server whose log has no name signs nothing"


def awaited(product: Product, size: int) -> SignedNote:
    """The first note that is signed of more than a size."""
    until = monotonic() + 20
    while monotonic() < until:
        note = product.log.signer.latest()
        if note and size_of(note) > size:
            return note
        sleep(0.01)
    raise TimeoutError
