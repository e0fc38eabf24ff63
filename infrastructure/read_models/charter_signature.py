"""Who stands by which charter, from the day of the signature to the day it ends."""

from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from application.charter_signature import SignatureListed
from application.undertaking import NETWORKS
from domain.charter import CharterSignature, Signer, Signing
from domain.charter_text import CharterKind
from domain.kernel import Event, Recorded
from infrastructure.read_models.table import ListModel


class SignatureModel(ListModel, name="charter_signature", line=SignatureListed):
    """Follows what was signed, withdrawn, and superseded by a newer version."""

    events: tuple[type[Event], ...] = (
        CharterSignature.Signed,
        CharterSignature.NetworkSigned,
        CharterSignature.MemberSigned,
        CharterSignature.Superseded,
        CharterSignature.Withdrawn,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case CharterSignature.Signed(pole=pole, variant=variant) as signed:
                self._sign(tx, recorded, signed.act, Signer.POLE, pole=pole, variant=variant)
            case CharterSignature.NetworkSigned(network=network, act=act):
                name = NETWORKS[network]
                self._sign(tx, recorded, act, Signer.NETWORK, network=network, organisation=name)
            case CharterSignature.MemberSigned(pole=pole, member=member, act=act) as signed:
                who: dict[str, Any] = {"member": member, "organisation": signed.organisation}
                self._sign(tx, recorded, act, Signer.MEMBER, pole=pole, **who)
            case CharterSignature.Superseded() | CharterSignature.Withdrawn():
                self.cease(tx, recorded)

    def _sign(
        self, tx: sa.Connection, recorded: Recorded, act: Signing, signer: Signer, **who: Any
    ) -> None:
        local = signer is Signer.MEMBER
        self.begin(
            tx,
            recorded,
            signer=signer,
            charter_kind=CharterKind.LOCAL if local else CharterKind.NATIONAL,
            charter=act.charter,
            capacities=[act.capacity, *(other.capacity for other in act.others)],
            place=act.place,
            text=act.text,
            text_hash=act.text_hash,
            mandate=recorded.event.meta.on_behalf_of,
            **who,
        )
