"""The ledger: what was promised, what holds, what was paid, justified, is due, is late.

Every amount is a sum of cents that events tell: nothing is kept apart, so that it cannot differ.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import Field

from application.commitment_award import (
    is_flowing,
    is_given_up,
    is_never_given,
    standing_promise,
)
from application.world import Moment, World
from domain.call import Call
from domain.commitment import Commitment, SupportKind
from domain.condition import ConditionState
from domain.dates import days_after
from domain.dossier import Dossier
from domain.organisation import Organisation
from domain.pole import Pole
from domain.spelling import same
from domain.tranche import FLOWING, SUSPENDED, TrancheStanding, TrancheState
from domain.values import Frozen
from domain.words import called

# --- amounts ------------------------------------------------------------------------------------


class Amounts(Frozen):
    """Amounts in cents, and how many conditions hold. Of several commitments: their sums."""

    promised_cents: int = Field(0, title="Promis")
    """Money that is still promised, or was paid of what is promised no more; as amended since, and
    never what is given in kind."""
    given_up_cents: int = Field(0, title="Plus promis")
    """What was agreed and will never be paid: of what is abandoned, terminated or closed, of a
    funder or an award that was withdrawn. With what is promised, it is what was agreed."""
    in_kind_cents: int = Field(0, title="En nature")
    """What is given in kind is worth that much, where it was valued; nothing once it is sure that
    it never will be given."""
    conditions: int = Field(0, title="Conditions")
    conditions_held: int = Field(0, title="Conditions remplies")
    conditions_late: int = Field(0, title="Conditions en retard")
    approved_cents: int = Field(0, title="Approuvé")
    paid_cents: int = Field(0, title="Payé")
    justified_cents: int = Field(0, title="Justifié")
    due_cents: int = Field(0, title="À payer")
    """Approved and not paid, that nothing keeps back."""
    held_cents: int = Field(0, title="En suspens")
    """Approved and not paid, and kept back: a tranche is held, a SIRET is to be confirmed, the
    commitment is suspended or over, or the award that it follows is withdrawn."""
    late_cents: int = Field(0, title="En retard")
    """Of the tranches whose planned day is over, what is neither paid, cancelled nor held; nothing
    before the convention is signed, nor while the commitment is suspended."""
    to_come_cents: int = Field(0, title="À venir")
    """What the tranches that are neither paid nor cancelled may still bring."""
    ordered_cents: int = Field(0, title="Réclamé")
    """What was asked back."""
    recovered_cents: int = Field(0, title="Reversé")
    waived_cents: int = Field(0, title="Remis")
    """What the funder gave up of what it had asked back."""
    to_recover_cents: int = Field(0, title="Reste à reverser")
    """Asked back, and neither come back nor given up."""
    overdue_cents: int = Field(0, title="Reversement en retard")
    """Of what was asked back, what should have come by the day before."""


FIGURES = tuple(Amounts.model_fields)


def amounts_on(commitment: Commitment, day: date) -> Amounts:
    """What a commitment comes to on a day."""
    conditions = commitment.conditions_on(day).values()
    in_kind = commitment.support_kind is SupportKind.IN_KIND and not is_never_given(commitment, day)
    agreed, promised = commitment.agreed_on(day), standing_promise(commitment, day)
    approved, paid = commitment.approved_on(day), commitment.paid_on(day)
    due = sum(left_of(state) for state in due_tranches(commitment, day))
    ordered, recovered = commitment.ordered_on(day), commitment.recovered_on(day)
    waived = commitment.waived_on(day)
    return Amounts(
        promised_cents=promised,
        given_up_cents=agreed - promised,
        in_kind_cents=commitment.value_cents if in_kind else 0,
        conditions=len(conditions),
        conditions_held=sum(state.is_met for state in conditions),
        conditions_late=sum(is_late(commitment, state, day) for state in conditions),
        approved_cents=approved,
        paid_cents=paid,
        justified_cents=commitment.justified_on(day),
        due_cents=due,
        held_cents=approved - paid - due,
        late_cents=sum(left_of(state) for state in late_tranches(commitment, day)),
        to_come_cents=_to_come(commitment, day),
        ordered_cents=ordered,
        recovered_cents=recovered,
        waived_cents=waived,
        to_recover_cents=ordered - recovered - waived,
        overdue_cents=sum(one.overdue_on(day) for one in commitment.recoveries_on(day).values()),
    )


def left_of(state: TrancheState) -> int:
    """What a tranche may still bring: what was approved of it, else claimed, else planned."""
    whole = state.approved_cents or state.claimed_cents or state.plan.amount_cents
    return whole - state.paid_cents


def due_tranches(commitment: Commitment, day: date) -> Iterator[TrancheState]:
    """The tranches that stand approved, as long as they may be paid."""
    return (s for s in _payable(commitment, day) if s.standing is TrancheStanding.APPROVED)


def late_tranches(commitment: Commitment, day: date) -> Iterator[TrancheState]:
    """The tranches that should have been paid before a day, by the dates of the convention."""
    for state in _payable(commitment, day):
        if state.plan.due_on is not None and state.plan.due_on < day:
            yield state


def is_late(commitment: Commitment, condition: ConditionState, day: date) -> bool:
    """Whether a condition is late on a day, of a convention that binds and is not over.

    One for which only cancelled tranches waited is not: nothing depends on it any more (product
    rule), and so it is once the award that it follows is withdrawn. One for which no tranche ever
    waited is, for it binds by itself.
    """
    binds = commitment.state_on(day) in {*FLOWING, SUSPENDED}
    binds = binds and not commitment.has_lost_its_award(day)
    return (
        binds and condition.is_late_on(day) and not _gates_nothing_left(commitment, condition, day)
    )


def _gates_nothing_left(commitment: Commitment, condition: ConditionState, day: date) -> bool:
    named = condition.condition
    waited = [
        state.standing
        for id_, state in commitment.tranches_on(day).items()
        if id_ in named.tranches or named.id in state.plan.conditions
    ]
    return bool(waited) and all(standing is TrancheStanding.CANCELLED for standing in waited)


def _payable(commitment: Commitment, day: date) -> Iterator[TrancheState]:
    """The open tranches that nothing said keeps back: a suspension, or the reason of a hold."""
    if is_flowing(commitment, day):
        for state in commitment.tranches_on(day).values():
            if state.is_open and state.standing is not TrancheStanding.HELD:
                yield state


def _living(commitment: Commitment, day: date) -> Iterator[TrancheState]:
    """The tranches that are neither paid nor cancelled; none once nothing more is paid."""
    if not is_given_up(commitment, day):
        yield from (state for state in commitment.tranches_on(day).values() if state.is_open)


def _to_come(commitment: Commitment, day: date) -> int:
    if not is_given_up(commitment, day) and not commitment.tranches_on(day):
        return commitment.agreed_on(day)  # decided, and not scheduled yet
    return sum(left_of(state) for state in _living(commitment, day))


def total(several: Iterable[Amounts]) -> Amounts:
    """The sums of several."""
    sums = dict.fromkeys(FIGURES, 0)
    for one in several:
        for name in FIGURES:
            sums[name] += getattr(one, name)
    return Amounts(**sums)


# --- the ledger ---------------------------------------------------------------------------------


class LedgerLine(Amounts):
    """One commitment as it stands."""

    commitment: UUID
    code: str = Field(title="Engagement financier")
    object: str = Field(title="Objet")
    stage: str
    stage_title: str = Field(title="Étape")
    withdrawn_on: date | None = Field(None, title="Financeur retiré le")
    award_withdrawn_on: date | None = Field(None, title="Soutien retiré le")
    """From when on the award that it follows is withdrawn: nothing more is paid of it."""
    siret_in_doubt_since: date | None = Field(None, title="SIRET mis en doute depuis")
    """From when on the beneficiary's SIRET, told anew, waits to be confirmed."""
    paid_in_doubt_cents: int = 0
    """What was paid from that day on, before it was known."""
    granted_on: date = Field(title="Accordé le")
    funder: str = Field(title="Financeur")
    funder_siren: str | None = None
    beneficiary: str = Field(title="Bénéficiaire")
    pole: UUID
    pole_code: str
    pole_name: str = Field(title="Pôle")
    call: UUID | None = None
    call_code: str | None = Field(None, title="Appel")
    call_title: str | None = None


