"""The story of the fictitious poles: told a year from now, stopped on the way, told again."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from application.campaign_list import CAMPAIGNS
from application.command import By, Command
from application.listing import LISTINGS
from application.member import MEMBERS_LIST
from application.scenario import Scenario, by_person, play
from application.undertaking import UNDERTAKINGS
from domain.dates import paris_day
from domain.membership import MemberKind
from domain.pole import Pole
from domain.roles import Role
from infrastructure.reference import STORIES, demonstration
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.as_stored import assert_as_stored
from tests.make import Clock, begin

CODE = re.compile(r"[a-z]+(_[a-z]+)*")

TOLD = datetime(2027, 11, 20, 10, tzinfo=UTC)
COLLINES = "pole-fictif-des-collines"
PORT = "pole-fictif-du-port-neuf"
RIVIERES = "pole-fictif-des-trois-rivieres"
INVENTED = re.compile(r"fictif|fictive|inventée")


class Stopped(Exception):
    """Somebody pulled the plug."""


def tell(product: Product, scenario: Scenario, texts: dict[str, str], *, deeds: int) -> None:
    """Tell its beginning, so many deeds of it."""
    done = count()

    def do(command: Command, by: By, key: str) -> UUID:
        if next(done) == deeds:
            raise Stopped
        return product.registry.do(command, by, key=key).answer

    with pytest.raises(Stopped):
        play(scenario, do, lambda *_: None, texts, told_on=paris_day(product.clock()))


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry in which the story was told, a year from now and more."""
    settings = Settings(home=tmp_path_factory.mktemp("story"), database="")
    begin(settings)
    clock = Clock(TOLD)
    product = Product(settings, clock)
    with pytest.MonkeyPatch.context() as then:
        then.setattr(product.journal, "_clock", clock.microseconds)  # the store's own clock too
        product.demonstrate()
        yield product
    product.close()


def poles(product: Product) -> dict[str, str]:
    """The stage of each pole, by its code."""
    return {line.code: line.stage for line in product.register.lines(product.moment())}


def test_what_its_commands_left_at_hand_is_what_is_stored(product: Product) -> None:
    assert assert_as_stored(product.registry) > 50


def test_told_again_it_adds_nothing(product: Product) -> None:
    before = product.journal.size()

    product.demonstrate()

    assert product.journal.size() == before


def test_its_poles_stand_at_different_stages(product: Product) -> None:
    assert poles(product) == {
        "pole-fictif-de-la-vallee-claire": "ended",
        COLLINES: "dormant",
        "pole-fictif-des-quais": "charter_signed",
        RIVIERES: "recognised",
        "pole-fictif-du-port-neuf": "ended",
    }


def test_every_list_has_something_to_show(bare: Product) -> None:
    for story in STORIES:
        bare.demonstrate(story)
    product, moment = bare, bare.moment()

    lines = {
        name: product.listed(known, moment, pole=None if known.whole else RIVIERES)
        for name, known in LISTINGS.items()
    }

    assert [name for name, found in lines.items() if not found] == []
    bare_codes = {
        (name, field, code)
        for name, known in LISTINGS.items()
        for field, choices in product.offers(known, moment).items()
        for code, said in (choices or {}).items()
        if said == code and CODE.fullmatch(code)
    }
    assert {code for *_, code in bare_codes} <= {"budget", "commune", "date"}, bare_codes


def test_every_pole_says_that_it_is_invented(product: Product) -> None:
    moment = product.moment()

    for code in poles(product):
        sheet = product.sheet(code, moment)
        assert "fictif" in sheet.name
        assert sheet.remark is not None
        assert "n'existe pas" in sheet.remark


def test_every_fact_says_that_it_is_invented(product: Product) -> None:
    moment = product.moment()
    sources = {line.source for code in poles(product) for line in product.history(code, moment)}

    assert [source for source in sources if not INVENTED.search(source or "")] == []


def test_no_organisation_has_the_number_of_a_real_one(product: Product) -> None:
    lines = product.listed(MEMBERS_LIST, product.moment())

    said = [line.identifier for line in lines if line.member_kind is not MemberKind.CITIZEN]
    assert {re.sub(r"\s", " ", number or "") for number in said} == {
        "sans identifiant (organisation fictive)"
    }


def test_the_silent_pole_was_looked_for_thirty_days_before(product: Product) -> None:
    fell = TOLD.date() - timedelta(days=15)

    before = product.sheet(COLLINES, product.moment(in_force=str(fell - timedelta(days=1))))
    after = product.sheet(COLLINES, product.moment(in_force=str(fell)))

    assert (before.stage, after.stage) == ("emergence", "dormant")


def test_its_campaign_has_every_kind_of_answer(product: Product) -> None:
    latest = product.listed(CAMPAIGNS, product.moment())[0]

    assert (latest.asked, latest.confirmed, latest.updated, latest.awaited) == (3, 1, 1, 1)
    assert latest.due < TOLD.date()


def test_undertakings_are_kept_in_part_or_late(product: Product) -> None:
    lines = product.listed(UNDERTAKINGS, product.moment())

    assert {"kept", "partly", "given"} == {line.standing for line in lines}
    assert sum(line.late for line in lines) == 1


