"""Every page and every question is read by those whom the table names, and by nobody else."""

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.document_list import DOCUMENTS
from application.evaluation import EVALUATIONS
from application.privacy_request import ReceivePrivacyRequest
from domain.roles import Role
from infrastructure.reference import STORIES
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests import make
from tests.authorisation.table import CALLED, HERE
from tests.examples import settings
from tests.interfaces.people import Person, open_account, person
from tests.interfaces.seasons import CALL, KEPT, SESSION, decided, examined

HELD = [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)]
NOBODY = "00000000-0000-0000-0000-000000000001"
POLE, OTHER = "pole-fictif-des-trois-rivieres", "pole-fictif-des-dunes"


class Question(NamedTuple):
    """What the table says of a page, or of a question of the API."""

    route: str
    until_announced: bool
    readers: frozenset[Role]
    """Of those who are signed in; the public role among them means everybody."""
    of_pole: bool


def questions() -> dict[tuple[str, bool], Question]:
    found = {}
    with (HERE / "questions.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines, delimiter=";"):
            who, until = line["se lit par"], bool(line["jusqu'à l'annonce des résultats"])
            match who:
                case "tous":
                    readers = frozenset({Role.PUBLIC, *HELD})
                case "qui entre":  # by a provider that knows them, or not: nobody is told more
                    readers = frozenset()
                case "connectés":
                    readers = frozenset(HELD)
                case _:
                    readers = frozenset(Role(CALLED[name]) for name in who.split(", "))
            route = line["page ou question"]
            of_pole = line["se tient aussi pour"] == "pôle"
            found[route, until] = Question(route, until, readers, of_pole)
    return found


QUESTIONS = questions()
ASKED = sorted(key for key, line in QUESTIONS.items() if line.readers)


class Asked:
    """A registry, somebody in each role, and the addresses of its things."""

    def __init__(self, product: Product, things: dict[str, str]) -> None:
        self.product = product
        self.things = things
        self.app = create_app(product)
        self.people: dict[Role, Person] = {role: person(product, role) for role in HELD}
        self.people[Role.PUBLIC] = person(product, None)

    def path(self, route: str) -> str:
        """An address of a route, about things that are there where they can be."""

        def thing(found: re.Match[str]) -> str:
            name = found[1].partition(":")[0]
            of = route.split("/")[2 if route.startswith("/api/") else 1]
            return self.things.get(f"{of}/{name}") or self.things.get(name) or NOBODY

        return re.sub(r"\{([^}]+)\}", thing, route)

    def is_let_in(
        self, route: str, role: Role, somebody: Person | None = None, *, hides: bool = False
    ) -> bool:
        """Whether a route answers somebody, whatever it answers.

        Args:
            hides: whether to whom it is not for it says that it is not there.
        """
        path, headers = self.path(route), {}
        if route.startswith(("/api/", "/journal/")):
            somebody = self.people[Role.PUBLIC]
            if role is not Role.PUBLIC:
                token = f"Bearer {self.product.token}"
                headers = {"Authorization": token, "Jalon-Role": role.value}
        else:
            headers = {"accept": "text/html"}
        http = (somebody or self.people[role]).http
        answer = http.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code < 500, path
        assert answer.status_code != 403 or len(answer.text) > 40, path
        asks_who = answer.headers.get("location", "").startswith("/connexion?")
        refused = (401, 403, 404) if hides else (401, 403)
        return answer.status_code not in refused and not asks_who


def _routes(routes: Iterable[Any]) -> Iterator[str]:
    for route in routes:
        if included := getattr(route, "original_router", None):
            yield from _routes(included.routes)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Everything that the demonstration tells, and a request of a person."""
    with make.product(tmp_path_factory.mktemp("asked") / "home") as product:
        for story in STORIES:
            product.demonstrate(story)
        said = {"right": "access", "channel": "email", "requester": "Jeanne Inventée"}
        asked = ReceivePrivacyRequest.model_validate(said)
        request = str(product.do(asked, product.operator(Role.DPO)).answer)
        product.log.begin("essai.exemple/journal")
        product.follower.catch_up()

        def last(topic: str) -> str:
            sql = f"SELECT stream FROM event WHERE topic LIKE '{topic}.%' ORDER BY position DESC"
            return str(product.journal.query(f"{sql} LIMIT 1")[0][0])

        evaluation = str(product.listed(EVALUATIONS, product.moment(), pole=POLE)[-1].id)
        things = {
            "pole": POLE,
            "poles/name": POLE,
            "ref": "pole@2021-05-12",
            "kind": "poles",
            "form": "svg",
            "month": "2024-06",
            "number": "1",
            "wave": "v1",
            "level": "0",
            "where": "000.p/1",
            "question": "qui-a-decide",
            "actes/name": "pole.register",
            "account": str(open_account(product, Role.MODERATOR)),
            "document": str(product.listed(DOCUMENTS, product.moment(), pole=POLE)[0].id),
            "exchange": last("exchange.recorded"),
            "contribution": last("contribution.received"),
            "evaluations/name": evaluation,
            "dossiers/name": last("dossier.drafted"),
            "sessions/name": last("session.convened"),
            "seances/name": last("session.convened"),
            "calls/name": "saison-fictive",
            "appels/name": "saison-fictive",
            "privacy-requests/name": request,
            "demandes-de-droits/name": request,
        }
        yield Asked(product, things)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Asked]]:
    """Nothing is announced: a call whose committee voted, one whose dossiers are examined."""
    with ExitStack() as stack:
        made = {}
        for name, begin in (("voted", decided), ("examined", examined)):
            home = begin(tmp_path_factory.mktemp(name) / "home", announced=False)
            product = stack.enter_context(closing(Product(Settings(home=home, database=""))))
            things = {
                "dossiers/name": KEPT,
                "sessions/name": SESSION,
                "seances/name": SESSION,
                "calls/name": CALL,
                "appels/name": CALL,
                "wave": "v1",
            }
            made[name] = Asked(product, things)
        yield made


def test_every_page_and_question_has_a_line_and_every_line_one(told: Asked) -> None:
    routes = set(_routes(told.app.router.routes))

    assert {route for route, _ in QUESTIONS} == routes


@settings(max_examples=120, deadline=None)
@given(asked=st.sampled_from(ASKED), role=st.sampled_from([Role.PUBLIC, *HELD]))
def test_it_is_read_by_those_whom_the_table_names(
    told: Asked, hidden: dict[str, Asked], asked: tuple[str, bool], role: Role
) -> None:
    route, until = asked
    where = told if not until else hidden["examined" if "dossiers" in route else "voted"]

    is_read = role in QUESTIONS[asked].readers
    assert where.is_let_in(route, role, hides=until) == is_read, (route, role)


@pytest.mark.long
@pytest.mark.parametrize("role", [Role.PUBLIC, *HELD])
def test_every_cell_of_the_table_holds(told: Asked, hidden: dict[str, Asked], role: Role) -> None:
    for route, until in ASKED:
        line = QUESTIONS[route, until]
        where = told if not until else hidden["examined" if "dossiers" in route else "voted"]
        assert where.is_let_in(route, role, hides=until) == (role in line.readers), route


@pytest.mark.parametrize("route", [route for (route, _), line in QUESTIONS.items() if line.of_pole])
def test_a_role_held_for_a_pole_reads_of_that_pole_alone(told: Asked, route: str) -> None:
    own, other = (
        person(told.product, Role.POLE_REPRESENTATIVE, f"pole:{told.product.find(pole)}")
        for pole in (POLE, OTHER)
    )

    assert told.is_let_in(route, Role.POLE_REPRESENTATIVE, own)
    assert not told.is_let_in(route, Role.POLE_REPRESENTATIVE, other)


def test_what_is_refused_tells_nothing_of_what_it_hides(told: Asked, hidden: Any) -> None:
    seen = hidden["voted"].people[Role.FUNDER].http.get(f"/seances/{SESSION}").text
    request = told.things["demandes-de-droits/name"]
    refused = told.people[Role.FUNDER].http.get(f"/demandes-de-droits/{request}")

    assert "Motif-Que-Personne-Ne-Lit" not in seen
    assert refused.status_code == 403
    assert "Jeanne" not in refused.text
