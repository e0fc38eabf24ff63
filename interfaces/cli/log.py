"""`jalon audit keys`, `rotate-key`, `rotate-log`, `compare`…: the log itself, and its keys."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

import typer
from pydantic import ValidationError

from application.log import KEY_STANDINGS, LogAct, LogGround
from application.wording import thousands
from domain.log import Continuity
from domain.logged import HEADER, LogProof
from domain.note import LONGEST, KeyKind, SignedNote
from domain.roles import Role
from interfaces.cli.bundle import PROOF
from interfaces.cli.commands import refusal
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import world
from interfaces.store import NotRead, content_of, is_bundle, note_of_bundle


class KindOfKey(StrEnum):
    """A kind of key, as people type it."""

    ED25519 = "ed25519"
    MLDSA44 = "mldsa44"


KINDS = {KindOfKey.ED25519: KeyKind.ED25519, KindOfKey.MLDSA44: KeyKind.MLDSA44_COSIGNATURE}
NAMES = {kind: name for name, kind in KINDS.items()}

SIGNED = "\n\n— ".encode()
"""What is in every signed note, between its text and its signatures."""

NOTE_ALONE = (
    "Seul le point de contrôle de ce dossier a été comparé ; « jalon audit check » en vérifie le "
    "contenu."
)
"""Of a bundle, what the answer is about."""

Ground = Annotated[str, typer.Option(help="Fondement : qui l'a décidé, en vertu de quoi.")]
Reason = Annotated[str | None, typer.Option(help="Motif.")]


def add_to(app: typer.Typer) -> None:
    app.command("keys")(keys)
    app.command("rotate-key")(rotate_key)
    app.command("distrust-key")(distrust_key)
    app.command("rotate-log")(rotate_log)
    app.command("compare")(compare)


def keys(context: typer.Context, as_json: Json = False) -> None:
    """Donner les clés du journal : lesquelles signent, depuis quelle taille, lesquelles non."""
    found = world(context).product.log.keys()
    if as_json:
        show_json([key.model_dump(mode="json", exclude={"file"}) for key in found])
        return
    for key in found:
        one = key.verifier
        since = thousands(key.since)
        span = f"depuis la taille {since}"
        if key.until is not None:
            span = f"a signé de la taille {since} à la taille {thousands(key.until)}"
        said = KEY_STANDINGS[key.standing]
        typer.echo(f"{one.id.hex()}  {NAMES[one.kind]:<8} {one.name} : {said}, {span}")


def rotate_key(
    context: typer.Context,
    ground: Ground,
    kind: Annotated[
        list[KindOfKey] | None,
        typer.Option("--kind", help="Le genre de clé à changer ; les deux sinon."),
    ] = None,
    reason: Reason = None,
) -> None:
    """Changer les clés du journal, qui garde son nom : les anciennes et les nouvelles le signent.

    Le changement est enregistré au journal. Les anciennes clés sont ensuite détruites ; ce
    qu'elles ont signé vaut toujours, et la politique (« jalon audit policy »), à republier, les
    donne toutes. Interrompu, le changement se termine en le redemandant.
    """
    kinds = [KINDS[one] for one in dict.fromkeys(kind or KindOfKey)]
    record = _record(context, ground, reason)
    typer.echo(str(world(context).product.log.rotate_keys(kinds, record)), nl=False)
    tell("Clés changées. Republiez la politique : « jalon audit policy ».", err=True)


def distrust_key(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="CLÉ", help="L'identifiant que donne « jalon audit keys ».")
    ],
    ground: Ground,
    reason: Reason = None,
) -> None:
    """Déclarer compromise une clé qui ne signe plus : ce qu'elle a signé ne prouve plus rien.

    Celle qui signe encore est d'abord changée (« jalon audit rotate-key »). Une preuve faite avec
    elle est à redemander (« jalon audit proof »).
    """
    found = world(context).product.log.distrust(key, _record(context, ground, reason))
    typer.echo(f"La clé {found.verifier.id.hex()} n'est plus crue. Republiez la politique.")


def rotate_log(
    context: typer.Context,
    origin: Annotated[
        str, typer.Argument(metavar="NOM", help="Le nouveau nom : registre.exemple.fr/journal-2.")
    ],
    ground: Ground,
    reason: Reason = None,
) -> None:
    """Ouvrir un journal sous un autre nom, à la suite de celui qui est signé ou qui est perdu.

    Le dernier point de contrôle de l'ancien est enregistré tel quel, avec ce qu'il en est : suite,
    fin perdue, début réécrit. Ce qui est perdu le reste, et chacun peut le constater. Donnez
    ensuite le nouveau nom à JALON_ORIGIN. Interrompue, l'ouverture se termine en la redemandant.
    """
    first = world(context).product.log.rotate_log(origin, _record(context, ground, reason))
    typer.echo(str(first), nl=False)
    typer.echo(
        f"Journal ouvert. Donnez désormais à JALON_ORIGIN la valeur « {origin} », et republiez la "
        "politique.",
        err=True,
    )


def compare(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FICHIER",
            help="Un point de contrôle gardé, une preuve, ou un dossier « .zip ».",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Comparer au journal un point de contrôle que quelqu'un a gardé ; tout est relu d'abord.

    Codes de sortie : 0 le journal en est la suite ; 2 rien n'a été comparé, faute de pouvoir lire
    ce qui est donné ; 3 il ne l'est pas, et pourquoi, ou la note n'est pas signée par ce registre.
    """
    found = world(context).product.log.compare(_note_in(file))
    kept = found.checkpoint
    if as_json:
        said = {"origin": kept.origin, "size": kept.size, "root": kept.root.hex()}
        number = None if found.loss is None else found.loss + 1
        lost = {"loss": found.loss, "loss_number": number}  # its index in the log; what people say
        show_json({**said, "found": found.found, "journal": found.size, **lost})
    else:
        on = found.signed.say("fr")
        typer.echo(f"« {kept.origin} », {plural(kept.size, 'événement')}, signé {on}.")
        typer.echo(_verdict(found.found, kept.size, found.size))
        if is_bundle(file):
            typer.echo(NOTE_ALONE)
        if found.loss is not None:
            typer.echo(f"C'est au registre : événement n° {found.loss + 1}.")
    if found.found is not Continuity.CONTINUED:
        raise typer.Exit(3)


