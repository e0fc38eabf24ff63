"""Every question may be asked at two dates: what was known then, what was in force that day."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from application.command import COMMANDS
from application.pole import RegisterPole, RenamePole
from domain.dates import PartialDate
from domain.pole import PoleId
from infrastructure.reference import STORIES
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.shell import jalon, refused, verbs
from tests.make import Clock, begin

BOTH = {"known", "in_force"}

# --- nothing is left out ------------------------------------------------------------------------

NO_FACT = "elle ne dit aucun fait du registre"
NEVER_CHANGES = "ce qui est publié ne change plus : il est le même tous les jours"
AN_ACT = "elle dit ce qu'un acte d'aujourd'hui ferait"
OWN_LOG = "elle lit le journal des lectures, qui n'est pas celui des faits"
BYTES = "des octets sont donnés tels qu'ils sont gardés, et le dire est noté"
KEPT = "elle cherche tout ce qui est gardé de quelqu'un, quelque jour que cela vaille"
WHOLE = "elle porte sur tout le journal, ou sur une preuve"
WORK = "elle dit où en est un travail, qui n'est pas un fait du registre"

VERBS_WITHOUT = {
    **dict.fromkeys(("init", "setup", "migrate", "backup", "restore", "rebuild"), AN_ACT),
    **dict.fromkeys(("serve", "demo", "tick", "place load"), AN_ACT),
    **dict.fromkeys((f"import {what}" for what in ("poles", "timeline", "calls")), AN_ACT),
    **dict.fromkeys(("import payments", "journey publish", "grid publish"), AN_ACT),
    **dict.fromkeys(("journey migrate", "journey revert"), AN_ACT),
    **dict.fromkeys(("doctor", "whoami", "workflow check", "workflow answer"), NO_FACT),
    **dict.fromkeys(("workflow import", "workflow export"), NO_FACT),
    **dict.fromkeys(("access list", "document downloads"), OWN_LOG),
    **dict.fromkeys(("privacy forget", "privacy refuse", "privacy resume"), AN_ACT),
    **dict.fromkeys(("privacy check", "privacy rotate-key", "privacy purge-readings"), AN_ACT),
    **dict.fromkeys(("privacy find", "privacy export"), KEPT),
    "privacy receipt": NEVER_CHANGES,
    "privacy register": NO_FACT,
    **dict.fromkeys(("document get", "document bundle", "document check"), BYTES),
    **dict.fromkeys(("audit sign", "audit keys", "audit rotate-key", "audit rotate-log"), AN_ACT),
    **dict.fromkeys(("audit distrust-key", "audit trust", "audit snapshot"), AN_ACT),
    **dict.fromkeys(("audit policy", "audit proof", "audit export", "audit check"), WHOLE),
    **dict.fromkeys(("audit verify", "audit compare", "audit sample"), WHOLE),
    **dict.fromkeys(("audit witnesses", "audit stamps"), WHOLE),
    **dict.fromkeys(("job list", "job show", "job run"), WORK),
    "workflow backtest": "elle rejoue toute l'histoire, depuis un jour donné par « --since »",
}
"""Verbs that have not both options, and why."""

ROUTES_WITHOUT = {
    "/api/accesses": OWN_LOG,
    "/api/audit": NO_FACT,
    "/api/audit/stamps": WHOLE,
    "/api/audit/witnesses": WHOLE,
    "/api/privacy/register": NO_FACT,
    "/api/documents/{document}/content": BYTES,
    **dict.fromkeys(("/api/jobs", "/api/jobs/{job}", "/api/jobs/{job}/file"), WORK),
    "/verification/{name}": NO_FACT,
    "/healthz": NO_FACT,
    "/readyz": NO_FACT,
}
"""Addresses of the API that have not both, and why; those of the journal's proofs have none."""


def test_every_verb_that_asks_has_both_dates() -> None:
    commands = {name.replace("_", "-").replace(".", " ") for name in COMMANDS}
    asking = {
        name: {option.name for option in verb.params}
        for name, verb in verbs().items()
        if name not in commands and not name.startswith("bulk ")  # the commands, for many at once
    }

    without = {name for name, options in asking.items() if not options >= BOTH}
    assert without - set(VERBS_WITHOUT) == set(), "a verb that cannot be asked at a date"
    assert {name for name in VERBS_WITHOUT if asking.get(name, set()) >= BOTH} == set()
    assert len(asking) - len(without) > 110


