"""The pages in a real browser: clicked, with and without JavaScript, narrow and wide."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from application.pole import RegisterPole
from domain.pole import PoleId
from domain.roles import Role
from interfaces.history_files import reference_file
from interfaces.questions import LISTINGS
from interfaces.wiring import Caller, Product, Settings
from tests.interfaces.conftest import complete, registry, serving
from tests.interfaces.money import COMMITMENT, FOLLOW_UP, PROJECT, SIREN, promise
from tests.interfaces.people import open_account
from tests.interfaces.seasons import APPEAL, CALL, EVE, KEPT, SESSION, decided, examined

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASKED = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
"""What is asked of axe; of what holds, one element is enough."""

WIDTHS = [pytest.param(1280, marks=pytest.mark.long), 320]
NARROW = [320, pytest.param(640, marks=pytest.mark.long)]
"""A page is looked at narrow first: what is there is the same, and there is more to go wrong."""

PAGES = [
    "/",
    "/poles",
    "/poles/phares-cite-phares",
    "/poles/resea-2p",
    "/portefeuille",
    "/portefeuille?vue=tableau",
    "/portefeuille?vue=carte",
    "/carte",
    "/poles/resea-2p/histoire",
    "/poles/phares-cite-phares/histoire?sujet=portrait",
    "/poles/resea-2p/rejeu?evenement=2",
    "/poles/resea-2p/evenements",
    "/poles/resea-2p/membres",
    "/poles/resea-2p/pieces",
    "/poles/resea-2p/radar",
    "/rapports/changements?start=2014-01-01&end=2014-12-31",
    "/a-faire",
    "/a-faire?role=registrar",
    "/en-attente",
    "/cohortes",
    "/suivi",
    "/campagnes",
    "/appels/calendrier?annee=2015",
    "/chronologie",
    "/territoires",
    "/parcours",
    "/parcours/pole@2021-05-12",
    "/parcours/pole@2021-05-12/difference",
    "/administration/parcours",
    "/appels",
    "/donnees-personnelles",
    "/verification",
    "/audit/integrite",
    "/accessibilite",
    "/mentions-legales",
    "/donnees-ouvertes",
]
"""Every page, that of a pole twice: with little known of it, and with all it needs."""

DECIDED = [f"/appels/{CALL}", "/appels/aap-2013", f"/comites/{CALL}", f"/seances/{SESSION}"]
"""The pages of a call whose results are announced; that of a call of the State."""

MONEY = [
    ("appealed", f"/dossiers/{KEPT}"),
    ("appealed", f"/recours/{APPEAL}"),
    ("promised", f"/engagements-financiers/{COMMITMENT}"),
    ("promised", f"/engagements-financiers/{COMMITMENT}?in_force=2024-01-20"),
    ("promised", f"/comites-de-suivi/{FOLLOW_UP}"),
    ("promised", f"/plans-de-financement/{quote(PROJECT)}"),
    ("promised", f"/entreprises-de-minimis/{SIREN}"),
    ("promised", "/poles/pole-d-essai"),
    ("promised", "/poles/pole-d-essai/argent"),
    ("promised", "/engagements-financiers"),
    ("promised", "/grand-livre"),
]
"""The pages of a dossier, of an appeal, of money, each with the registry in which it is."""


def chromium() -> str | None:
    """A Chromium on this machine: the one named by `JALON_CHROMIUM`, or one on the path."""
    names = (os.environ.get("JALON_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        said = "no Chromium here: install it, or name it in JALON_CHROMIUM"
        if os.environ.get("JALON_REQUIRE_BROWSER") == "1":
            pytest.fail(said)
        pytest.skip(said)
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def base(historical: Product) -> Iterator[str]:
    """The address of the pages, with every pole that the public history knows."""
    complete(historical, PoleId(historical.find("resea-2p")))
    historical.import_calls(None, historical.operator(), apply=True)
    with serving(historical) as address:
        yield address


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same with few poles: a longer list has no other barriers, and takes long to search."""
    rows = reference_file("poles.csv").splitlines(keepends=True)
    product = registry(tmp_path_factory.mktemp("few"))
    by = product.operator()
    product.import_poles(b"".join(rows[:15]), by, apply=True)
    product.import_timeline(reference_file("timeline.csv"), by, apply=True)
    product.import_calls(None, by, apply=True)
    complete(product, PoleId(product.find("resea-2p")))
    with serving(product) as address:
        yield address
    product.close()


