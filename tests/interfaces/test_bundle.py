"""Bundles as people give and check them: by the command line, by the script, in a browser."""

import json
import re
import sqlite3
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from application.withheld import WITHHELD
from infrastructure.bundle import VERIFIERS
from infrastructure.verifiers import verify
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.bundles import by_product, by_script, contents, written
from tests.forged_bundles import rows
from tests.interfaces.seasons import examined
from tests.interfaces.shell import Seen, jalon, refused
from tests.interfaces.test_browser import ARGUMENTS, chromium


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with two poles, of which the log was signed before the second."""
    made = tmp_path_factory.mktemp("bundles") / "home"
    assert jalon("--home", made, "init").code == 0
    assert jalon("--home", made, "pole", "register", "--name", "Pôle d'essai").code == 0
    assert jalon("--home", made, "audit", "sign").code == 0
    assert jalon("--home", made, "pole", "register", "--name", "Pôle voisin").code == 0
    return made


def audit(home: Path, *words: str | Path) -> Seen:
    return jalon("--home", home, "audit", *words)


@pytest.fixture(scope="module")
def whole(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("given") / "dossier.zip"
    assert audit(home, "export", file).code == 0
    return file


def size(home: Path) -> int:
    found: int = audit(home, "verify", "--json").json["size"]
    return found


# --- the command line ---------------------------------------------------------------------------


def test_a_bundle_is_checked_with_no_registry_at_hand(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = jalon("--home", tmp_path / "nowhere", "audit", "check", whole)

    assert (seen.code, seen.err) == (0, "")
    assert seen.out.startswith("Le dossier tient : ")
    assert "clés que le dossier contient lui-même" in seen.out
    (key,) = re.findall(r"^log (\S{50,150})$", contents(whole)["policy"].decode(), re.MULTILINE)
    assert verify.main([str(whole)]) == 0
    assert f"Ed25519, {key}\n" in seen.out
    assert f"Ed25519, {key}\n" in capsys.readouterr().out
    assert not (tmp_path / "nowhere").exists()


def test_a_policy_from_elsewhere_replaces_that_of_the_bundle(
    home: Path, whole: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "politique"
    policy.write_text(audit(home, "policy").out, "utf-8")
    assert jalon("--home", tmp_path / "other", "init").code == 0
    assert audit(tmp_path / "other", "export", tmp_path / "other.zip").code == 0

    assert jalon("audit", "check", whole, "--policy", policy).code == 0
    assert jalon("audit", "check", whole, "--politique", policy).code == 0
    proof = tmp_path / "p.tlog-proof"
    proof.write_text(audit(home, "proof", "3").out, "utf-8")
    refused(jalon("audit", "check", proof, "--policy", policy, "--ca", policy), 2, "--ca")
    refused(jalon("audit", "check", whole, "--ca", policy), 2, "aucun certificat racine")
    other = jalon("audit", "check", tmp_path / "other.zip", "--policy", policy)
    assert (other.code, other.out) == (3, "")
    assert "politique : aucune des clés qu'elle donne du journal" in other.err
    assert "Le dossier ne répond pas à votre politique : 1 défaut." in other.err


def test_a_bundle_ends_with_the_last_checkpoint_before_a_moment(home: Path, tmp_path: Path) -> None:
    signed = size(home) - 2  # a pole is registered by two events

    seen = audit(home, "export", tmp_path / "avant.zip", "--until", f"@{signed + 1}", "--json")

    assert seen.json == {
        "file": str(tmp_path / "avant.zip"),
        "size": signed,
        "events": signed,
    }
    assert by_script(tmp_path / "avant.zip") == (0, "")
    refused(audit(home, "export", tmp_path / "x.zip", "--until", "@3"), 1, "signé")
    refused(audit(home, "export", tmp_path / "x.zip", "--until", "demain"), 2, "demain")
    assert not (tmp_path / "x.zip").exists()


def test_a_bundle_of_one_pole_names_no_other(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "pole.zip"

    made = audit(home, "export", file, "--pole", "pole-d-essai")
    seen = jalon("audit", "check", file)

    assert made.code == 0
    assert "d'un pôle" in seen.out
    files = contents(file)
    assert "Pôle voisin".encode() not in b"".join(files.values())
    assert "Pôle d'essai".encode() in files["etats.jsonl"]
    assert "d'un seul pôle, Pôle d'essai (" in files["LISEZMOI.txt"].decode()


def test_what_does_not_hold_is_named_event_by_event(whole: Path, tmp_path: Path) -> None:
    files = contents(whole)
    lines = files["etats.jsonl"].splitlines(keepends=True)
    lines[-1] = lines[-1].replace("Pôle voisin".encode(), "Pôle voisan".encode())
    forged = written(tmp_path / "faux.zip", {**files, "etats.jsonl": b"".join(lines)})
    index = len(lines) - 1

    seen = jalon("audit", "check", forged)
    as_json = jalon("audit", "check", forged, "--json")

    assert (seen.code, seen.out) == (3, "")
    what = r"« Inscription au registre », enregistré le .* à \d+ h \d+"
    reason = "son état n'est pas celui de son entrée"
    assert re.search(rf"événement n° {index + 1} \({what}\) : {reason}\.\n", seen.err), seen.err
    assert "Le dossier ne tient pas : 1 défaut." in seen.err
    assert "Gardez ce fichier tel quel" in seen.err
    (fault,) = as_json.json["faults"]
    assert (fault["index"], fault["number"]) == (index, index + 1)


def test_a_file_is_never_replaced(home: Path, whole: Path, tmp_path: Path) -> None:
    before = whole.read_bytes()

    refused(audit(home, "export", whole), 2, "existe déjà")
    refused(audit(home, "export", tmp_path / "rien" / "a.zip"), 1, str(tmp_path / "rien »"))
    assert whole.read_bytes() == before


def test_a_pole_that_nobody_knows_gives_no_bundle(home: Path, tmp_path: Path) -> None:
    refused(audit(home, "export", tmp_path / "x.zip", "--pole", "inconnu"), 1, "inconnu")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "how",
    [
        "CAST(replace(CAST(state AS TEXT), 'voisin', 'voisan') AS BLOB)",
        "CAST(state AS TEXT)",
        "x'ff'",
    ],
)
def test_a_damaged_journal_gives_no_bundle_that_holds(home: Path, tmp_path: Path, how: str) -> None:
    """Whoever exports a journal that was changed is told, before anything is handed over."""
    with (
        closing(sqlite3.connect(home / "registry.db")) as db,
        closing(sqlite3.connect(tmp_path / "registry.db")) as copy,
    ):
        db.backup(copy)
        copy.execute(f"UPDATE event SET state = {how}")
        copy.commit()
    for name in ("keys.db", "kek", "operator.json"):
        (tmp_path / name).write_bytes((home / name).read_bytes())

    refused(audit(tmp_path, "export", tmp_path / "x.zip"), 3)
    assert not (tmp_path / "x.zip").exists()


def test_the_script_is_run_as_its_readme_says(whole: Path, tmp_path: Path) -> None:
    files = contents(whole)
    for name in ("verify.py", "LISEZMOI.txt"):
        (tmp_path / name).write_bytes(files[name])

    done = subprocess.run(
        [sys.executable, "-I", "verify.py", whole], cwd=tmp_path, capture_output=True, text=True
    )

    assert "python3 verify.py dossier.zip" in (tmp_path / "LISEZMOI.txt").read_text("utf-8")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_script_says_in_french_what_it_lacks(
    whole: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = VERIFIERS / "verify.py"
    bare = [sys.executable, "-I", "-S", str(script), str(whole)]
    done = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Il manque la bibliothèque « cryptography ». Rien n'a été vérif")

    for words, code in ((["--help"], 0), (["--rien"], 2), ([], 2)):
        with pytest.raises(SystemExit) as stopped:
            verify.main(words)
        told = "".join(capsys.readouterr())
        assert stopped.value.code == code
        assert not re.search("usage:|options|show|error|required", told), told

    monkeypatch.setattr(verify, "mldsa", None)  # a library of some years ago
    assert verify.main([str(whole)]) == 3
    told = capsys.readouterr().err
    assert "n'a pas pu être vérifiée" in told
    assert "Rien ne dit que quelque chose ait été changé" in told
    assert verify.main([str(whole), "--sans-mldsa"]) == 0


def test_the_verifiers_can_be_had_from_elsewhere_than_the_stick(home: Path) -> None:
    with (
        closing(Product(Settings(home=home, database=""))) as product,
        TestClient(create_app(product)) as client,
    ):
        for name in ("verify.py", "verifier.html"):
            assert f'href="/verification/{name}"' in client.get("/verification").text
            assert client.get(f"/verification/{name}").content == (VERIFIERS / name).read_bytes()
        assert client.get("/verification/LISEZMOI.txt").status_code == 404
        assert 'href="/verification"' in client.get("/poles").text


# --- the page -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield found
        found.close()


def test_the_three_verifiers_give_one_answer(browser: Browser, tmp_path: Path) -> None:
    """Of bundles by people who have keys of their own, and all the bytes that they want."""
    policy = tmp_path / "politique"
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto((VERIFIERS / "verifier.html").as_uri())
    for row in rows(tmp_path):
        policy.write_text(row.policy, "utf-8")
        given = ["--politique", str(policy)] if row.policy else []
        page.evaluate("() => { document.getElementById('verdict').className = '' }")
        page.locator("#policy").evaluate("(field, text) => { field.value = text }", row.policy)
        page.set_input_files("#file", row.file)
        page.locator("#verdict.holds, #verdict.fails").wait_for(timeout=60_000)
        told = page.inner_text("#verdict"), page.locator("#faults li").all_text_contents()
        if page.locator("#report").is_visible():
            by_itself = "le dossier contient lui-même" in page.inner_text("#by")
            assert by_itself == (not row.policy), row.name

        product = by_product(row.file, policy if row.policy else None)
        script = by_script(row.file, *given)

        policies = "ne répond pas à votre politique" in told[0]
        assert policies == (row.awaited is not None), (row.name, told)
        if row.awaited:
            ended = page.inner_text("#next"), verify.remedies[0], product[1]
            assert all(row.awaited in one for one in ended), (row.name, ended)
        found = {"product": not product[0], "script": not script[0]}
        found["page"] = told[0].startswith("Le dossier tient")
        assert set(found.values()) == {row.holds}, (row.name, found, product, script, told)
        assert "b'" not in product[1] + script[1]
        if row.name.startswith("zipped again"):
            said = (product[1], script[1], told[0])
            assert all("prenez le fichier d'origine" in one for one in said), said
    assert Axe().run(page).response["violations"] == []
    page.close()


def seen_in(browser: Browser, file: Path) -> tuple[bool, str]:
    """Whether the page says that a bundle holds, and what it says of what does not."""
    page = browser.new_page(viewport={"width": 320, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((VERIFIERS / "verifier.html").as_uri())
    page.set_input_files("#file", file)
    page.locator("#verdict.holds, #verdict.fails").wait_for(timeout=60_000)
    verdict = page.inner_text("#verdict")
    faults = "\n".join(page.locator("#faults li").all_text_contents())
    page.close()
    assert [url for url in asked if not url.startswith("file:")] == []
    return verdict.startswith("Le dossier tient"), verdict + "\n" + faults


def unchecked_in(browser: Browser, file: Path) -> str:
    """What the page says that it does not check."""
    page = browser.new_page()
    page.goto((VERIFIERS / "verifier.html").as_uri())
    page.set_input_files("#file", file)
    page.locator("#verdict.holds").wait_for(timeout=60_000)
    told = page.inner_text("#unchecked")
    page.close()
    return told


def test_the_page_says_of_a_bundle_what_the_script_says(
    browser: Browser,
    home: Path,
    whole: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    of_pole = tmp_path / "pole.zip"
    assert audit(home, "export", of_pole, "--pole", "pole-d-essai").code == 0
    files, some = contents(whole), contents(of_pole)
    states, note = files["etats.jsonl"], files["checkpoint"]
    last = states.count(b"\n") - 1
    proof = next(name for name in some if name.startswith("preuves/"))
    key = next(name for name in files if name.startswith("cles/"))
    manifest = json.dumps(json.loads(files["manifeste.json"]) | {"x": 1}).encode()
    forged = {
        f"événement n° {last + 1} ": {
            **files,
            "etats.jsonl": states.replace(b"voisin", b"voisan"),
        },
        f"événement n° {last} ": {**files, "etats.jsonl": b"".join(states.splitlines(True)[:-2])},
        f"événement n° {int(proof[8:-11]) + 1} ": {
            **some,
            proof: some[proof].replace(b"extra e", b"extra f"),
        },
        key: {**files, key: files[key].replace(b"+", b"-", 1)},
        "checkpoint": {**files, "checkpoint": note.replace(b"\n\n", b"\n", 1)},
        "aucune clé du journal": {
            **files,
            "checkpoint": files["checkpoint"].replace(b"lhost", b"lhast"),
        },
        "x.txt": {**files, "x.txt": b"x"},
        "manifeste.json": {**files, "manifeste.json": manifest},
    }

    assert seen_in(browser, whole)[0]
    assert seen_in(browser, of_pole)[0]
    stamp = {f"horodatage/2026-01-01.{kind}": b"x" for kind in ("tsr", "pem", "note")}
    stamped = written(tmp_path / "stamped.zip", {**files, **stamp})
    assert seen_in(browser, stamped)[0]
    assert "n'a aucun horodatage" in unchecked_in(browser, whole)
    assert "Le dossier porte 1 horodatage (RFC 3161), que cette page ne lit pas" in (
        unchecked_in(browser, stamped)
    )
    for place, changed in forged.items():
        file = written(tmp_path / "faux.zip", changed, mend=place != "manifeste.json")
        holds, told = seen_in(browser, file)
        assert (holds, place in told) == (False, True), (place, told)
        assert by_script(file)[0] == 3, place
        if place == f"événement n° {last + 1} ":  # the code of its kind is for programs
            capsys.readouterr()
            assert verify.main([str(file)]) == 3
            for said in (told, capsys.readouterr().err):
                assert "(« Inscription au registre », enregistré le " in said
                assert "pole." not in said


def test_the_pole_of_a_bundle_is_named_as_its_own_events_name_it(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def done(*words: str) -> Seen:
        seen = jalon("--home", tmp_path / "home", *words)
        assert seen.code == 0, seen
        return seen

    done("init")
    done("pole", "register", "--name", "Pôle d'essai", "--occurred-on", "2020")
    pole, file = ("--pole", "pole-d-essai"), tmp_path / "dossier.zip"
    done("pole", "rename", *pole, "--name", "Pôle du Nrod", "--occurred-on", "2022")
    told = done("pole", "history", "pole-d-essai", "--json").json["items"]
    (wrong,) = (one["event_id"] for one in told if one["topic"] == "pole.renamed.v1")
    done("pole", "rename", *pole, "--name", "Ancien nom", "--occurred-on", "2021")
    again = ("--corrects", wrong, "--reason", "faute de frappe")
    done("pole", "rename", *pole, "--name", "Pôle du Nord", "--occurred-on", "2022", *again)
    done("audit", "export", str(file), *pole)
    identity = json.loads(contents(file)["manifeste.json"])["pole"]

    product = jalon("audit", "check", file)
    assert verify.main([str(file)]) == 0
    page = browser.new_page()
    page.goto((VERIFIERS / "verifier.html").as_uri())
    page.set_input_files("#file", file)
    page.locator("#verdict.holds").wait_for(timeout=60_000)

    assert f"pôle       Pôle du Nord ({identity})" in product.out
    assert f"d'un seul pôle, « Pôle du Nord » ({identity}) : " in capsys.readouterr().out
    assert f"« Pôle du Nord » ({identity})" in page.inner_text("#facts")
    page.close()


def test_what_is_no_bundle_is_told_by_the_page(browser: Browser, tmp_path: Path) -> None:
    for content in (b"", b"PK", b"x" * 3000):
        file = tmp_path / "x.zip"
        file.write_bytes(content)
        holds, told = seen_in(browser, file)
        assert not holds
        assert "ce n'est pas un fichier zip" in told


# --- what is not for everybody ------------------------------------------------------------------


def topics(file: Path) -> set[str]:
    """What the events are that a bundle of one pole proves."""
    found = set()
    for name, content in contents(file).items():
        if name.endswith(".tlog-proof"):
            extra = content.decode().splitlines()[1].removeprefix("extra ")
            found.add(json.loads(b64decode(extra))["k"])
    return found


@pytest.mark.parametrize("announced", [True, False])
def test_the_bundle_of_a_pole_says_nothing_of_a_review_before_it_is_announced(
    tmp_path: Path, announced: bool
) -> None:
    home, file = examined(tmp_path / "home", announced=announced), tmp_path / "un.zip"
    pole = jalon("--home", home, "dossier", "list", "--json").json["items"][0]["pole"]

    done = audit(home, "export", file, "--pole", pole, "--as", "public")

    assert done.code == 0, done
    shown = topics(file)
    assert "dossier.submitted.v1" in shown
    assert bool({topic.TOPIC for topic in WITHHELD} & shown) == announced
    assert by_script(file) == (0, "")
    assert audit(home, "check", file).code == 0


def test_the_whole_log_is_given_to_auditors_and_that_is_noted(home: Path, tmp_path: Path) -> None:
    def readings() -> list[dict[str, str]]:
        found = jalon("--home", home, "access", "list", "--json").json
        lines: list[dict[str, str]] = found if isinstance(found, list) else found["items"]
        return lines

    before = len(readings())

    refused(audit(home, "export", tmp_path / "a.zip", "--as", "funder"), 4, "aux auditeurs")
    assert audit(home, "export", tmp_path / "b.zip").code == 0

    assert not (tmp_path / "a.zip").exists()
    noted = [(line["concept"], line["part"]) for line in readings()[before:]]
    assert noted == [("log", "bundle")]


# --- the codes ----------------------------------------------------------------------------------

READ_ME = ["LISEZMOI.txt"]
ASKED: list[tuple[list[str], int]] = [
    (["dossier.zip"], 0),
    (["dossier"], 0),
    (["dossier.zip", "--policy", "politique"], 0),
    (["vide.zip"], 3),
    (["coupe.zip"], 3),
    (["faux.zip"], 3),
    (["faux.zip", "--policy", "politique"], 3),
    (["dossier.zip", "--policy", "autre-politique"], 3),
    (["dossier.zip", "--ca", "racine.pem"], 3),
    (["absent.zip"], 2),
    (["."], 2),
    (["/dev/null"], 2),
    (READ_ME, 2),
    ([*READ_ME, "--policy", "politique"], 2),
    (["dossier.zip", "--policy", "absente"], 2),
    (["dossier.zip", "--policy", "."], 2),
    (["dossier.zip", "--policy", "/dev/null"], 2),
    (["dossier.zip", "--policy", *READ_ME], 2),
    (["dossier.zip", "--ca", "absente"], 2),
    (["dossier.zip", "--ca", "."], 2),
    (["dossier.zip", "--ca", "/dev/null"], 2),
    (["dossier.zip", "--ca", *READ_ME], 2),
]
"""What is asked of verifiers, and the code that `docs/how-to/give-a-bundle.md` promises of it."""


@pytest.fixture(scope="module")
def given_files(home: Path, whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of everything that somebody may give to a verifier."""
    folder = tmp_path_factory.mktemp("asked")
    files = contents(whole)
    states = files["etats.jsonl"].replace(b"voisin", b"voisan")
    written(folder / "faux.zip", {**files, "etats.jsonl": states})
    for name, content in (
        ("dossier.zip", whole.read_bytes()),
        ("dossier", whole.read_bytes()),
        ("vide.zip", b""),
        ("coupe.zip", whole.read_bytes()[:-30]),
        ("LISEZMOI.txt", files["LISEZMOI.txt"]),
        ("politique", audit(home, "policy").out.encode()),
        ("autre-politique", b"quorum none\n"),
        ("racine.pem", root_certificate()),
        ("garde", audit(home, "sign").out.encode()),
        ("preuve.tlog-proof", audit(home, "proof", "3").out.encode()),
        ("abimee.tlog-proof", audit(home, "proof", "3").out.encode()[1:]),
        ("abime", audit(home, "sign").out.encode()[1:]),
    ):
        (folder / name).write_bytes(content)
    return folder


