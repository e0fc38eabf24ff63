"""What waits beside the journeys: the things for which an act of somebody is wanting."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from application.awaited import THINGS, Awaited, Pending, Thing
from application.inbox import Holder, InboxLine, WaitLine, relations_of
from application.kept import KeptAnswers
from application.listing import Listing
from application.register import PoleLine
from application.world import Moment, World
from domain.pole import ENDED, Pole
from domain.territory import parts


class Lines(Protocol):
    """What gives the lines of lists that may wait."""

    def lines(self, listed: Listing[Any], awaited: Awaited[Any]) -> Iterable[Any]:
        """Those of a list, by what their declaration says of them."""

    def topics(self, listed: Listing[Any]) -> Collection[str]:
        """Those of the events that a list tells."""


def beside(
    world: World,
    lines: Lines,
    poles: Iterable[PoleLine],
    moment: Moment,
    *,
    holder: Holder | None,
    region: str | None = None,
    kind: str | None = None,
    as_operator: bool = False,
    kept: KeptAnswers | None = None,
) -> list[InboxLine]:
    """The things that wait for somebody, in the order in which they are declared.

    Args:
        lines: where the lines of lists come from.
        poles: those of which things may wait; of another pole, none is shown.
        holder: who is asked about; whoever they wait for, where it is `None`.
        region: where the things are that are about no pole; anywhere, unless said.
        kind: the one kind of thing that is asked about, by its name.
        as_operator: whether what is not public is told too.
        kept: what was answered before of that day, and holds still.
    """
    by_id = {pole.id: pole for pole in poles}
    kept = kept or KeptAnswers.of(moment, world.clock())
    found = []
    for thing in THINGS.values():
        if kind is not None and thing.name != kind:
            continue
        for awaited in thing.awaits:
            if holder and not holder.may_hold(awaited.by):
                continue
            if not awaited.is_public and not as_operator:
                continue
            for line in _asked(world, lines, thing, awaited, moment, kept):
                pole = by_id.get(line.pole) if line.pole else None
                if line.pole and (pole is None or (_ends(thing) and pole.stage == ENDED)):
                    continue
                key = (thing.name, awaited.id, line.id)
                told = partial(_told, thing, awaited, line, pole, moment)
                waiting = kept.ask(world, key, (line, pole), told)
                if waiting and _is_asked_about(waiting, holder, region):
                    found.append(waiting.line)
    return found


@dataclass(frozen=True, slots=True)
class WaitingBeside:
    """A thing that waits, whoever it waits for."""

    line: InboxLine
    pending: Pending
    by: tuple[str, ...]
    relations: Collection[str]
    """What a role may be held about, to be one about it."""


def _is_asked_about(waiting: WaitingBeside, holder: Holder | None, region: str | None) -> bool:
    """Whether it is where it is asked about, and waits for who is."""
    if waiting.line.pole is None and region and region not in parts(waiting.pending.region):
        return False
    return holder is None or holder.may_do(waiting.pending, waiting.by, waiting.relations)


def _asked(
    world: World,
    lines: Lines,
    thing: Thing,
    awaited: Awaited[Any],
    moment: Moment,
    kept: KeptAnswers,
) -> Iterable[Any]:
    """The lines that may wait; the same of a list are asked for once, whatever they wait for."""
    if ask := awaited.ask:
        key = (thing.name, awaited.id)
        return kept.ask(world, key, None, lambda noting: [*ask(noting, moment)])
    key = (thing.name, repr((awaited.where, awaited.within)))
    topics = lines.topics(thing.listed)
    return kept.ask(world, key, None, lambda _: [*lines.lines(thing.listed, awaited)], topics)


def _told(
    thing: Thing,
    awaited: Awaited[Any],
    line: Any,
    pole: PoleLine | None,
    moment: Moment,
    world: World,
) -> WaitingBeside | None:
    """A line in words, if it waits for anybody."""
    pending = awaited.pending(world, line, moment)
    if pending is None or pending.since > moment.in_force:
        return None
    by = pending.by or awaited.by
    case = world.load(Pole, pole.id, moment.known) if pole else None
    region = pole.region if pole else pending.region
    relations = relations_of(case, moment.in_force, region)
    told = _line(thing, awaited, line, pole, pending, by, moment)
    return WaitingBeside(told, pending, by, relations)


def _ends(thing: Thing) -> bool:
    """Whether nothing of the kind holds any more once its pole has ended."""
    return thing.listed is not None and thing.listed.ends_with_pole


def _line(
    thing: Thing,
    awaited: Awaited[Any],
    line: Any,
    pole: PoleLine | None,
    pending: Pending,
    by: tuple[str, ...],
    moment: Moment,
) -> InboxLine:
    act = WaitLine(
        kind="act",
        id=f"{thing.name}.{awaited.id}",
        title=awaited.title,
        roles=by,
        status=None,
        missing_input=(),
        conditions=(),
        wanting=0,
        says=pending.says,
        command=awaited.command,
        given=dict(awaited.given(line)),
    )
    return InboxLine(
        id=line.id,
        concept=thing.name,
        concept_title=thing.title,
        code=pole.code if pole else "",
        name=pole.name if pole else thing.title,
        region=pole.region if pole else pending.region,
        department=pole.department if pole else None,
        journey="",
        journey_title="",
        stage=pole.stage if pole else "",
        stage_title=pole.stage_title if pole else "",
        occurred_on=pending.since.isoformat(),
        since=pending.since,
        days=(moment.in_force - pending.since).days,
        exact=True,
        pole=pole.id if pole else None,
        address=_address(thing, awaited, line, pole),
        waits=(act,),
    )


def _address(thing: Thing, awaited: Awaited[Any], line: Any, pole: PoleLine | None) -> str:
    """Where the thing is read: its own page, else its list, of its pole."""
    listed: Listing[Any] | None = thing.listed
    if awaited.page:
        return awaited.page(line)
    if listed and listed.detail and listed.detail[0] in type(line).model_fields:
        return f"{listed.detail[1]}{line.id}"
    of_pole = f"?pole={pole.code}" if pole else ""
    return f"{listed.path}{of_pole}" if listed else ""


def merged(cases: Iterable[InboxLine], things: Iterable[InboxLine]) -> Iterator[InboxLine]:
    """Both in one list, those that have waited longest first."""
    yield from sorted([*cases, *things], key=lambda line: (-line.days, line.code, line.concept))