def test_a_step_of_another_journey_was_voted_and_a_second_vote_is_open(product: Product) -> None:
    pole = product.registry.load(Pole, product.find(RIVIERES))

    assert pole is not None
    assert pole.track("charte_locale_fictive").standing_on(TOLD.date()).value == "under_revision"
    told = product.registry.told(Pole.VoteOpened, Pole.VoteClosed)
    assert [type(recorded.event).__name__ for recorded in told] == [
        "VoteOpened",
        "VoteClosed",
        "VoteOpened",
    ]


def test_one_of_its_codes_has_ended(product: Product) -> None:
    ended = product.ended_places(product.moment())

    assert [(line.pole_code, line.code) for line in ended] == [(COLLINES, "46217")]


def test_a_registry_told_by_another_version_is_left_as_it_is(bare: Product) -> None:
    scenario, texts = demonstration()
    tell(bare, scenario.model_copy(update={"says": "une autre version"}), texts, deeds=3)
    before = bare.journal.size()

    bare.demonstrate()

    assert bare.journal.size() == before


def test_stopped_on_the_way_it_goes_on_from_there(bare: Product) -> None:
    tell(bare, *demonstration(), deeds=40)
    known = bare.registry.told(Pole.Registered)
    before = [recorded.position for recorded in known]

    bare.demonstrate()

    after = [recorded.position for recorded in bare.registry.told(Pole.Registered)]
    assert len(before) == 1
    assert after[:1] == before
    assert len(after) == 5


def test_its_persons_are_nobody_who_runs_the_registry(product: Product) -> None:
    assert by_person("registre", Role.REGISTRAR).actor != product.operator().actor


# --- as people read it -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(product: Product) -> TestClient:
    product.follower.catch_up()
    return TestClient(create_app(product), base_url="http://127.0.0.1")


def page(client: TestClient, code: str) -> str:
    """The words of the page of a pole."""
    answer = client.get(f"/poles/{code}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    words = unescape(re.sub(r"<[^>]+>", " ", answer.text))
    return re.sub(r"[\s\u00a0]+", " ", words)


def test_an_ended_pole_shows_nothing_in_force_and_leads_to_its_eve(client: TestClient) -> None:
    said = page(client, PORT)

    assert "Ce pôle a cessé le 18 mars 2024" in said
    assert "il n'a plus de membres. Il en comptait 1 au moment de sa fin" in said
    assert "Maraîchers imaginaires" not in said.partition("Derniers faits Les")[0]
    sheet = client.get(f"/api/poles/{PORT}").json()
    assert (sheet["members"], sheet["carrier"], sheet["eve"]) == ([], None, "2024-03-17")
    assert [member["name"] for member in sheet["at_end"]["members"]] == ["Maraîchers imaginaires"]
    eve = client.get(f"/poles/{PORT}?in_force=2024-03-17", headers={"accept": "text/html"})
    assert "Maraîchers imaginaires" in eve.text


def test_a_further_journey_says_what_is_missing_and_its_open_vote(client: TestClient) -> None:
    said = page(client, RIVIERES)

    assert "Dessin : révision d'une charte locale" in said
    assert "charte_locale_fictive" not in said
    assert "Dans ce parcours, que le pôle suit aussi, depuis l'étape « En révision »" in said
    assert "Vote : Adopter la charte révisée Vote en cours" in said
    assert "4 personnes au plus peuvent encore voter" in said
    (vote,) = client.get(f"/api/poles/{RIVIERES}/votes").json()["items"]
    assert vote["title"] == "Adopter la charte révisée"
    (further,) = client.get(f"/api/poles/{RIVIERES}/why").json()["further"]
    assert [way["transition"] for way in further["ways"]] == ["adopt"]


def test_its_histories_hold_no_code_and_no_identity(product: Product) -> None:
    code = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|\b[A-Z]{3,}_|\b[a-z]+_[a-z_]+\b")
    for pole in poles(product):
        for line in product.history(pole, product.moment()):
            assert not code.search(f"{line.title} {line.detail}"), line


def test_each_fact_of_the_history_says_its_source(client: TestClient) -> None:
    said = page(client, f"{RIVIERES}/histoire")

    assert "la même que pour" not in said
    assert said.count("Source :") == said.count("Enregistrement n°") > 30


def test_a_report_on_an_undertaking_names_its_documents(
    product: Product, client: TestClient
) -> None:
    lines = product.listed(UNDERTAKINGS, product.moment(), pole=RIVIERES)
    shown = next(line for line in lines if line.documents)

    events = product.undertaking(shown.id, product.moment()).events
    documents = [document for event in events for document in event.documents]
    answer = client.get(f"/engagements-pris/{shown.id}", headers={"accept": "text/html"})

    assert documents
    assert all(document.title for document in documents)
    for document in documents:
        assert f'/documents/{document.id}">{document.title}' in unescape(answer.text).replace(
            "\u00a0", " "
        )


def test_the_reason_for_a_date_begins_as_a_sentence(product: Product) -> None:
    lines = product.history(RIVIERES, product.moment())
    given = [line.detail for line in lines if line.title == "Engagement : échéance donnée"]

    assert "le 15 juin 2021. Un an après la signature" in given
