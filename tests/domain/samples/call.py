"""A call and its committee, with every field of every event given."""

from collections.abc import Iterator
from uuid import UUID

from domain.call import Call
from domain.call_terms import (
    AdviserCollege,
    AdviserSeat,
    CallCriterion,
    CallKind,
    Part,
    Route,
    Specification,
)
from domain.committee import Committee, CommitteeSeat
from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import Aggregate
from domain.minute import Minute
from domain.procedure import Procedure
from domain.provenance import AccountId, MandateId
from domain.workflow import Finding, Step, Verdict
from infrastructure.reference import shipped_journeys
from tests import make
from tests.domain.samples.of_every_kind import OTHER, SEALED, recall, vote_on


def samples(on: PartialDate) -> Iterator[Aggregate]:
    yield _call(on)
    yield _committee()


def _call(on: PartialDate) -> Call:
    journeys = {journey.id: journey for journey in shipped_journeys()}
    journey = journeys["permanent_call"]
    made = Call.plan(
        code="essai-2023",
        title="Appel d'essai",
        call_kind=CallKind.PERMANENT,
        authority="Ministère d'essai",
        journey=journey.ref,
        stage="planned",
        occurred_on=on,
        variables={"wave": None},
    )
    made.specify(
        Specification(
            title="Cahier des charges d'essai",
            document=OTHER,
            address="https://exemple.test/cahier",
            parts=(Part(id="budget", title="Budget", required=False),),
            criteria=(CallCriterion(id="ancrage", title="Ancrage", words="local", weight=3),),
            routes=(Route.POSTMARK, Route.SERVER),
        )
    )
    made.set_envelope(150_000_00, note="sur deux ans", awarded=0)
    made.set_bounds(10_000_00, 30_000_00)
    made.set_wave(
        "v1",
        title="vague 1",
        phase=2,
        opens_at=Minute("2023-06-01T09:00"),
        closes_at=Minute("2024-07-31T12:00"),
    )
    made.set_wave(
        "v2", title="vague 2", opens_on=PartialDate("2025"), closes_on=PartialDate("2025-07-31")
    )
    made.postpone(
        "v1", Minute("2024-09-30T12:00"), decided_on=make.day("2024-06-02"), reasons="grève"
    )
    made.attach_committee(OTHER)
    made.attach_dossier(OTHER)
    made.attach_session(OTHER)
    made.attach_claim(OTHER)
    made.name_advisers(
        [
            AdviserSeat(
                id="q1",
                college=AdviserCollege.QUALIFIED,
                designated_by="Ministère d'essai",
                organisation="Université d'essai",
                holder=SEALED,
                account=AccountId(OTHER),
            )
        ]
    )
    _move(made, journey, "open", "planned", "open", on)
    made.announce("v1", sessions=(OTHER,), announcement="communiqué d'essai")
    recall(made, journey.ref, "open")
    vote_on(made, journey, "cancel", {"motive": "essai"})
    later = journey.model_copy(update={"version": "2027-01-01", "replaces": {"open": "closed"}})
    made.migrate(later, occurred_on=PartialDate("2023-06"))
    made.follow(journeys["self_positioning"], {"phase": "2"}, occurred_on=on)
    return made


def _move(made: Call, journey: Journey, way: str, left: str, to: str, on: PartialDate) -> None:
    found = (Finding(clause="opening", verdict=Verdict.HELD, values={"wave.next": "v1"}),)
    step = Step(
        transition=way,
        from_=left,
        to=to,
        input={"motive": "essai"},
        findings=found,
        variables={"wave": "v1"},
    )
    made.move(step, journey=journey.ref, occurred_on=on)


def _committee() -> Committee:
    seats = (
        CommitteeSeat(id="president", title="Ministère d'essai", chair=True),
        CommitteeSeat(id="observer", title="Observateur d'essai", votes=False),
    )
    day = make.day("2023-05-01")
    made = Committee.constitute(call=OTHER, code="essai-2023", seats=seats)
    made.fill_seat("president", account=AccountId(OTHER), mandate=MandateId(UUID(int=7)), day=day)
    made.vacate_seat("president", day=day)
    made.make_public(reference="arrêté d'essai", address="https://exemple.test/a", day=day)
    made.change(seats, reasons="un départ", day=day)
    made.adopt_procedure(
        Procedure(
            quorum=60,
            tie="rejected",
            proxies_each=2,
            remote=False,
            written=True,
            notice_days=10,
            second_notice=False,
            source="règlement d'essai",
        ),
        day=day,
    )
    return made
