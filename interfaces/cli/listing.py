"""The lists on the command line: `jalon recognition list`."""

import inspect
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import typer

from application.choosing import filter_in_words, kinds, to_begin
from application.listing import Listing, cell, said_above
from domain.roles import Role
from interfaces.cli.groups import derive
from interfaces.cli.options import InForce, Json, Known, Limit
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import world
from interfaces.questions import LISTINGS, RESERVED

OfPole = Annotated[
    str | None, typer.Option("--pole", metavar="POLE", help="Seulement ce pôle (code ou nom).")
]


def add_to(app: typer.Typer) -> None:
    """Add `list` to the group of each concept."""
    for asked in (*LISTINGS.values(), *RESERVED.values()):
        if "verb" in asked.own:
            continue
        derive(app, asked.name, "list", partial(_verb, asked))


def _inside(heading: str) -> str:
    """What a column is called, in the middle of a line; a name in capitals keeps them: SIRET."""
    return " ".join(word if word.isupper() else word.lower() for word in heading.split(" "))


def _tell(asked: Listing[Any], line: Any, words: Mapping[str, Mapping[str, str]]) -> None:
    """A line of the list: what it is about, all that is known of it, what commands call it."""
    told = {name: cell(line, name, words) for name in asked.columns}
    head = [words for words in list(told.values())[:2] if words]
    typer.echo(" — ".join(head) + getattr(line, "contest_mark", ""))
    for name in asked.columns[2:]:
        if told[name]:
            typer.echo(f"    {_inside(asked.heading(name))} : {told[name]}")
    typer.echo(f"    identifiant dans le registre : {line.id}")


def _reader(asked: Listing[Any]) -> inspect.Parameter:
    """The role in which a list is read that only some may read."""
    option = typer.Option("--as", help="Le rôle dans lequel on lit ; chaque lecture est notée.")
    return inspect.Parameter(
        "as_role",
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[Role, option],
        default=asked.readers[0],
    )


def _verb(asked: Listing[Any]) -> Any:
    def run(context: typer.Context, **given: Any) -> None:
        here = world(context)
        product = here.product
        moment = product.moment(given.pop("known"), given.pop("in_force"))
        as_json = given.pop("as_json")
        if asked.readers:
            found = product.reserved(asked, moment, here.by(given.pop("as_role")), **given)
        else:
            found = product.excerpt(asked, moment, **given)
        if as_json:
            show_json({"items": found.lines, "total": found.total})
            return
        words = product.words_of(asked, moment)
        for said in said_above(asked, found.lines):
            typer.echo(f"! {said}")
        for line in found.lines:
            _tell(asked, line, words)
        if found.lines:
            left = f" sur {found.total}" if found.total > len(found.lines) else ""
            typer.echo(f"{plural(len(found.lines), 'ligne')}{left}.")
            return
        typer.echo(found.nothing)
        if found.nothing == asked.empty and moment.is_today:
            tell(to_begin(asked))

    run.__doc__ = asked.says
    keyword = inspect.Parameter.KEYWORD_ONLY
    given: dict[str, Any] = {"known": Known, "in_force": InForce}
    if asked.about_poles:
        given["pole"] = OfPole
    for name in asked.filters:
        of = kinds(asked, name)
        kind: Any = next((known for known in (bool, UUID) if known in of), str)
        option = typer.Option(f"--{name.replace('_', '-')}", help=filter_in_words(asked, name))
        given[name] = Annotated[kind | None, option]
    given["limit"] = Limit
    parameters = [
        inspect.Parameter("context", keyword, annotation=typer.Context),
        *(
            inspect.Parameter(name, keyword, annotation=annotation, default=None)
            for name, annotation in given.items()
        ),
        inspect.Parameter("as_json", keyword, annotation=Json, default=False),
        *([_reader(asked)] if asked.readers else []),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run
