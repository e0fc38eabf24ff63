"""Was a tranche paid while the commitment was suspended (décret n° 2015-431, article 5)?

The suspensions are made again here from the steps as recorded, not read from the commitment: so
what lets payments through is checked by something else than itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from application.audit_answer import AuditAsked, AuditLine, Findings, by_stream, line, numbered
from application.audit_scope import Examined, commitments, pole_named
from domain.case import Migrated, Moved
from domain.commitment import Commitment
from domain.dates import day_in_words, paris_day
from domain.kernel import Recorded
from domain.money import euros
from domain.payment import Paid, Payments
from domain.spelling import same
from domain.tranche import SUSPENDED

COLUMNS = (
    *("Constat", "Engagement", "Pôle", "Tranche", "Référence", "Montant", "Payé le"),
    *("Enregistré le", "Suspendu du", "Suspendu jusqu'au"),
)

DURING = "payé pendant la suspension"
AFTERWARDS = "daté d'avant, enregistré pendant la suspension"
IMPORTED = "versement importé, sans tranche, pendant la suspension"
OTHERWISE_DATED = "daté autrement par le relevé importé : pendant la suspension"


@dataclass(frozen=True, slots=True)
class Suspension:
    """From the day of a step to the day of another: on that one, payments flow again."""

    begun: Recorded
    ended: Recorded | None

    @property
    def since(self) -> date:
        return self.begun.in_force_from

    @property
    def until(self) -> date | None:
        return self.ended.in_force_from if self.ended else None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def stood_at(self, position: int) -> bool:
        """Whether it was recorded, and its end was not, at a position of the journal."""
        ended = self.ended is not None and self.ended.position < position
        return self.begun.position < position and not ended

    @property
    def events(self) -> list[Recorded]:
        return [self.begun, *([self.ended] if self.ended else [])]


def suspensions(steps: Iterable[Recorded]) -> Iterator[Suspension]:
    """The suspensions that the steps of one commitment make, in the order in which they hold."""
    begun: Recorded | None = None
    for recorded in sorted(steps, key=lambda one: (one.in_force_from, one.position)):
        event = recorded.event
        if isinstance(event, Moved):
            to = event.to
        elif isinstance(event, Migrated) and event.came_from is not None:
            to = event.state
        else:
            continue
        if to == SUSPENDED:
            begun = begun or recorded
        elif begun:
            yield Suspension(begun, recorded)
            begun = None
    if begun:
        yield Suspension(begun, None)


Held = Mapping[UUID, Sequence[Suspension]]
"""The suspensions of each commitment that is examined."""


def paid_while_suspended(asked: AuditAsked) -> Findings:
    """Every payment on a day of a suspension, and those recorded while one stood."""
    examined = commitments(asked)
    steps = by_stream(asked.told(Commitment.own(Moved), Commitment.own(Migrated)))
    held = {id_: list(suspensions(steps.get(id_, ()))) for id_ in examined}
    paid = [one for one in asked.told(Commitment.TranchePaid) if one.stream in examined]
    rows = [
        _line(asked, said, examined[one.stream], suspension, one, _of_tranche(one))
        for one in paid
        for said, suspension in _findings(one, held[one.stream])
    ]
    imported = list(_imported(asked, examined, held))
    rows += [
        _line(asked, said, examined[id_], suspension, one, _of_file(row))
        for said, id_, suspension, one, row in imported
    ]
    wrong = any(one.says[COLUMNS[0]] != AFTERWARDS for one in rows)
    return Findings(rows, _sentence(rows, held, len(paid)), holds=not wrong)


def _findings(paid: Recorded, held: Iterable[Suspension]) -> Iterator[tuple[str, Suspension]]:
    for suspension in held:
        if suspension.covers(paid.in_force_from):
            yield DURING, suspension
        elif suspension.stood_at(paid.position):
            yield AFTERWARDS, suspension


def _imported(
    asked: AuditAsked, examined: Mapping[UUID, Examined], held: Held
) -> Iterator[tuple[str, UUID, Suspension, Recorded, Paid]]:
    """What files of funders say was paid to a beneficiary on a day of a suspension.

    Either no tranche has that payment, or the tranche that has it dates it otherwise.
    """
    recorded = asked.told(Commitment.TranchePaid)
    known = {same(_paid(one).reference): one for one in recorded}
    funded = {id_: asked.world.load(Commitment, id_, asked.moment.known) for id_ in examined}
    suspended = {id_: one for id_, one in funded.items() if one and held[id_]}
    for one in asked.told(Payments.Imported):
        rows = one.event.rows if isinstance(one.event, Payments.Imported) else ()
        for row in (row for row in rows if row.paid_on <= asked.moment.in_force):
            tranche = known.get(row.key)
            for id_, commitment in suspended.items():
                if tranche and tranche.stream != id_:
                    continue  # it pays another commitment
                if not tranche and not row.is_to(commitment.beneficiary_on(row.paid_on)):
                    continue
                for suspension in held[id_]:
                    if not suspension.covers(row.paid_on):
                        continue
                    if tranche is None:
                        yield IMPORTED, id_, suspension, one, row
                    elif not suspension.covers(tranche.in_force_from):
                        yield OTHERWISE_DATED, id_, suspension, one, row


def _line(
    asked: AuditAsked,
    said: str,
    begun: Examined,
    suspension: Suspension,
    paid: Recorded,
    of: tuple[str, str, int, date],
) -> AuditLine:
    tranche, reference, cents, day = of
    until = day_in_words(suspension.until) if suspension.until else "toujours en cours"
    cells = [
        *(said, begun.code, pole_named(asked, begun.pole), tranche, reference),
        *(euros(cents), day_in_words(day), day_in_words(paris_day(paid.recorded_at))),
        *(day_in_words(suspension.since), until),
    ]
    return line(COLUMNS, cells, [begun.recorded, *suspension.events, paid])


def _of_tranche(recorded: Recorded) -> tuple[str, str, int, date]:
    paid = _paid(recorded)
    return paid.tranche, paid.reference, paid.amount_cents, recorded.in_force_from


def _of_file(row: Paid) -> tuple[str, str, int, date]:
    return "", row.reference, row.amount_cents, row.paid_on


def _paid(recorded: Recorded) -> Commitment.TranchePaid:
    if not isinstance(recorded.event, Commitment.TranchePaid):
        raise TypeError(recorded)
    return recorded.event


def _sentence(rows: Sequence[AuditLine], held: Held, paid: int) -> str:
    spans = sum(len(known) for known in held.values())
    examined = (
        f"sur {numbered(len(held), 'engagement financier examiné')}, "
        f"{numbered(spans, 'suspension')} et {numbered(paid, 'versement')}"
    )
    found = Counter(one.says[COLUMNS[0]] for one in rows)
    if not found[DURING] + found[IMPORTED] + found[OTHERWISE_DATED]:
        late = numbered(found[AFTERWARDS], "autre, daté d'avant", "autres, datés d'avant")
        beside = f" ; {late} mais enregistré pendant"
        return f"Aucun versement pendant une suspension, {examined}" + beside * bool(rows) + "."
    told = ", ".join(f"{number} {said}" for said, number in sorted(found.items()))
    return f"{numbered(len(rows), 'constat')}, {examined} : {told}."
