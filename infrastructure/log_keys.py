"""The keys of a log: which sign it, which are to come, which signed it before."""

import os
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from domain.log import KeyStanding
from domain.note import KeyKind, NotAKey, VerifierKey
from infrastructure.log_folder import CHECKPOINT, KeysDamaged, LogFolder
from infrastructure.signatures import SigningKey, signed_by

KINDS = {KeyKind.ED25519: "ed25519.key", KeyKind.MLDSA44_COSIGNATURE: "mldsa44.key"}
"""How the log signs (C2SP tlog-checkpoint), each with the file of its first seed."""

LIST = "keys.json"

SEED = 32

_SEED_FILE = re.compile(r"(?:ed25519|mldsa44)(?:-[0-9a-f]{8})?\.key")


class LogKey(BaseModel):
    """A key of the log, since which size it signs and until which it did."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    standing: KeyStanding
    since: int = 0
    until: int | None = None
    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.key$")]
    """Of its seed, which is gone once the key signs no more."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        try:
            VerifierKey.read(self.key)
        except NotAKey as error:
            raise ValueError(str(error)) from None
        return self

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey.read(self.key)

    def now(self, standing: KeyStanding, *, since: int = 0, until: int | None = None) -> "LogKey":
        """The same key, of another standing."""
        of = {"standing": standing, "since": since or self.since, "until": until or self.until}
        return self.model_copy(update=of)


_LIST = TypeAdapter(list[LogKey])


class LogKeys:
    """The keys of one log. Whoever changes them signs alone (`LogFolder.alone`)."""

    def __init__(self, folder: LogFolder, origin: str) -> None:
        self._folder = folder
        self._origin = origin

    def known(self) -> list[LogKey]:
        """Every key that the log ever had; `KeysDamaged` where they cannot be read."""
        try:
            return _LIST.validate_json((self._folder.here / LIST).read_bytes())
        except FileNotFoundError:
            return []
        except ValidationError:
            raise KeysDamaged(file=LIST) from None

    def of(self, standing: KeyStanding) -> list[LogKey]:
        """Those of a standing."""
        return [key for key in self.known() if key.standing is standing]

    def believed(self) -> list[VerifierKey]:
        """Those whose signatures prove something."""
        return [key.verifier for key in self.known() if key.standing is not KeyStanding.DISTRUSTED]

    def make(self) -> None:
        """Make the first keys, where there are none; let go of the seeds that sign no more."""
        known = self.known()
        if not known:
            known = [self._first(kind, name) for kind, name in KINDS.items()]
            self._keep(known)
        self._drop_seeds()

    def signing(self, *, coming: bool = False) -> list[SigningKey]:
        """The keys that sign; a seed that is lost, or another one, is refused.

        Args:
            coming: also those that are to take their place.
        """
        wanted = (KeyStanding.SIGNING, KeyStanding.NEXT) if coming else (KeyStanding.SIGNING,)
        keys = [self._read(key) for key in self.known() if key.standing in wanted]
        if not keys:
            raise KeysDamaged(file=LIST)
        return keys

    def announce(self, kinds: Collection[KeyKind]) -> list[LogKey]:
        """Keys that will take the place of those of some kinds; those announced already, if any."""
        if coming := self.of(KeyStanding.NEXT):
            return coming
        for kind in kinds:
            seed = os.urandom(SEED)
            key = SigningKey(self._origin, kind, seed).verifier
            name = f"{Path(KINDS[kind]).stem}-{key.id.hex()}.key"
            self._folder.write(name, seed)
            coming.append(LogKey(key=str(key), standing=KeyStanding.NEXT, file=name))
        self._keep([*self.known(), *coming])
        return coming

    def leaving(self, coming: Iterable[LogKey]) -> list[LogKey]:
        """Those whose place is taken: of the same kinds."""
        kinds = {key.verifier.kind for key in coming}
        return [key for key in self.of(KeyStanding.SIGNING) if key.verifier.kind in kinds]

    def change_over(self, size: int) -> None:
        """Let those that were announced take their places, from a size on."""
        coming = self.of(KeyStanding.NEXT)
        leaving = self.leaving(coming)

        def now(key: LogKey) -> LogKey:
            if key in coming:
                return key.now(KeyStanding.SIGNING, since=size)
            return key.now(KeyStanding.RETIRED, until=size) if key in leaving else key

        self._keep([now(key) for key in self.known()])
        self._drop_seeds()

    def begin(self, size: int) -> None:
        """Say since which size they sign: that of the first note of a log that follows another."""
        known = self.known()
        self._keep([key.now(key.standing, since=size) if not key.since else key for key in known])

    def retire(self, size: int) -> None:
        """Let every key sign no more, from a size on: another log follows."""
        signing = self.of(KeyStanding.SIGNING)
        retired = {key.key: key.now(KeyStanding.RETIRED, until=size) for key in signing}
        self._keep([retired.get(key.key, key) for key in self.known()])
        self._drop_seeds()

    def distrust(self, key: LogKey) -> None:
        """Believe no more what a key signed."""
        distrusted = key.now(KeyStanding.DISTRUSTED)
        self._keep([distrusted if one == key else one for one in self.known()])

    def _drop_seeds(self) -> None:
        """Let go of the seeds that do not sign: of retired keys, of changes that were killed."""
        wanted = (KeyStanding.SIGNING, KeyStanding.NEXT)
        kept = {key.file for key in self.known() if key.standing in wanted}
        for path in self._folder.here.glob("*.key"):
            if _SEED_FILE.fullmatch(path.name) and path.name not in kept:
                path.unlink(missing_ok=True)

    def _first(self, kind: KeyKind, name: str) -> LogKey:
        """The first key of a kind: made, unless the log is signed, and this is what signed it."""
        path, last = self._folder.here / name, self._folder.note(CHECKPOINT)
        if not last and not path.exists():
            self._folder.write(name, os.urandom(SEED))
        key = self._seeded(kind, name).verifier
        if last and signed_by(key, last) is None:  # another key would sign another log
            raise KeysDamaged(file=CHECKPOINT)
        return LogKey(key=str(key), standing=KeyStanding.SIGNING, file=name)

    def _read(self, known: LogKey) -> SigningKey:
        key = self._seeded(known.verifier.kind, known.file)
        if str(key.verifier) != known.key:
            raise KeysDamaged(file=known.file)
        return key

    def _seeded(self, kind: KeyKind, name: str) -> SigningKey:
        try:
            seed = (self._folder.here / name).read_bytes()
        except FileNotFoundError:
            seed = b""
        if len(seed) != SEED:
            raise KeysDamaged(file=name)
        return SigningKey(self._origin, kind, seed)

    def _keep(self, keys: Sequence[LogKey]) -> None:
        self._folder.write(LIST, _LIST.dump_json(list(keys), indent=1))
