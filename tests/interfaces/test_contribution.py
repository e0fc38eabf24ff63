"""What a visitor may ask, and what a moderator reads: nothing of a contribution shows before."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from application.contribution import (
    PublishContribution,
    RefuseContribution,
    SendContribution,
    TakeDownContribution,
    WithdrawContribution,
)
from application.pole import RegisterPole
from domain.contribution import ContributionId
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.pole import PoleId
from domain.roles import Role
from domain.values import Personal
from interfaces.server import create_app
from interfaces.wiring import Product
from tests.application.desk import person
from tests.examples import settings
from tests.interfaces.conftest import registry
from tests.interfaces.shell import Seen, jalon

MODERATOR = person(2, Role.MODERATOR)
POLE = "pole-fictif"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry with one pole; tests add to it."""
    with closing(registry(tmp_path_factory.mktemp("contribution"))) as product:
        product.do(
            RegisterPole(name="Pôle fictif", occurred_on=PartialDate("2022-01-01")),
            product.operator(),
        )
        yield product


@pytest.fixture(scope="module")
def anyone(shared: Product) -> Iterator[TestClient]:
    with TestClient(create_app(shared), raise_server_exceptions=False) as client:
        yield client


def send(product: Product, text: str, **more: Any) -> ContributionId:
    command = SendContribution.model_validate(
        {"pole": product.find(POLE), "author": "Dominique Exemple", "text": text, **more}
    )
    return ContributionId(product.do(command, person(1, Role.PUBLIC)).answer)


# --- what a visitor may ask ---------------------------------------------------------------------

QUESTIONS = (
    *("/poles", f"/poles/{POLE}", "/contributions", "/listes", "/a-faire", "/en-attente"),
    *(f"/contributions?pole={POLE}", f"/poles?q={POLE}", "/echanges", "/suivi", "/campagnes"),
    *("/api/poles", f"/api/poles/{POLE}", f"/api/poles/{POLE}/history", f"/api/poles/{POLE}/why"),
    *("/api/contributions", f"/api/contributions?pole={POLE}", "/api/inbox", "/api/exchanges"),
)
"""Every question about a pole that needs no token."""

RANDOM = re.compile(r"\d[\d\s\u00a0]* événements? enregistrés?")
"""The size of the journal, which the footer of every page gives: of everything recorded."""


def seen_by_anyone(client: TestClient, on: str | None) -> dict[str, str]:
    """What a visitor reads of every question, today or on a day, on either axis of time."""
    asked = {}
    moments = [{}] if on is None else [{"in_force": on}, {"known": on}]
    for question in QUESTIONS:
        for moment in moments:
            answer = client.get(question, params=moment)
            assert answer.status_code < 500, (question, answer.text)
            asked[f"{question} {moment}"] = RANDOM.sub("", answer.text)
    return asked


TODAY, PAST = "today", "2023-01-01"

acts = st.tuples(
    st.sampled_from(["send", "send", "publish", "refuse", "withdraw", "take down"]),
    st.integers(0, 3),
)


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(acts, min_size=1, max_size=8), on=st.sampled_from([None, TODAY, PAST]))
def test_a_visitor_reads_nothing_of_what_is_not_published(
    shared: Product, anyone: TestClient, history: list[tuple[str, int]], on: str | None
) -> None:
    """Whatever is asked, and however much was sent and decided: what shows is what is published."""
    day = shared.moment().in_force.isoformat() if on == TODAY else on
    texts: dict[ContributionId, str] = {}
    shown: set[ContributionId] = set()
    unseen = seen_by_anyone(anyone, day)

    for act, number in history:
        ids = [*texts]
        before = set(shown)
        if act == "send":
            text = f"mot-{uuid4().hex}"
            about = {} if number else {"pole": None, "about": f"appel-{text}"}
            texts[send(shared, text, public_name=f"nom-{text}", **about)] = text
        elif ids:
            id_ = ids[number % len(ids)]
            with suppress(JalonError):
                _decide(shared, act, id_)
                shown = shown | {id_} if act == "publish" else shown - {id_}
        seen = seen_by_anyone(anyone, day)
        for id_, text in texts.items():
            said = [question for question, words in seen.items() if text in words]
            assert bool(said) == (id_ in shown and day != PAST), (act, said)
            named = [question for question, words in seen.items() if str(id_) in words]
            assert not named or id_ in shown, (act, named)
        if shown == before:
            assert seen == unseen, "not even a count of it shows"
        unseen = seen
    for id_ in shown:
        _decide(shared, "take down", id_)


