"""The administration of journeys on the pages: a draft from the first fault to a migration."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from application.job import JobState
from application.pole import RegisterPole
from domain.dates import PartialDate
from domain.roles import Role
from infrastructure.reference import REFERENCE, read_journey
from interfaces.jobs import run_job
from interfaces.wiring import Product
from tests.interfaces.conftest import registry
from tests.interfaces.people import Person, person

ADMINISTRATION = "/administration/parcours"
DRAFT = f"{ADMINISTRATION}/brouillon"
LATEST = max((REFERENCE / "journeys").glob("pole@*.yaml"))
NEXT = "pole@2099-01-01"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry with a pole; the tests below follow one another in it."""
    made = registry(tmp_path_factory.mktemp("drafts"))
    by = made.operator()
    made.do(RegisterPole(name="Pôle d'essai", occurred_on=PartialDate("2024")), by)
    yield made
    made.close()


@pytest.fixture(scope="module")
def registrar(product: Product) -> Person:
    return person(product, Role.REGISTRAR)


def draft(**changes: str) -> str:
    """The latest version of the journey of poles, as a draft of the next one."""
    version = LATEST.stem.partition("@")[2]
    text = LATEST.read_text("utf-8").replace(f"version: '{version}'", 'version: "2099-01-01"')
    text = text.replace(f'version: "{version}"', 'version: "2099-01-01"')
    text = text.replace(f"version: {version}", 'version: "2099-01-01"')
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_every_version_is_listed_with_who_follows_it(product: Product) -> None:
    page = person(product, None).read(ADMINISTRATION)

    assert f'href="/parcours/{LATEST.stem}/difference"' in page
    assert "1 cas" in page
    assert "Préparer un brouillon" not in page


def test_two_versions_are_told_apart_in_words_for_anybody(product: Product) -> None:
    page = person(product, None).read("/parcours/pole@2021-05-12/difference")

    assert "De la version du 18 avril 2015 à la version du 12 mai 2021" in page
    assert "Ce que chacun gagne et perd" in page
    other = person(product, None).read("/parcours/pole@2021-05-12/difference?avec=pole@2011-09")
    assert "De la version de septembre 2011" in other


def test_a_version_says_its_clauses_as_they_are_computed(product: Product) -> None:
    clause = read_journey(LATEST).transitions[0].requires[0]

    page = person(product, None).read(f"/parcours/{LATEST.stem}")

    assert f"sous le nom « {clause.id} »" in page
    assert str(clause.when).split("\n")[0] in page


@pytest.mark.parametrize("role", [Role.FUNDER, Role.COORDINATOR])
def test_a_draft_belongs_to_those_who_publish(product: Product, role: Role) -> None:
    assert person(product, role).http.get(DRAFT).status_code == 403


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choisissez un fichier qui n'est pas vide"),
        ("id: pôle".encode("utf-16"), "il faut un texte en UTF-8"),
        (b"x" * 200_001, "200 000 octets au plus"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_one_sentence(
    registrar: Person, content: bytes, said: str
) -> None:
    answer = registrar.send(DRAFT, {}, "check", file=("brouillon.yaml", content))

    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'").replace("\u202f", " ").replace("\xa0", " ")


def test_faults_are_said_with_their_line(registrar: Person) -> None:
    text = draft().replace("to: emergence", "to: nulle_part", 1)
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "nulle_part" in one)

    assert registrar.send(DRAFT, {"text": text}, "check").status_code == 303
    page = registrar.read(DRAFT)

    assert "Pas encore publiable" in page
    assert "L'état « nulle_part » n'existe pas." in page
    said = int(page.split("Empêche de publier, ligne ")[1].partition("<")[0])
    assert 0 <= line - said < 12  # the transition begins a few lines above
    assert registrar.http.get(f"{DRAFT}/essai").status_code == 400


def test_what_is_no_definition_says_where(registrar: Person) -> None:
    registrar.send(DRAFT, {"text": "a: 1\na: 2\n"}, "check")

    assert "« a » est donné deux fois (ligne 2)" in registrar.read(DRAFT).replace("\n", " ")


def test_a_draft_is_tried_and_nothing_is_recorded_until_it_is_published(
    product: Product, registrar: Person, tmp_path: Path
) -> None:
    size = product.journal.size()
    sent = registrar.send(DRAFT, {}, "check", file=("b.yaml", draft().encode()))
    assert sent.status_code == 303

    page, trial = registrar.read(DRAFT), registrar.read(f"{DRAFT}/essai")
    plan = registrar.read(f"{DRAFT}/migration")

    assert "Publier cette version" in page
    assert "1 cas suit ce parcours" in trial
    assert "1 cas peut passer" in plan
    assert "Pôle d'essai" in plan
    assert product.journal.size() == size
    assert "Publier cette version" not in person(product, Role.REGISTRAR).read(DRAFT)  # theirs

    size = product.journal.size()
    asked = registrar.http.post(f"{DRAFT}/essai", data={"_token": _token(registrar)})
    job = UUID(asked.headers["location"].removeprefix("/travaux/"))
    done = run_job(product, job)
    assert done.state is JobState.DONE
    report = registrar.http.get(f"/travaux/{job}/fichier").text
    assert f"Le brouillon « {NEXT} » rejoué sur l'histoire de 1 pôle" in report
    assert product.journal.size() == size

    answer = registrar.send(DRAFT, {}, "check")
    assert answer.status_code == 422
    answer = registrar.http.post(f"{DRAFT}/publier", data={"_token": _token(registrar)})
    assert (answer.status_code, answer.headers["location"]) == (303, ADMINISTRATION)
    assert NEXT in [journey.ref for journey, _ in product.journeys()]
    assert "Publier cette version" not in registrar.read(DRAFT)


def test_cases_are_brought_to_a_version_and_back(product: Product, registrar: Person) -> None:
    here = f"{ADMINISTRATION}/{NEXT}/migration"
    assert person(product, Role.ADMINISTRATOR).http.get(here).status_code == 403
    before = product.sheet("pole-d-essai", product.moment()).journey

    registrar.send(here, {"reason": "essai"}, "migrate")
    assert product.sheet("pole-d-essai", product.moment()).journey == NEXT
    assert "1 cas passé" in registrar.read(here) or "passés aux règles" in registrar.read(here)

    registrar.send(here, {}, "revert")
    assert product.sheet("pole-d-essai", product.moment()).journey == before


def test_a_draft_that_is_given_up_leaves_nothing(product: Product, registrar: Person) -> None:
    size = product.journal.size()
    registrar.send(DRAFT, {"text": draft()}, "check")

    registrar.send(DRAFT, {}, "drop")

    assert "Abandonner" not in registrar.read(DRAFT)
    assert product.journal.size() == size


def _token(registrar: Person) -> str:
    return registrar.read(DRAFT).split('name="_token" value="')[1].partition('"')[0]
