"""One verb a command, derived from its class: `pole.add_member` is `jalon pole add-member`."""

import inspect
from collections.abc import Container, Mapping
from enum import StrEnum
from functools import partial
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from application.catalogue import COMMANDS
from application.command import Command
from application.correction import Statement
from application.given_in_words import input_meant
from application.privacy_request_sheet import received_in_words
from application.rehearsal import Foreseen
from application.sentences import Malformed, malformed
from application.wording import doubts_about
from domain.errors import NotFound
from domain.identifiers import Identifier
from domain.pole import Pole, PoleId
from domain.privacy_request import PrivacyRequest
from domain.provenance import Kind
from domain.roles import Role
from domain.values import Personal
from interfaces.cli.groups import RECORDED, derive
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import World, world
from interfaces.reading_fields import list_of, plain_type, read_json, read_text
from interfaces.wiring import Done

HELD_ELSEWHERE = {"journey.publish", "history.import_pole", "pole.bulk"} | {
    "history.import_call",
    "deadline.tick",
    "grid.publish",
    "charter.publish",
    "document.file",
    "payment.import",
    "payment.record_matched",
    "journey.migrate_cases",
    "journey.revert_cases",
    "place.load",
    "snapshot.close",
    "campaign.send_to_all",
    "campaign.remind_all",
}
"""Commands that read files, or choose among poles, and have verbs of their own for that."""


def add_to(app: typer.Typer) -> None:
    """Give each command a verb in the group of its concept."""
    for name, command in sorted(COMMANDS.items()):
        if name in HELD_ELSEWHERE:
            continue
        concept, _, verb = name.partition(".")
        derive(app, concept, verb, partial(_verb, command), title=RECORDED)


def _verb(cls: type[Command]) -> Any:
    def run(context: typer.Context, **given: Any) -> None:
        here = world(context)
        role = given.pop("as_role")
        key, dry_run, as_json = given.pop("key"), given.pop("dry_run"), given.pop("as_json")
        fields = fields_given(here, cls, given)
        if issubclass(cls, Statement):
            fields = _whole(here, cls, fields)
        try:
            command = cls.model_validate(fields)
        except ValidationError as error:
            raise refusal(error) from None
        by = here.by(role, given["under_mandate"])
        done = here.product.do(command, by, key=key, dry_run=dry_run)
        doubts = doubts_about(done.events)
        if as_json:
            show_json(
                {
                    "id": str(done.answer),
                    "position": done.position,
                    "events": [event.TOPIC for event in done.events],
                    "repeated": done.repeated,
                    **({"doubts": doubts} if doubts else {}),
                    **({"foreseen": here.product.foreseen(done.events)} if dry_run else {}),
                }
            )
            return
        for doubt in doubts:
            typer.echo(f"À vérifier – {doubt}", err=True)
        number = plural(len(done.events), "événement")
        if dry_run:
            typer.echo(f"À blanc : {number} à enregistrer, rien n'a été écrit.")
            for told in here.product.foreseen(done.events):
                typer.echo("  " + sentence(told))
        elif done.repeated:
            typer.echo("Déjà fait sous cette clé.")
            _tell_name(here, done.answer)
        else:
            typer.echo(f"Fait ({number}) :")
            tell_done(here, done)

    run.__doc__ = cls.SAYS
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("context", keyword, annotation=typer.Context),
        *options_of(cls, may_stay=issubclass(cls, Statement)),
        *options_of_all(),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def _whole(here: World, cls: type[Statement], fields: dict[str, Any]) -> dict[str, Any]:
    """The same, where it corrects a fact with what that says; else refused where one is missing."""
    if corrects := fields.get("corrects"):
        try:
            return here.product.as_told(cls, UUID(str(corrects))) | fields
        except ValueError:  # no identity: its own sentence says so
            return fields
    for name, field in cls.model_fields.items():
        if field.is_required() and name not in fields:
            option = option_of(name)
            raise Malformed(fr=f"Il manque l'option {option}.", en=f"Missing option {option}.")
    return fields


