"""Load public history from files: every row becomes sourced, dated events, once."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import Field, ValidationError
from typing_extensions import override

from application.claim import RecordClaim
from application.command import Command, Work
from application.pole import enter_register
from application.sentences import of_validation
from domain.claim import Claim
from domain.dates import UNKNOWN, PartialDate
from domain.errors import Invalid
from domain.journey import JourneyRef
from domain.pole import Pole, Territory
from domain.provenance import Confidence
from domain.recognition import Recognition, RecognitionKind
from domain.register import REGISTER, Register
from domain.roles import Role
from domain.values import Frozen, Line, Prose
from domain.words import Name

LARGEST_FILE = 20_000_000
"""Bytes. A file of poles or of facts is a thousand times smaller."""

POLE_COLUMNS = (
    "name",
    "territory",
    "department",
    "region",
    "year",
    "recognitions",
    "confidence",
    "sector",
    "note",
    "source",
)
TIMELINE_COLUMNS = (
    "date",
    "precision",
    "event",
    "actor",
    "figures",
    "source",
    "confidence",
    "note",
)

SELF_DECLARATION = "Se présente comme pôle territorial de coopération économique."


# --- rows of a file ----------------------------------------------------------------------------


class UnreadableFile(Invalid):
    """The file as a whole cannot be read."""

    code = "import.unreadable"
    fr = "{reason}"
    en = "{reason}"


@dataclass(frozen=True, slots=True)
class RowLeftOut:
    """A row that was left out, and why."""

    line: int
    reason: str


Row = tuple[int, dict[str, str]]


def read_rows(data: bytes, columns: Sequence[str]) -> tuple[list[Row], list[RowLeftOut]]:
    """The rows of a CSV file with the line on which each begins, and the rows that are not whole.

    UTF-8; commas, or semicolons where the header has them. A quote left open spoils its own row
    only: reading goes on with the next line.
    """
    # As CSV counts lines; `splitlines` would also cut values at a vertical tab or a U+2028.
    lines = list(io.StringIO(_decode(data), newline=""))
    if not any(line.strip() for line in lines):
        raise UnreadableFile(reason="Le fichier est vide.")
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    try:
        header = next(csv.reader([lines[0]], delimiter=delimiter))
    except csv.Error:
        raise UnreadableFile(reason="La première ligne est illisible.") from None
    _check_header([name.strip() for name in header], columns)
    rows: list[Row] = []
    faults: list[RowLeftOut] = []
    for line, record, taken in _records(lines, delimiter, len(columns)):
        if isinstance(record, str):
            faults.append(RowLeftOut(line, record))
        elif taken and any(record):
            named = zip(header, record, strict=True)
            rows.append((line, {name.strip(): value.strip() for name, value in named}))
    return rows, faults


def _decode(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        size = f"{len(data) / 1e6:.0f} Mo"
        limit = f"{LARGEST_FILE // 1_000_000} Mo"
        raise UnreadableFile(reason=f"Le fichier fait {size} ; la limite est de {limit}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"Le fichier n'est pas en UTF-8 (ligne {line}) : enregistrez-le en « CSV UTF-8 »."
        raise UnreadableFile(reason=reason) from None


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in header]
    unknown = [name[:30] for name in header if name not in columns]
    if missing or unknown or len(header) != len(columns):
        parts = [f"colonnes attendues : {', '.join(columns)}"]
        if missing:
            parts.append(f"il manque : {', '.join(missing)}")
        if unknown:
            parts.append(f"en trop : {', '.join(unknown[:5])}")
        raise UnreadableFile(reason=f"La première ligne n'est pas la bonne ; {' ; '.join(parts)}.")


LONGEST_VALUE = 131_072
"""Characters of one value; a name is a thousand times shorter."""


def _records(
    lines: Sequence[str], delimiter: str, width: int
) -> Iterator[tuple[int, list[str] | str, bool]]:
    at = 1
    while at < len(lines):
        start = at
        reader = csv.reader(
            (lines[i] for i in range(start, len(lines))), delimiter=delimiter, strict=True
        )
        try:
            record = next(reader)
        except csv.Error:
            yield start + 1, "un guillemet n'est pas fermé, ou suit mal une valeur", False
            at += 1
            continue
        if any(len(value) > LONGEST_VALUE for value in record):  # whatever the reader allows
            yield start + 1, f"une valeur dépasse {LONGEST_VALUE} caractères", False
            at += 1
            continue
        if record and len(record) != width:
            reason = f"{len(record)} valeurs au lieu de {width}"
            if len(record) > width:
                reason += " (une valeur qui contient une virgule se met entre guillemets)"
            yield start + 1, reason, False
            at += 1
            continue
        yield start + 1, record, True
        at += reader.line_num


# --- poles -------------------------------------------------------------------------------------


class StageEvidence(Frozen):
    """What a recognition code shows of a pole: the stage it had reached, when, on which ground."""

    code: Name
    recognition_kind: RecognitionKind | Literal["claim"]
    occurred_on: PartialDate
    stage: Name
    journey: JourneyRef | None
    ground: Line
    issuer: Line


class ImportPole(
    Command,
    name="history.import_pole",
    says="Charger ce que les sources publiques disent d'un pôle.",
    by=(Role.COORDINATOR, Role.REGISTRAR),
):
    """Load what public sources say of one pole: its place, recognitions and stages."""

    name: Line = Field(description="Nom du pôle.")
    territory: Territory = Field(Territory(), description="Territoire.")
    activity: Prose | None = Field(None, description="Activité.")
    remark: Prose | None = Field(None, description="Remarque.")
    year: PartialDate = Field(UNKNOWN, description="Année de la première mention.")
    evidence: tuple[StageEvidence, ...] = Field((), description="Reconnaissances et déclarations.")

    @override
    def execute(self, work: Work) -> UUID:
        register = work.find(Register, REGISTER) or Register(REGISTER)
        if self.name in register.names:
            return register.names[self.name]
        rulebook = work.rulebook()
        since = self._since()
        first = next((e for e in self.evidence if e.journey), None)
        day = since.first_day or work.today
        journey = first.journey if first and first.journey else rulebook.in_force("pole", day)
        with work.dated(since):
            pole = enter_register(
                work, name=self.name, journey=journey, occurred_on=since, remark=self.remark
            )
            if self.territory != Territory():
                pole.locate(self.territory)
            if self.activity:
                pole.describe_activity(self.activity)
        for evidence in self.evidence:
            with work.dated(evidence.occurred_on, ground=evidence.ground):
                self._attest(work, pole, evidence)
        for ref in rulebook.between("pole", after=pole.journey, until=work.today):
            definition = work.compiled(ref).journey
            with work.dated(
                definition.in_force_from, ground=definition.source[0], source=None, confidence=None
            ):
                pole.migrate(definition, occurred_on=definition.in_force_from)
        return pole.id

    def _since(self) -> PartialDate:
        """The earliest date known; the year of the row only where it is earlier than all others."""
        dates = [e.occurred_on for e in self.evidence if e.occurred_on.is_known]
        earliest = min(dates, key=str, default=None)
        if earliest is None:
            return self.year
        year = self.year.root
        return self.year if self.year.is_known and year < earliest.root[:4] else earliest

    def _attest(self, work: Work, pole: Pole, evidence: StageEvidence) -> None:
        if evidence.recognition_kind == "claim":
            claim = Claim.record(
                statement=SELF_DECLARATION, author=self.name, about=pole.id, source=self.source
            )
            work.save(claim)
        else:
            recognition = Recognition.issue(
                pole=pole.id,
                recognition_kind=evidence.recognition_kind,
                code=evidence.code,
                issuer=evidence.issuer,
                ground=evidence.ground,
                occurred_on=evidence.occurred_on,
            )
            pole.attach_recognition(
                recognition.id,
                code=evidence.code,
                recognition_kind=evidence.recognition_kind,
            )
            work.save(recognition)
        if evidence.stage == "experimentation" and pole.state_on(work.day) == "emergence":
            work.take_past(pole, "enter_experimentation", evidence.journey)


def read_evidence(data: bytes) -> dict[str, Mapping[str, str]]:
    """What each recognition code means, by code."""
    text = _decode(data)
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text))}


def pole_of_row(
    row: Mapping[str, str], meanings: Mapping[str, Mapping[str, str]], regions: Iterable[str]
) -> ImportPole:
    """One row of a file of poles as a command; `ValueError` says what is wrong with it."""
    if not row["name"]:
        raise ValueError("le nom du pôle manque")
    if row["region"] and row["region"] not in set(regions):
        msg = f"« {row['region'][:40]} » n'est pas une région"
        raise ValueError(msg)
    year = PartialDate(row["year"] or "unknown")
    codes = [code.strip() for code in row["recognitions"].split("+") if code.strip()]
    evidence = [_evidence(code, meanings, year) for code in codes]
    evidence.sort(key=lambda e: (e.occurred_on.root, e.stage == "experimentation"))
    return ImportPole(
        name=row["name"],
        territory=Territory(
            words=row["territory"] or None,
            department=row["department"] or None,
            region=row["region"] or None,
        ),
        activity=row["sector"] or None,
        remark=row["note"] or None,
        year=year,
        evidence=tuple(evidence),
        source=row["source"] or None,
        confidence=_confidence(row["confidence"]),
    )


def _evidence(
    code: str, meanings: Mapping[str, Mapping[str, str]], year: PartialDate
) -> StageEvidence:
    meaning = meanings.get(code)
    if meaning is None:
        known = ", ".join(c for c in meanings if c)
        msg = f"la reconnaissance « {code[:40]} » est inconnue (connues : {known})"
        raise ValueError(msg)
    journey = meaning["journey"] if "@" in meaning["journey"] else None
    occurred_on = PartialDate(meaning["date"]) if meaning["date"] else year
    return StageEvidence.model_validate(
        {
            "code": code,
            "recognition_kind": meaning["kind"],
            "occurred_on": occurred_on,
            "stage": meaning["stage"],
            "journey": journey,
            "ground": meaning["ground"],
            "issuer": meaning["issuer"],
        }
    )


# --- the timeline ------------------------------------------------------------------------------


def claim_of_row(row: Mapping[str, str]) -> RecordClaim:
    """One row of a national timeline as a claim; `ValueError` says what is wrong with it."""
    if not row["event"]:
        raise ValueError("le fait manque (colonne event)")
    if row["figures"] and not row["actor"]:
        raise ValueError("un chiffre ne va pas sans son auteur (colonne actor)")
    if not row["source"]:
        raise ValueError("la source manque (colonne source)")
    date = PartialDate(row["date"] or "unknown")
    if row["precision"] != date.precision:
        msg = f"la date « {date} » n'a pas la précision annoncée ({row['precision'][:20]})"
        raise ValueError(msg)
    confidence = _confidence(row["confidence"])
    said = row["confidence"] if row["confidence"] != (confidence or "") else ""
    return RecordClaim(
        statement=row["event"],
        author=row["actor"] or "auteur inconnu",
        figures=row["figures"] or None,
        note=" ; ".join(part for part in (row["note"], said) if part) or None,
        occurred_on=date,
        source=row["source"],
        confidence=confidence,
    )


_CONFIDENCES = re.compile(rf"\b({'|'.join(Confidence)})\b", re.IGNORECASE)


def _confidence(words: str) -> Confidence | None:
    """The first word of confidence that a source uses; its other words stay in the note."""
    if not words:
        return None
    found = _CONFIDENCES.search(words)
    if not found:
        msg = f"« {words[:40]} » n'est pas un degré de confiance ({', '.join(Confidence)})"
        raise ValueError(msg)
    return Confidence(found.group().lower())


# --- an import ---------------------------------------------------------------------------------


class ImportReport(Frozen):
    """What an import did, or would do."""

    rows: int
    recorded: int
    unchanged: int
    events: int
    applied: bool
    faults: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ImportFile:
    """The commands of a file, each with its line and the identity that keeps it from repeating."""

    commands: Sequence[tuple[int, str, Command]]
    faults: Sequence[RowLeftOut]

    @classmethod
    def read(
        cls,
        data: bytes,
        columns: Sequence[str],
        parse: Callable[[dict[str, str]], Command],
        identity: Callable[[Command], str],
    ) -> "ImportFile":
        """Read a file; a row that cannot be read, or that repeats another, is a fault."""
        rows, found = read_rows(data, columns)
        faults = list(found)
        commands = []
        first: dict[str, int] = {}
        for line, row in rows:
            try:
                command = parse(row)
            except ValidationError as error:
                faults.append(RowLeftOut(line, of_validation(error).say("fr")))
            except ValueError as error:
                faults.append(RowLeftOut(line, str(error)))
            else:
                name = identity(command)
                if name in first:
                    faults.append(RowLeftOut(line, f"répète la ligne {first[name]}"))
                else:
                    first[name] = line
                    commands.append((line, name, command))
        return cls(commands, sorted(faults, key=lambda fault: fault.line))
