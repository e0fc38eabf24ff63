"""Time-stamps: one a day by a real authority, checked when it is kept and ever after."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from infrastructure.stamp import NotStamped, StampDamaged
from interfaces.wiring import Product, Settings
from tests.authority import Authority, served_authority
from tests.infrastructure.test_public_log import grow
from tests.make import ORIGIN, Clock, begin


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> tuple[Authority, Authority]:
    """Two authorities that know nothing of each other."""
    if shutil.which("openssl") is None:
        said = "no openssl here, which plays the authority: install it"
        if os.environ.get("JALON_REQUIRE_OPENSSL") == "1":
            pytest.fail(said)
        pytest.skip(said)
    folder = tmp_path_factory.mktemp("authorities")
    return Authority(folder / "one").make(), Authority(folder / "two").make()


@dataclass
class Stamped:
    """A registry whose log is stamped, its authority, its clock."""

    product: Product
    authority: Authority
    clock: Clock

    @property
    def folder(self) -> Path:
        return self.product.settings.signing / "stamps"


@pytest.fixture
def stamped(tmp_path: Path, authorities: tuple[Authority, Authority]) -> Iterator[Stamped]:
    authority = authorities[0]
    authority.status, authority.replay, authority.asked = 200, None, 0
    settings = Settings(home=tmp_path / "home", database="", origin=ORIGIN)
    begin(settings)
    clock = Clock()
    with ExitStack() as stack:
        url = stack.enter_context(served_authority(authority))
        asking = settings.model_copy(update={"tsa": url, "tsa_ca": str(authority.root)})
        product = stack.enter_context(closing(Product(asking, clock)))
        product.log.sign()
        yield Stamped(product, authority, clock)


def test_a_checkpoint_is_stamped_once_a_day(stamped: Stamped) -> None:
    log = stamped.product.log
    note = log.signer.latest()

    assert log.stamp() == "2024-06-03"
    grow(stamped.product, 3)
    later = log.sign()
    assert log.stamp() is None
    stamped.clock.advance(hours=11.9)  # still that day in Paris
    assert log.stamp() is None
    stamped.clock.advance(hours=0.2)
    assert log.stamp() == "2024-06-04"

    assert [name for name, _, _ in log.stamps()] == ["2024-06-03", "2024-06-04"]
    assert log.stamped("2024-06-03") == str(note).encode()
    assert [stamp.note for stamp in log.check_stamps()] == [note, later]
    assert stamped.authority.asked == 2


def test_another_program_finds_that_the_stamp_holds(stamped: Stamped) -> None:
    log = stamped.product.log
    log.stamp()

    ((day, answer, certificates),) = log.stamps()

    assert certificates == stamped.authority.root.read_bytes()
    assert stamped.authority.judge(log.stamped(day), answer)
    assert not stamped.authority.judge(log.stamped(day) + b"\n", answer)
    (found,) = log.check_stamps()
    assert found.authority == "« Horodatage d'essai », racine « Racine d'essai »"


@pytest.mark.parametrize("part", ["tsr", "pem", "note"])
@pytest.mark.parametrize("change", ["missing", "empty", "flipped", "another"])
def test_a_stamp_of_which_anything_changed_does_not_hold(
    stamped: Stamped, authorities: tuple[Authority, Authority], part: str, change: str
) -> None:
    log = stamped.product.log
    log.stamp()
    file = stamped.folder / f"2024-06-03.{part}"
    content = file.read_bytes()
    grow(stamped.product, 3)
    others = {
        "pem": authorities[1].root.read_bytes(),
        "note": str(log.sign()).encode(),
        "tsr": authorities[0].answer((authorities[0].folder / "query").read_bytes())[:-40],
    }
    if change == "missing":
        file.unlink()
        if part == "tsr":
            assert log.check_stamps() == [], "without its answer it is none"
            return
    else:
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        file.write_bytes({"empty": b"", "flipped": flipped, "another": others[part]}[change])

    with pytest.raises(StampDamaged, match="2024-06-03"):
        log.check_stamps()


def test_an_authority_that_is_silent_or_wrong_stamps_nothing_and_stops_nothing(
    stamped: Stamped, authorities: tuple[Authority, Authority]
) -> None:
    log, authority = stamped.product.log, stamped.authority
    log.stamp()
    replayed = log.stamps()[0][1]
    stamped.clock.advance(days=1)
    settings = stamped.product.settings

    def refused(**changed: str) -> None:
        other = settings.model_copy(update=changed)
        with closing(Product(other, stamped.clock)) as product:
            with pytest.raises(NotStamped):
                product.log.stamp()
            grow(product, 2)
            product.log.sign()

    refused(tsa="http://127.0.0.1:9")
    refused(tsa_ca=str(authorities[1].root))
    refused(tsa_ca=str(authority.folder / "nowhere"))
    for replay in (replayed, b"", b"\x30\x03\x02\x01\x02", replayed + b"\0", replayed[:-1]):
        authority.replay = replay
        refused()
    authority.replay, authority.status = None, 503
    refused()
    authority.status = 200

    assert len(log.stamps()) == 1
    assert log.stamp() == "2024-06-04"


def test_what_a_kill_left_behind_is_no_stamp_and_stops_none(stamped: Stamped) -> None:
    stamped.folder.mkdir()
    for name in ("2024-06-03.note", "2024-06-03.pem", "2024-06-03.tsr.partial"):
        (stamped.folder / name).write_bytes(b"?")

    assert stamped.product.log.stamps() == []
    assert stamped.product.log.check_stamps() == []
    assert stamped.product.log.stamp() == "2024-06-03"
    assert len(stamped.product.log.check_stamps()) == 1


def test_without_an_authority_nothing_is_stamped(stamped: Stamped) -> None:
    plain = stamped.product.settings.model_copy(update={"tsa": "", "tsa_ca": ""})
    with closing(Product(plain, stamped.clock)) as product:
        assert product.log.stamp() is None
