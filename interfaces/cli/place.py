"""`jalon place …`: codes of places searched, those that ended, and a year more of them."""

from pathlib import Path
from typing import Annotated

import typer

from application.place import NATURES, PlaceLine
from application.place_ended import EndedPlace
from application.place_year import LoadReport
from application.territory_in_words import PLACE_KINDS
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world

EARLIEST, LATEST = 1943, 2999

Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="AAAA",
        min=EARLIEST,
        max=LATEST,
        help="L'année des codes ; la dernière connue sinon.",
    ),
]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "place")
    for name, verb in (("search", search), ("ended", ended), ("load", load)):
        group.command(name)(verb)


def search(
    context: typer.Context,
    words: Annotated[str, typer.Argument(metavar="MOTS", help="Code, nom ou partie du nom.")],
    year: Year = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Chercher un code de commune, d'intercommunalité, de département ou de région.

    Les pôles qui agissent dans un lieu se cherchent par « jalon pole list --search ».
    """
    product = world(context).product
    lines = product.search_places(words, product.moment(known, in_force), year=year)
    if as_json:
        show_json(lines)
        return
    for line in lines:
        typer.echo(_line(line))
    typer.echo(f"{plural(len(lines), 'code')}." if lines else "Rien ne porte ce code ni ce nom.")


def _line(line: PlaceLine) -> str:
    inside = ", ".join(line.departments[:4] or line.regions)
    part = f" – partie de {line.part_of}" if line.part_of else ""
    label = f"  → --place {line.label}" if line.label else ""
    return f"{line.code}  {line.name} ({NATURES[line.nature]}, {inside}){part}{label}"


def ended(
    context: typer.Context,
    year: Year = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Lister les territoires des pôles dont le code n'existe plus, et ce qui peut lui succéder.

    Rien n'est modifié : chaque proposition est une commande à relire, puis à lancer.
    """
    product = world(context).product
    lines = product.ended_places(product.moment(known, in_force), year=year)
    if as_json:
        show_json(lines)
        return
    _tell_ended(lines)


def _tell_ended(lines: list[EndedPlace]) -> None:
    for line in lines:
        kind = PLACE_KINDS[line.place_kind]
        since = f"depuis {line.since}" if line.since else "depuis une année antérieure aux données"
        typer.echo(f"{line.pole_name} [{line.pole_code}]")
        typer.echo(
            f"    {kind} {line.code} {line.name or ''} (code de {line.year}) n'existe plus {since}"
        )
        for heir in line.successors:
            share = f" ({plural(heir.communes, 'commune')} sur {heir.of})" if heir.of > 1 else ""
            typer.echo(f"    successeur proposé : {heir.code} {heir.name}{share}")
        if line.nearest:
            typer.echo(f"    aucun successeur connu ; codes proches : {', '.join(line.nearest)}")
        if line.command:
            typer.echo(f"    {line.command}")
    number = plural(len(lines), "code terminé", "codes terminés")
    typer.echo(f"{number}. Aucun pôle n'est modifié." if lines else "Aucun code n'a pris fin.")


def load(
    context: typer.Context,
    year: Annotated[
        int, typer.Argument(metavar="ANNÉE", min=EARLIEST, max=LATEST, help="L'année des codes.")
    ],
    folder: Annotated[
        Path, typer.Argument(metavar="RÉPERTOIRE", help="Le paquet de données, déplié.")
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Écrire ; à blanc sinon.")] = False,
    as_json: Json = False,
) -> None:
    """Ajouter une année de codes, et dire quels pôles ont un code qui prend fin.

    Aucun pôle n'est modifié. Le répertoire est celui du paquet « @etalab/decoupage-administratif ».
    """
    here = world(context)
    by = here.by(Role.ADMINISTRATOR)
    report = here.product.load_places(year, folder, by, apply=apply)
    if as_json:
        show_json(report)
        return
    _tell_report(report)
    _tell_ended(list(report.poles))
    if not report.applied:
        typer.echo("À blanc : rien n'a été écrit. Ajoutez --apply pour charger.")


def _tell_report(report: LoadReport) -> None:
    said = "chargée" if report.applied else "à charger"
    typer.echo(f"Année {report.year} {said} ({report.package}).")
    for nature, number in report.places.items():
        changes = [
            f"{count} {word}"
            for word, count in (
                ("de plus", report.new.get(nature, 0)),
                ("de moins", report.ended.get(nature, 0)),
            )
            if count
        ]
        told = f" ({', '.join(changes)})" if changes else ""
        typer.echo(f"    {NATURES[nature]} : {number}{told}")
    typer.echo(f"    autrement nommés ou groupés : {report.changed}")
    if not (report.new or report.ended or report.changed):
        typer.echo(f"Rien n'y change depuis {report.year - 1} : est-ce bien la bonne année ?")
    for name, digest in report.files.items():
        typer.echo(f"    {name} : SHA-256 {digest}")
