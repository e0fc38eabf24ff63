"""The API: commands with a token and a key, questions at two dates, refusals as problem details."""

import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError, OperationalError
from httpx2 import Response
from starlette.testclient import TestClient

from application.catalogue import COMMANDS
from domain.errors import Conflict
from domain.roles import Role
from infrastructure.reference import REFERENCE
from interfaces.api.app import LARGEST_BODY, status_of
from interfaces.history_files import reference_file
from interfaces.server import NotLoopback, create_app, serve
from interfaces.wiring import Product, Settings
from tests.make import begin

REGISTER = "/api/commands/pole.register"
CONTACT = "/api/commands/pole.note_contact"


def opened(home: Path) -> Product:
    settings = Settings(home=home, database="")
    begin(settings)
    return Product(settings)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry with the public history; tests add to it and never count on its size."""
    with closing(opened(tmp_path_factory.mktemp("api"))) as product:
        by = product.operator()
        product.import_poles(reference_file("poles.csv"), by, apply=True)
        product.import_timeline(reference_file("timeline.csv"), by, apply=True)
        yield product


@pytest.fixture(scope="module")
def anyone(product: Product) -> Iterator[TestClient]:
    """A program that has no token."""
    with TestClient(create_app(product), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def operator(product: Product, anyone: TestClient) -> TestClient:
    """A program with the operator's token; it asks the same server."""
    client = TestClient(anyone.app, raise_server_exceptions=False)
    client.headers["Authorization"] = f"Bearer {product.token}"
    return client


@pytest.fixture
def pole(anyone: TestClient) -> str:
    found: str = anyone.get("/api/poles/les-ecossolies").json()["id"]
    return found


def contact(pole: str, **more: str) -> dict[str, str]:
    """The body of a command that is always possible, and records one event."""
    return {"pole": pole, "channel": "téléphone", "outcome": "joint", **more}


