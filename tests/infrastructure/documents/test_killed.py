"""Filings and erasures at once, and killed at any step: nothing by half."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from application.document import FileDocument
from application.pole import MovePole, RegisterPole
from domain.document import Document
from domain.pole import PoleEnded, PoleId
from interfaces.wiring import Product, Settings
from tests import documents, make
from tests.infrastructure.documents.filing import (
    NAMED,
    PDF,
    erase,
    file,
    raw,
    read,
    stored,
)


def in_a_child(settings: Settings, act: Callable[[Product], None]) -> int:
    """The process in which something is being done, with connections of its own."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        with make.closing_product(settings) as product:
            act(product)
        code = 0
    finally:
        os._exit(code)


def outcome(child: int) -> int:
    """The exit code of a child, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.fixture
def home_on(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Settings]:
    """A registry on an engine, that nobody has opened."""

    def made_on(engine: str) -> Settings:
        url = request.getfixturevalue(f"{engine}_database")
        with make.product(tmp_path / "home", url) as made:
            made.do(RegisterPole(name="Fictif"), made.operator())
        return made.settings

    return made_on


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, home_on: Callable[[str], Settings]) -> Settings:
    """The same, on each engine in turn."""
    return home_on(request.param)


@pytest.mark.parametrize("pole", ["fictif", None])
def test_four_processes_that_file_the_same_bytes_file_them_once(
    home: Settings, tmp_path: Path, pole: str | None
) -> None:
    def act(product: Product) -> None:
        of = PoleId(product.find(pole)) if pole else None
        answers = {file(product, pole=of) for _ in range(3)}
        (tmp_path / f"answer-{os.getpid()}").write_text(" ".join(map(str, answers)))

    children = [in_a_child(home, act) for _ in range(4)]

    assert [outcome(child) for child in children] == [0, 0, 0, 0]
    answers = {path.read_text() for path in tmp_path.glob("answer-*")}
    with make.closing_product(home) as product:
        (recorded,) = product.registry.told(Document.Filed)
        assert answers == {str(recorded.stream)}
        assert len(stored(product)) == 1, "whoever lost took its bytes away again"
        checked = product.documents.check()
        assert (checked.sound, checked.troubles, checked.orphans) == (1, (), 0)


STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect"}
"""What Python says it is about to ask of the system: files opened, renamed, removed, databases."""


def dies_before(step: int) -> None:
    """Kill this process as it is about to take a step of those that touch the disk."""
    left = iter(range(step))

    def watch(event: str, _: object) -> None:
        if event in STEPS and next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def killed_at_each_step(home: Settings, act: Callable[[Product], None]) -> Iterator[Product]:
    """The registry after a child was killed at the first step of an act, then at the second…"""
    step = 0
    while True:

        def dying(product: Product, step: int = step) -> None:
            dies_before(step)
            act(product)

        code = outcome(in_a_child(home, dying))
        with make.closing_product(home) as product:
            yield product
        if code == 0:
            break
        assert code == -signal.SIGKILL
        step += 1
    assert step > 5, "the steps of an act were seen"


EACH = [
    pytest.param("sqlite", "pdf"),
    pytest.param("sqlite", "eml", marks=pytest.mark.long),
    pytest.param("postgresql", "pdf", marks=pytest.mark.long),
    pytest.param("postgresql", "eml", marks=pytest.mark.long),
]
"""A child dies at every step: some seconds for a document, a minute for a message."""


@pytest.mark.parametrize(("engine", "kind"), EACH)
def test_a_filing_killed_at_any_step_leaves_nothing_by_half(
    home_on: Callable[[str], Settings], engine: str, kind: str
) -> None:
    """Each time with other bytes: filed whole or not at all, and filed by asking again."""
    home = home_on(engine)
    number, together = 0, 2 if kind == "eml" else 1

    @cache  # the boundaries of a message are drawn by lot: drawn before the child is made
    def data(number: int) -> bytes:
        pdf = PDF + b"%" * number  # of another size: nothing is compared with what is there
        return documents.eml(("a.pdf", pdf)) if kind == "eml" else pdf

    data(number)

    def filed(product: Product) -> None:
        file(product, data(number))

    for product in killed_at_each_step(home, filed):
        assert product.verify().size == product.journal.size()
        assert product.documents.check().troubles == ()
        assert NAMED.encode() not in raw(home.home)
        assert len([*product.registry.told(Document.Filed)]) % together == 0

        document = file(product, data(number))

        assert read(product, document) == data(number)
        number += 1
        data(number)
        assert len([*product.registry.told(Document.Filed)]) == together * number
        assert product.documents.check().troubles == ()


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def test_an_erasure_killed_at_any_step_erases_nothing_or_is_finished_at_the_next_opening(
    home_on: Callable[[str], Settings], engine: str
) -> None:
    home = home_on(engine)
    number = 0

    def data() -> bytes:
        return PDF + b"%d" % number

    def filed_and_erased(product: Product) -> None:
        found = [*product.registry.told(Document.Filed)]
        erase(product, found[-1].stream)

    with make.closing_product(home) as product:
        document = file(product, data())
    for product in killed_at_each_step(home, filed_and_erased):
        assert product.verify().size == product.journal.size()
        kept = product.registry.load(Document, document)
        assert kept
        if not kept.is_erased:
            assert product.registry.documents.read(kept.content, document=document) == data()
            assert product.documents.check().troubles == ()
            erase(product, document)
        assert product.documents.check().troubles == ()
        assert stored(product) == []
        assert product.registry.documents.opening(document) is None
        assert product.verify().size == product.journal.size()
        number += 1
        document = file(product, data())


def test_the_bytes_of_a_rehearsal_are_nowhere(product: Product, tmp_path: Path) -> None:
    fields = {"kind": "minutes", "content": PDF, "pole": product.find("fictif"), "file_name": "a"}
    keys = (tmp_path / "home" / "keys.db").read_bytes()
    size = product.journal.size()

    done = product.do(FileDocument.model_validate(fields), product.operator(), dry_run=True)

    assert done.events
    assert product.journal.size() == size
    assert stored(product) == []
    assert (tmp_path / "home" / "keys.db").read_bytes() == keys


def test_a_filing_that_is_refused_leaves_neither_bytes_nor_keys(product: Product) -> None:
    """A pole that has ended takes documents, and no more evidence: what was encrypted is let go."""
    by, pole = product.operator(), product.find("fictif")
    product.do(
        MovePole.model_validate(
            {"pole": pole, "transition": "end", "input": {"reason": "dissolved"}}
        ),
        by,
    )

    with pytest.raises(PoleEnded):
        file(product, as_evidence=True)

    assert stored(product) == []
    assert [
        purpose for _, purpose, _ in product.registry.keys.made() if purpose == "document"
    ] == []
