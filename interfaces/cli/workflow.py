"""`jalon workflow …`: work on definitions, before anything is published."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from application.sentences import of_system
from domain.check import Fault
from interfaces.cli.importing import NoFile
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, show_table
from interfaces.store import Checked, check_file

ALIKE = 10
"""How many faults of one code are shown, unless they keep the definition from being published."""

FILES = frozenset({".yaml", ".yml", ".xml"})
"""How the names of definitions in files end; a version's does not."""

group = typer.Typer(
    help="Les définitions de parcours : vérifier, dessiner, comparer, rejouer.",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="workflow")


Files = Annotated[
    list[Path], typer.Argument(metavar="FICHIER…", help="YAML, ou definition.xml de Plone.")
]


@group.command("check")
def check(files: Files, as_json: Json = False) -> None:
    """Vérifier des définitions sans rien publier.

    Codes de sortie : 0 publiables ; 2 un fichier ne peut pas être ouvert ; 3 un défaut au moins
    empêche de publier.
    """
    checked = [_checked(file) for file in files]
    if as_json:
        show_json(checked)
    else:
        for one in checked:
            _show_check(one)
    if not all(one.publishable for one in checked):
        raise typer.Exit(3)


def _checked(file: Path) -> Checked:
    return check_file(readable(file))


def readable(file: Path) -> Path:
    """A file that can be opened; what cannot is refused before anything is asked of it."""
    if file.exists() and not file.is_file():
        reason = "c'est un répertoire" if file.is_dir() else "ce n'est pas un fichier ordinaire"
        raise NoFile(file=file, reason=reason)
    try:
        file.open("rb").close()
    except OSError as error:
        raise NoFile(file=file, reason=of_system(error)) from None
    return file


def _show_check(checked: Checked) -> None:
    """The faults of a definition, those that keep it from being published first."""
    name = f"{checked.file} ({checked.journey})" if checked.journey else checked.file
    faults = sorted(checked.faults, key=lambda fault: not fault.blocking)
    stops = sum(fault.blocking for fault in faults)
    warnings = plural(len(faults) - stops, "avertissement")
    if not faults:
        typer.echo(f"{name} : publiable, rien à signaler.")
        return
    if checked.publishable:
        typer.echo(f"{name} : publiable, {warnings}.")
    else:
        typer.echo(f"{name} : non publiable, {plural(stops, 'défaut')}, {warnings}.")
    shown, left = _shown(faults)
    show_table(("", "CODE", "ENDROIT", "CE QUI NE VA PAS"), [_row(fault) for fault in shown])
    for code, number in left.items():
        typer.echo(f"  … et {number} de plus : {code} (--json les donne tous).")


def _shown(faults: list[Fault]) -> tuple[list[Fault], Counter[str]]:
    """The faults to show, and how many warnings of each code are not."""
    seen, left, shown = Counter[str](), Counter[str](), list[Fault]()
    for fault in faults:
        seen[fault.code] += 1
        if fault.blocking or seen[fault.code] <= ALIKE:
            shown.append(fault)
        else:
            left[fault.code] += 1
    return shown, left


def _row(fault: Fault) -> tuple[str, str, str, str]:
    kind = "bloque" if fault.blocking else "avertit"
    return kind, fault.code, fault.where, fault.say.say("fr")
