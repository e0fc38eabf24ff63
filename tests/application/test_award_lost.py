"""An award is withdrawn: nothing more is signed, claimed, approved or paid of what follows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from application.announcement import WithdrawAward
from application.case_sheet import history_of
from application.commitment_award import AwardStandsNoMore, NotAnnounced
from application.commitment_list import COMMITMENTS
from application.commitment_sheet import CommitmentSheet, commitment_sheet
from application.convention import AmendConvention
from application.dossier_sheet import dossier_sheet
from application.journey import PublishJourney
from application.ledger import Amounts, ledger
from application.recovery import OrderRecovery
from application.single_undertaking import AttestAids
from domain.after_award import AwardIsWithdrawn
from domain.award import WithdrawalGround
from domain.commitment import CommitmentId
from domain.dossier import DossierId
from domain.pole import PoleId
from domain.project import ProjectId
from domain.recovery import RecoveryCause
from domain.roles import Role
from domain.single_undertaking import SingleUndertaking, undertaking_of
from infrastructure.event_store.registry import Registry
from infrastructure.reference import shipped_journeys
from tests import make
from tests.application import commitments as money
from tests.application import committees
from tests.application.dossiers import REJECT, SECRETARY, SELECT, Season, season

WITHDRAWN = "2024-10-01"
"""The day from which the award is withdrawn, unless said."""
LAST = "2024-12-31"
ABOUT: dict[str, Any] = {
    "evaluation": "par un tiers",
    "evaluation_paid_by": "le financeur",
    "follow_up": "deux réunions par an",
    "follow_up_paid_by": "le pôle",
    "tranches": (
        {"id": "first", "title": "Première tranche", "kind": "interim", "amount": 6_000},
        {
            "id": "balance",
            "title": "Solde",
            "kind": "balance",
            "amount": 4_000,
            "conditions": ["jobs"],
        },
    ),
}


@dataclass(frozen=True)
class Awarded:
    """A dossier that was selected for 10 000 €, on 22 July 2024, and its pole."""

    season: Season
    dossier: DossierId

    @property
    def books(self) -> Registry:
        return self.season.desk.registry

    @property
    def pole(self) -> PoleId:
        return PoleId(self.season.load(self.dossier).pole)

    @property
    def project(self) -> ProjectId:
        return ProjectId(self.season.load(self.dossier).project)

    def decided(self, on: str = "2024-08-01", **more: Any) -> CommitmentId:
        given = {"amount": 10_000, "dossier": self.dossier, **more}
        return money.decide(self.books, self.pole, on=on, **given)

    def drafted(self, on: str = "2024-08-01", **more: Any) -> CommitmentId:
        made = self.decided(on, **more)
        money.draft(self.books, made, on, **ABOUT)
        return made

    def signed(self, on: str = "2024-08-01", **more: Any) -> CommitmentId:
        made = self.drafted(on, **more)
        money.sign(self.books, made, on)
        return made

    def withdraw(self, on: str | None = WITHDRAWN) -> None:
        given = WithdrawAward(
            dossier=self.dossier,
            award_ground=WithdrawalGround.CONDITIONS_NOT_MET,
            reasons="Le projet est arrêté.",
            heard_on=make.day("2024-07-22"),
        )
        self.season.do(given, SECRETARY, on)

    def sheet(self, commitment: CommitmentId, on: str = LAST) -> CommitmentSheet:
        return commitment_sheet(self.books, commitment, self.season.desk.moment(on))

    def totals(self, on: str = LAST, known: int | None = None) -> Amounts:
        return ledger(self.books, self.season.desk.moment(on, known)).totals


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Awarded]:
    with season(tmp_path) as made:
        for journey in shipped_journeys():
            if journey.id == "commitment":
                made.desk.registry.do(PublishJourney(journey=journey), make.by(Role.ADMINISTRATOR))
        selected, refused = made.deliberated(2)
        made.session({selected: SELECT, refused: REJECT})
        made.announce()
        made.at("2024-10-15T10:00")
        yield Awarded(made, selected)


# --- nothing more is done -----------------------------------------------------------------------


DAYS = (WITHDRAWN, "2024-10-10", "2024-09-01")
"""Its own day, one after it, one before it: nothing is decided of those any more."""


def test_no_convention_is_drafted_once_the_award_is_withdrawn(here: Awarded) -> None:
    made = here.decided()
    here.withdraw()

    for on in DAYS:
        with pytest.raises(AwardIsWithdrawn, match="1er octobre 2024"):
            money.draft(here.books, made, on, **ABOUT)
    assert here.sheet(made).stage == "decided"


def test_no_convention_is_signed_once_the_award_is_withdrawn(here: Awarded) -> None:
    made = here.drafted()
    here.withdraw()

    for on in DAYS:
        with pytest.raises(AwardIsWithdrawn):
            money.sign(here.books, made, on)
    assert here.sheet(made).stage == "convention_drafted"


ACTS: tuple[Callable[..., None], ...] = (money.claim, money.approve, money.pay)


@pytest.mark.parametrize("done", range(len(ACTS)))
def test_nothing_is_claimed_approved_nor_paid_once_the_award_is_withdrawn(
    here: Awarded, done: int
) -> None:
    made = here.signed()
    money.paid(here.books, made, "first", "2024-08-10")
    money.meet(here.books, made, "jobs", "2024-08-20")
    for act in ACTS[:done]:
        act(here.books, made, "balance", "2024-09-01")
    here.withdraw()

    for act in ACTS[done:]:
        with pytest.raises(AwardIsWithdrawn):
            act(here.books, made, "balance", WITHDRAWN)
    sheet = here.sheet(made)
    held = 4_000_00 if done == 2 else 0
    assert (sheet.amounts.paid_cents, sheet.amounts.approved_cents) == (6_000_00, 6_000_00 + held)
    assert (sheet.amounts.due_cents, sheet.amounts.held_cents) == (0, held)
    assert sheet.next_tranche is None


def test_what_was_paid_before_it_took_effect_is_recorded_even_later(here: Awarded) -> None:
    made = here.signed()
    money.meet(here.books, made, "statutes", "2024-08-02")
    money.claim(here.books, made, "first", "2024-08-03")
    money.approve(here.books, made, "first", "2024-08-04")
    here.withdraw()

    with pytest.raises(AwardIsWithdrawn):
        money.pay(here.books, made, "first", WITHDRAWN)
    money.pay(here.books, made, "first", "2024-09-30")

    assert here.sheet(made).amounts.paid_cents == 6_000_00
    assert here.totals().promised_cents == 6_000_00
    assert here.season.desk.rebuilt()


def test_an_amendment_may_lower_it_and_never_raises_it(here: Awarded) -> None:
    made = here.signed(amount=10_000)
    here.withdraw()

    def amend(amount: int, balance: int) -> None:
        tranches = [dict(one) for one in ABOUT["tranches"]]
        tranches[1]["amount"] = balance
        given = {"tranches": tuple(tranches), "amount": amount, "reasons": "avenant"}
        by = {"funder_signatory": "A", "beneficiary_signatory": "B"}
        command = AmendConvention.model_validate({"commitment": made, **given, **by})
        money.do(here.books, command, on="2024-10-10")

    with pytest.raises(AwardIsWithdrawn):
        amend(11_000, 5_000)
    amend(8_000, 2_000)
    assert here.sheet(made).amounts.agreed_cents == 8_000_00


def test_what_was_paid_can_still_be_asked_back(here: Awarded) -> None:
    made = here.signed()
    money.paid(here.books, made, "first", "2024-08-10")
    here.withdraw()
    money.move(here.books, made, "terminate", "2024-10-02", reasons="soutien retiré")
    asked = OrderRecovery(
        commitment=made, cause=RecoveryCause.UNLAWFUL, amount=5_000, reasons="soutien retiré"
    )
    money.do(here.books, asked, on="2024-10-03")

    amounts = here.sheet(made).amounts
    assert (amounts.ordered_cents, amounts.to_recover_cents) == (5_000_00, 5_000_00)
    assert here.sheet(made).stage == "recovery"


# --- backdated, and recorded late ---------------------------------------------------------------


def test_a_withdrawal_recorded_late_leaves_what_was_paid_meanwhile_on_record(
    here: Awarded,
) -> None:
    made = here.signed()
    money.paid(here.books, made, "first", "2024-08-10")
    known = here.season.desk.size
    here.withdraw("2024-08-05")  # takes effect before what was paid since

    assert here.sheet(made).amounts.paid_cents == 6_000_00
    told = [here.totals(on).promised_cents for on in ("2024-08-04", "2024-08-05", "2024-08-10")]
    assert told == [10_000_00, 0, 6_000_00]
    assert here.totals("2024-08-05", known).promised_cents == 10_000_00
    with pytest.raises(AwardIsWithdrawn):
        money.claim(here.books, made, "balance", "2024-10-15")
    assert here.season.desk.rebuilt()


def test_a_withdrawal_may_take_effect_before_the_commitment_was_decided(here: Awarded) -> None:
    _attest(here)
    made = here.decided("2024-09-01", regime="de_minimis")
    here.withdraw("2024-08-15")

    sheet = here.sheet(made, "2024-09-02")
    assert sheet.award_withdrawn_on == make.day("2024-08-15")
    decision = dossier_sheet(here.books, here.dossier, here.season.desk.moment(LAST)).decision
    assert decision
    assert [one.commitment for one in decision.touches] == [made]
    assert (_counted(here, "2024-08-31"), _counted(here, "2024-09-01")) == (0, 0)
    with pytest.raises(AwardIsWithdrawn):
        money.draft(here.books, made, "2024-09-02", **ABOUT)
    assert here.season.desk.rebuilt()


def _attest(here: Awarded) -> None:
    given = {"siren": money.OTHER_SIRET[:9], "name": "Association d'essai"}
    here.season.do(AttestAids.model_validate(given), on="2024-07-23")


def test_no_commitment_is_slipped_in_before_the_withdrawal(here: Awarded) -> None:
    here.withdraw()

    with pytest.raises(AwardStandsNoMore):
        here.decided("2024-09-01")
    with pytest.raises(NotAnnounced):
        here.decided("2024-10-02")


# --- selected again -----------------------------------------------------------------------------


def test_a_dossier_selected_again_restores_nothing_and_asks_for_a_new_decision(
    here: Awarded,
) -> None:
    made = here.signed()
    money.paid(here.books, made, "first", "2024-08-10")
    here.withdraw()
    again = here.season
    again.move(here.dossier, "reopen", SECRETARY, motive="erreur de droit")
    again.brought(here.dossier)
    held = committees.convene(
        here.books, again.call, [here.dossier], on="2024-10-15", held_at="2024-11-10T14:00"
    )
    again.at("2024-11-10T16:00")
    committees.open_(here.books, held, on="2024-11-10")
    committees.decide(here.books, held, here.dossier, SELECT, on="2024-11-10")
    again.at("2024-11-12T16:00")
    committees.approved(here.books, held, drawn="2024-11-11", approved="2024-11-12")
    again.announce()
    assert again.state(here.dossier) == "selected"

    with pytest.raises(AwardIsWithdrawn):
        money.claim(here.books, made, "balance", "2024-11-12")
    with pytest.raises(AwardStandsNoMore):  # of the award that was withdrawn
        here.decided("2024-09-01", amount=4_000)
    fresh = here.decided("2024-11-12", amount=4_000)  # what is left of what was decided

    totals = here.totals()
    assert (totals.promised_cents, totals.given_up_cents) == (10_000_00, 4_000_00)
    assert here.sheet(fresh).award_withdrawn_on is None


# --- what is told -------------------------------------------------------------------------------


def test_it_names_every_commitment_and_every_condition_that_counts_on_them(here: Awarded) -> None:
    made = here.signed()
    counting = {
        "id": "etat",
        "title": "L'État confirme",
        "kind": "co_funding",
        "funder": "Ministère d'essai",
        "tranches": ["first"],
    }
    region: dict[str, Any] = {"funder": "Région d'essai", "funder_siret": money.OTHER_SIRET}
    other = money.decide(here.books, here.pole, on="2024-08-02", project=here.project, **region)
    money.draft(here.books, other, "2024-08-02", conditions=(money.JOBS, counting))
    here.withdraw()

    at = here.season.desk.moment(LAST)
    decision = dossier_sheet(here.books, here.dossier, at).decision
    assert decision
    assert [(one.commitment, one.condition) for one in decision.touches] == [
        (made, None),
        (other, "etat"),
    ]
    told = history_of(here.books, "dossier", here.dossier, at)
    (said,) = [line.detail for line in told if line.title == "Soutien retiré"]
    assert said.endswith(
        "touche : l'engagement financier pole-fictif-1-engagement-1, "
        "la condition « L'État confirme » de l'engagement financier pole-fictif-1-engagement-2"
    )
    assert here.sheet(other).award_withdrawn_on is None


def test_the_sheet_the_list_the_history_and_the_ledger_say_so_from_its_day_on(
    here: Awarded,
) -> None:
    made = here.signed()
    before = here.season.desk.size
    here.withdraw()

    day = make.day(WITHDRAWN)
    assert [here.sheet(made, on).award_withdrawn_on for on in ("2024-09-30", LAST)] == [None, day]
    assert here.sheet(made).tranches[0].blocked_by == (
        "Le soutien dont il découle a été retiré, avec effet le 1er octobre 2024.",
    )
    desk = here.season.desk
    (line,) = desk.lines(COMMITMENTS, LAST)
    assert (line.award_withdrawn_on, line.stage_title) == (
        day,
        "en cours d'exécution ; soutien retiré",
    )
    for on, known in (("2024-09-30", None), (LAST, before)):
        (line,) = desk.lines(COMMITMENTS, on, known)
        assert (line.award_withdrawn_on, line.stage_title) == (None, "en cours d'exécution")
    titles = [line.title for line in history_of(here.books, "commitment", made, desk.moment(LAST))]
    assert "Soutien retiré" in titles
    (entry,) = ledger(here.books, desk.moment(LAST)).lines
    assert entry.award_withdrawn_on == day
    assert (entry.promised_cents, entry.given_up_cents) == (0, 10_000_00)
    assert (entry.late_cents, entry.to_come_cents, entry.conditions_late) == (0, 0, 0)
    assert desk.rebuilt()


def test_the_enterprise_has_its_headroom_back(here: Awarded) -> None:
    _attest(here)
    here.decided("2024-09-01", regime="de_minimis", amount=10_000)
    assert _counted(here, "2024-09-30") == 10_000_00
    here.withdraw()

    assert (_counted(here, "2024-09-30"), _counted(here, LAST)) == (10_000_00, 0)


def _counted(here: Awarded, on: str) -> int:
    found = here.books.load(SingleUndertaking, undertaking_of(money.OTHER_SIRET[:9]))
    assert found
    return sum(aid.cents_on(make.day(on)) for aid in found.aids.values())
