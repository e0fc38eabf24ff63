"""`jalon privacy …`: find a person, answer them, forget them; wrap the keys anew."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from application.erasure import EXEMPTIONS, GROUNDS
from application.personal import PersonalPlace, kept_in_words, mended_in_words
from application.sentences import Malformed
from application.wording import ROLES, capital, instant_in_words
from domain.dates import day_in_words, paris_day
from domain.erasure import ErasureGround, Exemption, HeldValue
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import Details, Json
from interfaces.cli.output import plural, show_json, tell_faults
from interfaces.cli.world import world
from interfaces.wiring import Bearer, CameBack, ErasureForeseen, ErasureReceipt

Person = Annotated[
    str,
    typer.Argument(
        metavar="PERSONNE",
        help="Son nom, le sujet que montre « find », ou l'identifiant de ce qui n'est que d'elle "
        "(contribution, document…) ; « - » : lu sur l'entrée standard, hors de l'historique.",
    ),
]
Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on agit.")]
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
SamePerson = Annotated[
    bool | None,
    typer.Option(
        "--same-person/--another-person",
        help="Quand une rectification joint un autre nom à celui-ci : si c'est la même personne.",
        show_default=False,
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Dire ce qui serait détruit, sans rien détruire.")
]
Yes = Annotated[
    bool, typer.Option("--yes", help="Ne pas demander de confirmation dans un terminal.")
]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "privacy")
    for verb in (find, export, forget, refuse, receipt, resume, check):
        group.command()(verb)
    group.command("rotate-key")(rotate_key)


def _named(person: str) -> str:
    if person != "-":
        return person
    try:
        return sys.stdin.buffer.readline().decode().strip()
    except UnicodeDecodeError:
        fr = "Ce qui est lu n'est pas du texte en UTF-8."
        raise Malformed(fr=fr, en="What is read is no text in UTF-8.") from None


def find(
    context: typer.Context,
    person: Person,
    as_role: Acting = Role.DPO,
    details: Details = False,
    as_json: Json = False,
) -> None:
    """Dire où le registre conserve des données d'une personne, sans les montrer.

    Un nom de famille, ou un prénom, propose ceux qui le portent ; que leurs noms furent lus est
    noté.
    """
    here = world(context)
    found = here.product.persons.search(_named(person), here.by(as_role))
    if as_json:
        show_json(
            {
                "places": list(found.places),
                "documents": list(found.documents),
                "joined": list(found.joined),
                "bearers": [bearer._asdict() for bearer in found.bearers],
            }
        )
        return
    _tell_places(found.places, details=details)
    for document in found.documents:
        typer.echo(f"Le contenu du document {document}")
    values = plural(len(found.places), "valeur scellée", "valeurs scellées")
    if found.places or found.documents:
        typer.echo(f"{values}, {plural(len(found.documents), 'document')}.")
    if found.joined:
        _tell_joined(found.joined, details=details)
    if found.bearers:
        _tell_bearers(found.bearers, alone=not (found.places or found.documents))


def _tell_places(places: Sequence[PersonalPlace], *, details: bool) -> None:
    for place in places:
        typer.echo(f"{capital(place.holds.fr)} ({place.persons.fr})")
        for label, said in _of_place(place, details=details):
            typer.echo(f"  {label:<13} {said}")


def _of_place(place: PersonalPlace, *, details: bool) -> Iterator[tuple[str, str]]:
    about = f", {place.about}" if place.about else ""
    yield "à l'occasion", f"{place.told}{about} (n° {place.position} du journal)"
    day = day_in_words(paris_day(place.recorded_at))
    yield "enregistré", f"{day}, par : {ROLES[place.role]}"
    yield from (("rectification", said) for said in mended_in_words(place))
    yield "conservation", kept_in_words(place)
    if details:
        yield "sujet", str(place.subject)
        yield "histoire", str(place.stream)
        yield "événement", f"{place.event_id} (à rectifier par « --corrects »)"
        yield "champ", f"{place.topic}, {place.field}"


def _tell_joined(joined: Sequence[PersonalPlace], *, details: bool) -> None:
    typer.echo("Une rectification joint à ce nom un autre nom, sous lequel sont conservés :")
    _tell_places(joined, details=details)
    typer.echo(
        "Est-ce la même personne, autrement écrite ? Ajoutez « --same-person » à « export », "
        "« forget » ou « refuse » ; si c'en est une autre, « --another-person »."
    )


def _tell_bearers(bearers: Sequence[Bearer], *, alone: bool) -> None:
    borne = "Plusieurs personnes portent" if len(bearers) > 1 else "Une personne porte"
    others = "Portent aussi ce qui est cherché ; s'il s'agit de l'un d'eux, tapez :"
    typer.echo(f"{borne} ce nom ; tapez-le en entier :" if alone else others)
    for bearer in bearers:
        named = plural(bearer.values, "fois", "fois")
        typer.echo(f'  jalon privacy find "{bearer.name}"   (nommé {named})')


def export(
    context: typer.Context,
    person: Person,
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Le dossier à créer.")],
    same: SamePerson = None,
    as_role: Acting = Role.DPO,
) -> None:
    """Remettre tout ce qui est conservé d'une personne : un fichier à lire, un fichier de données.

    RGPD, articles 15 et 20. Cette lecture est notée, sans ce qu'elle montre.
    """
    here = world(context)
    answer = here.product.persons.export(_named(person), folder, here.by(as_role), same_person=same)
    values = plural(len(answer.values), "valeur")
    typer.echo(
        f"{folder} : reponse.txt et donnees.json, {values}, "
        f"{plural(len(answer.documents), 'document cité', 'documents cités')}. "
        "Ils sont lisibles par qui les ouvre."
    )
    typer.echo(
        "Ensuite, si une demande l'attendait : « jalon privacy-request carry-out --request CODE "
        f"--carried-out-by {answer.id} --as dpo »."
    )


def forget(
    context: typer.Context,
    person: Person,
    right: Right,
    same: SamePerson = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_role: Acting = Role.DPO,
    as_json: Json = False,
) -> None:
    """Effacer une personne : ses clés sont détruites ; la preuve de l'acte, et toutes les autres,
    restent.

    Ce que la loi retient n'est pas effacé : le refus est enregistré avec sa raison (code 4 s'il
    porte sur tout). Interrompu, l'effacement est fini à la prochaine ouverture du registre. Dans un
    terminal, ce qui serait détruit est d'abord montré, et à confirmer ; « --dry-run » le montre
    seulement.
    """
    here = world(context)
    by, named = here.by(as_role), _named(person)
    if dry_run or (not yes and sys.stdin.isatty()):
        foreseen = here.product.erasures.foresee(named, by, same_person=same)
        if dry_run:
            _show_foreseen(foreseen, as_json=as_json)
            return
        _must_be_confirmed(foreseen)
    done = here.product.forget(named, by, right=right, same_person=same)
    _show(done, as_json=as_json)


def _show_foreseen(foreseen: ErasureForeseen, *, as_json: bool) -> None:
    if as_json:
        show_json(foreseen)
        return
    _tell_foreseen(foreseen)
    typer.echo("À blanc : rien n'a été effacé.")


def _tell_foreseen(foreseen: ErasureForeseen, *, err: bool = False) -> None:
    for place in foreseen.destroyed:
        about = f", {place.about}" if place.about else ""
        told = f"{place.told}{about} (n° {place.position} du journal)"
        typer.echo(f"  {capital(place.holds.fr)} : {told}", err=err)
    for document in foreseen.documents:
        typer.echo(f"  Le contenu du document {document}", err=err)
    for line in _kept_in_words(foreseen.held):
        typer.echo(f"  {line}", err=err)
    values = plural(len(foreseen.destroyed), "valeur", "valeurs")
    also = f" et {plural(len(foreseen.documents), 'document')}" if foreseen.documents else ""
    typer.echo(f"À détruire pour toujours : {values}{also}.", err=err)
    for code in foreseen.unchecked:
        typer.echo(
            f"Attention : l'identité de qui fait la demande {code} n'est pas encore constatée.",
            err=err,
        )


CONFIRMED = "effacer"
"""What is typed to go on: what is destroyed cannot be had back."""


def _must_be_confirmed(foreseen: ErasureForeseen) -> None:
    """Show what would be destroyed, and stop unless whoever is at the terminal says to go on."""
    if not (foreseen.destroyed or foreseen.documents):
        return  # all of it is kept: the refusal says so
    _tell_foreseen(foreseen, err=True)
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
    as_role: Acting = Role.DPO,
    as_json: Json = False,
) -> None:
    """Enregistrer qu'un effacement demandé est refusé, et pour quelle raison légale."""
    here = world(context)
    by = here.by(as_role)
    done = here.product.forget(_named(person), by, right=right, refused=because, same_person=same)
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


