"""`jalon audit …`: prove that nothing was rewritten."""

from typing import Annotated

import typer

from application.snapshot import CheckedSnapshot
from application.wording import instant_in_words, thousands
from domain.log import told_by
from domain.roles import Role
from interfaces.cli import bundle, log, stamp, witness
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell, tell_faults
from interfaces.cli.witness import tell_asked
from interfaces.cli.world import world
from interfaces.wiring import CheckedSealed

group = typer.Typer(help="Vérifier le journal.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    for module in (bundle, log, witness, stamp):
        module.add_to(group)
    app.add_typer(group, name="audit")


@group.command("sign")
def sign(context: typer.Context) -> None:
    """Signer le journal, et donner le point de contrôle : sa taille, sa racine, les signatures.

    Un journal qui n'est plus celui qui fut signé, ou qui en a perdu la fin, n'est pas signé
    (code de sortie 3) : les témoins de la politique disent d'abord ce qu'ils en ont vu. Le nom que
    donne JALON_ORIGIN à la première signature est gardé ; sans lui, elle est refusée. Les témoins
    sont ensuite priés de cosigner, quelques secondes au plus, et l'autorité d'horodatage de dater,
    une fois par jour ; s'ils se taisent, le journal est signé quand même.
    """
    public = world(context).product.log
    signed = public.sign()
    tell_asked(context)
    note = public.signer.latest() or signed
    typer.echo(str(note), nl=False)
    found = told_by(str(note))
    tell(
        f"Signé : {plural(found.size, 'événement')}, sous le nom « {found.origin} ». Ensuite : "
        "gardez une copie du répertoire « signing », et publiez « jalon audit policy ».",
        err=True,
    )


@group.command("policy")
def policy(context: typer.Context) -> None:
    """Donner la politique de confiance : les clés par lesquelles d'autres vérifient ce journal."""
    typer.echo(world(context).product.log.policy(), nl=False)


@group.command("proof")
def proof(
    context: typer.Context,
    event: Annotated[
        str,
        typer.Argument(
            metavar="ÉVÉNEMENT",
            help="Son numéro (« n° 12 » ou 12 ; le premier est le n° 1), ou son identifiant.",
        ),
    ],
) -> None:
    """Donner la preuve qu'un événement est au journal : un fichier « .tlog-proof » (C2SP).

    D'autres programmes la vérifient, hors ligne ; elle ne montre rien de ce que dit l'événement.
    De quel événement elle est se dit à part (sur la sortie d'erreur) : comparez.
    """
    product = world(context).product
    public = product.log
    found = public.proof_of(event)
    typer.echo(str(found), nl=False)
    name = product.pole_proved(found)
    about = f" C'est un événement du pôle « {name} »." if name else ""
    told = bundle.event_in_words(found)
    typer.echo(f"Preuve de l'événement n° {found.index + 1} : {told}.{about}", err=True)
    if not public.is_enough(found.note):
        typer.echo(
            "Cette preuve n'a pas encore tous les témoins que demande la politique.", err=True
        )


@group.command("verify")
def verify(
    context: typer.Context,
    expect: Annotated[
        str | None, typer.Option(metavar="RACINE", help="La racine publiée, à comparer.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Recalculer chaque feuille et la racine, et relire chaque valeur personnelle scellée.

    Aucune n'est montrée. Codes de sortie : 0 le journal est intact (et la racine est celle
    attendue), chaque valeur est celle qui fut scellée, ou effacée par un acte enregistré ;
    3 ce n'est pas ce qui a été enregistré ou publié.
    """
    product = world(context).product
    verified = product.verify()
    sealed = product.check_sealed()
    root = verified.root.hex()
    restorations = product.restorations()
    if as_json:
        show_json(
            {
                "size": verified.size,
                "root": root,
                "sealed": sealed,
                "restorations": [
                    {"at": at, "size": size, "previous_size": before}
                    for at, size, before in restorations
                ],
            }
        )
    else:
        typer.echo(f"{plural(verified.size, 'événement vérifié', 'événements vérifiés')}.")
        typer.echo(f"racine {root}")
        _say_sealed(sealed)
        for at, size, before in restorations:
            typer.echo(
                f"Une sauvegarde de {plural(size, 'événement')} a été restaurée "
                f"{instant_in_words(at)} ; le registre en comptait alors {before}."
            )
    if expect is not None and expect.strip().lower() != root:
        typer.echo("Le journal n'est pas celui dont la racine a été publiée.", err=True)
        raise typer.Exit(3)
    if sealed.faults:
        raise typer.Exit(3)


def _say_sealed(sealed: CheckedSealed) -> None:
    if sealed.there or sealed.erased:
        there = plural(sealed.there, "valeur personnelle relue", "valeurs personnelles relues")
        typer.echo(f"{there}, {plural(sealed.erased, 'effacée')}.")
    if sealed.keys:
        typer.echo(f"Aucune n'a pu être ouverte : les clés ne servent pas ({sealed.keys}).")
    tell_faults(sealed.faults)


@group.command("snapshot")
def snapshot(
    context: typer.Context,
    check: Annotated[
        bool,
        typer.Option("--check", help="Relire les arrêtés d'avant, sans en faire un de plus."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Arrêter ce que disent les listes aujourd'hui, pour prouver plus tard qu'il se lit de même.

    Avec « --check », chaque arrêté est relu, tel que connu à sa taille, par la version d'à présent.

    Codes de sortie : 0 fait, ou tout se lit comme alors ; 3 quelque chose se lit autrement.
    """
    here = world(context)
    if not check:
        done = here.product.close_snapshot(here.by(Role.AUDITOR))
        if as_json:
            show_json({"id": done.answer, "position": done.position})
        else:
            typer.echo(f"Arrêté fait : événement n° {done.position} du journal.")
        return
    found = here.product.check_snapshots()
    if as_json:
        show_json(found)
    else:
        for one in found:
            _tell_snapshot(one)
        typer.echo(f"{plural(len(found), 'arrêté relu', 'arrêtés relus')}.")
    if any(one.differences for one in found):
        raise typer.Exit(3)


def _tell_snapshot(one: CheckedSnapshot) -> None:
    when = instant_in_words(one.recorded_at)
    said = "se lit comme alors" if not one.differences else "se lit autrement :"
    typer.echo(f"À {thousands(one.size)} événements, arrêté {when} ({one.lists} listes) : {said}")
    for difference in one.differences:
        typer.echo(f"    {difference.sentence}")
