"""The representative of a pole reads the charter, signs it, and keeps the receipt."""

import pytest

from tests.journeys.people.conftest import Arrives

pytestmark = pytest.mark.long


def test_a_representative_signs_the_charter(arrives: Arrives) -> None:
    representative = arrives("representant-du-pole")
    representative.page.goto(f"{representative.base}/mon-pole")
    representative.reads("La prochaine chose à faire")
    representative.looks("mon-pole")
    representative.follows("Lire le texte, et le signer")
    representative.reads("Ce que signer ne veut pas dire", "Ce qui change de la version")
    representative.looks()
    representative.follows("J'ai lu ce texte")
    representative.chooses("Qualité du signataire", "Présidence")
    representative.writes("Lieu de signature", "Ville imaginaire")
    representative.writes("Nom du signataire", "Camille Inventée")
    representative.chooses("Le pôle est", "PTCE existant")
    representative.records()
    representative.reads(
        "Reçu de signature", "Pôle fictif des Trois Rivières a signé", "Feuille du journal"
    )
    representative.reads("Elle ne crée aucun engagement financier")
    representative.does_not_read("Camille Inventée")
    representative.looks("recu-de-signature")
