"""`jalon privacy-request …`: one request of a person, what became of it, how many there were."""

from typing import Annotated

import typer

from application.changed import Compared
from application.privacy_request import OUTCOMES
from application.wording import date_in_words, since_in_words, uncapital, version_in_words
from domain.roles import Role
from interfaces.cli.blame import Field, tell_blame
from interfaces.cli.changed import As, End, Start, tell_changes
from interfaces.cli.groups import group_of
from interfaces.cli.options import Details, InForce, Json, Known
from interfaces.cli.output import show_facts, show_json, show_table
from interfaces.cli.pole import tell_history, tell_ways
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]
Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on lit.")]

Reader = Annotated[Role, typer.Option("--role", help="Le rôle dans lequel on lit.")]
"""« --as » says what is compared."""


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "privacy_request")
    group.command("show")(show)
    group.command("years")(years)
    group.command("diff")(diff)
    group.command("blame")(blame)


def show(
    context: typer.Context,
    name: Name,
    as_role: Acting = Role.DPO,
    known: Known = None,
    in_force: InForce = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Montrer une demande d'exercice de droits, ce qu'elle attend et son histoire ; c'est noté.

    Le délégué la lit entière ; un auditeur, sans le nom ni les mots.
    """
    here = world(context)
    sheet = here.product.privacy_request(
        name, here.product.moment(known, in_force), here.by(as_role)
    )
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"Demande de droits : {sheet.right_title} ({sheet.article})")
    extended = ", délai prolongé" if sheet.is_extended else ""
    outcome = OUTCOMES[sheet.outcome] if sheet.outcome else None
    show_facts(
        [
            ("code", sheet.code),
            ("étape", f"{uncapital(sheet.stage_title)}, {since_in_words(str(sheet.stage_on))}"),
            ("reçue", f"{date_in_words(str(sheet.received_on))}, par {sheet.channel}"),
            ("à répondre", f"jusqu'au {date_in_words(sheet.due.isoformat())[3:]}{extended}"),
            ("de", sheet.requester),
            ("répondre à", sheet.contact),
            ("écrit", sheet.words),
            (
                "décision",
                f"{outcome}{f' : {sheet.ground}' if sheet.ground else ''}" if outcome else None,
            ),
            ("pourquoi", sheet.motive),
            ("exécutée par", str(sheet.carried_out_by or "")),
            ("règles", f"{version_in_words(sheet.journey)} ({sheet.journey})"),
            *(("échéance", f"{line.title} : {line.sentence}") for line in sheet.deadlines),
        ]
    )
    tell_ways(list(sheet.ways), ("privacy_request", sheet.code))
    tell_history(list(sheet.history), details=details)
    typer.echo("Cette lecture est notée.")


def years(
    context: typer.Context, known: Known = None, in_force: InForce = None, as_json: Json = False
) -> None:
    """Compter les demandes reçues chaque année, et celles auxquelles il fut répondu à temps."""
    product = world(context).product
    found = product.privacy_years(product.moment(known, in_force))
    if as_json:
        show_json(found)
        return
    if not found:
        typer.echo("Aucune demande d'exercice de droits n'est enregistrée.")
        return
    header = ("ANNÉE", "REÇUES", "À TEMPS", "EN RETARD", "EN COURS", "DONT ÉCHUES", "RETIRÉES")
    show_table(
        header,
        [
            (
                str(of.year),
                *map(str, (of.received, of.answered_in_time, of.answered_late, of.awaited)),
                *map(str, (of.overdue, of.withdrawn)),
            )
            for of in found
        ],
        sums=True,
    )


def diff(
    context: typer.Context,
    name: Name,
    start: Start,
    end: End = None,
    compared: As = Compared.REALITY,
    role: Reader = Role.DPO,
    known: Known = None,
    in_force: InForce = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Dire ce qui a changé d'une demande, et l'événement de chaque changement ; c'est noté.

    Ni le nom ni les mots ne s'y lisent : « show » les donne au délégué.
    """
    here = world(context)
    found = here.product.privacy_request_changes(
        name, here.by(role), compared, start, end, known=known, in_force=in_force
    )
    if as_json:
        show_json(found)
        return
    tell_changes(found, details=details)
    typer.echo("Cette lecture est notée.")


def blame(
    context: typer.Context,
    name: Name,
    field: Field = None,
    role: Reader = Role.DPO,
    known: Known = None,
    in_force: InForce = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Dire d'où vient chaque valeur d'une demande : quel événement, de qui ; c'est noté.

    Ni le nom ni les mots ne s'y lisent : « show » les donne au délégué.
    """
    here = world(context)
    moment = here.product.moment(known, in_force)
    found = here.product.privacy_request_blame(name, here.by(role), moment, field)
    if as_json:
        show_json(found)
        return
    tell_blame(found, details=details)
    typer.echo("Cette lecture est notée.")
