"""Put on record what is done to the log itself: its name, its keys.

These commands have neither a route nor a verb: they are recorded by the act itself, which changes
what signs. Said alone they would be false.
"""

from abc import abstractmethod
from collections.abc import Mapping
from uuid import UUID

from typing_extensions import override

from application.command import Command, Work
from application.wording import WORDS, tells
from domain.kernel import Event
from domain.log import (
    LOGS,
    Continuity,
    GroundMissing,
    KeyStanding,
    KeyText,
    LogOrigin,
    NoteText,
    SignedLogs,
    told_by,
)
from domain.roles import Role
from domain.values import Frozen, Line, Prose

FOUND: Mapping[str, str] = {
    Continuity.CONTINUED: "il en est la suite",
    Continuity.ROLLED_BACK: "la fin de celui-ci est perdue",
    Continuity.REWRITTEN: "ses premiers événements ne sont plus ceux qui furent signés",
}
KEY_STANDINGS: Mapping[str, str] = {
    KeyStanding.NEXT: "annoncée",
    KeyStanding.SIGNING: "signe",
    KeyStanding.RETIRED: "ne signe plus",
    KeyStanding.DISTRUSTED: "compromise",
}
WORDS[Continuity], WORDS[KeyStanding] = FOUND, KEY_STANDINGS


class LogGround(Frozen):
    """On which ground something is done to the log, and why, as whoever does it says."""

    ground: Line
    reason: Prose | None = None


class LogAct(Command, by=(Role.REGISTRAR, Role.ADMINISTRATOR)):
    """Something done to the log itself, on a ground that whoever reads it later must know."""

    @override
    def execute(self, work: Work) -> UUID:
        if not self.ground:
            raise GroundMissing
        logs = work.find(SignedLogs, LOGS) or SignedLogs(LOGS)
        self.put_on_record(logs)
        if logs.pending:
            work.save(logs)
        return logs.id

    @abstractmethod
    def put_on_record(self, logs: SignedLogs) -> None:
        """Say it to the aggregate."""


class OpenLog(LogAct):
    """Say that the journal goes on under another name, after a note that it keeps."""

    NAME = "log.open"
    origin: LogOrigin
    note: NoteText
    found: Continuity

    @override
    def put_on_record(self, logs: SignedLogs) -> None:
        logs.open(self.origin, note=self.note, found=self.found)


class ChangeLogKeys(LogAct):
    """Say that keys of the log take the place of others."""

    NAME = "log.change_keys"
    origin: LogOrigin
    retired: tuple[KeyText, ...]
    added: tuple[KeyText, ...]

    @override
    def put_on_record(self, logs: SignedLogs) -> None:
        logs.change_keys(self.origin, retired=self.retired, added=self.added)


class DistrustLogKey(LogAct):
    """Say that a key that signed the log is believed no more."""

    NAME = "log.distrust_key"
    origin: LogOrigin
    key: KeyText

    @override
    def put_on_record(self, logs: SignedLogs) -> None:
        logs.distrust(self.origin, key=self.key)


@tells
def tell(event: Event) -> tuple[str, str] | None:
    match event:
        case SignedLogs.Opened(origin=origin, note=note, found=found):
            last = told_by(note)
            return (
                "Journal ouvert sous un autre nom",
                f"« {origin} », à la suite de « {last.origin} », signé jusqu'à "
                f"{last.size} événements : {FOUND[found]}.",
            )
        case SignedLogs.KeysChanged(origin=origin, retired=retired, added=added):
            return (
                "Clés du journal changées",
                f"« {origin} » : {_named(added)} à la place de {_named(retired)}.",
            )
        case SignedLogs.KeyDistrusted(origin=origin, key=key):
            return "Clé du journal compromise", f"« {origin} » : {_named([key])} n'est plus crue."
        case _:
            return None


def _named(keys: tuple[str, ...] | list[str]) -> str:
    """Keys by their identities, as policies and notes give them."""
    return ", ".join(key.split("+")[1] for key in keys)
