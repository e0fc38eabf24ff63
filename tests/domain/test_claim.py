"""Claims: what somebody said, which may be taken back, and stays readable."""

from typing import Any

import pytest

from domain.claim import AlreadyCorrected, AlreadyRetracted, Claim, ClaimWithoutSource
from domain.figure import figure
from domain.provenance import Kind
from domain.recording import NotYetHappened
from tests import make


def claim() -> Claim:
    with make.on("2013-07"):
        return Claim.record(
            statement="183 dossiers ont été déposés.",
            author="ministère",
            figures="183",
            source="chronologie",
        )


def test_a_claim_keeps_the_figures_in_the_words_of_its_source() -> None:
    (recorded,) = claim().pending

    assert isinstance(recorded, Claim.Recorded)
    assert (recorded.figures, recorded.author, str(recorded.occurred_on)) == (
        "183",
        "ministère",
        "2013-07",
    )


def test_a_claim_is_taken_back_once() -> None:
    taken_back = claim()
    with make.on():
        taken_back.retract()

    with make.on(), pytest.raises(AlreadyRetracted):
        taken_back.retract()

    assert taken_back.statement == "183 dossiers ont été déposés."


def test_nothing_that_somebody_said_is_kept_without_its_source() -> None:
    """A figure may stand in the statement itself."""
    counted = figure(measure="candidates", value="183")
    wordings: list[dict[str, Any]] = [{}, {"figures": "183 dossiers"}, {"figure": counted}]
    with make.on():
        for told in wordings:
            with pytest.raises(ClaimWithoutSource):
                Claim.record(statement="51 emplois créés", author="ministère", **told)


def test_nobody_has_said_anything_on_a_day_to_come() -> None:
    for day in ("2024-06-04", "2025"):
        with make.on(day), pytest.raises(NotYetHappened):
            Claim.record(statement="51 emplois créés", author="ministère", source="note")
    with make.on("2024"):
        Claim.record(statement="51 emplois créés", author="ministère", source="note")


def test_a_correction_is_a_claim_that_names_what_it_corrects() -> None:
    first = claim()
    (recorded,) = first.pending
    told: dict[str, Any] = {
        "statement": "182 dossiers ont été déposés.",
        "author": "ministère",
        "figures": "182",
        "note": None,
        "figure": None,
        "source": "chronologie",
    }
    with make.on("2013-07"):
        second = first.correct(recorded.meta.event_id, **told)
    (correcting,) = second.pending

    assert (correcting.kind, correcting.corrects) == (Kind.CORRECT, recorded.meta.event_id)
    assert recorded.kind is Kind.ASSERT
    with make.on(), pytest.raises(AlreadyCorrected, match=str(second.id)):
        first.correct(recorded.meta.event_id, **told)
    with make.on(), pytest.raises(AlreadyCorrected):
        first.retract()
