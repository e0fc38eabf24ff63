"""The page of an act: what it would record, what it recorded, why it does not."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from application.catalogue import COMMANDS
from application.document_list import DOCUMENTS
from application.member import MEMBERS_LIST as MEMBERS
from application.pole import RegisterPole
from application.register import PoleLine
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.wiring import Product, Settings
from tests.documents import pdf
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, hidden, person
from tests.make import Clock, begin

NEW = {"name": "Pôle du bout du monde", "occurred_on": "12/03/2024"}
REGISTER = "/actes/pole.register"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    made = registry(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def registrar(product: Product) -> Person:
    return person(product, Role.REGISTRAR)


def poles(product: Product) -> list[PoleLine]:
    return product.register.lines(product.moment())


def test_an_act_is_given_by_its_form_and_its_effect_is_shown(
    product: Product, registrar: Person
) -> None:
    answer = registrar.send(REGISTER, NEW)

    (line,) = poles(product)
    assert (line.name, line.occurred_on) == (NEW["name"], "2024-03-12")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/poles/{line.code}")
    page = registrar.read(answer.headers["location"])
    assert "Enregistré" in page
    assert "Inscription au registre : Pôle du bout du monde" in page
    assert 'class="banner recorded"' not in registrar.read(f"/poles/{line.code}")


def test_what_would_be_recorded_is_said_and_nothing_is(product: Product, registrar: Person) -> None:
    answer = registrar.send(REGISTER, NEW, do="check")

    assert answer.status_code == 200
    assert "Ce qui serait enregistré" in answer.text
    assert NEW["name"] in answer.text
    assert poles(product) == []


def test_what_is_sent_twice_is_recorded_once(product: Product, registrar: Person) -> None:
    key = hidden(registrar.http.get(REGISTER).text, "_key")

    first = registrar.send(REGISTER, {**NEW, "_key": key})
    again = registrar.send(REGISTER, {**NEW, "_key": key})

    assert first.headers["location"] == again.headers["location"]
    assert len(poles(product)) == 1
    assert "Déjà enregistré" in registrar.read(again.headers["location"])


def test_a_fault_is_said_beside_its_field_and_what_was_typed_stays(
    product: Product, registrar: Person
) -> None:
    answer = registrar.send(REGISTER, {**NEW, "name": " ", "occurred_on": "31/02/2024"})

    assert answer.status_code == 422
    assert 'href="#champ-name"' in answer.text
    described = re.search(r'id="champ-name"[^>]*aria-describedby="([^"]*)"', answer.text)
    assert described
    assert "champ-name-erreur" in described[1].split()
    assert 'value="31/02/2024"' in answer.text
    assert poles(product) == []


def test_a_refusal_says_its_sentence_and_keeps_what_was_typed(registrar: Person) -> None:
    typed = {"year": "2024"}

    answer = registrar.send("/actes/campaign.close", typed)

    assert answer.status_code == 422
    assert "Ce n'est pas possible" in answer.text
    assert 'value="2024"' in answer.text


def test_a_step_asks_for_what_it_needs_and_says_what_it_lacks(
    product: Product, registrar: Person
) -> None:
    pole = registrar.send(REGISTER, NEW).headers["location"].rpartition("/")[2]
    way = next(way for way in product.why(pole, product.moment()) if way.clauses)
    path = f"/actes/pole.move?pole={pole}&transition={way.transition}"

    page = registrar.read(path)
    answer = registrar.send(path, {"pole": pole, "transition": way.transition})

    assert f"Le passage :</span> <strong>{way.title}" in page
    assert 'class="clauses"' in page
    assert answer.status_code in (403, 422)
    assert 'class="clauses"' in answer.text


def test_nobody_acts_without_signing_in_and_they_come_back_to_it(product: Product) -> None:
    anybody = person(product, None)

    answer = anybody.http.get(f"{REGISTER}?name=X")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/connexion?suite=%2Factes%2Fpole.register%3Fname%3DX"


def test_what_does_not_come_from_the_form_is_refused(product: Product, registrar: Person) -> None:
    answer = registrar.http.post(REGISTER, data={**NEW, "_do": "record"})

    assert answer.status_code == 403
    assert poles(product) == []


def test_an_act_of_others_is_refused_by_its_rule(
    product: Product, registrar: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = frozenset({Role.COORDINATOR, Role.NETWORK})
    monkeypatch.setattr(RegisterPole, "BY", others)

    answer = registrar.http.get(REGISTER)

    assert answer.status_code == 403
    assert "Cet acte demande un autre rôle" in answer.text
    assert "coordination" in answer.text


def test_rows_are_added_and_taken_away_without_a_script(
    product: Product, registrar: Person
) -> None:
    pole = registrar.send(REGISTER, NEW).headers["location"].rpartition("/")[2]
    path = f"/actes/exchange.record?pole={pole}"
    typed = {"pole": pole, "participants.0": "Mairie", "participants.1": "Région"}

    more = registrar.send(path, typed, do="add:participants").text
    less = registrar.send(path, typed, do="remove:participants.0").text

    assert 'name="participants.3"' in more
    assert 'value="Mairie"' in more
    assert 'value="Mairie"' not in less
    assert re.search(r'name="participants.0"\s+value="Région"', less)


def test_a_document_is_sent_with_its_form(product: Product, registrar: Person) -> None:
    pole = registrar.send(REGISTER, NEW).headers["location"].rpartition("/")[2]
    path = f"/actes/document.file?pole={pole}"

    answer = registrar.send(
        path,
        {"pole": pole, "kind": "statutes", "channel": "upload"},
        content=("statuts.pdf", pdf()),
    )

    assert answer.status_code == 303
    (line,) = product.listed(DOCUMENTS, product.moment(), pole=pole)
    assert answer.headers["location"] == f"/documents/{line.id}"


def test_a_correction_begins_with_what_the_fact_says(product: Product, registrar: Person) -> None:
    pole = registrar.send(REGISTER, NEW).headers["location"].rpartition("/")[2]
    said = {"pole": pole, "member_kind": "local_authority", "name": "Comune d'Essai"}
    assert registrar.send("/actes/pole.add_member", said).status_code == 303
    (line,) = product.listed(MEMBERS, product.moment(), pole=pole)
    path = f"/actes/pole.add_member?corrects={line.fact}"
    again = {**said, "corrects": str(line.fact), "name": "Commune d'Essai"}

    page = registrar.read(path)
    refused = registrar.send(path, again)
    answer = registrar.send(path, {**again, "reason": "Une coquille."})

    assert 'value="Comune d\'Essai"' in page
    assert '<option value="local_authority" selected>' in page
    assert refused.status_code == 422
    assert answer.status_code == 303
    (line,) = product.listed(MEMBERS, product.moment(), pole=pole)
    assert line.name == "Commune d'Essai"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_act_has_a_page(one: tuple[Product, Person], name: str) -> None:
    answer = one[1].http.get(f"/actes/{name}")

    assert answer.status_code in (200, 403)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Person]]:
    """Somebody who keeps a register of one pole."""
    made = registry(tmp_path_factory.mktemp("one"))
    made.do(RegisterPole(name="Le pôle"), made.operator())
    yield made, person(made, Role.REGISTRAR)
    made.close()


def test_a_draft_is_kept_for_its_author_alone_until_it_is_recorded(
    product: Product, registrar: Person
) -> None:
    kept = registrar.send(REGISTER, {"name": "Un nom à moitié", "occurred_on": "12/"}, do="keep")

    assert kept.status_code == 200
    assert "Brouillon gardé" in kept.text
    assert "Reprendre le brouillon" in registrar.read(REGISTER)
    again = registrar.read(f"{REGISTER}?brouillon=oui")
    assert 'value="Un nom à moitié"' in again
    assert 'value="12/"' in again
    assert "Reprendre le brouillon" not in person(product, Role.REGISTRAR).read(REGISTER)
    assert registrar.send(f"{REGISTER}?brouillon=oui", NEW).status_code == 303
    assert "Reprendre le brouillon" not in registrar.read(REGISTER)


def test_each_thing_has_a_draft_of_its_own_and_one_is_thrown_away(registrar: Person) -> None:
    path = "/actes/pole.rename?pole="
    one, other = (
        registrar.send(REGISTER, {"name": name}).headers["location"].rpartition("/")[2]
        for name in ("Un", "Autre")
    )
    registrar.send(f"{path}{one}", {"pole": one, "name": "À moitié"}, do="keep")

    assert "Reprendre le brouillon" in registrar.read(f"{path}{one}")
    assert "Reprendre le brouillon" not in registrar.read(f"{path}{other}")
    registrar.send(f"{path}{one}", {}, do="drop")
    assert "Reprendre le brouillon" not in registrar.read(f"{path}{one}")


def test_nobody_reads_a_draft_where_it_is_kept(product: Product, registrar: Person) -> None:
    registrar.send(REGISTER, {"name": "Secret de polichinelle"}, do="keep")
    (content,) = product.journal.query("SELECT content FROM draft")[0]

    assert b"polichinelle" not in bytes(content)


def test_a_draft_is_too_long_and_its_form_says_so(registrar: Person) -> None:
    answer = registrar.send(REGISTER, {"remark": "x" * 200_001}, do="keep")

    assert answer.status_code == 422
    assert "trop long" in answer.text


def test_a_draft_grows_old(tmp_path: Path) -> None:
    clock = Clock()
    author = AccountId(UUID(int=7))
    begin(settings := Settings(home=tmp_path / "old", database=""))
    with closing(Product(settings, clock)) as made:
        drafts = made.desk.drafts
        drafts.keep(author, "pole.register", "[]", "{}")
        clock.advance(days=59)
        kept = drafts.find(author, "pole.register", "[]")
        clock.advance(days=2)

        assert kept is not None
        assert drafts.find(author, "pole.register", "[]") is None
