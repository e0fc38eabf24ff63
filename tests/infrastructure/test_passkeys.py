"""Passkeys: a device that holds the key gets in; one that is elsewhere, or says so, does not."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infrastructure.sign_in.passkeys import (
    LONGEST_ANSWER,
    NoPasskeysHere,
    Passkey,
    PasskeyCopied,
    PasskeyRefused,
    PasskeySite,
    credential_of,
    new_challenge,
    registered,
    registration_options,
    sign_in_options,
    used,
)
from tests.authenticator import PRESENT, VERIFIED, Device, b64, unb64

ORIGIN = "https://registre.exemple.fr"
SITE = PasskeySite.at(ORIGIN)
ACCOUNT = UUID("018f2f6e-5f6a-7c3e-9d58-2f1f3f6f5a01")
OTHER = UUID("018f2f6e-5f6a-7c3e-9d58-2f1f3f6f5a02")


def asked_to_create(challenge: bytes) -> dict[str, Any]:
    return registration_options(SITE, challenge, account=ACCOUNT, name="a@exemple.fr", known=())


def kept(device: Device, account: UUID = ACCOUNT) -> Passkey:
    """A device is registered; gives what is kept of it."""
    challenge = new_challenge()
    made = registered(SITE, challenge, device.create(asked_to_create(challenge)))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Passkey(
        made.credential, account, "clé", now, None, made.public_key, sign_count=made.sign_count
    )


@pytest.fixture
def device() -> Device:
    return Device(ORIGIN)


def test_a_device_that_was_registered_is_recognised(device: Device) -> None:
    passkey, challenge = kept(device), new_challenge()

    answer = device.get(sign_in_options(SITE, challenge))

    assert credential_of(answer) == passkey.credential
    assert used(SITE, challenge, answer, passkey) == 1


def test_a_device_is_asked_for_a_key_that_it_keeps_and_guards() -> None:
    known = b64(b"une autre")

    told = registration_options(SITE, b"c" * 32, account=ACCOUNT, name="a@b.fr", known=[known])

    assert told["authenticatorSelection"]["residentKey"] == "required"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in told["excludeCredentials"]] == [known]
    assert (unb64(told["user"]["id"]), told["user"]["name"]) == (ACCOUNT.bytes, "a@b.fr")
    assert unb64(told["challenge"]) == b"c" * 32


def test_nobody_need_say_who_they_are_first() -> None:
    told = sign_in_options(SITE, new_challenge())

    assert told["allowCredentials"] == []
    assert told["userVerification"] == "required"


LIES: dict[str, dict[str, Any]] = {
    "on another site": {"origin": "https://registre.exemple.fr.pirate.fr"},
    "in the clear": {"origin": "http://registre.exemple.fr"},
    "on another port": {"origin": "https://registre.exemple.fr:8443"},
    "for another name": {"site": "exemple.fr"},
    "nobody was there": {"flags": VERIFIED},
    "nobody was verified": {"flags": PRESENT},
    "something else was done": {"kind": "payment.get"},
    "in a frame": {"is_framed": True},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_was_done_elsewhere_registers_nothing(lie: str) -> None:
    device, challenge = Device(**({"origin": ORIGIN} | LIES[lie])), new_challenge()

    with pytest.raises(PasskeyRefused):
        registered(SITE, challenge, device.create(asked_to_create(challenge)))


@pytest.mark.parametrize("lie", LIES)
def test_what_was_done_elsewhere_lets_nobody_in(device: Device, lie: str) -> None:
    passkey, challenge = kept(device), new_challenge()
    elsewhere = replace(device, **LIES[lie])

    with pytest.raises(PasskeyRefused):
        used(SITE, challenge, elsewhere.get(sign_in_options(SITE, challenge)), passkey)


def test_an_answer_serves_for_one_challenge(device: Device) -> None:
    passkey, challenge = kept(device), new_challenge()
    answer = device.get(sign_in_options(SITE, challenge))

    with pytest.raises(PasskeyRefused):
        used(SITE, new_challenge(), answer, passkey)
    with pytest.raises(PasskeyRefused):
        registered(SITE, new_challenge(), device.create(asked_to_create(challenge)))


def test_making_a_key_is_not_using_it(device: Device) -> None:
    passkey, challenge = kept(device), new_challenge()

    with pytest.raises(PasskeyRefused):
        used(SITE, challenge, device.create(asked_to_create(challenge)), passkey)
    with pytest.raises(PasskeyRefused):
        registered(SITE, challenge, device.get(sign_in_options(SITE, challenge)))


def test_a_key_that_could_never_be_recognised_is_not_kept() -> None:
    with pytest.raises(PasskeyRefused):
        kept(Device(ORIGIN, y=7))


def test_another_device_does_not_get_in_by_the_name_of_a_key(device: Device) -> None:
    passkey, challenge = kept(device), new_challenge()
    forger = Device(ORIGIN, credential=device.credential, holder=device.holder)

    with pytest.raises(PasskeyRefused):
        used(SITE, challenge, forger.get(sign_in_options(SITE, challenge)), passkey)


def test_a_key_is_of_the_account_that_its_device_names(device: Device) -> None:
    passkey, challenge = kept(device, OTHER), new_challenge()

    with pytest.raises(PasskeyRefused):
        used(SITE, challenge, device.get(sign_in_options(SITE, challenge)), passkey)


def test_one_key_is_not_taken_for_another(device: Device) -> None:
    passkey, challenge = replace(kept(device), credential="autre"), new_challenge()

    with pytest.raises(PasskeyRefused):
        used(SITE, challenge, device.get(sign_in_options(SITE, challenge)), passkey)


@pytest.mark.parametrize("says", [0, 4, 5])
def test_a_key_that_was_used_less_than_before_was_copied(device: Device, says: int) -> None:
    passkey, challenge = replace(kept(device), sign_count=5), new_challenge()
    device.count = says - 1

    with pytest.raises(PasskeyCopied):
        used(SITE, challenge, device.get(sign_in_options(SITE, challenge)), passkey)


def test_a_key_that_does_not_count_is_recognised_again_and_again(device: Device) -> None:
    """Those that several devices share say 0 each time."""
    passkey = kept(device)

    for _ in range(2):
        device.count, challenge = -1, new_challenge()
        assert used(SITE, challenge, device.get(sign_in_options(SITE, challenge)), passkey) == 0


def test_a_forged_answer_is_not_said_to_be_a_copy(device: Device) -> None:
    """Or anybody could have people remove their keys."""
    passkey, challenge = replace(kept(device), sign_count=5), new_challenge()
    forger = Device(ORIGIN, credential=device.credential, holder=device.holder)

    with pytest.raises(PasskeyRefused):
        used(SITE, challenge, forger.get(sign_in_options(SITE, challenge)), passkey)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://registre.exemple.fr", "registre.exemple.fr"),
        ("https://registre.exemple.fr:8443", "registre.exemple.fr"),
        ("http://localhost:8000", "localhost"),
    ],
)
def test_a_site_is_known_by_its_name(address: str, name: str) -> None:
    assert PasskeySite.at(address) == PasskeySite(origin=address, name=name)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8000",
        "https://10.0.0.1",
        "http://registre.exemple.fr",
        "https://[::1]",
        "",
    ],
)
def test_browsers_give_no_passkeys_elsewhere(address: str) -> None:
    with pytest.raises(NoPasskeysHere):
        PasskeySite.at(address)


# --- any answer at all --------------------------------------------------------------------------

KEPT = kept(GIVEN := Device(ORIGIN))
CHALLENGE = b"c" * 32
TRUE = (GIVEN.create(asked_to_create(CHALLENGE)), GIVEN.get(sign_in_options(SITE, CHALLENGE)))
jsons = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


SIGNED = ("clientDataJSON", "authenticatorData", "signature", "userHandle")


def is_taken(answer: str) -> bool:
    """Whether somebody gets in; and nothing but a refusal ever comes of an answer."""
    with suppress(PasskeyRefused):
        registered(SITE, CHALLENGE, answer)
    with suppress(PasskeyRefused, PasskeyCopied):
        return used(SITE, CHALLENGE, answer, KEPT) > 0
    return False


def test_a_true_answer_is_taken() -> None:
    assert [is_taken(answer) for answer in TRUE] == [False, True]


@given(st.text(max_size=100) | jsons.map(json.dumps))
def test_what_is_no_answer_is_refused(text: str) -> None:
    assert not is_taken(text)


@given(
    st.sampled_from(TRUE),
    st.sampled_from(["id", "rawId", "type", "response", *SIGNED, "attestationObject"]),
    jsons,
)
def test_an_answer_with_another_part_is_refused(true: str, part: str, value: object) -> None:
    told = json.loads(true)
    place = told if part in told else told["response"]
    before, place[part] = place.get(part), value

    assert not is_taken(json.dumps(told)) or before in (value, None)


@given(st.sampled_from([*SIGNED, "attestationObject"]), st.integers(0, 400), st.integers(1, 255))
def test_an_answer_with_another_byte_is_refused(part: str, place: int, change: int) -> None:
    for true in TRUE:
        told = json.loads(true)
        data = bytearray(unb64(told["response"].get(part, "")))
        if data:
            data[place % len(data)] ^= change
            told["response"][part] = b64(bytes(data))
            assert not is_taken(json.dumps(told))


def test_an_answer_without_end_is_not_read() -> None:
    for text in ("[" * (LONGEST_ANSWER - 1), "[" * (LONGEST_ANSWER * 10)):
        assert not is_taken(text)
