"""What waits beside the journeys: the things for which an act of somebody is wanting."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from application.awaited import THINGS, Awaited, Pending, Thing
from application.inbox import Holder, InboxLine, WaitLine, relations_of
from application.listing import Listing
from application.register import PoleLine
from application.world import Moment, World
from domain.pole import ENDED, Pole
from domain.territory import parts

Lines = Callable[[Listing[Any], Awaited[Any]], Iterable[Any]]
"""What gives the lines of a list that may wait, by what their declaration says of them."""


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
) -> list[InboxLine]:
    """The things that wait for somebody, in the order in which they are declared.

    Args:
        lines: where the lines of lists come from.
        poles: those of which things may wait; of another pole, none is shown.
        holder: who is asked about; whoever they wait for, where it is `None`.
        region: where the things are that are about no pole; anywhere, unless said.
        kind: the one kind of thing that is asked about, by its name.
        as_operator: whether what is not public is told too.
    """
    by_id = {pole.id: pole for pole in poles}
    found = []
    for thing in THINGS.values():
        if kind is not None and thing.name != kind:
            continue
        of_thing: dict[str, list[Any]] = {}
        for awaited in thing.awaits:
            if holder and not holder.may_hold(awaited.by):
                continue
            if not awaited.is_public and not as_operator:
                continue
            for line in _asked(world, lines, thing, awaited, moment, of_thing):
                told = _told(world, thing, awaited, line, by_id, moment, holder, region)
                if told:
                    found.append(told)
    return found


def _asked(
    world: World,
    lines: Lines,
    thing: Thing,
    awaited: Awaited[Any],
    moment: Moment,
    asked: dict[str, list[Any]],
) -> Iterable[Any]:
    """The lines that may wait; those of a list are asked for once, whatever they wait for."""
    if awaited.ask:
        return awaited.ask(world, moment)
    same = repr((awaited.where, awaited.within))
    if same not in asked:
        asked[same] = list(lines(thing.listed, awaited))
    return asked[same]


def _told(
    world: World,
    thing: Thing,
    awaited: Awaited[Any],
    line: Any,
    poles: Mapping[UUID, PoleLine],
    moment: Moment,
    holder: Holder | None,
    region: str | None,
) -> InboxLine | None:
    """A line in words, if it waits for who is asked about."""
    pole = poles.get(line.pole) if line.pole else None
    if line.pole and (pole is None or (_ends(thing) and pole.stage == ENDED)):
        return None
    pending = awaited.pending(world, line, moment)
    if pending is None or pending.since > moment.in_force:
        return None
    if pole is None and region and region not in parts(pending.region):
        return None
    by = pending.by or awaited.by
    if holder and not _concerns(world, holder, pending, by, pole, moment):
        return None
    return _line(thing, awaited, line, pole, pending, by, moment)


def _ends(thing: Thing) -> bool:
    """Whether nothing of the kind holds any more once its pole has ended."""
    return thing.listed is not None and thing.listed.ends_with_pole


def _concerns(
    world: World,
    holder: Holder,
    pending: Pending,
    by: tuple[str, ...],
    pole: PoleLine | None,
    moment: Moment,
) -> bool:
    case = world.load(Pole, pole.id, moment.known) if pole and holder.account else None
    region = pole.region if pole else pending.region
    return holder.may_do(pending, by, relations_of(case, moment.in_force, region))


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
