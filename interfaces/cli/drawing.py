"""`jalon workflow draw …`: a journey as a picture, or in a language that others draw and run."""

from pathlib import Path
from typing import Annotated

import typer

from application.drawing import Format, PathSheet, UnknownVersion, beside, draw
from application.sentences import Malformed
from application.world import Moment
from domain.journey import Journey
from interfaces.cli.options import InForce, Known
from interfaces.cli.workflow import FILES, group, readable
from interfaces.cli.world import World, world
from interfaces.definitions import read_definition, shipped
from interfaces.store import has_store


def add_to(_: typer.Typer) -> None:
    group.command("draw")(draw_journey)


def draw_journey(
    context: typer.Context,
    definition: Annotated[
        str | None,
        typer.Argument(
            metavar="[DEFINITION]",
            help="Un fichier .yaml ou definition.xml, ou une version : pole@2021-05-12.",
        ),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="Image, ou texte pour un autre outil.")
    ] = Format.SVG,
    pole: Annotated[
        str | None,
        typer.Option(metavar="POLE", help="Montrer le chemin que ce pôle a suivi."),
    ] = None,
    known: Known = None,
    in_force: InForce = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FICHIER", help="Écrire ici plutôt que sur la sortie.")
    ] = None,
) -> None:
    """Dessiner un parcours, avec le chemin d'un pôle si l'on en nomme un.

    Sans définition, celle que suit le pôle. Le chemin se montre en SVG, Mermaid et DOT ; SCXML et
    BPMN disent la définition seule.
    """
    here = world(context)
    if definition is None and pole is None:
        raise Malformed(
            fr="Nommez une définition (fichier ou version), ou un pôle avec --pole.",
            en="Name a definition (a file or a version), or a pole with --pole.",
        )
    if pole is None and (known or in_force) and not has_store(here.settings):
        raise Malformed(
            fr="--known et --in-force demandent un registre.",
            en="--known and --in-force ask for a registry.",
        )
    path = None if pole is None else _path(here, pole, _moment(here, known, in_force))
    named = definition or (path.journey if path else "")
    text = draw(_definition(here, named, known, in_force), form, path)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
        typer.echo(f"Écrit dans {output}.")


def _moment(here: World, known: str | None, in_force: str | None) -> Moment:
    return here.product.moment(known, in_force)


def _path(here: World, pole: str, moment: Moment) -> PathSheet:
    return here.product.path(pole, moment)


def _definition(here: World, named: str, known: str | None, in_force: str | None) -> Journey:
    """The definition that a file or a version names; where there is no registry, a shipped one."""
    if Path(named).suffix.lower() in FILES:
        return read_definition(readable(Path(named)))
    if has_store(here.settings):
        return here.product.rules(named, _moment(here, known, in_force))
    journeys = {journey.ref: journey for journey in shipped()}
    if named not in journeys:
        raise UnknownVersion(ref=named, moment="à ce jour", known=beside(named, journeys))
    return journeys[named]