def _verdict(found: Continuity, kept: int, size: int) -> str:
    match found:
        case Continuity.CONTINUED:
            return f"Le journal, qui compte {plural(size, 'événement')}, en est la suite."
        case Continuity.ROLLED_BACK:
            return (
                f"Le journal n'en compte plus que {size} : {plural(kept - size, 'événement')} "
                "qui furent signés n'y sont plus. Une sauvegarde plus ancienne a été remise."
            )
        case Continuity.REWRITTEN:
            return "Les événements d'alors ne sont plus ceux du journal : il a été réécrit."
        case _:
            assert_never(found)


def _note_in(file: Path) -> SignedNote:
    if is_bundle(file):
        return note_of_bundle(file)
    content = content_of(file, LONGEST + 1)
    if content.startswith(HEADER.encode()) or file.suffix == PROOF:
        return LogProof.read(content).note
    if SIGNED not in content:
        kinds = f"ni un point de contrôle signé, ni une preuve « {PROOF} », ni un dossier « .zip »"
        raise NotRead(reason=f"« {file} » n'est {kinds}.")
    return SignedNote.read(content)


def _record(context: typer.Context, ground: str, reason: str | None) -> Callable[[LogAct], object]:
    """Records an act in the name of who runs this registry."""
    here = world(context)
    by = here.by(Role.ADMINISTRATOR)
    try:
        said = LogGround(ground=ground, reason=reason)
    except ValidationError as error:
        raise refusal(error) from None

    def record(act: LogAct) -> object:
        grounded = act.model_copy(update={"ground": said.ground, "reason": said.reason})
        return here.product.do(grounded, by)

    return record
