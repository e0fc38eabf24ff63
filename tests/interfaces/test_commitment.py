"""Commitments on the command line and over HTTP: what is typed wrong is said in one sentence."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from application.pole import RegisterPole
from domain.dates import PartialDate
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.application.commitments import JOBS, OTHER_SIRET, SIRET, STATUTES, TRANCHES
from tests.interfaces.shell import Seen, jalon
from tests.make import begin

CODE = "pole-d-essai-engagement-1"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A registry with one pole."""
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        entered = RegisterPole(name="Pôle d'essai", occurred_on=PartialDate("2022-01-01"))
        product.do(entered, product.operator())
    return settings.home


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with closing(Product(Settings(home=home, database=""))) as product:
        product.follower.catch_up()
        with TestClient(create_app(product)) as made:
            yield made


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, *words)


def act(home: Path, verb: str, *more: str) -> Seen:
    return run(home, "commitment", verb, "--commitment", CODE, "--occurred-on", "2024-01-15", *more)


def decide(home: Path, amount: str = "60 000", *more: str) -> Seen:
    return run(
        home,
        *("commitment", "decide", "--pole", "pole-d-essai", "--occurred-on", "2024-01-15"),
        *("--funder", "Ministère d'essai", "--funder-siret", SIRET),
        *("--beneficiary", "Association d'essai", "--beneficiary-siret", OTHER_SIRET),
        *("--object", "Atelier d'essai", "--amount", amount, *more),
    )


def draft(home: Path, *more: str) -> Seen:
    dates = ("--starts-on", "2024-01-01", "--ends-on", "2024-12-31", "--reference", "CONV-1")
    return act(home, "draft-convention", *dates, *more)


def drafted(home: Path) -> Seen:
    conditions = ("--condition", json.dumps([STATUTES, JOBS]))
    return draft(home, *conditions, "--tranche", json.dumps(TRANCHES))


def refused(seen: Seen, *words: str) -> None:
    """One clear sentence, and no trace of a fault."""
    assert seen.code != 0, seen.out
    assert "Traceback" not in seen.out + seen.err
    for word in words:
        assert word in seen.err, seen.err


def size(home: Path) -> int:
    with closing(Product(Settings(home=home, database=""))) as product:
        return product.journal.size()


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("-5", "négatif"),
        ("0", "montant nul"),
        ("100000000001", "cent milliards"),
        ("500 USD", "en euros"),
        ("$500", "en euros"),
        ("0.30000000000000004", "montant en euros"),
        ("0.1 + 0.2", "montant en euros"),
        ("beaucoup", "montant en euros"),
    ],
)
def test_what_is_no_amount_is_refused_and_nothing_is_written(
    home: Path, amount: str, said: str
) -> None:
    before = size(home)

    refused(decide(home, amount), said)

    assert size(home) == before


def test_a_convention_asks_for_its_conditions_and_tranches(home: Path) -> None:
    assert decide(home).code == 0
    before = size(home)

    refused(draft(home, "--tranche", json.dumps(TRANCHES)), "au moins une condition")
    refused(draft(home, "--condition", json.dumps([STATUTES])), "Les statuts", "first")
    refused(draft(home, "--condition", "{"), "JSON")
    refused(
        draft(home, "--condition", '{"id": "x", "title": "X", "kind": "evidence"}'), "Il manque"
    )
    refused(
        draft(
            home,
            *("--condition", json.dumps([{**STATUTES, "tranches": []}])),
            *("--tranche", json.dumps([{**TRANCHES[0], "amount": 0.1 + 0.2}])),
        ),
        "montant exact",
    )

    assert size(home) == before
    assert drafted(home).code == 0


def test_a_siret_that_ceased_or_is_mistyped_is_refused(home: Path) -> None:
    closed = run(
        home, "establishment", "close", "--siret", OTHER_SIRET, "--occurred-on", "2024-01-10"
    )
    assert closed.code == 0, closed.err

    refused(decide(home), "fermé")
    refused(decide(home, "60 000", "--beneficiary-rna", "W12"), "RNA")
    refused(run(home, "commitment", "move", "--commitment", "rien", "--transition", "x"), "rien")


def test_who_receives_has_a_number_or_the_reason_why_not(home: Path) -> None:
    given = ("--pole", "pole-d-essai", "--object", "Atelier d'essai", "--amount", "60 000")
    parties = ("--funder", "Ministère d'essai", "--funder-siret", SIRET, "--beneficiary", "Essai")
    both = ("--beneficiary-siret", OTHER_SIRET, "--beneficiary-reason", "à l'étranger")
    before = size(home)

    for more, said in (((), "Il manque le SIRET de « Essai »"), (both, "sans numéro")):
        seen = run(home, "commitment", "decide", *given, *parties, *more)
        refused(seen, said)
        assert seen.code == 2
    assert size(home) == before
    decide(home)
    passed = act(home, "replace-beneficiary", "--beneficiary", "Essai", "--reasons", "fusion")
    refused(passed, "Il manque le SIRET de « Essai »")


def test_it_is_listed_in_euros_and_over_http_in_cents(home: Path, client: TestClient) -> None:
    decide(home)
    assert drafted(home).code == 0
    signed = act(
        home,
        *("sign-convention", "--funder-signatory", "La sous-directrice"),
        *("--beneficiary-signatory", "La présidente"),
    )
    assert signed.code == 0, signed.err

    seen = run(home, "commitment", "list")
    assert "60\u202f000" in seen.out
    assert "en cours d'exécution" in seen.out
    past = json.loads(run(home, "commitment", "list", "--in-force", "2024-01-14", "--json").out)
    assert past["items"] == []
    told = run(home, "tranche", "list").out
    assert told.index("Première tranche") < told.index("Solde")
    assert "emplois créés" in run(home, "condition", "list").out
    (line,) = client.get("/api/commitments").json()["items"]
    assert (line["agreed_cents"], line["agreed"]) == (6_000_000, "60\u202f000\xa0€")
    assert client.get("/engagements-financiers").status_code == 200
    assert client.get("/tranches").status_code == 200
    assert client.get("/conditions").status_code == 200


def signed(home: Path) -> None:
    decide(home)
    drafted(home)
    by = ("--funder-signatory", "La direction", "--beneficiary-signatory", "La présidence")
    done = act(home, "sign-convention", *by, "--cer")
    assert done.code == 0, done.err


def test_a_condition_is_found_not_met_as_well_as_met(home: Path) -> None:
    signed(home)

    seen = act(home, "find-condition", "--condition", "jobs", "--no-met", "--reasons", "Un emploi.")

    assert seen.code == 0, seen.err
    found = run(home, "condition", "list", "--json").json["items"]
    assert [line["standing"] for line in found if line["code"].endswith("jobs")] == ["not_met"]


def test_who_reports_a_condition_is_told_that_one_account_cannot_find_it_too(home: Path) -> None:
    signed(home)
    told = act(home, "report-condition", "--condition", "jobs", "--value", "3")
    assert told.code == 0, told.err

    seen = act(home, "find-condition", "--condition", "jobs", "--met", "--reasons", "Vu.")

    refused(seen, "une autre personne", "agit toujours comme l'opérateur")
