"""`jalon mandate …`: who acts for whom."""

import typer

from application.wording import ROLES, date_in_words, party_in_words, relation_in_words
from interfaces.cli.output import plural, show_json, show_table
from interfaces.cli.pole import InForce, Json, Known
from interfaces.cli.world import world

group = typer.Typer(help="Les mandats : qui agit pour qui, et jusqu'à quand.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="mandate")


@group.command("list")
def list_mandates(
    context: typer.Context, known: Known = None, in_force: InForce = None, as_json: Json = False
) -> None:
    """Lister les mandats ; avec « --in-force », ceux en vigueur ce jour-là seulement."""
    product = world(context).product
    lines = [
        line
        for line in product.mandates(product.moment(known, in_force))
        if line.in_force or in_force is None
    ]
    if as_json:
        show_json(lines)
        return
    if lines:
        show_table(
            ("MANDAT", "TITULAIRE", "POUR", "COMME", "SUR", "DE", "À", "EN VIGUEUR"),
            [
                (
                    str(line.id),
                    str(line.holder),
                    party_in_words(line.principal),
                    ROLES[line.role],
                    relation_in_words(line.relation),
                    date_in_words(line.start.isoformat()),
                    (date_in_words(line.until.isoformat()) if line.until else "—")
                    + (" (révoqué)" if line.revoked else ""),
                    "oui" if line.in_force else "non",
                )
                for line in lines
            ],
        )
    typer.echo(f"{plural(len(lines), 'mandat')}.")
