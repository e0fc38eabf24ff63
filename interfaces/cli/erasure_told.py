"""What is read of an erasure: what it would do, what it did, what it left undone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import typer

from application.erasure import EXEMPTIONS, GROUNDS
from application.personal import OF_THE_LOG
from application.wording import capital, instant_in_words
from domain.dates import day_in_words, paris_day
from domain.erasure import HeldValue
from interfaces.cli.output import plural, tell
from interfaces.wiring import ErasureForeseen, ErasureReceipt


def tell_foreseen(foreseen: ErasureForeseen, *, err: bool = False) -> None:
    """Say what would be destroyed, and what would be kept and why."""
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
    for said in foreseen.damage:
        typer.echo(f"Attention, n'est plus entier (« --damaged » l'efface) : {said}.", err=err)
    for code in foreseen.unchecked:
        typer.echo(
            f"Attention : l'identité de qui fait la demande {code} n'est pas encore constatée.",
            err=err,
        )


def receipt_in_words(done: ErasureReceipt) -> Iterator[str]:
    """The receipt as the person reads it."""
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
    if done.damage:
        yield "  à savoir      une partie n'était plus entière, avant d'être effacée :"
        yield f"                {done.damage}"
    proof = f"« jalon audit proof {done.position} »"
    yield f"  preuve        événement n° {done.position} ({proof})"
    yield f"  journal       {plural(done.size, 'événement')}, racine {done.root}"
    yield f"                {OF_THE_LOG}"
    if done.refused or done.held:
        yield "  recours       réclamation à la CNIL (www.cnil.fr), recours devant le juge"


def _kept_in_words(held: Iterable[HeldValue]) -> Iterator[str]:
    for (exemption, until), number in Counter((one.exemption, one.until) for one in held).items():
        last = f", jusqu'au {day_in_words(until)}" if until else ""
        kept = plural(number, "valeur retenue", "valeurs retenues")
        yield f"conservé      {kept} : article {exemption} ({EXEMPTIONS[exemption]}){last}"


def tell_never_begun(asked: Sequence[datetime]) -> None:
    """Say of which erasures nothing was done, for they were cut short too early."""
    for at in asked:
        tell(
            f"Un effacement demandé {instant_in_words(at)} fut interrompu avant d'être enregistré "
            ": rien n'a été effacé. S'il ne l'a pas été depuis, redemandez-le par « jalon privacy "
            "forget ».",
            err=True,
        )
