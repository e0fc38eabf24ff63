"""Enterprises that are one undertaking: whose aid counts together, and what is left to them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from uuid import UUID

from domain.de_minimis import AidCounted, DeMinimis, room_on
from domain.single_undertaking import Aid, SingleUndertaking, undertaking_of

Find = Callable[[UUID], SingleUndertaking | None]


class Group:
    """An enterprise with every other that it ever was linked to, near or far."""

    def __init__(self, siren: str, parts: Mapping[str, SingleUndertaking]) -> None:
        self.siren = siren
        self.parts = parts

    def members_on(self, day: date) -> frozenset[str]:
        """The enterprises that are one with it on a day, itself included."""
        found, left = {self.siren}, [self.siren]
        while left:
            part = self.parts.get(left.pop())
            near = {o for o in part.links if part.is_linked(o, day)} - found if part else set()
            found |= near
            left += near
        return frozenset(found)

    def aids_on(self, day: date) -> Iterator[tuple[SingleUndertaking, Aid]]:
        """All aid granted by a day to those that are one on it, as it stands on that day."""
        for siren in sorted(self.members_on(day) & self.parts.keys()):
            part = self.parts[siren]
            for aid in part.aids.values():
                if aid.granted_on <= day and aid.cents_on(day):
                    yield part, aid

    def attested_on(self, day: date) -> bool:
        """Whether, for each that is one with it, an attestation of one of them covers a day."""
        members = self.members_on(day)
        told = (self.parts[m].attests_on(day) for m in members & self.parts.keys())
        return members <= frozenset().union(*told)

    def headroom_on(self, day: date, regime: DeMinimis) -> int | None:
        """What may still be granted to it on a day, in cents.

        `None`, « inconnu », without an attestation that covers the day of the grant, or a ceiling.
        """
        return self.room_on(day, regime) if self.attested_on(day) else None

    def room_on(self, day: date, regime: DeMinimis) -> int | None:
        """The same by what is known, attested or not."""

        def counts(on: date) -> list[AidCounted]:
            return [
                AidCounted(aid.granted_on, aid.regime, aid.cents_on(on))
                for _, aid in self.aids_on(on)
            ]

        later = {
            aid.granted_on
            for part in self.parts.values()
            for aid in part.aids.values()
            if aid.granted_on > day
        }
        return room_on(day, regime, counts, later)


def group_of(siren: str, find: Find) -> Group:
    """An enterprise with every other that it ever was linked to, each read once."""
    parts: dict[str, SingleUndertaking] = {}
    left, seen = [siren], {siren}
    while left:
        name = left.pop()
        part = find(undertaking_of(name))
        if part is None:
            continue
        parts[name] = part
        near = part.links.keys() - seen
        seen |= near
        left += sorted(near)
    return Group(siren, parts)
