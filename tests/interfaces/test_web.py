"""The pages, over HTTP: what they say, what they keep, what they refuse."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.testclient import TestClient
from typing_extensions import override

from application.member import AddMember
from application.pole import DesignateCarrier, LocatePole, MovePole, RegisterPole
from application.wording import FACTS, RECOGNITIONS, STAGES, version_in_words
from domain.dates import PartialDate, paris_day
from domain.membership import MemberKind
from domain.pole import PoleFacts, PoleId, Territory
from domain.recognition import RecognitionKind
from domain.rules import ENGINE
from domain.values import Personal
from interfaces.questions import LISTINGS
from interfaces.web import words
from interfaces.web.app import error_page
from interfaces.web.page import HERE, STATIC
from interfaces.wiring import Product
from tests.interfaces.conftest import complete, pages_of

VOID = {"meta", "link", "img", "input", "br", "hr"}


class Html(HTMLParser):
    """A page as a person gets it: its text without spaces of typography, its tags, its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.links: dict[str, str] = {}
        self.pieces: list[str] = []
        self.feed(page)
        assert not self.open, self.open

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self.links[given["href"]] = ""

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag, tag
        if tag == "a":
            href = self._last_link()
            self.links[href] = " ".join(self.links[href].replace(words.NBSP, " ").split())

    @override
    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        if "a" in self.open:
            self.links[self._last_link()] += data

    def _last_link(self) -> str:
        return next(a["href"] for t, a in reversed(self.tags) if t == "a")

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).replace(words.NBSP, " ").split())

    def all(self, tag: str, **having: str) -> list[dict[str, str]]:
        wanted = {name.replace("_", "-"): value for name, value in having.items()}
        return [a for t, a in self.tags if t == tag and wanted.items() <= a.items()]


class Pages:
    """A reader of the pages."""

    def __init__(self, product: Product) -> None:
        self.http = TestClient(pages_of(product), follow_redirects=False)

    def read(self, address: str, status: int = 200) -> Html:
        answer = self.http.get(address)
        assert answer.status_code == status, answer.text
        page = Html(answer.text)
        assert len(page.all("h1")) == 1
        ids = [a["id"] for _, a in page.tags if "id" in a]
        assert len(ids) == len(set(ids))
        return page


@pytest.fixture
def pages(historical: Product) -> Pages:
    return Pages(historical)


@pytest.fixture
def few(bare: Product) -> Pages:
    return Pages(bare)


def a_pole(product: Product, name: str = "Pôle des Deux Rives", **more: object) -> PoleId:
    command = RegisterPole.model_validate({"name": name, **more})
    return PoleId(product.do(command, product.operator()).answer)


# --- the register -------------------------------------------------------------------------------


def test_the_register_says_what_it_is_and_what_it_does_not_grant(pages: Pages) -> None:
    page = pages.read("/poles")

    assert "77 pôles" in page.text
    assert "personne n'accorde la qualité de PTCE, et aucune étape n'est un label" in page.text
    assert "événements enregistrés" in page.text


def test_a_pole_is_listed_with_its_stage_its_date_its_place_and_its_confidence(
    pages: Pages,
) -> None:
    page = pages.read("/poles?q=phares")

    assert "1 pôle sur 77" in page.text
    assert "Expérimentation depuis le 25 juin 2012" in page.text
    assert "L'Île-Saint-Denis, Seine-Saint-Denis, Île-de-France" in page.text
    assert "probable" in page.text
    assert page.links["/poles/phares-cite-phares"] == "Phares (Cité Phares)"


def test_a_partial_date_stays_partial_and_an_unknown_one_is_said(pages: Pages) -> None:
    page = pages.read("/poles")

    assert "depuis 2021" in page.text
    assert "depuis septembre 2024" in page.text
    assert "Figeacteurs Émergence date inconnue" in page.text


@pytest.mark.parametrize("moment", ["", "?in_force=2014-02-01"])
def test_each_figure_leads_to_the_poles_it_counts(pages: Pages, moment: str) -> None:
    page = pages.read(f"/poles{moment}")
    figures = {
        href: int(found.group(1))
        for href, text in page.links.items()
        if (found := re.search(r" (\d+) pôles?$", text.strip()))
    }

    assert sum(n for href, n in figures.items() if "stage=" in href) > 0
    assert sum(n for href, n in figures.items() if "region=" in href) == sum(
        n for href, n in figures.items() if "stage=" in href
    )
    for href, number in figures.items():
        assert f"{words.plural(number, 'pôle', 'pôles')} sur" in pages.read(href).text


