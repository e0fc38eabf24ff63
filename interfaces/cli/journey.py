"""`jalon journey …`: the published definitions."""

from pathlib import Path
from typing import Annotated

import typer

from application.difference import in_words
from application.journey import VersionLine
from application.wording import date_in_words
from domain.roles import Role
from interfaces.cli.groups import VerbGroup
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json, show_table
from interfaces.cli.workflow import FILES, readable
from interfaces.cli.world import world

group = typer.Typer(
    cls=VerbGroup, help="Les parcours : les règles, version par version.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="journey")


@group.command("list")
def list_journeys(
    context: typer.Context, known: Known = None, in_force: InForce = None, as_json: Json = False
) -> None:
    """Lister les versions publiées, et combien de pôles suivent chacune."""
    product = world(context).product
    lines = product.versions(product.moment(known, in_force))
    if as_json:
        show_json(lines)
        return
    show_table(
        ("VERSION", "ÉTAPES", "PASSAGES", "PÔLES", "EMPREINTE", "SOURCE"),
        [
            (
                line.ref,
                str(line.states),
                str(line.transitions),
                str(line.cases),
                line.digest[:16],
                line.source[0] if line.source else "—",
            )
            for line in lines
        ],
    )
    for line in lines:
        if line.deprecated:
            typer.echo(_deprecated(line))


def _deprecated(line: VersionLine) -> str:
    told = line.deprecated
    if told is None:
        return ""
    after = f" ; lui succède : {told.successor}" if told.successor else ""
    waiting = f" {plural(line.cases, 'pôle')} à migrer." if line.cases else " Plus aucun pôle."
    since = date_in_words(told.since.isoformat())
    return f"{line.ref} est dépréciée depuis {since} ({told.motive}){after}.{waiting}"


@group.command("diff")
def diff(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="VERSION", help="Une version publiée.")],
    new: Annotated[
        str, typer.Argument(metavar="VERSION|FICHIER", help="Une autre, ou un brouillon en YAML.")
    ],
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Dire ce qui distingue deux versions : étapes, passages, conditions, droits, délais."""
    for named in map(Path, (old, new)):
        if named.suffix.lower() in FILES:
            readable(named)
    product = world(context).product
    moment = product.moment(known, in_force)
    before, after = product.definition(old, moment), product.definition(new, moment)
    found = product.compare(before, after)
    told = in_words(found, before, after)
    if as_json:
        show_json({**found.model_dump(mode="json"), "sentences": told})
        return
    typer.echo(f"De {found.old} à {found.new} :")
    for sentence in told:
        typer.echo(f"  {sentence}")
    if found.is_empty:
        typer.echo("  Rien ne change.")


@group.command("publish")
def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="La définition, en YAML.")],
) -> None:
    """Publier une version ; elle ne changera plus."""
    here = world(context)
    ref = here.product.publish_journey(readable(file), here.by(Role.ADMINISTRATOR))
    typer.echo(f"{ref} est publié.")
