"""`jalon privacy check`, `rotate-key`: what the keys open is what it should be; the master key."""

from typing import Annotated

import typer

from domain.roles import Role
from interfaces.cli.erasure_told import tell_never_begun
from interfaces.cli.groups import group_of
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell, tell_faults
from interfaces.cli.privacy import Acting
from interfaces.cli.world import world
from interfaces.wiring import CameBack


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "privacy")
    group.command("check")(check)
    group.command("rotate-key")(rotate_key)


def check(
    context: typer.Context,
    clean: Annotated[
        bool, typer.Option("--clean", help="Détruire de nouveau ce qui est revenu.")
    ] = False,
    as_role: Acting = Role.DPO,
    as_json: Json = False,
) -> None:
    """Chercher si des données effacées sont revenues, et si les autres sont là, entières.

    D'une vieille copie, d'une sauvegarde, une donnée effacée revient ; « --clean » la détruit. Ce
    qui manque sans effacement enregistré, ou a été altéré, est dit. Code 3 s'il y a quelque chose.
    À lancer chaque nuit.
    """
    here = world(context)
    found = here.product.coming_back.check(here.by(as_role), clean=clean)
    sealed, never = here.product.check_sealed(), here.product.erasures.never_begun()
    if as_json:
        show_json({**found.model_dump(), "sealed": sealed, "never_begun": never})
    else:
        _tell_came_back(found)
        tell_never_begun(never)
        if sealed.keys:
            typer.echo(f"Les clés ne servent pas ({sealed.keys}).", err=True)
        tell_faults(sealed.faults)
    if sealed.faults or never or found.spared or ((found.values or found.keys) and not clean):
        raise typer.Exit(3)


def _tell_came_back(found: CameBack) -> None:
    if found.spared:
        tell(_spared_in_words(found.spared), err=True)
    if not (found.values or found.keys):
        if not found.spared:
            typer.echo("Rien de ce qui fut effacé n'est revenu.")
        return
    values = plural(found.values, "valeur effacée est revenue", "valeurs effacées sont revenues")
    done = "détruites de nouveau" if found.cleaned else "ajoutez « --clean » pour les détruire"
    keys = plural(found.keys, "clé lisible", "clés lisibles")
    typer.echo(f"{values}, {keys} : {done}.", err=not found.cleaned)


def _spared_in_words(number: int) -> str:
    which = "clé n'ouvre rien", "clés n'ouvrent rien"
    return (
        f"{plural(number, *which)}, et « --clean » n'y touche pas : ce qui est dit ci-dessous "
        "s'ouvrirait peut-être par là, remis d'une sauvegarde (« jalon restore »)."
    )


def rotate_key(context: typer.Context) -> None:
    """Remplacer la clé maîtresse : chaque clé est enveloppée de nouveau, aucune n'est perdue.

    Interrompu, relancez la commande : elle finit. L'ancienne clé maîtresse est détruite.
    """
    product = world(context).product
    number = product.registry.keys.rotate()
    told = plural(number, "clé enveloppée", "clés enveloppées")
    typer.echo(f"Clé maîtresse remplacée ({product.settings.kek_file}) : {told}.")
