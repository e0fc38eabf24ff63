"""A registry with its lists, and the persons who sit at it, on days that a test chooses."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from application.command import By, Command
from application.erasure import RecordErased, RequestErasure
from application.listing import L, Listing
from application.pole import RegisterPole
from application.world import Moment
from domain.dates import PartialDate
from domain.erasure import ErasureGround, ErasureId
from domain.pole import Pole, PoleId
from domain.provenance import AccountId
from domain.roles import Role
from infrastructure.event_store.registry import Done, Registry
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.lists import Lists
from infrastructure.read_models.models import MODELS, TABLES
from tests import make


def person(number: int, role: Role = Role.REGISTRAR) -> By:
    """One of many persons."""
    return By(actor=AccountId(UUID(int=number)), role=role)


@dataclass(frozen=True)
class Desk:
    """Where commands are given and lists are asked for."""

    registry: Registry
    follower: Follower
    lists: Lists
    clock: make.Clock
    url: str

    def done(
        self, command: Command, on: str | None = None, by: By | None = None, **more: Any
    ) -> Done:
        """What a command did, on a day where one is given."""
        dated = command.model_copy(update={"occurred_on": PartialDate(on)}) if on else command
        return self.registry.do(dated, by or make.by(), **more)

    def do(self, command: Command, on: str | None = None, by: By | None = None) -> UUID:
        return self.done(command, on, by).answer

    def pole(self, name: str = "Pôle fictif", on: str = "2022-01-01") -> PoleId:
        return PoleId(self.do(RegisterPole(name=name), on))

    def erase(self, *subjects: UUID) -> None:
        """Forget all that is sealed for some subjects, as the protocol records it."""
        by, id_ = person(9, Role.DPO), ErasureId(uuid4())
        refs = tuple(self.registry.journal.sealed_for(subjects))
        right = ErasureGround.CONSENT_WITHDRAWN
        self.registry.do(RequestErasure(erasure=id_, right=right, refs=refs), by)
        self.registry.journal.forget_sealed(*refs)
        self.registry.do(RecordErased(erasure=id_), by)

    def load(self, pole: UUID) -> Pole:
        found = self.registry.load(Pole, pole)
        assert found
        return found

    @property
    def size(self) -> int:
        return self.registry.journal.size()

    def moment(self, on: str = make.TODAY.isoformat(), known: int | None = None) -> Moment:
        return Moment(known=self.size if known is None else known, in_force=make.day(on))

    def lines(
        self,
        asked: Listing[L],
        on: str = make.TODAY.isoformat(),
        known: int | None = None,
        **equal: Any,
    ) -> list[L]:
        """A list at a moment, as the product answers it."""
        self.follower.catch_up()
        moment = self.moment(on, known)
        if asked.ask:
            return asked.ask(self.registry, moment)
        lines = self.lists.lines(asked, moment, **equal)
        return [asked.complete(self.registry, line) for line in lines] if asked.complete else lines

    def rebuilt(self) -> bool:
        """Whether the lists that were kept up are those that are built anew."""
        self.follower.catch_up()
        kept = self.follower.digests()
        self.follower.rebuild()
        return self.follower.digests() == kept

    def pass_days(self, days: int) -> None:
        self.clock.advance(hours=timedelta(days=days) / timedelta(hours=1))


@contextmanager
def desk(folder: Path, *, publish: bool = True, also: Collection[str] = ()) -> Iterator[Desk]:
    """A new registry in a folder; the clock stands still until it is told to go on."""
    url, clock = f"sqlite:///{folder / 'registry.db'}", make.Clock()
    with (
        make.registry(folder, clock=clock, publish=publish, also=also) as registry,
        make.closing_engine(url) as engine,
    ):
        follower = Follower(engine, registry.journal, MODELS)
        yield Desk(registry, follower, Lists(engine, TABLES), clock, url)
