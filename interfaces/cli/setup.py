"""`jalon setup`: the first administrator, without whom nothing is served."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from application.account import GrantRole, OpenAccount, account_at
from domain.errors import Refused
from domain.mandate import EVERYWHERE
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.cli.commands import refusal
from interfaces.cli.output import tell
from interfaces.cli.world import world
from interfaces.store import create


class AlreadySetUp(Refused):
    """The first administrator opens the accounts of the others."""

    code = "setup.done"
    fr = "Ce registre a déjà son administration : c'est elle qui ouvre les autres comptes."
    en = "This registry already has its administrator, who opens the other accounts."


def add_to(app: typer.Typer) -> None:
    app.command()(setup)


def setup(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="Prénom et nom.", prompt="Prénom et nom")],
    address: Annotated[
        str, typer.Option(help="Adresse électronique.", prompt="Adresse électronique")
    ],
    link: Annotated[
        bool, typer.Option("--link", help="Donner un lien pour choisir le mot de passe.")
    ] = False,
) -> None:
    """Ouvrir le compte de la première personne qui administre : rien n'est servi avant."""
    here = world(context)
    create(here.settings)
    product, by = here.product, here.by(Role.ADMINISTRATOR)
    if product.desk.is_set_up():
        raise AlreadySetUp
    try:
        command = OpenAccount.model_validate({"name": name, "address": address})
    except ValidationError as error:
        raise refusal(error) from None
    asked = not link and sys.stdin.isatty()
    hashed = product.desk.passwords.hashed(_chosen()) if asked else None
    known = account_at(product.registry, address)  # of a run that was cut short
    id_ = known or AccountId(product.do(command, by).answer)
    everything = GrantRole(account=id_, for_role=Role.ADMINISTRATOR, relation=EVERYWHERE)
    product.do(everything, by)
    if hashed:
        product.desk.passwords.set(id_, hashed)
        tell("Le compte est ouvert. « jalon serve » sert le registre ; on s'y connecte.")
        return
    where = product.settings.public_address or "http://127.0.0.1:8000"
    tell("Le compte est ouvert. Une fois le registre servi (« jalon serve »), ce lien sert une")
    tell("seule fois, pendant sept jours, à choisir le mot de passe :")
    tell(f"{where}/invitation/{product.desk.invite(id_)}")


def _chosen() -> str:
    text: str = typer.prompt("Mot de passe", hide_input=True, confirmation_prompt="Encore une fois")
    return text
