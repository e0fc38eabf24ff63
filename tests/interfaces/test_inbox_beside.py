"""What waits around the poles: each kind appears when it should, and no longer once it is done."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from application.accompaniment import ExtendAccompaniment, GrantAccompaniment, HandDeliverable
from application.awaited import NOTICE, THINGS, notice_of
from application.campaign import ConfirmUnchanged, OpenCampaign, RemindPole, SendRequest
from application.catalogue import COMMANDS
from application.charter import PublishCharter
from application.charter_signature import SignAsMember
from application.command import By, Command
from application.contest import AnswerContest, ContestFact
from application.contribution import PublishContribution, SendContribution
from application.document import AcceptDocument, FileDocument, SupersedeDocument
from application.exchange import RecordExchange
from application.following import AssignFollower
from application.inbox import InboxLine
from application.mandate import GiveMandate
from application.member import AddMember
from application.pole import LocatePole, RegisterPole
from application.recognition import AbandonFinding, ProposeFinding, ReplyToFinding
from application.undertaking import AssessUndertaking, ExtendUndertaking, ReportUndertaking
from application.vote import CloseVote, WithdrawVote
from application.world import Moment
from domain.dates import PartialDate, days_after
from domain.errors import Invalid
from domain.pole import PoleId, Territory
from domain.roles import Role
from domain.undertaking import Undertaking
from interfaces.questions import Questions
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import documents, make
from tests.application import voting
from tests.application.desk import Desk, desk, person
from tests.interfaces.conftest import registry
from tests.interfaces.shell import jalon
from tests.interfaces.test_web import Pages

TODAY = make.TODAY.isoformat()
FIRST, SECOND, THIRD = person(1), person(2), person(3)
PUBLIC, MODERATOR = person(4, Role.PUBLIC), person(5, Role.MODERATOR)
WORDS = "Un texte que personne n'a encore lu."


@dataclass
class Office:
    """A registry, what is asked of it, and poles that no other test speaks of."""

    desk: Desk
    questions: Questions
    poles: int = 0

    def pole(self, on: str = "2024-01-01") -> PoleId:
        self.poles += 1
        return self.desk.pole(f"Pôle fictif n° {self.poles}", on)

    def do(self, command: Command, on: str | None = TODAY, by: By = FIRST) -> UUID:
        return self.desk.do(command, on, by)

    def lines(
        self, pole: UUID | None, on: str = TODAY, known: int | None = None, **asked: Any
    ) -> list[InboxLine]:
        """What waits around a pole; every command told can be given with what is known of it."""
        self.desk.follower.catch_up()
        code = self.desk.load(pole).code if pole else ""
        found = [
            line
            for line in self.questions.inbox(
                self.desk.moment(on, known), **{"as_operator": True, **asked}
            )
            if line.code == code and line.waits[0].kind == "act"
        ]
        for (wait,) in (line.waits for line in found):
            assert set(wait.given) <= set(COMMANDS[wait.command].model_fields)
        return found

    def acts(self, pole: UUID | None, *asked: Any, **more: Any) -> set[str]:
        return {line.waits[0].id for line in self.lines(pole, *asked, **more)}

    def serves(self, by: By, role: Role, principal: str) -> UUID:
        """Somebody acts in a role, everywhere, for a principal; gives the account."""
        give = GiveMandate(
            holder=by.actor, principal=principal, for_role=role, relation="everywhere"
        )
        self.do(give, "2024-01-01", THIRD)
        return by.actor


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with (
        desk(tmp_path_factory.mktemp("beside")) as made,
        make.closing_engine(made.url) as engine,
    ):
        yield Office(made, Questions(engine, made.registry, made.clock))


# --- the declarations -----------------------------------------------------------------------------


def test_every_act_that_waits_is_a_command_with_its_own_name_and_somebody_to_do_it() -> None:
    for thing in THINGS.values():
        assert len({awaited.id for awaited in thing.awaits}) == len(thing.awaits)
        for awaited in thing.awaits:
            assert awaited.command in COMMANDS
            assert awaited.by
            assert thing.listed or awaited.ask


@given(end=st.dates(date(1900, 1, 1)), day=st.dates(date(1900, 1, 1)), begun=st.dates())
def test_an_end_is_told_from_its_notice_until_it_comes(end: date, day: date, begun: date) -> None:
    since = notice_of(end, Moment(known=0, in_force=day), begun)

    if since is None:
        assert day >= end or day < max(begun, days_after(end, -NOTICE))
    else:
        assert max(begun, days_after(end, -NOTICE)) == since <= day < end


# --- findings, contests, contributions ------------------------------------------------------------


def test_a_finding_waits_for_the_pole_and_then_for_a_second_person(office: Office) -> None:
    pole = office.pole()
    before = office.desk.size
    finding = office.do(
        ProposeFinding(pole=pole, code="constat", issuer="Registre fictif", evidence=("liste",))
    )
    asked = office.acts(pole), office.acts(pole, role=Role.POLE_REPRESENTATIVE)
    later = office.lines(pole, "2024-06-20")
    proposed = office.desk.size
    reply = {"recognition": finding, "position": "agrees"}
    office.do(ReplyToFinding.model_validate(reply), by=SECOND)
    heard = office.lines(pole)
    office.do(AbandonFinding.model_validate({"recognition": finding, "motive": "retiré"}))

    assert asked == ({"finding.reply"}, {"finding.reply"})
    assert [(line.waits[0].id, str(line.since)) for line in later] == [
        ("finding.second_person", "2024-06-18")
    ]
    assert [(line.waits[0].id, line.days) for line in heard] == [("finding.second_person", 0)]
    assert office.acts(pole) == set()
    assert office.acts(pole, known=before) == set()
    assert office.acts(pole, known=proposed) == {"finding.reply"}


def test_who_proposed_a_finding_is_not_waited_for_as_the_second(office: Office) -> None:
    pole = office.pole()
    first = office.serves(person(11), Role.REGISTRAR, "organisation:Une")
    second = office.serves(person(12), Role.REGISTRAR, "organisation:Autre")
    office.do(
        ProposeFinding(pole=pole, code="constat", issuer="Registre fictif", evidence=("liste",)),
        by=person(11),
    )

    assert office.acts(pole, "2024-06-20", person=first) == set()
    assert office.acts(pole, "2024-06-20", person=second) == {"finding.second_person"}


def test_a_contest_waits_for_its_answer_and_not_from_who_contests(office: Office) -> None:
    pole = office.pole()
    account = office.serves(person(13), Role.COORDINATOR, "organisation:Treize")
    fact = office.desk.registry.history(pole)[0].event.meta.event_id
    contest = office.do(
        ContestFact.model_validate(
            {"about": fact, "by_kind": "pole", "version": "Un autre nom", "person": None}
        ),
        "2024-05-01",
        person(13),
    )
    (line,) = office.lines(pole, role=Role.REGISTRAR)
    own = office.acts(pole, person=account)
    earlier = office.acts(pole, "2024-04-30")
    answer = {"contest": contest, "outcome": "rejected", "reasons": "l'inscription fait foi"}
    office.do(AnswerContest.model_validate(answer), "2024-06-01", SECOND)

    assert (line.waits[0].id, str(line.since), line.days) == ("contest.answer", "2024-05-01", 33)
    assert line.waits[0].given == {"contest": str(contest)}
    assert (own, earlier, office.acts(pole)) == (set(), set(), set())
    assert office.acts(pole, "2024-05-31") == {"contest.answer"}


def test_a_contribution_waits_for_moderation_and_shows_nothing_of_itself(office: Office) -> None:
    pole = office.pole()
    sent = {"pole": pole, "author": "Lou Exemple", "text": WORDS, "public_name": "Lou"}
    contribution = office.do(SendContribution.model_validate(sent), by=PUBLIC)
    (line,) = office.lines(pole, kind="contribution")
    others = office.acts(pole, role=Role.REGISTRAR)
    office.do(
        PublishContribution.model_validate({"contribution": contribution}), None, by=MODERATOR
    )

    assert line.waits[0].roles == (Role.MODERATOR,)
    shown = line.model_dump_json()
    assert WORDS not in shown
    assert "Lou" not in shown
    assert (others, office.acts(pole)) == (set(), set())


def test_that_a_contribution_waits_is_not_public(office: Office) -> None:
    pole = office.pole()
    sent = {"pole": pole, "author": "Lou Exemple", "text": WORDS}
    office.do(SendContribution.model_validate(sent), by=PUBLIC)

    assert office.acts(pole, as_operator=False) == set()
    assert office.acts(pole, as_operator=False, role=Role.MODERATOR) == set()


def test_what_an_unread_contribution_is_about_is_not_told_in_its_own_words(office: Office) -> None:
    sent = {"about": "Des mots qui blessent", "author": "Lou Exemple", "text": WORDS}
    office.do(SendContribution.model_validate(sent), by=PUBLIC)

    (line,) = office.lines(None, kind="contribution")

    assert line.name == "Contribution"
    assert "blessent" not in line.model_dump_json()


# --- documents and undertakings -------------------------------------------------------------------


def files(pole: PoleId, **more: Any) -> FileDocument:
    told = {"pole": pole, "kind": "minutes", "title": "Compte rendu", "content": documents.pdf()}
    return FileDocument.model_validate({**told, **more})


def test_a_document_waits_to_be_accepted_by_another_than_its_filer(office: Office) -> None:
    pole = office.pole()
    filer = office.serves(person(21), Role.REGISTRAR, "organisation:Vingt et un")
    other = office.serves(person(22), Role.INSTRUCTOR, "organisation:Vingt-deux")
    document = office.do(files(pole), "2024-05-20", person(21))
    (line,) = office.lines(pole)
    asked = office.acts(pole, person=filer), office.acts(pole, person=other)
    office.do(AcceptDocument.model_validate({"document": document}), by=SECOND)

    assert (line.waits[0].id, line.days, line.page) == (
        "document.acceptance",
        14,
        f"/documents/{document}",
    )
    assert asked == (set(), {"document.acceptance"})
    assert office.acts(pole) == set()


def test_a_document_that_expires_waits_for_the_next_one(office: Office) -> None:
    pole = office.pole()
    old = office.do(files(pole, expires="2024-07-31"), "2024-05-20")
    office.do(AcceptDocument.model_validate({"document": old}), "2024-05-21", SECOND)
    before, told = office.acts(pole, "2024-06-01"), office.lines(pole, "2024-06-10")
    new = office.do(files(pole, content=documents.pdf("Bonsoir")), "2024-05-25")
    office.do(AcceptDocument.model_validate({"document": new}), "2024-05-26", SECOND)
    office.do(SupersedeDocument.model_validate({"document": old, "by": new}), "2024-06-02")

    assert before == set()
    assert [(line.waits[0].id, str(line.since)) for line in told] == [
        ("document.successor", "2024-06-02")
    ]
    assert office.acts(pole, "2024-06-10") == set()


TEXT = (
    "Charte locale fictive\n\nI. Objet\n\nUne phrase.\n\nII. Engagements\n\n"
    "Les signataires s'engagent à :\n\n- se réunir.\n"
)


def test_a_late_undertaking_waits_for_who_is_bound_and_its_report_for_a_finding(
    office: Office,
) -> None:
    pole = office.pole()
    member = {"pole": pole, "member_kind": "ess_enterprise", "name": "Recyclerie fictive"}
    joined = office.do(AddMember.model_validate(member), "2024-01-01")
    charter = {"pole": pole, "charter_kind": "local", "version": "2024-01-10", "text": TEXT}
    office.do(PublishCharter.model_validate(charter), "2024-01-10")
    office.do(
        SignAsMember.model_validate(
            {
                "pole": pole,
                "member": joined,
                "charter": "2024-01-10",
                "capacity": "president",
                "place": "Ville fictive",
                "signatory": "Sam Exemple",
            }
        ),
        "2024-01-15",
        person(6, Role.MEMBER_ORGANISATION),
    )
    (undertaking,) = [
        recorded.stream
        for recorded in office.desk.registry.told(Undertaking.Given)
        if isinstance(recorded.event, Undertaking.Given) and recorded.event.pole == pole
    ]
    named = {"undertaking": undertaking}
    extend = {**named, "due": "2024-04-30", "reasons": "au printemps"}
    office.do(ExtendUndertaking.model_validate(extend), "2024-01-15")
    early, late = office.acts(pole, "2024-04-30"), office.lines(pole, "2024-05-10")
    coordinator = office.serves(person(31), Role.COORDINATOR, "organisation:Trente et un")
    reporter = office.serves(person(32), Role.COORDINATOR, "organisation:Trente-deux")
    report = ReportUndertaking.model_validate({**named, "words": "Réunion tenue en mai."})
    office.do(report, "2024-05-12", person(32))
    reported = office.acts(pole)
    persons = office.acts(pole, person=coordinator), office.acts(pole, person=reporter)
    found = {**named, "assessment": "kept", "reasons": "compte rendu public"}
    office.do(AssessUndertaking.model_validate(found), "2024-06-01", SECOND)

    assert early == set()
    assert [(line.waits[0].id, line.waits[0].roles, line.days) for line in late] == [
        ("undertaking.report", (Role.MEMBER_ORGANISATION,), 9)
    ]
    assert reported == {"undertaking.finding"}
    assert persons == ({"undertaking.finding"}, set())
    assert office.acts(pole) == set()
    assert office.acts(pole, "2024-05-10") == {"undertaking.report"}


# --- campaigns, accompaniments, following ---------------------------------------------------------


def test_a_campaign_waits_for_the_answer_from_the_reminder_or_once_it_is_due(
    office: Office,
) -> None:
    one, other = office.pole(), office.pole()
    opened = OpenCampaign(year=2024, question="Est-ce encore vrai ?", due=make.day("2024-05-01"))
    office.do(opened, "2024-03-01")
    for pole in (one, other):
        office.do(SendRequest(pole=pole, year=2024), "2024-03-01")
    office.do(RemindPole(pole=one, year=2024), "2024-04-01")

    assert office.acts(one, "2024-03-31") == set()
    assert office.acts(one, "2024-04-15") == {"update_request.answer"}
    assert office.acts(other, "2024-04-15") == set()
    assert office.acts(other, "2024-05-01") == set()
    assert office.acts(other, "2024-05-02") == {"update_request.answer", "update_request.reminder"}
    assert office.acts(other, "2024-05-02", role=Role.COORDINATOR) == {"update_request.reminder"}
    office.do(ConfirmUnchanged(pole=one, year=2024), "2024-05-10")
    assert office.acts(one, "2024-05-10") == set()
    assert office.acts(one, "2024-05-09") == {"update_request.answer"}


def test_an_accompaniment_that_ends_waits_for_its_days_and_for_a_deliverable(
    office: Office,
) -> None:
    pole = office.pole()
    granted = {"pole": pole, "offer": "Appui fictif", "provider": "Réseau fictif", "days": "2"}
    until = {"valid_to": "2024-06-30"}
    support = office.do(GrantAccompaniment.model_validate({**granted, **until}), "2024-02-01")
    named = {"accompaniment": support}
    early, told = office.acts(pole, "2024-04-30"), office.acts(pole, "2024-05-02")
    hand = HandDeliverable.model_validate({**named, "title": "Plan fictif"})
    office.do(hand, "2024-05-10")
    handed = office.acts(pole)
    extend = {**named, "until": "2024-12-31", "motive": "il reste des jours"}
    office.do(ExtendAccompaniment.model_validate(extend), "2024-06-01")

    assert early == set()
    assert told == {"accompaniment.use", "accompaniment.deliverable"}
    assert handed == {"accompaniment.use"}
    assert office.acts(pole) == set()


def test_a_followed_pole_without_news_waits_for_who_follows_it(office: Office) -> None:
    pole = office.pole("2023-10-15")
    office.do(
        AssignFollower(pole=pole, follower=person(41).actor, organisation="Cellule fictive"),
        "2023-11-01",
    )
    early, (line,) = office.acts(pole, "2024-04-14"), office.lines(pole)
    follower = office.acts(pole, person=person(41).actor)
    coordinator = office.serves(person(42), Role.COORDINATOR, "organisation:Quarante-deux")
    other = office.acts(pole, person=coordinator)
    missed = {"pole": pole, "channel": "call", "reached": False}
    office.do(RecordExchange.model_validate(missed), TODAY)

    assert early == set()
    assert (line.waits[0].id, str(line.since)) == ("following.contact", "2024-04-15")
    assert (follower, other) == ({"following.contact"}, set())
    assert office.acts(pole) == set()


# --- mandates and votes ---------------------------------------------------------------------------


def test_a_mandate_that_ends_waits_for_the_next_one(office: Office) -> None:
    pole = office.pole()
    office.do(LocatePole(pole=pole, territory=Territory(region="Bretagne")), "2024-01-01")
    relation = f"pole:{pole}"
    given = {"principal": relation, "for_role": "pole_representative", "relation": relation}
    first = {**given, "holder": person(51).actor, "valid_to": "2024-07-01"}
    office.do(GiveMandate.model_validate(first), "2024-01-01")
    early, (line,) = office.acts(pole, "2024-05-01"), office.lines(pole, region="Bretagne")
    elsewhere = office.acts(pole, region="Corse")
    following = {**given, "holder": person(52).actor}
    office.do(GiveMandate.model_validate(following), "2024-07-01")

    assert early == set()
    assert (line.waits[0].id, str(line.since)) == ("mandate.next", "2024-05-02")
    assert elsewhere == set()
    assert office.acts(pole) == set()


def test_an_open_vote_waits_for_those_who_have_not_voted(tmp_path: Path) -> None:
    with (
        desk(tmp_path, publish=False) as made,
        make.closing_engine(made.url) as engine,
    ):
        here = Office(made, Questions(engine, made.registry, made.clock))
        voting.publish(made.registry, voting.journey())
        pole = voting.register(made.registry)
        accounts = [
            here.serves(person(number), Role.COMMITTEE_MEMBER, f"organisation:{number}")
            for number in (61, 62)
        ]
        vote = voting.open_vote(made.registry, pole)
        before = here.acts(pole), [here.acts(pole, person=account) for account in accounts]
        voting.cast(made.registry, pole, vote, voting.person(61))
        (mandate,) = [
            line.id for line in here.questions.mandates(made.moment()) if line.holder == accounts[0]
        ]
        as_principal = voting.person(61, mandate=mandate)
        still = here.acts(pole, person=accounts[0])
        voting.cast(made.registry, pole, vote, as_principal)
        after = [here.acts(pole, person=account) for account in accounts]

        assert before == ({"vote.voice"}, [{"vote.voice"}] * 2)
        assert still == {"vote.voice"}
        assert after == [set(), set()]


@pytest.mark.parametrize("command", [CloseVote, WithdrawVote])
def test_a_vote_that_is_over_waits_for_nobody(tmp_path: Path, command: type[Command]) -> None:
    with (
        desk(tmp_path, publish=False) as made,
        make.closing_engine(made.url) as engine,
    ):
        here = Office(made, Questions(engine, made.registry, made.clock))
        voting.publish(made.registry, voting.journey())
        pole = voting.register(made.registry)
        vote = voting.open_vote(made.registry, pole)
        opened = here.acts(pole, role=Role.COMMITTEE_MEMBER)
        ends = command.model_validate({"pole": pole, "vote": vote})
        here.do(ends, None, voting.person(99, voting.SECRETARY))

        assert opened == {"vote.voice"}
        assert here.acts(pole) == set()


# --- all together ---------------------------------------------------------------------------------


def test_cases_and_things_come_in_one_list_longest_first(office: Office) -> None:
    pole = office.pole("2010-01-01")
    sent = {"pole": pole, "author": "Lou Exemple", "text": WORDS}
    office.do(SendContribution.model_validate(sent), by=PUBLIC)
    office.desk.follower.catch_up()
    lines = office.questions.inbox(office.desk.moment(), as_operator=True)

    assert [line.days for line in lines] == sorted((line.days for line in lines), reverse=True)
    assert {"pole", "contribution"} <= {line.concept for line in lines}


def test_a_kind_that_never_waits_is_refused(office: Office) -> None:
    with pytest.raises(Invalid, match="n'est pas une sorte de chose qui attend"):
        office.questions.inbox(office.desk.moment(), kind="roi")


# --- on the pages, over HTTP, on the command line -------------------------------------------------


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry where a document and a contribution wait; nothing else writes in it."""
    with closing(registry(tmp_path_factory.mktemp("waits"))) as made:
        day = {"occurred_on": PartialDate("2024-01-01")}
        pole = PoleId(made.do(RegisterPole(name="Pôle fictif", **day), FIRST).answer)
        made.do(files(pole, occurred_on="2024-02-01"), FIRST)
        sent = {"pole": pole, "author": "Lou Exemple", "text": WORDS}
        made.do(SendContribution.model_validate(sent), PUBLIC)
        yield made


