"""What members and the secretary do in a session: interests, proposals, ballots, counts."""

from datetime import date
from uuid import UUID, uuid4

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.envelope import check_undecided, room, sessions_of
from application.session import (
    KEEPERS,
    Seats,
    SessionCommand,
    carry_interests,
    check_items,
    each_once,
    supersede_earlier,
)
from domain.call import Call
from domain.committee import Committee
from domain.deliberation import ProposedDecision, ProposedOutcome, Rank
from domain.dossier import Dossier, DossierId
from domain.errors import Forbidden, Refused
from domain.money import Euros
from domain.recording import recording
from domain.roles import Role
from domain.session import (
    Session,
)
from domain.session_refusals import NotOnTheAgenda
from domain.values import Line, Personal, Prose
from domain.vote import Choice
from domain.words import Name


class NotInDeliberation(Refused):
    """A dossier is put to the vote once its instruction is over, and as long as it is undecided."""

    code = "session.not_in_deliberation"
    fr = "Le dossier {dossier} n'est pas en délibération : il ne se met pas aux voix."
    en = "The dossier {dossier} is not in deliberation: it is not put to the vote."


class NoSeat(Forbidden):
    """Who votes sits in the committee."""

    code = "session.not_seated"
    fr = "Vous n'occupez aucun siège du comité de cet appel à cette date."
    en = "You hold no seat in the committee of this call on that day."


class OtherSeat(Forbidden):
    """A member acts for their own seat."""

    code = "session.other_seat"
    fr = "Vous occupez le siège « {own} » : vous n'agissez pas pour « {seat} »."
    en = "You hold the seat “{own}”: you do not act for “{seat}”."


class WhichSeat(Refused):
    """What is entered for somebody says for which seat."""

    code = "session.which_seat"
    fr = "Dites pour quel siège (seat) : vous l'enregistrez pour quelqu'un d'autre."
    en = "Say for which seat: you enter it for somebody else."


def own_seat(work: Work, session: Session) -> str:
    """The seat of who acts."""
    seat = work.get(Committee, session.committee).seat_of(work.actor, work.day)
    if seat is None:
        raise NoSeat(roles="")
    return seat


class DeliberateAgain(
    SessionCommand,
    name="session.deliberate_again",
    says="Remettre à l'ordre du jour d'une séance un dossier déjà décidé et approuvé.",
):
    """Put a dossier on the agenda whose decision was approved: a new one takes its place."""

    dossier: DossierId = Field(description="Le dossier.")
    because: Prose = Field(description="Pourquoi il en est délibéré de nouveau.")
    urgency: Line | None = Field(None, description="Pourquoi le délai de convocation est abrégé.")

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        earlier = next(
            (
                s
                for s in sessions_of(work, call)
                if s.id != session.id and self.dossier in s.in_force
            ),
            None,
        )
        if earlier is None:
            raise NotOnTheAgenda
        earlier.check_can_supersede(self.dossier)
        session.change_agenda(
            add=(self.dossier,),
            remove=(),
            procedure=work.get(Committee, session.committee).procedure_on(work.day),
            day=work.day,
            reasons=self.because,
            urgency=self.urgency,
            again_of=earlier.id,
        )
        check_items(work, call, session, (self.dossier,))
        carry_interests(work, call, session, (self.dossier,))


class DeclareInterest(
    SessionCommand,
    name="session.declare_interest",
    says="Déclarer un intérêt dans un dossier : le membre se déporte, et ses bulletins tombent.",
):
    """Declare an interest: whenever it is, the voice does not count, nor those given for others."""

    ROLES = (Role.COMMITTEE_MEMBER, *KEEPERS)

    dossier: DossierId = Field(description="Le dossier.")
    seat: Name | None = Field(
        None, description="Le siège, si l'intérêt est enregistré pour un membre ; le sien sinon."
    )
    words: Personal | None = Field(None, description="Quel intérêt (scellé).")

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        seat = seat_for(work, session, self.seat)
        known = session.seats or work.get(Committee, session.committee).seats_on(work.day)
        session.check_seat(seat, known)
        sealed = None
        if self.words:
            sealed = work.seal(
                self.words,
                event=Session.InterestDeclared,
                field="words",
                subject=uuid4(),
            )
        session.declare_interest(
            seat,
            self.dossier,
            words=sealed,
            persons=work.persons,
            room=room(work, call, session, self.dossier, work.day),
            day=work.day,
        )
        supersede_earlier(work, session, self.dossier)
        for other in sessions_of(work, call):
            is_due = self.dossier in other.agenda and not other.is_approved
            if other.id != session.id and is_due:
                carry_interests(work, call, other, (self.dossier,))
                work.save(other)


def seat_for(work: Work, session: Session, given: str | None) -> str:
    """The seat an act is for: one's own, or the one that is named by who keeps the record."""
    if Role.COMMITTEE_MEMBER in work.who.roles:
        own = own_seat(work, session)
        if given not in (None, own):
            raise OtherSeat(own=own, seat=given, roles="")
        return own
    if given is None:
        raise WhichSeat
    return given


