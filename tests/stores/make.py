"""Writes the store of the present version: `python -m tests.stores.make`."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from application.charter import SignCharter
from application.claim import RecordClaim
from domain.charter import Capacity, Variant
from domain.dates import PartialDate
from domain.kernel import Personal
from domain.pole import PoleId
from interfaces.wiring import Product, Settings, create, reference_file

STORES = Path(__file__).parent
POLES = 3
SIGNATORY = "Jeanne Exemple"


def write(home: Path) -> dict[str, object]:
    """Write a small registry in a folder; give what must be found in it for ever."""
    settings = Settings(home=home, database="")
    create(settings)
    with closing(Product(settings)) as product:
        by = product.operator()
        rows = reference_file("poles.csv").splitlines(keepends=True)[: POLES + 1]
        product.import_poles(b"".join(rows), by, apply=True)
        lines = product.register.lines(product.moment())
        signed = product.do(
            SignCharter(
                pole=PoleId(lines[0].id),
                charter=PartialDate("2014-09-19"),
                variant=Variant.EXISTING_POLE,
                capacity=Capacity.PRESIDENT,
                place="Nantes",
                signatory=Personal(text=SIGNATORY),
                occurred_on=PartialDate("2015-02"),
            ),
            by,
        )
        product.do(
            RecordClaim(
                statement="Plus de cinquante pôles existent.",
                author="Une revue",
                occurred_on=PartialDate("2016"),
            ),
            by,
            key="une-cle",
        )
        verified = product.verify()
        known: dict[str, object] = {
            "size": verified.size,
            "root": verified.root.hex(),
            "poles": [line.code for line in lines],
            "stages": [line.stage for line in lines],
            "signature": str(signed.answer),
            "signatory": SIGNATORY,
            "claims": [line.statement for line in product.claims.lines(product.moment())],
        }
    with closing(sqlite3.connect(home / "registry.db")) as db:
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("VACUUM")
    return known


def revision(home: Path) -> str:
    """The revision of the schema that a registry has."""
    with closing(sqlite3.connect(home / "registry.db")) as db:
        found: str = db.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return found


def main() -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        known = write(home)
        target = STORES / revision(home)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(home, target)
    text = json.dumps(known, ensure_ascii=False, indent=2)
    (target / "known.json").write_text(f"{text}\n", "utf-8")


if __name__ == "__main__":
    main()