@pytest.fixture(scope="module")
def appealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dossier whose review is announced, and an appeal."""
    home = examined(tmp_path_factory.mktemp("appealed") / "home", announced=True)
    with (
        closing(Product(Settings(home=home, database=""))) as product,
        serving(product) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def promised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A commitment, and what is around its money."""
    with closing(registry(tmp_path_factory.mktemp("promised"))) as product:
        promise(product)
        product.follower.catch_up()
        with serving(product) as address:
            yield address


@pytest.fixture(scope="module")
def announced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same with a call whose results are announced."""
    home = decided(tmp_path_factory.mktemp("announced") / "home", announced=True)
    with closing(Product(Settings(home=home, database=""))) as product:
        product.import_calls(None, product.operator(), apply=True)
        with serving(product) as address:
            yield address


class Visit:
    """A reader with a browser, and everything it asked of the network and said on its console."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.requests: list[tuple[str, str]] = []
        self.console: list[str] = []
        page.on(
            "request", lambda request: self.requests.append((request.resource_type, request.url))
        )
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def at(self) -> str:
        return self.page.url.removeprefix(self.base)


@contextmanager
def visiting(
    browser: Browser, base: str, *, width: int = 1280, script: bool = True
) -> Iterator[Visit]:
    """A visit after which the console must be clean and no request may have left the server."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script, locale="fr-FR"
    )
    context.set_default_timeout(15_000)
    try:
        visit = Visit(context.new_page(), base)
        yield visit
        assert visit.console == []
        assert [url for _, url in visit.requests if not url.startswith(f"{base}/")] == []
    finally:
        context.close()


def unfold(page: Page) -> None:
    """Open what is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(folded => folded.open = true)")


def follow_a_pole_through_time(visit: Visit) -> None:
    """The story both readers live: filter, open a pole, read, go to a past day and come back."""
    page = visit.page
    visit.open("/poles")
    expect(page.get_by_role("heading", name="77 pôles")).to_be_visible()

    page.get_by_label("Étape").select_option(label="Expérimentation")
    page.get_by_label("Région").select_option(label="Île-de-France")
    page.get_by_role("button", name="Afficher").click()
    expect(page.get_by_role("heading", name="5 pôles sur 77")).to_be_visible()
    assert visit.at() == "/poles?stage=experimentation&region=%C3%8Ele-de-France"

    page.get_by_role("link", name="Phares (Cité Phares)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Phares (Cité Phares)")
    way = page.get_by_role("article", name="Constater la reconnaissance (article 9)")
    expect(page.get_by_role("heading", name="Ce qui manque pour avancer")).to_be_visible()
    expect(way).to_contain_text("Pas encore possible")
    expect(way).to_contain_text("Le territoire d'activité est délimité.")

    page.get_by_text("Consulter à une autre date").click()
    page.get_by_label("En vigueur le").fill("2013-01-01")
    page.get_by_role("button", name="Voir à cette date").click()
    expect(
        page.get_by_text("Vous lisez ce qui était en vigueur le 1er janvier 2013")
    ).to_be_visible()
    expect(page.locator("dd", has_text="Version de septembre 2011 du parcours")).to_be_visible()
    expect(way).to_have_count(0)
    assert visit.at() == "/poles/phares-cite-phares?in_force=2013-01-01"

    page.get_by_role("link", name="Registre", exact=True).click()
    expect(page.get_by_role("heading", name="18 pôles")).to_be_visible()

    page.get_by_role("link", name="Revenir à aujourd'hui").first.click()
    expect(page.get_by_role("heading", name="77 pôles")).to_be_visible()
    assert visit.at() == "/poles"


def test_a_reader_follows_a_pole_through_time(browser: Browser, base: str) -> None:
    with visiting(browser, base) as visit:
        follow_a_pole_through_time(visit)


def test_the_same_without_javascript(browser: Browser, base: str) -> None:
    with visiting(browser, base, script=False) as visit:
        follow_a_pole_through_time(visit)

    assert "script" not in {kind for kind, _ in visit.requests}


