"""The path a pole took, and the published versions, at any moment."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from application.drawing import UnknownVersion, path_in_words, pole_path, rules_list, rules_sheet
from application.pole import MovePole, RegisterPole
from application.register import NothingInForceYet
from application.wording import period_in_words
from application.world import Moment
from domain.dates import PartialDate
from domain.pole import PoleId
from infrastructure.event_store.registry import Registry
from tests import make


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with make.registry(tmp_path, clock=make.Clock()) as made:
        yield made


def a_pole(registry: Registry) -> UUID:
    """A pole known since 2022 that ended in 2023, and was said to have done so in 2024."""
    pole = registry.do(
        RegisterPole(name="Tétris", occurred_on=PartialDate("2022-01")), make.by()
    ).answer
    registry.do(
        MovePole(
            pole=PoleId(pole),
            transition="end",
            input={"reason": "dissolved"},
            occurred_on=PartialDate("2023-04-05"),
        ),
        make.by(),
    )
    return pole


def moment(registry: Registry, day: date = make.TODAY, known: int | None = None) -> Moment:
    return Moment(known=registry.journal.size() if known is None else known, in_force=day)


def test_the_path_says_each_stage_its_date_and_what_led_there(registry: Registry) -> None:
    path = pole_path(registry, a_pole(registry), moment(registry))

    assert [(s.number, s.state, s.occurred_on, s.transition) for s in path.steps] == [
        (1, "emergence", "2022-01", None),
        (2, "ended", "2023-04-05", "end"),
    ]
    assert path.steps[1].title == "Constater que le pôle a cessé"
    assert path.exits == ()
    assert path_in_words(path) == (
        "Chemin suivi : 1. Émergence, en janvier 2022 ; 2. A cessé, le 5 avril 2023. "
        "Passages ouverts ensuite : aucun."
    )


def test_the_path_of_a_past_day_stops_there(registry: Registry) -> None:
    pole = a_pole(registry)

    path = pole_path(registry, pole, moment(registry, date(2023, 4, 4)))

    assert [step.state for step in path.steps] == ["emergence"]
    assert "sign_charter" in [way.transition for way in path.exits]
    assert next(w for w in path.exits if w.transition == "sign_charter").by == (
        "représentant du pôle",
    )


def test_the_path_is_what_was_known_then(registry: Registry) -> None:
    pole = a_pole(registry)
    before_the_end = registry.journal.size() - 1

    path = pole_path(registry, pole, moment(registry, known=before_the_end))

    assert [step.state for step in path.steps] == ["emergence"]


def test_before_it_was_there_a_pole_has_no_path(registry: Registry) -> None:
    pole = a_pole(registry)

    with pytest.raises(NothingInForceYet):
        pole_path(registry, pole, moment(registry, date(2021, 12, 31)))


def test_versions_are_listed_with_the_one_in_force(registry: Registry) -> None:
    lines = rules_list(registry, moment(registry, date(2014, 12, 31)))

    assert [(line.ref, line.in_force) for line in lines] == [
        ("pole@2026-11-23", False),
        ("pole@2026-11-01", False),
        ("pole@2021-05-12", False),
        ("pole@2015-04-18", False),
        ("pole@2014-09-19", True),
        ("pole@2011-09", False),
    ]


def test_before_the_first_version_none_is_in_force(registry: Registry) -> None:
    first = date(2011, 9, 1)

    assert any(line.in_force for line in rules_list(registry, moment(registry, first)))
    day_before = moment(registry, first - timedelta(days=1))
    assert not any(line.in_force for line in rules_list(registry, day_before))


def test_a_version_is_told_whole_in_words(registry: Registry) -> None:
    sheet = rules_sheet(registry, make.LATEST, moment(registry))
    ways = {way.id: way for way in sheet.transitions}

    assert sheet.line.title == "parcours d'un pôle"
    assert [state.id for state in sheet.states if state.initial] == ["emergence"]
    assert [state.id for state in sheet.states if state.final] == ["ended"]
    sign = ways["sign_charter"]
    assert sign.sources == ("Émergence", "Expérimentation")
    assert sign.target == "Charte signée"
    assert sign.inputs == ("Signature enregistrée", "Qualité du signataire")
    assert sign.evidence == ("formulaire de signature de la charte",)
    assert len(sign.rules) == 2
    assert ways["end"].inputs == ("Raison", "Pôle successeur (facultatif)")
    assert ways["lapse"].rules[0].source == "règle propre à ce registre"


@pytest.mark.parametrize("ref", ["pole@1999-01-01", "autre@2021-05-12", "x"])
def test_a_version_that_was_not_published_is_refused_with_those_that_were(
    registry: Registry, ref: str
) -> None:
    with pytest.raises(UnknownVersion, match=r"pole@2021-05-12"):
        rules_sheet(registry, ref, moment(registry))


def test_what_was_published_later_was_not_known_then(registry: Registry) -> None:
    with pytest.raises(UnknownVersion, match="aucune"):
        rules_sheet(registry, make.LATEST, moment(registry, known=0))
    assert rules_list(registry, moment(registry, known=0)) == []


@pytest.mark.parametrize(
    ("period", "said"),
    [("1 months", "1 mois"), ("10 working_days", "10 jours ouvrés"), ("1 years", "1 an")],
)
def test_a_period_is_said_in_words(period: str, said: str) -> None:
    assert period_in_words(period) == said