def _decide(product: Product, act: str, id_: ContributionId) -> None:
    match act:
        case "publish":
            product.do(PublishContribution(contribution=id_), MODERATOR)
        case "refuse":
            command = RefuseContribution(contribution=id_, motive=Personal(text="hors sujet"))
            product.do(command, MODERATOR)
        case "withdraw":
            product.do(WithdrawContribution(contribution=id_), person(1, Role.PUBLIC))
        case _:
            product.do(TakeDownContribution(contribution=id_, motive="hors sujet"), MODERATOR)


def test_a_published_one_is_on_the_page_of_its_pole_as_it_was_written(
    shared: Product, anyone: TestClient
) -> None:
    id_ = send(shared, "<b>gras</b> & {{ 7*7 }}\n\nsuite", public_name="Une <i>habitante</i>")
    before = anyone.get(f"/poles/{POLE}").text
    _decide(shared, "publish", id_)

    page = anyone.get(f"/poles/{POLE}").text

    assert "est lue par la modération avant de paraître" in before
    assert "&lt;b&gt;gras&lt;/b&gt; &amp; {{ 7*7 }}" in page
    assert "<b>" not in page
    assert "Dominique" not in page
    assert "Une &lt;i&gt;habitante&lt;/i&gt;" in page
    assert "suite" in anyone.get("/contributions").text
    _decide(shared, "take down", id_)
    assert "habitante" not in anyone.get(f"/poles/{POLE}").text


# --- the queue ----------------------------------------------------------------------------------


@pytest.fixture
def operator(shared: Product, anyone: TestClient) -> TestClient:
    client = TestClient(anyone.app, raise_server_exceptions=False)
    client.headers["Authorization"] = f"Bearer {shared.token}"
    return client


@pytest.mark.parametrize("path", ["queue", str(UUID(int=0))])
def test_the_queue_needs_the_token_and_the_role(
    anyone: TestClient, operator: TestClient, path: str
) -> None:
    stranger = anyone.get(f"/api/contributions/{path}")
    other = operator.get(f"/api/contributions/{path}", headers={"Jalon-Role": "registrar"})

    assert (stranger.status_code, stranger.json()["code"]) == (403, "token.wrong")
    assert (other.status_code, other.json()["code"]) == (403, "contribution.reader")
    assert "modération" in other.json()["detail"]


def test_a_stranger_is_not_told_whether_a_contribution_exists(
    shared: Product, anyone: TestClient
) -> None:
    id_ = send(shared, "là")

    answers = [anyone.get(f"/api/contributions/{of}") for of in (id_, uuid4())]

    assert answers[0].status_code == answers[1].status_code == 403
    assert answers[0].json() == answers[1].json()
    _decide(shared, "refuse", id_)


def test_reading_the_queue_is_noted_without_its_words(
    shared: Product, operator: TestClient
) -> None:
    id_ = send(shared, "à lire")
    size = shared.journal.size()

    items = operator.get("/api/contributions/queue").json()["items"]
    noted = operator.get("/api/accesses", params={"subject": str(id_)}).json()

    last = items[-1]
    assert (last["id"], last["text"], last["standing"]) == (str(id_), "à lire", "received")
    (line,) = noted["items"]
    assert (line["concept"], line["part"], line["role"]) == ("contribution", "text", "moderator")
    assert "à lire" not in json.dumps(noted)
    assert shared.journal.size() == size
    _decide(shared, "refuse", id_)