def test_the_page_shows_each_thing_with_its_act_its_link_and_its_form(product: Product) -> None:
    (document,) = [line.id for line in product.inbox(product.moment(), kind="document")]
    page = Pages(product).read("/a-faire")

    assert "« Compte rendu » (compte rendu ou procès-verbal)" in page.text
    assert f"/actes/document.accept?document={document}&suite=%2Fa-faire" in page.links
    assert f"/documents/{document}" in page.links
    assert "Lire une contribution" not in page.text
    asked = Pages(product).read("/a-faire?role=moderator")
    assert "Les contributions à lire ne sont pas publiques" in asked.text


def test_the_page_is_narrowed_to_a_kind_of_thing(product: Product) -> None:
    page = Pages(product).read("/a-faire")
    narrowed = Pages(product).read("/a-faire?kind=document")

    assert page.links["/a-faire?kind=document"] == "Document 1 cas"
    assert "1 cas attend sur 2" in narrowed.text
    assert not [address for address in narrowed.links if address.startswith("/poles/")]
    answer = Pages(product).http.get("/a-faire?kind=roi", headers={"Accept": "text/html"})
    assert answer.status_code == 400


def test_no_command_is_offered_on_a_past_day(product: Product) -> None:
    page = Pages(product).read("/a-faire?in_force=2024-03-01")

    assert "« Compte rendu »" in page.text
    assert "jalon document accept" not in page.text