def test_filters_combine_and_say_what_they_show(pages: Pages) -> None:
    page = pages.read("/poles?stage=emergence&region=Occitanie&q=gard")

    assert "2 pôles sur 77" in page.text
    assert "Recherche : « gard ». Étape : Émergence. Région : Occitanie." in page.text
    assert page.all("option", value="Occitanie", selected="")
    assert page.links["/poles"] == "Tout afficher"


def test_when_nothing_answers_the_page_says_what_to_do(pages: Pages) -> None:
    page = pages.read("/poles?q=introuvable")

    assert "Aucun pôle sur 77" in page.text
    assert "Retirez un filtre, essayez un autre mot, ou affichez les 77 pôles" in page.text


def test_an_empty_register_says_how_it_fills(few: Pages) -> None:
    assert "Le registre est vide" in few.read("/poles").text
    assert "Aucun fait national n'est enregistré" in few.read("/chronologie").text


def test_a_pole_without_a_region_is_counted_and_found(bare: Product, few: Pages) -> None:
    a_pole(bare)
    page = few.read("/poles")

    assert page.links["/poles?region=non-renseignee"] == "Région non renseignée 1 pôle"
    assert "1 pôle sur 1" in few.read("/poles?region=non-renseignee").text


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "AG2I"),
        ("stage", "AG2I"),
        ("date", "Coat&co"),
        ("region", "Pôle territorial"),
        ("x", "AG2I"),
    ],
)
def test_the_list_is_sorted_as_the_address_says(pages: Pages, sort: str, first: str) -> None:
    page = pages.read(f"/poles?sort={sort}")

    listed = [text for href, text in page.links.items() if href.startswith("/poles/")]
    assert listed[0].startswith(first)


def test_the_date_sorts_the_latest_first_and_the_unknown_last(pages: Pages) -> None:
    page = pages.read("/poles?sort=date")

    dates = [a["datetime"] for a in page.all("time")]
    assert dates == sorted(dates, reverse=True)
    assert page.text.rindex("date inconnue") > page.text.rindex("depuis le 25 juin 2012")


def test_htmx_gets_the_list_alone(pages: Pages) -> None:
    answer = pages.http.get("/poles?stage=emergence", headers={"HX-Request-Type": "partial"})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "<h1" not in answer.text
    assert "23 pôles sur 77" in Html(answer.text).text
    assert answer.headers["vary"] == "HX-Request-Type, Cookie, Accept-Encoding"


def test_fields_left_empty_leave_the_address(pages: Pages) -> None:
    answer = pages.http.get("/poles?q=&stage=emergence&region=&known=")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/poles?stage=emergence"


def test_an_address_that_cannot_be_read_is_said_on_a_page(pages: Pages) -> None:
    page = pages.read("/poles?region=%00", 400)

    assert "Demande illisible" in page.text


# --- moments ------------------------------------------------------------------------------------


def test_a_past_day_is_announced_and_leads_back_to_today(pages: Pages) -> None:
    page = pages.read("/poles?in_force=2013-01-01&stage=experimentation")

    assert "18 pôles sur 18" in page.text
    assert "Vous lisez ce qui était en vigueur le 1er janvier 2013" in page.text
    assert page.links["/poles?stage=experimentation"].startswith("Revenir à aujourd'hui")


TODAY = paris_day(datetime.now(UTC)).isoformat()


@pytest.mark.parametrize("address", ["/poles", "/poles/phares", "/chronologie"])
def test_every_link_keeps_the_moment(pages: Pages, address: str) -> None:
    page = pages.read(f"{address}?in_force=2014-10-01&known={TODAY}")

    inside = [href for href in page.links if href.startswith("/")]
    for href in inside:
        if page.links[href].startswith(("Revenir", "Se connecter")):
            assert "known" not in href
        else:
            assert parse_qs(urlsplit(href).query)["in_force"] == ["2014-10-01"], href
            assert parse_qs(urlsplit(href).query)["known"] == [TODAY], href
    assert len(inside) >= 3


