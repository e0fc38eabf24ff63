"""Whether a registry keeps aggregates at hand or nothing, it answers and records the same."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import pytest
from pydantic import ValidationError

from application.at_hand import AtHand
from application.bulk import ActOnPoles
from application.command import COMMANDS, Command
from application.correction import Statement, as_told
from application.deadline import TickDeadlines
from application.pole import RegisterPole
from application.retraction import RetractFact
from domain.dates import PartialDate
from domain.errors import JalonError
from domain.pole import Pole
from domain.roles import Role
from infrastructure import backup
from infrastructure.event_store.registry import Registry
from tests import make
from tests.as_stored import assert_as_stored

IDENTITY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SALT = re.compile(r'"salt":"[^"]*"')

DAYS = ("2019-02", "2020", "2020-05-04", "2021-03-01", "2022-06-06", "2023", "unknown", None)
STEPS = ("enter_experimentation", "sign_charter", "recognise", "fall_silent", "end", "resume")
VERSIONS = ("pole@2014-09-19", "pole@2015-04-18", make.LATEST)
RECOGNISED = {"code": "c", "ground": "texte", "source": "arrêté"}
FEWEST = 3
"""So many poles there are before anything is told of one."""
SAID = ("Un", "Deux", "Trois", "Quatre", "Cinq")


@dataclass
class Told:
    """A registry, and another program on it: what they answer to the same luck."""

    folder: Path
    programs: tuple[Registry, Registry]
    clock: make.Clock
    random: Random
    answers: list[str] = field(default_factory=list)
    became: Counter[str] = field(default_factory=Counter)
    """How often each kind of act came to what."""

    ACTS: ClassVar = {
        "told": 30,
        "corrected": 8,
        "retracted": 4,
        "bulk": 5,
        "deadlines": 2,
        "copied": 1,
        "restored": 1,
    }

    def turn(self) -> None:
        """Let one of the programs try something; perhaps only rehearse it, or do it twice."""
        luck, registry = self.random, self.programs[self.random.random() < 0.3]
        self.clock.advance(hours=luck.randrange(1, 100))
        (act,) = luck.choices([*self.ACTS], [*self.ACTS.values()])
        if len(self._poles()) < FEWEST:
            act = "begun"
        rehearsed, key = luck.random() < 0.1, f"{luck.randrange(40)}"
        roles = [Role.REGISTRAR] * 9 + [Role.COORDINATOR]
        role = Role.SYSTEM if act == "deadlines" else luck.choice(roles)
        try:
            command = getattr(self, act)(registry)
            if command is None:
                return
            done = registry.do(command, make.by(role), key=key, dry_run=rehearsed)
        except (JalonError, ValidationError) as refusal:
            said = refusal if isinstance(refusal, JalonError) else ""  # it shortens identities
            self.answers.append(f"{type(refusal).__name__} {said}")
            self.became[f"{act} refused"] += 1
            return
        outcomes = [(one.subject, one.result, str(one.refusal)) for one in done.outcomes]
        events = [event.model_dump_json() for event in done.events]
        self.answers.append(f"{done.answer} {done.position} {done.repeated} {outcomes} {events}")
        self.became[f"{act} done" if events else f"{act} nothing"] += 1

    def begun(self, registry: Registry) -> Command | None:
        """A pole; it begins before most of what is told of it."""
        name = self.random.choice(SAID)
        return RegisterPole(name=name, occurred_on=PartialDate("2018"))

    def told(self, registry: Registry) -> Command | None:
        """Something new, of any day."""
        luck, name = self.random, self.random.choice(SAID)
        given: list[tuple[str, dict[str, Any]]] = [
            ("pole.rename", {"name": name}),
            ("pole.locate", {"territory": {"words": name}}),
            ("pole.describe_activity", {"words": name}),
            *[("pole.add_member", {"name": name, "member_kind": "research"})] * 3,
            *[("pole.end_membership", {"member": self._recorded("pole.member_joined")})] * 2,
            *[("pole.move", {"transition": luck.choice(STEPS)})] * 3,
            ("pole.record_past_step", {"transition": luck.choice(STEPS), "source": name}),
            ("pole.migrate", {"to": luck.choice(VERSIONS)}),
            *[
                (
                    "recognition.record",
                    {**RECOGNISED, "recognition_kind": "project_call", "issuer": name},
                )
            ]
            * 3,
            *[("recognition.end", {"recognition": self._stream("recognition."), "motive": name})]
            * 2,
        ]
        named, fields = luck.choice(given)
        cls = COMMANDS[named]
        known = {"pole": self._stream("pole."), "occurred_on": luck.choice(DAYS)}
        here = {name: one for name, one in known.items() if name in cls.model_fields and one}
        return cls.model_validate({**here, **fields})

    def corrected(self, registry: Registry) -> Command | None:
        """Any fact again, with something said otherwise."""
        facts = [row for row in self._rows() if row.event.STATED_BY]
        told = self.random.choice(facts).event if facts else None
        if told is None:
            return None
        cls = COMMANDS[told.STATED_BY[0]]
        assert issubclass(cls, Statement)
        changes = {"name": "Redit", "issuer": "Redit", "occurred_on": self.random.choice(DAYS)}
        said = [name for name in changes if name in cls.model_fields and changes[name]]
        more = {name: changes[name] for name in self.random.sample(said, min(len(said), 1))}
        again = {**as_told(registry, cls, told.meta.event_id), **more, "reason": "relu"}
        return cls.model_validate({**again, "corrects": told.meta.event_id})

    def retracted(self, registry: Registry) -> Command | None:
        rows = [row for row in self._rows() if row.event.STATED_BY]
        told = self.random.choice(rows).event if rows else None
        whole = self.random.random() < 0.5
        return told and RetractFact(event=told.meta.event_id, reason="non", whole=whole)

    def bulk(self, registry: Registry) -> Command | None:
        command, fields = self.random.choice(
            [
                ("pole.note_contact", {"channel": "téléphone", "outcome": "absent"}),
                ("pole.move", {"transition": self.random.choice(STEPS)}),
                ("pole.add_member", {"member_kind": "research", "name": self.random.choice(SAID)}),
                ("pole.migrate", {"to": self.random.choice(VERSIONS)}),
            ]
        )
        return ActOnPoles(command=command, fields=fields, poles=(*self._poles(), UUID(int=9)))

    def deadlines(self, registry: Registry) -> Command | None:
        return TickDeadlines(cases=tuple(self._poles()))

    def copied(self, registry: Registry) -> None:
        """Copy what is stored."""
        self._copy.unlink(missing_ok=True)
        backup.back_up(self._url, self._copy, lambda: None)

    def restored(self, registry: Registry) -> None:
        """Put the last copy in the place of what is stored."""
        if self._copy.exists():
            backup.restore(self._url, self._copy, self.programs[1].journal)
            self.became["restored"] += 1

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.folder / 'registry.db'}"

    @property
    def _copy(self) -> Path:
        return self.folder / "copie.db"

    def _rows(self) -> list[Any]:
        return [row.read() for row in self.programs[0].journal.rows(0, 10_000)]

    def _poles(self) -> list[Any]:
        rows = self.programs[0].journal.rows(0, 10_000, [Pole.Registered.TOPIC])
        return [UUID(row.stream) for row in rows]

    def _stream(self, concept: str) -> UUID:
        streams = [row.stream for row in self._rows() if row.event.TOPIC.startswith(concept)]
        found: UUID = self.random.choice([*dict.fromkeys(streams)] or [UUID(int=7)])
        return found

    def _recorded(self, topic: str) -> UUID:
        rows = [row.event.member for row in self._rows() if row.event.TOPIC.startswith(topic)]
        found: UUID = self.random.choice(rows or [UUID(int=8)])
        return found

    def everything(self) -> list[str]:
        """All that was answered, and all that is stored; what is random, by its first mention."""
        names: dict[str, str] = {}

        def named(found: re.Match[str]) -> str:
            return names.setdefault(found[0], f"#{len(names)}")

        rows = (
            f"{row.recorded_at} {row.stream} {row.version} {row.topic} {row.state.decode()}"
            for row in self.programs[0].journal.rows(0, 100_000)
        )
        return [IDENTITY.sub(named, SALT.sub("", one)) for one in (*self.answers, *rows)]


@contextmanager
def living(folder: Path, seed: int, *, keeping: bool) -> Iterator[Told]:
    """A registry with two programs on it."""
    clock = make.Clock()
    folder.mkdir()
    with ExitStack() as stack:
        first = stack.enter_context(make.registry(folder, clock=clock))
        url = f"sqlite:///{folder / 'registry.db'}"
        second = stack.enter_context(make.registry(folder, url=url, clock=clock, publish=False))
        for registry in (first, second):
            if not keeping:
                registry.at_hand = AtHand(0)
        yield Told(folder, (first, second), clock, Random(seed))  # noqa: S311  # not a secret


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_tried_is_answered_and_recorded_as_if_nothing_were_kept(
    tmp_path: Path, seed: int
) -> None:
    became = they_do_the_same(tmp_path, seed, times=80)

    acts = ("told", "corrected", "retracted", "bulk")
    assert all(became[f"{act} done"] for act in acts), "a life too dull to compare"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_they_do_the_same_for_long(tmp_path: Path, seed: int) -> None:
    they_do_the_same(tmp_path, seed, times=300)


def they_do_the_same(folder: Path, seed: int, *, times: int) -> Counter[str]:
    """Live the same life twice, and compare it act by act; gives how often what came of it."""
    with (
        living(folder / "keeps", seed, keeping=True) as keeps,
        living(folder / "keeps-nothing", seed, keeping=False) as keeps_nothing,
    ):
        for _ in range(times):
            keeps.turn()
            keeps_nothing.turn()
            for registry in keeps.programs:
                if keeps.became["restored"]:  # as yet unnoticed, it makes equal versions differ
                    continue
                assert_as_stored(registry)

        assert keeps.everything() == keeps_nothing.everything()
        assert keeps.became == keeps_nothing.became
        if keeps.became["restored"]:
            for registry in keeps.programs:
                registry.at_hand.clear()
    return keeps.became
