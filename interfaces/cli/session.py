"""`jalon session show` and `minutes`: a session; its votes and decisions for who may read them."""

from collections.abc import Iterator
from typing import Annotated

import typer

from application.minutes import present, voices
from application.session_lines import (
    DecisionLine,
    ItemSheet,
    SessionResults,
    VoteSheet,
    WaveResults,
)
from application.session_sheet import SessionSheet
from application.session_words import MODES, OUTCOMES, PRESENCES, PROPOSALS, STANDINGS
from application.wording import CHOICES, date_in_words, uncapital
from domain.deliberation import Quorum
from domain.money import euros
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import InForce, Json, Known
from interfaces.cli.output import plural, show_facts, show_json, tell
from interfaces.cli.world import world

Name = Annotated[str, typer.Argument(metavar="CODE", help="Son code, ou son identifiant.")]
Acting = Annotated[
    Role | None,
    typer.Option("--as", help="Le rôle dans lequel on lit ce qui n'est pas annoncé ; c'est noté."),
]
Mandate = Annotated[
    str | None, typer.Option("--mandate", metavar="ID", help="Le mandat sous lequel on lit.")
]

NOT_SHOWN = (
    "Les votes et les décisions qui ne sont pas annoncés ne se lisent que par les membres du "
    "comité, son secrétariat et les auditeurs (« --as », noté à part)."
)

LEFT_OUT = (
    "Un intérêt est déclaré pour vous : rien de ce dossier ne vous est montré, ni le procès-verbal "
    "et le classement qui en parlent"
)


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "session")
    group.command("show")(show)
    group.command("minutes")(minutes)