def test_every_address_of_the_api_has_both_dates(tmp_path: Path) -> None:
    with closing(registry(tmp_path, Clock())) as product:
        paths = create_app(product).openapi()["paths"]

    asked = {
        path: {parameter["name"] for parameter in of["get"].get("parameters", ())}
        for path, of in paths.items()
        if "get" in of and not path.startswith("/journal/")
    }
    without = {path for path, names in asked.items() if not names >= BOTH}
    assert without == set(ROUTES_WITHOUT)
    assert len(asked) - len(without) > 100


# --- alone and together -------------------------------------------------------------------------

DAWN, FIRST, LATER = "dawn", "first", "later"
OLD, NEW = "Pôle des Ajoncs (fictif)", "Pôle des Bruyères (fictif)"


def registry(home: Path, clock: Callable[[], datetime]) -> Product:
    settings = Settings(home=home, database="")
    begin(settings)
    return Product(settings, clock)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, dict[str, int]]]:
    """A pole registered in March; in May one learns that it has had another name since 2020."""
    clock = Clock(datetime(2097, 3, 4, 10, tzinfo=UTC))
    product = registry(tmp_path_factory.mktemp("late"), clock)
    vars(product.journal)["_clock"] = clock.microseconds  # the store's own clock too
    sizes = {DAWN: product.journal.size()}
    by = product.operator()
    pole = product.do(RegisterPole(name=OLD, occurred_on=PartialDate("2014")), by).answer
    sizes[FIRST] = product.journal.size()
    clock.now = datetime(2097, 5, 6, 8, 30, tzinfo=UTC)
    product.do(RenamePole(pole=PoleId(pole), name=NEW, occurred_on=PartialDate("2020")), by)
    sizes[LATER] = product.journal.size()
    clock.now = datetime(2097, 6, 3, 10, tzinfo=UTC)
    yield product, sizes
    product.close()


CASES = [
    ("", "", NEW),
    ("", "2019-12-31", OLD),
    ("2097-03-04", "", OLD),
    ("2097-05-05", "2023-01-01", OLD),
    ("2097-05-06", "2023-01-01", NEW),
    ("2097-05-06", "2019-12-31", OLD),
    ("2097-05-06T10:29", "2023-01-01", OLD),
    ("2097-05-06T10:31", "2023-01-01", NEW),
    ("2097-05-06T08:31Z", "", NEW),
    (FIRST, "", OLD),
    (FIRST, "2097-06-01", OLD),
    (LATER, "2097-06-01", NEW),
    (LATER, "2019-12-31", OLD),
    (DAWN, "2097-06-01", None),
    ("2097-03-03", "", None),
    ("", "2013-12-31", None),
]
"""What was known, what was in force, and the name that a pole then has; none before it is there."""


@pytest.mark.parametrize(("known", "in_force", "name"), CASES)
def test_each_date_alone_and_both_together_change_the_answer(
    told: tuple[Product, dict[str, int]], known: str, in_force: str, name: str | None
) -> None:
    product, sizes = told
    client = TestClient(create_app(product), base_url="http://127.0.0.1")
    known = f"@{sizes[known]}" if known in sizes else known
    asked = {key: day for key, day in (("known", known), ("in_force", in_force)) if day}

    found = client.get("/api/poles", params=asked).json()
    page = client.get("/poles", params=asked, headers={"accept": "text/html"})
    options = [word for key, day in asked.items() for word in (f"--{key.replace('_', '-')}", day)]
    home = str(product.settings.home)

    assert [line["name"] for line in found["items"]] == ([name] if name else [])
    assert page.status_code == 200
    assert (NEW in page.text, OLD in page.text) == (name == NEW, name == OLD)
    if not known or known.startswith("@"):  # the command line goes by the real time of day
        listed = jalon("--home", home, "pole", "list", "--json", *options).json
        assert [line["name"] for line in listed["items"]] == ([name] if name else [])


def test_a_size_alone_gives_the_same_answer_for_ever(
    told: tuple[Product, dict[str, int]],
) -> None:
    product, sizes = told

    moment = product.moment(f"@{sizes[FIRST]}")

    assert moment.known == sizes[FIRST]
    assert moment.in_force.isoformat() == "2097-03-04"
    assert product.moment(f"@{sizes[LATER]}").in_force.isoformat() == "2097-05-06"


