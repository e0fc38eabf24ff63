"""`jalon pole …`: questions about poles."""

from typing import Annotated

import typer

from application.charter import SIGNATURE_LIST
from application.contested import CONTESTED, NOTHING_FOLLOWS
from application.deadline import DeadlineLine
from application.doing import doing_in_words
from application.figures import period_in_words
from application.following import FOLLOWINGS
from application.history_in_words import HistoryLine, by_year
from application.listing import cell
from application.register import PoleLine, PoleSheet, WayLine
from application.succession import lineage_in_words
from application.wording import (
    CONFIDENCES,
    MEMBERS,
    RECOGNITIONS,
    ROLES,
    VERDICTS,
    capital,
    date_in_words,
    fact,
    instant_in_words,
    of_date,
    rule_source,
    since_in_words,
    value_in_words,
    version_in_words,
)
from domain.kernel import Role
from interfaces.cli.output import plural, show_json, show_table
from interfaces.cli.world import world

group = typer.Typer(help="Les pôles.", no_args_is_help=True)

Known = Annotated[
    str | None,
    typer.Option(metavar="AAAA-MM-JJ", help="Ce que le registre savait à la fin de ce jour."),
]
InForce = Annotated[
    str | None, typer.Option(metavar="AAAA-MM-JJ", help="Ce qui était en vigueur ce jour-là.")
]
Json = Annotated[bool, typer.Option("--json", help="En JSON, pour un programme.")]
Details = Annotated[
    bool, typer.Option("--details", help="Aussi les identifiants, pour qui vérifie ou corrige.")
]
PoleName = Annotated[
    str, typer.Argument(metavar="POLE", help="Code, nom, partie du nom ou identifiant.")
]

SYMBOLS = {"held": "✓", "failed": "✗", "unknown": "?", "not_checked": "–"}


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="pole")


@group.command("list")
def list_poles(
    context: typer.Context,
    known: Known = None,
    in_force: InForce = None,
    stage: Annotated[str | None, typer.Option(help="Seulement cette étape.")] = None,
    region: Annotated[str | None, typer.Option(help="Seulement cette région.")] = None,
    search: Annotated[str | None, typer.Option(help="Seulement ceux qui contiennent ceci.")] = None,
    as_json: Json = False,
) -> None:
    """Lister les pôles, avec leur étape."""
    product = world(context).product
    moment = product.moment(known, in_force)
    lines = product.register.lines(moment, stage=stage, region=region, search=search)
    if as_json:
        show_json(lines)
        return
    if lines:
        show_table(
            ("CODE", "NOM", "ÉTAPE", "DEPUIS", "RÉGION"),
            [
                (p.code, p.name, _stage(p), date_in_words(p.occurred_on), p.region or "—")
                for p in lines
            ],
        )
    typer.echo(f"{plural(len(lines), 'pôle')}.")


def _stage(of: PoleLine | PoleSheet) -> str:
    """The stage, and what is to be known of it."""
    return f"{of.stage_title} ({of.stage_note})" if of.stage_note else of.stage_title


