"""`jalon pole …`: questions about poles."""

from typing import Annotated

import typer

from application.contested import CONTESTED, NOTHING_FOLLOWS
from application.deadline import DeadlineLine
from application.doing import doing_in_words
from application.figures import period_in_words
from application.legal_form import ESS
from application.register import HistoryLine, PoleLine, PoleSheet, WayLine
from application.succession import lineage_in_words
from application.wording import (
    CONFIDENCES,
    MEMBERS,
    RECOGNITIONS,
    ROLES,
    VERDICTS,
    date_in_words,
    fact,
    rule_source,
    since_in_words,
    value_in_words,
    version_in_words,
)
from domain.kernel import Role
from domain.legal_form import EssStatus
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
        known = f" ({sheet.carrier_identifier})" if sheet.carrier_identifier else ""
        typer.echo(f"  porteur      {sheet.carrier}{known}")
    typer.echo(f"  charte       {'signée' if sheet.charter_signed else 'aucune signature connue'}")
    if sheet.remark:
        typer.echo(f"  remarque     {sheet.remark}")
    for member in sheet.members:
        name = member.name or "une personne"
        told = [
            f"{name} ({MEMBERS[member.member_kind]})",
            member.identifier or "",
            f"ESS : {ESS[member.ess]}" if member.ess is not EssStatus.NO else "",
        ]
        words = ", ".join(part for part in told if part)
        typer.echo(f"  membre       {words}  {member.id}")
    for recognition in sheet.recognitions:
        sure = CONFIDENCES.get(recognition.confidence or "", "confiance non précisée")
        typer.echo(
            f"  reconnu      {RECOGNITIONS[recognition.recognition_kind]}, "
            f"{date_in_words(recognition.occurred_on)}, par : {recognition.issuer} ({sure})"
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
            typer.echo(f"  contesté     {CONTESTED.get(part, part)} : {held.sentence}")
    for label, said in doing_in_words(product.doing(pole, moment)):
        typer.echo(f"  {label:<12} {said}")
    for said in lineage_in_words(product.lineage(pole, moment)):
        typer.echo(f"  suite        {said}")
    for line in sheet.deadlines:
        typer.echo(f"  attendu      {line.title} : {line.sentence}")
    typer.echo("Aucune étape n'est un agrément.")


@group.command("history")
def history(
    context: typer.Context,
    pole: PoleName,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Raconter tout ce qui a été enregistré d'un pôle, avec les sources."""
    product = world(context).product
    lines = product.history(pole, product.moment(known, in_force))
    if as_json:
        show_json(lines)
        return
    tell_history(lines)


def tell_history(lines: list[HistoryLine]) -> None:
    """What was recorded of a case, in words."""
    for line in lines:
        date = date_in_words(line.occurred_on)
        typer.echo(f"{date[:1].upper()}{date[1:]} — {line.title} : {line.detail}")
        for mark in line.contests:
            typer.echo(f"    {'contesté : ' if mark.is_open else ''}{mark.sentence}")
        for sentence in line.disputed:
            typer.echo(f"    reposait alors sur un fait contesté : {sentence}")
        for sentence in line.not_checked:
            typer.echo(f"    non vérifié, faute d'information : {sentence}")
        if line.source:
            typer.echo(f"    source : {line.source}")
        if line.ground:
            typer.echo(f"    fondement : {line.ground}")
        sure = f", {CONFIDENCES[line.confidence]}" if line.confidence else ""
        typer.echo(f"    événement n° {line.position}{sure}, par : {ROLES[line.role]}")
        typer.echo(f"    identifiant : {line.event_id}")
    typer.echo(f"{plural(len(lines), 'événement')}.")


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