def test_filters_fetch_the_list_alone_and_can_be_taken_back(browser: Browser, base: str) -> None:
    with visiting(browser, base) as visit:
        page = visit.page
        visit.open("/poles")
        heading = page.get_by_role("heading", level=1).element_handle()
        before = len(visit.requests)

        page.get_by_label("Rechercher").fill("vélo")
        with page.expect_response(lambda response: response.ok and "q=" in response.url) as got:
            page.get_by_label("Rechercher").press("Enter")

        expect(page.get_by_role("heading", name="1 pôle sur 77")).to_be_visible()
        assert heading.is_visible()
        assert "<h1" not in got.value.text()
        assert len(got.value.body()) < 3_000
        assert {kind for kind, _ in visit.requests[before:]} - {"other"} == {"fetch"}  # an icon
        expect(page.get_by_label("Rechercher")).to_be_focused()

        page.go_back()
        expect(page.get_by_role("heading", name="77 pôles")).to_be_visible()
        assert visit.at() == "/poles"
        expect(page.get_by_label("Rechercher")).to_have_value("")

        page.go_forward()
        expect(page.get_by_role("heading", name="1 pôle sur 77")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="1 pôle sur 77")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_number_of_poles_is_told_to_those_who_listen(browser: Browser, base: str) -> None:
    with visiting(browser, base) as visit:
        page = visit.page
        visit.open("/poles")
        told = page.get_by_role("status").element_handle()

        page.get_by_label("Étape").select_option(label="Émergence")
        page.get_by_role("button", name="Afficher").click()

        expect(page.get_by_role("status")).to_have_text("23 pôles sur 77")
        assert told.inner_text() == "23 pôles sur 77"


def test_the_slider_replays_a_pole_as_it_moves(browser: Browser, base: str) -> None:
    with visiting(browser, base) as visit:
        page = visit.page
        visit.open("/poles/phares-cite-phares/rejeu?evenement=1")
        heading = page.get_by_role("heading", level=1).element_handle()

        page.get_by_role("slider").press("ArrowRight")

        expect(page.locator("output")).to_contain_text("2e événement sur 11")
        assert heading.is_visible()
        expect(page.get_by_role("slider")).to_be_focused()
        assert visit.at() == "/poles/phares-cite-phares/rejeu?evenement=2"


def test_without_javascript_the_replay_goes_on_by_its_links(browser: Browser, base: str) -> None:
    with visiting(browser, base, script=False) as visit:
        page = visit.page
        visit.open("/poles/phares-cite-phares/rejeu?evenement=1")

        page.get_by_role("link", name="Fait suivant").click()
        expect(page.locator("output")).to_contain_text("2e événement sur 11")
        page.get_by_role("slider").press("End")
        page.get_by_role("button", name="Rejouer jusqu'ici").click()
        expect(page.locator("output")).to_contain_text("11e événement sur 11")


def test_the_keyboard_is_enough(browser: Browser, base: str) -> None:
    with visiting(browser, base) as visit:
        page = visit.page
        visit.open("/poles")

        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
        expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_text("Consulter à une autre date")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_label("En vigueur le")).to_be_focused()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_have_no_known_barrier(browser: Browser, few: str, path: str, width: int) -> None:
    moments = ("", f"{'&' if '?' in path else '?'}in_force=2013-01-01")
    with visiting(browser, few, width=width) as visit:
        for moment in moments:
            visit.open(path + moment)
            unfold(visit.page)

            found = Axe().run(visit.page, options=ASKED)

            assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", DECIDED)
@pytest.mark.parametrize("width", WIDTHS)
def test_decisions_have_no_known_barrier_and_overflow_nothing(
    browser: Browser, announced: str, path: str, width: int
) -> None:
    with visiting(browser, announced, width=width) as visit:
        for moment in ("", f"?in_force={EVE}"):
            visit.open(path + moment)
            unfold(visit.page)

            found = Axe().run(visit.page, options=ASKED)

            assert found.violations_count == 0, found.generate_report()
            assert visit.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("place", "path"), MONEY)