def test_a_page_says_in_words_which_size_is_asked(told: tuple[Product, dict[str, int]]) -> None:
    product, sizes = told
    client = TestClient(create_app(product), base_url="http://127.0.0.1")

    page = client.get(f"/poles?known=@{sizes[FIRST]}", headers={"accept": "text/html"}).text

    assert f"tel que le registre le savait après {sizes[FIRST]} événements" in _plain(page)
    assert f'value="@{sizes[FIRST]}"' in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("@999999999", "Le journal n'a pas 999"),
        ("@-1", "n'est pas un jour (2014-09-19), ni un instant"),
        ("@", "n'est pas un jour"),
        ("@1e3", "n'est pas un jour"),
        ("@" + "9" * 40, "n'est pas un jour"),
        ("2024-02-30T10:00", "n'est pas un jour"),
        ("2024-02-03T25:00", "n'est pas un jour"),
        ("0001-01-01T00:00Z", None),
        ("2999-01-01T10:00", "n'est pas venu"),
    ],
)
def test_what_was_never_known_is_refused_in_one_sentence(
    told: tuple[Product, dict[str, int]], asked: str, words: str | None
) -> None:
    product, _ = told

    seen = jalon("--home", str(product.settings.home), "pole", "list", "--known", asked)

    if words is None:
        assert (seen.code, "0 pôle." in seen.out) == (0, True)
    else:
        refused(seen, 2, words)


# --- everywhere ---------------------------------------------------------------------------------

