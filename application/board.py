"""The portfolio: each pole as a card, with what it lacks first, its dates, and who follows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from application.campaign_list import UpdateRequestListed
from application.case import CONCEPTS
from application.deadline import awaited, deadlines_in_words
from application.inbox import standings
from application.listing import LISTINGS
from application.register import PoleLine
from application.stall import Exit, nearest, onward
from application.wording import capital, uncapital
from application.world import Moment, World, reading
from domain.campaign import Campaign, campaign_of
from domain.dates import PartialDate
from domain.pole import ENDED
from domain.rulebook import RULEBOOK, Rulebook
from domain.values import Frozen

DATED = ("follow_up", "commitment", "dossier", "evaluation")
"""The cases of a pole whose deadlines stand on its card, beside its own."""


class BoardDate(Frozen):
    """A day by which something of a pole is expected."""

    title: str
    of: str
    """Of what it is the date, in words; empty where it is of the pole itself."""
    due: date
    late: bool
    address: str


class BoardCard(Frozen):
    """A pole as the portfolio shows it."""

    pole: PoleLine
    days: int | None
    """Since it entered its stage; from the first day that it may have been, where that is not
    known exactly. Nothing where nothing of that day is known."""
    is_exact: bool
    dates: tuple[BoardDate, ...]
    """Those that passed, the oldest first, then those to come."""
    step: Exit | None
    """The nearest way on."""
    followed_by: str | None
    """The organisation that follows it."""
    is_contested: bool
    """Whether somebody contests what is said of it, and nobody has answered."""

    @property
    def next_date(self) -> BoardDate | None:
        """The first day that has not passed."""
        return next((told for told in self.dates if not told.late), None)

    @property
    def late(self) -> tuple[BoardDate, ...]:
        """The days that have passed."""
        return tuple(told for told in self.dates if told.late)


CaseOfPole = tuple[str, Any]
"""A line of a list of cases that is about a pole, with what it is a case of."""


def timed_stages(world: World, moment: Moment) -> set[tuple[str, str]]:
    """The versions of journeys, each with a stage in which time does something."""
    rulebook = world.load(Rulebook, RULEBOOK, moment.known)
    found = awaited(rulebook) if rulebook else {}
    return {(ref, stage) for ref, stages in found.items() for stage in stages}


def cards(
    poles: Iterable[PoleLine],
    moment: Moment,
    *,
    dates: Mapping[UUID, list[BoardDate]],
    steps: Mapping[UUID, Exit | None],
    followed: Mapping[UUID | None, str],
    contested: Iterable[UUID | None],
) -> list[BoardCard]:
    """Some poles as cards, in their order.

    Args:
        dates: those of their cases and campaigns, by pole.
        steps: the next step of each.
        followed: the organisation that follows each, where there is one.
        contested: those of which something is contested.
    """
    lines = [*poles]
    disputed = set(contested)
    return [
        BoardCard(
            pole=line,
            **_waited(line, moment.in_force),
            dates=tuple(sorted(dates.get(line.id, ()), key=lambda told: told.due)),
            step=steps.get(line.id),
            followed_by=followed.get(line.id),
            is_contested=line.id in disputed,
        )
        for line in lines
    ]


def next_steps(world: World, poles: Iterable[PoleLine], moment: Moment) -> dict[UUID, Exit | None]:
    """The way on that lacks least of the main journey of each pole."""
    return {
        standing.case.id: nearest(standing.stay.value, onward(standing))
        for standing in standings(world, poles, moment)
        if standing.track is standing.case.main
    }


def _waited(line: PoleLine, day: date) -> dict[str, int | bool | None]:
    entered = PartialDate(line.occurred_on)
    since = entered.first_day
    days = (day - since).days if since else None
    return {"days": days, "is_exact": entered.precision == "day"}


def dates_of(
    world: World,
    poles: Iterable[PoleLine],
    cases: Iterable[CaseOfPole],
    requests: Iterable[UpdateRequestListed],
    moment: Moment,
) -> dict[UUID, list[BoardDate]]:
    """The days by which something is expected of poles, or of their cases, by pole.

    Args:
        cases: those that stand where deadlines run.
        requests: what the poles were asked in campaigns, and have not answered.
    """
    found: dict[UUID, list[BoardDate]] = defaultdict(list)
    timed = timed_stages(world, moment)
    for line in poles:
        if line.stage != ENDED and (line.journey, line.stage) in timed:
            found[line.id] += _deadlines(world, "pole", line.id, "", f"/poles/{line.code}", moment)
    for concept, case in cases:
        found[case.pole] += _of_case(world, concept, case, moment)
    for request in requests:
        told = _of_campaign(world, request, moment)
        if told and request.pole:
            found[request.pole].append(told)
    return found


def _of_case(world: World, concept: str, line: Any, moment: Moment) -> Iterator[BoardDate]:
    listed = LISTINGS[concept]
    called = getattr(line, listed.called) if listed.called else uncapital(listed.thing)
    address = f"{listed.detail[1]}{line.id}" if listed.detail else listed.path
    return _deadlines(world, concept, line.id, capital(called), address, moment)


def _deadlines(
    world: World, concept: str, id_: UUID, of: str, address: str, moment: Moment
) -> Iterator[BoardDate]:
    case = world.load(CONCEPTS[concept], id_, moment.known)
    if case is None or case.state_on(moment.in_force) is None:
        return
    for line in deadlines_in_words(case, moment.in_force, world.compiled, reading(world, moment)):
        if line.due:
            late = line.due < moment.in_force
            yield BoardDate(title=line.title, of=of, due=line.due, late=late, address=address)


def running_campaign(world: World, year: str, moment: Moment) -> Campaign | None:
    """The campaign of a year, while it runs."""
    campaign = world.load(Campaign, campaign_of(int(year)), moment.known)
    day = moment.in_force
    if campaign is None or campaign.start > day or (campaign.end and campaign.end <= day):
        return None
    return campaign


def _of_campaign(world: World, line: UpdateRequestListed, moment: Moment) -> BoardDate | None:
    campaign = running_campaign(world, line.campaign, moment)
    if campaign is None:
        return None
    return BoardDate(
        title="Réponse à la campagne de mise à jour",
        of=line.campaign,
        due=campaign.due,
        late=campaign.due < moment.in_force,
        address=f"/campagnes/{line.campaign}",
    )
