"""What tests do with a fictitious person: let them be known, count what is left."""

from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from application.contribution import SendContribution
from application.document import FileDocument
from application.member import AddMember
from domain.erasure import ErasureGround
from domain.filing import DocumentKind
from domain.membership import MemberKind
from domain.pole import PoleId
from domain.roles import Role
from domain.values import Personal
from interfaces.wiring import Product
from tests import documents, make

NAME = "Zoé Quidam"
SPELT = "QUIDAM  zoe"
SAID = "Zoé Quidam habite au 3 rue des Lilas imaginaires."
PIECES = (b"Quidam", "Zoé".encode(), b"Lilas imaginaires")
"""What nothing may hold, before or after."""
CONTROL = "Mot témoin, en clair, que la recherche doit trouver"
RIGHT = ErasureGround.CONSENT_WITHDRAWN


def moderator(product: Product) -> Any:
    """Another account than the one that sent."""
    return make.by(Role.MODERATOR)


def dpo(product: Product) -> Any:
    return product.operator(Role.DPO)


def pole(product: Product) -> PoleId:
    return PoleId(product.find("fictif"))


def contribute(product: Product, author: str = NAME) -> UUID:
    sent = SendContribution(
        pole=pole(product), author=Personal(text=author), text=Personal(text=SAID)
    )
    return product.do(sent, product.operator(Role.PUBLIC)).answer


def join(product: Product, name: str = NAME) -> UUID:
    joined = AddMember(
        pole=pole(product), member_kind=MemberKind.CITIZEN, person=Personal(text=name)
    )
    return product.do(joined, product.operator()).answer


def file(product: Product, data: bytes = b"") -> UUID:
    filed = FileDocument.model_validate(
        {
            "kind": DocumentKind.LETTER,
            "content": data or documents.pdf(SAID),
            "pole": pole(product),
            "file_name": f"Lettre de {NAME}.pdf",
        }
    )
    return product.do(filed, product.operator()).answer


def sealed_rows(product: Product) -> int:
    return int(product.journal.query("SELECT count(*) FROM sealed")[0][0])


def raw(product: Product, *more: Path) -> bytes:
    """Every byte on the disk of the registry, its keys and documents, logs of writes included."""
    files = [*product.settings.home.rglob("*"), *product.settings.home.parent.glob("*.db*"), *more]
    found = [file.read_bytes() for file in files if file.is_file()]
    if product.settings.url.startswith("postgresql"):
        found += [_cluster(product.settings.url)]  # the keys lie in the same cluster
    return b"".join(found)


def _cluster(url: str) -> bytes:
    """Every file of the cluster, its log of writes and its own log among them."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    files = (file for file in Path(row[0]).parent.rglob("*") if file.is_file())
    return b"".join(file.read_bytes() for file in files)
