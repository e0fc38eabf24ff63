"""`jalon call show`: one call, its waves and money, who is named as a laureate, what is said."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Annotated

import typer

from application.call_laureates import Laureate
from application.call_sheet import CallSheet, WaveLine
from application.session_lines import WaveResults
from application.session_words import MODES
from application.wording import capital, date_in_words, since_in_words, uncapital, version_in_words
from domain.money import euros
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_facts, show_json
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]


def add_to(app: typer.Typer) -> None:
    group_of(app, "call").command("show")(show)


def show(
    context: typer.Context,
    name: Name,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer un appel : ses vagues, son enveloppe, son comité, ses lauréats connus, ses chiffres.

    Rien de ce que son comité décide n'y paraît avant l'annonce.
    """
    product = world(context).product
    moment = product.moment(known, in_force)
    sheet = product.call(name, moment)
    if as_json:
        show_json(sheet)
        return
    typer.echo(sheet.title)
    announced = product.announced_waves(name, moment)
    show_facts(_facts(sheet, announced))
    for wave in sheet.waves:
        typer.echo(f"Vague : {wave.title}")
        show_facts(_dates(wave))
    _tell_what_it_asks(sheet)
    _tell_what_is_said(sheet, announced=bool(announced))


def _facts(sheet: CallSheet, announced: list[WaveResults]) -> Iterator[tuple[str, str | None]]:
    yield "code", sheet.code
    yield "nature", sheet.kind_title
    yield "lancé par", sheet.authority
    caveat = f" ({sheet.stage_caveat})" if sheet.stage_caveat else ""
    since = since_in_words(str(sheet.occurred_on))
    yield "étape", f"{uncapital(sheet.stage_title)}, {since}{caveat}"
    yield "enveloppe", _sourced(sheet.envelope, sheet.envelope_source) or "inconnue"
    if announced and (left := announced[0].left_cents) is not None:
        yield "en reste", f"{euros(left)}, d'après les décisions annoncées"
    yield "par dossier", _sourced(sheet.bounds, sheet.bounds_source)
    yield "source", sheet.source
    yield "règles", f"{version_in_words(sheet.journey)} ({sheet.journey})"


def _sourced(said: str | None, source: str | None) -> str | None:
    return f"{said} (source : {source})" if said and source else said


def _named(laureates: Iterable[Laureate]) -> Iterator[str]:
    for line in laureates:
        source = line.source or "aucune source citée"
        also = "".join(f", aussi en phase {phase}" for phase in line.also)
        told = date_in_words(str(line.occurred_on))
        yield f"{line.pole_name}, {told}{also} (source : {source})"


def _dates(wave: WaveLine) -> Iterator[tuple[str, str | None]]:
    left = f" ({wave.left})" if wave.left else ""
    yield "ouverture", wave.opens or "date inconnue"
    yield "clôture", f"{wave.closes or 'date inconnue, ou sans clôture'}{left}"
    yield "source", wave.source
    for put_off in wave.postponements:
        decided = date_in_words(put_off.decided_on.isoformat())
        yield "reportée", f"au {put_off.closes_at.in_words()}, décidé {decided} : {put_off.reasons}"
    if wave.announced_on:
        where = f" : {wave.announced_where}" if wave.announced_where else ""
        yield "résultats", f"annoncés {date_in_words(str(wave.announced_on))}{where}"
    else:
        yield "résultats", "aucune annonce enregistrée"


def _tell_what_it_asks(sheet: CallSheet) -> None:
    if sheet.specification:
        typer.echo(f"Cahier des charges : {sheet.specification}")
    _tell("Pièces", (f"{p.title}{'' if p.required else ' (facultative)'}" for p in sheet.parts))
    _tell("Critères", (line.title for line in sheet.criteria))
    _tell("Date qui compte", sheet.routes_in_words)
    _tell("Avis", (f"{seat.holder} ({seat.college_title})" for seat in sheet.advisers))
    _tell("Comité", sheet.committee.seats if sheet.committee else ("aucun n'est enregistré",))
    _tell(
        "Séances",
        (f"{line.held}, {MODES[line.mode]}, {line.code}" for line in sheet.sessions),
    )
    _tell(
        plural(sheet.dossiers, "dossier"),
        (f"{stage.title} : {stage.number}" for stage in sheet.dossiers_by_stage),
    )


def _tell_what_is_said(sheet: CallSheet, *, announced: bool) -> None:
    if not sheet.laureates:
        typer.echo("Aucune source enregistrée ne nomme de lauréat.")
        if announced:
            decided = f"committee show {sheet.code}"
            typer.echo(f"Les dossiers que son comité a retenus sont dits par « {decided} ».")
    for phase, lines in groupby(sheet.laureates, key=lambda line: line.phase):
        of_phase = f", phase {phase}" if phase else ""
        _tell(f"Lauréats que des sources nomment{of_phase}", _named(lines))
    for line in sheet.claims:
        typer.echo(f"« {line.statement} »{' [chiffre différent]' * line.contradicted}")
        show_facts(
            (
                ("chiffre", line.number),
                ("dit par", f"{line.author}, {date_in_words(str(line.occurred_on))}"),
                ("source", line.source or "aucune source citée"),
            )
        )


def _tell(title: str, lines: Iterable[str]) -> None:
    told = [*lines]
    if told:
        typer.echo(f"{capital(title)} :")
    for line in told:
        typer.echo(f"  - {line}")
