"""The static check of definitions in files: drafts in YAML, and Plone's `definition.xml`."""

from pathlib import Path

from domain.check import Fault
from domain.journey import Journey
from domain.rules import FaultyJourney
from domain.values import Frozen
from domain.words import Text
from infrastructure.dcworkflow import Note, UnreadableDefinition, read_definition_file
from infrastructure.event_store.registry import faults_of
from infrastructure.reference import lines_of, parse_journey, read_journey

UNDATED = "1970-01-01"
"""Definitions of Plone have no version."""


class Checked(Frozen):
    """What was found in one file."""

    file: str
    journey: str | None
    """Its name and version; nothing where the file holds no definition."""
    publishable: bool
    faults: tuple[Fault, ...]
    not_carried: tuple[Note, ...] = ()
    """What a definition of Plone holds, and a journey does not."""


def check_file(path: Path) -> Checked:
    """Check the definition in a file; one that cannot be read has that for its only fault."""
    notes: list[Note] = []
    try:
        if path.suffix.lower() == ".xml":
            imported = read_definition_file(path, version=UNDATED)
            journey, notes = imported.journey, imported.not_carried
        else:
            journey = read_journey(path)
    except FaultyJourney as error:
        return _unreadable(path, str(error.details["reason"]), str(error.details["reason"]))
    except UnreadableDefinition as error:
        return _unreadable(path, error.say("fr").rstrip("."), error.say("en").rstrip("."))
    noted = [Fault(code=n.code, where=n.where, say=n.say, blocking=False) for n in notes if n.fault]
    faults = (*faults_of(journey), *noted)
    return Checked(
        file=str(path),
        journey=journey.ref,
        publishable=not any(fault.blocking for fault in faults),
        faults=faults,
        not_carried=tuple(note for note in notes if not note.fault),
    )


def check_draft(name: str, text: str) -> tuple[Checked, Journey | None, dict[str, int]]:
    """Check a definition in YAML that was sent: what was found, itself, the lines of the faults."""
    try:
        journey = parse_journey(name, text.encode())
    except FaultyJourney as error:
        reason = str(error.details["reason"])
        return _unreadable(Path(name), reason, reason), None, {}
    faults = faults_of(journey)
    publishable = not any(fault.blocking for fault in faults)
    checked = Checked(file=name, journey=journey.ref, publishable=publishable, faults=(*faults,))
    return checked, journey, lines_of(text, {fault.where for fault in faults})


def _unreadable(path: Path, fr: str, en: str) -> Checked:
    say = Text(fr=f"{fr[:1].upper()}{fr[1:]}.", en=f"{en[:1].upper()}{en[1:]}.")
    fault = Fault(code="unreadable", where=path.name, say=say)
    return Checked(file=str(path), journey=None, publishable=False, faults=(fault,))