def problem(answer: Response, status: int, code: str | None = None) -> dict[str, Any]:
    """The members of a refusal, once checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail"} <= set(told)
    assert told["status"] == status
    assert told["detail"].endswith((".", "»"))
    if code is not None:
        assert told["code"] == code
        assert told["type"] == f"urn:jalon:{code}"
    return told


# --- who may act --------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer faux", "Basic YTpi", "Bearer é"])
def test_a_command_needs_the_operator_s_token(
    anyone: TestClient, product: Product, pole: str, header: str | None
) -> None:
    size = product.journal.size()
    headers = {} if header is None else {b"Authorization": header.encode("latin-1")}

    answer = anyone.post(CONTACT, json=contact(pole), headers=headers)

    problem(answer, 403, "token.wrong")
    assert product.journal.size() == size


def test_every_command_needs_the_token(anyone: TestClient, product: Product) -> None:
    """Whatever the body: a stranger is told of it no more than that it is malformed."""
    size = product.journal.size()

    for name in COMMANDS:
        assert anyone.post(f"/api/commands/{name}", json={}).status_code in (400, 403)

    assert product.journal.size() == size


def test_the_actor_is_the_operator_s_account(
    operator: TestClient, product: Product, pole: str
) -> None:
    done = operator.post(CONTACT, json=contact(pole), headers={"Jalon-Role": "coordinator"})

    lines = operator.get(f"/api/poles/{pole}/history").json()["items"]
    line = next(line for line in lines if line["position"] == done.json()["position"])
    account = json.loads(product.settings.operator.read_text("utf-8"))["account"]
    assert line["actor"] == account
    assert line["role"] == "coordinator"


@pytest.mark.parametrize("member", ["actor", "role", "meta", "recorded_at", "on_behalf_of", "salt"])
def test_who_acts_never_comes_from_the_body(
    operator: TestClient, product: Product, pole: str, member: str
) -> None:
    size = product.journal.size()

    answer = operator.post(CONTACT, json=contact(pole, **{member: str(uuid4())}))

    told = problem(answer, 400, "request.invalid")
    assert told["detail"] == f"« {member} » n'est pas attendu."
    assert product.journal.size() == size


# --- commands -----------------------------------------------------------------------------------


def test_a_command_answers_with_its_identity_and_its_place(
    operator: TestClient, product: Product, pole: str
) -> None:
    answer = operator.post(CONTACT, json=contact(pole))

    assert answer.status_code == 200
    assert answer.json() == {
        "id": pole,
        "position": product.journal.size(),
        "events": ["pole.contact_attempted.v1"],
        "repeated": False,
    }


def test_the_lists_show_a_command_as_soon_as_it_is_answered(operator: TestClient) -> None:
    name = f"Pôle {uuid4()}"

    made = operator.post(REGISTER, json={"name": name}).json()["id"]

    found = operator.get("/api/poles", params={"q": name}).json()
    assert [line["id"] for line in found["items"]] == [made]


def test_a_rehearsal_writes_nothing(operator: TestClient, product: Product) -> None:
    size = product.journal.size()

    answer = operator.post(f"{REGISTER}?dry_run=true", json={"name": "Essai"})

    assert answer.json()["events"] == ["register.pole_entered.v1", "pole.registered.v1"]
    told = answer.json()["foreseen"][1]
    assert (told["title"], told["event"]["name"]) == ("Inscription au registre", "Essai")
    assert product.journal.size() == size


def test_a_key_gives_the_same_answer_and_records_once(
    operator: TestClient, product: Product
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}

    first = operator.post(REGISTER, json={"name": "Une fois"}, headers=headers).json()
    operator.post(REGISTER, json={"name": "Entre-temps"})
    size = product.journal.size()
    again = operator.post(REGISTER, json={"name": "Une fois"}, headers=headers).json()

    assert (again["id"], again["position"]) == (first["id"], first["position"])
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert product.journal.size() == size


def test_requests_at_the_same_moment_are_all_recorded(
    operator: TestClient, product: Product, pole: str
) -> None:
    size = product.journal.size()
    key = {"Idempotency-Key": str(uuid4())}

    with ThreadPoolExecutor(16) as pool:
        own = [pool.submit(operator.post, CONTACT, json=contact(pole)) for _ in range(24)]
        same = [
            pool.submit(operator.post, CONTACT, json=contact(pole), headers=key) for _ in range(8)
        ]
        answers = [future.result() for future in (*own, *same)]

    assert [answer.status_code for answer in answers] == [200] * 32
    assert len({answer.json()["position"] for answer in answers}) == 25
    assert product.journal.size() == size + 25


def test_a_key_is_not_taken_for_another_request(
    operator: TestClient, product: Product, pole: str
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    operator.post(CONTACT, json=contact(pole), headers=headers)
    size = product.journal.size()

    answer = operator.post(CONTACT, json=contact(pole, outcome="absent"), headers=headers)

    problem(answer, 422, "command.key_reused")
    assert product.journal.size() == size


def test_a_refusal_is_not_remembered_under_its_key(operator: TestClient, pole: str) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    move = {"pole": pole, "transition": "recognise"}
    problem(operator.post("/api/commands/pole.move", json=move, headers=headers), 422)

    answer = operator.post(CONTACT, json=contact(pole), headers=headers)

    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["k" * 201, "a\tb"])
def test_a_key_is_a_short_text(operator: TestClient, pole: str, key: str) -> None:
    answer = operator.post(CONTACT, json=contact(pole), headers={"Idempotency-Key": key})

    problem(answer, 400, "command.key_malformed")


# --- refusals -----------------------------------------------------------------------------------


def test_what_is_missing_is_named(operator: TestClient, pole: str) -> None:
    told = problem(operator.post(CONTACT, json={"pole": pole}), 400, "request.invalid")

    assert told["detail"] == "Il manque « channel » ; il manque « outcome »."
    assert told["title"] == "Malformed"


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({"occurred_on": "2013-02-30"}, "« 2013-02-30 » n'existe pas dans le calendrier."),
        ({"occurred_on": 2013}, "« occurred_on » doit être un texte."),
        ({"valid_to": "hier"}, "« valid_to » n'est pas un jour (AAAA-MM-JJ)."),
        ({"valid_to": 12}, "« valid_to » n'est pas un jour (AAAA-MM-JJ)."),
        ({"pole": "ecossolies"}, "« pole » n'est pas un identifiant."),
        ({"channel": "  "}, "« channel » ne peut pas être vide."),
        ({"channel": 3}, "« channel » doit être un texte."),
        (
            {"confidence": "sûr"},
            "« confidence » : choisir parmi confirmed, probable, inferred, unconfirmed.",
        ),
    ],
)
def test_a_malformed_value_is_told_in_one_sentence(
    operator: TestClient, pole: str, given: dict[str, Any], detail: str
) -> None:
    told = problem(operator.post(CONTACT, json={**contact(pole), **given}), 400, "request.invalid")

    assert told["detail"] == detail


def test_a_pole_that_does_not_exist_is_not_found(operator: TestClient, anyone: TestClient) -> None:
    problem(anyone.get("/api/poles/zzz"), 404, "not_found")
    problem(anyone.get(f"/api/poles/{uuid4()}"), 404, "not_found")
    problem(operator.post(CONTACT, json=contact(str(uuid4()))), 404, "not_found")


def test_a_name_of_several_poles_is_refused_with_their_codes(anyone: TestClient) -> None:
    told = problem(anyone.get("/api/poles/ateliers"), 400, "pole.ambiguous")

    assert "les-ateliers, les-ateliers-du-rond-point" in told["detail"]


def test_a_rule_that_says_no_is_unprocessable(operator: TestClient, pole: str) -> None:
    answer = operator.post(
        "/api/commands/pole.move", json={"pole": pole, "transition": "recognise"}
    )

    told = problem(answer, 422, "journey.clause")
    assert "article 9 est en vigueur" in told["detail"]


def test_a_step_that_another_role_takes_is_refused(operator: TestClient, pole: str) -> None:
    answer = operator.post(
        "/api/commands/pole.move", json={"pole": pole, "transition": "sign_charter"}
    )

    told = problem(answer, 422, "journey.role")
    assert "représentant du pôle" in told["detail"]


def test_a_conflict_that_does_not_end_is_told_as_one(
    operator: TestClient, product: Product, pole: str
) -> None:
    def moved(*_: Any, **__: Any) -> None:
        raise IntegrityError

    with patch.object(product.journal, "append", moved):
        answer = operator.post(CONTACT, json=contact(pole))

    problem(answer, 409, "conflict")
    assert status_of(Conflict()) == 409


def test_a_database_that_fails_is_unavailable(
    operator: TestClient, product: Product, pole: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("database or disk is full")

    with patch.object(product.journal, "append", full):
        answer = operator.post(CONTACT, json=contact(pole))

    told = problem(answer, 503, "store.failed")
    assert told["detail"] == "Le disque est plein. Rien n'a été enregistré."


def test_a_database_that_is_lost_while_serving_is_unavailable(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as product:
        client = TestClient(create_app(product), raise_server_exceptions=False)
        with closing(sqlite3.connect(tmp_path / "registry.db")) as db, db:
            db.execute("DROP TABLE register")

        problem(client.get("/api/poles"), 503, "store.failed")


def test_an_address_that_leads_nowhere_is_a_problem_too(anyone: TestClient) -> None:
    problem(anyone.get("/api/rien"), 404)
    problem(anyone.post("/api/commands/pole.abolish", json={}), 404)
    problem(anyone.delete("/api/poles"), 405)
    problem(anyone.get(REGISTER), 405)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/api/poles/zzz", "“zzz” is not in the register."),
        ("/api/poles?known=hier", "“hier” is not a day (2014-09-19)"),
        ("/api/rien", "This address leads nowhere."),
        ("/api/poles/ecossolies/why?role=x", "“role” : choose among public, "),
    ],
)
def test_english_is_spoken_to_those_who_ask(anyone: TestClient, path: str, sentence: str) -> None:
    answer = anyone.get(path, headers={"Accept-Language": "en-GB,en;q=0.9,fr;q=0.5"})

    assert answer.json()["detail"].startswith(sentence)


@pytest.mark.parametrize("language", ["fr", "fr-FR,en;q=0.3", "de", "*", ""])
def test_french_is_spoken_to_everybody_else(anyone: TestClient, language: str) -> None:
    answer = anyone.get("/api/poles/zzz", headers={"Accept-Language": language})

    assert answer.json()["detail"] == "« zzz » ne figure pas dans le registre."


# --- bodies that are not what they should be ----------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"nom"',
        b"pole=1",
        b"\xff\xfe\x00",
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": "\\u0000"}',
        b'{"name": NaN}',
        b'{"name": ' + b"[" * 50_000,
        b'{"name": ' + b"9" * 10_000 + b"}",
        b'{"name": {"name": {"name": 1}}}',
        b'{"name": "A", "\\ud800": 1}',
        b'{"name": "\\ud83d\\ude00\\ud83d"}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_cannot_be_read_is_refused(
    operator: TestClient, product: Product, body: bytes
) -> None:
    size = product.journal.size()

    answer = operator.post(
        REGISTER, content=body, headers={"Content-Type": "application/json; charset=utf-8"}
    )

    problem(answer, 400)
    assert "Input should" not in answer.text
    assert product.journal.size() == size


def test_a_lone_surrogate_in_an_input_is_refused(
    operator: TestClient, product: Product, pole: str
) -> None:
    size = product.journal.size()

    for given in ({"\ud800": 1}, {"x": "\ud800"}, {"reason": "\ud800"}):
        body = json.dumps({"pole": pole, "transition": "end", "input": given})
        for headers in ({}, {"Idempotency-Key": str(uuid4())}):
            answer = operator.post(
                "/api/commands/pole.move",
                content=body.encode(),
                headers={"Content-Type": "application/json", **headers},
            )
            assert answer.status_code in (400, 422), answer.text
            problem(answer, answer.status_code)

    assert product.journal.size() == size


@pytest.mark.parametrize("name", ["self", "case", "transition", "journey", "past", "given"])
@pytest.mark.parametrize("command", ["pole.move", "pole.record_past_step"])
def test_an_input_may_bear_any_name(
    operator: TestClient, pole: str, command: str, name: str
) -> None:
    body = {"pole": pole, "transition": "end", "input": {name: "x"}}
    if command == "pole.record_past_step":
        body |= {"source": "un article", "occurred_on": "2020"}

    told = problem(operator.post(f"/api/commands/{command}", json=body), 422)

    assert told["detail"].endswith(f"« {name} » n'est pas demandé.")


NOTE = """
  note:
    title: {fr: "Noter", en: "Note"}
    from: [emergence]
    to: experimentation
    by: [registrar]
    input:
      words: {type: text, title: {fr: "Mots", en: "Words"}}
      day: {type: date, title: {fr: "Jour", en: "Day"}, required: false}
      list: {type: texts, title: {fr: "Liste", en: "List"}, required: false}
  fall_silent:
