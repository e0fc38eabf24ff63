"""What is taken away from lists: a file says what the page says, and nothing in it is computed."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from application.extract import MOST, Extract, Money, TooManyLines, must_fit
from application.listing import LISTINGS, date_alone
from application.member import AddMember
from application.narrowing import dates, sortable
from application.pole import RegisterPole
from domain.dates import PartialDate
from domain.membership import MemberKind
from domain.money import euros
from domain.pole import PoleId
from domain.roles import Role
from domain.spelling import plain
from infrastructure.reference import STORIES
from interfaces.extract import as_csv, as_xlsx
from interfaces.server import create_app
from interfaces.wiring import Product
from tests import make
from tests.interfaces.people import person

NOTHING_SAID = {"—", "aucune source citée", "non précisée", "non renseignée", ""}
"""How pages say that there is nothing, where a file has an empty cell."""

OTHERS = (
    *("/poles", "/a-faire", "/en-attente", "/grand-livre", "/paiements/rapprochement"),
    *("/chronologie", "/declarations", "/rapports/changements"),
)
"""The pages of lines that are made by hand."""

LISTED = [one for one in LISTINGS.values() if "page" not in one.own or one.name == "place"]
NASTY = ("=1+1", "+33", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x";"y")', "a;b", 'c"d')


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Everything that the demonstration tells, and a pole whose words look like formulas."""
    with make.product(tmp_path_factory.mktemp("taken")) as made:
        for story in STORIES:
            made.demonstrate(story)
        by = made.operator()
        on: dict[str, Any] = {"occurred_on": PartialDate("2024-05"), "source": "=cmd|' /C calc'!A0"}
        pole = PoleId(made.do(RegisterPole(name="=2+3 (fictif)", **on), by).answer)
        for name in NASTY:
            kind = MemberKind.OTHER_ENTERPRISE
            made.do(AddMember(pole=pole, member_kind=kind, name=name.strip() + " x", **on), by)
        made.follower.catch_up()
        yield made


@pytest.fixture(scope="module")
def client(product: Product) -> TestClient:
    return TestClient(create_app(product), headers={"accept": "text/html"})


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with make.product(tmp_path_factory.mktemp("empty")) as made:
        yield TestClient(create_app(made), headers={"accept": "text/html"})


def taken(client: TestClient, path: str, form: str = "json", **asked: str) -> Any:
    answer = client.get(path, params={**asked, "format": form})
    assert answer.status_code == 200, answer.text
    match form:
        case "json":
            return answer.json()
        case "csv":
            assert answer.content.startswith(b"\xef\xbb\xbf")
            return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    return load_workbook(io.BytesIO(answer.content))


def shown(client: TestClient, path: str, **asked: str) -> list[dict[str, str]]:
    """The lines of a list, on all its pages, each cell by the title of its column."""
    found: list[dict[str, str]] = []
    address = f"{path}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"
    while address:
        page = html.fromstring(client.get(address).text)
        for row in page.xpath("//table[contains(@class, 'list')][1]/tbody/tr"):
            cells = row.xpath("./td[@data-label]")
            found.append({c.get("data-label"): " ".join(c.text_content().split()) for c in cells})
        following = page.xpath("//nav[@class='pager']//a[@rel='next']/@href")
        address = following[0] if following else ""
    return found


def letters(text: str) -> str:
    """A text without what parts its words: a page may have put them in a list."""
    return plain(text).replace("-", "")


def as_read(cell: Any) -> str:
    """What a cell of a file says, as people read it on the page."""
    if isinstance(cell, float):
        return euros(round(cell * 100))
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date_alone(cell)
    return str(cell)


# --- the same as the page -------------------------------------------------------------------------


