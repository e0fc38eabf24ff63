"""Where letters leave from, and where it is noted that they did, or came back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from application.account import address_of, name_of
from application.command import Command
from application.message import NoteBounced, NoteSent
from domain.account import Account, UnknownAccount
from domain.message import MessageId, MessageKind
from domain.provenance import AccountId
from infrastructure.event_store.registry import Registry
from infrastructure.letters.carriers import LetterCarrier, NoSuchMailbox
from infrastructure.letters.letter import compose

Note = Callable[[Command, str | None], Any]
"""Records in the name of the system, under a key where one is given."""


class PostOffice:
    """Writes to those who have accounts."""

    def __init__(
        self,
        registry: Registry,
        carrier: LetterCarrier,
        sender: str,
        note: Note,
        is_noted: Callable[[str], bool],
    ) -> None:
        self._registry = registry
        self._carrier = carrier
        self._sender = sender
        self._note = note
        self.was_written = is_noted
        """Whether a letter of a key left already."""

    def write(
        self, account: UUID, kind: MessageKind, *, key: str | None = None, **facts: str
    ) -> bool:
        """Write to whoever has an account; whether the letter was taken.

        That it left is noted, and that it came back where nobody has that address. Refused where
        it cannot leave now: nothing is noted then.

        Args:
            key: by what it is known that this letter left.
        """
        found = self._registry.load(Account, account)
        if found is None:
            raise UnknownAccount(name=account)
        letter = compose(
            kind,
            sender=self._sender,
            to=address_of(self._registry, found),
            at=self._registry.clock(),
            facts={"name": name_of(self._registry, found), **facts},
        )
        taken = True
        try:
            self._carrier.carry(letter)
        except NoSuchMailbox:
            taken = False
        sent = self._note(NoteSent(account=AccountId(account), message_kind=kind), key)
        if not taken:
            self._note(NoteBounced(message=MessageId(sent.answer)), None)
        return taken
