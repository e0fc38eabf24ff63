"""`jalon document …`: file bytes, get them back, check them, hand them over."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError

from application.document import FileDocument
from application.document_list import (
    CHANNELS,
    FORMATS,
    KINDS,
    LEFT_INSIDE,
    RETENTIONS,
    STATUSES,
    DocumentSheet,
    remarks,
    size_in_words,
)
from application.wording import ROLES, date_in_words, since_in_words
from domain.media import plain_name
from domain.roles import Role
from interfaces.cli.commands import (
    fields_given,
    options_of,
    options_of_all,
    refusal,
    sentence,
)
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import World, world
from interfaces.wiring import CheckedDocuments

NOT_OPTIONS = {"content", "file_name"}

Identity = Annotated[UUID, typer.Argument(metavar="DOCUMENT", help="Son identifiant.")]
Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on lit.")]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]
Target = Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier à créer.")]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "document")
    group.command("file")(_filing())
    for verb in (show, get, downloads, check, bundle):
        group.command()(verb)


def _filing() -> Any:
    def run(context: typer.Context, file: Path, **given: Any) -> None:
        here = world(context)
        role = given.pop("as_role")
        key, dry_run, as_json = given.pop("key"), given.pop("dry_run"), given.pop("as_json")
        fields = fields_given(here, FileDocument, given, without=NOT_OPTIONS)
        try:
            command = FileDocument.model_validate(
                {"content": _read(here, file), "file_name": plain_name(file.name), **fields}
            )
        except ValidationError as error:
            raise refusal(error) from None
        by = here.by(role, given["under_mandate"])
        done = here.product.do(command, by, key=key, dry_run=dry_run)
        _tell_filed(here, done, file.name, dry_run=dry_run, as_json=as_json)

    keyword = inspect.Parameter.KEYWORD_ONLY
    run.__doc__ = FileDocument.SAYS
    chosen = Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier à verser.")]
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("context", keyword, annotation=typer.Context),
            inspect.Parameter("file", keyword, annotation=chosen),
            *options_of(FileDocument, without=NOT_OPTIONS),
            *options_of_all(),
        ]
    )
    return run


def _read(here: World, file: Path) -> bytes:
    """The bytes of a file, and no more than are needed to know that there are too many."""
    room = here.product.documents
    with file.open("rb") as source:
        data = source.read(room.largest + 1)
    room.check_size(len(data))
    return data


def _tell_filed(here: World, done: Any, name: str, *, dry_run: bool, as_json: bool) -> None:
    said = remarks(name, done.events)
    present = not done.events and not done.repeated
    if as_json:
        show_json(
            {
                "id": str(done.answer),
                "position": done.position,
                "events": [event.TOPIC for event in done.events],
                "repeated": done.repeated,
                "present": present,
                "remarks": said,
                **({"foreseen": here.product.foreseen(done.events)} if dry_run else {}),
            }
        )
        return
    if present:
        there = here.product.document(done.answer, here.product.moment(None, None))
        since = f"« {KINDS[there.document_kind]} », {since_in_words(there.occurred_on)}"
        typer.echo(f"Déjà versé comme {since}, rien n'a été enregistré : {done.answer}")
    elif done.repeated:
        typer.echo(f"Déjà fait sous cette clé : {done.answer}")
    elif dry_run:
        number = plural(len(done.events), "événement")
        typer.echo(f"À blanc : {number} à enregistrer, rien n'a été écrit.")
        for told in here.product.foreseen(done.events):
            typer.echo("  " + sentence(told))
    else:
        typer.echo(f"Versé ({plural(len(done.events), 'événement')}) : {done.answer}")
    for remark in said:
        typer.echo(remark)


def show(
    context: typer.Context,
    document: Identity,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer ce qui est enregistré d'un document : dates, état, empreintes, histoire."""
    product = world(context).product
    sheet = product.document(document, product.moment(known, in_force))
    if as_json:
        show_json(sheet)
        return
    typer.echo(sheet.title)
    for label, value in _lines(sheet):
        typer.echo(f"  {label:<12} {value}")
    for line in sheet.history:
        detail = f" : {line.detail}" if line.detail else ""
        typer.echo(f"  n° {line.position:<9} {line.title}{detail} ({ROLES[line.role]})")


