"""Jobs as people meet them: asked for, followed, given up, and run by the program itself."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from time import monotonic
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from application.command import By
from application.job import (
    Job,
    JobNotForRole,
    JobOfAnother,
    JobResult,
    JobState,
    NoJobResult,
    Progress,
)
from application.private_reading import authority_of, may_ask_of_all
from application.sentences import malformed, of_system_at
from domain.dates import paris_day
from domain.errors import Damaged, Forbidden, JalonError
from domain.roles import Role, roles_called
from interfaces.job_kinds import KINDS, AtWork, JobKind, kind_of
from interfaces.store import STORE_ERRORS, explain
from interfaces.wiring import Product

log = logging.getLogger("jalon.jobs")

OVERSEERS = frozenset({Role.REGISTRAR, Role.ADMINISTRATOR})
"""Who sees the jobs of everybody; results are for whoever asked for them."""

TOLD_EVERY = 0.5
"""Seconds: progress is noted that often at most."""


class JobFault(Damaged):
    """The product itself is at fault; what it says is in the log."""

    code = "job.fault"
    fr = (
        "Erreur inattendue ({reason}), consignée au journal technique : prévenez qui exploite "
        "le registre."
    )
    en = "Unexpected error ({reason}), kept in the technical log: tell whoever runs this."


# --- asked for and followed ---------------------------------------------------------------------


def ask_job(
    product: Product,
    name: str,
    by: By,
    inputs: Mapping[str, Any] | None = None,
    given: bytes | None = None,
) -> UUID:
    """Ask for a job; what it cannot be asked with, or by whom, is refused at once."""
    kind = kind_of(name)
    must_be_for(product, kind, by)
    try:
        asked = kind.inputs.model_validate(dict(inputs or {}))
    except ValidationError as error:
        raise malformed([dict(fault) for fault in error.errors()]) from None
    kind.admit(product, by, asked)
    said = asked.model_dump_json()
    id_ = product.jobs.ask(kind.name, by, said, given=given, personal=kind.personal)
    product.job_starter.wake()
    return id_


def must_be_for(product: Product, kind: JobKind, by: By) -> None:
    """Refuse whoever does not hold, today, a role in which a kind is asked for."""
    if by.role not in kind.by:
        raise JobNotForRole(kind=kind.title, roles=roles_called(kind.by))
    authority_of(product.registry, by, paris_day(product.clock()))


def ask_again(product: Product, id_: UUID, by: By) -> UUID:
    """Ask for what somebody had asked for, and did not get; without the file it came with."""
    job = _of_oneself(product, id_, by)
    kind = kind_of(job.kind)
    return ask_job(product, kind.name, by, kind.inputs.model_validate_json(job.inputs).model_dump())


def jobs_of(product: Product, by: By) -> list[Job]:
    """One's own jobs; those of everybody, for who keeps the register or the machine."""
    product.jobs.settle()
    return product.jobs.lines(None if oversees(product, by) else by.actor)


def oversees(product: Product, by: By) -> bool:
    """Whether somebody sees the jobs of everybody."""
    if by.role not in OVERSEERS:
        return False
    try:
        may_ask_of_all(product.registry, by, paris_day(product.clock()))
    except Forbidden:
        return False
    return True


def job_of(product: Product, id_: UUID, by: By) -> Job:
    """A job as it stands now, for who asked for it or oversees them."""
    job = product.jobs.find(id_)
    if job.account != by.actor and not oversees(product, by):
        raise JobOfAnother(roles=roles_called(OVERSEERS))
    if job.state is JobState.RUNNING:
        product.jobs.interrupt(id_, {JobState.RUNNING})
        job = product.jobs.find(id_)
    if job.account != by.actor:
        return job.model_copy(update={"result": None})
    return job


def _of_oneself(product: Product, id_: UUID, by: By) -> Job:
    job = product.jobs.find(id_)
    if job.account != by.actor:
        raise JobOfAnother(roles=roles_called(OVERSEERS))
    return job


def job_file(product: Product, id_: UUID, by: By) -> tuple[Job, Path]:
    """The file that came of a job, for who asked for it and still may."""
    job = _of_oneself(product, id_, by)
    must_be_for(product, kind_of(job.kind), by)
    file = product.jobs.folder(id_) / job.result.file if job.result and job.result.file else None
    if file is None or not file.is_file():
        raise NoJobResult(job=id_)
    return job, file


def give_up_job(product: Product, id_: UUID, by: By) -> None:
    """Want a job no more."""
    product.jobs.give_up(job_of(product, id_, by).id)
    product.job_starter.wake()


def titled(job: Job) -> str:
    """What a job is called; of a kind that this version does not know, its name."""
    kind = KINDS.get(job.kind)
    return kind.title if kind else job.kind


def about(job: Job) -> str:
    """What a job is about, in a few words."""
    kind = KINDS.get(job.kind)
    if kind is None:
        return ""
    try:
        return kind.about(kind.inputs.model_validate_json(job.inputs))
    except ValidationError:  # asked of another version, or under another key
        return ""


# --- run ----------------------------------------------------------------------------------------


def run_job(product: Product, id_: UUID, *, unwanted: Callable[[], None] | None = None) -> Job:
    """Do a job that waits, and say what came of it; in the name of who asked for it.

    Args:
        unwanted: ends this process, as soon as the job is given up.
    """
    job = product.jobs.find(id_)
    kind = kind_of(job.kind)
    with product.jobs.taken(id_) as folder, _watched(product, id_, unwanted):
        try:
            product.jobs.finish(id_, _done(product, job, kind, folder))
        except JalonError as refusal:
            product.jobs.fail(id_, str(refusal))
        except STORE_ERRORS as error:
            log.exception("the job %s failed", id_)
            product.jobs.fail(id_, str(explain(error)))
        except OSError as error:
            log.exception("the job %s failed", id_)
            product.jobs.fail(id_, of_system_at(error))
        except Exception as error:  # whatever it is, somebody waits for a sentence
            log.exception("the job %s failed", id_)
            product.jobs.fail(id_, str(JobFault(reason=type(error).__name__)))
    return product.jobs.find(id_)


def _done(product: Product, job: Job, kind: JobKind, folder: Path) -> JobResult:
    must_be_for(product, kind, job.by)
    asked = kind.inputs.model_validate_json(job.inputs)
    given = product.jobs.given(job.id)
    return kind.run(product, AtWork(job.by, asked, given, folder, _teller(product, job.id)))


def _teller(product: Product, id_: UUID) -> Progress:
    told_at, doing_then = 0.0, ""

    def tell(done: int, total: int, doing: str) -> None:
        nonlocal told_at, doing_then
        now = monotonic()
        if doing != doing_then or done == total or now - told_at >= TOLD_EVERY:
            told_at, doing_then = now, doing
            product.jobs.tell(id_, done, total, doing)

    return tell


@contextmanager
def _watched(product: Product, id_: UUID, unwanted: Callable[[], None] | None) -> Iterator[None]:
    """Notice that a job is given up while it is done."""
    if unwanted is None:
        yield
        return
    ended = Signal()

    def watch() -> None:
        while not ended.wait(TOLD_EVERY):
            if not product.jobs.is_wanted(id_):
                if not ended.is_set():
                    unwanted()
                return

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()