# --- on the command line ------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with closing(registry(tmp_path / "home")) as product:
        product.do(RegisterPole(name="Pôle fictif"), product.operator())
    return tmp_path / "home"


def sit(home: Path, number: int) -> None:
    """Somebody else takes the operator's seat: until people sign in, an account is a file."""
    file = home / "operator.json"
    content = json.loads(file.read_text("utf-8")) | {"account": str(UUID(int=number))}
    file.write_text(json.dumps(content), "utf-8")


def run(home: Path, *words: str) -> Seen:
    return jalon("--home", home, "contribution", *words)


def test_a_contribution_goes_its_way_on_the_command_line(home: Path) -> None:
    sit(home, 1)
    line = ("send", "--pole", POLE, "--author", "Dominique Exemple", "--text", "Bon travail.")
    made = run(home, *line, "--as", "public")
    id_ = made.out.split()[-1]

    assert run(home, "list").out.startswith("Aucune contribution n'a paru.\n")
    queue = run(home, "queue").out
    assert "| Bon travail." in queue
    assert "de : Dominique Exemple" in queue
    own = run(home, "publish", "--contribution", id_, "--as", "moderator")
    assert (own.code, own.out) == (4, "")
    assert "Vous avez envoyé cette contribution" in own.err
    sit(home, 2)
    role = run(home, "publish", "--contribution", id_)
    assert (role.code, role.err) == (4, "Cet acte demande un autre rôle : modération.\n")
    assert run(home, "publish", "--contribution", id_, "--as", "moderator").code == 0
    assert "Bon travail." in run(home, "list").out
    assert "0 contribution attend d'être lue." in run(home, "queue").out
    assert "3 lectures." not in jalon("--home", home, "access", "list").out
    assert "1 lecture." in jalon("--home", home, "access", "list").out


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--text", ""], 2, "text"),
        (["--text", "x" * 5001], 2, "5000 caractères au plus"),
        (["--text", "a\x07b"], 2, "text"),
        (["--text", "bien", "--about", "le registre"], 4, "l'un des deux"),
        (["--text", "bien", "--valid-to", "2030-01-01"], 2, "ne prend pas fin"),
        (["--text", "bien", "--occurred-on", "2999-01-01"], 2, "n'est pas venu"),
        (["--text", "bien", "--public-name", "a\nb"], 2, "une ligne"),
    ],
)
def test_what_cannot_be_sent_is_said_in_one_sentence(
    home: Path, more: list[str], code: int, said: str
) -> None:
    seen = run(home, "send", "--pole", POLE, "--author", "Dominique", *more)

    assert (seen.code, seen.out) == (code, "")
    assert said in seen.err
    assert seen.err.count("\n") == 1
    assert run(home, "queue").out == "0 contribution attend d'être lue.\n"


@pytest.mark.parametrize("verb", ["publish", "withdraw"])
@pytest.mark.parametrize("id_", ["", "1", "zzz", str(UUID(int=0)), "x" * 100_000])
def test_an_identity_that_is_none(home: Path, verb: str, id_: str) -> None:
    seen = run(home, verb, "--contribution", id_, "--as", "moderator")

    assert seen.code in (1, 2)
    assert seen.err.count("\n") == 1
    assert "Traceback" not in seen.err


def test_a_pole_may_be_named_as_people_name_it(home: Path) -> None:
    sit(home, 1)
    made = run(home, "send", "--pole", "Pôle fictif", "--author", "D", "--text", "t", "--json")

    sheet = run(home, "show", made.json["id"], "--json").json
    assert sheet["pole_name"] == "Pôle fictif"
    assert PoleId(UUID(sheet["pole"]))