def _lines(sheet: DocumentSheet) -> list[tuple[str, str]]:
    told: list[tuple[str, object]] = [
        ("état", STATUSES[sheet.status] + (" (expiré)" if sheet.expired else "")),
        ("nature", KINDS[sheet.document_kind]),
        ("pôle", sheet.pole_name),
        ("format", f"{FORMATS[sheet.media_type]}, {size_in_words(sheet.size)}"),
        ("arrivé par", CHANNELS[sheet.channel]),
        ("envoyé", sheet.sent_on and date_in_words(str(sheet.sent_on))),
        ("reçu", sheet.received_on and date_in_words(str(sheet.received_on))),
        ("versé", date_in_words(sheet.occurred_on)),
        ("valable", sheet.expires and f"jusqu'au {_day(sheet.expires)} inclus"),
        ("conservation", RETENTIONS[sheet.retention]),
        ("à garder", sheet.keep_until and f"jusqu'au {_day(sheet.keep_until)}"),
        ("effacé", sheet.erased_on_ground and f"fondement : {sheet.erased_on_ground}"),
        ("déposé par", sheet.filed_by_name),
        ("accepté par", sheet.accepted_by_name),
        ("joint à", sheet.part_of),
        ("remplacé par", sheet.successor),
        ("empreinte", f"{sheet.ciphertext} (SHA-256 du fichier chiffré)"),
        ("engagement", f"{sheet.commitment} (HMAC-SHA-256 du contenu)"),
        *(("pièce jointe", f"{part.id} : {part.title}") for part in sheet.parts),
        ("restées", f"{sheet.left} dans le message ({LEFT_INSIDE})" if sheet.left else None),
    ]
    return [(label, str(value)) for label, value in told if value]


def _day(day: Any) -> str:
    return date_in_words(str(day)).removeprefix("le ")


def get(
    context: typer.Context,
    document: Identity,
    file: Target,
    as_role: Acting = Role.REGISTRAR,
    under_mandate: Mandate = None,
) -> None:
    """Remettre le contenu d'un document dans un fichier ; cette lecture est notée."""
    here = world(context)
    found = here.product.documents.get(document, file, here.by(as_role, under_mandate))
    typer.echo(f"{file} : {size_in_words(len(found.data))}, {FORMATS[found.media_type]}.")


def downloads(
    context: typer.Context,
    document: Annotated[
        UUID | None, typer.Argument(metavar="DOCUMENT", help="Un seul document.")
    ] = None,
    as_role: Acting = Role.REGISTRAR,
    as_json: Json = False,
) -> None:
    """Dire qui a lu le contenu des documents, dans quel rôle et quand."""
    here = world(context)
    lines = here.product.documents.downloads(here.by(as_role), document)
    if as_json:
        show_json(lines)
        return
    for line in lines:
        when = line.at.isoformat(timespec="seconds")
        typer.echo(f"{when}  {line.subject}  {ROLES[line.role]}  (compte {line.account})")
    typer.echo(f"{plural(len(lines), 'lecture')}.")


def check(
    context: typer.Context,
    clean: Annotated[
        bool,
        typer.Option(
            "--clean",
            help="Finir les effacements interrompus ; détruire les fichiers et les clés qui ne "
            "servent à rien.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Relire tous les documents : présents, intacts, lisibles ; code 3 sinon."""
    found = world(context).product.documents.check(clean=clean)
    if as_json:
        show_json(found)
    else:
        for trouble in found.troubles:
            typer.echo(f"{trouble.document} : {trouble.sentence}.", err=True)
        typer.echo(
            f"{plural(found.sound, 'document intact', 'documents intacts')}, "
            f"{plural(found.erased, 'effacé')}, "
            f"{plural(len(found.troubles), 'en défaut', 'en défaut')}."
        )
        for said in _of_leftovers(found):
            typer.echo(said)
    if found.troubles:
        raise typer.Exit(3)


def _of_leftovers(found: CheckedDocuments) -> Iterator[str]:
    """What acts that were cut short left, and what was done about it."""
    if found.finished:
        told = ("effacement interrompu est fini", "effacements interrompus sont finis")
        yield f"{plural(found.finished, *told)} : clé et octets détruits."
    if found.cleaned:
        told = ("fichier sans document est ôté", "fichiers sans document sont ôtés")
        yield f"{plural(found.cleaned, *told)}."
    if found.destroyed_keys:
        told = ("clé qui n'ouvrait rien est détruite", "clés qui n'ouvraient rien sont détruites")
        yield f"{plural(found.destroyed_keys, *told)}."
    if found.orphans:
        yield (
            f"{plural(found.orphans, 'fichier')} sans document, reste d'un dépôt interrompu ou "
            "en cours : sans effet."
        )
    if found.orphan_keys:
        told = ("clé n'ouvre rien", "clés n'ouvrent rien")
        yield (
            f"{plural(found.orphan_keys, *told)} de ce que le registre connaît, reste d'un acte "
            "interrompu ou en cours, ou de l'état d'avant une restauration : sans effet."
        )


def bundle(
    context: typer.Context,
    file: Target,
    pole: Annotated[
        str | None, typer.Option("--pole", metavar="PÔLE", help="Seulement ce pôle.")
    ] = None,
    as_role: Acting = Role.REGISTRAR,
    under_mandate: Mandate = None,
) -> None:
    """Remettre les documents déchiffrés dans une archive ZIP, avec leur manifeste."""
    here = world(context)
    of_pole = here.product.find(pole) if pole else None
    by = here.by(as_role, under_mandate)
    number = here.product.documents.bundle(file, by, pole=of_pole)
    typer.echo(
        f"{file} : {plural(number, 'document')}. Ils y sont lisibles par qui l'ouvre ; "
        "chaque lecture est notée."
    )
