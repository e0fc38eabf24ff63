"""Declared lists as people meet them: chosen by words, read part after part, and where empty."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from application.catalogue import COMMANDS
from application.choosing import codes, is_identity, no_pole
from application.evaluation import EVALUATIONS, PlanRound
from application.following import AssignFollower
from application.listing import LISTINGS
from application.member import AddMember
from application.pole import MovePole, RegisterPole
from domain.dates import PartialDate
from domain.evaluation import RoundKind
from domain.membership import MemberKind
from domain.pole import PoleId
from domain.provenance import AccountId
from domain.spelling import plain
from interfaces.server import create_app
from interfaces.web.listing import LINES
from interfaces.wiring import Product
from tests import make
from tests.interfaces.shell import Seen, jalon, refused

ANY_UUID = re.compile(r">[^<]*\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
ON = {"occurred_on": PartialDate("2022-01-01"), "source": "rapport"}
MEMBERS = LINES + 5


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Two fictitious poles: one with members enough for two pages, and one that has ended."""
    with make.product(tmp_path_factory.mktemp("kept")) as made:
        by = made.operator()

        def do(command: Any) -> Any:
            return made.registry.do(command, by).answer

        here, gone = (PoleId(do(RegisterPole(name=name, **ON))) for name in ("Atelier", "Halle"))
        for number in range(MEMBERS):
            kind = MemberKind.RESEARCH if number % 2 else MemberKind.OTHER_ENTERPRISE
            do(AddMember(pole=here, member_kind=kind, name=f"Coop {number}", **ON))
        do(AddMember(pole=gone, member_kind=MemberKind.OTHER, name="Dernière", **ON))
        do(PlanRound(pole=here, round_kind=RoundKind.SELF_POSITIONING, **ON))
        follower = AccountId(by.actor)
        do(AssignFollower(pole=here, follower=follower, organisation="CRESS Été", **ON))
        end = {"transition": "end", "input": {"reason": "dissolved"}, "source": "rapport"}
        do(MovePole(pole=gone, **end, occurred_on=PartialDate("2023-06-01")))
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def client(product: Product) -> TestClient:
    return TestClient(create_app(product), headers={"accept": "text/html"})


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with make.product(tmp_path_factory.mktemp("empty")) as made:
        yield made


def run(product: Product, *line: str) -> Seen:
    return jalon("--home", product.settings.home, *line)


# --- chosen by a code, or by its words -----------------------------------------------------------


@pytest.mark.parametrize("stage", ["planned", "prévu", "Prevu", " PRÉVU "])
def test_a_list_is_chosen_by_a_code_or_its_words(
    product: Product, client: TestClient, stage: str
) -> None:
    listed = run(product, "evaluation", "list", "--stage", stage, "--json").json
    told = client.get("/api/evaluations", params={"stage": stage}).json()
    page = client.get("/evaluations", params={"stage": stage})

    assert listed["total"] == told["total"] == 1
    assert page.status_code == 200
    assert '<option value="planned" selected>prévu (1)</option>' in page.text


def test_a_value_that_does_not_exist_is_refused_with_those_that_do(
    product: Product, client: TestClient
) -> None:
    said = "« zzz » n'est pas une valeur de « Étape »"
    sentence = refused(run(product, "evaluation", "list", "--stage", "zzz"), 2, said, "« publié »")
    answer = client.get("/api/evaluations", params={"stage": "zzz"})
    page = client.get("/evaluations", params={"stage": "zzz", "round_kind": "third_party"})

    assert answer.status_code == page.status_code == 422
    assert (answer.json()["code"], answer.json()["detail"]) == ("list.unknown_value", sentence)
    assert 'id="stage-erreur" role="alert"' in page.text
    assert 'aria-describedby="stage-erreur" aria-invalid="true"' in page.text
    assert '<option value="third_party" selected>' in page.text, "the form is kept"
    assert "<table" not in page.text


def test_long_words_are_told_by_their_codes(product: Product) -> None:
    sentence = refused(run(product, "assessment", "list", "--criterion", "zzz"), 2, "« MIX »")

    assert len(sentence) < 300
    assert run(product, "assessment", "list", "--criterion", "mix").code == 0
    assert run(product, "assessment", "list", "--criterion", "cinq à dix organisations").code == 0


