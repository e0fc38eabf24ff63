"""`jalon pole …`: questions about poles."""

from typing import Annotated

import typer

from application.charter_signature import SIGNATURE_LIST
from application.contested import CONTESTED, NOTHING_FOLLOWS
from application.deadline import DeadlineLine
from application.doing import doing_in_words
from application.fact import verbs
from application.figures import period_in_words
from application.following import FOLLOWINGS
from application.history_in_words import COMMON_SOURCE, HistoryLine, by_year, common_source
from application.listing import cell, mark_of
from application.register import NO_LONGER, PoleLine, PoleSheet
from application.succession import lineage_in_words
from application.ways import WayLine
from application.wording import (
    CONFIDENCES,
    MEMBERS,
    RECOGNITIONS,
    ROLES,
    VERDICTS,
    capital,
    date_in_words,
    instant_in_words,
    of_date,
    rule_source,
    since_in_words,
    uncapital,
    version_in_words,
)
from domain.kernel import EVENTS
from domain.pole import ENDED
from domain.roles import Role
from interfaces.cli.groups import VerbGroup
from interfaces.cli.options import Details, InForce, Json, Known, Limit, PoleName
from interfaces.cli.output import plural, show_json, show_table, tell
from interfaces.cli.stepping import step_typed
from interfaces.cli.world import world

group = typer.Typer(cls=VerbGroup, help="Les pôles.", no_args_is_help=True)

FEW = 3
"""As many commands as are named of those that state a fact; what more state, they do not tell."""

SYMBOLS = {"held": "✓", "failed": "✗", "unknown": "?", "not_checked": "–"}


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="pole")


