"""A season whose acts are dropped, repeated, swapped, done by others or for other amounts.

Whatever is accepted of it, what must hold holds: it is counted again here, from the events alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from application.commitment_list import COMMITMENTS
from application.scenario import Deed, Scenario, _Telling
from domain.case import Moved
from domain.dates import paris_day
from domain.dossier import Dossier
from domain.errors import JalonError
from domain.kernel import Recorded
from domain.session import Session
from infrastructure.reference import REFERENCE, demonstration
from interfaces.wiring import Product, Settings
from tests.application import money_again
from tests.application.money_again import (
    awards_hold,
    by_stream,
    money_holds,
    promises_on,
    sums_on,
)
from tests.examples import settings
from tests.make import Clock, begin

TOLD = datetime(2028, 3, 1, 10, 0, tzinfo=UTC)
TOLD_ON = paris_day(TOLD)
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
        if "look" in deed:  # what is looked for in lists, and what is done with it, is left out
            continue
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
PERSONS = ("financeur", "comptable", "pole-01", "presidence", "secretariat", "caisse")
ROLES = ("funder", "payer", "pole_representative", "registrar", "instructor", "secretary")

CONDITIONS = """[
  {id: comite, title: Comité, kind: evidence, evidence: minutes, tranches: [deux], due: $day-380},
  {id: emplois, title: Emplois, kind: indicator, measure: emplois créés, comparator: at_least,
   value: 2, tranches: [trois]}]"""
MORE = f"""
- {{do: hold, person: financeur, role: funder, day: $day-404, with: {{commitment: $c6,
    tranche: deux, reasons: à vérifier}}}}
- {{do: release, person: financeur, role: funder, day: $day-403, with: {{commitment: $c6,
    tranche: deux}}}}
