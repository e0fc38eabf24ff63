"""Messages: that one was sent to whoever has an account, and of what kind; never what it said."""

from enum import StrEnum
from typing import NewType
from uuid import UUID

from domain.errors import Refused
from domain.finality import Finality
from domain.kernel import Aggregate, Event, event
from domain.provenance import AccountId
from domain.words import Text

MessageId = NewType("MessageId", UUID)


class MessageKind(StrEnum):
    """What a message is for."""

    INVITATION = "invitation"
    RESET = "reset"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    CONVOCATION = "convocation"
    DECISION = "decision"
    DIGEST = "digest"


KINDS_OF_MESSAGE = {
    MessageKind.INVITATION: Text(fr="invitation", en="invitation"),
    MessageKind.RESET: Text(fr="nouveau mot de passe", en="new password"),
    MessageKind.RECEIPT: Text(fr="accusé de réception", en="receipt"),
    MessageKind.REMINDER: Text(fr="rappel", en="reminder"),
    MessageKind.CONVOCATION: Text(fr="convocation", en="convocation"),
    MessageKind.DECISION: Text(fr="décision", en="decision"),
    MessageKind.DIGEST: Text(fr="résumé du jour", en="daily digest"),
}
"""What people call each kind."""


class AlreadyCameBack(Refused):
    """A message comes back once."""

    code = "message.bounced"
    fr = "Ce message est déjà noté comme revenu."
    en = "This message is already noted as having come back."


class Message(Aggregate):
    """One message to one account. Its text and its address are kept nowhere."""

    class Sent(Event):
        """It was handed to whoever carries it."""

        TOPIC = "message.sent.v1"
        UNDONE_BY = Finality.PASSING
        account: AccountId
        message_kind: MessageKind

    class Bounced(Event):
        """It could not be delivered."""

        TOPIC = "message.bounced.v1"
        UNDONE_BY = Finality.PASSING

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.account = AccountId(UUID(int=0))
        self.kind = MessageKind.INVITATION
        self.came_back = False

    @classmethod
    def send(cls, account: AccountId, kind: MessageKind) -> "Message":
        """Note that one left."""
        message = cls.new()
        message._sent(account=account, message_kind=kind)
        return message

    def come_back(self) -> None:
        """Note that it could not be delivered."""
        if self.came_back:
            raise AlreadyCameBack
        self._bounced()

    @event(Sent)
    def _sent(self, *, account: AccountId, message_kind: MessageKind) -> None:
        self.account, self.kind = account, message_kind

    @event(Bounced)
    def _bounced(self) -> None:
        self.came_back = True
