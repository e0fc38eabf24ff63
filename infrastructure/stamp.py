"""Time-stamps: an authority says that a signed checkpoint was there at an instant (RFC 3161).

One a day at the most. Kept, beside each other: what was stamped, byte for byte, the certificate by
which the answer is checked, and the answer, which comes last: a stamp without it is none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic

from domain.checkpoint import Checkpoint
from domain.dates import PARIS
from domain.errors import Damaged, Unavailable
from domain.note import SignedNote
from infrastructure.log_folder import OWN_EYES, LogFolder, write_whole
from infrastructure.outside import NoAnswer, TimeAuthority, post

PATIENCE = 10.0
"""Seconds that an authority has to answer."""

AGAIN = 600.0
"""Seconds after which a server asks an authority again that did not stamp."""

QUERY = "application/timestamp-query"


class NotStamped(Unavailable):
    """The authority did not stamp."""

    code = "stamp.none"
    fr = "Le point de contrôle est signé, mais n'est pas horodaté : {reason}."
    en = "The checkpoint is signed, but not time-stamped ({reason})."


class StampDamaged(Damaged):
    """A stamp that was kept does not hold."""

    code = "stamp.damaged"
    fr = "L'horodatage du {day} ne tient pas : {reason}."
    en = "The time-stamp of {day} does not hold ({reason})."


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp that holds: the day of its name, what it stamps, when, by whom."""

    day: str
    note: SignedNote
    at: datetime
    authority: str
    """Who signed it, and the root that answers for them."""

    @property
    def size(self) -> int:
        """Of the log that was stamped."""
        return Checkpoint.read(self.note.text).size


class Stamps:
    """The time-stamps of the checkpoints of a registry, by day of Paris."""

    def __init__(
        self, folder: LogFolder, authority: TimeAuthority | None, clock: Callable[[], datetime]
    ) -> None:
        self._folder = folder.root / "stamps"
        self._log = folder
        self._authority = authority
        self._clock = clock
        self._failed = -AGAIN

    def days(self) -> list[str]:
        """The days that have one, the first one first."""
        return sorted(path.stem for path in self._folder.glob("*.tsr"))

    def kept(self, day: str) -> tuple[bytes, bytes, bytes]:
        """Of a day: the answer of the authority, its certificates, and what it stamped."""
        answer, certificates, note = (
            (self._folder / f"{day}.{kind}").read_bytes() for kind in ("tsr", "pem", "note")
        )
        return answer, certificates, note

    def stamp(self, note: SignedNote | None, *, at_once: bool = True) -> str | None:
        """Have a checkpoint stamped, if an authority is configured and today has no stamp yet.

        Gives the day, where there is a new one. An authority that is silent, or whose answer does
        not hold, is refused (`NotStamped`), and nothing is kept of it.

        Args:
            at_once: also where the authority failed a short while ago.
        """
        day = self._clock().astimezone(PARIS).date().isoformat()
        if note is None or self._authority is None or (self._folder / f"{day}.tsr").exists():
            return None
        if not at_once and monotonic() - self._failed < AGAIN:
            return None
        self._failed = monotonic()
        content, certificates = str(note).encode(), _read(self._authority.certificates)
        answer = _asked(self._authority, content, certificates)
        with self._log.alone():
            self._folder.mkdir(exist_ok=True, mode=OWN_EYES)
            if (self._folder / f"{day}.tsr").exists():
                return None  # another process was here first
            write_whole(self._folder / f"{day}.note", content)
            write_whole(self._folder / f"{day}.pem", certificates)
            write_whole(self._folder / f"{day}.tsr", answer)
        self._failed = -AGAIN
        return day

    def check(self, day: str) -> Stamp:
        """Check the time-stamp of a day again; one that does not hold is refused."""
        from infrastructure.time_token import TokenInvalid, holds  # long to load, rarely used

        try:
            answer, certificates, note = self.kept(day)
            at, authority = holds(answer, certificates, note)
            found = SignedNote.read(note)
            Checkpoint.read(found.text)
        except FileNotFoundError:
            raise StampDamaged(day=day, reason="un de ses fichiers manque") from None
        except Damaged as error:
            raise StampDamaged(day=day, reason=str(error).rstrip(".")) from None
        except TokenInvalid as error:
            raise StampDamaged(day=day, reason=str(error)) from None
        return Stamp(day, found, at, authority)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise NotStamped(reason=f"{file}, que nomme JALON_TSA_CA, est illisible") from None


def _asked(authority: TimeAuthority, content: bytes, certificates: bytes) -> bytes:
    """What the authority answers, which is checked: it is about this, and about this request."""
    from infrastructure.time_token import TokenInvalid, holds, query  # long to load, rarely used

    request, nonce = query(content)
    try:
        answer = post(authority.url, request, QUERY, monotonic() + PATIENCE)
        if answer.status != 200:
            raise NotStamped(reason=f"l'autorité répond par le code HTTP {answer.status}")
        holds(answer.body, certificates, content, nonce=nonce)
    except NoAnswer:
        raise NotStamped(reason=f"l'autorité {authority.url} ne répond pas") from None
    except TokenInvalid as error:
        raise NotStamped(reason=f"ce que l'autorité répond ne tient pas ({error})") from None
    return answer.body
