"""`jalon journey plan | migrate | revert`: cases brought to another version, and back."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import typer

from application.difference import Words, rights_in_words
from application.migration import CasePlan, MigrateCases, OnCases, Plan, RevertCases, batches
from application.unit import Outcome
from domain.roles import Role
from interfaces.cli.backtest import progress
from interfaces.cli.journey import group
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import World, world

Ref = Annotated[str, typer.Argument(metavar="VERSION", help="Par exemple pole@2021-05-12.")]
From = Annotated[
    list[str] | None,
    typer.Option(
        "--from", metavar="VERSION", help="Seulement les pôles qui suivent cette version."
    ),
]
Poles = Annotated[
    list[str] | None,
    typer.Option("--pole", metavar="PÔLE", help="Seulement ce pôle ; autant que voulu."),
]
Batch = Annotated[int, typer.Option(min=1, max=1000, help="Pôles enregistrés d'un coup.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Dire, sans rien écrire.")]
As = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on agit.")]
Reason = Annotated[str | None, typer.Option(help="Motif, gardé avec chaque migration.")]

SIGNS = {"done": "✓", "refused": "✗", "unchanged": "–"}


def add_to(_: typer.Typer) -> None:
    group.command("plan")(plan)
    group.command("migrate")(migrate)
    group.command("revert")(revert)


def plan(
    context: typer.Context,
    ref: Ref,
    sources: From = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Dire quels pôles passeraient à une version, lesquels non, et ce qui changerait pour chacun.

    Sans --from, il s'agit des pôles qui suivent une version antérieure. Rien n'est écrit.
    """
    product = world(context).product
    found = product.plan(ref, sources or (), product.moment(known, in_force))
    if as_json:
        show_json(found)
        return
    typer.echo(
        f"Vers {found.to} : {plural(found.possible, 'pôle peut', 'pôles peuvent')} passer, "
        f"{plural(found.refused, 'pôle ne le peut pas', 'pôles ne le peuvent pas')}."
    )
    for (journey, state), items in _grouped(found).items():
        words = Words(product.published(journey), product.published(ref))
        typer.echo(f"\nDe {journey}, étape « {words.state(state)} » ({plural(len(items), 'pôle')})")
        for line in _what_changes(items[0], words):
            typer.echo(f"    {line}")
        for item in items:
            reason = f" : {item.reason}" if item.reason else ""
            typer.echo(f"  {'✓' if item.is_possible else '✗'} {item.code}{reason}")


def _grouped(found: Plan) -> dict[tuple[str, str], list[CasePlan]]:
    """Cases that stand alike; those that can move come first in each group."""
    groups: dict[tuple[str, str], list[CasePlan]] = {}
    for item in sorted(found.items, key=lambda item: not item.is_possible):
        groups.setdefault((item.journey, item.state), []).append(item)
    return dict(sorted(groups.items()))


def _what_changes(item: CasePlan, words: Words) -> list[str]:
    if item.to_state is None:
        return []
    lines = []
    if item.to_state != item.state:
        lines.append(f"continue à l'étape « {words.state(item.to_state)} »")
    for names, said in ((item.opens, "s'ouvre"), (item.closes, "se ferme")):
        lines += [f"{said} : « {words.transition(name)} »" for name in names]
    return [*lines, *rights_in_words(item.rights, words)]


def migrate(
    context: typer.Context,
    ref: Ref,
    sources: From = None,
    poles: Poles = None,
    batch: Batch = 100,
    reason: Reason = None,
    dry_run: DryRun = False,
    role: As = Role.REGISTRAR,
    as_json: Json = False,
) -> None:
    """Faire passer des pôles à une version, lot par lot ; chacun a son issue.

    Interrompue, la même commande relancée continue ; refaite, elle ne fait rien de plus.
    """
    here = world(context)
    if poles:
        ids = [here.product.find(pole) for pole in poles]
    else:
        ids = [item.id for item in here.product.plan(ref, sources or ()).items]
    commands = [MigrateCases(to=ref, cases=some, reason=reason) for some in batches(ids, batch)]
    _run(here, commands, role, dry_run=dry_run, as_json=as_json)


def revert(
    context: typer.Context,
    ref: Ref,
    poles: Poles = None,
    batch: Batch = 100,
    reason: Reason = None,
    dry_run: DryRun = False,
    role: As = Role.REGISTRAR,
    as_json: Json = False,
) -> None:
    """Rendre aux pôles migrés vers une version, et qui n'ont pas avancé, celle d'avant."""
    here = world(context)
    found = here.product.returning(ref)
    ids = [here.product.find(pole) for pole in poles] if poles else found
    commands = [RevertCases(journey=ref, cases=some, reason=reason) for some in batches(ids, batch)]
    _run(here, commands, role, dry_run=dry_run, as_json=as_json)


def _run(
    here: World,
    commands: Sequence[OnCases],
    role: Role,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """One commit a batch; a refused pole is told, and the exit code is then 4."""
    by = here.by(role)
    outcomes: list[Outcome] = []
    total = sum(len(command.cases) for command in commands)
    with progress(sys.stderr, "pôle") as told:
        for command in commands:
            done = here.product.do(command, by, dry_run=dry_run)
            outcomes += done.outcomes
            told(len(outcomes), total)
    if as_json:
        show_json([_outcome(outcome) for outcome in outcomes])
    else:
        _tell(here, outcomes, dry_run=dry_run)
    if any(outcome.refusal for outcome in outcomes):
        raise typer.Exit(4)


def _tell(here: World, outcomes: list[Outcome], *, dry_run: bool) -> None:
    if not outcomes:
        typer.echo("Aucun pôle n'est concerné.")
        return
    codes = _codes(here, outcomes)
    number = dict.fromkeys(SIGNS, 0)
    for outcome in outcomes:
        number[outcome.result] += 1
        if outcome.result != "done" or len(outcomes) <= 100:
            reason = f" : {outcome.refusal}" if outcome.refusal else ""
            typer.echo(f"{SIGNS[outcome.result]} {codes[outcome.subject]}{reason}")
    done = ("pôle passé", "pôles passés")
    if dry_run:
        done = ("pôle à faire passer", "pôles à faire passer")
    counts = [plural(number["done"], *done), plural(number["refused"], "refusé")]
    counts.append(plural(number["unchanged"], "inchangé"))
    typer.echo(f"{', '.join(counts)}." + (" À blanc : rien n'a été écrit." * dry_run))


def _outcome(outcome: Outcome) -> dict[str, Any]:
    refusal = outcome.refusal
    return {
        "id": str(outcome.subject),
        "result": outcome.result,
        "reason": str(refusal) if refusal else None,
        "code": refusal.code if refusal else None,
        "events": [event.TOPIC for event in outcome.events],
    }


def _codes(here: World, outcomes: list[Outcome]) -> dict[UUID, str]:
    moment = here.product.moment()
    codes = {line.id: line.code for line in here.product.register.lines(moment)}
    return {o.subject: codes.get(o.subject, str(o.subject)) for o in outcomes}
