"""The published charters, each from the day it takes effect."""

import sqlalchemy as sa
from typing_extensions import override

from application.charter import CharterListed
from domain.charter_text import Charter
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel


class CharterModel(ListModel, name="charter", line=CharterListed):
    """Follows what was published."""

    events: tuple[type[Event], ...] = (Charter.Published,)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Charter.Published() as published:
                self.begin(
                    tx,
                    recorded,
                    pole=published.pole,
                    title=published.title,
                    charter_kind=published.charter_kind,
                    version=published.version,
                    language=published.language,
                    articles=len(published.text.articles),
                    undertakings=len(published.text.undertakings),
                    sha256=published.sha256,
                    size=published.size,
                )
