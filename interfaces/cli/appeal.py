"""`jalon appeal show`: one appeal, against what, and whether it came in time."""

from typing import Annotated

import typer

from application.wording import date_in_words, since_in_words, uncapital, version_in_words
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_facts, show_json
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]


def add_to(app: typer.Typer) -> None:
    group_of(app, "appeal").command("show")(show)


def show(
    context: typer.Context,
    name: Name,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer un recours : contre quoi, dans quel délai, où il en est ; jamais ce qu'il argue."""
    product = world(context).product
    sheet = product.appeal(name, product.moment(known, in_force))
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"{sheet.kind_title.capitalize()} — {sheet.pole_name}")
    show_facts(
        [
            ("code", sheet.code),
            ("étape", f"{uncapital(sheet.stage_title)}, {since_in_words(str(sheet.stage_on))}"),
            ("dossier", f"{sheet.dossier_title} ({sheet.dossier_code})"),
            ("appel", f"{sheet.call_title} ({sheet.call_code})"),
            ("formé", date_in_words(sheet.lodged_on.isoformat())),
            ("délai", f"{sheet.term} ({sheet.term_source})"),
            ("règles", f"{version_in_words(sheet.journey)} ({sheet.journey})"),
            *((("échéance"), f"{line.title} : {line.sentence}") for line in sheet.deadlines),
            *(
                ("autre recours", f"{o.kind_title}, {o.stage_title} ({o.code})")
                for o in sheet.others
            ),
        ]
    )