def show(
    context: typer.Context,
    name: Name,
    as_role: Acting = None,
    under_mandate: Mandate = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Montrer une séance : ordre du jour, présences, quorum, et ce qui est annoncé.

    Avec « --as secretary », « committee_member » ou « auditor » : aussi les votes, les décisions
    et le procès-verbal, même avant l'annonce ; cette lecture est notée à part.
    """
    here = world(context)
    moment = here.product.moment(known, in_force)
    sheet = here.product.session(name, moment)
    if as_role:
        results = here.product.session_results(name, moment, here.by(as_role, under_mandate))
    else:
        results = here.product.announced_session(name, moment)
    if as_json:
        show_json({"session": sheet, "results": results})
        return
    tell_session(sheet)
    for line in sheet.agenda:
        typer.echo(f"  - {line.code}{f' — {line.title}' if line.title else ''}")
    tell_results(results)
    if results.minutes:
        typer.echo()
        typer.echo(results.minutes.text, nl=False)
    if any(item.decision for item in results.items) and not as_role:
        tell(f"procès-verbal, pour tous : « jalon session minutes {sheet.code} »")
    if not as_role:
        typer.echo(NOT_SHOWN)


def minutes(
    context: typer.Context,
    name: Name,
    as_role: Acting = None,
    under_mandate: Mandate = None,
    known: Known = None,
    in_force: InForce = None,
    as_json: Json = False,
) -> None:
    """Lire le procès-verbal d'une séance : sa partie publique, une fois ses résultats annoncés.

    Avec « --as secretary », « committee_member » ou « auditor » : le procès-verbal entier, même
    avant l'annonce ; cette lecture est notée à part.
    """
    here = world(context)
    moment = here.product.moment(known, in_force)
    if as_role is None:
        public = here.product.public_minutes(name, moment)
        if as_json:
            show_json(public)
        else:
            typer.echo(public.text, nl=False)
        return
    found = here.product.minutes(name, moment, here.by(as_role, under_mandate))
    if as_json:
        show_json(found)
        return
    typer.echo(found.text, nl=False)
    if found.drawn is None:
        typer.echo("! Ce procès-verbal n'est pas dressé.", err=True)
    elif not found.as_drawn:
        typer.echo("! Ce texte n'est plus celui qui a été dressé.", err=True)


def tell_session(sheet: SessionSheet) -> None:
    """What everybody sees of a session."""
    typer.echo(f"Séance du {sheet.held_at.in_words()}")
    show_facts(_facts(sheet))
    for seat in sheet.attendance:
        there = PRESENCES[seat.presence] if seat.presence else "présence non notée"
        by = f" par « {seat.represented_by} »" if seat.represented_by else ""
        typer.echo(f"  - {seat.title}{' (préside)' * seat.chair} : {there}{by}")
    number = plural(len(sheet.agenda), "dossier")
    typer.echo(f"  à l'ordre du jour, par numéro : {number}")


def _facts(sheet: SessionSheet) -> Iterator[tuple[str, str | None]]:
    yield "code", sheet.code
    yield "appel", f"{sheet.call_code}, {uncapital(sheet.wave_title)}"
    yield "tenue", MODES[sheet.mode] + (f", {sheet.place}" if sheet.place else "")
    yield "vote ouvert", f"jusqu'au {sheet.until.in_words()}" if sheet.until else None
    urgency = f" ; délai abrégé : {sheet.urgency}" if sheet.urgency else ""
    yield "convoquée", f"{date_in_words(sheet.convened_on.isoformat())}{urgency}"
    yield "après", f"{sheet.second_of}, restée sans quorum" if sheet.second_of else None
    yield "état", STANDINGS[sheet.standing]
    yield "quorum", _quorum(sheet.quorum) if sheet.quorum else None
    if sheet.approved_on:
        yield "approbation", f"du procès-verbal, {date_in_words(sheet.approved_on.isoformat())}"
    if sheet.announced_on:
        yield "résultats", f"annoncés {date_in_words(sheet.announced_on.isoformat())}"


def _quorum(of: Quorum) -> str:
    met = "" if of.waived else " : atteint" if of.is_met else " : non atteint"
    return f"{present(of)}{met}"


def tell_results(results: SessionResults) -> None:
    """What a session voted and decided, dossier by dossier."""
    for item in results.items:
        title = f" — {item.title}" if item.title else ""
        typer.echo(f"{item.code}{title}")
        for line in _told(item):
            typer.echo(f"  {line}")
    if results.left_out:
        typer.echo(f"{LEFT_OUT} : {', '.join(results.left_out)}.")


def _told(item: ItemSheet) -> Iterator[str]:
    for recused in item.recused:
        said = f" : {recused.words}" if recused.words else ""
        struck = f" ; bulletins annulés : {', '.join(recused.struck)}" if recused.struck else ""
        on = date_in_words(recused.declared_on.isoformat())
        yield f"s'est déporté {on} : {recused.title}{said}{struck}"
    for vote in item.votes:
        yield from _vote(vote)
    if item.decision:
        yield f"décision     {decision_in_words(item.decision)}"
        yield f"motif        {item.decision.motive}"
    if item.superseded_by:
        yield f"remplacée par une décision de la séance {item.superseded_by}"
    if not item.votes:
        yield "rien n'a été soumis au vote"


def _vote(vote: VoteSheet) -> Iterator[str]:
    rank = f", rang {vote.rank}" if vote.rank else ""
    amount = f", {euros(vote.amount_cents)}" if vote.amount_cents is not None else ""
    yield f"proposition  {PROPOSALS[vote.proposal]}{rank}{amount}"
    for ballot in vote.ballots:
        by = f", par « {ballot.cast_by} »" if ballot.cast_by else ""
        was = "".join(f", noté d'abord « {CHOICES[choice]} »" for choice in ballot.was)
        yield f"  - {ballot.title} : {CHOICES[ballot.choice]}{by}{was}"
    for count in vote.counts:
        told = f"{voices(count.tally)} ; " if count.tally else ""
        yield f"décompte     {told}quorum : {present(count.quorum)} ; {OUTCOMES[count.outcome]}"


def decision_in_words(line: DecisionLine) -> str:
    """What is decided, with rank, amount or support, and whether it is final."""
    said = [OUTCOMES[line.outcome]]
    if line.rank:
        said.append(f"rang {line.rank}")
    if line.amount_cents is not None:
        said.append(euros(line.amount_cents))
    if line.support:
        said.append(line.support)
    if not line.final:
        said.append("procès-verbal non approuvé")
    return ", ".join(said)


def tell_wave(wave: WaveResults, *, ranked: bool) -> None:
    """The decisions of a wave in order, with the cut-off line and the reserve list.

    Args:
        ranked: whether they are in the order of the committee, which everybody does not see.
    """
    typer.echo(f"{wave.wave_title} : {plural(len(wave.decisions), 'décision')}")
    envelope = euros(wave.envelope_cents) if wave.envelope_cents is not None else "inconnue"
    left = f" ; en reste {euros(wave.left_cents)}" if wave.left_cents is not None else ""
    typer.echo(f"  enveloppe {envelope} ; accordé {euros(wave.granted_cents)}{left}")
    is_drawn = False
    for number, line in enumerate(wave.ranking, start=1):
        if line.within is False and not is_drawn:
            is_drawn = True
            typer.echo("  ---- ligne de coupure : l'enveloppe s'arrête ici ----")
        amount = euros(line.amount_cents) if line.amount_cents is not None else "sans montant"
        outcome = f", {OUTCOMES[line.outcome]}" if line.outcome else ", à décider"
        place = f"{number}. " if ranked else "- "
        total = f" (cumul {euros(line.cumulated_cents)})" if ranked else ""
        typer.echo(f"  {place}{line.code} : {amount}{total}{outcome}")
    if wave.ranking and not is_drawn and wave.envelope_cents is not None:
        typer.echo("  ---- ligne de coupure : tout ce qui précède tient dans l'enveloppe ----")
    for reserved in wave.reserve:
        amount = f" : {euros(reserved.amount_cents)}" if reserved.amount_cents is not None else ""
        typer.echo(f"  réserve, rang {reserved.rank} : {reserved.code}{amount}")
    undone = [line.code for line in wave.decisions if line.undone]
    if undone:
        typer.echo(f"  sans effet depuis (retirés ou rouverts) : {', '.join(undone)}")
    put_aside = [line.code for line in wave.decisions if line.outcome == "not_selected"]
    if put_aside:
        typer.echo(f"  non retenus : {', '.join(put_aside)}")