class LedgerGroup(Amounts):
    """What one funder, one pole or one call comes to."""

    name: str
    """The one by which it was last called."""
    also: tuple[str, ...] = ()
    """Other names under which the same one was recorded."""
    key: str
    """What it is asked for by: a SIREN or a name, a code."""
    lines: int


class Ledger(Frozen):
    """Lines, and what they come to: altogether, by funder, by pole, by call."""

    in_force: date
    lines: tuple[LedgerLine, ...]
    totals: Amounts
    by_funder: tuple[LedgerGroup, ...]
    by_pole: tuple[LedgerGroup, ...]
    by_call: tuple[LedgerGroup, ...]
    """Those that follow no call are together, under no name."""


@dataclass(frozen=True, slots=True)
class LinesChosen:
    """Which commitments are asked about; all of them unless said."""

    funder: str | None = None
    """A name, a SIREN or a SIRET."""
    pole: UUID | None = None
    call: UUID | None = None

    def keeps(self, line: LedgerLine) -> bool:
        """Whether a line is asked about."""
        return (
            (self.funder is None or _is_funder(line, self.funder))
            and self.pole in (None, line.pole)
            and self.call in (None, line.call)
        )


EVERYTHING = LinesChosen()


def _is_funder(line: LedgerLine, asked: str) -> bool:
    compact = "".join(asked.split())
    if compact.isdigit() and len(compact) in (9, 14):
        return line.funder_siren == compact[:9]
    return same(asked) == same(line.funder)


