"""Looks at the cases whose deadlines may have passed, whichever process does, batch by batch."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from threading import Event as Signal
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.persistence import PersistenceError
from pydantic import ValidationError

from application.case import KINDS
from application.command import By
from application.deadline import BATCH, TickDeadlines, awaited
from application.unit import Outcome
from domain.case import Begun, journey_id
from domain.dates import paris_day
from domain.errors import Damaged, JalonError
from domain.pole import PoleId
from domain.recognised import RECOGNISED
from domain.rulebook import RULEBOOK, Rulebook
from infrastructure.event_store.failure import StoreFailed
from infrastructure.event_store.registry import Registry, StateUnreadable
from infrastructure.read_models.call import next_closing
from infrastructure.read_models.follower import Follower
from infrastructure.read_models.intervals import seen
from infrastructure.read_models.journey import JOURNEY

log = logging.getLogger("jalon.ticker")

FURTHER = [kind.own(Begun).TOPIC for kind in KINDS]
"""What says that a case, of any kind, follows a further journey."""

SOON = 0.1
"""Seconds: what falls due is looked at that often at most."""


class Unforeseen(Damaged):
    """The product itself is at fault with one case; what it says is in the log."""

    code = "deadline.unforeseen"
    fr = "Erreur inattendue ({reason}), consignée au journal technique : prévenez l'exploitant."
    en = "Unexpected error ({reason}), kept in the technical log: tell whoever runs this."


class Ticker:
    """Records what comes of deadlines. Several may work at once: each thing is recorded once.

    It is the version of each case that sees to it: of two that decided on the same one, the
    second finds that it has moved, decides again, and has nothing left to record.

    Only cases in a state that has deadlines are loaded, by the list of journeys, which is brought
    up to date first; and those that follow, beside their main journey, one that has deadlines.
    """

    def __init__(self, registry: Registry, engine: sa.Engine, follower: Follower) -> None:
        self._registry = registry
        self._engine = engine
        self._follower = follower
        self._begun: dict[UUID, set[str]] = {}
        """The further journeys of each case, as far as the journal was read for them."""
        self._read_to = 0

    def tick(self, by: By, *, dry_run: bool = False) -> list[Outcome]:
        """Record what has come by today, a batch a commit; gives what became of each case.

        A case that fails is told, and does not stop the others. The answer to a dry run is what
        would be recorded now.
        """
        self._follower.catch_up()
        cases = self.cases()
        outcomes: list[Outcome] = []
        for start in range(0, len(cases), BATCH):
            outcomes += self._batch(cases[start : start + BATCH], by, dry_run=dry_run)
        if any(outcome.events for outcome in outcomes) and not dry_run:
            self._follower.catch_up()
        return outcomes

    def cases(self) -> list[PoleId]:
        """Those in a state with deadlines today, or that may be so in a further journey.

        And those in the stage that lasts only as long as a recognition does.
        """
        rulebook = self._registry.load(Rulebook, RULEBOOK)
        states = awaited(rulebook) if rulebook else {}
        found = {*self._recognised()}
        if states:
            found |= {*self._standing_in(states), *self._following(states)}
        return sorted(map(PoleId, found))

    def _recognised(self) -> Iterator[UUID]:
        query = sa.select(JOURNEY.c.subject).where(
            JOURNEY.c.stage == RECOGNISED, JOURNEY.c.known_until.is_(None)
        )
        with self._engine.connect() as tx:
            yield from (UUID(subject) for subject in tx.scalars(query.distinct()))

    def _standing_in(self, states: Mapping[str, frozenset[str]]) -> Iterator[UUID]:
        pairs = [(version, stage) for version, stages in states.items() for stage in stages]
        today = paris_day(self._registry.clock())
        query = (
            sa.select(JOURNEY.c.subject)
            .where(seen(JOURNEY, known=self._registry.journal.size(), in_force=today))
            .where(sa.tuple_(JOURNEY.c.version, JOURNEY.c.stage).in_(pairs))
        )
        with self._engine.connect() as tx:
            yield from (UUID(subject) for subject in tx.scalars(query))

    def _following(self, states: Mapping[str, frozenset[str]]) -> Iterator[UUID]:
        """Those whose further journeys have deadlines; their present state is not asked."""
        journal = self._registry.journal
        if journal.size() < self._read_to:  # an older state was put back
            self._begun, self._read_to = {}, 0
        size = journal.size()
        while rows := journal.rows(self._read_to, 1000, FURTHER, until=size):
            for row in rows:
                event = row.read().event
                if isinstance(event, Begun):
                    self._begun.setdefault(UUID(row.stream), set()).add(journey_id(event.journey))
            self._read_to = rows[-1].position
        self._read_to = size
        wanted = {journey_id(version) for version in states}
        yield from (case for case, journeys in self._begun.items() if journeys & wanted)

    def _batch(self, cases: Sequence[PoleId], by: By, *, dry_run: bool) -> Iterator[Outcome]:
        """One commit; halved where it fails as a whole, until it is known which case does."""
        try:
            done = self._registry.do(TickDeadlines(cases=tuple(cases)), by, dry_run=dry_run)
        except (StoreFailed, PersistenceError, sa.exc.DBAPIError):  # no case would fare better
            raise
        except Exception as failure:  # whatever one case does, the others are dealt with
            if len(cases) == 1:
                log.exception("the deadlines of %s could not be recorded", cases[0])
                yield Outcome(cases[0], refusal=_as_refusal(failure))
                return
        else:
            yield from done.outcomes
            return
        half = len(cases) // 2  # outside the fault, which would be told again with each half's
        yield from self._batch(cases[:half], by, dry_run=dry_run)
        yield from self._batch(cases[half:], by, dry_run=dry_run)

    def keep(self, stop: Signal, by: Callable[[], By], seconds: float) -> None:
        """Tick every so often until told to stop; a fault is logged, and tried again.

        Nothing is looked at as long as neither the day nor the journal has moved since all of it
        was found recorded, and no call closes: it wakes when the closing minute is over.
        """
        settled: tuple[object, int] | None = None
        wakes: datetime | None = None
        while not stop.is_set():
            try:
                clock = self._registry.clock()
                now = paris_day(clock), self._registry.journal.size()
                if now != settled or (wakes and clock >= wakes):
                    outcomes = self.tick(by())
                    refused = [outcome for outcome in outcomes if outcome.refusal]
                    for outcome in refused:
                        log.warning("échéances du cas %s : %s", outcome.subject, outcome.refusal)
                    moved = any(outcome.events for outcome in outcomes)
                    settled = None if moved or refused else now
                    wakes = next_closing(self._engine, clock)
            except (JalonError, sa.exc.DBAPIError, PersistenceError, OSError, ValueError):
                log.exception("the deadlines could not be looked at")
            stop.wait(self._until(wakes, seconds))

    def _until(self, wakes: datetime | None, seconds: float) -> float:
        """How long to wait: so many seconds, or until an instant that comes before."""
        if wakes is None:
            return seconds
        left = (wakes - self._registry.clock()).total_seconds()
        return min(max(left, SOON), seconds)


def _as_refusal(failure: Exception) -> JalonError:
    if isinstance(failure, JalonError):
        return failure
    if isinstance(failure, ValidationError):
        return StateUnreadable()
    return Unforeseen(reason=type(failure).__name__)
