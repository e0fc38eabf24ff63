"""`jalon audit sample`: draw a sample that anybody can draw again, with its documents."""

from pathlib import Path
from typing import Annotated

import typer

from application.audit_sample import LARGEST_SAMPLE, Sample, SampleOf
from domain.roles import Role
from interfaces.cli.audit import group
from interfaces.cli.audit_ask import Mandate, OfCommitment, OfDossier, OfRegion
from interfaces.cli.ledger import OfCall, OfFunder, OfPole
from interfaces.cli.options import Json, Known
from interfaces.cli.output import plural, show_json, show_table
from interfaces.cli.world import world

WHAT = {
    SampleOf.COMMITMENTS: ("engagement financier", "engagements financiers"),
    SampleOf.DOSSIERS: ("dossier", "dossiers"),
    SampleOf.PAYMENTS: ("paiement", "paiements"),
    SampleOf.POLES: ("pôle", "pôles"),
    SampleOf.EVENTS: ("événement", "événements"),
}

SeedGiven = Annotated[
    str, typer.Option("--seed", metavar="GRAINE", help="Un nombre ou un texte, que l'on garde.")
]
Number = Annotated[
    int, typer.Option("--size", min=1, max=LARGEST_SAMPLE, metavar="N", help="Combien en tirer.")
]
Of = Annotated[SampleOf, typer.Option("--of", help="De quoi.")]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FICHIER.zip", help="Où remettre fiches, histoires, preuves et pièces."),
]


def add_to(app: typer.Typer) -> None:
    group.command("sample")(sample)


def sample(
    context: typer.Context,
    seed: SeedGiven,
    number: Number,
    of: Of = SampleOf.COMMITMENTS,
    pole: OfPole = None,
    call: OfCall = None,
    dossier: OfDossier = None,
    commitment: OfCommitment = None,
    funder: OfFunder = None,
    region: OfRegion = None,
    known: Known = None,
    out: Out = None,
    under_mandate: Mandate = None,
    as_json: Json = False,
) -> None:
    """Tirer un échantillon : la même graine tire la même chose du même journal, partout.

    Avec « --out » : aussi les fiches, les histoires, les preuves si le journal est signé, et les
    pièces ; ces lectures sont notées. Un nom qui ne finit pas par « .zip » est un répertoire.
    """
    here = world(context)
    by = here.by(Role.AUDITOR, under_mandate)
    found = here.product.sample(
        here.product.moment(known),
        by,
        seed=seed,
        number=number,
        of=of,
        pole=pole,
        call=call,
        dossier=dossier,
        commitment=commitment,
        funder=funder,
        region=region,
    )
    if out:
        here.product.hand_over(found, out, by)
    if as_json:
        show_json(found)
    else:
        _tell(found, out)


def _tell(found: Sample, out: Path | None) -> None:
    one, many = WHAT[found.of]
    drawn, population = len(found.drawn), plural(found.population, one, many)
    if found.drawn:
        lines = [(str(one.number), one.name, one.rank[:16]) for one in found.drawn]
        show_table(("N°", "QUOI", "RANG"), lines)
    told = plural(drawn, "tiré")
    typer.echo(
        f"{told} sur {population}, graine « {found.seed} », "
        f"journal de {plural(found.size, 'événement')}, racine {found.root[:16]}…"
    )
    if out:
        typer.echo(f"Remis dans {out}.")
