"""Financial commitments in a registry: a pole, a funder, a convention, and who does what."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from application.command import By, Command
from application.commitment import DecideCommitment, MoveCommitment
from application.commitment_stop import SuspendCommitment
from application.condition import FindCondition, ReportCondition
from application.convention import DraftConvention, SignConvention
from application.document import FileDocument
from application.pole import RegisterPole
from application.reporting import AcceptReport, GiveReport
from application.tranche import ApproveTranche, ClaimTranche, PayTranche
from application.world import Moment
from domain.commitment import Commitment, CommitmentId
from domain.dates import PartialDate
from domain.filing import DocumentKind
from domain.pole import PoleId
from domain.provenance import AccountId
from domain.reporting import ReportKind
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from tests import make
from tests.documents import base64, pdf

SIRET = "73282932000074"
OTHER_SIRET = "55208131766522"
DAY = "2024-01-15"


def person(number: int, role: Role) -> By:
    """One of several persons, in a role."""
    return By(actor=AccountId(UUID(int=number)), role=role)


POLE, FUNDER, PAYER = (
    person(1, Role.POLE_REPRESENTATIVE),
    person(2, Role.FUNDER),
    person(3, Role.PAYER),
)
SECOND = person(4, Role.FUNDER)
"""Another person of the funder."""


@contextmanager
def registry(folder: Path, clock: make.Clock | None = None) -> Iterator[Registry]:
    """A registry with every journey that ships."""
    with make.registry(folder, clock=clock, also=make.every_other()) as made:
        yield made


def do(registry: Registry, command: Command, by: By = FUNDER, on: str = DAY) -> UUID:
    dated = command.model_copy(update={"occurred_on": PartialDate(on)})
    return registry.do(dated, by).answer


def pole(registry: Registry, name: str = "Pôle d'essai") -> PoleId:
    return PoleId(do(registry, RegisterPole(name=name), make.by(), "2022-01-01"))


def decide(
    registry: Registry, pole: PoleId, by: By = FUNDER, on: str = DAY, **more: Any
) -> CommitmentId:
    """A commitment of 60 000 €, unless said."""
    given: dict[str, Any] = {
        "funder": "Ministère d'essai",
        "funder_siret": SIRET,
        "beneficiary": "Association d'essai",
        "beneficiary_siret": OTHER_SIRET,
        "object": "Atelier partagé d'essai",
        "amount": 60_000,
        **more,
    }
    given = {name: value for name, value in given.items() if value is not None}
    return CommitmentId(do(registry, DecideCommitment(pole=pole, **given), by, on))


STATUTES = {
    "id": "statutes",
    "title": "Les statuts sont déposés",
    "kind": "evidence",
    "evidence": "statutes",
    "tranches": ["first"],
}
JOBS = {
    "id": "jobs",
    "title": "Trois emplois sont créés",
    "kind": "indicator",
    "measure": "emplois créés",
    "comparator": "at_least",
    "value": 3,
}
TRANCHES = (
    {"id": "first", "title": "Première tranche", "kind": "interim", "amount": 40_000},
    {
        "id": "balance",
        "title": "Solde",
        "kind": "balance",
        "amount": 20_000,
        "conditions": ["jobs"],
    },
)


def draft(registry: Registry, commitment: CommitmentId, on: str = DAY, **more: Any) -> None:
    given: dict[str, Any] = {
        "reference": "CONV-2024-1",
        "starts_on": date(2024, 1, 1),
        "ends_on": date(2024, 12, 31),
        "conditions": (STATUTES, JOBS),
        "tranches": TRANCHES,
        **more,
    }
    do(registry, DraftConvention(commitment=commitment, **given), on=on)


def sign(registry: Registry, commitment: CommitmentId, on: str = DAY, **more: Any) -> None:
    signed = SignConvention(
        commitment=commitment,
        funder_signatory="La sous-directrice",
        beneficiary_signatory="La présidente",
        **more,
    )
    do(registry, signed, on=on)


def in_force(registry: Registry, pole: PoleId, on: str = DAY, **more: Any) -> CommitmentId:
    """A commitment whose convention is signed."""
    made = decide(registry, pole, on=on, **more)
    draft(registry, made, on)
    sign(registry, made, on)
    return made


def meet(registry: Registry, commitment: CommitmentId, condition: str, on: str = DAY) -> None:
    """A condition reported by the pole, and found met by the funder."""
    given = {"value": 4} if condition == "jobs" else {"documents": (piece(registry, commitment),)}
    report = ReportCondition(commitment=commitment, condition=condition, **given)
    do(registry, report, POLE, on)
    found = FindCondition(commitment=commitment, condition=condition, met=True, reasons="vu")
    do(registry, found, on=on)


def piece(registry: Registry, commitment: CommitmentId) -> UUID:
    """A document on the file of the pole, to be named as evidence."""
    of = PoleId(load(registry, commitment).pole)
    content = base64(pdf("Statuts d'essai"))
    return do(registry, FileDocument(content=content, kind=DocumentKind.STATUTES, pole=of), POLE)


def claim(registry: Registry, commitment: CommitmentId, tranche: str, on: str = DAY) -> None:
    do(registry, ClaimTranche(commitment=commitment, tranche=tranche), POLE, on)


def approve(
    registry: Registry, commitment: CommitmentId, tranche: str, on: str = DAY, by: By = FUNDER
) -> None:
    do(registry, ApproveTranche(commitment=commitment, tranche=tranche), by, on)


def pay(
    registry: Registry,
    commitment: CommitmentId,
    tranche: str,
    on: str = DAY,
    by: By = PAYER,
    **more: Any,
) -> None:
    given = {"reference": f"VIR-{tranche}", **more}
    do(registry, PayTranche(commitment=commitment, tranche=tranche, **given), by, on)


def paid(registry: Registry, commitment: CommitmentId, tranche: str, on: str = DAY) -> None:
    """A tranche claimed, approved and paid, its condition met."""
    meet(registry, commitment, {"first": "statutes", "balance": "jobs"}[tranche], on)
    claim(registry, commitment, tranche, on)
    approve(registry, commitment, tranche, on)
    pay(registry, commitment, tranche, on)


def suspend(registry: Registry, commitment: CommitmentId, on: str, heard: str) -> None:
    command = SuspendCommitment(
        commitment=commitment,
        reasons="les emplois prévus ne sont pas créés",
        heard_on=date.fromisoformat(heard),
    )
    do(registry, command, on=on)


def account_for(registry: Registry, commitment: CommitmentId, year: int, on: str) -> None:
    """The three reports of a year, given and accepted."""
    for kind in ReportKind:
        about = {"commitment": commitment, "report_kind": kind, "year": year}
        do(registry, GiveReport(**about), POLE, on)
        do(registry, AcceptReport(**about), FUNDER, on)


def move(
    registry: Registry,
    commitment: CommitmentId,
    transition: str,
    on: str = DAY,
    by: By = FUNDER,
    **given: Any,
) -> None:
    command = MoveCommitment(commitment=commitment, transition=transition, input=given)
    do(registry, command, by, on)


def load(registry: Registry, commitment: UUID, until: int | None = None) -> Commitment:
    found = registry.load(Commitment, commitment, until)
    assert found
    return found


def at(registry: Registry, day: str = "2024-06-03", known: int | None = None) -> Moment:
    return Moment(known=known or registry.journal.size(), in_force=make.day(day))
