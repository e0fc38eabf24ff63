"""An auditor compares two dates of a pole, and checks a bundle away from the registry."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.people.conftest import Arrives

pytestmark = pytest.mark.long


def test_an_auditor_compares_two_dates_and_checks_a_bundle(
    arrives: Arrives, tmp_path: Path
) -> None:
    auditor = arrives("auditeur")
    auditor.follows("Registre", exact=True)
    auditor.follows("Pôle fictif des Trois Rivières")
    auditor.follows("Comparer deux dates")
    auditor.writes("De", "01/01/2021")
    auditor.writes("À", "31/12/2022")
    auditor.presses("Comparer")
    auditor.reads("changements", "Étape")
    auditor.looks("deux-dates")

    auditor.page.goto(f"{auditor.base}/travaux")
    auditor.presses("Demander : Dossier de preuve")
    page = auditor.page
    expect(page.get_by_role("link", name="Emporter le fichier")).to_be_visible(timeout=60_000)
    auditor.reads("Fini", "tout le journal")
    auditor.looks()
    with page.expect_download() as taken:
        auditor.follows("Emporter le fichier")
    bundle = tmp_path / "dossier.zip"
    taken.value.save_as(bundle)

    auditor.follows("Vérifier un dossier de preuve")
    auditor.follows("verifier.html")
    page.get_by_label("Le dossier à vérifier").set_input_files(bundle)
    expect(page.get_by_text("Le dossier tient")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="Ce qui a été vérifié")).to_be_visible()
    auditor.looks("dossier-verifie")

    forged = bytearray(bundle.read_bytes())
    at = forged.find(b"pole.registered")
    forged[at if at > 0 else len(forged) // 2] ^= 1
    altered = tmp_path / "change.zip"
    altered.write_bytes(forged)
    page.get_by_label("Le dossier à vérifier").set_input_files(altered)
    expect(page.get_by_text("Le dossier tient")).to_be_hidden(timeout=60_000)
