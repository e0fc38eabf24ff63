"""The entries of poles, each from the day it is described to the day it ends, in four lists."""

import sqlalchemy as sa
from typing_extensions import override

from application.profile import (
    ActionListed,
    EntryKind,
    ObjectiveListed,
    ProfileListed,
    ResourceListed,
)
from domain.entry import Action, Objective, Resource
from domain.kernel import Event, Recorded
from domain.profile import Profile
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel

ENTRIES: tuple[type[Event], ...] = (Profile.EntryDescribed, Profile.EntryEnded)


class ActionModel(ListModel, name="action", line=ActionListed):
    """Follows the actions."""

    events: tuple[type[Event], ...] = ENTRIES

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Profile.EntryDescribed(entry=entry, value=Action() as action):
                self.begin(
                    tx,
                    recorded,
                    id=entry,
                    pole=recorded.stream,
                    level=action.level,
                    title=action.title,
                    words=action.words,
                    member_count=len(action.members),
                    members=action.members,
                    partners=action.partners,
                    sectors=action.sectors,
                )
            case Profile.EntryEnded(entry=entry):
                self.cease(tx, recorded, entry)


class ResourceModel(ListModel, name="resource", line=ResourceListed):
    """Follows the resources."""

    events: tuple[type[Event], ...] = ENTRIES

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Profile.EntryDescribed(entry=entry, value=Resource() as resource):
                self.begin(
                    tx,
                    recorded,
                    id=entry,
                    pole=recorded.stream,
                    year=resource.year,
                    origin=resource.origin,
                    amount_cents=resource.amount_cents,
                    in_kind=resource.in_kind,
                )
            case Profile.EntryEnded(entry=entry):
                self.cease(tx, recorded, entry)


class ObjectiveModel(ListModel, name="objective", line=ObjectiveListed):
    """Follows the objectives, and the last measure of each by its date."""

    events: tuple[type[Event], ...] = (*ENTRIES, Profile.IndicatorMeasured)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Profile.EntryDescribed(entry=entry, value=Objective() as objective):
                self.begin(
                    tx,
                    recorded,
                    id=entry,
                    pole=recorded.stream,
                    title=objective.title,
                    indicator=objective.indicator,
                    unit=objective.unit,
                    baseline=objective.baseline,
                    target=objective.target,
                    due=objective.due,
                )
            case Profile.EntryEnded(entry=entry):
                self.cease(tx, recorded, entry)
            case Profile.IndicatorMeasured() as measure:
                self._measured(tx, recorded, measure)

    def _measured(
        self, tx: sa.Connection, recorded: Recorded, measure: Profile.IndicatorMeasured
    ) -> None:
        """A measure holds until the next one by date, whichever was recorded first."""
        supersede(
            tx,
            self.table,
            self.table.c.id == str(measure.entry),
            at=recorded.position,
            valid_from=recorded.in_force_from,
            until_next="measured_from",
            measured=measure.value,
            measured_on=str(measure.occurred_on),
            measured_from=recorded.in_force_from,
            measure_source=measure.meta.source,
            measure_fact=str(measure.meta.event_id),
        )


class ProfileModel(ListModel, name="profile", line=ProfileListed):
    """Follows the other entries."""

    events: tuple[type[Event], ...] = ENTRIES

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Profile.EntryDescribed(entry=entry, value=value):
                if value.type in {*EntryKind}:
                    self.begin(
                        tx,
                        recorded,
                        id=entry,
                        pole=recorded.stream,
                        kind=EntryKind(value.type),
                        said=value.model_dump_json(),
                    )
            case Profile.EntryEnded(entry=entry):
                self.cease(tx, recorded, entry)
