"""A season whose acts are dropped, repeated, swapped, done by others or for other amounts.

Whatever is accepted of it, what must hold holds: it is counted again here, from the events alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.commitment import COMMITMENTS
from application.scenario import Deed, Scenario, _Telling
from domain.case import Moved
from domain.commitment import Commitment
from domain.dates import paris_day
from domain.distinct import share
from domain.dossier import Dossier
from domain.errors import JalonError
from domain.kernel import Recorded
from domain.session import Session
from infrastructure.reference import REFERENCE, demonstration
from interfaces.wiring import Product, Settings
from tests.examples import settings
from tests.make import Clock, begin

TOLD = datetime(2028, 3, 1, 10, 0, tzinfo=UTC)
KEPT = ("01", "04", "12", "21", "24", "25", "36", "37", "38")
"""The dossiers of a small season: retained, in reserve, with a recusal, with a tie, not heard."""

AMOUNT = {"amount", "requested"}


def small_season() -> list[dict[str, Any]]:
    """The deeds of the season of the demonstration that concern some of its dossiers."""
    told = yaml.safe_load((REFERENCE / "demonstration" / "season.yaml").read_text("utf-8"))
    tables = told["tables"]
    for name in ("dossiers", "votes", "awards"):
        tables[name] = [row for row in tables[name] if row["n"] in KEPT]
    carrying = {row["p"] for row in tables["dossiers"]}
    tables["poles"] = [row for row in tables["poles"] if row["p"] in carrying]
    for deed in told["deeds"]:
        _leave_out(deed.get("with", {}))
    deeds = Scenario.model_validate(told).model_dump(by_alias=True, mode="json")["deeds"]
    known = {*TEXTS}
    kept = []
    for deed in deeds:
        named = re.findall(r"\$([a-z]+\d+)", str(deed["with"]))
        if all(name in known for name in named):
            kept.append(deed)
            known |= {deed["as"]} if deed["as"] else set()
    return kept


def _leave_out(given: dict[str, Any]) -> None:
    """Take the other dossiers out of the lists of a deed."""
    for name, value in given.items():
        if isinstance(value, list) and value and re.fullmatch(r"\$d\d\d", str(value[0])):
            stays = [place for place, one in enumerate(value) if one[2:] in KEPT]
            given[name] = [value[place] for place in stays]
            if name == "order":
                given["reasons"] = [given["reasons"][place] for place in stays]


TEXTS = demonstration()[1]
SEASON = small_season()
PERSONS = ("financeur", "comptable", "pole-01", "presidence", "secretariat", "caisse")


def shaken(shakes: Iterable[tuple[str, int, int]]) -> list[dict[str, Any]]:
    """The season, shaken: each says how, where, and how far or whom or how much."""
    deeds = list(SEASON)
    for how, where, much in shakes:
        at = where % len(deeds)
        match how:
            case "drop":
                del deeds[at]
            case "repeat":
                deeds.insert(min(at + much % 40, len(deeds)), deeds[at])
            case "move":
                deeds.insert(min(at + much % 60, len(deeds) - 1), deeds.pop(at))
            case "person":
                deeds[at] = {**deeds[at], "person": PERSONS[much % len(PERSONS)]}
            case "amount":
                deeds[at] = _other_amount(deeds[at], much)
            case "day":
                day = deeds[at].get("day")
                deeds[at] = {**deeds[at], "day": f"$day-{1 + much % 900}" if day else day}
    return deeds


def _other_amount(deed: dict[str, Any], much: int) -> dict[str, Any]:
    given = {
        name: str(much % 90_000) if name in AMOUNT else value
        for name, value in deed["with"].items()
    }
    return {**deed, "with": given}


shakes = st.lists(
    st.tuples(
        st.sampled_from(["drop", "repeat", "repeat", "move", "person", "amount", "day"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000_000),
    ),
    max_size=60,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(shakes=shakes, days=st.lists(st.integers(0, 1000), min_size=3, max_size=3))
def test_whatever_is_accepted_of_a_season_what_must_hold_holds(
    shakes: list[tuple[str, int, int]], days: list[int]
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as then:
        home = Settings(home=Path(folder), database="")
        begin(home)
        clock = Clock(TOLD)
        with closing(Product(home, clock)) as product:
            then.setattr(product.journal, "_clock", clock.microseconds)  # the store's own clock
            accepted = play(product, shaken(shakes))
            assert shakes or accepted == len(SEASON)
            history = [*product.registry.told(*RECORDED)]
            money_holds(history)
            votes_hold(history)
            decisions_hold(history)
            product.follower.catch_up()
            for number in days:
                lists_are_folds(product, history, date.fromordinal(TOLD.toordinal() - number))


def play(product: Product, deeds: Iterable[dict[str, Any]]) -> int:
    """Do what is accepted; gives how many were. What is refused is refused in a sentence."""
    telling, accepted = _Telling("histoire inventée", paris_day(TOLD), dict(TEXTS)), 0
    for number, told in enumerate(deeds):
        deed = Deed.model_validate(told)
        try:
            command = telling.command(deed)
            done = product.registry.do(command, telling.by(deed), key=f"{number}")
        except (JalonError, ValidationError):
            continue
        accepted += 1
        if deed.named:
            telling.answers[deed.named] = done.answer
    return accepted


# --- counted again -------------------------------------------------------------------------------

MOVES = (Commitment.own(Moved), Dossier.own(Moved))
RECORDED = (
    *(Commitment.Decided, Commitment.Amended, Commitment.ConventionSigned),
    *(Commitment.ConventionDrafted, Commitment.ConditionFound),
    *(Commitment.TrancheClaimed, Commitment.TrancheApproved, Commitment.TranchePaid),
    *(Commitment.TrancheCancelled, Commitment.RecoveryOrdered, Commitment.InstalmentReceived),
    *(Commitment.RecoveryWaived, Commitment.ExpensesJustified),
    *(Session.Opened, Session.AttendanceNoted, Session.InterestDeclared, Session.PutToVote),
    *(Session.BallotCast, Session.BallotCorrected, Session.Deliberated),
    *(Session.DeliberationSuperseded, Dossier.Decided, Dossier.AwardWithdrawn),
    *MOVES,
)
ENVELOPE = 596_000_00


def by_stream(history: Iterable[Recorded]) -> Mapping[UUID, list[Recorded]]:
    found: dict[UUID, list[Recorded]] = defaultdict(list)
    for recorded in history:
        found[recorded.stream].append(recorded)
    return found


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


def money_holds(history: list[Recorded]) -> None:
    """Paid ≤ approved ≤ agreed ≤ envelope, on any day; nothing in the hands of one person."""
    promised = 0
    for events in by_stream(history).values():
        if not isinstance(events[0].event, Commitment.Decided):
            continue
        for day in sorted({recorded.in_force_from for recorded in events}):
            found = sums_on(events, day)
            assert 0 <= found["paid"] <= found["approved"] <= found["agreed"]
            assert found["recovered"] + found["waived"] <= found["ordered"] <= found["paid"]
            promised_now = found["agreed"]
        promised += promised_now
        claimed: dict[str, tuple[str, ...]] = {}
        approved: dict[str, tuple[str, ...]] = {}
        met = {
            (recorded.event.condition, recorded.in_force_from)
            for recorded in events
            if isinstance(recorded.event, Commitment.ConditionFound) and recorded.event.met
        }
        for recorded in events:
            match recorded.event:
                case Commitment.TrancheClaimed(tranche=tranche, persons=persons):
                    claimed[tranche] = persons
                case Commitment.TrancheApproved(tranche=tranche, persons=persons):
                    assert not share(persons, claimed.get(tranche, ()))
                    approved[tranche] = persons
                    assert tranche != "deux" or any(
                        name == "comite" and day <= recorded.in_force_from for name, day in met
                    )
                case Commitment.TranchePaid(tranche=tranche, persons=persons):
                    assert not share(persons, approved[tranche])
        for since, until in suspensions(events):
            for day, what, amount in flows(events):
                assert not (what in ("approved", "paid") and amount > 0 and since < day < until)
    assert promised <= ENVELOPE


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


def votes_hold(history: list[Recorded]) -> None:
    """A recused seat has no voice; without quorum nothing stands; retained ≤ envelope."""
    retained: dict[UUID, int] = {}
    for events in by_stream(history).values():
        seats: dict[str, Any] = {}
        ballots: dict[UUID, dict[str, str]] = defaultdict(dict)
        recused: dict[UUID, set[str]] = defaultdict(set)
        there: set[str] = set()
        procedure: Any = None
        for recorded in events:
            match recorded.event:
                case Session.Opened(seats=told, procedure=rules):
                    seats, procedure = {s.id: s for s in told if s.votes}, rules
                case Session.AttendanceNoted(seat=seat, presence=presence):
                    there = there - {seat} if presence.value == "absent" else there | {seat}
                case Session.InterestDeclared(dossier=dossier, seat=seat, struck=struck):
                    recused[dossier].add(seat)
                    for name in {seat, *struck}:
                        ballots[dossier].pop(name, None)
                    retained.pop(dossier, None)
                case Session.PutToVote(dossier=dossier):
                    ballots[dossier] = {}
                case Session.BallotCast(dossier=dossier, seat=seat, choice=choice, cast_by=proxy):
                    assert not {seat, proxy} & recused[dossier]
                    ballots[dossier][seat] = choice.value
                case Session.BallotCorrected(dossier=dossier, seat=seat, choice=choice):
                    ballots[dossier][seat] = choice.value
                case Session.DeliberationSuperseded(dossier=dossier):
                    retained.pop(dossier, None)
                case Session.Deliberated(dossier=dossier) as found:
                    may = seats.keys() - recused[dossier]
                    cast = ballots[dossier]
                    assert cast.keys() <= may
                    assert len(there & may) * 100 >= procedure.quorum * len(seats)
                    in_favour = sum(choice == "for" for choice in cast.values())
                    against = sum(choice == "against" for choice in cast.values())
                    assert (found.tally.for_, found.tally.against) == (in_favour, against)
                    retained.pop(dossier, None)
                    if found.outcome.value == "selected":
                        assert in_favour >= against
                        retained[dossier] = found.amount_cents or 0
    assert sum(retained.values()) <= ENVELOPE


def decisions_hold(history: list[Recorded]) -> None:
    """A dossier is decided once, or again after it was reopened on the record."""
    for events in by_stream(history).values():
        decided = False
        for recorded in events:
            match recorded.event:
                case Dossier.Decided():
                    assert not decided
                    decided = True
                case Moved(to="submitted" | "national_review"):
                    decided = False


def lists_are_folds(product: Product, history: list[Recorded], day: date) -> None:
    """Each amount of the list of commitments is what its events add up to."""
    moment = product.moment(in_force=day.isoformat())
    streams = by_stream(history)
    for line in product.listed(COMMITMENTS, moment):
        found = sums_on(streams[line.id], day)
        assert (line.agreed_cents or 0, line.approved_cents or 0, line.paid_cents or 0) == (
            found["agreed"],
            found["approved"],
            found["paid"],
        )