- {{do: suspend, person: financeur, role: funder, day: $day-390, with: {{commitment: $c6,
    reasons: s'écarte, heard_on: $day-395}}}}
- {{do: lift_suspension, person: financeur, role: funder, day: $day-370, with: {{commitment: $c6,
    reasons: repris}}}}
- {{do: correct_siret, person: financeur, role: funder, day: $day-365, with: {{commitment: $c6,
    siret: "55208131766522", reasons: erreur}}}}
- {{do: confirm_siret, person: caisse, role: funder, day: $day-362, with: {{commitment: $c6}}}}
- {{do: pay, person: comptable, role: payer, day: $day-360, with: {{commitment: $c6, tranche: deux,
    amount: "1000", reference: VIR-FICTIF-6-2}}}}
- {{do: cancel_tranche, person: financeur, role: funder, day: $day-350, with: {{commitment: $c6,
    tranche: deux, reasons: sans objet}}}}
- {{do: report_condition, person: pole-01, role: pole_representative, day: $day-390, with:
    {{commitment: $c1, condition: emplois, value: 3}}}}
- {{do: find_condition, person: financeur, role: funder, day: $day-385, with: {{commitment: $c1,
    condition: emplois, met: true, reasons: vu}}}}
- {{do: claim, person: pole-01, role: pole_representative, day: $day-380, with: {{commitment: $c1,
    tranche: trois}}}}
- {{do: approve, person: financeur, role: funder, day: $day-375, with: {{commitment: $c1,
    tranche: trois}}}}
- {{do: amend, person: financeur, role: funder, day: $day-370, with: {{commitment: $c1,
    conditions: {CONDITIONS}, reasons: délai, funder_signatory: A, beneficiary_signatory: B}}}}
- {{do: pay, person: comptable, role: payer, day: $day-360, with: {{commitment: $c1, tranche: trois,
    reference: VIR-FICTIF-1-3}}}}
- {{do: report, person: pole-01, role: pole_representative, day: $day-150, with: {{commitment: $c1,
    report_kind: financial, year: $year-181}}}}
- {{do: return_report, person: financeur, role: funder, day: $day-140, with: {{commitment: $c1,
    report_kind: financial, year: $year-181, reasons: à reprendre}}}}
- {{do: waive_recovery, person: financeur, role: funder, day: $day-100, with: {{commitment: $c9,
    number: 1, amount: "1000", reasons: remise}}}}
- {{do: dossier.withdraw_award, person: secretariat, role: secretary, day: $day-90, with:
    {{dossier: $d12, award_ground: conditions_not_met, reasons: projet arrêté, heard_on: $day-95}}}}
- {{do: move, person: financeur, role: funder, day: $day-80, with: {{commitment: $c6,
    transition: terminate, input: {{reasons: soutien retiré}}}}}}
- {{do: order_recovery, person: financeur, role: funder, day: $day-75, with: {{commitment: $c6,
    cause: not_spent, amount: "1000", reasons: soutien retiré}}}}
"""
"""What the demonstration does not do of commitments: held, corrected, cut short, amended; and an
award that is withdrawn, of which what was paid is asked back."""


def more() -> list[dict[str, Any]]:
    told = yaml.safe_load(MORE)
    named = [deed["do"] if "." in deed["do"] else f"commitment.{deed['do']}" for deed in told]
    deeds = [
        Deed.model_validate({**deed, "do": name}) for deed, name in zip(told, named, strict=True)
    ]
    return [deed.model_dump(by_alias=True, mode="json") for deed in deeds]


SEASON = [*small_season(), *more()]
MONEY = next(place for place, deed in enumerate(SEASON) if deed["do"].startswith("commitment."))
"""Where the commitments begin: half of the shakes are among them."""


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
            case "role":
                deeds[at] = {**deeds[at], "role": ROLES[much % len(ROLES)]}
            case "amount":
                deeds[at] = _other_amount(deeds[at], much)
            case "day":
                day = deeds[at].get("day")
                deeds[at] = {**deeds[at], "day": f"$day-{1 + much % 900}" if day else day}
            case "withdraw":
                deeds.insert(at, _withdrawn(much))
    return deeds


AWARDED = ("d01", "d12", "d21")


def _withdrawn(much: int) -> dict[str, Any]:
    """The award of one of the dossiers withdrawn, as of any day: late-recorded, more often."""
    day = f"$day-{1 + much % 760}"
    given = {"award_ground": "conditions_not_met", "reasons": "projet arrêté", "heard_on": day}
    deed = {
        "do": "dossier.withdraw_award",
        "person": "secretariat",
        "role": "secretary",
        "day": day,
        "with": {**given, "dossier": f"${AWARDED[much % len(AWARDED)]}"},
    }
    return Deed.model_validate(deed).model_dump(by_alias=True, mode="json")


def _other_amount(deed: dict[str, Any], much: int) -> dict[str, Any]:
    given = {
        name: str(much % 90_000) if name in AMOUNT else value
        for name, value in deed["with"].items()
    }
    return {**deed, "with": given}


shakes = st.lists(
    st.tuples(
        st.sampled_from(
            ["drop", "repeat", "repeat", "move", "person", "role", "amount", "day", "withdraw"]
        ),
        st.integers(0, 10_000) | st.integers(MONEY, len(SEASON)),
        st.integers(0, 10_000_000),
    ),
    max_size=60,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@example(shakes=[("withdraw", 0, 0), ("repeat", 0, 0), ("move", 268, 137)], days=[0, 0, 0])
@example(
    shakes=[
        *(("repeat", 0, 0), ("repeat", 491, 0), ("repeat", 0, 0), ("move", 0, 0)),
        *(("repeat", 259, 434), ("drop", 292, 0), ("repeat", 0, 0), ("role", 0, 0)),
        *(("day", 0, 0), ("withdraw", 0, 0), ("withdraw", 0, 0), ("drop", 289, 0)),
    ],
    days=[0, 0, 0],
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
            money_holds(history, ENVELOPE)
            votes_hold(history)
            decisions_hold(history)
            awards_hold(history)
            product.follower.catch_up()
            for number in days:
                lists_are_folds(product, history, date.fromordinal(TOLD.toordinal() - number))


def play(product: Product, deeds: Iterable[dict[str, Any]], told_on: date = TOLD_ON) -> int:
    """Do what is accepted; gives how many were. What is refused is refused in a sentence."""
    telling, accepted = _Telling("histoire inventée", told_on, dict(TEXTS)), 0
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

RECORDED = (
    *money_again.RECORDED,
    *(Session.Opened, Session.AttendanceNoted, Session.InterestDeclared, Session.PutToVote),
    *(Session.BallotCast, Session.BallotCorrected, Session.Deliberated),
    *(Session.DeliberationSuperseded, Dossier.Decided, Dossier.AwardWithdrawn),
    Dossier.own(Moved),
)
ENVELOPE = 596_000_00


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
    """Each amount of the list of commitments, and of the ledger, is what its events add up to."""
    moment = product.moment(in_force=day.isoformat())
    streams = by_stream(history)
    for entry in product.ledger(moment).lines:
        events = streams[entry.commitment]
        sums = {**sums_on(events, day), **promises_on(events, day)}
        del sums["agreed"]  # the ledger parts it in two
        assert {name: getattr(entry, f"{name}_cents") for name in sums} == sums
    for line in product.listed(COMMITMENTS, moment):
        found = sums_on(streams[line.id], day)
        assert (line.agreed_cents or 0, line.approved_cents or 0, line.paid_cents or 0) == (
            found["agreed"],
            found["approved"],
            found["paid"],
        )
