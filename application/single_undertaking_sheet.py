"""What is asked of one enterprise: what it may still receive on a day, and what that rests on."""

from datetime import date
from uuid import UUID

from application.single_undertaking_list import siren_in_words
from application.world import Moment, World
from domain.dates import day_in_words
from domain.de_minimis import Ceiling, DeMinimis, ceiling_on
from domain.money import euros
from domain.single_undertaking import Aid, SingleUndertaking
from domain.single_undertaking_refusals import MalformedSiren, NotAnUndertaking
from domain.undertaking_group import Group, group_of
from domain.values import Frozen

SIREN_DIGITS = 9

ATTESTED_BY = (
    (date(2024, 1, 1), "règlement (UE) 2023/2831, art. 7, § 4"),
    (date(2014, 1, 1), "règlement (UE) n° 1407/2013, art. 6, § 1"),
)
"""What says that the enterprise declares its aid before it is granted more, the latest first."""

UNKNOWN_HEADROOM = "inconnu"
"""What stands for what may still be granted, without an attestation that covers the day."""


class HeadroomLine(Frozen):
    """What may still be granted under one regime on the day, and by which text."""

    regime: DeMinimis
    ceiling_cents: int | None
    counted_since: date | None
    """The first day whose grants count with one of the day."""
    counted_cents: int
    headroom_cents: int | None
    headroom: str
    """In words: the amount, or « inconnu »."""
    source: str


class AidLine(Frozen):
    """Aid that counts, or counted, of an enterprise of the group."""

    id: UUID
    siren: str
    name: str
    regime: DeMinimis
    granted_on: date
    cents: int
    amount: str
    authority: str
    declared: bool
    commitment: UUID | None
    """That which grants it; none where the enterprise declared it."""


class OneOfTheGroup(Frozen):
    """An enterprise of the group, and whether an attestation covers the day for it."""

    siren: str
    siren_words: str
    name: str
    attested: bool


class DeMinimisSheet(Frozen):
    """One single undertaking as known then, on that day."""

    siren: str
    name: str
    attested: bool
    unknown_because: str | None
    """In words: what keeps what may still be granted from being known."""
    members: tuple[OneOfTheGroup, ...]
    headroom: tuple[HeadroomLine, ...]
    aids: tuple[AidLine, ...]


def de_minimis_sheet(world: World, siren: str, moment: Moment) -> DeMinimisSheet:
    """What is known of an enterprise and of those that are one with it on the day."""
    group = group_at(world, siren, moment)
    day = moment.in_force
    part = group.parts.get(siren)
    if part is None:
        raise NotAnUndertaking(siren=siren)
    told = [group.parts[m].attests_on(day) for m in group.members_on(day) & group.parts.keys()]
    attested = frozenset[str]().union(*told)
    members = [_member(group, member, attested) for member in sorted(group.members_on(day))]
    aids = sorted(group.aids_on(day), key=lambda one: (one[1].granted_on, one[1].authority))
    return DeMinimisSheet(
        siren=siren,
        name=part.name,
        attested=group.attested_on(day),
        unknown_because=None if group.attested_on(day) else _unknown(members, day),
        members=tuple(members),
        headroom=tuple(_headroom(group, regime, day) for regime in DeMinimis),
        aids=tuple(_aid(owner, aid, day) for owner, aid in aids),
    )


def group_at(world: World, siren: str, moment: Moment) -> Group:
    """An enterprise with those it is linked to, as known at a size of the journal."""
    return group_of(siren, lambda id_: world.load(SingleUndertaking, id_, moment.known))


def asked_for(text: str) -> str:
    """The SIREN that people wrote, with or without spaces; anything else is refused."""
    number = "".join(text.split())
    if not (number.isascii() and number.isdigit() and len(number) == SIREN_DIGITS):
        raise MalformedSiren(siren=text[:30])
    return number


def _unknown(members: list[OneOfTheGroup], day: date) -> str:
    """What is wanting for the day, of whom, and who may give it."""
    text = next((f" ({said})" for since, said in ATTESTED_BY if since <= day), "")
    of = ", ".join(one.name or one.siren_words for one in members if not one.attested)
    return (
        f"il manque une attestation des aides « de minimis » qui couvre le {day_in_words(day)}, "
        f"pour : {of}. L'entreprise la remet, et qui accorde l'aide la demande{text}"
    )


def _member(group: Group, siren: str, attested: frozenset[str]) -> OneOfTheGroup:
    known = group.parts.get(siren)
    return OneOfTheGroup(
        siren=siren,
        siren_words=siren_in_words(siren),
        name=known.name if known else "",
        attested=siren in attested,
    )


def _headroom(group: Group, regime: DeMinimis, day: date) -> HeadroomLine:
    ceiling: Ceiling | None = ceiling_on(regime, day)
    since = ceiling.first_day(day) if ceiling else None
    counted = sum(
        aid.cents_on(day)
        for _, aid in group.aids_on(day)
        if since and aid.regime is regime and since <= aid.granted_on
    )
    left = group.headroom_on(day, regime)
    return HeadroomLine(
        regime=regime,
        ceiling_cents=ceiling.cents if ceiling else None,
        counted_since=since,
        counted_cents=counted,
        headroom_cents=left,
        headroom=UNKNOWN_HEADROOM if left is None else euros(left),
        source=ceiling.source if ceiling else "",
    )


def _aid(owner: SingleUndertaking, aid: Aid, day: date) -> AidLine:
    return AidLine(
        id=aid.id,
        siren=owner.siren,
        name=owner.name,
        regime=aid.regime,
        granted_on=aid.granted_on,
        cents=aid.cents_on(day),
        amount=euros(aid.cents_on(day)),
        authority=aid.authority,
        declared=aid.commitment is None,
        commitment=aid.commitment,
    )
