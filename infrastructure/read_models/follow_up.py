"""Follow-up committees, the funders that sit, their meetings, what evaluations recommend."""

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
from domain.follow_up import FollowUp
from domain.follow_up_facts import RecommendationStanding
from domain.kernel import Event, Recorded
from infrastructure.read_models.case import CaseModel
from infrastructure.read_models.table import ListModel


class FollowUpModel(CaseModel, name="follow_up", line=FollowUpListed, stages=FOLLOW_UP_STAGES):
    """Follows the committees through their journey."""

    events: tuple[type[Event], ...] = (
        FollowUp.Constituted,
        FollowUp.own(Moved),
        FollowUp.own(Migrated),
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
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
                )
            case _:
                self.follow(tx, recorded)


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
