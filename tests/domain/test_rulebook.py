"""The rulebook: versions published once, deprecated once, in force by the day."""

import pytest

from domain.dates import PartialDate
from domain.errors import NotFound
from domain.kernel import Recorded
from domain.rulebook import (
    RULEBOOK,
    AlreadyDeprecated,
    AlreadyPublished,
    Deprecated,
    Rulebook,
    UnfitSuccessor,
)
from tests import make

OLD, LAW = "pole@2014-09-19", "pole@2015-04-18"


@pytest.fixture
def rulebook() -> Rulebook:
    """Every version that ships."""
    book = Rulebook(RULEBOOK)
    with make.on():
        for journey in make.journeys():
            book.publish(journey)
    return book


def deprecate(book: Rulebook, ref: str, day: str, successor: str | None = None) -> None:
    with make.on(day):
        book.deprecate(ref, motive="remplacée", successor=successor, occurred_on=PartialDate(day))


def test_a_version_is_in_force_from_its_date_until_the_next(rulebook: Rulebook) -> None:
    assert rulebook.in_force("pole", make.day("2014-09-18")) == "pole@2011-09"
    assert rulebook.in_force("pole", make.day("2014-09-19")) == OLD
    assert rulebook.in_force("pole", make.day("1999-01-01")) == "pole@2011-09"


def test_the_same_version_is_not_published_with_another_content(rulebook: Rulebook) -> None:
    other = rulebook.journeys[LAW][0].model_copy(update={"source": ("ailleurs",)})

    with make.on(), pytest.raises(AlreadyPublished):
        rulebook.publish(other)


def test_a_deprecated_version_stays_in_force_on_the_days_before(rulebook: Rulebook) -> None:
    deprecate(rulebook, make.LATEST, "2024-01-15", successor=LAW)

    assert rulebook.in_force("pole", make.day("2024-01-14")) == make.LATEST
    assert rulebook.in_force("pole", make.day("2024-01-15")) == LAW


def test_without_a_successor_the_version_before_is_taken_again(rulebook: Rulebook) -> None:
    deprecate(rulebook, make.LATEST, "2024-01-15")
    deprecate(rulebook, LAW, "2024-01-20")

    assert rulebook.in_force("pole", make.day("2024-01-19")) == LAW
    assert rulebook.in_force("pole", make.day("2024-01-20")) == OLD


def test_a_successor_that_is_deprecated_in_turn_hands_on(rulebook: Rulebook) -> None:
    deprecate(rulebook, make.LATEST, "2024-01-15", successor=LAW)
    deprecate(rulebook, LAW, "2024-02-01", successor=OLD)

    assert rulebook.in_force("pole", make.day("2024-01-31")) == LAW
    assert rulebook.in_force("pole", make.day("2024-02-01")) == OLD


def test_where_every_version_is_deprecated_none_is_in_force(rulebook: Rulebook) -> None:
    for ref in list(rulebook.journeys):
        deprecate(rulebook, ref, "2024-01-15")

    with pytest.raises(Deprecated):
        rulebook.in_force("pole", make.TODAY)


def test_a_deprecated_version_takes_no_new_cases_from_that_day_on(rulebook: Rulebook) -> None:
    deprecate(rulebook, OLD, "2024-01-15", successor=LAW)

    rulebook.admit(OLD, make.day("2024-01-14"))
    with pytest.raises(Deprecated, match=r"dépréciée depuis le 15 janvier 2024.*Prenez pole@2015"):
        rulebook.admit(OLD, make.day("2024-01-15"))


def test_a_version_is_deprecated_once(rulebook: Rulebook) -> None:
    deprecate(rulebook, OLD, "2024-01-15")

    with pytest.raises(AlreadyDeprecated):
        deprecate(rulebook, OLD, "2024-02-15")


@pytest.mark.parametrize(
    ("successor", "why"),
    [(OLD, "même version"), ("pole@2030-01", "pas publiée"), (LAW, "elle-même dépréciée")],
)
def test_an_unfit_successor_is_refused(rulebook: Rulebook, successor: str, why: str) -> None:
    deprecate(rulebook, LAW, "2024-01-01")

    with pytest.raises(UnfitSuccessor, match=why):
        deprecate(rulebook, OLD, "2024-01-15", successor=successor)


def test_an_unknown_version_is_not_deprecated(rulebook: Rulebook) -> None:
    with pytest.raises(NotFound):
        deprecate(rulebook, "pole@2030-01", "2024-01-15")


def test_deprecations_come_back_with_the_history(rulebook: Rulebook) -> None:
    deprecate(rulebook, OLD, "2024-01-15", successor=LAW)
    history: list[Recorded] = make.history(rulebook)

    again = Rulebook.replay(RULEBOOK, history)

    assert again is not None
    assert again.deprecations == rulebook.deprecations
    assert again.journeys == rulebook.journeys
