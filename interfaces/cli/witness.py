"""`jalon audit trust`, `jalon audit witnesses`: who else sees what this log signs."""

from pathlib import Path
from typing import Annotated

import typer

from application.witness import WITNESS_STATES
from domain.errors import JalonError
from domain.note import VerifierKey
from domain.witness import WitnessState
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import world

AGAINST = (WitnessState.CONTRADICTED, WitnessState.INCONSISTENT, WitnessState.OTHER_SIZE)
"""What a witness says against the log."""


def add_to(app: typer.Typer) -> None:
    app.command("trust")(trust)
    app.command("witnesses")(witnesses)


def trust(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Une politique (tlog-policy).")],
) -> None:
    """Choisir la politique de confiance : les témoins à solliciter, et combien doivent cosigner.

    Une ligne « witness » avec une adresse est un témoin que ce journal sollicite après chaque
    signature. Les clés de ce journal n'y sont pas nécessaires : « jalon audit policy » les ajoute.
    """
    policy = world(context).product.log.trust(file)
    asked = sum(witness.url is not None for witness in policy.witnesses.values())
    known = plural(len(policy.witnesses), "témoin")
    typer.echo(f"Politique adoptée : {known}, dont {asked} à solliciter ; quorum {policy.quorum}.")


def witnesses(
    context: typer.Context,
    ask: Annotated[
        bool, typer.Option("--ask", help="Solliciter d'abord ceux qui n'ont pas cosigné.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Dire de chaque témoin ce qu'il a cosigné en dernier, et ce qu'il a répondu.

    Ce qu'un témoin répond contre le journal est gardé avec ce qui lui a été envoyé, parmi les
    signatures ; code de sortie 3 s'il y a une telle réponse.
    """
    log = world(context).product.log
    seen = log.witnesses.ask() if ask else log.witnesses.seen()
    if as_json:
        show_json([witness.model_dump(mode="json") for witness in seen])
    elif not seen:
        tell("La politique ne nomme aucun témoin (« jalon audit trust »).")
    else:
        for witness in seen:
            last = f"a cosigné jusqu'à {plural(witness.size, 'événement')}" if witness.size else ""
            said = WITNESS_STATES[witness.state] if witness.url else "n'est pas sollicité d'ici"
            detail = f" ({witness.detail})" if witness.detail else ""
            kept = f" ; pièces : {witness.evidence}" if witness.evidence else ""
            key = VerifierKey.read(witness.key)
            parts = [f"{said}{detail}", last if witness.state is not WitnessState.COSIGNED else ""]
            typer.echo(f"{witness.name}  {key.name} : {' ; '.join(filter(None, parts))}{kept}")
    if any(witness.state in AGAINST for witness in seen):
        raise typer.Exit(3)


def tell_asked(context: typer.Context) -> None:
    """Ask witnesses and the authority, and say on stderr who did not do what was asked."""
    log = world(context).product.log
    try:
        for witness in log.witnesses.ask(at_once=False):
            if witness.url and witness.state is not WitnessState.COSIGNED:
                detail = f" ({witness.detail})" if witness.detail else ""
                said = f"{WITNESS_STATES[witness.state]}{detail}"
                typer.echo(f"Le témoin « {witness.name} » {said}.", err=True)
        log.stamp()
    except (JalonError, OSError) as trouble:
        typer.echo(str(trouble), err=True)
