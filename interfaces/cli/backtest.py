"""`jalon workflow backtest …`: a draft put to the recorded history, before it is published."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from application.backtest import Backtest
from application.backtest_in_words import in_words
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json
from interfaces.cli.workflow import group, readable
from interfaces.cli.world import world

EVERY = 5.0
"""Seconds between two lines of progress where nobody watches a terminal."""


def add_to(_: typer.Typer) -> None:
    group.command("backtest")(backtest)


def backtest(
    context: typer.Context,
    draft: Annotated[
        Path, typer.Argument(metavar="BROUILLON.yaml", help="La définition à essayer.")
    ],
    since: Annotated[
        str | None,
        typer.Option(metavar="AAAA-MM-JJ", help="Seulement les passages à partir de ce jour."),
    ] = None,
    as_json: Json = False,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FICHIER", help="Écrire le rapport dans ce fichier, à la fin."),
    ] = None,
) -> None:
    """Rejouer toute l'histoire sous un brouillon : refus, avances, cas bloqués, droits.

    Rien n'est écrit dans le registre.
    """
    readable(draft)
    product = world(context).product
    with progress(sys.stderr, "pôle") as told:
        journey, found = product.backtest(draft, since=since, progress=told)
    followed = {case.journey for case in found.items}
    journeys = {ref: product.published(ref) for ref in sorted(followed)}
    with written_to(output):
        if as_json:
            show_json(found)
        else:
            for line in in_words(found, journey, journeys):
                typer.echo(line)
    if output:
        typer.echo(f"Rapport écrit dans {output} : {_short(found)}.")


def _short(found: Backtest) -> str:
    refused = plural(found.counts.refused, "passage refusé", "passages refusés")
    return f"{plural(found.cases, 'pôle')}, {refused} sur {found.counts.steps}"


@contextmanager
def written_to(file: Path | None) -> Iterator[None]:
    """Let what is printed go to a file, which is whole or is not there."""
    if file is None:
        yield
        return
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    screen = sys.stdout
    try:
        with partial.open("w", encoding="utf-8") as sys.stdout:
            yield
        partial.replace(file)
    finally:
        sys.stdout = screen
        partial.unlink(missing_ok=True)


@contextmanager
def progress(
    to: TextIO, what: str, every: float | None = None
) -> Iterator[Callable[[int, int], None]]:
    """Say how far something is: in place on a terminal, else a line now and then."""
    pause = every if every is not None else (0.1 if to.isatty() else EVERY)
    last = time.monotonic()
    shown = False

    def told(done: int, total: int) -> None:
        nonlocal last, shown
        now = time.monotonic()
        if now - last < pause:
            return
        last, shown = now, True
        count = f"{done} sur {plural(total, what)}"
        to.write(f"\r{count}" if to.isatty() else f"{count}\n")
        to.flush()

    try:
        yield told
    finally:
        if shown and to.isatty():
            to.write("\r\x1b[K")
            to.flush()
