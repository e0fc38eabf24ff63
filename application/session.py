"""Sessions of a committee: convene, hold, vote, deliberate, close, and list them.

The list shows nothing of what is decided: that is for `application.session_sheet`, and for those
who may read it until it is announced.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.dossier_list import calls_in_words, waves_in_words
from application.envelope import check_undecided, room, sessions_of
from application.listing import Listed, Listing, listing
from application.momentary import Momentary
from domain.call import Call, CallId
from domain.committee import Committee
from domain.convocation import SessionId, SessionMode, SessionStanding
from domain.dossier import Dossier, DossierId
from domain.errors import Refused
from domain.minute import Minute
from domain.roles import Role
from domain.session import Session
from domain.sitting import Presence
from domain.values import Line
from domain.words import Name

KEEPERS = (Role.SECRETARY, Role.REGISTRAR)
"""Who keeps the record of a session; the registrar enters what is on paper."""


class NotOfThisWave(Refused):
    """A session is about dossiers of one wave."""

    code = "session.other_wave"
    fr = "Le dossier {dossier} n'est pas de cet appel et de cette vague."
    en = "The dossier {dossier} is not of this call and wave."


class NoCommittee(Refused):
    """A call is decided by its committee."""

    code = "session.no_committee"
    fr = "Aucun comité n'est constitué pour l'appel {call} : constituez-le avant de le convoquer."
    en = "No committee is constituted for the call {call}: constitute it before convening it."


class SeatGivenTwice(Refused):
    """Each seat is given once."""

    code = "session.seat_twice"
    fr = "« {seat} » est donné deux fois."
    en = "“{seat}” is given twice."


class NobodyNamed(Refused):
    """Something is said of one seat at least."""

    code = "session.nobody"
    fr = "Donnez au moins un siège."
    en = "Give one seat at least."


Dossiers = Annotated[tuple[DossierId, ...], Field(max_length=1_000)]
Seats = Annotated[tuple[Name, ...], Field(max_length=200)]


def committee_of(work: Work, call: Call) -> Committee:
    if call.committee is None:
        raise NoCommittee(call=call.code)
    return work.get(Committee, call.committee)


def each_once(*groups: Iterable[str]) -> None:
    seen: set[str] = set()
    for seat in (seat for group in groups for seat in group):
        if seat in seen:
            raise SeatGivenTwice(seat=seat)
        seen.add(seat)
    if not seen:
        raise NobodyNamed


class ConveneSession(
    Momentary,
    Statement,
    name="session.convene",
    says="Convoquer le comité d'un appel, avec l'ordre du jour d'une séance.",
    by=KEEPERS,
):
    """Convene the committee of a call; interests declared in earlier sessions hold in this one."""

    call: CallId = Field(description="L'appel.")
    wave: Name = Field(description="La vague de l'appel, par son code.")
    held_at: Minute = Field(description="Début de la séance, à l'heure de Paris.")
    mode: SessionMode = Field(
        SessionMode.MEETING, description="Réunion, à distance (remote) ou vote écrit (written)."
    )
    place: Line | None = Field(None, description="Le lieu.")
    until: Minute | None = Field(None, description="Fin d'un vote écrit, à l'heure de Paris.")
    dossiers: Dossiers = Field(
        description="L'ordre du jour : les dossiers, dans l'ordre.",
        json_schema_extra={"each": "dossier"},
    )
    second_of: SessionId | None = Field(
        None,
        description="La séance restée sans quorum, dont celle-ci est la seconde convocation, "
        "sur le même ordre du jour : elle n'en exige plus.",
    )
    urgency: Line | None = Field(None, description="Pourquoi le délai de convocation est abrégé.")

    @override
    def execute(self, work: Work) -> UUID:
        call = work.get(Call, self.call)
        call.wave(self.wave)
        committee = committee_of(work, call)
        before = work.redoes(Session.Convened)
        made = Session.convene(
            code=before.code if before else f"{call.code}-seance-{len(call.sessions) + 1}",
            call=call.id,
            wave=self.wave,
            committee=committee.id,
            held_at=self.held_at,
            mode=self.mode,
            place=self.place,
            until=self.until,
            agenda=self.dossiers,
            procedure=committee.procedure_on(work.day),
            day=work.day,
            second_of=work.get(Session, self.second_of) if self.second_of else None,
            urgency=self.urgency,
        )
        if before and (known := work.world.load(Session, made.id)):
            # What was opened was held as it was convened, and its minutes say so.
            known.check_stage(SessionStanding.CONVENED)
        check_items(work, call, made, self.dossiers)
        carry_interests(work, call, made, self.dossiers)
        call.attach_session(made.id)
        work.save(made, call)
        return made.id


def check_items(work: Work, call: Call, session: Session, dossiers: Iterable[UUID]) -> None:
    """Refuse on an agenda what is of another call or wave, or decided by another session."""
    for id_ in dossiers:
        dossier = work.get(Dossier, id_)
        if (dossier.call, dossier.wave) != (call.id, session.wave):
            raise NotOfThisWave(dossier=dossier.code)
        check_undecided(work, call, session, id_)


def carry_interests(work: Work, call: Call, session: Session, dossiers: Iterable[UUID]) -> None:
    """Let an interest hold in every session: it is that of a person in a dossier (product rule).

    Whoever held the seat when it was declared is recused, by the seat they hold now.
    """
    committee = work.get(Committee, session.committee)
    for other in sessions_of(work, call):
        if other.id == session.id:
            continue
        for dossier in dossiers:
            for seat, (since, _) in other.recused.get(dossier, {}).items():
                holder = committee.holder_on(seat, since)
                now = committee.seat_of(holder.account, work.day) if holder else seat
                if now is None or now in session.recused_from(dossier):
                    continue
                session.declare_interest(
                    now,
                    dossier,
                    words=None,
                    persons=work.persons,
                    room=room(work, call, session, dossier, work.day),
                    day=work.day,
                    declared_in=other.id,
                )
                supersede_earlier(work, session, dossier)


def supersede_earlier(work: Work, session: Session, dossier: UUID) -> None:
    """Let the decision that is deliberated again give way, once a new one is taken.

    To be asked whenever voices were counted, for the first time or again.
    """
    earlier = session.again.get(dossier)
    if earlier is None or dossier not in session.in_force:
        return
    other = work.get(Session, earlier)
    if dossier in other.in_force:
        other.supersede(
            dossier, by=session.id, reasons=session.again_because[dossier], day=work.day
        )
        work.save(other)


class SessionCommand(Momentary):
    """Something done in one session."""

    ROLES: ClassVar[tuple[Role, ...]] = KEEPERS
    """Who may give it."""

    session: SessionId = Field(description="La séance.")

    @classmethod
    @override
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(by=cls.ROLES, **kwargs)

    @override
    def execute(self, work: Work) -> UUID:
        session = work.get(Session, self.session)
        self.act(work, session, work.get(Call, session.call))
        work.save(session)
        return session.id

    @abstractmethod
    def act(self, work: Work, session: Session, call: Call) -> None:
        """Do it in the session of the call."""


class ChangeAgenda(
    SessionCommand,
    name="session.change_agenda",
    says="Ajouter des dossiers à l'ordre du jour d'une séance, ou en retirer, avant son ouverture.",
):
    """Change the agenda of a session that has not opened, within the notice."""

    add: Dossiers = Field(
        (), description="Dossiers à ajouter.", json_schema_extra={"each": "add-dossier"}
    )
    remove: Dossiers = Field(
        (), description="Dossiers à retirer.", json_schema_extra={"each": "remove-dossier"}
    )
    urgency: Line | None = Field(None, description="Pourquoi le délai de convocation est abrégé.")

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        each_once(map(str, self.add), map(str, self.remove))
        check_items(work, call, session, self.add)
        session.change_agenda(
            add=self.add,
            remove=self.remove,
            procedure=work.get(Committee, session.committee).procedure_on(work.day),
            day=work.day,
            reasons=self.reason,
            urgency=self.urgency,
        )
        carry_interests(work, call, session, self.add)


class OpenSession(
    SessionCommand, name="session.open", says="Ouvrir une séance, le jour où elle se tient."
):
    """Open a session, with the committee and the rules of procedure of that day."""

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        committee = work.get(Committee, session.committee)
        session.open(
            seats=committee.seats_on(work.day),
            procedure=committee.procedure_on(work.day),
            day=work.day,
        )


class NoteAttendance(
    SessionCommand,
    name="session.note_attendance",
    says="Noter qui est présent, à distance, représenté ou absent à une séance.",
):
    """Note how members are there; what is noted again takes the place of what was."""

    present: Seats = Field((), description="Sièges présents.", json_schema_extra={"each": "here"})
    remote: Seats = Field(
        (), description="Sièges à distance.", json_schema_extra={"each": "at-a-distance"}
    )
    represented: dict[Name, Name] = Field(
        default={}, description='Sièges représentés, et par quel siège : {"etat_2": "etat_1"}.'
    )
    absent: Seats = Field((), description="Sièges absents.", json_schema_extra={"each": "away"})

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        each_once(self.present, self.remote, self.represented, self.absent)
        noted: dict[Presence, Mapping[str, str | None]] = {
            Presence.PRESENT: dict.fromkeys(self.present),
            Presence.REMOTE: dict.fromkeys(self.remote),
            Presence.ABSENT: dict.fromkeys(self.absent),
            Presence.REPRESENTED: {**self.represented},
        }
        for presence, seats in noted.items():
            for seat, proxy_to in seats.items():
                session.note_attendance(seat, presence, proxy_to=proxy_to, day=work.day)


class CloseSession(SessionCommand, name="session.close", says="Clore une séance."):
    """Put nothing more to the vote."""

    @override
    def act(self, work: Work, session: Session, call: Call) -> None:
        session.close(room=room(work, call, session, None, work.day), day=work.day)


class SessionListed(Listed):
    """A session as lists show it: nothing of its results, before or after their announcement."""

    code: str = Field(title="Séance")
    call: UUID
    call_code: str = Field(title="Appel")
    wave: str = Field(title="Vague")
    held_at: str = Field(title="Tenue")
    held_on: str
    mode: SessionMode = Field(title="Mode")
    place: str | None = Field(None, title="Lieu")
    dossiers: int = Field(title="Dossiers")
    standing: SessionStanding = Field(title="État")

    @property
    def call_page(self) -> str:
        return f"/appels/{self.call}"


SESSIONS = listing(
    Listing(
        name="session",
        line=SessionListed,
        title="Séances des comités",
        says="Les séances des comités : quand, où, et sur combien de dossiers. "
        "Ce qu'ils décident ne se lit pas avant l'annonce des résultats.",
        path="/seances",
        columns=(
            *("held_at", "call_code", "wave", "mode", "place", "dossiers", "standing", "code"),
        ),
        filters=("call_code", "mode", "standing"),
        order=("held_on", "code"),
        detail=("held_at", "/seances/"),
        leads={"call_code": "call_page"},
        words={"call_code": calls_in_words, "wave": waves_in_words},
        headings={"held_at": "Séance", "code": "Code", "held_on": "Tenue le"},
        dated="held_on",
        empty="Aucune séance n'est enregistrée.",
        begun_by="session.convene",
        about_poles=False,
    )
)
