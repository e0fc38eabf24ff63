"""`jalon audit …`: prove that nothing was rewritten."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli import log, stamp, witness
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json
from interfaces.cli.witness import tell_asked
from interfaces.cli.world import world
from interfaces.store import check_proof

group = typer.Typer(help="Vérifier le journal.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    for module in (log, witness, stamp):
        module.add_to(group)
    app.add_typer(group, name="audit")


@group.command("sign")
def sign(context: typer.Context) -> None:
    """Signer le journal, et donner le point de contrôle : sa taille, sa racine, les signatures.

    Un journal qui n'est plus celui qui fut signé, ou qui en a perdu la fin, n'est pas signé
    (code de sortie 3). Le nom que dit JALON_ORIGIN ne change plus ensuite. Les témoins de la
    politique sont ensuite priés de cosigner, quelques secondes au plus, et l'autorité d'horodatage
    de dater, une fois par jour ; s'ils se taisent, le journal est signé quand même.
    """
    public = world(context).product.log
    signed = public.sign()
    tell_asked(context)
    typer.echo(str(public.signer.latest() or signed), nl=False)


@group.command("policy")
def policy(context: typer.Context) -> None:
    """Donner la politique de confiance : les clés par lesquelles d'autres vérifient ce journal."""
    typer.echo(world(context).product.log.policy(), nl=False)


@group.command("proof")
def proof(
    context: typer.Context,
    event: Annotated[
        str,
        typer.Argument(metavar="ÉVÉNEMENT", help="Son identifiant, ou son index au journal."),
    ],
) -> None:
    """Donner la preuve qu'un événement est au journal : un fichier « .tlog-proof » (C2SP).

    D'autres programmes la vérifient, hors ligne ; elle ne montre rien de ce que dit l'événement.
    """
    public = world(context).product.log
    found = public.proof_of(event)
    typer.echo(str(found), nl=False)
    if not public.is_enough(found.note):
        typer.echo(
            "Cette preuve n'a pas encore tous les témoins que demande la politique.", err=True
        )


@group.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Une preuve « .tlog-proof ».")],
    policy: Annotated[
        Path, typer.Option(metavar="FICHIER", help="La politique de confiance (tlog-policy).")
    ],
) -> None:
    """Vérifier une preuve avec une politique de confiance ; ni réseau, ni registre.

    Codes de sortie : 0 la preuve tient ; 3 elle ne tient pas, et pourquoi.
    """
    found, proved = check_proof(file, policy)
    seen = ", ".join(found.witnesses) or "aucun demandé"
    typer.echo(f"La preuve tient : l'événement d'index {proved.index} est au journal.")
    typer.echo(f"  journal    {found.checkpoint.origin}, {found.checkpoint.size} événements")
    typer.echo(f"  témoins    {seen}")
    typer.echo(f"  entrée     {proved.entry.decode('utf-8', 'replace')}")


@group.command("verify")
def verify(
    context: typer.Context,
    expect: Annotated[
        str | None, typer.Option(metavar="RACINE", help="La racine publiée, à comparer.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Recalculer chaque feuille et la racine.

    Codes de sortie : 0 le journal est intact (et la racine est celle attendue) ;
    3 il n'est pas ce qui a été enregistré ou publié.
    """
    product = world(context).product
    verified = product.verify()
    root = verified.root.hex()
    restorations = product.restorations()
    if as_json:
        show_json(
            {
                "size": verified.size,
                "root": root,
                "restorations": [
                    {"at": at, "size": size, "previous_size": before}
                    for at, size, before in restorations
                ],
            }
        )
    else:
        typer.echo(f"{plural(verified.size, 'événement vérifié', 'événements vérifiés')}.")
        typer.echo(f"racine {root}")
        for at, size, before in restorations:
            typer.echo(
                f"Une sauvegarde de {plural(size, 'événement')} a été restaurée le "
                f"{at:%d/%m/%Y à %H:%M} UTC ; le registre en comptait alors {before}."
            )
    if expect and expect.strip().lower() != root:
        typer.echo("Le journal n'est pas celui dont la racine a été publiée.", err=True)
        raise typer.Exit(3)
