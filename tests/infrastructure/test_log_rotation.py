"""New keys under the same name, a new log after a lost one: on record, resumable, provable."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from application.log import LogAct
from domain.checkpoint import Checkpoint
from domain.log import LOGS, Continuity, GroundMissing, NotALogName, SignedLogs
from domain.logged import LogProof
from domain.note import KeyKind, SignedNote
from domain.roles import Role
from domain.trust_policy import TrustPolicy
from infrastructure.audit_log import LogDamaged
from infrastructure.log_folder import KeysDamaged
from infrastructure.log_keys import KINDS
from infrastructure.log_rotation import (
    NameTaken,
    NothingSigned,
    NotSignedHere,
    OpeningUnfinished,
    StillSigns,
    UnknownKey,
)
from infrastructure.log_signer import LogSigner, OtherOrigin, RolledBack
from infrastructure.trust import NotTrusted, logged, trusted
from interfaces.wiring import Product, Settings
from tests.infrastructure.test_public_log import grow, size_of
from tests.make import begin

BOTH = list(KINDS)
FIRST, SECOND = "registre.exemple/journal", "registre.exemple/journal-2"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    settings = Settings(home=tmp_path / "home", database="", origin=FIRST)
    begin(settings)
    with closing(Product(settings)) as made:
        yield made


def recording(product: Product, ground: str | None = "décision du 3 juin") -> Callable[..., object]:
    by = product.operator(Role.ADMINISTRATOR)

    def record(act: LogAct) -> object:
        return product.do(act.model_copy(update={"ground": ground}), by)

    return record


def policy(product: Product) -> TrustPolicy:
    return TrustPolicy.read(product.log.policy().encode())


def named(product: Product, origin: str) -> closing[Product]:
    """The same registry, whose log has another name by its setting."""
    return closing(Product(product.settings.model_copy(update={"origin": origin})))


def acts(product: Product) -> list[type]:
    return [type(recorded.event) for recorded in product.journal.history(LOGS)]


# --- keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kinds", [BOTH, BOTH[:1], BOTH[1:]])
def test_new_keys_are_signed_by_the_old_ones_and_then_sign_alone(
    product: Product, kinds: list[KeyKind]
) -> None:
    before = product.log.sign()
    old = product.log.signer.verifiers()
    change = product.log.rotate_keys(kinds, recording(product))
    new = product.log.signer.verifiers()
    grow(product, 3)
    after = product.log.sign()

    assert {key.kind for key in set(old) - set(new)} == set(kinds)
    signers = [{line.key for line in note.signatures} for note in (before, change, after)]
    assert signers == [{k.id for k in old}, {k.id for k in [*old, *new]}, {k.id for k in new}]
    for note in (before, change, after):
        assert trusted(note, policy(product)).checkpoint.origin == FIRST
    said = product.log.policy()
    assert f"# signe de 0 jusqu'à {size_of(change)}\nlog {old[BOTH.index(kinds[0])]}" in said
    seeds = {path.name for path in product.settings.signing.glob("*.key")}
    assert len(seeds) == 2, "a key that signs no more is no longer there to be stolen"


def test_the_change_is_on_record_with_who_and_why(product: Product) -> None:
    product.log.sign()
    old = product.log.signer.verifiers()
    note = product.log.rotate_keys(BOTH, recording(product))

    (recorded,) = product.journal.history(LOGS)
    event = recorded.event
    assert isinstance(event, SignedLogs.KeysChanged)
    assert event.meta.ground == "décision du 3 juin"
    assert event.meta.role is Role.ADMINISTRATOR
    assert set(event.retired) == {str(key) for key in old}
    assert set(event.added) == {str(key) for key in product.log.signer.verifiers()}
    assert recorded.position == size_of(note), "it is in the log that both sign"


def test_without_a_ground_nothing_is_changed_and_later_it_is(product: Product) -> None:
    product.log.sign()
    keys = product.log.signer.verifiers()

    with pytest.raises(GroundMissing):
        product.log.rotate_keys(BOTH, recording(product, None))

    assert product.log.signer.verifiers() == keys
    grow(product, 3)
    product.log.sign()
    assert acts(product) == []
    product.log.rotate_keys(BOTH, recording(product))
    assert not set(product.log.signer.verifiers()) & set(keys)


def test_a_proof_made_before_holds_until_its_key_is_declared_compromised(product: Product) -> None:
    product.log.sign()
    proof = LogProof.read(str(product.log.proof_of("3")).encode())
    old = product.log.signer.verifiers()
    with pytest.raises(StillSigns):
        product.log.distrust(old[0].id.hex(), recording(product))
    product.log.rotate_keys(BOTH, recording(product))
    assert logged(proof, policy(product))

    product.log.distrust(old[0].id.hex(), recording(product))

    assert trusted(proof.note, policy(product)).log == old[1], "the other key still answers for it"
    product.log.distrust(old[1].id.hex(), recording(product))
    product.log.distrust(old[1].id.hex(), recording(product))
    with pytest.raises(NotTrusted):
        logged(proof, policy(product))
    with pytest.raises(NotSignedHere):
        product.log.compare(proof.note)
    assert acts(product) == [SignedLogs.KeysChanged, *[SignedLogs.KeyDistrusted] * 2]
    grow(product, 60)
    product.log.sign()
    assert logged(product.log.proof_of("3"), policy(product))
    with pytest.raises(UnknownKey):
        product.log.distrust("00000000", recording(product))


def test_keys_change_as_often_as_one_wants(product: Product) -> None:
    notes = [product.log.sign()]
    for kinds in (BOTH, BOTH[:1], BOTH, BOTH[1:]):
        notes.append(product.log.rotate_keys(kinds, recording(product)))
        grow(product, 2)
        notes.append(product.log.sign())

    assert len(product.log.keys()) == 2 + 2 + 1 + 2 + 1
    for note in notes:
        assert trusted(note, policy(product))
        assert product.log.compare(note).found is Continuity.CONTINUED


def test_a_log_that_was_rolled_back_gets_no_new_keys(product: Product, tmp_path: Path) -> None:
    product.back_up(tmp_path / "hier")
    grow(product, 3)
    product.log.sign()
    keys = product.log.keys()
    product.restore(tmp_path / "hier")

    with pytest.raises(RolledBack):
        product.log.rotate_keys(BOTH, recording(product))

    assert product.log.keys() == keys


@pytest.mark.parametrize("content", [b"", b"{}", b"[]x", b'[{"key": "x"}]', b"\xff"])
def test_a_list_of_keys_that_is_damaged_signs_nothing(product: Product, content: bytes) -> None:
    product.log.sign()
    grow(product, 3)
    (product.settings.signing / "keys.json").write_bytes(content)

    with pytest.raises(KeysDamaged):
        product.log.sign()


def test_signatures_made_before_keys_were_listed_go_on(product: Product) -> None:
    """An earlier version kept two seeds, and no list."""
    note = product.log.sign()
    keys = product.log.signer.verifiers()
    (product.settings.signing / "keys.json").unlink()
    grow(product, 3)

    later = product.log.sign()

    assert size_of(later) > size_of(note)
    assert product.log.signer.verifiers() == keys
    (product.settings.signing / "keys.json").unlink()
    (product.settings.signing / "ed25519.key").write_bytes(b"x" * 32)
    with pytest.raises(KeysDamaged):
        product.log.signer.verifiers()
    assert not (product.settings.signing / "keys.json").exists()


# --- logs ---------------------------------------------------------------------------------------


def lost(product: Product, tmp_path: Path) -> SignedNote:
    """Put yesterday's store back; gives the note that was signed today."""
    grow(product, 3)
    product.log.sign()
    product.back_up(tmp_path / "hier")
    grow(product, 4)
    note = product.log.sign()
    product.restore(tmp_path / "hier")
    return note


