"""What clauses saw, in words: no code of a journey, no amount in cents, nothing left empty."""

import pytest

import application.catalogue as catalogue
from application.seen_in_words import seen_in_words
from domain.journey import Journey
from domain.words import Stored
from infrastructure.reference import shipped_journeys

PASSED = "échéances dépassées"
JOURNEYS = {journey.id: journey for journey in shipped_journeys()}


def seen(journey: str, name: str, stored: Stored) -> str:
    assert catalogue.__all__  # each concept says its own facts
    return seen_in_words(name, stored, JOURNEYS[journey])


@pytest.mark.parametrize(
    ("journey", "name", "stored", "said"),
    [
        (
            "commitment",
            "deadlines.passed",
            ["period"],
            "échéances dépassées : Fin de la convention",
        ),
        ("commitment", "deadlines.passed", [], f"{PASSED} : aucune"),
        ("commitment", "money.to_recover", 1_250_050, "reste à reverser : 12\u202f500,50\xa0€"),
        ("permanent_dossier", "decision.outcome", "", "décision annoncée : aucune à ce jour"),
        ("permanent_dossier", "decision.outcome", "selected", "décision annoncée : retenu"),
        ("appeal", "appeal.kind", "gracious", "nature du recours : recours gracieux"),
        ("permanent_call", "wave.closes_known", False, "fin de la vague en cours : inconnu"),
        ("permanent_call", "envelope_cents", 100, "enveloppe : 1\xa0€"),
    ],
)
def test_what_a_clause_saw_is_said_in_words(
    journey: str, name: str, stored: Stored, said: str
) -> None:
    assert seen(journey, name, stored) == said


def deadlines(journey: Journey) -> list[str]:
    return [deadline.id for state in journey.states for deadline in state.deadlines]


def test_every_deadline_that_ships_has_a_title_of_its_own() -> None:
    for journey in JOURNEYS.values():
        for code in deadlines(journey):
            assert code not in seen_in_words("deadlines.passed", [code], journey)
