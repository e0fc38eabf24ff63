"""Every event about messages, with every field given."""

from collections.abc import Iterator

from domain.dates import PartialDate
from domain.kernel import Aggregate
from domain.message import Message, MessageKind
from domain.provenance import AccountId
from tests.domain.samples.of_every_kind import OTHER


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Aggregates that recorded every event of this concept."""
    message = Message.send(AccountId(OTHER), MessageKind.INVITATION)
    message.come_back()
    yield message
