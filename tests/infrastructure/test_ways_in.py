"""What was begun with a browser ends once and soon; keys and identities on each engine."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from application.account import OpenAccount
from domain.erasure import ErasureGround
from domain.provenance import AccountId
from domain.roles import Role
from infrastructure import database
from infrastructure.sign_in import openid_desk, passkey_desk
from infrastructure.sign_in.handshakes import Handshakes, NotBegunHere
from infrastructure.sign_in.openid import FederatedIdentity
from infrastructure.sign_in.openid_desk import IdentityTaken, LinkedIdentity, UnknownIdentity
from infrastructure.sign_in.passkeys import (
    Passkey,
    PasskeyCopied,
    PasskeyRefused,
    PasskeySite,
    UnknownPasskey,
)
from infrastructure.sign_in.tables import HANDSHAKE
from infrastructure.sign_in.ways_in import LastWayIn
from interfaces.wiring import Product, Settings
from tests.authenticator import Device
from tests.make import Clock, begin
from tests.postgres import binaries

BROWSER = "le secret d'un navigateur"
ORIGIN = "https://registre.exemple.fr"
SITE = PasskeySite.at(ORIGIN)
ISSUER = "https://identite.exemple.fr"
PROVIDERS = f"""
[essai]
name = "Essai"
issuer = "{ISSUER}"
client_id = "jalon"
client_secret = "secret"
"""


# --- handshakes ---------------------------------------------------------------------------------


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = database.connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def handshakes(engine: sa.Engine, clock: Clock) -> Handshakes:
    return Handshakes(engine, clock)


def keep(handshakes: Handshakes, kind: str = "a") -> str:
    content = {"challenge": "c"}
    return handshakes.keep(kind, content, browser=BROWSER, lasts=timedelta(minutes=5))


def test_what_was_begun_is_taken_once(handshakes: Handshakes) -> None:
    secret = keep(handshakes)

    assert handshakes.take("a", secret, browser=BROWSER) == {"challenge": "c"}

    with pytest.raises(NotBegunHere):
        handshakes.take("a", secret, browser=BROWSER)


def test_of_many_who_take_it_at_once_one_has_it(handshakes: Handshakes) -> None:
    secret = keep(handshakes)

    def take(_: int) -> bool:
        with suppress(NotBegunHere):
            return bool(handshakes.take("a", secret, browser=BROWSER))
        return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(take, range(16))) == 1


def test_another_browser_does_not_take_it(handshakes: Handshakes) -> None:
    for kind, browser in (("a", "un autre"), ("b", BROWSER), ("a", "")):
        secret = keep(handshakes)
        with pytest.raises(NotBegunHere):
            handshakes.take(kind, secret, browser=browser)


def test_it_is_not_taken_for_ever(handshakes: Handshakes, clock: Clock, engine: sa.Engine) -> None:
    secret = keep(handshakes)
    clock.now += timedelta(minutes=5)

    with pytest.raises(NotBegunHere):
        handshakes.take("a", secret, browser=BROWSER)

    keep(handshakes)
    with engine.connect() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(HANDSHAKE)) == 1


@pytest.mark.parametrize("secret", ["", "é", "x" * 10_000])
def test_a_secret_that_is_none_takes_nothing(handshakes: Handshakes, secret: str) -> None:
    with pytest.raises(NotBegunHere):
        handshakes.take("a", secret, browser=BROWSER)


# --- keys and identities ------------------------------------------------------------------------


@pytest.fixture
def product(
    tmp_path: Path, database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Product]:
    found = binaries()
    if found is not None:
        monkeypatch.setenv("JALON_PG_BIN", str(found))
    settings = Settings(home=tmp_path / "home", database=database_url)
    begin(settings)
    (settings.home / "providers.toml").write_text(PROVIDERS)
    with closing(Product(settings, clock)) as product:
        yield product


def opened(product: Product, address: str) -> AccountId:
    command = OpenAccount.model_validate({"name": "Quelqu'un", "address": address})
    return AccountId(product.do(command, product.operator(Role.ADMINISTRATOR)).answer)


@pytest.fixture
def ada(product: Product) -> AccountId:
    return opened(product, "ada@exemple.fr")


@pytest.fixture
def grace(product: Product) -> AccountId:
    return opened(product, "grace@exemple.fr")


def add(product: Product, account: UUID, device: Device) -> Passkey:
    options, secret = product.passkeys.ask_new(SITE, account, BROWSER)
    answer = device.create(options)
    product.passkeys.add(SITE, account, secret, answer, " Ma  clé ", BROWSER)
    return list(product.passkeys.of(account))[-1]


def show(product: Product, device: Device) -> AccountId:
    options, secret = product.passkeys.ask(SITE, BROWSER)
    return product.passkeys.recognise(SITE, secret, device.get(options), BROWSER)


def identity(subject: str = "s") -> FederatedIdentity:
    return FederatedIdentity("essai", ISSUER, subject, None, False, "Ada", "jeton")


def link(product: Product, account: AccountId, told: FederatedIdentity) -> LinkedIdentity:
    secret = product.openid.propose(account, told, BROWSER)
    product.openid.link(account, secret, BROWSER)
    return list(product.openid.of(account))[-1]


def test_a_key_is_kept_used_named_and_removed(
    product: Product, clock: Clock, ada: AccountId
) -> None:
    device, other = Device(ORIGIN), Device(ORIGIN)
    key = add(product, ada, device)
    assert (key.name, key.made_at, key.used_at) == ("Ma clé", clock(), None)
    add(product, ada, other)
    clock.now += timedelta(hours=1)

    assert show(product, device) == ada
    product.passkeys.rename(ada, key.credential, "Téléphone")

    used = next(one for one in product.passkeys.of(ada) if one.credential == key.credential)
    assert (used.name, used.used_at, used.sign_count) == ("Téléphone", clock(), 1)
    product.passkeys.remove(ada, key.credential)
    with pytest.raises(PasskeyRefused):
        show(product, device)
    with pytest.raises(UnknownPasskey):
        product.passkeys.remove(ada, key.credential)


def test_a_copy_leaves_the_count_of_its_key(product: Product, ada: AccountId) -> None:
    device = Device(ORIGIN)
    add(product, ada, device)
    show(product, device)
    device.count = 0

    with pytest.raises(PasskeyCopied):
        show(product, device)

    assert [key.sign_count for key in product.passkeys.of(ada)] == [1]


def test_a_key_is_of_one_account(product: Product, ada: AccountId, grace: AccountId) -> None:
    device = Device(ORIGIN)
    add(product, ada, device)

    with pytest.raises(PasskeyRefused):
        add(product, grace, device)

    device.holder = ada.bytes
    assert show(product, device) == ada


def test_what_one_asked_for_is_not_added_by_another(
    product: Product, ada: AccountId, grace: AccountId
) -> None:
    options, secret = product.passkeys.ask_new(SITE, ada, BROWSER)
    answer = Device(ORIGIN).create(options)

    with pytest.raises(PasskeyRefused):
        product.passkeys.add(SITE, grace, secret, answer, "clé", BROWSER)


def test_a_device_may_look_for_its_key_for_some_minutes(
    product: Product, clock: Clock, ada: AccountId
) -> None:
    device = Device(ORIGIN)
    add(product, ada, device)
    options, secret = product.passkeys.ask(SITE, BROWSER)
    clock.now += passkey_desk.LASTS

    with pytest.raises(NotBegunHere):
        product.passkeys.recognise(SITE, secret, device.get(options), BROWSER)


def test_an_identity_lets_into_one_account(
    product: Product, clock: Clock, ada: AccountId, grace: AccountId
) -> None:
    one = link(product, ada, identity())
    assert (one.provider, one.linked_at) == ("Essai", clock())
    assert product.openid.account_of(identity()) == ada
    assert link(product, ada, identity()) == one  # said twice, it is done once

    with pytest.raises(IdentityTaken):
        link(product, grace, identity())

    assert list(product.openid.of(grace)) == []


def test_an_identity_is_proposed_for_some_minutes(
    product: Product, clock: Clock, ada: AccountId
) -> None:
    secret = product.openid.propose(ada, identity(), BROWSER)
    clock.now += openid_desk.LASTS

    with pytest.raises(NotBegunHere):
        product.openid.link(ada, secret, BROWSER)


def test_the_last_way_in_is_left(product: Product, ada: AccountId) -> None:
    """An identity of a provider that is gone is no way in."""
    one, key = link(product, ada, identity()), add(product, ada, Device(ORIGIN))
    product.passkeys.remove(ada, key.credential)

    with pytest.raises(LastWayIn):
        product.openid.unlink(ada, one.issuer, one.subject)
    assert product.openid.account_of(identity()) == ada

    key = add(product, ada, Device(ORIGIN))
    product.openid.unlink(ada, one.issuer, one.subject)
    with pytest.raises(UnknownIdentity):
        product.openid.unlink(ada, one.issuer, one.subject)
    with pytest.raises(LastWayIn):
        product.passkeys.remove(ada, key.credential)


def test_the_identity_of_a_provider_that_is_gone_is_no_way_in(
    product: Product, clock: Clock, ada: AccountId
) -> None:
    link(product, ada, identity())
    key = add(product, ada, Device(ORIGIN))
    (product.settings.home / "providers.toml").unlink()

    with closing(Product(product.settings, clock)) as later:
        assert [one.provider for one in later.openid.of(ada)] == [None]
        with pytest.raises(LastWayIn):
            later.passkeys.remove(ada, key.credential)


def test_what_let_somebody_in_goes_with_them(
    product: Product,
    clock: Clock,
    engine: sa.Engine,
    ada: AccountId,
    grace: AccountId,
    tmp_path: Path,
) -> None:
    """What they had begun, and the token of their provider, too; a backup brings none back."""
    copy = tmp_path / "copie"
    for one in (ada, grace):
        link(product, one, identity(str(one)))
        add(product, one, Device(ORIGIN))
        product.openid.propose(one, identity("autre"), BROWSER)
        product.openid.remember(f"session de {one}", one, identity())
    product.back_up(copy)
    clock.now += timedelta(days=365 * 6)

    for again in (False, True):
        if again:
            product.restore(copy)
        else:
            by = product.operator(Role.DPO)
            product.forget("ada@exemple.fr", by, right=ErasureGround.NO_LONGER_NEEDED)

        with engine.connect() as tx:
            begun = [said for (said,) in tx.execute(sa.select(HANDSHAKE.c.content))]
        assert (list(product.passkeys.of(ada)), list(product.openid.of(ada))) == ([], [])
        assert [said for said in begun if str(ada) in said] == []
        assert len([said for said in begun if str(grace) in said]) == (0 if again else 2)
        assert list(product.passkeys.of(grace))
        assert list(product.openid.of(grace))
