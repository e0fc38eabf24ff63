"""The lists on the command line: `jalon recognition list`."""

import inspect
from typing import Annotated, Any, get_args

import typer

from application.listing import Listing, cell
from domain.dates import PartialDate
from interfaces.cli.groups import group_of
from interfaces.cli.output import plural, show_json
from interfaces.cli.pole import InForce, Json, Known
from interfaces.cli.world import world
from interfaces.questions import LISTINGS

OfPole = Annotated[
    str | None, typer.Option("--pole", metavar="POLE", help="Seulement ce pôle (code ou nom).")
]


def add_to(app: typer.Typer) -> None:
    """Add `list` to the group of each concept."""
    for asked in LISTINGS.values():
        if "verb" in asked.own:
            continue
        group_of(app, asked.name).command("list")(_verb(asked))


def _tell(asked: Listing[Any], line: Any) -> None:
    """A line of the list: what it is about, then all that is known of it."""
    told = {name: cell(line, name) for name in asked.columns}
    head = [words for words in list(told.values())[:2] if words]
    typer.echo(" — ".join(head) + (" [contesté]" if getattr(line, "contested", False) else ""))
    for name in asked.columns[2:]:
        if told[name]:
            typer.echo(f"    {asked.heading(name).lower()} : {told[name]}")


def _verb(asked: Listing[Any]) -> Any:
    def run(context: typer.Context, **given: Any) -> None:
        product = world(context).product
        moment = product.moment(given.pop("known"), given.pop("in_force"))
        as_json = given.pop("as_json")
        lines = product.listed(asked, moment, **given)
        if as_json:
            show_json(lines)
            return
        for line in lines:
            _tell(asked, line)
        chosen = any(value is not None for value in given.values())
        none = "Aucune ligne ne correspond à ces choix." if chosen else asked.empty
        typer.echo(f"{plural(len(lines), 'ligne')}." if lines else none)

    run.__doc__ = asked.says
    keyword = inspect.Parameter.KEYWORD_ONLY
    given: dict[str, Any] = {"known": Known, "in_force": InForce}
    if asked.about_poles:
        given["pole"] = OfPole
    for name in asked.filters:
        kind: Any = asked.line.model_fields[name].annotation
        if PartialDate in (kind, *get_args(kind)):
            kind = str
        words = f"Seulement : {asked.heading(name).lower()}."
        option = typer.Option(f"--{name.replace('_', '-')}", help=words)
        given[name] = Annotated[kind | None, option]
    parameters = [
        inspect.Parameter("context", keyword, annotation=typer.Context),
        *(
            inspect.Parameter(name, keyword, annotation=annotation, default=None)
            for name, annotation in given.items()
        ),
        inspect.Parameter("as_json", keyword, annotation=Json, default=False),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run
