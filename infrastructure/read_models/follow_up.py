"""Follow-up committees, the funders that sit, their meetings, what evaluations recommend."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from typing_extensions import override

from application.follow_up import FOLLOW_UP_STAGES
from application.follow_up_list import (
    FollowUpListed,
    FollowUpMemberListed,
    MeetingListed,
    RecommendationListed,
)
from domain.case import Migrated, Moved
from domain.follow_up import MEETINGS_A_YEAR, FollowUp
from domain.follow_up_facts import RecommendationStanding
from domain.followed import STANDING
from domain.kernel import Event, Recorded
from infrastructure.read_models.case import CaseModel
from infrastructure.read_models.table import ListModel, Row


class FollowUpModel(CaseModel, name="follow_up", line=FollowUpListed, stages=FOLLOW_UP_STAGES):
    """Follows the committees through their journey, and which of them are overdue.

    Nobody records that a committee is overdue: it is so from the end of the first year in which it
    did not meet twice. Its rows are cut there, and the list of any day tells whether it has come.
    """

    events: tuple[type[Event], ...] = (
        FollowUp.Constituted,
        FollowUp.Met,
        FollowUp.MeetingWithdrawn,
        FollowUp.own(Moved),
        FollowUp.own(Migrated),
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        withdrawn = None
        match recorded.event:
            case FollowUp.Constituted() as constituted:
                self.begin(
                    tx,
                    recorded,
                    pole=constituted.pole,
                    code=constituted.code,
                    local=constituted.local,
                    **self.followed(recorded, constituted.journey),
                    **self.entered(recorded, constituted.stage),
                    overdue=False,
                    held=(),
                )
            case FollowUp.Met(meeting=meeting):
                held = f"{recorded.in_force_from.isoformat()} {meeting}"
                self.say(tx, recorded, None, held=lambda row: json.dumps([*_held(row), held]))
            case FollowUp.MeetingWithdrawn(meeting=meeting):
                withdrawn = str(meeting)
            case _:
                self.follow(tx, recorded)
        self.cut(tx, recorded, lambda row: _parts(_without(row, withdrawn)))


def _held(row: Mapping[str, Any]) -> list[str]:
    """The day and the identity of each meeting that a row knows of."""
    kept: list[str] = json.loads(row["held"] or "[]")
    return kept


def _without(row: Row, withdrawn: str | None) -> Row:
    """A row without a meeting that was never held, whatever its day."""
    if not withdrawn:
        return row
    return {**row, "held": json.dumps([one for one in _held(row) if withdrawn not in one])}


def _parts(row: Row) -> list[Row]:
    """A row before and from the day on which the committee is overdue."""
    if row["stage"] != STANDING:
        return [{**row, "overdue": False, "missed_year": None}]
    often = Counter(date.fromisoformat(one.split()[0]).year for one in _held(row))
    years = count(row["stage_since"].year)
    missed = next(year for year in years if often[year] < MEETINGS_A_YEAR)
    first = date(missed + 1, 1, 1)
    ends = min(row["valid_until"] or first, first)
    begins = max(row["valid_from"], first)
    return [
        {**row, "overdue": False, "missed_year": None, "valid_until": ends},
        {**row, "overdue": True, "missed_year": missed, "valid_from": begins},
    ]


class FollowUpMemberModel(ListModel, name="follow_up_member", line=FollowUpMemberListed):
    """Follows who sits."""

    events: tuple[type[Event], ...] = (FollowUp.MemberJoined, FollowUp.MemberLeft)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case FollowUp.MemberJoined(organisation=organisation) as joined:
                self.begin(
                    tx,
                    recorded,
                    id=uuid5(recorded.stream, organisation.model_dump_json()),
                    pole=joined.pole,
                    follow_up=recorded.stream,
                    name=organisation.name,
                    siret=organisation.siret,
                    seat=joined.seat,
                    office=joined.office,
                )
            case FollowUp.MemberLeft(organisation=organisation):
                id_ = uuid5(recorded.stream, organisation.model_dump_json())
                self.cease(tx, recorded, id_)


class MeetingModel(ListModel, name="follow_up_meeting", line=MeetingListed):
    """Follows the meetings."""

    events: tuple[type[Event], ...] = (
        FollowUp.Met,
        FollowUp.MinutesFiled,
        FollowUp.MeetingWithdrawn,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case FollowUp.Met() as met:
                self.begin(
                    tx,
                    recorded,
                    id=met.meeting,
                    pole=met.pole,
                    follow_up=recorded.stream,
                    present=met.present,
                    conclusions=met.conclusions,
                    minutes=met.minutes,
                    has_minutes=met.minutes is not None,
                )
            case FollowUp.MinutesFiled(meeting=meeting, minutes=minutes):
                self.change(tx, recorded, meeting, minutes=minutes, has_minutes=True)
            case FollowUp.MeetingWithdrawn(meeting=meeting):
                self.retract(tx, recorded, meeting)


class RecommendationModel(ListModel, name="recommendation", line=RecommendationListed):
    """Follows the recommendations, one by one."""

    events: tuple[type[Event], ...] = (
        FollowUp.RecommendationNoted,
        FollowUp.RecommendationSettled,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case FollowUp.RecommendationNoted() as noted:
                self.begin(
                    tx,
                    recorded,
                    id=_recommendation(recorded.stream, noted.number),
                    pole=noted.pole,
                    follow_up=recorded.stream,
                    number=noted.number,
                    evaluation=noted.name,
                    words=noted.words,
                    standing=RecommendationStanding.OPEN,
                )
            case FollowUp.RecommendationSettled(number=number, outcome=outcome, answer=answer):
                id_ = _recommendation(recorded.stream, number)
                standing = RecommendationStanding(outcome)
                self.change(tx, recorded, id_, standing=standing, answer=answer)


def _recommendation(follow_up: UUID, number: int) -> UUID:
    return uuid5(follow_up, f"recommendation:{number}")
