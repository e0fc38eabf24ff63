"""Where poles act: each counted where its source says, and nothing guessed."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from application.pole_map import ELSEWHERE, pole_map
from domain.place import Nature
from infrastructure.places import DEPARTMENTS, departments, shipped
from tools.departments import DRAWING, middle, paths, rings

PLACES = st.tuples(
    st.sampled_from([None, "Bretagne", "Corse", "Bretagne / Pays de la Loire"]),
    st.sampled_from([None, "Morbihan", "Finistère / Loire-Atlantique", "Ailleurs-sur-Mer"]),
)


def test_a_pole_of_several_departments_counts_in_each_and_once_in_its_region() -> None:
    found = pole_map(
        {("Bretagne", "Ille-et-Vilaine / Morbihan / Loire-Atlantique"): 1}, departments()
    )

    there = {one.department.name: one.number for one in found.departments if one.number}
    assert there == {"Ille-et-Vilaine": 1, "Morbihan": 1, "Loire-Atlantique": 1}
    assert found.total == found.several == 1
    bretagne, loire = found.regions
    assert (bretagne.name, bretagne.number) == ("Bretagne", 1)
    assert bretagne.departments == (("Ille-et-Vilaine", 1), ("Morbihan", 1))
    assert (loire.number, loire.departments) == (0, (("Loire-Atlantique", 1),))


def test_what_is_known_by_region_only_or_not_at_all_is_told_apart() -> None:
    found = pole_map({("Corse", None): 3, (None, None): 2}, departments())

    assert (found.present, found.no_department, found.nowhere, found.total) == (0, 3, 2, 5)
    assert [(one.name, one.number, one.no_department) for one in found.regions] == [("Corse", 3, 3)]


def test_a_department_that_is_not_drawn_keeps_its_words() -> None:
    found = pole_map({(None, "Nouvelle-Calédonie"): 1}, departments())

    assert [(one.name, one.departments) for one in found.regions] == [
        (ELSEWHERE, (("Nouvelle-Calédonie", 1),))
    ]


@given(st.lists(PLACES, max_size=30))
def test_every_pole_is_somewhere_or_said_to_be_nowhere(
    places: list[tuple[str | None, str | None]],
) -> None:
    found = pole_map(Counter(places), departments())

    assert found.total == len(places)
    in_regions = sum(one.number for one in found.regions)
    several = sum(region == "Bretagne / Pays de la Loire" for region, _ in places)
    apart = sum(
        region is None and department == "Finistère / Loire-Atlantique"
        for region, department in places
    )
    assert in_regions == found.total - found.nowhere + several + apart


def test_the_table_has_every_department_of_the_codes_where_the_drawing_has_it() -> None:
    places, drawn = shipped(), paths(DRAWING.read_text("utf-8"))
    year = places.last_year
    regions = {one.code: one.name for one in places.entries_of(Nature.REGION, year)}

    told = {one.code: (one.name, one.region) for one in departments()}
    coded = places.entries_of(Nature.DEPARTMENT, year)
    assert told == {one.code: (one.name, regions[one.region]) for one in coded if one.code in drawn}
    assert told.keys() == drawn.keys()
    assert len(told) == 101
    assert {one.code: (one.x, one.y) for one in departments()} == {
        code: middle(path) for code, path in drawn.items()
    }


def test_a_number_stands_within_its_department() -> None:
    drawn = paths(DRAWING.read_text("utf-8"))

    for one in departments():
        points = [point for ring in rings(drawn[one.code]) for point in ring]
        across, down = zip(*points, strict=True)
        assert min(across) < one.x < max(across), one
        assert min(down) < one.y < max(down), one


def test_the_drawing_says_whose_outlines_it_has() -> None:
    assert "IGN, ADMIN EXPRESS, Licence Ouverte" in DRAWING.read_text("utf-8")
    assert "ADMIN EXPRESS" in (DEPARTMENTS.parent / "README.md").read_text("utf-8")
