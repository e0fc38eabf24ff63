"""`jalon audit export`, `jalon audit check`: bundles of proof, given and checked."""

from pathlib import Path
from typing import Annotated

import typer

from application.kind_of_event import kind_in_words
from application.sentences import Malformed
from application.wording import instant_in_words, place_in_log
from domain.bundle import key_file, read_entry
from domain.kernel import instant_of
from domain.logged import HEADER, LogProof
from domain.note import KeyKind, VerifierKey
from domain.roles import Role
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import world
from interfaces.store import (
    OF_STAMPS,
    BundleFault,
    CheckedBundle,
    NotRead,
    check_bundle,
    check_proof,
    content_of,
    is_bundle,
)

PROOF = ".tlog-proof"

KEYS = {
    KeyKind.ED25519: "Ed25519",
    KeyKind.ED25519_COSIGNATURE: "Ed25519 (témoin)",
    KeyKind.MLDSA44_COSIGNATURE: "ML-DSA-44",
}
"""What each kind of key is called."""

WHAT_NEXT = (
    "Gardez ce fichier tel quel : c'est une pièce. Demandez au registre un autre dossier de la "
    "même taille, comparez-les, et demandez-lui de lancer « jalon audit verify »."
)

UNMET = "ne répond pas à votre politique"
UNSTAMPED = "n'a pas l'horodatage que vous demandez"
"""What is said of a bundle in which nothing was changed, as far as anybody can tell."""

NOT_YET_WITNESSED = (
    "Ce dossier n'a pas encore les témoins que demande la politique : par elle, il sera refusé. "
    "Sollicitez-les (« jalon audit witnesses --ask »), puis refaites-le."
)

