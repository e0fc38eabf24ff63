"""What a committee decided of a wave: the cut-off line, the reserve list, the decisions."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from application.envelope import engaged, is_undone
from application.session_lines import RankedLine, ReserveLine, WaveResults
from application.session_results import decision_line
from application.session_sheet import announced, call_at, codes, held, known_sessions, wave_title
from application.world import Moment, World, reading
from domain.deliberation import (
    ProposedOutcome,
    Ranked,
    SessionDecision,
    SessionOutcome,
    ranking,
    reserve_list,
)
from domain.dossier import Dossier
from domain.session import Session


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
            decision_line(one, code[one], found, session).model_copy(
                update={"undone": one in undone}
            )
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
