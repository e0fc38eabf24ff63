"""How far a campaign has come: who answered, who has not and who was reminded, by region."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from application.campaign import NoSuchCampaign
from application.world import Moment, World
from domain.campaign import Campaign, CampaignAnswer, campaign_of
from domain.spelling import plain
from domain.territory import parts
from domain.values import Frozen


class RequestCount(Frozen):
    """How many poles of the same places have the same answer."""

    region: str | None
    answer: CampaignAnswer
    is_reminded: bool
    has_ended: bool
    number: int


class RegionProgress(Frozen):
    """How far a campaign has come in a region; of poles in no known one, it has no name."""

    region: str | None
    asked: int = 0
    confirmed: int = 0
    updated: int = 0
    awaited: int = 0
    reminded: int = 0
    ended: int = 0
    """Of those who have not answered, how many poles have ended: nothing is awaited of them."""

    @property
    def answered(self) -> int:
        return self.confirmed + self.updated


class CampaignProgress(Frozen):
    """A campaign, and how far it has come."""

    year: int
    question: str
    opened: date
    due: date
    closed: date | None
    is_late: bool
    """Whether answers were due by the day asked about, and are still received."""
    total: RegionProgress
    regions: tuple[RegionProgress, ...]


class UnansweredLine(Frozen):
    """A pole that was asked and has not answered."""

    pole: UUID
    code: str
    name: str
    region: str | None
    sent_on: str
    reminders: int


def campaign_progress(
    world: World, year: int, counts: Iterable[RequestCount], moment: Moment
) -> CampaignProgress:
    """A campaign as it stood on a day; one that was not open by then is refused."""
    day = moment.in_force
    campaign = world.load(Campaign, campaign_of(year), moment.known)
    if campaign is None or campaign.start > day:
        raise NoSuchCampaign(year=year)
    told = [*counts]
    closed = campaign.end if campaign.end and campaign.end <= day else None
    return CampaignProgress(
        year=campaign.year,
        question=campaign.question,
        opened=campaign.start,
        due=campaign.due,
        closed=closed,
        is_late=campaign.due < day and closed is None,
        total=_sum(None, told),
        regions=tuple(_regions(told)),
    )


def _regions(counts: Iterable[RequestCount]) -> Iterator[RegionProgress]:
    """Each region by name, then what is in no known one; a pole of two regions is in both."""
    found: dict[str, list[RequestCount]] = defaultdict(list)
    for count in counts:
        for region in parts(count.region) or ("",):
            found[region].append(count)
    for region in sorted(found, key=lambda name: (not name, plain(name))):
        yield _sum(region or None, found[region])


def _sum(region: str | None, counts: Iterable[RequestCount]) -> RegionProgress:
    told = [*counts]

    def number(*answers: CampaignAnswer, ended: bool | None = None) -> int:
        kept = (one for one in told if one.answer in answers and ended in (None, one.has_ended))
        return sum(one.number for one in kept)

    return RegionProgress(
        region=region,
        asked=sum(one.number for one in told),
        confirmed=number(CampaignAnswer.CONFIRMED),
        updated=number(CampaignAnswer.UPDATED),
        awaited=number(CampaignAnswer.AWAITED, ended=False),
        ended=number(CampaignAnswer.AWAITED, ended=True),
        reminded=sum(one.number for one in told if one.is_reminded),
    )
