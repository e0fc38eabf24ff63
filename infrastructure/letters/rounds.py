"""Rounds of letters: what is recorded calls for some, and once a day all that waits is told."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from threading import Event as Signal
from uuid import UUID

import sqlalchemy as sa

from application.account import accounts
from application.correspondence import TOPICS, Writing, digest, letters
from application.inbox import InboxLine
from application.world import Moment
from domain.dates import paris_day
from domain.errors import JalonError
from infrastructure.database import writing
from infrastructure.event_store.failure import STORE_ERRORS
from infrastructure.event_store.journal import Journal
from infrastructure.event_store.registry import Registry
from infrastructure.letters.carriers import NotCarried
from infrastructure.letters.post_office import PostOffice
from infrastructure.letters.tables import CLAIM, ROUND
from infrastructure.sign_in.tables import micros

log = logging.getLogger("jalon.letters")

AT_ONCE, DAILY = "at_once", "daily"
"""The two rounds: what is written as it is recorded, and what is told once a day."""

READ_AT_ONCE = 500
"""Events that are read together."""

GIVEN_UP = timedelta(days=1)
"""A letter that could not leave for so long is given up, and logged (product rule)."""

ABANDONED = timedelta(minutes=15)
"""A program that took so long over one letter is no longer there."""

Waiting = Callable[[UUID, Moment], Sequence[InboxLine]]
"""What waits for the holder of an account at a moment."""


class PostRounds:
    """Writes the letters that what is recorded calls for, in order.

    Each is written once, however many programs do: they claim it, and that it left is noted under
    a key of its own. The first round writes nothing: it notes from where the next one begins.
    """

    def __init__(
        self, registry: Registry, engine: sa.Engine, post: PostOffice, base: str, waiting: Waiting
    ) -> None:
        self._registry = registry
        self._engine = engine
        self._post = post
        self._base = base
        self._waiting = waiting

    @property
    def _journal(self) -> Journal:
        return self._registry.journal

    def go(self) -> int:
        """Write what is to be written by now; counts the letters."""
        return self._at_once() + self._daily()

    def attempt(self) -> None:
        """The same; what hinders it is logged, and it is done when asked again."""
        try:
            self.go()
        except (JalonError, *STORE_ERRORS, OSError) as error:
            log.warning("Les messages ne partent pas. %s", error)

    def keep(self, stop: Signal, seconds: float) -> None:
        """Go round every so often until told to stop."""
        while not stop.is_set():
            self.attempt()
            stop.wait(seconds)

    # What is written as it is recorded.

    def _at_once(self) -> int:
        size, since = self._journal.size(), self._done(AT_ONCE)
        if since is None or since[0] > size:  # the first round, or an older state was put back
            self._note(AT_ONCE, size)
            return 0
        position, count = since[0], 0
        while rows := self._journal.rows(position, READ_AT_ONCE, TOPICS, until=size):
            for row in rows:
                told = row.read()
                wanted = [
                    (f"letter-{row.position}-{w.to}", w) for w in letters(self._registry, told)
                ]
                count += self._write_all(wanted, told.recorded_at)
                position = row.position
                self._note(AT_ONCE, position)
        self._note(AT_ONCE, size)
        return count

    # What is told once a day.

    def _daily(self) -> int:
        day, since = paris_day(self._registry.clock()), self._done(DAILY)
        if since and since[1] >= day:
            return 0
        size, count = self._journal.size(), 0
        if since and since[0] <= size:
            now, then = Moment(known=size, in_force=day), Moment(known=since[0], in_force=since[1])
            for account in accounts(self._registry):
                if account.is_suspended:
                    continue
                lines = self._waiting(account.id, now)
                told = digest(account.id, lines, self._waiting(account.id, then)) if lines else None
                if told:
                    wanted = [(f"digest-{day}-{account.id}", told)]
                    count += self._write_all(wanted, self._registry.clock())
        self._note(DAILY, size, day)
        return count

    # One letter.

    def _write_all(self, wanted: Sequence[tuple[str, Writing]], since: datetime) -> int:
        """Write those that were not written before; refused where one cannot leave yet."""
        count, kept_back = 0, None
        for key, letter in wanted:
            try:
                count += self._write(key, letter)
            except NotCarried as refusal:
                if self._registry.clock() - since < GIVEN_UP:
                    kept_back = refusal
                else:
                    log.error("Un message est abandonné. %s", refusal)  # its whole story
        if kept_back:
            raise kept_back
        return count

    def _write(self, key: str, letter: Writing) -> bool:
        if self._post.was_written(key):
            return False
        with self._claimed(key) as mine:
            if mine:
                facts = {name: said for name, said in letter.facts.items() if name != "page"}
                link = f"{self._base}{letter.facts['page']}"
                self._post.write(letter.to, letter.kind, key=key, link=link, **facts)
            return mine

    @contextmanager
    def _claimed(self, key: str) -> Iterator[bool]:
        """Whether this program is to write a letter; for as long as it does, no other one is."""
        now = micros(self._registry.clock())
        try:
            with writing(self._engine) as tx:
                over = CLAIM.c.at <= now - ABANDONED // timedelta(microseconds=1)
                tx.execute(sa.delete(CLAIM).where(over))
                tx.execute(sa.insert(CLAIM).values(letter=key, at=now))
        except sa.exc.IntegrityError:
            yield False
            return
        try:
            yield True
        finally:
            with writing(self._engine) as tx:
                tx.execute(sa.delete(CLAIM).where(CLAIM.c.letter == key))

    # How far it went.

    def _done(self, name: str) -> tuple[int, date] | None:
        query = sa.select(ROUND.c.position, ROUND.c.day).where(ROUND.c.name == name)
        with self._engine.connect() as tx:
            row = tx.execute(query).first()
        return (row.position, date.fromisoformat(row.day)) if row else None

    def _note(self, name: str, position: int, day: date | None = None) -> None:
        day = day or paris_day(self._registry.clock())
        row = {"name": name, "position": position, "day": day.isoformat()}
        with writing(self._engine) as tx:
            tx.execute(sa.delete(ROUND).where(ROUND.c.name == name))
            tx.execute(sa.insert(ROUND).values(row))
