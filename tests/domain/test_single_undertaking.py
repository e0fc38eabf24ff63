"""De minimis: what may still be granted on a day, against a model that counts everything anew."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.de_minimis import CEILINGS, DeMinimis, ceiling_on
from domain.errors import JalonError
from domain.single_undertaking import SingleUndertaking, undertaking_of
from domain.single_undertaking_refusals import (
    AidKnown,
    AttestedForNoDay,
    BeforeTheGrant,
    ChangedLater,
    LinkedToItself,
    NotLower,
    UnknownAid,
)
from domain.undertaking_group import Group, group_of
from tests import make
from tests.examples import settings

ONE, TWO, THREE = "732829320", "404833048", "552100554"
SIRENS = (ONE, TWO, THREE)
EURO = 100


class Enterprises:
    """Three enterprises, and what is told of them on days."""

    def __init__(self) -> None:
        self.known: dict[UUID, SingleUndertaking] = {}
        for siren in SIRENS:
            with make.on("2009-01-01"):
                part = SingleUndertaking.identify(siren, f"Entreprise {siren}")
            self.known[part.id] = part

    def __getitem__(self, siren: str) -> SingleUndertaking:
        return self.known[undertaking_of(siren)]

    def group(self, siren: str = ONE) -> Group:
        return group_of(siren, self.known.get)

    def left(self, day: str, siren: str = ONE, regime: DeMinimis = DeMinimis.GENERAL) -> int | None:
        return self.group(siren).headroom_on(make.day(day), regime)

    def declare(
        self,
        day: date,
        cents: int,
        siren: str = ONE,
        regime: DeMinimis = DeMinimis.GENERAL,
        by: str = "Région fictive",
    ) -> UUID:
        with make.on(day.isoformat()):
            return self[siren].declare_aid(
                regime=regime, cents=cents, authority=by, reference=None, granted_on=day
            )

    def attest(
        self, day: date, siren: str = ONE, others: tuple[str, ...] = (), **more: date
    ) -> None:
        with make.on(day.isoformat()):
            self[siren].attest(others=others, document=None, until=more.get("until"), day=day)

    def link(self, one: str, other: str, day: date) -> None:
        with make.on(day.isoformat()):
            self[one].join(other, why="majorité des voix", day=day)
            self[other].join(one, why="majorité des voix", day=day)

    def part(self, one: str, other: str, day: date) -> None:
        with make.on(day.isoformat()):
            self[one].part(other, why="cession", day=day)
            self[other].part(one, why="cession", day=day)


# --- examples -----------------------------------------------------------------------------------


def test_without_an_attestation_what_is_left_is_unknown() -> None:
    known = Enterprises()
    known.declare(make.day("2024-02-01"), 100_000 * EURO)

    assert known.left("2024-06-03") is None
    known.attest(make.day("2024-06-01"))
    assert known.left("2024-06-03") == 200_000 * EURO
    assert known.left("2024-05-31") is None
    assert known.left("2024-12-01") == 200_000 * EURO
    assert known.left("2024-12-02") is None


@pytest.mark.parametrize(
    ("granted", "counts", "no_longer"),
    [
        ("2024-06-03", "2027-06-03", "2027-06-04"),
        ("2024-02-29", "2027-02-28", "2027-03-01"),
        ("2025-02-28", "2028-02-29", "2028-03-01"),
    ],
)
def test_three_years_roll_back_from_the_day_of_the_grant(
    granted: str, counts: str, no_longer: str
) -> None:
    known = Enterprises()
    known.declare(make.day(granted), 300_000 * EURO)
    known.attest(make.day(granted), until=make.day("2030-12-31"))

    assert known.left(counts) == 0
    assert known.left(no_longer) == 300_000 * EURO


def test_before_2024_the_year_of_the_grant_and_the_two_before_it_count() -> None:
    known = Enterprises()
    known.declare(make.day("2021-01-01"), 50_000 * EURO)
    known.declare(make.day("2020-12-31"), 70_000 * EURO)
    known.attest(make.day("2020-12-31"), until=make.day("2030-12-31"))

    assert known.left("2023-12-31") == 150_000 * EURO
    assert known.left("2022-12-31") == 80_000 * EURO
    assert known.left("2024-01-01") == 250_000 * EURO


def test_each_regime_has_its_ceiling_and_before_2024_both_had_one_together() -> None:
    known = Enterprises()
    known.declare(make.day("2022-03-01"), 450_000 * EURO, regime=DeMinimis.SGEI)
    known.attest(make.day("2022-03-01"), until=make.day("2030-12-31"))

    assert known.left("2022-06-01") == 50_000 * EURO
    assert known.left("2022-06-01", regime=DeMinimis.SGEI) == 50_000 * EURO
    assert known.left("2024-06-01") == 300_000 * EURO
    assert known.left("2024-06-01", regime=DeMinimis.SGEI) == 300_000 * EURO


def test_no_ceiling_is_known_after_the_last_regulation() -> None:
    known = Enterprises()
    known.attest(make.day("2030-12-31"))

    assert known.left("2030-12-31") == 300_000 * EURO
    assert known.left("2031-01-01") is None


def test_enterprises_that_merge_late_count_together_from_then_on() -> None:
    known = Enterprises()
    known.declare(make.day("2024-02-01"), 100_000 * EURO, ONE)
    known.declare(make.day("2024-03-01"), 150_000 * EURO, TWO)
    known.attest(make.day("2024-03-01"), ONE, until=make.day("2030-01-01"))
    known.link(ONE, TWO, make.day("2024-06-01"))

    assert known.left("2024-05-31") == 200_000 * EURO
    assert known.left("2024-06-01") is None  # nobody attests of the other one yet
    known.attest(make.day("2024-06-01"), ONE, (TWO,), until=make.day("2030-01-01"))
    assert known.left("2024-06-01") == 50_000 * EURO
    assert known.left("2024-06-01", TWO) == 50_000 * EURO
    known.part(ONE, TWO, make.day("2025-01-01"))
    assert known.left("2025-01-01") == 200_000 * EURO


def test_a_grant_entered_late_leaves_room_for_those_that_came_after_it() -> None:
    known = Enterprises()
    known.declare(make.day("2025-06-01"), 280_000 * EURO)
    known.attest(make.day("2024-01-10"), until=make.day("2024-12-31"))

    assert known.left("2024-06-01") == 20_000 * EURO


def test_aid_that_is_withdrawn_no_longer_counts_from_that_day_on() -> None:
    known = Enterprises()
    aid = known.declare(make.day("2024-02-01"), 100_000 * EURO)
    known.attest(make.day("2024-02-01"))
    with make.on("2024-05-01"):
        known[ONE].lower_aid(aid, cents=0, motive="retirée", day=make.day("2024-05-01"))

    assert known.left("2024-04-30") == 200_000 * EURO
    assert known.left("2024-05-01") == 300_000 * EURO


def test_what_makes_no_sense_is_refused_in_one_sentence() -> None:
    known = Enterprises()
    day = make.day("2024-02-01")
    aid = known.declare(day, 100)

    with pytest.raises(AidKnown):
        known.declare(day, 100, by="REGION FICTIVE")
    with pytest.raises(LinkedToItself):
        known.link(ONE, ONE, day)
    with pytest.raises(AttestedForNoDay):
        known.attest(day, until=make.day("2024-01-31"))
    for cents, on, which, refused in (
        (100, "2024-02-01", aid, NotLower),
        (50, "2024-01-31", aid, BeforeTheGrant),
        (50, "2024-02-01", UUID(int=7), UnknownAid),
    ):
        with pytest.raises(refused), make.on(on):
            known[ONE].lower_aid(which, cents=cents, motive="?", day=make.day(on))
    known.link(ONE, TWO, make.day("2024-03-01"))
    with pytest.raises(ChangedLater):
        known.link(ONE, TWO, day)


def test_every_ceiling_says_where_it_is_written_and_none_is_said_twice_of_a_day() -> None:
    assert all("règlement" in ceiling.source for ceiling in CEILINGS)
    for regime in DeMinimis:
        mine = sorted((c for c in CEILINGS if c.regime is regime), key=lambda c: c.since)
        assert [c.until for c in mine[:-1]] == [c.since for c in mine[1:]]
        assert ceiling_on(regime, mine[0].since - timedelta(days=1)) is None


# --- against a naive model ----------------------------------------------------------------------


@dataclass
class Naive:
    """The same, counted from nothing each time."""

    aids: list[tuple[str, date, DeMinimis, int]] = field(default_factory=list)
    lowered: dict[int, list[tuple[date, int]]] = field(default_factory=dict)
    links: list[tuple[str, str, date, bool]] = field(default_factory=list)
    attested: list[tuple[str, frozenset[str], date, date]] = field(default_factory=list)

    def linked(self, one: str, other: str, day: date) -> bool:
        said = False
        for a, b, since, is_linked in self.links:
            if {a, b} == {one, other} and since <= day:
                said = is_linked
        return said

    def group(self, siren: str, day: date) -> set[str]:
        found = {siren}
        for _ in SIRENS:
            found |= {o for o in SIRENS for m in found if self.linked(o, m, day)}
        return found

    def ever_linked(self, siren: str) -> set[str]:
        """Those whose later grants are looked at: aid to anybody else says nothing of it."""
        found = {siren}
        for _ in SIRENS:
            found |= {o for a, b, _, _ in self.links for o in (a, b) if found & {a, b}}
        return found

    def cents(self, number: int, day: date) -> int:
        found = self.aids[number][3]
        for since, cents in self.lowered.get(number, []):
            if since <= day:
                found = cents
        return found

    def headroom(self, siren: str, regime: DeMinimis, day: date) -> int | None:
        group, told = self.group(siren, day), set[str]()
        for by, of, first, last in self.attested:
            told |= of if by in group and first <= day <= last else set()
        if not group <= told or _ceiling(regime, day) is None:
            return None
        ever = self.ever_linked(siren)
        days = {day} | {granted for of, granted, _, _ in self.aids if of in ever and granted > day}
        return max(0, min(self.rooms(siren, regime, day, days)))

    def rooms(self, siren: str, regime: DeMinimis, day: date, days: set[date]) -> Iterator[int]:
        for judged in days:
            ceiling = _ceiling(regime, judged)
            if ceiling is None or not _counts(day, judged):
                continue
            group = self.group(siren, judged)
            counted = [
                (other, self.cents(number, judged))
                for number, (of, granted, other, _) in enumerate(self.aids)
                if of in group and granted <= judged and _counts(granted, judged)
            ]
            yield ceiling - sum(cents for other, cents in counted if other is regime)
            if date(2012, 4, 29) <= judged < date(2024, 1, 1):
                yield 500_000 * EURO - sum(cents for _, cents in counted)


def _ceiling(regime: DeMinimis, day: date) -> int | None:
    if day >= date(2031, 1, 1):
        return None
    if regime is DeMinimis.GENERAL:
        return (300_000 if day.year >= 2024 else 200_000) * EURO if day.year >= 2007 else None
    if day < date(2012, 4, 29):
        return None
    return (750_000 if day.year >= 2024 else 500_000) * EURO


def _counts(granted: date, judged: date) -> bool:
    if judged.year < 2024:
        return granted.year >= judged.year - 2
    try:
        return granted >= judged.replace(year=judged.year - 3)
    except ValueError:  # 29 February
        return granted >= date(judged.year - 3, 2, 28)


DAYS = st.one_of(
    st.dates(date(2011, 1, 1), date(2031, 6, 1)),
    st.sampled_from(
        [
            *(date(year, 2, 29) for year in (2020, 2024, 2028)),
            *(date(year, 2, 28) for year in (2021, 2023, 2025, 2027, 2028)),
            *(date(year, 3, 1) for year in (2021, 2024, 2027)),
            *(date(year, 1, 1) for year in (2021, 2022, 2024, 2027)),
            *(date(year, 12, 31) for year in (2020, 2021, 2023, 2026, 2030)),
        ]
    ),
)
SIREN = st.sampled_from(SIRENS)
REGIME = st.sampled_from(DeMinimis)
CENTS = st.integers(1, 400_000 * EURO)
ACTS = st.one_of(
    st.tuples(st.just("declare"), SIREN, DAYS, REGIME, CENTS),
    st.tuples(st.just("declare"), SIREN, DAYS, REGIME, CENTS),
    st.tuples(st.just("lower"), st.integers(0, 9), DAYS, CENTS),
    st.tuples(st.just("attest"), SIREN, DAYS, st.frozensets(SIREN), st.integers(0, 4000)),
    st.tuples(st.just("link"), SIREN, SIREN, DAYS),
    st.tuples(st.just("part"), SIREN, SIREN, DAYS),
)


A_STRANGERS_GRANT = [
    ("declare", SIRENS[1], date(2025, 2, 28), DeMinimis.GENERAL, 1),
    ("attest", SIRENS[0], date(2020, 2, 29), frozenset(), 1826),
    ("declare", SIRENS[2], date(2028, 1, 1), DeMinimis.GENERAL, 1),
    ("link", SIRENS[1], SIRENS[0], date(2027, 2, 28)),
]
"""The years that end with a grant to somebody it never was one with are not looked at."""


@example(acts=A_STRANGERS_GRANT, asked=[date(2020, 2, 29)])
@settings(max_examples=300, deadline=None)
@given(acts=st.lists(ACTS, max_size=14), asked=st.lists(DAYS, min_size=1, max_size=6))
def test_what_is_left_is_what_a_naive_count_leaves(
    acts: list[tuple[object, ...]], asked: list[date]
) -> None:
    known, naive, aids = Enterprises(), Naive(), list[tuple[str, UUID]]()
    for act in acts:
        with suppress(JalonError):
            _do(act, known, naive, aids)

    days = {*asked, *(granted for _, granted, _, _ in naive.aids)}
    for day in days:
        for siren in SIRENS:
            for regime in DeMinimis:
                found = known.group(siren).headroom_on(day, regime)
                assert found == naive.headroom(siren, regime, day)


def _do(
    act: tuple[object, ...], known: Enterprises, naive: Naive, aids: list[tuple[str, UUID]]
) -> None:
    match act:
        case ("declare", str(siren), date() as day, DeMinimis() as regime, int(cents)):
            id_ = known.declare(day, cents, siren, regime, by=f"Financeur {len(aids)}")
            aids.append((siren, id_))
            naive.aids.append((siren, day, regime, cents))
        case ("lower", int(number), date() as day, int(cents)) if number < len(aids):
            siren, id_ = aids[number]
            with make.on(day.isoformat()):
                known[siren].lower_aid(id_, cents=cents, motive="?", day=day)
            naive.lowered.setdefault(number, []).append((day, cents))
        case ("attest", str(siren), date() as day, frozenset() as others, int(days)):
            until = day + timedelta(days=days)
            known.attest(day, siren, tuple(map(str, others)), until=until)
            naive.attested.append((siren, frozenset({siren, *map(str, others)}), day, until))
        case ("link", str(one), str(other), date() as day):
            known.link(one, other, day)
            naive.links.append((one, other, day, True))
        case ("part", str(one), str(other), date() as day):
            known.part(one, other, day)
            naive.links.append((one, other, day, False))


@settings(max_examples=100, deadline=None)
@given(acts=st.lists(ACTS, max_size=12))
def test_it_is_the_fold_of_its_events(acts: list[tuple[object, ...]]) -> None:
    known, naive, aids = Enterprises(), Naive(), list[tuple[str, UUID]]()
    for act in acts:
        with suppress(JalonError):
            _do(act, known, naive, aids)

    replayed = {
        id_: SingleUndertaking.replay(id_, make.history(part)) for id_, part in known.known.items()
    }
    day = make.day("2024-06-03")
    for siren in SIRENS:
        again = group_of(siren, replayed.get)
        for regime in DeMinimis:
            assert again.headroom_on(day, regime) == known.group(siren).headroom_on(day, regime)
