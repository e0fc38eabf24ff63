"""`jalon committee show`: the committee of a call; what it decides for who may read it."""

from typing import Annotated

import typer

from application.procedure_words import procedure_in_words
from application.session_lines import SessionResults
from application.session_sheet import CommitteeSheet
from application.wording import date_in_words
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_json, tell
from interfaces.cli.session import (
    NOT_SHOWN,
    Acting,
    Mandate,
    tell_results,
    tell_session,
    tell_wave,
)
from interfaces.cli.world import world

Call = Annotated[
    str, typer.Argument(metavar="APPEL", help="Le code de son appel, ou son identifiant.")
]


def add_to(app: typer.Typer) -> None:
    group_of(app, "committee").command("show")(show)


def show(
    context: typer.Context,
    call: Call,
    as_role: Acting = None,
    under_mandate: Mandate = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer le comité d'un appel : qui y siège, ses règles, ses séances, ce qui est annoncé.

    Avec « --as secretary », « committee_member » ou « auditor » : aussi les votes, les décisions,
    la ligne de coupure et la liste de réserve, même avant l'annonce ; c'est noté à part.
    """
    here = world(context)
    moment = here.product.moment(known, in_force)
    sheet = here.product.committee(call, moment)
    sessions: list[SessionResults] = []
    if as_role:
        by = here.by(as_role, under_mandate)
        sessions, waves = here.product.committee_results(call, moment, by)
    else:
        waves = here.product.announced_waves(call, moment)
    if as_json:
        show_json({"committee": sheet, "sessions": sessions, "waves": waves})
        return
    _tell(sheet)
    results = {told.id: told for told in sessions}
    for session in sheet.sessions:
        typer.echo()
        tell_session(session)
        typer.echo(f"    {', '.join(line.code for line in session.agenda)}")
        if session.id in results:
            tell_results(results[session.id])
            tell(f"procès-verbal : « jalon session minutes {session.code} --as … »")
        elif session.announced_on:
            tell(f"  motifs : « jalon session show {session.code} »")
    for wave in waves:
        typer.echo()
        tell_wave(wave, ranked=as_role is not None)
    if not sheet.sessions:
        typer.echo("Aucune séance n'est enregistrée.")
    if not as_role:
        typer.echo()
        typer.echo(NOT_SHOWN)


def _tell(sheet: CommitteeSheet) -> None:
    typer.echo(f"Comité de l'appel « {sheet.call_title} » ({sheet.call_code})")
    for seat in sheet.seats:
        marks = [" (préside)" * seat.chair, " (sans voix)" * (not seat.votes)]
        typer.echo(f"  - {seat.title}{''.join(marks)} : {'pourvu' if seat.held else 'vacant'}")
    if sheet.public_since:
        since = date_in_words(sheet.public_since.isoformat())
        where = f", {sheet.public_address}" if sheet.public_address else ""
        typer.echo(f"  liste rendue publique {since} : {sheet.public_reference}{where}")
    else:
        typer.echo("  l'arrêté qui rend cette liste publique n'est pas enregistré")
    typer.echo(f"Règles ({sheet.procedure.source})")
    for title, words in procedure_in_words(sheet.procedure):
        typer.echo(f"  {title} : {words}")
