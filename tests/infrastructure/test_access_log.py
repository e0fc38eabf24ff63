"""The log of readings: every opening is noted, in words, without content, and not for ever."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.readings import READINGS
from domain.roles import Role
from infrastructure.access_log import ACCESS, AccessLog
from tests import make

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("application", "infrastructure", "interfaces")

OPENED = {
    "application/account.py:_opened": ("account", "name"),
    "application/contribution_list.py:contribution_sheet": ("contribution", "text"),
    "application/contribution_list.py:with_words": ("contribution", "text"),
    "application/exchange.py:exchange_sheet": ("exchange", "summary"),
    "application/member_reading.py:named_member": ("member", "name"),
    "application/personal.py:valued": ("person", "export"),
    "application/privacy_request_sheet.py:said": ("privacy_request", "words"),
    "application/session_results.py:_recused": ("session", "results"),
    "infrastructure/document_room.py:_name": ("document", "content"),
}
"""Every place where a sealed value is opened, with the reading that is noted before.

Whoever opens one elsewhere has it noted (`AccessLog.note`), then adds the place here.
"""


@cache
def calls() -> list[tuple[str, str, ast.Call]]:
    """Every call in the product: its file, a function around it, the call."""
    return [*_calls()]


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    for path in (path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))):
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Call):
                        yield str(path.relative_to(ROOT)), function.name, node


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))


def test_every_place_that_opens_a_sealed_value_is_known_and_noted() -> None:
    opening = {
        f"{file}:{function}"
        for file, function, call in calls()
        if {"event", "field"} <= {keyword.arg for keyword in call.keywords}
        and called(call) in {"open", "opened", "unseal"}
    }
    innermost = opening - FORWARDS

    assert innermost == set(OPENED)
    noted = noted_readings()
    assert {reading for reading in OPENED.values() if reading not in noted} == set()


FORWARDS = {
    "application/personal.py:opened",
    "application/privacy_request_sheet.py:privacy_request_sheet",
    "application/rereading.py:open",
    "infrastructure/event_store/registry.py:open",
    "application/privacy_execution.py:_is_corrected",
}
"""Those that hand on to another, hold the function that opens, or show nobody what they open."""

OPENERS = {
    "infrastructure/person_names.py:_opened",  # to note who can be found; shown once that is noted
    "infrastructure/sealed_check.py:check_sealed",  # shows nobody what it opens
}
"""Where all values are opened, one after the other."""


def test_every_place_that_opens_all_values_is_known() -> None:
    assert {f"{file}:{function}" for file, function, c in calls() if called(c) == "opener"} == (
        OPENERS
    )


def noted_readings() -> set[tuple[str, str]]:
    """What calls of `note` say that they note; a constant of the file is read as its value."""
    found = set()
    for file, _, call in calls():
        if not (isinstance(call.func, ast.Attribute) and call.func.attr == "note"):
            continue
        if len(call.args) == 4:
            values = constants(file)
            concepts, parts = (said(call.args[place], values) for place in (1, 3))
            found |= {(concept, part) for concept in concepts for part in parts}
    return found


def constants(file: str) -> dict[str, str]:
    """The texts that a file gives names to, alone or two at once."""
    found = {}
    for node in ast.parse((ROOT / file).read_text("utf-8")).body:
        if isinstance(node, ast.Assign):
            names, values = node.targets[0], node.value
            pairs = (
                zip(names.elts, values.elts, strict=True)
                if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple)
                else [(names, values)]
            )
            for name, value in pairs:
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                    found[name.id] = str(value.value)
    return found


def said(node: ast.expr, values: dict[str, str]) -> set[str]:
    match node:
        case ast.Constant(value=str() as text):
            return {text}
        case ast.Name(id=name):
            return {values[name]}
        case ast.IfExp(body=one, orelse=other):
            return said(one, values) | said(other, values)
        case ast.Attribute(value=ast.Name(id="asked"), attr="name"):
            return {"privacy_request"}  # the one list that only some read
        case ast.Attribute(value=ast.Name(id="PRIVACY_REQUESTS"), attr="name"):
            return {"privacy_request"}
    raise AssertionError(ast.dump(node))


def test_every_reading_that_is_noted_is_said_in_words() -> None:
    noted = noted_readings()

    assert noted == set(READINGS)


# --- how long -----------------------------------------------------------------------------------


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock(datetime(2024, 6, 3, 10, 0, tzinfo=UTC))


@pytest.fixture
def log(database_url: str, clock: make.Clock) -> Iterator[AccessLog]:
    with make.closing_engine(database_url) as engine:
        yield AccessLog(engine, clock)


def test_a_reading_is_kept_a_year_and_deleted_by_nobody_before(
    log: AccessLog, clock: make.Clock
) -> None:
    old, recent = uuid4(), uuid4()
    log.note(make.by(), "exchange", [old], "summary")
    clock.advance(days=1)
    log.note(make.by(), "exchange", [recent], "summary")

    clock.now = datetime(2025, 6, 3, 23, 0, tzinfo=UTC) - timedelta(hours=2)
    assert (log.past(make.day("2025-06-03")), log.purge(make.by(Role.DPO))) == (0, 0)
    clock.advance(days=1)
    assert log.purge(make.by(Role.DPO)) == 1

    left = [(line.subject, line.part) for line in log.lines()]
    purge = (UUID(int=make.ACTOR.int), "purge")
    assert left == [(recent, "summary"), purge, purge]


def test_a_number_is_not_given_twice_though_all_was_deleted(
    log: AccessLog, clock: make.Clock
) -> None:
    log.note(make.by(), "exchange", [uuid4()], "summary")
    before = log.lines()[-1].number
    clock.advance(days=800)

    log.purge(make.by(Role.DPO))

    assert [line.number > before for line in log.lines()] == [True]


def test_the_log_has_no_place_for_what_was_read() -> None:
    assert set(ACCESS.c.keys()) == {
        *("number", "at", "account", "role", "mandate", "concept", "subject", "part")
    }
