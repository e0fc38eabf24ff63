"""`jalon privacy`: what personal data falls due, and the register of processing."""

from typing import Annotated

import typer

from application.processing import Processing, register_as_csv
from application.retention import CONTENT, DueField, DueReport
from application.wording import capital, date_in_words
from domain.retention import Retention
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.ledger import AsCsv, OneForm
from interfaces.cli.options import Details, InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on lit.")]
Things = Annotated[bool, typer.Option("--things", help="Aussi chose par chose.")]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "privacy")
    group.command("due")(due)
    group.command("register")(register)
    group.command("purge-readings")(purge_readings)


def due(
    context: typer.Context,
    as_role: Acting = Role.DPO,
    things: Things = False,
    known: Known = None,
    in_force: InForce = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Dire ce dont la durée de conservation est passée un jour donné, champ par champ.

    La durée court du jour du fait, comme le dit « jalon privacy find ». Rien n'est ouvert ni
    effacé. Avec « --in-force », un jour à venir : ce qui sera échu alors.
    """
    here = world(context)
    found = here.product.privacy_due(here.product.moment(known, in_force), here.by(as_role))
    if as_json:
        show_json(found)
        return
    for field in found.fields:
        _tell_field(field, details=details)
    if things:
        _tell_things(found, details=details)
    if found.readings:
        typer.echo(f"Lectures notées il y a plus d'un an : {found.readings}")
    when = date_in_words(found.by.isoformat())
    held = f", {plural(found.held, 'retenue')} pour un motif" if found.held else ""
    typer.echo(f"{capital(when)} : {plural(found.past, 'valeur échue', 'valeurs échues')}{held}.")


def _tell_field(field: DueField, *, details: bool) -> None:
    typer.echo(f"{capital(field.holds)} — {field.persons}")
    typer.echo(f"    à l'occasion : {field.told}")
    erased = f", {plural(field.erased, 'effacée')}" if field.erased else ""
    missing = f", {plural(field.missing, 'manquante')}" if field.missing else ""
    typer.echo(f"    gardées : {field.kept}{erased}{missing}")
    if field.oldest:
        typer.echo(f"    depuis : {date_in_words(field.oldest.isoformat()).removeprefix('le ')}")
    is_counted = field.retention is not Retention.PERMANENT and field.field != CONTENT
    since = " à compter du fait" if is_counted else ""
    typer.echo(f"    conservation : {field.retention_words}{since}")
    if field.past or field.held:
        held = f", dont {plural(field.held, 'retenue')} pour un motif" if field.held else ""
        typer.echo(f"    durée passée : {field.past + field.held}{held}")
    if field.next_due:
        day = date_in_words(field.next_due.isoformat()).removeprefix("le ")
        typer.echo(f"    à garder jusqu'au : {day}")
    if details:
        typer.echo(f"    champ : {field.topic}, {field.field}")


def _tell_things(found: DueReport, *, details: bool) -> None:
    for thing in found.things:
        until = date_in_words(thing.until.isoformat()).removeprefix("le ")
        held = f" ; retenu : {thing.held}" if thing.held else ""
        typer.echo(f"  {thing.thing}  {thing.holds} ({thing.told})")
        typer.echo(f"    à garder jusqu'au {until}{held}")
        if details:
            typer.echo(f"    champ : {thing.topic}, {thing.field}")


def register(context: typer.Context, as_csv: AsCsv = False, as_json: Json = False) -> None:
    """Montrer le registre des traitements (RGPD, art. 30), écrit d'après les données marquées."""
    if as_json and as_csv:
        raise OneForm
    found = world(context).product.processing()
    if as_json:
        show_json(found)
        return
    if as_csv:
        typer.echo(register_as_csv(found), nl=False)
        return
    typer.echo(f"Responsable : {found.controller}")
    typer.echo(f"Délégué à la protection des données : {found.dpo}")
    for processing in found.processings:
        _tell_processing(processing)
    typer.echo(f"Transferts hors de l'Union européenne : {found.transfers}.")
    typer.echo("Mesures de sécurité :")
    for measure in found.measures:
        typer.echo(f"  - {measure}")
    typer.echo(f"{plural(len(found.processings), 'traitement')}.")


def _tell_processing(processing: Processing) -> None:
    typer.echo(f"{capital(processing.aim)}")
    for data in processing.data:
        typer.echo(f"    - {data.holds} ({data.persons})")
        typer.echo(f"        base : {data.basis_words}")
        typer.echo(f"        conservation : {data.retention_words} ({data.retention_source})")
    typer.echo(f"    lu par : {', '.join(processing.recipients)}")


def purge_readings(
    context: typer.Context, as_role: Acting = Role.DPO, as_json: Json = False
) -> None:
    """Effacer les lectures notées il y a plus d'un an ; cet acte est noté lui-même."""
    here = world(context)
    number = here.product.purge_readings(here.by(as_role))
    if as_json:
        show_json({"purged": number})
    else:
        typer.echo(f"{plural(number, 'lecture effacée', 'lectures effacées')}.")
