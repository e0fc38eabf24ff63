"""Who has an account acts in the roles it holds today, about what it holds them, and no further."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.account import GrantRole, OpenAccount, SuspendAccount, WithdrawRole
from application.command import By, Command, Work
from application.document_reading import NotForThisRole, may_read
from application.dossier_sheet import may_review
from application.erasure import may_decide
from application.exchange import may_watch
from application.mandate import GiveMandate, RevokeMandate
from application.pole import LocatePole, NoteContact, RegisterPole, RenamePole
from application.privacy_request_sheet import may_read_requests
from application.session_reading import may_read as may_read_session
from domain.account import (
    AccountIsSuspended,
    AdministersAlone,
    BeyondThePrincipal,
    GrantId,
    OutsideYourReach,
    RoleNotGranted,
)
from domain.dates import PartialDate
from domain.errors import Forbidden
from domain.mandate import (
    MandateSourceWanted,
    NeverByMandate,
    NotYoursToGive,
    NotYoursToRevoke,
    OutsideItsReach,
)
from domain.pole import Pole, PoleId, Territory
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from tests import make
from tests.application import commitments as money
from tests.application import committees

ADMIN = make.by(Role.ADMINISTRATOR)


@dataclass
class Office:
    """A registry, and people who have accounts in it."""

    registry: Registry
    clock: make.Clock
    grants: dict[tuple[AccountId, Role], GrantId] = field(default_factory=dict)

    def account(self, *held: tuple[Role, str]) -> AccountId:
        """Somebody who holds some roles, each about something."""
        address = Personal(text=f"{uuid4().hex}@exemple.fr")
        opened = OpenAccount(name=Personal(text="Ada"), address=address)
        account = AccountId(self.registry.do(opened, ADMIN).answer)
        for role, relation in held:
            self.grant(account, role, relation)
        return account

    def grant(self, account: AccountId, role: Role, relation: str, **dated: Any) -> None:
        grant = GrantRole(account=account, for_role=role, relation=relation, **dated)
        self.grants[account, role] = GrantId(self.registry.do(grant, ADMIN).answer)

    def pole(self, name: str, region: str | None = None) -> PoleId:
        pole = PoleId(self.registry.do(RegisterPole(name=name), make.by()).answer)
        if region:
            where = LocatePole(pole=pole, territory=Territory(region=region))
            self.registry.do(where, make.by())
        return pole

    def do(
        self, command: Command, account: AccountId, role: Role, under: UUID | None = None
    ) -> Any:
        by = By(actor=account, role=role, on_behalf_of=MandateId(under) if under else None)
        return self.registry.do(command, by).answer


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = make.Clock()
    with make.registry(tmp_path, clock=clock) as made:
        yield Office(made, clock)


REP = Role.POLE_REPRESENTATIVE


def test_a_role_that_is_not_held_is_not_acted_in(office: Office) -> None:
    pole = office.pole("Tétris")
    somebody = office.account((Role.FUNDER, "everywhere"))

    with pytest.raises(RoleNotGranted, match="Rôles que vous tenez : financeur"):
        office.do(RenamePole(pole=pole, name="Autre"), somebody, REP)
    with pytest.raises(RoleNotGranted):
        office.do(RenamePole(pole=pole, name="Autre"), somebody, Role.SYSTEM)


def test_a_role_reaches_what_it_is_held_about(office: Office) -> None:
    mine, other = office.pole("Tétris"), office.pole("Autre")
    somebody = office.account((REP, f"pole:{mine}"))

    office.do(RenamePole(pole=mine, name="Trézor"), somebody, REP)
    with pytest.raises(OutsideYourReach, match="représentant du pôle"):
        office.do(RenamePole(pole=other, name="Trézor"), somebody, REP)

    found = office.registry.load(Pole, other)
    assert found
    assert found.names[-1].value == "Autre"


def test_a_role_held_for_a_region_reaches_its_poles(office: Office) -> None:
    here, there = office.pole("Tétris", "Bretagne"), office.pole("Autre", "Grand Est")
    somebody = office.account((Role.REGIONAL_COORDINATOR, "region:bretagne"))
    contact = NoteContact(pole=here, channel="courriel", outcome="joint")

    office.do(contact, somebody, Role.REGIONAL_COORDINATOR)
    with pytest.raises(OutsideYourReach):
        office.do(contact.model_copy(update={"pole": there}), somebody, Role.REGIONAL_COORDINATOR)


def test_what_concerns_the_whole_register_asks_for_a_role_held_everywhere(office: Office) -> None:
    somebody = office.account((Role.REGISTRAR, "region:Bretagne"))

    with pytest.raises(OutsideYourReach):
        office.do(RegisterPole(name="Nouveau"), somebody, Role.REGISTRAR)
    office.grant(somebody, Role.REGISTRAR, "everywhere")
    office.do(RegisterPole(name="Nouveau"), somebody, Role.REGISTRAR)


def test_a_role_is_held_today_whatever_the_day_of_the_fact(office: Office) -> None:
    pole = office.pole("Tétris")
    somebody = office.account((Role.REGISTRAR, "everywhere"))
    past = RenamePole(pole=pole, name="Alors", occurred_on=PartialDate("2012"))

    office.do(past, somebody, Role.REGISTRAR)
    withdraw = WithdrawRole(account=somebody, grant=office.grants[somebody, Role.REGISTRAR])
    office.clock.advance(days=1)
    office.registry.do(withdraw, ADMIN)

    with pytest.raises(RoleNotGranted):
        office.do(past, somebody, Role.REGISTRAR)


def test_a_deputy_for_a_time_holds_the_role_for_that_time(office: Office) -> None:
    pole = office.pole("Tétris")
    somebody = office.account()
    until = make.TODAY + timedelta(days=10)
    office.grant(somebody, REP, f"pole:{pole}", valid_to=until)

    office.do(RenamePole(pole=pole, name="Trézor"), somebody, REP)
    office.clock.advance(days=10)

    with pytest.raises(RoleNotGranted):
        office.do(RenamePole(pole=pole, name="Tétris"), somebody, REP)


def test_a_suspended_account_does_nothing(office: Office) -> None:
    pole = office.pole("Tétris")
    somebody, deputy = office.account((REP, f"pole:{pole}")), office.account()
    mandate = office.do(_deputy(deputy, somebody, f"pole:{pole}"), somebody, REP)
    office.registry.do(SuspendAccount(account=somebody), ADMIN)

    with pytest.raises(AccountIsSuspended):
        office.do(RenamePole(pole=pole, name="Trézor"), somebody, REP)
    with pytest.raises(BeyondThePrincipal):
        office.do(RenamePole(pole=pole, name="Trézor"), deputy, REP, mandate)


def test_a_withdrawal_at_the_same_moment_wins(office: Office) -> None:
    pole = office.pole("Tétris")
    somebody = office.account((REP, f"pole:{pole}"))
    withdraw = WithdrawRole(account=somebody, grant=office.grants[somebody, REP])
    tried: list[Any] = []

    class _Meanwhile(RenamePole, by=(REP,)):
        """Rename a pole while the role is being withdrawn."""

        def execute(self, work: Work) -> UUID:
            answer = super().execute(work)
            if not tried:
                tried.append(office.registry.do(withdraw, ADMIN))
            return answer

    with pytest.raises(RoleNotGranted):
        office.do(_Meanwhile(pole=pole, name="Trézor"), somebody, REP)
    assert tried


# --- what a funder reaches ------------------------------------------------------------------------


@pytest.mark.parametrize("relation", ["organisation:Ministère d'essai", "everywhere"])
def test_a_funder_reaches_its_own_commitments(tmp_path: Path, relation: str) -> None:
    with money.registry(tmp_path) as books:
        office = Office(books, make.Clock())
        pole = money.pole(books)
        own, other = (
            office.account((Role.FUNDER, relation)),
            office.account((Role.FUNDER, "organisation:Autre financeur")),
        )

        money.decide(books, pole, By(actor=own, role=Role.FUNDER))
        with pytest.raises(OutsideYourReach):
            money.decide(books, pole, By(actor=other, role=Role.FUNDER))


# --- mandates ------------------------------------------------------------------------------------


def _deputy(
    holder: AccountId, principal: AccountId | str, relation: str, **more: Any
) -> GiveMandate:
    party = principal if isinstance(principal, str) else f"account:{principal}"
    given = {"for_role": REP, "principal": party, "holder": holder, "relation": relation}
    return GiveMandate.model_validate(given | more)


def test_a_deputy_does_no_more_than_the_principal_holds_today(office: Office) -> None:
    mine, other = office.pole("Tétris"), office.pole("Autre")
    somebody, deputy = office.account((REP, f"pole:{mine}")), office.account()

    with pytest.raises(OutsideYourReach):
        office.do(_deputy(deputy, somebody, f"pole:{other}"), somebody, REP)
    mandate = office.do(_deputy(deputy, somebody, f"pole:{mine}"), somebody, REP)
    office.do(RenamePole(pole=mine, name="Trézor"), deputy, REP, mandate)
    with pytest.raises(OutsideItsReach):
        office.do(RenamePole(pole=other, name="Trézor"), deputy, REP, mandate)
    withdraw = WithdrawRole(account=somebody, grant=office.grants[somebody, REP])
    office.registry.do(withdraw, ADMIN)

    with pytest.raises(BeyondThePrincipal, match="rien"):
        office.do(RenamePole(pole=mine, name="Tétris"), deputy, REP, mandate)


def test_nobody_gives_for_another_but_on_a_document(office: Office) -> None:
    pole = office.pole("Tétris")
    funder, deputy = office.account((Role.FUNDER, "everywhere")), office.account()
    registrar = office.account((Role.REGISTRAR, "everywhere"))
    of_pole = _deputy(deputy, f"pole:{pole}", f"pole:{pole}")

    with pytest.raises(NotYoursToGive):
        office.do(of_pole, funder, Role.FUNDER)
    with pytest.raises(NotYoursToGive):  # it is theirs to give, and nobody's on their behalf
        office.do(_deputy(deputy, funder, f"pole:{pole}"), registrar, Role.REGISTRAR)
    with pytest.raises(MandateSourceWanted):
        office.do(of_pole, registrar, Role.REGISTRAR)
    administers = of_pole.model_copy(update={"for_role": Role.ADMINISTRATOR})
    with pytest.raises(NeverByMandate):
        office.do(administers, registrar, Role.REGISTRAR)
    shown = of_pole.model_copy(update={"source": "délibération du 3 mai"})
    mandate = office.do(shown, registrar, Role.REGISTRAR)

    with pytest.raises(NotYoursToRevoke):
        office.do(RevokeMandate(mandate_id=MandateId(mandate)), funder, Role.FUNDER)
    office.do(RenamePole(pole=pole, name="Trézor"), deputy, REP, mandate)
    office.do(RevokeMandate(mandate_id=MandateId(mandate)), deputy, Role.PUBLIC)


def test_who_administers_accounts_acts_under_no_mandate(office: Office) -> None:
    pole = office.pole("Tétris")
    administrator = office.account((Role.ADMINISTRATOR, "everywhere"))
    given = _deputy(administrator, "organisation:Réseau", "everywhere")
    mandate = office.registry.do(given, make.by()).answer

    with pytest.raises(AdministersAlone):
        office.do(RenamePole(pole=pole, name="Trézor"), administrator, REP, mandate)
    with pytest.raises(Forbidden):
        office.do(RenamePole(pole=pole, name="Trézor"), administrator, Role.ADMINISTRATOR)


# --- questions -----------------------------------------------------------------------------------


def asks(account: AccountId, role: Role) -> By:
    return By(actor=account, role=role)


def test_one_reads_within_what_one_holds(office: Office) -> None:
    mine, other = office.pole("Tétris", "Bretagne"), office.pole("Autre")
    somebody = office.account((REP, f"pole:{mine}"), (Role.REGISTRAR, "region:Bretagne"))
    today = make.TODAY

    for role in (REP, Role.REGISTRAR):
        may_read(office.registry, asks(somebody, role), mine, today)
        for beyond in (other, None):
            with pytest.raises(OutsideYourReach):
                may_read(office.registry, asks(somebody, role), beyond, today)
    with pytest.raises(RoleNotGranted):
        may_read(office.registry, asks(somebody, Role.AUDITOR), mine, today)
    with pytest.raises(NotForThisRole):
        may_read(office.registry, asks(somebody, Role.PUBLIC), mine, today)


def test_what_is_asked_of_everything_takes_a_role_held_everywhere(office: Office) -> None:
    pole = office.pole("Tétris")
    some = office.account((Role.DPO, f"pole:{pole}"))
    every = office.account((Role.DPO, "everywhere"))

    for ask in (may_watch, may_read_requests, may_decide):
        with pytest.raises(OutsideYourReach):
            ask(office.registry, asks(some, Role.DPO), make.TODAY)
        ask(office.registry, asks(every, Role.DPO), make.TODAY)


def test_what_a_committee_does_is_read_by_who_holds_its_call(tmp_path: Path) -> None:
    with committees.registry(tmp_path) as registry:
        office = Office(registry, make.Clock())
        call = committees.call(registry)
        (dossier,) = committees.dossiers(registry, call, 1)
        today = make.TODAY
        own = office.account((Role.SECRETARY, f"call:{call}"))
        other = office.account((Role.SECRETARY, f"call:{uuid4()}"))

        for ask, about in ((may_read_session, call), (may_review, dossier)):
            ask(registry, asks(own, Role.SECRETARY), about, today)
            with pytest.raises(OutsideYourReach):
                ask(registry, asks(other, Role.SECRETARY), about, today)
