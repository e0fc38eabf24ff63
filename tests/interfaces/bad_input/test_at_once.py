"""Several at once: each is done once, or told why not."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.interfaces.shell import (
    BEGUN,
    POLES,
    Seen,
    audit,
    jalon,
    poles_in,
    program,
    refused,
)


def together(lines: list[list[str]]) -> list[Seen]:
    """Run several programs at the same moment."""
    with ThreadPoolExecutor(len(lines)) as pool:
        return list(pool.map(lambda line: program(*line), lines))


def settled(seen: Seen) -> None:
    """Done, or refused cleanly."""
    assert "Traceback" not in seen.err, seen
    if seen.code:
        refused(seen, seen.code)
        assert seen.code in (1, 4, 5)


def test_two_imports_at_once_load_each_pole_once(empty: Path) -> None:
    line = ["--home", str(empty), "import", "poles", str(POLES), "--apply"]

    for seen in together([line, line]):
        assert seen.code == 0, seen

    assert poles_in(empty) == 77
    assert audit(empty)[0] == BEGUN + 693
    assert jalon("--home", empty, "rebuild").code == 0


@pytest.mark.long
def test_imports_and_members_at_once_lose_nothing(empty: Path) -> None:
    jalon("--home", empty, "pole", "register", "--name", "Commun")
    home = ["--home", str(empty)]
    imports = [[*home, "import", "poles", str(POLES), "--apply"]] * 4
    join = [*home, "pole", "add-member", "--pole", "commun", "--member-kind", "research"]
    members = [[*join, "--name", f"Nom {n}"] for n in range(12)]

    for seen in together(imports + members):
        settled(seen)
        assert seen.code == 0, seen

    sheet = jalon("--home", empty, "pole", "show", "commun", "--json").json
    assert {member["name"] for member in sheet["members"]} == {f"Nom {n}" for n in range(12)}
    assert poles_in(empty) == 78
    audit(empty)


def test_the_same_key_sent_by_many_at_once_is_done_once(home: Path) -> None:
    size = audit(home)[0]
    line = ["--home", str(home), "pole", "note-contact", "--pole", "ecossolies"]
    line += ["--channel", "téléphone", "--outcome", "joint", "--key", "ensemble"]

    seen = together([line] * 4)

    assert [s.code for s in seen] == [0] * 4, seen
    assert len({s.out.split()[-1] for s in seen}) == 1
    assert audit(home)[0] == size + 1


def test_several_may_prepare_the_same_folder_at_once(tmp_path: Path) -> None:
    home = tmp_path / "ensemble"

    for seen in together([["--home", str(home), "init"]] * 3):
        assert "Traceback" not in seen.err, seen
        if seen.code:
            refused(seen, seen.code)

    assert jalon("--home", home, "init").code == 0
    assert audit(home)[0] == BEGUN
    assert jalon("--home", home, "import", "poles", POLES, "--apply").code == 0


def test_who_waits_too_long_for_another_is_told(home: Path) -> None:
    """A program that stopped in the middle of writing keeps the others out, not in the dark."""
    with closing(sqlite3.connect(home / "registry.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with_patience = "infrastructure.event_store.sqlite.BUSY_SECONDS"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(with_patience, 0.2)
            seen = jalon("--home", home, "pole", "register", "--name", "A")

    refused(seen, 1, "occupé par un autre programme")
