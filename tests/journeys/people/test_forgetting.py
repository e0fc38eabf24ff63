"""Somebody asks to be forgotten: the delegate receives it, decides, erases, and answers."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people.conftest import Arrives

pytestmark = pytest.mark.long

WHO = "Lou Inventé"


def test_somebody_is_forgotten(arrives: Arrives) -> None:
    moderator = arrives("moderation")
    moderator.page.goto(f"{moderator.base}/moderation")
    moderator.reads(WHO, "À quand la matériauthèque ?")

    delegate = arrives("delegue-a-la-protection-des-donnees")
    delegate.follows("Demandes de droits")
    before = delegate.main.get_by_role("row").count()
    delegate.follows("Enregistrer une demande")
    delegate.chooses("Le droit exercé", "Effacement")
    delegate.chooses("Par quel moyen elle est venue", "Courriel")
    delegate.writes("Le nom de qui demande", WHO)
    delegate.records()
    delegate.follows("Demandes de droits")
    delegate.does_not_read(WHO)
    delegate.looks()
    expect(delegate.main.get_by_role("row")).to_have_count(max(before + 1, 2))

    delegate.main.get_by_role("row").last.get_by_role("link").click()
    delegate.reads("Effacement", WHO, "Réponse attendue")
    delegate.looks()
    delegate.follows("Franchir ce passage : Constater l'identité de la personne")
    delegate.takes_the_first("Par quel moyen")
    delegate.records()

    delegate.follows("Décider d'une demande d'exercice de droits")
    delegate.chooses("Ce qui est décidé", "Acceptée en partie")
    delegate.chooses("Motif prévu par le RGPD", "Obligation légale, ou mission d'intérêt public")
    delegate.writes("Pourquoi", "La demande elle-même est gardée, comme la loi le veut.")
    delegate.records()

    delegate.follows("Effacer la personne")
    delegate.chooses("Motif d'effacement", "La personne s'oppose au traitement")
    delegate.presses("Voir ce qui serait effacé")
    delegate.reads("Ce qui serait détruit pour toujours", "Ce que la loi retient")
    delegate.looks("ce-qui-serait-efface")
    delegate.presses("Effacer pour toujours")
    delegate.reads("Rien n'a été effacé")
    assert all("422" in said for said in delegate.heard)
    delegate.heard.clear()  # of the refusal
    delegate.writes("Pour effacer, écrivez", "effacer")
    delegate.presses("Effacer pour toujours")
    delegate.reads("Reçu d'une demande d'effacement", "Ce reçu ne nomme personne")
    delegate.does_not_read(WHO)
    delegate.looks("recu-d-effacement")

    delegate.follows("Dire que la demande est exécutée")
    delegate.records()
    delegate.follows("Dire que la personne a reçu sa réponse")
    delegate.chooses("Par quel moyen la réponse a été donnée", "Courriel")
    delegate.records()
    delegate.reads("Réponse donnée", "Répondue")

    moderator.page.reload()
    moderator.does_not_read(WHO, "À quand la matériauthèque ?")
