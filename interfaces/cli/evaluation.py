"""`jalon evaluation …`: questions about evaluation rounds, and the radar."""

from pathlib import Path
from typing import Annotated

import typer

from application.pictures.radar import radar
from application.positioning import Comparison, Profile
from application.wording import capital, date_in_words, since_in_words, uncapital, version_in_words
from domain.evaluation import RoundKind
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_json, show_table
from interfaces.cli.world import world

Round = Annotated[
    str, typer.Argument(metavar="TOUR", help="Code du tour (tetris-auto-1) ou identifiant.")
]

Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on lit.")]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]

NO_VERDICT = "Un miroir, jamais un seuil : ni note, ni rang, ni verdict."


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "evaluation")
    for verb in (show, profile, compare):
        group.command(verb.__name__)(verb)
    group.command("radar")(draw)


def show(
    context: typer.Context,
    name: Round,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer un tour : son étape, sa grille, qui évalue, ce qui est renseigné."""
    product = world(context).product
    sheet = product.evaluation(name, product.moment(known, in_force))
    if as_json:
        show_json(sheet)
        return
    line = sheet.line
    typer.echo(f"{line.pole_name} : {line.title}")
    typer.echo(f"  code         {line.code}")
    typer.echo(
        f"  étape        {uncapital(line.stage_title)}, {since_in_words(str(line.occurred_on))}"
    )
    typer.echo(f"  grille       {capital(line.grid_words)} ({line.grid})")
    if line.notice:
        typer.echo(f"  !            {line.notice}")
    typer.echo(f"  règles       {version_in_words(sheet.journey)} ({sheet.journey})")
    typer.echo(f"  renseignés   {sheet.answered} indicateurs sur {sheet.items}")
    typer.echo(f"  validations  {sheet.validations}")
    if sheet.evaluator:
        siren = f" (SIREN {sheet.evaluator_siren})" if sheet.evaluator_siren else ""
        typer.echo(f"  évaluateur   {sheet.evaluator}{siren}")
    if sheet.funders is not None:
        typer.echo(f"  financeurs   {', '.join(sheet.funders) or 'aucun déclaré'}")
    for other in sheet.others:
        typer.echo(f"  autre tour   {other.title} ({uncapital(other.stage_title)}), {other.code}")
    typer.echo(NO_VERDICT)


def profile(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[TOUR]", help="Code du tour ou identifiant.")
    ] = None,
    pole: Annotated[
        str | None,
        typer.Option(
            metavar="POLE", help="Le dernier profil publié de ce pôle à la date demandée."
        ),
    ] = None,
    kind: Annotated[
        RoundKind, typer.Option(help="Avec --pole : de quelle nature.")
    ] = RoundKind.SELF_POSITIONING,
    known: Known = None,
    in_force: InForce = None,
    as_role: Acting = Role.REGISTRAR,
    under_mandate: Mandate = None,
    as_json: Json = False,
) -> None:
    """Lire le profil d'un tour, indicateur par indicateur, ou celui d'un pôle à une date."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    if bool(name) == bool(pole):
        raise typer.BadParameter("nommez un tour, ou un pôle avec --pole.")
    if pole:
        found = here.product.profile_on(pole, kind, moment)
    else:
        found = here.product.profile(name or "", moment, here.by(as_role, under_mandate))
    if as_json:
        show_json(found)
        return
    _tell(found)


def compare(
    context: typer.Context,
    first: Round,
    second: Annotated[str, typer.Argument(metavar="AUTRE", help="L'autre tour.")],
    known: Known = None,
    in_force: InForce = None,
    as_role: Acting = Role.REGISTRAR,
    under_mandate: Mandate = None,
    as_json: Json = False,
) -> None:
    """Mettre deux tours côte à côte ; refusé s'ils ne suivent pas la même version de la grille."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    found = here.product.compare_rounds(first, second, moment, here.by(as_role, under_mandate))
    if as_json:
        show_json(found)
        return
    _side_by_side(found)


def draw(
    context: typer.Context,
    first: Round,
    second: Annotated[
        str | None, typer.Argument(metavar="[AUTRE]", help="Un autre tour, sur la même grille.")
    ] = None,
    svg: Annotated[
        Path | None,
        typer.Option(
            "--output", "--svg", metavar="FICHIER", help="Écrire ici plutôt que sur la sortie."
        ),
    ] = None,
    known: Known = None,
    in_force: InForce = None,
    as_role: Acting = Role.REGISTRAR,
    under_mandate: Mandate = None,
) -> None:
    """Dessiner le radar d'un tour, ou de deux, en SVG."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    if second:
        pair = here.product.compare_rounds(first, second, moment, here.by(as_role, under_mandate))
        image = radar((pair.first, pair.second))
    else:
        image = radar((here.product.profile(first, moment, here.by(as_role, under_mandate)),))
    if svg is None:
        typer.echo(image, nl=False)
    else:
        svg.write_text(image, "utf-8")
        typer.echo(f"Écrit dans {svg}.")


def _head(found: Profile) -> None:
    about = found.round
    since = date_in_words(str(about.occurred_on))
    typer.echo(f"{about.pole_name} : {about.title}, {uncapital(about.stage_title)} {since}")


def _tell(found: Profile) -> None:
    _head(found)
    if found.round.notice:
        typer.echo(f"! {found.round.notice}")
    for branch in found.branches:
        typer.echo(f"\n{branch.title}")
        for objective in branch.objectives:
            typer.echo(f"  {objective.title}")
            for item in objective.items:
                typer.echo(f"    {item.code:<7} {item.title} : {item.words}")
                said = item.unobserved or item.comment
                if said:
                    typer.echo(f"            {said}")
    typer.echo(f"\n{NO_VERDICT}")


def _side_by_side(found: Comparison) -> None:
    _head(found.first)
    _head(found.second)
    if found.first.round.notice:
        typer.echo(f"! {found.first.round.notice}")
    show_table(
        ("CODE", "INDICATEUR", "PREMIER", "SECOND"),
        [(pair.code, pair.title, pair.first, pair.second) for pair in found.pairs],
    )
    typer.echo(NO_VERDICT)
