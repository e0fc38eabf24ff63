"""What must hold of commitments, counted again from their events alone, without any fold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from domain.case import Moved
from domain.commitment import Commitment
from domain.condition import Condition, ConditionKind
from domain.distinct import share
from domain.dossier import Dossier
from domain.kernel import Event, Recorded
from domain.roles import Role
from domain.tranche import TranchePlan

RECORDED = (
    *(Commitment.Decided, Commitment.ConventionDrafted, Commitment.ConventionSigned),
    *(Commitment.GrantedWithoutConvention, Commitment.Amended, Commitment.SiretCorrected),
    *(Commitment.SiretConfirmed, Commitment.ConditionReported, Commitment.ConditionFound),
    *(Commitment.TrancheClaimed, Commitment.TrancheHeld, Commitment.TrancheReleased),
    *(Commitment.TrancheApproved, Commitment.TranchePaid, Commitment.TrancheCancelled),
    *(Commitment.RecoveryOrdered, Commitment.InstalmentReceived, Commitment.RecoveryWaived),
    *(Commitment.ReportReceived, Commitment.ReportAccepted, Commitment.ExpensesJustified),
    *(Commitment.FunderWithdrew, Commitment.AwardWithdrawn),
    Commitment.own(Moved),
)

ON_PAPER = Role.REGISTRAR
"""Who may enter anything for somebody else."""

SIDES: Mapping[type[Event], frozenset[Role]] = {
    Commitment.TrancheClaimed: frozenset({Role.POLE_REPRESENTATIVE, ON_PAPER}),
    Commitment.ConditionReported: frozenset({Role.POLE_REPRESENTATIVE, ON_PAPER}),
    Commitment.ReportReceived: frozenset({Role.POLE_REPRESENTATIVE, ON_PAPER}),
    Commitment.TrancheApproved: frozenset({Role.FUNDER, ON_PAPER}),
    Commitment.TranchePaid: frozenset({Role.PAYER, ON_PAPER}),
    Commitment.RecoveryOrdered: frozenset({Role.FUNDER, ON_PAPER}),
    Commitment.ConventionSigned: frozenset({Role.FUNDER, ON_PAPER}),
}
"""Whose act each is: the beneficiary's side claims and reports, the funder's approves, pays."""


def by_stream(history: Iterable[Recorded]) -> Mapping[UUID, list[Recorded]]:
    found: dict[UUID, list[Recorded]] = defaultdict(list)
    for recorded in history:
        found[recorded.stream].append(recorded)
    return found


def money_holds(history: Iterable[Recorded], envelope: int) -> None:
    """Of every commitment, on any day; and of all that is promised, beside the envelope."""
    promised = 0
    for events in by_stream(history).values():
        if isinstance(events[0].event, Commitment.Decided):
            promised += _amounts_hold(events)
            _hands_hold(events)
            _nothing_flows_when_it_may_not(events)
            _conditions_hold(events)
            _instalments_hold(events)
    assert promised <= envelope


# --- amounts ------------------------------------------------------------------------------------


def flows(events: Iterable[Recorded]) -> Iterator[tuple[date, str, int]]:
    """What was agreed, approved, paid… of a commitment, each from a day on."""
    for recorded in events:
        day, event = recorded.in_force_from, recorded.event
        match event:
            case Commitment.TrancheApproved(amount_cents=amount):
                yield day, "approved", amount
            case Commitment.TranchePaid(amount_cents=amount):
                yield day, "paid", amount
            case Commitment.TrancheCancelled(released_cents=amount):
                yield day, "approved", -amount
            case Commitment.RecoveryOrdered(amount_cents=amount):
                yield day, "ordered", amount
            case Commitment.InstalmentReceived(amount_cents=amount):
                yield day, "recovered", amount
            case Commitment.RecoveryWaived(amount_cents=amount):
                yield day, "waived", amount
            case Commitment.ExpensesJustified(amount_cents=amount):
                yield day, "justified", amount


def sums_on(events: list[Recorded], day: date) -> dict[str, int]:
    """The sums of a commitment on a day, added up from its events."""
    found = dict.fromkeys(("approved", "paid", "ordered", "recovered", "waived", "justified"), 0)
    for since, what, amount in flows(events):
        found[what] += amount if since <= day else 0
    agreed: list[tuple[date, int, int]] = []
    for recorded in events:
        match recorded.event:
            case Commitment.Decided(agreed_cents=int(amount)):
                agreed.append((recorded.in_force_from, recorded.position, amount))
            case Commitment.Amended(agreed_cents=int(amount)):
                agreed.append((recorded.in_force_from, recorded.position, amount))
    found["agreed"] = max([one for one in agreed if one[0] <= day], default=(day, 0, 0))[2]
    return found


def promises_on(events: list[Recorded], day: date) -> dict[str, int]:
    """Of what was agreed by a day: what is still promised or was paid, and what never will be."""
    found = sums_on(events, day)
    promised = found["paid"] if _is_given_up(events, day) else found["agreed"]
    return {"promised": promised, "given_up": found["agreed"] - promised}


def _is_given_up(events: Iterable[Recorded], day: date) -> bool:
    """Whether something was said by a day after which nothing more is paid of a commitment."""
    known = [recorded.event for recorded in events if recorded.in_force_from <= day]
    ends = {"abandoned", "terminated", "recovery", "closed"}
    return any(
        isinstance(event, Commitment.FunderWithdrew | Commitment.AwardWithdrawn)
        or (isinstance(event, Moved) and event.to in ends)
        for event in known
    )


def awards_hold(history: Iterable[Recorded]) -> None:
    """Nothing is done of an award once its withdrawal is recorded; another decision is needed.

    What was paid before the day from which it is withdrawn may be recorded later.
    """
    stands: dict[UUID, bool] = {}
    followers: dict[UUID, list[UUID]] = defaultdict(list)
    lost: dict[UUID, date] = {}
    agreed: dict[UUID, int] = {}
    over: set[UUID] = set()
    for recorded in sorted(history, key=lambda one: one.position):
        stream, since, event = recorded.stream, recorded.in_force_from, recorded.event
        match event:
            case Dossier.Decided(outcome=outcome):
                stands[stream] = outcome.value == "selected"
            case Dossier.AwardWithdrawn(touches=touches):
                stands[stream] = False
                losing = {one for one in followers[stream] if one not in {*lost, *over}}
                assert {one.commitment for one in touches if one.condition is None} == losing
                lost.update(dict.fromkeys(losing, since))
            case Commitment.Decided(dossier=dossier, agreed_cents=cents):
                agreed[stream] = cents or 0
                if dossier:
                    assert stands[dossier]
                    followers[dossier].append(stream)
            case Moved(to="abandoned"):
                over.add(stream)
            case Commitment.Amended(agreed_cents=int(cents)):
                assert stream not in lost or cents <= agreed[stream]
                agreed[stream] = cents
            case (
                Commitment.ConventionDrafted()
                | Commitment.ConventionSigned()
                | Commitment.GrantedWithoutConvention()
                | Commitment.TrancheClaimed()
                | Commitment.TrancheApproved()
            ):
                assert stream not in lost
            case Commitment.TranchePaid():
                assert stream not in lost or since < lost[stream]


def _amounts_hold(events: list[Recorded]) -> int:
    """Recovered + waived ≤ ordered ≤ paid ≤ approved ≤ agreed; gives what is agreed at last."""
    for day in sorted({recorded.in_force_from for recorded in events}):
        found = sums_on(events, day)
        assert 0 <= found["paid"] <= found["approved"] <= found["agreed"]
        assert found["recovered"] + found["waived"] <= found["ordered"] <= found["paid"]
        assert found["justified"] <= found["agreed"]
    references = [r.event.reference for r in events if isinstance(r.event, Commitment.TranchePaid)]
    assert len(references) == len(set(references))
    return sums_on(events, date.max)["agreed"]


# --- who ----------------------------------------------------------------------------------------


def _hands_hold(events: Iterable[Recorded]) -> None:
    """Each act by its side; and nobody has two hands in what asks for two persons."""
    claimed: dict[str, tuple[str, ...]] = {}
    approved: dict[str, tuple[str, ...]] = {}
    told: dict[object, tuple[str, ...]] = {}
    for recorded in events:
        event = recorded.event
        assert event.meta.role in SIDES.get(type(event), {event.meta.role})
        match event:
            case Commitment.TrancheClaimed(tranche=tranche, persons=persons):
                claimed[tranche] = persons
            case Commitment.TrancheApproved(tranche=tranche, persons=persons):
                assert not share(persons, claimed.get(tranche, ()))
                approved[tranche] = persons
            case Commitment.TranchePaid(tranche=tranche, persons=persons):
                assert not share(persons, (*approved[tranche], *claimed.get(tranche, ())))
            case Commitment.ConditionReported(condition=name, persons=persons):
                told[name] = persons
            case Commitment.ConditionFound(condition=name, met=True, persons=persons):
                assert not share(persons, told[name])
            case Commitment.ReportReceived(report_kind=kind, year=year, persons=persons):
                told[kind, year] = persons
            case Commitment.ReportAccepted(report_kind=kind, year=year, persons=persons):
                assert not share(persons, told[kind, year])
            case Commitment.SiretCorrected(persons=persons):
                told["siret"] = persons
            case Commitment.SiretConfirmed(persons=persons):
                assert not share(persons, told["siret"])


# --- when ---------------------------------------------------------------------------------------


def _nothing_flows_when_it_may_not(events: list[Recorded]) -> None:
    """Neither before the signature, nor while suspended, held, or of a SIRET in doubt."""
    binding = (Commitment.ConventionSigned, Commitment.GrantedWithoutConvention)
    bound = min((r.in_force_from for r in events if isinstance(r.event, binding)), default=date.max)
    for recorded in events:
        if isinstance(recorded.event, Commitment.TrancheClaimed):
            assert bound <= recorded.in_force_from
    for day, what, amount in flows(events):
        assert what == "justified" or bound <= day
        if what in ("approved", "paid") and amount > 0:
            for since, until in suspensions(events):
                assert not since < day < until
    for since, until, told_at in doubts(events):
        later = (one for one in events if one.position > told_at)  # a doubt told late stopped none
        for day, what, amount in flows(later):
            flows_out = what in ("approved", "paid") and amount > 0  # what is cancelled does not
            assert not flows_out or not since < day < until
    for tranche, since, until in holds(events):
        for recorded in events:
            event, day = recorded.event, recorded.in_force_from
            if isinstance(event, Commitment.TrancheApproved | Commitment.TranchePaid):
                assert event.tranche != tranche or not since < day < until


def suspensions(events: list[Recorded]) -> Iterator[tuple[date, date]]:
    """From the day of each suspension to that of the step that ended it."""
    steps = sorted(
        (recorded.in_force_from, recorded.position, recorded.event.to)
        for recorded in events
        if isinstance(recorded.event, Moved)
    )
    for place, (since, _, to) in enumerate(steps):
        if to == "suspended":
            yield since, steps[place + 1][0] if place + 1 < len(steps) else date.max


def doubts(events: Iterable[Recorded]) -> Iterator[tuple[date, date, int]]:
    """From the day on which a SIRET was corrected to that on which it was confirmed.

    With the place in the journal of what first said so.
    """
    since, told_at = None, 0
    for recorded in events:
        match recorded.event:
            case Commitment.SiretCorrected():
                if since is None:
                    since, told_at = recorded.in_force_from, recorded.position
            case Commitment.SiretConfirmed():
                assert since is not None
                yield since, recorded.in_force_from, told_at
                since = None
    if since is not None:
        yield since, date.max, told_at


def holds(events: Iterable[Recorded]) -> Iterator[tuple[str, date, date]]:
    """Of each tranche, from the day on which it was held to that on which it went on, or ended."""
    since: dict[str, date] = {}
    for recorded in events:
        match recorded.event:
            case Commitment.TrancheHeld(tranche=tranche):
                since[tranche] = recorded.in_force_from
            case (
                Commitment.TrancheReleased(tranche=tranche)
                | Commitment.TrancheCancelled(tranche=tranche)
            ) if tranche in since:
                yield tranche, since.pop(tranche), recorded.in_force_from
    for tranche, day in since.items():
        yield tranche, day, date.max


# --- on what ------------------------------------------------------------------------------------


def _conditions_hold(events: list[Recorded]) -> None:
    """On the day of its approval, each condition for which a tranche waits was found met."""
    for recorded in events:
        match recorded.event:
            case Commitment.TrancheApproved(tranche=tranche):
                day = recorded.in_force_from
                for condition in gates(events, tranche, day):
                    assert is_met(events, condition, day), (tranche, condition.id, day)


def gates(events: Iterable[Recorded], tranche: str, day: date) -> list[Condition]:
    """The conditions that the text of a day puts before a tranche."""
    conditions: tuple[Condition, ...] = ()
    tranches: tuple[TranchePlan, ...] = ()
    for recorded in events:
        event = recorded.event
        if recorded.in_force_from > day:
            continue
        if isinstance(event, Commitment.ConventionDrafted | Commitment.Amended):
            conditions = event.conditions or conditions
            tranches = event.tranches or tranches
    named = {name for plan in tranches if plan.id == tranche for name in plan.conditions}
    return [one for one in conditions if one.id in named or tranche in one.tranches]


def is_met(events: Iterable[Recorded], condition: Condition, day: date) -> bool:
    """Whether the last that was said of a condition by a day is that it is met."""
    if condition.kind is ConditionKind.DATE:
        return condition.not_before is not None and condition.not_before <= day
    said: list[tuple[date, int, bool]] = []
    for recorded in events:
        since, event = recorded.in_force_from, recorded.event
        match event:
            case Commitment.ConditionReported(condition=condition.id) if since <= day:
                said.append((since, recorded.position, False))
            case Commitment.ConditionFound(condition=condition.id, met=met) if since <= day:
                said.append((since, recorded.position, met))
    return max(said, default=(day, 0, False))[2]


def _instalments_hold(events: Iterable[Recorded]) -> None:
    """Instalments are what is asked back; no more comes back of a recovery, nor before it."""
    asked: dict[int, tuple[date, int]] = {}
    back: dict[int, int] = defaultdict(int)
    for recorded in events:
        day, event = recorded.in_force_from, recorded.event
        match event:
            case Commitment.RecoveryOrdered(number=number, amount_cents=amount, instalments=parts):
                assert number not in asked
                assert not parts or sum(part.amount_cents for part in parts) == amount
                asked[number] = (day, amount)
            case (
                Commitment.InstalmentReceived(number=number, amount_cents=amount)
                | Commitment.RecoveryWaived(number=number, amount_cents=amount)
            ):
                back[number] += amount
                assert asked[number][0] <= day
                assert back[number] <= asked[number][1]