def root_certificate() -> bytes:
    """Of an authority that stamped nothing."""
    key, name = Ed25519PrivateKey.generate(), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1)
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2040, 1, 1, tzinfo=UTC)
    )
    return made.sign(key, None).public_bytes(Encoding.PEM)


@pytest.mark.parametrize(("words", "code"), ASKED)
def test_one_trouble_has_one_code_whoever_verifies(
    given_files: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
) -> None:
    monkeypatch.chdir(given_files)

    product = jalon("audit", "check", *words)
    script = verify.main(words)

    told = capsys.readouterr()
    assert (product.code, script) == (code, code), (product, told)
    if code == 2:
        for out, err in ((product.out, product.err), (told.out, told.err)):
            assert out == ""
            assert err.endswith(" Rien n'a été vérifié.\n")
            assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["dossier.zip", "dossier", "vide.zip", "coupe.zip", *READ_ME])
def test_the_page_says_in_words_what_the_others_say_by_a_code(
    browser: Browser, given_files: Path, name: str
) -> None:
    code = next(code for words, code in ASKED if words == [name])
    begins = {0: "Le dossier tient", 2: "Rien n'a été vérifié : ", 3: "Le dossier ne tient pas"}

    assert seen_in(browser, given_files / name)[1].startswith(begins[code])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["check", "preuve.tlog-proof", "--policy", "politique"], 0),
        (["check", "preuve.tlog-proof", "--policy", "autre-politique"], 3),
        (["check", "abimee.tlog-proof", "--policy", "politique"], 3),
        (["check", "preuve.tlog-proof"], 2),
        (["check", "preuve.tlog-proof", "--policy", "absente"], 2),
        (["check", "preuve.tlog-proof", "--policy", "/dev/null"], 2),
        (["check", "absente.tlog-proof", "--policy", "politique"], 2),
        (["compare", "garde"], 0),
        (["compare", "dossier.zip"], 0),
        (["compare", "preuve.tlog-proof"], 0),
        (["compare", "abime"], 3),
        (["compare", "abimee.tlog-proof"], 3),
        (["compare", "coupe.zip"], 3),
        (["compare", *READ_ME], 2),
        (["compare", "/dev/null"], 2),
        (["compare", "absent"], 2),
        (["compare", "."], 2),
    ],
)
def test_proofs_and_notes_have_the_same_codes(
    home: Path, given_files: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.chdir(given_files)

    seen = audit(home, *words)

    assert seen.code == code, seen
    assert code == 0 or seen.err.count("\n") == 1
