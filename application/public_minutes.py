"""The public part of the minutes of a session, for everybody, once its results are announced.

It is made of what everybody may read already, so that it can tell nothing more: when and where,
under which rules, which offices sat and how they were there, the quorum, then each decision that is
announced, with its motive and its amount. How each seat voted is not told; the counts of the voices
only where the rules of procedure publish them, for a count without a voice against tells how each
seat voted (product rule).
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from application.minutes import present, rules_in_words, voices
from application.session_lines import DecisionLine, ItemSheet
from application.session_results import session_results
from application.session_sheet import SeatLine, SessionSheet, held, session_sheet
from application.session_words import MODES, OUTCOMES, PRESENCES
from application.world import Moment, World
from domain.call import Call
from domain.dates import day_in_words
from domain.dossier import Dossier
from domain.errors import NotFound
from domain.money import euros
from domain.values import Frozen


class NotAnnouncedYet(NotFound):
    """Nothing of the minutes is for everybody before results are announced."""

    code = "session.not_announced"
    fr = (
        "Le procès-verbal de cette séance ne se lit pas par tous avant l'annonce de ses "
        "résultats : d'ici là, il se lit par les membres du comité, son secrétariat et les "
        "auditeurs."
    )
    en = (
        "The minutes of this session are not for everybody before its results are announced: until "
        "then they are read by the members of the committee, its secretary and auditors."
    )


class DecisionTold(Frozen):
    """A decision that is announced, line by line."""

    dossier: UUID
    code: str
    title: str | None
    lines: tuple[str, ...]


class PublicMinutes(Frozen):
    """The public part of the minutes of a session."""

    session: UUID
    code: str
    announced_on: date | None
    """Since when everything it decided is public; nothing while a part of it is not."""
    heading: tuple[str, ...]
    seats: tuple[str, ...]
    quorum: str
    decisions: tuple[DecisionTold, ...]
    note: str
    text: str
    """All of it."""


NOTE = (
    "Partie publique du procès-verbal : ce qui est annoncé, et rien de plus. Comment chaque "
    "siège a voté ne se publie pas."
)


def public_minutes(world: World, id_: UUID, moment: Moment) -> PublicMinutes:
    """The public part of the minutes at a moment; refused before anything is announced."""
    results = session_results(world, id_, moment, is_public=True)
    if not any(item.decision for item in results.items):
        raise NotAnnouncedYet
    sheet = session_sheet(world, id_, moment)
    call = world.load(Call, sheet.call, moment.known)
    rules = held(world, id_, moment).session.procedure
    heading = [*_heading(sheet, call.title if call else sheet.call_code)]
    if rules:
        heading.append(rules_in_words(rules))
    decisions = tuple(
        _told(item, item.decision, _reopened(world, id_, item.dossier, moment))
        for item in results.items
        if item.decision
    )
    made = PublicMinutes(
        session=id_,
        code=sheet.code,
        announced_on=sheet.announced_on,
        heading=tuple(heading),
        seats=tuple(_seat(line) for line in sheet.attendance),
        quorum=_quorum(sheet),
        decisions=decisions,
        note=NOTE,
        text="",
    )
    return made.model_copy(update={"text": "\n".join(_lines(made)) + "\n"})


def _heading(sheet: SessionSheet, title: str) -> Iterator[str]:
    yield f"Comité de l'appel « {title} » ({sheet.call_code}), vague « {sheet.wave_title} »."
    where = f", {sheet.place}" if sheet.place else ""
    yield f"Le {sheet.held_at.in_words()}{where} ({MODES[sheet.mode]})."
    if sheet.until:
        yield f"Vote ouvert jusqu'au {sheet.until.in_words()}."
    yield f"Convocation du {day_in_words(sheet.convened_on)}."
    if sheet.urgency:
        yield f"Délai de convocation abrégé : {sheet.urgency}"
    if sheet.second_of:
        yield f"Seconde convocation, après la séance {sheet.second_of} restée sans quorum."
    if sheet.approved_on:
        yield f"Procès-verbal approuvé le {day_in_words(sheet.approved_on)}."
    if sheet.announced_on:
        yield f"Résultats annoncés le {day_in_words(sheet.announced_on)}."


def _seat(line: SeatLine) -> str:
    about = ", préside" * line.chair + ", sans voix délibérative" * (not line.votes)
    there = PRESENCES[line.presence] if line.presence else "présence non notée"
    by = f" par « {line.represented_by} »" if line.represented_by else ""
    return f"{line.title}{about} : {there}{by}"


def _quorum(sheet: SessionSheet) -> str:
    if sheet.quorum is None:
        return "Le quorum se compte dossier par dossier."
    return f"Quorum : {present(sheet.quorum)}."


def _reopened(world: World, id_: UUID, dossier: UUID, moment: Moment) -> date | None:
    """When a dossier was reopened after what this session decided of it was announced."""
    found = world.load(Dossier, dossier, moment.known)
    known = found.decisions if found else ()
    days = (
        found.reopened_since(told.value, moment.in_force)
        for told in known
        if found and told.value.session == id_
    )
    return next((day for day in days if day), None)


def _told(item: ItemSheet, found: DecisionLine, reopened: date | None) -> DecisionTold:
    return DecisionTold(
        dossier=item.dossier,
        code=item.code,
        title=item.title,
        lines=tuple(_decision(item, found, reopened)),
    )


def _decision(item: ItemSheet, found: DecisionLine, reopened: date | None) -> Iterator[str]:
    said = OUTCOMES[found.outcome]
    if found.rank:
        said += f", rang {found.rank}"
    if found.amount_cents is not None:
        said += f", {euros(found.amount_cents)}"
    if found.support:
        said += f", {found.support}"
    yield f"Décision du {day_in_words(found.deliberated_on)} : {said}."
    yield f"Motif : {found.motive}"
    if item.recused:
        yield f"Ne prend pas part : {', '.join(line.title for line in item.recused)}."
    counts = item.votes[-1].counts if item.votes else ()
    if counts:
        tally = f" {voices(counts[-1].tally)}." if counts[-1].tally else ""
        yield f"Quorum : {present(counts[-1].quorum)}.{f' Voix :{tally}' if tally else ''}"
    if item.superseded_by:
        yield f"Remplacée depuis par une décision de la séance {item.superseded_by}."
    if reopened:
        yield f"Ne tient plus : le dossier a été rouvert le {day_in_words(reopened)}."


def _lines(made: PublicMinutes) -> Iterator[str]:
    yield f"PROCÈS-VERBAL DE LA SÉANCE {made.code} (partie publique)"
    yield ""
    yield from made.heading
    yield ""
    yield "PRÉSENCES"
    yield from (f"- {seat}" for seat in made.seats)
    yield made.quorum
    yield ""
    yield "DÉCISIONS ANNONCÉES"
    for told in made.decisions:
        yield ""
        yield f"Dossier {told.code}{f' — {told.title}' if told.title else ''}"
        yield from (f"   {line}" for line in told.lines)
    yield ""
    yield made.note
