"""The jobs of a registry: asked for, begun once, followed, given up, and kept for some days.

They are of no event. What a job was asked with, and what came of it, is encrypted under a key of
the key store; a file that it was given is so too, and is deleted as soon as the job has ended.

Whoever does a job holds the lock on a file of its own meanwhile: the lock ends with the process,
however that ends, and so tells whether a job that is said to be running still is.
"""

import fcntl
import hmac
import shutil
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from application.command import By
from application.job import (
    JOB_STATES,
    LIVE,
    Job,
    JobNotWaiting,
    JobOver,
    JobResult,
    JobState,
    UnknownJob,
)
from domain.kernel import instant_of
from domain.personal import SealedAltered
from infrastructure.database import writing
from infrastructure.keys import KeyStore
from infrastructure.sealing import decrypted, encrypted
from infrastructure.sign_in.tables import Clock, micros

METADATA = sa.MetaData()

JOB = sa.Table(
    "job",
    METADATA,
    sa.Column("id", sa.Text(), primary_key=True),
    sa.Column("kind", sa.Text(), nullable=False),
    sa.Column("account", sa.Text(), nullable=False),
    sa.Column("role", sa.Text(), nullable=False),
    sa.Column("mandate", sa.Text()),
    sa.Column("personal", sa.Boolean(), nullable=False),
    sa.Column("inputs", sa.LargeBinary(), nullable=False),
    sa.Column("live", sa.Text(), unique=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("asked_at", sa.BigInteger(), nullable=False),
    sa.Column("began_at", sa.BigInteger()),
    sa.Column("ended_at", sa.BigInteger()),
    sa.Column("done", sa.BigInteger(), nullable=False),
    sa.Column("total", sa.BigInteger(), nullable=False),
    sa.Column("doing", sa.Text(), nullable=False),
    sa.Column("result", sa.LargeBinary()),
)
"""`live` is a mark of what is asked, by whom, for as long as something may come of it."""

GIVEN = "donne"
"""The file that a job was given, encrypted, in the folder of the job."""

MOST = 200
"""Jobs that are listed at once, the last ones first."""


class Jobs:
    """Keeps the jobs of a registry."""

    def __init__(
        self, engine: sa.Engine, keys: KeyStore, clock: Clock, folder: Path, days: int
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock
        self._root = folder
        self._kept = timedelta(days=days)

    # Asking.

    def ask(
        self, kind: str, by: By, inputs: str, *, given: bytes | None = None, personal: bool = False
    ) -> UUID:
        """Have something done; the same, while somebody's request for it is still alive.

        Args:
            inputs: with what, as JSON.
            given: the file that goes with it.
            personal: whether what goes in, or comes out, may be about a person.
        """
        id_, live = uuid4(), self._mark(kind, by, inputs, given)
        row = {
            "id": str(id_),
            "kind": kind,
            "account": str(by.actor),
            "role": by.role.value,
            "mandate": str(by.on_behalf_of) if by.on_behalf_of else None,
            "personal": personal,
            "inputs": self._sealed(inputs, f"{id_}|inputs"),
            "live": live,
            "state": JobState.WAITING.value,
            "asked_at": micros(self._clock()),
            "done": 0,
            "total": 0,
            "doing": "",
        }
        if given is not None:
            self._keep(id_, given)
        try:
            with writing(self._engine) as tx:
                tx.execute(sa.insert(JOB).values(row))
        except sa.exc.IntegrityError:
            self._tidy(id_)
            query = sa.select(JOB.c.id).where(JOB.c.live == live)
            with self._engine.connect() as tx:
                found = tx.scalar(query)
            return UUID(found) if found else self.ask(kind, by, inputs, given=given)
        return id_

    def _mark(self, kind: str, by: By, inputs: str, given: bytes | None) -> str:
        """The same of the same request only; it cannot be guessed from what is asked."""
        said = f"{kind}|{by.actor}|{by.role}|{by.on_behalf_of}|{inputs}|".encode() + (given or b"")
        return hmac.digest(self._keys.drafts_key, b"job|" + said, "sha256").hex()

    def _keep(self, id_: UUID, given: bytes) -> None:
        folder = self.folder(id_)
        folder.mkdir(parents=True, mode=0o700)
        text = b64encode(given).decode()
        (folder / GIVEN).write_bytes(self._sealed(text, f"{id_}|given"))

    def given(self, id_: UUID) -> bytes | None:
        """The file that a job was given."""
        with suppress(FileNotFoundError):
            found = (self.folder(id_) / GIVEN).read_bytes()
            return b64decode(decrypted(self._keys.drafts_key, found, f"job|{id_}|given"))
        return None

    def _sealed(self, text: str, bound: str) -> bytes:
        return encrypted(self._keys.drafts_key, text, f"job|{bound}")

    def _opened(self, sealed: bytes, bound: str) -> str:
        """What was sealed; nothing, where its key is another one now."""
        try:
            return decrypted(self._keys.drafts_key, sealed, f"job|{bound}")
        except SealedAltered:
            return ""

    # Doing.

    @contextmanager
    def taken(self, id_: UUID) -> Iterator[Path]:
        """Do a job, alone; gives the folder for its files. Refused, unless it waits for that."""
        folder = self.folder(id_)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked(id_) as mine:
            begun = {"state": JobState.RUNNING.value, "began_at": micros(self._clock())}
            if not mine or not self._change(id_, {JobState.WAITING}, begun):
                raise JobNotWaiting(state=JOB_STATES[self.find(id_).state])
            yield folder

    def tell(self, id_: UUID, done: int, total: int, doing: str) -> bool:
        """Note how far a job has come; whether it is still wanted."""
        said = {"done": done, "total": total, "doing": doing}
        return self._change(id_, {JobState.RUNNING}, said)

    def is_wanted(self, id_: UUID) -> bool:
        """Whether a job is being done, and was not given up."""
        query = sa.select(JOB.c.state).where(JOB.c.id == str(id_))
        with self._engine.connect() as tx:
            return tx.scalar(query) == JobState.RUNNING.value

    def finish(self, id_: UUID, result: JobResult) -> None:
        """Say what came of a job."""
        sealed = self._sealed(result.model_dump_json(), f"{id_}|result")
        self._end(id_, JobState.DONE, {JobState.RUNNING}, result=sealed)
        (self.folder(id_) / GIVEN).unlink(missing_ok=True)

    def fail(self, id_: UUID, why: str) -> None:
        """Say in a sentence why nothing came of a job."""
        if self._end(id_, JobState.FAILED, {JobState.RUNNING}, doing=why):
            self._tidy(id_)

    def give_up(self, id_: UUID) -> None:
        """Want a job no more: it does not begin, or whoever does it stops."""
        if not self._end(id_, JobState.GIVEN_UP, LIVE):
            raise JobOver(state=JOB_STATES[self.find(id_).state])
        self._tidy_unless_held(id_)

    def settle(self) -> None:
        """Say of each job whose process is no more that it was interrupted."""
        with self._engine.connect() as tx:
            query = sa.select(JOB.c.id).where(JOB.c.state == JobState.RUNNING.value)
            running = [UUID(id_) for id_ in tx.scalars(query)]
        for id_ in running:
            self.interrupt(id_, {JobState.RUNNING})

    def interrupt(self, id_: UUID, of: set[JobState] | frozenset[JobState] = LIVE) -> None:
        """Say that nobody does a job any more, unless somebody does."""
        with self._locked(id_) as mine:
            if mine and self._end(id_, JobState.INTERRUPTED, of):
                self._tidy(id_)

    def waiting(self, most: int) -> list[UUID]:
        """Those that wait to be begun, the first one first."""
        query = sa.select(JOB.c.id).where(JOB.c.state == JobState.WAITING.value)
        with self._engine.connect() as tx:
            return [UUID(id_) for id_ in tx.scalars(query.order_by(JOB.c.asked_at).limit(most))]

    def running(self) -> set[UUID]:
        """Those that are being done, by whatever server."""
        query = sa.select(JOB.c.id).where(JOB.c.state == JobState.RUNNING.value)
        with self._engine.connect() as tx:
            return {UUID(id_) for id_ in tx.scalars(query)}

    def _end(
        self, id_: UUID, state: JobState, of: set[JobState] | frozenset[JobState], **said: Any
    ) -> bool:
        ended = {"state": state.value, "live": None, "ended_at": micros(self._clock())}
        return self._change(id_, of, {**ended, **said})

    def _change(
        self, id_: UUID, of: set[JobState] | frozenset[JobState], values: dict[str, Any]
    ) -> bool:
        """Change a job that is in one of some states; whether it was."""
        states = [state.value for state in of]
        update = sa.update(JOB).where(JOB.c.id == str(id_), JOB.c.state.in_(states))
        with writing(self._engine) as tx:
            return tx.execute(update.values(values)).rowcount == 1

    @contextmanager
    def _locked(self, id_: UUID) -> Iterator[bool]:
        """Whether nobody else does a job; nobody begins it meanwhile."""
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._root / f"{id_}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    # Following.

    def find(self, id_: UUID) -> Job:
        """A job as it stands; refused where there is none."""
        with self._engine.connect() as tx:
            row = tx.execute(sa.select(JOB).where(JOB.c.id == str(id_))).mappings().first()
        if row is None:
            raise UnknownJob(job=id_)
        return self._job(row)

    def lines(self, account: UUID | None = None) -> list[Job]:
        """The last jobs, of everybody or of one account, the last one first."""
        query = sa.select(JOB).order_by(JOB.c.asked_at.desc()).limit(MOST)
        if account:
            query = query.where(JOB.c.account == str(account))
        with self._engine.connect() as tx:
            return [self._job(row) for row in tx.execute(query).mappings().all()]

    def _job(self, row: Any) -> Job:
        id_ = row["id"]
        told = self._opened(row["result"], f"{id_}|result") if row["result"] else ""
        instants = {
            name: instant_of(row[name]) if row[name] is not None else None
            for name in ("asked_at", "began_at", "ended_at")
        }
        named = ("id", "kind", "account", "role", "mandate", "state", "done", "total", "doing")
        return Job.model_validate(
            {
                **{name: row[name] for name in named},
                **instants,
                "inputs": self._opened(row["inputs"], f"{id_}|inputs"),
                "result": JobResult.model_validate_json(told) if told else None,
            }
        )

    def folder(self, id_: UUID) -> Path:
        """Where the files of a job lie."""
        return self._root / str(id_)

    # Deleting.

    def purge(self) -> int:
        """Delete the jobs that ended too long ago, with their files; counts them."""
        over = JOB.c.ended_at <= micros(self._clock() - self._kept)
        return self._drop(over)

    def follow_erasures(self) -> int:
        """Delete those that may be about a person, once one was forgotten; counts them."""
        return self._drop(JOB.c.personal)

    def _drop(self, which: sa.ColumnElement[bool]) -> int:
        with self._engine.connect() as tx:
            ids = [UUID(id_) for id_ in tx.scalars(sa.select(JOB.c.id).where(which))]
        for id_ in ids:
            with writing(self._engine) as tx:
                tx.execute(sa.delete(JOB).where(JOB.c.id == str(id_)))
            self._tidy_unless_held(id_)
            (self._root / f"{id_}.lock").unlink(missing_ok=True)
        return len(ids)

    def _tidy_unless_held(self, id_: UUID) -> None:
        """Delete the files of a job, unless somebody still writes them: they stop soon."""
        with self._locked(id_) as mine:
            if mine:
                self._tidy(id_)

    def _tidy(self, id_: UUID) -> None:
        shutil.rmtree(self.folder(id_), ignore_errors=True)

    def tidy(self) -> None:
        """Delete what jobs left that ended without a result."""
        over = JOB.c.state.in_([s.value for s in JobState if s not in {*LIVE, JobState.DONE}])
        with self._engine.connect() as tx:
            ended = [UUID(id_) for id_ in tx.scalars(sa.select(JOB.c.id).where(over))]
        for id_ in ended:
            if self.folder(id_).exists():
                self._tidy_unless_held(id_)