@pytest.mark.parametrize("address", ["/poles", "/chronologie"])
def test_before_anything_was_recorded_the_page_points_to_the_other_date(
    pages: Pages, address: str
) -> None:
    page = pages.read(f"{address}?known=2014-10-01")

    assert "le registre tel qu'il était connu le 1er octobre 2014" in page.text
    assert "« Connu le » porte sur le jour où un fait a été enregistré" in page.text
    assert f"{address}?in_force=2014-10-01" in page.links


@pytest.mark.parametrize("address", ["/poles", "/poles/phares", "/chronologie"])
@pytest.mark.parametrize("axis", ["known", "in_force"])
@pytest.mark.parametrize("day", ["hier", "2014-02-30", "2014", "20140101"])
def test_a_day_that_cannot_be_read_is_said_in_one_sentence_near_the_form(
    pages: Pages, address: str, axis: str, day: str
) -> None:
    page = pages.read(f"{address}?{axis}={day}", 400)

    asked = {
        "known": " (2014-09-19), ni un instant (2014-09-19T10:15), "
        "ni une taille du journal (@1500).",
        "in_force": " : écrire 19/09/2014, ou 2014-09-19.",
    }
    assert f"« {day} » n'est pas un jour{asked[axis]}" in page.text
    assert page.all("input", name="known")
    assert page.all("form", action=address)


def test_a_pole_that_was_not_there_yet_leads_to_today(pages: Pages) -> None:
    page = pages.read("/poles/phares?in_force=2011-01-01", 404)

    assert "Pas encore à cette date" in page.text
    assert "n'était encore en vigueur le 1er janvier 2011" in page.text
    assert page.links["/poles/phares"] == "Voir ce pôle aujourd'hui"


# --- a pole -------------------------------------------------------------------------------------


def test_the_page_of_a_pole_says_what_is_known_of_it(pages: Pages) -> None:
    page = pages.read("/poles/phares-cite-phares")

    assert "Expérimentation depuis le 25 juin 2012" in page.text
    assert "Version du 23 novembre 2026 du parcours" in page.text
    assert "décret n° 2015-431 du 15 avril 2015" in page.text
    assert "Aucune signature enregistrée." in page.text
    assert "cela n'engage aucun partenaire, public ou privé, à le soutenir" in page.text
    assert "Elle n'est ni un agrément ni un label." in page.text
    assert "Pôle témoin de l'expérimentation nationale" in page.text
    assert "Aucun membre n'est enregistré." in page.text


def test_a_pole_answers_to_its_name_and_gives_its_address(pages: Pages) -> None:
    page = pages.read("/poles/Phares%20(Cit%C3%A9%20Phares)")

    assert page.all("link", rel="canonical", href="/poles/phares-cite-phares")


def test_what_is_missing_is_said_with_the_rule_and_who_can_act(pages: Pages) -> None:
    page = pages.read("/poles/phares")

    assert "Ce qui manque pour avancer" in page.text
    assert "Constater la reconnaissance (article 9) Pas encore possible" in page.text
    assert "Passage ouvert à : tenue du registre. Conditions remplies : 1 sur 5." in page.text
    assert "✕ Non rempli Une reconnaissance au titre de l'article 9" in page.text
    assert "reconnaissances au titre de l'article 9 en vigueur : 0" in page.text
    assert "? Inconnu Le pôle réunit au moins une entreprise de l'ESS" in page.text
    assert "✓ Rempli Le territoire d'activité est délimité." in page.text
    assert "loi n° 2014-856, art. 9 I ; décret n° 2015-431, art. 3, 4°" in page.text
    assert "Qui peut agir : représentant du pôle, tenue du registre" in page.text
    assert "Reste à fournir au moment du passage : Raison" in page.text
    assert "product rule" not in page.text
    assert "bloqu" not in page.text.lower()


def test_a_way_whose_conditions_are_all_met_is_said_possible(bare: Product, few: Pages) -> None:
    pole = a_pole(bare, occurred_on=PartialDate("2022"))
    bare.do(LocatePole(pole=pole, territory=Territory(words="Rouen")), bare.operator())
    complete(bare, pole)

    page = few.read("/poles/pole-des-deux-rives")

    assert "Entrer en expérimentation (phase 2) Possible" in page.text
    assert "Toutes les conditions sont remplies." in page.text
    assert "Membre ess_enterprise entreprise de l'ESS" in page.text


