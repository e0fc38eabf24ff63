"""`jalon campaign send-to-all` and `remind-all`: every pole in one commit, an outcome for each."""

from collections.abc import Callable
from typing import Annotated

import typer
from pydantic import ValidationError

from application.campaign import RemindAll, SendToAll, ToAll
from application.sentences import of_validation
from domain.dates import as_iso
from domain.pole import PoleId
from domain.roles import Role
from interfaces.cli.bulk import outcomes_as_json, tell_outcomes
from interfaces.cli.groups import group_of
from interfaces.cli.options import Json
from interfaces.cli.output import show_json
from interfaces.cli.world import world

Year = Annotated[str, typer.Option(help="L'année de la campagne.")]
Region = Annotated[str | None, typer.Option(help="Seulement les pôles de cette région.")]
Day = Annotated[
    str | None, typer.Option(metavar="AAAA-MM-JJ", help="Date du fait ; aujourd'hui sinon.")
]
Source = Annotated[str | None, typer.Option(help="Document ou adresse qui l'atteste.")]
Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on agit.")]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on agit.")
]
Key = Annotated[str | None, typer.Option(help="Nomme la demande : répétée, elle n'a pas d'effet.")]
Rehearse = Annotated[bool, typer.Option("--dry-run", help="Dire, sans rien écrire.")]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "campaign")
    for cls in (SendToAll, RemindAll):
        verb = cls.NAME.partition(".")[2].replace("_", "-")
        group.command(verb, help=cls.SAYS)(_verb(cls))


def _verb(cls: type[ToAll]) -> Callable[..., None]:
    def run(
        context: typer.Context,
        year: Year,
        region: Region = None,
        occurred_on: Day = None,
        source: Source = None,
        as_role: Acting = Role.REGISTRAR,
        under_mandate: Mandate = None,
        key: Key = None,
        dry_run: Rehearse = False,
        as_json: Json = False,
    ) -> None:
        here = world(context)
        given = {"year": year, "region": region, "source": source}
        given["occurred_on"] = occurred_on and as_iso(occurred_on)
        try:
            command = cls.model_validate({n: v for n, v in given.items() if v is not None})
        except ValidationError as error:
            raise of_validation(error) from None
        by = here.by(as_role, under_mandate)
        done = here.product.do(command, by, key=key, dry_run=dry_run)
        lines = here.product.register.lines(here.product.moment())
        codes = {PoleId(line.id): line.code for line in lines}
        subjects = [PoleId(item.subject) for item in done.outcomes]
        told = {pole: codes.get(pole, str(pole)) for pole in subjects}
        if as_json:
            show_json(outcomes_as_json(here, done, told, dry_run=dry_run))
        elif done.repeated:
            typer.echo(f"Déjà fait sous cette clé : {done.answer}")
        else:
            tell_outcomes(here, done.outcomes, told, dry_run=dry_run)
        if any(item.refusal for item in done.outcomes):
            raise typer.Exit(4)

    return run