PAGES_WITHOUT = {
    "/listes": "elle mène aux listes, et ne dit aucun fait",
    "/rapports": "elle mène aux rapports, et ne dit aucun fait",
    "/rapports/mois": "elle mène au mois qui est choisi",
    "/connexion": "on y entre, aujourd'hui",
    "/invitation/{link}": "on y entre, aujourd'hui",
    "/connexion/openid/{provider}": "elle mène chez le fournisseur d'identité",
    "/connexion/retour/{provider}": "on y entre, aujourd'hui",
    "/mot-de-passe-oublie": "on y entre, aujourd'hui",
    "/mon-compte": "ce que l'on tient aujourd'hui",
    "/mon-compte/cles": "par quoi l'on entre aujourd'hui",
    "/administration/comptes": "les comptes comme ils sont",
    "/administration/comptes/{account}": "un compte comme il est",
    "/administration/parcours/brouillon": "un brouillon, qui n'est pas au registre",
    "/administration/parcours/brouillon/essai": "un brouillon rejoué sur toute l'histoire",
    "/administration/parcours/brouillon/migration": "ce que ferait un brouillon aujourd'hui",
    "/administration/parcours/{ref}/migration": "on y agit, aujourd'hui",
    "/administration": "elle mène à ce qui s'administre, et ne dit aucun fait",
    "/administration/imports": "elle mène à ce qui se charge",
    "/administration/imports/{kind}": "un fichier à charger aujourd'hui",
    "/lot": "on y agit, aujourd'hui",
    "/audit/evenements": "le journal lui-même, par numéro et par jour d'enregistrement",
    "/audit/evenements/{number}": "un événement du journal, qui ne change jamais",
    "/audit/evenements/{number}/preuve": "un événement du journal, qui ne change jamais",
    "/audit/integrite": "ce que le journal est aujourd'hui",
    "/audit/lectures": "des lectures, qui ne sont pas des faits du registre",
    "/demandes-de-droits/{name}/effacer": "on y agit, aujourd'hui",
    "/effacements/{erasure}": "le reçu d'un acte, qui ne change plus",
    "/poles/{pole}/signer": "on y lit ce que l'on va signer, aujourd'hui",
    "/evaluations/{name}/positions": "on y répond, aujourd'hui",
    "/actes": "ce qui peut être fait aujourd'hui",
    "/actes/{name}": "on y agit, aujourd'hui",
    "/accessibilite": "elle dit le site, et aucun fait",
    "/mentions-legales": "elle dit le site, et aucun fait",
    "/donnees-ouvertes": "elle mène aux données, et ne dit aucun fait",
    "/travaux": "les travaux demandés, où ils en sont",
    "/travaux/{job}": "un travail, où il en est",
    "/travaux/{job}/fichier": "un fichier",
    "/verification": "deux programmes à prendre, et aucun fait",
    "/documents/{document}/contenu": "un fichier",
    "/poles/{pole}/comparer": "elle mène à ce qui a changé entre deux jours",
    "/parcours/{ref}/dessin/{form}": "un fichier",
    "/poles/{pole}/dessin/{form}": "un fichier",
}
"""Addresses of pages that show no date to choose, and why."""


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A registry in which everything that the demonstration tells has happened."""
    product = registry(tmp_path_factory.mktemp("season"), lambda: datetime.now(UTC))
    for story in STORIES:
        product.demonstrate(story)
    product.follower.catch_up()
    yield product
    product.close()


@pytest.mark.long
def test_every_list_and_every_sheet_is_another_where_nothing_was_known_or_in_force(
    season: Product,
) -> None:
    client = TestClient(create_app(season), base_url="http://127.0.0.1")
    size, today = season.journal.size(), season.moment().in_force.isoformat()
    paths = client.get("/api/openapi.json").json()["paths"]
    lists = [path for path, of in paths.items() if "get" in of and "{" not in path]
    seen = 0
    for path in lists:
        now = client.get(path)
        if path in ROUTES_WITHOUT or "json" not in now.headers["content-type"]:
            continue
        if now.status_code != 200 or not now.json().get("total"):
            continue
        if path == "/api/journeys":  # its versions are there from the first event on
            continue
        seen += 1

        def at(path: str = path, **asked: str) -> Any:
            return client.get(path, params=asked).json()

        if path != "/api/mandates":  # of a day, it gives those in force only
            assert at(known=f"@{size}", in_force=today) == now.json(), path
            assert at(in_force=today) == now.json(), path
        assert at(known="@0", in_force=today).get("total", 0) == 0, path
        assert at(known="@0").get("total", 0) == 0, path
    assert seen > 30


@pytest.mark.long
def test_every_page_has_the_two_fields_and_takes_a_size(season: Product) -> None:
    client = TestClient(create_app(season), base_url="http://127.0.0.1")
    size = season.journal.size()
    patterns = dict(_page_routes(client.app))
    left, seen, lacking = ["/poles"], {"/poles"}, list[str]()
    while left and patterns:
        address = left.pop()
        page = client.get(address, headers={"accept": "text/html"})
        for href in re.findall(r'href="(/[^"#?]*)', page.text):
            if href not in seen and not href.startswith(("/static", "/api", "/journal")):
                seen.add(href)
                left.insert(0, href)
        route = next((path for path, form in patterns.items() if form.fullmatch(address)), None)
        if route is None or page.status_code != 200:
            continue
        del patterns[route]
        if route in PAGES_WITHOUT:
            continue
        page = client.get(f"{address}?known=@{size}", headers={"accept": "text/html"})
        wanted = ("après " + f"{size:,}".replace(",", " "), 'name="known"', 'name="in_force"')
        if page.status_code != 200 or any(one not in _plain(page.text) for one in wanted):
            lacking.append(address)
    assert lacking == []
    assert set(patterns) <= {*PAGES_WITHOUT, *SELDOM}, patterns


SELDOM = {
    "/evaluations/{name}/comparer/{other}",
    "/seances/{name}/proces-verbal",
    "/chartes/{charter}/differences",
    "/moderation",
    "/mon-pole",
    "/financeur",
    "/demandes-de-droits",
    "/demandes-de-droits/{name}",
    "/appels/{name}/vagues/{wave}",
}
"""Pages that no page of this registry leads to, for those whom nobody knows."""


def _page_routes(app: Any) -> Iterator[tuple[str, re.Pattern[str]]]:
    for included in app.routes:
        for route in getattr(getattr(included, "original_router", None), "routes", ()):
            if "GET" in route.methods:
                yield route.path, route.path_regex


def _plain(page: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", page)


def test_an_empty_date_is_no_date(told: tuple[Product, dict[str, int]]) -> None:
    """A script whose variable is empty is not answered as though it had asked for today."""
    home = told[0].settings.home

    for option in ("--known", "--in-force"):
        refused(jalon("--home", home, "pole", "list", option, ""), 2, "n'est pas un jour")
    refused(jalon("--home", home, "pole", "diff", OLD, "--from", ""), 2, "n'est pas un jour")
    assert jalon("--home", home, "audit", "verify", "--expect", "").code == 3


def test_a_version_is_not_shown_of_a_day_before_its_own(
    told: tuple[Product, dict[str, int]],
) -> None:
    """What is published does not change; but it was not always in force, nor known."""
    product, sizes = told
    client = TestClient(create_app(product), base_url="http://127.0.0.1")
    home, versions = product.settings.home, ("pole@2014-09-19", "pole@2021-05-12")

    for asked in (("diff", *versions), ("plan", versions[1])):
        line = ("--home", home, "journey", *asked, "--in-force")
        assert jalon(*line, "2021-05-12").code == 0
        refused(jalon(*line, "2021-05-11"), 1, "qu'à partir du 12 mai 2021")
    address = "/api/journeys/{}/diff/{}".format(*versions)
    assert client.get(address, params={"known": f"@{sizes[DAWN]}"}).status_code == 200
    assert client.get(address, params={"known": "@0"}).status_code == 404
    assert client.get(address, params={"in_force": "2020-01-01"}).status_code == 404