def _show(done: ErasureReceipt, *, as_json: bool) -> None:
    if as_json:
        show_json(done)
        return
    for line in _receipt_in_words(done):
        typer.echo(line)
    if done.erased_at:  # for who carries it out: the receipt is for the person
        line = f"jalon privacy-request carry-out --request CODE --carried-out-by {done.erasure}"
        typer.echo(f"Ensuite, si une demande l'attendait : « {line} --as dpo ».", err=True)


def _receipt_in_words(done: ErasureReceipt) -> Iterator[str]:
    ground = f", RGPD, article {done.ground.value} : {GROUNDS[done.ground]}" if done.ground else ""
    yield "Reçu d'une demande d'effacement de données personnelles"
    yield f"  numéro        {done.erasure}"
    yield f"  demandé       {day_in_words(paris_day(done.requested_at))}{ground}"
    if done.refused:
        yield f"  refusé        RGPD, article {done.refused.value} : {EXEMPTIONS[done.refused]}"
    elif done.erased_at:
        values = plural(done.values, "valeur", "valeurs")
        also = f" et {plural(done.documents, 'document')}" if done.documents else ""
        yield f"  effacé        {day_in_words(paris_day(done.erased_at))} : {values}{also}"
        yield from (f"                - {said}" for said in done.data)
    else:
        yield "  à finir       « jalon privacy resume »"
    yield from (f"  {line}" for line in _kept_in_words(done.held))
    yield from (f"                - {said}" for said in done.kept)
    proof = f"« jalon audit proof {done.position - 1} »"
    yield f"  preuve        événement n° {done.position} ({proof})"
    yield f"  journal       {plural(done.size, 'événement')}, racine {done.root}"
    if done.refused or done.held:
        yield "  recours       réclamation à la CNIL (www.cnil.fr), recours devant le juge"


