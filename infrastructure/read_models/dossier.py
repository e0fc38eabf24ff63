"""Dossiers, each with the stage it stands at and what is announced of it."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.dossier_list import DossierListed
from application.dossier_words import DOSSIER_STATES, awarded
from domain.award import DossierOutcome
from domain.case import Migrated, Moved
from domain.dossier import Dossier
from domain.kernel import Event, Recorded
from domain.money import euros
from infrastructure.read_models.case import CaseModel

DECIDED = frozenset(DossierOutcome)
"""The stages in which an announced decision stands; they are called as it is."""

NOTHING: dict[str, Any] = {
    "outcome": None,
    "amount_cents": None,
    "awarded": None,
    "award_withdrawn_on": None,
}


class DossierModel(CaseModel, name="dossier", line=DossierListed, stages=DOSSIER_STATES):
    """Follows the dossiers through their journey. It reads no session, and no review."""

    events: tuple[type[Event], ...] = (
        Dossier.Drafted,
        Dossier.Revised,
        Dossier.Decided,
        Dossier.AwardWithdrawn,
        Dossier.own(Moved),
        Dossier.own(Migrated),
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Dossier.Drafted() as drafted:
                self.begin(
                    tx,
                    recorded,
                    pole=drafted.pole,
                    code=drafted.code,
                    call=drafted.call,
                    call_code=drafted.code.rpartition("-")[0],
                    wave=drafted.wave,
                    project=drafted.project,
                    region=drafted.region,
                    **self.followed(recorded, drafted.journey),
                    **_content(drafted),
                    **self.entered(recorded, drafted.stage),
                )
            case Dossier.Revised() as revised:
                self.change(tx, recorded, **_content(revised))
            case Dossier.Decided(outcome=outcome, amount_cents=amount, support=support):
                given = awarded(amount, support) or None
                self.change(tx, recorded, outcome=outcome, amount_cents=amount, awarded=given)
            case Dossier.AwardWithdrawn():  # what was announced stays so; nothing is left of it
                since = recorded.in_force_from
                left: dict[str, Any] = {"amount_cents": None, "awarded": None}
                self.change(tx, recorded, **left, award_withdrawn_on=since)
            case Moved(from_=left_stage, to=stage):
                self.follow(tx, recorded)
                if left_stage in DECIDED and stage not in DECIDED:  # it is reopened
                    self.change(tx, recorded, **NOTHING)
            case _:
                self.follow(tx, recorded)


def _content(told: Dossier.Drafted | Dossier.Revised) -> dict[str, Any]:
    asked = told.requested_cents
    return {
        "title": told.title,
        "applicant": told.applicant.name,
        "requested_cents": asked,
        "requested": None if asked is None else euros(asked),
    }
