"""`jalon dossier show`: one dossier, and its review for those who do it."""

from collections.abc import Iterator
from typing import Annotated

import typer

from application.dossier_sheet import DecisionSheet, DossierSheet, ReviewSheet
from application.dossier_words import lateness_in_words
from application.funding_touched import touched_in_words
from application.wording import capital, date_in_words, since_in_words, uncapital, version_in_words
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import show_facts, show_json
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]
Acting = Annotated[
    Role | None,
    typer.Option("--as", help="Le rôle dans lequel on lit l'examen avant l'annonce ; c'est noté."),
]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]

NOT_SHOWN = (
    "L'examen du dossier ne se lit pas avant l'annonce des résultats, sinon par qui l'instruit "
    "(« --as », noté à part)."
)


def add_to(app: typer.Typer) -> None:
    group_of(app, "dossier").command("show")(show)


def show(
    context: typer.Context,
    name: Name,
    known: Known = None,
    in_force: InForce = None,
    as_role: Acting = None,
    under_mandate: Mandate = None,
    as_json: Json = False,
) -> None:
    """Montrer un dossier : ce qu'il demande, où il en est, ce qui en est annoncé."""
    here = world(context)
    moment = here.product.moment(known, in_force)
    if as_role:
        by = here.by(as_role, under_mandate)
        sheet = here.product.reviewed_dossier(name, moment, by)
    else:
        sheet = here.product.dossier(name, moment)
    if as_json:
        show_json(sheet)
        return
    typer.echo(f"{sheet.title} — {sheet.pole_name}")
    show_facts(_facts(sheet))
    for part in sheet.parts:
        state = "au dossier" if part.filed else "manque" if part.required else "non jointe"
        typer.echo(f"  pièce        {part.title} : {state}")
    for line in sheet.appeals:
        lodged = date_in_words(line.lodged_on.isoformat())
        typer.echo(f"  recours      {line.kind_title}, formé {lodged}, {line.stage_title}")
        typer.echo(f"               {line.code}")
    if sheet.review:
        _tell_review(sheet.review)
    else:
        typer.echo(NOT_SHOWN)


def _facts(sheet: DossierSheet) -> Iterator[tuple[str, str | None]]:
    yield "code", sheet.code
    yield "étape", f"{uncapital(sheet.stage_title)}, {since_in_words(str(sheet.stage_on))}"
    for said in sheet.stage_why:
        yield "pourquoi", said
    yield "appel", f"{sheet.call_title} ({sheet.call_code}), {uncapital(sheet.wave_title)}"
    number = f" (SIRET {sheet.applicant_siret})" if sheet.applicant_siret else ""
    yield "déposé par", f"{sheet.applicant}{number}"
    yield "projet", sheet.project_title if sheet.project_title != sheet.title else None
    yield "région", sheet.region
    yield "demandé", sheet.requested
    yield "coût total", sheet.total
    yield "apport", f"{sheet.own} de ressources propres" if sheet.own else None
    for arrival in sheet.arrivals:
        yield "arrivé", arrival
    yield "délai", lateness_in_words(sheet.late, sheet.closes_at) if sheet.arrivals else None
    if sheet.complete_until:
        yield (
            "à compléter",
            date_in_words(sheet.complete_until.isoformat()).replace("le ", "avant le ", 1),
        )
    yield "règles", f"{version_in_words(sheet.journey)} ({sheet.journey})"
    yield from _decided(sheet)


def _decided(sheet: DossierSheet) -> Iterator[tuple[str, str | None]]:
    decision, told = sheet.decision, sheet.notification
    for earlier in sheet.earlier:
        day = date_in_words(earlier.announced_on.isoformat())
        yield "auparavant", f"{earlier.outcome_title}, annoncée {day} : {earlier.motive}"
        yield from _withdrawn(earlier)
        yield (
            "rouvert",
            date_in_words(earlier.reopened_on.isoformat()) if earlier.reopened_on else None,
        )
    if decision:
        day = date_in_words(decision.announced_on.isoformat())
        yield "décision", f"{decision.outcome_title}, annoncée {day}"
        yield "soutien", decision.awarded or None
        yield "réserve", f"rang {decision.reserve_rank}" if decision.reserve_rank else None
        yield "motif", decision.motive
        yield from _withdrawn(decision)
        yield "conséquence", touched_in_words(decision.touches) if decision.touches else None
    if told:
        received = (
            f", reçue {date_in_words(told.received_on.isoformat())}" if told.received_on else ""
        )
        sent = date_in_words(told.sent_on.isoformat())
        yield "notifiée", f"par {told.channel}, envoyée {sent}{received}"


def _withdrawn(decision: DecisionSheet) -> Iterator[tuple[str, str | None]]:
    """That the award was withdrawn since, on which ground, and that the pole was heard."""
    if not decision.withdrawn_on:
        return
    day = date_in_words(decision.withdrawn_on.isoformat())
    heard = date_in_words(decision.heard_on.isoformat()) if decision.heard_on else ""
    said = f", le pôle entendu {heard}" if heard else ""
    yield "retrait", f"soutien retiré {day} : {decision.withdrawn}{said}"
    yield "motif", decision.withdrawn_reasons


def _tell_review(review: ReviewSheet) -> None:
    typer.echo("Examen")
    verdicts = {True: "remplie", False: "non remplie", None: "à examiner"}
    for line in review.conditions:
        reasons = f". {capital(line.reasons)}" if line.reasons else ""
        typer.echo(f"  condition    {line.title} : {verdicts[line.met]}{reasons}")
    if review.rank:
        place = f"{review.rank} sur {review.ranked_of}"
        typer.echo(f"  rang         {place} ; {review.rank_reasons}")
    if review.analysis:
        typer.echo(f"  analyse      {review.analysis}")
    for opinion in review.opinions:
        reasons = f". {capital(opinion.reasons)}" if opinion.reasons else ""
        typer.echo(f"  avis         {opinion.adviser} : {opinion.choice_title}{reasons}")
    if review.interests:
        said = "personne ne prend" if review.interests == 1 else "personnes ne prennent"
        typer.echo(f"  intérêts     {review.interests} {said} pas part à l'examen")
