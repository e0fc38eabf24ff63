"""Commitments with their sums, their tranches and their conditions, from the day of each fact."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from typing_extensions import override

from application.commitment_list import STATES, CommitmentListed
from application.condition import ConditionListed, need_in_words
from application.tranche import TrancheListed
from domain.case import Migrated, Moved
from domain.commitment import Commitment, UnknownCommitment
from domain.condition import Condition, ConditionKind, ConditionStanding
from domain.kernel import Event, Recorded
from domain.tranche import TranchePlan, TrancheStanding, line_of
from infrastructure.read_models.accompaniment import add
from infrastructure.read_models.case import CaseModel
from infrastructure.read_models.intervals import supersede
from infrastructure.read_models.lists import find_named
from infrastructure.read_models.table import ListModel, resting_on


class CommitmentModel(CaseModel, name="commitment", line=CommitmentListed, stages=STATES):
    """Follows commitments through their journey; every amount is the sum of its events."""

    events: tuple[type[Event], ...] = (
        Commitment.Decided,
        Commitment.ConventionDrafted,
        Commitment.ConventionSigned,
        Commitment.Amended,
        Commitment.BeneficiaryReplaced,
        Commitment.SiretCorrected,
        Commitment.TrancheApproved,
        Commitment.TranchePaid,
        Commitment.TrancheCancelled,
        Commitment.ExpensesJustified,
        Commitment.RecoveryOrdered,
        Commitment.InstalmentReceived,
        Commitment.RecoveryWaived,
        Commitment.AwardWithdrawn,
        Commitment.own(Moved),
        Commitment.own(Migrated),
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Commitment.Decided() as decided:
                self._decided(tx, recorded, decided)
            case Commitment.ConventionDrafted(reference=reference, ends_on=ends):
                self.change(tx, recorded, reference=reference, ends_on=ends)
            case Commitment.ConventionSigned():
                self.change(tx, recorded, signed_on=recorded.in_force_from)
            case Commitment.Amended(agreed_cents=agreed, ends_on=ends):
                told: dict[str, Any] = {"agreed_cents": agreed, "ends_on": ends}
                if said := {name: value for name, value in told.items() if value}:
                    self.change(tx, recorded, **said)
            case Commitment.BeneficiaryReplaced(beneficiary=who):
                self.change(tx, recorded, beneficiary=who.name, beneficiary_siret=who.siret)
            case Commitment.SiretCorrected(siret=siret):
                self.change(tx, recorded, beneficiary_siret=siret)
            case Commitment.TrancheApproved(amount_cents=cents):
                add(self, tx, recorded, approved_cents=cents)
            case Commitment.TranchePaid(amount_cents=cents):
                add(self, tx, recorded, paid_cents=cents)
            case Commitment.TrancheCancelled(released_cents=cents):
                if cents:
                    add(self, tx, recorded, approved_cents=-cents)
            case Commitment.ExpensesJustified(amount_cents=cents):
                add(self, tx, recorded, justified_cents=cents)
            case Commitment.RecoveryOrdered(amount_cents=cents):
                add(self, tx, recorded, ordered_cents=cents)
            case Commitment.InstalmentReceived(amount_cents=cents):
                add(self, tx, recorded, recovered_cents=cents)
            case Commitment.RecoveryWaived(amount_cents=cents):
                add(self, tx, recorded, waived_cents=cents)
            case Commitment.AwardWithdrawn():
                self.change(tx, recorded, award_withdrawn_on=recorded.in_force_from)
            case _:
                self.follow(tx, recorded)

    def _decided(self, tx: sa.Connection, recorded: Recorded, decided: Commitment.Decided) -> None:
        self.begin(
            tx,
            recorded,
            pole=decided.pole,
            code=decided.code,
            object=decided.object,
            funder=decided.funder.name,
            funder_siret=decided.funder.siret,
            beneficiary=decided.beneficiary.name,
            beneficiary_siret=decided.beneficiary.siret,
            project=decided.project,
            dossier=decided.dossier,
            support_kind=decided.support_kind,
            regime=decided.regime,
            granted_on=decided.granted_on,
            **self.followed(recorded, decided.journey),
            agreed_cents=decided.agreed_cents or 0,
            value_cents=decided.value_cents or 0,
            **dict.fromkeys(SUMS, 0),
            **self.entered(recorded, decided.stage),
        )


SUMS = (
    "approved_cents",
    "paid_cents",
    "justified_cents",
    "ordered_cents",
    "recovered_cents",
    "waived_cents",
)


def _parent(tx: sa.Connection, commitment: UUID) -> dict[str, Any]:
    """What the parts of a commitment say of it; it was decided before they were named."""
    table = CommitmentModel.table
    found = sa.select(table.c.pole, table.c.code).where(
        table.c.id == str(commitment), table.c.known_until.is_(None)
    )
    row = tx.execute(found.limit(1)).mappings().one()
    return {"pole": row["pole"], "commitment": commitment, "commitment_code": row["code"]}


def _known(tx: sa.Connection, table: sa.Table, commitment: UUID) -> set[str]:
    """The parts of a commitment that have lines, by their codes."""
    query = sa.select(table.c.code).where(
        table.c.commitment == str(commitment), table.c.known_until.is_(None)
    )
    return set(tx.scalars(query))


class TrancheModel(ListModel, name="tranche", line=TrancheListed):
    """Follows each tranche from the convention that schedules it to its payment."""

    events: tuple[type[Event], ...] = (
        Commitment.ConventionDrafted,
        Commitment.GrantedWithoutConvention,
        Commitment.Amended,
        Commitment.SiretCorrected,
        Commitment.SiretConfirmed,
        Commitment.TrancheClaimed,
        Commitment.TrancheHeld,
        Commitment.TrancheReleased,
        Commitment.TrancheApproved,
        Commitment.TranchePaid,
        Commitment.TrancheCancelled,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Commitment.ConventionDrafted(tranches=tranches):
                self._schedule(tx, recorded, tranches, standing=TrancheStanding.SCHEDULED)
            case Commitment.GrantedWithoutConvention(tranche=tranche):
                self._schedule(tx, recorded, (tranche,) if tranche else ())
            case Commitment.Amended(tranches=tranches):
                if tranches:
                    self._schedule(tx, recorded, tranches)
            case Commitment.SiretCorrected(held=held, reasons=reasons):
                for name in held:
                    self._stands(tx, recorded, name, TrancheStanding.HELD, reasons=reasons)
            case Commitment.SiretConfirmed(released=released):
                for name, standing in released.items():
                    self._stands(tx, recorded, name, standing, reasons=None)
            case _:
                self._act(tx, recorded)

    def _act(self, tx: sa.Connection, recorded: Recorded) -> None:
        standing = TrancheStanding
        match recorded.event:
            case Commitment.TrancheClaimed(tranche=name, amount_cents=cents):
                self._stands(tx, recorded, name, standing.CLAIMED, claimed_cents=cents)
            case Commitment.TrancheHeld(tranche=name, reasons=reasons):
                self._stands(tx, recorded, name, standing.HELD, reasons=reasons)
            case Commitment.TrancheReleased(tranche=name, standing=to):
                self._stands(tx, recorded, name, to, reasons=None)
            case Commitment.TrancheApproved(tranche=name, amount_cents=cents):
                self._stands(tx, recorded, name, standing.APPROVED, approved_cents=cents)
            case Commitment.TranchePaid(
                tranche=name, amount_cents=cents, reference=reference, is_whole=is_whole
            ):
                to = standing.PAID if is_whole else standing.APPROVED
                paid = _more("paid_cents", cents)
                self._stands(tx, recorded, name, to, paid_cents=paid, reference=reference)
            case Commitment.TrancheCancelled(
                tranche=name, released_cents=cents, standing=to, reasons=reasons
            ):
                left = _more("approved_cents", -cents)
                self._stands(tx, recorded, name, to, approved_cents=left, reasons=reasons)

    def _schedule(
        self, tx: sa.Connection, recorded: Recorded, tranches: Iterable[TranchePlan], **also: Any
    ) -> None:
        parent, known = _parent(tx, recorded.stream), _known(tx, self.table, recorded.stream)
        planned = {plan.id: plan for plan in tranches}
        for place, (name, plan) in enumerate(planned.items(), start=1):
            told: dict[str, Any] = {
                "place": place,
                "title": plan.title,
                "tranche_kind": plan.kind,
                "planned_cents": plan.amount_cents,
                "due_on": plan.due_on,
            }
            line = line_of(recorded.stream, name)
            if name in known:
                self.change(tx, recorded, line, **told, **also)
                continue
            nothing = dict.fromkeys(("claimed_cents", "approved_cents", "paid_cents"), 0)
            begun = {"standing": TrancheStanding.SCHEDULED, "code": name, **parent, **nothing}
            self.begin(tx, recorded, id=line, **begun, **told)
        for name in known - planned.keys():
            self.change(
                tx, recorded, line_of(recorded.stream, name), standing=TrancheStanding.CANCELLED
            )

    def _stands(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        name: str,
        standing: TrancheStanding,
        **told: Any,
    ) -> None:
        """Say where a tranche stands from a day on, with what is new of it."""
        day = recorded.in_force_from
        changes = {"standing": standing.value, "standing_on": day, **told}
        supersede(
            tx,
            self.table,
            self.table.c.id == str(line_of(recorded.stream, name)),
            at=recorded.position,
            valid_from=day,
            fact=str(recorded.event.meta.event_id),
            later_facts=resting_on(recorded, changes),
            **changes,
        )


def _more(column: str, cents: int) -> Callable[[Mapping[str, Any]], int]:
    """What a sum is once something is added to it."""
    return lambda row: int(row[column]) + cents


class ConditionModel(ListModel, name="condition", line=ConditionListed):
    """Follows each condition from the convention that names it."""

    events: tuple[type[Event], ...] = (
        Commitment.ConventionDrafted,
        Commitment.Amended,
        Commitment.ConditionReported,
        Commitment.ConditionFound,
    )

    @override
    def apply(self, tx: sa.Connection, recorded: Recorded) -> None:
        match recorded.event:
            case Commitment.ConventionDrafted(conditions=conditions, tranches=tranches):
                self._name(tx, recorded, conditions, _titles(tranches))
            case Commitment.Amended(conditions=conditions, tranches=tranches):
                if conditions:
                    self._name(tx, recorded, conditions, _titles(tranches))
                elif tranches:
                    self._call(tx, recorded, _titles(tranches))
            case Commitment.ConditionReported(condition=name):
                self._stands(tx, recorded, name, ConditionStanding.REPORTED, None)
            case Commitment.ConditionFound(condition=name, met=met, reasons=reasons):
                standing = ConditionStanding.MET if met else ConditionStanding.NOT_MET
                self._stands(tx, recorded, name, standing, reasons)

    def _stands(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        name: str,
        standing: ConditionStanding,
        reasons: str | None,
    ) -> None:
        day, line = recorded.in_force_from, line_of(recorded.stream, f"condition {name}")
        told: dict[str, Any] = {
            "standing": standing,
            "standing_on": day,
            "reasons": reasons,
        }
        self.change(tx, recorded, line, **told)

    def _call(self, tx: sa.Connection, recorded: Recorded, titles: str) -> None:
        """Say what the tranches are called from now on."""
        for name in self._present(tx, recorded.stream):
            line = line_of(recorded.stream, f"condition {name}")
            self.change(tx, recorded, line, tranche_titles=titles)

    def _name(
        self,
        tx: sa.Connection,
        recorded: Recorded,
        conditions: Iterable[Condition],
        titles: str,
    ) -> None:
        parent, named = _parent(tx, recorded.stream), {one.id: one for one in conditions}
        present = self._present(tx, recorded.stream)
        # An amendment that leaves the tranches as they were leaves them their titles.
        called = titles or next((told["tranche_titles"] for told in present.values()), "{}")
        for name in present.keys() - named.keys():
            self.cease(tx, recorded, line_of(recorded.stream, f"condition {name}"))
        for name, one in named.items():
            line, needs = line_of(recorded.stream, f"condition {name}"), need_in_words(one)
            said: dict[str, Any] = {"title": one.title, "tranches": one.tranches, "due": one.due}
            said["tranche_titles"] = called
            before = present.get(name)
            if before and (before["condition_kind"], before["needs"]) == (one.kind.value, needs):
                self.change(tx, recorded, line, **said)
                continue
            told = {"condition_kind": one.kind, "needs": needs, "code": name, **said}
            blank = {"standing": ConditionStanding.PENDING, "standing_on": None, "reasons": None}
            self.begin(tx, recorded, id=line, **parent, **told, **blank)
            if one.kind is ConditionKind.DATE and one.not_before:
                self._come(tx, recorded, line, one.not_before)

    def _come(self, tx: sa.Connection, recorded: Recorded, line: UUID, on: date) -> None:
        """A date is met by itself, from its day on."""
        changes: dict[str, Any] = {"standing": ConditionStanding.MET.value, "standing_on": on}
        supersede(
            tx,
            self.table,
            self.table.c.id == str(line),
            at=recorded.position,
            valid_from=max(on, recorded.in_force_from),
            **changes,
        )

    def _present(self, tx: sa.Connection, commitment: UUID) -> dict[str, sa.RowMapping]:
        """The conditions that the convention names so far: by code, their kind and their need."""
        table = self.table
        query = sa.select(
            table.c.code, table.c.condition_kind, table.c.needs, table.c.tranche_titles
        ).where(
            table.c.commitment == str(commitment),
            table.c.known_until.is_(None),
            table.c.valid_until.is_(None),
        )
        return {row["code"]: row for row in tx.execute(query).mappings()}


def _titles(tranches: Iterable[TranchePlan]) -> str:
    """What tranches are called, by their codes; empty where there are none."""
    titles = {plan.id: plan.title for plan in tranches}
    return json.dumps(titles, ensure_ascii=False, sort_keys=True) if titles else ""


def find_commitment(engine: sa.Engine, name: str) -> UUID:
    """The commitment of an identity or a code, as it is known now."""
    found = find_named(engine, CommitmentModel.table, name)
    if found is None:
        raise UnknownCommitment(name=name[:80])
    return found
