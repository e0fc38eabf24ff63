"""The files of the public history: poles and dated national facts, loaded row by row."""

from collections.abc import Collection
from hashlib import sha256

from application.claim import RecordClaim
from application.command import By, Command
from application.history import (
    POLE_COLUMNS,
    TIMELINE_COLUMNS,
    ImportFile,
    ImportPole,
    ImportReport,
    claim_of_row,
    pole_of_row,
    read_evidence,
)
from domain.claim import Claim
from domain.errors import Damaged, JalonError, Unavailable
from infrastructure.event_store.failure import StoreFailed
from infrastructure.event_store.registry import Registry
from infrastructure.reference import (
    REFERENCE,
)


class ImportStopped(Unavailable):
    """The store failed in the middle of a file; what came before is recorded."""

    code = "import.stopped"
    fr = (
        "{why} Le chargement s'est arrêté à la ligne {line} ; ce qui précède est enregistré "
        "({recorded}). Relancez la même commande pour finir."
    )
    en = (
        "{why} The import stopped at line {line}; what comes before is recorded "
        "({recorded}). Run the same command again to finish."
    )

    def __init__(self, *, line: int, recorded: int, reason: JalonError) -> None:
        why = reason.details["reason"] if isinstance(reason, StoreFailed) else reason
        super().__init__(line=line, recorded=recorded, why=why)


def read_poles(data: bytes) -> ImportFile:
    """A file of poles, each row with its public evidence."""
    meanings = read_evidence(reference_file("recognitions.csv"))
    regions = _regions()
    return ImportFile.read(
        data,
        POLE_COLUMNS,
        lambda row: pole_of_row(row, meanings, regions),
        lambda command: command.name if isinstance(command, ImportPole) else "",
    )


def read_timeline(data: bytes) -> ImportFile:
    """A file of dated national facts."""
    return ImportFile.read(data, TIMELINE_COLUMNS, claim_of_row, _claim_identity)


def claims_present(registry: Registry) -> set[str]:
    """The identities of the claims on record, as rows of a file would have them."""
    return {
        "|".join((str(e.occurred_on), e.author, e.statement))
        for recorded in registry.told(Claim.Recorded)
        if isinstance(e := recorded.event, Claim.Recorded)
    }


def load(
    registry: Registry,
    kind: str,
    file: ImportFile,
    by: By,
    *,
    apply: bool,
    present: Collection[str] = (),
) -> ImportReport:
    """Execute the command of each row, once; a row that is refused stops no other.

    Args:
        present: the identities of rows that are on record already.
    """
    recorded = unchanged = events = 0
    faults = [(fault.line, fault.reason) for fault in file.faults]
    for line, identity, command in file.commands:
        if identity in present:
            unchanged += 1
            continue
        key = f"import/{kind}/{sha256(identity.encode()).hexdigest()}"
        try:
            done = registry.do(command, by, key=key if apply else None, dry_run=not apply)
        except (Unavailable, Damaged) as failure:  # no fault of this row
            if not (apply and recorded):
                raise
            raise ImportStopped(line=line, recorded=recorded, reason=failure) from None
        except JalonError as refusal:
            faults.append((line, str(refusal)))
            continue
        recorded += bool(done.events)
        unchanged += not done.events
        events += len(done.events)
    return ImportReport(
        rows=len(file.commands) + len(file.faults),
        recorded=recorded,
        unchanged=unchanged,
        events=events,
        applied=apply,
        faults=tuple(sorted(faults)),
    )


def _claim_identity(command: Command) -> str:
    if not isinstance(command, RecordClaim):
        raise TypeError(command.NAME)
    return "|".join((str(command.occurred_on), command.author, command.statement))


def _regions() -> list[str]:
    lines = (REFERENCE / "regions.csv").read_text("utf-8").splitlines()[1:]
    return [line.partition(",")[2] for line in lines]


def reference_file(name: str) -> bytes:
    """A file of the public history that ships with the product."""
    return (REFERENCE / "history" / name).read_bytes()
