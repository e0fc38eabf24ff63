"""Runs a job as the product does, knowing some kinds more: one that waits, some that fail.

python -m tests.job_program job run JOB
"""

import os
from pathlib import Path

from application.job import JobResult
from domain.roles import Role
from domain.values import Frozen
from interfaces.cli.main import main
from interfaces.job_kinds import KINDS as KNOWN
from interfaces.job_kinds import AtWork, JobKind
from interfaces.wiring import Product

TRIED = frozenset({Role.REGISTRAR, Role.AUDITOR})


class Tried(Frozen):
    """In which folder two pipes are: in one it says that it began, of the other it goes on."""

    pipes: str = ""
    word: str = ""


def wait(_: Product, work: AtWork) -> JobResult:
    pipes = Path(work.inputs.pipes)
    work.tell(1, 3, "premier tiers")
    (work.folder / "commencé").touch()
    (pipes / "began").write_text(str(os.getpid()), "utf-8")
    (pipes / "go").read_text("utf-8")
    given = work.given.decode() if work.given else "rien"
    (work.folder / "fini.txt").write_text(given, "utf-8")
    return JobResult(says=(("Donné", given),), file="fini.txt", media="text/plain")


def fail(_: Product, work: AtWork) -> JobResult:
    raise RuntimeError(work.inputs.word)


def kind(name: str, run: object, *, personal: bool = False) -> JobKind:
    return JobKind(
        name,
        f"Essai ({name})",
        TRIED,
        Tried,
        lambda asked: asked.word or "sans mot",
        run,  # type: ignore[arg-type]  # one of ours
        personal=personal,
    )


KINDS = {
    one.name: one
    for one in (kind("wait", wait), kind("fail", fail), kind("person", fail, personal=True))
}


if __name__ == "__main__":
    assert isinstance(KNOWN, dict)
    KNOWN.update(KINDS)
    main()
