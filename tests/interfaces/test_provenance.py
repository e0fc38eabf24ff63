"""The history of a pole as W3C PROV: what the library reads back is what was written."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from prov.model import (
    ProvActivity,
    ProvAgent,
    ProvAssociation,
    ProvDelegation,
    ProvDocument,
    ProvEntity,
    ProvGeneration,
)
from starlette.testclient import TestClient

from application.claim import CorrectClaim, RecordClaim
from application.mandate import GiveMandate
from application.pole import NoteContact, RegisterPole
from application.provenance import ProvFormat
from domain.claim import ClaimId
from domain.pole import PoleId
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.application import commitments as money
from tests.application.desk import person
from tests.interfaces.seasons import CALL, KEPT, MOTIVE, decided
from tests.interfaces.shell import jalon, refused
from tests.make import begin

POLE = "pole-d-essai"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pole with a paid tranche on evidence, a corrected claim, and an act under a mandate."""
    settings = Settings(home=tmp_path_factory.mktemp("prov") / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        books = product.registry
        pole = money.pole(books)
        money.paid(books, money.in_force(books, pole), "first")
        said = RecordClaim(
            statement="Il a dit « \"oui\" »\n\\ et [rien] = 'de plus'.",
            author="Réseau",
            figures="5",
            about=pole,
        )
        told = said.model_copy(update={"source": "https://fictif.example/a?b=c&d='é'"})
        claim = ClaimId(books.do(told, money.FUNDER).answer)
        correct = CorrectClaim(claim=claim, reason="mal lu", figures="6", source="ailleurs")
        books.do(correct, money.FUNDER)
        given = GiveMandate(
            holder=money.FUNDER.actor,
            principal="organisation:Ministère d'essai",
            for_role=Role.FUNDER,
            relation="everywhere",
            valid_to=date(2100, 1, 1),
        )
        mandate = MandateId(money.do(books, given, person(9)))
        by = money.FUNDER.model_copy(update={"on_behalf_of": mandate})
        money.decide(books, pole, by)
        product.follower.catch_up()
    return settings.home


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        yield made


def read(text: str, form: str) -> ProvDocument:
    return ProvDocument.deserialize(content=text, format=form)


def records(document: ProvDocument, kind: type[Any]) -> list[Any]:
    return list(document.get_records(kind))


def written(home: Path, form: str) -> str:
    seen = jalon("--home", home, "pole", "prov", POLE, "--format", form)
    assert seen.code == 0, seen
    return seen.out


def test_both_forms_are_read_back_as_the_same_history(home: Path) -> None:
    as_json, as_text = written(home, "jsonld"), written(home, "provn")

    one, other = read(as_json, "jsonld"), read(as_text, "provn")

    assert one == other
    assert len(records(one, ProvEntity)) > 30
    assert read(one.get_provn(), "provn") == one
    again = one.serialize(format="jsonld")
    assert again
    assert json.loads(again) == json.loads(as_json)
    assert written(home, "provn") == as_text


def test_a_change_to_what_was_written_is_another_history(home: Path) -> None:
    text = written(home, "provn")

    changed = read(text.replace("'jalon:role/funder'", "'jalon:role/payer'", 1), "provn")

    assert changed != read(text, "provn")


def test_every_event_is_a_fact_generated_by_its_command_for_its_account(product: Product) -> None:
    moment = product.moment()
    document = read(product.provenance(POLE, moment, ProvFormat.PROVN), "provn")
    lines = product.history(POLE, moment)

    generated = {
        str(dict(record.attributes)[key])
        for record in records(document, ProvGeneration)
        for key in dict(record.attributes)
        if key.localpart == "entity"
    }
    agents = {str(record.identifier) for record in records(document, ProvAgent)}
    commands = {
        product.registry.fact(line.event_id).event.meta.correlation_id  # type: ignore[union-attr]  # it is on record
        for line in lines
    }
    assert {f"uuid:{line.event_id}" for line in lines} <= generated
    assert {f"uuid:{line.actor}" for line in lines} <= agents
    assert {f"uuid:{id_}" for id_ in commands} <= {
        str(record.identifier) for record in records(document, ProvActivity)
    }
    assert len(records(document, ProvAssociation)) == len(records(document, ProvActivity))


def test_a_mandate_a_correction_and_the_evidence_are_told(home: Path) -> None:
    text = written(home, "provn")
    document = read(text, "provn")

    (delegation,) = records(document, ProvDelegation)
    assert "Ministère d'essai" in text
    assert "prov:Organization" in text
    assert delegation.get_provn() in text
    assert text.count("prov:Revision") == 1
    assert "prov:PrimarySource" in text
    assert "jalon:ciphertextSha256" in text
    assert "jalon:occurredOn" in text


def test_names_are_stable_and_no_sealed_value_is_in_them(product: Product) -> None:
    early = product.moment()
    text = product.provenance(POLE, early, ProvFormat.PROVN)
    product.do(
        NoteContact(pole=PoleId(product.find(POLE)), channel="courriel", outcome="joint"),
        product.operator(),
    )

    later = product.provenance(POLE, product.moment(), ProvFormat.PROVN)

    assert product.provenance(POLE, early, ProvFormat.PROVN) == text
    assert set(text.splitlines()) < set(later.splitlines())
    for line in text.splitlines():
        assert "sealed" not in line


def test_what_is_not_announced_is_not_told(tmp_path: Path) -> None:
    home = decided(tmp_path / "season", announced=False)
    with closing(Product(Settings(home=home, database=""))) as product:
        pole = product.dossier(KEPT, product.moment()).pole_code

        text = product.provenance(pole, product.moment(), ProvFormat.PROVN)

    assert "dossier.drafted.v1" in text
    for untold in ("condition_assessed", "ranked", "analysed", "opinion", "session.", MOTIVE, CALL):
        assert untold not in text


def test_three_hundred_events_take_less_than_two_seconds(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", database="")
    begin(settings)
    with closing(Product(settings)) as product:
        by = product.operator()
        pole = PoleId(product.do(RegisterPole(name="Pôle d'essai"), by).answer)
        for _ in range(300):
            product.registry.do(NoteContact(pole=pole, channel="courriel", outcome="joint"), by)
        product.follower.catch_up()

        start = time.process_time()
        text = product.provenance(POLE, product.moment(), ProvFormat.JSONLD)
        taken = time.process_time() - start

    assert len(records(read(text, "jsonld"), ProvActivity)) == 301
    assert taken < 2


def test_the_api_gives_both_forms(product: Product) -> None:
    product.tick()  # else the server would, between the two

    with TestClient(create_app(product)) as client:
        as_json = client.get(f"/api/poles/{POLE}/prov")
        as_text = client.get(f"/api/poles/{POLE}/prov", params={"format": "provn"})
        wrong = client.get(f"/api/poles/{POLE}/prov", params={"format": "xml"})

    assert as_json.headers["content-type"].startswith("application/ld+json")
    assert read(as_json.text, "jsonld") == read(as_text.text, "provn")
    assert wrong.status_code == 400


def test_what_cannot_be_told_is_refused_in_one_sentence(home: Path) -> None:
    refused(jalon("--home", home, "pole", "prov", "atlantide"), 1, "atlantide")
    refused(jalon("--home", home, "pole", "prov", POLE, "--format", "xml"), 2)
    refused(jalon("--home", home, "pole", "prov", POLE, "--known", "1999-01-01"), 1)
