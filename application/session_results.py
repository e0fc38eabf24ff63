"""What a committee voted and decided, for those who may read it before it is announced.

Until the results of its wave are announced, votes, decisions, the cut-off line, the reserve list
and the minutes are read by members of the committee, its secretary and auditors only; whoever asks
is noted by whoever calls this.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from application.minutes import minutes_at, sha256_of
from application.personal import opened
from application.session_lines import (
    BallotLine,
    CountLine,
    DecisionLine,
    ItemSheet,
    MinutesSheet,
    RecusedLine,
    SessionResults,
    VoteSheet,
)
from application.session_sheet import SessionHeld, announced, codes, held
from application.world import Moment, World
from domain.deliberation import SessionDecision, SessionTally
from domain.kernel import Event, Recorded
from domain.procedure import Procedure
from domain.session import Session
from domain.vote import Choice


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
            minutes, which tell some of it, stay with who may read them (product rule), and so do
            the counts of the voices, unless the rules of procedure publish them. The public part
            of the minutes is `application.public_minutes`.
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


def _title(history: Iterable[Recorded], dossier: UUID) -> str | None:
    said = [
        r.event.title
        for r in history
        if isinstance(r.event, Session.PutToVote) and r.event.dossier == dossier
    ]
    return said[-1] if said else None


def decision_line(
    dossier: UUID, code: str, found: SessionDecision, session: Session
) -> DecisionLine:
    """A decision of a session as it is shown."""
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
        one: decision_line(one, code[one], found, session)
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
            words = opened(world, told.words, event=Session.InterestDeclared, field="words")
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
    titles, rules = there.titles, there.session.procedure
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
                        else _published(told.event.tally, rules),
                        quorum=told.event.quorum,
                    )
                    for told in counts[number]
                    if isinstance(told.event, Session.Deliberated)
                ),
            )
        )
    return tuple(sheets)


def _published(tally: SessionTally, rules: Procedure | None) -> SessionTally | None:
    """What everybody reads of a count, by the rules of procedure: nothing unless they say so."""
    is_told = rules is not None and rules.tallies
    return tally.model_copy(update={"chair": None}) if is_told else None


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
