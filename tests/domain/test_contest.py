"""Contests: both versions stand, and what rests on a contested fact is known by its names."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application import catalogue
from domain.charter import CharterSignature
from domain.contest import (
    CONTESTS,
    FEEDS,
    AlreadyContested,
    AnsweredByTheSame,
    ContestAlreadyAnswered,
    ContestDated,
    ContestedBy,
    ContestOutcome,
    NoSuchContest,
    NotAFact,
    WithdrawnByAnother,
)
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.kernel import Aggregate, Recorded
from domain.pole import Pole, PoleFacts
from domain.recognition import Recognition
from domain.rules import fact_types, fact_values, rests_on
from domain.values import Sealed
from tests import make
from tests.domain.strategies import lives

assert catalogue.COMMANDS

DAY = timedelta(days=1)
REGISTRY, POLE = "organisation:Registre", "organisation:Fonderie du Val"


def contested(
    pole: Pole, place: int = 1, *, on: str = "2024-05-02", party: str = POLE, topic: str = ""
) -> UUID:
    """A contest of one of its events, by its place."""
    event = pole.pending[place - 1]
    with make.on(on):
        return pole.contest(
            fact=event.meta.event_id,
            topic=topic or event.TOPIC,
            stream=pole.id,
            place=place,
            by_kind=ContestedBy.MEMBER,
            by=party.removeprefix("organisation:"),
            version="Ce n'est pas ainsi.",
            persons=(party,),
            evidence=None,
            occurred_on=PartialDate(on),
            today=make.TODAY,
        )


def answered(
    pole: Pole,
    contest: UUID,
    outcome: ContestOutcome = ContestOutcome.REJECTED,
    *,
    on: str = "2024-05-20",
    party: str = REGISTRY,
    is_sourced: bool = False,
) -> None:
    with make.on(on):
        pole.answer_contest(
            contest,
            outcome,
            reasons="La pièce du dossier dit autre chose.",
            persons=(party,),
            corrected_by=(),
            is_sourced=is_sourced,
            occurred_on=PartialDate(on),
            today=make.TODAY,
        )


# Who, and when.


def test_a_contest_stands_from_its_day_until_that_of_the_answer() -> None:
    pole = make.pole()
    contest = contested(pole, on="2024-05-02")
    answered(pole, contest, on="2024-05-20")

    stands = [
        bool(pole.contests_on(make.day(on)))
        for on in ("2024-05-01", "2024-05-02", "2024-05-19", "2024-05-20")
    ]

    assert stands == [False, True, True, False]


def test_whoever_contests_does_not_answer_and_may_withdraw() -> None:
    pole = make.pole()
    contest = contested(pole)
    for outcome in (ContestOutcome.UPHELD, ContestOutcome.PARTLY, ContestOutcome.REJECTED):
        with pytest.raises(AnsweredByTheSame):
            answered(pole, contest, outcome, party="organisation:FONDERIE du  Val")

    answered(pole, contest, ContestOutcome.WITHDRAWN, party=POLE)

    assert not pole.contests_on(make.TODAY)


def test_that_another_gave_up_needs_a_document() -> None:
    pole = make.pole()
    contest = contested(pole)

    with pytest.raises(WithdrawnByAnother):
        answered(pole, contest, ContestOutcome.WITHDRAWN)

    answered(pole, contest, ContestOutcome.WITHDRAWN, is_sourced=True)


def test_a_contest_is_answered_once_and_must_exist() -> None:
    pole = make.pole()
    contest = contested(pole)
    answered(pole, contest)

    with pytest.raises(ContestAlreadyAnswered):
        answered(pole, contest)
    with pytest.raises(NoSuchContest):
        answered(pole, uuid4())


def contested_by(pole: Pole, by_kind: ContestedBy, by: str | Sealed) -> UUID:
    """A contest of its first event, recorded by the registry for somebody."""
    event = pole.pending[0]
    with make.on():
        return pole.contest(
            fact=event.meta.event_id,
            topic=event.TOPIC,
            stream=pole.id,
            place=1,
            by_kind=by_kind,
            by=by,
            version="Ce n'est pas ainsi.",
            persons=(REGISTRY,),
            evidence=None,
            occurred_on=PartialDate.on(make.TODAY),
            today=make.TODAY,
        )


def test_whoever_contests_is_heard_though_one_hand_records_them_all() -> None:
    pole = make.pole()
    zoe, other = (Sealed(ref=letter * 43) for letter in "zo")
    contested_by(pole, ContestedBy.POLE, "Fonderie du Val")
    contested_by(pole, ContestedBy.PERSON, zoe)
    contested_by(pole, ContestedBy.PERSON, other)
    contested_by(pole, ContestedBy.MEMBER, "Coopérative Zéd")

    with pytest.raises(AlreadyContested):
        contested_by(pole, ContestedBy.POLE, "Fonderie du Val, renommée")
    with pytest.raises(AlreadyContested):
        contested_by(pole, ContestedBy.MEMBER, "coopérative Ze\u0301d")

    assert len(pole.contests) == 4


def test_a_party_contests_a_fact_once_at_a_time() -> None:
    pole = make.pole()
    first = contested(pole)

    with pytest.raises(AlreadyContested):
        contested(pole)

    contested(pole, party="organisation:Autre")
    answered(pole, first)
    contested(pole)
    assert len(pole.contests_on(make.TODAY)) == 2


@pytest.mark.parametrize("topic", sorted(CONTESTS))
def test_a_contest_is_not_contested(topic: str) -> None:
    with pytest.raises(NotAFact):
        contested(make.pole(), topic=topic)


@pytest.mark.parametrize("on", ["2024-05-01", "2024-06-04"])
def test_an_answer_is_dated_between_the_contest_and_today(on: str) -> None:
    pole = make.pole()
    contest = contested(pole, on="2024-05-02")

    with pytest.raises(ContestDated):
        answered(pole, contest, on=on)
    with pytest.raises(ContestDated):
        contested(pole, on="2024-06-04", party="organisation:Autre")


# What rests on what.


def reading(*classes: type[Aggregate]) -> tuple[Callable[..., Any], set[type[Aggregate]]]:
    """What reads nothing but notes what was asked for."""
    asked: set[type[Aggregate]] = set()

    def read(cls: type[Aggregate], id_: UUID) -> Any:
        asked.add(cls)
        return cls(id_)

    return read, asked


def test_every_event_of_a_pole_and_of_what_its_facts_are_counted_from_says_what_it_feeds() -> None:
    own = {event.TOPIC for event in Pole._remembers if "TOPIC" in vars(event)}
    with make.on():
        pole = make.pole()
        pole.attach_signature(uuid4())
    pole.recognitions[uuid4()] = "code"
    read, asked = reading()
    pole.facts_on(make.TODAY, read)
    related = {event.TOPIC for cls in asked for event in cls._remembers if "TOPIC" in vars(event)}

    assert asked == {Recognition, CharterSignature}
    assert own | related == set(FEEDS)


def test_what_an_event_feeds_is_something_that_clauses_may_name() -> None:
    known = {name.partition(".")[0] for name in fact_types(PoleFacts)}

    assert {part for parts in FEEDS.values() for part in parts} <= known | {
        *("var", "approvals", "deadlines")
    }


@given(lives(), st.data())
def test_without_an_event_only_what_it_feeds_is_another(pole: Pole, data: st.DataObject) -> None:
    """The truth that `FEEDS` is held to: the facts of a history with and without one event."""
    told = make.history(pole)
    left_out = data.draw(st.integers(1, max(len(told) - 1, 1)))
    if left_out >= len(told):
        return
    kept = [recorded for place, recorded in enumerate(told) if place != left_out]
    day = data.draw(st.dates(date(2010, 1, 1), date(2026, 12, 31)))
    read, _ = reading()

    with suppress(KeyError, JalonError, ValueError, IndexError):  # it cannot be read without it
        whole, less = (_facts(pole.id, history, day, read) for history in (told, kept))
        changed = {n for n in whole.keys() | less.keys() if whole.get(n) != less.get(n)}
        fed = FEEDS[told[left_out].event.TOPIC]
        assert {name for name in changed if not rests_on(name, fed)} == set()


def _facts(stream: UUID, history: list[Recorded], day: date, read: Any) -> dict[str, Any]:
    pole = Pole.replay(stream, history)
    assert pole
    return dict(fact_values(pole.facts_on(day, read)))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9) | st.none()), max_size=5))
def test_a_name_is_settled_on_the_first_day_on_which_nobody_contests_what_it_rests_on(
    spans: list[tuple[int, int | None]],
) -> None:
    pole = make.pole("2024-01-01")
    with make.on("2024-01-01"):
        pole.attempt_contact(channel="lettre", outcome="sans suite")
    first = make.day("2024-03-01")
    for number, (start, length) in enumerate(spans):
        on = first + start * DAY
        contest = contested(pole, 2, on=on.isoformat(), party=f"organisation:{number}")
        if length is not None:
            answered(pole, contest, on=(on + length * DAY).isoformat())
    stay = pole.main.standing_on(first)

    def is_disputed(day: date) -> bool:
        return any(
            first + start * DAY <= day and (length is None or day < first + (start + length) * DAY)
            for start, length in spans
        )

    for day in (first + n * DAY for n in range(40)):
        days = (day + n * DAY for n in range(60))
        expected = next((one for one in days if not is_disputed(one)), None)
        assert pole.settled_from("silence.contact_attempts", day, stay) == expected
        assert pole.settled_from("members.total", day, stay) == day
        assert pole.is_disputed("silence.months", day) is is_disputed(day)
