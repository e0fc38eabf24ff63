"""Verbs on the store itself: init, migrate, backup, restore, rebuild, doctor."""

from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Annotated

import typer

from application.witness import WITNESS_STATES
from domain.log import told_by
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell, tell_faults
from interfaces.cli.witness import AGAINST
from interfaces.cli.world import world
from interfaces.store import create, has_store
from interfaces.store import migrate as migrate_schema
from interfaces.wiring import CheckedSealed, Product, Settings

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
    if fresh:
        _tell_what_is_next(settings)


def _tell_what_is_next(settings: Settings) -> None:
    """What is easy before anything is recorded, and is not any more later."""
    typer.echo("Ensuite, avant d'y enregistrer quoi que ce soit :")
    if not settings.kek:
        typer.echo(
            f"  - mettez à part la clé maîtresse ({settings.kek_file}), qui ouvre les données "
            "personnelles : déplacez ce fichier sur un autre disque, et donnez son nouveau chemin "
            "par JALON_KEK ; gardez-en une copie."
        )
    named = f"JALON_ORIGIN={settings.origin or 'registre.exemple.fr/journal'} jalon audit sign"
    typer.echo(
        f"  - donnez un nom au journal, pour de bon, en le signant une première fois : « {named} »."
    )


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
    older: Annotated[
        bool,
        typer.Option("--older", help="Même si ce qui fut enregistré depuis doit être perdu."),
    ] = False,
) -> None:
    """Remettre une sauvegarde à la place du registre, pendant qu'il sert."""
    restored = world(context).product.restore(file, older=older)
    typer.echo(f"Restauré : {plural(restored.size, 'événement')}, racine {restored.root.hex()}.")
    if restored.lost:
        tell(
            f"Cet état est antérieur : le registre comptait {restored.previous_size} événements ; "
            f"{plural(restored.lost, 'événement')} n'y {'est' if restored.lost == 1 else 'sont'} "
            f"plus (racine d'alors {restored.previous_root.hex()}). « jalon doctor » dit si le "
            "journal peut encore être signé, et que faire."
        )
    if restored.documents:
        typer.echo(f"{plural(restored.documents, 'document remis', 'documents remis')} en place.")
    if restored.erased_again:
        told = ("effacement de personne réappliqué", "effacements de personnes réappliqués")
        typer.echo(f"{plural(restored.erased_again, *told)}.")
    if restored.missing:
        tell(
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
    """Dire si tout va bien : installation saine, journal celui qui fut signé, données entières.

    Codes de sortie : 0 tout va ; 1 l'installation ou les clés ; 3 le journal n'est plus ce qui fut
    enregistré, signé, ou vu par un témoin, ou une donnée personnelle a été altérée.
    """
    here = world(context)
    troubles = []
    for name in OURS:
        others = set(packages_distributions().get(name, [])) - {"jalon"}
        troubles += [f"Le paquet « {other} » fournit aussi « {name} »." for other in sorted(others)]
    for trouble in troubles:
        typer.echo(trouble, err=True)
    if troubles:
        raise typer.Exit(1)
    typer.echo("Programme : installé seul, comme il se doit.")
    typer.echo(f"Registre : {here.settings.home.absolute()}")
    if not has_store(here.settings):
        tell("Il n'y a pas encore de registre à cet endroit (« jalon init »).")
        return
    log = _tell_log(here.product)
    if code := max(log, _tell_sealed(here.settings, here.product.check_sealed())):
        raise typer.Exit(code)
    typer.echo("Tout va bien.")


def _tell_log(product: Product) -> int:
    """Say how much of the journal holds, what it continues, who speaks against it; an exit code."""
    size = plural(product.verify().size, "événement vérifié", "événements vérifiés")
    last = product.log.signer.latest()
    if last:
        signed = f"la suite de ce qui fut signé sous « {told_by(str(last)).origin} »"
    else:
        signed = "jamais signé : personne d'autre ne peut dire s'il est entier"
    typer.echo(f"Journal : {size}, {signed}.")
    accusing = [one for one in product.log.witnesses.seen() if one.state in AGAINST]
    for witness in accusing:
        told = f"Le témoin « {witness.name} » {WITNESS_STATES[witness.state]}"
        tell(f"{told} : « jalon audit witnesses ».", err=True)
    if last and not accusing and not product.log.is_enough(last):
        tell(
            "Ce qui est signé n'a pas encore les témoins que demande la politique, par laquelle "
            "preuves et dossiers seront refusés : « jalon audit witnesses --ask ».",
            err=True,
        )
    return 3 if accusing else 0


def _tell_sealed(settings: Settings, sealed: CheckedSealed) -> int:
    """Say whether the keys can be used, and what is wrong with what they open; an exit code."""
    there = plural(sealed.there, "valeur scellée", "valeurs scellées")
    if not (sealed.keys or sealed.faults):
        typer.echo(f"Données personnelles : les clés s'ouvrent, {there}, toutes entières.")
        return 0
    if sealed.keys:
        typer.echo(
            f"Les clés des données personnelles ne servent pas ({sealed.keys}) : ces données "
            "s'affichent « indisponible ». Rien n'est effacé pour autant : remettez en place le "
            f"dépôt de clés et sa clé maîtresse ({settings.kek_file}).",
            err=True,
        )
    tell_faults(sealed.faults)
    return 3 if sealed.faults else 1