@group.command("list")
def list_poles(
    context: typer.Context,
    known: Known = None,
    in_force: InForce = None,
    stage: Annotated[
        str | None, typer.Option(help="Seulement cette étape : « Charte signée », ou son code.")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Seulement cette région, par son nom : Bretagne.")
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(
            help="Seulement ceux dont le nom, l'activité ou un lieu (nom ou code de commune, "
            "d'intercommunalité…) contient ceci ; « jalon place search » trouve ces codes."
        ),
    ] = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Lister les pôles, avec leur étape."""
    product = world(context).product
    moment = product.moment(known, in_force)
    found = product.poles(moment, limit=limit, stage=stage, region=region, search=search)
    lines = found.lines
    if as_json:
        show_json({"items": lines, "total": found.total})
        return
    if lines:
        show_table(
            ("CODE", "NOM", "ÉTAPE", "DEPUIS", "RÉGION"),
            [
                (p.code, p.name, _stage(p), date_in_words(p.occurred_on), p.region or "—")
                for p in lines
            ],
        )
    if not lines:
        typer.echo(found.nothing)
    left = f" sur {found.total}" if found.total > len(lines) else ""
    typer.echo(f"{plural(len(lines), 'pôle')}{left}.")


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
    typer.echo(sheet.name)
    typer.echo(f"  code         {sheet.code}")
    typer.echo(f"  étape        {_stage(sheet)}, {since_in_words(sheet.occurred_on)}")
    leaving = product.deprecation(sheet.journey)
    waiting = " — dépréciée, à migrer" if leaving else ""
    typer.echo(f"  parcours     {version_in_words(sheet.journey)} ({sheet.journey}){waiting}")
    for other in sheet.further:
        stands = f"{other.stage_title}, {since_in_words(other.occurred_on)}"
        typer.echo(f"  suit aussi   {other.title} : {stands} ({other.journey})")
    if sheet.stage == ENDED:
        typer.echo(f"  fin          depuis lors, {NO_LONGER}")
    else:
        _tell_place(sheet)
    for signed in product.listed(SIGNATURE_LIST, moment, pole=pole):
        what = f"{cell(signed, 'charter_kind')}, version {of_date(str(signed.charter))}"
        who = f", par : {signed.organisation}" if signed.organisation else ""
        typer.echo(f"  charte       {what}, signée {cell(signed, 'occurred_on')}{who}")
    for seat in product.listed(FOLLOWINGS, moment, pole=pole):
        typer.echo(f"  suivi par    {seat.organisation} ({cell(seat, 'place')})")
    if sheet.remark:
        typer.echo(f"  remarque     {sheet.remark}")
    if sheet.members_counted:
        counted = ", ".join(f"{kind} : {number}" for kind, number in sheet.members_counted)
        typer.echo(f"  membres      {counted}")
    for member in sheet.members:
        told = [
            f"{member.name} ({MEMBERS[member.member_kind]})",
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
            date = date_in_words(str(figure.occurred_on))
            mark = mark_of(figure.contested, figure.contest_answered)
            typer.echo(f"               {figure.says}{mark} — {figure.author}, {date}")
            typer.echo(f"                 source : {figure.source or 'non citée'}")
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
    for vote in product.votes(pole, moment):
        typer.echo(f"  vote         {vote.title} : {vote.sentence}")
    _tell_end(sheet)
    tell(f"Pour en lire plus : jalon pole why {sheet.code}, jalon pole history {sheet.code}")
    for asked, lines in product.lists_of(sheet.code, moment):
        verb = f"jalon {asked.name.replace('_', '-')} list --pole {sheet.code}"
        tell(f"  {asked.title} ({lines}) : {verb}")
    typer.echo("Aucune étape n'est un agrément.")


def _tell_place(sheet: PoleSheet) -> None:
    """Where a pole is, what it does, who carries it; of one that has ended, on its last day."""
    where = sheet.territory
    place = [part for part in (where.words, where.department, where.region) if part]
    typer.echo(f"  territoire   {', '.join(dict.fromkeys(place)) or 'non renseigné'}")
    for said in sheet.places:
        typer.echo(f"               {said}")
    if where.cross_border:
        typer.echo(f"               au-delà de la frontière : {where.cross_border}")
    typer.echo(f"  activité     {sheet.activity or 'non renseignée'}")
    if sheet.carrier:
        known = f" ; {sheet.carrier_identifier}" if sheet.carrier_identifier else ""
        typer.echo(f"  porteur      {sheet.carrier}{known}")
    if not sheet.charter_signed:
        typer.echo("  charte       aucune signature connue de la charte nationale")


def _tell_end(sheet: PoleSheet) -> None:
    """How a pole that has ended stood then: none of it is in force any more."""
    if sheet.at_end and sheet.eve:
        last = sheet.at_end
        typer.echo(f"Au moment de sa fin (étape « {last.stage_title} ») :")
        _tell_place(last)
        typer.echo(f"  membres      {len(last.members)}")
        eve = sheet.eve.isoformat()
        tell(f"  en détail    jalon pole show {sheet.code} --in-force {eve}")


def _part(sheet: PoleSheet, part: str) -> str:
    """What is contested, as people call it: a part of the sheet, a member, a recognition…"""
    members = (sheet.at_end or sheet).members
    names = {str(member.id): f"le membre « {member.name} »" for member in members}
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
        common = common_source(told)
        typer.echo(f"{capital(year)} ({plural(len(told), 'fait')})")
        if common:
            typer.echo(f"  {COMMON_SOURCE} : {common}")
        for line in told:
            _tell_line(line, common, details=details)
    typer.echo(f"{plural(len(lines), 'fait')}.")


def _tell_line(line: HistoryLine, common: str | None, *, details: bool) -> None:
    said = f"{line.title} : {line.detail}" if line.detail else line.title
    typer.echo(f"  {capital(date_in_words(line.occurred_on))} — {said}")
    if line.mended:
        typer.echo(f"      {line.mended}")
    for mark in line.contests:
        typer.echo(f"      {'contesté : ' if mark.is_open else ''}{mark.sentence}")
    for sentence in line.disputed:
        typer.echo(f"      reposait alors sur un fait contesté : {sentence}")
    for sentence in line.not_checked:
        typer.echo(f"      non vérifié, faute d'information : {sentence}")
    for given in line.given:
        typer.echo(f"      {uncapital(given.title)} : {given.said}")
    if line.reason:
        typer.echo(f"      motif : {line.reason}")
    sure = f" ({CONFIDENCES[line.confidence]})" if line.confidence else ""
    if line.source and line.source != common:
        typer.echo(f"      source : {line.source}{sure}")
    elif line.source and sure:
        typer.echo(f"      confiance : {sure[2:-1]}")
    elif not line.source and (common or line.says_a_figure):
        typer.echo("      source non citée")
    if line.ground:
        typer.echo(f"      fondement : {line.ground}")
    for_whom = f", sous mandat pour {line.on_behalf_of}" if line.on_behalf_of else ""
    typer.echo(f"      par : {ROLES[line.role]} ({line.account}){for_whom}")
    if details:
        typer.echo(f"      enregistrement n° {line.position}, {instant_in_words(line.recorded_at)}")
        typer.echo(f"      identifiant : {line.event_id}")
        stated_by = EVENTS[line.topic].STATED_BY
        if 0 < len(stated_by) <= FEW:
            typer.echo(f"      énoncé par : {verbs(stated_by)}")
        if line.corrects:
            typer.echo(f"      porte sur : {line.corrects}")
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
    further = product.further_why(pole, moment, role)
    deadlines = product.deadlines(pole, moment)
    if as_json:
        told = {"items": ways, "total": len(ways), "deadlines": deadlines, "further": further}
        show_json(told)
        return
    for line in deadlines:
        _tell_deadline(line)
    tell_ways(ways)
    for other in further:
        typer.echo(f"\n{capital(other.title)} (étape « {other.stage_title} ») :")
        tell_ways([*other.ways])


def tell_ways(ways: list[WayLine], of: tuple[str, str] | None = None) -> None:
    """What is wanting to go on, way by way and clause by clause.

    Args:
        of: the concept and the code of the case, to say what to type where a way is open.
    """
    if not ways:
        typer.echo("Cette étape n'a pas de suite.")
    for way in sorted(ways, key=lambda way: way.is_shut):  # in their order, these last
        words = {
            "open": "possible dès maintenant",
            "needs_input": "possible, en complétant ce qui est demandé",
            "closed": "il manque encore quelque chose",
        }[way.status]
        if way.is_shut:
            words = "personne ne peut l'ouvrir aujourd'hui"
        typer.echo(f"{way.title} → {way.to_title} : {words}")
        typer.echo(f"    revient à : {way.holders}")
        if way.withheld:
            typer.echo(f"    {NOTHING_FOLLOWS}")
        for missing in way.missing_input:
            typer.echo(f"    à fournir : {missing}")
        typed = of and step_typed(*of, way.transition, by=way.by, missing=way.missing_input)
        if typed and way.status != "closed" and not (way.automatic or way.is_shut):
            tell(f"    → tapez : {typed}")
        for vote in way.votes:
            typer.echo(f"    vote : {vote}")
        for clause in way.clauses:
            verdict = VERDICTS[clause.verdict]
            typer.echo(f"    {SYMBOLS[clause.verdict]} {verdict} : {clause.sentence}")
            if clause.seen:
                typer.echo(f"        constaté : {', '.join(clause.seen)}")
            typer.echo(f"        règle : {rule_source(clause.source)}")
            if clause.contested:
                typer.echo(f"        {NOTHING_FOLLOWS}")
            if clause.waits_for_input:
                typer.echo("        se vérifie avec ce qui reste à fournir")
            elif clause.verdict != "held":
                able = ", ".join(ROLES.get(role, role) for role in clause.unblocked_by)
                who = able or "seul le temps compte"
                typer.echo(f"        qui peut agir : {who}")
