"""The reference says what the code says."""

from collections.abc import Callable

import pytest

from application.kind_of_event import KINDS_OF_EVENT, OF_EVERY_CASE, kind_in_words
from domain.kernel import EVENTS
from infrastructure.bundle import VERIFIERS
from tests.reference import FOLDER, PAGES, WITH_KINDS, with_kinds


@pytest.mark.parametrize(("name", "page"), PAGES.items())
def test_the_reference_is_up_to_date(name: str, page: Callable[[], str]) -> None:
    assert (FOLDER / name).read_text("utf-8") == page(), "run: just reference"


@pytest.mark.parametrize("name", WITH_KINDS)
def test_verifiers_call_events_what_the_product_calls_them(name: str) -> None:
    verifier = (VERIFIERS / name).read_text("utf-8")

    assert verifier == with_kinds(verifier), "run: just reference"


def test_every_kind_of_event_has_words_and_no_other_has() -> None:
    topics = [topic for topic, kind in EVENTS.items() if kind.__module__.startswith("domain.")]
    names = {topic.rpartition(".v")[0] for topic in topics}

    assert [topic for topic in topics if kind_in_words(topic) == topic] == []
    assert KINDS_OF_EVENT.keys() - names == set()
    assert OF_EVERY_CASE.keys() - {name.partition(".")[2] for name in names} == set()
    assert kind_in_words("pole.moved.v1") == "Passage d'étape"
    assert kind_in_words("later.thing.v1") == "later.thing.v1"