@pytest.mark.parametrize("known", LISTED, ids=lambda known: known.name)
@pytest.mark.parametrize("asked", [{}, {"in_force": "2025-06-30"}], ids=["today", "past"])
def test_a_file_says_what_the_page_of_a_list_says(
    client: TestClient, known: Any, asked: dict[str, str]
) -> None:
    told = taken(client, known.path, **asked)
    page = shown(client, known.path, **asked)

    assert len(told["colonnes"]) == len(set(told["colonnes"]))
    assert len(told["lignes"]) == len(page)
    for line, row in zip(told["lignes"], page, strict=True):
        for place, (title, said) in enumerate(row.items()):
            if title == "Actes":
                continue
            cell = line.get(title)
            if cell is None:
                assert said in NOTHING_SAID, (title, said)
            elif place == 0:  # beside it, that it is contested
                assert letters(said).startswith(letters(as_read(cell)))
            else:
                assert letters(said) == letters(as_read(cell)), title


@pytest.mark.parametrize("path", [*(known.path for known in LISTED), *OTHERS])
def test_the_three_forms_say_the_same(client: TestClient, path: str) -> None:
    told, (titles, *records) = taken(client, path), taken(client, path, "csv")
    book = taken(client, path, "xlsx")
    columns, lines = told["colonnes"], [list(line.values()) for line in told["lignes"]]
    number = len(lines)
    width = len(columns)

    assert titles[:width] == columns
    assert {len(record) for record in (titles, *records)} == {max(width, 2)}
    for line, record in zip(lines, records[:number], strict=True):
        assert [_in_csv(cell) for cell in line] == record[:width]
    assert set(records[number]) == {""}
    question = {record[0]: record[1] for record in records[number + 1 :]}
    told["question"].pop("Fait"), question.pop("Fait")  # the minute may have passed
    assert question == told["question"]
    rows = list(book["Lignes"].iter_rows(values_only=True))
    assert [list(rows[0]), len(rows) - 1] == [columns, number]
    for line, row in zip(lines, rows[1:], strict=True):
        assert [_in_workbook(cell) for cell in line] == [_as_told(cell) for cell in row]
    assert book["Question"]["B1"].value == told["question"]["Liste"]