def _kept_in_words(held: Iterable[HeldValue]) -> Iterator[str]:
    for (exemption, until), number in Counter((one.exemption, one.until) for one in held).items():
        last = f", jusqu'au {day_in_words(until)}" if until else ""
        kept = plural(number, "valeur retenue", "valeurs retenues")
        yield f"conservé      {kept} : article {exemption} ({EXEMPTIONS[exemption]}){last}"


def resume(context: typer.Context) -> None:
    """Finir les effacements interrompus ; ouvrir le registre le fait déjà.

    Ceux qui le furent avant d'être enregistrés sont dits : rien n'en fut effacé, ils sont à
    redemander.
    """
    here = world(context)
    done = here.product.resume_erasures()
    told = ("effacement fini", "effacements finis")
    typer.echo(f"{plural(len(done), *told)}." if done else "Aucun effacement n'était à finir.")
    _tell_never_begun(here.product.erasures.never_begun(let_go=True))


def _tell_never_begun(asked: Sequence[datetime]) -> None:
    for at in asked:
        typer.echo(
            f"Un effacement demandé {instant_in_words(at)} fut interrompu avant d'être enregistré "
            ": rien n'a été effacé. S'il ne l'a pas été depuis, redemandez-le par « jalon privacy "
            "forget ».",
            err=True,
        )


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
        _tell_never_begun(never)
        if sealed.keys:
            typer.echo(f"Les clés ne servent pas ({sealed.keys}).", err=True)
        tell_faults(sealed.faults)
    if sealed.faults or never or ((found.values or found.keys) and not clean):
        raise typer.Exit(3)


def _tell_came_back(found: CameBack) -> None:
    if not (found.values or found.keys):
        typer.echo("Rien de ce qui fut effacé n'est revenu.")
        return
    values = plural(found.values, "valeur effacée est revenue", "valeurs effacées sont revenues")
    done = "détruites de nouveau" if found.cleaned else "ajoutez « --clean » pour les détruire"
    keys = plural(found.keys, "clé lisible", "clés lisibles")
    typer.echo(f"{values}, {keys} : {done}.", err=not found.cleaned)


def rotate_key(context: typer.Context) -> None:
    """Remplacer la clé maîtresse : chaque clé est enveloppée de nouveau, aucune n'est perdue.

    Interrompu, relancez la commande : elle finit. L'ancienne clé maîtresse est détruite.
    """
    product = world(context).product
    number = product.registry.keys.rotate()
    told = plural(number, "clé enveloppée", "clés enveloppées")
    typer.echo(f"Clé maîtresse remplacée ({product.settings.kek_file}) : {told}.")
