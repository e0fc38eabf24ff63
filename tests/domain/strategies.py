"""Random values of the domain: dates, and whole lives of a pole."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.dates import PartialDate
from domain.errors import Refused
from domain.journey import Journey
from domain.membership import MemberKind
from domain.pole import Pole, Territory
from domain.recognition import RecognitionKind
from domain.recording import Context, acting
from domain.values import Sealed
from domain.workflow import Finding, Step, Verdict
from tests import make

days = st.dates(date(2010, 1, 1), date(2026, 12, 31))


@st.composite
def known_dates(draw: st.DrawFn) -> PartialDate:
    """A day, a month or a year between 2010 and 2026."""
    text = draw(days).isoformat()
    return PartialDate(text[: draw(st.sampled_from([4, 7, 10]))])


early_dates = st.sampled_from(["2011", "2012-06-25", "2014-01", "2015-04-18"]).map(PartialDate)
partial_dates = known_dates() | st.just(PartialDate("unknown"))

uuids = st.uuids(version=4)
words = st.text("abcé -’", min_size=1, max_size=8).filter(str.strip)
stages = st.sampled_from(
    ["emergence", "charter_signed", "experimentation", "recognised", "dormant", "ended"]
)
journeys = st.sampled_from(make.journeys())
sealed = st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True).map(lambda ref: Sealed(ref=ref))


@dataclass(frozen=True)
class Act:
    """Something tried with a pole, in a context."""

    context: Context
    what: str
    do: Callable[[Pole], object]

    def __repr__(self) -> str:
        return f"{self.what} on {self.context.occurred_on} until {self.context.valid_to}"


@st.composite
def acts(draw: st.DrawFn) -> Act:
    """One act with a pole; the pole may refuse it."""
    on = draw(partial_dates)
    ends = None
    if draw(st.booleans()):
        start = on.first_day or make.TODAY
        ends = start + timedelta(days=draw(st.integers(1, 900)))
    context = make.context(on.root, valid_to=ends)
    what, do = draw(st.one_of(*_kinds(on)))
    return Act(context, what, do)


Drawn = st.SearchStrategy[tuple[str, Callable[[Pole], object]]]


def _kinds(on: PartialDate) -> Iterator[Drawn]:
    def act(what: str, do: Callable[..., object], *drawn: st.SearchStrategy[Any]) -> Drawn:
        return st.tuples(*drawn).map(lambda given: (what, lambda pole: do(pole, *given)))

    yield act("rename", lambda pole, name: pole.rename(name), words)
    yield act("locate", lambda pole, name: pole.locate(Territory(words=name)), words)
    yield act("describe", lambda pole, said: pole.describe_activity(said), words)
    yield act(
        "join",
        lambda pole, kind, name: pole.add_member(member_kind=kind, name=name, person=None),
        st.sampled_from([kind for kind in MemberKind if kind is not MemberKind.CITIZEN]),
        words,
    )
    yield act(
        "join as a citizen",
        lambda pole, person: pole.add_member(
            member_kind=MemberKind.CITIZEN, name=None, person=person
        ),
        sealed,
    )
    yield act("leave", lambda pole, n: _leave(pole, n, on), st.integers(0, 5))
    yield act("carry", lambda pole, name: pole.designate_carrier(name=name, siret=None), words)
    yield act(
        "file",
        lambda pole, kind: pole.file_evidence(evidence=kind, title="Pièce"),
        st.sampled_from(["strategy", "charter_form"]),
    )
    yield act("contact", lambda pole: pole.attempt_contact(channel="lettre", outcome="sans suite"))
    yield act(
        "recognition",
        lambda pole, id_, kind: pole.attach_recognition(id_, code="ami", recognition_kind=kind),
        uuids,
        st.sampled_from(RecognitionKind),
    )
    yield act("signature", lambda pole, id_: pole.attach_signature(id_), uuids)
    yield act("move", lambda pole, to: _move(pole, to, on), stages)
    yield act("migrate", lambda pole, to: _migrate(pole, to, on), journeys)


def _leave(pole: Pole, number: int, on: PartialDate) -> None:
    members = list(pole.members)
    if members:
        pole.end_membership(members[number % len(members)], occurred_on=on)


def _move(pole: Pole, to: str, on: PartialDate) -> None:
    step = Step(
        transition="step",
        from_=pole.state_on(on.first_day or make.TODAY) or "emergence",
        to=to,
        input={"reason": "dissolved"},
        findings=(Finding(clause="mix", verdict=Verdict.HELD, values={"members.total": 5}),),
    )
    pole.move(step, journey=pole.journey, occurred_on=on)


def _migrate(pole: Pole, to: Journey, on: PartialDate) -> None:
    pole.migrate(to, occurred_on=on)


@st.composite
def lives(draw: st.DrawFn) -> Pole:
    """A pole and everything that was tried with it, nothing of it saved."""
    pole = make.pole(draw(partial_dates).root)
    for act in draw(st.lists(acts(), min_size=8, max_size=20)):
        with suppress(Refused), acting(act.context):
            act.do(pole)
    return pole
