"""The README's first command: the public history loaded, verified, and served for real."""

import json
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from application.personal import marked_events
from application.wording import STAGES
from domain.personal import sealed_in
from infrastructure.reference import STORIES, demonstration
from interfaces.wiring import Product, Settings, demonstration_people
from tests import make
from tests.interfaces.shell import PROGRAM, Seen, audit, environment, jalon

SERVING = re.compile(r"Jalon sert sur (http://127\.0\.0\.1:\d+) ")


def demo(folder: Path, *options: str) -> Seen:
    """Run the demonstration in a folder, without serving."""
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        return jalon("demo", "--no-serve", *options)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Seen]:
    """A folder where the demonstration was run once, and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo(folder)


@pytest.fixture
def folder(told: tuple[Path, Seen], tmp_path: Path) -> Path:
    """A copy of that folder."""
    return shutil.copytree(told[0], tmp_path / "demo")


def test_it_counts_what_it_loaded(told: tuple[Path, Seen]) -> None:
    _, seen = told

    assert (seen.code, seen.err) == (0, "")
    assert "77 pôles chargés, 0 déjà au registre" in seen.out
    assert "39 faits nationaux chargés, 0 déjà au registre" in seen.out


def test_it_counts_the_poles_of_each_stage(told: tuple[Path, Seen]) -> None:
    _, seen = told

    counts = {
        title: re.search(rf"^ +(\d+)  {re.escape(title)}$", seen.out, re.MULTILINE)
        for title in STAGES.values()
    }
    found = {title: int(match[1]) for title, match in counts.items() if match}

    assert set(found) == set(STAGES.values())
    assert sum(found.values()) == 77
    assert found["Reconnaissance (article 9)"] == 0


def test_it_does_not_count_the_poles_of_its_story(told: tuple[Path, Seen]) -> None:
    assert "Trois pôles fictifs montrent le reste ; deux d'entre eux fusionnent" in told[1].out
    assert "Un appel fictif va de son ouverture aux reversements" in told[1].out
    assert "Ces pôles fictifs ne sont pas comptés ci-dessus." in told[1].out


def test_its_story_says_nothing_of_a_real_pole(told: tuple[Path, Seen]) -> None:
    stories = [demonstration(story)[0] for story in STORIES]
    told_of = {name for story in stories for name in story.names}
    product = Product(Settings(home=told[0] / ".demo", database=""))
    with closing(product):
        operator = product.operator().actor
        real = [
            line.id for line in product.register.lines(product.moment()) if line.name not in told_of
        ]
        facts = [fact for pole in real for fact in product.registry.history(pole)]

    assert len(real) == 77
    assert {fact.event.meta.actor for fact in facts} == {operator}
    invented = {story.source for story in stories}
    assert invented.isdisjoint({fact.event.meta.source for fact in facts})


def test_it_says_that_no_stage_is_an_approval(told: tuple[Path, Seen]) -> None:
    assert "Aucune étape n'est un agrément" in told[1].out


def test_it_gives_the_root_it_verified(told: tuple[Path, Seen]) -> None:
    folder, seen = told

    size, root = audit(folder / ".demo")

    assert f"Journal : {size} événements vérifiés," in seen.out
    assert f"racine {root}" in seen.out


def test_it_gives_the_token_of_its_operator(told: tuple[Path, Seen]) -> None:
    folder, seen = told

    token = json.loads((folder / ".demo" / "operator.json").read_text("utf-8"))["token"]

    assert token in seen.out


def test_it_leaves_one_folder_and_nothing_else(told: tuple[Path, Seen]) -> None:
    assert [path.name for path in told[0].iterdir()] == [".demo"]


def test_the_line_it_advises_works(told: tuple[Path, Seen]) -> None:
    folder, seen = told
    advised = next(line for line in seen.out.splitlines() if "--home .demo" in line)

    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        listed = jalon(*advised.split("jalon ")[1].split())

    assert listed.out.endswith("102 pôles.\n")


def test_a_second_run_loads_nothing_more(folder: Path) -> None:
    before = audit(folder / ".demo")

    seen = demo(folder)

    assert seen.code == 0
    assert "0 pôle chargé, 77 déjà au registre" in seen.out
    assert "0 fait national chargé, 39 déjà au registre" in seen.out
    assert audit(folder / ".demo") == before


def test_it_starts_over_when_told_to(folder: Path) -> None:
    jalon("--home", folder / ".demo", "pole", "register", "--name", "De trop")
    before = audit(folder / ".demo")

    seen = demo(folder, "--fresh")

    assert "77 pôles chargés" in seen.out
    assert audit(folder / ".demo") != before
    assert "De trop" not in jalon("--home", folder / ".demo", "pole", "list").out


def test_a_demonstration_that_is_run_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / ".demo").write_text("un fichier")

    seen = demo(tmp_path)

    assert seen.code == 2
    assert ".demo" in seen.err
    assert seen.err.count("\n") == 1


# --- served for real ----------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(folder: Path, *line: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server of its own, once it answers, and its process."""
    with environment({}) as env:
        child = subprocess.Popen(
            [PROGRAM, *line, "--port", str(free_port())],
            cwd=folder,
            env={**env, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    try:
        assert child.stdout
        for said in child.stdout:
            if found := SERVING.match(said):
                break
        else:
            raise AssertionError(child.communicate())
        address = found[1]
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310
                break
            except urllib.error.URLError:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        yield address, child
    finally:
        child.kill()
        child.communicate()


def get(address: str) -> tuple[int, str, str]:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # our own server
        return answer.status, answer.headers["Content-Type"], answer.read().decode()


def test_the_demonstration_is_served_and_stops_when_told_to(folder: Path) -> None:
    with served(folder, "demo") as (address, child):
        status, kind, page = get(f"{address}/")
        health = get(f"{address}/healthz")
        poles = json.loads(get(f"{address}/api/poles")[2])

        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=30)

    assert (status, kind) == (200, "text/html; charset=utf-8")
    assert "102 pôles au registre" in page
    assert health[2] == '{"status":"ok"}'
    assert poles["total"] == 102
    assert child.returncode in (0, 130)
    assert err == ""


def test_a_server_shows_what_another_program_records(folder: Path) -> None:
    with served(folder, "--home", ".demo", "serve") as (address, child):
        jalon("--home", folder / ".demo", "pole", "register", "--name", "Pendant ce temps")
        deadline = time.monotonic() + 10
        while "Pendant ce temps" not in get(f"{address}/api/poles?q=pendant")[2]:
            assert time.monotonic() < deadline
            time.sleep(0.05)

        child.terminate()
        _, err = child.communicate(timeout=30)

    assert "Traceback" not in err


def test_a_backup_is_taken_and_put_back_while_it_is_served(folder: Path, tmp_path: Path) -> None:
    home = folder / ".demo"
    with served(folder, "--home", ".demo", "serve") as (address, _):
        jalon("--home", home, "backup", tmp_path / "copie")
        jalon("--home", home, "pole", "register", "--name", "De trop")
        restored = jalon("--home", home, "restore", tmp_path / "copie", "--older")

        listed = json.loads(get(f"{address}/api/poles")[2])
        ready = json.loads(get(f"{address}/readyz")[2])

    assert restored.code == 0, restored
    assert listed["total"] == 102
    assert ready["restored"] == 1
    audit(home)


def sealed_texts(home: Path) -> set[str]:
    """Every personal value of a registry, opened."""
    with make.closing_product(Settings(home=home, database="")) as product:
        return {
            said
            for recorded in product.registry.told(*marked_events())
            for field, kept, _ in sealed_in(recorded.event)
            if (said := product.registry.unseal(kept, event=type(recorded.event), field=field))
        }


def test_no_personal_value_is_in_a_file_or_in_what_a_server_says(
    told: tuple[Path, Seen], folder: Path
) -> None:
    home, name = folder / ".demo", "Zoé Quidam-Fictif"
    with served(folder, "--home", ".demo", "serve") as (address, child):
        token = json.loads((home / "operator.json").read_text())["token"]
        for given in (
            {"pole": pole_of(address), "author": name, "text": "Bonjour."},
            {"pole": "ailleurs", "author": name, "text": "Bonjour."},
            {"author": name, "text": "", "inattendu": name},
        ):
            asked = urllib.request.Request(  # noqa: S310  # our own server
                f"{address}/api/commands/contribution.send",
                data=json.dumps(given).encode(),
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            with suppress(urllib.error.HTTPError):
                urllib.request.urlopen(asked, timeout=10).close()  # noqa: S310
        get(f"{address}/")
        child.terminate()
        out, err = child.communicate(timeout=30)

    secrets = sealed_texts(home)
    assert name in secrets
    assert len(secrets) > 10
    said = (told[1].out + told[1].err + out + err).encode()
    files = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"Pays des fictions" in files or "Pôle fictif".encode() in files, "it would be found"
    shown = {one.address for one in demonstration_people()}  # to sign in with: nobody has them
    assert [one for one in {*secrets} - shown if one.encode() in said + files] == []
    assert [one for one in shown if one.encode() in files] == []


def pole_of(address: str) -> str:
    return str(json.loads(get(f"{address}/api/poles")[2])["items"][0]["id"])


def test_only_this_machine_is_answered(folder: Path) -> None:
    with served(folder, "--home", ".demo", "serve") as (address, _):
        port = address.rsplit(":", 1)[1]
        listening = Path("/proc/net/tcp").read_text()

    mine = [line.split()[1] for line in listening.splitlines()[1:] if line.split()[3] == "0A"]
    assert f"0100007F:{int(port):04X}" in mine
    assert f"00000000:{int(port):04X}" not in mine


def test_it_says_that_it_does_not_use_the_registry_that_was_named(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as here:
        here.chdir(tmp_path)
        (tmp_path / ".demo").mkdir()
        (tmp_path / ".demo" / "registry.db").write_bytes(b"written by something else entirely")
        seen = jalon("--home", "mine", "demo", "--no-serve")

    assert seen.code == 1
    assert "a son propre répertoire (.demo)" in seen.err
    assert "Traceback" not in seen.err
    assert not (tmp_path / "mine").exists()


def test_what_another_version_left_is_started_over_with_fresh(folder: Path) -> None:
    with closing(sqlite3.connect(folder / ".demo" / "registry.db")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")

    seen = demo(folder)

    assert seen.code == 1
    assert "« jalon demo --fresh »" in seen.err
