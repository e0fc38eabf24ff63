"""`jalon inbox` and `jalon stalls`: what waits, for whom, since when and for what."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import typer

from application.inbox import InboxLine, StandingLine, WaitLine, kinds
from application.stall import LONG, LONGEST, Exit, StallLine
from application.wording import (
    ROLES,
    STATUSES,
    VERDICTS,
    date_in_words,
    duration_in_words,
    relation_in_words,
    since_in_words,
)
from domain.roles import Role
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.pole import SYMBOLS
from interfaces.cli.stepping import step_typed
from interfaces.cli.world import world

AT_ONCE = 20
"""Cases told at once, unless more are asked for: what is read on a screen without scrolling for
long. How many there are, and for what they wait, is said of all of them."""

AtOnce = Annotated[
    int, typer.Option("--limit", min=1, metavar="N", help="Les premiers seulement, tant au plus.")
]
Region = Annotated[str | None, typer.Option(help="Seulement cette région.")]


def add_to(app: typer.Typer) -> None:
    app.command("inbox")(show_inbox)
    app.command("stalls")(show_stalls)


def show_inbox(
    context: typer.Context,
    role: Annotated[Role | None, typer.Option(help="Ce qui attend ce rôle.")] = None,
    person: Annotated[
        UUID | None,
        typer.Option(
            metavar="COMPTE", help="Ce qui attend ce compte, par les mandats qu'il tient."
        ),
    ] = None,
    region: Region = None,
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="SORTE",
            help=f"Seulement cette sorte de chose : {', '.join(kinds())}.",
        ),
    ] = None,
    known: Known = None,
    in_force: InForce = None,
    limit: AtOnce = AT_ONCE,
    as_json: Json = False,
) -> None:
    """Lister ce qui attend, parcours et autres choses : depuis quand, pour quoi, de qui."""
    product = world(context).product
    moment = product.moment(known, in_force)
    lines = product.inbox(
        moment, role=role, person=person, region=region, kind=kind, as_operator=True
    )
    if as_json:
        show_json(lines)
        return
    if person:
        held = product.held(person, moment, role=role)
        for mandate in held:
            typer.echo(f"Mandat : {ROLES[mandate.role]}, sur {relation_in_words(mandate.relation)}")
        if not held:
            typer.echo("Ce compte ne tient aucun mandat en vigueur.")
    for line in lines[:limit]:
        _head(line)
        for wait in line.waits:
            _wait(wait, line, told=role is None)
            if moment.is_today and wait.spoken:
                tell(f"        → tapez : {wait.spoken}")
    whom = f" pour : {ROLES[role]}" if role else ""
    where = f", région {region}" if region else ""
    _rest(lines, limit, "--role, --kind ou --region")
    if lines:
        typer.echo("")
        typer.echo("Pour quoi :")
        for title, number in _motives(lines):
            typer.echo(f"{number:>6}  {title}")
        cases = plural(len(lines), "cas attend", "cas attendent")
        typer.echo(f"{cases}{whom}{where}.")
    else:
        typer.echo(f"Rien n'attend{whom}{where}.")


def show_stalls(
    context: typer.Context,
    days: Annotated[
        int, typer.Option(min=0, max=LONGEST, help="Depuis plus de tant de jours.")
    ] = LONG,
    region: Region = None,
    stage: Annotated[str | None, typer.Option(help="Seulement cette étape.")] = None,
    known: Known = None,
    in_force: InForce = None,
    limit: AtOnce = AT_ONCE,
    as_json: Json = False,
) -> None:
    """Lister les cas restés longtemps à la même étape : ce qui manque, et qui peut agir."""
    product = world(context).product
    moment = product.moment(known, in_force)
    lines = product.stalls(moment, days=days, region=region, stage=stage)
    if as_json:
        show_json(lines)
        return
    for line in lines[:limit]:
        _head(line)
        for way in line.exits:
            _exit(way, line, today=moment.is_today)
        typer.echo(f"    entre les mains de : {_roles(line.holders) or 'personne'}")
    _rest(lines, limit, "--days, --stage ou --region")
    cases = plural(len(lines), "cas est", "cas sont")
    typer.echo(f"{cases} à la même étape depuis plus de {plural(days, 'jour')}.")


def _rest(lines: Sequence[StandingLine], limit: int, choosing: str) -> None:
    """How many more there are, and how to reach them."""
    left = len(lines) - limit
    if left > 0:
        others = plural(left, "autre cas suit", "autres cas suivent")
        typer.echo(
            f"… {others} : « --limit {len(lines)} » les dit tous ; {choosing} en choisissent."
        )


def _head(line: StandingLine) -> None:
    lasted = duration_in_words(line.days) if line.days else "aujourd'hui"
    if line.occurred_on == "unknown":
        known = f" ({lasted} au moins)" if line.days else ""
        since = f"depuis une date inconnue{known}"
    else:
        most = "" if line.exact else " au plus"
        since = f"{since_in_words(line.occurred_on)} ({lasted}{most})"
    code = f" [{line.code}]" if line.code else ""
    what = line.concept_title if isinstance(line, InboxLine) and line.address else line.stage_title
    typer.echo(f"{line.name}{code} — {what}")
    typer.echo(f"    attend {since}")
    if line.journey_title:
        typer.echo(f"    parcours : {line.journey_title}")


def _wait(wait: WaitLine, of: InboxLine, *, told: bool) -> None:
    whom = f" — {_roles(wait.roles)}" if told and wait.roles else ""
    match wait.kind:
        case "deadline":
            late = ", dépassée" if wait.passed else ""
            due = date_in_words(wait.due.isoformat() if wait.due else "unknown")
            typer.echo(f"    • {wait.title} : échéance {due}{late}{whom}")
        case "worklist":
            typer.echo(f"    • dans la liste « {wait.title} »{whom}")
        case "act":
            typer.echo(f"    • {wait.title}{whom}")
            typer.echo(f"        {wait.says}")
        case "step":
            typer.echo(f"    • {wait.title} : {STATUSES[wait.status or 'open']}{whom}")
            for missing in wait.missing_input:
                typer.echo(f"        à fournir : {missing}")
            asked = wait.missing_input
            typed = step_typed(of.concept, of.code, wait.id, by=wait.roles, missing=asked)
            if typed and not of.journey_title:  # a further journey is to be named, too
                tell(f"        → tapez : {typed}")
        case "clauses":
            others = wait.wanting - len(wait.conditions)
            rest = f", {others} revenant à d'autres" if others else ""
            typer.echo(
                f"    • {wait.title} : {plural(len(wait.conditions), 'condition')} à lever{rest}"
            )
            for condition in wait.conditions:
                who = f" — {_roles(condition.unblocked_by)}" if told else ""
                typer.echo(f"        {SYMBOLS[condition.verdict]} {condition.sentence}{who}")


def _motives(lines: Sequence[InboxLine]) -> list[tuple[str, int]]:
    """What the cases wait for, the most frequent first."""
    said = {
        "deadline": "échéance",
        "worklist": "dans la liste",
        "step": "possible",
        "clauses": "conditions à lever",
    }
    counts = Counter(
        title
        for line in lines
        for title in {
            f"{wait.title} : {said[wait.kind]}" if wait.kind in said else wait.title
            for wait in line.waits
        }
    )
    return counts.most_common()


def _exit(way: Exit, of: StallLine, *, today: bool) -> None:
    typer.echo(f"    → {way.title} : {STATUSES[way.status]}")
    for missing in way.missing_input:
        typer.echo(f"        à fournir : {missing}")
    asked = way.missing_input
    typed = step_typed(of.concept, of.code, way.transition, by=way.by, missing=asked)
    if typed and today and way.by and way.status != "closed" and not of.journey_title:
        tell(f"        → tapez : {typed}")
    for condition in way.conditions:
        verdict = VERDICTS[condition.verdict]
        typer.echo(f"        {SYMBOLS[condition.verdict]} {verdict} : {condition.sentence}")


def _roles(roles: tuple[str, ...]) -> str:
    return ", ".join(ROLES.get(role, role) for role in roles)
