"""Random histories of a whole registry, through its commands."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from application.claim import RecordClaim, RetractClaim
from application.command import Command
from application.member import AddMember
from application.pole import (
    DescribeActivity,
    FileEvidence,
    LocatePole,
    MigratePole,
    MovePole,
    NoteContact,
    RecordPastStep,
    RegisterPole,
    RenamePole,
)
from application.recognition import EndRecognition, RecordRecognition
from domain.errors import JalonError
from domain.membership import MemberKind
from domain.pole import Territory
from domain.recognition import RecognitionKind
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from tests import make
from tests.domain.strategies import early_dates, partial_dates, words

REFS = st.sampled_from(["pole@2011-09", "pole@2014-09-19", "pole@2015-04-18", make.LATEST])
STEPS = st.sampled_from(
    [
        *["enter_experimentation"] * 3,
        *["sign_charter"] * 2,
        "fall_silent",
        "recognise",
        "lapse",
        "resume_emergence",
        "resume_experimentation",
    ]
)
PLACES = st.builds(Territory, words=st.none() | words, region=st.none() | words)
MEMBERS = st.sampled_from([kind for kind in MemberKind if kind is not MemberKind.CITIZEN])

Commands = list[tuple[type[Command], dict[str, st.SearchStrategy[Any]]]]
REGISTRATIONS: Commands = [
    (RegisterPole, {"name": words}),
    (RegisterPole, {"name": words, "journey": REFS}),
]
COMMANDS: Commands = [
    (RenamePole, {"name": words}),
    (RenamePole, {"name": words}),
    (LocatePole, {"territory": PLACES}),
    (DescribeActivity, {"words": words}),
    (AddMember, {"member_kind": MEMBERS, "name": words}),
    (FileEvidence, {"evidence": st.just("strategy"), "title": words}),
    (NoteContact, {"channel": words, "outcome": words}),
    (MovePole, {"transition": STEPS}),
    (MovePole, {"transition": st.just("end"), "input": st.just({"reason": "dissolved"})}),
    *[(RecordPastStep, {"transition": STEPS, "source": words})] * 8,
    (RecordPastStep, {"transition": STEPS, "source": words, "journey": REFS}),
    *[(MigratePole, {"to": REFS})] * 4,
    (
        RecordRecognition,
        {
            "recognition_kind": st.sampled_from(RecognitionKind),
            "code": st.just("code"),
            "issuer": words,
            "ground": words,
            "source": st.none() | words,
        },
    ),
    (EndRecognition, {"motive": words}),
    (RecordClaim, {"statement": words, "author": words, "source": words}),
    (RetractClaim, {}),
]


@dataclass(frozen=True)
class Attempt:
    """A command in the making: about which pole, after how many hours, in which role."""

    command: type[Command]
    fields: dict[str, Any]
    about: int
    hours: int
    role: Role


@st.composite
def attempts(draw: st.DrawFn, commands: Commands = COMMANDS) -> Attempt:
    """Any command, of any date, perhaps until another; it may well be refused."""
    command, own = draw(st.sampled_from(commands))
    fields = draw(st.fixed_dictionaries(own))
    begins = command is RegisterPole and draw(st.integers(0, 3))
    fields["occurred_on"] = on = draw(early_dates if begins else partial_dates)
    if on.first_day and draw(st.integers(0, 3)) == 0:
        fields["valid_to"] = on.first_day + timedelta(days=draw(st.integers(1, 900)))
    roles = [*[Role.REGISTRAR] * 6, Role.COORDINATOR, Role.POLE_REPRESENTATIVE]
    return Attempt(
        command,
        fields,
        about=draw(st.integers(0, 2)),
        hours=draw(st.integers(0, 2000)),
        role=draw(st.sampled_from(roles)),
    )


histories = st.builds(
    list.__add__,
    st.lists(attempts(REGISTRATIONS), min_size=1, max_size=3),
    st.lists(attempts(), min_size=10, max_size=20),
)
"""A pole or two, and what happens to them."""


@dataclass
class Life:
    """A registry to which things happen."""

    registry: Registry
    clock: make.Clock
    poles: list[UUID] = field(default_factory=list)
    others: list[UUID] = field(default_factory=list)

    def attempt(self, attempt: Attempt) -> None:
        """Let a while pass, and try."""
        self.clock.advance(hours=attempt.hours)
        here = {
            "pole": _one_of(self.poles, attempt.about),
            "claim": _one_of(self.others, attempt.about),
            "recognition": _one_of(self.others, attempt.about),
        }
        known = attempt.command.model_fields
        given = {name: id_ for name, id_ in here.items() if name in known} | attempt.fields
        command = attempt.command.model_validate(given)
        with suppress(JalonError):
            answer = self.registry.do(command, make.by(attempt.role)).answer
            if isinstance(command, RegisterPole):
                self.poles.append(answer)
            elif isinstance(command, RecordClaim | RecordRecognition):
                self.others.append(answer)


def _one_of(ids: list[UUID], number: int) -> UUID:
    return ids[number % len(ids)] if ids else uuid4()
