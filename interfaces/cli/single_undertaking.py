"""`jalon single-undertaking show`: what one enterprise may still be granted on a day, and why."""

from collections.abc import Iterator
from typing import Annotated

import typer

from application.listing import cell
from application.single_undertaking_list import siren_in_words
from application.single_undertaking_sheet import DeMinimisSheet, HeadroomLine
from application.wording import capital, date_in_words
from domain.money import euros
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_facts, show_json
from interfaces.cli.world import world

Siren = Annotated[str, typer.Argument(metavar="SIREN", help="Les neuf chiffres de l'entreprise.")]


def add_to(app: typer.Typer) -> None:
    group_of(app, "single_undertaking").command("show")(show)


def show(
    context: typer.Context,
    siren: Siren,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer ce qu'une entreprise peut encore recevoir d'aides « de minimis » à une date."""
    product = world(context).product
    moment = product.moment(known, in_force)
    sheet = product.single_undertaking(siren, moment)
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"{sheet.name} — {siren_in_words(sheet.siren)}")
    show_facts(_facts(sheet))
    for line in sheet.headroom:
        _tell(line)
    if sheet.unknown_because:
        typer.echo(f"Pourquoi c'est inconnu : {sheet.unknown_because}.")


def _facts(sheet: DeMinimisSheet) -> Iterator[tuple[str, str | None]]:
    if len(sheet.members) > 1:
        for member in sheet.members:
            attested = "attestation en vigueur" if member.attested else "sans attestation"
            yield "avec", f"{member.name or 'nom non enregistré'}, {member.siren_words}, {attested}"
    for aid in sheet.aids:
        granted = date_in_words(aid.granted_on.isoformat())
        by = "déclarée par l'entreprise" if aid.declared else "d'un engagement financier"
        yield (
            "aide",
            f"{aid.amount}, {granted}, par : {aid.authority} ({cell(aid, 'regime')}) ; {by}",
        )


def _tell(line: HeadroomLine) -> None:
    typer.echo(f"{capital(cell(line, 'regime'))} : {line.headroom}")
    if line.ceiling_cents is None or line.counted_since is None:
        typer.echo("  Aucun plafond n'est connu à cette date.")
        return
    since = date_in_words(line.counted_since.isoformat()).removeprefix("le ")
    typer.echo(f"  {euros(line.counted_cents)} comptés depuis le {since}")
    typer.echo(f"  plafond : {euros(line.ceiling_cents)} ({line.source})")