def test_when_no_way_leaves_a_stage_it_is_said(bare: Product, few: Pages) -> None:
    pole = a_pole(bare)
    bare.do(MovePole(pole=pole, transition="end", input={"reason": "dissolved"}), bare.operator())

    page = few.read("/poles/pole-des-deux-rives")

    assert "Aucun passage ne part de l'étape « A cessé »" in page.text


def test_the_name_of_a_citizen_is_never_shown(bare: Product, few: Pages) -> None:
    pole = a_pole(bare)
    citizen = AddMember(
        pole=pole, member_kind=MemberKind.CITIZEN, person=Personal(text="Jeanne Secret")
    )
    bare.do(citizen, bare.operator())

    page = few.read("/poles/pole-des-deux-rives")

    assert re.search(r"Une personne physique .{0,60} citoyenne ou citoyen", page.text)
    assert "Secret" not in page.text


def test_the_history_gives_each_event_its_date_its_proof_and_its_address(pages: Pages) -> None:
    page = pages.read("/poles/phares/histoire")
    anchors = [a["id"] for a in page.all("li") if a.get("id", "").startswith("evenement-")]
    numbers = [anchor.removeprefix("evenement-") for anchor in anchors]

    assert len(numbers) == 11
    assert all(f"/poles/phares-cite-phares/evenements/{n}" in page.links for n in numbers)
    assert "25 juin 2012 Inscription au registre" in page.text
    assert "Non vérifié à cette date, faute d'information : Le pôle réunit" in page.text
    assert "Par : tenue du registre" in page.text
    assert re.search(r"Enregistré : le \d+(er)? \w+ 20\d\d à \d+ h \d\d", page.text)
    assert "Fondement : appel du Labo de l'ESS, 2011" in page.text
    assert "https://www.ess-et-societe.net/Cite-Phares-l-un-des-premiers" in page.links


def test_only_addresses_of_the_web_become_links(bare: Product, few: Pages) -> None:
    source = (
        "javascript:alert(1) ; https://exemple.fr/a_(b) (annexe) ; //exemple.fr/c ; "
        'voir http://exemple.fr/d?e=1&f="g" ; Journal officiel, 2014'
    )
    a_pole(bare, source=source)

    page = few.read("/poles/pole-des-deux-rives")

    outside = [a for a in page.all("a") if not a["href"].startswith(("/", "#"))]
    assert {a["href"] for a in outside} == {
        "https://exemple.fr/a_(b)",
        "http://exemple.fr/d?e=1&f=",
    }
    assert all(a["rel"] == "noreferrer noopener" for a in outside)
    for part in source.split(" ; "):
        assert part in page.text


@pytest.mark.parametrize(
    ("address", "title", "sentence"),
    [
        ("/poles/nulle-part", "Pôle introuvable", "« nulle-part » ne figure pas dans le registre."),
        ("/poles/ptce", "Plusieurs pôles possibles", "« ptce » désigne plusieurs pôles :"),
    ],
)
def test_a_pole_that_is_not_found_leads_back_to_the_register(
    pages: Pages, address: str, title: str, sentence: str
) -> None:
    page = pages.read(address, 404)

    assert title in page.text
    assert sentence in page.text
    assert page.links["/poles"] == "Ouvrir le registre des pôles"


def test_names_are_shown_and_never_executed(bare: Product, few: Pages) -> None:
    name = "<script>alert(1)</script>"
    pole = a_pole(bare, name, remark='"><img src=x onerror=alert(2)>')
    bare.do(DesignateCarrier(pole=pole, name="<b>Porteur</b>"), bare.operator())

    for address in ("/poles", "/poles?q=<script>", "/poles/script-alert-1-script"):
        answer = few.http.get(address)
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "<b>" not in answer.text
        assert name in Html(answer.text).text
    unknown = few.http.get("/poles/<script>alert(3)<%2Fscript>x")
    assert "<script>alert" not in unknown.text


# --- the chronology -----------------------------------------------------------------------------


