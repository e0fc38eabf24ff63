"""Recognitions, each from the day it takes effect to the day it ends, and findings under way."""

import sqlalchemy as sa
from typing_extensions import override

from application.recognition import FindingListed, RecognitionListed, finders_in_words
from domain.dates import days_after
from domain.kernel import Event, Recorded
from domain.recognition import DAYS_TO_REPLY, Recognition
from infrastructure.read_models.table import ListModel


class RecognitionModel(ListModel, name="recognition", line=RecognitionListed):
    """Follows what was recognised, and what ended."""

    events: tuple[type[Event], ...] = (Recognition.Issued, Recognition.Ended)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Recognition.Issued() as issued:
                self.begin(
                    tx,
                    recorded,
                    pole=issued.pole,
                    recognition_kind=issued.recognition_kind,
                    code=issued.code,
                    issuer=issued.issuer,
                    ground=issued.meta.ground,
                    evidence=issued.evidence,
                    found_by=finders_in_words(
                        issued.finders or [(one,) for one in issued.found_by]
                    ),
                )
            case Recognition.Ended():
                self.cease(tx, recorded)


class FindingModel(ListModel, name="finding", line=FindingListed):
    """Follows the findings that are neither confirmed nor given up."""

    events: tuple[type[Event], ...] = (
        Recognition.Proposed,
        Recognition.Replied,
        Recognition.Issued,
        Recognition.Abandoned,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Recognition.Proposed() as proposed:
                self.begin(
                    tx,
                    recorded,
                    pole=proposed.pole,
                    code=proposed.code,
                    issuer=proposed.issuer,
                    evidence=proposed.evidence,
                    confirmed_from=days_after(proposed.asked_on, DAYS_TO_REPLY),
                )
            case Recognition.Replied(position=position):
                self.change(tx, recorded, reply=position, confirmed_from=None)
            case Recognition.Issued() | Recognition.Abandoned():
                self.cease(tx, recorded)
