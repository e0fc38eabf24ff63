"""`jalon claim …`: what was claimed, national or of a pole; figures that differ, side by side."""

from typing import Annotated

import typer

from application.figures import figure_in_words, measure_in_words, period_in_words
from application.listing import mark_of
from application.wording import CONFIDENCES, date_in_words
from domain.provenance import Confidence
from interfaces.cli.groups import VerbGroup
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

group = typer.Typer(cls=VerbGroup, help="Les déclarations sourcées.", no_args_is_help=True)

About = Annotated[
    str | None,
    typer.Option(
        "--pole", "--about", metavar="POLE", help="Celles d'un pôle ; les nationales sinon."
    ),
]
Measure = Annotated[
    str | None, typer.Option(help="Seulement ce qui mesure ceci : « emplois créés », candidatures…")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="claim")


def _sourced(source: str | None, confidence: Confidence | None) -> str:
    sure = f" ({CONFIDENCES[confidence]})" if confidence else ""
    return f"source : {source}{sure}" if source else f"source non citée{sure}"


@group.command("list")
def list_claims(
    context: typer.Context,
    pole: About = None,
    measure: Measure = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Lister les déclarations nationales, ou celles d'un pôle, par date, avec leurs sources."""
    product = world(context).product
    about = product.find(pole) if pole else None
    moment = product.moment(known, in_force)
    measure = product.measure(measure, moment)
    lines = product.claims.lines(moment, about=about, measure=measure)
    if as_json:
        show_json(lines)
        return
    for line in lines:
        date = date_in_words(str(line.occurred_on))
        told = f"{line.author} : {line.statement}{line.contest_mark}"
        typer.echo(f"{date[:1].upper()}{date[1:]} — {told}")
        if line.figures:
            typer.echo(f"    chiffres : {line.figures}")
        if line.figure:
            said = figure_in_words(line.figure) or "en mots seulement"
            period = f", {period_in_words(line.period)}" if line.period else ""
            typer.echo(f"    mesure : {measure_in_words(line.figure.measure)} : {said}{period}")
        if line.note:
            typer.echo(f"    remarque : {line.note}")
        if line.motive:
            typer.echo(f"    corrigée : {line.motive}")
        typer.echo(f"    {_sourced(line.source, line.confidence)}")
    typer.echo(f"{plural(len(lines), 'déclaration')}.")


@group.command("compare")
def compare(
    context: typer.Context,
    measure: Annotated[
        str,
        typer.Argument(
            metavar="MESURE", help="Ce qui est mesuré : « emplois créés », candidatures, lauréats…"
        ),
    ],
    period: Annotated[
        str | None, typer.Option(metavar="AAAA[-MM[-JJ]]", help="Seulement cette période.")
    ] = None,
    pole: Annotated[
        str | None,
        typer.Option("--pole", "--about", metavar="POLE", help="Seulement celles de ce pôle."),
    ] = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Mettre côte à côte ce que chacun déclare d'un même chiffre ; rien n'est additionné."""
    product = world(context).product
    moment = product.moment(known, in_force)
    found = product.compared(moment, measure=measure, period=period, pole=pole)
    if as_json:
        show_json(found)
        return
    for group_ in found:
        subject = group_.pole_name or ("un pôle" if group_.about else "national")
        typer.echo(f"{group_.title}, {period_in_words(group_.period)} ({subject})")
        for line in group_.figures:
            mark = mark_of(line.contested, line.contest_answered)
            typer.echo(
                f"    {line.says}{mark} — {line.author}, {date_in_words(str(line.occurred_on))}"
            )
            number = figure_in_words(line.figure)
            if number and number != line.says:
                typer.echo(f"        en nombre : {number}")
            typer.echo(f"        {_sourced(line.source, line.confidence)}")
        typer.echo(f"    {group_.sentence}")
    if not found:
        typer.echo("Aucune déclaration de ce chiffre n'est enregistrée.")
        if declared := product.declared(moment):
            among = ", ".join(f"« {words} »" for words in declared)
            typer.echo(f"Le registre a des déclarations de : {among}.")
