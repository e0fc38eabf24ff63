"""The poles that sources name as laureates of a call, phase by phase."""

import re
from collections.abc import Iterator
from uuid import UUID

from application.world import Moment, World
from domain.call import Call
from domain.dates import PartialDate
from domain.pole import Pole
from domain.provenance import Confidence
from domain.recognition import Recognition
from domain.values import Frozen


class Laureate(Frozen):
    """A pole that sources name as a laureate, and those sources."""

    pole: UUID
    pole_code: str
    pole_name: str
    code: str
    """The code of the recognition that says so."""
    phase: int | None
    """Of which phase of the call, where its code says so."""
    also: tuple[int, ...]
    """The other phases of which the same pole is named as a laureate."""
    occurred_on: PartialDate
    source: str | None
    confidence: Confidence | None


def laureates_by_phase(world: World, call: Call, moment: Moment) -> tuple[Laureate, ...]:
    """Laureates, those of one phase next to one another: each once, with its other phases."""
    once = {(line.phase or 0, line.pole): line for line in _named(world, call, moment)}
    phases: dict[UUID, list[int]] = {}
    for phase, pole in sorted(once):
        phases.setdefault(pole, []).append(phase)
    lines = sorted(once.items(), key=lambda one: one[0][0])  # in their order within a phase
    return tuple(
        line.model_copy(update={"also": tuple(p for p in phases[pole] if p and p != phase)})
        for (phase, pole), line in lines
    )


def _named(world: World, call: Call, moment: Moment) -> Iterator[Laureate]:
    """The poles that sources name as laureates of a call: those recognised under its code.

    `ami_2021_phase2` is a code of `ami-2021`. No application of theirs is made up.
    """
    code = call.code.replace("-", "_")
    for recorded in world.told(Recognition.Issued, until=moment.known):
        event = recorded.event
        if not isinstance(event, Recognition.Issued) or recorded.in_force_from > moment.in_force:
            continue
        if event.code != code and not event.code.startswith(f"{code}_"):
            continue
        pole = world.load(Pole, event.pole, moment.known)
        if pole:
            yield Laureate(
                pole=pole.id,
                pole_code=pole.code,
                pole_name=pole.name_on(moment.in_force),
                code=event.code,
                phase=_phase(event.code),
                also=(),
                occurred_on=event.occurred_on,
                source=event.meta.source,
                confidence=event.meta.confidence,
            )


def _phase(code: str) -> int | None:
    """The phase that a code of a recognition ends with, as in `ami_2021_phase2`."""
    found = re.search(r"_phase(\d+)$", code)
    return int(found[1]) if found else None
