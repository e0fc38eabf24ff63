"""What judges an export of grants: frictionless, with the schema as it was published."""

from functools import cache
from pathlib import Path

from frictionless import Control, Detector, Dialect, Resource, Schema, formats

HERE = Path(__file__).parent / "scdl"
VALID = HERE / "exemple_valide.csv"
INVALID = HERE / "exemple_invalide_erreurs_cellules.csv"


@cache
def schema() -> Schema:
    return Schema.from_descriptor(str(HERE / "subventions-schema-v2.1.1.json"))


def verdict(data: bytes) -> list[str]:
    """What frictionless finds wrong with a file; nothing where it is valid.

    The encoding and the separator are given, for it guesses some files wrong (frictionless-py,
    issues 1376 and 1384).
    """
    comma: Control = formats.CsvControl(delimiter=",", quote_char='"', double_quote=True)
    resource = Resource(
        data,
        format="csv",
        encoding="utf-8",
        schema=schema().to_copy(),
        dialect=Dialect(controls=[comma]),
        detector=Detector(schema_sync=False),
    )
    report = resource.validate()
    return [error.message for error in report.errors] + [
        error.message for task in report.tasks for error in task.errors
    ]
