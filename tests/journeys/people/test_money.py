"""A funder sees that a report is late, hears the pole, and suspends what is still to be paid."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people.conftest import Arrives

pytestmark = pytest.mark.long


def test_a_funder_sees_a_late_report_and_suspends(arrives: Arrives) -> None:
    funder = arrives("financeur")
    funder.follows("Listes")
    funder.follows("Engagements financiers")
    row = funder.main.get_by_role("row").filter(has_text="Pôle fictif du Maquis")
    funder.follows("Soutien au projet présenté à l'appel fictif", within=row.first)
    funder.reads("Compte rendu d'un premier comité de suivi, en retard")
    funder.looks("engagement-en-retard")

    funder.follows("Franchir ce passage : Suspendre")
    funder.writes(
        "En quoi l'exécution s'écarte des objectifs ou des engagements",
        "Aucun compte rendu du comité de suivi n'a été remis.",
    )
    funder.writes("Jour où le pôle a été entendu", "02/11/2026")
    funder.records()

    funder.reads("Suspendu")
    funder.looks()
    funder.follows("Mes engagements")
    suspended = funder.main.get_by_role("row").filter(has_text="Pôle fictif du Maquis")
    expect(suspended).to_contain_text("Suspendu")
    waiting = funder.main.get_by_role("listitem").filter(has_text="Pôle fictif du Maquis")
    expect(waiting).to_contain_text(["1 condition en retard"])  # and nothing is to be paid
