"""`jalon commitment show`: what the funder promised, and what the pole undertook."""

from collections.abc import Iterator
from typing import Annotated

import typer

from application.commitment_sheet import (
    CommitmentConditionLine,
    CommitmentSheet,
    PoleUndertakingLine,
    RecoveryLine,
    ReportLine,
    TrancheLine,
)
from application.listing import cell, value_as_read
from application.suspension import SuspensionLine
from application.wording import date_in_words, since_in_words, uncapital, version_in_words
from domain.commitment import Regime, SupportKind
from domain.money import euros
from domain.organisation import Organisation
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_facts, show_json
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]

NO_CONVENTION = (
    "Aucune convention n'est rédigée : le financeur le fait (commitment draft-convention)."
)
BY_DECISION = "Aucune : l'aide est accordée par la seule décision."
NO_UNDERTAKING = "Le pôle n'a pris aucun engagement par une signature en vigueur."
NOTHING_MORE = "rien n'en est plus signé, approuvé ni payé depuis que c'est enregistré"
HELD = "approuvés et pas encore payés"
NOT_MONEY = "Ce que le pôle prend comme engagement n'est pas une condition du versement."


def add_to(app: typer.Typer) -> None:
    group_of(app, "commitment").command("show")(show)


def show(
    context: typer.Context,
    name: Name,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer ce que le financeur a promis, et ce que le pôle s'est engagé à faire."""
    product = world(context).product
    sheet = product.commitment(name, product.moment(known, in_force))
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"{sheet.object} — {sheet.pole_name}")
    show_facts(_facts(sheet))
    show_facts(_amounts(sheet))
    typer.echo("Ce que le financeur a promis")
    show_facts(_convention(sheet))
    for condition in sheet.conditions:
        _tell_condition(condition, sheet)
    for tranche in sheet.tranches:
        _tell_tranche(tranche, is_next=tranche.id == sheet.next_tranche)
    show_facts(("reversement", _recovery(recovery)) for recovery in sheet.recoveries)
    show_facts(("échéance", f"{line.title} : {line.sentence}") for line in sheet.deadlines)
    typer.echo("Ce que le pôle s'est engagé à faire")
    for line in sheet.undertakings:
        typer.echo(f"  {_undertaking(line)}")
    typer.echo(NOT_MONEY if sheet.undertakings else NO_UNDERTAKING)
    show_facts(("rapport", _report(report)) for report in sheet.reports)


def _facts(sheet: CommitmentSheet) -> Iterator[tuple[str, str | None]]:
    yield "code", sheet.code
    yield "étape", f"{uncapital(sheet.stage_title)}, {since_in_words(str(sheet.stage_on))}"
    for said in sheet.stage_given:
        yield "", f"{uncapital(said.title)} : {said.said}"
    for line in sheet.suspensions:
        yield from _suspension(line)
    yield "financeur", sheet.funder.name
    if sheet.withdrawn_on:
        yield (
            "retrait",
            f"le financeur s'est retiré {date_in_words(sheet.withdrawn_on.isoformat())}",
        )
    if sheet.award_withdrawn_on:
        day = date_in_words(sheet.award_withdrawn_on.isoformat())
        yield "retrait", f"le soutien dont il découle est retiré {day} : {NOTHING_MORE}"
    yield "bénéficiaire", _numbered(sheet.beneficiary)
    for earlier in sheet.beneficiaries[:-1]:
        yield "auparavant", _numbered(earlier)
    if sheet.siret_in_doubt_since:
        since = since_in_words(sheet.siret_in_doubt_since.isoformat())
        yield "SIRET", f"corrigé {since}, à confirmer : rien n'est versé d'ici là"
    yield "projet", sheet.project_title
    yield "dossier", sheet.dossier_code
    yield "accordé", date_in_words(sheet.granted_on.isoformat())
    yield "forme", cell(sheet, "support_kind") + (f" : {sheet.words}" if sheet.words else "")
    other = sheet.regime_words if sheet.regime is Regime.OTHER else None
    yield "régime", other or cell(sheet, "regime")
    yield "règles", f"{version_in_words(sheet.journey)} ({sheet.journey})"


def _suspension(line: SuspensionLine) -> Iterator[tuple[str, str | None]]:
    """A suspension, each thing that was said of it on a line of its own."""
    until = f" au {_day(line.until)}" if line.until else ""
    yield "suspension", f"{'du' if until else 'depuis le'} {_day(line.since)}{until}"
    for said in line.given:
        yield "", f"{uncapital(said.title)} : {said.said}"
    for said in line.given_then:
        yield "", f"{uncapital(line.ended or '')}, {uncapital(said.title)} : {said.said}"