@pytest.mark.parametrize("width", WIDTHS)
def test_money_has_no_known_barrier_and_overflows_nothing(
    browser: Browser, place: str, path: str, width: int, request: pytest.FixtureRequest
) -> None:
    with visiting(browser, request.getfixturevalue(place), width=width) as visit:
        visit.open(path)
        unfold(visit.page)

        found = Axe().run(visit.page, options=ASKED)

        assert found.violations_count == 0, found.generate_report()
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_the_ledger_is_read_whole_on_a_screen_with_its_amounts_in_columns(
    browser: Browser, promised: str
) -> None:
    with visiting(browser, promised) as visit:
        visit.open("/grand-livre")
        tables = visit.page.locator(".scroll").all()

        assert len(tables) == 4
        for table in tables:
            assert table.evaluate("e => e.scrollWidth <= e.clientWidth")
            caption, head = table.locator("caption"), table.locator("thead")
            assert caption.evaluate("e => e.getBoundingClientRect().bottom") <= head.evaluate(
                "e => e.getBoundingClientRect().top"
            )
            for cell in table.locator("td.amount").all():
                assert cell.evaluate("e => getComputedStyle(e).textAlign") == "right"


@pytest.mark.parametrize("place", ["base", "promised", "announced"])
def test_no_column_of_a_list_is_out_of_sight(
    browser: Browser, place: str, request: pytest.FixtureRequest
) -> None:
    with visiting(browser, request.getfixturevalue(place)) as visit:
        for known in LISTINGS.values():
            visit.open(known.path)
            for table in visit.page.locator(".scroll").all():
                assert table.evaluate("e => e.scrollWidth <= e.clientWidth"), known.path