def test_free_words_that_no_line_has_are_said_with_those_that_some_have(
    product: Product, client: TestClient
) -> None:
    seen = run(product, "following", "list", "--organisation", "zzz")
    page = client.get("/suivi", params={"organisation": "zzz"}).text
    found = run(product, "following", "list", "--organisation", "cress ete", "--json").json

    sentence = "Aucune ligne pour « zzz » (organisation). La liste contient : « CRESS Été »."
    assert (seen.code, seen.out) == (0, f"{sentence}\n")
    assert "Aucune ligne pour" in page
    assert '<option value="zzz" selected>zzz</option>' in page, "the form is kept"
    assert found["total"] == 1


def test_no_two_values_of_a_filter_are_written_the_same_way() -> None:
    for asked in LISTINGS.values():
        for name in asked.filters:
            known = codes(asked, name) or {}
            ways = [plain(words) for words in known.values()]
            assert len(set(ways)) == len(ways), (asked.name, name)
            assert not {plain(code) for code in known} & {
                plain(words) for code, words in known.items() if plain(code) != plain(words)
            }


def test_the_page_offers_the_values_that_are_there_and_asks_for_no_identity(
    client: TestClient,
) -> None:
    followed, undertakings = client.get("/suivi").text, client.get("/engagements-pris").text

    assert '<option value="CRESS Été">CRESS Été (1)</option>' in followed
    assert 'name="signature"' not in undertakings
    for asked in LISTINGS.values():
        for name in asked.filters:
            if is_identity(asked, name):
                page = client.get(asked.path, params={name: "zzz"})
                assert page.status_code == 422
                assert "n&#39;est pas un identifiant" in page.text


def test_an_unknown_pole_is_said_beside_its_field(client: TestClient) -> None:
    page = client.get("/membres", params={"pole": "zzz", "member_kind": "research"})

    assert page.status_code == 404
    assert 'id="pole-erreur" role="alert"' in page.text
    assert '<option value="research" selected>' in page.text


# --- part after part -----------------------------------------------------------------------------


def test_the_api_gives_a_part_and_the_number_of_all(client: TestClient) -> None:
    def part(**asked: int) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = client.get("/api/members", params=asked).json()
        return answer

    first, rest = part(), part(offset=100)
    assert (len(first["items"]), first["total"]) == (100, MEMBERS)
    assert (len(rest["items"]), rest["total"]) == (MEMBERS - 100, MEMBERS)
    every = [line["id"] for line in (*first["items"], *rest["items"])]
    assert every == [line["id"] for line in part(limit=1000)["items"]]
    assert len(set(every)) == MEMBERS
    assert part(offset=10**9)["items"] == []


@pytest.mark.parametrize(
    "asked",
    [
        *({"limit": limit} for limit in ("0", "-1", "1001", "mille", "9" * 30)),
        *({"offset": offset} for offset in ("-1", "zéro", "9" * 30)),
    ],
)
def test_the_api_refuses_a_part_that_cannot_be(client: TestClient, asked: dict[str, str]) -> None:
    answer = client.get("/api/members", params=asked)

    assert answer.status_code == 400
    assert next(iter(asked)) in answer.json()["detail"]
    assert answer.json()["detail"].count(".") == 1


def test_a_long_list_has_several_pages(client: TestClient) -> None:
    first = client.get("/membres", params={"pole": "atelier"})
    second = client.get("/membres", params={"pole": "atelier", "page": "2"})

    assert first.text.count('<tr role="row">') == LINES + 1
    assert f"Lignes 1 à {LINES} sur {MEMBERS}" in first.text
    assert 'href="/membres?pole=atelier&amp;page=2" rel="next"' in first.text
    assert second.text.count('<tr role="row">') == MEMBERS - LINES + 1
    assert 'href="/membres?pole=atelier" rel="prev"' in second.text
    assert 'rel="next"' not in second.text


@pytest.mark.parametrize("page", ["0", "-1", "3", "deux", "9" * 40, "²"])
def test_a_page_that_is_not_there_is_said_in_one_sentence(client: TestClient, page: str) -> None:
    answer = client.get("/membres", params={"page": page})

    assert answer.status_code == 404
    assert "elle en compte 2." in answer.text.replace("\u00a0", " ")


def test_the_command_line_may_stop_after_some_lines(product: Product) -> None:
    seen = run(product, "member", "list", "--limit", "2")

    assert seen.out.endswith(f"2 lignes sur {MEMBERS}.\n")
    kept = run(product, "member", "list", "--limit", "2", "--json").json
    assert (len(kept["items"]), kept["total"]) == (2, MEMBERS)
    for limit in ("0", "-3", "deux"):
        refused(run(product, "member", "list", "--limit", limit), 2, "--limit")


# --- a pole that ended ---------------------------------------------------------------------------