@group.command("show")
def show(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Montrer un pôle : étape, territoire, membres, reconnaissances."""
    product = world(context).product
    moment = product.moment(known, in_force)
    sheet = product.sheet(pole, moment)
    if as_json:
        show_json(sheet)
        return
    place = ", ".join(
        dict.fromkeys(
            p
            for p in (sheet.territory.words, sheet.territory.department, sheet.territory.region)
            if p
        )
    )
    typer.echo(sheet.name)
    typer.echo(f"  code         {sheet.code}")
    typer.echo(f"  étape        {_stage(sheet)}, {since_in_words(sheet.occurred_on)}")
    leaving = product.deprecation(sheet.journey)
    waiting = " — dépréciée, à migrer" if leaving else ""
    typer.echo(f"  parcours     {version_in_words(sheet.journey)} ({sheet.journey}){waiting}")
    for other in sheet.further:
        stands = f"{other.stage_title}, {since_in_words(other.occurred_on)}"
        typer.echo(f"  suit aussi   {other.title} : {stands} ({other.journey})")
    typer.echo(f"  territoire   {place or 'non renseigné'}")
    for said in sheet.places:
        typer.echo(f"               {said}")
    if sheet.territory.cross_border:
        typer.echo(f"               au-delà de la frontière : {sheet.territory.cross_border}")
    typer.echo(f"  activité     {sheet.activity or 'non renseignée'}")
    if sheet.carrier:
        number = (sheet.carrier_identifier or "").replace("aucun\u00a0:", "aucun identifiant :")
        known = f" ({number})" if number else ""
        typer.echo(f"  porteur      {sheet.carrier}{known}")
    if not sheet.charter_signed:
        typer.echo("  charte       aucune signature connue de la charte nationale")
    for signed in product.listed(SIGNATURE_LIST, moment, pole=pole):
        what = f"{cell(signed, 'charter_kind')}, version {of_date(str(signed.charter))}"
        who = f", par : {signed.organisation}" if signed.organisation else ""
        typer.echo(f"  charte       {what}, signée {cell(signed, 'occurred_on')}{who}")
    for seat in product.listed(FOLLOWINGS, moment, pole=pole):
        typer.echo(f"  suivi par    {seat.organisation} ({cell(seat, 'place')})")
    if sheet.remark:
        typer.echo(f"  remarque     {sheet.remark}")
    for member in sheet.members:
        name = member.name or "une personne"
        told = [
            f"{name} ({MEMBERS[member.member_kind]})",
            member.identifier or "",
            f"ESS : {member.ess_words}" if member.ess_words not in ("non", "sans objet") else "",
        ]
        words = ", ".join(part for part in told if part)
        typer.echo(f"  membre       {words}{f'  {member.id}' if details else ''}")
    for recognition in sheet.recognitions:
        sure = f" ({CONFIDENCES[recognition.confidence]})" if recognition.confidence else ""
        typer.echo(
            f"  reconnu      {RECOGNITIONS[recognition.recognition_kind]}, "
            f"{date_in_words(recognition.occurred_on)}, par : {recognition.issuer}{sure}"
        )
    for figures in sheet.figures:
        typer.echo(f"  déclaré      {figures.title}, {period_in_words(figures.period)}")
        for figure in figures.figures:
            date, mark = date_in_words(str(figure.occurred_on)), " [contesté]" * figure.contested
            typer.echo(f"               {figure.says}{mark} — {figure.author}, {date}")
            typer.echo(f"                 source : {figure.source}")
        typer.echo(f"               {figures.sentence}")
    for part, marks in sheet.contests.items():
        for held in marks:
            typer.echo(f"  contesté     {_part(sheet, part)} : {held.sentence}")
    for label, said in doing_in_words(product.doing(pole, moment), identified=details):
        typer.echo(f"  {label:<12} {said}")
    for said in lineage_in_words(product.lineage(pole, moment)):
        typer.echo(f"  suite        {said}")
    for line in sheet.deadlines:
        typer.echo(f"  attendu      {line.title} : {line.sentence}")
    typer.echo(f"Pour en lire plus : jalon pole why {sheet.code}, jalon pole history {sheet.code}")
    for asked, lines in product.lists_of(sheet.code, moment):
        verb = f"jalon {asked.name.replace('_', '-')} list --pole {sheet.code}"
        typer.echo(f"  {asked.title} ({lines}) : {verb}")
    typer.echo("Aucune étape n'est un agrément.")


def _part(sheet: PoleSheet, part: str) -> str:
    """What is contested, as people call it: a part of the sheet, a member, a recognition…"""
    names = {str(member.id): f"le membre « {member.name} »" for member in sheet.members}
    kinds = {str(r.id): RECOGNITIONS[r.recognition_kind] for r in sheet.recognitions}
    return {**CONTESTED, **names, **kinds}.get(part, "une déclaration")


@group.command("history")
def history(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Raconter tout ce qui a été enregistré d'un pôle, année par année, avec les sources."""
    product = world(context).product
    lines = product.history(pole, product.moment(known, in_force))
    if as_json:
        show_json(lines)
        return
    tell_history(lines, details=details)


def tell_history(lines: list[HistoryLine], *, details: bool = False) -> None:
    """What was recorded of a case, in words, year by year.

    Args:
        details: also what only somebody who checks needs, such as identities.
    """
    for year, told in by_year(lines).items():
        typer.echo(f"{capital(year)} ({plural(len(told), 'fait')})")
        for line in told:
            _tell_line(line, details=details)
    typer.echo(f"{plural(len(lines), 'fait')}.")


def _tell_line(line: HistoryLine, *, details: bool) -> None:
    said = f"{line.title} : {line.detail}" if line.detail else line.title
    typer.echo(f"  {capital(date_in_words(line.occurred_on))} — {said}")
    for mark in line.contests:
        typer.echo(f"      {'contesté : ' if mark.is_open else ''}{mark.sentence}")
    for sentence in line.disputed:
        typer.echo(f"      reposait alors sur un fait contesté : {sentence}")
    for sentence in line.not_checked:
        typer.echo(f"      non vérifié, faute d'information : {sentence}")
    if line.reason:
        typer.echo(f"      motif : {line.reason}")
    sure = f" ({CONFIDENCES[line.confidence]})" if line.confidence else ""
    if line.source:
        typer.echo(f"      source : {line.source}{sure}")
    elif line.says_a_figure:
        typer.echo("      source non citée")
    if line.ground:
        typer.echo(f"      fondement : {line.ground}")
    for_whom = f", pour {line.on_behalf_of}" if line.on_behalf_of else ""
    typer.echo(f"      par : {ROLES[line.role]}{for_whom}")
    if details:
        typer.echo(f"      enregistrement n° {line.position}, {instant_in_words(line.recorded_at)}")
        typer.echo(f"      identifiant : {line.event_id}")
        if line.vote:
            typer.echo(f"      vote : {line.vote}")


def _tell_deadline(line: DeadlineLine) -> None:
    typer.echo(f"{'!' if line.passed else '·'} {line.title} : {line.sentence}")
    if line.waits_for:
        waited = ", ".join(ROLES.get(role, role) for role in line.waits_for)
        typer.echo(f"    attendu de : {waited}")
    typer.echo(f"    règle : {rule_source(line.source)}")


@group.command("why")
def why(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    role: Annotated[Role | None, typer.Option(help="Pour qui agit dans ce rôle.")] = None,
    as_json: Json = False,
) -> None:
    """Dire ce qui manque à un pôle pour avancer, clause par clause."""
    product = world(context).product
    moment = product.moment(known, in_force)
    ways = product.why(pole, moment, role)
    deadlines = product.deadlines(pole, moment)
    if as_json:
        show_json({"items": ways, "total": len(ways), "deadlines": deadlines})
        return
    for line in deadlines:
        _tell_deadline(line)
    tell_ways(ways)


def tell_ways(ways: list[WayLine]) -> None:
    """What is wanting to go on, way by way and clause by clause."""
    if not ways:
        typer.echo("Cette étape n'a pas de suite.")
    for way in ways:
        words = {
            "open": "possible dès maintenant",
            "needs_input": "possible, en complétant ce qui est demandé",
            "closed": "il manque encore quelque chose",
        }[way.status]
        typer.echo(f"{way.title} → {way.to_title} : {words}")
        typer.echo(f"    revient à : {way.holders}")
        if way.withheld:
            typer.echo(f"    {NOTHING_FOLLOWS}")
        for missing in way.missing_input:
            typer.echo(f"    à fournir : {missing}")
        for vote in way.votes:
            typer.echo(f"    vote : {vote}")
        for clause in way.clauses:
            verdict = VERDICTS[clause.verdict]
            typer.echo(f"    {SYMBOLS[clause.verdict]} {verdict} : {clause.sentence}")
            seen = ", ".join(f"{fact(n)} : {value_in_words(v)}" for n, v in clause.values.items())
            if seen:
                typer.echo(f"        constaté : {seen}")
            typer.echo(f"        règle : {rule_source(clause.source)}")
            if clause.contested:
                typer.echo(f"        {NOTHING_FOLLOWS}")
            if clause.waits_for_input:
                typer.echo("        se vérifie avec ce qui reste à fournir")
            elif clause.verdict != "held":
                able = ", ".join(ROLES.get(role, role) for role in clause.unblocked_by)
                who = able or "seul le temps compte"
                typer.echo(f"        qui peut agir : {who}")
