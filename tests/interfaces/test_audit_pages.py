"""The pages of auditors: events one by one, the integrity of the log, who read what."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from application.member import AddMember
from application.pole import RegisterPole, RenamePole
from application.retraction import RetractFact
from domain.dates import paris_day
from domain.logged import LogProof
from domain.membership import MemberKind
from domain.pole import PoleId
from domain.roles import Role
from domain.values import Personal
from interfaces.wiring import Product
from tests import make
from tests.interfaces.people import Person, person

EVENTS, INTEGRITY, READINGS = "/audit/evenements", "/audit/integrite", "/audit/lectures"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Two poles: one renamed, and that taken back; a person among the members of the other."""
    with make.product(tmp_path_factory.mktemp("audited") / "home") as made:
        by = made.operator()
        one = PoleId(made.do(RegisterPole(name="Alpha"), by).answer)
        other = PoleId(made.do(RegisterPole(name="Bêta"), by).answer)
        renamed = made.do(RenamePole(pole=one, name="Oméga"), by)
        row = made.journal.proofs_at([renamed.position])[0]
        made.do(RetractFact(event=row.event_id, reason="Saisi par erreur."), by)
        who = Personal(text="Jeanne Secret")
        made.do(AddMember(pole=other, member_kind=MemberKind.CITIZEN, person=who), by)
        made.log.begin("essai.exemple/journal")
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def auditor(product: Product) -> Person:
    return person(product, Role.AUDITOR)


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(rf'<th [^>]*><a href="{EVENTS}/(\d+)"', page)]


def number_of(product: Product, kind: str) -> int:
    rows = product.journal.proofs(0, 1000)
    return next(row.position for row in rows if row.topic.startswith(kind))


@pytest.mark.parametrize("role", [None, *(role for role in (Role.REGISTRAR, Role.COORDINATOR))])
def test_events_are_for_auditors(product: Product, role: Role | None) -> None:
    somebody = person(product, role)

    for path in (EVENTS, f"{EVENTS}/1", f"{EVENTS}/1/preuve"):
        answer = somebody.http.get(path, follow_redirects=True)
        assert "Alpha" not in answer.text
        assert answer.status_code in (401, 403) or "/connexion" in str(answer.url)


def test_every_event_is_there_the_last_first(product: Product, auditor: Person) -> None:
    size = product.journal.size()
    seen, page = numbers(auditor.read(EVENTS)), auditor.read(EVENTS)
    while more := re.search(r'href="([^"]*avant=\d+[^"]*)" rel="next"', page):
        page = auditor.read(more[1].replace("&amp;", "&"))
        seen += numbers(page)

    assert seen == list(range(size, 0, -1))


def test_events_are_chosen_by_kind_pole_account_command_and_day(
    product: Product, auditor: Person
) -> None:
    renamed = number_of(product, "pole.renamed")
    command = re.search(rf"{EVENTS}\?commande=([0-9a-f-]+)", auditor.read(EVENTS))
    assert command
    tomorrow = (paris_day(product.clock()) + timedelta(days=1)).isoformat()
    every = set(range(1, product.journal.size() + 1))

    assert numbers(auditor.read(f"{EVENTS}?sorte=pole.renamed")) == [renamed]
    assert renamed not in numbers(auditor.read(f"{EVENTS}?sauf=pole.renamed"))
    of_pole = set(numbers(auditor.read(f"{EVENTS}?pole=alpha")))
    assert renamed in of_pole
    assert number_of(product, "pole.member_joined") not in of_pole
    assert 0 < len(numbers(auditor.read(f"{EVENTS}?commande={command[1]}"))) < len(every)
    assert numbers(auditor.read(f"{EVENTS}?compte=ffffffff")) == []
    assert numbers(auditor.read(f"{EVENTS}?du={tomorrow}")) == []
    assert "n'est pas un identifiant" in auditor.read(f"{EVENTS}?compte=%25")


def test_an_event_is_given_whole_with_what_took_it_back_and_its_proof(
    product: Product, auditor: Person
) -> None:
    renamed = number_of(product, "pole.renamed")
    page = auditor.read(f"{EVENTS}/{renamed}")
    proof = LogProof.read(auditor.http.get(f"{EVENTS}/{renamed}/preuve").content)

    assert "Oméga" in page
    assert product.journal.leaf(renamed).hex() in page
    assert "Ce qui le rectifie ou le retire" in page
    assert "Il n'est ni rectifié ni retiré" not in page
    assert proof.index == renamed - 1
    assert "Secret" not in auditor.read(f"{EVENTS}/{number_of(product, 'pole.member_joined')}")
    assert "n'a pas d'événement n°" in auditor.read(f"{EVENTS}/99999")


def test_what_is_read_is_noted_and_told(product: Product, auditor: Person) -> None:
    renamed = number_of(product, "pole.renamed")
    auditor.read(f"{EVENTS}/{renamed}")
    told = auditor.read(READINGS)

    assert "Événement du journal, tel qu'il est enregistré" in told
    assert "Secret" not in told
    answer = person(product, Role.FUNDER).http.get(READINGS, follow_redirects=True)
    assert answer.status_code == 403


def test_integrity_says_what_the_log_comes_to(product: Product, auditor: Person) -> None:
    anybody = person(product, None).read(INTEGRITY)

    assert product.journal.root().hex() in anybody
    assert "Vérifier tout le journal" not in anybody
    assert "essai.exemple/journal" in anybody
    assert "Vérifier tout le journal" in auditor.read(INTEGRITY)


def test_a_log_that_nobody_signed_yet_says_so(bare: Product) -> None:
    page = person(bare, None).read(INTEGRITY)

    assert "Ce journal n'a pas encore été signé" in page
    assert bare.journal.root().hex() in page
