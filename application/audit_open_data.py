"""Is the published file of open data equal to the log (SCDL « subventions » 2.1.1)?

The file is laid beside the one that the log gives for the same moment, row by row: what differs,
what is in one and not in the other, what cannot be read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from application.audit_answer import AuditAsked, AuditLine, Findings, line, numbered
from application.history import read_rows
from application.ledger import LinesChosen
from application.scdl import COLUMNS as SCDL
from application.scdl_export import export
from domain.commitment import Commitment
from domain.kernel import Recorded

COLUMNS = (
    *("Constat", "Ligne du fichier", "Engagement", "Colonne", "Dans le fichier"),
    "D'après le journal",
)

DIFFERS = "diffère"
NOT_IN_LOG = "absente du journal"
NOT_IN_FILE = "absente du fichier"
UNREADABLE = "illisible"

BEARS = (
    Commitment.Decided,
    Commitment.ConventionDrafted,
    Commitment.ConventionSigned,
    Commitment.Amended,
    Commitment.BeneficiaryReplaced,
    Commitment.SiretCorrected,
    Commitment.TranchePaid,
)
"""What a row of the open data is made of."""

Row = Mapping[str, str]

NAMED_BY: tuple[tuple[str, ...], ...] = (
    ("idAttribuant", "referenceDecision", "idBeneficiaire", "rnaBeneficiaire"),
    ("idAttribuant", "referenceDecision", "nomBeneficiaire"),
    ("referenceDecision", "idBeneficiaire", "rnaBeneficiaire"),
    ("idAttribuant", "dateConvention", "idBeneficiaire", "rnaBeneficiaire"),
    ("referenceDecision",),
    ("idAttribuant", "idBeneficiaire", "rnaBeneficiaire", "objet"),
)
"""By what a row of the file is taken for one of the log, the surest first; each once."""


@dataclass(frozen=True, slots=True)
class OfLog:
    """A row that the log gives, and its commitment."""

    row: Row
    code: str


def file_equals_log(asked: AuditAsked) -> Findings:
    """Everything in which a published file differs from what the log gives."""
    rows, faults = read_rows(asked.published, SCDL)
    scope = asked.scope
    chosen = LinesChosen(funder=scope.funder, pole=scope.pole, call=scope.call)
    given = export(asked.world, asked.moment, chosen)
    logged = [OfLog(row, code) for row, code in zip(given.rows, given.codes, strict=True)]
    bearing = _events(asked)
    lines = [
        line(COLUMNS, [UNREADABLE, str(fault.line), "", "", fault.reason, ""], ())
        for fault in faults
    ]
    pairs, surplus, missing = _paired(rows, logged)
    for number, row, one in pairs:
        for column in SCDL:
            if row[column] != one.row[column].strip():
                cells = [DIFFERS, str(number), one.code, column, row[column], one.row[column]]
                lines.append(line(COLUMNS, cells, bearing.get(one.code, ())))
    for number, row in surplus:
        lines.append(line(COLUMNS, [NOT_IN_LOG, str(number), "", "", _named(row), ""], ()))
    for one in missing:
        cells = [NOT_IN_FILE, "", one.code, "", "", _named(one.row)]
        lines.append(line(COLUMNS, cells, bearing.get(one.code, ())))
    is_same = asked.published == given.csv
    said = _sentence(lines, len(rows) + len(faults), len(logged), is_same=is_same)
    return Findings(lines, said, holds=not lines)


def _paired(
    rows: Sequence[tuple[int, Row]], logged: Sequence[OfLog]
) -> tuple[list[tuple[int, Row, OfLog]], list[tuple[int, Row]], list[OfLog]]:
    """Rows of the file with those of the log that they are, then what is left of each."""
    pairs, left, free = list[tuple[int, Row, OfLog]](), list(rows), list(logged)
    for names in (SCDL, *NAMED_BY):
        by_name: dict[tuple[str, ...], list[OfLog]] = defaultdict(list)
        for one in free:
            by_name[_key(one.row, names)].append(one)
        kept = list[tuple[int, Row]]()
        for number, row in left:
            if found := by_name.get(_key(row, names)):
                pairs.append((number, row, found.pop(0)))
            else:
                kept.append((number, row))
        left, free = kept, [one for some in by_name.values() for one in some]
    pairs.sort(key=lambda pair: pair[0])
    return pairs, left, sorted(free, key=lambda one: one.code)


def _key(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(row[name].strip() for name in names)


def _named(row: Row) -> str:
    return " ; ".join(
        row[name]
        for name in ("nomAttribuant", "nomBeneficiaire", "referenceDecision", "montant")
        if row[name]
    )


def _events(asked: AuditAsked) -> dict[str, list[Recorded]]:
    """By the code of each commitment, the events of which its rows are made."""
    told = asked.told(*BEARS)
    codes = {
        one.stream: one.event.code for one in told if isinstance(one.event, Commitment.Decided)
    }
    found: dict[str, list[Recorded]] = defaultdict(list)
    for one in told:
        if code := codes.get(one.stream):
            found[code].append(one)
    return found


def _sentence(lines: Sequence[AuditLine], in_file: int, in_log: int, *, is_same: bool) -> str:
    sizes = (
        f"{numbered(in_file, 'ligne')} dans le fichier, {numbered(in_log, 'ligne')} d'après le "
        "journal"
    )
    if is_same:
        return f"Le fichier publié est, à l'octet près, celui que donne le journal : {sizes}."
    if not lines:
        same = f"Le fichier publié dit la même chose que le journal : {sizes}"
        return f"{same} ; il est écrit autrement."
    return f"Le fichier publié diffère du journal : {', '.join(_counts(lines))} ; {sizes}."


def _counts(lines: Sequence[AuditLine]) -> Iterator[str]:
    counted = Counter(one.says[COLUMNS[0]] for one in lines)
    words = {
        DIFFERS: ("valeur différente", "valeurs différentes"),
        NOT_IN_LOG: ("ligne absente du journal", "lignes absentes du journal"),
        NOT_IN_FILE: ("ligne absente du fichier", "lignes absentes du fichier"),
        UNREADABLE: ("ligne illisible", "lignes illisibles"),
    }
    for said, (one, many) in words.items():
        if counted[said]:
            yield numbered(counted[said], one, many)
