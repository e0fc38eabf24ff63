"""`jalon import …`: public history from files."""

from pathlib import Path
from typing import Annotated

import typer

from application.history import LARGEST_FILE, ImportReport
from application.sentences import of_system
from domain.errors import Invalid
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

group = typer.Typer(
    help="Charger l'histoire publique ; à blanc, sauf avec --apply.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(metavar="FICHIER.csv", help="CSV en UTF-8.")]
Apply = Annotated[bool, typer.Option("--apply", help="Écrire ; à blanc sinon.")]


class NoFile(Invalid):
    """The file cannot be read."""

    code = "import.no_file"
    fr = "Le fichier {file} ne peut pas être lu : {reason}."
    en = "The file {file} cannot be read ({reason})."


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="import")


@group.command("poles")
def poles(context: typer.Context, file: File, apply: Apply = False, as_json: Json = False) -> None:
    """Charger des pôles : une ligne, un pôle, avec ses reconnaissances datées."""
    here = world(context)
    result = here.product.import_poles(read_file(file), here.by(), apply=apply)
    report(result, "pôle", as_json=as_json)


@group.command("timeline")
def timeline(
    context: typer.Context, file: File, apply: Apply = False, as_json: Json = False
) -> None:
    """Charger des faits nationaux datés, comme déclarations de leurs auteurs."""
    here = world(context)
    result = here.product.import_timeline(read_file(file), here.by(), apply=apply)
    report(result, "déclaration", feminine=True, as_json=as_json)


@group.command("calls")
def calls(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FICHIER.yaml]", help="YAML ; sans lui, les sept appels de l'État."
        ),
    ] = None,
    apply: Apply = False,
    as_json: Json = False,
) -> None:
    """Charger les appels de l'État : dates, enveloppes, étapes, chiffres avec leur source."""
    here = world(context)
    report(here.product.import_calls(file, here.by(), apply=apply), "appel", as_json=as_json)


def read_file(file: Path) -> bytes:
    """The bytes of a file to load; none that is too large is read."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise NoFile(file=file, reason=of_system(error)) from None
    if len(data) > LARGEST_FILE:  # whatever follows is not read
        reason = f"il fait plus de {LARGEST_FILE // 1_000_000} Mo"
        raise NoFile(file=file, reason=reason)
    return data


def report(
    result: ImportReport, what: str, *, feminine: bool = False, as_json: bool = False
) -> None:
    """Say what was done; rows left out go to stderr, and the exit code is then 1."""
    if as_json:
        show_json(result)
    else:
        many = result.recorded > 1
        done = f"chargé{'e' * feminine}{'s' * many}" if result.applied else "à charger"
        typer.echo(
            f"{plural(result.recorded, what)} {done} "
            f"({plural(result.events, 'événement')}), {result.unchanged} déjà au registre, "
            f"{plural(len(result.faults), 'ligne écartée', 'lignes écartées')} "
            f"sur {result.rows}."
        )
        if not result.applied:
            typer.echo("À blanc : rien n'a été écrit. Ajoutez --apply pour charger.")
    for line, reason in result.faults:
        typer.echo(f"ligne {line} : {reason}", err=True)
    if result.faults:
        raise typer.Exit(1)
