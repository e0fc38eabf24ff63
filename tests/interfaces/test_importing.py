"""Files that are loaded from the pages: read first, then recorded, and never twice."""

from collections.abc import Iterator

import pytest

from domain.roles import Role
from infrastructure.reference import REFERENCE
from interfaces.history_files import reference_file
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, hidden, person

IMPORTS = "/administration/imports"
POLES = b"".join(reference_file("poles.csv").splitlines(keepends=True)[:4])


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    made = registry(tmp_path_factory.mktemp("loaded"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def registrar(product: Product) -> Person:
    return person(product, Role.REGISTRAR)


def test_what_may_be_loaded_is_said_to_each(product: Product, registrar: Person) -> None:
    payer = person(product, Role.PAYER)

    assert f'href="{IMPORTS}/poles"' in registrar.read(IMPORTS)
    assert f'href="{IMPORTS}/paiements"' in payer.read(IMPORTS)
    assert f'href="{IMPORTS}/poles"' not in payer.read(IMPORTS)
    assert payer.http.get(f"{IMPORTS}/poles").status_code == 403
    assert registrar.http.get(f"{IMPORTS}/rien").status_code == 404


def test_poles_are_read_first_then_recorded_from_the_file_that_was_kept(
    product: Product, registrar: Person
) -> None:
    path = f"{IMPORTS}/poles"
    size = product.journal.size()

    read = registrar.send(path, {}, "check", file=("poles.csv", POLES)).text
    assert "Ce qui serait enregistré" in read
    assert "<dd>3 (" in read
    assert product.journal.size() == size
    done = registrar.send(path, {"_file.file": hidden(read, "_file.file")}, "record").text
    assert ">Chargé<" in done
    assert len(product.register.lines(product.moment())) == 3

    size = product.journal.size()
    again = registrar.send(path, {}, "record", file=("poles.csv", POLES)).text
    assert "Déjà au registre" in again
    assert product.journal.size() == size


def test_each_faulty_line_is_said(registrar: Person) -> None:
    wrong = POLES + b"Sans rien d'autre,,,Nulle part,demain,,,,,\n"

    read = registrar.send(f"{IMPORTS}/poles", {}, "check", file=("poles.csv", wrong)).text

    assert "Ligne 5" in read


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("poles", b"", "est vide"),
        ("poles", b"\xff\xfe\x00x", "UTF-8"),
        ("appels", b"- rien", "pas une liste d"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    registrar: Person, kind: str, data: bytes, words: str
) -> None:
    answer = registrar.send(f"{IMPORTS}/{kind}", {}, "check", file=("f.csv", data))

    assert answer.status_code == 422
    assert words in answer.text
    assert registrar.send(f"{IMPORTS}/chronologie", {}, "check").status_code == 422


def test_calls_and_dated_facts_are_loaded(product: Product, registrar: Person) -> None:
    calls = (REFERENCE / "calls" / "state_calls.yaml").read_bytes()
    facts = b"".join(reference_file("timeline.csv").splitlines(keepends=True)[:3])

    for kind, data in (("appels", calls), ("chronologie", facts)):
        done = registrar.send(f"{IMPORTS}/{kind}", {}, "record", file=("f", data)).text
        assert ">Chargé<" in done
    assert "aap-2013" in registrar.read("/appels")


def test_payments_are_all_recorded_or_none(product: Product) -> None:
    payer = person(product, Role.PAYER)
    data = "référence;date;montant;bénéficiaire\nP1;12/03/2024;100,00;Tetris\nP2;hier;1;X\n"

    read = payer.send(f"{IMPORTS}/paiements", {}, "check", file=("p.csv", data.encode())).text

    assert "Ligne 3" in read
    assert "Charger ce qui peut" not in read
    kept = {"_file.file": hidden(read, "_file.file")}
    assert "Rien n" in payer.send(f"{IMPORTS}/paiements", kept, "record").text
    assert product.journal.query("SELECT 1 FROM event WHERE topic LIKE 'payment.%'") == []


def test_each_is_led_to_what_they_see_to(product: Product, registrar: Person) -> None:
    administrator = person(product, Role.ADMINISTRATOR).read("/administration")
    auditor = person(product, Role.AUDITOR).read("/administration")

    assert f'href="{IMPORTS}"' in registrar.read("/administration")
    assert 'href="/administration/comptes"' in administrator
    assert f'href="{IMPORTS}"' not in auditor
    assert 'href="/administration/parcours"' in auditor
