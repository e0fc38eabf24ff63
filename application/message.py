"""Note that a message left, or came back; its text is kept nowhere."""

from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.momentary import Momentary
from application.wording import WORDS, tells
from domain.account import Account, UnknownAccount
from domain.kernel import Event
from domain.message import KINDS_OF_MESSAGE, Message, MessageId, MessageKind
from domain.provenance import AccountId
from domain.roles import Role

WORDS[MessageKind] = {kind: said.fr for kind, said in KINDS_OF_MESSAGE.items()}


class NoteSent(
    Momentary,
    name="message.note_sent",
    says="Noter qu'un message est parti vers un compte.",
    by=(Role.SYSTEM,),
):
    """Note that a message left; its text is kept nowhere."""

    account: AccountId = Field(description="Le compte à qui l'on écrit.")
    message_kind: MessageKind = Field(description="Ce à quoi le message sert.")

    @override
    def execute(self, work: Work) -> UUID:
        if work.find(Account, self.account) is None:
            raise UnknownAccount(name=self.account)
        message = Message.send(self.account, self.message_kind)
        work.save(message)
        return message.id


class NoteBounced(
    Momentary,
    name="message.note_bounced",
    says="Noter qu'un message n'a pas pu être remis.",
    by=(Role.SYSTEM,),
):
    """Note that a message came back."""

    message: MessageId = Field(description="Identifiant du message.")

    @override
    def execute(self, work: Work) -> UUID:
        message = work.get(Message, self.message)
        message.come_back()
        work.save(message)
        return message.id


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Message.Sent(message_kind=kind):
            return "Message parti", KINDS_OF_MESSAGE[kind].fr
        case Message.Bounced():
            return "Message revenu", ""
        case _:
            return None
