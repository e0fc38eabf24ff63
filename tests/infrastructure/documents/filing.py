"""Documents as tests file, read and erase them, and what then lies in the folder."""

from pathlib import Path
from uuid import UUID

from application.document import EraseDocument, FileDocument
from application.world import Made
from domain.filing import DocumentKind, Enclosed
from infrastructure.documents import Documents
from interfaces.wiring import Product
from tests import documents

NAMED = "Camille Martin habite au 3 rue des Lilas"
PDF = documents.pdf(NAMED)


def enclose(store: Documents, data: bytes, *, document: UUID) -> tuple[Enclosed, bytes]:
    """Bytes encrypted under a key that is kept."""
    made: Made = {}
    enclosed = store.enclose(data, document=document, made=made)
    assert store.keys.keep(made)
    return enclosed


def file(product: Product, data: bytes = PDF, **more: object) -> UUID:
    fields = {"kind": DocumentKind.MINUTES, "content": data, "pole": product.find("fictif"), **more}
    command = FileDocument.model_validate(fields)
    return product.do(command, product.operator()).answer


def erase(product: Product, document: UUID) -> None:
    command = EraseDocument.model_validate(
        {"document": document, "ground": "RGPD, article 17", "motive": "à sa demande"}
    )
    product.do(command, product.operator())


def read(product: Product, document: UUID) -> bytes:
    return product.documents.fetch(document, product.operator()).data


def raw(folder: Path) -> bytes:
    """Everything that lies on the disk."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def stored(product: Product) -> list[Path]:
    return [file for _, file in product.registry.documents.files()]
