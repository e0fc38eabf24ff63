"""`jalon claim …`: the national facts, side by side."""

import typer

from application.wording import CONFIDENCES, date_in_words
from interfaces.cli.output import plural, show_json
from interfaces.cli.pole import InForce, Json, Known
from interfaces.cli.world import world

group = typer.Typer(help="Les déclarations sourcées.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="claim")


@group.command("list")
def list_claims(
    context: typer.Context, known: Known = None, in_force: InForce = None, as_json: Json = False
) -> None:
    """Lister les déclarations nationales, par date, avec leurs sources."""
    product = world(context).product
    lines = product.claims.lines(product.moment(known, in_force))
    if as_json:
        show_json(lines)
        return
    for line in lines:
        date = date_in_words(line.occurred_on)
        typer.echo(f"{date[:1].upper()}{date[1:]} — {line.author} : {line.statement}")
        if line.figures:
            typer.echo(f"    chiffres : {line.figures}")
        if line.note:
            typer.echo(f"    remarque : {line.note}")
        sure = f" ({CONFIDENCES[line.confidence]})" if line.confidence else ""
        typer.echo(f"    source : {line.source or 'aucune'}{sure}")
    typer.echo(f"{plural(len(lines), 'déclaration')}.")
