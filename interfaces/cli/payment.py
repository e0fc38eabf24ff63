"""`jalon import payments`, `jalon payment …`: what was paid, beside what was approved."""

from typing import Annotated

import typer

from application.payment import PaymentReport
from application.payment_match import RecordMatched
from application.reconciliation import (
    AFTER_DAYS,
    Matched,
    Missing,
    OnRecord,
    Reconciliation,
    Unexplained,
)
from domain.dates import day_in_words
from domain.money import euros
from domain.roles import Role
from interfaces.cli import importing
from interfaces.cli.groups import group_of
from interfaces.cli.importing import Apply, File
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import world

Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on agit.")]
Payer = Annotated[
    str | None,
    typer.Option("--payer", metavar="NOM", help="L'organisation dont le compte est débité."),
]
After = Annotated[
    int,
    typer.Option(
        "--after-days", min=0, max=3650, metavar="N", help="Manquant passé tant de jours."
    ),
]
References = Annotated[
    list[str] | None,
    typer.Option("--reference", metavar="REF", help="Seulement ce paiement ; à répéter."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Dire, sans rien écrire.")]


def add_to(app: typer.Typer) -> None:
    importing.group.command("payments")(payments)
    group = group_of(app, "payment")
    group.command("reconcile")(reconcile)
    group.command("record-matched")(record_matched)


def payments(
    context: typer.Context,
    file: File,
    apply: Apply = False,
    payer: Payer = None,
    as_role: Acting = Role.PAYER,
    as_json: Json = False,
) -> None:
    """Charger des paiements (référence, date, montant, bénéficiaire) : tout le fichier, ou rien."""
    here = world(context)
    data = importing.read_file(file)
    found = here.product.import_payments(data, here.by(as_role), payer=payer, apply=apply)
    if as_json:
        show_json(found)
    else:
        _report(found)
    for line, reason in found.faults:
        typer.echo(f"ligne {line} : {reason}", err=True)
    if found.faults:
        raise typer.Exit(1)


def _report(found: PaymentReport) -> None:
    done = "enregistré" if found.applied else "à enregistrer"
    many = "s" * (found.recorded > 1 and found.applied)
    typer.echo(
        f"{plural(found.recorded, 'paiement')} {done}{many} ({euros(found.recorded_cents)}), "
        f"{found.unchanged} déjà au registre, "
        f"{plural(len(found.faults), 'ligne fautive', 'lignes fautives')} sur {found.rows}."
    )
    if found.ignored:
        typer.echo(f"Colonnes laissées de côté : {', '.join(found.ignored)}.")
    if found.faults:
        typer.echo("Rien n'a été écrit : corrigez ces lignes, ou retirez-les du fichier.")
    elif not found.applied:
        typer.echo("À blanc : rien n'a été écrit. Ajoutez --apply pour charger.")


def reconcile(
    context: typer.Context,
    after_days: After = AFTER_DAYS,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Rapprocher les paiements des tranches : ce qui correspond, ce qui manque, l'inexpliqué."""
    product = world(context).product
    found = product.reconciliation(product.moment(known, in_force), after_days)
    if as_json:
        show_json(found)
    else:
        _tell(found)


def _tell(found: Reconciliation) -> None:
    late = f"manquants, plus de {plural(found.after_days, 'jour')} après leur approbation"
    for title, lines in (
        ("Rapprochés", [_matched(one) for one in found.matched]),
        (f"Paiements {late}", [_missing(one) for one in found.missing]),
        (
            "Approuvés depuis moins longtemps, suspendus, ou dont le soutien est retiré",
            [*map(_missing, found.waiting)],
        ),
        ("Paiements inexpliqués", [_unexplained(one) for one in found.unexplained]),
        ("Payés au registre, et dans aucun fichier", [_unseen(one) for one in found.unseen]),
    ):
        typer.echo(f"{title} : {len(lines) or 'aucun'}")
        for line in lines:
            typer.echo(f"  {line}")
    if found.to_record:
        tell("Pour les enregistrer : jalon payment record-matched --as payer")


def _tranche(of: Matched | Missing | OnRecord) -> str:
    """A tranche by its title, whose it is, and the code of its commitment."""
    return f"{of.title}, {of.beneficiary}, engagement {of.code}"


def _unexplained(one: Unexplained) -> str:
    paid = one.payment
    day = day_in_words(paid.paid_on)
    return f"{paid.reference}, le {day}, {paid.amount}, {paid.payee} : {one.reason}"


def _unseen(entry: OnRecord) -> str:
    return f"{entry.reference}, {euros(entry.amount_cents)} : {_tranche(entry)}"


def _matched(match: Matched) -> str:
    paid = match.payment
    state = "enregistré" if match.is_recorded else "à enregistrer"
    day, amount = day_in_words(paid.paid_on), euros(match.amount_cents)
    return f"{paid.reference}, le {day}, {amount} : {_tranche(match)} ({state})"


def _missing(one: Missing) -> str:
    since, amount = day_in_words(one.approved_on), euros(one.amount_cents)
    return f"{_tranche(one)} : {amount}, approuvés le {since} ({one.funder})"


def record_matched(
    context: typer.Context,
    references: References = None,
    as_role: Acting = Role.PAYER,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Enregistrer comme payées les tranches que des paiements importés paient."""
    here = world(context)
    command = RecordMatched(references=tuple(references or ()))
    done = here.product.do(command, here.by(as_role), dry_run=dry_run)
    refused = [item for item in done.outcomes if item.refusal]
    if as_json:
        show_json(
            {
                "position": done.position,
                "events": [event.TOPIC for event in done.events],
                "refused": [
                    {
                        "payment": item.subject,
                        "code": item.refusal and item.refusal.code,
                        "detail": str(item.refusal),
                    }
                    for item in refused
                ],
            }
        )
    else:
        number = plural(len(done.events), "paiement")
        written = "à enregistrer ; rien n'a été écrit" if dry_run else "enregistré"
        typer.echo(f"{number} {written}{'s' * (not dry_run and len(done.events) > 1)}.")
        for told in here.product.foreseen(done.events):
            typer.echo(f"  {told.title} : {told.detail}" if told.detail else f"  {told.title}")
    for item in refused:
        typer.echo(f"refusé : {item.refusal}", err=True)
    if refused:
        raise typer.Exit(4)