def test_of_a_pole_that_ended_nothing_is_in_force_and_the_eve_is_one_click_away(
    product: Product, client: TestClient
) -> None:
    seen = run(product, "member", "list", "--pole", "halle")
    page = client.get("/membres", params={"pole": "halle"}).text
    eve = client.get("/membres", params={"pole": "halle", "in_force": "2023-05-31"}).text

    assert "Ce pôle a cessé le 1er juin 2023" in seen.out
    assert 'href="/membres?pole=halle&amp;in_force=2023-05-31"' in page
    assert "Dernière" in eve
    assert '<time datetime="2023-06-01">' in eve, "until the pole ended"


# --- where there is nothing ----------------------------------------------------------------------


def test_an_empty_list_says_so_and_how_to_begin(empty: Product) -> None:
    client = TestClient(create_app(empty), headers={"accept": "text/html"})
    for asked in LISTINGS.values():
        assert asked.begun_by in COMMANDS
        if "page" in asked.own or asked.name == "grid":  # grids are published with the registry
            continue
        page = client.get(asked.path)
        text = page.text.replace("\u00a0", " ").replace("&#39;", "'")
        verb = asked.begun_by.replace(".", " ").replace("_", "-")
        assert page.status_code == 200
        assert asked.empty in text, asked.name
        assert f"Pour commencer : « jalon {verb} »." in text, asked.name
        assert ".." not in re.sub(r"<[^>]*>", "", text), asked.name


def test_on_the_command_line_too(empty: Product) -> None:
    seen = run(empty, "finding", "list")
    kept = run(empty, "finding", "list", "--json").json

    assert seen.out.startswith(
        "Aucun constat n'est enregistré comme en cours.\nPour commencer : « jalon "
    )
    assert kept == {"items": [], "total": 0}


def test_no_list_shows_an_identity(client: TestClient) -> None:
    for asked in LISTINGS.values():
        page = client.get(asked.path)

        assert page.status_code == 200
        assert not ANY_UUID.search(page.text), asked.name
        assert "id" not in asked.columns


def test_the_words_of_stages_are_those_of_the_published_journeys(product: Product) -> None:
    offers = product.offers(EVALUATIONS, product.moment())

    assert offers["stage"]
    assert {"planned": "prévu", "in_review": "en relecture"}.items() <= offers["stage"].items()


def test_the_register_is_read_page_after_page_too(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with make.product(tmp_path_factory.mktemp("many")) as made:
        for number in range(LINES + 1):
            made.registry.do(RegisterPole(name=f"Pôle fictif {number:03}"), made.operator())
        made.follower.catch_up()
        with TestClient(create_app(made), raise_server_exceptions=False) as many:
            first, second = many.get("/poles").text, many.get("/poles?q=fictif&page=2").text
            beyond = many.get("/poles?page=3")
            rules = many.get("/parcours").text

    assert (first.count('id="pole-'), second.count('id="pole-')) == (LINES, 1)
    assert all("101 pôles" in page.replace("\u00a0", " ") for page in (first, second))
    assert 'rel="next">Page suivante' in first
    assert "/poles?q=fictif" in second.partition('rel="prev"')[0]
    assert beyond.status_code == 400
    assert "pas de page" in beyond.text
    assert "règle propre à ce registre" in rules
    assert "product rule" not in rules


def test_of_another_day_a_list_says_what_is_not_recorded_never_what_was_not(
    product: Product,
) -> None:
    for asked in LISTINGS.values():
        if "verb" in asked.own or asked.name == "grid":
            continue
        said = run(product, asked.name.replace("_", "-"), "list", "--in-force", "2011-12-31").out
        assert "rien n'est enregistré comme en vigueur le 31 décembre 2011" in said, asked.name
        assert "Pour commencer" not in said
    known = run(product, "charter-signature", "list", "--known", "2011-12-31").out
    assert known.startswith("Le registre n'existait pas encore le 31 décembre 2011")


def test_the_register_is_chosen_by_words_and_says_what_it_has(product: Product) -> None:
    stage = run(product, "pole", "list", "--stage", "Émergence")
    unknown = run(product, "pole", "list", "--stage", "zzz")
    early = run(product, "pole", "list", "--known", "2011-12-31").out

    assert "Atelier" in stage.out
    assert unknown.code == 2
    assert "(Charte signée)" in unknown.err
    assert early.startswith("Le registre n'existait pas encore")
    assert (
        no_pole(product.moment(), is_chosen=True, region="Bretange", regions=["Bretagne"])
        == "Aucun pôle dans « Bretange » (région). Il y en a dans : « Bretagne »."
    )
