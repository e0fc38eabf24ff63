"""Killed at any step, whatever acts on the log leaves it consistent, and can be done again."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.log import LOGS, Continuity
from domain.note import SignedNote
from domain.trust_policy import TrustPolicy
from infrastructure.log_keys import KINDS
from infrastructure.trust import trusted
from interfaces.wiring import Product, Settings
from tests.authority import Authority, served_authority
from tests.infrastructure.test_public_log import grow, size_of
from tests.killing import ACTS, SECOND, record
from tests.make import begin
from tests.witness import Witness, served

FIRST = "registre.exemple/journal"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A registry whose log has grown since it was signed."""
    made = Settings(home=tmp_path / "home", database="", origin=FIRST)
    begin(made)
    with closing(Product(made)) as product:
        product.log.sign()
        grow(product, 5)
    return made


def killed(settings: Settings, act: str, steps: int, **more: str) -> Iterator[Product]:
    """The registry as each kill left it; the last time, as the act itself did."""
    copies = settings.home.parent / f"copies-{act}"
    copies.mkdir()
    given = [f"{name}={value}" for name, value in {"origin": FIRST, **more}.items()]
    line = [sys.executable, "-m", "tests.killing", str(settings.home), str(copies), act, *given]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == steps + 1
    for step in range(steps + 1):
        found = settings.model_copy(update={"home": copies / str(step), **more})
        with closing(Product(found)) as product:
            yield product


def checked(product: Product) -> SignedNote:
    """The last note, which somebody else believes, and of which the journal is the continuation."""
    note = product.log.signer.latest()
    assert note
    assert trusted(note, TrustPolicy.read(product.log.policy().encode()))
    assert product.log.compare(note).found is Continuity.CONTINUED
    return note


@pytest.mark.long
def test_signing(settings: Settings) -> None:
    for product in killed(settings, "sign", 2):
        before = checked(product)
        after = product.log.sign()
        assert size_of(before) <= size_of(after) == product.journal.size()
        assert checked(product) == after == product.log.note(size_of(after))


@pytest.mark.long
def test_signing_for_the_first_time(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database="", origin=FIRST)
    begin(settings)

    for product in killed(settings, "sign", 5):
        product.log.sign()
        keys = product.log.signer.verifiers()
        checked(product)
        grow(product, 2)
        product.log.sign()
        assert product.log.signer.verifiers() == keys


def test_changing_keys(settings: Settings) -> None:
    for product in killed(settings, "rotate-key", 8):
        checked(product)
        grow(product, 2)
        product.log.sign()
        checked(product)
        recorded = len(product.journal.history(LOGS))
        product.log.rotate_keys(list(KINDS), record(product))
        assert len(product.journal.history(LOGS)) - recorded in (0, 1)
        checked(product)
        assert len(list(product.settings.signing.glob("*.key"))) == 2


@pytest.mark.long
def test_opening_another_log(settings: Settings) -> None:
    for product in killed(settings, "rotate-log", 10):
        finished = product.log.signer.folder.current == 2
        if not finished:
            checked(product)
            product.log.sign()
            product.log.rotate_log(SECOND, record(product))
        assert len(product.journal.history(LOGS)) == 1
        named = product.settings.model_copy(update={"origin": SECOND})
        with closing(Product(named)) as later:
            checked(later)
            grow(later, 2)
            assert size_of(later.log.sign()) == later.journal.size()
            checked(later)


def test_being_cosigned(settings: Settings, tmp_path: Path) -> None:
    with closing(Product(settings)) as product:
        product.log.sign()
        keys = [str(key) for key in product.log.signer.verifiers()]
        witness = Witness("temoin.exemple", keys, tmp_path / "witness.json")
        with served(witness) as url:
            policy = tmp_path / "politique"
            policy.write_text(f"witness W {witness.vkey} {url}\nquorum W\n")
            product.log.trust(policy)
            for after in killed(settings, "ask", 4):
                after.log.witnesses.ask()
                assert checked(after) == after.log.signer.witnessed()
                assert len(checked(after).signatures) == 3


@pytest.mark.long
def test_being_stamped(settings: Settings, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "authority").make()
    with served_authority(authority) as url:
        asked = {"tsa": url, "tsa_ca": str(authority.root)}
        for product in killed(settings, "stamp", 3, **asked):
            assert len(product.log.check_stamps()) in (0, 1)
            product.log.stamp()
            assert len(product.log.check_stamps()) == 1
            checked(product)


def test_every_act_is_killed() -> None:
    assert set(ACTS) == {"sign", "ask", "stamp", "rotate-key", "rotate-log"}
