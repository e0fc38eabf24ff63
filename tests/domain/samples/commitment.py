"""Commitments, with every field of every event given."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from domain.award import WithdrawalGround
from domain.commitment import Commitment, Regime, SupportKind
from domain.condition import Condition, ConditionKind, Threshold
from domain.convention import Terms
from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import Aggregate
from domain.organisation import Organisation
from domain.overdue import Coming
from domain.recovery import Instalment, RecoveryCause
from domain.reporting import ReportKind
from domain.tranche import TrancheKind, TranchePlan
from domain.workflow import Finding, Step, Verdict
from infrastructure.reference import shipped_journeys
from tests import make
from tests.domain.samples.of_every_kind import vote_on

OTHER = UUID("7c1b9a52-3d0f-4f7a-9a55-0d2f4c6b8e10")
FUNDER = Organisation(name="Ministère d'essai", siret="73282932000074")
ASSOCIATION = Organisation(name="Association d'essai", siret="55208131766522", rna="W751234567")
ABROAD = Organisation(name="Coopérative d'essai", reason_without="établie à l'étranger")
WHO = (f"organisation:{OTHER}", f"account:{make.ACTOR}")
ANOTHER, THIRD = ("account:deux",), ("account:trois",)
EVIDENCE = Condition(
    id="statutes",
    title="Les statuts sont déposés",
    kind=ConditionKind.EVIDENCE,
    evidence="statutes",
    tranches=("first",),
    due=date(2023, 3, 1),
)
INDICATOR = Condition(
    id="jobs",
    title="Trois emplois sont créés",
    kind=ConditionKind.INDICATOR,
    measure="emplois créés",
    comparator=Threshold.AT_LEAST,
    value=3,
)
LATER = Condition(
    id="later", title="Après le 1er mai", kind=ConditionKind.DATE, not_before=date(2023, 5, 1)
)
WITH_OTHERS = Condition(
    id="region", title="La Région suit", kind=ConditionKind.CO_FUNDING, funder="Région d'essai"
)
TERMS = Terms(
    evaluation="par un tiers, au terme",
    evaluation_paid_by="le financeur",
    follow_up="comité de suivi, deux fois par an",
    follow_up_paid_by="le pôle",
)


def plan(name: str, cents: int, kind: TrancheKind = TrancheKind.INTERIM) -> TranchePlan:
    return TranchePlan(
        id=name,
        title=f"Tranche {name}",
        kind=kind,
        amount_cents=cents,
        due_on=date(2023, 6, 1),
        conditions=("jobs",) if kind is TrancheKind.BALANCE else (),
    )


def decided(on: PartialDate, **more: Any) -> Commitment:
    told: dict[str, Any] = {
        "code": "tetris-engagement-1",
        "pole": OTHER,
        "project": OTHER,
        "dossier": OTHER,
        "funder": FUNDER,
        "beneficiary": ASSOCIATION,
        "object": "Atelier partagé",
        "support_kind": SupportKind.MONEY,
        "agreed": 6_000_000,
        "value": None,
        "words": None,
        "regime": Regime.OTHER,
        "regime_words": "régime cadre d'essai",
        "granted_on": make.day("2023-05-01"),
        "journey": "commitment@2013-07",
        "stage": "decided",
        "occurred_on": on,
    }
    return Commitment.decide(**{**told, **more})


def samples(on: PartialDate) -> Iterator[Aggregate]:
    yield _with_every_member(on)
    small = decided(on, dossier=None, agreed=1_000_000)
    small.grant_without_convention(plan("unique", 1_000_000, TrancheKind.ADVANCE), day=DAY)
    yield small
    kind = {"support_kind": SupportKind.IN_KIND, "agreed": None, "value": 500_000}
    given = decided(on, words="un local, un jour par semaine", **kind)
    given.grant_without_convention(None, day=DAY)
    yield given
    yield _executed(on)


def _with_every_member(on: PartialDate) -> Commitment:
    """A decision with every member, though none says both money and what is in kind."""
    made = Commitment.new()
    made._decided(
        code="tetris-engagement-2",
        pole=OTHER,
        project=OTHER,
        dossier=OTHER,
        funder=FUNDER,
        beneficiary=ASSOCIATION,
        object="Atelier partagé",
        support_kind=SupportKind.MONEY,
        agreed_cents=6_000_000,
        value_cents=500_000,
        words="un local, un jour par semaine",
        regime=Regime.OTHER,
        regime_words="régime cadre d'essai",
        granted_on=DAY,
        journey="commitment@2013-07",
        stage="decided",
        occurred_on=on,
        variables={"phase": "2"},
    )
    return made


DAY = make.day("2023-05-01")


def _executed(on: PartialDate) -> Commitment:
    made, journey = decided(on), _journey()
    first, balance = plan("first", 4_000_000), plan("balance", 2_000_000, TrancheKind.BALANCE)
    made.draft_convention(
        reference="CONV-1",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        conditions=(EVIDENCE, INDICATOR, LATER, WITH_OTHERS),
        tranches=(plan("first", 3_000_000), balance, plan("early", 1_000_000)),
        terms=TERMS,
        years=(2023, 2024),
        day=DAY,
    )
    both = {"funder_signatory": "La sous-directrice", "beneficiary_signatory": "La présidente"}
    made.sign_convention(**both, cer=True, day=DAY)
    move(made, journey, "sign_convention", "decided", "in_force", on)
    made.amend(
        agreed=7_000_000,
        starts_on=date(2023, 2, 1),
        ends_on=date(2024, 12, 31),
        conditions=(EVIDENCE, INDICATOR),
        tranches=(first, balance, plan("third", 1_000_000)),
        reasons="un lot de plus",
        **both,
        day=DAY,
    )
    made.amend(
        agreed=6_000_000,
        starts_on=None,
        ends_on=None,
        conditions=(),
        tranches=(first, balance),
        reasons="un lot de moins",
        **both,
        day=DAY,
    )
    _met(made)
    _paid(made)
    _accounted_for(made)
    made.replace_beneficiary(ABROAD, reasons="fusion", day=DAY)
    _returned(made)
    _deadlines_and_votes(made, journey)
    later = journey.model_copy(
        update={"version": "2027-01-01", "replaces": {"in_force": "settled"}}
    )
    made.migrate(later, occurred_on=PartialDate("2023-06"))
    made.follow(_journey("third_party"), {"phase": "2"}, occurred_on=on)
    made.withdraw_funder(reasons="budget annulé", day=DAY)
    made.lose_award(ground=WithdrawalGround.UNLAWFUL, reasons="décision illégale")
    return made


def _met(made: Commitment) -> None:
    said: dict[str, Any] = {"documents": (OTHER,), "value": 4, "persons": WHO, "day": DAY}
    for name in ("statutes", "jobs"):
        made.report_condition(name, words="fait", **said)
        made.find_condition(name, met=True, reasons="vu", persons=ANOTHER, day=DAY)


def _paid(made: Commitment) -> None:
    given: dict[str, Any] = {"documents": (OTHER,), "persons": WHO, "day": DAY}
    made.claim("first", amount=3_000_000, **given)
    made.hold("first", reasons="pièce illisible", day=DAY)
    made.release("first", day=DAY)
    made.correct_siret("55208131766530", reasons="erreur de saisie", persons=WHO, day=DAY)
    made.confirm_siret(persons=ANOTHER, day=DAY)
    made.approve("first", amount=None, persons=ANOTHER, day=DAY)
    made.pay("first", amount=1_000_000, reference="VIR-1", persons=THIRD, day=DAY)
    made.cancel("first", reasons="le reste n'est pas dû", day=DAY)


def _accounted_for(made: Commitment) -> None:
    about: dict[str, Any] = {"year": 2023, "persons": WHO, "day": DAY}
    financial, answer = ReportKind.FINANCIAL, {**about, "persons": ANOTHER}
    made.receive_report(financial, document=OTHER, words="provisoire", **about)
    made.return_report(financial, reasons="non signé", **answer)
    made.receive_report(financial, document=OTHER, words="signé", **about)
    made.accept_report(financial, **answer)
    made.justify(amount=900_000, words="salaires", documents=(OTHER,), persons=ANOTHER, day=DAY)
    made.publish_essential_data("https://exemple.invalid/donnees", day=DAY)


def _returned(made: Commitment) -> None:
    made.order_recovery(
        cause=RecoveryCause.NOT_SPENT,
        amount=100_000,
        instalments=(Instalment(due_on=date(2023, 9, 1), amount_cents=100_000),),
        reasons="non dépensé",
        persons=ANOTHER,
        day=DAY,
    )
    made.receive_instalment(1, amount=60_000, reference="REV-1", persons=THIRD, day=DAY)
    made.waive_recovery(1, amount=40_000, reasons="remise gracieuse", persons=ANOTHER, day=DAY)


def _journey(id_: str = "commitment") -> Journey:
    return next(journey for journey in shipped_journeys() if journey.id == id_)


def move(made: Commitment, journey: Journey, way: str, left: str, to: str, on: PartialDate) -> None:
    """A step as the engine would allow it."""
    found = (Finding(clause="signed", verdict=Verdict.HELD, values={"convention.signed": True}),)
    step = Step(transition=way, from_=left, to=to, input={"reasons": "essai"}, findings=found)
    made.move(step, journey=journey.ref, occurred_on=on)


def _deadlines_and_votes(made: Commitment, journey: Journey) -> None:
    for before in ("1 months", None):
        coming = Coming(make.day("2023-07-01"), "essential_data", make.day("2023-08-01"), before)
        made.recall(coming, journey=journey.ref, state="in_force")
    vote_on(
        made,
        journey,
        "suspend",
        {"reasons": "écart"},
        initiator=f"pole:{OTHER}",
        who=f"account:{OTHER}",
        day=DAY,
    )
