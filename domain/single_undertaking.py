"""Single undertakings: the aid each enterprise declares or is granted, and those it is one with.

Each enterprise has its own stream, named after its SIREN; enterprises that control one another
are one undertaking (règlement (UE) 2023/2831, art. 2, § 2), from the day on which they are linked.
Aid granted to any of them before they were counts from then on for all (art. 3, § 8).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NewType
from uuid import UUID, uuid5

from typing_extensions import override

from domain.dates import days_after
from domain.de_minimis import DeMinimis
from domain.errors import Refused
from domain.identifiers import Siren, same_name
from domain.kernel import Aggregate, Event, event
from domain.money import Cents, CentsOrNone
from domain.period import end_of
from domain.recording import new_identity
from domain.single_undertaking_refusals import (
    AidKnown,
    AlreadyLinked,
    AttestedForNoDay,
    BeforeTheGrant,
    ChangedLater,
    LinkedToItself,
    NotLinked,
    NotLower,
    UnknownAid,
)
from domain.span import Dated, in_force
from domain.values import Line, Prose

AidId = NewType("AidId", UUID)

_UNDERTAKINGS = UUID("9c4a1d06-57f2-4b61-8d3b-2e0f5a7c6b18")

ATTESTATION_HOLDS = "6 months"
"""How long an attestation is relied on, unless it says until when (product rule)."""

Linked = tuple[Siren, ...]


def undertaking_of(siren: str) -> UUID:
    """The one stream of an enterprise."""
    return uuid5(_UNDERTAKINGS, siren)


# --- the aggregate ------------------------------------------------------------------------------


@dataclass(slots=True)
class Aid:
    """Aid granted on a day, with what it comes to from each day on; and its commitment, if any."""

    id: UUID
    granted_on: date
    regime: DeMinimis
    authority: str
    reference: str | None = None
    commitment: UUID | None = None
    amounts: list[Dated[int]] = field(default_factory=list)

    def cents_on(self, day: date) -> int:
        return in_force(self.amounts, day) or 0


@dataclass(frozen=True, slots=True)
class Attestation:
    """For whom somebody attested that all aid is told, and the last day it is relied on."""

    of: frozenset[str]
    last_day: date


class SingleUndertaking(Aggregate):
    """One enterprise, the aid it received, its attestations, and the enterprises it is one with."""

    class Identified(Event):
        """An enterprise became known, by its SIREN."""

        TOPIC = "single_undertaking.identified.v1"
        STATED_BY = ("single_undertaking.identify",)
        siren: Siren
        name: Line

    class AidDeclared(Event):
        """It declares aid that it was granted, on the day of the grant."""

        TOPIC = "single_undertaking.aid_declared.v1"
        STATED_BY = ("single_undertaking.declare_aid",)
        GIVES = "aid"
        siren: Siren
        aid: UUID
        regime: DeMinimis
        amount_cents: Cents
        authority: Line
        reference: Line | None = None

    class AidGranted(Event):
        """A commitment grants it aid, on the day of its decision."""

        TOPIC = "single_undertaking.aid_granted.v1"
        UNDONE_BY = ("single_undertaking.lower_aid",)
        siren: Siren
        aid: UUID
        commitment: UUID
        regime: DeMinimis
        amount_cents: Cents
        authority: Line
        headroom_cents: CentsOrNone | None = None
        """What it could still receive before; nothing where that was not known."""

    class AidLowered(Event):
        """From a day on, aid comes to less, or to nothing."""

        TOPIC = "single_undertaking.aid_lowered.v1"
        STATED_BY = ("single_undertaking.lower_aid",)
        aid: UUID
        to_cents: CentsOrNone
        motive: Prose

    class Attested(Event):
        """It attests that all its aid is told, and until when that is relied on."""

        TOPIC = "single_undertaking.attested.v1"
        STATED_BY = ("single_undertaking.attest",)
        siren: Siren
        others: Linked = ()
        """Those it is one with, of whose aid it attests too."""
        document: UUID | None = None
        relied_on_until: date
        """The last day."""

    class Joined(Event):
        """It is one undertaking with another enterprise from a day on."""

        TOPIC = "single_undertaking.joined.v1"
        STATED_BY = ("single_undertaking.link",)
        BRINGS = ("single_undertaking.joined.v1",)
        other: Siren
        why: Line

    class Parted(Event):
        """It no longer is."""

        TOPIC = "single_undertaking.parted.v1"
        STATED_BY = ("single_undertaking.part",)
        BRINGS = ("single_undertaking.parted.v1",)
        other: Siren
        why: Line

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.siren = ""
        self.name = ""
        self.aids: dict[UUID, Aid] = {}
        self._attested: list[Dated[Attestation]] = []
        self.links: dict[str, list[Dated[bool]]] = {}

    # Decisions.

    @classmethod
    def identify(cls, siren: str, name: str) -> "SingleUndertaking":
        """An enterprise of which nothing was recorded yet."""
        made = cls(undertaking_of(siren))
        made._identified(siren=siren, name=name)
        return made

    def declare_aid(
        self,
        *,
        regime: DeMinimis,
        cents: int,
        authority: str,
        reference: str | None,
        granted_on: date,
    ) -> UUID:
        """Tell aid that it received; that is a fact, and never refused for being too much."""
        for aid in self.aids.values():
            if (
                (aid.granted_on, aid.regime) == (granted_on, regime)
                and aid.amounts[0].value == cents
                and same_name(aid.authority, authority)
                and (aid.commitment or aid.reference == reference)
            ):
                raise AidKnown(authority=authority)
        id_ = new_identity()
        self._aid_declared(
            siren=self.siren,
            aid=id_,
            regime=regime,
            amount_cents=cents,
            authority=authority,
            reference=reference,
        )
        return id_

    def grant_aid(
        self,
        *,
        commitment: UUID,
        regime: DeMinimis,
        cents: int,
        authority: str,
        headroom: int | None,
    ) -> UUID:
        """Count aid that a commitment grants. Whether there is room is asked of the whole group."""
        id_ = new_identity()
        self._aid_granted(
            siren=self.siren,
            aid=id_,
            commitment=commitment,
            regime=regime,
            amount_cents=cents,
            authority=authority,
            headroom_cents=headroom,
        )
        return id_

    def lower_aid(self, aid: UUID, *, cents: int, motive: str, day: date) -> None:
        """Let aid come to less from a day on; to nothing, where it is withdrawn."""
        known = self.aids.get(aid)
        if known is None:
            raise UnknownAid(aid=aid)
        if day < known.granted_on:
            raise BeforeTheGrant(granted_on=known.granted_on)
        _must_be_last(known.amounts, day)
        if cents >= known.cents_on(day):
            raise NotLower
        self._aid_lowered(aid=aid, to_cents=cents, motive=motive)

    def attest(
        self, *, others: Iterable[str], document: UUID | None, until: date | None, day: date
    ) -> None:
        """Attest that all its aid is told, and that of the others it is one with."""
        last = until or end_of(ATTESTATION_HOLDS, day, extended=False)
        if last < day:
            raise AttestedForNoDay(day=day)
        self._attested_all(
            siren=self.siren,
            others=tuple(others),
            document=document,
            relied_on_until=last,
            valid_to=days_after(last, 1),
        )

    def join(self, other: str, *, why: str, day: date) -> None:
        if other == self.siren:
            raise LinkedToItself
        if self.is_linked(other, day):
            raise AlreadyLinked(day=day)
        _must_be_last(self.links.get(other, []), day)
        self._joined(other=other, why=why)

    def part(self, other: str, *, why: str, day: date) -> None:
        if not self.is_linked(other, day):
            raise NotLinked(day=day)
        _must_be_last(self.links.get(other, []), day)
        self._parted(other=other, why=why)

    @override
    def incoherences(self) -> Iterator[Refused]:
        """Aid that is lowered, or links that are undone, before they are there."""
        known = [[told.since for told in changes] for changes in self.links.values()]
        known += [[told.since for told in aid.amounts] for aid in self.aids.values()]
        for days in known:
            yield from (ChangedLater(day=day) for day, then in pairwise(days) if then < day)

    # What is known on a day.

    def is_linked(self, other: str, day: date) -> bool:
        """Whether it is directly linked to another enterprise."""
        return in_force(self.links.get(other, []), day) or False

    def attests_on(self, day: date) -> frozenset[str]:
        """The enterprises of whose aid it attested, by an attestation that covers a day."""
        given = (a for a in self._attested if a.since <= day <= a.value.last_day)
        return frozenset().union(*(a.value.of for a in given))

    def aid_of(self, commitment: UUID, day: date) -> list[Aid]:
        """The aid that a commitment granted, and that still comes to something on a day."""
        return [
            aid for aid in self.aids.values() if aid.commitment == commitment and aid.cents_on(day)
        ]

    # What is remembered.

    @event(Identified)
    def _identified(self, *, siren: str, name: str) -> None:
        self.siren = siren
        self.name = name

    @event(AidDeclared)
    def _aid_declared(
        self,
        *,
        siren: str,
        aid: UUID,
        regime: DeMinimis,
        amount_cents: int,
        authority: str,
        reference: str | None,
    ) -> None:
        self._count(Aid(aid, self.since, regime, authority, reference), amount_cents)

    @event(AidGranted)
    def _aid_granted(
        self,
        *,
        siren: str,
        aid: UUID,
        commitment: UUID,
        regime: DeMinimis,
        amount_cents: int,
        authority: str,
        headroom_cents: int | None,
    ) -> None:
        self._count(Aid(aid, self.since, regime, authority, commitment=commitment), amount_cents)

    def _count(self, aid: Aid, cents: int) -> None:
        aid.amounts.append(self.dated(cents))
        self.aids[aid.id] = aid

    @event(AidLowered)
    def _aid_lowered(self, *, aid: UUID, to_cents: int, motive: str) -> None:
        self.aids[aid].amounts.append(self.dated(to_cents))

    @event(Attested)
    def _attested_all(
        self,
        *,
        siren: str,
        others: tuple[str, ...],
        document: UUID | None,
        relied_on_until: date,
        valid_to: date,
    ) -> None:
        of = frozenset({siren, *others})
        self._attested.append(self.dated(Attestation(of, relied_on_until)))

    @event(Joined)
    def _joined(self, *, other: str, why: str) -> None:
        self.links.setdefault(other, []).append(self.dated(True))

    @event(Parted)
    def _parted(self, *, other: str, why: str) -> None:
        self.links.setdefault(other, []).append(self.dated(False))


def _must_be_last(known: Sequence[Dated[Any]], day: date) -> None:
    later = [change.since for change in known if change.since > day]
    if later:
        raise ChangedLater(day=max(later))
