"""Codes of places: what they meant in a year, what they became, what somebody may have meant."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.likeness import closest, slips
from domain.place import NEAREST, Gazetteer, PlaceEntry
from domain.place_year import (
    PLACES,
    AnotherSetOfData,
    InconsistentYear,
    NotTheNextYear,
    PlaceYears,
    YearAlreadyKnown,
    YearChange,
    change_to,
    entry_of,
    line_of,
    with_year,
)
from domain.territory import PlaceKind
from tests import make
from tests.places import FRAME, YEARS, commune, gazetteer, grouping, part

COMMUNE, EPCI = PlaceKind.COMMUNE, PlaceKind.EPCI


# --- what a code meant --------------------------------------------------------------------------


def test_a_code_means_what_it_meant_in_its_year() -> None:
    known = gazetteer(
        commune("35001", "Avant", last=2021), commune("35001", "Après", first=2022, last=2023)
    )

    names = [entry and entry.name for entry in (known.find(COMMUNE, "35001", y) for y in YEARS)]
    assert names == ["Avant", "Après", "Après"]
    assert known.find(COMMUNE, "35001", 2020) is None
    assert known.find(EPCI, "35001", 2022) is None


def test_a_district_is_located_as_a_commune_and_a_delegated_part_is_not() -> None:
    district = PlaceEntry("district", "13201", "Premier", "13", "93", chief="13055", last=2023)
    known = gazetteer(district, part("35002", "Partie", "35001"), commune("35001", "Tout"))

    assert known.find(COMMUNE, "13201", 2022) == district
    assert known.find(COMMUNE, "35002", 2022) is None


def test_a_grouping_lies_where_its_communes_lie_most_of_it_first() -> None:
    known = gazetteer(
        grouping("200000001", "CC Deux rives"),
        commune("35001", "Une", epci="200000001"),
        commune("44001", "Deux", department="44", region="52", epci="200000001"),
        commune("44002", "Trois", department="44", region="52", epci="200000001"),
        commune("44003", "Quatre", department="44", region="52", epci="200000001", last=2021),
    )
    found = known.find(EPCI, "200000001", 2022)

    assert found
    departments, regions = known.within(found, 2022)
    assert departments == ("Loire-Atlantique", "Ille-et-Vilaine")
    assert regions == ("Pays de la Loire", "Bretagne")


# --- what it became -----------------------------------------------------------------------------


def test_a_commune_becomes_that_of_which_it_is_a_part() -> None:
    known = gazetteer(
        commune("35001", "Petite", last=2021),
        part("35001", "Petite", "35002", first=2022),
        commune("35002", "Nouvelle"),
    )

    assert [heir.entry.code for heir in known.successors(COMMUNE, "35001", 2023)] == ["35002"]
    assert known.successors(COMMUNE, "35002", 2023) == ()


def test_a_commune_becomes_that_which_took_its_code_over() -> None:
    known = gazetteer(
        commune("35001", "Petite", last=2021),
        commune("35002", "Nouvelle", last=2021),
        commune("35002", "Nouvelle", first=2022, former=("35001",)),
    )

    assert [heir.entry.code for heir in known.successors(COMMUNE, "35001", 2022)] == ["35002"]


def test_a_commune_that_came_back_has_had_a_successor_in_between() -> None:
    known = gazetteer(
        commune("35001", "Petite", last=2021),
        part("35001", "Petite", "35002", first=2022, last=2022),
        commune("35001", "Petite", first=2023),
        commune("35002", "Nouvelle"),
    )

    assert [heir.entry.code for heir in known.successors(COMMUNE, "35001", 2022)] == ["35002"]
    assert known.successors(COMMUNE, "35001", 2023) == ()


def test_communes_that_take_one_another_over_end_nowhere() -> None:
    known = gazetteer(
        commune("35001", "Une", last=2021),
        commune("35002", "Deux", last=2021),
        part("35001", "Une", "35002", first=2022),
        part("35002", "Deux", "35001", first=2022),
    )

    assert known.successors(COMMUNE, "35001", 2023) == ()


def test_a_grouping_becomes_those_to_which_its_communes_went() -> None:
    known = gazetteer(
        grouping("200000001", "CC Ancienne", last=2021),
        grouping("200000002", "CC Une"),
        grouping("200000003", "CC Autre"),
        *(commune(f"3500{n}", f"C{n}", epci="200000001", last=2021) for n in range(1, 6)),
        *(commune(f"3500{n}", f"C{n}", epci="200000002", first=2022) for n in (1, 2)),
        commune("35003", "C3", epci="200000003", first=2022),
        part("35004", "C4", "35001", first=2022),
        commune("35005", "C5", first=2022),
    )

    heirs = known.successors(EPCI, "200000001", 2023)
    assert [(h.entry.code, h.communes, h.of) for h in heirs] == [
        ("200000002", 3, 5),
        ("200000003", 1, 5),
    ]


years_of_chiefs = st.lists(st.permutations(range(6)), min_size=2, max_size=4)


@given(years_of_chiefs, st.integers(1, 4))
def test_successors_are_there_and_what_ended_has_one_wherever_merging_goes(
    orders: list[list[int]], merged: int
) -> None:
    """Some communes become parts of others every year, and a year later are told no more.

    The truth is counted apart: a table of who took whom, followed to its end.
    """

    def end_of(code: str) -> str:
        return end_of(taken[code]) if code in taken else code

    codes = [f"35{n:03}" for n in range(6)]
    alive, taken = list(codes), dict[str, str]()
    entries: list[PlaceEntry] = []
    for offset, order in enumerate(orders):
        year, before = 2021 + offset, set(taken)
        if offset:
            for loser in [codes[n] for n in order if codes[n] in alive][:merged]:
                winners = [code for code in alive if code != loser]
                if winners:
                    taken[loser] = winners[order[0] % len(winners)]
                    alive.remove(loser)
        entries += [commune(code, code, first=year, last=year) for code in alive]
        entries += [
            part(code, code, end_of(code), first=year, last=year)
            for code in taken
            if code not in before
        ]
    last = 2020 + len(orders)
    known = Gazetteer([*FRAME, *entries], years=range(2021, last + 1))

    for code in codes:
        heirs = known.successors(COMMUNE, code, last)
        assert [heir.entry.code for heir in heirs] == ([end_of(code)] if code in taken else [])


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_the_shares_of_a_grouping_are_those_of_its_communes(moves: list[tuple[int, int]]) -> None:
    before = [grouping(f"20000000{n}", f"Avant {n}", last=2021) for n in range(4)]
    after = [grouping(f"20000001{n}", f"Après {n}", first=2022) for n in range(4)]
    told = [
        commune(
            f"35{number:03}",
            "C",
            epci=f"2000000{'0' if year == 2021 else '1'}{old if year == 2021 else new}",
            first=year,
            last=2021 if year == 2021 else 2023,
        )
        for number, (old, new) in enumerate(moves)
        for year in (2021, 2022)
    ]
    known = gazetteer(*before, *after, *told)

    for old in range(4):
        went = Counter(f"20000001{new}" for was, new in moves if was == old)
        heirs = known.successors(EPCI, f"20000000{old}", 2023)
        assert {heir.entry.code: heir.communes for heir in heirs} == went
        assert all(heir.of == went.total() for heir in heirs)
        assert [h.communes for h in heirs] == sorted(went.values(), reverse=True)


# --- what somebody may have meant ----------------------------------------------------------------

codes_of_five = st.text("0123AB", min_size=5, max_size=5)


@given(codes_of_five, st.sets(codes_of_five, min_size=1, max_size=30))
def test_the_closest_code_is_no_farther_than_any_other(code: str, known: set[str]) -> None:
    codes = sorted(known)

    found = closest(code, codes, NEAREST)

    assert len(found) == min(NEAREST, len(codes))
    assert len(set(found)) == len(found)
    if min(slips(code, other) for other in codes) <= 2:
        assert slips(code, found[0]) == min(slips(code, other) for other in codes)
    close = sum(slips(code, other) <= 2 for other in codes)
    within = sum(slips(code, other) <= 2 for other in found)
    assert within == min(close, NEAREST)


@given(codes_of_five, codes_of_five, codes_of_five)
def test_slips_are_counted_as_a_distance(one: str, two: str, three: str) -> None:
    assert slips(one, one) == 0
    assert slips(one, two) == slips(two, one)
    assert (slips(one, two) == 0) == (one == two)
    assert max(len(one), len(two)) >= slips(one, two)
    assert slips(one, three) <= slips(one, two) + slips(two, three) + 1


@given(st.integers(0, 3), codes_of_five)
def test_two_signs_exchanged_are_one_slip(at: int, code: str) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]

    assert slips(code, swapped) == (code != swapped)


def test_candidates_are_of_the_year_and_the_kind_asked_about() -> None:
    known = gazetteer(
        commune("35236", "Redonne", last=2021),
        commune("35237", "Renade"),
        grouping("200035237", "CC Renade"),
    )

    assert [entry.code for entry in known.nearest(COMMUNE, "35235", 2023)] == ["35237"]
    assert [entry.code for entry in known.nearest(COMMUNE, "", 2023, "renade")] == ["35237"]


def test_a_name_is_found_whatever_its_accents_whole_names_first() -> None:
    known = gazetteer(
        commune("35001", "Saint-Éloi-la-Forêt"), commune("35002", "Éloi"), commune("35003", "Autre")
    )

    assert [entry.code for entry in known.search("eloi", 2022)] == ["35002", "35001"]
    assert [entry.code for entry in known.search("35003", 2022)] == ["35003"]
    assert known.search("introuvable", 2022) == []
    assert known.search("  ", 2022) == []


# --- a year more ---------------------------------------------------------------------------------

names = st.sampled_from(["Une", "Deux", "Trois"])
some_communes = st.dictionaries(
    st.sampled_from([f"3500{n}" for n in range(8)]), st.tuples(names, st.booleans()), min_size=1
)


@given(some_communes, some_communes)
def test_a_year_told_as_what_it_changes_is_that_year(
    one: dict[str, tuple[str, bool]], two: dict[str, tuple[str, bool]]
) -> None:
    def told(year: int, what: dict[str, tuple[str, bool]]) -> list[PlaceEntry]:
        return [
            commune(code, name, former=("35999",) if old else (), first=year, last=year)
            for code, (name, old) in what.items()
        ]

    known = Gazetteer(told(2021, one), years=range(2021, 2022))
    change = change_to(known, 2022, told(2022, two))
    later = with_year(known, YearChange.model_validate_json(change.model_dump_json()))

    assert later.years == range(2021, 2023)
    for year, what in ((2021, one), (2022, two)):
        for number in range(8):
            found = later.find(COMMUNE, f"3500{number}", year)
            expected = what.get(f"3500{number}")
            assert (found and (found.name, bool(found.former))) == expected
    assert with_year(later, change) is later


@given(codes_of_five, names, st.lists(codes_of_five))
def test_a_line_says_its_entry(code: str, name: str, old: list[str]) -> None:
    entry = part(code, name, "35001", former=tuple(old), first=2022, last=2022)

    assert entry_of(line_of(entry), 2022) == entry


def load(change: YearChange, known: Gazetteer) -> PlaceYears:
    years = PlaceYears(PLACES)
    with make.on():
        years.load(change, package="essai", files={}, known=known)
    return years


def big(year: int = 2023) -> list[PlaceEntry]:
    return [commune(f"35{n:03}", f"Commune {n}", first=year, last=year) for n in range(100)]


def test_years_follow_one_another() -> None:
    known = Gazetteer(big(), years=range(2021, 2024))

    for year, refusal in ((2023, YearAlreadyKnown), (2025, NotTheNextYear)):
        with pytest.raises(refusal, match=str(year)):
            load(change_to(known, year, big(year)), known)

    assert load(change_to(known, 2024, big(2024)), known).changes == [YearChange(year=2024)]


def test_another_set_of_data_is_not_a_year_more() -> None:
    known = Gazetteer(big(), years=range(2021, 2024))
    fewer = big(2024)[:80]
    garbled = [entry._replace(name=entry.name + "Ã©") for entry in big(2024)]

    for told in (fewer, garbled):
        with pytest.raises(AnotherSetOfData, match="sur 100"):
            load(change_to(known, 2024, told), known)


@pytest.mark.parametrize(
    "change",
    [
        YearChange(year=2024, ended=("commune:35999",)),
        YearChange(year=2024, ended=("commune:35001", "commune:35001")),
        YearChange(
            year=2024, changed=(line_of(commune("35001", "A")), line_of(commune("35001", "B")))
        ),
    ],
    ids=["never there", "ended twice", "told twice"],
)
def test_a_year_that_contradicts_itself_is_refused(change: YearChange) -> None:
    known = Gazetteer(big(), years=range(2021, 2024))

    with pytest.raises(InconsistentYear) as refused:
        load(change, known)

    assert isinstance(refused.value, Refused)
