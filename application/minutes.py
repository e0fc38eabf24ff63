"""Minutes of a session, made from what is recorded: the same text, to the byte, each time.

Seats are named by their titles, which are offices; no person is. What is corrected stays readable
beside its correction. What members declared of their interests is not told, only that they did.
Content after code des relations entre le public et l'administration, article R. 133-13: who was
there, the matters dealt with, what was decided of each, the mandates.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.session import KEEPERS, SessionCommand
from application.session_vote import seat_for
from application.session_words import MODES, OUTCOMES, PRESENCES, PROPOSALS
from application.wording import CHOICES
from application.world import World
from domain.call import Call
from domain.committee import CommitteeSeat
from domain.dates import day_in_words
from domain.deliberation import TIES, Quorum, SessionTally
from domain.dossier import Dossier
from domain.kernel import Aggregate, Event, Recorded
from domain.money import euros
from domain.procedure import Procedure
from domain.roles import Role
from domain.session import Session
from domain.words import Name

A = TypeVar("A", bound=Aggregate)

OF_THE_MINUTES = (Session.MinutesDrawn, Session.MinutesApproved, Session.DeliberationSuperseded)
"""What comes of minutes, and is not in them."""


class Load(Protocol):
    """What finds an aggregate, where there is one."""

    def __call__(self, cls: type[A], id_: UUID, /) -> A | None: ...


class SeatNames:
    """What minutes call things: by titles and codes that never change."""

    def __init__(self, load: Load, call: UUID) -> None:
        self._load = load
        self._call = call

    def call(self) -> str:
        found = self._load(Call, self._call)
        return f"{found.title} ({found.code})" if found else str(self._call)

    def dossier(self, id_: UUID) -> str:
        found = self._load(Dossier, id_)
        return found.code if found else str(id_)

    def session(self, id_: UUID) -> str:
        found = self._load(Session, id_)
        return found.code if found else str(id_)


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def minutes_of(history: Sequence[Recorded], names: SeatNames) -> str:
    """The minutes of a session, of everything recorded of it but what became of its minutes."""
    told = [recorded for recorded in history if not isinstance(recorded.event, OF_THE_MINUTES)]
    return "\n".join(_lines(told, names)) + "\n"


def minutes_at(world: World, id_: UUID, until: int | None = None) -> str:
    """The minutes of a session, as known at a position of the journal."""
    history = world.history(id_, until)
    call = next(r.event.call for r in history if isinstance(r.event, Session.Convened))
    return minutes_of(history, SeatNames(world.load, call))


def _lines(told: Sequence[Recorded], names: SeatNames) -> Iterator[str]:
    events = [recorded.event for recorded in told]
    convened = next(e for e in events if isinstance(e, Session.Convened))
    opened = next((e for e in events if isinstance(e, Session.Opened)), None)
    seats = opened.seats if opened else ()
    titles = {seat.id: seat.title for seat in seats}
    yield f"PROCÈS-VERBAL DE LA SÉANCE {convened.code}"
    yield ""
    yield from _heading(told[0].in_force_from, convened, names)
    if opened:
        yield rules_in_words(opened.procedure)
        yield ""
        yield "PRÉSENCES"
        yield from _attendance(seats, events, titles)
    agenda = _agenda(events)
    yield ""
    yield "ORDRE DU JOUR"
    for number, dossier in enumerate(agenda, start=1):
        yield f"{number}. Dossier {names.dossier(dossier)}"
    yield from _again(events, names)
    yield ""
    yield "DÉLIBÉRATIONS"
    for number, dossier in enumerate(agenda, start=1):
        yield ""
        yield f"{number}. Dossier {names.dossier(dossier)}"
        said = [*_item(told, dossier, titles)]
        yield from said or ["   Rien n'a été soumis au vote."]
    yield ""
    yield from _decisions(told, agenda, names)
    closed = next((r for r in told if isinstance(r.event, Session.Closed)), None)
    if closed:
        yield ""
        yield f"La séance est close le {day_in_words(closed.in_force_from)}."


def _heading(day: date, convened: Session.Convened, names: SeatNames) -> Iterator[str]:
    yield f"Comité de l'appel {names.call()}, vague « {convened.wave} »."
    where = f", {convened.place}" if convened.place else ""
    yield f"Le {convened.held_at.in_words()}{where} ({MODES[convened.mode]})."
    if convened.until:
        yield f"Vote ouvert jusqu'au {convened.until.in_words()}."
    yield f"Convocation du {day_in_words(day)}."
    if convened.urgency:
        yield f"Délai de convocation abrégé : {convened.urgency}"
    if convened.second_of:
        first = names.session(convened.second_of)
        yield f"Seconde convocation, après la séance {first} restée sans quorum."


def rules_in_words(rules: Procedure) -> str:
    """The rules that a session follows, in a sentence."""
    return (
        f"Règles suivies : quorum de {rules.quorum} % des sièges qui votent ; "
        f"{TIES[rules.tie].fr} ; {rules.proxies_each} mandat(s) par membre ({rules.source})."
    )


def _attendance(
    seats: Sequence[CommitteeSeat], events: Sequence[Event], titles: Mapping[str, str]
) -> Iterator[str]:
    noted: dict[str, list[str]] = {}
    for event in events:
        if isinstance(event, Session.AttendanceNoted):
            by = f" par « {titles[event.proxy_to]} »" if event.proxy_to else ""
            noted.setdefault(event.seat, []).append(f"{PRESENCES[event.presence]}{by}")
    for seat in seats:
        about = ", préside" * seat.chair + ", sans voix délibérative" * (not seat.votes)
        yield f"- {seat.title}{about} : {', puis '.join(noted.get(seat.id, ['non noté']))}"


def _agenda(events: Sequence[Event]) -> tuple[UUID, ...]:
    agenda: tuple[UUID, ...] = ()
    for event in events:
        if isinstance(event, Session.Convened | Session.AgendaChanged):
            agenda = event.agenda
    return agenda


def _again(events: Sequence[Event], names: SeatNames) -> Iterator[str]:
    for event in events:
        if isinstance(event, Session.AgendaChanged):
            if event.again_of:
                code, other = names.dossier(event.added[0]), names.session(event.again_of)
                why = f" : {event.reasons}" if event.reasons else ""
                yield f"Nouvelle délibération du dossier {code}, après la séance {other}{why}"
            if event.urgency:
                yield f"Ordre du jour complété dans un délai abrégé : {event.urgency}"


def _item(told: Sequence[Recorded], dossier: UUID, titles: Mapping[str, str]) -> Iterator[str]:
    for recorded in told:
        event, day = recorded.event, day_in_words(recorded.in_force_from)
        match event:
            case Session.InterestDeclared(dossier=of) if of == dossier:
                yield from _interest(event, day, titles)
            case Session.PutToVote(dossier=of) if of == dossier:
                yield f"   Projet : {event.title}"
                yield f"   Proposition : {_proposed(event)}."
                yield f"   Motif : {event.motive}"
            case Session.BallotCorrected(dossier=of) if of == dossier:
                yield (
                    f"   Correction du {day} : le bulletin de « {titles[event.seat]} », noté "
                    f"« {CHOICES[event.was]} », est « {CHOICES[event.choice]} ». {event.reasons}"
                )
            case Session.Deliberated(dossier=of) if of == dossier:
                counted = f"{voices(event.tally)}. Quorum : {present(event.quorum)}"
                yield f"   Décompte du {day} : {counted}."
                yield f"   Résultat : {OUTCOMES[event.outcome]}."


def _interest(
    event: Session.InterestDeclared, day: str, titles: Mapping[str, str]
) -> Iterator[str]:
    struck = ", ".join(f"« {titles.get(seat, seat)} »" for seat in event.struck)
    falls = f" Ne comptent plus les bulletins de : {struck}." if struck else ""
    yield f"   S'est déporté, le {day} : « {titles.get(event.seat, event.seat)} ».{falls}"


def _proposed(event: Session.PutToVote) -> str:
    said = [PROPOSALS[event.proposal]]
    if event.rank:
        said.append(f"au rang {event.rank}")
    if event.amount_cents is not None:
        said.append(f"pour {euros(event.amount_cents)}")
    if event.support:
        said.append(f"avec cet appui : {event.support}")
    return ", ".join(said)


def voices(tally: SessionTally) -> str:
    """`4 pour, 1 contre, 1 abstention`, and how the chair voted where that decides."""
    many = "s" * (tally.abstentions > 1)
    said = f"{tally.for_} pour, {tally.against} contre, {tally.abstentions} abstention{many}"
    return said + (f" (qui préside : {CHOICES[tally.chair]})" if tally.chair else "")


def present(quorum: Quorum) -> str:
    """Who takes part, beside how many must."""
    if quorum.waived:
        return f"{quorum.present} sur {quorum.of}, aucun n'étant exigé (seconde convocation)"
    return f"{quorum.present} sur {quorum.of}, {quorum.required} exigés"


def _decisions(told: Sequence[Recorded], agenda: Sequence[UUID], names: SeatNames) -> Iterator[str]:
    session = Session.replay(told[0].stream, told)
    decided = session.standing_decisions if session else {}
    yield "DÉCISIONS"
    for dossier in agenda:
        found = decided.get(dossier)
        said = OUTCOMES[found.outcome] if found else "sans décision"
        if found and found.rank:
            said += f", rang {found.rank}"
        if found and found.amount_cents is not None:
            said += f", {euros(found.amount_cents)}"
        if found and found.support:
            said += f", {found.support}"
        yield f"- Dossier {names.dossier(dossier)} : {said}"
    total = sum(found.engaged_cents for found in decided.values())
    yield f"Montants retenus dans cette séance : {euros(total)}."


# --- drawing and approving ----------------------------------------------------------------------


def _text(work: Work, session: Session) -> str:
    return minutes_of(work.history(session.id), SeatNames(work.find, session.call))


class DrawMinutes(
    SessionCommand,
    name="session.draw_minutes",
    says="Dresser le procès-verbal d'une séance close, à partir de ce qui est enregistré.",
):
    """Draw the minutes: only the hash of their text is kept, the text is made again each time."""

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        session.draw_minutes(sha256_of(_text(work, session)), persons=work.persons, day=work.day)


class ApproveMinutes(
    SessionCommand,
    name="session.approve_minutes",
    says="Approuver le procès-verbal d'une séance : rien n'y change plus.",
):
    """Approve the minutes as they were drawn, by a member of the committee.

    Refused to who drew them, and once anything was recorded since.
    """

    ROLES = (Role.COMMITTEE_MEMBER, *KEEPERS)

    seat: Name | None = Field(
        None, description="Le siège qui approuve, si c'est enregistré pour lui ; le sien sinon."
    )

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        seat = seat_for(work, session, self.seat)
        session.approve_minutes(
            sha256_of(_text(work, session)), seat=seat, persons=work.persons, day=work.day
        )
