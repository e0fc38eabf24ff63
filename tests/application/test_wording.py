"""Events and codes in words: nobody is shown a topic."""

import re
from pathlib import Path

import pytest

from application import catalogue as product  # every topic is known from here on
from application import wording
from application.journey import FACTS
from application.wording import (
    capital,
    date_in_words,
    inside,
    joined,
    of_date,
    since_in_words,
    tell,
)
from domain.journey import Journey
from domain.membership import MemberKind
from domain.provenance import Confidence
from domain.recognition import RecognitionKind
from domain.roles import ROLES, Role
from domain.rules import ENGINE, fact_types
from domain.workflow import Verdict
from infrastructure.event_store.mapper import read_state
from infrastructure.reference import shipped_journeys

SAMPLES = sorted((Path(__file__).parent.parent / "domain" / "events").glob("*.json"))
KNOWN = product.COMMANDS
INNER = {"rulebook.journey_published.v1"}
"""What is in no history, and in no rehearsal, that is shown."""

JOURNEYS = {journey.ref: journey for journey in shipped_journeys()}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda file: file.stem)
def test_every_event_that_is_shown_is_told_in_words(sample: Path) -> None:
    event = read_state(sample.stem, sample.read_bytes())
    journey: Journey | None = JOURNEYS.get(str(getattr(event, "journey", "")))

    title, detail = tell(event, journey)

    if sample.stem in INNER:
        assert title == sample.stem
    else:
        assert re.match("[A-ZÉ][a-zéèô]", title)
        assert "_" not in title
        assert not re.search(r"\b(pole|v1|None|True)\b", detail)


def test_a_step_is_told_even_where_its_rules_are_not_at_hand() -> None:
    (sample,) = [file for file in SAMPLES if file.stem == "pole.moved.v1"]

    title, detail = tell(read_state(sample.stem, sample.read_bytes()))

    assert title == "enter_experimentation"
    assert "18 avril 2015" in detail


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (Role, ROLES),
        (MemberKind, wording.MEMBERS),
        (RecognitionKind, wording.RECOGNITIONS),
        (Confidence, wording.CONFIDENCES),
        (Verdict, wording.VERDICTS),
        (["open", "closed", "needs_input"], wording.STATUSES),
        (
            [
                name
                for names in (*map(fact_types, FACTS.values()), ENGINE)
                for name in names
                if "_known" not in name
            ],
            wording.FACTS,
        ),
    ],
    ids=["roles", "members", "recognitions", "confidences", "verdicts", "statuses", "facts"],
)
def test_every_code_has_its_words(codes: list[str], words: dict[str, str]) -> None:
    assert set(codes) == set(words)
    assert all(words.values())


@pytest.mark.parametrize(
    ("date", "words", "of", "since"),
    [
        ("2012-06-25", "le 25 juin 2012", "du 25 juin 2012", "depuis le 25 juin 2012"),
        ("2014-08-01", "le 1er août 2014", "du 1er août 2014", "depuis le 1er août 2014"),
        ("2011-09", "en septembre 2011", "de septembre 2011", "depuis septembre 2011"),
        ("2015-04", "en avril 2015", "d'avril 2015", "depuis avril 2015"),
        ("2021", "en 2021", "de 2021", "depuis 2021"),
    ],
)
def test_a_date_in_words_is_no_more_precise_than_it_is(
    date: str, words: str, of: str, since: str
) -> None:
    assert (date_in_words(date), of_date(date), since_in_words(date)) == (words, of, since)


def test_an_unknown_date_is_said_to_be_unknown() -> None:
    assert date_in_words("unknown") == since_in_words("unknown") == "date inconnue"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("Les emplois s'éloignent du pays.", "Les emplois s'éloignent du pays"),
        ("bois, paille, etc.", "bois, paille, etc."),
        ("et ensuite…", "et ensuite…"),
        ("et ensuite...", "et ensuite..."),
        ("sans point", "sans point"),
        ("", ""),
    ],
)
def test_a_text_inside_a_sentence_gives_its_full_stop_up(told: str, said: str) -> None:
    assert inside(told) == said
    assert joined(told or "a", None, "", "fin.") == f"{said or 'a'} ; fin."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("avance versée", "Avance versée"),
        ("https://exemple.test/a", "https://exemple.test/a"),
        ("essai-2024-001-recours-1 : rejeté", "essai-2024-001-recours-1 : rejeté"),
        ("essai-2024-001 : repris", "essai-2024-001 : repris"),
        ("auto-évaluation", "Auto-évaluation"),
    ],
)
def test_an_address_and_a_code_keep_their_small_letter(text: str, said: str) -> None:
    assert capital(text) == said
