"""`jalon tick`: record what has come of deadlines, as a running server does by itself."""

from typing import Annotated

import typer

from application.unit import Outcome
from domain.case import Moved
from domain.overdue import FellDue, Reminded
from interfaces.cli.commands import sentence
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import World, world


def add_to(app: typer.Typer) -> None:
    app.command()(tick)


def tick(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Dire, sans rien écrire.")] = False,
    as_json: Json = False,
) -> None:
    """Enregistrer les échéances passées et les rappels, une seule fois chacun.

    Un serveur qui tourne le fait de lui-même ; le lancer en plus n'enregistre rien deux fois.

    Codes de sortie : 0 fait ; 4 au moins un cas n'a pas pu l'être, les autres étant faits.
    """
    here = world(context)
    outcomes = here.product.tick(dry_run=dry_run)
    if as_json:
        show_json(_plain(here, outcomes, dry_run=dry_run))
    else:
        _tell(here, outcomes, dry_run=dry_run)
    if any(outcome.refusal for outcome in outcomes):
        raise typer.Exit(4)


def _tell(here: World, outcomes: list[Outcome], *, dry_run: bool) -> None:
    for outcome in outcomes:
        if outcome.result == "unchanged":
            continue
        code = here.product.case_code(outcome.subject)
        for told in here.product.foreseen(outcome.events):
            typer.echo(f"{code} : {sentence(told)}")
        if outcome.refusal:
            typer.echo(f"{code} : non traité. {outcome.refusal.say('fr')}", err=True)
    looked = plural(len(outcomes), "cas regardé", "cas regardés")
    passed, reminded, followed = _counts(outcomes)
    if not passed + reminded + followed:
        typer.echo(f"{looked} : rien à enregistrer.")
        return
    counts = ", ".join(
        [
            plural(passed, "échéance dépassée", "échéances dépassées"),
            plural(reminded, "rappel"),
            plural(followed, "passage automatique", "passages automatiques"),
        ]
    )
    if dry_run:
        typer.echo(f"À blanc : {looked}. À enregistrer : {counts} ; rien n'a été écrit.")
    else:
        typer.echo(f"{looked}. Enregistré : {counts}.")


def _plain(here: World, outcomes: list[Outcome], *, dry_run: bool) -> dict[str, object]:
    passed, reminded, followed = _counts(outcomes)
    return {
        "dry_run": dry_run,
        "cases": len(outcomes),
        "passed": passed,
        "reminded": reminded,
        "followed": followed,
        "outcomes": [
            {
                "pole": outcome.subject,
                "code": here.product.case_code(outcome.subject),
                "result": outcome.result,
                "refusal": outcome.refusal
                and {"code": outcome.refusal.code, "detail": str(outcome.refusal)},
                "events": here.product.foreseen(outcome.events),
            }
            for outcome in outcomes
            if outcome.result != "unchanged"
        ],
    }


def _counts(outcomes: list[Outcome]) -> tuple[int, int, int]:
    """How many deadlines have passed, how many were recalled, and what followed of itself."""
    events = [event for outcome in outcomes for event in outcome.events]
    passed = sum(isinstance(event, FellDue) for event in events)
    reminded = sum(isinstance(event, Reminded) for event in events)
    return passed, reminded, sum(isinstance(event, Moved) for event in events)
