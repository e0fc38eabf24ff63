"""A demonstration of one's own for each journey, and the people who walk through it."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, chdir, closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from interfaces.wiring import Product, Settings
from tests.interfaces.shell import jalon
from tests.interfaces.test_browser import ASKED
from tests.interfaces.test_browser import browser as browser
from tests.interfaces.test_ways_in_browser import served

SCREENS = Path(__file__).parents[3] / "docs" / "screens"
PASSWORD = "essai de la demonstration"  # noqa: S105  # printed by the demonstration


class Somebody:
    """Somebody with a browser, who goes by what is written on the screen."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.heard: list[str] = []
        self.elsewhere: list[str] = []
        page.on("console", lambda said: self.heard.append(said.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda asked: self._noted(asked.url))
        page.goto(f"{base}/")

    def _noted(self, url: str) -> None:
        if not url.startswith((f"{self.base}/", "blob:", "data:", "file:")):
            self.elsewhere.append(url)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def signs_in(self, role: str, password: str = PASSWORD) -> "Somebody":
        address = role if "@" in role else f"{role}@demo.invalid"
        self.page.get_by_role("link", name="Se connecter").first.click()
        self.page.get_by_label("Adresse électronique").fill(address)
        self.page.get_by_label("Mot de passe").fill(password)
        self.page.get_by_role("button", name="Se connecter", exact=True).click()
        expect(self.page.get_by_role("button", name="Se déconnecter")).to_be_attached()
        return self

    def follows(self, name: str, *, exact: bool = False, within: Locator | None = None) -> None:
        """Follow the first link of that name, on the whole page or in a part of it."""
        (within or self.page).get_by_role("link", name=name, exact=exact).first.click()

    def opens(self, name: str) -> None:
        """Open what is folded under some words."""
        self.main.get_by_text(name).first.click()

    def _field(self, label: str) -> Locator:
        exactly = self.main.get_by_label(label, exact=True)
        return (exactly if exactly.count() else self.main.get_by_label(label)).first

    def writes(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def chooses(self, label: str, option: str) -> None:
        self._field(label).select_option(label=option)

    def takes_the_first(self, label: str) -> None:
        """Choose what is offered first."""
        self._field(label).select_option(index=1)

    def presses(self, name: str) -> None:
        self.main.get_by_role("button", name=name).first.click()

    def records(self) -> None:
        """Look at what would be recorded, then record it."""
        self.presses("Vérifier ce qui serait enregistré")
        assert self.main.locator(".error").all_inner_texts() == []
        self.main.get_by_role("button", name="Enregistrer", exact=True).first.click()
        assert self.main.locator(".error").all_inner_texts() == []

    def reads(self, *said: str) -> None:
        for one in said:
            expect(self.main).to_contain_text(one)

    def does_not_read(self, *said: str) -> None:
        for one in said:
            expect(self.main).not_to_contain_text(one)

    def looks(self, name: str = "") -> None:
        """Look at the whole page: nobody is shut out of it; its picture is kept where asked for."""
        found = Axe().run(self.page, options=ASKED).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
        if name and os.environ.get("JALON_WRITE_SCREENS") == "1":
            SCREENS.mkdir(exist_ok=True)
            self.page.screenshot(path=SCREENS / f"{name}.png", animations="disabled")

    def leaves(self) -> None:
        """Whatever was said on the console, or asked of others, is a fault of ours."""
        assert self.heard == []
        assert self.elsewhere == []


Arrives = Callable[..., Somebody]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, once."""
    folder = tmp_path_factory.mktemp("told")
    with chdir(folder):
        assert jalon("demo", "--no-serve").code == 0
    return folder / ".demo"


@pytest.fixture
def home(told: Path, tmp_path: Path) -> Path:
    """The demonstration, to write in."""
    return shutil.copytree(told, tmp_path / "home")


@pytest.fixture
def product(home: Path) -> Iterator[Product]:
    with closing(Product(Settings(home=home, database=""))) as made:
        yield made


@pytest.fixture
def base(product: Product) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with served(product, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def arrives(browser: Browser, base: str) -> Iterator[Arrives]:
    """Somebody new, with a browser of their own: `arrives()` for the public, else a role."""
    came: list[Somebody] = []
    with ExitStack() as stack:

        def arrive(role: str = "", password: str = PASSWORD, width: int = 1280) -> Somebody:
            context = stack.enter_context(
                browser.new_context(
                    viewport={"width": width, "height": 900},
                    locale="fr-FR",
                    accept_downloads=True,
                )
            )
            context.set_default_timeout(15_000)
            somebody = Somebody(context.new_page(), base)
            came.append(somebody)
            return somebody.signs_in(role, password) if role else somebody

        yield arrive
        for one in came:
            one.leaves()
