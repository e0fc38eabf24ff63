"""A call and the dossiers it gets, through their own commands; all of it fictitious."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from application.announcement import AnnounceResults, NotifyDecision
from application.call import MoveCall, PlanCall
from application.call_money import SetEnvelope
from application.call_specification import NameAdvisers, SpecifyCall
from application.call_wave import SetWave
from application.command import By, Command
from application.committee import ConstituteCommittee, FillSeat, MakePublic
from application.dossier import FilePart, MoveDossier
from application.dossier_arrival import SubmitDossier
from application.dossier_draft import DraftDossier
from application.dossier_review import (
    AnalyseDossier,
    AskOpinion,
    AssessCondition,
    GiveOpinion,
    NoteNoOpinion,
    RankRegion,
)
from application.pole import DesignateCarrier, LocatePole
from application.project import ProposeProject
from domain.award import NotificationChannel
from domain.call import Call, CallId
from domain.call_terms import AdviserCollege, CallKind, Part, Phase, Route
from domain.committee import CommitteeId
from domain.convocation import SessionId
from domain.deliberation import ProposedOutcome
from domain.dossier import Dossier, DossierId
from domain.eligibility import ConditionId
from domain.minute import Minute
from domain.money import cents
from domain.opinion import OpinionChoice
from domain.project import Project, ProjectId
from domain.provenance import AccountId
from domain.roles import Role
from tests import make
from tests.application import committees
from tests.application.desk import Desk, desk, person

REGION, OTHER_REGION = "Région fictive", "Autre région fictive"
WAVE = committees.WAVE
OPENS, CLOSES = "2024-06-03T09:00", "2024-06-28T12:00"
SIRET = "73282932000074"
FOLLOWED = frozenset(
    {"permanent_call", "permanent_dossier", "decree_call", "decree_dossier", "appeal"}
)

POLE = person(801, Role.POLE_REPRESENTATIVE)
INSTRUCTOR = person(802, Role.INSTRUCTOR)
REGIONAL = person(803, Role.REGIONAL_COORDINATOR)
NATIONAL = person(804, Role.COORDINATOR)
SECRETARY = committees.SECRETARY
REGISTRAR = committees.COORDINATOR


@dataclass(frozen=True)
class Season:
    """A call under way, with a committee, at a desk whose clock goes on."""

    desk: Desk
    call: CallId
    kind: CallKind = CallKind.PERMANENT

    def do(self, command: Command, by: By = REGISTRAR, on: str | None = None) -> UUID:
        return self.desk.do(command, on, by)

    def load(self, dossier: DossierId) -> Dossier:
        found = self.desk.registry.load(Dossier, dossier)
        assert found
        return found

    def state(self, dossier: DossierId, on: str = "2030-01-01") -> str | None:
        return self.load(dossier).state_on(make.day(on))

    def at(self, instant: str) -> None:
        """Let the clock of Paris go on to a minute."""
        self.desk.clock.now = Minute(instant).begins

    def project(self, number: int = 1, region: str = REGION) -> ProjectId:
        """A project of a pole of its own."""
        pole = self.desk.pole(f"Pôle fictif {number}")
        self.do(LocatePole(pole=pole, territory={"region": region}), on="2022-01-02")
        carrier = DesignateCarrier(pole=pole, name=f"Porteur fictif {number}", siret=SIRET)
        self.do(carrier, on="2022-01-03")
        proposed = ProposeProject(pole=pole, title=f"Projet fictif {number}", words="Un essai.")
        return ProjectId(self.do(proposed, on="2024-01-02"))

    def drafted(self, number: int = 1, region: str = REGION, **more: Any) -> DossierId:
        given = {"call": self.call, "project": self.project(number, region), **more}
        given.setdefault("requested", "10000")
        return DossierId(self.do(DraftDossier.model_validate(given), POLE))

    def submitted(self, number: int = 1, region: str = REGION, **more: Any) -> DossierId:
        """A dossier that its pole sent over the network, now."""
        dossier = self.drafted(number, region, **more)
        self.do(FilePart(dossier=dossier, part="budget"), POLE)
        self.do(SubmitDossier(dossier=dossier), POLE)
        return dossier

    def assessed(self, dossier: DossierId, *unmet: ConditionId) -> None:
        for condition in ConditionId:
            found = AssessCondition(
                dossier=dossier,
                condition=condition,
                met=condition not in unmet,
                reasons=f"Vu pour {condition}.",
                evidence=() if condition in unmet else ("pièce fictive",),
            )
            self.do(found, INSTRUCTOR)

    def move(self, dossier: DossierId, transition: str, by: By = REGISTRAR, **given: Any) -> None:
        self.do(MoveDossier(dossier=dossier, transition=transition, input=given), by)

    def eligible(self, number: int = 1, region: str = REGION) -> DossierId:
        dossier = self.submitted(number, region)
        self.assessed(dossier)
        self.move(dossier, "declare_eligible", INSTRUCTOR)
        return dossier

    def rank(
        self, dossiers: Sequence[DossierId], region: str = REGION, by: By = REGIONAL, **more: Any
    ) -> None:
        ranked = RankRegion(
            call=self.call,
            wave=WAVE,
            region=region,
            order=tuple(dossiers),
            reasons=tuple(f"Rang {n}." for n, _ in enumerate(dossiers, start=1)),
            **more,
        )
        self.do(ranked, by)

    def opinions(self, dossier: DossierId) -> None:
        """Every opinion asked; all given but one, which is noted as not given."""
        self.do(AskOpinion(dossier=dossier), SECRETARY)
        *given, last = self.load(dossier).opinions or [""]
        for seat in given:
            told = GiveOpinion(
                dossier=dossier, adviser=seat, choice=OpinionChoice.RESERVED, reasons="À voir."
            )
            self.do(told, SECRETARY)
        if last:
            self.do(NoteNoOpinion(dossier=dossier, adviser=last, why="délai passé"), SECRETARY)

    def brought(self, *dossiers: DossierId) -> None:
        """Bring ranked dossiers before the committee."""
        for dossier in dossiers:
            self.do(AnalyseDossier(dossier=dossier, reasons="Analyse fictive."), NATIONAL)
            self.move(dossier, "conclude_analysis", NATIONAL)
            self.opinions(dossier)
            self.move(dossier, "deliberate", SECRETARY)

    def deliberated(self, number: int, region: str = REGION) -> list[DossierId]:
        """Some dossiers of a region before the committee, once the wave is closed."""
        dossiers = [self.eligible(n, region) for n in range(1, number + 1)]
        self.at("2024-07-01T10:00")
        self.rank(dossiers, region)
        self.brought(*dossiers)
        return dossiers

    def session(
        self, decisions: dict[DossierId, ProposedOutcome], *, approve: bool = True, **more: Any
    ) -> SessionId:
        """A session that decides so, and whose minutes are approved."""
        registry = self.desk.registry
        held = self.held(decisions)
        for dossier, outcome in decisions.items():
            ranked = {"rank": 1} if outcome is ProposedOutcome.RESERVE else {}
            given: dict[str, Any] = {**ranked, **more, "on": "2024-07-15"}
            committees.decide(registry, held, dossier, outcome, **given)
        if approve:
            self.at("2024-07-22T10:00")
            committees.approved(registry, held, drawn="2024-07-20", approved="2024-07-22")
        return held

    def held(self, agenda: Sequence[DossierId] | dict[DossierId, Any]) -> SessionId:
        registry = self.desk.registry
        held = committees.convene(
            registry, self.call, [*agenda], on="2024-07-01", held_at="2024-07-15T14:00"
        )
        self.at("2024-07-15T18:00")
        committees.open_(registry, held, on="2024-07-15")
        return held

    def announce(self, on: str | None = None, by: By = SECRETARY) -> None:
        self.do(AnnounceResults(call=self.call, wave=WAVE), by, on)

    def notify(self, dossier: DossierId, sent: str, received: str | None = None) -> None:
        told = NotifyDecision(
            dossier=dossier,
            channel=NotificationChannel.REGISTERED_LETTER,
            sent_on=make.day(sent),
            received_on=make.day(received) if received else None,
        )
        self.do(told, SECRETARY)

    def support(self, dossier: DossierId) -> list[UUID]:
        project = self.desk.registry.load(Project, self.load(dossier).project)
        assert project
        return [support.dossier for support in project.supports_on(make.day("2030-01-01"))]

    def loaded_call(self) -> Call:
        found = self.desk.registry.load(Call, self.call)
        assert found
        return found


SELECT, RESERVE, REJECT = (
    ProposedOutcome.SELECT,
    ProposedOutcome.RESERVE,
    ProposedOutcome.REJECT,
)


@contextmanager
def season(
    folder: Path,
    *,
    kind: CallKind = CallKind.PERMANENT,
    envelope: str = "100000",
    routes: tuple[Route, ...] = (),
) -> Iterator[Season]:
    """A call that opened on 3 June 2024 and closes on the 28th, at noon."""
    with desk(folder, also=FOLLOWED) as made:
        yield opened(made, "essai-2024", kind=kind, envelope=envelope, routes=routes)


def opened(
    made: Desk,
    code: str,
    *,
    kind: CallKind = CallKind.PERMANENT,
    envelope: str = "100000",
    routes: tuple[Route, ...] = (),
    opens: str = OPENS,
    closes: str = CLOSES,
    phase: Phase | None = None,
) -> Season:
    """A call with its committee, its advisers and its one wave, open."""
    on = "2024-01-15"
    planned = PlanCall(
        code=code, title="Appel fictif", call_kind=kind, authority="Ministère fictif"
    )
    call = CallId(made.do(planned, on, REGISTRAR))
    this = Season(made, call, kind)
    this.do(
        SpecifyCall(
            call=call,
            title="Cahier des charges fictif",
            address="fictif.example",
            parts=(
                Part(id="budget", title="Budget"),
                Part(id="plan", title="Plan", required=False),
            ),
            routes=routes,
        ),
        on=on,
    )
    assert cents(envelope)
    this.do(SetEnvelope.model_validate({"call": call, "amount": envelope}), on=on)
    this.do(
        SetWave(
            call=call, wave=WAVE, phase=phase, opens_at=Minute(opens), closes_at=Minute(closes)
        ),
        on=on,
    )
    if kind is CallKind.DECREE:
        named = [
            {"id": f"{college[:1]}{n}", "college": college, "designated_by": "Ministère fictif"}
            for college in AdviserCollege
            for n in range(1, 7)
        ]
        this.do(NameAdvisers.model_validate({"call": call, "seats": named}), on=on)
    constituted = ConstituteCommittee(call=call, seats=committees.SEATS)
    committee = CommitteeId(this.do(constituted, on=on))
    for seat in committees.NAMES:
        account: AccountId = committees.member(seat).actor
        this.do(FillSeat(committee=committee, seat=seat, account=account), on=on)
    this.do(
        MakePublic(committee=committee, reference="arrêté fictif", address="fictif.example"), on=on
    )
    this.at(opens)
    this.do(MoveCall(call=call, transition="open"))
    return this
