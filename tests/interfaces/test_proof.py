"""Proofs on the command line: made from a registry, checked without one, refused in a sentence."""

from pathlib import Path

import pytest

from tests.interfaces.shell import Seen, begun, jalon, refused
from tests.make import ORIGIN


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = begun(tmp_path_factory.mktemp("proofs") / "home")
    assert jalon("--home", made, "pole", "register", "--name", "Pôle d'essai").code == 0
    return made


NO_ADDRESS = [
    "https://registre.exemple.fr/journal",
    "registre.exemple.fr//journal",
    ":8080/journal",
    "8080",
    "/journal",
    "journal",
]


def audit(home: Path, *words: str | Path) -> Seen:
    return jalon("--home", home, "audit", *words)


@pytest.fixture
def files(home: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A proof and the policy to check it by, as somebody else would be given them."""
    proof, policy = tmp_path / "e.tlog-proof", tmp_path / "politique"
    proof.write_text(audit(home, "proof", "3").out, "utf-8")
    policy.write_text(audit(home, "policy").out, "utf-8")
    return proof, policy


def test_a_proof_is_checked_with_no_registry_at_hand(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    proof, policy = files

    seen = jalon("--home", tmp_path / "nowhere", "audit", "check", proof, "--policy", policy)

    assert seen.code == 0, seen.err
    assert "La preuve tient : l'événement n° 3 est au journal." in seen.out
    assert "place 2 du journal (la première est 0)" in seen.out
    assert "registre.localhost/journal" in seen.out
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("said", ["{number}", "n° {number}", "n°{number}", "{event_id}"])
def test_the_event_of_a_proof_is_the_one_that_people_are_told(
    home: Path, tmp_path: Path, said: str
) -> None:
    """By its number, from 1, as in histories; the answer names it, so that a mistake is seen."""
    history = jalon("--home", home, "pole", "history", "pole-d-essai", "--json").json["items"]
    line = next(one for one in history if one["topic"] == "pole.registered.v1")
    event = said.format(number=line["position"], event_id=line["event_id"])

    seen = audit(home, "proof", event)

    assert seen.code == 0, seen
    assert f"\nindex {line['position'] - 1}\n" in seen.out
    assert f"n° {line['position']} : « Inscription au registre », enregistré le " in seen.err
    assert f"place {line['position'] - 1} du journal (la première est 0)" in seen.err
    assert seen.err.endswith(" C'est un événement du pôle « Pôle d'essai ».\n")
    file, policy = tmp_path / "e.tlog-proof", tmp_path / "politique"
    file.write_text(seen.out, "utf-8")
    policy.write_text(audit(home, "policy").out, "utf-8")
    checked = jalon("audit", "check", file, "--policy", policy)
    assert f"l'événement n° {line['position']} est au journal" in checked.out
    assert "« Inscription au registre », enregistré le " in checked.out


@pytest.mark.parametrize("part", range(0, 100, 3))
def test_a_proof_of_which_anything_changed_does_not_hold(
    files: tuple[Path, Path], part: int
) -> None:
    """Up to the signature that the policy asks for; what other keys sign says nothing to it."""
    proof, policy = files
    log, _, quorum = policy.read_text("utf-8").splitlines(keepends=True)
    policy.write_text(log + quorum, "utf-8")
    content = bytearray(proof.read_bytes())
    covered = content.rindex("\n— ".encode())
    content[covered * part // 100] ^= 1
    proof.write_bytes(bytes(content))

    seen = jalon("audit", "check", proof, "--policy", policy)

    assert (seen.code, seen.out, seen.err.count("\n")) == (3, "", 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", 2), (b"\xff\x00", 2), (b"log x\nquorum none", 2), (b"quorum none", 3)],
)
def test_a_policy_that_is_none_or_knows_nobody_is_told(
    files: tuple[Path, Path], content: bytes, code: int
) -> None:
    proof, policy = files
    policy.write_bytes(content)

    seen = jalon("audit", "check", proof, "--policy", policy)

    assert (seen.code, seen.out, seen.err.count("\n")) == (code, "", 1)


def test_files_that_are_not_there_are_told(files: tuple[Path, Path], tmp_path: Path) -> None:
    proof, policy = files

    for line in ((tmp_path / "rien", policy), (proof, tmp_path / "rien"), (tmp_path, policy)):
        seen = jalon("audit", "check", line[0], "--policy", line[1])
        assert seen.code == 2
        assert seen.err.count("\n") == 1


def test_the_log_is_signed_by_command_and_no_event_is_made_up(home: Path) -> None:
    note = audit(home, "sign")

    assert note.out.startswith("registre.localhost/journal\n")
    assert audit(home, "sign").out == note.out
    for event in ("99999", "abc", "", "0", "index 3", "@3"):
        seen = audit(home, "proof", event)
        assert (seen.code, seen.out, seen.err.count("\n")) == (1, "", 1)


def test_the_first_signature_waits_for_a_name_which_is_then_kept(tmp_path: Path) -> None:
    assert jalon("--home", tmp_path, "init").code == 0

    for words in (["sign"], ["export", tmp_path / "x.zip"], ["policy"], ["proof", "3"], ["keys"]):
        seen = jalon("--home", tmp_path, "audit", *words, JALON_ORIGIN="")
        refused(seen, 1, "JALON_ORIGIN=registre.exemple.fr/journal")
    assert not (tmp_path / "x.zip").exists()
    assert not (tmp_path / "signing" / "checkpoint").exists()
    assert audit(tmp_path, "sign").code == 0

    unsaid = jalon("--home", tmp_path, "audit", "sign", JALON_ORIGIN="")
    other = jalon("--home", tmp_path, "audit", "sign", JALON_ORIGIN="registre.exemple/autre")
    assert unsaid.out.startswith(f"{ORIGIN}\n")
    refused(other, 1, ORIGIN, f"« jalon --home {tmp_path} audit rotate-log »")


@pytest.mark.parametrize("origin", ["a b", "a+b", "x" * 300, "é\n", *NO_ADDRESS])
def test_a_name_that_no_log_can_have_signs_nothing(tmp_path: Path, origin: str) -> None:
    begun(tmp_path)

    seen = jalon("--home", tmp_path, "audit", "sign", JALON_ORIGIN=origin)

    assert (seen.code, seen.out, seen.err.count("\n")) == (2, "", 1), seen
    assert "registre.exemple.fr/journal" in seen.err
    assert not (tmp_path / "signing" / "checkpoint").exists()
