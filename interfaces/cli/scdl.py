"""`jalon commitment export`: the open data of conventions, with what is refused and why."""

from pathlib import Path
from typing import Annotated

import typer

from application.scdl_export import Export
from interfaces.cli.groups import group_of
from interfaces.cli.ledger import OfCall, OfFunder, OfPole
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

Output = Annotated[Path, typer.Argument(metavar="FICHIER.csv", help="Le fichier à écrire.")]


def add_to(app: typer.Typer) -> None:
    group_of(app, "commitment").command("export")(export)


def export(
    context: typer.Context,
    file: Output,
    funder: OfFunder = None,
    pole: OfPole = None,
    call: OfCall = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Écrire les conventions signées en données ouvertes (SCDL « subventions » 2.1.1).

    Ce qui ne peut pas être publié est laissé de côté et dit, avec la raison (code de sortie 1).
    """
    product = world(context).product
    moment = product.moment(known, in_force)
    found = product.open_data(moment, funder=funder, pole=pole, call=call)
    file.write_bytes(found.csv)
    if as_json:
        show_json({"file": str(file), **found.model_dump(exclude={"rows"}), "rows": found.rows})
    else:
        _tell(found, file)
    for told in found.refused:
        for reason in told.reasons:
            typer.echo(f"refusé : {told.code}, {reason}.", err=True)
    if found.refused:
        raise typer.Exit(1)


def _tell(found: Export, file: Path) -> None:
    published = plural(len(found.published), "convention publiée", "conventions publiées")
    refused = plural(len(found.refused), "refusée")
    typer.echo(f"Écrit dans {file} : {published} ({plural(len(found.rows), 'ligne')}), {refused}.")
    if found.unsigned:
        number = plural(len(found.unsigned), "engagement financier", "engagements financiers")
        typer.echo(f"{number} sans convention signée : rien à en publier.")
    for told in found.warned:
        for warning in told.warnings:
            typer.echo(f"À vérifier – {told.code}, {warning}.")
