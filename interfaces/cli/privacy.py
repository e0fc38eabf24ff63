"""`jalon privacy find`, `export`: where what is kept of a person lies; an answer to them."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from application.personal import (
    PersonalPlace,
    kept_in_words,
    lacks_in_words,
    mended_in_words,
    unread_in_words,
)
from application.privacy_request_sheet import PRIVACY_REQUESTS
from application.sentences import Malformed
from application.wording import ROLES, capital
from domain.dates import day_in_words, paris_day
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import Details, Json
from interfaces.cli.output import plural, show_json, tell
from interfaces.cli.world import world
from interfaces.wiring import Bearer

Person = Annotated[
    str,
    typer.Argument(
        metavar="PERSONNE",
        help="Son nom, le sujet que montre « find », ou l'identifiant de ce qui n'est que d'elle "
        "(contribution, document…) ; « - » : lu sur l'entrée standard, hors de l'historique.",
    ),
]
Acting = Annotated[Role, typer.Option("--as", help="Le rôle dans lequel on agit.")]
SamePerson = Annotated[
    bool | None,
    typer.Option(
        "--same-person/--another-person",
        help="Quand une rectification joint un autre nom à celui-ci : si c'est la même personne.",
        show_default=False,
    ),
]


Answering = Annotated[
    str | None,
    typer.Option(
        "--request",
        metavar="CODE",
        help="La demande à laquelle on répond ainsi, quand la personne est désignée par un sujet "
        "ou un identifiant, et non par son nom.",
    ),
]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "privacy")
    group.command("find")(find)
    group.command("export")(export)


def named_by(person: str) -> str:
    """Who is meant: what was typed, or the line that is read where that is « - »."""
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
    found = here.product.persons.search(named_by(person), here.by(as_role))
    if as_json:
        show_json(
            {
                "places": list(found.places),
                "documents": list(found.documents),
                "joined": list(found.joined),
                "bearers": [bearer._asdict() for bearer in found.bearers],
                "unread": list(found.unread),
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
    if found.unread:
        tell(
            f"Attention, tous les noms ne se lisent pas : {unread_in_words(found.unread)}. L'un "
            "d'eux est peut-être aussi celui-là. « jalon audit verify » dit ce qui leur est arrivé "
            "; une sauvegarde les remet.",
            err=True,
        )


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
        tell(f'  jalon privacy find "{bearer.name}"   (nommé {named})')


def export(
    context: typer.Context,
    person: Person,
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER", help="Le dossier à créer.")],
    same: SamePerson = None,
    request: Answering = None,
    as_role: Acting = Role.DPO,
) -> None:
    """Remettre tout ce qui est conservé d'une personne : un fichier à lire, un fichier de données.

    RGPD, articles 15 et 20. Cette lecture est notée, sans ce qu'elle montre.
    """
    here = world(context)
    asked = here.product.find_thing(PRIVACY_REQUESTS.name, request) if request else None
    named, by = named_by(person), here.by(as_role)
    answer = here.product.persons.export(named, folder, by, same_person=same, request=asked)
    values = plural(len(answer.values), "valeur")
    typer.echo(
        f"{folder} : reponse.txt et donnees.json, {values}, "
        f"{plural(len(answer.documents), 'document cité', 'documents cités')}. "
        "Ils sont lisibles par qui les ouvre."
    )
    for line in lacks_in_words(answer):
        typer.echo(line, err=True)
    tell(
        "Ensuite, si une demande l'attendait : « jalon privacy-request carry-out --request "
        f"{request or 'CODE'} --carried-out-by {answer.id} --as dpo »."
    )
