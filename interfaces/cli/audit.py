"""`jalon audit …`: prove that nothing was rewritten."""

from typing import Annotated

import typer

from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

group = typer.Typer(help="Vérifier le journal.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="audit")


@group.command("verify")
def verify(
    context: typer.Context,
    expect: Annotated[
        str | None, typer.Option(metavar="RACINE", help="La racine publiée, à comparer.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Recalculer chaque feuille et la racine.

    Codes de sortie : 0 le journal est intact (et la racine est celle attendue) ;
    3 il n'est pas ce qui a été enregistré ou publié.
    """
    product = world(context).product
    verified = product.verify()
    root = verified.root.hex()
    restorations = product.restorations()
    if as_json:
        show_json(
            {
                "size": verified.size,
                "root": root,
                "restorations": [
                    {"at": at, "size": size, "previous_size": before}
                    for at, size, before in restorations
                ],
            }
        )
    else:
        typer.echo(f"{plural(verified.size, 'événement vérifié', 'événements vérifiés')}.")
        typer.echo(f"racine {root}")
        for at, size, before in restorations:
            typer.echo(
                f"Une sauvegarde de {plural(size, 'événement')} a été restaurée le "
                f"{at:%d/%m/%Y à %H:%M} UTC ; le registre en comptait alors {before}."
            )
    if expect and expect.strip().lower() != root:
        typer.echo("Le journal n'est pas celui dont la racine a été publiée.", err=True)
        raise typer.Exit(3)
