"""Policies of trust: whose signatures are asked of a checkpoint (C2SP tlog-policy). Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.errors import Damaged
from domain.note import NotAKey, VerifierKey

MOST = 256
"""Lines of a policy."""

NONE = "none"

_SPACES = re.compile(r"[ \t]+")
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


class NotAPolicy(Damaged):
    """The file is no policy of trust."""

    code = "policy.malformed"
    fr = "La politique de confiance est mal formée, ligne {line} : {reason}."
    en = "The policy of trust is malformed, line {line} ({reason})."


@dataclass(frozen=True, slots=True)
class Member:
    """A log or a witness: its key, and where it can be reached if that is said."""

    key: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class WitnessGroup:
    """So many of some witnesses, or of groups of them."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class TrustPolicy:
    """The logs that are known, the witnesses, and which of these must have signed."""

    logs: tuple[Member, ...]
    witnesses: Mapping[str, Member]
    groups: Mapping[str, WitnessGroup]
    quorum: str

    def is_met(self, signed: Collection[str]) -> bool:
        """Whether the witnesses of these names are enough."""

        def has_signed(name: str) -> bool:
            group = self.groups.get(name)
            if group is None:
                return name in signed
            return sum(map(has_signed, group.members)) >= group.least

        return self.quorum == NONE or has_signed(self.quorum)

    @classmethod
    def read(cls, content: bytes) -> "TrustPolicy":
        """A file; the first line that is not what it must be is named."""
        return _Reading().read(content)


class _Reading:
    """What was read so far of a policy."""

    def __init__(self) -> None:
        self.logs: list[Member] = []
        self.witnesses: dict[str, Member] = {}
        self.groups: dict[str, WitnessGroup] = {}
        self.taken: set[str] = set()
        self.quorum: str | None = None
        self.line = 0

    def read(self, content: bytes) -> TrustPolicy:
        if _FORBIDDEN.search(content):
            raise self._refused("un caractère de contrôle")
        lines = content.decode("utf-8", "surrogateescape").split("\n")
        if len(lines) > MOST:
            raise self._refused(f"plus de {MOST} lignes")
        for self.line, line in enumerate(lines, 1):
            said = line.strip(" \t")
            if said and not said.startswith("#"):
                self._take(_SPACES.split(said))
        if self.quorum is None:
            raise self._refused("il manque le quorum")
        return TrustPolicy(tuple(self.logs), self.witnesses, self.groups, self.quorum)

    def _take(self, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) < 2:
                self.logs.append(self._member(key, url, [log.key for log in self.logs]))
            case ["witness", name, key, *url] if len(url) < 2:
                self._name(name)
                known = [witness.key for witness in self.witnesses.values()]
                self.witnesses[name] = self._member(key, url, known)
            case ["group", name, least, *members] if members:
                self._name(name)
                self.groups[name] = self._group(least, members)
            case ["quorum", name] if self.quorum is None:
                if name != NONE and name not in self.witnesses and name not in self.groups:
                    raise self._refused(f"« {name} » n'est défini nulle part avant")
                self.quorum = name
            case _:
                raise self._refused("elle n'est pas de la forme attendue")

    def _member(self, key: str, url: list[str], known: list[VerifierKey]) -> Member:
        try:
            found = VerifierKey.read(key)
        except NotAKey as error:
            raise self._refused(error.say("fr").rstrip(".")) from None
        if any(found.public == other.public for other in known):
            raise self._refused("cette clé y est déjà")
        return Member(found, url[0] if url else None)

    def _group(self, least: str, members: list[str]) -> WitnessGroup:
        numbers = {"any": 1, "all": len(members)}
        needed = numbers.get(least) or (int(least) if re.fullmatch(r"[0-9]{1,3}", least) else 0)
        if not 1 <= needed <= len(members):
            raise self._refused(f"« {least} » membres sur {len(members)}")
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise self._refused(f"« {member} » n'est défini nulle part avant")
            if member in self.taken:
                raise self._refused(f"« {member} » est déjà d'un groupe")
            self.taken.add(member)
        return WitnessGroup(needed, tuple(members))

    def _name(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise self._refused(f"« {name} » est déjà pris")

    def _refused(self, reason: str) -> NotAPolicy:
        return NotAPolicy(line=self.line, reason=reason)
