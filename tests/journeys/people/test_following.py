"""A coordinator finds a pole that does not go on, learns what is wanting, and it goes on."""

import pytest

from tests.journeys.people.conftest import Arrives

pytestmark = pytest.mark.long

POLE = "Pôle fictif de l'Écluse"
STEP = "Entrer en expérimentation (phase 2)"


def test_a_coordinator_finds_why_a_pole_is_stuck_and_unblocks_it(arrives: Arrives) -> None:
    coordinator = arrives("coordination-nationale")
    coordinator.follows("En attente")
    coordinator.chooses("Étape", "Émergence")
    coordinator.chooses("Région", "Bretagne")
    coordinator.presses("Afficher")
    coordinator.reads(POLE, "Entre les mains de")
    coordinator.looks("en-attente")
    coordinator.follows(POLE)
    way = coordinator.main.get_by_role("article", name=STEP)
    coordinator.reads("Ce qui manque pour avancer")
    assert "Pas encore possible" in way.inner_text()
    assert "Le document de stratégie commune est au dossier." in way.inner_text()
    assert "tenue du registre" in way.inner_text()
    coordinator.looks("ce-qui-manque")

    registrar = arrives("tenue-du-registre")
    registrar.follows("Registre", exact=True)
    registrar.follows(POLE)
    registrar.follows("Pièces", exact=True)
    registrar.follows("Dire qu'il est au dossier, sans le déposer ici : document de stratégie")
    registrar.writes("Intitulé de la pièce", "Stratégie commune (fictive)")
    registrar.records()
    registrar.reads("Document de stratégie commune au dossier")
    registrar.looks()
    registrar.follows("Vue d'ensemble")
    for kind, name in (
        ("Entreprise de l'ESS", "Atelier fictif"),
        ("Entreprise hors ESS", "Menuiserie fictive"),
    ):
        registrar.page.goto(f"{registrar.base}/actes/pole.add_member")
        registrar.writes("Le pôle", POLE)
        registrar.chooses("Nature du membre", kind)
        registrar.writes("Nom de l'organisation (facultatif)", name)
        registrar.records()

    registrar.reads("Nouveau membre", "Entrer en expérimentation (phase 2) : possible")
    coordinator.page.reload()
    assert "Possible" in way.inner_text()
    coordinator.follows(f"Franchir ce passage : {STEP}")
    coordinator.records()
    coordinator.reads("Expérimentation")
    coordinator.follows("Portefeuille")
    coordinator.looks("portefeuille")
