"""`jalon audit ask`: the questions of auditors, on the screen or as CSV."""

from pathlib import Path
from typing import Annotated

import typer

from application.audit_answer import AuditAnswer, AuditLine, resting_in_words
from application.audit_ask import QUESTIONS
from domain.dates import day_in_words
from domain.roles import Role
from interfaces.cli.audit import group
from interfaces.cli.ledger import OfCall, OfFunder, OfPole
from interfaces.cli.options import InForce, Json, Known, Limit
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world
from interfaces.store import must_be_new, new_file

QUESTION_HELP = "L'une de : " + ", ".join(QUESTIONS) + "."

Question = Annotated[str, typer.Argument(metavar="QUESTION", help=QUESTION_HELP)]
OfDossier = Annotated[
    str | None, typer.Option("--dossier", metavar="CODE", help="Seulement ce dossier.")
]
OfCommitment = Annotated[
    str | None,
    typer.Option("--commitment", metavar="CODE", help="Seulement cet engagement financier."),
]
OfRegion = Annotated[
    str | None, typer.Option("--region", metavar="RÉGION", help="Seulement cette région.")
]
Published = Annotated[
    Path | None,
    typer.Option(metavar="FICHIER.csv", help="Le fichier publié (donnees-ouvertes seulement)."),
]
AsCsv = Annotated[
    Path | None,
    typer.Option(
        "--csv", metavar="FICHIER.csv", help="Écrire les lignes en CSV, dans un nouveau fichier."
    ),
]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]


def add_to(app: typer.Typer) -> None:
    group.command("ask")(ask)


def ask(
    context: typer.Context,
    question: Question,
    pole: OfPole = None,
    call: OfCall = None,
    dossier: OfDossier = None,
    commitment: OfCommitment = None,
    funder: OfFunder = None,
    region: OfRegion = None,
    published: Published = None,
    known: Known = None,
    in_force: InForce = None,
    limit: Limit = None,
    csv_file: AsCsv = None,
    under_mandate: Mandate = None,
    as_json: Json = False,
) -> None:
    """Poser une question d'audit à toute l'histoire, ou à une partie, à une date.

    On lit comme auditeur ; l'examen des dossiers n'étant pas public, cette lecture est notée.
    Codes de sortie : 0 répondu ; 3 ce qui est vérifié ne tient pas.
    """
    here = world(context)
    if csv_file:
        must_be_new(csv_file)
    answer = here.product.audit(
        question,
        here.product.moment(known, in_force),
        here.by(Role.AUDITOR, under_mandate),
        published=published.read_bytes() if published else None,
        pole=pole,
        call=call,
        dossier=dossier,
        commitment=commitment,
        funder=funder,
        region=region,
    )
    if csv_file:
        with new_file(csv_file) as target:
            target.write(answer.csv.encode())
    if as_json:
        show_json(answer)
    else:
        _tell(answer, csv_file, limit)
    if not answer.holds:
        raise typer.Exit(3)


def _tell(answer: AuditAnswer, csv_file: Path | None, limit: int | None) -> None:
    typer.echo(answer.title)
    typer.echo(
        f"  {answer.scope} ; en vigueur le {day_in_words(answer.in_force)} ; "
        f"journal de {plural(answer.size, 'événement')}"
    )
    if csv_file:
        lines = plural(len(answer.lines), "ligne écrite", "lignes écrites")
        typer.echo(f"{lines} dans {csv_file}.")
    else:
        for line in answer.lines[:limit]:
            _tell_line(line)
        left = len(answer.lines[limit:]) if limit is not None else 0
        if left:
            typer.echo(f"… et {plural(left, 'autre ligne', 'autres lignes')}.")
    typer.echo(answer.sentence)
    if answer.left_out:
        typer.echo(answer.left_out)


def _tell_line(line: AuditLine) -> None:
    (first, said), *rest = line.says.items()
    typer.echo(f"\n{first} : {said}")
    for column, words in (*rest, ("Repose sur", resting_in_words(line.events))):
        if words:
            typer.echo(f"    {column} : {words}")