def _numbered(of: Organisation) -> str:
    """An organisation with the number that tells it from another of the same name."""
    number = f"SIRET {of.siret}" if of.siret else f"RNA {of.rna}" if of.rna else "sans numéro"
    return f"{of.name}, {number}"


def _amounts(sheet: CommitmentSheet) -> Iterator[tuple[str, str | None]]:
    of = sheet.amounts
    if sheet.support_kind is SupportKind.IN_KIND:
        yield "valeur", f"{euros(of.value_cents)}, en nature"
        return
    yield "promis", euros(of.promised_cents)
    if of.given_up_cents:
        yield "plus promis", f"{euros(of.given_up_cents)}, sur {euros(of.agreed_cents)} convenus"
    yield "approuvé", euros(of.approved_cents)
    yield "payé", euros(of.paid_cents)
    yield "justifié", euros(of.justified_cents)
    yield "à payer", euros(of.due_cents)
    yield "en suspens", f"{euros(of.held_cents)}, {HELD}" if of.held_cents else None
    yield "en retard", euros(of.late_cents)
    if of.ordered_cents:
        yield "réclamé", f"{euros(of.ordered_cents)}, dont {euros(of.recovered_cents)} reversés"
        yield "remis", euros(of.waived_cents) if of.waived_cents else None
        yield "reste", f"{euros(of.to_recover_cents)} à reverser"


def _convention(sheet: CommitmentSheet) -> Iterator[tuple[str, str | None]]:
    text = sheet.convention
    if text is None:
        yield "convention", BY_DECISION if sheet.by_decision_alone else NO_CONVENTION
        return
    days = f"du {_day(text.starts_on)} au {_day(text.ends_on)}"
    changed = f", {plural(text.amendments, 'avenant')}" if text.amendments else ""
    yield "convention", f"{text.reference}, {days}{changed}"
    signed = (
        f"le {_day(text.signed_on)}, par : {text.funder_signatory} ; {text.beneficiary_signatory}"
    )
    yield "signée", signed if text.signed_on else "pas encore"
    yield "évaluation", _paid_by(text.evaluation, text.evaluation_paid_by)
    yield "suivi", _paid_by(text.follow_up, text.follow_up_paid_by)


def _paid_by(words: str | None, by: str | None) -> str | None:
    return f"{words}, à la charge de : {by}" if words and by else words


def _day(day: object) -> str:
    return value_as_read(day).removeprefix("le ")


def _tell_condition(line: CommitmentConditionLine, sheet: CommitmentSheet) -> None:
    due = f", pour le {_day(line.due)}" if line.due else ""
    late = ", EN RETARD" if line.late else ""
    typer.echo(f"  condition    {line.title} : {cell(line, 'standing')}{due}{late} ({line.needs})")
    gated = [tranche.title for tranche in sheet.tranches if tranche.id in line.tranches]
    if gated:
        typer.echo(f"               en dépend : {', '.join(gated)}")
    for said in (line.words, line.reasons):
        if said:
            typer.echo(f"               {said}")


def _tell_tranche(line: TrancheLine, *, is_next: bool) -> None:
    due = f", prévue le {_day(line.due_on)}" if line.due_on else ""
    late = ", EN RETARD" if line.late else ""
    reference = f" ({line.reference})" if line.reference else ""
    standing = f"{cell(line, 'standing')}{reference}"
    amount = euros(line.planned_cents)
    typer.echo(f"  tranche      {line.title}, {amount}{due} : {standing}{late}")
    if line.approved_cents not in (0, line.planned_cents):
        typer.echo(f"               approuvée pour {euros(line.approved_cents)}")
    if is_next and line.blocked_by:
        typer.echo("               c'est la prochaine ; ce qui la retient :")
    for said in line.blocked_by if is_next else ():
        typer.echo(f"               - {said}")


def _report(line: ReportLine) -> str:
    standing = cell(line, "standing") or "pas encore remis"
    reasons = f" : {line.reasons}" if line.reasons else ""
    return f"{cell(line, 'report_kind')} {line.year}, {standing}{reasons}"


def _recovery(line: RecoveryLine) -> str:
    ordered = f"{euros(line.ordered_cents)} demandés le {_day(line.ordered_on)}"
    overdue = f", dont {euros(line.overdue_cents)} EN RETARD" if line.overdue_cents else ""
    left = f"reçu {euros(line.received_cents)}, reste {euros(line.left_cents)}{overdue}"
    return f"{ordered} ({cell(line, 'cause')}) : {left}"


def _undertaking(line: PoleUndertakingLine) -> str:
    due = f", pour le {_day(line.due)}" if line.due else ""
    late = ", EN RETARD" if line.late else ""
    pieces = f" ; {plural(len(line.documents), 'pièce')}" if line.documents else ""
    return f"{line.words} : {cell(line, 'standing')}{due}{late}{pieces}"
