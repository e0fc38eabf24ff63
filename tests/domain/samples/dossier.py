"""Dossiers and appeals, with every field of every event given."""

from collections.abc import Iterator
from datetime import date

from domain.appeal import Appeal, AppealKind
from domain.arrival import Arrival
from domain.award import DossierOutcome, NotificationChannel, WithdrawalGround
from domain.call import Call
from domain.call_terms import CallKind, Part, Route, Specification
from domain.case import Case
from domain.dates import PartialDate
from domain.dossier import Content, Dossier
from domain.eligibility import ConditionId
from domain.journey import Journey
from domain.kernel import Aggregate
from domain.minute import Minute
from domain.opinion import OpinionChoice
from domain.organisation import Organisation
from domain.plan_balance import Touched, TouchedKind
from domain.workflow import Finding, Step, Verdict
from infrastructure.reference import shipped_journeys
from tests import make
from tests.domain.samples.of_every_kind import OTHER, SEALED, WHO, recall, vote_on

PERSONS = (f"pole:{OTHER}", WHO)
CONTENT = Content(
    title="Projet d'essai",
    applicant=Organisation(name="Coopérative d'essai", siret="73282932000074"),
    requested_cents=20_000_00,
    total_cents=50_000_00,
    own_cents=10_000_00,
)


def samples(on: PartialDate) -> Iterator[Aggregate]:
    """Everything that is recorded of a dossier, and of an appeal."""
    day = on.first_day or make.TODAY
    yield _handed_in(on, day)
    yield _decided(on, day)
    yield _appealed(on)


def _journey(id_: str) -> Journey:
    return next(journey for journey in shipped_journeys() if journey.id == id_)


def _drafted(on: PartialDate, stage: str = "draft") -> Dossier:
    return Dossier.draft(
        code="essai-2023-001",
        call=OTHER,
        wave="v1",
        pole=OTHER,
        project=OTHER,
        content=CONTENT,
        region="Région d'essai",
        journey=_journey("permanent_dossier").ref,
        stage=stage,
        occurred_on=on,
        variables={"phase": "2"},
    )


def _call(on: PartialDate) -> Call:
    call = Call.plan(
        code="essai-2023",
        title="Appel d'essai",
        call_kind=CallKind.PERMANENT,
        authority="Ministère d'essai",
        journey=_journey("permanent_call").ref,
        stage="planned",
        occurred_on=on,
    )
    parts = (Part(id="budget", title="Budget"),)
    call.specify(Specification(title="Cahier", document=None, address="exemple.test", parts=parts))
    return call


def _handed_in(on: PartialDate, day: date) -> Dossier:
    made, call = _drafted(on), _call(on)
    made.revise(
        Content(
            title="Projet d'essai, repris",
            applicant=Organisation(name="Association d'essai", rna="W9R1011072"),
            requested_cents=15_000_00,
            total_cents=40_000_00,
            own_cents=5_000_00,
        )
    )
    made.file_part("budget", call, title="Budget 2023", document=OTHER, day=day)
    made.submit(
        (
            Arrival(route=Route.SERVER, minute=Minute("2023-06-30T11:59")),
            Arrival(route=Route.POSTMARK, day=make.day("2023-06-29"), document=OTHER),
        ),
        cer=True,
        persons=PERSONS,
    )
    made.note_arrival(Arrival(route=Route.RECEIPT, day=make.day("2023-07-02"), document=OTHER))
    made.ask_for_parts(("budget",), call, until=make.day("2030-07-20"), day=day)
    made.assess(
        ConditionId.D1,
        met=True,
        reasons="Statuts lus.",
        evidence=("statuts d'essai",),
        documents=(OTHER,),
        persons=PERSONS,
    )
    made.declare_interest(WHO, words=SEALED)
    case_of_every_kind(made, _journey("permanent_dossier"), "draft", "submit", "submitted", on)
    return made


def _decided(on: PartialDate, day: date) -> Dossier:
    made = _drafted(on, "deliberation")
    made.rank(region="Région d'essai", rank=1, of=3, reasons="Ancrage.", persons=PERSONS)
    made.analyse(reasons="Projet solide.", persons=PERSONS)
    for adviser in ("q1", "q2"):
        made.ask_opinion(adviser, "qualified")
    made.give_opinion(
        "q1", choice=OpinionChoice.RESERVED, reasons="À voir.", persons=PERSONS, day=day
    )
    made.note_no_opinion("q2", why="délai passé", day=day)
    made.decide(
        outcome=DossierOutcome.SELECTED,
        amount=20_000_00,
        support="accompagnement d'essai",
        motive="Projet utile.",
        session=OTHER,
        deliberated_on=day,
        reserve_rank=2,
        day=day,
    )
    made.notify(
        channel=NotificationChannel.REGISTERED_LETTER,
        document=OTHER,
        sent_on=day,
        received_on=day,
        remedies="Recours dans les deux mois.",
        day=day,
    )
    made.take_back(
        ground=WithdrawalGround.CONDITIONS_NOT_MET,
        reasons="Projet abandonné.",
        heard_on=day,
        touches=(
            Touched(
                kind=TouchedKind.CONDITION,
                commitment=OTHER,
                code="pole-d-essai-engagement-2",
                funder="Région d'essai",
                condition="etat",
                title="L'État confirme",
                tranches=("solde",),
            ),
        ),
        day=day,
    )
    return made


def _appealed(on: PartialDate) -> Appeal:
    made = Appeal.lodge(
        code="essai-2023-001-recours-1",
        dossier=OTHER,
        pole=OTHER,
        appeal_kind=AppealKind.HIERARCHICAL,
        late=False,
        until=make.day("2023-09-30"),
        grounds=SEALED,
        persons=PERSONS,
        journey=_journey("appeal").ref,
        stage="lodged",
        occurred_on=on,
        variables={"phase": "2"},
    )
    case_of_every_kind(made, _journey("appeal"), "lodged", "examine", "under_review", on)
    return made


def case_of_every_kind(
    made: Case, journey: Journey, left: str, way: str, to: str, on: PartialDate
) -> None:
    """What happens to every kind of case: votes, a step, deadlines, a migration."""
    given = {"motive": "essai"}
    vote_on(made, journey, "withdraw", given, voter="organisation:Réseau d'essai")
    found = (Finding(clause="essai", verdict=Verdict.HELD, values={"wave.phase": 2}),)
    step = Step(
        transition=way, from_=left, to=to, input=given, findings=found, variables={"phase": "2"}
    )
    made.move(step, journey=journey.ref, occurred_on=on)
    recall(made, journey.ref, to)
    later = journey.model_copy(update={"version": "2027-01-01", "replaces": {to: left}})
    made.migrate(later, occurred_on=on)
    made.follow(_journey("self_positioning"), {"phase": "2"}, occurred_on=on)
