"""`jalon workflow answer|import|export`: definitions of Plone, asked about and exchanged."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from application.answering import LONGEST_LINE, answer_all
from application.sentences import of_system
from domain.errors import Invalid
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json
from interfaces.cli.workflow import group, readable
from interfaces.definitions import (
    Note,
    definitions_in,
    import_definition,
    not_written,
    read_definition,
    write_definition_xml,
    write_journey,
)
from interfaces.moments import parse_day


class NotSaved(Invalid):
    """The draft cannot be written there."""

    code = "workflow.not_saved"
    fr = "Le brouillon ne peut pas être écrit dans {file} : {reason}."
    en = "The draft cannot be written to {file} ({reason})."


def add_to(_: typer.Typer) -> None:
    group.command("answer")(answer)
    group.command("import")(import_)
    group.command("export")(export)


def answer(
    definitions: Annotated[
        Path,
        typer.Option(
            metavar="RÉPERTOIRE", help="Où sont les definition.xml.", exists=True, file_okay=False
        ),
    ],
) -> None:
    """Répondre à des questions sur des définitions de Plone : un objet JSON par ligne.

    Chaque ligne de l'entrée reçoit la sienne, dans le même ordre ; une question sans réponse
    possible reçoit {"error": "…"}, et les autres suivent.
    """
    folder = definitions_in(definitions)
    for answered in answer_all(_lines(sys.stdin.buffer), folder):
        text = json.dumps(answered, ensure_ascii=False)
        # Half of a character that was asked about is given back as JSON writes it.
        typer.echo(text.encode("utf-8", "backslashreplace"))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream, without their end; of one that is too long, the beginning."""
    while line := stream.readline(LONGEST_LINE + 2):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST_LINE)
        yield line.rstrip(b"\r\n")


def import_(
    file: Annotated[Path, typer.Argument(metavar="FICHIER.xml", help="Le definition.xml.")],
    version: Annotated[
        str | None,
        typer.Option(metavar="AAAA-MM-JJ", help="La version qu'elle prend ; aujourd'hui sinon."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="BROUILLON.yaml", help="Où l'écrire ; à l'écran sinon."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Faire d'une définition de Plone un brouillon de parcours, et dire ce qui n'est pas repris."""
    day = None if version is None else parse_day(version).isoformat()
    imported = import_definition(readable(file), day)
    draft = write_journey(imported.journey)
    if output:
        _save(output, draft)
    if as_json:
        show_json({"journey": imported.journey, "not_carried": tuple(imported.not_carried)})
    elif not output:
        typer.echo(draft, nl=False)
    _report(imported.not_carried, "reprise", "Tout est repris.")


def export(
    file: Annotated[Path, typer.Argument(metavar="FICHIER.yaml", help="Le parcours, en YAML.")],
    as_json: Json = False,
) -> None:
    """Écrire un parcours comme definition.xml de Plone, et dire ce qu'elle ne peut pas contenir."""
    journey = read_definition(readable(file))
    xml, notes = write_definition_xml(journey), not_written(journey)
    if as_json:
        shown: dict[str, Any] = {"xml": xml.decode("utf-8"), "not_written": tuple(notes)}
        show_json(shown)
    else:
        typer.echo(xml, nl=False)
    _report(notes, "écrite", "Tout est écrit.")


def _save(output: Path, draft: str) -> None:
    try:
        with output.open("x", encoding="utf-8") as opened:  # never over somebody's draft
            opened.write(draft)
    except FileExistsError:
        raise NotSaved(file=output, reason="il existe déjà") from None
    except OSError as error:
        raise NotSaved(file=output, reason=of_system(error)) from None


def _report(notes: Sequence[Note], done: str, nothing: str) -> None:
    if not notes:
        typer.echo(nothing, err=True)
        return
    lost = plural(len(notes), f"chose n'est pas {done}", f"choses ne sont pas {done}s")
    typer.echo(f"{lost}, ou pas telle quelle :", err=True)
    for note in notes:
        typer.echo(f"  {note.where} : {note.say.say('fr')}", err=True)
