"""A desk with the journeys of calls, and a plainly fictitious call on the way to its opening."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from application.call import MoveCall, PlanCall
from application.call_specification import SpecifyCall
from application.call_wave import SetWave
from application.committee import ConstituteCommittee, MakePublic
from domain.call import CallId
from domain.call_terms import CallKind, Route
from domain.committee import CommitteeId, CommitteeSeat
from domain.minute import Minute
from tests.application.desk import Desk, desk

SEATS = (
    CommitteeSeat(id="ess", title="Ministère d'essai", chair=True),
    CommitteeSeat(id="cdc", title="Caisse d'essai"),
)
OPENS, CLOSES = Minute("2024-06-01T09:00"), Minute("2024-06-05T12:00")


@contextmanager
def call_desk(folder: Path) -> Iterator[Desk]:
    """A desk whose registry has published the journeys of poles and of calls."""
    with desk(folder, also=set(CallKind)) as made:
        yield made


def plan(at: Desk, kind: CallKind = CallKind.DECREE, code: str = "essai-2024") -> CallId:
    """A call that is planned, and nothing else."""
    planned = PlanCall(
        code=code, title="Appel d'essai", call_kind=kind, authority="Ministère d'essai"
    )
    return CallId(at.do(planned, "2024-05-01"))


def set_wave(at: Desk, call: CallId, wave: str = "v1", **dates: Any) -> None:
    given = dates or {"opens_at": OPENS, "closes_at": CLOSES}
    at.do(SetWave(call=call, wave=wave, **given), "2024-05-02")


def specify(at: Desk, call: CallId, *routes: Route) -> None:
    told = SpecifyCall(
        call=call, title="Cahier d'essai", address="https://exemple.test", routes=routes
    )
    at.do(told, "2024-05-02")


def constitute(at: Desk, call: CallId, *, public: bool = True) -> CommitteeId:
    committee = CommitteeId(at.do(ConstituteCommittee(call=call, seats=SEATS), "2024-05-03"))
    if public:
        at.do(MakePublic(committee=committee, reference="arrêté d'essai"), "2024-05-04")
    return committee


def opened(at: Desk, kind: CallKind = CallKind.DECREE) -> CallId:
    """A call that is open since 1 June 2024 at nine, until 5 June at noon."""
    call = plan(at, kind)
    set_wave(at, call)
    specify(at, call, Route.SERVER)
    constitute(at, call)
    at.do(MoveCall(call=call, transition="open"), "2024-06-01")
    return call