def ledger_of(lines: Iterable[LedgerLine], day: date) -> Ledger:
    """The ledger of some lines."""
    kept = tuple(sorted(lines, key=lambda line: (line.pole_name, line.granted_on, line.code)))
    return Ledger(
        in_force=day,
        lines=kept,
        totals=total(kept),
        by_funder=_groups(kept, _funder_key),
        by_pole=_groups(kept, lambda line: (line.pole_code, line.pole_name)),
        by_call=_groups(kept, lambda line: (line.call_code or "", line.call_title or "")),
    )


def _funder_key(line: LedgerLine) -> tuple[str, str]:
    """A funder is its legal unit, whatever its establishment and how its name was written."""
    return line.funder_siren or same(line.funder), line.funder


def _groups(
    lines: Iterable[LedgerLine], named: Callable[[LedgerLine], tuple[str, str]]
) -> tuple[LedgerGroup, ...]:
    found: dict[str, list[LedgerLine]] = {}
    names: dict[str, dict[str, str]] = {}
    for line in sorted(lines, key=lambda line: (line.granted_on, line.code), reverse=True):
        key, name = named(line)
        found.setdefault(key, []).append(line)
        names.setdefault(key, {}).setdefault(same(name), name)
    groups = (
        LedgerGroup(name=name, also=tuple(also), key=key, lines=len(of), **dict(total(of)))
        for key, of in found.items()
        for name, *also in [names[key].values()]
    )
    return tuple(sorted(groups, key=lambda group: (same(group.name), group.key)))


# --- asked of the registry ----------------------------------------------------------------------


