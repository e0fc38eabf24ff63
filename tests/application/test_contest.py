"""Contested facts: both versions stand, and nothing automatic follows before the answer."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.claim import RecordClaim
from application.command import By
from application.contest import (
    UNSEEN,
    AnswerContest,
    ContestFact,
    ContestLasts,
    kind_of_fact,
)
from application.history_in_words import ATTACHMENTS, pole_history
from application.mandate import GiveMandate
from application.member import AddMember, EndMembership
from application.pole import FileEvidence, LocatePole, MovePole, NoteContact, RenamePole
from application.recognition import RecordRecognition
from application.register import pole_deadlines, pole_sheet, pole_why
from application.world import Moment
from domain.contest import (
    CONTESTS,
    FEEDS,
    AnsweredByTheSame,
    ContestedBy,
    ContestOutcome,
    NeverAMember,
    NotAFact,
    WhoContests,
)
from domain.dates import PartialDate
from domain.errors import JalonError, NotFound
from domain.journey import Journey
from domain.kernel import EVENTS, Recorded
from domain.membership import MemberId, MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.provenance import AccountId, MandateId
from domain.recognition import RecognitionKind
from domain.roles import Role
from domain.rules import rests_on
from domain.values import Personal, Sealed
from infrastructure.event_store.registry import Registry
from tests import awaiting, make
from tests.awaiting import begin, tick, title
from tests.examples import settings

GIVER = AccountId(UUID("f3f1c1de-3a55-4d0e-9d1b-8a5a8d7f6c21"))
AGENT = AccountId(UUID("0b0e4c0e-2c39-4a40-8a38-3f7e5e2c9d10"))
"""Who acts for the pole."""

# A journey in which three ways are taken by themselves, each over other facts.


def clause(id_: str, when: str) -> dict[str, Any]:
    return {"id": id_, "when": when, "say": title(f"Condition {id_}."), "source": "product rule"}


def way(from_: str, to: str, **more: Any) -> dict[str, Any]:
    return {"title": title(f"De {from_} à {to}"), "from": [from_], "to": to, **more}


DEFINITION: dict[str, Any] = {
    **{name: awaiting.DEFINITION[name] for name in ("id", "source", "facts")},
    "version": "2024-02",
    "title": title("De soi-même"),
    "initial": "small",
    "states": {
        "small": {
            "title": title("Petit"),
            "deadlines": {"look": awaiting.deadline("Regard", "2 days", extended=False)},
        },
        "large": {
            "title": title("Grand"),
            "deadlines": {"news": awaiting.deadline("Nouvelles", "3 days", extended=False)},
        },
        "placed": {"title": title("Situé")},
        "still": {"title": title("Immobile")},
    },
    "transitions": {
        "stay": way("small", "small", by=["registrar"]),
        "back": way("still", "small", by=["registrar"]),
        "again": way("placed", "large", by=["registrar"]),
        "grow": way(
            "small",
            "large",
            trigger="automatic",
            requires=[clause("many", "members.total_known && members.total >= 2")],
        ),
        "place": way(
            "large",
            "placed",
            trigger="automatic",
            requires=[
                clause("delimited", "territory.delimited_known && territory.delimited"),
                clause("strategy", "evidence.kinds_known && 'strategy' in evidence.kinds"),
            ],
        ),
        "rest": way(
            "large",
            "still",
            trigger="automatic",
            requires=[clause("over", "'news' in deadlines.passed")],
        ),
    },
}
JOURNEY = Journey.model_validate(DEFINITION)
READS = {
    "grow": ("members.total", "members.total_known"),
    "place": (
        "territory.delimited",
        "territory.delimited_known",
        "evidence.kinds",
        "evidence.kinds_known",
    ),
    "rest": ("deadlines.passed", "entered"),
}
"""What each automatic way reads; that a deadline has passed rests on the state it is one of."""


def about(event: UUID, by_kind: ContestedBy = ContestedBy.POLE, **more: Any) -> ContestFact:
    version = Personal(text="Ce n'est pas ainsi.")
    return ContestFact(about=event, by_kind=by_kind, version=version, **more)


@dataclass
class Life:
    """One pole under that journey; contests are of the pole, answers of the register."""

    registry: Registry
    clock: make.Clock
    pole: PoleId
    by_pole: By
    members: list[UUID] = field(default_factory=list)
    contests: list[UUID] = field(default_factory=list)

    @classmethod
    def begin(cls, registry: Registry, clock: make.Clock) -> "Life":
        awaiting.publish(registry, JOURNEY)
        pole = begin(registry, "Tétris", make.TODAY.isoformat(), JOURNEY.ref)
        mandate = GiveMandate(
            holder=AGENT,
            principal=f"pole:{pole}",
            for_role=Role.POLE_REPRESENTATIVE,
            relation=f"pole:{pole}",
            valid_to=make.TODAY + timedelta(days=700),
        )
        id_ = MandateId(registry.do(mandate, By(actor=GIVER, role=Role.REGISTRAR)).answer)
        by_pole = By(actor=AGENT, role=Role.POLE_REPRESENTATIVE, on_behalf_of=id_)
        return cls(registry, clock, pole, by_pole)

    @property
    def history(self) -> list[Recorded]:
        return self.registry.history(self.pole)

    def facts(self) -> list[Recorded]:
        return [r for r in self.history if not isinstance(r.event, CONTESTING)]

    def do(self, what: str, number: int) -> None:
        """One of the things that may happen; it may well be refused."""
        with suppress(JalonError):
            match what:
                case "join":
                    kind = MemberKind.LOCAL_AUTHORITY
                    name = f"Membre {len(self.members)}"
                    command = AddMember(pole=self.pole, member_kind=kind, name=name)
                    self.members.append(self.registry.do(command, make.by()).answer)
                case "leave" if self.members:
                    member = MemberId(self.members[number % len(self.members)])
                    self.registry.do(EndMembership(pole=self.pole, member=member), make.by())
                case "locate":
                    place = LocatePole(pole=self.pole, territory=Territory(words="ici"))
                    self.registry.do(place, make.by())
                case "file":
                    piece = FileEvidence(pole=self.pole, evidence="strategy", title="Pièce")
                    self.registry.do(piece, make.by())
                case "contact":
                    tried = NoteContact(pole=self.pole, channel="lettre", outcome="rien")
                    self.registry.do(tried, make.by())
                case "stay" | "back" | "again":
                    self.registry.do(MovePole(pole=self.pole, transition=what), make.by())
                case "contest":
                    facts = self.facts()
                    fact = facts[-1 - number % len(facts)].event.meta.event_id
                    self.contests.append(self.registry.do(about(fact), self.by_pole).answer)
                case "answer" if self.contests:
                    self.answer(self.contests[number % len(self.contests)])
                case "tick":
                    tick(self.registry, self.pole)
                case _:
                    self.clock.advance(days=number % 4)

    def answer(self, contest: UUID, **more: Any) -> None:
        command = AnswerContest(
            contest=contest, outcome=ContestOutcome.REJECTED, reasons="Vérifié.", **more
        )
        self.registry.do(command, make.by())

    def disputed(self, day: date, until: int, entered: int) -> set[str]:
        """What rested on a contested fact on a day, read from the events up to a position."""
        told = [r for r in self.history if r.position < until]
        found: set[str] = set()
        for recorded in told:
            event = recorded.event
            if not isinstance(event, Pole.FactContested):
                continue
            over = [
                r.in_force_from
                for r in told
                if isinstance(r.event, Pole.ContestAnswered) and r.event.contest == event.contest
            ]
            if recorded.in_force_from <= day and not any(end <= day for end in over):
                found.update(FEEDS[event.topic])
                if event.place == entered:
                    found.add("entered")
        return found


CONTESTING = (Pole.FactContested, Pole.ContestAnswered)

KINDS = [
    *["join"] * 3,
    *("leave", "locate", "file", "contact", "stay", "back", "again"),
    *["contest"] * 3,
    *["answer"] * 2,
    *["tick"] * 3,
    *["wait"] * 2,
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5)), min_size=5, max_size=30))
def test_nothing_automatic_follows_from_a_contested_fact(
    tmp_path_factory: pytest.TempPathFactory, happens: list[tuple[str, int]]
) -> None:
    clock = make.Clock()
    with make.registry(tmp_path_factory.mktemp("store"), clock=clock, publish=False) as registry:
        life = Life.begin(registry, clock)
        for what, number in happens:
            life.do(what, number)

        entered = 1
        for recorded in life.history:
            match recorded.event:
                case Pole.Moved(transition=name):
                    if name in READS:
                        day = recorded.in_force_from
                        disputed = life.disputed(day, recorded.position, entered)
                        assert not any(rests_on(one, disputed) for one in READS[name])
                        assert "entered" not in disputed
                    entered = recorded.version
                case Pole.FellDue():
                    day = recorded.in_force_from
                    assert "entered" not in life.disputed(day, recorded.position, entered)
                case _:
                    pass

        for contest in life.contests:
            with suppress(JalonError):
                life.answer(contest)
        tick(registry, life.pole)
        (outcome,) = tick(registry, life.pole)
        assert outcome.result == "unchanged", "what was held back has been recorded"


# One story, step by step.


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def life(tmp_path: Path, clock: make.Clock) -> Iterator[Life]:
    with make.registry(tmp_path, clock=clock, publish=False) as registry:
        yield Life.begin(registry, clock)


def now(life: Life) -> Moment:
    return Moment(known=life.registry.journal.size(), in_force=life.clock().date())


def state(life: Life) -> str | None:
    pole = life.registry.load(Pole, life.pole)
    return pole.state_on(life.clock().date()) if pole else None


def last(life: Life) -> UUID:
    return life.history[-1].event.meta.event_id


def two_members(life: Life) -> UUID:
    life.do("join", 0)
    life.do("join", 0)
    return last(life)


def test_a_step_by_hand_goes_on_and_carries_the_mark_but_nothing_follows(life: Life) -> None:
    fact = two_members(life)
    contest = life.registry.do(about(fact), life.by_pole).answer

    life.do("stay", 0)

    assert state(life) == "small", "the way to « large » reads how many members there are"
    (grow,) = [w for w in pole_why(life.registry, life.pole, now(life)) if w.automatic]
    assert (grow.status, grow.withheld, grow.clauses[0].contested) == ("open", True, True)
    life.answer(contest)
    assert state(life) == "large", "once answered, what was held back is taken"


def test_a_deadline_counted_from_a_contested_step_does_not_fall_due(life: Life) -> None:
    two_members(life)
    life.do("stay", 0)
    (entered,) = [
        r.event for r in life.history if isinstance(r.event, Pole.Moved) and r.event.to == "large"
    ]
    contest = life.registry.do(about(entered.meta.event_id), life.by_pole).answer
    life.clock.advance(days=10)

    tick(life.registry, life.pole)

    assert state(life) == "large"
    (line,) = pole_deadlines(life.registry, life.pole, now(life))
    assert (line.contested, line.passed) == (True, False)
    assert line.sentence.endswith("contesté : rien n'en découle de soi-même avant la réponse")
    life.answer(contest)
    tick(life.registry, life.pole)
    due = [r for r in life.history if isinstance(r.event, Pole.FellDue)]
    assert [r.in_force_from for r in due if r.event.deadline == "news"] == [life.clock().date()]  # type: ignore[attr-defined]  # only deadlines fall due
    assert state(life) == "still"


def test_a_way_that_another_condition_shuts_holds_nothing_back(life: Life) -> None:
    """« place » rests on what is contested, and is shut all the same: « rest » is taken."""
    two_members(life)
    life.do("stay", 0)
    life.do("locate", 0)
    life.registry.do(about(last(life)), life.by_pole)
    life.clock.advance(days=10)

    tick(life.registry, life.pole)

    assert state(life) == "still"


def test_both_versions_are_shown_until_the_answer_and_then_the_reasons(life: Life) -> None:
    fact = two_members(life)
    life.clock.advance(days=1)
    command = about(fact, ContestedBy.MEMBER, organisation="membre 0")
    contest = life.registry.do(command, make.by(Role.MEMBER_ORGANISATION)).answer

    def mark() -> Any:
        lines = pole_history(life.registry, life.pole, now(life))
        return next(line for line in lines if line.event_id == fact).contests[0]

    before = mark()
    (open_,) = pole_sheet(life.registry, life.pole, now(life)).contests.values()
    yesterday = now(life).model_copy(update={"in_force": make.TODAY})
    life.clock.advance(days=1)
    life.registry.do(
        AnswerContest(contest=contest, outcome=ContestOutcome.UPHELD, reasons="Erreur de saisie."),
        life.by_pole,
    )

    assert before.is_open
    assert before.sentence == "le membre « Membre 0 » soutient : « Ce n'est pas ainsi. »"
    assert open_[0].contest == contest
    assert pole_sheet(life.registry, life.pole, now(life)).contests == {}
    assert pole_sheet(life.registry, life.pole, yesterday).contests == {}
    assert (mark().is_open, mark().reasons) == (False, "Erreur de saisie.")
    assert "contestation fondée" in mark().sentence


def test_what_was_known_before_the_contest_bears_no_mark(life: Life) -> None:
    fact = two_members(life)
    before = now(life)
    life.registry.do(about(fact), life.by_pole)

    assert pole_sheet(life.registry, life.pole, before).contests == {}
    assert pole_sheet(life.registry, life.pole, now(life)).contests


def test_a_fact_that_another_has_replaced_marks_nothing_on_the_sheet(life: Life) -> None:
    life.registry.do(RenamePole(pole=life.pole, name="Trézor"), make.by())
    old = last(life)
    life.registry.do(RenamePole(pole=life.pole, name="Tri"), make.by())
    life.registry.do(about(old), life.by_pole)

    assert pole_sheet(life.registry, life.pole, now(life)).contests == {}
    life.registry.do(about(life.facts()[-1].event.meta.event_id), life.by_pole)
    assert list(pole_sheet(life.registry, life.pole, now(life)).contests) == ["name"]


def test_what_a_person_says_is_sealed(life: Life) -> None:
    fact = two_members(life)
    words = {"person": Personal(text="Camille Fictive"), "evidence": Personal(text="Sa lettre")}
    done = life.registry.do(about(fact, ContestedBy.PERSON, **words), make.by())
    (contested,) = done.events

    assert isinstance(contested, Pole.FactContested)
    for sealed, field_, said in (
        (contested.by, "by", "Camille Fictive"),
        (contested.version, "version", "Ce n'est pas ainsi."),
        (contested.evidence, "evidence", "Sa lettre"),
    ):
        assert isinstance(sealed, Sealed)
        opened = life.registry.unseal(sealed, event=Pole.FactContested, field=field_)
        assert opened == said
    shown = pole_history(life.registry, life.pole, now(life))
    assert not [line for line in shown if "Camille" in line.detail]


def test_every_fact_of_a_pole_that_may_be_contested_has_words() -> None:
    hidden = {event.TOPIC for event in ATTACHMENTS} | CONTESTS
    own = {topic for topic in FEEDS if topic.startswith("pole.")}

    assert [topic for topic in own - hidden if kind_of_fact(topic) == "un autre fait"] == []


def test_what_has_a_history_of_its_own_and_concerns_a_pole_has_words_too() -> None:
    """Save what a contest is refused of, and what concerns no pole."""
    others = {
        "account",
        "accounts",
        "erasure",
        "grid",
        "log",
        "mandate",
        "place",
        "register",
        "rulebook",
        "shelf",
    }
    others |= {"message", "snapshot"}
    concepts = {t.partition(".")[0] for t in EVENTS if not t.startswith(UNSEEN)} - others - {"pole"}
    unsaid = [c for c in concepts if kind_of_fact(f"{c}.happened.v1") == "un autre fait"]

    assert unsaid == []


# What is recorded elsewhere, and what is refused.


def test_what_concerns_a_pole_is_contested_with_it(life: Life) -> None:
    recognition = life.registry.do(
        RecordRecognition(
            pole=life.pole,
            recognition_kind=RecognitionKind.REGIONAL_SUPPORT,
            code="soutien",
            issuer="Région fictive",
            ground="délibération",
        ),
        make.by(),
    ).answer
    claim = life.registry.do(
        RecordClaim(statement="Dix emplois.", author="Revue", about=life.pole, source="une revue"),
        make.by(),
    ).answer

    for stream in (recognition, claim):
        fact = life.registry.history(stream)[0].event.meta.event_id
        life.registry.do(about(fact), life.by_pole)

    parts = pole_sheet(life.registry, life.pole, now(life)).contests
    assert set(parts) == {str(recognition), str(claim)}


def test_what_is_not_a_fact_of_a_pole_is_not_contested(life: Life) -> None:
    national = life.registry.do(
        RecordClaim(statement="Un fait.", author="Revue", source="une revue"), make.by()
    ).events
    fact = two_members(life)
    contest = life.registry.do(about(fact), life.by_pole).events

    for event in (national[0].meta.event_id, contest[0].meta.event_id):
        with pytest.raises(NotAFact):
            life.registry.do(about(event), life.by_pole)
    with pytest.raises(NotFound):
        life.registry.do(about(uuid4()), life.by_pole)


def test_who_contests_must_be_said_once_and_rightly(life: Life) -> None:
    fact = two_members(life)
    person = Personal(text="Camille Fictive")
    for command in (
        about(fact, ContestedBy.MEMBER),
        about(fact, ContestedBy.PERSON),
        about(fact, ContestedBy.POLE, organisation="Membre 0"),
        about(fact, ContestedBy.MEMBER, organisation="Membre 0", person=person),
    ):
        with pytest.raises(WhoContests):
            life.registry.do(command, make.by())
    with pytest.raises(NeverAMember):
        life.registry.do(about(fact, ContestedBy.MEMBER, organisation="Inconnu"), make.by())
    with pytest.raises(ContestLasts):
        life.registry.do(about(fact, valid_to=make.day("2030-01-01")), make.by())


def test_the_account_that_contests_does_not_answer(life: Life) -> None:
    fact = two_members(life)
    contest = life.registry.do(about(fact), make.by()).answer

    with pytest.raises(AnsweredByTheSame):
        life.answer(contest)

    answer = AnswerContest(contest=contest, outcome=ContestOutcome.REJECTED, reasons="Vérifié.")
    life.registry.do(answer, life.by_pole)


def test_a_correction_must_be_a_fact_of_the_pole(life: Life) -> None:
    fact = two_members(life)
    contest = life.registry.do(about(fact), life.by_pole).answer
    contesting = last(life)
    other = begin(life.registry, "Autre", "2024-06-03", JOURNEY.ref)
    elsewhere = life.registry.history(other)[0].event.meta.event_id

    for wrong in (contesting, elsewhere):
        with pytest.raises(NotAFact):
            life.answer(contest, corrected_by=(wrong,))
    life.do("leave", 1)
    life.answer(contest, corrected_by=(last(life),))


def test_a_contest_is_dated_and_its_effect_with_it(life: Life) -> None:
    """A letter of last week holds from last week on, whenever it is recorded."""
    fact = two_members(life)
    life.clock.advance(days=7)
    command = about(fact, occurred_on=PartialDate("2024-06-05"))
    life.registry.do(command, life.by_pole)
    pole = life.registry.load(Pole, life.pole)

    assert pole
    assert [pole.is_disputed("members.total", make.day(f"2024-06-{n:02}")) for n in (4, 5, 10)] == [
        False,
        True,
        True,
    ]