def _in_csv(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and text[:1] in "=+-@" and text else text


def _in_workbook(cell: Any) -> Any:
    is_day = isinstance(cell, str) and re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", cell)
    return date.fromisoformat(cell) if is_day else cell


def _as_told(cell: Any) -> Any:
    return cell.date() if isinstance(cell, datetime) else cell


@pytest.mark.parametrize("path", [*(known.path for known in LISTED), *OTHERS, "/membres?q=zzz"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_of_an_empty_list_a_file_tells_the_question(
    empty: TestClient, path: str, form: str
) -> None:
    answer = empty.get(path, params={"format": form, **({"q": "zzz"} if "?" in path else {})})

    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename=")


# --- the question ---------------------------------------------------------------------------------


def test_a_file_tells_its_question_and_the_address_that_gives_the_same_for_ever(
    client: TestClient, product: Product
) -> None:
    asked = {"stage": "in_force", "sort": "-object", "q": "fictif", "in_force": "2025-06-30"}
    told = taken(client, "/engagements-financiers", **asked)
    question = told["question"]
    again = question["Pour relire les mêmes lignes"]
    answer = client.get("/engagements-financiers", params={**asked, "format": "csv"})

    assert question["Étape"] == "en cours d'exécution"
    assert question["Tri"] == "Objet, en ordre inverse"
    assert question["Mots cherchés"] == "fictif"
    assert "30 juin 2025" in question["Date"]
    assert plain(question["Événements connus"]) == plain(f"{product.journal.size():,}")
    assert f"known=%40{product.journal.size()}&in_force=2025-06-30" in again
    assert client.get(f"{again}&format=json").json()["lignes"] == told["lignes"] != []
    assert (
        'filename="engagements-financiers-2025-06-30.csv"' in answer.headers["content-disposition"]
    )


def test_what_cannot_be_given_is_refused_in_one_sentence(client: TestClient) -> None:
    form = client.get("/membres?format=exe")
    value = client.get("/membres?format=csv&member_kind=zzz")
    order = client.get("/membres?sort=zzz")
    period = client.get("/membres?period=hier")

    assert form.status_code == value.status_code == 400
    assert "au choix : csv, xlsx, json" in form.text.replace("\u00a0", " ")
    assert "n&#39;est pas une valeur" in value.text
    assert (order.status_code, period.status_code) == (422, 422)
    assert "ne se trie pas par" in order.text
    assert 'id="period-erreur" role="alert"' in period.text
    with pytest.raises(TooManyLines, match="choisissez moins de lignes"):
        must_fit(MOST + 1)


def test_accounts_are_taken_away_by_those_who_may_read_them_and_that_is_noted(
    product: Product, client: TestClient
) -> None:
    path = "/administration/comptes?format=json"
    administrator = person(product, Role.ADMINISTRATOR).http
    before = len(product.accesses.lines())

    refused = client.get(path, follow_redirects=False)
    funder = person(product, Role.FUNDER).http.get(path)
    assert (refused.status_code, funder.status_code) == (303, 403)
    assert len(product.accesses.lines()) == before

    told = administrator.get(path).json()
    noted = product.accesses.lines()[before:]
    assert len(told["lignes"]) == len(noted) > 1
    assert {(line.concept, line.part) for line in noted} == {("account", "name")}


# --- nothing is computed --------------------------------------------------------------------------


def test_words_that_look_like_formulas_stay_words(client: TestClient) -> None:
    asked = {"pole": "=2+3 (fictif)"}
    cells = [cell for row in taken(client, "/membres", "csv", **asked) for cell in row]
    sheet = taken(client, "/membres", "xlsx", **asked)["Lignes"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}

    assert "'=1+1 x" in cells
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert "f" not in kinds
    assert "=1+1 x" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
cells = st.one_of(
    words,
    st.builds(lambda sign, text: sign + text, st.sampled_from("=+-@"), words),
    st.builds(Money, st.integers(-(10**14), 10**14)),
    st.integers(-(10**9), 10**9),
    st.dates(min_value=date(1000, 1, 1)),
    st.none(),
)


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_whatever_is_said_a_file_gives_it_back_and_computes_nothing(
    rows: list[tuple[Any, ...]],
) -> None:
    extract = Extract("Essai", ("A", "B"), rows, {"Liste": "Essai"}, date(2026, 1, 1), 7, "/")
    text = as_csv(extract).decode("utf-8-sig")
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    sheet = load_workbook(io.BytesIO(as_xlsx(extract)))["Lignes"]

    read = list(sheet.iter_rows(min_row=2, max_col=2, max_row=1 + len(rows))) if rows else []
    for row, record, line in zip(rows, records[1:], read, strict=False):
        for cell, said, kept in zip(row, record, line, strict=True):
            assert kept.data_type != "f"
            match cell:
                case str():
                    assert said.removeprefix("'") == cell.removeprefix("'")
                    assert not said.startswith(("=", "+", "-", "@"))
                case Money(cents):
                    assert round(float(said.replace(",", ".")) * 100) == cents
                    assert round(kept.value * 100) == cents
                case None:
                    assert (said, kept.value) == ("", None)
                case date():
                    assert said == cell.isoformat()
                case int():
                    assert (said, kept.value) == (str(cell), cell)


# --- order, search, period ------------------------------------------------------------------------


@pytest.mark.parametrize("known", LISTED, ids=lambda known: known.name)
def test_a_list_is_sorted_by_each_of_its_columns_both_ways(client: TestClient, known: Any) -> None:
    whole = taken(client, known.path)["lignes"]
    for name in sortable(known):
        title = known.heading(name)
        up = taken(client, known.path, sort=name)["lignes"]
        down = taken(client, known.path, sort=f"-{name}")["lignes"]

        keys = [line[title] for line in up if line.get(title) is not None]
        assert sorted(map(json.dumps, up)) == sorted(map(json.dumps, down))
        assert len(up) == len(whole)
        if keys and all(isinstance(key, int | float) for key in keys):
            assert keys == sorted(keys)
            told = [line[title] for line in down if line.get(title) is not None]
            assert told == keys[::-1]
        elif keys and name not in {"capacities", "charter", "evidence", "version"}:
            is_text = not any(re.search(r"\d", str(key)) for key in keys)
            assert not is_text or [*map(plain, keys)] == sorted(map(plain, keys)), name


def test_search_finds_words_of_any_column_and_says_where_there_are_none(
    client: TestClient,
) -> None:
    every = taken(client, "/membres")["lignes"]
    found = taken(client, "/membres", q="IMAGINAIRES")["lignes"]
    of_pole = taken(client, "/membres", q="=2+3")["lignes"]
    page = client.get("/membres?q=introuvable").text

    assert 0 < len(found) < len(every)
    assert all("imaginaires" in plain(" ".join(map(str, line.values()))) for line in found)
    assert {line["Pôle"] for line in of_pole} == {"=2+3 (fictif)"}
    assert "introuvable" in page
    assert "Voir la liste entière" in page


@pytest.mark.parametrize("known", LISTED, ids=lambda known: known.name)
def test_every_line_is_of_one_year_or_of_none(client: TestClient, known: Any) -> None:
    every = taken(client, known.path)["lignes"]
    for name in dates(known)[:1] if every else ():
        years = [*map(str, range(2009, 2030)), "inconnue"]
        asked = [taken(client, known.path, period=year, dated=name)["lignes"] for year in years]

        assert sum(map(len, asked)) == len(every), name


def test_a_list_is_narrowed_to_a_region_and_a_department(client: TestClient) -> None:
    poles = taken(client, "/poles")["lignes"]
    regions = {line["Région"] for line in poles if line["Région"]}
    members = taken(client, "/membres")["lignes"]

    for region in sorted(regions)[:4]:
        there = {line["Pôle"] for line in poles if region in (line["Région"] or "").split(" / ")}
        found = taken(client, "/membres", region=region)["lignes"]
        assert _named(found) == _named(line for line in members if line["Pôle"] in there)
    nowhere = {line["Pôle"] for line in poles if not line["Région"]}
    found = taken(client, "/membres", region="non-renseignee")["lignes"]
    assert _named(found) == _named(line for line in members if line["Pôle"] in nowhere) != []


def _named(lines: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["Pôle"], line["Membre"]) for line in lines]


def test_each_choice_of_a_filter_says_how_many_lines_it_leaves(client: TestClient) -> None:
    page = client.get("/membres").text
    counted = re.findall(r'<option value="(\w+)">[^<]*\((\d+)\)</option>', page)

    assert sum(int(number) > 0 for _, number in counted) > 2
    for value, number in counted:
        name = "member_kind" if value in set(MemberKind) else "ess"
        assert len(taken(client, "/membres", **{name: value})["lignes"]) == int(number), value


def test_the_queue_of_moderation_is_taken_by_who_reads_it(
    product: Product, client: TestClient
) -> None:
    moderator = person(product, Role.MODERATOR).http
    told = taken(moderator, "/moderation")
    refused = client.get("/moderation", params={"format": "json"}, follow_redirects=False)

    assert [line["Texte"] for line in told["lignes"]] == ["À quand la matériauthèque ?"]
    assert refused.status_code == 303
    assert "matériauthèque" not in refused.text


def test_every_figure_that_is_laid_beside_others_is_in_the_file(client: TestClient) -> None:
    page = html.fromstring(client.get("/declarations").text)
    rows = page.xpath("//table[contains(@class, 'list')]/tbody/tr")

    assert len(taken(client, "/declarations")["lignes"]) == len(rows) > 0
