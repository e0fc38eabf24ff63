"""Did any member of a committee judge a file they had an interest in (article R. 133-12)?

Code des relations entre le public et l'administration. Every act on a dossier is laid beside the
interests declared in it, whenever they were: a ballot or an opinion of somebody interested is told,
with what became of it. That an interest exists is told; which one stays sealed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from application.audit_answer import AuditAsked, AuditLine, Findings, line, numbered
from application.audit_scope import Examined, dossiers, pole_named
from application.dossier_words import OPINIONS
from application.wording import CHOICES
from domain.committee import Committee
from domain.dates import day_in_words, paris_day
from domain.dossier import Dossier
from domain.kernel import Event, Recorded
from domain.mandate import account
from domain.session import Session
from domain.spelling import same

COLUMNS = (
    *("Constat", "Dossier", "Pôle", "Acte", "Fait par", "Fait le", "Enregistré le"),
    *("Intérêt déclaré le", "Intérêt enregistré le"),
)

ACTS = ("acte d'examen", "actes d'examen")
COUNTS = "compte encore"
STRUCK = "ne compte plus : bulletin annulé"
NOT_COUNTED_AGAIN = "bulletin annulé, mais les voix n'ont pas été recomptées"
DONE_AGAIN = "ne compte plus : refait depuis par d'autres"

REVIEW: tuple[type[Event], ...] = (
    Dossier.ConditionAssessed,
    Dossier.Ranked,
    Dossier.Analysed,
    Dossier.OpinionGiven,
)
"""The acts of a review; a later one of the same kind takes the place of an earlier one."""


@dataclass(slots=True)
class Interests:
    """Who has an interest in one dossier: by person, and by seat of a session."""

    persons: dict[str, Recorded] = field(default_factory=dict)
    seats: dict[tuple[UUID, str], Recorded] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """Something done to a dossier, and who had a hand in it."""

    recorded: Recorded
    dossier: UUID
    words: str
    persons: tuple[str, ...]
    seats: tuple[str, ...] = ()
    """Of a ballot: the seat whose voice it is, and the one that gave it for it."""

    def declared(self, interests: Interests) -> Recorded | None:
        """The declaration of somebody who had a hand in it, the first one."""
        stream = self.recorded.stream
        found = [interests.seats.get((stream, seat)) for seat in self.seats]
        found += [interests.persons.get(same(person)) for person in self.persons]
        return min((one for one in found if one), key=lambda one: one.position, default=None)


def judged_with_interest(asked: AuditAsked) -> Findings:
    """Every act of somebody interested, and whether it counts."""
    examined, seats = dossiers(asked), _Seats(asked)
    acts = [act for act in [*_ballots(asked, seats), *_review(asked)] if act.dossier in examined]
    interests, rows = _interests(asked, seats), list[AuditLine]()
    for act in sorted(acts, key=lambda one: one.recorded.position):
        known = interests.get(act.dossier, Interests())
        if declared := act.declared(known):
            stands, resting = _stands(asked, act, acts, known)
            events = [act.recorded, declared, *resting]
            rows.append(_line(asked, examined[act.dossier], act, stands, declared, events))
    told = [known for id_, known in interests.items() if id_ in examined]
    wrong = any(one.says[COLUMNS[0]] in (COUNTS, NOT_COUNTED_AGAIN) for one in rows)
    return Findings(rows, _sentence(rows, len(examined), acts, told), holds=not wrong)


class _Seats:
    """Who held the seats of the committees, and which committee held which session."""

    def __init__(self, asked: AuditAsked) -> None:
        self._asked = asked
        told = ((one.stream, one.event) for one in asked.told(Session.Convened))
        convened = {id_: event for id_, event in told if isinstance(event, Session.Convened)}
        self._committees = {id_: event.committee for id_, event in convened.items()}

    def holder(self, session: UUID, seat: str, day: date) -> tuple[str, ...]:
        """The account that held a seat on a day, as a person."""
        committee = self._committees.get(session)
        known = committee and self._asked.world.load(Committee, committee, self._asked.moment.known)
        holder = known.holder_on(seat, day) if known else None
        return (account(holder.account),) if holder else ()


def _interests(asked: AuditAsked, seats: _Seats) -> dict[UUID, Interests]:
    """By dossier, the interests declared: as a member of a session, or in its review."""
    found: dict[UUID, Interests] = defaultdict(Interests)
    for one in asked.told(Session.InterestDeclared, Dossier.InterestDeclared):
        match one.event:
            case Session.InterestDeclared(dossier=dossier, seat=seat):
                of = found[dossier]
                of.seats.setdefault((one.stream, seat), one)
                for person in seats.holder(one.stream, seat, one.in_force_from):
                    of.persons.setdefault(same(person), one)
            case Dossier.InterestDeclared(person=person):
                found[one.stream].persons.setdefault(same(person), one)
    return found


def _ballots(asked: AuditAsked, seats: _Seats) -> Iterator[Act]:
    for one in asked.told(Session.BallotCast):
        event = one.event
        if not isinstance(event, Session.BallotCast):
            continue
        who = tuple(dict.fromkeys(seat for seat in (event.seat, event.cast_by) if seat))
        day = one.in_force_from
        holders = (person for seat in who for person in seats.holder(one.stream, seat, day))
        by = f", donnée par le siège « {event.cast_by} »" if event.cast_by else ""
        words = f"voix du siège « {event.seat} »{by} : {CHOICES[event.choice]}"
        persons = tuple(dict.fromkeys([*event.persons, *holders]))
        yield Act(one, event.dossier, words, persons, who)


def _review(asked: AuditAsked) -> Iterator[Act]:
    for one in asked.told(*REVIEW):
        match one.event:
            case Dossier.ConditionAssessed(condition=condition, persons=persons):
                words = f"constat de la condition {condition.value.upper()}"
            case Dossier.Ranked(region=region, persons=persons):
                words = f"classement régional ({region})"
            case Dossier.Analysed(persons=persons):
                words = "analyse nationale"
            case Dossier.OpinionGiven(adviser=adviser, choice=choice, persons=persons):
                words = f"avis {OPINIONS[choice]} du siège « {adviser} »"
            case _:
                continue
        yield Act(one, one.stream, words, persons or (account(one.event.meta.actor),))


def _stands(
    asked: AuditAsked, act: Act, acts: Sequence[Act], interests: Interests
) -> tuple[str, list[Recorded]]:
    """What became of an act of somebody interested, and the events that say so."""
    at = act.recorded.position
    if act.seats:
        for seat in act.seats:
            struck = interests.seats.get((act.recorded.stream, seat))
            if struck and struck.position > at:
                return _struck(asked, act, struck)
        return COUNTS, []
    for later in acts:
        again = later.recorded.position > at and _same_subject(act, later)
        if again and later.declared(interests) is None:
            return DONE_AGAIN, [later.recorded]
    return COUNTS, []


def _struck(asked: AuditAsked, act: Act, struck: Recorded) -> tuple[str, list[Recorded]]:
    """A ballot that fell: whether the voices were counted without it since."""
    counts = [
        one
        for one in asked.told(Session.Deliberated)
        if one.stream == act.recorded.stream
        and isinstance(one.event, Session.Deliberated)
        and one.event.dossier == act.dossier
        and one.position > act.recorded.position
    ]
    before = [one for one in counts if one.position < struck.position]
    after = [one for one in counts if one.position > struck.position]
    if before and not after:
        return NOT_COUNTED_AGAIN, before
    return STRUCK, after[-1:]


def _same_subject(act: Act, later: Act) -> bool:
    """Whether a later act of a review takes the place of an earlier one."""
    one, other = act.recorded.event, later.recorded.event
    if act.dossier != later.dossier or type(one) is not type(other):
        return False
    match one, other:
        case Dossier.ConditionAssessed(), Dossier.ConditionAssessed():
            return one.condition is other.condition
        case Dossier.OpinionGiven(), Dossier.OpinionGiven():
            return one.adviser == other.adviser
        case _:
            return True


def _line(
    asked: AuditAsked,
    begun: Examined,
    act: Act,
    stands: str,
    declared: Recorded,
    events: Sequence[Recorded],
) -> AuditLine:
    cells = [
        *(stands, begun.code, pole_named(asked, begun.pole), act.words, ", ".join(act.persons)),
        *_days(act.recorded),
        *_days(declared),
    ]
    return line(COLUMNS, cells, [begun.recorded, *events])


def _days(recorded: Recorded) -> tuple[str, str]:
    """The day of a fact, and that of its recording."""
    return day_in_words(recorded.in_force_from), day_in_words(paris_day(recorded.recorded_at))


def _sentence(
    rows: Sequence[AuditLine], dossiers: int, acts: Sequence[Act], interests: Sequence[Interests]
) -> str:
    ballots = sum(bool(act.seats) for act in acts)
    declared = {
        one.position for of in interests for one in (*of.seats.values(), *of.persons.values())
    }
    examined = (
        f"sur {numbered(dossiers, 'dossier examiné')}, {numbered(ballots, 'voix', 'voix')}, "
        f"{numbered(len(acts) - ballots, *ACTS)} et "
        f"{numbered(len(declared), 'intérêt déclaré')}"
    )
    stands = Counter(one.says[COLUMNS[0]] for one in rows)
    wrong = stands[COUNTS] + stands[NOT_COUNTED_AGAIN]
    if wrong:
        told = numbered(wrong, "acte d'une personne intéressée", "actes de personnes intéressées")
        return f"{told}, qui pèse{'nt' * (wrong > 1)} encore, {examined}."
    fallen = f" ; {numbered(len(rows), 'acte')}, qui ne compte{'nt' * (len(rows) > 1)} plus"
    beside = fallen * bool(rows)
    return f"Aucun acte d'une personne intéressée ne compte, {examined}{beside}."
