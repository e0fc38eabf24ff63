"""The establishments that closed, each from the day it did to the day it opened again."""

from uuid import uuid5

import sqlalchemy as sa
from typing_extensions import override

from application.establishment import EstablishmentListed
from domain.establishment import ESTABLISHMENTS, Establishments
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel


class EstablishmentModel(ListModel, name="establishment", line=EstablishmentListed):
    """Follows which establishments closed."""

    events: tuple[type[Event], ...] = (Establishments.Closed, Establishments.Reopened)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Establishments.Closed(siret=siret, closed_on=closed_on):
                id_ = uuid5(ESTABLISHMENTS, siret)
                self.begin(tx, recorded, id=id_, siret=siret, closed_on=closed_on)
            case Establishments.Reopened(siret=siret):
                self.cease(tx, recorded, uuid5(ESTABLISHMENTS, siret))
