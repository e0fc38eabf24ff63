"""Claims: what somebody said, which may be taken back, and stays readable."""

import pytest

from domain.claim import AlreadyRetracted, Claim
from tests import make


def claim() -> Claim:
    with make.on("2013-07"):
        return Claim.record(
            statement="183 dossiers ont été déposés.", author="ministère", figures="183"
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
