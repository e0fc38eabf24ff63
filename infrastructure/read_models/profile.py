"""The entries of poles, each from the day it is described to the day it ends, in four lists."""

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.profile import (
    ActionListed,
    EntryKind,
    ObjectiveListed,
    ProfileListed,
    ResourceListed,
)
from domain.entry import Action, Entry
from domain.kernel import Event, Recorded
from domain.profile import Described
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.table import ListModel, resting_on

ENTRIES: tuple[type[Event], ...] = (Described.EntryDescribed, Described.EntryEnded)


def follow(
    model: ListModel,
    tx: sa.Connection,
    recorded: Recorded,
    told: Callable[[Entry], Mapping[str, Any] | None],
) -> None:
    """Keep the lines of some entries.

    Args:
        told: what a line says of an entry; nothing, where it is of another list.
    """
    match recorded.event:
        case Described.EntryDescribed(entry=entry, value=value):
            if fields := told(value):
                model.begin(tx, recorded, id=entry, pole=recorded.stream, **fields)
        case Described.EntryEnded(entry=entry):
            model.cease(tx, recorded, entry)


def own(value: Entry) -> dict[str, Any]:
    """What an entry says, under the names that it has in its list too."""
    return {name: said for name, said in value if name != "type"}


class ActionModel(ListModel, name="action", line=ActionListed):
    """Follows the actions."""

    events: tuple[type[Event], ...] = ENTRIES

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        follow(self, tx, recorded, self._told_of)

    def _told_of(self, value: Entry) -> Mapping[str, Any] | None:
        if not isinstance(value, Action):
            return None
        return {**own(value), "member_count": len(value.members)}


class ResourceModel(ListModel, name="resource", line=ResourceListed):
    """Follows the resources."""

    events: tuple[type[Event], ...] = ENTRIES

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        follow(self, tx, recorded, lambda value: own(value) if value.type == "resource" else None)


class ObjectiveModel(ListModel, name="objective", line=ObjectiveListed):
    """Follows the objectives, and the last measure of each by its date."""

    events: tuple[type[Event], ...] = (*ENTRIES, Described.IndicatorMeasured)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        follow(self, tx, recorded, lambda value: own(value) if value.type == "objective" else None)
        if isinstance(recorded.event, Described.IndicatorMeasured):
            self._measured(tx, recorded, recorded.event)

    def _measured(
        self, tx: sa.Connection, recorded: Recorded, measure: Described.IndicatorMeasured
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
            later_facts=resting_on(recorded, ["measured"]),
        )


class ProfileModel(ListModel, name="profile", line=ProfileListed):
    """Follows the other entries."""

    events: tuple[type[Event], ...] = ENTRIES

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        follow(self, tx, recorded, self._told_of)

    def _told_of(self, value: Entry) -> Mapping[str, Any] | None:
        if value.type not in {*EntryKind}:
            return None
        return {"kind": EntryKind(value.type), "said": value.model_dump_json()}
