"""Random lives of poles with facts told late, told again and taken back; and a naive model of them.

The model shares nothing with the product: it keeps every saying with the position at which it was
recorded and the days on which it holds, and reads all of them at every question.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from application.command import Command
from application.entry import DescribeNeed, EndEntry
from application.member import AddMember, EndMembership
from application.pole import (
    DescribeActivity,
    DesignateCarrier,
    LocatePole,
    RecordPastStep,
    RegisterPole,
    RenamePole,
)
from application.retraction import RetractFact
from domain.case import Moved
from domain.dates import PartialDate, paris_day
from domain.errors import JalonError
from domain.territory import Territory
from infrastructure.event_store.registry import Done, Registry
from tests import make

BEGINS = date(2012, 1, 1)

STEPS = ("enter_experimentation", "sign_charter", "fall_silent", "resume_experimentation")


@dataclass(frozen=True)
class Saying:
    """One recording: what it says of a fact, or that the fact is taken back."""

    position: int
    fact: UUID
    about: str
    since: date
    until: date | None
    value: Any
    """Nothing, where the thing holds no longer from that day on."""
    is_retraction: bool = False


@dataclass
class Naive:
    """Every saying, in the order of recording."""

    sayings: list[Saying] = field(default_factory=list)

    def told(self, known: int) -> list[Saying]:
        """Each fact known at a position as it was said last, in the order of the first sayings."""
        facts: dict[UUID, Saying] = {}
        for saying in self.sayings:
            if saying.position <= known:
                facts[saying.fact] = saying
        return [saying for saying in facts.values() if not saying.is_retraction]

    def value(self, about: str, known: int, day: date) -> Any:
        """What is in force: of the facts whose days cover it, the one that was told last."""
        found = None
        for told in self.told(known):
            covers = told.since <= day and (told.until is None or day < told.until)
            if told.about == about and covers:
                found = told.value
        return found

    def things(self, kind: str, known: int, day: date) -> dict[str, Any]:
        """The members, or the entries, there are on a day."""
        names = {told.about for told in self.told(known) if told.about.startswith(kind)}
        values = {name.removeprefix(kind): self.value(name, known, day) for name in names}
        return {name: value for name, value in values.items() if value is not None}

    def stage(self, known: int, day: date) -> str:
        """That to which the last step led: by its day, then by the order in which it was told."""
        steps = [told for told in self.told(known) if told.about == "stage" and told.since <= day]
        last = max(steps, key=lambda told: told.since, default=None)
        if last is None:
            return "emergence"
        return str([told for told in steps if told.since == last.since][-1].value)


Told = tuple[type[Command], dict[str, Any], str, Any]
"""A command in the making: its class, its fields, what it is about, and the value it gives."""


@dataclass
class Life:
    """A pole to which things happen, in the registry and in the model."""

    registry: Registry
    clock: make.Clock
    random: Random
    naive: Naive = field(default_factory=Naive)
    stated: dict[UUID, tuple[Command, str]] = field(default_factory=dict)
    """Each fact, with the command that stated it last and what it is about."""
    last: dict[UUID, UUID] = field(default_factory=dict)
    """The event that told each fact last."""
    recorded: dict[UUID, date] = field(default_factory=dict)
    """The day on which each fact was first recorded."""
    things: dict[str, list[UUID]] = field(default_factory=lambda: {"member": [], "entry": []})
    refused: int = 0

    def begin(self) -> None:
        command = RegisterPole(name="Premier nom", occurred_on=PartialDate.on(BEGINS))
        done = self.registry.do(command, make.by())
        self.pole = done.answer
        self._keep(command, done, "name", "Premier nom")

    def live(self, times: int) -> None:
        """Let so many things be tried; a share of them tells facts again, or takes them back."""
        for _ in range(times):
            self.clock.advance(hours=self.random.randrange(1, 400))
            (act,) = self.random.choices((self.tell, self.correct, self.retract), (6, 3, 1))
            if len(self.stated) == 1:
                act = self.tell
            try:
                act()
            except JalonError:
                self.refused += 1

    def tell(self) -> None:
        kind, fields, about, value = self._something()
        fields |= {"pole": self.pole, **self._days(kind)}
        command = kind.model_validate(fields)
        done = self.registry.do(command, make.by())
        if isinstance(command, AddMember | DescribeNeed):
            about = f"{about} {done.answer}"
            known = self.things[about.split()[0]]
            known += [done.answer] if done.answer not in known else []
        self._keep(command, done, about, value)

    def correct(self) -> None:
        """Tell one of the facts again: another value, another day, or both."""
        fact = self.random.choice([*self.stated])
        command, about = self.stated[fact]
        value = next(one.value for one in reversed(self.naive.sayings) if one.fact == fact)
        changes: dict[str, Any] = {"corrects": self.last[fact], "reason": "Relu sur pièce."}
        said = [name for name in ("title", "name", "words") if name in type(command).model_fields]
        if said and self.random.random() < 0.7:
            value = changes[said[0]] = f"Dit de nouveau {self.random.randrange(10**6)}"
        if self.random.random() < 0.6 and not isinstance(command, RegisterPole):
            changes |= self._days(type(command))
        again = type(command).model_validate({**dict(command), **changes})
        self._keep(again, self.registry.do(again, make.by()), about, value, fact)

    def retract(self) -> None:
        fact = self.random.choice([*self.stated][1:])  # not that there is a pole at all
        about = self.stated[fact][1]
        named = self.random.choice((fact, self.last[fact]))
        command = RetractFact(event=named, reason="Cela n'a pas eu lieu.")
        done = self.registry.do(command, make.by())
        gone = Saying(done.position, fact, about, BEGINS, None, None, is_retraction=True)
        self.naive.sayings.append(gone)

    def _something(self) -> Told:
        said = f"Dit {self.random.randrange(10**6)}"
        member, entry = (self.random.choice(ids or [None]) for ids in self.things.values())
        described = {"entry": entry} if entry and self.random.random() < 0.4 else {}
        step = self.random.choice(STEPS)
        every: list[Told] = [
            (RenamePole, {"name": said}, "name", said),
            (LocatePole, {"territory": Territory(words=said)}, "territory", said),
            (DescribeActivity, {"words": said}, "activity", said),
            (DesignateCarrier, {"name": said}, "carrier", said),
            *[(AddMember, {"name": said, "member_kind": "other_enterprise"}, "member", said)] * 2,
            (DescribeNeed, {"title": said, **described}, "entry", said),
            *[(RecordPastStep, {"transition": step, "source": "Archives"}, "stage", None)] * 3,
        ]
        if member:
            every.append((EndMembership, {"member": member}, f"member {member}", None))
        if entry:
            every.append((EndEntry, {"entry": entry, "motive": "Fini."}, f"entry {entry}", None))
        return self.random.choice(every)

    def _days(self, kind: type[Command]) -> dict[str, Any]:
        """A day, a month, a year of the past, or none; now and then an end."""
        day = BEGINS + timedelta(days=self.random.randrange(1, 4000))
        text = self.random.choice((day.isoformat(), day.isoformat()[:7], "unknown"))
        days: dict[str, Any] = {"occurred_on": PartialDate(text), "valid_to": None}
        if kind in (DescribeActivity, DesignateCarrier) and self.random.random() < 0.3:
            days["valid_to"] = make.TODAY + timedelta(days=self.random.randrange(4000))
            if text != "unknown":
                days["valid_to"] = day + timedelta(days=self.random.randrange(1, 1500))
        return days

    def _keep(
        self, command: Command, done: Done, about: str, value: Any, fact: UUID | None = None
    ) -> None:
        """Let the model know of what was recorded."""
        event = next(one for one in done.events if command.NAME in one.STATED_BY)
        id_ = event.meta.event_id
        fact = fact or id_
        self.recorded.setdefault(fact, paris_day(self.clock.now))
        self.stated[fact], self.last[fact] = (command, about), id_
        told = Saying(
            done.position,
            fact,
            about,
            event.valid_from or self.recorded[fact],
            event.valid_to,
            event.to if isinstance(event, Moved) else value,
        )
        self.naive.sayings.append(told)
