"""Who decided this, under which mandate, with which opinions?

Of each decision on record: what it is in words, the account, the role and the mandate of who
recorded it, the voices that were given, each with the seat and who held it, the opinions that had
been given by then. Nothing is told that is sealed; accounts and mandates are told by identity.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from application.audit_answer import (
    AuditAsked,
    AuditLine,
    Findings,
    by_stream,
    joined,
    line,
    numbered,
)
from application.audit_scope import Examined, commitments, dossiers, pole_named, poles
from application.dossier_words import OPINIONS
from application.mandate import principal_in_words
from application.minutes import present, voices
from application.wording import CHOICES, tell
from domain.appeal import Appeal
from domain.case import Moved
from domain.commitment import Commitment
from domain.committee import Committee
from domain.dates import day_in_words, paris_day
from domain.dossier import Dossier
from domain.journey import Journey
from domain.kernel import Event, Recorded
from domain.pole import Pole
from domain.proposal import BallotCast, VoteOpened
from domain.provenance import MandateId, Meta
from domain.recognition import Recognition
from domain.roles import ROLES
from domain.session import Session

COLUMNS = (
    *("Décision", "En quels termes", "À propos de", "Prise le", "Enregistrée le", "Compte"),
    *("Rôle", "Mandat", "Fondement", "Voix", "Avis"),
)

OF_DOSSIER: tuple[type[Event], ...] = (
    Dossier.own(Moved),
    Dossier.Decided,
    Dossier.AwardWithdrawn,
)
OF_COMMITMENT: tuple[type[Event], ...] = (
    Commitment.own(Moved),
    Commitment.Decided,
    Commitment.ConventionSigned,
    Commitment.GrantedWithoutConvention,
    Commitment.Amended,
    Commitment.TrancheApproved,
    Commitment.TranchePaid,
    Commitment.TrancheHeld,
    Commitment.TrancheCancelled,
    Commitment.FunderWithdrew,
    Commitment.AwardWithdrawn,
    Commitment.RecoveryOrdered,
    Commitment.RecoveryWaived,
)
OF_POLE: tuple[type[Event], ...] = (Pole.own(Moved),)
"""What decides of a dossier, of a commitment, of a pole."""


@dataclass(frozen=True, slots=True)
class _Decision:
    """Something decided, what it is about, and what it was decided upon."""

    recorded: Recorded
    about: str
    dossier: UUID | None = None
    voices: str = ""
    resting: tuple[Recorded, ...] = ()


def who_decided(asked: AuditAsked) -> Findings:
    """Every decision of the scope, in the order in which it was recorded."""
    found = sorted(_decisions(asked), key=lambda one: one.recorded.position)
    about = {one.dossier for one in found} - asked.hidden
    told = by_stream(asked.told(Dossier.OpinionGiven, Dossier.OpinionWithheld))
    opinions = {dossier: given for dossier, given in told.items() if dossier in about}
    rows = [
        _line(asked, one, opinions.get(one.dossier, []) if one.dossier else []) for one in found
    ]
    given = sum(map(len, opinions.values()))
    under = sum(one.recorded.event.meta.on_behalf_of is not None for one in found)
    if not rows:
        said = f"Aucune décision, sur {numbered(asked.moment.known, 'événement examiné')}."
        return Findings(rows, said)
    sentence = (
        f"{numbered(len(rows), 'décision')}, dont {under} sous un mandat, parmi "
        f"{numbered(asked.moment.known, 'événement examiné')} et {numbered(given, 'avis', 'avis')}."
    )
    return Findings(rows, sentence)


def _decisions(asked: AuditAsked) -> Iterator[_Decision]:
    scope = asked.scope
    of_dossiers = {} if scope.commitment or scope.funder else dossiers(asked)
    yield from _of(asked, OF_DOSSIER, of_dossiers)
    yield from _of(asked, (Appeal.own(Moved),), _appeals(asked, of_dossiers))
    yield from _deliberated(asked, of_dossiers)
    yield from _of(asked, OF_COMMITMENT, commitments(asked))
    if not {"call", "dossier", "commitment", "funder"}.intersection(scope.given):
        of_poles = poles(asked)
        votes = _Votes(asked)
        for one in asked.told(*OF_POLE):
            if one.stream in of_poles:
                told, resting = votes.on(one)
                yield _Decision(one, of_poles[one.stream], None, told, resting)
        for one in asked.told(Recognition.Issued, Recognition.Ended):
            pole = _pole_of(asked, one)
            if pole and pole in of_poles:
                yield _Decision(one, of_poles[pole])


def _pole_of(asked: AuditAsked, recorded: Recorded) -> UUID | None:
    known = asked.world.load(Recognition, recorded.stream, asked.moment.known)
    return known.pole if known else None


def _of(
    asked: AuditAsked, kinds: tuple[type[Event], ...], examined: dict[UUID, Examined]
) -> Iterator[_Decision]:
    for one in asked.told(*kinds) if examined else ():
        begun = examined.get(one.stream)
        if begun:
            about = f"{begun.code}, {pole_named(asked, begun.pole)}"
            yield _Decision(one, about, begun.dossier, resting=(begun.recorded,))


def _appeals(asked: AuditAsked, of_dossiers: dict[UUID, Examined]) -> dict[UUID, Examined]:
    """The appeals against what was decided of some dossiers."""
    found: dict[UUID, Examined] = {}
    for one in asked.told(Appeal.Lodged) if of_dossiers else ():
        if isinstance(one.event, Appeal.Lodged) and one.event.dossier in of_dossiers:
            of = of_dossiers[one.event.dossier]
            found[one.stream] = replace(of, id=one.stream, code=one.event.code, recorded=one)
    return found


def _deliberated(asked: AuditAsked, examined: dict[UUID, Examined]) -> Iterator[_Decision]:
    """What a committee deliberated of the dossiers, with the ballots that were counted."""
    told = asked.told(Session.BallotCast, Session.BallotCorrected, Session.InterestDeclared)
    ballots = by_stream(told)
    for one in asked.told(Session.Deliberated) if examined else ():
        event = one.event
        if not isinstance(event, Session.Deliberated) or event.dossier not in examined:
            continue
        begun = examined[event.dossier]
        counted = _counted(ballots.get(one.stream, []), event.dossier, one.position)
        seats = ", ".join(_seat(asked, ballot) for ballot in counted.values())
        said = [voices(event.tally), f"quorum : {present(event.quorum)}", seats]
        about = f"{begun.code}, {pole_named(asked, begun.pole)}"
        resting = (begun.recorded, *counted.values())
        yield _Decision(one, about, event.dossier, joined(said), resting)


def _counted(told: Iterable[Recorded], dossier: UUID, before: int) -> dict[str, Recorded]:
    """By seat, the ballot that counted in a deliberation: as it was corrected, unless struck."""
    found: dict[str, Recorded] = {}
    for one in told:
        event = one.event
        if one.position > before:
            break
        match event:
            case Session.InterestDeclared(dossier=of, struck=struck) if of == dossier:
                for seat in struck:
                    found.pop(seat, None)
            case (
                Session.BallotCast(dossier=of, seat=seat)
                | Session.BallotCorrected(dossier=of, seat=seat)
            ) if of == dossier:
                found[seat] = one
            case _:
                continue
    return found


def _seat(asked: AuditAsked, ballot: Recorded) -> str:
    """The voice of a seat, and the account and mandate by which it was held."""
    event = ballot.event
    if not isinstance(event, Session.BallotCast | Session.BallotCorrected):
        raise TypeError(event)
    session = asked.world.load(Session, ballot.stream, asked.moment.known)
    committee = session and asked.world.load(Committee, session.committee, asked.moment.known)
    holder = committee.holder_on(event.seat, ballot.in_force_from) if committee else None
    held = [f"compte {holder.account}"] if holder else []
    if holder and holder.mandate:
        held.append(_mandate(asked, holder.mandate))
    by = f" ({', '.join(held)})" if held else ""
    return f"{event.seat} : {CHOICES[event.choice]}{by}"


class _Votes:
    """The votes on steps of cases, by which some steps were taken."""

    def __init__(self, asked: AuditAsked) -> None:
        kinds = [Pole.own(kind) for kind in (VoteOpened, BallotCast)]
        self._told = by_stream(asked.told(*kinds))

    def on(self, step: Recorded) -> tuple[str, tuple[Recorded, ...]]:
        """The voices of the last vote on a step that was opened before it was taken."""
        event = step.event
        told = [one for one in self._told.get(step.stream, []) if one.position < step.position]
        opened = [
            one
            for one in told
            if isinstance(one.event, VoteOpened)
            and isinstance(event, Moved)
            and one.event.transition == event.transition
        ]
        if not opened or not isinstance(opened[-1].event, VoteOpened):
            return "", ()
        proposal = opened[-1].event.proposal
        cast = [
            (one, one.event)
            for one in told
            if isinstance(one.event, BallotCast) and one.event.proposal == proposal
        ]
        said = (
            f"{ballot.college}, {ballot.voter} : {CHOICES[ballot.choice]}" for _, ballot in cast
        )
        return " ; ".join(said), (opened[-1], *(one for one, _ in cast))


def _line(asked: AuditAsked, one: _Decision, opinions: Iterable[Recorded]) -> AuditLine:
    recorded, meta = one.recorded, one.recorded.event.meta
    title, detail = tell(recorded.event, _journey(asked, recorded.event))
    by_then = [told for told in opinions if told.position < recorded.position]
    cells = [
        *(title, detail, one.about, day_in_words(recorded.in_force_from)),
        day_in_words(paris_day(recorded.recorded_at)),
        *(str(meta.actor), ROLES[meta.role]),
        _mandate(asked, meta.on_behalf_of) if meta.on_behalf_of else "",
        _ground(meta),
        one.voices,
        " ; ".join(_opinion(told) for told in by_then),
    ]
    return line(COLUMNS, cells, [recorded, *one.resting, *by_then])


def _journey(asked: AuditAsked, event: Event) -> Journey | None:
    return asked.world.compiled(event.journey).journey if isinstance(event, Moved) else None


def _mandate(asked: AuditAsked, mandate: MandateId) -> str:
    for_whom = principal_in_words(asked.world, mandate)
    return f"mandat {mandate}" + (f", pour {for_whom}" if for_whom else "")


def _ground(meta: Meta) -> str:
    return joined([meta.ground or "", meta.reason or ""])


def _opinion(recorded: Recorded) -> str:
    match recorded.event:
        case Dossier.OpinionGiven(adviser=adviser, choice=choice):
            return f"{adviser} : {OPINIONS[choice]}"
        case Dossier.OpinionWithheld(adviser=adviser):
            return f"{adviser} : demandé et non rendu"
        case other:
            raise TypeError(other)
