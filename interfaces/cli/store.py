"""Verbs on the store itself: init, migrate, backup, restore, rebuild, doctor."""

from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json
from interfaces.cli.world import world
from interfaces.store import create
from interfaces.store import migrate as migrate_schema

OURS = ("domain", "application", "infrastructure", "interfaces")


def add_to(app: typer.Typer) -> None:
    for verb in (init, migrate, backup, restore, rebuild, doctor):
        app.command()(verb)


def init(context: typer.Context) -> None:
    """Préparer un registre vide : base, clés, jeton de l'opérateur, parcours."""
    settings = world(context).settings
    fresh = create(settings)
    words = "est prêt" if fresh else "existait déjà ; rien n'a changé"
    typer.echo(f"Le registre {settings.home} {words}.")


def migrate(context: typer.Context) -> None:
    """Amener un registre écrit par une version antérieure au format de celle-ci."""
    migrate_schema(world(context).settings)
    typer.echo("Le registre est au format de cette version.")


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Fichier à créer.")],
) -> None:
    """Sauvegarder le registre dans un fichier, pendant qu'il sert."""
    product = world(context).product
    product.back_up(file)
    keys, kek = product.registry.keys.database.place, product.settings.kek_file
    typer.echo(f"Sauvegarde écrite : {file}. Les clés ({keys}, ")
    typer.echo(f"{kek}) n'y sont pas : gardez-les à part.")
    if (documents := file.with_name(f"{file.name}.documents")).exists():
        typer.echo(f"Les documents, chiffrés, sont à côté : {documents}.")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="La sauvegarde.")],
) -> None:
    """Remettre une sauvegarde à la place du registre, pendant qu'il sert."""
    restored = world(context).product.restore(file)
    typer.echo(f"Restauré : {plural(restored.size, 'événement')}, racine {restored.root.hex()}.")
    if restored.lost:
        typer.echo(
            f"Cet état est antérieur : le registre comptait {restored.previous_size} événements ; "
            f"{plural(restored.lost, 'événement')} n'y {'est' if restored.lost == 1 else 'sont'} "
            f"plus (racine d'alors {restored.previous_root.hex()})."
        )
    if restored.documents:
        typer.echo(f"{plural(restored.documents, 'document remis', 'documents remis')} en place.")
    if restored.erased_again:
        told = ("effacement de personne réappliqué", "effacements de personnes réappliqués")
        typer.echo(f"{plural(restored.erased_again, *told)}.")
    if restored.missing:
        typer.echo(
            f"{plural(restored.missing, 'document manque', 'documents manquent')} : "
            "« jalon document check » les nomme.",
            err=True,
        )


def rebuild(context: typer.Context, as_json: Json = False) -> None:
    """Refaire les listes à partir du journal, et dire si elles étaient les mêmes."""
    follower = world(context).product.follower
    before = follower.digests()
    size = follower.rebuild()
    after = follower.digests()
    if as_json:
        show_json({"size": size, "digests": after, "same": before == after})
    else:
        for name, digest in after.items():
            same = "identique" if before[name] == digest else "DIFFÉRENTE de la précédente"
            typer.echo(f"{name:<10} {digest}  {same}")
        typer.echo(f"{plural(size, 'événement lu', 'événements lus')}.")
    if before != after:
        raise typer.Exit(3)


def doctor(context: typer.Context) -> None:
    """Dire si l'installation est saine."""
    troubles = []
    for name in OURS:
        others = set(packages_distributions().get(name, [])) - {"jalon"}
        troubles += [f"Le paquet « {other} » fournit aussi « {name} »." for other in sorted(others)]
    for trouble in troubles:
        typer.echo(trouble, err=True)
    if troubles:
        raise typer.Exit(1)
    typer.echo("L'installation est saine.")
    typer.echo(f"Registre : {world(context).settings.home.absolute()}")
