"""Dossiers, each with the stage it stands at and what is announced of it."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.dossier import DossierListed
from application.dossier_words import DOSSIER_STATES, awarded
from domain.award import DossierOutcome
from domain.case import Migrated, Moved
from domain.dossier import Dossier
from domain.kernel import Event, Recorded
from domain.money import euros
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel, resting_on

DECIDED = frozenset(DossierOutcome)
"""The stages in which an announced decision stands; they are called as it is."""

NOTHING: dict[str, Any] = {"outcome": None, "amount_cents": None, "awarded": None}


class DossierModel(ListModel, name="dossier", line=DossierListed):
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
                    journey=drafted.journey,
                    journey_since=recorded.in_force_from,
                    **_content(drafted),
                    **_stage(recorded, drafted.stage),
                )
            case Dossier.Revised() as revised:
                self.change(tx, recorded, **_content(revised))
            case Dossier.Decided(outcome=outcome, amount_cents=amount, support=support):
                given = awarded(amount, support) or None
                self.change(tx, recorded, outcome=outcome, amount_cents=amount, awarded=given)
            case Dossier.AwardWithdrawn():
                left = {**NOTHING, "outcome": DossierOutcome.NOT_SELECTED}
                self.change(tx, recorded, **left)
            case Moved(from_=left_stage, to=stage):
                self._enter(tx, recorded, "stage_since", **_stage(recorded, stage))
                if left_stage in DECIDED and stage not in DECIDED:  # it is reopened
                    self.change(tx, recorded, **NOTHING)
            case Migrated(to=journey, came_from=came_from, state=state):
                since = recorded.in_force_from
                self._enter(tx, recorded, "journey_since", journey=journey, journey_since=since)
                if came_from is not None:
                    self._enter(tx, recorded, "stage_since", **_stage(recorded, state))

    def _enter(
        self, tx: sa.Connection, recorded: Recorded, until_next: str, **changes: Any
    ) -> None:
        """Say a stage, or a version, from a day on, until the day of the next one of its kind."""
        supersede(
            tx,
            self.table,
            self.table.c.id == str(recorded.stream),
            at=recorded.position,
            valid_from=recorded.in_force_from,
            until_next=until_next,
            fact=str(recorded.event.meta.event_id),
            later_facts=resting_on(recorded, changes),
            **changes,
        )


def _content(told: Dossier.Drafted | Dossier.Revised) -> dict[str, Any]:
    asked = told.requested_cents
    return {
        "title": told.title,
        "applicant": told.applicant.name,
        "requested_cents": asked,
        "requested": None if asked is None else euros(asked),
    }


def _stage(recorded: Recorded, stage: str) -> dict[str, Any]:
    return {
        "stage": stage,
        "stage_title": DOSSIER_STATES.get(stage, stage),
        "stage_on": str(recorded.event.occurred_on),
        "stage_since": recorded.in_force_from,
    }
