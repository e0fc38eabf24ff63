"""Witnesses: others who cosign what this log signs, once they have seen that it only grew.

Each is asked apart from the others and for a few seconds at most; whatever it answers, or does
not, the log is signed. What it answers against the log is kept, with what it was asked.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from time import monotonic

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from domain.checkpoint import Checkpoint
from domain.witness import WitnessState
from infrastructure.log_folder import KeysDamaged
from infrastructure.log_signer import LogSigner
from infrastructure.operator_policy import OperatorPolicy
from infrastructure.signatures import signed_by
from infrastructure.witness_asker import WitnessAsker, WitnessOutcome

AGAIN = 60.0
"""Seconds after which a server asks a witness again that did not cosign."""

LIST = "witnesses.json"


class WitnessSeen(BaseModel):
    """A witness, and what came of asking it last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """In the policy."""
    key: str
    url: str | None
    state: WitnessState = WitnessState.NOT_ASKED
    size: int = 0
    """The largest that it cosigned."""
    cosigned_at: datetime | None = None
    asked_at: datetime | None = None
    detail: str = ""
    evidence: str | None = None
    """Where what it was asked and what it answered are kept, among the signatures."""


_LIST = TypeAdapter(list[WitnessSeen])


class Witnesses:
    """The witnesses that the policy of the operator names."""

    def __init__(
        self,
        signer: LogSigner,
        policy: OperatorPolicy,
        clock: Callable[[], datetime],
    ) -> None:
        self._signer = signer
        self._asker = WitnessAsker(signer)
        self._policy = policy
        self._clock = clock
        self._asked: dict[str, float] = {}
        self._one_at_a_time = Lock()

    def seen(self) -> list[WitnessSeen]:
        """Each of them, in the order of the policy, and what came of asking it last."""
        policy = self._policy.read()
        kept = {one.key: one for one in self._kept()}
        of = policy.witnesses.items() if policy else ()
        fresh = [WitnessSeen(name=n, key=str(w.key), url=w.url) for n, w in of]
        return [
            kept[new.key].model_copy(update={"name": new.name, "url": new.url})
            if new.key in kept
            else new
            for new in fresh
        ]

    def ask(self, *, at_once: bool = True, again: bool = False) -> list[WitnessSeen]:
        """Ask those that have not cosigned the last note; keep what they answer.

        Args:
            at_once: also those that were asked a short while ago.
            again: also those that cosigned it, who may have seen more since.
        """
        with self._one_at_a_time:
            return self._ask(at_once=at_once, again=again)

    def _ask(self, *, at_once: bool, again: bool) -> list[WitnessSeen]:
        note, policy = self._signer.latest(), self._policy.read()
        if note is None or policy is None:
            return self.seen()
        known = {one.name: one for one in self.seen()}
        wanted = [
            name
            for name, witness in policy.witnesses.items()
            if witness.url
            and (again or signed_by(witness.key, note) is None)
            and (at_once or monotonic() - self._asked.get(name, -AGAIN) >= AGAIN)
        ]

        def one(name: str) -> WitnessOutcome:
            return self._asker.ask(policy.witnesses[name], note, known[name].size)

        with ThreadPoolExecutor(max(1, len(wanted))) as pool:
            outcomes = dict(zip(wanted, pool.map(one, wanted), strict=True))
        for name, outcome in outcomes.items():
            self._asked[name] = monotonic() if not outcome.lines else -AGAIN
        lines = [line for outcome in outcomes.values() for line in outcome.lines]
        self._signer.cosigned(note, lines, self._policy.is_enough)
        now, size = self._clock(), Checkpoint.read(note.text).size
        self._keep(_told(known[name], outcomes[name], size, now) for name in wanted)
        return self.seen()

    # The folder.

    def _kept(self) -> list[WitnessSeen]:
        try:
            return _LIST.validate_json((self._signer.folder.here / LIST).read_bytes())
        except FileNotFoundError:
            return []
        except ValidationError:
            raise KeysDamaged(file=LIST) from None

    def _keep(self, told: Iterable[WitnessSeen]) -> None:
        new = {one.key: one for one in told}
        if new:
            with self._signer.folder.alone():
                whole = {one.key: one for one in self._kept()} | new
                self._signer.folder.write(LIST, _LIST.dump_json(list(whole.values()), indent=1))


def _told(before: WitnessSeen, outcome: WitnessOutcome, size: int, now: datetime) -> WitnessSeen:
    more = {"size": size, "cosigned_at": now} if outcome.lines else {}
    said = {"state": outcome.state, "detail": outcome.detail, "asked_at": now}
    return before.model_copy(update={**said, "evidence": outcome.evidence, **more})
