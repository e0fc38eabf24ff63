"""Every store that a version ever wrote opens, verifies and rebuilds in this one."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.claim import RecordClaim
from application.personal import ERASED
from domain.charter import CharterSignature
from domain.claim import ClaimWithoutSource
from domain.dates import PartialDate
from domain.roles import Role
from interfaces.store import migrate
from interfaces.wiring import Caller, Product, Settings
from tests.interfaces.people import PASSWORD
from tests.make import lasting
from tests.stores.make import FORGOTTEN, STORES, revision, write

KEPT = sorted(path.parent for path in STORES.glob("*/known.json"))


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def kept(request: pytest.FixtureRequest) -> Path:
    """The folder of a store, as its version left it."""
    folder: Path = request.param
    return folder


@pytest.fixture
def known(kept: Path) -> dict[str, Any]:
    """What must be found in it."""
    found: dict[str, Any] = json.loads((kept / "known.json").read_text("utf-8"))
    return found


@cache
def present(kept: Path) -> Path:
    """A copy of the store, brought to the present format and followed: once for all that ask."""
    home = lasting() / "home"
    settings = Settings(home=shutil.copytree(kept, home), database="")
    migrate(settings)
    with closing(Product(settings)) as opened:
        opened.follower.catch_up()
    return home


@pytest.fixture
def product(kept: Path, tmp_path: Path) -> Iterator[Product]:
    """A copy of the store in the present format, opened."""
    home = shutil.copytree(present(kept), tmp_path / "home")
    with closing(Product(Settings(home=home, database=""))) as opened:
        yield opened


def test_a_store_is_kept() -> None:
    assert KEPT
    assert sum(path.stat().st_size for path in STORES.rglob("*.db")) < 1_300_000 * len(KEPT)


def test_every_leaf_and_the_root_are_those_of_then(product: Product, known: dict[str, Any]) -> None:
    verified = product.verify()

    assert (verified.size, verified.root.hex()) == (known["size"], known["root"])


def test_every_event_is_read(product: Product) -> None:
    for row in product.journal.rows(0, 1000):
        assert row.read().event.TOPIC


def test_the_lists_rebuilt_from_nothing_are_the_same(product: Product) -> None:
    kept = product.follower.digests()

    product.follower.rebuild()

    assert product.follower.digests() == kept


def test_the_poles_and_their_stages_are_those_of_then(
    product: Product, known: dict[str, Any]
) -> None:
    lines = product.register.lines(product.moment())

    assert [line.code for line in lines] == known["poles"]
    assert [line.stage for line in lines] == known["stages"]
    assert [line.statement for line in product.claims.lines(product.moment())] == known["claims"]


def test_every_question_is_answered(product: Product, known: dict[str, Any]) -> None:
    moment = product.moment()

    for code in known["poles"]:
        assert product.sheet(code, moment).code == code
        assert product.history(code, moment)
        product.why(code, moment)  # one that has ended has no way out
    assert product.sheet(known["poles"][0], moment).charter_signed


def test_the_sealed_name_is_opened(product: Product, known: dict[str, Any]) -> None:
    signed = product.registry.history(UUID(known["signature"]))[0].event

    assert isinstance(signed, CharterSignature.Signed)
    name = product.registry.unseal(
        signed.signatory, event=CharterSignature.Signed, field="signatory"
    )
    assert name == known["signatory"]


def test_the_sealed_name_lies_nowhere_in_clear(kept: Path, known: dict[str, Any]) -> None:
    for path in kept.rglob("*"):
        if path.is_file() and path.name != "known.json":
            assert known["signatory"].encode() not in path.read_bytes()


def test_who_was_forgotten_stays_so(kept: Path, product: Product, known: dict[str, Any]) -> None:
    if "forgotten" not in known:  # nobody was, in a store of before
        return
    by = product.operator(Role.MODERATOR)

    sheet = product.contribution(UUID(known["forgotten"]), by, product.moment())

    assert (sheet.author, sheet.text) == (ERASED, ERASED)
    for path in kept.rglob("*"):
        assert not path.is_file() or FORGOTTEN.encode() not in path.read_bytes()


def test_whoever_had_an_account_still_gets_in(
    kept: Path, product: Product, known: dict[str, Any]
) -> None:
    if "address" not in known:  # nobody had one, in a store of before
        return
    secret = product.desk.by_password(known["address"], PASSWORD, Caller())

    found = product.desk.signed_in(secret)

    assert found
    assert found.session.role is Role.COORDINATOR
    for path in kept.rglob("*"):
        if path.is_file() and path.name != "known.json" and path.suffix != ".eml":
            assert known["address"].encode() not in path.read_bytes()


def test_what_was_closed_then_reads_the_same(product: Product) -> None:
    assert [
        checked.differences for checked in product.check_snapshots() if checked.differences
    ] == []


def test_a_key_of_then_still_answers_or_has_expired(product: Product) -> None:
    size, told = product.journal.size(), product.claims.lines(product.moment())
    claim = RecordClaim(
        statement="Plus de cinquante pôles existent.",
        author="Une revue",
        occurred_on=PartialDate("2016"),
        source=next(line.source for line in told if line.author == "Une revue"),
    )

    try:
        done = product.do(claim, product.operator(), key="une-cle")
    except ClaimWithoutSource:  # the key has expired: the rules of today are asked
        assert claim.source is None
        assert product.journal.size() == size
    else:
        assert done.repeated == (product.journal.size() == size)


def test_what_is_recorded_next_follows_on(product: Product, known: dict[str, Any]) -> None:
    product.do(
        RecordClaim(statement="Un fait de plus.", author="Une revue", source="une revue"),
        product.operator(),
    )

    assert product.verify().size == known["size"] + 1


def test_the_script_that_writes_them_still_works(tmp_path: Path) -> None:
    known = write(tmp_path / "home")

    assert known["poles"] == json.loads((KEPT[-1] / "known.json").read_text("utf-8"))["poles"]
    assert revision(tmp_path / "home") >= revision(KEPT[-1])
