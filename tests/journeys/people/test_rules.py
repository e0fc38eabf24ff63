"""An administrator tries a stricter rule on the whole history, and gives it up."""

import pytest

from infrastructure.reference import REFERENCE
from tests.journeys.people.conftest import Arrives

pytestmark = pytest.mark.long

STRICTER = ("members.ess_enterprises >= 1", "members.ess_enterprises >= 4")


def test_an_administrator_tries_a_stricter_rule_and_gives_it_up(arrives: Arrives) -> None:
    text = (REFERENCE / "journeys" / "pole@2026-11-23.yaml").read_text("utf-8")
    draft = text.replace('"2026-11-23"', '"2027-01-01"').replace(*STRICTER)
    assert draft != text
    administrator = arrives("administration-technique")
    administrator.page.goto(f"{administrator.base}/administration")
    administrator.follows("Les parcours et leurs règles")
    administrator.follows("Préparer un brouillon")
    administrator.writes("Ou le texte lui-même", draft)
    administrator.presses("Garder et vérifier")
    administrator.looks()
    administrator.reads("Essayer, puis publier", "members.ess_enterprises >= 4")
    administrator.reads("1er janvier 2027")

    administrator.follows("Rejouer toute l'histoire")
    administrator.reads("C'est un essai", "Ce que le brouillon aurait refusé")
    administrator.reads("Pôle fictif des Trois Rivières")
    administrator.looks("essai-de-regles")

    administrator.follows("Brouillon", exact=True)
    administrator.presses("Abandonner ce brouillon")
    administrator.does_not_read("members.ess_enterprises >= 4")
    administrator.page.goto(f"{administrator.base}/administration/parcours")
    administrator.does_not_read("janvier 2027")
