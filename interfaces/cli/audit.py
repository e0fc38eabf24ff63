"""`jalon audit …`: prove that nothing was rewritten."""

from pathlib import Path
from typing import Annotated

import typer

from application.sentences import Malformed
from application.snapshot import CheckedSnapshot
from application.wording import instant_in_words, thousands
from domain.kernel import Role
from domain.note import KeyKind
from interfaces.cli import log, stamp, witness
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell_faults
from interfaces.cli.witness import tell_asked
from interfaces.cli.world import world
from interfaces.store import CheckedBundle, check_bundle, check_proof, is_bundle
from interfaces.wiring import CheckedSealed

group = typer.Typer(help="Vérifier le journal.", no_args_is_help=True)

KEYS = {
    KeyKind.ED25519: "Ed25519",
    KeyKind.ED25519_COSIGNATURE: "Ed25519 (témoin)",
    KeyKind.MLDSA44_COSIGNATURE: "ML-DSA-44",
}
"""What each kind of key is called."""

SHOWN = 20
"""Faults of a bundle that are told one by one; the others are counted."""


def add_to(app: typer.Typer) -> None:
    for module in (log, witness, stamp):
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


@group.command("export")
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Le fichier .zip à créer.")],
    pole: Annotated[
        str | None,
        typer.Option(metavar="POLE", help="Un seul pôle : ses événements, et rien des autres."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="JOUR",
            help="Le dernier point de contrôle signé ce jour-là (AAAA-MM-JJ) ou à une taille "
            "(@1500), ou avant.",
        ),
    ] = None,
    as_role: Annotated[
        Role, typer.Option("--as", help="Le rôle dans lequel on le demande.")
    ] = Role.AUDITOR,
    as_json: Json = False,
) -> None:
    """Écrire un dossier de preuve : le journal, et de quoi le vérifier hors ligne.

    Le même journal et le même point de contrôle donnent les mêmes octets. Aucune valeur
    personnelle n'y figure. Le journal entier est pour les auditeurs, et c'est noté ; d'un seul
    pôle, ce qui n'est pas encore annoncé ne figure pas.
    """
    here = world(context)
    made = here.product.export_bundle(file, here.by(as_role), pole=pole, until=until)
    if as_json:
        show_json({"file": file, "size": made.checkpoint.size, "events": made.events})
        return
    shown = plural(made.events, "événement")
    typer.echo(f"{file} : {shown}, au point de contrôle de taille {made.checkpoint.size}.")
    typer.echo(f"  racine {made.checkpoint.root.hex()}")


@group.command("check")
def check(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FICHIER", help="Une preuve « .tlog-proof » ou un dossier « .zip »."
        ),
    ],
    policy: Annotated[
        Path | None,
        typer.Option(
            metavar="FICHIER",
            help="La politique de confiance (tlog-policy) ; pour un dossier, la sienne par défaut.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Vérifier une preuve ou un dossier de preuve ; ni réseau, ni registre.

    D'un dossier, tout est relu, et chaque verdict des règles est recalculé. Codes de sortie :
    0 tout tient ; 3 non, et pourquoi.
    """
    if is_bundle(file):
        _tell_bundle(check_bundle(file, policy), policy, as_json=as_json)
        return
    if policy is None:
        raise Malformed(
            fr="Donnez « --policy » : une preuve ne dit pas elle-même en qui avoir confiance.",
            en="Give “--policy”: a proof does not say itself whom to trust.",
        )
    found, proved = check_proof(file, policy)
    seen = ", ".join(found.witnesses) or "aucun demandé"
    typer.echo(f"La preuve tient : l'événement d'index {proved.index} est au journal.")
    typer.echo(f"  journal    {found.checkpoint.origin}, {found.checkpoint.size} événements")
    typer.echo(f"  témoins    {seen}")
    typer.echo(f"  entrée     {proved.entry.decode('utf-8', 'replace')}")


def _tell_bundle(found: CheckedBundle, policy: Path | None, *, as_json: bool) -> None:
    faults = found.faults
    if as_json:
        show_json(
            {
                "origin": found.checkpoint.origin,
                "size": found.checkpoint.size,
                "root": found.checkpoint.root.hex(),
                "pole": found.pole,
                "events": found.events,
                "steps": found.steps,
                "verdicts": found.verdicts,
                "faults": [{"file": f.file, "index": f.index, "reason": f.reason} for f in faults],
            }
        )
    else:
        _say_bundle(found, policy)
    if faults:
        raise typer.Exit(3)


def _say_bundle(found: CheckedBundle, policy: Path | None) -> None:
    for fault in found.faults[:SHOWN]:
        typer.echo(f"{fault}.", err=True)
    if found.faults:
        number = plural(len(found.faults), "défaut")
        typer.echo(f"Le dossier ne tient pas : {number}.", err=True)
        return
    shown = plural(found.events, "événement")
    part = "" if found.pole is None else f" d'un pôle, sur {found.checkpoint.size} au journal"
    typer.echo(f"Le dossier tient : {shown}{part}.")
    typer.echo(f"  journal    {found.checkpoint.origin}, {found.checkpoint.size} événements")
    typer.echo(f"  racine     {found.checkpoint.root.hex()}")
    typer.echo(f"  témoins    {', '.join(found.witnesses) or 'aucun'}")
    for told in found.stamps.values():
        typer.echo(f"  horodaté   {told}")
    typer.echo(
        f"  règles     {plural(found.verdicts, 'verdict recalculé', 'verdicts recalculés')}, "
        f"pour {plural(found.steps, 'passage')}"
    )
    if policy is None:
        typer.echo(
            "Vérifié par les clés que le dossier contient : comparez-les à celles que vous tenez "
            "d'ailleurs, ou donnez « --policy »."
        )
        for key in found.keys:
            typer.echo(f"  clé        {key.name}, {KEYS[key.kind]}, {key.id.hex()}")


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
                f"Une sauvegarde de {plural(size, 'événement')} a été restaurée le "
                f"{at:%d/%m/%Y à %H:%M} UTC ; le registre en comptait alors {before}."
            )
    if expect is not None and expect.strip().lower() != root:
        typer.echo("Le journal n'est pas celui dont la racine a été publiée.", err=True)
        raise typer.Exit(3)
    if sealed.faults:
        raise typer.Exit(3)


def _say_sealed(sealed: CheckedSealed) -> None:
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
