"""`jalon audit stamps`: what a time-stamping authority said of the log, checked again."""

import typer

from interfaces.cli.options import Json
from interfaces.cli.output import show_json
from interfaces.cli.world import world


def add_to(app: typer.Typer) -> None:
    app.command("stamps")(stamps)


def stamps(context: typer.Context, as_json: Json = False) -> None:
    """Vérifier à nouveau chaque horodatage (RFC 3161), avec le certificat gardé à côté de lui.

    Codes de sortie : 0 tous tiennent ; 3 l'un d'eux ne tient pas, et pourquoi.
    """
    found = world(context).product.log.check_stamps()
    if as_json:
        said = [{"day": s.day, "size": s.size, "at": s.at, "authority": s.authority} for s in found]
        show_json(said)
    elif not found:
        typer.echo("Rien n'a été horodaté (JALON_TSA nomme l'autorité).")
    for stamp in () if as_json else found:
        at = f"{stamp.at:%d/%m/%Y à %H:%M:%S} UTC"
        typer.echo(f"{stamp.day}  {stamp.size} événements, le {at}, par {stamp.authority}")
