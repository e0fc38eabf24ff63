"""The fictitious season of the demonstration: what it is said to show is there, and counted."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from application.call_list import CALLS
from application.commitment_list import COMMITMENTS
from application.commitment_sheet import CommitmentSheet
from application.dossier_list import DOSSIERS
from application.follow_up_list import FOLLOW_UP_MEETINGS, FOLLOW_UPS
from domain.commitment import Commitment
from domain.kernel import Event
from domain.plan_balance import TouchedKind
from domain.session import Session
from domain.undertaking import UndertakingStanding
from infrastructure.reference import STORIES
from interfaces.wiring import Product, Settings
from tests.make import Clock, begin

SEASON = STORIES[1]
CALL = "saison-fictive"


@contextmanager
def season(home: Path, told: datetime) -> Iterator[Product]:
    """A registry in which the season was told on a day, and nothing else."""
    settings = Settings(home=home, database="")
    begin(settings)
    clock = Clock(told)
    with closing(Product(settings, clock)) as made, pytest.MonkeyPatch.context() as then:
        then.setattr(made.journal, "_clock", clock.microseconds)  # the store's own clock too
        made.demonstrate(SEASON)
        yield made


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    told = datetime(2027, 11, 20, 10, tzinfo=UTC)
    with season(tmp_path_factory.mktemp("season"), told) as made:
        yield made


E = TypeVar("E", bound=Event)


def events(product: Product, kind: type[E]) -> list[E]:
    """Everything of a kind that was recorded."""
    told = (recorded.event for recorded in product.registry.told(kind))
    return [event for event in told if isinstance(event, kind)]


def sheets(product: Product) -> list[CommitmentSheet]:
    """Every commitment, as it stands today."""
    moment = product.moment()
    return [product.commitment(line.code, moment) for line in product.listed(COMMITMENTS, moment)]


def of_the_call(product: Product) -> list[CommitmentSheet]:
    return [sheet for sheet in sheets(product) if sheet.dossier]


def reports_missed(product: Product) -> list[str]:
    """The commitments of which a financial report is overdue."""
    return [
        sheet.code
        for sheet in sheets(product)
        for line in sheet.deadlines
        if line.deadline == "financial_report" and line.passed
    ]


def test_one_call_has_forty_dossiers_in_two_regions(product: Product) -> None:
    moment = product.moment()
    dossiers = product.listed(DOSSIERS, moment)

    assert [line.code for line in product.listed(CALLS, moment)] == [CALL]
    assert len(dossiers) == 40
    assert {line.region for line in dossiers} == {"Bretagne", "Corse"}
    ineligible = [line.code for line in dossiers if line.stage == "ineligible"]
    late = [code for code in ineligible if product.dossier(code, moment).late]
    assert late == [f"{CALL}-037"]
    assert len(ineligible) == 1 + 3


def test_a_session_has_a_recusal_and_a_tie(product: Product) -> None:
    told = events(product, Session.Deliberated)
    tied = [event for event in told if event.tally.for_ == event.tally.against]

    assert (len(tied), len(events(product, Session.InterestDeclared))) == (1, 1)


def test_ten_conventions_follow_the_call(product: Product) -> None:
    found = of_the_call(product)

    assert len(found) == 10
    assert all(sheet.convention and sheet.convention.signed_on for sheet in found)
    assert sum(sheet.stage == "recovery" for sheet in found) == 1
    assert sum(len(sheet.recoveries) for sheet in sheets(product)) == 1


def test_one_suspension_was_lifted(product: Product) -> None:
    (suspended,) = [sheet for sheet in of_the_call(product) if sheet.suspensions]

    assert len(suspended.suspensions) == 1
    assert suspended.stage == "in_force"


@pytest.mark.parametrize(
    "told", [datetime(2027, 2, 15, tzinfo=UTC), datetime(2027, 7, 20, tzinfo=UTC)]
)
def test_reports_are_received_but_for_one_whatever_the_day_it_is_told(
    tmp_path: Path, told: datetime
) -> None:
    with season(tmp_path, told) as product:
        assert reports_missed(product) == ["pole-fictif-du-bocage-engagement-2"]


def test_reports_are_received_but_for_one(product: Product) -> None:
    assert reports_missed(product) == ["pole-fictif-du-bocage-engagement-2"]
    standing = Counter(
        (line.report_kind.value, line.standing and line.standing.value)
        for sheet in of_the_call(product)
        for line in sheet.reports
        if line.year == 2026
    )
    assert standing["financial", "accepted"] == 9
    assert standing["financial", None] == 1


def test_a_follow_up_committee_met_too_seldom(product: Product) -> None:
    moment = product.moment()

    assert {line.pole_code: line.overdue for line in product.listed(FOLLOW_UPS, moment)} == {
        "pole-fictif-des-dunes": False,
        "pole-fictif-du-bocage": True,
    }
    assert len(product.listed(FOLLOW_UP_MEETINGS, moment)) == 5


# --- what befalls other aid ---------------------------------------------------------------------


def test_a_funder_withdrew_and_that_touches_a_commitment_and_a_condition(product: Product) -> None:
    moment = product.moment()
    project = of_pole(product, "pole-fictif-des-dunes", 1).project
    plan = product.funding_plan(str(project), moment)
    (region,) = [line for line in plan.funders if line.touches]

    assert {one.kind for one in region.touches} == set(TouchedKind)
    assert of_pole(product, "pole-fictif-des-dunes", 3).stage == "abandoned"


def of_pole(product: Product, pole: str, number: int) -> CommitmentSheet:
    return product.commitment(f"{pole}-engagement-{number}", product.moment())


def test_there_is_an_aid_in_kind_an_amendment_and_a_carrier_replaced(product: Product) -> None:
    lent = of_pole(product, "pole-fictif-de-la-rade", 1)
    amended = of_pole(product, "pole-fictif-des-ajoncs", 1)
    passed_on = of_pole(product, "pole-fictif-des-oliviers", 1)

    assert lent.by_decision_alone
    assert not amended.by_decision_alone
    assert lent.amounts.agreed_cents == 0
    assert lent.support_kind.value == "in_kind"
    assert amended.convention
    assert (amended.convention.amendments, amended.amounts.agreed_cents) == (1, 2_200_000)
    assert passed_on.beneficiary.name == "Coopérative fictive des Oliviers"
    assert [one.name for one in passed_on.beneficiaries] == [
        "Association fictive (Pôle fictif des Oliviers)",
        "Coopérative fictive des Oliviers",
    ]


def test_a_wrong_siret_held_a_tranche_until_it_was_confirmed(product: Product) -> None:
    (corrected,) = events(product, Commitment.SiretCorrected)
    (confirmed,) = events(product, Commitment.SiretConfirmed)

    assert corrected.held == tuple(confirmed.released) == ("avance",)
    assert of_pole(product, "pole-fictif-du-verger", 1).amounts.paid_cents == 900_000


def test_aid_de_minimis_was_granted_upon_an_attestation(product: Product) -> None:
    granted = of_pole(product, "pole-fictif-de-la-source", 1)
    enterprise = product.single_undertaking("000000182", product.moment())

    assert granted.regime.value == "de_minimis"
    assert enterprise.attested
    assert [aid.cents for aid in enterprise.aids] == [2_800_000, 1_200_000]


def test_a_pole_undertook_something_itself_kept_and_late(product: Product) -> None:
    undertakings = of_pole(product, "pole-fictif-des-dunes", 1).undertakings

    assert Counter((one.standing, one.late) for one in undertakings) == {
        (UndertakingStanding.KEPT, False): 1,
        (UndertakingStanding.GIVEN, True): 1,
        (UndertakingStanding.GIVEN, False): 1,
    }
