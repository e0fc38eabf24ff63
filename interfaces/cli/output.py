"""How the command line speaks: results on stdout, trouble on stderr, codes for scripts."""

import json
import re
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from pathlib import Path
from shlex import quote
from typing import Any

import typer
from pydantic import TypeAdapter

from domain.errors import Conflict, Damaged, Forbidden, Invalid, JalonError, Refused

EXIT_CODES = """Codes de sortie : 0 fait ; 1 échec ; 2 demande mal formée ; 3 vérification échouée ;
4 refusé par une règle ; 5 conflit."""


_HOME: ContextVar[str] = ContextVar("home", default="")

_TYPED = re.compile(r"(« | : |, |  |\(|^ *)jalon (?=[a-z])", re.MULTILINE)


def asked_at(home: Path | None) -> None:
    """Remember the registry for which commands are suggested: that of `--home`, if given."""
    _HOME.set(quote(str(home)) if home else "")


def as_typed(words: str) -> str:
    """What is said, its suggested commands as they are typed for the registry that was asked."""
    home = _HOME.get()
    return _TYPED.sub(lambda found: f"{found[1]}jalon --home {home} ", words) if home else words


def tell(words: str, *, err: bool = False) -> None:
    """Print what suggests a command."""
    typer.echo(as_typed(words), err=err)


def exit_code(error: JalonError) -> int:
    """What a script is told: 2 usage, 3 verification, 4 refused by a rule, 5 conflict, else 1."""
    kinds: list[tuple[type[JalonError] | tuple[type[JalonError], ...], int]] = [
        (Invalid, 2),
        (Damaged, 3),
        ((Refused, Forbidden), 4),
        (Conflict, 5),
    ]
    return next((code for kind, code in kinds if isinstance(error, kind)), 1)


def show_json(value: Any) -> None:
    """Print a value, or a list as `{"items": […], "total": n}`, as JSON."""
    if isinstance(value, list | tuple):
        value = {"items": value, "total": len(value)}
    plain = TypeAdapter(Any).dump_python(value, mode="json")
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))


def show_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, sums: bool = False) -> None:
    """Print rows in columns, as wide as they need.

    Args:
        sums: whether all columns but the first are amounts, read one below the other.
    """
    table = [list(header), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        if sums:
            cells[1:] = [cell.strip().rjust(len(cell)) for cell in cells[1:]]
        typer.echo("  ".join(cells).rstrip())


def show_facts(facts: Iterable[tuple[str, str | None]]) -> None:
    """Print what is known of a thing, one fact a line under its name; nothing of what is not."""
    for name, said in facts:
        if said:
            typer.echo(f"  {name:<12} {said}")


def plural(number: int, word: str, words: str | None = None) -> str:
    """`1 pôle`, `77 pôles`."""
    return f"{number} {word if number < 2 else words or word + 's'}"


SHOWN = 20
"""Faults that are told one by one; the others are counted."""


def tell_faults(faults: Sequence[object]) -> None:
    """Say the first faults of several, each in its sentence, and how many more there are."""
    for fault in faults[:SHOWN]:
        typer.echo(f"{fault}.", err=True)
    if (more := len(faults) - SHOWN) > 0:
        typer.echo(f"… et {plural(more, 'autre')}.", err=True)