class PutToVote(
    SessionCommand,
    name="session.put_to_vote",
    says="Soumettre au vote ce qui est proposé d'un dossier, avec son motif.",
):
    """Put a proposal to the vote: select with an amount or another support, reserve, or not."""

    dossier: DossierId = Field(description="Le dossier.")
    proposal: ProposedOutcome = Field(
        description="Retenir (select), mettre en réserve (reserve) ou ne pas retenir (reject)."
    )
    amount: Euros | None = Field(None, description="Montant proposé, en euros.")
    support: Line | None = Field(None, description="Autre forme d'appui proposée.")
    rank: Rank | None = Field(None, description="Rang sur la liste de réserve.")
    motive: Prose = Field(description="Motif de la décision proposée, sans nommer personne.")

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        session.check_item(self.dossier)
        dossier = check_deliberated(work, call, session, self.dossier)
        proposal = ProposedDecision(
            proposal=self.proposal,
            amount_cents=self.amount,
            support=self.support,
            rank=self.rank,
            motive=self.motive,
        )
        session.put_to_vote(
            self.dossier,
            proposal,
            title=dossier.title,
            room=room(work, call, session, self.dossier, work.day),
            bounds=call.bounds_on(work.day),
            day=work.day,
            after=dossier.reopened_on(date.max),
        )


def check_deliberated(work: Work, call: Call, session: Session, id_: UUID) -> Dossier:
    """Refuse what is not to be decided: not in deliberation, or decided by another session."""
    dossier = work.get(Dossier, id_)
    if not dossier.is_before_the_committee(work.day):
        raise NotInDeliberation(dossier=dossier.code)
    check_undecided(work, call, session, id_)
    return dossier


class CastVote(
    SessionCommand, name="session.vote", says="Voter sur un dossier, en séance ou par écrit."
):
    """Vote by the seat that one holds, or for the one that gave its proxy to that seat."""

    ROLES = (Role.COMMITTEE_MEMBER,)

    dossier: DossierId = Field(description="Le dossier.")
    choice: Choice = Field(description="Le sens de la voix : pour, contre ou abstention.")
    proxy_of: Name | None = Field(
        None, description="Le siège que l'on représente ; le sien propre sinon."
    )

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        own = own_seat(work, session)
        session.cast(
            self.dossier,
            self.proxy_of or own,
            self.choice,
            cast_by=own if self.proxy_of else None,
            persons=work.persons,
            day=work.day,
            received=recording().now,
        )


class RecordBallots(
    SessionCommand,
    name="session.record_ballots",
    says="Enregistrer les votes de plusieurs sièges sur un dossier, comme ils ont été exprimés.",
):
    """Record how seats voted; for one that is represented, by the seat that has its proxy."""

    dossier: DossierId = Field(description="Le dossier.")
    in_favour: Seats = Field((), description="Pour.", json_schema_extra={"each": "for"})
    against: Seats = Field((), description="Contre.", json_schema_extra={"each": "opposed"})
    abstaining: Seats = Field((), description="Abstentions.", json_schema_extra={"each": "abstain"})

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        each_once(self.in_favour, self.against, self.abstaining)
        said = {
            Choice.FOR: self.in_favour,
            Choice.AGAINST: self.against,
            Choice.ABSTAIN: self.abstaining,
        }
        for choice, seats in said.items():
            for seat in seats:
                at = session.attendance.get(seat)
                session.cast(
                    self.dossier,
                    seat,
                    choice,
                    cast_by=at.proxy_to if at else None,
                    persons=work.persons,
                    day=work.day,
                )


class CorrectBallot(
    SessionCommand,
    name="session.correct_ballot",
    says="Corriger un bulletin contesté, avant l'approbation du procès-verbal.",
):
    """Correct a contested ballot: the voices are counted again, the earlier count stays read."""

    dossier: DossierId = Field(description="Le dossier.")
    seat: Name = Field(description="Le siège dont le bulletin est corrigé.")
    choice: Choice = Field(description="Ce que ce bulletin disait.")
    because: Prose = Field(description="Pourquoi il est corrigé.")

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        session.correct_ballot(
            self.dossier,
            self.seat,
            self.choice,
            reasons=self.because,
            persons=work.persons,
            room=room(work, call, session, self.dossier, work.day),
            day=work.day,
        )
        supersede_earlier(work, session, self.dossier)


class Deliberate(
    SessionCommand,
    name="session.deliberate",
    says="Constater le quorum et le résultat du vote sur un dossier.",
):
    """Count the voices on a dossier, and say what is deliberated."""

    dossier: DossierId = Field(description="Le dossier.")

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        session.check_item(self.dossier)
        check_deliberated(work, call, session, self.dossier)
        session.deliberate(
            self.dossier,
            room=room(work, call, session, self.dossier, work.day),
            day=work.day,
        )
        supersede_earlier(work, session, self.dossier)
