"""Contribution: read by somebody else before it appears, and never edited."""

from collections.abc import Callable
from uuid import UUID

import pytest

from domain.contribution import (
    Contribution,
    ContributionAlreadyDecided,
    ContributionStanding,
    NotItsAuthor,
    OwnContribution,
)
from domain.values import Sealed
from tests import make

SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
SENDER, MODERATOR = "organisation:Association fictive", f"account:{UUID(int=2)}"

Act = Callable[[Contribution], None]

ACTS: dict[str, Act] = {
    "publish": lambda c: c.publish(persons=(MODERATOR,)),
    "refuse": lambda c: c.refuse(persons=(MODERATOR,), motive=SEALED),
    "withdraw": lambda c: c.withdraw(party=SENDER),
    "take_down": lambda c: c.take_down(persons=(MODERATOR,), motive="hors sujet"),
}


def received() -> Contribution:
    contribution = Contribution.new()
    with make.on():
        contribution.receive(
            pole=UUID(int=5),
            about="Pôle fictif",
            author=SEALED,
            text=SEALED,
            public_name=None,
            persons=(SENDER,),
        )
    return contribution


@pytest.mark.parametrize(
    ("before", "possible"),
    [
        ([], {"publish", "refuse", "withdraw"}),
        (["publish"], {"withdraw", "take_down"}),
        (["refuse"], set()),
        (["withdraw"], set()),
        (["publish", "take_down"], set()),
        (["publish", "withdraw"], set()),
    ],
    ids=lambda deeds: "-".join(sorted(deeds)) or "nothing",
)
def test_what_may_still_be_done_depends_on_what_was(before: list[str], possible: set[str]) -> None:
    for name, act in ACTS.items():
        contribution = received()
        with make.on():
            for earlier in before:
                ACTS[earlier](contribution)
            if name in possible:
                act(contribution)
            else:
                with pytest.raises(ContributionAlreadyDecided):
                    act(contribution)


@pytest.mark.parametrize("party", [SENDER, "organisation:ASSOCIATION  FICTIVE"])
def test_nobody_moderates_what_they_sent(party: str) -> None:
    contribution = received()

    with make.on(), pytest.raises(OwnContribution, match="modération"):
        contribution.publish(persons=(party,))
    with make.on(), pytest.raises(OwnContribution):
        contribution.refuse(persons=(party,), motive=SEALED)
    published = received()
    with make.on():
        published.publish(persons=(MODERATOR,))
        with pytest.raises(OwnContribution):
            published.take_down(persons=(party,), motive="regret")


def test_only_whoever_sent_it_takes_it_back() -> None:
    contribution = received()

    with make.on(), pytest.raises(NotItsAuthor):
        contribution.withdraw(party=MODERATOR)

    assert contribution.standing is ContributionStanding.RECEIVED


def test_no_event_of_a_contribution_holds_its_words() -> None:
    """What is public of it is what it is about, and why it was taken down."""
    texts = {
        name
        for event in (
            Contribution.Received,
            Contribution.Published,
            Contribution.Refused,
            Contribution.Withdrawn,
            Contribution.TakenDown,
        )
        for name, field in event.model_fields.items()
        if field.annotation is str
    } - {"salt", "about", "sender"}

    assert texts == {"motive"}
    assert Contribution.Refused.model_fields["motive"].annotation is Sealed
