"""Who is written to when something is recorded, and what the letter says of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from application.account import accounts
from application.case import KINDS
from application.inbox import InboxLine
from application.mandate import mandates_in_force
from application.wording import date_in_words, instant_in_words, tell, uncapital
from application.world import Moment, World
from domain.appeal import Appeal
from domain.campaign import UpdateRequest
from domain.charter import CharterSignature
from domain.commitment import Commitment
from domain.committee import Committee
from domain.contribution import Contribution
from domain.dates import paris_day
from domain.dossier import Dossier
from domain.kernel import EVENTS, Aggregate, Event, Recorded
from domain.mandate import reaches
from domain.message import MessageKind
from domain.overdue import FellDue, Reminded
from domain.pole import Pole
from domain.provenance import AccountId, Kind
from domain.recognition import Recognition
from domain.roles import Role
from domain.session import Session

RECENT = timedelta(days=30)
"""What happened longer before it was recorded is history: nobody is written to (product rule)."""

Addressees = Callable[[World, Recorded, Any], Iterable[UUID]]
"""The accounts that are written to about an event of a thing."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter to be written."""

    kind: MessageKind
    to: AccountId
    facts: Mapping[str, str]
    """What its text names; `page` is the address at which it is read, without the host."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """That something recorded is written about: by which letter, to whom, read where."""

    kind: MessageKind
    of: type[Aggregate] | None
    """What it happens to; `None` where the event says of which case."""
    page: str
    to: Addressees


# --- who ------------------------------------------------------------------------------------------


def _who_did(_: World, told: Recorded, __: Aggregate) -> Iterator[UUID]:
    yield told.event.meta.actor


def _who_began(world: World, told: Recorded, _: Aggregate) -> Iterator[UUID]:
    yield world.history(told.stream)[0].event.meta.actor


def _members(world: World, told: Recorded, session: Session) -> Iterator[UUID]:
    """Those who sit on a committee on the day for which it is convened."""
    day = paris_day(session.held_at.begins)
    committee = world.load(Committee, session.committee, told.position)
    for seat in committee.seats_on(day) if committee else ():
        holder = committee.holder_on(seat.id, day) if committee else None
        if holder:
            yield holder.account


def _representatives(world: World, told: Recorded, about: Any) -> Iterator[UUID]:
    """Those who represent the pole that a thing is about, by their account or under a mandate."""
    day = paris_day(world.clock())
    relations = about.relations_on(day)
    for account in accounts(world):
        held = account.holds(Role.POLE_REPRESENTATIVE, day)
        if held and reaches(held, relations):
            yield account.id
    for mandate in mandates_in_force(world, Moment(known=told.position, in_force=day)):
        if mandate.role is Role.POLE_REPRESENTATIVE and reaches({mandate.relation}, relations):
            yield mandate.holder


OCCASIONS: Mapping[type[Event], Occasion] = {
    CharterSignature.Signed: Occasion(
        MessageKind.RECEIPT, CharterSignature, "/signatures/{id}", _who_did
    ),
    CharterSignature.MemberSigned: Occasion(
        MessageKind.RECEIPT, CharterSignature, "/signatures/{id}", _who_did
    ),
    Dossier.Submitted: Occasion(MessageKind.RECEIPT, Dossier, "/dossiers/{id}", _who_did),
    Appeal.Lodged: Occasion(MessageKind.RECEIPT, Appeal, "/recours/{id}", _who_did),
    Commitment.ReportReceived: Occasion(
        MessageKind.RECEIPT, Commitment, "/engagements-financiers/{id}", _who_did
    ),
    UpdateRequest.Confirmed: Occasion(
        MessageKind.RECEIPT, UpdateRequest, "/poles/{pole}", _who_did
    ),
    Contribution.Received: Occasion(MessageKind.RECEIPT, Contribution, "/contributions", _who_did),
    Contribution.Published: Occasion(
        MessageKind.DECISION, Contribution, "/contributions", _who_began
    ),
    Contribution.Refused: Occasion(
        MessageKind.DECISION, Contribution, "/contributions", _who_began
    ),
    Session.Convened: Occasion(MessageKind.CONVOCATION, Session, "/seances/{id}", _members),
    Dossier.Notified: Occasion(MessageKind.DECISION, Dossier, "/dossiers/{id}", _representatives),
    Recognition.Issued: Occasion(
        MessageKind.DECISION, Recognition, "/poles/{pole}#reconnaissances", _representatives
    ),
    Recognition.Ended: Occasion(
        MessageKind.DECISION, Recognition, "/poles/{pole}#reconnaissances", _representatives
    ),
    Commitment.TrancheHeld: Occasion(
        MessageKind.DECISION, Commitment, "/engagements-financiers/{id}", _representatives
    ),
    Commitment.ReportReturned: Occasion(
        MessageKind.DECISION, Commitment, "/engagements-financiers/{id}", _representatives
    ),
    UpdateRequest.Sent: Occasion(
        MessageKind.REMINDER, UpdateRequest, "/poles/{pole}", _representatives
    ),
    UpdateRequest.Reminded: Occasion(
        MessageKind.REMINDER, UpdateRequest, "/poles/{pole}", _representatives
    ),
    Reminded: Occasion(MessageKind.REMINDER, None, "/poles/{pole}#manque", _representatives),
    FellDue: Occasion(MessageKind.REMINDER, None, "/poles/{pole}#manque", _representatives),
}
"""What is written about, and how (product rule)."""

TOPICS = [topic for topic, known in EVENTS.items() if issubclass(known, (*OCCASIONS,))]
"""The topics of the events that are written about."""


# --- what -----------------------------------------------------------------------------------------


def letters(world: World, told: Recorded) -> Iterator[Writing]:
    """The letters to be written about an event: one to each account, of those that are open."""
    event = told.event
    occasion = next((found for cls, found in OCCASIONS.items() if isinstance(event, cls)), None)
    if occasion is None or event.kind is not Kind.ASSERT:
        return
    if told.in_force_from < paris_day(told.recorded_at) - RECENT:
        return
    about = world.load(occasion.of or _case_of(event), told.stream, told.position)
    if about is None:
        return
    known = {account.id for account in accounts(world) if not account.is_suspended}
    facts = _facts(world, told, about)
    page = occasion.page.format(id=about.id, pole=_pole_of(about))
    for account in dict.fromkeys(occasion.to(world, told, about)):
        if account in known:
            yield Writing(occasion.kind, AccountId(account), {**facts, "page": page})


def _case_of(event: Event) -> type[Aggregate]:
    own = Reminded if isinstance(event, Reminded) else FellDue
    return next(kind for kind in KINDS if kind.own(own) is type(event))


def _pole_of(about: Any) -> UUID | None:
    return about.id if isinstance(about, Pole) else getattr(about, "pole", None)


def _facts(world: World, told: Recorded, about: Any) -> dict[str, str]:
    event, pole = told.event, _pole_of(about)
    deadline = event if isinstance(event, Reminded | FellDue) else None
    journey = world.compiled(deadline.journey).journey if deadline else None
    title, detail = tell(event, journey)
    named = world.load(Pole, pole, told.position) if pole else None
    return {
        "what": title,
        "detail": detail if deadline else "",
        "pole": named.name_on(told.in_force_from) if named else "",
        "number": str(told.position),
        "when": instant_in_words(told.recorded_at),
        **(_of_session(about) if isinstance(about, Session) else {}),
    }


TOLD_BY_NAME = 20
"""How many of the things that wait a digest names."""


def digest(
    account: UUID, waiting: Sequence[InboxLine], before: Sequence[InboxLine]
) -> Writing | None:
    """The digest of what waits for somebody since an earlier day; none where there is no more."""
    known = {key for line in before for key in _waits(line)}
    more = [said for line in waiting for key, said in _waits(line).items() if key not in known]
    if not more:
        return None
    facts = {
        "number": f"{len(more)} chose{'s' * (len(more) > 1)}",
        "lines": "\n".join(f"- {said}" for said in more[:TOLD_BY_NAME]),
        "more": str(max(len(more) - TOLD_BY_NAME, 0) or ""),
        "page": "/a-faire",
    }
    return Writing(MessageKind.DIGEST, AccountId(account), facts)


def _waits(line: InboxLine) -> dict[tuple[UUID, str], str]:
    """Each thing that a line waits for, as a digest names it."""
    return {
        (line.id, wait.key): f"{line.name} : {uncapital(wait.title)}"
        + (f", pour {date_in_words(wait.due.isoformat())}" if wait.due else "")
        for wait in line.waits
    }


def _of_session(session: Session) -> dict[str, str]:
    return {"held": session.held_at.in_words(), "place": session.place or ""}