def test_the_api_gives_things_with_what_their_command_takes(product: Product) -> None:
    with TestClient(create_app(product), raise_server_exceptions=False) as client:
        told = client.get("/api/inbox", params={"kind": "document", "role": "registrar"}).json()
        refused = client.get("/api/inbox", params={"kind": "roi"})
        anybody = client.get("/api/inbox", params={"kind": "contribution"}).json()
        token = {"Authorization": f"Bearer {product.token}"}
        operator = client.get("/api/inbox", params={"kind": "contribution"}, headers=token)
        stranger = client.get("/api/inbox", headers={"Authorization": "Bearer autre"})

    (item,) = told["items"]
    assert (item["concept"], item["concept_title"], told["total"]) == ("document", "Document", 1)
    assert item["waits"][0]["command"] == "document.accept"
    assert item["waits"][0]["given"] == {"document": item["id"]}
    assert refused.status_code == 400
    assert (anybody["total"], operator.json()["total"]) == (0, 1)
    assert WORDS not in operator.text
    assert stranger.status_code in (401, 403)


def test_the_command_told_does_what_is_waited_for(product: Product) -> None:
    home = product.settings.home
    seen = jalon("--home", home, "inbox", "--kind", "document")

    assert seen.out.splitlines()[0] == "Pôle fictif [pole-fictif] — Document"
    (told,) = [line.strip() for line in seen.out.splitlines() if "tapez : jalon" in line]
    line = told.removeprefix("→ tapez : jalon ").split()
    assert line[:2] == ["--home", str(home)]
    assert jalon(*line).code == 0
    assert jalon("--home", home, "inbox", "--kind", "document").out == "Rien n'attend.\n"
