"""Commitments, and what is around their money, as people meet them: pages, API, verbs."""

from collections.abc import Iterator
from contextlib import closing
from html import unescape

import pytest
from starlette.testclient import TestClient

from application.commitment_sheet import commitment_sheet
from interfaces.server import create_app
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.money import COMMITMENT, FOLLOW_UP, PROJECT, SIREN, promise
from tests.interfaces.shell import Seen, jalon


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry with one of each; nothing is written there afterwards."""
    with closing(registry(tmp_path_factory.mktemp("money") / "home")) as made:
        promise(made)
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product)) as made:
        yield made


def run(product: Product, *words: str) -> Seen:
    return jalon("--home", product.settings.home, *words)


def text(client: TestClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == status, (path, answer.text[:400])
    return plain(answer.text)


def plain(said: str) -> str:
    return unescape(said).replace("\u202f", " ").replace("\xa0", " ")


# --- commitments --------------------------------------------------------------------------------


def test_a_commitment_shows_both_sides_on_one_page(client: TestClient, product: Product) -> None:
    said = text(client, f"/engagements-financiers/{COMMITMENT}")

    funder, _, pole = said.partition('id="pole-titre"')
    assert "Ce que le financeur a promis" in funder
    assert "La prochaine est « Solde », 20 000 €" in funder
    assert "Condition « Trois emplois sont créés » à remplir" in funder
    assert "VIR-first" in funder
    for words in ("Se réunir", "Rendre compte", "1er septembre 2024", "en retard", "Accepté"):
        assert words in pole
    seen = run(product, "commitment", "show", COMMITMENT)
    assert "c'est la prochaine ; ce qui la retient :" in seen.out
    assert "se réunir : pris, pour le 1er septembre 2024, EN RETARD" in plain(seen.out)
    promised, undertaken = seen.out.split("Ce que le pôle s'est engagé à faire")
    assert "compte rendu financier 2024" in undertaken
    assert "compte rendu financier" not in promised


def test_every_amount_is_that_of_the_fold_at_any_day(client: TestClient, product: Product) -> None:
    for day in ("2024-01-20", "2024-02-01", "2025-06-01"):
        moment = product.moment(None, day)
        fold = commitment_sheet(
            product.registry, product.find_thing("commitment", COMMITMENT), moment
        )
        api = client.get(f"/api/commitments/{COMMITMENT}?in_force={day}").json()
        assert api == fold.model_dump(mode="json")
        ledger = client.get(f"/api/ledger?in_force={day}").json()["lines"][0]
        same = {name for name in api["amounts"] if name in ledger}
        assert {"promised_cents", "given_up_cents", "held_cents", "to_recover_cents"} <= same
        for name in same:
            assert api["amounts"][name] == ledger[name]
        said = text(client, f"/engagements-financiers/{COMMITMENT}?in_force={day}")
        paid_then = f"{api['amounts']['paid_cents'] // 100:,} €".replace(",", " ")
        assert (
            'Payé</th><td role="cell" class="amount" data-label="Montant">'
            f'<span class="number">{paid_then}' in said
        )
        assert "Vous lisez" in said
    assert "40 000 €" in text(client, f"/engagements-financiers/{COMMITMENT}?in_force=2024-02-01")


def test_its_history_names_tranches_and_conditions_by_their_titles(client: TestClient) -> None:
    lines = client.get(f"/api/commitments/{COMMITMENT}/history").json()["items"]

    told = [plain(line["detail"]) for line in lines]
    assert "Première tranche : 40 000 €" in told
    assert "Les statuts sont déposés : vu" in told


def test_lists_the_ledger_and_the_pole_lead_to_it(client: TestClient, product: Product) -> None:
    id_ = product.find_thing("commitment", COMMITMENT)
    leads = f'href="/engagements-financiers/{id_}"'

    for page in ("/engagements-financiers", "/tranches", "/conditions", "/grand-livre"):
        assert leads in text(client, page), page
    pole = text(client, "/poles/pole-d-essai")
    assert leads in pole
    assert "60 000 € promis, 40 000 € payés" in pole
    assert "/grand-livre?" in text(client, f"/engagements-financiers/{id_}")


# --- around the money ---------------------------------------------------------------------------


def test_a_follow_up_committee_says_how_often_it_met(client: TestClient, product: Product) -> None:
    said = text(client, f"/comites-de-suivi/{FOLLOW_UP}?in_force=2025-02-01")

    assert "En retard." in said
    assert "moins de 2 réunions en 2024" in said
    assert "Le projet avance." in said
    assert "bureau des pôles" in said
    seen = run(product, "follow-up", "show", FOLLOW_UP, "--in-force", "2025-02-01")
    assert "EN RETARD" in seen.out
    id_ = product.find_thing("follow_up", FOLLOW_UP)
    for page in ("/comites-de-suivi", "/comites-de-suivi/reunions", "/comites-de-suivi/membres"):
        assert f'href="/comites-de-suivi/{id_}"' in text(client, page), page
    assert client.get(f"/api/follow-ups/{FOLLOW_UP}").json()["overdue"] is True


def test_the_list_of_follow_up_committees_tells_which_are_overdue_at_any_date(
    product: Product, client: TestClient
) -> None:
    def listed(*asked: str) -> str:
        return " ".join(run(product, "follow-up", "list", *asked).out.split())

    late = "en retard : moins de deux réunions en 2024"
    on_time, overdue = "2024-12-31", "2025-02-01"

    assert late in listed("--in-force", overdue)
    assert "à jour" in listed("--in-force", on_time)
    assert FOLLOW_UP in listed("--in-force", overdue, "--overdue")
    assert FOLLOW_UP not in listed("--in-force", on_time, "--overdue")
    assert late in text(client, f"/comites-de-suivi?in_force={overdue}")
    assert "à jour" in text(client, f"/comites-de-suivi?in_force={on_time}")
    for day, expected in ((on_time, (False, None)), (overdue, (True, 2024))):
        (line,) = client.get("/api/follow-ups", params={"in_force": day}).json()["items"]
        assert (line["overdue"], line["missed_year"]) == expected
        assert "held" not in line


def test_a_funding_plan_says_what_is_wanting_and_what_a_withdrawal_touches(
    client: TestClient, product: Product
) -> None:
    id_ = product.find_thing("project", PROJECT)
    said = text(client, f"/plans-de-financement/{id_}")

    assert "Il manque 80 000,50 € pour couvrir les coûts" in said
    assert f"engagement financier {COMMITMENT}" in said
    before = text(client, f"/plans-de-financement/{id_}?in_force=2024-06-01")
    assert "si tous les financeurs sollicités confirment, il manquera 20 000,50 €" in before
    assert COMMITMENT not in before
    seen = run(product, "funding-plan", "show", PROJECT)
    assert "priorités revues" in seen.out
    assert f'href="/plans-de-financement/{id_}"' in text(client, "/plans-de-financement")
    assert client.get(f"/api/funding-plans/{id_}").json()["balance"]["costs"] == 8_000_050


def test_headroom_is_unknown_without_an_attestation_and_the_page_says_why(
    client: TestClient, product: Product
) -> None:
    known = text(client, f"/entreprises-de-minimis/{SIREN}?in_force=2024-05-02")
    assert "<strong>270 000 €</strong>" in known
    assert "2023/2831" in known

    linked = text(client, f"/entreprises-de-minimis/{SIREN}?in_force=2025-02-01")
    assert "<strong>inconnu</strong>" in linked
    assert "qui couvre le 1er février 2025, pour : Sœur, Association d'essai" in linked
    assert f'href="/entreprises-de-minimis/{SIREN}"' in text(client, "/entreprises-de-minimis")
    seen = run(product, "single-undertaking", "show", "732 829 320", "--in-force", "2024-05-02")
    assert "270 000 €" in plain(seen.out)
    api = client.get(f"/api/single-undertakings/{SIREN}?in_force=2025-02-01").json()
    assert [line["headroom_cents"] for line in api["headroom"]] == [None, None]


# --- what is not there --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "resource", "status", "title"),
    [
        ("engagements-financiers/inconnu", "commitments", 404, "Engagement financier introuvable"),
        ("comites-de-suivi/inconnu", "follow-ups", 404, "Comité de suivi introuvable"),
        ("plans-de-financement/inconnu", "funding-plans", 404, "Projet introuvable"),
        ("entreprises-de-minimis/123456789", "single-undertakings", 404, "Entreprise introuvable"),
        ("entreprises-de-minimis/abc", "single-undertakings", 400, "n'est pas un SIREN"),
        (
            f"engagements-financiers/{COMMITMENT}?in_force=2020-01-01",
            "commitments",
            404,
            "Pas encore",
        ),
        (f"comites-de-suivi/{FOLLOW_UP}?in_force=2020-01-01", "follow-ups", 404, "Pas encore"),
        (f"comites-de-suivi/{FOLLOW_UP}?known=hier", "follow-ups", 400, "Date illisible"),
    ],
)
def test_a_wrong_name_or_day_is_one_sentence(
    client: TestClient, page: str, resource: str, status: int, title: str
) -> None:
    assert title in text(client, f"/{page}", status)
    api = client.get(f"/api/{resource}/{page.partition('/')[2]}")
    assert api.status_code in (status, 422)
    assert api.json()["detail"]


@pytest.mark.parametrize(
    "concept", ["commitment", "follow-up", "funding-plan", "single-undertaking"]
)
@pytest.mark.parametrize("name", ["inconnu", "", "x" * 5_000, "../..", "0"])
def test_the_verbs_refuse_a_wrong_name_in_one_sentence(
    product: Product, concept: str, name: str
) -> None:
    seen = run(product, concept, "show", name)

    assert seen.code in (1, 2), seen
    assert len(seen.err.strip().splitlines()) == 1, seen.err
    assert len(seen.err) < 400
