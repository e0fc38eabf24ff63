"""`jalon privacy forget …`: forget a person, or record why not; show it before, prove it after."""

import sys
from typing import Annotated
from uuid import UUID

import typer

from application.erasure import EXEMPTIONS, GROUNDS
from application.privacy_request_sheet import PRIVACY_REQUESTS
from application.sentences import Malformed
from domain.erasure import ErasureGround, Exemption
from domain.roles import Role
from interfaces.cli.erasure_told import receipt_in_words, tell_foreseen, tell_never_begun
from interfaces.cli.groups import group_of
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.privacy import Acting, Answering, Person, SamePerson, named_by
from interfaces.cli.world import world
from interfaces.wiring import ErasureForeseen, ErasureReceipt, OfRequest

Right = Annotated[
    ErasureGround,
    typer.Option(
        "--ground",
        help="Le motif, RGPD article 17(1) : "
        + " ; ".join(f"{right.value[-2]}, {said}" for right, said in GROUNDS.items())
        + ".",
    ),
]
Kept = Annotated[
    Exemption,
    typer.Option(
        "--because",
        help="La raison légale, RGPD article 17(3) : "
        + " ; ".join(f"{one.value[-2]}, {said}" for one, said in EXEMPTIONS.items())
        + ".",
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Dire ce qui serait détruit, sans rien détruire.")
]
NoRequest = Annotated[
    bool,
    typer.Option("--no-request", help="Ce n'est pas la personne dont une demande est en cours."),
]
Damage = Annotated[
    bool,
    typer.Option(
        "--damaged",
        help="Effacer aussi ce que « audit verify » trouve altéré ou manquant ; c'est enregistré.",
    ),
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Ne pas demander de confirmation dans un terminal.")
]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "privacy")
    for verb in (forget, refuse, receipt, resume):
        group.command()(verb)


def forget(
    context: typer.Context,
    person: Person,
    right: Right,
    same: SamePerson = None,
    request: Answering = None,
    no_request: NoRequest = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    damaged: Damage = False,
    as_role: Acting = Role.DPO,
    as_json: Json = False,
) -> None:
    """Effacer une personne : ses clés sont détruites ; la preuve de l'acte, et toutes les autres,
    restent.

    Ce que la loi retient n'est pas effacé : le refus est enregistré avec sa raison (code 4 s'il
    porte sur tout). Ce qui n'est plus entier n'est effacé qu'avec « --damaged » (code 3 sinon).
    Interrompu, l'effacement est fini à la prochaine ouverture du registre. Dans un terminal, ce qui
    serait détruit est d'abord montré, et à confirmer ; « --dry-run » le montre seulement.
    """
    here = world(context)
    by, named = here.by(as_role), named_by(person)
    asked = _asked(context, request, no_request=no_request)
    if dry_run or (not yes and sys.stdin.isatty()):
        foreseen = here.product.erasures.foresee(named, by, same_person=same, request=asked)
        if dry_run:
            _show_foreseen(foreseen, as_json=as_json)
            return
        if damaged or not foreseen.damage:  # it is refused otherwise
            _must_be_confirmed(foreseen)
    done = here.product.forget(
        named, by, right=right, same_person=same, request=asked, damaged=damaged
    )
    _show(done, as_json=as_json, request=request)


def _asked(context: typer.Context, code: str | None, *, no_request: bool) -> OfRequest:
    if code is None:
        return False if no_request else None
    if no_request:
        raise Malformed(
            fr="« --request » et « --no-request » se contredisent : donnez l'un des deux.",
            en="“--request” and “--no-request” say the contrary: give one of them.",
        )
    return world(context).product.find_thing(PRIVACY_REQUESTS.name, code)


def _show_foreseen(foreseen: ErasureForeseen, *, as_json: bool) -> None:
    if as_json:
        show_json(foreseen)
        return
    tell_foreseen(foreseen)
    typer.echo("À blanc : rien n'a été effacé.")


CONFIRMED = "effacer"
"""What is typed to go on: what is destroyed cannot be had back."""


def _must_be_confirmed(foreseen: ErasureForeseen) -> None:
    """Show what would be destroyed, and stop unless whoever is at the terminal says to go on."""
    if not (foreseen.destroyed or foreseen.documents):
        return  # all of it is kept: the refusal says so
    tell_foreseen(foreseen, err=True)
    typer.echo(f"Tapez « {CONFIRMED} » pour continuer : ", err=True, nl=False)
    if sys.stdin.readline().strip().casefold() != CONFIRMED:
        typer.echo("Rien n'a été effacé.", err=True)
        raise typer.Exit(1)


def refuse(
    context: typer.Context,
    person: Person,
    right: Right,
    because: Kept,
    same: SamePerson = None,
    request: Answering = None,
    no_request: NoRequest = False,
    as_role: Acting = Role.DPO,
    as_json: Json = False,
) -> None:
    """Enregistrer qu'un effacement demandé est refusé, et pour quelle raison légale."""
    here = world(context)
    asked = _asked(context, request, no_request=no_request)
    done = here.product.forget(
        named_by(person),
        here.by(as_role),
        right=right,
        refused=because,
        same_person=same,
        request=asked,
    )
    _show(done, as_json=as_json)


def receipt(
    context: typer.Context,
    erasure: Annotated[UUID, typer.Argument(metavar="EFFACEMENT", help="Son identifiant.")],
    as_role: Acting = Role.DPO,
    as_json: Json = False,
) -> None:
    """Redonner le reçu d'un effacement, ou de son refus ; il ne nomme personne."""
    here = world(context)
    _show(here.product.erasures.receipt(erasure, here.by(as_role)), as_json=as_json)


def _show(done: ErasureReceipt, *, as_json: bool, request: str | None = None) -> None:
    if as_json:
        show_json(done)
        return
    for line in receipt_in_words(done):
        typer.echo(line)
    if done.erased_at:  # for who carries it out: the receipt is for the person
        line = f"jalon privacy-request carry-out --request {request or 'CODE'}"
        line += f" --carried-out-by {done.erasure}"
        tell(f"Ensuite, si une demande l'attendait : « {line} --as dpo ».", err=True)


def resume(context: typer.Context) -> None:
    """Finir les effacements interrompus ; ouvrir le registre le fait déjà.

    Ceux qui le furent avant d'être enregistrés sont dits : rien n'en fut effacé, ils sont à
    redemander.
    """
    here = world(context)
    done = here.product.resume_erasures()
    told = ("effacement fini", "effacements finis")
    typer.echo(f"{plural(len(done), *told)}." if done else "Aucun effacement n'était à finir.")
    tell_never_begun(here.product.erasures.never_begun(let_go=True))
