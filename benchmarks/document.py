"""File a document of 10 MB and read it again, everything on; the floor writes the same bytes.

Units are kilobytes: the rates are kB a second.
"""

import os
import tempfile
from itertools import count
from pathlib import Path

from application.document import FileDocument
from benchmarks.measure import Work, interleaved, report
from domain.filing import DocumentKind
from interfaces.store import create
from interfaces.wiring import Product, Settings
from tests.documents import message

SIZE = 10_000_000


def written(folder: Path) -> Work:
    """The same bytes in a new file, which would survive a power cut."""
    data = os.urandom(SIZE)
    place = folder / "floor"

    def work() -> int:
        with place.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        place.unlink()
        return SIZE // 1000

    return work


def filed(product: Product) -> Work:
    """Recognised, compared with those of its size, encrypted, laid down, recorded, listed."""
    by, numbers, rest = product.operator(), count(), os.urandom(SIZE - 20)

    def work() -> int:
        content = b"%PDF-1.4 " + b"%011d" % next(numbers) + rest
        product.do(FileDocument(kind=DocumentKind.REPORT, content=content), by)
        return SIZE // 1000

    return work


def filed_message(product: Product) -> Work:
    """A message with one attachment: 10 MB, that travel as 13.7 in base64."""
    by, numbers, rest = product.operator(), count(), os.urandom(SIZE - 20)

    def work() -> int:
        pdf = b"%PDF-1.4 " + b"%011d" % next(numbers) + rest
        content = message(("rapport.pdf", pdf)).as_bytes()
        product.do(FileDocument(kind=DocumentKind.LETTER, content=content), by)
        return SIZE // 1000

    return work


def read(product: Product) -> Work:
    """Noted, checked against its hash, decrypted, checked against its commitment."""
    by = product.operator()
    content = b"%PDF-1.4 " + os.urandom(SIZE - 9)
    document = product.do(FileDocument(kind=DocumentKind.REPORT, content=content), by).answer

    def work() -> int:
        return len(product.documents.fetch(document, by).data) // 1000

    return work


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(home=Path(name) / "home", database="")
        create(settings)
        product = Product(settings)
        works = {
            "write and fsync": written(Path(name)),
            "read": read(product),
            "file": filed(product),
            "file a message": filed_message(product),
        }
        report("documents of 10 MB, kB a second", interleaved(works), floor="write and fsync")
        product.close()


if __name__ == "__main__":
    main()
