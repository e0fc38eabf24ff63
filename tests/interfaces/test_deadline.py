"""Deadlines as people meet them: `jalon tick`, the sheet, the API, the page, a running server."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal

import pytest
from fastapi.testclient import TestClient

from application.pole import MovePole, RegisterPole
from application.wording import date_in_words
from domain.dates import PartialDate, paris_day
from domain.deadline import Deadline
from domain.period import DAY, end_of
from domain.pole import Pole, PoleId
from domain.roles import Role
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import awaiting, make
from tests.interfaces.shell import audit, jalon

ANSWER = Deadline.model_validate(
    {"id": "answer", **awaiting.DEFINITION["states"]["waiting"]["deadlines"]["answer"]}
)
AGO = timedelta(days=60)
"""Long enough for whatever is awaited to be over, appeals included."""


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path / "home") as made:
        awaiting.publish(made.registry)
        made.follower.catch_up()
        yield made


def begin(product: Product, name: str, ago: timedelta) -> PoleId:
    """A pole that has waited for some time: the product goes by the real time of day."""
    since = paris_day(product.clock()) - ago
    pole = awaiting.begin(product.registry, name, since.isoformat())
    product.follower.catch_up()
    return pole


def home(product: Product) -> Path:
    return product.settings.home


def short(product: Product, pole: PoleId) -> list[str]:
    return [said for _, said in awaiting.told(product.registry, pole)]


def test_tick_tells_what_it_recorded_and_then_has_nothing_to_record(product: Product) -> None:
    pole = begin(product, "Tétris", AGO)
    since = paris_day(product.clock()) - AGO

    first = jalon("--home", home(product), "tick")
    again = jalon("--home", home(product), "tick")

    due = end_of(ANSWER.period, since)
    assert first.code == again.code == 0
    assert first.out.splitlines()[1:] == [
        f"tetris : Échéance dépassée : Réponse : échue {date_in_words(due.isoformat())}",
        "tetris : Constater l'absence de réponse : mène à l'étape « Sans réponse », "
        "selon les règles de janvier 2024",
        "tetris : Échéance dépassée : Recours : échue "
        f"{date_in_words((due + 8 * DAY).isoformat())}",
        "tetris : Clore : mène à l'étape « Clos », selon les règles de janvier 2024",
        "1 cas regardé. Enregistré : 2 échéances dépassées, 1 rappel, 2 passages automatiques.",
    ]
    assert again.out == "0 cas regardé : rien à enregistrer.\n"
    assert short(product, pole) == [
        "answer in 3 days",
        "answer passed",
        "lapse",
        "appeal passed",
        "close",
    ]


def test_a_dry_run_writes_nothing(product: Product) -> None:
    begin(product, "Tétris", AGO)
    before = audit(home(product))

    seen = jalon("--home", home(product), "tick", "--dry-run")

    assert seen.out.splitlines()[-1] == (
        "À blanc : 1 cas regardé. À enregistrer : 2 échéances dépassées, 1 rappel, "
        "2 passages automatiques ; rien n'a été écrit."
    )
    assert audit(home(product)) == before


def test_a_program_reads_it_as_json(product: Product) -> None:
    pole = begin(product, "Tétris", AGO)
    begin(product, "Trézor", timedelta())

    found = jalon("--home", home(product), "tick", "--json").json

    assert {
        name: found[name] for name in ("dry_run", "cases", "passed", "reminded", "followed")
    } == {
        "dry_run": False,
        "cases": 2,
        "passed": 2,
        "reminded": 1,
        "followed": 2,
    }
    (outcome,) = found["outcomes"]
    assert (outcome["pole"], outcome["code"], outcome["result"]) == (str(pole), "tetris", "done")
    assert outcome["events"][1]["topic"] == "pole.deadline_passed.v1"
    assert outcome["events"][1]["event"]["meta"]["role"] == "system"


def test_a_case_that_cannot_be_dealt_with_is_told_and_a_script_knows(product: Product) -> None:
    """Of itself, it would go round for ever: what it waits for in one state is always over."""
    ways = {**awaiting.DEFINITION["transitions"]}
    ways["close"] = {**ways["close"], "to": "waiting", "requires": []}
    ways["lapse"] = {**ways["lapse"], "requires": [awaiting.clause("report")]}
    ref = awaiting.publish(product.registry, awaiting.journey(version="2024-02", transitions=ways))
    since = (paris_day(product.clock()) - AGO).isoformat()
    loop = awaiting.begin(product.registry, "Boucle", since, ref)
    step = MovePole(
        pole=loop, transition="sign", input={"on": since}, occurred_on=PartialDate(since)
    )
    product.do(step, product.operator())
    begin(product, "Tétris", AGO)

    seen = jalon("--home", home(product), "tick")

    assert seen.code == 4
    assert seen.err.startswith("boucle : non traité. Plus de 100 passages automatiques se suivent")
    assert "tetris : Clore" in seen.out


def test_the_sheet_and_what_is_wanting_say_when_something_is_due(product: Product) -> None:
    begin(product, "Tétris", timedelta())
    today = paris_day(product.clock())
    due = end_of(ANSWER.period, today)

    show = jalon("--home", home(product), "pole", "show", "tetris").out
    why = jalon("--home", home(product), "pole", "why", "tetris").out
    plain = jalon("--home", home(product), "pole", "why", "tetris", "--json").json

    words = f"Réponse : échéance {date_in_words(due.isoformat())}, dans {(due - today).days} jours"
    assert f"  attendu      {words}" in show
    assert f"· {words}" in why
    assert "    attendu de : coordination nationale\n    règle : règle propre à ce registre" in why
    assert [line["deadline"] for line in plain["deadlines"]] == ["answer", "report"]
    assert plain["deadlines"][0]["due"] == due.isoformat()
    assert plain["deadlines"][1]["due"] is None


def test_the_api_and_the_page_say_it_too(product: Product) -> None:
    begin(product, "Tétris", timedelta())
    today = paris_day(product.clock())

    with TestClient(create_app(product)) as client:
        sheet = client.get("/api/poles/tetris").json()
        why = client.get("/api/poles/tetris/why").json()
        page = client.get("/poles/tetris").text

    assert sheet["deadlines"] == why["deadlines"]
    assert sheet["deadlines"][0]["due"] == end_of(ANSWER.period, today).isoformat()
    assert '<li class="deadline"><strong>Réponse</strong>' in page
    assert "Attendu de&nbsp;: coordination nationale" in page


def test_the_page_of_a_pole_without_deadlines_is_as_it_was(product: Product) -> None:
    product.do(RegisterPole(name="Sans délai", journey=make.LATEST), product.operator())

    with TestClient(create_app(product)) as client:
        page = client.get("/poles/sans-delai").text

    assert 'class="deadline' not in page


def test_a_running_server_records_what_has_passed_by_itself(product: Product) -> None:
    pole = begin(product, "Tétris", AGO)
    size = product.journal.size()

    with TestClient(create_app(product)):
        product.journal.await_growth(size, Signal(), 60)

    assert short(product, pole)[-1] == "close"
    (passed, *_) = product.registry.told(Pole.FellDue)
    assert passed.event.meta.role is Role.SYSTEM


def test_a_server_may_be_told_not_to(product: Product) -> None:
    pole = begin(product, "Tétris", AGO)
    settings = product.settings.model_copy(update={"tick_seconds": "0"})

    with make.closing_product(settings) as other, TestClient(create_app(other)) as client:
        assert client.get("/api/poles/tetris").json()["stage"] == "waiting"

    assert short(product, pole) == []


@pytest.mark.parametrize("text", ["souvent", "-1", "1.5", "1" * 9, ""])
def test_a_setting_that_is_no_number_of_seconds_is_one_sentence(
    product: Product, text: str
) -> None:
    seen = jalon("--home", home(product), "pole", "list", JALON_TICK_SECONDS=text)

    assert seen.code == 2
    assert seen.err == (
        f"JALON_TICK_SECONDS : « {text} » n'est pas un nombre de secondes (0 : jamais).\n"
    )


def test_a_program_may_tick_cases_by_their_identity(product: Product) -> None:
    pole = begin(product, "Tétris", AGO)
    headers = {"Authorization": f"Bearer {product.token}"}
    body = {"poles": [str(pole)]}
    settings = product.settings.model_copy(update={"tick_seconds": "0"})

    with make.closing_product(settings) as other, TestClient(create_app(other)) as client:
        address = "/api/commands/deadline.tick"
        refused = client.post(address, json=body, headers=headers)
        done = client.post(address, json=body, headers={**headers, "Jalon-Role": "system"})

    assert refused.status_code == 403
    assert "système" in refused.json()["detail"]
    assert done.status_code == 200, done.text
    assert short(product, pole)[-1] == "close"