SHOWN = 20
"""Faults of a bundle that are told one by one; the others are counted."""


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)
    app.command("check")(check)


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
    note = here.product.log.note(made.checkpoint.size)
    if note and not here.product.log.is_enough(note):
        tell(NOT_YET_WITNESSED, err=True)
    if as_json:
        show_json({"file": file, "size": made.checkpoint.size, "events": made.events})
        return
    shown = plural(made.events, "événement")
    typer.echo(f"{file} : {shown}, au point de contrôle de taille {made.checkpoint.size}.")
    typer.echo(f"  racine {made.checkpoint.root.hex()}")


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
            "--policy",
            "--politique",
            metavar="FICHIER",
            help="La politique de confiance (tlog-policy) ; pour un dossier, la sienne par défaut.",
        ),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option(
            metavar="FICHIER",
            help="Le certificat racine (PEM) de l'autorité d'horodatage, tenu d'ailleurs : un "
            "horodatage du dossier doit y mener.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Vérifier une preuve ou un dossier de preuve ; ni réseau, ni registre.

    D'un dossier, tout est relu, et chaque verdict des règles est recalculé. Une politique qui
    donne une clé ML-DSA-44 du journal veut sa signature. Codes de sortie : 0 tout tient ; 2 rien
    n'a été vérifié, faute de pouvoir lire ce qui est donné ; 3 cela ne tient pas, et pourquoi.
    """
    if is_bundle(file):
        checked = check_bundle(file, policy, anchors=ca)
        _tell_bundle(checked, policy, ca, as_json=as_json)
        return
    if ca is not None:
        raise Malformed(
            fr="« --ca » est pour un dossier « .zip » : une preuve n'a pas d'horodatage.",
            en="“--ca” is for a bundle: a proof has no time-stamp.",
        )
    _must_be_proof(file)
    if policy is None:
        raise Malformed(
            fr="Donnez « --policy » : une preuve ne dit pas elle-même en qui avoir confiance.",
            en="Give “--policy”: a proof does not say itself whom to trust.",
        )
    found, proved = check_proof(file, policy)
    seen = ", ".join(found.witnesses) or "aucun demandé"
    typer.echo(f"La preuve tient : l'événement n° {proved.index + 1} est au journal.")
    typer.echo(f"  événement  {event_in_words(proved)}")
    typer.echo(f"  journal    {found.checkpoint.origin}, {found.checkpoint.size} événements")
    typer.echo(f"  témoins    {seen}")
    typer.echo(f"  entrée     {proved.entry.decode('utf-8', 'replace')}")


def event_in_words(proved: LogProof) -> str:
    """The kind, the day, the case and the place of an event, as far as its entry can be read."""
    place = place_in_log(proved.index)
    told = read_entry(proved.entry)
    if told is None:
        return place
    when = instant_in_words(instant_of(told.recorded_at))
    kind = kind_in_words(told.topic)
    return f"« {kind} », enregistré {when}, de l'histoire {told.stream} ; {place}"


def _must_be_proof(file: Path) -> None:
    """Refuse what is no proof by its name nor by its first line: nothing is wrong with it."""
    if content_of(file, len(HEADER)) != HEADER.encode() and file.suffix != PROOF:
        kinds = f"ni une preuve « {PROOF} » ni un dossier « .zip »"
        raise NotRead(reason=f"« {file} » n'est {kinds}.")


def _tell_bundle(
    found: CheckedBundle, policy: Path | None, ca: Path | None, *, as_json: bool
) -> None:
    faults = found.faults
    if as_json:
        show_json(
            {
                "origin": found.checkpoint.origin,
                "size": found.checkpoint.size,
                "root": found.checkpoint.root.hex(),
                "pole": found.pole,
                "pole_name": found.name,
                "events": found.events,
                "steps": found.steps,
                "verdicts": found.verdicts,
                "stamps": found.stamps,
                "faults": [_fault(fault) for fault in faults],
            }
        )
    else:
        _say_bundle(found, policy, ca)
    if faults:
        raise typer.Exit(3)


def _fault(fault: BundleFault) -> dict[str, str | int | None]:
    """With the index of the event in the log, from 0, and its number, from 1."""
    number = None if fault.index is None else fault.index + 1
    return {
        "file": fault.file,
        "index": fault.index,
        "number": number,
        "reason": fault.reason,
    }


def _say_bundle(found: CheckedBundle, policy: Path | None, ca: Path | None) -> None:
    for fault in found.faults[:SHOWN]:
        event = found.told.get(fault.index) if fault.index is not None else None
        about = (
            f" (« {event.kind} », enregistré {instant_in_words(event.recorded_at)})"
            if event
            else ""
        )
        typer.echo(f"{fault.place}{about} : {fault.reason}.", err=True)
    if found.faults:
        number = plural(len(found.faults), "défaut")
        remedies = [fault.remedy for fault in found.faults if fault.remedy]
        if len(remedies) == len(found.faults):
            of_stamps = OF_STAMPS.issuperset(remedies)
            typer.echo(f"Le dossier {UNSTAMPED if of_stamps else UNMET} : {number}.", err=True)
            for remedy in dict.fromkeys(remedies):
                typer.echo(remedy, err=True)
        else:
            typer.echo(f"Le dossier ne tient pas : {number}.", err=True)
            typer.echo(WHAT_NEXT, err=True)
        return
    shown = plural(found.events, "événement")
    part = "" if found.pole is None else f" d'un pôle, sur {found.checkpoint.size} au journal"
    typer.echo(f"Le dossier tient : {shown}{part}.")
    typer.echo(f"  journal    {found.checkpoint.origin}, {found.checkpoint.size} événements")
    typer.echo(f"  racine     {found.checkpoint.root.hex()}")
    if found.pole is not None:
        typer.echo(f"  pôle       {found.name or 'sans nom'} ({found.pole})")
    nobody = "aucun que connaisse votre politique" if policy else "aucun"
    typer.echo(f"  témoins    {', '.join(found.witnesses) or nobody}")
    by = "racine que vous donnez" if ca else "certificat trouvé dans le dossier"
    for told in found.stamps.values():
        typer.echo(f"  horodaté   {told} ({by})")
    if not found.stamps:
        typer.echo("  horodaté   non : aucune autorité ne dit quand il existait")
    typer.echo(
        f"  règles     {plural(found.verdicts, 'verdict recalculé', 'verdicts recalculés')}, "
        f"pour {plural(found.steps, 'passage')}"
    )
    if policy is None:
        typer.echo(
            "Signé par les clés que le dossier contient lui-même : comparez-les, la ligne entière, "
            "à celles que vous tenez d'ailleurs, ou donnez « --policy »."
        )
        for key in found.keys:
            typer.echo(f"  clé        {key.name}, {KEYS[key.kind]}, {_whole(key)}")


def _whole(key: VerifierKey) -> str:
    """A key as it is compared by eye: whole, or of a long one the file that has it."""
    if key.kind is not KeyKind.MLDSA44_COSIGNATURE:
        return str(key)
    return f"{key.id.hex()} (entière dans « {key_file(key)} »)"
