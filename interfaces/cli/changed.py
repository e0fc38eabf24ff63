"""`jalon … diff`: what changed in what is shown of a pole, or of any other case."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from application.case import CONCEPTS
from application.changed import CaseChanges, Compared, ValueChange
from application.listing import LISTINGS
from application.wording import capital
from interfaces.cli.blame import tell_origin
from interfaces.cli.case import Name
from interfaces.cli.groups import derive
from interfaces.cli.options import Details, InForce, Json, Known, PoleName
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

Start = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="DÉBUT",
        help="Un jour ; avec « --as knowledge », "
        "un jour, un instant ou une taille du journal (@1500).",
    ),
]
End = Annotated[
    str | None, typer.Option("--to", metavar="FIN", help="De même ; aujourd'hui sinon.")
]
As = Annotated[
    Compared,
    typer.Option(
        "--as",
        help="Ce qui s'est passé d'un jour à l'autre, ou ce que le registre a appris d'un "
        "même jour.",
    ),
]


def add_to(app: typer.Typer) -> None:
    for concept in CONCEPTS:
        if concept == "pole" or concept in LISTINGS:
            derive(app, concept, "diff", partial(_diff, concept))


def _diff(concept: str) -> Callable[..., Any]:
    named: Any = PoleName if concept == "pole" else Name

    def run(
        context: typer.Context,
        name: named,
        start: Start,
        end: End = None,
        compared: As = Compared.REALITY,
        known: Known = None,
        in_force: InForce = None,
        details: Details = False,
        as_json: Json = False,
    ) -> None:
        """Dire ce qui a changé de ce que montre la fiche, et l'événement de chaque changement."""
        found = world(context).product.changes(
            concept, name, compared, start, end, known=known, in_force=in_force
        )
        if as_json:
            show_json(found)
            return
        tell_changes(found, details=details)

    return run


def tell_changes(found: CaseChanges, *, details: bool) -> None:
    """What changed, each change with its event, and how many there are."""
    typer.echo(f"{found.sentence} :")
    for change in found.changes:
        _tell(change, details=details)
    number = plural(len(found.changes), "changement")
    typer.echo(f"{number}." if found.changes else "Rien n'a changé.")


def _tell(change: ValueChange, *, details: bool) -> None:
    typer.echo(f"  {change.title}")
    typer.echo(f"      avant : {change.before or '—'}")
    typer.echo(f"      après : {change.after or '—'}")
    if change.why:
        typer.echo(f"      {capital(change.why)}")
    if change.origin:
        tell_origin(change.origin, details=details)
