"""`jalon follow-up show`: one follow-up committee, its meetings, and what it follows."""

from collections.abc import Iterator
from typing import Annotated

import typer

from application.follow_up_sheet import FollowUpSheet
from application.wording import date_in_words, since_in_words, uncapital
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_facts, show_json
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]


def add_to(app: typer.Typer) -> None:
    group_of(app, "follow_up").command("show")(show)


def show(
    context: typer.Context,
    name: Name,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer un comité de suivi : qui y siège, ses réunions, ce qu'il suit."""
    product = world(context).product
    sheet = product.follow_up(name, product.moment(known, in_force))
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"Comité de suivi — {sheet.pole_name}")
    show_facts(_facts(sheet))


def _facts(sheet: FollowUpSheet) -> Iterator[tuple[str, str | None]]:
    yield "code", sheet.code
    yield (
        "étape",
        f"{uncapital(sheet.stage_title)}, {since_in_words(sheet.stage_since.isoformat())}",
    )
    yield "portée", "comité local" if sheet.local else None
    yield "réunions", sheet.sentence + (" EN RETARD." if sheet.overdue else "")
    for member in sheet.members:
        yield "siège", f"{member.name}, {member.seat_words} ({member.office})"
    for met in sheet.meetings:
        minutes = "compte rendu versé" if met.minutes else "sans compte rendu"
        there = f"présents : {', '.join(met.present)}" if met.present else "présents non dits"
        yield "réunion", f"{date_in_words(met.day.isoformat())}, {minutes} ; {there}"
        yield "", met.conclusions
    for one in sheet.evaluations:
        ends = date_in_words(one.period_ends.isoformat())
        received = one.received_on and f"reçue {date_in_words(one.received_on.isoformat())}"
        said = received or f"attendue, terme {ends}"
        yield "évaluation", f"{one.name} : {said}, à la charge de : {one.paid_by}"
    for advice in sheet.recommendations:
        answer = f" ({advice.answer})" if advice.answer else ""
        said = f"n° {advice.number}, {advice.words} : {advice.standing_words}{answer}"
        yield "conseil", said
    for line in sheet.deadlines:
        yield "échéance", f"{line.title} : {line.sentence}"