def test_a_lost_end_is_found_by_who_kept_a_note_and_is_on_record_for_ever(
    product: Product, tmp_path: Path
) -> None:
    note = lost(product, tmp_path)
    size = product.journal.size()
    with pytest.raises(RolledBack):
        product.log.sign()
    found = product.log.compare(note)
    assert (found.found, found.size, found.loss) == (Continuity.ROLLED_BACK, size, None)

    first = product.log.rotate_log(SECOND, recording(product))

    assert Checkpoint.read(first.text).origin == SECOND
    assert size_of(first) == size + 1 == product.journal.size()
    event = product.journal.history(LOGS)[-1].event
    assert isinstance(event, SignedLogs.Opened)
    assert (event.origin, event.note, event.found) == (SECOND, str(note), Continuity.ROLLED_BACK)
    with pytest.raises(OtherOrigin):
        product.log.sign()
    with named(product, SECOND) as later:
        grow(later, 60)
        assert size_of(later.log.sign()) > size_of(note)
        proof = later.log.proof_of(str(size_of(first)))
        assert logged(proof, policy(later)).checkpoint.origin == SECOND
        assert b'"k":"log.opened.v1"' in proof.entry
        again = later.log.compare(note)
        assert (again.found, again.loss) == (Continuity.REWRITTEN, size)
        assert later.log.compare(first).found is Continuity.CONTINUED
        assert trusted(note, policy(later)).checkpoint.origin == FIRST
        assert later.log.policy().count(f"# signe de {size_of(first)}\nlog {SECOND}") == 2


