"""What a job is: long work that is asked for, done apart, and found again with what came of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from application.command import By
from domain.errors import Conflict, Forbidden, NotFound, Refused
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.values import Frozen

Progress = Callable[[int, int, str], None]
"""Says how far a job has come: so much done, of so much in all, and what it is doing, in words."""


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    GIVEN_UP = "given_up"


JOB_STATES: Mapping[JobState, str] = {
    JobState.WAITING: "en attente",
    JobState.RUNNING: "en cours",
    JobState.DONE: "fini",
    JobState.FAILED: "échoué",
    JobState.INTERRUPTED: "interrompu",
    JobState.GIVEN_UP: "abandonné",
}
"""In words."""

LIVE = frozenset({JobState.WAITING, JobState.RUNNING})
"""Those of a job that something may still come of."""


class UnknownJob(NotFound):
    """Jobs are kept for some days after their end."""

    code = "job.unknown"
    fr = "Il n'y a pas, ou plus, de travail « {job} » : ceux qui sont finis ne sont pas gardés."
    en = "There is no job “{job}”, or no longer: those that ended are not kept."


class UnknownJobKind(NotFound):
    """Jobs are of some kinds only."""

    code = "job.unknown_kind"
    fr = "Il n'y a pas de travail de la sorte « {kind} »."
    en = "There is no job of the kind “{kind}”."


class JobOfAnother(Forbidden):
    """A job is followed by who asked for it, and by who keeps the machine."""

    code = "job.of_another"
    fr = (
        "Ce travail est celui de quelqu'un d'autre : qui l'a demandé le suit, avec {roles} ; son "
        "résultat n'est que pour qui l'a demandé."
    )
    en = (
        "This job is somebody else's: whoever asked for it follows it, with {roles}; its result is "
        "for whoever asked only."
    )


class JobNotForRole(Forbidden):
    """Each kind of job is asked for in some roles."""

    code = "job.not_for_role"
    fr = "« {kind} » ne se demande qu'en qualité de : {roles}."
    en = "“{kind}” is asked for in one of these roles only: {roles}."


class JobNotWaiting(Conflict):
    """A job is begun once."""

    code = "job.not_waiting"
    fr = "Ce travail n'attend plus d'être commencé : il est « {state} »."
    en = "This job does not wait to be begun any more: it is “{state}”."


class JobOver(Refused):
    """What has ended is not given up."""

    code = "job.over"
    fr = "Ce travail n'est plus à abandonner : il est « {state} »."
    en = "This job cannot be given up any more: it is “{state}”."


class NoJobResult(NotFound):
    """Only a job that ended well has a file to take away."""

    code = "job.no_result"
    fr = "Ce travail n'a pas de fichier à emporter, ou ne l'a plus : demandez-le de nouveau."
    en = "This job has no file to take away, or no longer has it: ask for it again."


class JobResult(Frozen):
    """What came of a job: some facts to read, perhaps a file to take away."""

    says: tuple[tuple[str, str], ...] = ()
    """Facts, each under its name."""
    holds: bool = True
    """Whether what was verified is as it should be."""
    file: str = ""
    """The name of the file in the folder of the job."""
    media: str = "application/octet-stream"
    page: str = ""
    """The page of this registry on which more of it is read."""


class Job(Frozen):
    """A job as it stands."""

    id: UUID
    kind: str
    account: AccountId
    role: Role
    mandate: MandateId | None
    inputs: str
    """What it was asked with, as JSON."""
    state: JobState
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    done: int
    total: int
    doing: str
    """What it is doing, in words; of one that failed, why, in a sentence."""
    result: JobResult | None

    @property
    def by(self) -> By:
        """Who asked for it, and in which role."""
        return By(actor=self.account, role=self.role, on_behalf_of=self.mandate)

    @property
    def is_live(self) -> bool:
        """Whether something may still come of it."""
        return self.state in LIVE

    @property
    def state_words(self) -> str:
        return JOB_STATES[self.state]

    @property
    def percent(self) -> int | None:
        """How far it has come; unknown, until it has said how much there is."""
        return 100 * self.done // self.total if self.total else None
