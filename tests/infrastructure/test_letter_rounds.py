"""Letters that what is recorded calls for: whom they reach, once each, and the daily digest."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from application.account import SuspendAccount
from application.campaign import ConfirmUnchanged, OpenCampaign, SendRequest
from application.command import By, Command
from application.committee import FillSeat
from application.mandate import GiveMandate
from application.pole import RegisterPole
from domain.dates import paris_day
from domain.errors import JalonError
from domain.message import Message, MessageKind
from domain.pole import PoleId
from domain.provenance import AccountId
from domain.roles import Role
from interfaces.wiring import Product, Settings
from tests.application import committees
from tests.interfaces.people import open_account
from tests.mail_server import Mailbox, mail_server
from tests.make import begin


class Office:
    """A registry that writes to those who have accounts, and the boxes where letters arrive."""

    def __init__(self, home: Path, smtp: str, mailbox: Mailbox) -> None:
        settings = Settings(
            home=home,
            database="",
            smtp=smtp,
            sender="registre@exemple.fr",
            address="https://registre.exemple.fr",
        )
        begin(settings)
        self.late = timedelta(0)
        self.product = Product(settings, lambda: datetime.now(UTC) + self.late)
        self.mailbox = mailbox
        self.product.rounds.go()

    def do(self, command: Command, role: Role = Role.REGISTRAR) -> UUID:
        return self.product.do(command, self.product.operator(role)).answer

    def person(self, address: str, role: Role, relation: str = "everywhere") -> AccountId:
        return open_account(self.product, role, relation, address)

    def pole(self, name: str = "Pôle fictif") -> PoleId:
        return PoleId(self.do(RegisterPole(name=name)))

    def campaign(self, *poles: PoleId) -> int:
        day = paris_day(self.product.clock())
        due = day + timedelta(days=40)
        self.do(OpenCampaign(year=day.year, question="Est-ce toujours vrai ?", due=due))
        for pole in poles:
            self.do(SendRequest(pole=pole, year=day.year))
        return day.year

    def written(self) -> list[tuple[str, str]]:
        """To whom letters went since this was asked last, and what about."""
        self.product.rounds.go()
        found = [(str(one["To"]), str(one["Subject"])) for one in self.mailbox.letters]
        self.mailbox.letters.clear()
        return found


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    mailbox = Mailbox()
    with mail_server(mailbox) as address:
        made = Office(tmp_path, address, mailbox)
        with closing(made.product):
            yield made


def test_who_represents_a_pole_is_reminded_and_has_a_receipt(office: Office) -> None:
    pole, other = office.pole("Pôle fictif des Rivières"), office.pole("Pôle fictif des Monts")
    mine = office.person("rivieres@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{pole}")
    office.person("monts@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{other}")
    office.person("coordination@exemple.fr", Role.COORDINATOR)
    assert office.written() == []

    year = office.campaign(pole)
    assert office.written() == [
        ("rivieres@exemple.fr", "Rappel : Campagne de mise à jour – Pôle fictif des Rivières")
    ]
    answer = ConfirmUnchanged(pole=pole, year=year)
    office.product.do(answer, By(actor=mine, role=Role.POLE_REPRESENTATIVE))
    office.product.rounds.go()
    (receipt,) = office.mailbox.letters
    assert receipt["To"] == "rivieres@exemple.fr"
    assert str(receipt["Subject"]).startswith("Reçu : ")
    assert f"https://registre.exemple.fr/poles/{pole}" in receipt.get_content()


def test_who_holds_a_mandate_of_the_pole_is_written_to_as_well(office: Office) -> None:
    pole = office.pole()
    holder = office.person("mandataire@exemple.fr", Role.AUDITOR)
    given = {
        "holder": holder,
        "principal": f"pole:{pole}",
        "for_role": Role.POLE_REPRESENTATIVE,
        "relation": f"pole:{pole}",
        "source": "délibération fictive",
    }
    office.do(GiveMandate.model_validate(given))
    office.campaign(pole)
    assert [to for to, _ in office.written()] == ["mandataire@exemple.fr"]


def test_who_sits_on_a_committee_is_convened(office: Office) -> None:
    registry = office.product.registry
    call = committees.call(registry)
    found = committees.load_call(registry, call).committee
    assert found
    member = office.person("membre@exemple.fr", Role.COMMITTEE_MEMBER)
    day = paris_day(office.product.clock())
    office.do(FillSeat(committee=found, seat="two", account=member))
    agenda = committees.dossiers(registry, call, 1)
    held = day + timedelta(days=40)
    committees.convene(registry, call, agenda, on=day.isoformat(), held_at=f"{held}T14:00")

    ((to, subject),) = office.written()
    assert to == "membre@exemple.fr"
    assert subject.startswith("Convocation : séance du comité, ")
    assert "14 h 00" in subject


def test_history_that_is_recorded_late_is_written_to_nobody(office: Office) -> None:
    registry = office.product.registry
    call = committees.call(registry)
    found = committees.load_call(registry, call).committee
    assert found
    member = office.person("membre@exemple.fr", Role.COMMITTEE_MEMBER)
    filled = FillSeat(committee=found, seat="two", account=member)
    committees.do(registry, filled, committees.COORDINATOR, "2024-01-20")
    committees.convene(registry, call, committees.dossiers(registry, call, 1))
    assert office.written() == []


def test_a_suspended_account_is_written_nothing(office: Office) -> None:
    pole = office.pole()
    account = office.person("pole@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{pole}")
    office.do(SuspendAccount(account=account, reason="départ"), Role.ADMINISTRATOR)
    office.campaign(pole)
    assert office.written() == []


def test_each_letter_leaves_once_however_often_a_round_is_made(office: Office) -> None:
    pole = office.pole()
    office.person("pole@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{pole}")
    office.campaign(pole)
    assert len(office.written()) == 1
    assert office.written() == []
    (noted,) = office.product.registry.told(Message.Sent)
    assert isinstance(noted.event, Message.Sent)
    assert noted.event.message_kind is MessageKind.REMINDER


def test_what_a_server_does_not_take_now_leaves_later_and_the_others_meanwhile(
    office: Office,
) -> None:
    one, two = office.pole("Pôle fictif un"), office.pole("Pôle fictif deux")
    for name, pole in (("un", one), ("deux", two)):
        office.person(f"{name}@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{pole}")
    office.mailbox.answer = "451 try again later"
    office.campaign(one, two)
    with pytest.raises(JalonError):
        office.product.rounds.go()
    assert office.mailbox.letters == []

    office.mailbox.answer = "250 OK"
    assert [to for to, _ in office.written()] == ["un@exemple.fr", "deux@exemple.fr"]


def test_what_does_not_leave_for_a_day_is_given_up_and_logged(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    pole = office.pole()
    office.person("pole@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{pole}")
    office.mailbox.answer = "451 try again later"
    office.campaign(pole)
    office.product.rounds.attempt()
    assert [record.levelname for record in caplog.records if "letters" in record.name] == [
        "WARNING"
    ]

    office.late = timedelta(days=2)
    office.product.rounds.attempt()
    assert "abandonné" in caplog.text
    office.mailbox.answer = "250 OK"
    assert not [subject for _, subject in office.written() if subject.startswith("Rappel")]


def test_once_a_day_and_only_of_what_is_new_somebody_is_told_what_waits(office: Office) -> None:
    mine, other = office.pole("Pôle fictif des Rivières"), office.pole("Pôle fictif des Monts")
    office.person("rivieres@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{mine}")
    office.person("monts@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{other}")
    office.late = timedelta(days=1)
    assert [to for to, _ in office.written()] == ["rivieres@exemple.fr", "monts@exemple.fr"]

    office.campaign(mine)
    office.written()
    office.late = timedelta(days=42)  # its answer is late since the day before
    assert office.written() == [
        ("rivieres@exemple.fr", "Ce qui vous attend au registre des PTCE : 1 chose de plus")
    ]
    assert office.written() == []
    office.late = timedelta(days=43)
    assert office.written() == []


def test_a_digest_says_what_waits_and_where(office: Office) -> None:
    pole = office.pole("Pôle fictif des Rivières")
    office.person("rivieres@exemple.fr", Role.POLE_REPRESENTATIVE, f"pole:{pole}")
    office.campaign(pole)
    office.written()
    office.late = timedelta(days=42)
    office.product.rounds.go()
    (letter,) = office.mailbox.letters
    text = letter.get_content()
    assert "- Pôle fictif des Rivières : répondre à la campagne de mise à jour" in text
    assert "https://registre.exemple.fr/a-faire" in text
