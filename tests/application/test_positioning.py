"""Profiles at a date, side by side, and drawn: a mirror and never a score."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from application.case_sheet import history_of, ways_of
from application.evaluation import EvaluationListed
from application.grid import PublishGrid
from application.pictures.radar import radar
from application.positioning import (
    NoProfile,
    OtherGrid,
    Profile,
    RoundNotPublished,
    comparison,
    profile_of,
    profile_on,
)
from application.round import RoundSheet, round_sheet
from domain.evaluation import EvaluationId
from domain.pole import PoleId
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import rounds
from tests.application.rounds import at
from tests.examples import settings

SVG = "{http://www.w3.org/2000/svg}"
MERIT = re.compile(
    r"\b(score|mean|average|total|sum|threshold|rank|grade|percent|passed|failed|"
    r"moyenne|note globale|rang|seuil|somme|pourcentage|réussi|échec)\b",
    re.IGNORECASE,
)
"""Words of a judgement that is computed."""


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with rounds.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return rounds.pole(registry)


def profile(registry: Registry, round_: EvaluationId, *, author: bool = False) -> Profile:
    return profile_of(registry, round_, at(registry), author=author)


def drawn(*profiles: Profile) -> Xml.Element:
    return Xml.fromstring(radar(profiles))  # noqa: S314  # our own


def keys(value: Any) -> Iterator[str]:
    """Every key of a JSON value."""
    match value:
        case dict():
            for name, inner in value.items():
                yield name
                yield from keys(inner)
        case list():
            for inner in value:
                yield from keys(inner)


def elements(image: Xml.Element, kind: str, css: str) -> list[Xml.Element]:
    return [e for e in image.iter(f"{SVG}{kind}") if e.get("class") == css]


# --- a profile ----------------------------------------------------------------------------------


def test_a_profile_says_the_level_or_why_nothing_was_observed(
    registry: Registry, pole: PoleId
) -> None:
    round_ = rounds.published(registry, pole, levels={"TER1a": 4, "TER1b": 0, "TER1c": None})

    items = {item.code: item for item in profile(registry, round_).items}

    assert len(items) == 27
    assert items["TER1a"].words == "4 – partagé par tous les membres"
    assert items["TER1b"].words == "0 – absent"
    assert items["TER1c"].words == "non observé"
    assert (items["TER1c"].level, items["TER1c"].unobserved) == (None, "aucun accès aux comptes")


def test_what_is_not_published_is_for_its_authors(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.plan(registry, pole)
    rounds.move(registry, round_, "open")
    rounds.fill(registry, round_)

    with pytest.raises(RoundNotPublished):
        profile(registry, round_)
    assert len(profile(registry, round_, author=True).items) == 27


def test_the_profile_of_a_pole_is_that_of_its_last_published_round(
    registry: Registry, pole: PoleId
) -> None:
    first = rounds.published(registry, pole, "2024-01-01")
    second = rounds.published(registry, pole, "2024-05-01")
    with pytest.raises(NoProfile):
        profile_on(registry, pole, rounds.SELF, at(registry, "2023-12-31"))
    with pytest.raises(NoProfile):
        profile_on(registry, pole, rounds.THIRD, at(registry, "2024-06-01"))

    found = {
        day: profile_on(registry, pole, rounds.SELF, at(registry, day)).round.id
        for day in ("2024-01-01", "2024-04-30", "2024-05-01", "2024-06-01")
    }

    assert list(found.values()) == [first, first, second, second]


def test_it_is_what_was_known_then(registry: Registry, pole: PoleId) -> None:
    first = rounds.published(registry, pole, "2024-01-01")
    known = registry.journal.size()
    second = rounds.published(registry, pole, "2024-05-01")

    def asked(size: int | None) -> object:
        return profile_on(registry, pole, rounds.SELF, at(registry, "2024-06-01", size)).round.id

    assert (asked(known), asked(None)) == (first, second)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days=st.lists(st.integers(0, 30), min_size=1, max_size=5), asked=st.integers(-1, 32))
def test_the_profile_on_a_day_is_the_latest_published_by_then(days: list[int], asked: int) -> None:
    """In whatever order they were recorded; of the same day, the last recorded."""
    start = date(2024, 1, 1)
    with TemporaryDirectory() as folder, rounds.registry(Path(folder)) as registry:
        pole = rounds.pole(registry)
        made = [
            (day, number, rounds.published(registry, pole, (start + timedelta(day)).isoformat()))
            for number, day in enumerate(days)
        ]
        by_then = [published for published in made if published[0] <= asked]
        moment = at(registry, (start + timedelta(asked)).isoformat())
        if not by_then:
            with pytest.raises(NoProfile):
                profile_on(registry, pole, rounds.SELF, moment)
            return

        found = profile_on(registry, pole, rounds.SELF, moment)

        assert found.round.id == max(by_then)[2]
        assert rounds.load(registry, found.round.id).published_on(moment.in_force)


# --- side by side -------------------------------------------------------------------------------


def test_two_rounds_of_one_version_are_put_side_by_side(registry: Registry, pole: PoleId) -> None:
    one = rounds.published(registry, pole, "2024-01-01", levels={"TER1a": 1})
    two = rounds.published(registry, pole, "2024-06-01", levels={"TER1a": 3, "TER1b": None})

    pair = comparison(registry, one, two, at(registry), author=False)

    told = {line.code: (line.first, line.second, line.same) for line in pair.pairs}
    assert told["TER1a"] == ("1 – en projet", "3 – installé", False)
    assert told["TER1b"] == ("2 – amorcé", "non observé", False)
    assert told["ECO3c"][2]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=st.sampled_from(["a", "b"]), second=st.sampled_from(["a", "b"]))
def test_a_comparison_is_refused_exactly_where_the_versions_differ(first: str, second: str) -> None:
    with TemporaryDirectory() as folder, rounds.registry(Path(folder)) as registry:
        for version in ("a", "b"):
            registry.do(PublishGrid(grid=rounds.official(version)), make.by(Role.ADMINISTRATOR))
        pole = rounds.pole(registry)
        one = rounds.published(registry, pole, "2024-01-01", grid=f"referentiel@{first}")
        two = rounds.published(registry, pole, "2024-02-01", grid=f"referentiel@{second}")
        if first == second:
            assert comparison(registry, one, two, at(registry), author=False).pairs
            return

        with pytest.raises(OtherGrid) as refused:
            comparison(registry, one, two, at(registry), author=False)

        for version in (first, second):
            assert f"référentiel d'action, version {version}" in str(refused.value)
        assert "ne voudrait rien dire" in str(refused.value)


# --- drawn --------------------------------------------------------------------------------------


def test_a_radar_has_a_title_a_description_and_no_style(registry: Registry, pole: PoleId) -> None:
    found = profile(registry, rounds.published(registry, pole, levels={"TER1c": None}))
    image = drawn(found)

    title, desc = image.find(f"{SVG}title"), image.find(f"{SVG}desc")
    assert image.get("role") == "img"
    assert title is not None
    assert desc is not None
    assert title.get("id") == image.get("aria-labelledby")
    assert desc.get("id") == image.get("aria-describedby")
    assert all(item.title in (desc.text or "") for item in found.items)
    assert not any("style" in element.attrib for element in image.iter())
    assert not list(image.iter(f"{SVG}style"))
    assert not list(image.iter(f"{SVG}script"))


def test_what_was_not_observed_is_a_gap_and_not_the_lowest_level(
    registry: Registry, pole: PoleId
) -> None:
    whole = drawn(profile(registry, rounds.published(registry, pole, "2024-01-01")))
    levels: dict[str, int | None] = {"TER1b": None, "COO2a": None}
    gaps = drawn(profile(registry, rounds.published(registry, pole, "2024-02-01", levels)))
    lowest = drawn(profile(registry, rounds.published(registry, pole, "2024-03-01", {"TER1b": 0})))

    def count(image: Xml.Element) -> tuple[int, int]:
        return len(elements(image, "line", "profile")), len(elements(image, "circle", "position"))

    assert count(whole) == (27, 27)
    assert count(gaps) == (23, 25)
    assert count(lowest) == (27, 27)


def test_the_lowest_level_has_a_ring_of_its_own(registry: Registry, pole: PoleId) -> None:
    image = drawn(profile(registry, rounds.published(registry, pole)))

    rings = [float(ring.get("r") or 0) for ring in elements(image, "circle", "ring")]

    assert len(rings) == 5
    assert min(rings) > 0


def test_two_rounds_differ_by_more_than_their_colour(registry: Registry, pole: PoleId) -> None:
    one = profile(registry, rounds.published(registry, pole, "2024-01-01"))
    two = profile(registry, rounds.published(registry, pole, "2024-02-01"))
    image = drawn(one, two)

    dashes = {line.get("stroke-dasharray") for line in elements(image, "line", "profile")}
    assert dashes == {None, "7 4"}
    assert len(elements(image, "circle", "position")) >= 27
    assert len(elements(image, "rect", "position")) >= 27
    said = "".join(image.itertext())
    assert "trait plein, ronds" in said
    assert "tirets, carrés" in said


def test_the_placeholder_is_marked_wherever_it_is_shown(registry: Registry, pole: PoleId) -> None:
    round_ = rounds.published(registry, pole)
    found = profile(registry, round_)

    assert "Grille provisoire" in radar((found,))
    assert "Grille provisoire" in " ".join(drawn(found).itertext())
    for line in (found.round, round_sheet(registry, round_, at(registry)).line):
        told = line.model_dump(mode="json")
        assert told["placeholder"] is True
        assert "Ce n'est pas le référentiel" in told["notice"]


def test_the_official_grid_is_not_said_to_be_a_placeholder(
    registry: Registry, pole: PoleId
) -> None:
    registry.do(PublishGrid(grid=rounds.official()), make.by(Role.ADMINISTRATOR))
    found = profile(registry, rounds.published(registry, pole))

    assert not found.round.placeholder
    assert "provisoire" not in radar((found,)).replace(found.round.grid_title, "")


# --- no verdict ---------------------------------------------------------------------------------


def test_nothing_shown_of_a_round_is_a_computed_judgement(registry: Registry, pole: PoleId) -> None:
    one = rounds.published(registry, pole, "2024-01-01", {"TER1a": 0})
    two = rounds.published(registry, pole, "2024-06-01", {"TER1a": 4})
    sheet = round_sheet(registry, two, at(registry))
    pair = comparison(registry, one, two, at(registry), author=False)

    for shown in (sheet, pair, pair.first):
        told = " ".join(keys(shown.model_dump(mode="json"))).replace("_", " ")
        assert not MERIT.search(told), told
    for lines in (EvaluationListed, RoundSheet, Profile):
        assert not MERIT.search(" ".join(lines.model_fields).replace("_", " "))
    image = radar((pair.first, pair.second))
    assert not MERIT.search(re.sub(r"<[^>]*>", " ", image)), "in words"


def test_no_number_shown_depends_on_the_levels_but_the_levels(
    registry: Registry, pole: PoleId
) -> None:
    """What a profile says, its levels and their titles taken away, is the same for all."""
    low = profile(registry, rounds.published(registry, pole, "2024-01-01"))
    high_round = rounds.published(
        registry, pole, "2024-06-01", dict.fromkeys(rounds.placeholder().items, 4)
    )
    high = profile(registry, high_round)

    def bare(found: Profile) -> Any:
        about = {"round": {"id", "code", "title", "stage", "stage_title", "occurred_on"}}
        told = found.model_dump(mode="json", exclude={**about})
        for branch in told["branches"]:
            for objective in branch["objectives"]:
                for item in objective["items"]:
                    item["level"] = item["level_title"] = None
        return told

    assert bare(low) == bare(high)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_the_levels_everything_but_the_profile_is_the_same(
    registry: Registry, pole: PoleId, data: st.DataObject
) -> None:
    """Sheet, ways out with their clauses, history and list, before and after all levels change."""
    level = st.integers(0, 4)
    one, other = ({code: data.draw(level) for code in rounds.placeholder().items} for _ in range(2))
    round_ = rounds.plan(registry, pole, on="2024-01-01")
    rounds.move(registry, round_, "open", on="2024-01-01")
    rounds.fill(registry, round_, one, on="2024-02-01")
    rounds.fill(registry, round_, other, on="2024-03-01")

    def told(day: str) -> Any:
        moment = at(registry, day)
        history = history_of(registry, "evaluation", round_, moment)
        return (
            round_sheet(registry, round_, moment).model_copy(update={"others": ()}),
            ways_of(registry, "evaluation", round_, moment),
            [(line.title, line.detail) for line in history[-27:]],
            {
                (line.title, line.source, line.code)
                for line in profile_of(registry, round_, moment, author=True).items
            },
        )

    assert told("2024-02-01") == told("2024-03-01")


def test_marks_have_one_colour_whatever_the_level(registry: Registry, pole: PoleId) -> None:
    levels: dict[str, int | None] = {"TER1a": 0, "TER1b": 1, "TER1c": 3, "TER2a": 4}
    image = drawn(profile(registry, rounds.published(registry, pole, levels=levels)))

    marks = elements(image, "circle", "position")
    assert len({(mark.get("fill"), mark.get("stroke")) for mark in marks}) == 1
