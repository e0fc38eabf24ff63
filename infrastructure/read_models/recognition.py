"""Recognitions, each from the day it takes effect to the day it ends."""

import sqlalchemy as sa
from typing_extensions import override

from application.recognition import RecognitionListed
from domain.kernel import Event, Recorded
from domain.recognition import Recognition
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
                )
            case Recognition.Ended():
                self.cease(tx, recorded)
