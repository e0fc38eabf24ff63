"""`jalon pole prov`: the history of a pole for programs that read W3C PROV."""

from typing import Annotated

import typer

from application.provenance import ProvFormat
from interfaces.cli.options import InForce, Known, PoleName
from interfaces.cli.pole import group
from interfaces.cli.world import world

Format = Annotated[
    ProvFormat, typer.Option("--format", help="PROV-JSONLD, ou PROV-N, qui se lit à l'œil.")
]


def add_to(app: typer.Typer) -> None:
    group.command("prov")(prov)


def prov(
    context: typer.Context,
    pole: PoleName,
    form: Format = ProvFormat.JSONLD,
    known: Known = None,
    in_force: InForce = None,
) -> None:
    """Donner l'histoire d'un pôle en W3C PROV : qui a enregistré quoi, pour qui, sur quoi.

    Les comptes y sont par leur identifiant : personne n'est nommé.
    """
    product = world(context).product
    typer.echo(product.provenance(pole, product.moment(known, in_force), form), nl=False)
