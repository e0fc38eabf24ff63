"""`jalon bulk …`: the same act on many poles, each with its outcome."""

import inspect
from functools import partial
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from application.bulk import ActOnPoles, about_one_pole
from application.command import Command
from application.sentences import Malformed, of_validation
from application.unit import Outcome
from domain.pole import PoleId
from interfaces.cli.commands import fields_given, options_of, options_of_all, sentence
from interfaces.cli.groups import VerbGroup, derive
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import World, world

CRITERIA = ("stage", "region", "search")

group = typer.Typer(
    cls=VerbGroup,
    help="Le même acte sur plusieurs pôles, en une fois, avec ce qu'il en est de chacun.",
    epilog="Codes de sortie : 0 aucun refus ; 4 au moins un pôle refusé, les autres étant faits.",
    no_args_is_help=True,
)

SIGNS = {"done": "✓", "refused": "✗", "unchanged": "–"}

Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="CRITÈRE=VALEUR",
        help="Les pôles de la liste : stage=…, region=… ou search=… ; plusieurs se cumulent.",
    ),
]
Poles = Annotated[
    list[str] | None,
    typer.Option(
        "--pole", metavar="PÔLE", help="Un pôle, par code, nom ou identifiant ; autant que voulu."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add a verb for each act about one pole."""
    app.add_typer(group, name="bulk")
    for name, command in about_one_pole().items():
        verb = name.removeprefix("pole.").replace(".", "-")
        derive(app, "bulk", verb, partial(_verb, name, command))


def _verb(name: str, cls: type[Command]) -> Any:
    own = {*cls.model_fields} - {*Command.model_fields, "pole"}

    def run(context: typer.Context, **given: Any) -> None:
        here = world(context)
        role, key = given.pop("as_role"), given.pop("key")
        dry_run, as_json = given.pop("dry_run"), given.pop("as_json")
        poles = chosen(here, given.pop("where"), given.pop("poles"))
        fields = fields_given(here, cls, given, without={"pole"})
        of_all = {name: value for name, value in fields.items() if name not in own}
        of_each = {name: value for name, value in fields.items() if name in own}
        try:
            act = ActOnPoles(command=name, fields=of_each, poles=tuple(poles), **of_all)
        except ValidationError as error:
            raise of_validation(error) from None
        done = here.product.do(act, here.by(role, given["under_mandate"]), key=key, dry_run=dry_run)
        if as_json:
            show_json(outcomes_as_json(here, done, poles, dry_run=dry_run))
        elif done.repeated:
            typer.echo(f"Déjà fait sous cette clé : {done.answer}")
        else:
            tell_outcomes(here, done.outcomes, poles, dry_run=dry_run)
        if any(item.refusal for item in done.outcomes):
            raise typer.Exit(4)

    keyword = inspect.Parameter.KEYWORD_ONLY
    run.__doc__ = cls.SAYS
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("context", keyword, annotation=typer.Context),
            inspect.Parameter("where", keyword, annotation=Where, default=None),
            inspect.Parameter("poles", keyword, annotation=Poles, default=None),
            *options_of(cls, without={"pole"}),
            *options_of_all(),
        ]
    )
    return run


def chosen(here: World, where: list[str] | None, poles: list[str] | None) -> dict[PoleId, str]:
    """The poles that criteria, or names, designate, with their codes."""
    product = here.product
    everyone = {PoleId(line.id): line.code for line in product.register.lines(product.moment())}
    if bool(where) == bool(poles):
        raise Malformed(
            fr="Dites sur quels pôles : par --where, ou par --pole.",
            en="Say which poles: with --where, or with --pole.",
        )
    if poles:
        named = [PoleId(product.find(pole)) for pole in poles]
        return {pole: everyone.get(pole, str(pole)) for pole in named}
    criteria = dict(_criterion(text) for text in where or ())
    lines = product.register.lines(product.moment(), **criteria)
    return {PoleId(line.id): line.code for line in lines}


def _criterion(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if name not in CRITERIA or not value:
        known = ", ".join(f"{criterion}=…" for criterion in CRITERIA)
        raise Malformed(
            fr=f"--where « {text[:40]} » : écrire {known}.",
            en=f"--where “{text[:40]}”: write {known}.",
        )
    return name, value


def tell_outcomes(
    here: World, outcomes: tuple[Outcome, ...], codes: dict[PoleId, str], *, dry_run: bool
) -> None:
    """Say what became of each pole, then of how many."""
    width = max(len(code) for code in codes.values())
    words = {"done": "à faire" if dry_run else "fait", "refused": "refusé", "unchanged": "inchangé"}
    for item in outcomes:
        said = [item.refusal.say("fr")] if item.refusal else []
        said += [sentence(told) for told in here.product.foreseen(item.events)]
        code = codes[PoleId(item.subject)].ljust(width)
        line = f"{SIGNS[item.result]} {code}  {words[item.result]:<8}"
        typer.echo(f"{line}  {' ; '.join(said)}".rstrip())
    results = [item.result for item in outcomes]
    done, refused = results.count("done"), results.count("refused")
    events = plural(sum(len(item.events) for item in outcomes), "événement")
    unchanged = results.count("unchanged")
    counts = ", ".join(
        [
            plural(done, "à faire", "à faire") if dry_run else plural(done, "fait"),
            plural(refused, "refusé") if refused else "aucun refus",
            *([plural(unchanged, "inchangé")] if unchanged else []),
        ]
    )
    total = f"{plural(len(results), 'pôle')} : {counts}."
    if dry_run:
        typer.echo(f"À blanc : {total} {events} à enregistrer ; rien n'a été écrit.")
    else:
        typer.echo(f"{total} {events} en une seule fois.")


def outcomes_as_json(
    here: World, done: Any, codes: dict[PoleId, str], *, dry_run: bool
) -> dict[str, Any]:
    """The same, for a program."""
    return {
        "id": str(done.answer),
        "position": done.position,
        "repeated": done.repeated,
        "dry_run": dry_run,
        "outcomes": [
            {
                "pole": item.subject,
                "code": codes[PoleId(item.subject)],
                "result": item.result,
                "id": item.answer,
                "refusal": item.refusal
                and {"code": item.refusal.code, "detail": str(item.refusal)},
                "events": [event.TOPIC for event in item.events],
                **({"foreseen": here.product.foreseen(item.events)} if dry_run else {}),
            }
            for item in done.outcomes
        ],
    }
