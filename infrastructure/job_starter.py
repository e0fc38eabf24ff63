"""Begins the jobs that wait, each in a process of its own, so that pages keep their speed."""

import logging
import os
import subprocess
from collections.abc import Mapping, Sequence
from threading import Event as Signal
from threading import Lock, Thread
from uuid import UUID

from eventsourcing.persistence import PersistenceError

from domain.errors import JalonError
from infrastructure.event_store.failure import STORE_ERRORS
from infrastructure.jobs import Jobs

log = logging.getLogger("jalon.jobs")

AT_ONCE = 2
"""Jobs that are done at once, by all the servers of a registry together."""

SECONDS = 5.0
"""How often it is looked whether another program asked for something."""


class JobStarter:
    """Starts a child process for each job that waits, and says what became of it.

    A child outlives the server that started it: it holds the lock of its job, by which the next
    server knows that it is still there.

    Args:
        program: the words that run a job, before its identity.
        environment: the settings of the registry, as the child reads them.
    """

    def __init__(self, jobs: Jobs, program: Sequence[str], environment: Mapping[str, str]) -> None:
        self._jobs = jobs
        self._program = [*program]
        self._environment = environment
        self._woken = Signal()
        self._alone = Lock()
        self._children: dict[UUID, Thread] = {}

    def wake(self) -> None:
        """Look now: something was asked for, or one is told to stop."""
        self._woken.set()

    def start(self) -> list[UUID]:
        """Begin those that wait, as many as are done at once; gives which.

        Those that were kept long enough are deleted first.
        """
        with self._alone:
            self._jobs.settle()
            self._jobs.purge()
            busy = self._jobs.running() | set(self._children)
            room = max(AT_ONCE - len(busy), 0)
            waiting = [id_ for id_ in self._jobs.waiting(room + len(busy)) if id_ not in busy]
            begun = waiting[:room]
            for id_ in begun:
                self._begin(id_)
        return begun

    def _begin(self, id_: UUID) -> None:
        child = subprocess.Popen(  # noqa: S603  # our own program, and an identity
            [*self._program, str(id_)],
            env={**os.environ, **self._environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # what stops the server from a terminal does not stop it
        )
        waiting = Thread(target=self._wait, args=(id_, child), daemon=True)
        self._children[id_] = waiting
        waiting.start()

    def _wait(self, id_: UUID, child: "subprocess.Popen[bytes]") -> None:
        child.wait()
        try:
            self._jobs.interrupt(id_)
            self._jobs.tidy()
        except (JalonError, *STORE_ERRORS, OSError):
            log.exception("what became of the job %s could not be said", id_)
        finally:
            self._children.pop(id_, None)
            self.wake()

    def join(self) -> None:
        """Wait until those that were begun here have ended."""
        for waiting in [*self._children.values()]:
            waiting.join()

    def keep(self, stop: Signal) -> None:
        """Begin what is asked for until told to stop; a fault is logged, and tried again."""
        while not stop.is_set():
            self._woken.clear()
            try:
                self.start()
            except (JalonError, *STORE_ERRORS, PersistenceError, OSError):
                log.exception("the jobs could not be looked at")
            if not stop.is_set():
                self._woken.wait(SECONDS)