"""


@pytest.mark.parametrize(
    "given",
    [
        {"words": "\ud800"},
        {"words": "a\x00b"},
        {"words": "\x1b[2J"},
        {"words": "x" * 100_000},
        {"words": "a", "list": ["\ud800"]},
        {"words": "a", "list": ["x" * 100_000]},
        {"words": "a", "day": "2020-W01-1"},
        {"words": "a", "day": "20200101"},
    ],
    ids=lambda given: ascii(given)[:30],
)
def test_an_input_is_held_to_what_any_field_is(tmp_path: Path, given: dict[str, Any]) -> None:
    """A journey may ask for free words; no shipped one does."""
    shipped = (REFERENCE / "journeys" / "pole@2021-05-12.yaml").read_text("utf-8")
    asking = shipped.replace('version: "2021-05-12"', 'version: "2026-11-02"', 1)
    (tmp_path / "j.yaml").write_text(asking.replace("\n  fall_silent:\n", NOTE, 1), "utf-8")

    with closing(opened(tmp_path / "home")) as product:
        product.publish_journey(tmp_path / "j.yaml", product.operator())
        client = TestClient(create_app(product), raise_server_exceptions=False)
        headers = {"Authorization": f"Bearer {product.token}", "Content-Type": "application/json"}
        asked = {"name": "A", "journey": "pole@2026-11-02"}
        made = client.post(REGISTER, json=asked, headers=headers).json()["id"]
        size = product.journal.size()
        body = json.dumps({"pole": made, "transition": "note", "input": given}).encode()

        answer = client.post("/api/commands/pole.move", content=body, headers=headers)

        problem(answer, 422, "journey.input")
        assert product.journal.size() == size


def test_a_huge_body_is_refused_before_it_is_read_whole(
    operator: TestClient, product: Product
) -> None:
    size = product.journal.size()
    sent = 0

    def flood() -> Iterator[bytes]:
        nonlocal sent
        yield b'{"name": "'
        for _ in range(200):
            sent += 1_000_000
            yield b"x" * 1_000_000

    answer = operator.post(REGISTER, content=flood(), headers={"Content-Type": "application/json"})

    told = problem(answer, 413)
    assert told["detail"] == "Ce qui a été envoyé dépasse 1 Mo."
    assert product.journal.size() == size


def test_the_largest_journey_fits_in_a_body() -> None:
    largest = max(
        len(path.read_bytes())
        for path in (Path(__file__).parents[2] / "domain/reference/journeys").glob("*.yaml")
    )

    assert largest * 20 < LARGEST_BODY


# --- questions ----------------------------------------------------------------------------------


def test_the_poles_are_listed_with_their_total(anyone: TestClient) -> None:
    answer = anyone.get("/api/poles", params={"stage": "experimentation"}).json()

    assert answer["total"] == len(answer["items"]) > 0
    assert {line["stage"] for line in answer["items"]} == {"experimentation"}


def test_a_list_can_be_asked_at_a_day_in_force(anyone: TestClient) -> None:
    past = anyone.get("/api/poles", params={"in_force": "2013-01-01"}).json()["items"]

    assert sum(line["stage"] == "experimentation" for line in past) == 18


def test_poles_are_given_part_by_part_with_their_number(anyone: TestClient) -> None:
    total = anyone.get("/api/poles", params={"limit": 1000}).json()["total"]

    def names(**part: int) -> list[str]:
        answer = anyone.get("/api/poles", params=part).json()
        assert answer["total"] == total
        return [line["name"] for line in answer["items"]]

    every = names(limit=1000)

    assert len(every) == total >= 77
    assert names(limit=30) + names(limit=30, offset=30) + names(limit=30, offset=60) == every
    assert names(offset=total) == []


ENGLISH = re.compile(
    r"\b(input|should|valid|field|required|string|value|integer|error|must|the|is|of|\w*Path)\b"
)


ODD = ("", "-1", "9" * 30, "2024-02-31", "%FF")
RARELY = [pytest.param(odd, marks=pytest.mark.long) for odd in ODD]


@pytest.mark.parametrize("wrong", ["x" * 3000, "a%00b", *RARELY])
def test_whatever_an_address_holds_is_answered_or_refused_in_french(
    operator: TestClient, wrong: str
) -> None:
    paths = operator.get("/api/openapi.json").json()["paths"]
    for path, told in paths.items():
        asked = told.get("get", {}).get("parameters", [])
        filled = re.sub(r"\{[^}]*\}", wrong, path)
        whole = re.sub(r"\{[^}]*\}", "les-ecossolies", path)
        query = [f"{whole}?{one['name']}={wrong}" for one in asked if one["in"] == "query"]
        for address in {filled, *query} if asked else ():
            answer = operator.get(address)
            assert answer.status_code < 500, address
            if answer.status_code >= 400:
                said = problem(answer, answer.status_code)["detail"]
                assert not ENGLISH.search(re.sub("«.*?»", "", said)), (address, said)


def test_nothing_was_known_before_it_was_recorded(anyone: TestClient) -> None:
    assert anyone.get("/api/poles", params={"known": "2014-01-01"}).json()["total"] == 0
    assert anyone.get("/api/claims", params={"known": "2014-01-01"}).json()["total"] == 0
    problem(anyone.get("/api/poles/les-ecossolies?known=2014-01-01"), 404)
    problem(anyone.get("/api/poles/les-ecossolies/history?known=2014-01-01"), 404)


def test_a_pole_is_asked_at_a_day_in_force(anyone: TestClient) -> None:
    past = anyone.get("/api/poles/les-ecossolies", params={"in_force": "2014-12-31"}).json()
    told = anyone.get("/api/poles/les-ecossolies/history", params={"in_force": "2012-12-31"}).json()
    ways = anyone.get("/api/poles/les-ecossolies/why", params={"in_force": "2013-01-01"}).json()

    assert past["journey"] == "pole@2014-09-19"
    assert told["items"]
    assert all(line["occurred_on"] <= "2012-12-31" for line in told["items"])
    assert "recognise" not in {way["transition"] for way in ways["items"]}


@pytest.mark.parametrize("route", ["", "/les-ecossolies", "/les-ecossolies/history"])
@pytest.mark.parametrize("name", ["known", "in_force"])
@pytest.mark.parametrize("day", ["hier", "2013-13-01", "2013-02-30", "12.03.2014", "2013", "0"])
def test_a_day_that_is_none_is_refused(anyone: TestClient, route: str, name: str, day: str) -> None:
    problem(anyone.get(f"/api/poles{route}", params={name: day}), 400, "date.malformed")


def test_claims_are_listed_with_their_total(anyone: TestClient) -> None:
    claims = anyone.get("/api/claims").json()

    assert claims["total"] == len(claims["items"]) == 39


@pytest.mark.parametrize("path", ["/api/poles", "/api/claims", "/api/poles/les-ecossolies/why"])
def test_questions_need_no_token(anyone: TestClient, path: str) -> None:
    assert anyone.get(path).status_code == 200


@pytest.mark.parametrize("name", ["%FF", "%00", "%ED%A0%80", "..%2F..", "%3Cscript%3E", "a" * 9000])
def test_a_strange_name_is_not_found_and_never_a_fault(anyone: TestClient, name: str) -> None:
    answer = anyone.get(f"/api/poles/{name}")

    assert answer.status_code in (400, 404), answer.text
    problem(answer, answer.status_code)


# --- what programs read first -------------------------------------------------------------------


def test_the_description_lists_every_command_with_its_sentence(anyone: TestClient) -> None:
    description = json.loads(anyone.get("/api/openapi.json").content)

    assert description["openapi"].startswith("3.1")
    for name, command in COMMANDS.items():
        route = description["paths"][f"/api/commands/{name}"]["post"]
        assert route["summary"] == command.SAYS
        assert route["operationId"] == name.replace(".", "_")
        assert {"200", "400", "403", "404", "409", "422", "503"} <= set(route["responses"])
        assert route["security"]


def test_every_reference_of_the_description_leads_somewhere(anyone: TestClient) -> None:
    text = anyone.get("/api/openapi.json").text
    known = set(json.loads(text)["components"]["schemas"])

    asked = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert asked <= known


def test_the_description_names_each_operation_once(anyone: TestClient) -> None:
    paths = anyone.get("/api/openapi.json").json()["paths"]
    names = [route["operationId"] for path in paths.values() for route in path.values()]

    assert len(names) == len(set(names))


def test_no_page_of_documentation_loads_scripts_from_elsewhere(anyone: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert anyone.get(path).status_code == HTTPStatus.NOT_FOUND


def test_the_server_says_that_it_lives_and_how_far_its_lists_are(
    anyone: TestClient, product: Product
) -> None:
    ready = anyone.get("/readyz").json()

    assert anyone.get("/healthz").json() == {"status": "ok"}
    assert ready["status"] == "ok"
    assert ready["size"] == ready["lists"] == product.journal.size()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "2001:db8::1"])  # noqa: S104
def test_nobody_else_is_served(product: Product, host: str) -> None:
    with pytest.raises(NotLoopback):
        serve(product, host=host, port=8000)


def test_everything_written_here_verifies(product: Product) -> None:
    verified = product.verify()

    assert verified.size == product.journal.size()
    assert UUID(str(product.operator(Role.AUDITOR).actor))
