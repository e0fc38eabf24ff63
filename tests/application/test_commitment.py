"""Commitments from their decision to their end: who may what, what waits, and what is shown."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.case_sheet import history_of, ways_of
from application.charter_signature import FollowUpSignature
from application.commitment_award import ExceedsAward, NotAnnounced
from application.commitment_sheet import commitment_sheet
from application.commitment_stop import HeardFirst, LiftSuspension, WithdrawFunderFromCommitment
from application.condition import FindCondition, ReportCondition
from application.convention import (
    ConfirmSiret,
    CorrectSiret,
    GrantWithoutConvention,
    ReplaceBeneficiary,
)
from application.deadline import TickDeadlines
from application.establishment import CloseEstablishment
from application.evidence import UnknownEvidence
from application.history_in_words import pole_history
from application.pole import MovePole
from application.recovery import OrderRecovery, ReceiveInstalment, WaiveRecovery
from application.reporting import PublishEssentialData
from application.single_undertaking import AttestAids
from application.tranche import ApproveTranche, ClaimTranche, PayTranche
from domain.commitment import Commitment, Regime, SupportKind
from domain.condition import ConditionStanding
from domain.dossier import DossierId
from domain.errors import Forbidden, JalonError
from domain.establishment import EstablishmentClosed
from domain.overdue import FellDue
from domain.pole import Pole, PoleId
from domain.project import CarriedElsewhere
from domain.recovery import RecoveryCause
from domain.roles import Role
from domain.single_undertaking import SingleUndertaking
from domain.single_undertaking import undertaking_of as enterprise
from domain.single_undertaking_refusals import AboveCeiling, HeadroomUnknown
from domain.tranche import (
    OwnApproval,
    OwnClaim,
    TrancheElsewhere,
    TrancheStanding,
    WhileSuspended,
)
from domain.workflow import ClauseNotHeld
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import commitments
from tests.application.commitments import (
    FUNDER,
    PAYER,
    POLE,
    SECOND,
    approve,
    at,
    claim,
    decide,
    do,
    draft,
    in_force,
    load,
    meet,
    move,
    paid,
    pay,
    sign,
    suspend,
)


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def registry(tmp_path: Path, clock: make.Clock) -> Iterator[Registry]:
    with commitments.registry(tmp_path, clock) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> PoleId:
    return commitments.pole(registry)


def stage(registry: Registry, commitment: UUID, on: str = "2024-06-03") -> str | None:
    return load(registry, commitment).state_on(make.day(on))


# --- the way through ----------------------------------------------------------------------------


def test_a_commitment_goes_from_its_decision_to_its_closing(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    made = in_force(registry, pole)
    paid(registry, made, "first", "2024-02-01")
    clock.now = datetime(2025, 2, 3, 10, tzinfo=UTC)
    registry.do(TickDeadlines(cases=(made,)), make.by(Role.SYSTEM))

    assert stage(registry, made, "2024-12-31") == "in_force"
    assert stage(registry, made, "2025-01-01") == "report_due"
    paid(registry, made, "balance", "2025-01-20")
    with pytest.raises(ClauseNotHeld, match="compte rendu financier"):
        move(registry, made, "settle", "2025-02-01")
    commitments.account_for(registry, made, 2024, "2025-02-01")
    move(registry, made, "settle", "2025-02-01")
    move(registry, made, "close", "2025-02-02")

    assert stage(registry, made, "2025-02-02") == "closed"
    assert load(registry, made).code == "pole-d-essai-engagement-1"
    assert decide(registry, pole, on="2025-02-03") != made


def test_each_does_only_what_the_stage_gives_them(registry: Registry, pole: PoleId) -> None:
    with pytest.raises(Forbidden, match="financeur"):
        decide(registry, pole, POLE)
    made = in_force(registry, pole)

    for by, command in (
        (FUNDER, ClaimTranche(commitment=made, tranche="first")),
        (POLE, ApproveTranche(commitment=made, tranche="first")),
        (FUNDER, PayTranche(commitment=made, tranche="first", reference="VIR")),
        (POLE, FindCondition(commitment=made, condition="jobs", met=True, reasons="vu")),
    ):
        with pytest.raises(Forbidden):
            do(registry, command, by)


def test_one_account_in_three_roles_is_one_person(registry: Registry, pole: PoleId) -> None:
    made = in_force(registry, pole)
    meet(registry, made, "statutes")
    claim(registry, made, "first")

    with pytest.raises(OwnClaim):
        approve(registry, made, "first", by=commitments.person(1, Role.FUNDER))
    approve(registry, made, "first")
    with pytest.raises(OwnApproval):
        pay(registry, made, "first", by=commitments.person(2, Role.PAYER))
    pay(registry, made, "first")

    assert load(registry, made).paid_on(make.TODAY) == 4_000_000


def test_evidence_is_on_the_file_of_the_pole(registry: Registry, pole: PoleId) -> None:
    made = in_force(registry, pole)
    command = ReportCondition(commitment=made, condition="statutes", documents=(UUID(int=9),))

    with pytest.raises(UnknownEvidence):
        do(registry, command, POLE)


def test_nothing_is_paid_while_it_is_suspended_the_pole_heard(
    registry: Registry, pole: PoleId
) -> None:
    made = in_force(registry, pole)
    meet(registry, made, "statutes", "2024-02-01")
    claim(registry, made, "first", "2024-02-01")
    with pytest.raises(HeardFirst):
        suspend(registry, made, "2024-03-01", heard="2024-03-02")
    suspend(registry, made, "2024-03-01", heard="2024-02-20")

    with pytest.raises(WhileSuspended, match="1er mars 2024"):
        approve(registry, made, "first", "2024-03-10")
    with pytest.raises(WhileSuspended):
        approve(registry, made, "first", "2024-02-10")
    do(registry, LiftSuspension(commitment=made, reasons="emplois créés"), on="2024-04-01")
    approve(registry, made, "first", "2024-04-01")
    pay(registry, made, "first", "2024-04-02")

    assert stage(registry, made, "2024-03-31") == "suspended"
    assert load(registry, made).paid_on(make.day("2024-04-02")) == 4_000_000


def test_a_small_amount_is_granted_without_a_convention(registry: Registry, pole: PoleId) -> None:
    small, large = decide(registry, pole, amount="23 000"), decide(registry, pole, amount=23_001)
    with pytest.raises(ClauseNotHeld, match="23 000"):
        do(registry, GrantWithoutConvention(commitment=large))
    do(registry, GrantWithoutConvention(commitment=small))
    approve(registry, small, "unique")
    pay(registry, small, "unique")

    assert load(registry, small).paid_on(make.TODAY) == 2_300_000
    assert stage(registry, large) == "decided"


def test_what_is_given_in_kind_is_never_money(registry: Registry, pole: PoleId) -> None:
    made = decide(
        registry,
        pole,
        support_kind=SupportKind.IN_KIND,
        amount=None,
        value="5 000",
        words="un local, un jour par semaine",
    )
    do(registry, GrantWithoutConvention(commitment=made))

    sheet = commitment_sheet(registry, made, at(registry))
    assert (sheet.amounts.agreed_cents, sheet.amounts.value_cents) == (0, 500_000)
    assert sheet.tranches == ()


def test_an_association_subscribes_the_contract_before_it_signs(
    registry: Registry, pole: PoleId
) -> None:
    made = decide(registry, pole, beneficiary_rna="W751234567")
    draft(registry, made)

    with pytest.raises(ClauseNotHeld, match="contrat d'engagement républicain"):
        sign(registry, made)
    sign(registry, made, cer=True)

    assert stage(registry, made) == "in_force"


def test_a_funder_that_withdraws_ends_it_and_what_was_paid_stays(
    registry: Registry, pole: PoleId
) -> None:
    made, fresh = in_force(registry, pole), decide(registry, pole)
    paid(registry, made, "first", "2024-02-01")
    for one in (made, fresh):
        withdrawn = WithdrawFunderFromCommitment(commitment=one, reasons="budget annulé")
        do(registry, withdrawn, on="2024-03-01")

    assert (stage(registry, made), stage(registry, fresh)) == ("terminated", "abandoned")
    sheet = commitment_sheet(registry, made, at(registry))
    assert sheet.withdrawn_on == date(2024, 3, 1)
    assert [t.standing for t in sheet.tranches] == [TrancheStanding.PAID, TrancheStanding.CANCELLED]
    assert sheet.next_tranche is None


def test_a_recovery_ends_when_all_is_back_or_given_up(registry: Registry, pole: PoleId) -> None:
    made = in_force(registry, pole)
    paid(registry, made, "first", "2024-02-01")
    move(registry, made, "terminate", "2024-03-01", reasons="activité arrêtée")
    do(
        registry,
        OrderRecovery(
            commitment=made,
            cause=RecoveryCause.NOT_SPENT,
            amount=10_000,
            instalments=[{"due_on": f"2024-0{n}-01", "amount": 5_000} for n in (4, 5)],
            reasons="non dépensé",
        ),
        on="2024-03-02",
    )
    received = ReceiveInstalment(commitment=made, amount=5_000, reference="REV-1")
    do(registry, received, PAYER, "2024-04-01")
    with pytest.raises(ClauseNotHeld, match="reversé"):
        move(registry, made, "complete_recovery", "2024-05-02")
    (line,) = commitment_sheet(registry, made, at(registry)).recoveries
    assert (line.left_cents, line.overdue_cents) == (500_000, 500_000)
    do(registry, WaiveRecovery(commitment=made, amount=5_000, reasons="remise"), on="2024-05-02")
    move(registry, made, "complete_recovery", "2024-05-02")

    assert stage(registry, made) == "closed"


# --- parties ------------------------------------------------------------------------------------


def test_a_beneficiary_is_replaced_and_a_siret_corrected_by_amendment(
    registry: Registry, pole: PoleId
) -> None:
    made = in_force(registry, pole)
    replaced = ReplaceBeneficiary(
        commitment=made, beneficiary="Coopérative d'essai", siret="35600000000048", reasons="fusion"
    )
    do(registry, replaced, on="2024-02-01")
    claim(registry, made, "first", "2024-02-02")
    corrected = CorrectSiret(commitment=made, siret="35600000049837", reasons="mauvais site")
    do(registry, corrected, on="2024-02-03")
    sheet = commitment_sheet(registry, made, at(registry))

    assert [who.siret for who in sheet.beneficiaries] == [
        commitments.OTHER_SIRET,
        "35600000000048",
        "35600000049837",
    ]
    assert sheet.tranches[0].standing is TrancheStanding.HELD
    assert "SIRET" in sheet.tranches[0].blocked_by[0]
    do(registry, ConfirmSiret(commitment=made), SECOND, "2024-02-04")
    sheet = commitment_sheet(registry, made, at(registry))
    assert sheet.tranches[0].standing is TrancheStanding.CLAIMED
    assert sheet.convention
    assert sheet.convention.amendments == 2


def test_nothing_is_granted_to_an_establishment_that_closed(
    registry: Registry, pole: PoleId
) -> None:
    do(registry, CloseEstablishment(siret=commitments.OTHER_SIRET), make.by(), "2024-01-10")

    with pytest.raises(EstablishmentClosed):
        decide(registry, pole)
    made = decide(registry, pole, on="2024-01-09")
    corrected = CorrectSiret(commitment=made, siret=commitments.OTHER_SIRET, reasons="essai")
    with pytest.raises(EstablishmentClosed):
        do(registry, corrected, on="2024-01-11")


def test_de_minimis_aid_is_counted_on_its_day_and_lowered_with_what_is_given_up(
    registry: Registry, pole: PoleId
) -> None:
    siren = commitments.OTHER_SIRET[:9]
    regime: dict[str, Any] = {"regime": Regime.DE_MINIMIS}

    def counted(on: str) -> int:
        found = registry.load(SingleUndertaking, enterprise(siren))
        assert found
        return sum(aid.cents_on(make.day(on)) for aid in found.aid_of(made, make.day(on)))

    with pytest.raises(HeadroomUnknown):
        decide(registry, pole, **regime)
    do(registry, AttestAids(siren=siren, name="Association d'essai"), make.by(), "2024-01-10")
    with pytest.raises(AboveCeiling):
        decide(registry, pole, amount=300_001, **regime)
    made = in_force(registry, pole, **regime)
    assert counted("2024-01-15") == 6_000_000
    paid(registry, made, "first", "2024-02-01")
    withdrawn = WithdrawFunderFromCommitment(commitment=made, reasons="budget annulé")
    do(registry, withdrawn, on="2024-03-01")

    assert (counted("2024-02-28"), counted("2024-03-01")) == (6_000_000, 4_000_000)


def test_a_wrong_siret_takes_with_it_only_what_was_counted_for_its_enterprise(
    registry: Registry, pole: PoleId
) -> None:
    regime: dict[str, Any] = {"regime": Regime.DE_MINIMIS}
    wrong, right = "35600000000048", "73282932000074"
    for siret in (commitments.OTHER_SIRET, wrong, right):
        attested = AttestAids(siren=siret[:9], name="Organisation d'essai")
        do(registry, attested, make.by(), "2024-01-10")
    made = in_force(registry, pole, funder_siret="13002526500013", **regime)
    paid(registry, made, "first", "2024-02-01")
    passed = ReplaceBeneficiary(
        commitment=made, beneficiary="Coopérative d'essai", siret=wrong, reasons="fusion"
    )
    do(registry, passed, on="2024-02-10")
    do(registry, CorrectSiret(commitment=made, siret=right, reasons="erreur"), on="2024-02-11")

    counted = []
    for siret in (commitments.OTHER_SIRET, wrong, right):
        found = registry.load(SingleUndertaking, enterprise(siret[:9]))
        assert found
        day = make.day("2024-02-11")
        counted.append(sum(aid.cents_on(day) for aid in found.aid_of(made, day)))
    assert counted == [4_000_000, 0, 2_000_000]


def test_what_was_given_in_kind_still_counts_once_the_commitment_is_terminated(
    registry: Registry, pole: PoleId
) -> None:
    siren = commitments.OTHER_SIRET[:9]
    do(registry, AttestAids(siren=siren, name="Association d'essai"), make.by(), "2024-01-10")
    in_kind = {"support_kind": SupportKind.IN_KIND, "amount": None, "words": "un local"}
    counted = []
    for way in ("terminate", "abandon"):
        given: dict[str, Any] = {**in_kind, "value": 10_000, "regime": Regime.DE_MINIMIS}
        made = decide(registry, pole, **given)
        if way == "terminate":
            do(registry, GrantWithoutConvention(commitment=made))
        move(registry, made, way, "2024-02-01", reasons="sans suite")
        found = registry.load(SingleUndertaking, enterprise(siren))
        assert found
        day = make.day("2024-02-01")
        counted.append(sum(aid.cents_on(day) for aid in found.aid_of(made, day)))

    assert counted == [1_000_000, 0]


def test_a_commitment_is_to_the_pole_that_carries_the_project(
    registry: Registry, pole: PoleId
) -> None:
    from application.project import ProposeProject

    other = commitments.pole(registry, "Autre pôle d'essai")
    proposed = ProposeProject(pole=other, title="Projet d'essai", words="Un essai.")
    project = do(registry, proposed, make.by(), "2024-01-02")

    with pytest.raises(CarriedElsewhere):
        decide(registry, pole, project=project)


# --- what else it concerns ----------------------------------------------------------------------


def test_a_pole_does_not_end_while_a_commitment_is_open(tmp_path: Path) -> None:
    clock = make.Clock(datetime(2026, 12, 10, 10, tzinfo=UTC))
    with commitments.registry(tmp_path, clock) as registry:
        from application.pole import RegisterPole

        pole = PoleId(do(registry, RegisterPole(name="Pôle d'essai"), make.by(), "2026-11-24"))
        made = decide(registry, pole, on="2026-12-01")
        end = MovePole(pole=pole, transition="end", input={"reason": "dissolved"})
        with pytest.raises(ClauseNotHeld, match="engagement financier"):
            do(registry, end, make.by(), "2026-12-02")
        move(registry, made, "abandon", "2026-12-03", reasons="sans suite")
        do(registry, end, make.by(), "2026-12-03")

        found = registry.load(Pole, pole)
        assert found
        assert (found.journey, found.state_on(make.day("2026-12-03"))) == (
            "pole@2026-11-23",
            "ended",
        )


def test_two_approvals_at_the_same_instant_leave_exactly_one(
    registry: Registry, pole: PoleId
) -> None:
    made = in_force(registry, pole)
    meet(registry, made, "statutes")
    claim(registry, made, "first")

    def approve_it(number: int) -> str:
        try:
            approve(registry, made, "first", by=(FUNDER, SECOND)[number % 2])
        except TrancheElsewhere:
            return "refused"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(approve_it, range(4)))

    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
    events = [recorded.event for recorded in registry.history(made)]
    assert sum(isinstance(event, Commitment.TrancheApproved) for event in events) == 1
    assert load(registry, made).approved_on(make.TODAY) == 4_000_000


def test_its_history_is_told_in_words_with_that_of_its_pole(
    registry: Registry, pole: PoleId
) -> None:
    made = in_force(registry, pole)
    paid(registry, made, "first")
    told = {
        line.title: line.detail for line in history_of(registry, "commitment", made, at(registry))
    }

    assert "Ministère d'essai" in told["Engagement financier décidé"]
    assert told["Tranche payée"].startswith("Première tranche : 40\u202f000\xa0€")
    assert not [title for title in told if title.startswith("commitment.")]

    of_pole = {line.title: line.detail for line in pole_history(registry, pole, at(registry))}
    assert of_pole["Tranche payée"] == told["Tranche payée"]
    assert of_pole["Condition constatée remplie"] == told["Condition constatée remplie"]


# --- deadlines ----------------------------------------------------------------------------------


def test_essential_data_and_reports_are_awaited_by_their_days(
    registry: Registry, pole: PoleId, clock: make.Clock
) -> None:
    made = in_force(registry, pole)

    def due(on: str) -> dict[str, date | None]:
        sheet = commitment_sheet(registry, made, at(registry, on))
        return {line.deadline: line.due for line in sheet.deadlines}

    assert due("2024-02-01") == {
        "period": date(2024, 12, 31),
        "essential_data": date(2024, 4, 15),
    }
    registry.do(TickDeadlines(cases=(made,)), make.by(Role.SYSTEM))
    told = [r.event for r in registry.history(made) if isinstance(r.event, FellDue)]
    assert [event.deadline for event in told] == ["essential_data"]
    published = PublishEssentialData(commitment=made, where="data.gouv.example")
    do(registry, published, on="2024-06-01")

    assert "essential_data" not in due("2024-06-03")
    assert "essential_data" in due("2024-05-31")


def test_the_financial_report_is_awaited_once_money_is_paid(
    registry: Registry, pole: PoleId
) -> None:
    made = in_force(registry, pole)

    def due(on: str) -> date | None:
        sheet = commitment_sheet(registry, made, at(registry, on))
        return next((d.due for d in sheet.deadlines if d.deadline == "financial_report"), None)

    meet(registry, made, "statutes", "2024-02-01")
    claim(registry, made, "first", "2024-02-02")
    approve(registry, made, "first", "2024-02-05")
    pay(registry, made, "first", "2024-02-10")

    assert due("2024-02-09") is None
    assert due("2024-02-10") == date(2025, 6, 30)


# --- the sheet ----------------------------------------------------------------------------------


def test_the_sheet_says_what_blocks_the_next_tranche(registry: Registry, pole: PoleId) -> None:
    made = in_force(registry, pole)
    before = commitment_sheet(registry, made, at(registry))
    meet(registry, made, "statutes", "2024-02-01")
    claim(registry, made, "first", "2024-02-02")
    after = commitment_sheet(registry, made, at(registry))

    assert before.next_tranche == after.next_tranche == "first"
    assert before.tranches[0].blocked_by == (
        "Condition « Les statuts sont déposés » à remplir (pièce : statuts).",
        "Le bénéficiaire ne l'a pas encore demandée.",
    )
    assert after.tranches[0].blocked_by == (
        "Une autre personne que qui l'a demandée doit l'approuver.",
    )
    assert "vient avant" in after.tranches[1].blocked_by[0]
    assert [c.standing for c in after.conditions] == [
        ConditionStanding.MET,
        ConditionStanding.PENDING,
    ]
    assert [c.needs for c in after.conditions][1] == "emplois créés : au moins 3"
    assert after.conditions_met == 1


def test_the_sheet_is_that_of_the_day_asked_about(registry: Registry, pole: PoleId) -> None:
    made = in_force(registry, pole)
    known = registry.journal.size()
    paid(registry, made, "first", "2024-02-01")

    past = commitment_sheet(registry, made, at(registry, "2024-01-31"))
    unknown = commitment_sheet(registry, made, at(registry, known=known))
    now = commitment_sheet(registry, made, at(registry))
    amounts = [sheet.amounts.paid_cents for sheet in (past, unknown, now)]
    assert amounts == [0, 0, 4_000_000]
    assert now.funder.name == "Ministère d'essai"
    with pytest.raises(JalonError):
        commitment_sheet(registry, made, at(registry, "2023-12-31"))


def test_the_other_side_of_the_page_says_what_the_pole_undertook(
    registry: Registry, pole: PoleId
) -> None:
    from application.undertaking import ExtendUndertaking, ReportUndertaking
    from domain.charter import CharterSignature
    from tests.application import test_charter

    test_charter.publish(registry)
    signed = registry.do(test_charter.sign(pole), make.by()).answer
    do(registry, FollowUpSignature(signature=signed), make.by(), "2024-01-02")
    signature = registry.load(CharterSignature, signed)
    assert signature
    first, _ = signature.undertakings
    extended = ExtendUndertaking(undertaking=first, due=date(2024, 9, 1), reasons="convenu")
    do(registry, extended, make.by(), "2024-01-03")
    made = in_force(registry, pole)
    minutes = commitments.piece(registry, made)
    reported = ReportUndertaking(undertaking=first, words="réunis", documents=(minutes,))
    do(registry, reported, POLE, "2024-02-01")

    sheet = commitment_sheet(registry, made, at(registry))
    assert [line.words for line in sheet.undertakings] == ["se réunir", "rendre compte"]
    assert sheet.undertakings[0].due == date(2024, 9, 1)
    assert [document.id for document in sheet.undertakings[0].documents] == [minutes]


def test_what_is_wanting_to_go_on_is_told(registry: Registry, pole: PoleId) -> None:
    made = decide(registry, pole)
    ways = {way.transition: way for way in ways_of(registry, "commitment", made, at(registry))}

    assert set(ways) == {"draft_convention", "grant_without_convention", "abandon"}
    assert ways["abandon"].status == "needs_input"


# --- after a dossier ----------------------------------------------------------------------------


def test_a_commitment_follows_an_announced_decision_and_comes_to_no_more(tmp_path: Path) -> None:
    from application.journey import PublishJourney
    from infrastructure.reference import shipped_journeys
    from tests.application.dossiers import SELECT, season

    with season(tmp_path) as made:
        registry = made.desk.registry
        for journey in shipped_journeys():
            if journey.id == "commitment":
                registry.do(PublishJourney(journey=journey), make.by(Role.ADMINISTRATOR))
        (dossier,) = made.deliberated(1)
        made.session({dossier: SELECT}, amount="10000")
        pole = PoleId(made.load(dossier).pole)
        about: dict[str, Any] = {"dossier": DossierId(dossier), "on": "2024-07-22"}
        with pytest.raises(NotAnnounced):
            decide(registry, pole, amount=10_000, **about)
        made.announce("2024-07-22")
        with pytest.raises(ExceedsAward):
            decide(registry, pole, amount=10_001, **about)
        first = decide(registry, pole, amount=6_000, **about)
        with pytest.raises(ExceedsAward):
            decide(registry, pole, amount=4_001, **about)
        decide(registry, pole, amount=4_000, **about)

        assert load(registry, first).project == made.load(dossier).project
        move(registry, first, "abandon", "2024-07-22", reasons="repris par un autre financeur")
        decide(registry, pole, amount=6_000, **about)
