"""Verify the whole log, against reading the same rows and hashing the same states."""

from contextlib import closing
from hashlib import sha256

from benchmarks.large import EVENTS, settings
from benchmarks.measure import Work, interleaved, report
from infrastructure.audit_log import verify
from interfaces.wiring import Product

BATCH = 2000


def hashed(product: Product) -> Work:
    """The floor: each state read once, and its SHA-256."""

    def work() -> int:
        after = number = 0
        while rows := product.journal.proofs(after, BATCH):
            for row in rows:
                sha256(row.state).digest()
            after, number = rows[-1].position, number + len(rows)
        return number

    return work


def verified(product: Product) -> Work:
    """Every leaf, every peak and the root recomputed, every identity looked at."""

    def work() -> int:
        return verify(product.journal, BATCH).size

    return work


def main() -> None:
    with closing(Product(settings())) as product:
        works = {"SELECT + SHA-256": hashed(product), "verify": verified(product)}
        rates = interleaved(works, rounds=3)
        report(f"verify the log, {EVENTS} events", rates, floor="SELECT + SHA-256")


if __name__ == "__main__":
    main()
