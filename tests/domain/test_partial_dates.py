"""The written rule for partial dates, sentence by sentence: the page is what the product does."""

import re
from datetime import date
from pathlib import Path

import pytest

from domain.dates import UNKNOWN, PartialDate, as_iso
from domain.membership import MemberKind
from domain.pole import Pole
from domain.recording import EndsBeforeItBegins
from interfaces.moments import MalformedDay, parse_day, parse_known
from tests import make

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "time.md"


def the_page_says(sentence: str) -> None:
    """The words of the page, whatever the ends of its lines."""
    said = re.sub(r"\s+", " ", PAGE.read_text("utf-8"))
    assert sentence in said


def named(*names: tuple[str, str]) -> Pole:
    """A pole that was given names, each on a date."""
    pole = make.pole("2012")
    for on, name in names:
        with make.on(on):
            pole.rename(name)
    return pole


def test_a_year_and_a_month_begin_on_their_first_day() -> None:
    the_page_says(
        "« 2014 » vaut à partir du 1er janvier 2014, « 2014-06 » à partir du 1er juin 2014 ; "
        "ils se lisent « en 2014 » et « en juin 2014 »."
    )
    pole = named(("2014", "De 2014"), ("2014-06", "De juin"))

    assert pole.name_on(date(2014, 1, 1)) == "De 2014"
    assert pole.name_on(date(2014, 5, 31)) == "De 2014"
    assert pole.name_on(date(2014, 6, 1)) == "De juin"
    assert PartialDate("2014").in_words() == "2014"
    assert PartialDate("2014-06").in_words() == "juin 2014"


def test_of_the_same_first_day_the_last_recorded_holds() -> None:
    the_page_says("« 2014 », « 2014-01 » et « 2014-01-01 » sont le même jour.")
    the_page_says("De deux faits du même premier jour, c'est le dernier enregistré qui vaut.")
    dates = ("2014", "2014-01", "2014-01-01")

    assert len({PartialDate(text).first_day for text in dates}) == 1
    for first in dates:
        for second in dates:
            pole = named((first, "Dit d'abord"), (second, "Dit ensuite"))
            assert pole.name_on(date(2014, 1, 1)) == "Dit ensuite"


def test_a_day_of_a_year_finds_what_is_dated_of_the_year() -> None:
    the_page_says(
        "Demander ce qui était en vigueur un jour de l'année 2014 trouve un fait daté de « 2014 »"
    )

    assert named(("2014", "De 2014")).name_on(date(2014, 2, 3)) == "De 2014"


@pytest.mark.parametrize("text", ["2014", "2014-06"])
def test_a_question_is_about_a_whole_day(text: str) -> None:
    the_page_says("un mois ou une année n'en est pas une.")

    with pytest.raises(MalformedDay):
        parse_day(text)


def test_a_partial_end_ends_on_its_first_day() -> None:
    the_page_says("qui est parti « en 2018 » n'est plus là à partir du 1er janvier 2018.")
    pole = make.pole("2012")
    with make.on("2014"):
        kind = MemberKind.OTHER_ENTERPRISE
        member = pole.add_member(member_kind=kind, name="Une coopérative", person=None)
    with make.on("2018"):
        pole.end_membership(member, occurred_on=PartialDate("2018"))

    assert pole.members_on(date(2017, 12, 31))
    assert not pole.members_on(date(2018, 1, 1))


def test_an_end_comes_after_a_beginning() -> None:
    the_page_says("ce qui commence en « 2018 » ne peut pas finir le 1er janvier 2018.")

    with pytest.raises(EndsBeforeItBegins), make.on("2018", valid_to=date(2018, 1, 1)):
        pass


def test_an_unknown_date_holds_from_the_day_of_its_recording() -> None:
    the_page_says("Une date inconnue vaut à partir du jour de son enregistrement")
    pole = named((UNKNOWN.root, "De date inconnue"))

    assert pole.name_on(make.TODAY) == "De date inconnue"
    assert pole.name_on(date(2024, 6, 2)) != "De date inconnue"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("22/11/2026", "2026-11-22"),
        ("2/5/2024", "2024-05-02"),
        ("11/2026", "2026-11"),
        ("2026-11-22", "2026-11-22"),
        ("unknown", "unknown"),
        ("22/11/26", "22/11/26"),
        ("31/02/2026", "31/02/2026"),  # whoever reads it says that there is no such day
    ],
)
def test_french_people_write_the_day_first(written: str, read: str) -> None:
    assert as_iso(written) == read


def test_a_question_is_asked_of_a_day_as_french_people_write_it() -> None:
    assert parse_day("22/11/2026") == parse_known("22/11/2026") == date(2026, 11, 22)
    for none in ("11/2026", "31/02/2026"):
        with pytest.raises(MalformedDay):
            parse_day(none)


@pytest.mark.parametrize("none", ["31/02/2026", "29/2/2025", "13/2026", "12/25/2026"])
def test_a_day_that_does_not_exist_is_refused_in_the_words_that_were_typed(none: str) -> None:
    with pytest.raises(ValueError, match=f"« {none} » n'existe pas dans le calendrier"):
        PartialDate(as_iso(none))
    with pytest.raises(MalformedDay, match=f"« {none} » n'est pas un jour"):
        parse_day(none)
