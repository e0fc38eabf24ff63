"""The log on the command line and by the API: witnesses, keys, names, what others kept of it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from infrastructure.verifiers import verify
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.bundles import contents
from tests.interfaces.shell import Seen, begun, jalon, refused
from tests.witness import Mood, Witness, served

FIRST, SECOND = "registre.exemple/journal", "registre.exemple/journal-2"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return begun(tmp_path / "home")


def audit(home: Path, *words: str | Path, origin: str = FIRST) -> Seen:
    return jalon("--home", home, "audit", *words, JALON_ORIGIN=origin)


def register(home: Path, name: str) -> None:
    assert jalon("--home", home, "pole", "register", "--name", name).code == 0


def keys_of(home: Path) -> list[str]:
    return [line.split()[0] for line in audit(home, "keys").out.splitlines()]


@pytest.fixture
def witness(home: Path, tmp_path: Path) -> Iterator[Witness]:
    """A witness whom the policy asks."""
    lines = audit(home, "policy").out.splitlines()
    logs = [line.removeprefix("log ") for line in lines if line.startswith("log ")]
    made = Witness("temoin.exemple", logs, tmp_path / "witness.json")
    with served(made) as url:
        policy = tmp_path / "politique"
        policy.write_text(f"# nos témoins\nwitness W {made.vkey} {url}\nquorum W\n", "utf-8")
        seen = audit(home, "trust", policy)
        assert seen.out == "Politique adoptée : 1 témoin, dont 1 à solliciter ; quorum W.\n", seen
        yield made


def test_signing_asks_the_witnesses_and_shows_what_each_did(home: Path, witness: Witness) -> None:
    assert "n'a pas encore été sollicité" in audit(home, "witnesses").out

    seen = audit(home, "sign")

    size = seen.out.splitlines()[1]
    assert seen.code == 0
    assert seen.err.startswith(f"Signé : {size} événements, sous le nom « registre")
    assert seen.out.count("\n— ") == 3
    assert "W  temoin.exemple : a cosigné\n" in audit(home, "witnesses").out
    (told,) = audit(home, "witnesses", "--json").json["items"]
    assert (told["state"], told["size"]) == ("cosigned", int(seen.out.splitlines()[1]))
    with (
        closing(Product(Settings(home=home, database=""))) as product,
        TestClient(create_app(product)) as client,
    ):
        assert client.get("/api/audit/witnesses").json() == [told]
        assert client.get("/journal/checkpoint").text == seen.out
        assert client.get("/api/audit/stamps").json() == []


def test_a_witness_that_is_at_fault_is_told_beside_the_note_which_is_signed(
    home: Path, witness: Witness, tmp_path: Path
) -> None:
    witness.mood = Mood.FAULTY
    seen = audit(home, "sign")

    assert seen.code == 0
    assert seen.out.count("\n— ") == 2
    assert seen.err.startswith("Le témoin « W » refuse (HTTP 500).\nSigné : ")
    bundle, policy = tmp_path / "dossier.zip", tmp_path / "publique"
    assert "n'a pas encore les témoins" in audit(home, "export", bundle).err
    assert "n'a pas encore les témoins" in jalon("--home", home, "doctor").err
    policy.write_text(audit(home, "policy").out, "utf-8")
    checked = jalon("audit", "check", bundle, "--policy", policy)
    assert checked.code == 3
    assert "Le dossier ne répond pas à votre politique : 1 défaut.\n" in checked.err
    assert "(0 sur 1).\n" in checked.err
    assert "Rien n'a été changé, mais il manque" in checked.err
    assert "c'est une pièce" not in checked.err
    assert "n'a pas encore tous les témoins" in audit(home, "proof", "3").err
    assert "refuse (HTTP 500)" in audit(home, "witnesses").out
    witness.mood = Mood.ACCUSING
    seen = audit(home, "witnesses", "--ask")
    assert seen.code == 3
    assert "n'est pas la suite de ce qu'il a vu" in seen.out
    assert "pièces : evidence/" in seen.out
    refused(jalon("--home", home, "doctor"), 3, "Le témoin « W » dit que ce journal n'est pas")
    witness.mood = Mood.HONEST
    assert audit(home, "witnesses", "--ask").code == 0
    seen = jalon("--home", home, "doctor")
    assert (seen.code, seen.err) == (0, "")
    (told,) = audit(home, "proof", "3").err.splitlines()
    assert told.startswith("Preuve de l'événement n° 3 : "), "and nothing of witnesses"


def test_a_machine_put_back_whole_signs_nothing_that_its_witness_denies(
    home: Path, witness: Witness, tmp_path: Path
) -> None:
    audit(home, "sign")
    shutil.copytree(home, tmp_path / "hier")
    register(home, "Pôle fictif")
    later = audit(home, "sign").out.splitlines()[1]
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "hier", home)
    before = (home / "signing" / "checkpoint").read_bytes()
    assert jalon("--home", home, "doctor").code == 0, "nothing here remembers"

    for words in (["sign"], ["export", tmp_path / "x.zip"], ["sign"]):
        refused(audit(home, *words), 3, f"{later} ont déjà été signés")

    assert (home / "signing" / "checkpoint").read_bytes() == before
    refused(jalon("--home", home, "doctor"), 3, "sauvegarde plus ancienne")
    assert audit(home, "witnesses").code == 3


def test_a_proof_that_witnesses_saw_is_checked_by_the_policy_of_the_log(
    home: Path, witness: Witness, tmp_path: Path
) -> None:
    audit(home, "sign")
    proof, policy = tmp_path / "p", tmp_path / "publique"
    proof.write_text(audit(home, "proof", "3").out, "utf-8")
    policy.write_text(audit(home, "policy").out, "utf-8")

    seen = jalon("audit", "check", proof, "--policy", policy)

    assert seen.code == 0, seen.err
    assert "témoins    W" in seen.out


@pytest.mark.parametrize(
    "content", [b"", b"quorum x", b"\xff", b"x" * 2_000_000, b"log a\nquorum b"]
)
def test_a_policy_that_is_none_is_refused_in_a_sentence(
    home: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "politique"
    file.write_bytes(content)

    refused(audit(home, "trust", file), 3)

    assert audit(home, "trust", tmp_path / "rien").code == 1
    assert audit(home, "sign").code == 0


def test_a_policy_that_a_setting_names_is_read_there(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "politique"
    file.write_text("quorum none\n", "utf-8")

    seen = jalon("--home", home, "audit", "trust", file, JALON_POLICY=str(file))
    refused(seen, 1, "JALON_POLICY")
    missing = jalon("--home", home, "audit", "policy", JALON_POLICY=str(tmp_path / "rien"))
    refused(missing, 1, "politique de confiance")


@pytest.mark.parametrize(
    "values",
    [
        {"JALON_TSA": "http://127.0.0.1:9"},
        {"JALON_TSA_CA": "ca.pem"},
        {"JALON_TSA": "ftp://x", "JALON_TSA_CA": "ca.pem"},
    ],
)
def test_half_an_authority_is_none(home: Path, values: dict[str, str]) -> None:
    refused(jalon("--home", home, "audit", "sign", **values), 2, "JALON_TSA")


def test_an_authority_that_is_silent_is_told_beside_the_note(home: Path) -> None:
    values = {"JALON_TSA": "http://127.0.0.1:9", "JALON_TSA_CA": str(home / "rien.pem")}
    seen = jalon("--home", home, "audit", "sign", **values)

    assert seen.code == 0
    assert seen.out.startswith("registre.localhost/journal\n")
    assert "n'est pas horodaté" in seen.err
    assert audit(home, "stamps").out == "Rien n'a été horodaté (JALON_TSA nomme l'autorité).\n"


def test_whoever_has_the_policy_of_before_a_change_of_keys_is_told_what_to_ask(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "ancienne", tmp_path / "nouvelle"
    whole, until, proof = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "c.tlog-proof"
    audit(home, "sign")
    old.write_text(audit(home, "policy").out, "utf-8")
    changed = audit(home, "rotate-key", "--ground", "décision du bureau").out.splitlines()[1]
    register(home, "Pôle d'après")
    assert audit(home, "export", whole).code == 0
    assert audit(home, "export", until, "--until", f"@{changed}").code == 0
    proof.write_text(audit(home, "proof", "3").out, "utf-8")
    new.write_text(audit(home, "policy").out, "utf-8")

    for file in (whole, proof):
        seen = jalon("audit", "check", file, "--policy", old)
        assert seen.code == 3
        assert "les clés du journal ont pu changer depuis" in seen.err
        assert "« jalon audit export --until »" in seen.err
        assert "pièce" not in seen.err
        assert jalon("audit", "check", file, "--policy", new).code == 0
    assert verify.main([str(whole), "--politique", str(old)]) == 3
    told = capsys.readouterr().err
    assert "les clés du journal ont pu changer depuis" in told
    assert "pièce" not in told
    assert jalon("audit", "check", until, "--policy", old).code == 0, "both keys signed it"
    assert verify.main([str(until), "--politique", str(old)]) == 0
    given = {name for name in contents(until) if name.startswith("cles/")}
    assert len(given) == 4


def test_keys_are_changed_and_one_is_declared_compromised(home: Path) -> None:
    audit(home, "sign")
    old = keys_of(home)
    assert audit(home, "rotate-key").code == 2
    refused(audit(home, "distrust-key", old[0], "--ground", "vol"), 4, "rotate-key")

    seen = audit(home, "rotate-key", "--kind", "ed25519", "--ground", "décision du bureau")

    assert seen.code == 0, seen
    assert seen.out.count("\n— ") == 3
    assert "Republiez la politique" in seen.err
    told = audit(home, "keys").out
    assert told.count("ne signe plus, a signé de la taille 0 à la taille ") == 1
    assert len(keys_of(home)) == 3
    assert audit(home, "distrust-key", old[0], "--ground", "vol de la clé").code == 0
    assert f"# compromise : {FIRST} {old[0]}" in audit(home, "policy").out
    assert "compromise" in audit(home, "keys").out
    refused(audit(home, "distrust-key", "abc", "--ground", "x"), 1, "abc")
    refused(audit(home, "rotate-key", "--ground", " "), 2)


def test_a_lost_end_is_found_by_a_kept_note_then_acknowledged(home: Path, tmp_path: Path) -> None:
    note, copy = tmp_path / "note", tmp_path / "hier"
    audit(home, "sign")
    assert jalon("--home", home, "backup", copy).code == 0
    register(home, "Pôle fictif")
    note.write_text(audit(home, "sign").out, "utf-8")
    bundle = tmp_path / "dossier.zip"
    assert audit(home, "export", bundle).code == 0
    told = audit(home, "compare", bundle).out
    assert "en est la suite.\nSeul le point de contrôle de ce dossier a été comparé" in told
    same = audit(home, "compare", note)
    assert (same.code, "en est la suite" in same.out) == (0, True), same
    assert jalon("--home", home, "restore", copy, "--older").code == 0
    refused(audit(home, "sign"), 3, "sauvegarde plus ancienne")
    refused(audit(home, "verify"), 3, "sauvegarde plus ancienne")
    assert jalon("--home", home, "doctor").code == 3
    lost = audit(home, "compare", note)
    assert lost.code == 3
    assert "qui furent signés n'y sont plus" in lost.out
    assert audit(home, "compare", bundle).out.startswith(lost.out)
    assert "Seul le point de contrôle" not in lost.out

    named = audit(home, "rotate-log", f"https://{SECOND}", "--ground", "perte constatée")
    refused(named, 2, "sans « https:// »", "ne se change plus")
    opened = audit(home, "rotate-log", SECOND, "--ground", "perte constatée", "--reason", "panne")

    assert opened.code == 0, opened
    assert opened.out.startswith(f"{SECOND}\n")
    assert "JALON_ORIGIN" in opened.err
    refused(audit(home, "sign"), 1, SECOND)
    assert audit(home, "sign", origin=SECOND).code == 0
    assert audit(home, "verify", origin=SECOND).code == 0
    assert SECOND in jalon("--home", home, "doctor").out
    again = audit(home, "compare", note, "--json", origin=SECOND).json
    assert (again["found"], again["loss"]) == ("rolled_back", again["journal"] - 1)
    said = audit(home, "compare", note, origin=SECOND)
    assert f"C'est au registre : événement n° {again['loss_number']}." in said.out
    assert again["loss_number"] == again["loss"] + 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", 2), (b"x", 2), (b"\xff" * 99, 2), (b"a\n1\n\n\xe2\x80\x94 a b\n", 3)],
)
def test_what_is_no_note_is_compared_with_nothing(
    home: Path, tmp_path: Path, content: bytes, code: int
) -> None:
    audit(home, "sign")
    file = tmp_path / "note"
    file.write_bytes(content)

    refused(audit(home, "compare", file), code)


def test_the_api_has_no_command_that_would_say_what_was_not_done(home: Path) -> None:
    with (
        closing(Product(Settings(home=home, database=""))) as product,
        TestClient(create_app(product)) as client,
    ):
        paths = client.get("/api/openapi.json").json()["paths"]

    assert not [path for path in paths if path.startswith("/api/commands/log.")]