def test_a_refusal_has_no_known_barrier(browser: Browser, base: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    for path in ("/poles/nulle-part", "/poles?known=hier"):
        page.goto(base + path)

        found = Axe().run(page, options=ASKED)

        assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("path", [*PAGES, "/poles?known=2014-10-01", "/poles?q=introuvable"])
@pytest.mark.parametrize("width", NARROW)  # a telephone; 1280 pixels at 200 %
def test_nothing_overflows_a_narrow_screen(
    browser: Browser, base: str, path: str, width: int
) -> None:
    with visiting(browser, base, width=width) as visit:
        visit.open(path)
        unfold(visit.page)

        widest = visit.page.evaluate(  # a drawing within another is cut at its frame
            "() => [...document.querySelectorAll("
            "'body *:not(.skip, .drawing *, svg svg, svg svg *)')]"
            ".map(e => [e.getBoundingClientRect().right, e.className])"
            ".sort((a, b) => b[0] - a[0])[0]"
        )
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width, widest
        assert widest[0] <= width, widest


def test_a_wide_drawing_scrolls_by_itself_and_by_the_keyboard(browser: Browser, base: str) -> None:
    with visiting(browser, base, width=320, script=False) as visit:
        page = visit.page
        visit.open("/parcours/pole@2021-05-12")
        drawing = page.get_by_role("region", name="Dessin du parcours", exact=True)
        image = drawing.get_by_role("img", name="Parcours d'un pôle, version du 12 mai 2021")

        drawing.focus()
        expect(drawing).to_be_focused()
        expect(image).to_be_visible()
        assert image.evaluate("image => image.getBoundingClientRect().width") > 800
        assert drawing.evaluate("e => e.scrollWidth > e.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.fixture(scope="module")
def acting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A register that somebody keeps: its address, and the secret of their session."""
    with closing(registry(tmp_path_factory.mktemp("acting"))) as product:
        product.do(RegisterPole(name="Pôle d'essai"), product.operator())
        product.follower.catch_up()
        account = open_account(product, Role.REGISTRAR)
        secret = product.desk.enter(account, "password", Caller())
        with serving(product) as address:
            yield address, secret


ACTS = [
    "/actes/pole.add_member?pole=pole-d-essai",
    "/actes/commitment.draft_convention",
    "/actes/mandate.give",
    "/actes/document.file",
]
"""The forms of acts with all kinds of controls among them."""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_form_of_an_act_has_no_barrier_even_where_it_is_refused(
    browser: Browser, acting: tuple[str, str], width: int
) -> None:
    base, secret = acting
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.add_cookies([{"name": "jalon-session", "value": secret, "url": base}])
    page = context.new_page()
    for address in ACTS:
        page.goto(base + address)
        page.get_by_role("button", name="Enregistrer").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert Axe().run(page, options=ASKED).response["violations"] == []
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    context.close()


def test_what_is_typed_is_kept_as_one_types(browser: Browser, acting: tuple[str, str]) -> None:
    base, secret = acting
    context = browser.new_context()
    context.add_cookies([{"name": "jalon-session", "value": secret, "url": base}])
    page = context.new_page()
    page.goto(f"{base}/actes/pole.rename?pole=pole-d-essai")
    page.get_by_label("Nouveau nom").press_sequentially("Un nom")
    expect(page.locator("#brouillon")).to_contain_text("Brouillon gardé")

    page.goto(f"{base}/actes/pole.rename?pole=pole-d-essai")
    assert Axe().run(page, options=ASKED).response["violations"] == []
    page.get_by_role("link", name="Reprendre le brouillon").click()

    expect(page.get_by_label("Nouveau nom")).to_have_value("Un nom")
    context.close()


def test_an_act_is_given_by_keyboard_without_a_script(
    browser: Browser, acting: tuple[str, str]
) -> None:
    base, secret = acting
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "jalon-session", "value": secret, "url": base}])
    page = context.new_page()

    page.goto(f"{base}/actes/pole.add_member?pole=pole-d-essai")
    page.get_by_label("Nature du membre").select_option("local_authority")
    page.get_by_label("Nom de l'organisation").fill("Commune d'Essai")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ce qui serait enregistré")).to_be_visible()
    page.get_by_role("button", name="Enregistrer").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Enregistré")
    expect(page).to_have_url(f"{base}/poles/pole-d-essai")
    context.close()


REPORTS = ["/rapports", "/rapports/tableau-croise?lignes=region&de=2012", "/rapports/mois/2014-01"]


@pytest.mark.parametrize("path", [*REPORTS, "/reconnaissances?period=2014&sort=-pole_name"])
@pytest.mark.parametrize("width", WIDTHS)
def test_reports_have_no_known_barrier_and_overflow_nothing(
    browser: Browser, few: str, path: str, width: int
) -> None:
    with visiting(browser, few, width=width) as visit:
        visit.open(path)
        unfold(visit.page)

        found = Axe().run(visit.page, options=ASKED)

        assert found.violations_count == 0, found.generate_report()
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_a_department_of_the_map_opens_its_list_by_the_keyboard(
    browser: Browser, base: str
) -> None:
    with visiting(browser, base, script=False) as visit:
        visit.open("/carte?in_force=2013-01-01")
        place = visit.page.get_by_role("link", name="Loire-Atlantique : ")
        place.focus()
        visit.page.keyboard.press("Enter")

        expect(visit.page).to_have_url(
            f"{base}/poles?department=Loire-Atlantique&in_force=2013-01-01"
        )


@pytest.mark.parametrize("path", ["/poles/resea-2p", "/poles", "/rapports/mois/2014-01"])
def test_a_page_prints_on_a4_with_its_title_and_without_its_navigation(
    browser: Browser, few: str, path: str
) -> None:
    with visiting(browser, few) as visit:
        visit.open(path)
        title = visit.page.title()
        printed = visit.page.pdf(prefer_css_page_size=True, outline=True, tagged=True)
        visit.page.emulate_media(media="print")

        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
        assert boxes
        assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}
        assert _in_pdf(title) in printed
        expect(visit.page.locator(".printed")).to_be_visible()
        address = visit.page.locator(".printed [data-address]")
        said = address.evaluate("it => getComputedStyle(it, '::after').content")
        assert said == f'"{few}{path}"'
        expect(visit.page.get_by_role("heading", level=1)).to_be_visible()
        expect(visit.page.get_by_role("navigation", name="Navigation principale")).to_be_hidden()
        for form in visit.page.locator("main form").all():
            expect(form).to_be_hidden()


def _in_pdf(title: str) -> bytes:
    """A title as a file of this kind names itself: letters in UTF-16, or as they are."""
    if title.isascii():
        return f"/Title ({title})".encode()
    return b"/Title <FEFF" + title.encode("utf-16-be").hex().upper().encode()
