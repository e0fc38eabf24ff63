"""The file of the providers of identity: read whole, or refused in a sentence without secrets."""

from pathlib import Path

import pytest

from infrastructure.sign_in.providers import (
    ProvidersUnreadable,
    is_safe,
    read_providers,
)

ORDINARY = """
[annuaire]
name = "Annuaire de la région"
issuer = "https://annuaire.exemple.fr"
client_id = "jalon"
client_secret = "tres-secret"
"""
PRO_CONNECT = """
[proconnect]
kind = "proconnect"
issuer = "https://auth.exemple.gouv.fr/api/v2"
client_id = "abc"
client_secret_file = "secret"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("lu-dans-un-fichier\n")
    return tmp_path / "providers.toml"


def test_there_need_be_none(file: Path) -> None:
    assert read_providers(file, needed=False) == {}


def test_a_file_that_was_named_must_be_there(file: Path) -> None:
    with pytest.raises(ProvidersUnreadable, match="il manque"):
        read_providers(file, needed=True)


def test_providers_come_in_the_order_of_the_file(file: Path) -> None:
    file.write_text(PRO_CONNECT + ORDINARY)

    found = read_providers(file, needed=True)

    assert [provider.name for provider in found.values()] == ["ProConnect", "Annuaire de la région"]
    assert found["annuaire"].pkce
    assert not found["annuaire"].email_is_verified


def test_pro_connect_is_known_by_its_manners(file: Path) -> None:
    file.write_text(PRO_CONNECT)

    found = read_providers(file, needed=True)["proconnect"]

    assert not found.pkce
    assert found.signed_userinfo
    assert found.email_is_verified
    assert set(found.scopes) == {"openid", "given_name", "usual_name", "email", "uid", "siret"}
    assert found.client_secret.get_secret_value() == "lu-dans-un-fichier"


def test_what_a_section_says_counts_more_than_what_is_usual(file: Path) -> None:
    file.write_text(PRO_CONNECT + 'pkce = true\nscopes = ["openid", "email"]\n')

    found = read_providers(file, needed=True)["proconnect"]

    assert (found.pkce, found.scopes) == (True, ("openid", "email"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[annuaire", "TOML"),
        ("annuaire = 3", "section"),
        (ORDINARY.replace("issuer =", "autre ="), "issuer"),
        (ORDINARY + "devine = 1\n", "devine"),
        (ORDINARY.replace("https://annuaire", "http://annuaire"), "issuer"),
        (ORDINARY.replace("[annuaire]", "[An-nuaire]"), "minuscules"),
        (ORDINARY + 'scopes = ["email"]\n', "scopes"),
        (ORDINARY.replace("tres-secret", "très-secret"), "accents"),
        (ORDINARY + ORDINARY.replace("[annuaire]", "[deux]"), "issuer"),
        (PRO_CONNECT.replace('"secret"', '"absent"'), "illisible"),
        (PRO_CONNECT + 'client_secret = "tres-secret"\n', "deux fois"),
        ('[a]\nclient_secret = "tres-secret', "TOML"),
        ("x" * 200_000, "grand"),
    ],
)
def test_a_fault_is_said_in_one_sentence(file: Path, text: str, said: str) -> None:
    file.write_text(text)

    with pytest.raises(ProvidersUnreadable, match=said) as refused:
        read_providers(file, needed=True)

    assert "tres-secret" not in refused.value.say("fr") + refused.value.say("en")
    assert "\n" not in refused.value.say("fr")


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://exemple.fr/api", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost/x", True),
        ("http://exemple.fr", False),
        ("http://localhost.exemple.fr", False),
        ("https://a:b@exemple.fr", False),
        ("https://exemple.fr/#x", False),
        ("https://exemple.fr:99999", False),
        ("https://", False),
        ("javascript:alert(1)", False),
    ],
)
def test_secrets_travel_encrypted_or_not_at_all(address: str, safe: bool) -> None:
    assert is_safe(address) is safe
