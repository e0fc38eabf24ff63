"""A registry in which poles are recognised: what tests of recognitions act and look with."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from application.contest import AnswerContest, ContestFact
from application.deadline import TickDeadlines
from application.member import AddMember
from application.pole import (
    FileEvidence,
    LocatePole,
    RegisterPole,
)
from application.recognition import (
    EndRecognition,
    RecordRecognition,
)
from application.register import PoleSheet, pole_sheet
from application.world import Moment
from domain.contest import ContestedBy, ContestOutcome
from domain.dates import PartialDate
from domain.membership import MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.provenance import AccountId
from domain.recognition import (
    RecognitionId,
    RecognitionKind,
)
from domain.roles import Role
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from tests import make

GROUND = "loi n° 2014-856 du 31 juillet 2014, art. 9 II"
OF_POLE = make.by(Role.POLE_REPRESENTATIVE).model_copy(update={"actor": AccountId(UUID(int=3))})
THIRD = make.by().model_copy(update={"actor": AccountId(UUID(int=4))})
SECOND = make.by().model_copy(update={"actor": AccountId(UUID(int=2))})


@dataclass
class Desk:
    """A registry where poles are recognised."""

    registry: Registry
    clock: make.Clock
    poles: list[PoleId] = field(default_factory=list)

    def pole(self, on: str, *, complete: bool = True) -> PoleId:
        """A pole, composed as article 9 I says unless told otherwise."""
        day = {"occurred_on": PartialDate(on)}
        register = RegisterPole(name=f"Pôle {len(self.poles)}", **day)
        pole = PoleId(self.registry.do(register, make.by()).answer)
        self.poles.append(pole)
        if complete:
            kinds = (
                MemberKind.ESS_ENTERPRISE,
                MemberKind.OTHER_ENTERPRISE,
                MemberKind.LOCAL_AUTHORITY,
            )
            for command in (
                *(AddMember(pole=pole, member_kind=k, name=f"Membre {k}", **day) for k in kinds),
                FileEvidence(pole=pole, evidence="strategy", title="Stratégie", **day),
                LocatePole(pole=pole, territory=Territory(words="Grasse"), **day),
            ):
                self.registry.do(command, make.by())
        return pole

    def select(self, pole: PoleId, on: str, until: str | None = None) -> RecognitionId:
        command = RecordRecognition(
            pole=pole,
            recognition_kind=RecognitionKind.SELECTION,
            code="selection",
            issuer="comité interministériel",
            ground=GROUND,
            occurred_on=PartialDate(on),
            valid_to=make.day(until) if until else None,
        )
        return RecognitionId(self.registry.do(command, make.by()).answer)

    def end(self, recognition: RecognitionId, on: str) -> None:
        command = EndRecognition(recognition=recognition, motive="fin", occurred_on=PartialDate(on))
        self.registry.do(command, make.by())

    def tick(self, *poles: PoleId) -> None:
        self.registry.do(TickDeadlines(cases=poles or tuple(self.poles)), make.by(Role.SYSTEM))

    def stages(self, pole: PoleId, *days: str | date) -> list[str]:
        size = self.registry.journal.size()
        asked = [day if isinstance(day, date) else make.day(day) for day in days]
        return [
            pole_sheet(self.registry, pole, Moment(known=size, in_force=day)).stage for day in asked
        ]

    def steps(self, pole: PoleId) -> list[tuple[str, str]]:
        events = [told.event for told in self.registry.history(pole)]
        return [(e.transition, str(e.occurred_on)) for e in events if isinstance(e, Pole.Moved)]


def contest(desk: Desk, recognition: RecognitionId, which: int, on: str) -> UUID:
    """Hold an event of a recognition otherwise: the first is its issue, the last its end."""
    fact = desk.registry.history(recognition)[which].event.meta.event_id
    command = ContestFact(
        about=fact,
        by_kind=ContestedBy.POLE,
        version=Personal(text="Ce n'est pas ainsi."),
        occurred_on=PartialDate(on),
    )
    return desk.registry.do(command, SECOND).answer


def answer(desk: Desk, contested: UUID) -> None:
    command = AnswerContest(contest=contested, outcome=ContestOutcome.REJECTED, reasons="Vérifié.")
    desk.registry.do(command, THIRD)


def sheet(desk: Desk, pole: PoleId, on: str) -> PoleSheet:
    moment = Moment(known=desk.registry.journal.size(), in_force=make.day(on))
    return pole_sheet(desk.registry, pole, moment)