def ledger(world: World, moment: Moment, chosen: LinesChosen = EVERYTHING) -> Ledger:
    """The ledger as it was known then, of the day asked about."""
    lines = (line for _, line in lines_at(world, moment) if chosen.keeps(line))
    return ledger_of(lines, moment.in_force)


def lines_at(world: World, moment: Moment) -> Iterator[tuple[Commitment, LedgerLine]]:
    """Every commitment that had begun by the day, with its line."""
    context = _Context(world, moment)
    for commitment in commitments_at(world, moment):
        yield commitment, context.line(commitment)


def commitments_at(world: World, moment: Moment) -> Iterator[Commitment]:
    """Every commitment, as it was known then, that had begun by the day."""
    for recorded in world.told(Commitment.Decided, until=moment.known):
        found = world.load(Commitment, recorded.stream, moment.known)
        if found and found.state_on(moment.in_force) is not None:
            yield found


def call_of(world: World, dossier: UUID | None, known: int) -> Call | None:
    """The call to which a dossier answers."""
    found = world.load(Dossier, dossier, known) if dossier else None
    return world.load(Call, found.call, known) if found else None


class _Context:
    """What lines say of poles and calls, each read once."""

    def __init__(self, world: World, moment: Moment) -> None:
        self._world = world
        self._moment = moment
        self._poles: dict[UUID, tuple[str, str]] = {}
        self._calls: dict[UUID | None, Call | None] = {}

    def line(self, commitment: Commitment) -> LedgerLine:
        day = self._moment.in_force
        code, name = self._pole(commitment.pole)
        call = self._call(commitment.dossier)
        return line_of(
            commitment,
            day,
            stage_title=self._stage(commitment, day),
            pole_code=code,
            pole_name=name,
            call=call.id if call else None,
            call_code=call.code if call else None,
            call_title=call.title if call else None,
        )

    def _stage(self, commitment: Commitment, day: date) -> str:
        stage, ref = commitment.state_on(day), commitment.journey_on(day)
        if stage is None or ref is None:
            return ""
        return called(self._world.compiled(ref).journey.state[stage].title, stage).fr

    def _pole(self, id_: UUID) -> tuple[str, str]:
        if id_ not in self._poles:
            pole = self._world.load(Pole, id_, self._moment.known)
            named = (pole.code, pole.name_on(self._moment.in_force)) if pole else ("", "")
            self._poles[id_] = named
        return self._poles[id_]

    def _call(self, dossier: UUID | None) -> Call | None:
        if dossier not in self._calls:
            self._calls[dossier] = call_of(self._world, dossier, self._moment.known)
        return self._calls[dossier]


def _by(since: date | None, day: date) -> date | None:
    return since if since and since <= day else None


def line_of(
    commitment: Commitment,
    day: date,
    *,
    stage_title: str = "",
    pole_code: str,
    pole_name: str,
    call: UUID | None = None,
    call_code: str | None = None,
    call_title: str | None = None,
) -> LedgerLine:
    """The line of a commitment on a day."""
    funder: Organisation = commitment.funder
    doubt = commitment.siret_in_doubt_on(day)
    before = commitment.paid_on(days_after(doubt, -1)) if doubt else 0
    return LedgerLine(
        commitment=commitment.id,
        code=commitment.code,
        object=commitment.object,
        stage=commitment.state_on(day) or "",
        stage_title=stage_title,
        withdrawn_on=_by(commitment.withdrawn_on, day),
        award_withdrawn_on=_by(commitment.award_withdrawn_on, day),
        siret_in_doubt_since=doubt,
        paid_in_doubt_cents=commitment.paid_on(day) - before if doubt else 0,
        granted_on=commitment.granted_on,
        funder=funder.name,
        funder_siren=funder.siren,
        beneficiary=commitment.beneficiary_on(day).name,
        pole=commitment.pole,
        pole_code=pole_code,
        pole_name=pole_name,
        call=call,
        call_code=call_code,
        call_title=call_title,
        **dict(amounts_on(commitment, day)),
    )