def test_the_chronology_shows_each_fact_as_a_sourced_claim(pages: Pages) -> None:
    page = pages.read("/chronologie")

    assert "39 faits publics" in page.text
    assert "ne sont jamais additionnés" in page.text
    assert len(page.all("ol", **{"class": "history"})) == 15
    assert len([a for a in page.all("li") if a.get("id", "").startswith("declaration-")]) == 39
    assert (
        "10 janvier 2014 Les résultats du premier appel à projets de l'État sont annoncés : "
        "23 lauréats." in page.text
    )
    assert "Chiffres déclarés : 23 lauréats sur 180, 182 ou 183 candidatures" in page.text
    assert "Remarque : le nombre de candidatures diffère selon les sources" in page.text
    assert "https://www.rtes.fr/node/4953" in page.links


def test_the_chronology_of_a_past_day_stops_there(pages: Pages) -> None:
    page = pages.read("/chronologie?in_force=2012-12-31")

    assert "7 faits publics" in page.text
    assert "2014" not in page.text.partition("Aller au contenu")[2].partition("2009")[0]


# --- every page ---------------------------------------------------------------------------------


def addresses(product: Product) -> Iterator[str]:
    yield from ("/poles", "/poles?in_force=2013-01-01", "/chronologie", "/poles/nulle-part")
    yield from ("/listes", *(known.path for known in LISTINGS.values()))
    for line in product.register.lines(product.moment()):
        yield f"/poles/{line.code}"


@pytest.fixture(scope="module")
def every_page(historical: Product) -> dict[str, str]:
    """What each address answers."""
    pages = Pages(historical)
    return {address: pages.http.get(address).text for address in addresses(historical)}


def test_the_word_that_the_charter_rejects_is_only_quoted(every_page: dict[str, str]) -> None:
    for address, text in every_page.items():
        said = re.sub(r"«[^«»]*»|https?://\S+", "", text)
        assert "labellis" not in said.lower(), address


def test_nothing_is_loaded_from_elsewhere_and_nothing_is_inline(every_page: dict[str, str]) -> None:
    for text in every_page.values():
        page = Html(text)
        for tag, having in page.tags:
            assert tag != "style"
            assert "style" not in having
            assert not [name for name in having if name.startswith("on")]
            for name in ("src", "href", "action", "hx-get"):
                if name in having and tag != "a":
                    assert having[name].startswith("/"), having
            if tag == "a" and not having["href"].startswith(("/", "#")):
                assert having["href"].startswith(("http://", "https://"))
                assert having["rel"] == "noreferrer noopener"
        assert all(script.get("src") for script in page.all("script"))
        assert len(page.all("caption")) == len(page.all("table"))


@pytest.mark.parametrize(
    "address", ["/poles", "/poles/phares", "/chronologie", "/poles/nulle-part", "/poles?known=hier"]
)
def test_every_page_carries_its_guards(pages: Pages, address: str) -> None:
    headers = pages.http.get(address).headers

    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/poles", "/poles/phares", "/chronologie"])
def test_a_page_answers_to_those_who_only_ask_whether_it_is_there(
    pages: Pages, address: str
) -> None:
    assert pages.http.head(address).status_code == 200


def test_the_pages_are_not_part_of_the_description_of_the_api(pages: Pages) -> None:
    assert pages.http.get("/openapi.json").json()["paths"] == {}


def test_other_doors_can_borrow_the_page_that_says_no(historical: Product) -> None:
    app = pages_of(historical)
    about = {"method": "GET", "path": "/x", "query_string": b"", "headers": []}
    request = Request({"type": "http", "app": app, **about})

    answer = error_page(request, 405, "Impossible", "Cette adresse se lit seulement.")

    page = Html(bytes(answer.body).decode())
    assert answer.status_code == 405
    assert "Impossible Cette adresse se lit seulement." in page.text
    assert "content-security-policy" in answer.headers


def test_htmx_shows_a_refusal_as_a_whole_page(pages: Pages) -> None:
    answer = pages.http.get("/poles?region=%00", headers={"HX-Request": "true"})

    assert answer.headers["hx-retarget"] == "body"


# --- files --------------------------------------------------------------------------------------


