"""Differences and origins as people and programs ask for them: verbs, addresses, pages."""

import html
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from application.case import CONCEPTS
from application.listing import LISTINGS
from application.member import AddMember
from application.pole import RegisterPole, RenamePole
from domain.dates import PartialDate
from domain.membership import MemberKind
from domain.pole import PoleId
from interfaces.server import create_app
from interfaces.wiring import Product, Settings
from tests.interfaces.seasons import CALL, KEPT, examined
from tests.interfaces.shell import Seen, jalon, refused
from tests.make import begin

CODE = "pole-fictif-des-landes"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A pole of 2022 that took another name in 2023, and a member."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), database="")
    begin(settings)
    with closing(Product(settings)) as made:
        by, kind = made.operator(), MemberKind.OTHER_ENTERPRISE
        register = RegisterPole(name="Pôle fictif des Landes", occurred_on=PartialDate("2022"))
        pole = PoleId(made.do(register, by).answer)
        when = PartialDate("2023-03-01")
        made.do(AddMember(pole=pole, member_kind=kind, name="Atelier fictif", occurred_on=when), by)
        rename = RenamePole(
            pole=pole,
            name="Pôle fictif des Pins",
            occurred_on=when,
            source="Statuts fictifs",
            ground="assemblée fictive",
        )
        made.do(rename, by)
        yield made


def ask(product: Product, *words: str) -> Seen:
    return jalon("--home", product.settings.home, *words)


def test_a_verb_says_what_changed_with_the_event_of_each_change(product: Product) -> None:
    seen = ask(product, "pole", "diff", CODE, "--from", "2022-06-01", "--to", "2023-06-01")

    size = product.journal.size()
    assert seen.code == 0
    assert "Ce qui a changé entre le 1er juin 2022 et le 1er juin 2023 :" in seen.out
    assert "avant : Pôle fictif des Landes\n      après : Pôle fictif des Pins" in seen.out
    assert f"← n° {size}, " in seen.out
    assert "fondement : assemblée fictive" in seen.out
    assert "source : Statuts fictifs" in seen.out
    assert "2 changements." in seen.out


def test_two_sizes_say_what_was_learned(product: Product) -> None:
    size = product.journal.size()
    sizes = ("--from", f"@{size - 1}", "--to", f"@{size}", "--as", "knowledge")

    seen = ask(product, "pole", "diff", CODE, *sizes, "--json")
    before = ask(product, "pole", "diff", CODE, *sizes, "--in-force", "2022-06-01")

    (change,) = seen.json["changes"]
    assert (change["path"], change["origin"]["position"]) == ("name", size)
    assert "Rien n'a changé." in before.out