def test_the_mutant_that_signs_whatever_the_store_has_is_caught(
    product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signer that does not look back denies what it signed: who kept the note finds it."""
    note = lost(product, tmp_path)
    grow(product, 60)
    with monkeypatch.context() as careless:
        careless.setattr(LogSigner, "must_go_on", lambda *_: None)
        careless.setattr(
            product.log.tree, "read_again", lambda _, size: product.log.tree.root(size)
        )
        assert size_of(product.log.sign()) > size_of(note)

    assert product.log.compare(note).found is Continuity.REWRITTEN


def test_a_log_may_go_on_under_another_name_though_nothing_is_lost(product: Product) -> None:
    note = product.log.sign()
    grow(product, 5)

    first = product.log.rotate_log(SECOND, recording(product))

    event = product.journal.history(LOGS)[-1].event
    assert isinstance(event, SignedLogs.Opened)
    assert event.found is Continuity.CONTINUED
    assert SignedNote.read(event.note.encode()).text != note.text, "all of it was signed first"
    with named(product, SECOND) as later:
        assert later.log.compare(note).found is Continuity.CONTINUED
        assert later.log.rotate_keys(BOTH, recording(later))
        third = later.log.rotate_log("registre.exemple/3", recording(later))
        assert size_of(third) > size_of(first)
        assert not list(later.settings.signing.glob("*.key")), "a closed log has no keys to steal"
    with named(product, "registre.exemple/3") as last:
        for old in (note, first, third):
            assert last.log.compare(old).found is Continuity.CONTINUED
        assert len({known.key.name for known in policy(last).logs}) == 3


@pytest.mark.parametrize(
    ("origin", "refusal"),
    [(FIRST, NameTaken), ("a b", NotALogName), ("", NotALogName), ("x" * 256, NotALogName)],
)
def test_a_name_that_is_taken_or_none_opens_nothing(
    product: Product, origin: str, refusal: type[Exception]
) -> None:
    product.log.sign()
    size = product.journal.size()

    with pytest.raises(refusal):
        product.log.rotate_log(origin, recording(product))

    assert product.journal.size() == size


def test_what_was_never_signed_has_nothing_that_follows_it(product: Product) -> None:
    with pytest.raises(NothingSigned):
        product.log.rotate_log(SECOND, recording(product))


def test_without_a_ground_no_loss_is_acknowledged(product: Product, tmp_path: Path) -> None:
    lost(product, tmp_path)

    with pytest.raises(GroundMissing):
        product.log.rotate_log(SECOND, recording(product, None))

    assert acts(product) == []
    with pytest.raises(RolledBack):
        product.log.sign()


def test_a_damaged_journal_is_signed_under_no_name(product: Product) -> None:
    product.log.sign()
    with closing(sqlite3.connect(product.settings.home / "registry.db")) as db, db:
        db.execute("UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 5")

    with pytest.raises(LogDamaged):
        product.log.rotate_log(SECOND, recording(product))

    assert acts(product) == []


def test_a_note_of_somebody_else_proves_nothing(product: Product, tmp_path: Path) -> None:
    product.log.sign()
    other = product.settings.model_copy(update={"home": tmp_path / "autre"})
    begin(other)
    with closing(Product(other)) as stranger:
        note = stranger.log.sign()

    with pytest.raises(NotSignedHere):
        product.log.compare(note)
    ours = product.log.sign()
    with pytest.raises(NotSignedHere):
        product.log.compare(SignedNote(ours.text.replace("\n", "\n1", 1), ours.signatures))


def test_an_opening_that_was_interrupted_is_finished_under_its_own_name(
    product: Product,
) -> None:
    """The store says that it was opened, and the folder of signatures is the one from before."""
    product.log.sign()
    folder, copy = product.settings.signing, product.settings.home / "copie"
    shutil.copytree(folder, copy)
    product.log.rotate_log(SECOND, recording(product))
    shutil.rmtree(folder)
    copy.rename(folder)

    with pytest.raises(OpeningUnfinished, match=SECOND):
        product.log.rotate_log("registre.exemple/3", recording(product))
    first = product.log.rotate_log(SECOND, recording(product))

    assert acts(product) == [SignedLogs.Opened]
    assert size_of(first) == product.journal.size()
    assert json.loads((folder / "2" / "keys.json").read_text())[0]["standing"] == "signing"
