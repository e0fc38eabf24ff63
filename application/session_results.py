"""What a committee voted and decided, for those who may read it before it is announced.

Until the results of its wave are announced, votes, decisions, the cut-off line, the reserve list
and the minutes are read by members of the committee, its secretary and auditors only; whoever asks
is noted by whoever calls this.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from application.command import By
from application.envelope import engaged, is_undone
from application.exchange import ERASED
from application.minutes import minutes_at, sha256_of
from application.private_reading import mandate_in_force
from application.session_lines import (
    BallotLine,
    CountLine,
    DecisionLine,
    ItemSheet,
    MinutesSheet,
    RankedLine,
    RecusedLine,
    ReserveLine,
    SessionResults,
    VoteSheet,
    WaveResults,
)
from application.session_sheet import (
    SessionHeld,
    announced,
    call_at,
    codes,
    held,
    known_sessions,
    wave_title,
)
from application.session_vote import INTEREST
from application.wording import relation_in_words
from application.world import Moment, World, reading
from domain.call import Call
from domain.call_refusals import UnknownCall
from domain.committee import Committee
from domain.deliberation import (
    ProposedOutcome,
    Ranked,
    SessionDecision,
    SessionOutcome,
    ranking,
    reserve_list,
)
from domain.dossier import Dossier
from domain.errors import Forbidden
from domain.kernel import Event, Recorded, Role
from domain.mandate import OutsideItsReach
from domain.session import Session
from domain.session_refusals import UnknownSession
from domain.vote import Choice

READERS = (Role.COMMITTEE_MEMBER, Role.SECRETARY, Role.AUDITOR)
"""Who reads what a committee decides before it is announced (product rule)."""


class NotACommitteeReader(Forbidden):
    """What a committee decides is for those who may read it, until it is announced."""

    code = "session.reader"
    fr = (
        "Ce que le comité a voté et décidé ne se lit, avant l'annonce des résultats, que par ses "
        "membres, son secrétariat et les auditeurs : votre rôle ne le permet pas."
    )
    en = (
        "What the committee voted and decided is read, before the results are announced, by its "
        "members, its secretary and auditors only: your role does not allow it."
    )


class NotAMemberOfIt(Forbidden):
    """A member reads what their own committee decides."""

    code = "session.not_its_member"
    fr = "Vous n'occupez aucun siège de ce comité : ce qu'il décide ne se lit pas dans ce rôle."
    en = "You hold no seat in this committee: what it decides is not read in this role."


def may_read(world: World, by: By, call: UUID, day: date) -> None:
    """Refuse whoever may not read, before the announcement, what the committee of a call decides.

    Who reads none is told so first, whether there is such a call or not.
    """
    if by.role not in READERS:
        raise NotACommitteeReader(roles="")
    found = world.load(Call, call)
    if found is None:
        raise UnknownCall(name=str(call))
    if by.on_behalf_of is not None:
        mandate = mandate_in_force(world, by, day)
        if not mandate.covers(found.relations_on(day)):
            raise OutsideItsReach(relation=relation_in_words(mandate.relation), roles="")
    if by.role is Role.COMMITTEE_MEMBER:
        committee = world.load(Committee, found.committee) if found.committee else None
        if committee is None or committee.seat_of(by.actor, day) is None:
            raise NotAMemberOfIt(roles="")


def session_call(world: World, id_: UUID) -> UUID:
    """The call of a session, to ask who may read it."""
    history = world.history(id_)
    first = history[0].event if history else None
    if not isinstance(first, Session.Convened):
        raise UnknownSession(name=str(id_))
    return first.call


def session_results(
    world: World,
    id_: UUID,
    moment: Moment,
    *,
    with_words: bool = False,
    is_public: bool = False,
) -> SessionResults:
    """What a session voted and decided; for those who may read it, or once it is announced.

    Args:
        with_words: whether what members said of their interests is opened: for the secretary and
            auditors.
        is_public: whether it is for everybody, once announced: how each seat voted, and the
            minutes, which tell some of it, stay with who may read them (product rule).
    """
    there = held(world, id_, moment)
    session = there.session
    code = codes(world, session.agenda)
    shown = announced(world, session, moment) if is_public else dict.fromkeys(session.agenda)
    decided = _decisions(session, code)
    return SessionResults(
        id=id_,
        code=session.code,
        items=tuple(
            ItemSheet(
                dossier=one,
                code=code[one],
                title=_title(there.history, one),
                recused=_recused(world, there, one, with_words=with_words and not is_public),
                votes=_votes(there, one, with_ballots=not is_public),
                decision=decided.get(one),
                superseded_by=_superseded_by(world, session, one, moment, is_public=is_public),
            )
            for one in (session.agenda if not is_public else sorted(shown, key=code.__getitem__))
        ),
        minutes=None if is_public else _minutes(world, there),
    )


def session_minutes(world: World, id_: UUID, moment: Moment) -> MinutesSheet:
    """The minutes of a session; for those who may read what it voted."""
    return _minutes(world, held(world, id_, moment))


def _minutes(world: World, there: SessionHeld) -> MinutesSheet:
    text = minutes_at(world, there.session.id, there.history[-1].position)
    drawn = there.session.minutes
    return MinutesSheet(
        text=text, sha256=sha256_of(text), drawn=drawn, as_drawn=sha256_of(text) == drawn
    )


def wave_results(
    world: World, call: UUID, wave: str, moment: Moment, *, is_public: bool = False
) -> WaveResults:
    """What the committee decided of a wave: the cut-off line, the reserve list, the decisions.

    For those who may read it; or for everybody, who see only what is announced.
    """
    of = call_at(world, call, moment)
    of.wave(wave)
    every = [held(world, id_, moment).session for id_ in known_sessions(world, of, moment)]
    known = {session.id: session for session in every}
    public = {session.id: announced(world, session, moment) for session in every}

    def shows(session: Session, one: UUID) -> bool:
        """Whether a decision stands for who asks: to everybody, until the one that took its place
        is announced."""
        _, by = session.superseded.get(one, (None, None))
        if not is_public:
            return by is None
        return one in public[session.id] and (by is None or one not in public.get(by, {}))

    shown = {
        id_: {one: told for one, told in s.standing_decisions.items() if shows(s, one)}
        for id_, s in known.items()
    }
    sessions = [session for session in every if session.wave == wave]
    agenda = tuple(dict.fromkeys(one for session in sessions for one in session.agenda))
    code = codes(world, agenda)
    decided = {
        one: (found, session) for session in sessions for one, found in shown[session.id].items()
    }
    if is_public:  # the order of the agenda is a ranking, which is not announced
        agenda = tuple(sorted(decided, key=lambda one: code[one]))
    read, day = reading(world, moment), moment.in_force
    undone = {one for one, (_, s) in decided.items() if is_undone(read, s, one, day)}
    granted = engaged(read, ((known[id_], told) for id_, told in shown.items()), day)
    envelope = of.envelope_on(day)
    reserve = reserve_list((one, found) for one, (found, _) in decided.items() if one not in undone)
    outcomes = {one: found.outcome for one, (found, _) in decided.items()}
    held_to = [one for one in agenda if one not in undone]
    lines = _ranked(world, sessions, held_to, decided, envelope, moment)
    return WaveResults(
        call=call,
        call_code=of.code,
        wave=wave,
        wave_title=wave_title(of, wave),
        envelope_cents=envelope,
        granted_cents=sum(granted.get(one, 0) for one in decided),
        left_cents=None if envelope is None else envelope - sum(granted.values()),
        ranking=tuple(
            RankedLine(
                dossier=line.dossier,
                code=code[line.dossier],
                amount_cents=line.amount_cents,
                cumulated_cents=line.cumulated_cents,
                within=line.within,
                outcome=outcomes.get(line.dossier),
            )
            for line in lines
        ),
        reserve=tuple(
            ReserveLine(
                rank=rank, dossier=one, code=code[one], amount_cents=decided[one][0].amount_cents
            )
            for rank, one in reserve
        ),
        decisions=tuple(
            _decision(one, code[one], found, session).model_copy(update={"undone": one in undone})
            for one, (found, session) in decided.items()
        ),
    )


def _ranked(
    world: World,
    sessions: Iterable[Session],
    agenda: Sequence[UUID],
    decided: Mapping[UUID, tuple[SessionDecision, Session]],
    envelope: int | None,
    moment: Moment,
) -> list[Ranked]:
    """The dossiers of a wave in the order of their agendas, but those put aside or in reserve."""
    proposed = {one: vote for s in sessions for one in s.agenda if (vote := s.vote_on(one))}
    amounts = list[tuple[UUID, int | None]]()
    for one in agenda:
        found = decided.get(one)
        if found:
            if found[0].outcome is SessionOutcome.SELECTED:
                amounts.append((one, found[0].amount_cents))
            continue
        vote = proposed.get(one)
        if vote and vote.proposal.proposal is not ProposedOutcome.SELECT:
            continue
        asked = vote.proposal.amount_cents if vote else _asked(world, one, moment)
        amounts.append((one, asked))
    return ranking(amounts, envelope)


def _asked(world: World, dossier: UUID, moment: Moment) -> int | None:
    found = world.load(Dossier, dossier, moment.known)
    content = found.content_on(moment.in_force) if found else None
    return content.requested_cents if content else None


def _title(history: Iterable[Recorded], dossier: UUID) -> str | None:
    said = [
        r.event.title
        for r in history
        if isinstance(r.event, Session.PutToVote) and r.event.dossier == dossier
    ]
    return said[-1] if said else None


def _decision(dossier: UUID, code: str, found: SessionDecision, session: Session) -> DecisionLine:
    return DecisionLine(
        dossier=dossier,
        code=code,
        outcome=found.outcome,
        amount_cents=found.amount_cents,
        support=found.support,
        rank=found.rank,
        motive=found.motive,
        deliberated_on=found.deliberated_on,
        final=session.is_approved,
        session=session.code,
    )


def _decisions(session: Session, code: Mapping[UUID, str]) -> dict[UUID, DecisionLine]:
    return {
        one: _decision(one, code[one], found, session)
        for one, found in session.standing_decisions.items()
    }


def _superseded_by(
    world: World, session: Session, dossier: UUID, moment: Moment, *, is_public: bool
) -> str | None:
    told = session.superseded.get(dossier)
    if told is None:
        return None
    other = held(world, told[1], moment).session
    is_told = not is_public or dossier in announced(world, other, moment)
    return other.code if is_told else None


def _recused(
    world: World, there: SessionHeld, dossier: UUID, *, with_words: bool
) -> tuple[RecusedLine, ...]:
    titles = there.titles
    lines = []
    for recorded in there.history:
        told = recorded.event
        if not isinstance(told, Session.InterestDeclared) or told.dossier != dossier:
            continue
        words = None
        if with_words and told.words:
            opened = world.open(
                told.words, event=Session.InterestDeclared, field="words", purpose=INTEREST
            )
            words = opened or ERASED
        lines.append(
            RecusedLine(
                seat=told.seat,
                title=titles.get(told.seat, told.seat),
                declared_on=recorded.in_force_from,
                struck=tuple(titles.get(seat, seat) for seat in told.struck),
                words=words,
            )
        )
    return tuple(lines)


def _votes(there: SessionHeld, dossier: UUID, *, with_ballots: bool) -> tuple[VoteSheet, ...]:
    """The votes on a dossier, each with its counts."""
    counts = _by_vote(there.history, dossier, Session.Deliberated)
    corrected = _by_vote(there.history, dossier, Session.BallotCorrected)
    titles = there.titles
    sheets = []
    for number, vote in enumerate(there.session.votes.get(dossier, ())):
        was: dict[str, list[Choice]] = {}
        for told in corrected[number]:
            if isinstance(told.event, Session.BallotCorrected):
                was.setdefault(told.event.seat, []).append(told.event.was)
        sheets.append(
            VoteSheet(
                proposal=vote.proposal.proposal,
                amount_cents=vote.proposal.amount_cents,
                support=vote.proposal.support,
                rank=vote.proposal.rank,
                motive=vote.proposal.motive,
                ballots=tuple(
                    BallotLine(
                        seat=ballot.seat,
                        title=titles[ballot.seat],
                        choice=ballot.choice,
                        cast_by=titles[ballot.cast_by] if ballot.cast_by else None,
                        was=tuple(was.get(ballot.seat, ())),
                    )
                    for ballot in (vote.ballots.values() if with_ballots else ())
                ),
                counts=tuple(
                    CountLine(
                        counted_on=told.in_force_from,
                        outcome=told.event.outcome,
                        tally=told.event.tally
                        if with_ballots
                        else told.event.tally.model_copy(update={"chair": None}),
                        quorum=told.event.quorum,
                    )
                    for told in counts[number]
                    if isinstance(told.event, Session.Deliberated)
                ),
            )
        )
    return tuple(sheets)


def _by_vote(history: Iterable[Recorded], dossier: UUID, kind: type[Event]) -> list[list[Recorded]]:
    """Of a kind of events on a dossier, those of each of its votes, in order."""
    found: list[list[Recorded]] = []
    for recorded in history:
        if getattr(recorded.event, "dossier", None) != dossier:
            continue
        if isinstance(recorded.event, Session.PutToVote):
            found.append([])
        elif isinstance(recorded.event, kind):
            found[-1].append(recorded)
    return found
