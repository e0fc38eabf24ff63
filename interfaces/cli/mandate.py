"""`jalon mandate …`: who acts for whom."""

import typer

from application.mandate import MandateLine
from application.wording import ROLES, date_in_words
from interfaces.cli.groups import VerbGroup
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

group = typer.Typer(
    cls=VerbGroup, help="Les mandats : qui agit pour qui, et jusqu'à quand.", no_args_is_help=True
)

ONE_ACCOUNT = (
    "La ligne de commande agit toujours comme l'opérateur de cette machine, dans le rôle que dit "
    "« --as » : ce que doivent faire deux personnes se fait dans les pages, chacune par son compte."
)
"""Why a mandate of somebody else cannot be served here (docs/adr/0046)."""


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="mandate")
    app.command()(whoami)


def whoami(context: typer.Context, as_json: Json = False) -> None:
    """Dire par quel compte vous agissez, et sous quels mandats vous le pouvez aujourd'hui."""
    product = world(context).product
    account = product.operator().actor
    held = [
        line
        for line in product.mandates(product.moment())
        if line.in_force and line.holder == account
    ]
    if as_json:
        show_json({"account": account, "mandates": held})
        return
    typer.echo(f"Vous êtes le compte {account}, celui de l'opérateur de ce registre.")
    typer.echo(ONE_ACCOUNT)
    for line in held:
        _tell(line)
    typer.echo(f"{plural(len(held), 'mandat')} en vigueur que vous pouvez invoquer par --mandate.")


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
    for line in lines:
        _tell(line)
    typer.echo(f"{plural(len(lines), 'mandat')}.")


def _tell(line: MandateLine) -> None:
    """A mandate: for whom, as what, about what; by whom, from when to when."""
    typer.echo(f"Pour {line.principal_words}, comme : {ROLES[line.role]}")
    typer.echo(f"    à propos de  {line.relation_words}")
    typer.echo(f"    qui agit     compte {line.holder}")
    typer.echo(f"    donné par    {line.giver_words}")
    typer.echo(f"    à partir de  {date_in_words(line.start.isoformat())}")
    if line.until:
        ended = " (révoqué)" if line.revoked else ""
        typer.echo(f"    jusqu'à      {date_in_words(line.until.isoformat())}{ended}")
    if line.may_pass_on:
        typer.echo("    peut être transmis à son tour")
    typer.echo(f"    en vigueur   {'oui' if line.in_force else 'non'}")
    typer.echo(f"    mandat       {line.id}")
