"""A desk where every journey is published, with a pole, a project and what is around its money."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from application.command import By
from application.commitment import DecideCommitment
from application.convention import DraftConvention, SignConvention
from application.project import ProposeProject
from domain.commitment import CommitmentId
from domain.pole import PoleId
from domain.project import ProjectId
from domain.roles import Role
from tests import make
from tests.application import desk
from tests.application.desk import Desk, person

FUNDER = person(2, Role.FUNDER)
POLE = person(1, Role.POLE_REPRESENTATIVE)
SIREN, SISTER = "552081317", "732829320"
SIRET, CARRIER = "73282932000074", "55208131766522"
DAY = "2024-01-15"


@contextmanager
def opened(folder: Path) -> Iterator[Desk]:
    """A desk where every journey that ships is published."""
    with desk.desk(folder, also=make.every_other()) as made:
        yield made


def project(at: Desk, pole: PoleId, on: str = "2022-02-01") -> ProjectId:
    command = ProposeProject(pole=pole, title="Ressourcerie", words="collecte et vente")
    return ProjectId(at.do(command, on))


def decide(at: Desk, pole: PoleId, by: By = FUNDER, on: str = DAY, **more: Any) -> CommitmentId:
    """A commitment of 60 000 €, unless said."""
    given: dict[str, Any] = {
        "funder": "Ministère d'essai",
        "funder_siret": SIRET,
        "beneficiary": "Association d'essai",
        "beneficiary_siret": CARRIER,
        "object": "Atelier partagé",
        "amount": "60000",
        **more,
    }
    given = {name: value for name, value in given.items() if value is not None}
    return CommitmentId(at.do(DecideCommitment(pole=pole, **given), on, by))


def sign(at: Desk, commitment: CommitmentId, *conditions: dict[str, Any], on: str = DAY) -> None:
    """A convention with some conditions, and one tranche of the whole."""
    tranche = {"id": "whole", "title": "Versement unique", "kind": "balance", "amount": "60000"}
    draft = DraftConvention(
        commitment=commitment,
        reference="CONV-2024-1",
        starts_on=make.day("2024-01-01"),
        ends_on=make.day("2025-12-31"),
        conditions=conditions,
        tranches=(tranche,),
    )
    at.do(draft, on, FUNDER)
    signed = SignConvention(
        commitment=commitment,
        funder_signatory="La sous-directrice",
        beneficiary_signatory="La présidente",
    )
    at.do(signed, on, FUNDER)
