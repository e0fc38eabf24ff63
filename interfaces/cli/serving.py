"""`jalon serve` and `jalon demo`."""

import ipaddress
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from application.wording import STAGES, capital
from domain.errors import JalonError, Unavailable
from domain.roles import ROLES
from interfaces.cli.output import plural
from interfaces.cli.world import World, world
from interfaces.history_files import reference_file
from interfaces.store import StoreFailed, create
from interfaces.wiring import PASSWORD, STORIES, Settings, demonstration_people

DEMO = Path(".demo")
DEMO_ORIGIN = "demonstration.localhost/journal"
"""The name of the log of a demonstration, which nobody else need choose."""

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port.")]


class PortTaken(Unavailable):
    """Another program listens there."""

    code = "server.port_taken"
    fr = "Le port {port} est déjà pris par un autre programme : choisissez-en un avec --port."
    en = "Port {port} is already taken by another program: choose one with --port."


def add_to(app: typer.Typer) -> None:
    app.command()(serve)
    app.command()(demo)


def serve(
    context: typer.Context,
    port: Port = 8000,
    host: Annotated[str, typer.Option(help="Adresse de cette machine.")] = "127.0.0.1",
) -> None:
    """Servir les pages et l'API : sur cette machine seulement, sans JALON_ADDRESS."""
    _serve(world(context), host, port)


def _serve(here: World, host: str, port: int) -> None:
    # the web framework, only for those who serve
    from interfaces.server import NotLoopback
    from interfaces.server import serve as run

    if not _is_loopback(host) and not here.settings.public_address:
        raise NotLoopback
    product = here.product
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(port=port) from None
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Jalon sert sur http://{shown}:{port} (Ctrl+C pour arrêter).")
    run(product, host=host, port=port)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # another name
        return False


def demo(
    context: typer.Context,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="S'arrêter après avoir dit.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Tout recommencer.")] = False,
    port: Port = 8000,
) -> None:
    """Charger l'histoire publique des PTCE dans un registre de démonstration, et la servir."""
    _tell_its_own_folder(world(context).settings)
    if fresh:
        shutil.rmtree(DEMO, ignore_errors=True)
    here = World(Settings(home=DEMO, database=""))
    context.call_on_close(here.close)
    with _hint_at_fresh():
        _tell_story(here)
    if not no_serve:
        _serve(here, "127.0.0.1", port)


def _tell_its_own_folder(asked: Settings) -> None:
    """Say that a registry which was named is left alone."""
    if asked.database or asked.home not in (Settings.model_fields["home"].default, DEMO):
        typer.echo(
            f"La démonstration a son propre répertoire ({DEMO}) : le registre que vous désignez "
            "n'est ni lu ni modifié.",
            err=True,
        )


@contextmanager
def _hint_at_fresh() -> Iterator[None]:
    """Say how to start over, where what an earlier run left cannot be read or gone on with."""
    had = (DEMO / "registry.db").exists()
    try:
        yield
    except (JalonError, ValidationError) as error:
        if had and not isinstance(error, StoreFailed):
            typer.echo(
                f"Le répertoire {DEMO} vient sans doute d'une autre version de Jalon : "
                "« jalon demo --fresh » l'efface et recommence la démonstration.",
                err=True,
            )
        raise


def _tell_story(here: World) -> None:
    create(here.settings)
    product, by = here.product, here.by()
    poles = product.import_poles(reference_file("poles.csv"), by, apply=True)
    facts = product.import_timeline(reference_file("timeline.csv"), by, apply=True)
    calls = product.import_calls(None, by, apply=True)
    stories = [product.demonstrate(story) for story in STORIES]
    product.open_demonstration()
    told = {name for story in stories for name in story.names}
    product.log.begin(here.settings.origin or DEMO_ORIGIN)
    verified = product.verify()
    everyone = product.register.lines(product.moment())
    lines = [line for line in everyone if line.name not in told]
    typer.echo("Histoire publique des pôles territoriaux de coopération économique")
    typer.echo(
        f"  {plural(poles.recorded, 'pôle chargé', 'pôles chargés')}, "
        f"{poles.unchanged} déjà au registre ; "
        f"{plural(facts.recorded, 'fait national chargé', 'faits nationaux chargés')}, "
        f"{facts.unchanged} déjà au registre ; "
        f"{plural(calls.recorded, 'appel de l’État chargé', 'appels de l’État chargés')}, "
        f"{calls.unchanged} déjà au registre."
    )
    counts = Counter(line.stage for line in lines)
    for stage, title in STAGES.items():
        typer.echo(f"  {counts[stage]:>4}  {title}")
    typer.echo("  Aucune étape n'est un agrément.")
    if not counts["recognised"]:
        typer.echo("  Aucun pôle que nomment ces sources n'est reconnu au titre de l'article 9.")
    for story in stories:
        typer.echo(f"{capital(story.says)}.")
    typer.echo("Ces pôles fictifs ne sont pas comptés ci-dessus.")
    typer.echo(f"Journal : {plural(verified.size, 'événement vérifié', 'événements vérifiés')},")
    typer.echo(f"  racine {verified.root.hex()}")
    typer.echo("Pour se connecter, une personne fictive par rôle, toutes avec le mot de passe")
    typer.echo(f"« {PASSWORD} » :")
    people = demonstration_people()
    width = max(len(ROLES[one.role]) for one in people)
    for one in people:
        typer.echo(f"  {ROLES[one.role]:<{width}}  {one.address}")
    typer.echo(f"Jeton de l'opérateur (pour les programmes de cette machine) : {product.token}")
    typer.echo(f"En ligne de commande : .venv/bin/jalon --home {DEMO} pole list")