def test_a_verb_says_whence_a_value_comes(product: Product) -> None:
    seen = ask(product, "pole", "blame", CODE, "--field", "name", "--details")

    size = product.journal.size()
    assert f"Nom : Pôle fictif des Pins  [name]\n      ← n° {size}, " in seen.out
    assert f"place {size - 1} du journal (la première est 0)" in seen.out
    assert "1 valeur." in seen.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("diff", CODE, "--from", "hier"), 2, "« hier » n'est pas un jour"),
        (("diff", CODE, "--from", "@3"), 2, "« @3 » n'est pas un jour"),
        (("diff", CODE, "--from", "2024-01-01", "--to", "2023-01-01"), 2, "vient après"),
        (
            ("diff", CODE, "--from", "@9", "--to", "@8", "--as", "knowledge"),
            2,
            "« --from » (après 9 événements) vient après « --to » (après 8 événements)",
        ),
        (
            ("diff", CODE, "--from", "2024-01-01", "--in-force", "2024-01-01"),
            2,
            "« --in-force » ne se donne pas ici",
        ),
        (
            ("diff", CODE, "--from", "@1", "--as", "knowledge", "--known", "@1"),
            2,
            "« --known » ne se donne pas ici",
        ),
        (("diff", CODE, "--from", "@9999999", "--as", "knowledge"), 2, "Le journal n'a pas"),
        (("diff", "personne", "--from", "2024-01-01"), 1, "ne figure pas dans le registre"),
        (("blame", CODE, "--field", "nom"), 1, "La fiche ne montre rien sous « nom »"),
        (("blame", CODE, "--known", "@1"), 1, "n'était pas encore connu du registre"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(
    product: Product, words: tuple[str, ...], code: int, said: str
) -> None:
    refused(ask(product, "pole", *words), code, said)


def test_the_api_and_the_pages_say_the_same(product: Product) -> None:
    client = TestClient(create_app(product), base_url="http://127.0.0.1")
    size = product.journal.size()

    found = client.get(f"/api/poles/{CODE}/blame", params={"field": "name"}).json()
    days = {"from": "2022-06-01", "to": "2023-06-01"}
    changed = client.get(f"/api/poles/{CODE}/diff", params=days).json()
    sheet = read(client, f"/poles/{CODE}")
    origin = read(client, f"/poles/{CODE}/origine?field=name,members")
    changes = read(client, f"/poles/{CODE}/changements?start=2022-06-01&end=2023-06-01")

    assert [line["origin"]["position"] for line in found["items"]] == [size]
    assert {line["path"].split("[")[0] for line in changed["changes"]} == {"name", "members"}
    assert f'href="/poles/{CODE}/origine?field=members%5B' in sheet
    assert f'href="/poles/{CODE}/evenements/{size}"' in origin
    assert f'id="evenement-{size}"' in read(client, f"/poles/{CODE}/evenements/{size}")
    assert "Membre « Atelier fictif »" in origin
    assert "Statuts fictifs" in changes
    assert "2 changements" in changes
    for page in (origin, changes):
        assert "<script" not in page
        assert "style=" not in page


def test_the_page_of_differences_refuses_in_words(product: Product) -> None:
    client = TestClient(create_app(product), base_url="http://127.0.0.1")
    address = f"/poles/{CODE}/changements"

    backwards = client.get(f"{address}?start=2024-01-01&end=2023-01-01", headers=HTML)
    hier = client.get(f"{address}?start=hier", headers=HTML)
    nothing = read(client, f"{address}?start=2024-01-01&end=2024-01-02")

    assert (backwards.status_code, hier.status_code) == (400, 400)
    assert "vient après" in backwards.text
    assert "n'est pas un jour" in html.unescape(hier.text)
    assert "rien n'a changé" in nothing


RESERVED = {"privacy_request"}
"""Cases that few may read, each reading noted; their history tells what changed."""


def test_every_kind_of_case_says_what_changed_and_whence(tmp_path: Path) -> None:
    home = examined(tmp_path / "home", announced=True)
    for verb in ("diff", "blame"):
        for concept in set(CONCEPTS) - RESERVED:
            helped = jalon("--home", home, concept.replace("_", "-"), verb, "--help")
            assert helped.code == 0, (concept, verb)
    for concept, name in (("call", CALL), ("dossier", KEPT)):
        found = jalon("--home", home, concept, "blame", name, "--json").json
        assert found["items"]
        assert all(line["origin"] for line in found["items"])
        days = ("--from", "2024-05-01", "--to", "2024-08-01")
        changed = jalon("--home", home, concept, "diff", name, *days, "--json").json
        assert changed["changes"]
    with closing(Product(Settings(home=home, database=""))) as product:
        client = TestClient(create_app(product), base_url="http://127.0.0.1")
        for concept, name in (("call", CALL), ("dossier", KEPT)):
            at = f"{LISTINGS[concept].path}/{name}"
            assert f'href="{at}/origine?field=' in read(client, at)
            assert "n° " in read(client, f"{at}/origine").replace("\u00a0", " ")


def test_what_a_committee_did_is_not_told_before_it_is_announced(tmp_path: Path) -> None:
    home = examined(tmp_path / "home", announced=False)

    found = jalon("--home", home, "dossier", "blame", KEPT, "--json").json

    told = [line["origin"]["event"] for line in found["items"] if line["origin"]]
    secret = ("ranked", "analysed", "opinion", "assessed", "decided")
    for event in told:
        assert not event or not any(word in event["topic"] for word in secret), event


HTML = {"accept": "text/html"}


def read(client: TestClient, address: str) -> str:
    """A page in full, its spaces plain."""
    page = client.get(address, headers=HTML)
    assert page.status_code == 200, (address, page.text[-2000:])
    return re.sub(r"[\u00a0\u202f]", " ", html.unescape(page.text))
