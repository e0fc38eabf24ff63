"""Options that many verbs have, worded once: at which moment, how much of it, in which form."""

from typing import Annotated

import typer

Known = Annotated[
    str | None,
    typer.Option(
        metavar="AAAA-MM-JJ|@TAILLE",
        help="Ce que le registre savait à la fin de ce jour, à cet instant (2024-05-03T10:15), "
        "ou après tant d'événements (@1500).",
    ),
]
InForce = Annotated[
    str | None,
    typer.Option(metavar="AAAA-MM-JJ", help="Ce qui était en vigueur ce jour-là (ou JJ/MM/AAAA)."),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Les premières lignes seulement, tant au plus."),
]
Json = Annotated[bool, typer.Option("--json", help="En JSON, pour un programme.")]
Details = Annotated[
    bool, typer.Option("--details", help="Aussi les identifiants, pour qui vérifie ou corrige.")
]
PoleName = Annotated[
    str, typer.Argument(metavar="POLE", help="Code, nom, partie du nom ou identifiant.")
]