def test_vendored_files_are_what_their_list_says() -> None:
    listed = re.findall(
        r"^\| `([^`]+)` .* `([0-9a-f]{64})` ", (HERE / "VENDORED.md").read_text(), re.MULTILINE
    )

    assert {name for name, _ in listed} == {"bootstrap.min.css", "htmx.min.js"}
    for name, digest in listed:
        assert sha256((STATIC / name).read_bytes()).hexdigest() == digest


def test_files_have_an_address_that_changes_with_them(pages: Pages) -> None:
    for having in pages.read("/poles").all("link", rel="stylesheet"):
        answer = pages.http.get(having["href"])
        assert answer.headers["content-type"].startswith("text/css")
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" not in pages.http.get("/static/jalon.css").headers.get("cache-control", "")
    assert pages.http.get("/static/%2e%2e/page.py").status_code == 404


def test_our_style_sheet_loads_nothing_from_elsewhere() -> None:
    ours = (STATIC / "jalon.css").read_text()

    assert re.findall(r"url\(([^)]*)\)", ours) == ['"chevron.svg"']
    assert "@import" not in ours
    assert "Marianne" not in ours


# --- words --------------------------------------------------------------------------------------


def test_every_fact_that_a_clause_may_read_has_words() -> None:
    facts = {
        f"{group}.{name}"
        for group, field in PoleFacts.model_fields.items()
        if isinstance(field.annotation, type)
        for name in field.annotation.model_fields
    }

    assert facts | set(ENGINE) <= set(FACTS)


def test_every_code_on_the_pages_has_words() -> None:
    assert set(words.STAGE_MEANINGS) == set(STAGES)
    assert set(words.CONFIDENCE_MEANINGS) == {"confirmed", "probable", "inferred", "unconfirmed"}
    assert set(RECOGNITIONS) == set(RecognitionKind)


@pytest.mark.parametrize(
    ("journey", "said"),
    [
        ("pole@2021-05-12", "version du 12 mai 2021"),
        ("pole@2011-09", "version de septembre 2011"),
        ("pole@2015-04", "version d'avril 2015"),
    ],
)
def test_a_version_of_the_journey_is_said_by_its_date(journey: str, said: str) -> None:
    assert version_in_words(journey) == said


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=4).map(" ; ".join))
def test_the_text_of_a_source_is_kept_whole(text: str) -> None:
    shown = ["".join(part.text for part in parts) for parts in words.sources(text)]

    assert shown == [source.strip() for source in text.split(" ; ") if source.strip()]


@given(st.text(alphabet="a:/htps.()x é;,", max_size=60))
def test_a_link_is_always_an_address_of_the_web(text: str) -> None:
    for parts in words.sources(f"http://{text}"):
        for part in parts:
            assert part.address is None or part.address.startswith(("http://", "https://"))


@given(st.text(max_size=80))
def test_typography_changes_spaces_only(text: str) -> None:
    assert words.typeset(text).replace(words.NBSP, " ") == text.replace(words.NBSP, " ")


# --- a way back ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "title", "way"),
    [
        ("/poles/zzz", 404, "Pôle introuvable", "/poles?q=zzz"),
        ("/poles/les-ateliers?known=2099-01-01", 400, "Date à venir", "/poles/les-ateliers"),
        ("/poles/les-ateliers?in_force=2020-13", 400, "Date illisible", "/poles/les-ateliers"),
        ("/poles/ateliers-", 404, "Plusieurs pôles possibles", "/poles/les-ateliers"),
        ("/chartes/2019-01-01", 404, "Version introuvable", "/chartes"),
        (f"/signatures/{UUID(int=0)}", 404, "Signature introuvable", "/signataires"),
        ("/signatures/zzz", 400, "Demande illisible", "/signataires"),
        (f"/engagements-pris/{UUID(int=0)}", 404, "Engagement introuvable", "/engagements-pris"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence_with_a_way_back(
    pages: Pages, address: str, status: int, title: str, way: str
) -> None:
    page = pages.read(address, status)

    assert title in page.text
    assert way in page.links


def test_the_history_of_a_pole_folds_what_only_an_auditor_needs(pages: Pages) -> None:
    page = pages.read("/poles/les-ecossolies")

    assert "aucune source citée" not in page.text.partition("Historique")[2]
    assert page.all("details", **{"class": "record"})
    assert page.text.index("Enregistrement n°") < page.text.index("Identifiant :")