TOLD = 12
"""As many of the events that a command recorded as are told one by one."""


def tell_done(here: World, done: Done) -> None:
    """What was recorded, in words, and at the very end by what later commands name the thing."""
    events = [event for event in done.events if not isinstance(event, Pole.Attached)]
    said = [sentence(told) for told in here.product.foreseen(events)]
    for words in said[:TOLD]:
        typer.echo(f"  {words}")
    if len(said) > TOLD:
        typer.echo(f"  … et {plural(len(said) - TOLD, 'autre')}.")
    if any(isinstance(event, PrivacyRequest.Received) for event in events):
        for line in received_in_words(here.product.registry, done.answer):
            tell(line)
    if again := next((e for e in events if e.kind is Kind.CORRECT and e.STATED_BY), None):
        typer.echo(f"Événement : {again.meta.event_id}")
    _tell_name(here, done.answer)


def _tell_name(here: World, id_: UUID) -> None:
    """Say by what later commands name a thing: its code; its identity, where it has none."""
    registry = here.product.registry
    code = here.product.case_code(id_)
    if code != str(id_):
        typer.echo(f"Code : {code}")
    elif registry.history(id_) or not registry.everything(id_):  # nothing goes on with what is gone
        typer.echo(f"Identifiant : {id_}")


def sentence(told: Foreseen) -> str:
    """An event foreseen, on a line."""
    return f"{told.title} : {told.detail}" if told.detail else told.title


def fields_given(
    here: World, cls: type[Command], given: Mapping[str, Any], *, without: Container[str] = ()
) -> dict[str, Any]:
    """The fields of a command that a person gave, each read as its kind asks."""
    return {
        name: _pairs(here, cls, name, given)
        if get_origin(plain_type(field.annotation)) is dict
        else _read(here, name, field, given[name])
        for name, field in cls.model_fields.items()
        if name not in without and given[name] is not None
    }


def _pairs(here: World, cls: type[Command], name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a step is given: `clé=valeur`, once for each thing, or all of it in JSON."""
    texts = list[str](given[name])
    if any(text.lstrip().startswith("{") for text in texts) or not all("=" in t for t in texts):
        if len(texts) == 1 and texts[0].lstrip().startswith(("{", "[", '"')):
            read: dict[str, Any] = read_json(
                option_of(name), texts[0]
            )  # its form is for the command to refuse
            return read
        option = option_of(name)
        raise Malformed(
            fr=f"« {option} » se donne « clé=valeur », une fois par chose demandée, ou en JSON.",
            en=f"“{option}” is given as “key=value”, once for each thing asked for, or in JSON.",
        )
    pairs = {
        key.strip(): value.strip() for key, _, value in (text.partition("=") for text in texts)
    }
    concept = cls.NAME.partition(".")[0]
    return input_meant(here.product.registry, concept, str(given.get("transition", "")), pairs)


def options_of(
    cls: type[Command], *, without: Container[str] = (), may_stay: bool = False
) -> list[inspect.Parameter]:
    """The options that the fields of a command become.

    Args:
        may_stay: whether what must be given need not be, in a correction.
    """
    fields = [(name, field) for name, field in _required_first(cls) if name not in without]
    return [_option(name, field, may_stay=may_stay) for name, field in fields]


def options_of_all() -> list[inspect.Parameter]:
    """The options that every verb has beside those of its command."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    return [
        inspect.Parameter(
            "as_role",
            keyword,
            annotation=Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on agit.")],
            default=Role.REGISTRAR,
        ),
        inspect.Parameter(
            "under_mandate",
            keyword,
            annotation=Annotated[
                str | None,
                typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on agit."),
            ],
            default=None,
        ),
        inspect.Parameter(
            "key",
            keyword,
            annotation=Annotated[
                str | None, typer.Option(help="Nomme la demande : répétée, elle n'a pas d'effet.")
            ],
            default=None,
        ),
        inspect.Parameter(
            "dry_run",
            keyword,
            annotation=Annotated[bool, typer.Option("--dry-run", help="Dire, sans rien écrire.")],
            default=False,
        ),
        inspect.Parameter(
            "as_json",
            keyword,
            annotation=Annotated[bool, typer.Option("--json", help="En JSON.")],
            default=False,
        ),
    ]


