"""Getting in: by a password, a link, a session, a token; each for a time, none told by another."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from pwdlib import PasswordHash

from application.account import GrantRole, OpenAccount, ResumeAccount, SuspendAccount
from domain.mandate import EVERYWHERE
from domain.provenance import AccountId
from domain.roles import Role
from infrastructure import database
from infrastructure.event_store.registry import Registry
from infrastructure.sign_in import attempts, links, sessions, tokens
from infrastructure.sign_in.attempts import TooManyAttempts
from infrastructure.sign_in.desk import (
    NotRecognised,
    SignInDesk,
    TokenOnlyReads,
    TokenOtherRole,
    TokenRefused,
    WrongPassword,
)
from infrastructure.sign_in.links import LinkOver
from infrastructure.sign_in.passwords import Passwords, WeakPassword, must_be_strong
from infrastructure.sign_in.sessions import Caller
from infrastructure.sign_in.tables import METADATA
from infrastructure.sign_in.tokens import TokenLifetime
from tests import make

ADDRESS, PASSWORD = "ada@exemple.fr", "une phrase que je retiens"
OTHER = "une autre phrase retenue"
ADMIN = make.by(Role.ADMINISTRATOR)

RECOMMENDED = PasswordHash.recommended
"""What the product uses; other tests take a cheaper one."""


class Place:
    """A desk on a registry with one account, and a clock that can be moved."""

    def __init__(self, desk: SignInDesk, registry: Registry, clock: make.Clock, url: str):
        self.desk, self.registry, self.clock, self.url = desk, registry, clock, url
        self.ada = self.opened(ADDRESS)
        desk.passwords.set(self.ada, desk.passwords.hashed(PASSWORD))

    def opened(self, address: str, role: Role | None = Role.COORDINATOR) -> AccountId:
        command = OpenAccount.model_validate({"name": "Ada", "address": address})
        id_ = AccountId(self.registry.do(command, ADMIN).answer)
        if role:
            grant = GrantRole(account=id_, for_role=role, relation=EVERYWHERE)
            self.registry.do(grant, ADMIN)
        return id_

    def enter(self, address: str = ADDRESS, password: str = PASSWORD, client: str = "1") -> str:
        return self.desk.by_password(
            address, password, Caller(client=client, agent="Firefox sur Linux")
        )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = make.Clock()
    with make.registry(tmp_path, clock=clock) as registry:
        url = f"sqlite:///{tmp_path / 'registry.db'}"
        engine = database.connect(url)
        yield Place(SignInDesk(registry, engine), registry, clock, url)
        engine.dispose()


def test_a_password_lets_in_whoever_knows_it(place: Place) -> None:
    found = place.desk.signed_in(place.enter(" ADA@exemple.fr "))
    assert found
    assert (found.name, found.session.account) == ("Ada", place.ada)
    assert (found.session.role, found.session.way) == (Role.COORDINATOR, "password")


@pytest.mark.parametrize(
    ("address", "password"),
    [
        (ADDRESS, "une phrase que j'oublie"),
        ("personne@exemple.fr", PASSWORD),
        ("", ""),
        ("x" * 900, PASSWORD),
    ],
)
def test_whoever_does_not_is_not_told_why(place: Place, address: str, password: str) -> None:
    with pytest.raises(NotRecognised):
        place.enter(address, password)


def test_attempts_are_counted_apart_from_addresses_of_the_same_numbers(place: Place) -> None:
    for number in range(attempts.OF_A_CLIENT):
        with pytest.raises(NotRecognised):
            place.enter(f"{number}@exemple.fr", client="10.0.0.1")
    assert place.enter(client="1.0.0.10")
    with pytest.raises(TooManyAttempts):
        place.enter(client="10.0.0.1")


def test_without_a_password_an_account_is_not_entered_by_one(place: Place) -> None:
    place.opened("grace@exemple.fr")
    with pytest.raises(NotRecognised):
        place.enter("grace@exemple.fr", "celui de personne")


def test_to_try_a_password_costs_what_is_recommended(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PasswordHash, "recommended", RECOMMENDED)
    hashed = Passwords(sa.create_engine("sqlite://"), place.clock).hashed(PASSWORD)
    kept = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),", hashed)
    assert kept
    memory, times = map(int, kept.groups())
    assert (memory >= 19 * 1024, times >= 2) == (True, True)  # OWASP, Password Storage Cheat Sheet


def test_no_secret_is_stored_as_it_is(place: Place, tmp_path: Path) -> None:
    session = place.enter()
    link = place.desk.invite(place.ada)
    end = place.clock() + timedelta(days=1)
    token = place.desk.tokens.make(
        place.ada, "tableur", roles=[Role.COORDINATOR], may_act=True, ends_at=end
    )
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("registry.db*"))
    for secret in (session, link, token, PASSWORD):
        assert secret.encode() not in stored
    assert b"$argon2id$" in stored


def test_too_many_attempts_are_refused_whether_there_is_an_account(place: Place) -> None:
    for address in (ADDRESS, "personne@exemple.fr"):
        for _ in range(attempts.OF_AN_ADDRESS):
            with pytest.raises(NotRecognised):
                place.enter(address, "faux faux faux")
        with pytest.raises(TooManyAttempts):
            place.enter(address, PASSWORD)
    place.clock.advance(minutes=16)
    assert place.enter()


def test_a_client_that_tries_many_addresses_is_refused(place: Place) -> None:
    for number in range(attempts.OF_A_CLIENT):
        with pytest.raises(NotRecognised):
            place.enter(f"a{number}@exemple.fr", "faux faux faux")
    with pytest.raises(TooManyAttempts):
        place.enter()
    assert place.enter(client="2")


def test_who_gets_in_is_forgiven_the_attempts_before(place: Place) -> None:
    for _ in range(3):
        for _ in range(attempts.OF_AN_ADDRESS - 1):
            with pytest.raises(NotRecognised):
                place.enter(ADDRESS, "faux faux faux", client=str(uuid4()))
        assert place.enter(client=str(uuid4()))


def test_a_session_ends_when_it_is_not_used_and_at_the_end_of_the_day(place: Place) -> None:
    secret = place.enter()
    place.clock.advance(hours=1, minutes=59)
    assert place.desk.signed_in(secret)
    place.clock.advance(hours=1, minutes=59)
    assert place.desk.signed_in(secret)
    place.clock.advance(hours=2)
    assert place.desk.signed_in(secret) is None
    used = place.enter()
    for _ in range(12):
        assert place.desk.signed_in(used)
        place.clock.advance(hours=1)
    assert place.desk.signed_in(used) is None
    assert timedelta(hours=12) == sessions.LASTS


def test_another_sign_in_ends_the_session_that_the_browser_had(place: Place) -> None:
    first = place.enter()
    second = place.desk.by_password(
        ADDRESS, PASSWORD, Caller(client="1", agent="Firefox", had=first)
    )
    assert first != second
    assert place.desk.signed_in(first) is None
    assert place.desk.signed_in(second)


def test_sessions_are_listed_and_ended_by_their_holder_alone(place: Place) -> None:
    secrets = [place.enter() for _ in range(3)]
    grace = place.opened("grace@exemple.fr")
    listed = list(place.desk.sessions.of(place.ada))
    assert len(listed) == 3
    place.desk.sessions.end(grace, listed[0].id)
    assert len(list(place.desk.sessions.of(place.ada))) == 3
    kept = place.desk.signed_in(secrets[1])
    assert kept
    place.desk.sessions.end_all(place.ada, but=kept.session.id)
    assert [one.id for one in place.desk.sessions.of(place.ada)] == [kept.session.id]


def test_a_suspended_account_is_out_at_once(place: Place) -> None:
    secret = place.enter()
    place.registry.do(SuspendAccount(account=place.ada), ADMIN)
    assert place.desk.signed_in(secret) is None
    with pytest.raises(NotRecognised):
        place.enter()
    place.registry.do(ResumeAccount(account=place.ada), ADMIN)
    assert place.enter()


def test_a_link_serves_once_for_a_time(place: Place) -> None:
    link = place.desk.invite(place.ada)

    def accept(link: str, password: str = OTHER) -> str:
        return place.desk.by_link(link, password, Caller(client="1"))

    with pytest.raises(WeakPassword):
        accept(link, "court")
    secret = accept(link)  # a refused password left it as it was
    assert place.desk.signed_in(secret)
    with pytest.raises(LinkOver):
        accept(link)
    with pytest.raises(NotRecognised):
        place.enter()  # with the password of before
    late = place.desk.invite(place.ada)
    place.clock.advance(days=7, minutes=1)
    with pytest.raises(LinkOver):
        accept(late)
    older, newer = place.desk.invite(place.ada), place.desk.invite(place.ada)
    with pytest.raises(LinkOver):
        accept(older)
    assert accept(newer)
    assert links.LASTS[links.RESET] < links.LASTS[links.INVITATION]


def test_a_password_is_changed_by_who_knows_it(place: Place) -> None:
    with pytest.raises(WrongPassword):
        place.desk.change_password(place.ada, "faux faux faux", OTHER)
    place.desk.change_password(place.ada, PASSWORD, OTHER)
    assert place.enter(password=OTHER)


@pytest.mark.parametrize(
    "text",
    ["", "onze lettre", "aaaaaaaaaaaaaaaa", "Motdepasse123!", "azertyuiop2026", "x" * 201],
)
def test_what_anybody_would_try_is_no_password(text: str) -> None:
    with pytest.raises(WeakPassword):
        must_be_strong(text)


def test_a_token_serves_in_its_roles_until_it_ends(place: Place) -> None:
    end = place.clock() + timedelta(days=30)
    secret = place.desk.tokens.make(
        place.ada, "tableur", roles=[Role.COORDINATOR], may_act=False, ends_at=end
    )
    by = place.desk.by_token(secret, None, None, acts=False)
    assert (by.actor, by.role) == (place.ada, Role.COORDINATOR)
    with pytest.raises(TokenOtherRole):
        place.desk.by_token(secret, Role.AUDITOR, None, acts=False)
    with pytest.raises(TokenOnlyReads):
        place.desk.by_token(secret, None, None, acts=True)
    (listed,) = place.desk.tokens.of(place.ada)
    place.desk.tokens.revoke(place.opened("grace@exemple.fr"), listed.id)
    assert place.desk.by_token(secret, None, None, acts=False)
    place.clock.advance(days=30)
    with pytest.raises(TokenRefused):
        place.desk.by_token(secret, None, None, acts=False)


@pytest.mark.parametrize("days", [0, 400])
def test_a_token_ends_within_a_year(place: Place, days: int) -> None:
    end = place.clock() + timedelta(days=days)
    with pytest.raises(TokenLifetime):
        place.desk.tokens.make(place.ada, "x", roles=[], may_act=False, ends_at=end)
    assert timedelta(days=400) > tokens.LONGEST


def test_an_unknown_token_is_refused(place: Place) -> None:
    with pytest.raises(TokenRefused):
        place.desk.by_token("jalon_inconnu", None, None, acts=False)


def test_what_is_stored_is_what_the_tables_say(place: Place) -> None:
    engine = database.connect(place.url)
    stored = sa.inspect(engine)
    for table in METADATA.tables.values():
        columns = {column["name"] for column in stored.get_columns(table.name)}
        assert columns - {"number"} == set(table.columns.keys())
    engine.dispose()


def test_whoever_administers_sets_the_registry_up(place: Place) -> None:
    assert not place.desk.is_set_up()
    place.opened("admin@exemple.fr", Role.ADMINISTRATOR)
    assert place.desk.is_set_up()


def test_everything_pending_ends_when_an_older_state_was_put_back(place: Place) -> None:
    secret, link = place.enter(), place.desk.invite(place.ada)
    place.desk.end_everything()
    assert place.desk.signed_in(secret) is None
    with pytest.raises(LinkOver):
        place.desk.links.look(link)
    assert place.enter()
