"""Definitions of journeys in files, before they are anything of a registry."""

import json
from datetime import UTC, datetime
from pathlib import Path

from domain.dates import paris_day
from domain.journey import Journey
from infrastructure.dcworkflow import Folder, Imported, read_definition_file
from infrastructure.dcworkflow import Note as Note
from infrastructure.dcworkflow import not_written as not_written
from infrastructure.dcworkflow import write_definition_xml as write_definition_xml
from infrastructure.guards import Cel
from infrastructure.reference import (
    parse_grid,
    read_journey,
    shipped_journeys,
)
from infrastructure.reference import parse_journey as parse_journey
from infrastructure.reference import write_journey as write_journey


def read_definition(path: Path) -> Journey:
    """A definition in a file: YAML, or the `definition.xml` of DCWorkflow under today's date."""
    if path.suffix.lower() == ".xml":
        return import_definition(path).journey
    return read_journey(path)


def grid_as_json(name: str, content: bytes) -> str:
    """A grid that was sent in YAML, as a form holds it; refused with the place of the fault."""
    grid = parse_grid(name, content)
    return json.dumps(
        grid.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, indent=1
    )


def import_definition(path: Path, version: str | None = None) -> Imported:
    """A `definition.xml` of DCWorkflow under a version, today's unless given, and what it loses."""
    today = paris_day(datetime.now(UTC)).isoformat()
    return read_definition_file(path, version=version or today)


def definitions_in(folder: Path) -> Folder:
    """The definitions of DCWorkflow below a folder, to be asked about."""
    return Folder(folder, Cel)


def shipped() -> list[Journey]:
    """The definitions that come with the product."""
    return list(shipped_journeys())
