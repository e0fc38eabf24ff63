"""Enterprises whose de minimis aid is counted, each aid, and attestations while relied on."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.single_undertaking_list import AidListed, AttestationListed, UndertakingFollowed
from domain.kernel import Event, Recorded
from domain.money import euros
from domain.single_undertaking import SingleUndertaking
from infrastructure.read_models.table import ListModel


class SingleUndertakingModel(ListModel, name="single_undertaking", line=UndertakingFollowed):
    """Follows the enterprises."""

    events: tuple[type[Event], ...] = (SingleUndertaking.Identified,)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case SingleUndertaking.Identified(siren=siren, name=name):
                self.begin(tx, recorded, siren=siren, name=name)


class AidModel(ListModel, name="de_minimis_aid", line=AidListed):
    """Follows each aid, and what it comes to."""

    events: tuple[type[Event], ...] = (
        SingleUndertaking.AidDeclared,
        SingleUndertaking.AidGranted,
        SingleUndertaking.AidLowered,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case SingleUndertaking.AidDeclared() as told:
                self._begin(tx, recorded, told, reference=told.reference, declared=True)
            case SingleUndertaking.AidGranted() as told:
                self._begin(tx, recorded, told, commitment=told.commitment, declared=False)
            case SingleUndertaking.AidLowered(aid=aid, to_cents=0):
                self.cease(tx, recorded, aid)
            case SingleUndertaking.AidLowered(aid=aid, to_cents=cents):
                self.change(tx, recorded, aid, amount_cents=cents, amount=euros(cents))

    def _begin(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        told: SingleUndertaking.AidDeclared | SingleUndertaking.AidGranted,
        **fields: Any,
    ) -> None:
        self.begin(
            tx,
            recorded,
            id=told.aid,
            siren=told.siren,
            regime=told.regime,
            amount_cents=told.amount_cents,
            amount=euros(told.amount_cents),
            authority=told.authority,
            **fields,
        )


class AttestationModel(ListModel, name="de_minimis_attestation", line=AttestationListed):
    """Follows the attestations."""

    events: tuple[type[Event], ...] = (SingleUndertaking.Attested,)

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case SingleUndertaking.Attested() as attested:
                self.begin(
                    tx,
                    recorded,
                    id=attested.meta.event_id,
                    siren=attested.siren,
                    others=attested.others,
                    relied_on_until=attested.relied_on_until,
                    document=attested.document,
                )
