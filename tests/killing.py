"""Kills an act on the log before each file that it puts in its place, one process a place.

    python -m tests.killing HOME COPIES ACT [SETTING=VALUE …]

Each copy of the registry is one in which the act was killed one step later; the last one, in which
it ended. Prints how many there are. A program of its own: it forks, which one with threads cannot.
"""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from application.log import LogAct
from domain.roles import Role
from infrastructure.log_keys import KINDS
from interfaces.wiring import Product, Settings

SECOND = "registre.exemple/journal-2"


def record(product: Product) -> Callable[[LogAct], object]:
    by = product.operator(Role.ADMINISTRATOR)
    return lambda act: product.do(act.model_copy(update={"ground": "essai"}), by)


ACTS: dict[str, Callable[[Product], object]] = {
    "sign": lambda product: product.log.sign(),
    "ask": lambda product: product.log.witnesses.ask(),
    "stamp": lambda product: product.log.stamp(),
    "rotate-key": lambda product: product.log.rotate_keys(list(KINDS), record(product)),
    "rotate-log": lambda product: product.log.rotate_log(SECOND, record(product)),
}


def kill_at(step: int) -> None:
    """Let this process end, as if it were killed, before so many files are in their places."""
    left = [step]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event == "os.rename" and "/signing/" in str(arguments[0]):
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)

    sys.addaudithook(watch)


def killed(settings: Settings, act: str, step: int) -> bool:
    """Whether the act was killed at a step; not so, where it has no such step."""
    child = os.fork()
    if child == 0:
        kill_at(step)
        with closing(Product(settings)) as product:
            ACTS[act](product)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9), code
    return code == 9


def main(home: str, copies: str, act: str, *more: str) -> None:
    given = dict(one.split("=", 1) for one in more)
    step, goes_on = 0, True
    while goes_on:
        copy = Path(copies, str(step))
        shutil.copytree(home, copy)
        settings = Settings(home=copy, database="", **given)  # type: ignore[arg-type]  # texts
        goes_on = killed(settings, act, step)
        step += 1
    sys.stdout.write(f"{step}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
