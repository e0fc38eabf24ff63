"""What documents hold, asked for in each role, over HTTP and on the command line."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from application.command import By
from application.document import FileDocument
from application.document_reading import CONCERNED, STEWARDS
from application.mandate import GiveMandate
from application.pole import LocatePole, RegisterPole
from domain.pole import PoleId, Territory
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import documents, make
from tests.interfaces.shell import Seen, jalon

PDF = documents.pdf("Camille Martin")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with make.product(tmp_path_factory.mktemp("registry") / "home") as made:
        by = made.operator()
        for name in ("Fictif", "Voisin"):
            pole = PoleId(made.do(RegisterPole(name=name), by).answer)
            region = "Occitanie" if name == "Fictif" else "Bretagne"
            made.do(LocatePole(pole=pole, territory=Territory(region=region)), by)
        yield made


@pytest.fixture(scope="module")
def document(product: Product) -> UUID:
    told = {"kind": "letter", "pole": product.find("fictif"), "content": PDF}
    return product.do(FileDocument.model_validate(told), product.operator()).answer


@pytest.fixture(scope="module")
def client(product: Product) -> Iterator[TestClient]:
    with TestClient(create_app(product), raise_server_exceptions=False) as made:
        made.headers["Authorization"] = f"Bearer {product.token}"
        yield made


def mandate(product: Product, role: Role, relation: str) -> str:
    """One that somebody else gives the operator."""
    told = {"holder": product.operator().actor, "principal": "organisation:Région fictive"}
    command = GiveMandate.model_validate({**told, "for_role": role, "relation": relation})
    return str(product.do(command, By(actor=AccountId(UUID(int=1)), role=role)).answer)


def content(client: TestClient, document: UUID, role: Role, under: str | None = None) -> int:
    headers = {"Jalon-Role": role.value, **({"Jalon-Mandate": under} if under else {})}
    answer = client.get(f"/api/documents/{document}/content", headers=headers)
    assert (answer.content == PDF) is (answer.status_code == 200)
    return answer.status_code


def readings(product: Product) -> int:
    return len(product.documents.downloads(product.operator()))


def test_over_http_each_role_reads_what_it_may_and_only_that_is_noted(
    client: TestClient, product: Product, document: UUID
) -> None:
    before = readings(product)

    read = {role for role in Role if content(client, document, role) == 200}

    assert read == STEWARDS
    assert readings(product) == before + len(STEWARDS)
    for role in sorted(CONCERNED):
        for relation, status in (("region:Occitanie", 200), ("region:Bretagne", 403)):
            under = mandate(product, role, relation)
            assert content(client, document, role, under) == status
    assert readings(product) == before + len(STEWARDS) + len(CONCERNED)


def test_over_http_a_refusal_says_why(client: TestClient, document: UUID) -> None:
    def said(role: Role) -> tuple[str, str]:
        headers = {"Jalon-Role": role.value}
        told = client.get(f"/api/documents/{document}/content", headers=headers).json()
        return told["code"], told["detail"]

    assert said(Role.PUBLIC) == (
        "document.reader",
        "Le contenu d'un document se lit en tenant le registre, en l'auditant, en l'administrant, "
        "en protégeant ses données, ou sous un mandat en vigueur qui couvre son pôle : votre rôle "
        "ne le permet pas.",
    )
    assert said(Role.FUNDER) == (
        "document.mandate",
        "Dans ce rôle, le contenu d'un document se lit sous un mandat en vigueur qui couvre son "
        "pôle : dites lequel.",
    )


def run(product: Product, *words: str | Path) -> Seen:
    return jalon("--home", product.settings.home, "document", *words)


@pytest.mark.parametrize("role", sorted(Role))
def test_on_the_command_line_each_role_gets_what_it_may(
    product: Product, document: UUID, tmp_path: Path, role: Role
) -> None:
    before = readings(product)

    seen = run(product, "get", str(document), tmp_path / "out.pdf", "--as", role.value)

    got = role in STEWARDS
    assert (seen.code == 0) is got
    assert seen.err.count("\n") == (not got)
    assert (tmp_path / "out.pdf").exists() is got
    assert readings(product) == before + got


def test_on_the_command_line_a_mandate_lets_read_a_document_and_a_pole_s_bundle(
    product: Product, document: UUID, tmp_path: Path
) -> None:
    under = mandate(product, Role.INSTRUCTOR, "region:Occitanie")
    acting = ("--as", "instructor", "--mandate", under)
    out, archive = tmp_path / "out.pdf", tmp_path / "pieces.zip"

    assert run(product, "get", str(document), out, *acting).code == 0
    assert run(product, "bundle", archive, "--pole", "fictif", *acting).code == 0

    assert out.read_bytes() == PDF
    last = product.documents.downloads(product.operator())[-1]
    assert (last.role, str(last.mandate)) == (Role.INSTRUCTOR, under)
    before = readings(product)
    for words in (("--pole", "voisin"), ()):
        seen = run(product, "bundle", tmp_path / "other.zip", *words, *acting)
        assert (seen.code, seen.err.count("\n")) == (4, 1)
        assert "ne couvre pas" in seen.err
    assert run(product, "bundle", tmp_path / "other.zip", "--as", "public").code == 4
    assert not (tmp_path / "other.zip").exists()
    assert readings(product) == before


def test_who_read_is_told_to_those_who_watch_over_that(product: Product) -> None:
    assert run(product, "downloads", "--as", "auditor").code == 0
    refused = run(product, "downloads", "--as", "funder")

    assert (refused.code, refused.err.count("\n")) == (4, 1)
