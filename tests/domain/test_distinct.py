"""Two distinct persons: one account that acts once for itself, once for another, is still one."""

from collections.abc import Callable
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contest import AnsweredByTheSame, ContestedBy, ContestOutcome, WithdrawnByAnother
from domain.contribution import Contribution, OwnContribution
from domain.dates import PartialDate
from domain.distinct import Persons, apart, share
from domain.document import Document, OwnDocument
from domain.errors import JalonError
from domain.filing import DocumentChannel, DocumentKind, Enclosed, Filing
from domain.media import MediaType
from domain.pole import Pole
from domain.recognition import PoleReply, Recognition, SamePerson
from domain.retention import Retention
from domain.undertaking import OwnReport, Undertaking, UndertakingFinding
from domain.values import Sealed
from tests import make
from tests.domain.samples import document
from tests.domain.test_undertaking import taken

SEALED = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
DAY = PartialDate(make.TODAY.isoformat())

Act = Callable[[Any, Persons], None]


def filed(first: Persons) -> Document:
    made = Document.new()
    made.file(
        Filing(
            document_kind=DocumentKind.LETTER,
            title="Lettre",
            channel=DocumentChannel.POST,
            retention=Retention.TWO_YEARS,
        ),
        content=Enclosed(size=1, ciphertext="3f" * 32, commitment="c0" * 32),
        media_type=MediaType.PDF,
        persons=first,
    )
    return made


def contested(first: Persons) -> Pole:
    pole = make.pole()
    fact = pole.pending[0]
    with make.on():
        pole.contest(
            fact=fact.meta.event_id,
            topic=fact.TOPIC,
            stream=pole.id,
            place=1,
            by_kind=ContestedBy.POLE,
            by="Tétris",
            version="Un autre nom.",
            persons=first,
            evidence=None,
            occurred_on=DAY,
            today=make.TODAY,
        )
    return pole


def answer(pole: Pole, second: Persons, outcome: ContestOutcome = ContestOutcome.UPHELD) -> None:
    pole.answer_contest(
        next(iter(pole.contests)),
        outcome,
        reasons="Vérifié.",
        persons=second,
        corrected_by=(),
        is_sourced=False,
        occurred_on=DAY,
        today=make.TODAY,
    )


def sent(first: Persons) -> Contribution:
    made = Contribution.new()
    made.receive(
        pole=None, about="le registre", author=SEALED, text=SEALED, public_name=None, persons=first
    )
    return made


def published(first: Persons) -> Contribution:
    made = sent(first)
    made.publish(persons=(f"account:{UUID(int=8)}",))
    return made


def reported(first: Persons) -> Undertaking:
    made = taken()
    made.report(words="fait", documents=(), persons=first, day=make.TODAY)
    return made


def assess(undertaking: Undertaking, second: Persons) -> None:
    undertaking.assess(UndertakingFinding.KEPT, reasons="vu", persons=second, day=make.TODAY)


def proposed(first: Persons) -> Recognition:
    return Recognition.propose(
        pole=uuid4(),
        code="constat",
        issuer="Registre",
        evidence=("statuts",),
        persons=first,
        asked_on=make.day("2024-01-01"),
    )


def confirm(finding: Recognition, second: Persons) -> None:
    finding.confirm(persons=second, occurred_on=DAY, today=make.TODAY, valid_to=None)


RULES: dict[str, tuple[Callable[[Persons], Any], Act, type[JalonError]]] = {
    "document.accept": (filed, lambda d, who: d.accept(persons=who), OwnDocument),
    "fact.answer_contest": (contested, answer, AnsweredByTheSame),
    "contribution.publish": (sent, lambda c, who: c.publish(persons=who), OwnContribution),
    "contribution.refuse": (
        sent,
        lambda c, who: c.refuse(persons=who, motive=SEALED),
        OwnContribution,
    ),
    "contribution.take_down": (
        published,
        lambda c, who: c.take_down(persons=who, motive="hors sujet"),
        OwnContribution,
    ),
    "undertaking.assess": (reported, assess, OwnReport),
    "recognition.confirm_finding": (proposed, confirm, SamePerson),
    "recognition.reply": (
        proposed,
        lambda r, who: r.reply(position=PoleReply.AGREES, words=None, persons=who),
        SamePerson,
    ),
}

ONE, TWO = (f"account:{UUID(int=number)}" for number in (1, 2))
POLE = f"pole:{UUID(int=3)}"
NAMES = (ONE, TWO, "organisation:Fonderie", "organisation:FONDERIE ", POLE)
PERSONS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple)


@pytest.mark.parametrize("rule", RULES)
@given(first=PERSONS, second=PERSONS)
def test_an_act_is_refused_exactly_to_who_had_a_hand_in_the_first(
    rule: str, first: Persons, second: Persons
) -> None:
    make_first, act, refusal = RULES[rule]
    one = {name.strip().casefold() for name in first} & {n.strip().casefold() for n in second}

    with make.on():
        made = make_first(first)
        if one:
            with pytest.raises(refusal):
                act(made, second)
        else:
            act(made, second)


def test_only_the_party_itself_withdraws_a_contest_without_a_document() -> None:
    with make.on():
        pole = contested((POLE, ONE))
        with pytest.raises(WithdrawnByAnother):
            answer(pole, (ONE,), ContestOutcome.WITHDRAWN)
        answer(pole, (POLE, ONE), ContestOutcome.WITHDRAWN)


def test_where_only_for_whom_was_kept_that_is_compared() -> None:
    """As in what was recorded before November 2026."""
    with make.on():
        made = Document.new()
        event = next(iter(document.samples(DAY))).pending[0]
        state = event.model_copy(update={"persons": ()})
    assert isinstance(state, Document.Filed)
    Document._remembers[Document.Filed].apply(made, state)

    with make.on():
        with pytest.raises(OwnDocument):
            made.accept(persons=("organisation:Autre", state.filed_by))
        made.accept(persons=(f"account:{UUID(int=9)}",))


def _most(acts: list[frozenset[str]]) -> int:
    """By trying every choice of them."""
    several = (some for size in range(len(acts) + 1) for some in combinations(acts, size))
    return max(
        len(some) for some in several if len(frozenset().union(*some)) == sum(map(len, some))
    )


@given(st.dictionaries(st.integers(0, 6), st.integers(0, 6), max_size=6))
def test_acts_count_apart_as_long_as_nobody_had_a_hand_in_two(hands: dict[int, int]) -> None:
    """Each act is for another party; by whom it is done, anybody."""
    acts = [frozenset({str(party), str(hand)}) for party, hand in hands.items()]

    assert apart(acts) == _most(acts)


@given(st.lists(st.frozensets(st.integers(0, 5).map(str), min_size=1, max_size=2), max_size=7))
def test_never_more_are_counted_than_there_are(acts: list[frozenset[str]]) -> None:
    assert apart(acts) <= _most(acts)
    assert bool(apart(acts)) is bool(acts)


@given(PERSONS, PERSONS)
def test_it_does_not_matter_who_comes_first(one: Persons, other: Persons) -> None:
    assert share(one, other) == share(other, one)
    assert share(one, one)