def _required_first(cls: type[Command]) -> list[tuple[str, FieldInfo]]:
    return sorted(cls.model_fields.items(), key=lambda item: not item[1].is_required())


def _option(name: str, field: FieldInfo, *, may_stay: bool = False) -> inspect.Parameter:
    kind = plain_type(field.annotation)
    shown: Any = str
    if kind is bool or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        shown = kind
    named = [option_of(name)]
    if kind is bool:  # what may be so, or not, is said either way
        named = [f"{option_of(name)}/{option_of(f'no_{name}')}"]
    if get_origin(kind) is dict:
        shown = list[str]
    if each := _each(name, field):
        shown, named = list[str], list(dict.fromkeys([f"--{each}", *named]))
    required = field.is_required() and not may_stay
    stays = " Obligatoire, sauf pour rectifier." if field.is_required() and may_stay else ""
    option = typer.Option(*named, help=f"{field.description or ''}{stays}")
    annotation: Any = shown if required else (shown | None)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[annotation, option],
        default=inspect.Parameter.empty if required else None,
    )


def option_of(name: str) -> str:
    """The option of a field: `--valid-to`."""
    return f"--{name.replace('_', '-')}"


def refusal(error: ValidationError) -> Malformed:
    """What is wrong with what was given, each fault by the name of its option."""

    def at(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
        return (option_of(str(place[0])), *place[1:]) if place else place

    return malformed([{**fault, "loc": at(fault["loc"])} for fault in error.errors()])


def _each(name: str, field: FieldInfo) -> str | None:
    """The option, to be repeated, that gives one value of a field of many; each as a text."""
    more = field.json_schema_extra
    found = more.get("each") if isinstance(more, Mapping) else None
    if isinstance(found, str):
        return found
    return name.replace("_", "-") if get_origin(plain_type(field.annotation)) is tuple else None


def _read(here: Any, name: str, field: FieldInfo, value: Any) -> Any:
    kind = plain_type(field.annotation)
    if _each(name, field):
        parts = [part for text in value for part in _texts(name, text)]
        of = get_args(kind)[0]
        if of is PoleId:
            return [here.product.find(part) for text in parts for part in _poles(here, str(text))]
        if concept := list_of(of):
            find, named = here.product.find_thing, (_apart(of, part) for part in parts)
            return [find(concept, str(one)) for several in named for one in several]
        return [one for part in parts for one in _apart(of, part)]
    if kind is Identifier and not value.lstrip().startswith("{"):
        return value  # as people write it: « SIREN 732 829 320 »
    if kind is not Personal and (
        get_origin(kind) in (dict, tuple) or hasattr(kind, "model_fields")
    ):
        return read_json(option_of(name), value)
    return read_text(here.product, kind, field.metadata, value)


def _apart(of: Any, text: Any) -> list[Any]:
    """Identities and codes in one text, with commas between them; words may have commas inside."""
    of = getattr(of, "__supertype__", of)
    if not (isinstance(of, type) and issubclass(of, UUID | StrEnum) and isinstance(text, str)):
        return [text]
    return [part.strip() for part in text.split(",") if part.strip()] or [text]


def _poles(here: World, text: str) -> list[str]:
    """The poles that a text names, with commas between them unless they are in the name of one."""
    try:
        here.product.find(text)
    except NotFound:
        return [part.strip() for part in text.split(",") if part.strip()] or [text]
    return [text]


def _texts(name: str, text: str) -> list[Any]:
    """One value of many: a text of its own, or a list, or a value, in JSON."""
    if not text.lstrip().startswith(("[", "{")):
        return [text]
    found = read_json(option_of(name), text)
    return found if isinstance(found, list) else [found]
