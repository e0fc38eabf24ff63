"""A committee at work in a registry: a fictitious call, its seats, dossiers in deliberation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from typing_extensions import override

from application.call import PlanCall
from application.call_money import SetBounds, SetEnvelope
from application.call_wave import SetWave
from application.command import By, Command, Work
from application.committee import AdoptProcedure, ConstituteCommittee, FillSeat
from application.minutes import ApproveMinutes, DrawMinutes
from application.session import CloseSession, ConveneSession, NoteAttendance, OpenSession
from application.session_vote import Deliberate, DeliberateAgain, PutToVote, RecordBallots
from application.world import Moment
from domain.call import Call, CallId
from domain.call_terms import CallKind
from domain.committee import CommitteeId, CommitteeSeat
from domain.convocation import SessionId
from domain.dates import PartialDate
from domain.deliberation import ProposedOutcome
from domain.dossier import Content, Dossier, DossierId
from domain.minute import Minute
from domain.organisation import Organisation
from domain.procedure import Procedure
from domain.provenance import AccountId
from domain.roles import Role
from domain.session import Session
from infrastructure.event_store.registry import Registry
from tests import make

SECRETARY = By(actor=AccountId(UUID(int=900)), role=Role.SECRETARY)
COORDINATOR = By(actor=AccountId(UUID(int=901)), role=Role.REGISTRAR)
SEATS = (
    CommitteeSeat(id="chair", title="Ministère fictif chargé de l'ESS", chair=True),
    CommitteeSeat(id="two", title="Ministère fictif du logement"),
    CommitteeSeat(id="three", title="Ministère fictif de la ville"),
    CommitteeSeat(id="four", title="Caisse fictive"),
)
NAMES = tuple(seat.id for seat in SEATS)
PLANNED, CONVENED, HELD, DRAWN, APPROVED = (
    *("2024-01-15", "2024-05-02", "2024-05-15"),
    *("2024-05-20", "2024-05-22"),
)
WAVE = "v1"


def member(seat: str, role: Role = Role.COMMITTEE_MEMBER) -> By:
    """Whoever holds a seat."""
    return By(actor=AccountId(UUID(int=910 + NAMES.index(seat))), role=role)


def do(registry: Registry, command: Command, by: By = SECRETARY, on: str = HELD) -> UUID:
    dated = command.model_copy(update={"occurred_on": PartialDate(on)})
    return registry.do(dated, by).answer


@contextmanager
def registry(folder: Path, clock: make.Clock | None = None) -> Iterator[Registry]:
    """A registry with the journeys of permanent calls and their dossiers."""
    also = {"permanent_call", "permanent_dossier"}
    with make.registry(folder, clock=clock, also=also) as made:
        yield made


class _Deliberated(Command, by=(Role.REGISTRAR,)):
    """Dossiers whose instruction is over, as its own commands leave them."""

    call: UUID
    numbers: tuple[int, ...]
    wave: str = WAVE

    @override
    def execute(self, work: Work) -> UUID:
        call = work.get(Call, self.call)
        for number in self.numbers:
            dossier = Dossier.draft(
                code=f"{call.code}-{number:03}",
                call=call.id,
                wave=self.wave,
                pole=UUID(int=1000 + number),
                project=UUID(int=2000 + number),
                content=Content(
                    title=f"Projet fictif {number}",
                    applicant=Organisation(name="Porteur fictif", reason_without="essai"),
                    requested_cents=number * 10_000_00,
                    total_cents=None,
                    own_cents=None,
                ),
                region=None,
                journey="permanent_dossier@2021-05-12",
                stage="deliberation",
                occurred_on=work.occurred_on,
            )
            call.attach_dossier(dossier.id)
            work.save(dossier)
        work.save(call)
        return call.id


_Deliberated.NAME, _Deliberated.SAYS = "", ""


def call(registry: Registry, envelope: int | None = 100_000_00, code: str = "essai-2024") -> CallId:
    """A call with an envelope (in cents) and a committee of four, each seat held."""
    planned = PlanCall(
        code=code,
        title="Appel fictif 2024",
        call_kind=CallKind.PERMANENT,
        authority="Ministère fictif",
    )
    made = CallId(do(registry, planned, COORDINATOR, PLANNED))
    if envelope is not None:
        cents = f"{envelope // 100},{envelope % 100:02}"
        setting = SetEnvelope.model_validate({"call": made, "amount": cents})
        do(registry, setting, COORDINATOR, PLANNED)
    wave = SetWave(
        call=made,
        wave=WAVE,
        opens_at=Minute("2024-02-01T09:00"),
        closes_at=Minute("2024-03-01T12:00"),
    )
    do(registry, wave, COORDINATOR, PLANNED)
    constituted = ConstituteCommittee(call=made, seats=SEATS)
    committee = CommitteeId(do(registry, constituted, COORDINATOR, PLANNED))
    for seat in NAMES:
        filled = FillSeat(committee=committee, seat=seat, account=member(seat).actor)
        do(registry, filled, COORDINATOR, PLANNED)
    return made


def bounds(registry: Registry, call: CallId, minimum: str, maximum: str) -> None:
    given = {"call": call, "minimum": minimum, "maximum": maximum}
    do(registry, SetBounds.model_validate(given), COORDINATOR, PLANNED)


def adopt(registry: Registry, call: CallId, procedure: Procedure) -> None:
    committee = load_call(registry, call).committee
    assert committee
    told = procedure.model_dump(exclude={"source"})
    adopted = AdoptProcedure.model_validate({"committee": committee, "text": "essai", **told})
    do(registry, adopted, COORDINATOR, PLANNED)


def dossiers(registry: Registry, call: CallId, *numbers: int) -> list[DossierId]:
    """Dossiers in deliberation, by their numbers: each asks for that many times 10 000 €."""
    planted = _Deliberated(call=call, numbers=numbers)
    do(registry, planted, COORDINATOR, "2024-03-02")
    return [DossierId(id_) for id_ in load_call(registry, call).dossiers[-len(numbers) :]]


def load_call(registry: Registry, call: CallId) -> Call:
    found = registry.load(Call, call)
    assert found
    return found


def load(registry: Registry, session: SessionId) -> Session:
    found = registry.load(Session, session)
    assert found
    return found


def convene(
    registry: Registry,
    call: CallId,
    agenda: Sequence[DossierId],
    *,
    on: str = CONVENED,
    held_at: str = f"{HELD}T14:00",
    **more: Any,
) -> SessionId:
    convened = ConveneSession(
        call=call, wave=WAVE, held_at=Minute(held_at), dossiers=tuple(agenda), **more
    )
    return SessionId(do(registry, convened, on=on))


def open_(
    registry: Registry, session: SessionId, present: Sequence[str] = NAMES, on: str = HELD
) -> None:
    do(registry, OpenSession(session=session), on=on)
    if present:
        do(registry, NoteAttendance(session=session, present=tuple(present)), on=on)


def put(
    registry: Registry,
    session: SessionId,
    dossier: DossierId,
    proposal: ProposedOutcome = ProposedOutcome.SELECT,
    on: str = HELD,
    **more: Any,
) -> None:
    if proposal is ProposedOutcome.SELECT:
        more = {"amount": "10000", **more}
    given = {"motive": "Projet solide.", **more}
    proposed = PutToVote.model_validate(
        {"session": session, "dossier": dossier, "proposal": proposal, **given}
    )
    do(registry, proposed, on=on)


def decide(
    registry: Registry,
    session: SessionId,
    dossier: DossierId,
    proposal: ProposedOutcome = ProposedOutcome.SELECT,
    *,
    yes: Sequence[str] = NAMES,
    no: Sequence[str] = (),
    abstaining: Sequence[str] = (),
    on: str = HELD,
    **more: Any,
) -> None:
    """Put a proposal to the vote, record the ballots, and deliberate."""
    put(registry, session, dossier, proposal, on, **more)
    ballots = RecordBallots(
        session=session,
        dossier=dossier,
        in_favour=tuple(yes),
        against=tuple(no),
        abstaining=tuple(abstaining),
    )
    do(registry, ballots, on=on)
    do(registry, Deliberate(session=session, dossier=dossier), on=on)


def approved(
    registry: Registry, session: SessionId, *, drawn: str = DRAWN, approved: str = APPROVED
) -> None:
    """Close a session, draw its minutes, and let the chair approve them."""
    do(registry, CloseSession(session=session), on=drawn)
    do(registry, DrawMinutes(session=session), on=drawn)
    do(registry, ApproveMinutes(session=session), member("chair"), approved)


def again(session: SessionId, dossier: DossierId) -> DeliberateAgain:
    """That a dossier is put on the agenda again."""
    return DeliberateAgain(session=session, dossier=dossier, because="Pièce nouvelle.")


def now(registry: Registry, in_force: str = "2024-06-03") -> Moment:
    """Everything that is known, on a day."""
    return Moment(known=registry.journal.size(), in_force=make.day(in_force))
