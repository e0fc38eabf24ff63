"""Erasures killed at each step: finished by whoever comes next."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from typing import Any

import pytest

from application.privacy_request import ReceivePrivacyRequest
from domain.document import Document
from domain.erasure import Erasure
from domain.personal import KeysUnreachable
from infrastructure.erasure_notes import ErasureNotes
from infrastructure.erasure_told import AlreadyForgotten, ForgettingUnfinished
from infrastructure.event_store.postgres import PostgresRecorder
from infrastructure.event_store.registry import Registry
from infrastructure.event_store.sqlite import SQLiteRecorder
from infrastructure.person_found import NobodyFound
from infrastructure.personal import PersonRoom
from interfaces.wiring import Product, Settings
from tests import documents, make
from tests.infrastructure.persons.acts import (
    NAME,
    RIGHT,
    SAID,
    contribute,
    dpo,
    file,
    sealed_rows,
)

# Killed.


def _die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


STEPS: list[tuple[tuple[type, ...], str, int]] = [
    ((ErasureNotes,), "begin", 1),
    ((Registry,), "do", 1),
    ((ErasureNotes,), "forget", 1),
    ((SQLiteRecorder, PostgresRecorder), "forget_sealed", 1),
    ((Registry,), "do", 2),
    ((SQLiteRecorder, PostgresRecorder), "scrub", 1),
    ((ErasureNotes,), "finish", 1),
]
"""What the protocol does, in order: the method, and which call of it."""


def dies_at(monkeypatch: pytest.MonkeyPatch, step: int, *, after: bool) -> None:
    """Kill this process as it is about to take a step, or has just taken it."""
    classes, name, wanted = STEPS[step]
    for cls in classes:
        real, left = getattr(cls, name), [wanted]

        def dying(
            self: Any, *given: Any, real: Any = real, left: list[int] = left, **more: Any
        ) -> Any:
            left[0] -= 1
            if not left[0] and not after:
                _die()
            done = real(self, *given, **more)
            return _die() if not left[0] else done

        monkeypatch.setattr(cls, name, dying)


@pytest.mark.parametrize(
    ("engine", "whose"),
    [
        ("sqlite", "name"),
        pytest.param("sqlite", "document", marks=pytest.mark.long),
        pytest.param("postgresql", "name", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("step", range(len(STEPS)), ids=[f"{name}-{n}" for _, name, n in STEPS])
def test_an_erasure_killed_at_any_step_is_finished_by_whoever_comes_next(
    settings_on: Callable[..., Settings], engine: str, whose: str, step: int
) -> None:
    settings = settings_on(engine)
    for after in (False, True):
        with make.closing_product(settings) as product:
            document = file(product, documents.pdf(f"{SAID} {after}")) if whose != "name" else None
            person = str(document) if document else NAME
            contribute(product)

        child = os.fork()
        if not child:
            with pytest.MonkeyPatch.context() as patched, make.closing_product(settings) as product:
                dies_at(patched, step, after=after)
                product.forget(person, dpo(product), right=RIGHT)
            os._exit(0)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL

        with make.closing_product(settings) as product:
            asked = [*product.registry.told(Erasure.Requested)]
            done = [*product.registry.told(Erasure.PersonErased)]
            assert len(asked) == len(done), "what was asked for is done"
            if (step, after) in {(0, False), (0, True), (1, False)}:
                noted = (step, after) != (0, False)
                assert len(product.erasures.never_begun()) == noted, "which is told until it is"
                assert len(product.erasures.never_begun(let_go=True)) == noted
                assert product.erasures.never_begun() == []
                assert len(product.persons.find(NAME, dpo(product)).places) == 2
                product.forget(person, dpo(product), right=RIGHT)
            elif step > 1:
                assert product.registry.keys.notes.unfinished() == []
            if document:
                kept = product.registry.load(Document, document)
                assert kept
                assert kept.is_erased
                assert not product.registry.documents.has(kept.content.ciphertext)
                product.forget(NAME, dpo(product), right=RIGHT)
            with pytest.raises(NobodyFound):
                product.persons.find(NAME, dpo(product))
            assert sealed_rows(product) == product.documents.check().erased, "but why, of each"
            assert product.documents.check().troubles == ()
            assert product.verify().size == product.journal.size()


def test_of_two_who_finish_the_same_erasure_it_is_recorded_once(settings: Settings) -> None:
    with make.closing_product(settings) as one, make.closing_product(settings) as other:
        contribute(one)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(one.journal), "forget_sealed", _unreachable)
            with pytest.raises(ForgettingUnfinished, match="jalon privacy resume"):
                one.forget(NAME, dpo(one), right=RIGHT)

        assert len(one.resume_erasures()) == 1
        assert other.resume_erasures() == []
        assert len([*one.registry.told(Erasure.PersonErased)]) == 1


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def test_of_two_who_ask_for_the_same_at_once_one_is_done_and_the_other_is_told_so(
    settings_on: Callable[..., Settings], engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_on(engine)
    found, find = Semaphore(0), PersonRoom.find

    def finding(*given: Any) -> Any:
        answer = find(*given)
        found.release()
        return answer

    monkeypatch.setattr(PersonRoom, "find", finding)
    with make.closing_product(settings) as one, make.closing_product(settings) as other:
        contribute(one)
        asks = {"right": "erasure", "channel": "mail", "requester": {"text": NAME}}
        one.do(ReceivePrivacyRequest.model_validate(asks), one.operator())  # which the law keeps

        def forget(product: Product) -> str:
            try:
                return str(product.forget(NAME, dpo(product), right=RIGHT).values)
            except AlreadyForgotten as told:
                return told.code

        with ThreadPoolExecutor() as pool:
            with one.registry.keys.database.erasing():
                asked = [pool.submit(forget, product) for product in (one, other)]
                assert all(found.acquire(timeout=20) for _ in asked), "both know whom to forget"
            told = sorted(future.result() for future in asked)

        assert told == ["2", "erasure.already"]
        assert len([*one.registry.told(Erasure.PersonErased)]) == 1
        assert len([*one.registry.told(Erasure.Requested)]) == 1
        assert one.registry.keys.notes.unfinished() == []


def _unreachable(*_: Any) -> None:
    raise KeysUnreachable(reason="panne")
